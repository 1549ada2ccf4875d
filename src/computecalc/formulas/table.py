"""The table of formulas: units, version and citations of every formula as data.

A formula is a pure function of numbers with keyword-only arguments. `formula` registers it and leaves its
body alone; it does not wire formulas together. While somebody records (see `recording`), every call is
handed to the recorder, which is how a derivation is drawn; nobody pays for that otherwise.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias

from computecalc.records import record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FORMULAS", "Formula", "Numeric", "Recorder", "current_recorder", "formula", "recording"]

Numeric: TypeAlias = "float | NDArray[np.float64]"
"""A float or an array of floats; in the dimension test a pint quantity."""

_VARIADIC = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS

P = ParamSpec("P")
Recorder: TypeAlias = Callable[["Formula", Mapping[str, Any]], Any]


@record
class Formula:
    """What is known of a formula besides its body."""

    name: str
    function: Callable[..., Numeric] = field(repr=False)
    returns: str
    """Unit of the result."""
    parameters: Mapping[str, str]
    """Unit of each argument."""
    coefficient: str
    """Unit that the body's literal coefficient carries: FLOP/parameter/token for the 2 of 2 N."""
    version: int
    cite: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Name and version as lock files and results write them, such as ``rental_cost@1``."""
        return f"{self.name}@{self.version}"

    @property
    def subject(self) -> str:
        """The file the formula stands in, such as ``power``."""
        return self.function.__module__.rpartition(".")[2]

    @property
    def documentation(self) -> str:
        """The whole docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def summary(self) -> str:
        """The first sentence of the docstring."""
        return self.documentation.partition("\n\n")[0].replace("\n", " ")

    @property
    def equation(self) -> str:
        """The equation of the docstring's Notes in LaTeX."""
        _, found, rest = self.documentation.partition(".. math::")
        return rest.strip().partition("\n\n")[0].strip() if found else ""

    @property
    def body(self) -> str:
        """The right-hand side in Python, as the function returns it, on one line."""
        source = inspect.getsource(self.function).rpartition("return ")[2].strip()
        # `sum` starts from the first part, so that a part may carry a unit; readers need not see that.
        source = " ".join(source.split()).replace("( ", "(").replace(" )", ")")
        return source.replace("sum(parts[1:], start=parts[0])", "sum(parts)")


FORMULAS: dict[str, Formula] = {}
"""Every registered formula by name."""

_recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


def current_recorder() -> Recorder | None:
    """Return who records at present; None where nobody does."""
    return _recorder.get()


@contextmanager
def recording(recorder: Recorder | None) -> Iterator[None]:
    """Hand every formula call inside the block to `recorder`, whose answer the caller gets; None: record nothing."""
    token = _recorder.set(recorder)
    try:
        yield
    finally:
        _recorder.reset(token)


def formula(
    *, returns: str, version: int, cite: tuple[str, ...], coefficient: str = "1", **parameters: str
) -> Callable[[Callable[P, Numeric]], Callable[P, Numeric]]:
    """Register a function as a formula.

    Parameters
    ----------
    returns : str
        Unit of the result.
    version : int
        Raised with every change that moves a result.
    cite : tuple of str
        Keys of `computecalc.formulas.references`.
    coefficient : str
        Unit of the body's literal coefficient, where it has one.
    **parameters : str
        Unit of each keyword argument of the function.

    Raises
    ------
    TypeError
        When the units and the function's arguments do not name the same parameters, or the name is taken.
    """

    def register(function: Callable[P, Numeric]) -> Callable[P, Numeric]:
        # Read from the code: inspect.signature would take longer than all else here.
        code = function.__code__
        named = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if list(named) != list(parameters):
            raise TypeError(f"{function.__name__}: units name {list(parameters)}, not {list(named)}")
        if code.co_argcount or function.__kwdefaults__ or code.co_flags & _VARIADIC:
            raise TypeError(f"{function.__name__}: arguments must be keyword-only and without defaults")
        entry = Formula(function.__name__, function, returns, parameters, coefficient, version, cite)
        if FORMULAS.setdefault(entry.name, entry) is not entry:
            raise TypeError(f"there are two formulas named {entry.name}")

        @functools.wraps(function)
        def call(*args: P.args, **arguments: P.kwargs) -> Numeric:
            recorder = _recorder.get()
            if recorder is None:
                return function(*args, **arguments)
            result: Numeric = recorder(entry, arguments)
            return result

        return call

    return register
