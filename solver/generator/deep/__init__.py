"""Deep puzzles: patterns that hide what trials find, and pools bred from puzzles around them."""
