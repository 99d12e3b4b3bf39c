"""The game by typed commands and printed lines."""
