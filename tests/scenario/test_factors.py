"""Kinds of emission factors: which one is taken, shown, refused, and told when several meet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.cli.main import main
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.factors import mixed_kinds
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws, scenario_text

KWH = 3.6e6


def shipped(site: str) -> Resolved:
    (raw,) = raws(scenario_text(f"site: {{{site}}}"))
    return resolve(raw, Catalog.open(()), today=TODAY)


@pytest.mark.parametrize(
    ("site", "intensity", "kind", "year"),
    [
        # EPA eGRID 2023; ecologits 0.11.3 with Ember 2025.
        ("region: USA", 349.67, "direct", "2023"),
        ("region: USA, factor_kind: lifecycle", 384.4, "lifecycle", "2025"),
        ("region: gcp-us-central1", 431.88, "consumption", "2025"),
    ],
)
def test_a_factor_carries_its_kind_and_year(site: str, intensity: float, kind: str, year: str) -> None:
    found = shipped(site)
    assert found.inputs["site.grid_intensity"].range.mid * KWH == pytest.approx(intensity, rel=1e-3)
    assert (found.choices["site.factor_kind"].value, found.choices["site.factor_year"].value) == (kind, year)


def test_a_stated_factor_is_of_the_kind_that_is_stated() -> None:
    assert shipped("grid_intensity: 100 gCO2e/kWh").choices["site.factor_kind"].value == "not stated"
    named = shipped("grid_intensity: 100 gCO2e/kWh, factor_kind: consumption")
    assert named.choices["site.factor_kind"].value == "consumption"


def test_the_prior_of_the_world_is_a_lifecycle_factor() -> None:
    assert shipped("pue: 1.1").choices["site.factor_kind"].value == "lifecycle"


@pytest.mark.parametrize(
    ("site", "message"),
    [
        ("region: US-VA, factor_kind: lifecycle", "the catalog has no lifecycle factor of US-VA; it has direct"),
        ("factor_kind: direct", "no region is stated whose direct factor could be taken"),
    ],
)
def test_a_kind_that_there_is_none_of_is_refused(site: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        shipped(site)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("CC635", message)
    assert found.span is not None


def test_different_kinds_never_meet_without_a_word() -> None:
    assert mixed_kinds({"a": "direct", "b": "direct", "c": "not stated"}) is None
    found = mixed_kinds({"a": "direct", "b": "lifecycle"})
    assert found is not None
    assert (found.code, found.severity) == ("CC637", "warning")
    assert "direct (a); lifecycle (b)" in found.message


def test_scenarios_of_different_kinds_are_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = scenario_text("")
    both = text.replace("  one:", "  one:") + text.partition("scenarios:\n")[2].replace("  one:", "  two:")
    both = both.replace("grid_intensity: 360 gCO2e/kWh", "region: US-VA", 1)
    path = tmp_path / "s.yaml"
    path.write_text(both.replace("grid_intensity: 360 gCO2e/kWh", "region: FRA", 1), encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["run", str(path)])
    assert stop.value.code == 0
    assert "CC637" in capsys.readouterr().err


def test_a_profile_is_the_factor_of_its_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(f"2025-{month:02d},250\n" for month in range(1, 13))
    (tmp_path / "grid.csv").write_text("time,intensity [gCO2e/kWh]\n" + lines, encoding="utf-8")
    path = tmp_path / "s.yaml"
    path.write_text(scenario_text("site: {pue: 1.1, profile: grid.csv}"), encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["run", str(path)])
    shown = capsys.readouterr().out
    assert stop.value.code == 0
    assert "250 gCO2e/kWh" in shown
    assert "mean of 12 months of a constant draw" in shown
    (tmp_path / "grid.csv").write_text("time,intensity [gCO2e/kWh]\n" + lines.replace("2025-06,250\n", ""), "utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["run", str(path)])
    shown = capsys.readouterr().err
    assert stop.value.code == 2
    assert "CC636" in shown
    assert "grid.csv:7" in shown


def test_a_profile_beside_a_factor_contradicts_it(refused: Callable[..., tuple[Diagnostic, ...]]) -> None:
    (found,) = refused("site: {profile: grid.csv, grid_intensity: 1 gCO2e/kWh}")
    assert found.code == "CC304"


def test_a_flag_may_name_a_profile_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "elsewhere.csv"
    lines = "".join(f"2025-{month:02d},250\n" for month in range(1, 13))
    path.write_text("time,intensity [gCO2e/kWh]\n" + lines, encoding="utf-8")
    run = ["train", "llama-3.1-8b", "--accelerator", "h100-sxm", "--count", "64", "--mfu", "0.4"]
    with pytest.raises(SystemExit) as stop:
        main([*run, "--profile", str(path)])
    assert stop.value.code == 0
    assert "250 gCO2e/kWh" in capsys.readouterr().out
