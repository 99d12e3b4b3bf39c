"""The game as prompts and lines."""
