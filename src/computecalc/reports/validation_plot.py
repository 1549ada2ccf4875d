"""Predicted against measured speeds as a picture: SVG, the same bytes for the same numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from computecalc.checks.validation.outcomes import Outcome

__all__ = ["COLORS", "scatter_plot", "speed_plot"]

COLORS = {
    "dense 16-bit": "#0072b2",
    "dense 8-bit": "#e69f00",
    "dense 4-bit": "#cc79a7",
    "MoE": "#009e73",
    "fine-tuning": "#56b4e9",
    "time between tokens, dense": "#0072b2",
    "time between tokens, MoE": "#009e73",
    "time to first token, dense": "#0072b2",
    "time to first token, MoE": "#009e73",
    "memory": "#0072b2",
}
"""Colours that people with any colour vision can tell apart."""

_OTHER = "#666666"
_SIDE = 480.0
_LEFT, _TOP = 84.0, 20.0
_BAND = 1.25
"""Factor either way that the dashed lines mark."""


def speed_plot(outcomes: Sequence[Outcome]) -> str:
    """Return predicted over measured tokens a second of one accelerator, both logarithmic.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Those of training speeds that have a prediction; hollow circles are suspicious cases.
    """
    return scatter_plot(outcomes, "token/s of an accelerator")


def scatter_plot(outcomes: Sequence[Outcome], what: str) -> str:
    """Return predicted over measured figures, both logarithmic.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Cases of one quantity in one unit; hollow circles are suspicious cases.
    what : str
        The quantity with its unit, below the axis.
    """
    points = [
        (outcome, outcome.case.measured, outcome.predicted) for outcome in outcomes if outcome.predicted is not None
    ]
    if not points:
        return _document([_text(_LEFT, _TOP + 20, "nothing is predicted yet", "start")])
    ends = [value for _, *both in points for value in both]
    low, high = math.floor(math.log10(min(ends))), math.ceil(math.log10(max(ends)))
    scale = _SIDE / max(high - low, 1)

    def place(measured: float, predicted: float) -> tuple[float, float]:
        return _LEFT + (math.log10(measured) - low) * scale, _TOP + _SIDE - (math.log10(predicted) - low) * scale

    parts = _axes(low, high, scale, what)
    for factor, dash in ((1.0, ""), (_BAND, ' stroke-dasharray="4 4"'), (1.0 / _BAND, ' stroke-dasharray="4 4"')):
        # A line of slope one, cut where it would leave the square.
        shift = math.log10(factor)
        begin, end = low + max(0.0, -shift), high - max(0.0, shift)
        x1, y1 = place(10.0**begin, 10.0 ** (begin + shift))
        x2, y2 = place(10.0**end, 10.0 ** (end + shift))
        parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#999"{dash}/>')
    for group in sorted({outcome.group for outcome, *_ in points}):
        color = COLORS.get(group, _OTHER)
        parts.append(f'<g fill="{color}" stroke="{color}" fill-opacity="0.5">')
        parts += [
            _circle(outcome, *place(measured, predicted), predicted)
            for outcome, measured, predicted in points
            if outcome.group == group
        ]
        parts.append("</g>")
    return _document(parts + _legend(outcome.group for outcome, *_ in points))


def _circle(outcome: Outcome, x: float, y: float, predicted: float) -> str:
    hollow = ' fill="none"' if outcome.case.suspicious else ""
    title = escape(f"{outcome.case.id}: measured {outcome.case.measured:.4g}, predicted {predicted:.4g}")
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"{hollow}><title>{title}</title></circle>'


def _axes(low: int, high: int, scale: float, what: str) -> list[str]:
    square = f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#333"/>'
    parts = [square]
    for exponent in range(low, high + 1):
        offset = (exponent - low) * scale
        x, y = _LEFT + offset, _TOP + _SIDE - offset
        label = f"{10**exponent:,}" if exponent >= 0 else f"{10.0**exponent:g}"
        parts += [
            f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_TOP + _SIDE}" stroke="#eee"/>',
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _SIDE}" y2="{y:.1f}" stroke="#eee"/>',
            _text(x, _TOP + _SIDE + 18, label, "middle"),
            _text(_LEFT - 6, y + 4, label, "end"),
        ]
    middle = _TOP + _SIDE / 2
    return [
        *parts,
        _text(_LEFT + _SIDE / 2, _TOP + _SIDE + 40, f"measured {what}", "middle"),
        f'<g transform="rotate(-90 16 {middle:.1f})">{_text(16, middle, "predicted", "middle")}</g>',
    ]


def _legend(groups: Iterable[str]) -> list[str]:
    present = set(groups)
    parts = []
    for row, name in enumerate(name for name in COLORS if name in present):
        y = _TOP + 18 + 18 * row
        parts.append(f'<circle cx="{_LEFT + 16}" cy="{y}" r="4" fill="{COLORS[name]}"/>')
        parts.append(_text(_LEFT + 26, y + 4, name, "start"))
    return parts


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _document(parts: Sequence[str]) -> str:
    width, height = _LEFT + _SIDE + 40, _TOP + _SIDE + 55
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        'font-family="sans-serif" font-size="12">'
    )
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>"]) + "\n"
