"""Solutions as text, JSON, CSV, Markdown, SVG and HTML: pure functions that return text."""
