"""Errors to messages and exit codes: nothing that a user does ends in a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from computecalc.errors import ComputecalcError, Diagnostic

__all__ = ["INTERRUPTED", "guarded", "report_diagnostics", "write_out"]

INTERRUPTED = 130
_UNANSWERED = 2
_COMMANDS = ("::", "##[")
"""Starts of a line that GitHub would take for a command of the job."""


def guarded(program: Callable[[], int]) -> int:
    """Run the program and return its exit code; errors become messages on standard error."""
    _replace_closed_streams()
    try:
        code = program()
        sys.stdout.flush()
    except SystemExit as stop:
        return _exit_code(stop)
    except ComputecalcError as error:
        report_diagnostics(error.diagnostics)
        return error.exit_code
    except KeyboardInterrupt:
        return _interrupted()
    except OSError as error:
        return _failed_system_call(error)
    except Exception as error:
        # pydantic tells an interruption while it builds a form as an error of the form.
        hides_one = type(error).__name__ == "SchemaError" and "KeyboardInterrupt" in str(error)
        return _interrupted() if hides_one else _internal(error)
    return code


def _interrupted() -> int:
    _drop(sys.stdout)
    _tell("interrupted")
    return INTERRUPTED


def report_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics to standard error; where nobody can be told, the exit code still tells."""
    from computecalc.yamlio.render import render_diagnostic

    for diagnostic in diagnostics:
        text = render_diagnostic(diagnostic)
        _tell(f"./{text}" if text.startswith(_COMMANDS) else text)  # a file that is called so


def write_out(text: str) -> None:
    """Write the answer to standard output; a reader that has enough (`| head`) is no failure, and no success either.

    Raises
    ------
    OSError
        When it cannot be written, as on a full disk.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop(sys.stdout)


def _tell(text: str) -> None:
    try:
        print(text, file=sys.stderr, flush=True)  # noqa: T201
    except OSError:  # closed, or full: there is no other place to say it
        _drop(sys.stderr)


def _replace_closed_streams() -> None:
    """Give the program streams to write to where the shell closed them (`>&-`)."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the program ends
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _drop(stream: TextIO) -> None:
    """Let what is still buffered go nowhere: the interpreter would complain when it flushes at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError:  # not a stream of the system's
        return


def _failed_system_call(error: OSError) -> int:
    """Name a file that could not be read; without a name it is the answer that could not be written."""
    if isinstance(error, BrokenPipeError):  # the reader (`| head`) has enough
        _drop(sys.stdout)
        return 0
    reason = error.strerror or str(error)
    if error.filename is not None:
        report_diagnostics([Diagnostic("CC103", f"cannot read {error.filename}: {reason}", hint="check the path")])
    else:
        _drop(sys.stdout)
        report_diagnostics([Diagnostic("CC104", f"cannot write the answer: {reason}", hint="is the disk full?")])
    return _UNANSWERED


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
