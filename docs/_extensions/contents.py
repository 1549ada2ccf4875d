"""Where every page stands in the site: tables of contents by list and pattern, so that pages stay plain Markdown.

Code hosts would show Sphinx's toctree as a block of code. Here the tables are added to their pages while Sphinx reads
them. A page that no list names falls to the pattern that matches it, the last of a section in the order of the names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["CONTENTS", "NAMES", "tables_of_contents"]

CONTENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "docs/index": {
        "Start": ("docs/getting-started", "README"),
        "Guides by reader": (
            *("docs/guides/ml-engineer", "docs/guides/platform-team", "docs/guides/finance"),
            *("docs/guides/sustainability", "docs/guides/policy", "docs/guides/*"),
        ),
        "Tasks": (
            *("docs/scenario-files", "docs/serving", "docs/layout-search", "docs/comparing", "docs/money"),
            *("docs/carbon-water", "docs/regulation", "docs/uncertainty", "docs/budgets", "docs/lock-and-diff"),
            *("docs/ci", "docs/catalog-format", "docs/*"),
        ),
        "How right it is": (
            *("docs/methodology", "docs/validation", "docs/reference/accuracy", "docs/limits", "docs/comparison"),
            "validation/README",
        ),
        "Reference": (
            *("docs/reference/cli", "docs/reference/metrics", "docs/reference/formulas", "docs/reference/catalog"),
            *("docs/reference/catalog-prices", "docs/reference/catalog-places", "docs/reference/priors"),
            *("docs/reference/units", "docs/reference/errors", "docs/reference/*"),
        ),
        "Project": ("docs/design", "CONTRIBUTING", "CHANGELOG"),
    },
    "docs/reference/formulas": {"": ("docs/reference/formulas/*",)},
}
"""Page, caption, and the pages below it: names first, then patterns for what is named nowhere."""


NAMES = {"README": "README", "validation/README": "Data of the validation"}
"""What a table calls a page whose title would say too little or too much there."""


def tables_of_contents(root: Path) -> dict[str, dict[str, list[str]]]:
    """Return the pages of each table, patterns resolved."""
    named = {entry for tables in CONTENTS.values() for entries in tables.values() for entry in entries}
    return {
        page: {
            caption: [name for entry in entries for name in _matching(root, entry, named | {page})]
            for caption, entries in tables.items()
        }
        for page, tables in CONTENTS.items()
    }


def _matching(root: Path, entry: str, named: set[str]) -> list[str]:
    if not entry.endswith("*"):
        return [entry]
    found = (path.relative_to(root).with_suffix("").as_posix() for path in root.glob(f"{entry}.md"))
    return sorted(set(found) - named - set(CONTENTS))


def _add_tables(app: Any, name: str, source: list[str]) -> None:
    for caption, pages in tables_of_contents(Path(app.srcdir)).get(name, {}).items():
        head = ["```{toctree}", ":hidden:", *([f":caption: {caption}"] if caption else []), ""]
        source[0] += "\n\n" + "\n".join([*head, *(_entry(page) for page in pages), "```"]) + "\n"


def _entry(page: str) -> str:
    folder, _, name = page.rpartition("/")
    shown = NAMES.get(page) or (name.replace("_", " ") if folder in CONTENTS else "")
    return f"{shown} </{page}>" if shown else f"/{page}"


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", _add_tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
