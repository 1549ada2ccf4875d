"""One picture of pygal, cut down to what the page's style colours: shapes, texts, and hints where a pointer rests."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from computecalc.reports.escapes import terminal_text
from computecalc.reports.html.markup import Markup, element

__all__ = ["WIDTH", "Drawing", "ticks"]

WIDTH = 400
"""Of a bar chart, in the units of its text: about what a phone is wide, so that text is as large there as elsewhere."""

_ATTRIBUTES = {
    "rect": ("class", "x", "y", "width", "height"),
    "path": ("class", "d"),
    "text": ("class", "x", "y"),
    "circle": ("class", "cx", "cy", "r"),
    "g": ("class", "transform"),
    "title": (),
}
"""What is kept of a drawing, and of each element; all else is left out, and with it whatever a library may add."""

_LEFT_OUT = ("tooltip-overlay", "titles", "legends", "background")
_NUMBER = re.compile(r"-?\d+\.\d+")


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers that cover a range from beneath, at most so many steps of 1, 2, 2.5 or 5 apart."""
    span = high - low or abs(high) or 1.0
    size = 10.0 ** math.floor(math.log10(span / most))
    step = next(size * each for each in (1.0, 2.0, 2.5, 5.0, 10.0) if span / (size * each) <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


class Drawing:
    """The tree of a chart while texts and hints are put into it."""

    def __init__(self, tree: ET.Element, width: int, height: int, *, edge: int = 0) -> None:
        self._tree, self._width, self._height, self._edge = tree, width, height, edge
        self._hints: dict[int, str] = {}
        self._texts: list[Markup] = []

    def _layers(self, name: str) -> Iterator[ET.Element]:
        for group in self._tree.iter("g"):
            if name in (group.get("class") or "").split():
                yield group

    def shapes(self, tag: str, series: int) -> list[ET.Element]:
        """Return the shapes of a series in the order of its values."""
        return [shape for group in self._layers(f"serie-{series}") for shape in group.iter(tag)]

    def ranges(self) -> list[ET.Element]:
        """Return the lines of ranges, in the order of the values that have one."""
        return [path for group in self._layers("ci") for path in group.iter("path")]

    def move_range(self, path: ET.Element, height: float) -> None:
        """Draw the line of a range, which pygal draws beside its bar, through the middle of the bar."""
        numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path.get("d") or "")]
        low, high = min(numbers[::2]), max(numbers[::2])
        edge = 5
        path.set(
            "d",
            f"M{low:.2f} {height:.2f} H{high:.2f} M{low:.2f} {height - edge:.2f} V{height + edge:.2f} "
            f"M{high:.2f} {height - edge:.2f} V{height + edge:.2f}",
        )
        path.set("class", "range")

    def hint(self, shape: ET.Element, text: str, *, is_drawn: bool) -> None:
        """Say something where a pointer rests on a shape; a shape that stands for nothing is left out."""
        if is_drawn:
            self._hints[id(shape)] = text
        else:
            shape.set("class", "background")

    def text(self, text: str, x: float, y: float, kind: str) -> None:
        """Add a text in the plane of the picture."""
        self._texts.append(element("text", text, class_=kind, x=f"{x:g}", y=f"{y:g}"))

    title = text

    def markup(self, title: str, kind: str) -> Markup:
        """Return the picture with the title that is heard in its place."""
        groups = [self._written(child) for child in self._tree if child.tag == "g"]
        texts = [*groups, *self._texts]
        return element(
            "svg",
            *texts,
            viewBox=f"{self._edge} 0 {self._width - 2 * self._edge} {self._height}",
            class_=f"picture {kind}",
            role="img",
            aria_label=title,
        )

    def _written(self, node: ET.Element) -> Markup | None:
        """Return an element of the picture with what is kept of it."""
        tag = node.tag
        kind = node.get("class") or ""
        if tag not in _ATTRIBUTES or any(name in kind.split() for name in _LEFT_OUT):
            return None
        given = {name: _rounded(node.get(name) or "") for name in _ATTRIBUTES[tag] if node.get(name)}
        hint = self._hints.get(id(node))
        inner = [self._written(child) for child in node if child.tag != "title"]
        if tag == "g" and not any(inner):
            return None
        if hint is not None:
            inner = [element("title", hint)]
        text = terminal_text(node.text) if tag == "text" and node.text else None
        if "class" in given:
            given["class_"] = given.pop("class")
        return element(tag, text, *inner, **given)


def _rounded(text: str) -> str:
    """Cut numbers to what a screen can show."""
    return _NUMBER.sub(lambda found: f"{float(found.group()):.2f}".rstrip("0").rstrip("."), text)
