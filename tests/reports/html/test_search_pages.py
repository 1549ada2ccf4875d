"""The page of a search of training layouts, on the shipped catalog."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Ran
from tests.reports.html.reading import Page, faults
from tests.reports.html.test_pages import check_search

SEARCH = (
    *("optimize", "llama-3.1-8b", "--tokens", "1B tokens", "--sequence-length", "2048", "--global-batch", "64"),
    *("--accelerator", "h100-sxm", "--count", "8,16", "--price", "2 USD/accelerator/h", "--pareto", "--quick"),
)


def test_layouts_are_ranked_and_the_step_of_the_best_is_broken_down(program: Callable[..., Ran]) -> None:
    ran = program(*SEARCH, "-f", "html")
    page = Page(ran.out)
    assert (ran.code, faults(page)) == (0, [])
    check_search(page, program(*SEARCH, "-f", "json").out)
    parts = page.by_id("parts").text
    assert "compute" in parts
    assert "Step of the best: " in parts


def test_a_search_that_finds_nothing_says_why(program: Callable[..., Ran]) -> None:
    ran = program(*SEARCH, "--limit", "time.wall <= 1 s", "-f", "html")
    page = Page(ran.out)
    assert (ran.code, faults(page)) == (2, [])
    assert "CC6" in page.by_id("failure").text
