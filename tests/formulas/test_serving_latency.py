from __future__ import annotations

import pytest

from computecalc.formulas.serving_latency import (
    first_token_time,
    generation_time,
    longer_time,
    other_requests,
    prompt_charge,
    prompts_per_token,
    running_requests,
    scaled_time,
    token_interval,
)


@pytest.mark.parametrize(("asked", "capacity", "running"), [(10.0, 60.0, 10.0), (100.0, 60.0, 60.0), (10.0, 0.0, 1.0)])
def test_requests_run_as_far_as_there_is_room(asked: float, capacity: float, running: float) -> None:
    assert running_requests(asked=asked, capacity=capacity, least=1.0) == running


def test_the_work_of_prompts_is_conserved() -> None:
    # In the stay of a request of 100 tokens each of 50 others brings one prompt: 50 x 0.2 s in 100 intervals.
    others = other_requests(running=51.0)
    prompts = prompts_per_token(others=others, output=100.0)
    given = {"accepted": 1.0, "prompts": prompts, "charge": 0.2, "stages": 1.0}
    interval = token_interval(decode=0.03, share=1.0, **given)
    assert generation_time(interval=interval, output=100.0) == pytest.approx(100 * 0.03 + 50 * 0.2)
    assert token_interval(decode=0.03, share=0.0, **given) == 0.03
    assert other_requests(running=0.5) == 0.0


def test_a_prompt_is_charged_what_it_adds() -> None:
    # Three mixed steps of 50 ms instead of 20 ms, and 5 ms each besides.
    assert prompt_charge(chunks=3.0, mixed=0.05, decode=0.02, launch=0.005) == pytest.approx(0.105)


def test_the_first_token_comes_after_all_chunks_and_a_queue() -> None:
    found = first_token_time(base=0.01, chunks=3.0, decode=0.02, charge=0.1, others=20.0, queue_share=0.1, stages=2.0)
    assert found == pytest.approx(0.01 + 0.06 + 0.1 + 0.1 * 20 * 0.1 / 2)


def test_residuals() -> None:
    assert scaled_time(time=0.5, residual=1.5) == 0.75


def test_a_longer_prompt_adds_what_it_takes_itself() -> None:
    # 2 s in company, of which 0.5 s alone; the longer one takes 1.5 s alone.
    assert longer_time(time=2.0, longer=1.5, shorter=0.5) == 3.0
