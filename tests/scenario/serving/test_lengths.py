"""Lengths in all their forms, and what is none."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from pydantic_core import PydanticCustomError

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.serving.lengths import parse_input, parse_output

Served = Callable[..., Resolved]
Denied = Callable[..., tuple[Diagnostic, ...]]

MIXTURE = "[{share: 70 %, tokens: 500}, {share: 30 %, tokens: 8K tokens}]"


def test_shares_of_lengths() -> None:
    found = parse_input([{"share": "70 %", "tokens": 500}, {"share": 0.3, "tokens": "8K tokens"}])
    # 350 + 2400; squares 175e3 + 19.2e6.
    assert found.mean.mid == pytest.approx(2750.0)
    assert found.spread == pytest.approx(19.375e6 / 2750**2)
    assert found.long == 8000.0
    assert parse_input("70 % x 500, 30 % x 8K tokens") == found


def test_the_long_one_is_that_of_nine_in_ten() -> None:
    parts = [{"share": share, "tokens": tokens} for share, tokens in ((0.05, 9000), (0.8, 100), (0.15, 400))]
    assert parse_output(parts).long == 400.0


@pytest.mark.parametrize(
    ("given", "mean", "sigma"),
    [
        # ln(4000/1000) / 1.281552 = 1.081735.
        ({"p50": 1000, "p90": 4000}, 1000 * math.exp(1.081735**2 / 2), 1.081735),
        # sigma^2 / 2 = ln(mean / median).
        ({"mean": 1500, "p50": 1000}, 1500, math.sqrt(2 * math.log(1.5))),
        # 1.281552 s - s^2 / 2 = ln(4000 / 2000): s = 1.281552 - sqrt(1.281552^2 - 1.386294) = 1.281552 - 0.506044.
        ({"mean": 2000, "p90": 4000}, 2000, 0.775508),
        # ln(8000/2000) / (2.326348 - 1.281552) = 1.326854.
        ({"p90": 2000, "p99": 8000}, 2000 * math.exp(-1.281552 * 1.326854 + 1.326854**2 / 2), 1.326854),
    ],
)
def test_two_figures_of_a_lognormal_distribution(given: dict[str, int], mean: float, sigma: float) -> None:
    found = parse_input(given)
    assert found.mean.mid == pytest.approx(mean, rel=1e-5)
    assert found.spread == pytest.approx(math.exp(sigma**2), rel=1e-4)
    if "p90" in given:
        assert found.long == pytest.approx(given["p90"], rel=1e-9)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([{"share": 0.5, "tokens": 100}, {"share": 0.4, "tokens": 200}], "90 %"),
        ([{"share": 1.0, "tokens": 100}], "2 to 64"),
        ([{"share": 0.5, "token": 100}, {"share": 0.5, "tokens": 200}], "`share` and `tokens`"),
        ([{"share": "x", "tokens": 100}, {"share": 0.5, "tokens": 200}], "share"),
        ([100, 200], "`share` and `tokens`"),
        ({"mean": 1000}, "two of mean"),
        ({"mean": 1000, "p90": 2000, "p99": 3000}, "two of mean"),
        ({"mean": 1000, "max": 2000}, "two of mean"),
        ({"p50": 2000, "p90": 1000}, "p90 is below p50"),
        ({"mean": 1000, "p90": 900}, "below the mean"),
        ({"mean": 1000, "p90": 100_000}, "so far above"),
        ({"mean": 1000, "p50": 2000}, "so far above"),
        ("70 % x 500, 8000", "70 % x 500"),
    ],
)
def test_what_is_no_distribution_is_said(given: object, words: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        parse_input(given)
    assert caught.value.type == "CC626"
    assert words in caught.value.message()


@pytest.mark.parametrize("tokens", [0, -1, "nan", "0.5"])
def test_a_length_in_a_distribution_is_at_least_one_token(tokens: object) -> None:
    with pytest.raises(PydanticCustomError):
        parse_output([{"share": 0.5, "tokens": tokens}, {"share": 0.5, "tokens": 200}])


def test_a_distribution_in_a_file(served: Served) -> None:
    given = served(traffic=f"{{input: {MIXTURE}, output: {{mean: 400, p90: 900}}, rate: 5 request/s}}")
    assert given.inputs["traffic.input"].range.mid == pytest.approx(2750.0)
    assert "mean of 2 lengths" in given.inputs["traffic.input"].origin.text
    assert "lognormal with mean 400 and p90 900" in given.inputs["traffic.output"].origin.text
    assert given.inputs["traffic.input_long"].range.mid == 8000.0
    found = {name: metric.mid for name, metric in estimate(given).outputs.items()}
    plain = served(traffic="{input: 2750, output: 400, rate: 5 request/s}")
    same = {name: metric.mid for name, metric in estimate(plain).outputs.items()}
    # As many tokens, but attention to twice and a half as many keys: more work a prompt, more cache a request.
    assert found["throughput.cluster"] == pytest.approx(same["throughput.cluster"])
    assert found["compute.prefill_per_request"] > same["compute.prefill_per_request"]
    # 126 layers x 4 x 128 heads x 128, causal: half of the keys of E[I^2].
    attention = 126 * 4 * 128 * 128 / 2
    assert found["compute.prefill_per_request"] - same["compute.prefill_per_request"] == pytest.approx(
        attention * (19.375e6 - 2750**2), rel=1e-9
    )
    assert found["memory.per_accelerator.kv_cache"] > same["memory.per_accelerator.kv_cache"]
    assert found["latency.ttft_long"] > found["latency.ttft"]
    assert found["latency.request_long"] > found["latency.request"]
    assert "latency.ttft_long" not in same


def test_a_wrong_distribution_is_shown_where_it_is(denied: Denied) -> None:
    (found,) = denied(traffic="{input: [{share: 50 %, tokens: 500}, {share: 40 %, tokens: 800}], output: 400}")
    assert found.code == "CC626"
    assert found.span is not None
    assert "100 %" in found.message
    assert found.hint


def test_documents_of_many_lengths_can_be_read_alone(served: Served) -> None:
    given = served(traffic=f"{{input: {MIXTURE}, output: 0, rate: 1 request/s}}")
    found = estimate(given).outputs
    long, usual = found["latency.ttft_long"].mid, found["latency.ttft"].mid
    assert long is not None
    assert usual is not None
    assert long > usual
    assert "latency.request_long" not in found
