"""computecalc: what AI compute takes, in time, memory, energy, carbon and money, with a source for every number."""

from __future__ import annotations

TYPE_CHECKING = False
"""What type checkers take for true; importing it from typing would cost more than the rest of this file."""

if TYPE_CHECKING:
    from typing import Any

    from computecalc.api.checking import check
    from computecalc.api.estimating import estimate, estimate_all
    from computecalc.api.found import Option, Options
    from computecalc.api.judged import Lever, Verdict, Verdicts
    from computecalc.api.optimizing import optimize
    from computecalc.api.results import Estimate, Estimates
    from computecalc.api.values import Input, Swing, Value
    from computecalc.errors import ComputecalcError, Diagnostic

__all__ = [
    "ComputecalcError",
    "Diagnostic",
    "Estimate",
    "Estimates",
    "Input",
    "Lever",
    "Option",
    "Options",
    "Swing",
    "Value",
    "Verdict",
    "Verdicts",
    "__version__",
    "check",
    "estimate",
    "estimate_all",
    "optimize",
]

__version__ = "0.1.0"

_PLACES = {
    "ComputecalcError": "errors",
    "Diagnostic": "errors",
    "Estimate": "api.results",
    "Estimates": "api.results",
    "Input": "api.values",
    "Lever": "api.judged",
    "Option": "api.found",
    "Options": "api.found",
    "Swing": "api.values",
    "Value": "api.values",
    "Verdict": "api.judged",
    "Verdicts": "api.judged",
    "check": "api.checking",
    "estimate": "api.estimating",
    "estimate_all": "api.estimating",
    "optimize": "api.optimizing",
}
"""Modules of what is public; each is imported when it is first asked for, so that `computecalc --help` stays quick."""


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
