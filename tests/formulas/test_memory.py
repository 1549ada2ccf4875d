from __future__ import annotations

import numpy as np
import pytest

from computecalc.formulas.memory import (
    accelerators_to_hold,
    bytes_per_parameter,
    evenly_spread_bytes,
    fits_memory,
    held_bytes,
    model_state_bytes,
    rank_parameters,
    sharded_state_bytes,
)


def sharded(*, shared: float = 0.0, experts: float = 0.0, size: float = 12.0, **degrees: float) -> float:
    given = {"data": 1.0, "expert": 1.0, "sharded": 1.0} | degrees
    return float(sharded_state_bytes(shared=shared, experts=experts, bytes_per_parameter=size, **given))


def test_zero_paper_model_states() -> None:
    # Rajbhandari et al., section 3.1: 7.5 B parameters at 16 bytes are 120 GB.
    assert model_state_bytes(parameters=7.5e9, bytes_per_parameter=16.0) == 120e9


def test_adam_in_mixed_precision_takes_18_bytes_with_single_precision_gradients() -> None:
    # 2 weight, 4 gradient, 4 master + 8 moments.
    assert bytes_per_parameter(weights=2.0, gradients=4.0, optimizer=12.0) == 18.0
    # Rajbhandari et al., section 3.1: 2 + 2 + 12 = 16.
    assert bytes_per_parameter(weights=2.0, gradients=2.0, optimizer=12.0) == 16.0


def test_rank_parameters_divide_by_tensor_and_pipeline() -> None:
    # 405e9 over 8 x 16 = 128 ranks: 3.1640625e9.
    found = rank_parameters(shared=405.0e9, experts=0.0, tensor=8.0, pipeline=16.0, expert=1.0)
    assert found == 3.1640625e9


def test_only_experts_divide_by_the_expert_degree() -> None:
    # (8e9 + 64e9 / 8) / (2 x 4) = 16e9 / 8.
    assert rank_parameters(shared=8.0e9, experts=64.0e9, tensor=2.0, pipeline=4.0, expert=8.0) == 2.0e9
    # Without experts the degree changes nothing.
    assert rank_parameters(shared=8.0e9, experts=0.0, tensor=2.0, pipeline=4.0, expert=8.0) == 1.0e9


def test_zero_paper_figure_1() -> None:
    # 7.5 B parameters over 64 ranks: 12 bytes of optimizer states become 7.5e9 x 12 / 64 = 1.40625 GB.
    assert sharded(shared=7.5e9, data=64.0) == 1.40625e9
    # Unsharded they are 90 GB on every rank.
    assert sharded(shared=7.5e9, data=64.0, sharded=0.0) == 90e9


def test_experts_shard_over_the_ranks_that_hold_the_same_expert() -> None:
    # 16 ranks, 8 of them each another expert: 2 ranks share one, so 1e9 x 12 / 2.
    assert sharded(experts=1.0e9, data=16.0, expert=8.0) == 6.0e9
    # Shared parameters shard over all 16.
    assert sharded(shared=1.0e9, data=16.0, expert=8.0) == 0.75e9
    # Expert parallel over all 16: nobody else holds the expert, nothing is left to shard.
    assert sharded(experts=1.0e9, data=16.0, expert=16.0) == 12.0e9


def test_sharding_over_one_rank_changes_nothing() -> None:
    assert sharded(shared=2.0e9, experts=3.0e9) == sharded(shared=2.0e9, experts=3.0e9, sharded=0.0) == 60e9


def test_sharded_bytes_of_cases() -> None:
    # One case sharded over 4 ranks, one not.
    found = sharded_state_bytes(
        shared=1.0e9, experts=0.0, bytes_per_parameter=4.0, data=4.0, expert=1.0, sharded=np.array([1.0, 0.0])
    )
    assert np.asarray(found).tolist() == [1.0e9, 4.0e9]


@pytest.mark.parametrize(("states", "count"), [(80e9, 1.0), (80.1e9, 2.0), (160e9, 2.0), (7305e9, 92.0)])
def test_accelerators_to_hold_rounds_up(states: float, count: float) -> None:
    # 7305 GB of Llama 3.1 405B in 80 GB: 91.3, hence 92.
    assert accelerators_to_hold(model_states=states, capacity=80e9) == count


def test_evenly_spread_bytes() -> None:
    assert evenly_spread_bytes(model_states=8.0e12, accelerators=1000.0) == 8.0e9


def test_held_bytes_adds_every_state() -> None:
    assert held_bytes(parts=(2.0, 4.0, 12.0)) == 18.0


def test_memory_that_is_exactly_full_still_fits() -> None:
    needed = np.array([79.9e9, 80e9, 80.1e9])
    assert np.asarray(fits_memory(needed=needed, capacity=80e9)).tolist() == [1.0, 1.0, 0.0]
