from __future__ import annotations

import numpy as np

from computecalc.formulas.buffers import (
    copy_bytes,
    largest_bytes,
    present_bytes,
    repeated_bytes,
    shard_degree,
    usable_memory,
)


def test_context_ranks_share_states_as_data_ranks_do() -> None:
    assert shard_degree(data=3.0, context=4.0) == 12.0


def test_bytes_in_passing() -> None:
    assert copy_bytes(parameters=5.0, bytes_per_parameter=4.0) == 20.0
    assert repeated_bytes(each=5.0, count=2.5) == 12.5


def test_one_layer_counts_once_where_there_are_any() -> None:
    assert present_bytes(each=7.0, count=np.array([0.0, 0.5, 1.0, 9.0])).tolist() == [0.0, 7.0, 7.0, 7.0]  # type: ignore[union-attr]


def test_needs_that_never_meet_are_not_added() -> None:
    assert float(largest_bytes(parts=(3.0, 9.0, 4.0))) == 9.0


def test_the_reserve_is_a_share_of_the_memory() -> None:
    # 80 GB less 6 %.
    assert round(float(usable_memory(capacity=80e9, reserve=0.06))) == 75_200_000_000
