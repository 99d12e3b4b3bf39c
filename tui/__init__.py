"""The terminal interface: watch the policy solve, solve by hand, see where it is unsure."""
