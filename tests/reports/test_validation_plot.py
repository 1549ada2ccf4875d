from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from computecalc.checks.validation.outcomes import Outcome
from computecalc.reports.validation_plot import COLORS, scatter_plot, speed_plot
from tests.checks.validation.conftest import outcome

__all__ = ["outcome"]

Make = Callable[..., Outcome]
SVG = "{http://www.w3.org/2000/svg}"


def circles(text: str) -> dict[str, tuple[float, float]]:
    """Centre of the circle of each case."""
    root = ElementTree.fromstring(text)
    found = {}
    for circle in root.iter(f"{SVG}circle"):
        title = circle.find(f"{SVG}title")
        if title is not None and title.text:
            found[title.text.partition(":")[0]] = (float(circle.attrib["cx"]), float(circle.attrib["cy"]))
    return found


def test_a_decade_is_as_long_up_as_right(outcome: Make) -> None:
    text = speed_plot([outcome("a", 10.0, 10.0), outcome("b", 100.0, 1000.0), outcome("c", 1000.0, 1000.0)])
    found = circles(text)
    # Axes from 10 to 1000 on 480 units: a decade is 240.
    assert found["b"][0] - found["a"][0] == pytest.approx(240.0)
    assert found["a"][1] - found["c"][1] == pytest.approx(480.0)
    assert found["b"][1] == found["c"][1]


def test_suspicious_cases_are_hollow_and_unpredicted_ones_absent(outcome: Make) -> None:
    text = speed_plot([outcome("a", 10.0, 20.0, suspicious="x"), outcome("b", 10.0, None), outcome("c", 10.0, 20.0)])
    assert set(circles(text)) == {"a", "c"}
    assert len(re.findall(r'<circle [^>]*fill="none"', text)) == 1


def test_colours_tell_classes_apart(outcome: Make) -> None:
    text = speed_plot([outcome("a", group="MoE"), outcome("b", group="dense 16-bit")])
    assert f'<g fill="{COLORS["MoE"]}"' in text
    assert ">MoE</text>" in text
    assert "dense 8-bit" not in text


def test_names_are_escaped_and_bytes_repeat(outcome: Make) -> None:
    points = [outcome("<script>&", 10.0, 20.0)]
    assert "<script>" not in speed_plot(points)
    assert speed_plot(points) == speed_plot(points)


def test_nothing_predicted_is_said(outcome: Make) -> None:
    assert "nothing is predicted yet" in speed_plot([outcome("a", 10.0, None)])


def test_the_axis_says_what_is_compared(outcome: Make) -> None:
    text = scatter_plot([outcome("a", group="time between tokens, MoE")], "time between tokens, ms")
    assert ">measured time between tokens, ms</text>" in text
    assert f'<g fill="{COLORS["time between tokens, MoE"]}"' in text
    assert ">measured token/s of an accelerator</text>" in speed_plot([outcome("a")])
