"""The page of a sweep: its front as a chart and a table, its best cases as a table alone, hostile names as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.reports.html.reading import Page, faults

PLAN = """\
version: 1
scenarios:
  "<script>alert(1)</script>":
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens, global_batch: 1024}
    cluster: {accelerator: h100-sxm, count: 64}
    layout: {tensor: 1, pipeline: 1}
    site: {region: US-VA}
    matrix:
      cluster.count: [64, 128, 256, 512]
      money.price: [2 USD/accelerator/h, 3 USD/accelerator/h]
"""


@pytest.fixture
def swept(tmp_path: Path, program: Callable[..., Ran]) -> Callable[..., Ran]:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    return lambda *more: program("sweep", str(plan), "--to", str(tmp_path / "out"), *more)


def test_a_front_is_drawn_and_listed(swept: Callable[..., Ran]) -> None:
    question = ("--pareto", "cost.total,time.wall")
    ran, rows = swept(*question, "-f", "html"), json.loads(swept(*question, "-f", "json").out)["rows"]
    page = Page(ran.out)
    assert (ran.code, faults(page)) == (0, [])
    front = page.by_id("front")
    assert len(rows) > 1
    # A head, and a row for each case, the number of the case in its last cell.
    assert [row.within("td")[-1].text for row in front.within("tr")[1:]] == [f"{row['case']:,}" for row in rows]
    assert len(front.within("circle")) == len(rows)


def test_the_best_are_listed_without_a_chart(swept: Callable[..., Ran]) -> None:
    page = Page(swept("--top", "3", "--by", "cost.total", "-f", "html").out)
    assert faults(page) == []
    assert len(page.by_id("cases").within("tr")) == 4
    assert not page.by_id("cases").within("svg")


def test_without_a_question_it_says_what_the_cases_reach(swept: Callable[..., Ran]) -> None:
    page = Page(swept("-f", "html").out)
    assert faults(page) == []
    assert "cost.total" in page.by_id("extents").text
    assert "8 cases" in page.of("header")[0].text
    assert page.of("h1")[0].text == "<script>alert(1)</script>"
