"""The terminal interface; everything it shows comes from `solver`."""
