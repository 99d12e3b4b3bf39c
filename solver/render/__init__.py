"""Solutions for readers: text, JSON, CSV, Markdown, SVG and HTML, each a pure function to text."""
