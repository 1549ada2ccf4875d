"""What scripts rely on: exit codes, one answer on standard output, the rest on standard error, and texts as texts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.reports.formats import CHECK_FORMATS
from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

PLAN = """\
version: 1
scenarios:
  run:
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100, count: 1024}
    efficiency: {mfu: 0.3..0.4..0.5, goodput: 0.9}
    data: {tokens: 1.5e12}
    money: {price: 2 USD/accelerator/h}
"""
WRONG = "  wrong:\n    kind: train\n    model: llama-3.1-405b\n    cluster: {accelerator: h100, count: -1}\n"

Written = Callable[[str], str]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a file; return its path."""

    def write(text: str) -> str:
        path = tmp_path / "plan.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(
    ("arguments", "text", "code"),
    [
        (("run", "FILE"), PLAN, 0),
        (("run", "FILE"), PLAN + WRONG, 2),  # the other scenario is still printed
        (("run", "FILE", "missing.yaml"), PLAN, 2),
        (("run", "FILE", "--set", "site.peu=1.1"), PLAN, 2),
        (("run", "FILE", "--format", "jsn"), PLAN, 2),
        (("run", "FILE", "--format", "html"), PLAN, 0),
        (("run", "FILE", "--format", "html"), PLAN + WRONG, 2),
        (("check", "FILE", "--check", "cost.total <= 1 MUSD", "--format", "html"), PLAN, 1),
        (("run", "FILE", "--resolve-only"), PLAN, 0),
        (("run", "FILE", "--resolve-only"), PLAN + WRONG, 2),
        # 6 x 405e9 x 1.5e12 / (989e12 x 0.4 x 0.9) = 1.02e10 s of accelerators, 2.8 million hours at 2 USD: 5.7 MUSD.
        (("check", "FILE", "--check", "cost.total <= 50 MUSD"), PLAN, 0),
        (("check", "FILE", "--check", "cost.total <= 6 MUSD"), PLAN, 0),  # at risk: it warns
        (("check", "FILE", "--check", "cost.total <= 1 MUSD"), PLAN, 1),
        (("check", "FILE", "--check", "cost.total <= 1 W"), PLAN, 2),
        (("check", "FILE", "--check", "cost.totals <= 1 USD"), PLAN, 2),
        (("check", "FILE", "--check", "cost.total <= 50 MUSD"), PLAN + WRONG, 2),
        (("check", "FILE", "--check", "change(cost.total) <= 5 %"), PLAN, 2),  # no baseline is no pass
        (("check", "FILE"), PLAN, 2),  # nothing to check is no pass
        (("explain", "cost.total", "llama-3.1-405b", "--accelerator", "h100", "--count", "8"), "", 0),
        (("explain", "cost.totals"), "", 2),
        (("schema", "catalog"), "", 0),
        (("schema", "catalogue"), "", 2),
        (("nothing",), "", 2),
        ((), "", 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_exit_codes(
    arguments: tuple[str, ...], text: str, code: int, written: Written, program: Callable[..., Ran]
) -> None:
    path = written(text)
    assert program(*(path if each == "FILE" else each for each in arguments)).code == code


def test_standard_output_is_one_document_and_nothing_else(written: Written, program: Callable[..., Ran]) -> None:
    ran = program("run", written(PLAN + WRONG), "missing.yaml", "--format", "json")
    assert ran.code == 2
    assert [each["status"] for each in json.loads(ran.out)["scenarios"]] == ["ok", "error"]
    assert "error CC405" in ran.err
    assert "error CC103: missing.yaml does not exist" in ran.err
    quiet = program("run", written(PLAN), "--format", "json", "--quiet")
    assert (quiet.code, quiet.err) == (0, "")
    assert json.loads(quiet.out)["summary"]["exit_code"] == 0


def test_yaml_traps_are_none(written: Written, program: Callable[..., Ran]) -> None:
    # `on` and `NO` are texts, `1.5e12` is a number, `12:30` no number of seconds.
    budgets = "budgets:\n  - {on: run, checks: [cost.total <= 50 MUSD], owner: NO}\n"
    ran = program("check", written(PLAN + budgets), "--format", "json")
    (check,) = json.loads(ran.out)["checks"]
    assert (ran.code, check["state"], check["owner"]) == (0, "pass", "NO")
    ran = program("run", written(PLAN), "--format", "json")
    assert json.loads(ran.out)["scenarios"][0]["inputs"]["data.tokens"]["value"] == 1.5e12
    path = written(PLAN.replace("count: 1024", "wall_time: 12:30"))
    assert f"{path}:6:47: error CC401" in program("run", path).err
    path = written(PLAN + "  run: {}\n")
    assert f"{path}:10:3: error CC207" in program("run", path).err
    path = written(PLAN + "budgets:\n  - {true: run, checks: [mfu >= 1 %]}\n")
    assert program("check", path).code == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5..3 W", "CC407"),
        ("1,23 W", "CC401"),
        ("0.5..", "CC401"),
        ("1 ± 2 ± 3 W", "CC401"),
        ("nan W", "CC406"),
        ("9**9**9**9 W", "CC402"),
        ("1/0 W", "CC402"),
        ("__import__('os')", "CC401"),
        ("700", "CC402"),
        ("700 s", "CC404"),
    ],
)
def test_a_quantity_that_is_none_is_told_at_its_place(
    text: str, code: str, written: Written, program: Callable[..., Ran]
) -> None:
    path = written(f'{PLAN}    power: {{accelerator: "{text}"}}\n')
    ran = program("run", path)
    assert ran.code == 2
    # Columns 27 on are the text in its quotes, and what is wrong with it may stand further right.
    (first,) = [line for line in ran.err.splitlines() if ": error " in line]
    place, _, rest = first.partition(": error ")
    assert rest.startswith(f"{code}: ")
    line, column = place.removeprefix(f"{path}:").split(":")
    assert int(line) == 10
    assert 26 <= int(column) <= 28 + len(text)
    assert "^" in ran.err


HOSTILE = "=cmd()|[red]\x1b[31m`<b>::error::%0A"


@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_hostile_names_of_budgets_stay_text(form: str, written: Written, program: Callable[..., Ran]) -> None:
    name = json.dumps(HOSTILE)
    path = written(
        f"{PLAN}  {name}: {{extends: run}}\n"
        f"budgets: [{{on: '*', checks: [mfu >= 60 %], owner: {name}, message: {name}}}]\n"
    )
    ran = program("check", path, "--format", form, "--levers", "0")
    assert ran.code == 1
    assert "\x1b" not in ran.out + ran.err
    assert HOSTILE not in ran.out
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(ran.out)) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    if form in ("table", "plain"):
        assert "=cmd()|[red]" in ran.out.replace("\n", "")
    if form == "md":
        assert "<b>" not in ran.out
        assert "[red]" not in ran.out


def test_what_holds_for_many_scenarios_is_said_once(written: Written, program: Callable[..., Ran]) -> None:
    text = PLAN.replace(
        "    money: {price: 2 USD/accelerator/h}\n", "    matrix: {efficiency.goodput: [0.7, 0.8, 0.9]}\n"
    )
    text = text.replace("count: 1024", "count: 1024, precision: bf61")
    ran = program("run", written(text))
    assert ran.code == 2
    assert ran.err.count("error CC501") == 1
    assert ran.err.count("note: the same for 3 scenarios") == 1
    one = program("run", written(text.replace("[0.7, 0.8, 0.9]", "[0.7]")))
    assert "the same for" not in one.err
