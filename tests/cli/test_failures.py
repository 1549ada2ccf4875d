"""The last door: whatever happens, a message and an exit code, never a traceback."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from computecalc.cli.failures import guarded
from computecalc.errors import Diagnostic, UsageError


def raising(error: BaseException) -> int:
    raise error


def test_the_code_of_the_program_is_the_code() -> None:
    assert [guarded(lambda: 0), guarded(lambda: 1), guarded(lambda: 2)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (UsageError(Diagnostic("CC101", "no")), 2, "error CC101: no\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, ""),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "error CC104: cannot write the answer: No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), 2, "error CC103: cannot read x: Permission denied"),
        (RuntimeError("boom"), 2, "error CC900: internal error: RuntimeError: boom\n"),
        (SystemExit(None), 0, ""),
        (SystemExit("text"), 2, ""),
    ],
)
def test_errors_become_messages_and_codes(
    error: BaseException, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(lambda: raising(error)) == code
    printed = capsys.readouterr().err
    assert printed.startswith(message)
    assert bool(printed) == bool(message)
    assert "Traceback" not in printed


LONG = (
    "from computecalc.cli.main import main; import sys\n"
    "main(['catalog', 'list', 'model', '-f', 'json'] if len(sys.argv) < 2 else sys.argv[1:])"
)


def test_a_reader_that_stops_reading_is_no_failure() -> None:
    program = subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout is not None
    assert program.stderr is not None
    assert program.stdout.read(1) == b"["
    program.stdout.close()
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait(timeout=60) == 0


def test_a_full_disk_is_told_and_counts() -> None:
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", LONG, "units", "list"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert ran.stderr == b"error CC104: cannot write the answer: No space left on device\n   hint: is the disk full?\n"
    assert ran.returncode == 2


def test_a_closed_output_is_no_failure_of_ours() -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -c "$0" units parse 1 >&-', LONG],
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_an_interruption_that_pydantic_hides_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    from pydantic_core import SchemaError

    from computecalc.cli.failures import guarded

    def stopped() -> int:
        raise SchemaError("Error building `definitions` serializer: KeyboardInterrupt")

    assert guarded(stopped) == 130
    assert capsys.readouterr().err == "interrupted\n"
