"""The unit of an axis, and the texts of its ticks."""

from __future__ import annotations

__all__ = ["axis_unit", "tick_text"]


def axis_unit(like: float, unit: str, target: str | None = None) -> tuple[float, str]:
    """Return what one of the unit that suits a value is in the coherent one, and what that unit is called."""
    if target is not None:
        # Imported here: it loads pint.
        from computecalc.units.registry import conversion_factor

        return conversion_factor(target, unit), target
    from computecalc.units.readable import rung_for

    rung = rung_for(unit, like, digits=4)
    return rung.factor, f"{rung.suffix} {rung.unit}".strip()


def tick_text(value: float) -> str:
    """Return a tick; its unit stands in the heading of the chart."""
    return f"{value:,.10g}" if abs(value) < 1e6 else f"{value:.3g}"
