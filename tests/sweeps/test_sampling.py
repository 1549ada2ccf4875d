"""Samples: any part is the slice of the whole, and each method keeps what it promises."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from computecalc.scenario.sampling import Sample
from computecalc.sweeps import sampling
from computecalc.sweeps.sampling import drawn_shares
from tests.sweeps.plans import STATED, swept

METHODS = ("sobol", "lhs", "random")


def sample_of(method: str, cases: int, seed: int = 5) -> Sample:
    axes = {"site.pue": "1..2", "data.tokens": "1..2 token", "money.price": [1, 2]}
    return Sample.model_validate({"cases": cases, "method": method, "seed": seed, "axes": axes})


@pytest.mark.parametrize("method", METHODS)
def test_each_part_is_the_slice_of_the_whole(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "CUBE", 64)  # so that parts reach over several hypercubes
    sample = sample_of(method, 1000)
    whole = drawn_shares(sample, np.arange(1000))
    for first, stop in [(0, 1), (1, 3), (60, 70), (64, 128), (100, 999), (999, 1000)]:
        part = drawn_shares(sample, np.arange(first, stop))
        for path, values in part.items():
            np.testing.assert_array_equal(values, whole[path][first:stop])


@pytest.mark.parametrize("method", METHODS)
def test_points_take_the_same_samples_one_after_the_other(method: str) -> None:
    sample = sample_of(method, 10)
    found = drawn_shares(sample, np.array([7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]))["site.pue"]
    once = drawn_shares(sample, np.arange(10))["site.pue"]
    np.testing.assert_array_equal(found, [*once[7:], *once, once[0]])


@pytest.mark.parametrize("method", METHODS)
def test_the_seed_decides(method: str) -> None:
    first, again, other = (drawn_shares(sample_of(method, 100, seed), np.arange(100)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first["site.pue"], again["site.pue"])
    assert (first["site.pue"] != other["site.pue"]).all()


@pytest.mark.parametrize("method", ["sobol", "lhs"])
def test_each_of_equal_intervals_holds_one_sample_on_every_axis(method: str) -> None:
    found = drawn_shares(sample_of(method, 256), np.arange(256))
    for values in found.values():
        assert sorted((values * 256).astype(int)) == list(range(256))


def test_more_samples_than_a_hypercube_holds_are_a_stack_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "CUBE", 100)
    values = drawn_shares(sample_of("lhs", 250), np.arange(250))["site.pue"]
    for first, count in [(0, 100), (100, 100), (200, 50)]:
        assert sorted((values[first : first + count] * count).astype(int)) == list(range(count))


@pytest.mark.parametrize("method", METHODS)
def test_shares_lie_between_the_ends(method: str) -> None:
    for values in drawn_shares(sample_of(method, 5000), np.arange(5000)).values():
        assert 0.0 < values.min() < 0.01
        assert 0.99 < values.max() < 1.0


def test_values_have_their_distributions(tmp_path: Path) -> None:
    sample = (
        "    sample: {cases: 4096, axes: {data.tokens: {from: 1T tokens, to: 16T tokens, spacing: log}, "
        "site.pue: {from: 1, to: 2}, efficiency.mfu: 0.30..0.35..0.50, efficiency.goodput: [0.8, 0.9], "
        "money.price: {range: 1..2..8 USD/accelerator/h, distribution: lognormal}}}\n"
    )
    found = swept(STATED + sample, tmp_path / "out", metrics=["tokens"]).table()
    values = {name: np.asarray(found[name]) for name in found.column_names if name not in ("status", "reason")}
    # Log-uniform from 1 to 16: a quarter of the cases below 2, half below 4; its mean is 15 / ln 16 = 5.410.
    assert np.mean(values["data.tokens"] < 2e12) == pytest.approx(0.25, abs=1e-3)
    assert np.mean(values["data.tokens"] < 4e12) == pytest.approx(0.50, abs=1e-3)
    assert values["data.tokens"].mean() == pytest.approx(15e12 / np.log(16.0), rel=1e-3)
    assert values["site.pue"].mean() == pytest.approx(1.5, rel=1e-3)
    # Triangular: the mean is the sum of the three over 3; below the mode lies (mode - low) / (high - low).
    assert values["efficiency.mfu"].mean() == pytest.approx((0.30 + 0.35 + 0.50) / 3.0, rel=1e-3)
    assert np.mean(values["efficiency.mfu"] < 0.35) == pytest.approx(0.25, abs=1e-3)
    # Lognormal: 5 % below the low end, half below the middle, 5 % above the high end.
    price = values["money.price"] * 3600.0
    assert [np.mean(price < bound) for bound in (1.0, 2.0, 8.0)] == pytest.approx([0.05, 0.50, 0.95], abs=1e-3)
    assert np.mean(values["efficiency.goodput"] == 0.8) == pytest.approx(0.5, abs=1e-3)
    np.testing.assert_array_equal(values["tokens"], values["data.tokens"])
