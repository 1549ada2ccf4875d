"""Parameters of catalog models, for commands that compare or check them."""

from __future__ import annotations

from computecalc.catalog.entries import ModelEntry
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import model_shape, shape_numbers

__all__ = ["model_counts"]


def model_counts(model: ModelEntry) -> tuple[float, float]:
    """Return all and active parameters, counted from the architecture where there is one.

    Raises
    ------
    CatalogError
        When the model has neither an architecture nor parameter counts.
    """
    if model.architecture is None:
        return model.fact("parameters").value.mid, model.fact("active_parameters").value.mid
    numbers = shape_numbers(model.architecture)
    counted = count_model(model_shape(model.architecture, numbers.__getitem__), 1.0)
    return float(counted.parameters), float(counted.active)
