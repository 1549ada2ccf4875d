"""Estimators: recipes that turn inputs into metrics by calling formulas, and nothing else."""
