"""Which thresholds a scenario is compared with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ScenarioError
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

CATALOG = Catalog.open()

OWN = """\
version: 1
kind: regulation
sources: {act: {title: An act, publication: a journal, as_of: 2026-11}}
entries:
  us-ca-sb-53:
    name: Amended
    jurisdiction: US-CA
    status: in-force
    in_force: 2027-01-01
    effect: duties
    counts: training
    provenance: {source: act, kind: published}
    threshold: {compute: 1e27 FLOP}
  here:
    name: Ours
    jurisdiction: XX
    status: passed
    effect: duties
    counts: training
    provenance: {source: act, kind: published}
    threshold: {compute: 5e24 FLOP, base_share: 0.5}
"""


def resolved(section: str = "", catalog: Catalog = CATALOG) -> Resolved:
    text = (
        "version: 1\nscenarios:\n  run:\n    kind: train\n    model: {parameters: 1B params}\n"
        "    data: {tokens: 1T tokens}\n    cluster: {accelerator: h100-sxm, count: 8}\n    efficiency: {mfu: 0.4}\n"
        f"{section}"
    )
    (raw,) = raw_scenarios(load_text(text, "s.yaml"), {})
    return resolve(raw, catalog, today=date(2026, 11, 25))


def jurisdictions(found: Resolved) -> set[str]:
    return {threshold.jurisdiction for threshold in found.thresholds}


def wanted(names: str) -> Resolved:
    return resolved(f"    regulation: {{jurisdictions: {names}}}\n")


def test_all_are_compared_unless_some_are_named() -> None:
    assert jurisdictions(resolved()) == {"EU", "US", "US-CA", "US-NY", "US-IL", "KR"}
    assert "regulation.jurisdictions" not in resolved().choices


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("[EU]", {"EU"}),
        ("[us]", {"US", "US-CA", "US-NY", "US-IL"}),  # a country stands for its states
        ("[US-NY, KR]", {"US-NY", "KR"}),
        ("[]", set()),
    ],
)
def test_jurisdictions_are_named(names: str, expected: set[str]) -> None:
    found = wanted(names)
    assert jurisdictions(found) == expected
    assert found.choices["regulation.jurisdictions"].value == (names.strip("[]") or "none")


def test_an_unknown_one_is_refused_with_its_place() -> None:
    with pytest.raises(ScenarioError) as refused:
        wanted("[EU, US-CAL]")
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.hint) == ("CC650", "did you mean US-CA?")
    assert "US-CAL" in problem.message
    assert problem.place.startswith("s.yaml:9")
    with pytest.raises(ScenarioError) as none_near:
        wanted("[ZZZZZ]")
    assert "EU, KR, US" in none_near.value.diagnostics[0].hint


def test_the_base_is_an_input_with_its_origin() -> None:
    base = resolved("    regulation: {base_compute: 3e24..4e24 FLOP}\n").inputs["regulation.base_compute"]
    assert (base.range.low, base.range.high, base.unit) == (3e24, 4e24, "FLOP")
    assert (base.origin.kind, base.origin.text) == ("scenario", "s.yaml:9")


def test_values_are_those_of_the_catalog() -> None:
    for threshold in resolved().thresholds:
        entry = CATALOG.find("regulation", threshold.id)
        assert entry.fact(f"threshold.{threshold.measured}").value.mid == pytest.approx(threshold.value, rel=1e-7)
        assert entry.labels["status"] == threshold.status


def test_an_overlay_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    found = {(each.id, each.measured): each for each in resolved(catalog=Catalog.open([tmp_path])).thresholds}
    assert found["us-ca-sb-53", "compute"].value == 1e27
    assert found["here", "compute"].value == 5e24
    assert found["here", "base_share"].value == 0.5
