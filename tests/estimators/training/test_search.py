"""The search against evaluating every candidate one by one, and against itself in quick."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.training.candidates import candidates
from computecalc.estimators.training.grids import Columns, layouts_from
from computecalc.estimators.training.layouts import Layouts
from computecalc.estimators.training.memory import peak_memory
from computecalc.estimators.training.search import Found, accelerators_of, leading, search
from computecalc.estimators.training.step import step_times
from computecalc.formulas.buffers import usable_memory
from tests.estimators.training.conftest import Searched


def everything(inputs: TrainInputs, batch: float, count: int) -> tuple[Columns, np.ndarray, np.ndarray]:
    """All candidates with peak and time, nothing left out beforehand and all stages looked at."""
    chunks = [grid.columns(grid.wanted) for grid in candidates(inputs, batch, [count], thorough=True)]
    columns = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
    layouts = layouts_from(columns, inputs)
    parts = peak_memory(inputs, layouts, batch)
    memory = sum(np.broadcast_to(part, columns["data"].shape) for part in parts.values())
    return columns, np.asarray(memory), np.asarray(step_times(inputs, layouts, batch)["time.step"])


CASES = [
    ("llama-3.1-8b", "h100-sxm", 16, 128),
    ("llama-3.1-70b", "h100-sxm", 32, 64),  # tight: most layouts do not fit
    ("qwen3-30b-a3b", "h100-sxm", 32, 128),
]


@pytest.mark.parametrize(("model", "accelerator", "count", "batch"), CASES)
def test_nothing_that_fits_is_faster(searched: Searched, model: str, accelerator: str, count: int, batch: int) -> None:
    inputs = searched(model, accelerator, count, batch)
    columns, memory, time = everything(inputs, float(batch), count)
    fits = memory <= float(usable_memory(capacity=inputs.memory, reserve=inputs.reserve))
    found = search(inputs, float(batch), [count])
    assert (found.considered, found.fitting) == (columns["data"].size, int(np.sum(fits)))
    assert found.time[0] == pytest.approx(np.min(time[fits]), rel=1e-12)
    assert np.all(np.diff(found.time) >= 0.0)
    # The front: for each kept run, nothing that fits is as fast and needs less.
    least = np.array([np.min(memory[fits & (time <= own * (1.0 + 1e-12))]) for own in found.time])
    kept = np.minimum.accumulate(found.memory)
    assert kept == pytest.approx(least, rel=1e-12)


@pytest.mark.parametrize(
    ("model", "accelerator", "count", "batch"),
    [
        *CASES,
        ("gpt-3-175b", "a100-sxm-80gb", 256, 768),
        ("llama-3.1-405b", "h100-sxm", 512, 512),
        ("mixtral-8x7b", "h100-sxm", 64, 256),
        ("llama-3.1-8b", "h100-sxm", 24, 96),
        ("qwen3-235b-a22b", "b200-sxm", 128, 512),
        ("deepseek-v3", "h800-sxm", 256, 512),
        ("glm-4.5", "h100-sxm", 128, 256),
    ],
)
def test_a_quick_search_is_within_a_percent(
    searched: Searched, model: str, accelerator: str, count: int, batch: int
) -> None:
    inputs = searched(model, accelerator, count, batch)
    quick = search(inputs, float(batch), [count], thorough=False)
    thorough = search(inputs, float(batch), [count])
    assert quick.considered < thorough.considered
    assert thorough.time[0] <= quick.time[0] <= 1.01 * thorough.time[0]


def test_more_memory_is_never_slower_and_more_counts_add_to_it(searched: Searched) -> None:
    inputs = searched("llama-3.1-8b", "h100-sxm", 16, 128)
    small = search(replace(inputs, memory=40e9), 128.0, [16])
    large = search(inputs, 128.0, [16])
    assert small.fitting < large.fitting
    assert large.time[0] <= small.time[0]
    both = search(inputs, 128.0, [8, 16])
    assert set(accelerators_of(both.columns)) == {8.0, 16.0}
    assert both.time[0] == large.time[0]


def test_what_cannot_fit_leaves_nothing(searched: Searched) -> None:
    # 405.9B parameters at 18 bytes are 7.3 TB, 16 accelerators have 1.3 TB.
    found = search(searched("llama-3.1-405b", "h100-sxm", 16, 64), 64.0, [16])
    assert (found.size, found.fitting) == (0, 0)
    assert found.considered > 100
    assert leading(found, 5, with_front=True).size == 0


def test_leaders_are_the_fastest_of_their_degrees(searched: Searched) -> None:
    found = search(searched("llama-3.1-8b", "h100-sxm", 16, 128), 128.0, [8, 16])
    leaders = leading(found, 3, with_front=False)
    counts = accelerators_of(leaders.columns)
    assert [int(np.sum(counts == n)) for n in (8, 16)] == [3, 3]
    assert np.unique(leaders.columns["set"]).size == 6
    for row, number in enumerate(leaders.columns["set"]):
        assert leaders.time[row] == np.min(found.time[found.columns["set"] == number])
    with_front = leading(found, 3, with_front=True)
    own = accelerators_of(found.columns) == 16
    assert np.min(found.memory[own]) == np.min(with_front.memory[accelerators_of(with_front.columns) == 16])


def test_of_equal_candidates_the_plainest_is_kept(searched: Searched, monkeypatch: pytest.MonkeyPatch) -> None:
    def constant(inputs: TrainInputs, layouts: Layouts, batch: float) -> dict[str, np.ndarray]:
        return {"time.step": np.ones_like(np.asarray(layouts.data))}

    monkeypatch.setattr("computecalc.estimators.training.search.step_times", constant)
    found: Found = search(searched("llama-3.1-8b", "h100-sxm", 16, 128), 128.0, [16])
    # All are as fast, so that one alone is on the front: the one that needs least.
    assert found.memory[0] == np.min(found.memory)
    _, first = np.unique(found.columns["set"], return_index=True)
    assert found.size == first.size
