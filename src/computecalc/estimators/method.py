"""How the ranges of an estimate are found."""

from __future__ import annotations

from typing import Literal

from computecalc.records import record

__all__ = ["Method", "MethodName"]

MethodName = Literal["corners", "mc", "off"]


@record
class Method:
    """Corners alone, corners and Monte Carlo samples, or the middle alone."""

    name: MethodName = "corners"
    samples: int = 0
    """Samples of ``mc``; so are the next two."""
    seed: int = 0
    distribution: str = ""
