"""Reading one figure: its quantity, by the table of the kind, and its provenance."""

from __future__ import annotations

from computecalc.catalog.attributes import ANY_UNIT, Attribute
from computecalc.catalog.provenance import Fact, Provenance
from computecalc.catalog.sources import PROVENANCE_KEYS, SourceReader
from computecalc.records import record
from computecalc.units.dimensions import dimension_text
from computecalc.units.grammar import parse_any
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode

__all__ = ["FigureReader"]

_FIGURE_KEYS = ("value", *PROVENANCE_KEYS)


@record
class FigureReader:
    """Reads the figures of one entry; a figure with a problem is noted as a finding and given as None."""

    reader: SourceReader
    default: Provenance
    """The entry's provenance."""

    def read(self, path: str, attribute: Attribute, node: Node) -> Fact | None:
        """Return the figure written at `path`, a quantity or a mapping with a quantity as `value`."""
        origin, value = self.default, node
        if isinstance(node, MappingNode):
            if not self._keys_are_known(path, node):
                return None
            origin, value = self.reader.overlaid(self.default, node), node.entries["value"].node
        measured = self._quantity(path, attribute, value)
        for what, given in (("source", origin.sources), ("kind of value", origin.kind)):
            if not given:
                hint = "give the entry a `provenance: {source: ..., kind: ...}`"
                self.reader.findings.add("CC503", f"{path} has no {what}", value.span, hint=hint)
        if measured is None or not origin.sources or not origin.kind:
            return None
        return Fact(
            value=measured[0],
            unit=measured[1],
            kind=origin.kind,
            sources=origin.sources,
            locator=origin.locator,
            as_of=origin.as_of or origin.sources[0].as_of,
            note=origin.note,
            span=value.span,
        )

    def _keys_are_known(self, path: str, node: MappingNode) -> bool:
        findings = self.reader.findings
        unknown = [(key, entry) for key, entry in node.entries.items() if key not in _FIGURE_KEYS]
        for key, entry in unknown:
            findings.add_unknown("key", key, _FIGURE_KEYS, entry.key_span)
        if "value" in node.entries:
            return True
        if not unknown:
            findings.add("CC503", f"{path} has no value", node.span, hint="write `value: ...` or only the quantity")
        return False

    def _quantity(self, path: str, attribute: Attribute, node: Node) -> tuple[Range, str] | None:
        raw = node.value if isinstance(node, ScalarNode) else None
        if not isinstance(node, ScalarNode) or raw is None or isinstance(raw, bool):
            hint = "a number with its unit" + ("" if attribute.unit == ANY_UNIT else f", {attribute.unit} or alike")
            self.reader.findings.add("CC503", f"{path} must be a quantity", node.span, hint=hint)
            return None
        try:
            return _parsed(attribute, raw if isinstance(raw, str) else node.text)
        except QuantityProblem as problem:
            self.reader.findings.add_quantity(problem, node)
            return None


def _parsed(attribute: Attribute, text: str) -> tuple[Range, str]:
    if attribute.unit == ANY_UNIT:
        value, unit = parse_any(text)
        return value, dimension_text(unit.dimension)
    try:
        return attribute.spec().parse(text), attribute.fact_unit
    except QuantityProblem as problem:
        if problem.code != "CC404" or not attribute.per:
            raise
        try:
            return attribute.spec(full=True).parse(text), attribute.fact_unit
        except QuantityProblem:
            # The file most likely meant the shorter unit: its message is the one that helps.
            raise problem from None
