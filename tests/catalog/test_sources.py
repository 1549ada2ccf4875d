from __future__ import annotations

import pytest

from computecalc.catalog.findings import Findings
from computecalc.catalog.provenance import Provenance, Source
from computecalc.catalog.sources import SourceReader, is_date, read_sources
from computecalc.errors import CatalogError
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import MappingNode

SHEET = Source("sheet", "Sheet", "https://example.org", "2024-03-01")
PAPER = Source("paper", "Paper", "arXiv 1234.56789", "2023")


@pytest.mark.parametrize("text", ["2024", "2024-02", "2024-02-29"])
def test_dates(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["", "soon", "24-01-01", "2024-13", "2023-02-29", "2024-1-1", "2024-01-01T00", "20240101"]
)
def test_what_is_no_date(text: str) -> None:
    assert not is_date(text)


def test_a_source_has_a_page_or_a_publication() -> None:
    findings = Findings()
    first = "{title: A, url: 'https://example.org', as_of: 2024-03-01, licence: CC BY 4.0}"
    text = f"a: {first}\nb: {{title: B, publication: J, as_of: 2023}}"
    sources = read_sources(load_text(text, "x.yaml"), findings)
    findings.raise_any()
    assert sources["a"] == Source("a", "A", "https://example.org", "2024-03-01", "CC BY 4.0")
    assert sources["b"] == Source("b", "B", "J", "2023", "")


def _overlaid(default: Provenance, text: str) -> Provenance:
    findings = Findings()
    node = load_text(text, "x.yaml")
    assert isinstance(node, MappingNode)
    result = SourceReader({"sheet": SHEET, "paper": PAPER}, findings).overlaid(default, node)
    findings.raise_any()
    return result


DEFAULT = Provenance((SHEET,), "vendor-claim", "page 3", "2024-02", "a note")


def test_a_figure_overrides_field_by_field() -> None:
    assert _overlaid(DEFAULT, "{kind: measured, locator: page 4}") == Provenance(
        (SHEET,), "measured", "page 4", "2024-02", "a note"
    )


def test_another_source_brings_neither_locator_nor_date_nor_note_of_the_first() -> None:
    assert _overlaid(DEFAULT, "{source: paper}") == Provenance((PAPER,), "vendor-claim")
    assert _overlaid(DEFAULT, "{source: [paper, sheet], as_of: 2025}") == Provenance(
        (PAPER, SHEET), "vendor-claim", as_of="2025"
    )


def test_an_unknown_source_suggests_the_near_one() -> None:
    with pytest.raises(CatalogError) as caught:
        _overlaid(DEFAULT, "{source: papr}")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.hint) == ("CC505", "did you mean paper?")
    assert (diagnostic.span.line, diagnostic.span.column) == (1, 10)  # type: ignore[union-attr]
