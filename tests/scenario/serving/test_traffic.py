from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate

Served = Callable[..., Resolved]
Denied = Callable[..., tuple[Diagnostic, ...]]


@pytest.mark.parametrize("text", ["1500", "1500 tokens", "1.5K tokens", "1500 token/request"])
def test_a_length_is_tokens_or_tokens_a_request(served: Served, text: str) -> None:
    assert served(traffic=f"{{input: {text}, output: 400}}").inputs["traffic.input"].range.mid == 1500.0


@pytest.mark.parametrize(
    ("load", "rate"),
    [
        ("rate: 50 request/s", 50.0),
        ("rate: 3M request/d", 3e6 / 86400.0),
        # 1900 tokens a request.
        ("tokens: 19000 token/s", 10.0),
        # A month is 30.4375 d.
        ("users: 3B, requests_per_user: 10 request/month", 30e9 / (30.4375 * 86400.0)),
    ],
)
def test_every_way_of_saying_how_much_is_a_rate(served: Served, load: str, rate: float) -> None:
    found = estimate(served(traffic=f"{{input: 1500, output: 400, {load}}}")).outputs
    assert found["throughput.requests"].mid == pytest.approx(rate, rel=1e-12)


def test_a_closed_loop_is_spread_over_replicas(served: Served) -> None:
    given = served(traffic="{input: 1500, output: 400, concurrency: 100}")
    # At most 32 in a replica: four replicas of 25.
    assert given.inputs["serving.replicas"].range.mid == 4.0
    assert given.inputs["serving.batch"].range.mid == 25.0
    found = estimate(given).outputs
    assert found["replicas"].mid == 4.0
    assert found["utilization"].mid == 1.0
    # Little's law: what is in flight is the rate times the time of a request.
    rate, latency = found["throughput.requests"].mid, found["latency.request"].mid
    assert rate is not None
    assert latency is not None
    assert rate * latency == pytest.approx(100.0, rel=1e-9)


def test_without_a_load_one_replica_is_busy(served: Served) -> None:
    found = estimate(served(traffic="{input: 1500, output: 400}")).outputs
    assert (found["replicas"].mid, found["utilization"].mid) == (1.0, 1.0)


def test_what_is_not_stated_is_named(served: Served) -> None:
    inputs = served().inputs
    for path, value in (("traffic.peak_to_mean", 1.0), ("traffic.cache_hit", 0.0), ("serving.spare", 0.0)):
        assert inputs[path].range.mid == value
        assert inputs[path].origin.kind == "default"
    assert inputs["traffic.period"].range.mid == 86400.0
    assert inputs["traffic.bundle"].range.mid == 1e6


@pytest.mark.parametrize(
    ("traffic", "code", "words"),
    [
        ("rate: 5 request/s, tokens: 1M token/d", "CC304", "`traffic.rate` and `traffic.tokens`"),
        ("requests_per_user: 10 request/month", "CC305", "without `traffic.users`"),
        ("cache_hit: 100%", "CC405", "1"),
        ("peak_to_mean: 0.5", "CC405", "0.5"),
        ("concurrency: 0", "CC405", "0"),
    ],
)
def test_traffic_that_cannot_be_is_refused(denied: Denied, traffic: str, code: str, words: str) -> None:
    (found,) = denied(traffic=f"{{input: 1500, output: 400, {traffic}}}")
    assert found.code == code
    assert words in found.message
    assert found.hint
    assert found.span is not None


def test_a_range_from_no_output_to_some_is_refused(denied: Denied) -> None:
    (found,) = denied(traffic="{input: 1500, output: 0..100..400}")
    assert found.code == "CC405"


def test_what_only_a_rate_uses_is_told(served: Served) -> None:
    notes = served(traffic="{input: 1500, output: 400, concurrency: 64, peak_to_mean: 2}").diagnostics
    (note,) = [each for each in notes if each.code == "CC606"]
    assert "traffic.peak_to_mean" in note.message


def test_what_only_output_uses_is_told(served: Served) -> None:
    serving = "{accelerator: h100-sxm, tensor: 8, precision: fp8, speculative: {tokens: 1, acceptance: 0.8}}"
    notes = served(traffic="{input: 1500, output: 0}", serving=serving, targets="{tpot: 5 ms}").diagnostics
    (note,) = [each for each in notes if each.code == "CC606"]
    assert "targets.tpot, serving.speculative" in note.message
