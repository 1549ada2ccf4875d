"""A metric's derivation as a tree: formulas with their values, down to inputs with their origins."""

from __future__ import annotations

from dataclasses import dataclass, field

from computecalc.estimators.absent import why_absent
from computecalc.estimators.metrics import METRICS, Metric
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.estimators.trace import InputNode, LiteralNode, Node, StepNode
from computecalc.formulas.references import REFERENCES
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.rows import origin_text
from computecalc.units.display import display, format_range
from computecalc.units.ranges import Range

__all__ = ["render_derivation"]

_RELATED: dict[str, tuple[str, ...]] = {
    "compute.model": ("compute.model_full", "compute.six_n_d", "compute.hardware"),
    "mfu": ("mfu.full", "hfu"),
}
"""Metrics that answer the same question in another convention."""


@dataclass
class _Drawing:
    """State of one tree: lines so far, steps already drawn, works cited."""

    style: ReportStyle
    depth: int
    lines: list[str] = field(default_factory=list)
    drawn: dict[int, str] = field(default_factory=dict)
    cited: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    """Titles of the catalog's sources; leaves refer to them by number."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    """Notes on figures, each with the inputs that it is of."""

    def draw(self, name: str, node: Node, first: str, rest: str, level: int) -> None:
        """Add a node and what lies below it."""
        title = _title(name, node)
        head = f"{first}{title} = {self._value(node)}"
        if not isinstance(node, StepNode):
            self.lines.append(f"{head}   {self._leaf(node)}")
            return
        if id(node) in self.drawn:
            self.lines.append(f"{head}   see {self.drawn[id(node)]} above")
            return
        self.drawn[id(node)] = title
        self._cite(node)
        self.lines.append(f"{head}   {node.formula.reference}: {node.formula.body}  [{', '.join(node.formula.cite)}]")
        children = _children(node)
        if level >= self.depth:
            self.lines.append(f"{rest}└─ … {len(children)} more below, --depth {self.depth + 3} shows them")
            return
        for index, (child_name, child) in enumerate(children):
            last = index == len(children) - 1
            self.draw(
                child_name, child, f"{rest}{'└─ ' if last else '├─ '}", f"{rest}{'   ' if last else '│  '}", level + 1
            )

    def _value(self, node: Node) -> str:
        if isinstance(node, StepNode):
            return str(display(node.value, node.formula.returns, digits=self.style.digits))
        if isinstance(node, InputNode):
            given = node.input
            if given.unit == "1" and given.range.is_exact and node.value.is_integer():
                return f"{node.value:,.0f}"  # sizes and degrees are counts: every digit matters
            return format_range(given.range, given.formula_unit or given.unit, digits=self.style.digits)
        return f"{node.value:g}"

    def _leaf(self, node: InputNode | LiteralNode) -> str:
        if isinstance(node, LiteralNode):
            return "set by the recipe"
        origin = node.input.origin
        text = f"{node.input.path}: {origin_text(origin)}"
        if origin.note:
            noted = self.notes.setdefault(origin.note, [])
            noted += [] if node.input.path in noted else [node.input.path]
        if not origin.source:
            return text
        if origin.source not in self.sources:
            self.sources.append(origin.source)
        return f"{text} <{self.sources.index(origin.source) + 1}>"

    def _cite(self, node: StepNode) -> None:
        for key in node.formula.cite:
            if key not in self.cited:
                self.cited.append(key)


def render_derivation(estimate: Estimate, metric: Metric, style: ReportStyle, *, depth: int) -> str:
    """Return the derivation of one metric as text.

    Parameters
    ----------
    estimate : Estimate
        The scenario.
    metric : Metric
        What to explain.
    style : ReportStyle
        Digits and units.
    depth : int
        Levels of the tree that are drawn.
    """
    value = estimate.outputs.get(metric.id)
    lines = [f"{metric.id}: {metric.meaning}", f"scenario {terminal_text(estimate.name)}", ""]
    if value is None or value.mid is None:
        reason = value.reason if value is not None else why_absent(estimate, metric.id)
        return "\n".join([*lines, f"unknown: {reason}"]) + "\n"
    drawing = _Drawing(style, depth)
    drawing.draw(metric.id, estimate.nodes[metric.id], "", "", 0)
    lines += [terminal_text(line) for line in drawing.lines]
    lines += _range_lines(value, style)
    lines += _related_lines(estimate, metric, value, style)
    if drawing.sources:
        lines += ["", "Sources", *(f"  <{i}> {terminal_text(title)}" for i, title in enumerate(drawing.sources, 1))]
    if drawing.notes:
        lines += ["", "Notes", *(f"  {_noted(paths)}: {terminal_text(note)}" for note, paths in drawing.notes.items())]
    if drawing.cited:
        lines += ["", "References", *(f"  {key}: {REFERENCES[key]}" for key in drawing.cited)]
    return "\n".join(lines) + "\n"


def _noted(paths: list[str]) -> str:
    """Name the inputs that a note is of; of many the first alone."""
    if len(paths) <= 2:
        return " and ".join(paths)
    return f"{paths[0]} and {len(paths) - 1} others"


def _children(node: StepNode) -> list[tuple[str, Node]]:
    found: list[tuple[str, Node]] = []
    for name, argument in node.arguments.items():
        if isinstance(argument, tuple):
            found += [(f"{name}[{index}]", item) for index, item in enumerate(argument)]
        else:
            found.append((name, argument))
    return found


def _title(name: str, node: Node) -> str:
    """Name of a node: its label alone where the name only counts parts, else the name with the label."""
    label = node.label if isinstance(node, StepNode) else ""
    if not label:
        return name
    return label if name.startswith("parts[") else f"{name} ({label})"


def _range_lines(value: MetricValue, style: ReportStyle) -> list[str]:
    if not value.swings or value.low is None or value.mid is None or value.high is None:
        return []
    whole = format_range(Range(value.low, value.mid, value.high), value.unit, digits=style.digits)
    lines = ["", f"Range {whole}, each input alone from its low to its high end:"]
    for swing in value.swings:
        ends = [str(display(end, value.unit, digits=style.digits)) for end in (swing.low, swing.high)]
        lines.append(f"  {swing.path}: {ends[0]} .. {ends[1]}")
    return lines


def _related_lines(estimate: Estimate, metric: Metric, value: MetricValue, style: ReportStyle) -> list[str]:
    lines: list[str] = []
    for name in _RELATED.get(metric.id, ()):
        other = estimate.outputs[name]
        if other.mid is not None and value.mid:
            shown = display(other.mid, other.unit, digits=style.digits)
            lines.append(f"  {name} = {shown} ({other.mid / value.mid - 1.0:+.1%})  {METRICS[name].meaning}")
    return ["", "Beside it", *lines] if lines else []
