"""Numbers in the place of metrics: they take effect downstream, in every pass, and are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, EstimateError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.overriding import with_overrides
from computecalc.estimators.recipes import Number, recipe_of
from computecalc.estimators.results import estimate, estimate_metrics
from computecalc.estimators.trace import InputNode, StepNode
from computecalc.formulas.duration import required_accelerators
from computecalc.formulas.inverse import kept_accelerator_time
from computecalc.formulas.table import Numeric
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws, scenario_text

Resolving = Callable[..., Resolved]
Refusing = Callable[..., tuple[Diagnostic, ...]]

LAYERED = (
    "model: llama-3.1-405b\ndata: {tokens: 1T tokens, global_batch: 2048}\n"
    "cluster: {accelerator: h100-sxm, count: 16384}\nlayout: {tensor: 8, pipeline: 16}\n"
)
SERVED = (
    "kind: infer\nmodel: llama-3.1-405b\ntraffic: {input: 1500, output: 400, rate: 50 request/s}\n"
    "serving: {accelerator: h100-sxm, precision: fp8}\nefficiency: -\ncluster: -\ndata: -\n"
)


# The base case: 6e23 FLOP, useful time 1.2e9 accelerator s, billed 1.5e9, 1500 kJ.. see test_resolve.
@pytest.mark.parametrize(
    ("override", "metric", "expected"),
    [
        # 1e24 FLOP / (1e15 FLOP/s x 0.5) / 0.8 x 0.001 USD/s
        ("compute.model: 1e24 FLOP", "cost.total", 2.5e6),
        # 1.2e9 / 0.6 x 0.001
        ("goodput: 0.6", "cost.total", 2.0e6),
        # 6e23 / (1e15 x 0.25) / 0.8 x 0.001: the MFU is an input taken as it is
        ("mfu: 25 %", "cost.total", 3.0e6),
        # 3e12 J x PUE 1.2 x 1e-4 g/J
        ("energy.it: 3 TJ", "carbon.operational", 3.6e8),
        # 1.5e9 accelerator s / 500
        ("accelerators: 500", "time.wall", 3.0e6),
        # 1.5e9 accelerator s x 2 kW
        ("power.accelerator: 2 kW", "energy.accelerator", 3.0e12),
        # an end of the recipe: only itself
        ("cost.total: 7 USD", "cost.total", 7.0),
        # nested at the dots, as --set writes it
        ("compute: {model: 1e24 FLOP}", "cost.total", 2.5e6),
    ],
)
def test_what_follows_takes_the_number(resolved: Resolving, override: str, metric: str, expected: float) -> None:
    given = resolved(f"overrides: {{{override}}}")
    assert estimate(given).outputs[metric].mid == pytest.approx(expected, rel=1e-12)
    assert estimate_metrics(given, [metric])[metric].mid == pytest.approx(expected, rel=1e-12)


def test_what_goes_before_keeps_its_own(resolved: Resolving) -> None:
    plain, over = (estimate(resolved(text)).outputs for text in ("", "overrides: {energy.it: 3 TJ}"))
    moved = {name for name in plain if plain[name].mid != over[name].mid}
    assert moved == {"energy.it", "energy.facility", "carbon.operational"}


def test_a_predicted_step_is_overridden_before_the_mfu_that_follows() -> None:
    # The shipped catalog: the golden one has no calibration of steps.
    (raw,) = raws(scenario_text(LAYERED + "efficiency: {goodput: 0.8}\noverrides: {time.step: 20 s}"))
    found = estimate(resolve(raw, Catalog.open(), today=TODAY))
    # 2048 sequences of 8192 tokens in 20 s; 1T tokens at this rate and goodput 0.8.
    rate = 2048 * 8192 / 20.0
    assert found.outputs["time.step"].mid == 20.0
    assert found.outputs["throughput.cluster"].mid == pytest.approx(rate, rel=1e-12)
    assert found.outputs["time.wall"].mid == pytest.approx(1e12 / rate / 0.8, rel=1e-12)


def test_it_is_marked_and_its_derivation_ends_there(resolved: Resolving) -> None:
    found = estimate(resolved("overrides: {goodput: 0.6}"))
    value = found.outputs["goodput"]
    assert value.override is not None
    assert (value.override.kind, value.override.text, value.formula) == ("override", "s.yaml:12", None)
    assert found.inputs["overrides.goodput"].origin == value.override
    billed = found.nodes["accelerator_time.billed"]
    assert isinstance(billed, StepNode)
    leaf = billed.arguments["goodput"]
    assert isinstance(leaf, InputNode)
    assert leaf.input.path == "overrides.goodput"
    # Billed time, wall time, three energies, carbon and two costs.
    assert [d.message for d in found.diagnostics if d.code == "CC657"] == [
        "goodput is overridden: 0.6000 in place of 0.8000; it moves 8 other metrics"
    ]
    assert found.outputs["time.wall"].override is None


def test_how_many_follow_from_one_is_said(resolved: Resolving) -> None:
    found = estimate(resolved("overrides: {power.it: 3 MW, nodes: 200}"))
    power, nodes = [d for d in found.diagnostics if d.code == "CC657"]
    # 1000 accelerators x 1 kW x 1.5, which the power of the facility follows from; servers of 8.
    assert power.message == "power.it is overridden: 3.000 MW in place of 1.500 MW; it moves 1 other metric"
    assert nodes.message.endswith("200 node in place of 125 node; no other metric follows from it")
    assert {power.severity, nodes.severity} == {"note"}


def test_a_range_moves_what_follows(resolved: Resolving) -> None:
    found = estimate(resolved("overrides: {goodput: 0.5..0.8..1}")).outputs["cost.total"]
    # 1.2e9 x 0.001 over each
    assert (found.low, found.mid, found.high) == pytest.approx((1.2e6, 1.5e6, 2.4e6))
    assert found.driver == "overrides.goodput"


def test_several_hold_together(resolved: Resolving) -> None:
    found = estimate(resolved("overrides: {compute.model: 1e24 FLOP, goodput: 0.5, accelerators: 2000}")).outputs
    # 1e24 / (1e15 x 0.5) / 0.5 / 2000
    assert found["time.wall"].mid == pytest.approx(2e6)


@pytest.mark.parametrize("text", [LAYERED + "efficiency: {goodput: 0.8}\n", SERVED, ""])
def test_every_metric_is_overridden_or_refused(resolved: Resolving, text: str) -> None:
    plain = estimate(resolved(text)).outputs
    taken = 0
    for name, value in plain.items():
        if value.mid is None:
            continue
        number = value.mid / 2.0 if value.mid else 0.5
        unit = "" if value.unit == "1" else f" {value.unit}"
        given = resolved(f"{text}overrides: {{{name}: {number!r}{unit}}}")
        try:
            found = estimate(given).outputs[name]
        except EstimateError as error:
            (refusal,) = error.diagnostics
            assert refusal.code == "CC656"
            assert refusal.message.startswith(f"{name} cannot be overridden: ")
            continue
        taken += 1
        assert found.override is not None
        if name != "memory.fits":  # judged anew
            assert found.mid == pytest.approx(number, rel=1e-12)
            assert found.low is not None
            assert found.high is not None
            assert found.low <= number * (1 + 1e-12)
    assert taken >= len([value for value in plain.values() if value.mid is not None]) - 2


def test_what_the_scenario_does_not_have_cannot_be_overridden(resolved: Resolving) -> None:
    with pytest.raises(EstimateError) as caught:
        estimate(resolved("overrides: {latency.ttft: 1 s}"))
    (found,) = caught.value.diagnostics
    assert (found.code, found.span.line if found.span else None) == ("CC656", 12)
    assert found.message == (
        "latency.ttft cannot be overridden: this scenario does not have it: state the inputs that it needs"
    )


def test_two_names_of_one_number_cannot_both_be_overridden(resolved: Resolving) -> None:
    # Without a causal mask that is credited apart, both conventions are one input: the stated MFU.
    given = resolved("overrides: {mfu: 0.3}")
    metrics = recipe_of("train").metrics

    def both(resolved: Resolved, number: Number) -> dict[str, Numeric]:
        found = metrics(resolved, number)
        return {**found, "hfu": found["mfu"]}

    twice = replace(given, overrides={**given.overrides, "hfu": given.overrides["mfu"]})
    with pytest.raises(EstimateError) as caught:
        with_overrides(both, twice)
    (found,) = caught.value.diagnostics
    assert found.code == "CC656"
    assert found.message == "hfu cannot be overridden: here it is the same number as mfu: override one"


def test_what_the_recipe_sets_cannot_be_overridden(resolved: Resolving) -> None:
    # Without a rate the replicas are always busy: the share is set, and nothing computes it.
    text = SERVED.replace("rate: 50 request/s", "concurrency: 64")
    with pytest.raises(EstimateError) as caught:
        estimate(resolved(f"{text}overrides: {{utilization: 0.5}}"))
    (found,) = caught.value.diagnostics
    assert found.message == "utilization cannot be overridden: the recipe sets it: nothing computes it here"


def test_a_recipe_that_goes_another_way_is_refused(resolved: Resolving) -> None:
    # A made-up recipe that takes another formula once its count is 1: the override would be lost.
    given = resolved("overrides: {goodput: 1, accelerators: 1}")

    def fickle(resolved: Resolved, number: Number) -> dict[str, Numeric]:
        accelerators = required_accelerators(billed=100.0, deadline=10.0)
        again = accelerators if accelerators > 1.0 else kept_accelerator_time(billed=1.0, goodput=1.0)
        return {"accelerators": accelerators, "goodput": required_accelerators(billed=again, deadline=1.0)} | (
            {} if accelerators > 1.0 else {"goodput": again}
        )

    with pytest.raises(EstimateError) as caught:
        with_overrides(fickle, given)(given, lambda one: one.range.mid)
    (found,) = caught.value.diagnostics
    assert found.message.startswith("goodput cannot be overridden: the recipe makes it elsewhere once")


@pytest.mark.parametrize(
    ("text", "code", "message", "hint"),
    [
        ("{godput: 0.9}", "CC102", "there is no metric 'godput' to override", "did you mean goodput?"),
        ("{goodput: 1.5}", "CC405", "goodput cannot be overridden by this: the value must be at most 1, not 1.5", None),
        ("{goodput: -1}", "CC405", "goodput cannot be overridden by this: the value must be at least 0, not -1", None),
        ("{time.wall: 5}", "CC402", "time.wall cannot be overridden by this: `5` has no unit", None),
        ("{time.wall: 5 USD}", "CC404", None, None),
        ("{goodput: [1]}", "CC303", "goodput is overridden by a quantity, such as a number of 1", None),
        ("{goodput: true}", "CC303", None, None),
        ("[goodput]", "CC303", "`overrides` wants metric ids with quantities", "overrides: {goodput: 0.9}"),
        ("5", "CC303", None, None),
    ],
)
def test_bad_overrides_are_refused_at_their_place(
    refused: Refusing, text: str, code: str, message: str | None, hint: str | None
) -> None:
    (found,) = refused(f"overrides: {text}")
    assert found.code == code
    assert message is None or found.message == message
    assert hint is None or found.hint == hint
    assert found.span is not None
    assert (found.span.document.name, found.span.line) == ("s.yaml", 12)


def test_all_bad_ones_are_told_in_one_pass(refused: Refusing) -> None:
    found = refused("overrides: {godput: 0.9, time.wall: 5}\nuncertainty: {method: md}")
    assert [diagnostic.code for diagnostic in found] == ["CC102", "CC402", "CC306"]


def test_none_is_no_override(resolved: Resolving) -> None:
    assert resolved("overrides: null").overrides == {}
    assert set(METRICS) >= {"goodput"}
