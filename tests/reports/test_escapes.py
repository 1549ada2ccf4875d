"""Names from strangers do nothing in any format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import csv_text, markdown_text, terminal_text
from computecalc.reports.formats import FORMATS, render
from tests.reports.conftest import HOSTILE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("é 模型", "é 模型"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\r\tc", "a\\x0ab\\x0d\\x09c"),
        ("\u202eabc", "\\u202eabc"),
        ("a\u2028b", "a\\u2028b"),
        ("\x9b31m", "\\x9b31m"),
    ],
)
def test_terminal_control_characters_are_shown(text: str, shown: str) -> None:
    assert terminal_text(text) == shown


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "\t", "\r", "\n"])
def test_no_cell_starts_a_formula(start: str) -> None:
    assert csv_text(f"{start}1+1")[0] == "'"
    assert csv_text(f"a{start}") == terminal_text(f"a{start}")


def test_markdown_is_taken_as_text() -> None:
    assert markdown_text("a|b *c* [d](e) <f> `g` #h") == r"a\|b \*c\* \[d\](e) \<f\> \`g\` \#h"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("accelerator", ["h100-sxm", "h100-smx"])
def test_no_format_lets_a_hostile_name_through(
    name: str, accelerator: str, documented: Callable[..., ReportDocument]
) -> None:
    text = render(name, documented(HOSTILE, accelerator=accelerator), ReportStyle(width=120))
    assert "\x1b" not in text
    assert HOSTILE not in text


def test_colour_adds_only_escapes_of_our_own(documented: Callable[..., ReportDocument]) -> None:
    text = render("table", documented(HOSTILE), ReportStyle(color=True))
    assert text.startswith("\x1b[1m=cmd()|[red]\\x1b[31m\\x0a`<b>\x1b[0m")


def test_each_format_shows_the_name_as_text(documented: Callable[..., ReportDocument]) -> None:
    document = documented(HOSTILE)
    shown = "=cmd()|[red]\\x1b[31m\\x0a`<b>"
    assert render("plain", document, ReportStyle()).startswith(f"scenario {shown} (train)\n")
    assert render("table", document, ReportStyle()).startswith(f"{shown}  train\n")
    assert render("md", document, ReportStyle()).startswith("## =cmd()\\|\\[red\\]\\\\x1b\\[31m\\\\x0a\\`\\<b\\>\n")
    rows = list(csv.reader(io.StringIO(render("csv", document, ReportStyle()))))
    assert {row[0] for row in rows[1:]} == {f"'{shown}"}
    assert json.loads(render("json", document, ReportStyle()))["scenarios"][0]["name"] == HOSTILE
    assert render("jsonl", document, ReportStyle()).count("\n") == 1
