from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import Architecture, ExpertFeedForward
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.layers import ModelCount, count_model
from computecalc.estimators.shapes import ModelShape
from computecalc.estimators.training.layouts import SHARDED_STATES
from computecalc.estimators.training.states import states

Run = Callable[..., TrainInputs]
Shaped = Callable[[Architecture], ModelShape]
Metrics = dict[str, float]

LAYOUT = {"tensor": 2.0, "pipeline": 4.0, "expert": 1.0, "data": 16.0}


def counted(*, shared: float, routed: float = 0.0) -> ModelCount:
    """A model of which only the parameters matter."""
    total = shared + routed
    return ModelCount(total, total, routed, shared, 0.0, 0.0, 0.0, 0.0, 0.0)


def found(inputs: TrainInputs, count: ModelCount, *, accelerators: float = 128.0) -> Metrics:
    return {name: float(value) for name, value in states(inputs, count, accelerators=accelerators).items()}


def each(metrics: Metrics) -> tuple[float, float, float]:
    """Weights, gradients and optimizer states of one accelerator."""
    weights, gradients, optimizer = (
        metrics[f"memory.per_accelerator.{state}"] for state in ("weights", "gradients", "optimizer")
    )
    return weights, gradients, optimizer


def test_states_of_the_largest_llama(run: Run, shape: Shaped) -> None:
    architecture = Catalog.open().find("model", "llama-3.1-405b").architecture
    assert architecture is not None
    metrics = found(run(), count_model(shape(architecture), 8192.0))
    # 405.853e9 parameters x 18 bytes = 7305.4 GB; in 80 GB: 91.3, hence 92 accelerators.
    assert metrics["memory.model_states"] == pytest.approx(405.853e9 * 18, rel=1e-5)
    assert metrics["memory.minimum_accelerators"] == 92.0


@pytest.mark.parametrize(
    ("sharding", "gigabytes"),
    [
        # 8e9 over 2 x 4 ranks: 1e9 parameters each; 16 replicas share what is sharded.
        ("none", (2.0, 4.0, 12.0)),
        ("optimizer", (2.0, 4.0, 0.75)),
        ("gradients", (2.0, 0.25, 0.75)),
        ("full", (0.125, 0.25, 0.75)),
    ],
)
def test_sharding_levels(run: Run, sharding: str, gigabytes: tuple[float, float, float]) -> None:
    metrics = found(run(**LAYOUT, sharding=sharding), counted(shared=8e9))
    assert each(metrics) == tuple(size * 1e9 for size in gigabytes)


def test_each_level_shards_what_the_one_before_does() -> None:
    levels = [SHARDED_STATES[name] for name in ("none", "optimizer", "gradients", "full")]
    assert [len(level) for level in levels] == [0, 1, 2, 3]
    assert levels[0] < levels[1] < levels[2] < levels[3]


@pytest.mark.parametrize("sharding", ["none", "optimizer", "gradients", "full"])
def test_published_totals_of_a_parameter(run: Run, sharding: str) -> None:
    # Bytes a parameter, D = 16: 18; 6 + 12/D; 2 + 16/D; 18/D.
    wanted = {"none": 18.0, "optimizer": 6.75, "gradients": 3.0, "full": 1.125}[sharding]
    layout = {"tensor": 1.0, "pipeline": 1.0, "expert": 1.0, "data": 16.0}
    metrics = found(run(**layout, sharding=sharding), counted(shared=1e9))
    assert sum(each(metrics)) == pytest.approx(wanted * 1e9)


def test_experts_are_cut_by_the_expert_degree_and_shared_by_fewer(run: Run) -> None:
    layout = LAYOUT | {"expert": 8.0}
    metrics = found(run(**layout, sharding="optimizer"), counted(shared=8e9, routed=64e9))
    # A rank: 8e9 / 8 = 1e9 shared, 64e9 / 8 / 8 = 1e9 of experts. Weights 2 x 2e9, gradients 4 x 2e9;
    # optimizer 12 x (1e9 / 16 + 1e9 / 2), for 16 / 8 = 2 ranks hold the same experts.
    assert each(metrics) == (4e9, 8e9, 6.75e9)


def test_without_sharding_the_expert_degree_still_cuts_experts(run: Run) -> None:
    plain = found(run(**LAYOUT, sharding="none"), counted(shared=8e9, routed=64e9))
    cut = found(run(**LAYOUT | {"expert": 8.0}, sharding="none"), counted(shared=8e9, routed=64e9))
    # 1e9 + 8e9 a rank, and 1e9 + 1e9.
    assert each(plain) == (18e9, 36e9, 108e9)
    assert each(cut) == (4e9, 8e9, 24e9)


def test_expert_sharding_counts_the_experts_of_a_model(
    run: Run, toy: Callable[..., Architecture], shape: Shaped
) -> None:
    experts = ExpertFeedForward(experts=4, experts_per_token=2, width=6)
    count = count_model(shape(toy(feed_forward=experts)), 10.0)
    # Routed: 2 layers x 4 x 144 = 1152. Others: 2 x (288 + 16 + 32) + 1608 = 2280.
    layout = {"tensor": 1.0, "pipeline": 1.0, "expert": 4.0, "data": 8.0}
    metrics = found(run(**layout, sharding="full"), count)
    # Of shared parameters an eighth, of experts a quarter and then half: 2280 / 8 + 1152 / 4 / 2 = 285 + 144 = 429.
    assert each(metrics) == (2 * 429.0, 4 * 429.0, 12 * 429.0)


@pytest.mark.parametrize(
    ("capacity", "layout", "fits"),
    [
        # 128 accelerators could hold 144 GB of states at 1.125 GB each.
        (1.125e9, {}, 1.0),
        (1.12e9, {}, 0.0),
        # The stated layout keeps 2 + 4 + 0.75 GB on each.
        (6.75e9, LAYOUT, 1.0),
        (6.7e9, LAYOUT, 0.0),
    ],
)
def test_fits_compares_all_states_with_the_memory(
    run: Run, capacity: float, layout: dict[str, float], fits: float
) -> None:
    assert found(run(**layout, memory=capacity), counted(shared=8e9))["memory.fits"] == fits


def test_states_of_an_accelerator_need_the_whole_layout(run: Run) -> None:
    whole = {"memory.model_states", "memory.minimum_accelerators", "memory.fits"}
    assert set(found(run(), counted(shared=8e9))) == whole
    for missing in LAYOUT:
        assert set(found(run(**LAYOUT | {missing: None}), counted(shared=8e9))) == whole
