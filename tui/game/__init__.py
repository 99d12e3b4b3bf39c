"""The game without a screen: positions, hints, storage, statistics, and the library's rows."""
