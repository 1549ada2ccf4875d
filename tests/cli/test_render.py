"""A saved result shown in other formats: the same as if it had been asked for at once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.test_checked import PLAN
from tests.cli.test_goldens import INFER, TRAIN
from tests.conftest import TESTS, Ran

FORMATS = ("table", "plain", "json", "jsonl", "csv", "md", "github", "junit", "sarif")
FILE = str(TESTS / "data" / "golden-scenarios.yaml")


@pytest.fixture(autouse=True)
def _frozen(golden_catalog: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    monkeypatch.chdir(tmp_path)
    Path("plan.yaml").write_text(PLAN, encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [
        TRAIN,
        (*TRAIN, "--check", "time.wall <= 70 d", "--check", "latency.ttft <= 1 s"),
        INFER,
        (*TRAIN, "--uncertainty", "mc", "--samples", "200", "--override", "energy.it=30..40 GWh"),
        ("run", FILE),  # with a scenario that failed
        ("run", FILE, "--check", "cost.total <= 1 USD", "--set", "site.region=XX"),
    ],
)
def test_what_is_rendered_is_what_the_estimate_prints(program: Callable[..., Ran], command: tuple[str, ...]) -> None:
    saved = program(*command, "-f", "json")
    Path("result.json").write_text(saved.out, encoding="utf-8")
    for form in FORMATS:
        rendered = program("render", "result.json", "-f", form, "--unit", "time.wall=h", "--digits", "3")
        assert (rendered.code, rendered.err) == (0, "")
        direct = program(*command, "-f", form, "--unit", "time.wall=h", "--digits", "3").out
        if form in ("github", "junit", "sarif"):  # a result keeps lines of scenarios, not columns
            direct, rendered_text = (_without_columns(text) for text in (direct, rendered.out))
            assert rendered_text == direct
        else:
            assert rendered.out == direct


def _without_columns(text: str) -> str:
    kept = [line.partition(",col=")[0] + line.partition(",title=")[2] for line in text.splitlines()]
    return "\n".join(line for line in kept if '"startColumn"' not in line)


@pytest.mark.parametrize("form", FORMATS)
def test_verdicts_alone(program: Callable[..., Ran], form: str) -> None:
    direct = program("check", "plan.yaml", "-f", form, "-o", "json=result.json")
    assert direct.code == 1
    rendered = program("render", "result.json", "--checks", "-f", form)
    assert (rendered.code, rendered.out) == (0, direct.out)


def test_from_standard_input_to_several_files(program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    saved = program("run", "plan.yaml", "-f", "json").out.encode()
    monkeypatch.setattr("computecalc.cli.render.sys.stdin", SimpleNamespace(buffer=io.BytesIO(saved)))
    ran = program("render", "-", "-o", "md=a.md", "-o", "csv=a.csv")
    assert (ran.code, ran.err) == (0, "")
    assert Path("a.md").read_text(encoding="utf-8") == program("run", "plan.yaml", "-f", "md").out
    assert Path("a.csv").read_text(encoding="utf-8") == program("run", "plan.yaml", "-f", "csv").out


def test_a_result_of_another_schema_version_is_told_with_its_place(program: Callable[..., Ran]) -> None:
    saved = json.loads(program("run", "plan.yaml", "-f", "json").out)
    Path("result.json").write_text(json.dumps(saved | {"schema_version": 2}, indent=2), encoding="utf-8")
    ran = program("render", "result.json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("result.json:2:3: error CC731: the result has schema version 2, and this program reads 1")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", "1:1", "it is not JSON"),
        ('{\n "a": 1,\n}', "", "it is not JSON"),
        ("[]", "1:1", "no schema_version"),
        ('{"schema_version": 1}', "1:1", "no scenarios"),
        ('{"schema_version": 1, "scenarios": [NaN]}', "1:1", "NaN is no number"),
        ("[" * 100_000, "1:1", "not JSON that we write"),
        ('{"schema_version": 1,\n "scenarios": []}', "1:1", "tool: Field required"),
        (
            '{"schema_version": 1, "tool": {"name": "c", "version": "1"}, "catalog": {"version": "1", "digest": "d"},'
            ' "checks": [],\n "scenarios": [1]}',
            "2:2",
            "scenarios.0",
        ),
    ],
)
def test_what_is_no_result(program: Callable[..., Ran], text: str, place: str, says: str) -> None:
    Path("result.json").write_text(text, encoding="utf-8")
    ran = program("render", "result.json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"result.json:{place}")
    assert "error CC730: " in ran.err
    assert says in ran.err


def test_values_that_this_version_does_not_know(program: Callable[..., Ran]) -> None:
    saved = program("run", "plan.yaml", "-f", "json").out
    for old, new, says in (
        ('"cost.total": {', '"cost.whole": {', "there is no metric cost.whole"),
        ('"kind": "train"', '"kind": 3', "scenarios.0.kind"),
    ):
        Path("result.json").write_text(saved.replace(old, new), encoding="utf-8")
        ran = program("render", "result.json")
        assert (ran.code, "CC730" in ran.err, says in ran.err) == (2, True, True), ran.err


def test_other_files(program: Callable[..., Ran]) -> None:
    Path("bytes.json").write_bytes(b"\xff\xfe")
    program("run", "plan.yaml", "-f", "plain", "-o", "json=plain.json")
    for arguments, code in (
        (("none.json",), "CC103"),
        ((".",), "CC103"),
        (("bytes.json",), "CC203"),
        (("plain.json", "--checks"), "CC704"),
        (("plain.json", "-f", "pdf"), "CC101"),
    ):
        ran = program("render", *arguments)
        assert (ran.code, ran.out, code in ran.err) == (2, "", True), ran.err
