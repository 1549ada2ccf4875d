"""A resolved file states what was found, says where, and gives the same numbers when it is run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.results import estimate
from computecalc.reports.resolved_file import resolved_text
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.other_files import Library
from computecalc.scenario.pinning import pinned, quantity_text
from computecalc.scenario.resolve import resolve
from computecalc.units.ranges import Range
from computecalc.yamlio.loading import load_path, load_text
from computecalc.yamlio.nodes import plain
from tests.conftest import TESTS, Ran

SWEPT = ("design-space", "sweep")  # by `sweep`, see tests/sweeps
EXAMPLES = [path for path in sorted((TESTS.parent / "examples").glob("*.yaml")) if path.stem not in SWEPT]
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.open([TESTS.parent / "examples" / "custom-catalog"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_running_a_resolved_example_gives_the_same_numbers(path: Path, tmp_path: Path, catalog: Catalog) -> None:
    # Tables of measurements lie beside the file that names them.
    shutil.copytree(path.parent, tmp_path / "examples")
    written = tmp_path / "examples" / "resolved.yaml"
    scenarios = [pinned(raw, catalog, today=TODAY) for raw in raw_scenarios(load_path(path), {}, Library())]
    text = resolved_text(scenarios, catalog_version=catalog.version, catalog_digest=catalog.digest)
    written.write_text(text, encoding="utf-8")
    again = raw_scenarios(load_path(written))
    assert [raw.name for raw in again] == [each.raw.name for each in scenarios]
    for before, raw in zip(scenarios, again, strict=True):
        old, new = estimate(before.resolved), estimate(resolve(raw, catalog, today=TODAY))
        found = {name: (value.low, value.mid, value.high) for name, value in new.outputs.items()}
        assert found == {name: (value.low, value.mid, value.high) for name, value in old.outputs.items()}
    bare = [line for line in text.splitlines()[4:] if not line.endswith(":") and not re.search(r"\S  +# \S", line)]
    assert bare == []


PLAN = """\
version: 1
defaults: {site: {region: US-VA}}
profiles: {spot: {money: {price: 1.60..1.80..2.10 USD/accelerator/h}}}
scenarios:
  run:
    extends: spot
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100, count: 1024}
    matrix: {efficiency.mfu: [0.3, 0.4]}
"""


@pytest.mark.usefixtures("golden_catalog")
def test_each_value_has_its_origin(
    tmp_path: Path, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.yaml").write_text(PLAN, encoding="utf-8")
    ran = program("run", "plan.yaml", "--resolve-only", "--set", "site.pue=1.1", "-o", "yaml=out.yaml")
    assert ran.code == 0
    assert Path("out.yaml").read_text(encoding="utf-8") == ran.out
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    for wanted in (
        "run/0.3: # plan.yaml:5",
        "region: US-VA # plan.yaml:2",
        "price: 1.60..1.80..2.10 USD/accelerator/h # plan.yaml:3",
        "pue: 1.1 # --set site.pue",
        "mfu: 0.3 # plan.yaml:10",
        "precision: bf16 # default: no precision is stated: bf16",
    ):
        assert wanted in lines
    tokens = next(line for line in lines if line.startswith("tokens: "))
    assert re.fullmatch(r"tokens: 15\.6T token # catalog model llama-3\.1-405b training\.tokens, \S+, \d{4}\S*", tokens)
    assert any(re.fullmatch(r"# power\.draw: \S+ # prior \S+ value, assumed, \d{4}\S*", line) for line in lines)
    assert (
        program("run", "out.yaml", "-f", "csv").out
        == program("run", "plan.yaml", "-f", "csv", "--set", "site.pue=1.1").out
    )


@pytest.mark.usefixtures("golden_catalog")
def test_a_searched_layout_is_stated(program: Callable[..., Ran]) -> None:
    run = ("train", "llama-3.1-405b", "--accelerator", "h100", "--count", "1024", "--global-batch", "2048")
    ran = program(*run, "--resolve-only")
    assert ran.code == 0
    layout = plain(load_text(ran.out, "out.yaml"))["scenarios"]["llama-3.1-405b"].get("layout")  # type: ignore[call-overload,index,union-attr]
    if "searched: fastest of" in ran.out:
        assert layout["tensor"] >= 1
    assert "count: 1024" in ran.out
    assert "# --count" in ran.out


@pytest.mark.usefixtures("golden_catalog")
def test_what_cannot_be_resolved_is_told_and_the_others_are_printed(
    tmp_path: Path, program: Callable[..., Ran]
) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(PLAN.replace("[0.3, 0.4]", "[0.3, 40]"), encoding="utf-8")
    ran = program("run", str(path), "--resolve-only")
    assert ran.code == 2
    assert "CC405" in ran.err
    assert "run/0.3:" in ran.out
    assert "run/40:" not in ran.out


@pytest.mark.usefixtures("golden_catalog")
def test_two_files_with_one_name_do_not_fit_into_one(tmp_path: Path, program: Callable[..., Ran]) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(PLAN, encoding="utf-8")
    ran = program("run", str(tmp_path), "--resolve-only")
    assert (ran.code, ran.out) == (2, "")
    assert "error CC314: two scenarios are called 'run/0.3'" in ran.err


@pytest.mark.usefixtures("golden_catalog")
def test_no_other_format_is_resolved(program: Callable[..., Ran]) -> None:
    ran = program("train", "llama-3.1-405b", "--accelerator", "h100", "--count", "8", "--resolve-only", "-f", "json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error CC101: there is no format 'json'")


@pytest.mark.usefixtures("golden_catalog")
def test_hostile_names_stay_names(tmp_path: Path, program: Callable[..., Ran]) -> None:
    name = 'NO: "x"\\n\u202e # {a} \x85é😀'
    path = tmp_path / "s.yaml"
    path.write_text(
        PLAN.replace("  run:", '  "NO: \\"x\\"\\\\n\\u202e # {a} \\x85é😀":').replace(
            "    matrix: {efficiency.mfu: [0.3, 0.4]}\n", ""
        )
    )
    ran = program("run", str(path), "--resolve-only")
    assert ran.code == 0
    assert "\u202e" not in ran.out
    (found,) = plain(load_text(ran.out, "out"))["scenarios"]  # type: ignore[call-overload,index,misc,union-attr]
    assert found == name


@pytest.mark.parametrize(
    ("values", "unit", "text"),
    [
        # 2.5 USD an hour, and 16 GB as they are written; a third has no short text and keeps all its digits.
        (Range.exact(2.5 / 3600), "USD/accelerator/s", "2.5 USD/accelerator/h"),
        (Range.exact(16e9), "byte", "16 GB"),
        (Range.exact(1 / 3), "1", "0.3333333333333333"),
        (Range(1 / 3, 0.5, 0.7), "1", "0.3333333333333333..0.5000000000000000..0.7000000000000000"),
    ],
)
def test_a_quantity_is_read_back_to_the_last_digit(values: Range, unit: str, text: str) -> None:
    assert quantity_text(values, unit) == text
