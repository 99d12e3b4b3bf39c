"""The board and its rules: cells, units, grids, what is wrong with one, levels and symmetries."""
