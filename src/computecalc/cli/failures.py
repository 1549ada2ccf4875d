"""Errors to messages and exit codes: nothing that a user does ends in a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from computecalc.errors import ComputecalcError, Diagnostic

__all__ = ["INTERRUPTED", "guarded", "report_diagnostics"]

INTERRUPTED = 130
_UNANSWERED = 2


def guarded(program: Callable[[], object]) -> int:
    """Run the program and return its exit code; errors become messages on standard error."""
    try:
        program()
    except SystemExit as stop:
        return _exit_code(stop)
    except ComputecalcError as error:
        report_diagnostics(error.diagnostics)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has enough; keep the interpreter from complaining when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _internal(error)
    return 0


def report_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics to standard error."""
    from computecalc.yamlio.render import render_diagnostic

    for diagnostic in diagnostics:
        print(render_diagnostic(diagnostic), file=sys.stderr)  # noqa: T201


def _exit_code(stop: SystemExit) -> int:
    if stop.code is None:
        return 0
    return stop.code if isinstance(stop.code, int) else _UNANSWERED


def _internal(error: Exception) -> int:
    if "-v" in sys.argv or "--verbose" in sys.argv:
        import traceback

        traceback.print_exception(error)
    hint = "please report it with the command and the file; -v prints the details"
    message = f"internal error: {type(error).__name__}: {error}"
    report_diagnostics([Diagnostic("CC900", message, hint=hint)])
    return _UNANSWERED
