"""The network, its loss over a window of passes, and its compiled pass."""
