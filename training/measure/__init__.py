"""Measuring a policy: metrics, validation, evaluation, reports."""
