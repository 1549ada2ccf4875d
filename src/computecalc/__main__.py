"""`python -m computecalc` is `computecalc`."""

from __future__ import annotations

from computecalc.cli.main import main

__all__ = ()

if __name__ == "__main__":
    main()
