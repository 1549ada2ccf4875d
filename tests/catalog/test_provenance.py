from __future__ import annotations

from computecalc.catalog.provenance import Fact, Source
from computecalc.errors import Document, Span
from computecalc.units.ranges import Range

SPAN = Span(Document("x.yaml", ""), 1, 1, 2)
SHEET = Source("sheet", "NVIDIA H100 datasheet", "https://example.org/h100.pdf", "2024-03-01")
PAPER = Source("paper", "Survey", "arXiv 1234.56789", "2023")


def _fact(sources: tuple[Source, ...], locator: str) -> Fact:
    return Fact(Range.exact(7e11), "FLOP/s", "vendor-claim", sources, locator, "2024-03-01", "", SPAN)


def test_describe_gives_the_origin_on_one_line() -> None:
    assert _fact((SHEET,), "page 4").describe() == "vendor-claim, NVIDIA H100 datasheet, page 4, 2024-03-01"


def test_describe_leaves_out_what_is_not_known_and_joins_sources() -> None:
    assert _fact((SHEET, PAPER), "").describe() == "vendor-claim, NVIDIA H100 datasheet and Survey, 2024-03-01"
