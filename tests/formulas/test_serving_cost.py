"""Cost of tokens, with the published figures of one real fleet."""

from __future__ import annotations

import pytest

from computecalc.formulas.serving_cost import (
    input_token_time,
    output_token_time,
    phase_accelerators,
    replica_token_energy,
    token_carbon,
    token_cost,
    token_energy,
    token_flow,
    used_share,
)

DAY, HOUR = 86_400.0, 3600.0

# DeepSeek's published day (open-infra-index, "Inference System Overview"): 608 G input and 168 G output tokens, 73,700
# input and 14,800 output tokens a second for a node of 8, 226.75 nodes on average, 2 USD an accelerator and hour.
INPUT, OUTPUT = 8 / 73_700, 8 / 14_800


def test_a_published_fleet() -> None:
    nodes = [
        phase_accelerators(tokens=tokens / DAY, each=each) / 8 for tokens, each in ((608e9, INPUT), (168e9, OUTPUT))
    ]
    assert sum(nodes) == pytest.approx(226.9, abs=0.05)
    assert sum(nodes) == pytest.approx(226.75, rel=1e-3)


@pytest.mark.parametrize(("each", "dollars"), [(INPUT, 0.060), (OUTPUT, 0.300)])
def test_a_million_tokens_of_it(each: float, dollars: float) -> None:
    assert token_cost(time=each, price=2.0 / HOUR, utilization=1.0) * 1e6 == pytest.approx(dollars, abs=5e-4)


def test_idle_time_is_paid_for() -> None:
    assert token_cost(time=0.002, price=0.5, utilization=0.25) == 0.004


def test_both_phases_take_all_the_time_of_a_busy_replica() -> None:
    # 50 requests of 1000 + 500 tokens on 8 accelerators: decoding 500 x 20 ms and 50 prompts of 100 ms in 15 s.
    prompt = input_token_time(charge=0.1, prompt=1000.0, accelerators=8.0, stages=1.0)
    output = output_token_time(decode=0.02, accepted=1.0, running=50.0, accelerators=8.0)
    assert 50 * (1000 * prompt + 500 * output) == pytest.approx(8 * 15.0)


def test_drafts_and_stages_spare_time() -> None:
    assert output_token_time(decode=0.02, accepted=2.0, running=50.0, accelerators=8.0) == pytest.approx(0.0016)
    assert input_token_time(charge=0.1, prompt=1000.0, accelerators=8.0, stages=2.0) == pytest.approx(0.0004)


def test_a_token_s_share() -> None:
    # Llama-3.1-70B on four H100: 1850 W together at 492 tokens a second are 3.76 J.
    assert replica_token_energy(power=462.5, rate=123.0) == pytest.approx(3.76, abs=0.005)
    assert token_energy(energy=1000.0, tokens=4.0) == 250.0
    assert token_carbon(carbon=10.0, tokens=4.0) == 2.5
    assert token_flow(rate=50.0, each=400.0) == 20_000.0


def test_shares_of_the_time_in_use_add_up_to_the_rent() -> None:
    # 10 accelerators busy with prompts and 30 with output, of 80: 2 USD/s of rent is 0.025 for each.
    used = used_share(working=(10.0, 30.0), accelerators=80.0)
    parts = [token_cost(time=busy / 1000.0, price=0.025, utilization=used) * 1000.0 for busy in (10.0, 30.0)]
    assert sum(parts) == pytest.approx(2.0)
    assert parts == pytest.approx([0.5, 1.5])
