"""What a sweep needs and may not be installed."""

from __future__ import annotations

from importlib.util import find_spec

from computecalc.errors import Diagnostic, UsageError

__all__ = ["needed"]

_EXTRA = {"pyarrow": "sweep", "scipy": "sweep", "distributed": "dask"}


def needed(*names: str) -> None:
    """Go on where libraries are installed.

    Raises
    ------
    UsageError
        CC758 for the first that is not.
    """
    for name in names:
        if find_spec(name) is None:
            message = f"a sweep needs {name}, which is not installed"
            raise UsageError(Diagnostic("CC758", message, hint=f'pip install "computecalc[{_EXTRA[name]}]"'))
