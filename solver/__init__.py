"""A neural Sudoku solver whose every answer is checked against the rules."""
