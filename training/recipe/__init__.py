"""The settings of a run: recipes, by name and as TOML."""
