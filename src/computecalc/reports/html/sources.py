"""The sources of a scenario's figures, numbered in the order in which they are met."""

from __future__ import annotations

from computecalc.estimators.origins import Origin
from computecalc.reports.html.markup import Markup, element, joined, link

__all__ = ["Sources"]


class Sources:
    """Numbers sources while a scenario is written, and lists them at the end."""

    def __init__(self, anchor: str) -> None:
        self._anchor = anchor
        self._numbers: dict[tuple[str, str], int] = {}

    def marks(self, origin: Origin) -> Markup:
        """Return the numbers of an origin's sources, each a link into the list."""
        works = origin.works or (((origin.source, ""),) if origin.source else ())
        marks = []
        for work in works:
            number = self._numbers.setdefault(work, len(self._numbers) + 1)
            marks.append(element("a", f"[{number}]", href=f"#{self._anchor}source-{number}"))
        return joined(marks, " ")

    def listed(self) -> Markup | None:
        """Return the list of all that were met; None where there are none."""
        if not self._numbers:
            return None
        items = [
            element("li", _work(title, address), id=f"{self._anchor}source-{number}", value=str(number))
            for (title, address), number in self._numbers.items()
        ]
        return element(
            "details",
            element("summary", f"{len(items)} sources"),
            element("ol", *items, class_="notes sources small"),
            class_="fold",
        )


def _work(title: str, address: str) -> Markup:
    if address.startswith(("https://", "http://")):
        return joined([link(address, title), element("div", address, class_="address")])
    return joined([title, f", {address}" if address and address != title else None])
