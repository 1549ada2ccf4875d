"""No prediction of measured serving beats what the hardware can do, counted here by hand from published totals.

Every step reads at least the active parameters once, and every token takes at least two FLOPs an active parameter. The
floor knows no caches, attention, exchanges or overheads, so that both predicted and measured figures lie above it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.checks.validation.cases import Case, data_folder
from computecalc.checks.validation.outcomes import Outcome, outcomes
from computecalc.checks.validation.serving import serving_cases
from computecalc.yamlio.nodes import plain

NOISE = 0.03
"""By which a measurement may beat the floor."""

STORED = {"nvfp4": 0.5, "mxfp4": 0.5, "fp8": 1.0, "int8": 1.0, "bf16": 2.0}
"""Least bytes of a weight, scales left out. [byte]"""

PEAKS = {"nvfp4": "peak.fp4", "mxfp4": "peak.fp4", "fp8": "peak.fp8", "int8": "peak.int8", "bf16": "peak.bf16"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.open()


@pytest.fixture(scope="module")
def found(catalog: Catalog) -> list[Outcome]:
    cases = [case for case in serving_cases(data_folder()) if not case.suspicious and case.metric != "latency.ttft"]
    return list(outcomes(cases, catalog))


def stated(case: Case) -> tuple[dict[str, object], dict[str, object]]:
    tree = plain(case.raw.node)
    assert isinstance(tree, dict)
    traffic, serving = tree["traffic"], tree["serving"]
    assert isinstance(traffic, dict)
    assert isinstance(serving, dict)
    return dict(traffic), dict(serving)


def peak(case: Case, catalog: Catalog, precision: str) -> float:
    """Dense peak at the precision, else the fastest that the accelerator has. [FLOP/s]"""
    entry = catalog.find("accelerator", case.accelerator)
    fact = entry.get(PEAKS[precision])
    if fact is not None:
        return fact.value.high
    return max(each.value.high for path, each in entry.facts.items() if path.startswith("peak."))


def floors(cases: list[Outcome], catalog: Catalog) -> Iterator[tuple[Outcome, float, float]]:
    """Yield predicted and measured figures as shares of what the hardware can do."""
    for outcome in cases:
        case = outcome.case
        traffic, serving = stated(case)
        precision, tensor = str(serving["precision"]), float(str(serving.get("tensor", 0)))
        model = catalog.find("model", case.model)
        active = (model.get("published.active_parameters") or model.fact("published.parameters")).value.mid
        entry = catalog.find("accelerator", case.accelerator)
        assert outcome.predicted is not None, outcome.reason
        if case.metric == "latency.tpot":
            ranks = tensor * float(str(serving["data"]))
            least = active * STORED[precision] / (ranks * entry.fact("memory.bandwidth").value.high)
            yield outcome, least / (outcome.predicted / 1e3), least / (case.measured / 1e3)
            continue
        count = 1.0 if case.metric == "throughput.per_accelerator" else tensor * float(str(serving["data"]))
        tokens = 1.0 + float(str(traffic["input"])) / float(str(traffic["output"]))
        most = count * peak(case, catalog, precision) / (2.0 * active * tokens)
        yield outcome, outcome.predicted / most, case.measured / most


def test_no_prediction_beats_the_hardware(found: list[Outcome], catalog: Catalog) -> None:
    shares = list(floors(found, catalog))
    assert len(shares) > 2500
    beating = [(outcome.case.id, round(predicted, 2)) for outcome, predicted, _ in shares if predicted > 1.0]
    assert beating == []


def test_no_measurement_beats_the_floor_beyond_the_noise(found: list[Outcome], catalog: Catalog) -> None:
    # Else the floor, the figures of the catalog or the table would be wrong.
    beating = [
        (outcome.case.id, round(measured, 2))
        for outcome, _, measured in floors(found, catalog)
        if measured > 1.0 + NOISE
    ]
    assert beating == []
