"""Codes of diagnostics: each that is raised is in the table, each in the table is raised, and each has its entry."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from computecalc.error_codes import CODES

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "computecalc"

_CODE = re.compile(r"CC\d{3}")


def raised() -> dict[str, set[str]]:
    """Return the codes that stand as texts in the source, with the files; the table itself raises none."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if path.parent == SOURCE and path.name.endswith("_codes.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                found.setdefault(node.value, set()).add(path.name)
    return found


def test_each_code_that_is_raised_is_in_the_table_and_the_other_way_round() -> None:
    codes = raised()
    assert {code: codes[code] for code in codes.keys() - CODES.keys()} == {}, "raised, but not in the table"
    assert sorted(CODES.keys() - codes.keys()) == [], "in the table, but not raised"


def test_each_code_has_one_entry_with_cause_and_remedy() -> None:
    page = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^#+ (CC\d{3})", page, re.MULTILINE)) == sorted(CODES)
    for code in CODES.values():
        assert all(text.strip() for text in (code.title, code.cause, code.remedy))
        assert code.cause in page
        assert code.remedy in page


def test_codes_that_pages_name_are_in_the_table() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        named = set(_CODE.findall(page.read_text(encoding="utf-8")))
        assert sorted(named - CODES.keys()) == [], page.name
