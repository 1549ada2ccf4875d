"""Names, notes and units of strangers stay text: in markup, in attributes, in charts, and in the data of the script."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Origin
from computecalc.estimators.results import estimate
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.html.assets import data_block
from computecalc.reports.html.charts import Bar, Dot, bar_chart, scatter_chart
from computecalc.reports.html.estimates import render_html
from computecalc.reports.html.front import Front, render_front_html
from computecalc.reports.html.markup import Markup, breakable, element, link, table
from computecalc.reports.html.page import Origin as Made
from computecalc.reports.html.sources import Sources
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text
from tests.conftest import TODAY, Ran
from tests.reports.html.reading import Page, faults

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style></title><img src=x onerror=alert(1)>",
    '"onload="alert(1)',
    "'><svg/onload=alert(1)>",
    "<b>x</b>",
    "${alert(1)}{{7*7}}",
    "a\u2028b\u2029c\u202ed",
    "<!--",
    "&lt;script&gt;&#x3c;",
    "javascript:alert(1)",
    "\x1b[31m\x00]]>",
)

TOGETHER = tuple(" ".join(HOSTILE[first::4]) for first in range(4))
"""All of them in a few names, for what takes a whole page each."""

PLAN = """\
version: 1
scenarios:
  NAME:
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100, count: 1024}
    efficiency: {mfu: 0.3..0.4..0.5, goodput: 0.9}
    data: {tokens: 1.5e12}
    money: {price: 2..3 USD/accelerator/h}
  other: {extends: NAME, money: {price: 5 USD/accelerator/h}}
budgets:
  - {on: '*', checks: [mfu >= 60 %], owner: NAME, message: NAME}
"""


TRAINED = """\
version: 1
scenarios:
  run:
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100, count: 1024}
    efficiency: {mfu: 0.3..0.4..0.5}
    site: {region: US-VA}
"""


_INNOCENT: dict[str, Page] = {}
"""The page of each command with a name that means no harm."""


@pytest.fixture
def plan(golden_catalog: object, tmp_path: Path) -> Callable[[str], str]:
    """Write scenarios of a name; return the path."""

    def write(name: str) -> str:
        path = tmp_path / "plan.yaml"
        path.write_text(PLAN.replace("NAME", json.dumps(name)), encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("name", TOGETHER)
@pytest.mark.parametrize("command", ["run", "check", "compare"])
def test_a_name_is_a_text_wherever_it_stands(
    command: str, name: str, plan: Callable[[str], str], program: Callable[..., Ran]
) -> None:
    if command not in _INNOCENT:
        _INNOCENT[command] = Page(program(command, plan("innocent"), "-f", "html").out)
    innocent = _INNOCENT[command]
    text = program(command, plan(name), "-f", "html").out
    page = Page(text)
    assert faults(page) == []
    # A name that were markup would make another tree.
    assert [each.tag for each in page.all] == [each.tag for each in innocent.all]
    assert [sorted(each.attributes) for each in page.all] == [sorted(each.attributes) for each in innocent.all]
    for control in ("\x1b", "\x00", "\u2028", "\u2029", "\u202e"):
        assert control not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_parts_of_a_page_escape_what_is_no_markup(name: str) -> None:
    made = element(
        "div",
        element("p", name, title=name),
        table(name, (name, name), [(name, name)]),
        link(name, name),
        breakable(name + "x" * 30),
        bar_chart(name, [Bar(name, name, 1.0, 0.5, 2.0, hint=name)], lambda _: name),
        scatter_chart(name, [Dot(1.0, 2.0, name), Dot(2.0, 1.0, name)], (name, name), lambda _: name),
    )
    page = Page(made)
    allowed = {"div", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "wbr"}
    allowed |= {"svg", "g", "path", "rect", "text", "title", "circle"}
    assert {each.tag for each in page.all} <= allowed
    assert {each.tag for each in page.all} >= {"rect", "circle"}
    assert not [each for each in page.all if any(key.startswith("on") for key in each.attributes)]


@pytest.mark.parametrize("name", HOSTILE)
def test_data_of_the_script_end_at_their_end_and_come_back_whole(name: str) -> None:
    text = data_block("data", {"name": name})
    assert "<" not in text.removeprefix("<script").removesuffix("</script>")
    assert text.isascii()
    (block,) = Page(text).of("script")
    assert json.loads(block.text) == {"name": name}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_front_of_strangers_is_text(name: str) -> None:
    front = Front(
        (("cost.total", "USD"), (name, "s"), ("note", "")), ((1e6, 2.0, name), (2e6, 1.0, name)), ("cost.total", name)
    )
    page = Page(render_front_html(name, name, front, ReportStyle(), Made(name, name)))
    assert faults(page) == []
    assert len([each for each in page.of("circle") if each.has_class("dot")]) == 2
    assert page.of("img") == []
    assert len(page.of("script")) == 1


def test_only_addresses_of_the_web_are_links() -> None:
    assert (
        Page(link("https://example.org/a?b=1&c=2", "x")).of("a")[0].attributes["href"]
        == "https://example.org/a?b=1&c=2"
    )
    for address in ("javascript:alert(1)", "data:text/html,x", "//example.org", "file:///etc/passwd", "arXiv 1"):
        assert Page(f"<p>{link(address, 'x')}</p>").of("a") == []


def test_markup_is_not_escaped_twice() -> None:
    assert element("p", element("b", "<")) == "<p><b>&lt;</b></p>"
    assert isinstance(element("p"), Markup)


@pytest.mark.parametrize("name", HOSTILE)
def test_notes_sources_and_addresses_of_a_catalog_of_strangers_are_text(name: str, golden_catalog: Path) -> None:
    (raw,) = raw_scenarios(load_text(TRAINED, "s.yaml"))
    plan = estimate(resolve(raw, Catalog.open(folder=golden_catalog), today=TODAY))
    origin = Origin(
        "catalog", name, entry=name, source=name, certainty=name, as_of=name, note=f"{name}!", works=((name, name),)
    )
    inputs = {path: replace(given, origin=origin) for path, given in plan.inputs.items()}
    choices = {path: replace(choice, value=name, origin=origin) for path, choice in plan.choices.items()}
    said = (Diagnostic("CC601", name, severity="warning", hint=name), Diagnostic("CC602", name, severity="note"))
    hostile = replace(plan, name=name, inputs=inputs, choices=choices, diagnostics=said)
    text = render_html(ReportDocument((hostile,), name, name, 0), ReportStyle())
    page = Page(text)
    assert faults(page) == []
    assert {each.tag for each in page.all} & {"img", "b", "iframe"} == set()
    assert len([each for each in page.of("script") if each.attributes.get("type") is None]) == 1
    addresses = [each.attributes.get("href") or "" for each in page.of("a")]
    assert [each for each in addresses if not each.startswith(("#", "https://"))] == []


def test_a_source_of_the_web_is_linked_and_another_is_named() -> None:
    sources = Sources("")
    marks = sources.marks(Origin("catalog", "", source="A; B", works=(("A", "https://example.org"), ("B", "ISBN 1"))))
    assert Page(f"<p>{marks}</p>").of("p")[0].text == "[1] [2]"
    assert sources.marks(Origin("catalog", "", source="B", works=(("B", "ISBN 1"),))) == '<a href="#source-2">[2]</a>'
    listed = sources.listed()
    assert listed is not None
    first, second = Page(listed).of("li")
    assert first.children[0].attributes["href"] == "https://example.org"
    assert (second.text, second.children) == ("B, ISBN 1", [])
