"""Training the policy: data, network, loop, measurements."""
