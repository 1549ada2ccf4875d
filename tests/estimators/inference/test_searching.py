from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.planning import Question, ReplicaLayout
from computecalc.estimators.inference.searching import evaluated, finer, laid_out
from computecalc.estimators.inference.service import ServiceInputs, estimate_service

Serve = Callable[..., ServingInputs]
ANY = Question(writes=True, batch=None, most=None, first_token=None, interval=None)
ONE = ReplicaLayout(1, 1, 1, 1)


def service(serving: ServingInputs) -> ServiceInputs:
    return ServiceInputs(
        serving=serving,
        writes=True,
        month=30.0,
        bundle=1e6,
        accelerators_per_node=8.0,
        api_input=None,
        api_output=None,
    )


def batches(found: object) -> list[float]:
    return np.asarray(found).tolist()


def test_requests_from_one_to_what_fits(serve: Serve) -> None:
    # The toy has room for 15 requests; the ladder is 2^(k/2) rounded: 1, 1, 2, 3, 4, 6, 8, 11, 16.
    grid = laid_out(service(serve()), [ONE], ANY)
    assert batches(grid.columns["batch"]) == [1, 2, 3, 4, 6, 8, 11, 15]
    assert (grid.size, grid.considered) == (8, 8)


def test_what_fits_in_the_targets_is_among_them(serve: Serve) -> None:
    # Up to 3 requests keep 33 s between tokens (see test_batch), and up to 5 keep 60 s.
    grid = laid_out(service(serve()), [ONE], replace(ANY, interval=60.0))
    assert 5.0 in batches(grid.columns["batch"])


def test_layouts_without_room_are_counted_and_left_out(serve: Serve) -> None:
    # 5888 byte of weights on one accelerator do not fit into 6000 x 0.9 byte; cut in two they do.
    grid = laid_out(service(serve(memory=6000.0)), [ONE, ReplicaLayout(2, 1, 1, 1)], ANY)
    assert set(batches(grid.columns["tensor"])) == {2.0}
    assert grid.considered == grid.size + 1


@pytest.mark.parametrize(
    ("question", "found"), [(replace(ANY, batch=40.0), [40]), (replace(ANY, most=5.0), [1, 2, 3, 4, 5])]
)
def test_stated_and_limited_requests(serve: Serve, question: Question, found: list[int]) -> None:
    assert batches(laid_out(service(serve()), [ONE], question).columns["batch"]) == found


def test_between_the_neighbours_of_a_row(serve: Serve) -> None:
    grid = laid_out(service(serve()), [ONE], ANY)
    row = batches(grid.columns["batch"]).index(8.0)
    assert batches(finer(grid, np.array([row])).columns["batch"]) == [7, 9, 10]
    assert batches(finer(grid, np.array([grid.size - 1])).columns["batch"]) == [12, 13, 14]
    assert finer(grid, np.array([0])).size == 0


def test_rows_are_those_of_single_estimates(serve: Serve) -> None:
    whole = service(serve(price=2.0, rate=0.5))
    grid = laid_out(whole, [ONE, ReplicaLayout(2, 1, 1, 1)], ANY)
    found = evaluated(whole, grid, None)
    for row in (0, 5, grid.size - 1):
        serving = replace(whole.serving, tensor=grid.columns["tensor"][row], concurrency=grid.columns["batch"][row])
        one = estimate_service(replace(whole, serving=serving))
        assert {name: values[row] for name, values in found.items()} == pytest.approx(
            {name: float(value) for name, value in one.items()}, rel=1e-12
        )


def test_requests_in_flight_are_spread_evenly(serve: Serve) -> None:
    whole = service(serve())
    found = evaluated(whole, laid_out(whole, [ONE], replace(ANY, most=10.0)), 10.0)
    # At most 1, 2, 3, 4, 6, 8, 10 in a replica: 10, 5, 4, 3, 2, 2 and 1 of them.
    assert found["replicas"].tolist() == [10, 5, 4, 3, 2, 2, 1]
    assert found["batch"].tolist() == pytest.approx([1, 2, 2.5, 10 / 3, 5, 5, 10])
