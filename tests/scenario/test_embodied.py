"""Embodied carbon: stated, by a named method, derived from the area of a custom chip, or unknown with the reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws, scenario_text

Resolving = Callable[..., Resolved]
CUSTOM = Path(__file__).resolve().parents[2] / "examples" / "custom-catalog"


def shipped(changes: str, *overlays: Path) -> Resolved:
    (raw,) = raws(scenario_text(changes))
    return resolve(raw, Catalog.open(overlays), today=TODAY)


@pytest.mark.parametrize(
    ("method", "kilograms"),
    [("vendor", 164.0), ("assessment", 273.0), ("model", 360.0), ("all", 276.0)],
)
def test_a_method_has_a_figure_of_its_own(method: str, kilograms: float) -> None:
    found = shipped(f"embodied: {{method: {method}}}")
    assert found.inputs["embodied.accelerator"].range.mid == pytest.approx(kilograms * 1e3)
    assert found.choices["embodied.method"].value == method


def test_a_stated_figure_wins(resolved: Resolving) -> None:
    given = "embodied: {accelerator: 200 kgCO2e, host: 300 kgCO2e, lifetime: 4 yr, utilization: 0.5}"
    found = estimate(resolved(given)).outputs
    billed, total = found["accelerator_time.billed"].mid, found["carbon.embodied"].mid
    assert billed is not None
    # 500 kg over two used years of 365.25 days.
    assert total == pytest.approx(500e3 * billed / (2 * 365.25 * 86400.0))


def test_a_range_over_methods_moves_accelerator_and_host_together() -> None:
    found = estimate(shipped("")).outputs["carbon.embodied"]
    assert found.low is not None
    assert found.mid is not None
    assert found.high is not None
    # 164 + 260, 276 + 430, 575 + 712 kg.
    assert found.low / found.mid == pytest.approx(424.0 / 706.0)
    assert found.high / found.mid == pytest.approx(1287.0 / 706.0)


def test_a_custom_chip_takes_the_area_method() -> None:
    chip = next(CUSTOM.rglob("*.yaml"))
    assert "silicon:" in "".join(path.read_text(encoding="utf-8") for path in CUSTOM.rglob("*.yaml")), chip
    names = [row.id for row in Catalog.open((CUSTOM,)).rows("accelerator")]
    (own,) = [name for name in names if not Catalog.open(()).has("accelerator", name)]
    found = shipped(f"cluster: {{accelerator: {own}, count: 64}}", CUSTOM)
    assert found.choices["embodied.method"].value == "area"
    assert "area method" in found.inputs["embodied.accelerator"].origin.text


def test_without_a_figure_embodied_and_total_are_unknown_not_zero() -> None:
    found = estimate(shipped("cluster: {accelerator: mtia-400, count: 72}")).outputs
    for name in ("carbon.embodied", "carbon.total", "carbon.sci.per_token"):
        assert found[name].mid is None
        assert "no embodied carbon of mtia-400" in found[name].reason
    assert found["carbon.operational"].mid is not None


def test_a_method_that_the_catalog_does_not_have_is_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        shipped("embodied: {method: teardown}")
    (found,) = caught.value.diagnostics
    assert found.code == "CC633"
    assert "by the method teardown; it has vendor, assessment, model" in found.message
    assert found.span is not None
    with pytest.raises(ScenarioError) as caught:
        shipped("embodied: {method: area}")
    assert "silicon.*" in caught.value.diagnostics[0].hint


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("lifetime: 0 yr", "CC405"),
        ("utilization: 0", "CC405"),
        ("utilization: 120 %", "CC405"),
        ("accelerator: -1 kgCO2e", "CC405"),
        ("host: 700..300 kgCO2e", "CC407"),
        ("method: guess", "CC306"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    refused: Callable[..., tuple[Diagnostic, ...]], given: str, code: str
) -> None:
    (found,) = refused(f"embodied: {{{given}}}")
    assert (found.code, found.severity) == (code, "error")
    assert found.span is not None
