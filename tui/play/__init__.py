"""The board's screen, and the controllers that carry out its actions."""
