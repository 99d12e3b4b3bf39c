"""Training of the policy: model, data, loop, metrics."""
