"""The optimizers, the learning rate and the average of the weights."""
