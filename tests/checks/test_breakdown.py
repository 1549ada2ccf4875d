"""Parts of totals: only where they are known and add up."""

from __future__ import annotations

import pytest

from computecalc.checks.breakdown import breakdowns, parts_of
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import MetricValue


def outputs(**values: float | None) -> dict[str, MetricValue]:
    """Metrics by their ids, dots written as two underscores."""
    found = {name.replace("__", "."): value for name, value in values.items()}
    return {name: MetricValue(name, METRICS[name].unit, value, value, value) for name, value in found.items()}


def test_parts_that_add_up_are_the_parts() -> None:
    found = outputs(cost__total=10.0, cost__accelerators=7.0, cost__energy=3.0, cost__staff=0.0, cost__network=None)
    assert [(part.label, part.value) for part in parts_of(found, "cost.total")] == [
        ("accelerators", 7.0),
        ("energy", 3.0),
    ]


def test_parts_that_do_not_add_up_are_none() -> None:
    assert parts_of(outputs(cost__total=10.0, cost__accelerators=7.0), "cost.total") == ()
    assert parts_of(outputs(cost__total=None, cost__accelerators=7.0), "cost.total") == ()
    assert parts_of(outputs(cost__accelerators=7.0), "cost.total") == ()


def test_of_a_programme_the_run_is_one_part() -> None:
    found = outputs(
        cost__total=20.0,
        cost__run=10.0,
        cost__accelerators=7.0,
        cost__energy=3.0,
        cost__development=6.0,
        cost__staff=4.0,
    )
    assert [part.label for part in parts_of(found, "cost.total")] == ["run", "development", "staff"]


def test_layers_of_energy_are_what_each_boundary_adds() -> None:
    # Accelerators 60, servers 80, facility at a PUE of 1.25: 100.
    (found,) = breakdowns(outputs(energy__accelerator=60.0, energy__it=80.0, energy__facility=100.0))
    assert [(part.label, part.value) for part in found.parts] == [
        ("accelerators", 60.0),
        ("hosts and network", 20.0),
        ("cooling, losses", 20.0),
    ]


def test_a_request_is_its_first_token_and_the_others() -> None:
    (found,) = breakdowns(outputs(latency__ttft=0.5, latency__request=2.0))
    assert [part.value for part in found.parts] == [0.5, 1.5]
    assert breakdowns(outputs(latency__ttft=2.0, latency__request=2.0))[0].parts[-1].value == 2.0


def test_layers_that_shrink_are_no_layers() -> None:
    assert breakdowns(outputs(energy__accelerator=90.0, energy__it=80.0, energy__facility=100.0)) == []


def test_all_totals_in_order() -> None:
    found = breakdowns(
        outputs(
            cost__total=1.0,
            cost__accelerators=1.0,
            carbon__total=5.0,
            carbon__operational=3.0,
            carbon__embodied=2.0,
            memory__per_accelerator=6.0,
            memory__per_accelerator__weights=4.0,
            memory__per_accelerator__kv_cache=2.0,
        )
    )
    assert [each.total.id for each in found] == ["memory.per_accelerator", "carbon.total", "cost.total"]
    assert [part.id for part in found[0].parts] == ["memory.per_accelerator.weights", "memory.per_accelerator.kv_cache"]
    assert found[0].parts[1].label == "kv_cache"
    assert sum(part.value for part in found[1].parts) == pytest.approx(5.0)
