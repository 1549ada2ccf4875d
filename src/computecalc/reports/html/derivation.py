"""How each figure comes about: formulas with their values as a tree that folds, down to inputs with their origins."""

from __future__ import annotations

from dataclasses import dataclass, field

from computecalc.estimators.results import Estimate
from computecalc.estimators.trace import InputNode, LiteralNode, Node, StepNode
from computecalc.formulas.references import REFERENCES
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.assumptions import input_anchor
from computecalc.reports.html.markup import Markup, element, joined, link
from computecalc.reports.html.page import Section, section
from computecalc.reports.html.summary import key_figures
from computecalc.units.display import display, format_range

__all__ = ["derivation"]


@dataclass
class _Drawing:
    """State of one scenario: steps already drawn, with their anchors, and works cited."""

    anchor: str
    style: ReportStyle
    drawn: dict[int, str] = field(default_factory=dict)
    cited: dict[str, None] = field(default_factory=dict)

    def node(self, name: str, node: Node) -> Markup:
        """Return one node with all that lies below it."""
        head = joined([element("span", name, class_="code"), " = ", element("span", self._value(node), class_="value")])
        if not isinstance(node, StepNode):
            return element("li", head, " ", self._leaf(node), class_="leaf")
        known = self.drawn.get(id(node))
        formula = element("span", node.formula.reference, class_="formula")
        if known is not None:
            seen = element("a", "shown elsewhere", href=f"#{known}")
            return element("li", head, " ", formula, " ", seen, class_="leaf")
        mine = f"{self.anchor}n{len(self.drawn)}"
        self.drawn[id(node)] = mine
        children = [self.node(child_name, child) for child_name, child in _children(node)]
        return element(
            "li",
            element(
                "details",
                element("summary", head, " ", formula),
                element("div", element("code", node.formula.body), self._cites(node), class_="body"),
                element("ul", *children),
                id=mine,
            ),
        )

    def _cites(self, node: StepNode) -> Markup:
        links = []
        for key in node.formula.cite:
            self.cited[key] = None
            links.append(element("a", key, href=f"#{self.anchor}ref-{key}"))
        return joined([" ", element("span", "[", joined(links, ", "), "]", class_="small")]) if links else Markup("")

    def _value(self, node: Node) -> str:
        if isinstance(node, StepNode):
            return str(display(node.value, node.formula.returns, digits=self.style.digits))
        if isinstance(node, LiteralNode):
            return f"{node.value:g}"
        given = node.input
        if given.unit == "1" and given.range.is_exact and node.value.is_integer():
            return f"{node.value:,.0f}"  # sizes and degrees are counts: every digit matters
        return format_range(given.range, given.formula_unit or given.unit, digits=self.style.digits)

    def _leaf(self, node: InputNode | LiteralNode) -> Markup:
        if isinstance(node, LiteralNode):
            return element("span", "set by the recipe", class_="small")
        path = node.input.path
        return element(
            "span",
            element("a", path, href=f"#{input_anchor(self.anchor, path)}"),
            f": {node.input.origin.text}",
            class_="small",
        )


def derivation(anchor: str, estimate: Estimate, style: ReportStyle, *, level: int) -> Section | None:
    """Return the trees of all known figures, the main ones first; None where the estimate remembers none."""
    if not estimate.nodes:
        return None
    main = [value.id for value in key_figures(estimate)]
    rest = [name for name, value in estimate.outputs.items() if value.mid is not None and name not in main]
    drawing = _Drawing(anchor, style)
    trees = [[drawing.node(name, estimate.nodes[name]) for name in names] for names in (main, rest)]
    references = [
        element("li", f"{key}: {found.authors} ({found.year}), ", link(found.url, found.title), id=f"{anchor}ref-{key}")
        for key in sorted(drawing.cited)
        for found in (REFERENCES[key],)
    ]
    lead = (
        "At the middle of all ranges: every figure unfolds to the formula that made it, with its version and its "
        "literature, and further down to the inputs. A step that several figures share is drawn once."
    )
    more = element(
        "details",
        element("summary", f"{len(rest)} further figures"),
        element("ul", *trees[1], class_="tree"),
        class_="fold",
    )
    cited = element(
        "details",
        element("summary", f"{len(references)} works cited"),
        element("ul", *references, class_="notes small"),
        class_="fold",
    )
    return section(
        f"{anchor}derivation",
        "Derivation",
        element("ul", *trees[0], class_="tree"),
        more if rest else None,
        cited if references else None,
        level=level,
        lead=lead,
    )


def _children(node: StepNode) -> list[tuple[str, Node]]:
    found: list[tuple[str, Node]] = []
    for name, argument in node.arguments.items():
        if isinstance(argument, tuple):
            found += [(_label(f"{name}[{index}]", item), item) for index, item in enumerate(argument)]
        else:
            found.append((_label(name, argument), argument))
    return found


def _label(name: str, node: Node) -> str:
    """Name of a node: its label alone where the name only counts parts, else the name with the label."""
    label = node.label if isinstance(node, StepNode) else ""
    if not label:
        return name
    return label if name.startswith("parts[") else f"{name} ({label})"
