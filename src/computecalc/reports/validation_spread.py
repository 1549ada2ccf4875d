"""How far predictions lie from what was measured, by class, as a picture: SVG, the same bytes for the same numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from computecalc.checks.validation.outcomes import Outcome
from computecalc.checks.validation.statistics import quantile

__all__ = ["FITTED", "UNSEEN", "spread_plot"]

FITTED = "#56b4e9"
"""Colour of predictions by constants that were fitted on the cases."""

UNSEEN = "#d55e00"
"""Colour of predictions by constants that did not see them."""

_ENDS = 4.0
"""Ratio either way at which the axis ends."""

_TICKS = (0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0)
_LEFT, _TOP, _WIDTH, _ROW = 250.0, 44.0, 460.0, 40.0
_FEWEST = 5
"""Cases of a class from which on its quantiles say something."""


def spread_plot(fitted: Sequence[Outcome], unseen: Sequence[Outcome]) -> str:
    """Return predicted over measured by class: a line from the 10th to the 90th percentile, a box over the middle half.

    Parameters
    ----------
    fitted : sequence of Outcome
        All cases; suspicious ones and those without a prediction are left out, and so are classes of fewer than five.
    unseen : sequence of Outcome
        The same cases with predictions by constants that did not see them, as far as there are any.
    """
    below = _ratios(unseen)
    rows = {name: ratios for name, ratios in _ratios(fitted).items() if len(ratios) >= _FEWEST}
    height = _TOP + _ROW * len(rows)
    parts = _axis(height)
    for number, (name, ratios) in enumerate(sorted(rows.items())):
        middle = _TOP + _ROW * (number + 0.5)
        parts.append(_text(_LEFT - 10, middle + 4, f"{name} ({len(ratios):,})", "end"))
        parts += _box(ratios, middle - 7, FITTED)
        if len(below.get(name, ())) >= _FEWEST:
            parts += _box(below[name], middle + 7, UNSEEN)
    legend = (("as fitted", FITTED, _LEFT), ("model on that accelerator left out", UNSEEN, _LEFT + 110))
    for words, color, x in legend:
        parts.append(f'<rect x="{x:.1f}" y="12" width="12" height="10" fill="{color}"/>')
        parts.append(_text(x + 18, 21, words, "start"))
    parts.append(_text(_LEFT + _WIDTH / 2, height + 38, "predicted over measured", "middle"))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 30:.0f} {height + 50:.0f}" '
        'font-family="sans-serif" font-size="12">'
    )
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>"]) + "\n"


def _ratios(outcomes: Iterable[Outcome]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for outcome in outcomes:
        if outcome.error is not None and not outcome.case.suspicious:
            found.setdefault(outcome.group, []).append(1.0 + outcome.error)
    return found


def _place(ratio: float) -> float:
    share = math.log(min(max(ratio, 1.0 / _ENDS), _ENDS)) / math.log(_ENDS)
    return _LEFT + _WIDTH * (share + 1.0) / 2.0


def _axis(height: float) -> list[str]:
    parts = []
    for tick in _TICKS:
        x, color = _place(tick), "#333" if tick == 1.0 else "#ddd"
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{height:.1f}" stroke="{color}"/>')
        parts.append(_text(x, height + 18, f"{tick:g}", "middle"))
    return parts


def _box(ratios: Sequence[float], y: float, color: str) -> list[str]:
    tenth, first, middle, third, ninetieth = (_place(quantile(ratios, share)) for share in (0.1, 0.25, 0.5, 0.75, 0.9))
    return [
        f'<line x1="{tenth:.1f}" y1="{y:.1f}" x2="{ninetieth:.1f}" y2="{y:.1f}" stroke="{color}" stroke-width="2"/>',
        f'<rect x="{first:.1f}" y="{y - 5:.1f}" width="{third - first:.1f}" height="10" fill="{color}"/>',
        f'<line x1="{middle:.1f}" y1="{y - 6:.1f}" x2="{middle:.1f}" y2="{y + 6:.1f}" stroke="#000" stroke-width="2"/>',
    ]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
