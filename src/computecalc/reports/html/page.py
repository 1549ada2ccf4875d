"""The whole page around its sections: head, heading, table of contents, footer."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc import __version__
from computecalc.records import record
from computecalc.reports.html.assets import data_block, head_parts, script_block
from computecalc.reports.html.markup import Markup, element, joined, void

__all__ = ["Origin", "Section", "page", "section"]


@record
class Section:
    """One part of a page: the name of its anchor, its heading in the table of contents, and what is in it."""

    anchor: str
    heading: str
    content: Markup


@record
class Origin:
    """What a page was made of, for its footer."""

    catalog_version: str
    catalog_digest: str
    tool_version: str = ""
    """Of the program that estimated; empty: this one."""
    is_saved: bool = False
    """Whether it was read from a saved result."""


def section(anchor: str, heading: str, *children: str | None, level: int = 2, lead: str = "") -> Section:
    """Return a part of a page under its heading."""
    content = element(
        "section",
        element(f"h{level}", heading, id=f"{anchor}-h"),
        element("p", lead, class_="note") if lead else None,
        *children,
        id=anchor,
        aria_labelledby=f"{anchor}-h",
    )
    return Section(anchor, heading, content)


def page(
    title: str, kicker: str, lead: str, sections: Sequence[Section], origin: Origin, *, data: Sequence[object] = ()
) -> str:
    """Return a document that needs nothing beside itself, the same for the same content.

    Parameters
    ----------
    title : str
        Heading of the page.
    kicker : str
        What kind of page it is, above the heading.
    lead : str
        One sentence below it.
    sections : sequence of Section
        Parts in order.
    origin : Origin
        What it was made of.
    data : sequence
        What the sliders need, one a scenario that has them.
    """
    head = element(
        "head",
        void("meta", charset="utf-8"),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        head_parts(),
        element("title", f"{title} · computecalc"),
    )
    top = element(
        "header",
        element("div", element("p", kicker, class_="kicker"), element("h1", title), element("p", lead, class_="lead")),
        element("button", "Dark theme", id="theme", type="button", hidden=True, class_="controls"),
        class_="top",
    )
    links = [element("li", element("a", each.heading, href=f"#{each.anchor}")) for each in sections]
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        element(
            "div",
            top,
            element("nav", element("ul", *links), aria_label="Contents") if len(links) > 1 else None,
            element("main", *(each.content for each in sections), id="content"),
            _footer(origin),
            class_="page",
        ),
        data_block("explore-data", data) if data else None,
        script_block(),
    )
    return joined([Markup("<!DOCTYPE html>\n"), element("html", head, Markup("\n"), body, lang="en"), Markup("\n")])


def _footer(origin: Origin) -> Markup:
    made = f"computecalc {origin.tool_version or __version__}"
    saved = f" and drawn by computecalc {__version__} from a saved result" if origin.is_saved else ""
    digest = element("code", origin.catalog_digest)
    return element(
        "footer",
        element("p", f"Estimated by {made}{saved}, catalog {origin.catalog_version}, digest ", digest, "."),
        element(
            "p",
            "Figures are estimates: low, middle and high over the ranges of the assumptions, in the units shown. "
            "This file loads nothing from anywhere, and holds no date: the same input makes the same bytes.",
        ),
    )
