"""A page read back by a parser: its elements, texts and links, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "link", "input", "wbr", "br"}


@dataclass
class Element:
    """One element with its place in the tree."""

    tag: str
    attributes: dict[str, str | None]
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text within, in order."""
        return "".join(self.texts)

    def within(self, tag: str) -> list[Element]:
        """Elements of a tag below this one, in order."""
        return [found for child in self.children for found in ([child] if child.tag == tag else []) + child.within(tag)]

    def has_class(self, name: str) -> bool:
        return name in (self.attributes.get("class") or "").split()


class Page(HTMLParser):
    """The tree of a page; a tag that is closed by another is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        made = Element(tag, dict(attrs), self._open[-1] if self._open else None)
        if made.parent is not None:
            made.parent.children.append(made)
        self.all.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.texts.append(data)

    def of(self, tag: str, class_: str | None = None) -> list[Element]:
        """Elements of a tag, in order."""
        return [each for each in self.all if each.tag == tag and (class_ is None or each.has_class(class_))]

    def by_id(self, name: str) -> Element:
        (found,) = [each for each in self.all if each.attributes.get("id") == name]
        return found


def faults(page: Page) -> list[str]:
    """What a reader without eyes, or a link, would stumble over."""
    ids = [each.attributes["id"] for each in page.all if "id" in each.attributes]
    found = [f"two of id {name}" for name in {name for name in ids if ids.count(name) > 1}]
    for each in page.all:
        address = each.attributes.get("href") or ""
        if address.startswith("#") and address[1:] not in ids:
            found.append(f"link to nothing: {address}")
        named = [(name, each.attributes[name]) for name in ("aria-labelledby", "for") if name in each.attributes]
        found += [f"{name} of nothing: {target}" for name, target in named if target not in ids]
        if each.has_class("picture") and not (
            each.attributes.get("aria-label") and each.attributes.get("role") == "img"
        ):
            found.append("a picture that says nothing")
        if each.tag == "table":
            found += _table_faults(each)
        if {"style", "onclick", "onload"} & each.attributes.keys():
            found.append(f"<{each.tag}> has style or script in it")
    levels = [int(each.tag[1]) for each in page.all if each.tag in ("h1", "h2", "h3", "h4")]
    found += [f"h{one} before h{two}" for one, two in pairwise(levels) if two > one + 1]
    if levels.count(1) != 1 or levels[0] != 1:
        found.append("not one first heading")
    return found


def _table_faults(table: Element) -> list[str]:
    found = []
    if not [child for child in table.children if child.tag == "caption" and child.text.strip()]:
        found.append("a table without a caption")
    cells = [cell for part in table.children for row in part.children for cell in row.children]
    if any(cell.tag == "th" and "scope" not in cell.attributes for cell in cells):
        found.append("a head of nothing")
    widths = {
        sum(int(cell.attributes.get("colspan") or 1) for cell in row.children)
        for part in table.children
        if part.tag in ("thead", "tbody")
        for row in part.children
    }
    return found if len(widths) == 1 else [*found, f"rows of {widths} cells"]
