"""What a run may be told: recipes, by name and as TOML."""
