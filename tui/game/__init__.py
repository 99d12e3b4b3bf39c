"""The game without a screen: positions, hints, what is kept, statistics, and the library's rows."""
