"""The fit of the model of a step: ranges that hold what they have not seen, and terms that can be taken out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from computecalc.catalog.lookup import Catalog

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    yield
    for name in [name for name in sys.modules if name.startswith(("training_fit", "left_out_ranges"))]:
        del sys.modules[name]


def shipped(model: str, accelerator: str) -> tuple[list[Any], list[Any]]:
    """Return rows of the shipped table: a few to fit on, and those of fine-tuning, of one pair and of others."""
    from training_fit.rows import read_rows, read_tuning_rows

    catalog = Catalog.open()
    fitted, tuned = (read(ROOT / "validation", catalog) for read in (read_rows, read_tuning_rows))
    own = [row for row in fitted if (row.model, row.accelerator) == (model, accelerator)]
    others = [row for row in fitted if row.model != model and not row.experts][:20]
    return own + others, [row for row in tuned if (row.model, row.accelerator) == (model, accelerator)]


def test_a_range_is_widened_until_it_holds_other_groups() -> None:
    from left_out_ranges import COVERED, spread_of

    # Groups of one constant each: percentiles of the others never hold the two outermost groups of ten, whatever the
    # level, and always the eight between.
    groups = np.repeat(np.arange(10), 50)
    steps = spread_of(0.8 + 0.05 * groups, [str(group) for group in groups])
    assert steps.covered == pytest.approx(COVERED)
    # Rows that do not differ by group are held by the first level tried: a tenth beyond either end.
    even = spread_of(np.tile(np.linspace(0.5, 1.5, 101), 3), [str(place // 101) for place in range(303)])
    assert even.level == 0.1
    assert (even.range.low, even.range.high) == pytest.approx((0.6, 1.4), abs=0.01)


def test_a_range_holds_the_middle_even_where_all_rows_are_slower() -> None:
    from left_out_ranges import spread_of

    found = spread_of(np.array([1.2, 1.3, 1.4, 1.2, 1.3, 1.4]), list("aaabbb"))
    assert found.range.low == 1.0
    assert found.range.high > 1.3


def test_fine_tuning_is_predicted_by_a_fit_that_saw_neither_model_nor_accelerator() -> None:
    from training_fit.fitting import Fit
    from training_fit.tuning import Tuning

    rows, tuned = shipped("llama-3-8b", "h100-sxm")
    pair = tuned[0].group
    assert any(row.group == pair for row in rows)
    # Pre-training of the pair said to be twice as fast, and its fine-tuning too: what is left out cannot matter.
    faster = [replace(row, measured=2.0 * row.measured) if row.group == pair else row for row in rows]
    found = []
    for fitted, tuning_rows in ((rows, tuned), (faster, [replace(row, measured=2.0 * row.measured) for row in tuned])):
        tuning = Tuning(Fit(fitted), tuning_rows)
        start = tuning.fit.parameters.mean
        seen = tuning.predicted(tuning.fit.solved(np.ones(len(fitted)), start, rounds=4))
        found.append((tuning.left_out(lambda row: row.group, start), seen))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-9)
    assert np.all(found[1][1] > 1.02 * found[0][1])


def test_a_term_is_taken_out_and_the_others_are_fitted_again() -> None:
    from training_fit.ablation import TERMS, Term, without
    from training_fit.fitting import Fit
    from training_fit.parameters import parameters_of
    from training_fit.rows import read_rows

    every = parameters_of(read_rows(ROOT / "validation", Catalog.open()))
    for term in TERMS:  # each takes something out that there is
        assert term.omitted or np.any(without(term, every).spread != every.spread), term.name
    rows, _ = shipped("llama-3-8b", "h100-sxm")
    fit = Fit(rows)
    with pytest.raises(ValueError, match="no parameter is called tiles"):
        without(Term("none", {"tiles": 1.0}), fit.parameters)
    whole = fit.predicted(fit.parameters.mean)[0]
    fit.omitted = ("optimizer",)
    assert np.all(fit.predicted(fit.parameters.mean)[0] > whole)
    fit.omitted = ()
    fit.parameters = without(Term("no edges", {"tile": 1.0e-9}), fit.parameters)
    start = np.clip(fit.parameters.mean, fit.parameters.least, fit.parameters.most)
    solved = dict(zip(fit.parameters.names, fit.solved(np.ones(len(rows)), start, rounds=3), strict=True))
    assert np.exp(solved["tile"]) == pytest.approx(1.0e-9)
    assert solved["width:16"] != start[fit.parameters.names.index("width:16")]
