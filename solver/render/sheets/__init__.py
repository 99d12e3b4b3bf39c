"""Printable sheets of puzzles: laid out in millimetres, and drawn as PDF, SVG or HTML."""
