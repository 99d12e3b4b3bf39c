"""The board and its rules: cells, units, grids, violations, levels and symmetries."""
