"""The screens beside the board's: library, model, settings, statistics, and the dialogs."""
