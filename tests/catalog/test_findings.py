from __future__ import annotations

import pytest

from computecalc.catalog.findings import Findings
from computecalc.errors import CatalogError
from computecalc.units.problems import QuantityProblem
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import ScalarNode, get

PROBLEM = QuantityProblem("CC403", "unknown unit GX", hint="did you mean GB?", offset=3, length=2)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a: 80 GX", (7, 9)),
        ("a: '80 GX'", (8, 10)),
        # An escape moves the characters: the whole text is marked.
        ('a: "80 G\\x58"', (4, 14)),
    ],
)
def test_a_quantity_is_marked_where_it_is_wrong(text: str, columns: tuple[int, int]) -> None:
    scalar = get(load_text(text, "x.yaml"), ["a"])
    assert isinstance(scalar, ScalarNode)
    findings = Findings()
    findings.add_quantity(PROBLEM, scalar)
    (diagnostic,) = findings.as_error().diagnostics
    assert diagnostic.span is not None
    assert (diagnostic.span.column, diagnostic.span.end_column) == columns
    assert (diagnostic.code, diagnostic.message, diagnostic.hint) == ("CC403", "unknown unit GX", "did you mean GB?")


def test_problems_come_in_the_order_of_the_document() -> None:
    root = load_text("a: 1\nb: 2\n", "x.yaml")
    first, second = get(root, ["a"]), get(root, ["b"])
    assert first is not None
    assert second is not None
    findings = Findings()
    findings.add("CC503", "later", second.span)
    findings.add("CC503", "sooner", first.span)
    with pytest.raises(CatalogError) as caught:
        findings.raise_any()
    assert [diagnostic.message for diagnostic in caught.value.diagnostics] == ["sooner", "later"]


def test_no_finding_raises_nothing() -> None:
    Findings().raise_any()


def test_a_word_that_is_near_none_gets_all_of_them() -> None:
    findings = Findings()
    findings.add_unknown("key", "zzz", ["b", "a"], load_text("a: 1", "x.yaml").span)
    assert findings.as_error().diagnostics[0].hint == "known: a, b"
