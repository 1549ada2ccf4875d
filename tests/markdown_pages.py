"""The documents as tests read them: pages, their blocks of code, links and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = [
    "HAND_WRITTEN",
    "PAGES",
    "ROOT",
    "Block",
    "anchors",
    "blocks",
    "commands_of",
    "inline_code",
    "links",
    "name_of",
]

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "validation/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
HAND_WRITTEN = [page for page in PAGES if "reference" not in page.parts]


@dataclass(frozen=True)
class Block:
    """A block of code, fenced or indented."""

    page: Path
    line: int
    language: str
    """What stands after the fence, such as `console session`; empty where it is indented."""
    text: str

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"


def name_of(page: Path) -> str:
    """Return the path of a page, below the checkout where it lies there."""
    return page.relative_to(ROOT).as_posix() if page.is_relative_to(ROOT) else str(page)


@cache
def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of code of a page."""
    for token in _tokens(page):
        if token.type in ("fence", "code_block"):
            line = token.map[0] + 1 if token.map else 0
            yield Block(page, line, token.info.strip(), token.content)


def commands_of(block: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a block with the lines shown below it."""
    command, shown = "", []
    for line in [*block.splitlines(), "$ "]:
        if not line.startswith("$ "):
            shown.append(line)
            continue
        if command:
            yield command, shown
        command, shown = line.removeprefix("$ "), []


def _inline(page: Path) -> Iterator[Token]:
    for token in _tokens(page):
        yield from token.children or ()


def links(page: Path) -> list[str]:
    """Return where the links and pictures of a page lead, in their order."""
    return [
        str(token.attrGet("href" if token.type == "link_open" else "src"))
        for token in _inline(page)
        if token.type in ("link_open", "image")
    ]


def inline_code(page: Path) -> list[str]:
    """Return the code within the sentences of a page."""
    return [token.content for token in _inline(page) if token.type == "code_inline"]


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as code hosts and the site make them."""
    tokens = _tokens(page)
    titles = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)
