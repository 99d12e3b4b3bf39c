"""The finders: each gives the deductions of one technique on some pencil marks."""
