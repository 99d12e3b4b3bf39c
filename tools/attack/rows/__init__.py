"""The rows of attacks, a module each: a function that names the attempts, and these."""
