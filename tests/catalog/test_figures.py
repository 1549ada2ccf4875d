from __future__ import annotations

import pytest

from computecalc.catalog.attributes import KINDS, Attribute
from computecalc.catalog.figures import FigureReader
from computecalc.catalog.findings import Findings
from computecalc.catalog.provenance import Fact, Provenance, Source
from computecalc.catalog.sources import SourceReader
from computecalc.errors import CatalogError
from computecalc.yamlio.loading import load_text

SHEET = Source("sheet", "Sheet", "https://example.org", "2024-03-01")
CAPACITY = KINDS["accelerator"].figures["memory.capacity"]


def _read(text: str, attribute: Attribute = CAPACITY) -> Fact:
    findings = Findings()
    reader = FigureReader(SourceReader({"sheet": SHEET}, findings), Provenance((SHEET,), "measured"))
    fact = reader.read("memory.capacity", attribute, load_text(text, "x.yaml"))
    findings.raise_any()
    assert fact is not None
    return fact


def test_a_quantity_alone_takes_the_default_origin_and_the_date_of_its_source() -> None:
    fact = _read("80 GB")
    assert (fact.value.mid, fact.unit, fact.kind, fact.as_of) == (80e9, "byte/accelerator", "measured", "2024-03-01")


def test_a_mapping_adds_to_the_default_origin() -> None:
    fact = _read("{value: 80 GB/accelerator, note: usable}")
    assert (fact.value.mid, fact.unit, fact.note, fact.sources) == (80e9, "byte/accelerator", "usable", (SHEET,))


def test_a_wrong_dimension_is_told_against_the_unit_that_files_use() -> None:
    with pytest.raises(CatalogError) as caught:
        _read("80 W")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "CC404"
    assert "accelerator" not in diagnostic.message


@pytest.mark.parametrize("text", ["true", "~", "[80 GB]", "{value: [80 GB]}"])
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(CatalogError) as caught:
        _read(text)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.message) == ("CC503", "memory.capacity must be a quantity")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("1.3", 1.3, "1"), ("30 %", 0.3, "1"), ("2 kW", 2000.0, "J/s"), ("1.8 L/kWh", 5e-7, "L/J")],
)
def test_any_unit_is_kept_as_base_units(text: str, value: float, unit: str) -> None:
    fact = _read(text, KINDS["prior"].figures["value"])
    assert (fact.value.mid, fact.unit) == (pytest.approx(value), unit)
