"""What jobs are told, whole, on the frozen catalog at 100 columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import TESTS, Ran

PLAN = "tests/data/golden-plan.yaml"

COMMANDS = {
    "job-check-table.txt": ("check", PLAN, "-f", "table"),
    "job-check-plain.txt": ("check", PLAN, "-f", "plain"),
    "job-check.md": ("check", PLAN, "-f", "md"),
    "job-check.csv": ("check", PLAN, "-f", "csv"),
    "job-check-github.txt": ("check", PLAN, "-f", "github"),
    "job-check.xml": ("check", PLAN, "-f", "junit"),
    "job-check.sarif.json": ("check", PLAN, "-f", "sarif"),
    "job-run-check.txt": ("run", PLAN, "-q", "-f", "plain", "--check", "time.wall <= 70 d"),
    "init-budget.yaml": ("init", "budget"),
    "init-github.yaml": ("init", "--ci", "github"),
}


@pytest.fixture(autouse=True)
def _frozen(golden_catalog: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772323200")
    for module in ("junit", "sarif"):
        monkeypatch.setattr(f"computecalc.reports.{module}.__version__", "0.0.0")
    monkeypatch.chdir(TESTS.parent)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_its_golden(
    name: str, program: Callable[..., Ran], golden: Callable[[str, str], None]
) -> None:
    ran = program(*COMMANDS[name])
    # One limit is broken, and one cannot be judged: no layout is stated, so that nobody knows whether it fits.
    assert ran.code == {"check": 2, "run": 1, "init": 0}[COMMANDS[name][0]], ran.err
    golden(name, ran.out)
