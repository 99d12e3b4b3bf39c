"""Deep puzzles: planted patterns that defeat trials, and pools bred from puzzles around them."""
