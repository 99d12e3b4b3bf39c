"""Generated puzzles, tables to write them to, and the library of shipped puzzles."""
