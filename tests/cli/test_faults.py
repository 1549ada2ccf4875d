"""Interruptions, kills, full disks, closed pipes: the old file or the new one, one message, the right exit code."""

from __future__ import annotations

import errno
import json
import os
import pty
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

PROGRAM = (sys.executable, "-c", "from computecalc.cli.main import main; main()")
MANY = """\
version: 1
scenarios:
  many:
    kind: train
    model: llama-3.1-8b
    cluster: {{accelerator: h100-sxm, count: 512}}
    efficiency: {{mfu: 0.40}}
    money: {{price: 2 USD/accelerator/h}}
    matrix: {{data.tokens: {{from: 1T tokens, to: 16T tokens, points: {points}}}}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[int], str]:
    """Write a file of many scenarios; return its path."""

    def write(points: int) -> str:
        path = tmp_path / "plan.yaml"
        path.write_text(MANY.format(points=points), encoding="utf-8")
        return str(path)

    return write


def is_old_or_whole(path: Path) -> bool:
    """Whether a file is what it was, or a whole result."""
    text = path.read_text(encoding="utf-8")
    return text == "old" or len(json.loads(text)["scenarios"]) == 150


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_program_leaves_the_old_file_or_the_new_one(
    stop: signal.Signals, plan: Callable[[int], str], tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    path.write_text("old", encoding="utf-8")
    moments = random.Random(7)
    for _ in range(6):
        program = subprocess.Popen(
            [*PROGRAM, "run", plan(150), "-q", "-f", "csv", "-o", f"json={path}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_for_the_program(program)
        time.sleep(moments.uniform(0.0, 0.8))
        program.send_signal(stop)
        _, said = program.communicate(timeout=60)
        assert is_old_or_whole(path)
        if stop is signal.SIGINT:
            assert (program.returncode, said) in ((130, "interrupted\n"), (0, ""))
            assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []


def wait_for_the_program(program: subprocess.Popen[str]) -> None:
    """Wait until the program itself runs: before that an interruption is the interpreter's own affair."""
    maps = Path(f"/proc/{program.pid}/maps")
    until = time.monotonic() + 30
    while time.monotonic() < until and program.poll() is None and maps.exists():
        if "_pydantic_core" in maps.read_text():
            return
        time.sleep(0.01)


def test_an_interruption_while_the_file_is_written_removes_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from computecalc.cli import answers, atomic

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "result.json"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(atomic.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        answers.write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["result.json"]


@pytest.mark.usefixtures("golden_catalog")
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/dev/full", os.strerror(errno.ENOSPC)),
        ("/proc/computecalc.json", "cannot write /proc/computecalc.json"),  # a folder that not even root writes to
        ("{file}/result.json", os.strerror(errno.ENOTDIR)),
    ],
)
def test_a_file_that_cannot_be_written_is_one_message(
    target: str, reason: str, tmp_path: Path, program: Callable[..., Ran]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    path = target.format(file=tmp_path / "file")
    run = ("train", "llama-3.1-405b", "--accelerator", "h100", "--count", "512", "-q", "-f", "csv")
    ran = program(*run, "-o", f"json={path}")
    assert ran.code == 2
    assert ran.out == program(*run).out
    assert ran.err.count("CC104") == 1
    assert reason in ran.err.splitlines()[0]


def broken_budget(plan: Callable[[int], str]) -> list[str]:
    """A check that fails, with an answer longer than a pipe holds."""
    return [*PROGRAM, "check", plan(150), "--levers", "0", "-f", "json", "--check", "cost.total <= 1 USD"]


def test_a_reader_that_has_enough_does_not_turn_a_failed_budget_into_a_pass(plan: Callable[[int], str]) -> None:
    program = subprocess.Popen(broken_budget(plan), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout is not None
    assert program.stderr is not None
    assert program.stdout.read(1) == b"{"
    program.stdout.close()
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait(timeout=60) == 1


@pytest.mark.parametrize(("stdout", "code"), [("/dev/null", 1), ("/dev/full", 2)])
def test_where_nobody_can_be_told_the_exit_code_tells(stdout: str, code: int, plan: Callable[[int], str]) -> None:
    with open(stdout, "wb") as out, open("/dev/full", "wb") as full:
        ran = subprocess.run(broken_budget(plan), stdout=out, stderr=full, timeout=60, check=False)
    assert ran.returncode == code


def on_a_terminal(arguments: list[str]) -> tuple[int, str, str]:
    """Run a command whose standard error is a terminal; return code, output and what the terminal was sent."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    shown = b""
    with tempfile.TemporaryFile("w+") as out:
        with subprocess.Popen(arguments, stdout=out, stderr=follower, env=environment) as program:
            os.close(follower)
            try:
                while part := os.read(leader, 65536):
                    shown += part
            except OSError:  # how Linux says that the other end is closed
                pass
        os.close(leader)
        out.seek(0)
        return program.returncode, out.read(), shown.decode()


SLOW = "import computecalc.cli.progress as p; p._PATIENCE = 0.0; from computecalc.cli.main import main; main()"


def test_long_work_shows_a_bar_on_a_terminal_and_leaves_nothing_of_it(plan: Callable[[int], str]) -> None:
    run = ["run", plan(30), "-f", "csv"]
    code, out, shown = on_a_terminal([sys.executable, "-c", SLOW, *run])
    assert code == 0
    assert "scenarios" in shown
    assert "30/30" in shown or "/30" in shown
    assert shown.rstrip().endswith(("\x1b[2K", "\x1b[?25h")) or "\x1b[2K" in shown
    piped = subprocess.run([sys.executable, "-c", SLOW, *run], capture_output=True, text=True, timeout=60, check=False)
    assert (piped.returncode, piped.stdout, piped.stderr) == (0, out, "")


@pytest.mark.parametrize("options", [["-q"], []])
def test_short_or_quiet_work_shows_none(options: list[str], plan: Callable[[int], str]) -> None:
    points = 30 if options else 5
    code, _, shown = on_a_terminal([sys.executable, "-c", SLOW, "run", plan(points), "-f", "csv", *options])
    assert (code, shown) == (0, "")
