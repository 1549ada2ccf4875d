from __future__ import annotations

import itertools
from datetime import date

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.checks.expressions import parse_check
from computecalc.checks.service_search import ServiceFound, is_more_better, search_services, service_measure
from computecalc.errors import EstimateError, UsageError
from computecalc.estimators.inference.candidates import ServedCandidate
from computecalc.estimators.results import estimate
from computecalc.scenario.files import RawScenario, raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.scenario.serving.optimizing import ServiceScope, service_spaces
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import from_flag

TODAY = date(2026, 3, 1)
CATALOG = Catalog.open()

# Prompts of 100,000 tokens fill the caches with few requests, so that every number of them can be tried by hand.
LONG = "{input: 100000, output: 2000}"


def raw(serving: str, *, model: str = "llama-3.1-8b", traffic: str = LONG, more: str = "") -> RawScenario:
    text = (
        "version: 1\nscenarios:\n  one:\n    kind: infer\n"
        f"    model: {model}\n    traffic: {traffic}\n    serving: {{{serving}}}\n"
        f"    money: {{price: 3.60 USD/accelerator/h}}\n{more}"
    )
    (found,) = raw_scenarios(load_text(text, "<test>"))
    return found


def search(
    serving: str,
    *,
    by: str,
    limits: tuple[str, ...] = (),
    most: int = 5,
    scope: ServiceScope | None = None,
    **text: str,
) -> ServiceFound:
    spaces = service_spaces(raw(serving, **text), CATALOG, scope or ServiceScope(), today=TODAY)
    checks = [parse_check(limit) for limit in limits]
    return search_services(spaces, by=by, limits=checks, most=most, has_front=True)


def single(serving: str, **text: str) -> dict[str, float]:
    """One configuration by the ordinary way of `infer`."""
    outputs = estimate(resolve(raw(serving, **text), CATALOG, today=TODAY)).outputs
    return {name: value.mid for name, value in outputs.items() if value.mid is not None}


def stated(candidate: ServedCandidate) -> str:
    layout = candidate.layout
    degrees = ", ".join(f"{key}: {getattr(layout, key)}" for key in ("tensor", "data", "expert", "pipeline"))
    return (
        f"accelerator: {candidate.accelerator}, precision: {layout.precision}, engine: vllm, {degrees}, "
        f"batch: {layout.batch}"
    )


@pytest.mark.parametrize(
    ("by", "limits"),
    [
        ("cost.per_request", ()),
        ("throughput.per_accelerator", ("latency.tpot <= 30 ms",)),
        ("energy.per_request", ("latency.ttft <= 40 s", "memory.per_accelerator <= 60 GB")),
        ("latency.request", ("throughput.per_accelerator >= 40 token/s",)),
        ("latency.tpot", ("batch in 3..5",)),
    ],
)
def test_the_optimum_is_that_of_single_estimates(by: str, limits: tuple[str, ...]) -> None:
    formats, tensors, stages = ("bf16", "fp8"), (1, 2), (1, 2)
    scope = ServiceScope(precisions=tuple(from_flag("--precision", name, resolve=False) for name in formats))
    checks = [parse_check(limit) for limit in limits]
    best: tuple[float, str] | None = None
    sign = -1.0 if is_more_better(by) else 1.0
    for precision, tensor, pipeline in itertools.product(formats, tensors, stages):
        base = f"accelerator: h100-sxm, precision: {precision}, engine: vllm, tensor: {tensor}, pipeline: {pipeline}"
        room = int(single(f"{base}, batch: 1")["batch.capacity"])
        for batch in range(1, room + 1):
            one = single(f"{base}, batch: {batch}")
            worth = sign * one[by]
            if all(check.holds(one[check.metric]) for check in checks) and (best is None or worth < best[0]):
                best = (worth, f"{precision} {tensor} {pipeline}")
    assert best is not None
    found = []
    for tensor, pipeline in itertools.product(tensors, stages):
        held = f"accelerator: h100-sxm, engine: vllm, tensor: {tensor}, pipeline: {pipeline}"
        try:
            first = search(held, by=by, limits=limits, scope=scope).best[0]
        except EstimateError:
            continue
        found.append((sign * first.metrics[by], f"{first.layout.precision} {tensor} {pipeline}"))
    assert min(found)[0] == pytest.approx(best[0], rel=1e-9)
    # All layouts at once hold this one among them, and can be no worse.
    whole = search("accelerator: h100-sxm, engine: vllm", by=by, limits=limits, scope=scope).best[0]
    assert sign * whole.metrics[by] <= best[0] * (1.0 + sign * 1e-9)


