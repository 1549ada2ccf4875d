from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate, estimate
from computecalc.estimators.training.checks import unknown_metrics

Resolve = Callable[..., Resolved]

PLAN = (
    "{kind: train, model: llama-3.1-405b, data: {tokens: 15.6T tokens, sequence_length: 8192}, "
    "cluster: {accelerator: h100-sxm, count: COUNT}, efficiency: {mfu: MFU, goodput: 0.9}, "
    "layout: LAYOUT, site: {pue: 1.1, grid_intensity: 400 gCO2e/kWh}, "
    "power: {accelerator: 600 W}, money: {price: 2 USD/accelerator/h}}"
)


def planned(resolved: Resolve, *, count: int = 16384, mfu: str = "0.4", layout: str = "auto") -> Estimate:
    body = PLAN.replace("COUNT", str(count)).replace("MFU", mfu).replace("LAYOUT", layout)
    return estimate(resolved(body))


def warning(found: Estimate, code: str) -> Diagnostic:
    (only,) = [each for each in found.diagnostics if each.code == code]
    assert only.severity == "warning"
    return only


def test_states_that_fit_say_nothing_of_activations(resolved: Resolve) -> None:
    found = planned(resolved)
    fits = found.outputs["memory.fits"]
    assert (fits.low, fits.mid, fits.high, fits.formula) == (None, None, None, None)
    assert fits.reason == "the model states fit; activations are unknown: no layout is stated"
    assert found.diagnostics == ()


def test_a_plan_with_too_few_accelerators_warns_and_is_still_estimated(resolved: Resolve) -> None:
    found = planned(resolved, count=64)
    # 7305 GB in 80 GB each: 92.
    assert found.outputs["memory.fits"].mid == 0.0
    message = warning(found, "CC603").message
    assert message == "the model states alone need 92 accelerators of this memory, the plan has 64"
    assert warning(found, "CC603").span is not None
    assert found.outputs["accelerators"].mid == 64.0
    assert found.outputs["cost.total"].mid is not None


def test_a_layout_that_holds_too_much_is_blamed_on_the_layout(resolved: Resolve) -> None:
    # 8 ranks only: 405.85e9 / 8 x (2 + 4 + 12/2048) bytes are 305 GB.
    found = planned(resolved, layout="{tensor: 8}")
    assert found.outputs["memory.per_accelerator.weights"].mid == pytest.approx(405.853e9 / 8 * 2, rel=1e-5)
    assert found.outputs["memory.fits"].mid == 0.0
    assert warning(found, "CC603").message == "the model states do not fit one accelerator under this layout"


def test_a_layout_on_too_few_accelerators_is_blamed_on_the_count(resolved: Resolve) -> None:
    found = planned(resolved, count=64, layout="{tensor: 8, pipeline: 8}")
    assert warning(found, "CC603").message.startswith("the model states alone need 92 accelerators")


def test_a_layout_with_a_batch_is_judged_by_its_worst_stage(resolved: Resolve) -> None:
    body = PLAN.replace("8192}", "8192, global_batch: 2048}").replace("MFU", "0.4").replace("COUNT", "16384")
    found = estimate(resolved(body.replace("LAYOUT", "{tensor: 8, pipeline: 16}")))
    assert found.outputs["memory.fits"].mid == 0.0
    told = warning(found, "CC603")
    # 5 % are in reserve in the frozen catalog. First stage: 8 of 126 layers and the embedding, 16 micro-batches.
    assert told.message.startswith("the worst pipeline stage needs ")
    assert told.message.endswith(" on each accelerator, of 80.0 GB less 5% in reserve")
    assert told.hint == "it would fit with layout.recompute: full"
    lighter = estimate(resolved(body.replace("LAYOUT", "{tensor: 8, pipeline: 16, recompute: full}")))
    assert lighter.outputs["memory.fits"].mid == 1.0
    assert lighter.diagnostics == ()
    parts = [value.mid for name, value in lighter.outputs.items() if name.startswith("memory.per_accelerator.")]
    assert lighter.outputs["memory.per_accelerator"].mid == pytest.approx(sum(parts))  # type: ignore[arg-type]


