"""What a policy is worth: metrics, validation, evaluation, reports."""
