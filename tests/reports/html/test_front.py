"""A front of any columns: its points where their figures are, and its table in units that people read."""

from __future__ import annotations

import pytest

from computecalc.reports.document import ReportStyle
from computecalc.reports.html.front import Front, render_front_html
from computecalc.reports.html.page import Origin
from tests.reports.html.reading import Element, Page, faults

DAY = 86_400.0
FRONT = Front(
    columns=(("time.wall", "s"), ("cost.total", "USD"), ("money.price", "USD/accelerator/s"), ("case", "")),
    rows=(
        (100.0 * DAY, 10e6, 2.0 / 3600.0, "a"),
        (300.0 * DAY, 30e6, None, "b"),
        (200.0 * DAY, 5e6, 4.0 / 3600.0, "c"),
    ),
    axes=("time.wall", "cost.total"),
)


def shown(front: Front, style: ReportStyle | None = None) -> Page:
    page = Page(
        render_front_html("Front", "Three points.", front, style or ReportStyle(), Origin("2026.01", "sha256:0"))
    )
    assert faults(page) == []
    return page


def dots(page: Page) -> list[Element]:
    return [each for each in page.of("circle") if each.has_class("dot")]


def test_points_lie_in_proportion() -> None:
    found = dots(shown(FRONT))
    across = [float(each.attributes["cx"] or "") for each in found]
    upwards = [float(each.attributes["cy"] or "") for each in found]
    assert [each.text.partition(",")[0] for each in found] == ["1: 100.0 d", "3: 200.0 d", "2: 300.0 d"]
    # 100, 200 and 300 days are evenly spaced; 10, 5 and 30 MUSD are 5 below and 20 above the first, downwards in SVG.
    assert across[2] - across[1] == pytest.approx(across[1] - across[0], abs=0.02)
    assert (upwards[1] - upwards[0]) / (upwards[0] - upwards[2]) == pytest.approx(5.0 / 20.0, abs=1e-3)


def test_the_table_has_every_cell_in_readable_units() -> None:
    page = shown(FRONT)
    body = page.of("tbody")[0]
    rows = [[cell.text for cell in row.children] for row in body.children]
    assert rows == [
        ["1", "100.0 d", "10.00 MUSD", "2.000 USD/accelerator/h", "a"],
        ["2", "300.0 d", "30.00 MUSD", "unknown", "b"],
        ["3", "200.0 d", "5.000 MUSD", "4.000 USD/accelerator/h", "c"],
    ]


def test_units_are_as_wanted() -> None:
    page = shown(FRONT, ReportStyle(units={"time.wall": "h"}, digits=3))
    assert "2,400 h" in page.of("tbody")[0].text
    assert "Wall time [h]" in page.of("svg")[0].text


@pytest.mark.parametrize("count", [0, 1])
def test_few_points_are_a_page_too(count: int) -> None:
    page = shown(Front(FRONT.columns, FRONT.rows[:count], FRONT.axes))
    assert len(dots(page)) == count
