"""The program as a whole: help, version, unknown commands, and the commands that describe."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc import __version__
from computecalc.cli.main import COMMANDS
from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")


def test_version_names_program_and_catalog(program: Callable[..., Ran]) -> None:
    assert program("--version") == Ran(0, f"computecalc {__version__}, catalog 2026.02-golden\n", "")


def test_help_lists_every_command(program: Callable[..., Ran]) -> None:
    ran = program("--help")
    assert ran.code == 0
    listed = [line.split()[0] for line in ran.out.partition("Commands:\n")[2].splitlines() if line]
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("arguments", [(), ("catalog",), ("units",)])
def test_nothing_asked_is_answered_with_help(program: Callable[..., Ran], arguments: tuple[str, ...]) -> None:
    ran = program(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Usage: {' '.join(('computecalc', *arguments))} [OPTIONS] COMMAND")


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("trian",), "CC101: No such command 'trian'", "`computecalc --help`"),
        (("units", "covert"), "CC101: No such command 'covert'", "`computecalc units --help`"),
        (("train",), "CC101: Missing argument", "`computecalc train --help`"),
        (("run",), "CC101: Missing argument", "`computecalc run --help`"),
        (("train", "m", "--mfu"), "CC101: Option '--mfu' requires an argument", "--help`"),
        (("explain", "time.wal"), "CC102: there is no metric, formula or code 'time.wal'", "did you mean time.wall"),
        (("explain", "CC999"), "CC102: there is no metric, formula or code 'CC999'", "did you mean CC9"),
        (("explain", "cost.total", "lama"), "CC501: there is no model called `lama`", "catalog list model"),
        (("explain", "cost.total", "none.yaml"), "CC103: none.yaml does not exist", ""),
        (("catalog", "list", "acelerator"), "CC501: there is no kind of entry 'acelerator'", "accelerator?"),
        (("catalog", "show", "h100-smx"), "CC501: the catalog has no entry 'h100-smx'", "h100-sxm"),
        (("catalog", "show", "h100", "--kind", "model"), "CC501: `h100` is an accelerator, not a model", "list model"),
        (("catalog", "list", "-f", "html"), "CC101: a list has no format 'html'", "there are table"),
        (("units", "convert", "9**9 W", "kW"), "CC402: a unit is missing before `**9 W`", ""),
        (("units", "convert", "1 W", "J"), "CC404: `W` is power [J/s], not energy [J]", ""),
        (("units", "convert", "1 W", "Wat"), "CC403: unknown unit `Wat`", ""),
        (("units", "parse", ""), "CC401: the quantity is empty", "60 d"),
        (("schema", "results"), "CC101: there is no schema 'results'", "did you mean result?"),
    ],
)
def test_what_cannot_be_answered_ends_in_code_and_hint(
    program: Callable[..., Ran], arguments: tuple[str, ...], message: str, hint: str
) -> None:
    ran = program(*arguments)
    assert ran.code == 2
    assert f"error {message}" in ran.err
    assert hint in ran.err
    assert "Traceback" not in ran.err


def test_conversion_and_reading(program: Callable[..., Ran]) -> None:
    assert program("units", "convert", "2.5 kW", "W").out == "2,500.00 W\n"
    assert program("units", "convert", "60..90 d", "h").out == "1,440.00..1,800.00..2,160.00 h\n"
    assert program("units", "parse", "15.6T tokens").out.splitlines()[-1] == "unit   token"
