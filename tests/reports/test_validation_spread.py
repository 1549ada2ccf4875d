from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from computecalc.checks.validation.outcomes import Outcome
from computecalc.reports.validation_spread import FITTED, UNSEEN, spread_plot
from tests.checks.validation.conftest import outcome

__all__ = ["outcome"]

Make = Callable[..., Outcome]
SVG = "{http://www.w3.org/2000/svg}"


def boxes(text: str, color: str) -> list[tuple[float, float]]:
    """Left and right end of each box of a colour, without the legend's."""
    found = []
    for box in ElementTree.fromstring(text).iter(f"{SVG}rect"):
        if box.attrib.get("fill") == color and box.attrib["y"] != "12":
            left = float(box.attrib["x"])
            found.append((left, left + float(box.attrib["width"])))
    return found


def test_a_box_spans_the_middle_half_on_a_logarithmic_axis(outcome: Make) -> None:
    # Ratios 1/4, 1/2, 1, 2, 4: the quartiles are 1/2 and 2, which on an axis from 1/4 to 4 of 460 units from 250 on
    # lie at a quarter and at three quarters.
    cases = [outcome(str(ratio), 100.0, 100.0 * ratio) for ratio in (0.25, 0.5, 1.0, 2.0, 4.0)]
    assert boxes(spread_plot(cases, ()), FITTED) == [pytest.approx((250.0 + 115.0, 250.0 + 345.0), abs=0.11)]


def test_ratios_beyond_the_axis_end_at_it(outcome: Make) -> None:
    cases = [outcome(str(number), 100.0, 100.0 * 50.0) for number in range(5)]
    assert boxes(spread_plot(cases, ()), FITTED) == [pytest.approx((710.0, 710.0))]


def test_unseen_predictions_stand_below_and_only_where_there_are_enough(outcome: Make) -> None:
    cases = [outcome(f"a{number}", group="MoE") for number in range(6)]
    cases += [outcome(f"b{number}", group="memory") for number in range(6)]
    text = spread_plot(cases, [*cases[:5], *cases[6:10]])
    assert len(boxes(text, FITTED)) == 2
    assert len(boxes(text, UNSEEN)) == 1


def test_suspicious_unpredicted_and_rare_cases_are_left_out(outcome: Make) -> None:
    cases = [outcome(f"a{number}", group="MoE") for number in range(5)]
    cases += [outcome("x", group="MoE", suspicious="doubted"), outcome("y", predicted=None, group="MoE")]
    cases += [outcome(f"c{number}", group="rare") for number in range(4)]
    text = spread_plot(cases, ())
    assert ">MoE (5)</text>" in text
    assert "rare" not in text


def test_names_are_escaped_and_bytes_repeat(outcome: Make) -> None:
    cases = [outcome(str(number), group="<script>&") for number in range(5)]
    text = spread_plot(cases, cases)
    assert not re.search("<script>", text)
    assert text == spread_plot(cases, cases)
