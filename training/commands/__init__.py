"""The commands: training, evaluation and the tools around them."""
