"""The product broken on purpose: `python -m tools.attack`, or `make attack`."""
