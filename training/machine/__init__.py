"""The device, its memory and the other processes of a run."""
