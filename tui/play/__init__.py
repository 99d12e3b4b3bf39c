"""The board's screen, and the controllers that do what can be done on it."""
