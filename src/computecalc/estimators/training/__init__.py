"""The training recipe."""

from computecalc.estimators.training.recipe import estimate_training

__all__ = ["estimate_training"]
