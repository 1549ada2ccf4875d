"""The best cases and the front, against every row compared with every other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from computecalc.errors import UsageError
from computecalc.sweeps import choices
from computecalc.sweeps.choices import best_cases, front_cases, front_of, objective_of
from computecalc.sweeps.extents import extents
from computecalc.sweeps.limits import Limit
from computecalc.sweeps.running import SweepResult
from tests.sweeps.plans import SMALL, swept


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    return swept(SMALL, tmp_path_factory.mktemp("small") / "out", partition_rows=300)


@pytest.mark.parametrize("by", ["cost.total", "-throughput.cluster", "accelerators"])
@pytest.mark.parametrize("count", [1, 7, 400, 10_000])
def test_the_best_are_the_first_of_all_rows_in_order(by: str, count: int, small: SweepResult) -> None:
    objective = objective_of(by, small)
    rows = [row for row in small.table().to_pylist() if row["status"] == "ok"]
    expected = sorted(rows, key=lambda row: (row[objective.metric] * objective.sign, row["case"]))[:count]
    found = best_cases(small, objective, count)
    assert [row["case"] for row in found] == [row["case"] for row in expected]
    assert [row["data.tokens"] for row in found] == [row["data.tokens"] for row in expected]


@pytest.mark.parametrize(
    "axes", [("cost.total", "-tokens"), ("time.wall", "-tokens"), ("time.wall", "accelerators", "-tokens")]
)
def test_the_front_is_what_nothing_else_is_better_than(axes: tuple[str, ...], small: SweepResult) -> None:
    objectives = [objective_of(text, small) for text in axes]
    rows = [row for row in small.table().to_pylist() if row["status"] == "ok"]
    points = np.array([[row[each.metric] * each.sign for each in objectives] for row in rows])
    first: dict[tuple[float, ...], int] = {}  # of cases that are equal in all, the first counts
    for row, point in zip(rows, points, strict=True):
        if not ((points <= point).all(axis=1) & (points < point).any(axis=1)).any():
            first.setdefault(tuple(point), row["case"])
    expected = set(first.values())
    found = front_cases(small, objectives)
    assert {row["case"] for row in found} == expected
    assert len(found) == len(expected) > 1
    leading = [row[objectives[0].metric] * objectives[0].sign for row in found]
    assert leading == sorted(leading)


def test_extents_are_those_of_all_rows(small: SweepResult) -> None:
    table = small.table()
    for name, (least, most) in extents(small).items():
        values = [value for value in table[name].to_pylist() if value is not None]
        assert (least, most) == (min(values), max(values)), name
    assert extents(small).keys() == small.metrics.keys() - {"memory.fits"}  # which is not known without a layout


@pytest.mark.parametrize("width", [2, 3, 4])
def test_the_front_of_random_points(width: int) -> None:
    points = np.random.default_rng(width).integers(0, 12, size=(400, width)).astype(float)
    kept = front_of(points)
    seen: set[tuple[float, ...]] = set()
    expected = []
    for i, point in enumerate(points):
        dominated = ((points <= point).all(axis=1) & (points < point).any(axis=1)).any()
        if not dominated and tuple(point) not in seen:
            expected.append(i)
            seen.add(tuple(point))
    assert sorted(kept.tolist()) == expected  # of equal points the first


def test_a_front_that_is_too_large_is_refused(small: SweepResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "MOST_KEPT", 3)
    with pytest.raises(UsageError) as caught:
        front_cases(small, [objective_of("cost.total", small), objective_of("-tokens", small)])
    assert caught.value.diagnostics[0].code == "CC763"


def limit(metric: str, operator: str, low: float, high: float | None = None) -> Limit:
    return Limit(metric, operator, low, low if high is None else high, f"{metric} {operator} {low}")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "limits",
    [
        [limit("time.wall", "<=", 100 * 86400.0)],
        [limit("time.wall", "<", 100 * 86400.0), limit("cost.total", ">", 1e6)],
        [limit("time.wall", "in", 10 * 86400.0, 50 * 86400.0)],
        [limit("accelerators", "==", 512.0), limit("cost.total", ">=", 2e5)],
    ],
    ids=lambda limits: " and ".join(each.text for each in limits),
)
def test_only_rows_that_hold_are_written_and_the_others_are_counted(
    limits: list[Limit], small: SweepResult, tmp_path: Path
) -> None:
    compare = {
        "<=": lambda value, each: value <= each.low,
        "<": lambda value, each: value < each.low,
        ">": lambda value, each: value > each.low,
        ">=": lambda value, each: value >= each.low,
        "==": lambda value, each: value == each.low,
        "in": lambda value, each: each.low <= value <= each.high,
    }
    known = [row for row in small.table().to_pylist() if row["status"] == "ok"]
    expected = [row for row in known if all(compare[each.operator](row[each.metric], each) for each in limits)]
    result = swept(SMALL, tmp_path / "out", partition_rows=300, where=limits, metrics=["cost.*"])
    assert result.table(["case"])["case"].to_pylist() == [row["case"] for row in expected]
    assert 0 < result.rows == len(expected) < len(known)
    assert result.failed == 1000
    assert result.left_out == len(known) - len(expected)
    assert result.failed + result.left_out + result.rows == result.cases == 4000