def test_no_layout_helps_where_only_more_memory_would(resolved: Resolve) -> None:
    body = PLAN.replace("8192}", "8192, global_batch: 2048}").replace("MFU", "0.4").replace("COUNT", "96")
    found = estimate(resolved(body.replace("LAYOUT", "{tensor: 8, pipeline: 12, recompute: full, sharding: full}")))
    assert warning(found, "CC603").hint.startswith("an accelerator with ")


def test_utilization_above_one_is_a_contradiction(resolved: Resolve) -> None:
    # MFU 0.9 with every layer computed a fourth time: HFU near 0.9 x 4/3 = 1.2.
    found = planned(resolved, mfu="0.9", layout="{tensor: 8, pipeline: 16, recompute: full}")
    assert found.outputs["hfu"].mid == pytest.approx(1.2, rel=0.02)
    message = warning(found, "CC604").message
    assert message.startswith("hardware utilization would be 1.2")
    assert message.endswith("MFU and recompute (full) contradict each other")


def test_high_but_possible_utilization_is_no_contradiction(resolved: Resolve) -> None:
    found = planned(resolved, mfu="0.7", layout="{tensor: 8, pipeline: 16, recompute: full}")
    assert found.outputs["hfu"].mid == pytest.approx(0.94, rel=0.02)
    assert found.diagnostics == ()


@pytest.mark.parametrize(
    ("changed", "metric", "reason"),
    [
        ({}, "time.step", "no global batch is stated"),
        ({}, "memory.per_accelerator.weights", "no layout is stated"),
        (
            {"LAYOUT": "{tensor: 8}", "COUNT": "8..16"},
            "memory.per_accelerator.optimizer",
            "the data-parallel degree needs one count of accelerators",
        ),
        (
            {"h100-sxm": "mtia-400"},
            "power.facility_peak",
            "the catalog has no thermal design power of mtia-400",
        ),
        (
            {"h100-sxm": "mtia-400", "price: 2 USD/accelerator/h": ""},
            "cost.total",
            "the catalog has no on-demand price of mtia-400; state money.price",
        ),
    ],
)
def test_unknown_inputs_give_unknown_metrics_with_the_reason(
    resolved: Resolve, changed: dict[str, str], metric: str, reason: str
) -> None:
    body = PLAN
    for old, new in (changed | {"COUNT": "16", "MFU": "0.4", "LAYOUT": "auto"} | changed).items():
        body = body.replace(old, new)
    given = resolved(body)
    found = unknown_metrics(given)
    assert found[metric] == reason
    assert set(found) <= set(METRICS)
    value = estimate(given).outputs[metric]
    assert (value.low, value.mid, value.high, value.reason) == (None, None, None, reason)


def test_without_any_power_all_energy_is_unknown(resolved: Resolve) -> None:
    body = PLAN.replace("LAYOUT", "auto").replace("COUNT", "16384").replace("MFU", "0.4")
    body = body.replace("h100-sxm", "mtia-400").replace("accelerator: 600 W", "host_overhead: 1.3")
    found = estimate(resolved(body)).outputs
    reason = "the catalog has no thermal design power of mtia-400; state power.accelerator"
    for name in ("power.accelerator", "power.it", "energy.accelerator", "energy.it", "energy.facility"):
        assert (found[name].mid, found[name].reason) == (None, reason)
    assert found["carbon.operational"].reason == reason
    assert found["power.facility_peak"].reason == "the catalog has no thermal design power of mtia-400"
    assert found["cost.total"].mid is not None


def test_a_range_of_batches_is_a_range_of_memory(resolved: Resolve) -> None:
    body = PLAN.replace("8192}", "8192, global_batch: 256..1024..2048}").replace("MFU", "0.4").replace("COUNT", "16384")
    found = estimate(resolved(body.replace("LAYOUT", "{tensor: 8, pipeline: 16, recompute: full}"))).outputs
    held = found["memory.per_accelerator.activations"]
    assert held.low is not None
    assert held.high is not None
    assert held.driver == "data.global_batch"
    # 16 instead of 8 micro-batches in flight: 8 x 8 more inputs of 8192 x 16,384 x 2 bytes over 8 tensor ranks.
    assert held.mid is not None
    assert held.high - held.mid == pytest.approx(8 * 8 * 8192 * 16384 * 2 / 8)
