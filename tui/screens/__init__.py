"""What fills the terminal: play, library, model, and the dialogs over them."""
