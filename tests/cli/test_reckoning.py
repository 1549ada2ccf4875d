"""Flags about how an estimate is reckoned: the same on every command, and the same as the keys of a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

Program = Callable[..., Ran]

TRAIN = ("train", "llama-3.1-405b", "--accelerator", "h100-sxm", "--count", "16384", "--mfu", "0.35..0.40..0.45")
INFER = (
    *("infer", "llama-3.1-405b", "--input", "1500", "--output", "400", "--rate", "50 request/s"),
    *("--accelerator", "h100-sxm", "--precision", "fp8"),
)
FILE = """\
version: 1
scenarios:
  llama-3.1-405b:
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100-sxm, count: 16384}
    efficiency: {mfu: 0.35..0.40..0.45}
"""


def outputs(ran: Ran) -> dict[str, dict[str, Any]]:
    assert ran.code == 0, ran.err
    (scenario,) = json.loads(ran.out)["scenarios"]
    return dict(scenario["outputs"])


@pytest.mark.parametrize(
    ("flags", "keys"),
    [
        (("--uncertainty", "mc"), "uncertainty: mc"),
        (("--seed", "9", "--samples", "300"), "uncertainty: {seed: 9, samples: 300}"),
        (("--distribution", "lognormal"), "uncertainty: {distribution: lognormal}"),
        (("--uncertainty", "off"), "uncertainty: off"),
        (("--override", "goodput=0.8", "--override", "energy.it=3 GWh"), "overrides: {goodput: 0.8, energy.it: 3 GWh}"),
    ],
)
def test_flags_and_keys_say_the_same(program: Program, tmp_path: Path, flags: tuple[str, ...], keys: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"{FILE}    {keys}\n", encoding="utf-8")
    plain = tmp_path / "plain.yaml"
    plain.write_text(FILE, encoding="utf-8")
    by_keys, by_flags, over_file = (
        outputs(program(*command, "-f", "json"))
        for command in (("run", str(path)), (*TRAIN, *flags), ("run", str(plain), *flags))
    )
    for each in (by_keys, by_flags, over_file):
        for value in each.values():
            value.pop("source", None)  # where an override stands
    assert by_keys == by_flags == over_file
    assert by_keys != outputs(program("run", str(plain), "-f", "json"))


def test_a_flag_wins_over_the_file(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        f"{FILE}    uncertainty: {{method: mc, seed: 5}}\n    overrides: {{goodput: 0.5}}\n", encoding="utf-8"
    )
    found = json.loads(program("run", str(path), "-f", "json", "--seed", "6", "--override", "goodput=0.8").out)
    (scenario,) = found["scenarios"]
    assert scenario["uncertainty"] == {"method": "mc", "samples": 10000, "seed": 6, "distribution": "triangular"}
    assert scenario["outputs"]["goodput"]["value"] == 0.8


@pytest.mark.parametrize("command", [TRAIN, INFER])
def test_percentiles_are_additions_to_json(program: Program, command: tuple[str, ...]) -> None:
    plain, sampled = (outputs(program(*command, *more, "-f", "json")) for more in ((), ("--uncertainty", "mc")))
    assert not any("p5" in value for value in plain.values())
    for name, value in sampled.items():
        assert value.keys() >= plain[name].keys()
        if value["value"] is None:
            assert "p5" not in value
            continue
        assert value["value"] == plain[name]["value"]
        assert value["low"] <= value["p5"] <= value["p50"] <= value["p95"] <= value["high"]


def test_csv_has_columns_more_and_its_own_ones_where_they_were(program: Program) -> None:
    plain, sampled = (
        list(csv.reader(io.StringIO(program(*TRAIN, *more, "-f", "csv").out))) for more in ((), ("--uncertainty", "mc"))
    )
    assert sampled[0] == [*plain[0], "p5", "p50", "p95"]
    assert [row[:4] for row in sampled] == [row[:4] for row in plain]
    cost = next(row for row in sampled if row[2] == "cost.total")
    numbers = [float(cost[i]) for i in (3, 10, 11, 12, 5)]
    assert numbers == sorted(numbers)


def test_tables_show_percentiles_and_every_format_marks_overrides(program: Program) -> None:
    flags = (*TRAIN, "--uncertainty", "mc", "--override", "goodput=0.8")
    plain = program(*flags).out
    header = plain.splitlines()[2].split()
    assert header[:8] == ["metric", "low", "p5", "value", "p50", "p95", "high", "unit"]
    row = next(line for line in plain.splitlines() if line.startswith("goodput ")).split()
    assert row == ["goodput", "0.8000", "override"]
    assert "overrides.goodput" in plain
    assert "override: --override goodput" in plain
    markdown = program(*flags, "-f", "md").out
    assert "| metric | low | p5 | value | p50 | p95 | high | unit | range from | formula |" in markdown
    assert "| goodput |  |  | 0.8000 |  |  |  |  |  | override |" in markdown
    found = outputs(program(*flags, "-f", "json"))["goodput"]
    assert (found["formula"], found["source"]) == (None, {"kind": "override", "flag": "--override goodput"})
    (row,) = [row for row in csv.reader(io.StringIO(program(*flags, "-f", "csv").out)) if row[2] == "goodput"]
    assert row[7] == "override"
    note = program(*flags).err
    assert "note CC657: goodput is overridden: 0.8000 in place of " in note


@pytest.mark.parametrize("width", ["80", "120"])
def test_the_table_fits_and_its_numbers_are_whole(
    program: Program, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    text = program(*TRAIN, "--uncertainty", "mc", "-f", "table").out
    assert max(map(len, text.splitlines())) <= int(width)
    assert "…" not in text
    header = next(line for line in text.splitlines() if line.startswith("metric")).split()
    assert header[1:-1] == {"80": ["p5", "p50", "p95"], "120": ["p5", "value", "p50", "p95", "unit", "range"]}[width]
    row = next(line for line in text.splitlines() if line.startswith(" accelerators ")).split()
    assert row[1] == "16,384"


def test_explain_shows_the_override_as_a_leaf(program: Program) -> None:
    ran = program("explain", "cost.total", *TRAIN[1:], "--override", "goodput=0.8")
    assert "goodput = 0.8   overrides.goodput: override: --override goodput" in ran.out


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("--uncertainty", "md"), "CC306"),
        (("--uncertainty", ""), "CC101"),
        (("--samples", "3"), "CC303"),
        (("--seed", "x"), "CC303"),
        (("--override", "goodput"), "CC101"),
        (("--override", "goodput="), "CC101"),
        (("--override", "godput=1"), "CC102"),
        (("--override", "goodput=2"), "CC405"),
        (("--override", "latency.ttft=1 s"), "CC656"),
    ],
)
@pytest.mark.parametrize("command", [TRAIN, ("explain", "goodput", *TRAIN[1:])])
def test_bad_flags_end_with_2_and_their_place(
    program: Program, command: tuple[str, ...], flags: tuple[str, ...], code: str
) -> None:
    ran = program(*command, *flags)
    assert ran.code == 2
    assert f"error {code}" in ran.err
    assert flags[0] in ran.err


def test_optimize_says_that_it_counts_without_overrides(program: Program, tmp_path: Path) -> None:
    from datetime import date

    from computecalc.catalog.lookup import Catalog
    from computecalc.scenario.files import raw_scenarios
    from computecalc.scenario.resolve import resolve
    from computecalc.yamlio.loading import load_text

    (raw,) = raw_scenarios(load_text(FILE + "    overrides: {goodput: 0.5}\n", "s.yaml"))
    found = resolve(raw, Catalog.open(), today=date(2026, 3, 1), has_open_layout=True)
    notes = [d for d in found.diagnostics if "overrides" in d.message]
    assert [(d.code, d.message) for d in notes] == [("CC606", "stated, but a search counts without overrides: goodput")]
