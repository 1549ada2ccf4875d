"""Mixers with a state, counted by hand in the toy model: hidden width 8, two layers, sequences of 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.mixers import GatedDelta, KimiDelta, Lightning, Mamba, Mamba2
from computecalc.estimators.layers import ModelCount

Build = Callable[..., Architecture]
Counted = Callable[..., ModelCount]

# Two feed-forwards of 3 x 8 x 16 and four norms of 8 make 800; embedding, head and final norm 1608. They work
# 2 x 768 + 2 x 800 = 3136.
REST, REST_WORK = 2408.0, 3136.0

CASES = [
    # Keys 3 wide, values 10. Query and key 24 each, value and gate 80 each, write strength and decay 16 each,
    # convolution 4 x (3 + 3 + 10) = 64, output 80: 384. Decay rate and time step 2 x 2, norm 5: 9.
    # State: three products of 2 x 2 heads x 3 x 5 = 60.
    (GatedDelta(key_heads=1, value_heads=2, key_head_size=3, value_head_size=5, convolution=4), 384, 9, 180),
    # 6 wide. Query, key, value and output 48 each, convolution 4 x 18 = 72, decay through 3: 24 + 18, write strength
    # 16, gate through 3: 24 + 18: 364. Decay rate 2, time step 6, norm 3: 11. State: three products of 2 x 2 x 3 x 3.
    (KimiDelta(heads=2, head_size=3, convolution=4), 364, 11, 108),
    # The gate is 48 instead of 42.
    (KimiDelta(heads=2, head_size=3, convolution=4, full_rank_gate=True), 370, 11, 108),
    # Query, key, value, gate, output: 5 x 48. A norm of 6. Two products of 2 x 2 x 3 x 3 = 36.
    (Lightning(heads=2, head_size=3), 240, 6, 72),
    # 16 channels. Input and gate 128 each, convolution 64, projections 16 x (5 + 3 + 3) = 176, time step 5 x 16 = 80,
    # output 128: 704. Biases 16 + 16, decay rates 16 x 3, skip 16: 96. Two products of 2 x 16 x 3 = 96.
    (Mamba(expansion=2, state_size=3, convolution=4, time_step_rank=5), 704, 96, 192),
    # Norms of 5, 3 and 3.
    (Mamba(expansion=2, state_size=3, convolution=4, time_step_rank=5, inner_norms=True), 704, 107, 192),
    # 12 channels, two groups of 5. Input and gate 96 each, write and read 8 x 20 = 160, time step 32, convolution
    # 4 x (12 + 20) = 128, output 96: 608. Its bias 32, three vectors of 4, norm 12: 56. Two products of 2 x 4 x 3 x 5.
    (Mamba2(heads=4, head_size=3, groups=2, state_size=5, convolution=4), 608, 56, 240),
]


@pytest.mark.parametrize(("mixer", "matrices", "vectors", "state"), CASES)
def test_parameters_and_work(toy: Build, count: Counted, mixer: Any, matrices: int, vectors: int, state: int) -> None:
    found = count(toy(mixer))
    assert found.parameters == found.active == REST + 2 * (matrices + vectors)
    assert found.core == 2 * state
    assert found.forward == REST_WORK + 2 * (2 * matrices + state)
    # No mask to credit, and no scores that a fused kernel would compute again.
    assert found.forward_full == found.forward
    assert found.scores == 0.0


@pytest.mark.parametrize("mixer", [case[0] for case in CASES])
def test_the_sequence_does_not_matter(toy: Build, count: Counted, mixer: Any) -> None:
    assert count(toy(mixer), 10.0) == count(toy(mixer), 1_000_000.0)


def test_every_value_head_has_a_state(toy: Build, count: Counted) -> None:
    shape = {"key_heads": 2, "key_head_size": 3, "value_head_size": 5, "convolution": 4}
    few, many = (count(toy(GatedDelta(value_heads=heads, **shape))) for heads in (2, 4))
    # Two more states of 3 x 5, three products, two FLOPs, two layers; key heads stay.
    assert many.core - few.core == 2 * 2 * 3 * 2 * 15
