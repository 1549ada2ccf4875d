from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from computecalc.estimators.inference.batch import filling_concurrency, largest_concurrency
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import replica_times
from computecalc.estimators.inference.memory import replica_memory

Serve = Callable[..., ServingInputs]


def test_memory_alone_limits(serve: Serve) -> None:
    assert largest_concurrency(serve(), interval=None, first_token=None) == 15.0


def test_targets_limit_to_whole_requests(serve: Serve) -> None:
    # C requests decode in 5.44 C s, and prompts of the others add 31.68 (C - 1) / 4: up to 3 within 33 s (32.16 at 3,
    # 45.52 at 4). A first token takes 5.44 C + 31.68, and from 5 on, where prompts share a step, 5.44 C + 31.68 C / 4:
    # up to 4 within 54 s (53.44 at 4).
    assert largest_concurrency(serve(), interval=33.0, first_token=None) == 3.0
    assert largest_concurrency(serve(), interval=None, first_token=54.0) == 4.0
    assert largest_concurrency(serve(), interval=33.0, first_token=54.0) == 3.0
    assert largest_concurrency(serve(), interval=32.16 + 1e-9, first_token=None) == 3.0
    assert largest_concurrency(serve(), interval=32.16 - 1e-9, first_token=None) == 2.0


def test_nothing_meets_the_impossible(serve: Serve) -> None:
    assert largest_concurrency(serve(), interval=5.0, first_token=None) == 0.0
    assert largest_concurrency(serve(memory=6000.0), interval=None, first_token=None) == 0.0


def test_many_layouts_at_once(workload: Serve) -> None:
    inputs = workload("llama-3.1-70b", precision="fp8", tensor=np.array([1.0, 2.0, 4.0, 8.0]))
    found = largest_concurrency(inputs, interval=0.03, first_token=2.0)
    assert isinstance(found, np.ndarray)
    # One accelerator has 72 GB of weights in 72 GB.
    assert found[0] == 0.0
    for place, tensor in enumerate((2.0, 4.0, 8.0), start=1):
        for more, kept in ((0.0, True), (1.0, False)):
            one = replace(inputs, tensor=tensor, concurrency=found[place] + more)
            times = replica_times(one, replica_memory(one))
            fits = one.concurrency <= replica_memory(one).capacity
            assert bool(times.interval <= 0.03 and times.first_token <= 2.0 and fits) is kept
            assert largest_concurrency(one, interval=0.03, first_token=2.0) == pytest.approx(found[place])


@pytest.mark.parametrize("interval", [0.012, 0.02, 0.05, 0.2])
def test_all_cases_at_once_are_each_case_alone(workload: Serve, interval: float) -> None:
    # A thousand cases are cut into nine sections a round, a single one into more than a hundred.
    tensor = np.tile([2.0, 4.0, 8.0, 8.0], 250)
    prompt = np.repeat([500.0, 4000.0], 500)
    inputs = workload("llama-3.1-70b", precision="fp8", tensor=tensor, prompt=prompt)
    found = np.asarray(largest_concurrency(inputs, interval=interval, first_token=None))
    for case in (0, 1, 3, 999):
        one = replace(inputs, tensor=float(tensor[case]), prompt=float(prompt[case]))
        assert largest_concurrency(one, interval=interval, first_token=None) == found[case]


def test_prompts_that_fill_a_step(serve: Serve) -> None:
    # Prompts of 3000 tokens: 2.7 of them in the 8192 of a step, so 3 fill it in each of two groups of ranks.
    inputs = serve(prompt=3000.0, memory=1e9, attention_data=2.0)
    found = filling_concurrency(inputs, replica_memory(inputs), first_token=None)
    assert float(found) == 6.0
    assert float(filling_concurrency(inputs, replica_memory(inputs), first_token=1e-6)) == 0.0