@pytest.mark.parametrize("model", ["llama-3.1-8b", "deepseek-v2-lite", "qwen3-30b-a3b"])
def test_what_is_found_can_be_stated(model: str) -> None:
    text = {"model": model, "traffic": "{input: 1000, output: 300, rate: 20 request/s}"}
    found = search("accelerator: h100-sxm, engine: vllm", by="cost.total", **text)
    assert len(found.best) == 5
    assert len(found.front) > 3
    for candidate in (*found.best, *found.front[::4]):
        again = single(stated(candidate), **text)
        known = {name: value for name, value in again.items() if name in candidate.metrics}
        assert known == pytest.approx(dict(candidate.metrics), rel=1e-12)


def test_a_closed_loop_is_spread_as_infer_spreads_it() -> None:
    text = {"traffic": "{input: 1000, output: 300, concurrency: 100}"}
    serving = "accelerator: h100-sxm, precision: fp8, engine: vllm, tensor: 1, pipeline: 1, batch: 30"
    (candidate,) = search(serving, by="cost.per_request", **text).best
    # 100 in flight over 4 replicas of at most 30: 25 in each.
    assert (candidate.metrics["replicas"], candidate.metrics["batch"]) == (4.0, 25.0)
    assert dict(candidate.metrics) == pytest.approx(single(serving, **text), rel=1e-12)


def test_the_front_rises_from_throughput_to_speed() -> None:
    front = search("accelerator: h100-sxm, precision: fp8", by="cost.per_request").front
    rates = [each.metrics["throughput.per_accelerator"] for each in front]
    waits = [each.metrics["latency.tpot"] for each in front]
    assert rates == sorted(rates, reverse=True)
    assert all(later < 0.953 * sooner for sooner, later in itertools.pairwise(waits))
    best = search("accelerator: h100-sxm, precision: fp8", by="throughput.per_accelerator").best[0]
    assert rates[0] == best.metrics["throughput.per_accelerator"]


def test_work_without_output_is_searched_too() -> None:
    text = {"traffic": "{input: 512, output: 0}"}
    found = search("accelerator: h100-sxm, precision: bf16, tensor: 1, pipeline: 1", by="latency.ttft", **text)
    # Alone, a prompt waits for no other.
    assert found.best[0].layout.batch == 1
    by = "throughput.total_per_accelerator"
    most = search("accelerator: h100-sxm, precision: bf16, tensor: 1, pipeline: 1", by=by, **text).best[0]
    assert most.metrics[by] > found.best[0].metrics[by]
    assert most.metrics[by] == pytest.approx(single(stated(most).replace("engine: vllm, ", ""), **text)[by])


@pytest.mark.parametrize(
    ("serving", "limits", "code", "told", "hint"),
    [
        ("accelerator: h100-sxm, tensor: 1, pipeline: 1, precision: bf16", (), "CC614", "has room", "serving.pipeline"),
        (
            "accelerator: h100-sxm, precision: fp8",
            ("latency.tpot <= 1 ms",),
            "CC609",
            "keeps `latency.tpot <= 1 ms`",
            "the nearest has ",
        ),
        (
            "accelerator: h100-sxm, precision: fp8",
            ("latency.tpot <= 50 ms", "cost.per_request <= 0.000001 USD/request"),
            "CC609",
            "beside `latency.tpot <= 50 ms`",
            "batch ",
        ),
        ("accelerator: h100-sxm, precision: fp8", ("mfu >= 0.3",), "CC602", "mfu is not known", "explain mfu"),
    ],
)
def test_what_cannot_be_reached_is_told(serving: str, limits: tuple[str, ...], code: str, told: str, hint: str) -> None:
    with pytest.raises(EstimateError) as error:
        search(serving, by="latency.tpot", limits=limits, model="llama-3.1-70b", traffic="{input: 1500, output: 400}")
    (found,) = error.value.diagnostics
    assert found.code == code
    assert told in found.message
    assert hint in found.hint


def test_a_thousand_configurations_take_no_longer_than_their_arrays() -> None:
    found = search(
        "accelerator: h100-sxm", by="cost.per_request", model="qwen3-30b-a3b", traffic="{input: 1500, output: 400}"
    )
    assert found.considered >= found.fitting > 10_000


def test_measures_by_name_or_id() -> None:
    assert service_measure("output-cost") == "cost.per_mtoken_output"
    assert service_measure("cost.total") == "cost.total"
    assert [is_more_better(name) for name in ("throughput.per_user", "latency.tpot", "utilization")] == [
        True,
        False,
        True,
    ]
    with pytest.raises(UsageError) as error:
        service_measure("throughputs")
    assert "did you mean throughput?" in error.value.diagnostics[0].hint
