from __future__ import annotations

import numpy as np
import pytest

from computecalc.formulas.stages import (
    first_stage,
    head_copies,
    in_flight_micro_batches,
    last_stage,
    leading_layers,
    micro_batch_count,
    spread_layers,
    stage_layers,
)

SHAPES = [(12, 2, 1), (126, 16, 1), (61, 16, 1), (96, 16, 6), (80, 8, 3), (61, 4, 7), (5, 4, 1), (7, 7, 1)]
"""Layers, stages, chunks a stage; even and uneven."""


def chunks(layers: int, pipeline: int, virtual: int) -> list[int]:
    """Sizes of all chunks in order, dealt out one by one."""
    count = pipeline * virtual
    return [layers // count + (number < layers % count) for number in range(count)]


@pytest.mark.parametrize(("layers", "pipeline", "virtual"), SHAPES)
def test_chunks_are_dealt_to_stages_in_turn(layers: int, pipeline: int, virtual: int) -> None:
    sizes = chunks(layers, pipeline, virtual)
    stages = np.arange(float(pipeline))
    given = {"layers": float(layers), "pipeline": float(pipeline), "virtual": float(virtual), "stage": stages}
    assert stage_layers(**given).tolist() == [sum(sizes[stage::pipeline]) for stage in range(pipeline)]  # type: ignore[union-attr]
    assert float(np.sum(stage_layers(**given))) == layers


@pytest.mark.parametrize("leading", [1, 3, 5])
@pytest.mark.parametrize(("layers", "pipeline", "virtual"), SHAPES)
def test_leading_layers_fill_the_first_chunks(layers: int, pipeline: int, virtual: int, leading: int) -> None:
    # Layer by layer: which chunk, hence which stage, holds each of the first ones.
    owner = [number % pipeline for number, size in enumerate(chunks(layers, pipeline, virtual)) for _ in range(size)]
    found = leading_layers(
        leading=float(leading),
        layers=float(layers),
        pipeline=float(pipeline),
        virtual=float(virtual),
        stage=np.arange(float(pipeline)),
    )
    assert found.tolist() == [owner[:leading].count(stage) for stage in range(pipeline)]  # type: ignore[union-attr]


def test_groups_that_alternate_are_spread_by_their_share() -> None:
    # 10 of a stage's 13 layers are not leading; the group has 3 of 4 of those.
    assert spread_layers(held=13.0, leading=3.0, count=36.0, others=48.0) == 7.5


@pytest.mark.parametrize(
    ("micro_batches", "pipeline", "virtual", "in_flight"),
    [
        (64.0, 4.0, 1.0, [4.0, 3.0, 2.0, 1.0]),
        (2.0, 4.0, 1.0, [2.0, 2.0, 2.0, 1.0]),
        (1.0, 4.0, 1.0, [1.0, 1.0, 1.0, 1.0]),
        # Warm-up of interleaving with 2 chunks: 4 + 2 x 3 + 1 = 11 chunks on the first, 5 on the last.
        (64.0, 4.0, 2.0, [5.5, 4.5, 3.5, 2.5]),
        (8.0, 1.0, 1.0, [1.0]),
    ],
)
def test_micro_batches_wait_for_the_stages_behind(
    micro_batches: float, pipeline: float, virtual: float, in_flight: list[float]
) -> None:
    found = in_flight_micro_batches(
        micro_batches=micro_batches, pipeline=pipeline, virtual=virtual, stage=np.arange(pipeline)
    )
    assert found.tolist() == in_flight  # type: ignore[union-attr]


@pytest.mark.parametrize(("pipeline", "virtual"), [(8.0, 2.0), (16.0, 6.0), (64.0, 3.0)])
def test_interleaving_costs_the_published_factor_on_the_first_stage(pipeline: float, virtual: float) -> None:
    # Korthikanti et al. 2022, section 4.2.3: 1 + (p - 1) / (p v).
    found = in_flight_micro_batches(micro_batches=1e6, pipeline=pipeline, virtual=virtual, stage=0.0)
    assert float(found) == pytest.approx(pipeline * (1 + (pipeline - 1) / (pipeline * virtual)))


@pytest.mark.parametrize(
    ("batch", "data", "size", "count"),
    [(2048.0, 128.0, 1.0, 16.0), (100.0, 8.0, 4.0, 4.0), (4.0, 8.0, 1.0, 1.0), (49 * 0.1, 0.1, 1.0, 49.0)],
)
def test_micro_batches_of_a_step(batch: float, data: float, size: float, count: float) -> None:
    assert float(micro_batch_count(global_batch=batch, data=data, micro_batch=size)) == count


def test_embedding_is_on_the_first_stage_and_the_head_on_the_last() -> None:
    stages = np.arange(3.0)
    assert first_stage(stage=stages).tolist() == [1.0, 0.0, 0.0]  # type: ignore[union-attr]
    assert last_stage(stage=stages, pipeline=3.0).tolist() == [0.0, 0.0, 1.0]  # type: ignore[union-attr]
    for tied, pipeline, wanted in [(0.0, 3.0, [0, 0, 1]), (1.0, 3.0, [0, 0, 1]), (0.0, 1.0, [1]), (1.0, 1.0, [0])]:
        found = head_copies(stage=np.arange(pipeline), pipeline=pipeline, tied=tied)
        assert found.tolist() == wanted  # type: ignore[union-attr]
