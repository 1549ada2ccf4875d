"""Who is best and by how much, and what must not be compared without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.checks.comparing import SHOWN, better, compared
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate, estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text
from tests.conftest import TODAY

BASE = (
    "kind: train, model: {parameters: 100B params}, data: {tokens: 1T tokens}, "
    "cluster: {accelerator: h100-sxm, count: 1000}, efficiency: {mfu: 0.5, goodput: 0.8}"
)
Estimating = Callable[..., list[Estimate]]


@pytest.fixture
def estimated(golden_catalog: object) -> Estimating:
    def build(**bodies: str) -> list[Estimate]:
        lines = [
            f"  {name}: {{{body if body.startswith('kind') else f'{BASE}, {body}'}}}" for name, body in bodies.items()
        ]
        text = "\n".join(("version: 1", "scenarios:", *lines)) + "\n"
        catalog = Catalog.open()
        return [estimate(resolve(raw, catalog, today=TODAY)) for raw in raw_scenarios(load_text(text, "s.yaml"))]

    return build


SITE = "site: {pue: 1.2, grid_intensity: 400 gCO2e/kWh}"


def priced(price: str) -> str:
    return f"{SITE}, money: {{price: {price} USD/accelerator/h}}"


def test_the_best_of_a_cost_is_the_lowest_and_leads_by_its_distance_to_the_second(estimated: Estimating) -> None:
    found = compared(estimated(a=priced("3"), b=priced("2"), c=priced("5")), ["cost.total"])
    (standing,) = found.standings
    # 2 is a third less than 3.
    assert (standing.better, standing.winners, standing.second) == ("lower", ("b",), "a")
    assert standing.margin == pytest.approx(1.0 / 3.0)
    assert standing.is_certain
    assert found.findings == ()


def test_ranges_that_meet_leave_the_lead_uncertain(estimated: Estimating) -> None:
    (standing,) = compared(estimated(a=priced("2..3..5"), b=priced("1..2..2.5")), ["cost.total"]).standings
    assert (standing.winners, standing.is_certain) == (("b",), False)


def test_the_best_of_a_throughput_is_the_highest(estimated: Estimating) -> None:
    fast = f"{SITE}, power: {{accelerator: 700 W}}"
    slow = BASE.replace("mfu: 0.5", "mfu: 0.4") + f", {fast}"
    found = compared(estimated(a=slow, b=fast), ["throughput.cluster", "tokens"])
    first, second = found.standings
    assert (first.winners, first.second, first.margin) == (("b",), "a", pytest.approx(0.25))
    # Of tokens neither more nor fewer is better.
    assert (second.better, second.winners) == ("", ())


def test_equal_ones_win_together_and_all_equal_nobody(estimated: Estimating) -> None:
    found = compared(estimated(a=priced("2"), b=priced("2"), c=priced("4")), ["cost.total", "time.wall"])
    cost, wall = found.standings
    assert (cost.winners, cost.second, cost.margin) == (("a", "b"), "c", 0.5)
    assert (wall.better, wall.winners, wall.second) == ("lower", (), "")


def test_a_plan_that_does_not_fit_wins_nothing(estimated: Estimating) -> None:
    # 100B parameters with 18 bytes each need 23 accelerators of 80 GB; eight would use less energy at once.
    small = BASE.replace("count: 1000", "count: 8") + f", {priced('1')}"
    found = compared(estimated(a=small, b=priced("2")), ["cost.total", "accelerators"])
    assert [standing.winners for standing in found.standings] == [(), ()]
    assert [finding.message for finding in found.findings] == ["does not fit into memory, and so wins nothing: a"]


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (
            "site: {region: US-VA, pue: 1.2}",
            SITE,
            "kinds of emission factor differ: direct: a; stated: b",
        ),
        (SITE, "site: {pue: 1.2}", "kinds of emission factor differ: stated: a; assumed: b"),
        (
            f"{SITE}",
            BASE.replace("count: 1000", "count: 1000, precision: fp8") + f", {SITE}",
            "precisions differ: bf16: a; fp8: b",
        ),
        (
            SITE,
            BASE.replace("efficiency: {mfu: 0.5, goodput: 0.8}", "efficiency: {goodput: 0.8}") + f", {SITE}",
            "methods of finding the time differ: a stated MFU: a; an MFU of comparable runs: b",
        ),
        (
            SITE,
            BASE.replace("{parameters: 100B params}", "llama-3.1-405b") + f", {SITE}",
            "descriptions of the model differ: counts alone: a; layers: b",
        ),
        (SITE, priced("2"), "prices differ: of the catalog: a; stated: b"),
        (SITE, f"{SITE}, uncertainty: off", "methods of uncertainty differ: corners: a; off: b"),
    ],
)
def test_what_is_not_alike_is_said(estimated: Estimating, one: str, other: str, message: str) -> None:
    found = compared(estimated(a=one, b=other), SHOWN)
    warning = next(finding for finding in found.findings if finding.message == message)
    assert (warning.code, warning.severity) == ("CC659", "warning")


def test_what_was_varied_on_purpose_is_a_note(estimated: Estimating) -> None:
    fp8 = BASE.replace("count: 1000", "count: 1000, precision: fp8") + f", {SITE}"
    found = compared(estimated(a=SITE, b=fp8), SHOWN, varied=["cluster.precision"])
    assert [(finding.code, finding.severity) for finding in found.findings] == [("CC659", "note")]


def test_what_one_does_not_know_is_said_and_the_others_are_compared(estimated: Estimating) -> None:
    batch = BASE.replace("tokens: 1T tokens", "tokens: 1T tokens, global_batch: 2048")
    found = compared(estimated(a=f"{batch}, {SITE}", b=f"{BASE}, {SITE}"), ["time.step", "time.wall"])
    assert [finding.message for finding in found.findings] == ["unknown for b: time.step"]
    assert found.standings[0].winners == ()


def test_metrics_that_nobody_knows_are_left_out(estimated: Estimating) -> None:
    found = compared(estimated(a=SITE, b=priced("2")), ["latency.ttft", "time.step", "cost.total"])
    assert [standing.name for standing in found.standings] == ["cost.total"]


def test_every_metric_has_a_direction_or_none_on_purpose() -> None:
    neither = {name for name in METRICS if not better(name)}
    # Sizes of the task, shares that say nothing by themselves, and a price of others.
    for name in ("tokens", "parameters.total", "compute.model", "batch", "memory.fits", "time.checkpoint_interval"):
        assert name in neither
    assert better("cost.total") == better("carbon.operational") == better("latency.ttft") == "lower"
    assert better("mfu") == better("throughput.cluster") == better("time.between_interruptions") == "higher"
    assert all(better(name) in ("", "lower", "higher") for name in METRICS)
