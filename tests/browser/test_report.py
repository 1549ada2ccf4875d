"""The page in a browser: what is drawn, what stays inside, and how it looks on a phone, in the dark and on paper."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys

from computecalc.reports.escapes import terminal_text
from tests.browser.driving import Tab
from tests.conftest import TESTS, Ran
from tests.reports.html.test_hostile import HOSTILE, PLAN
from tests.reports.html.test_pages import COMMANDS

Opened = Callable[..., Tab]


@pytest.fixture(autouse=True)
def _frozen(golden_catalog: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TESTS.parent)


@pytest.fixture
def shown(opened: Opened, program: Callable[..., Ran]) -> Opened:
    """Open the page of a command."""

    def show(name: str, *, width: int = 1280, dark: bool = False) -> Tab:
        return opened(program(*COMMANDS[name], "-f", "html").out, width=width, dark=dark)

    return show


@pytest.mark.parametrize("name", COMMANDS)
def test_charts_are_drawn_and_nothing_leaves_the_file(name: str, shown: Opened) -> None:
    tab = shown(name)
    sizes = tab.run(
        "return [...document.querySelectorAll('svg.picture')].filter(e => e.checkVisibility())"
        ".map(e => [e.getBoundingClientRect().width, e.querySelectorAll('rect, circle, path').length])"
    )
    assert len(sizes) > 0
    assert all(width > 150 and shapes > 0 for width, shapes in sizes)
    bars = tab.run(
        "return [...document.querySelectorAll('svg.bars rect.bar')].filter(e => e.checkVisibility())"
        ".map(e => e.getBoundingClientRect().height)"
    )
    assert all(height > 4 for height in bars)
    assert tab.logged() == []
    # The file itself, and the empty icon within it.
    assert [each for each in tab.requests() if not each.startswith(("file:///", "data:,"))] == []
    assert tab.driver.get_cookies() == []


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_scrolls_down_alone(name: str, dark: bool, shown: Opened) -> None:
    tab = shown(name, width=375, dark=dark)
    tab.run("for (const each of document.querySelectorAll('details')) each.open = true")
    outside = tab.run(
        "return [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > 375.5"
        " && !e.closest('.scrolls, nav, .skip')).map(e => e.outerHTML.slice(0, 120))"
    )
    assert outside == []
    assert tab.run("return document.documentElement.scrollWidth") == 375
    smallest = tab.run(
        "return Math.min(...[...document.querySelectorAll('p, td, th, li, dt, dd, label, summary')]"
        ".filter(e => e.checkVisibility()).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 11.0


def luminance(color: str) -> float:
    """Relative luminance of ``rgb(r, g, b)`` as WCAG 2.2 defines it."""
    parts = [int(each) / 255.0 for each in color.removeprefix("rgb(").removesuffix(")").split(",")[:3]]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


CONTRASTS = """
const solid = (node) => {
  for (let each = node; each; each = each.parentElement) {
    const color = getComputedStyle(each).backgroundColor;
    if (color !== "rgba(0, 0, 0, 0)") return color;
  }
  return "rgb(255, 255, 255)";
};
const texts = "p, td, th, li, dt, dd, a, label, output, summary, code, h1, h2, h3, h4, .badge, button";
return [...document.querySelectorAll(texts)]
  .filter((each) => each.checkVisibility() && each.textContent.trim())
  .map((each) => [getComputedStyle(each).color, solid(each), each.outerHTML.slice(0, 80)]);
"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["train", "check", "compare"])
def test_text_stands_out_in_both_themes(name: str, dark: bool, shown: Opened) -> None:
    tab = shown(name, dark=dark)
    page = tab.run("return getComputedStyle(document.body).backgroundColor")
    assert (luminance(page) < 0.1) is dark
    # 4.5 is what WCAG 2.2 (1.4.3) wants of text of this size.
    faint = [each for each in tab.run(CONTRASTS) if contrast(each[0], each[1]) < 4.5]
    assert faint == []


def test_the_button_changes_the_theme(shown: Opened) -> None:
    tab = shown("train")
    button = tab.one("#theme")
    assert button.text == "Dark theme"
    button.click()
    assert luminance(tab.run("return getComputedStyle(document.body).backgroundColor")) < 0.1
    assert button.text == "Light theme"
    button.click()
    assert luminance(tab.run("return getComputedStyle(document.body).backgroundColor")) > 0.8


@pytest.mark.parametrize("name", ["train", "run", "optimize"])
def test_paper_shows_all_sections(name: str, shown: Opened) -> None:
    tab = shown(name, dark=True)
    tab.media(kind="print", dark=True)
    assert luminance(tab.run("return getComputedStyle(document.body).backgroundColor")) > 0.9
    hidden = tab.run(
        "dispatchEvent(new Event('beforeprint'));"
        "return [...document.querySelectorAll('section, figure, table, .tree li')].filter(e => !e.checkVisibility()"
        " || e.getBoundingClientRect().height === 0).map(e => e.outerHTML.slice(0, 80))"
    )
    assert hidden == []
    assert tab.run("return [...document.querySelectorAll('nav, #theme')].filter(e => e.checkVisibility()).length") == 0
    tab.run("dispatchEvent(new Event('afterprint'))")
    assert tab.run("return document.querySelectorAll('details[open]').length") <= 1
    assert tab.printed() > 20_000
    tab.media()


def test_paper_unfolds_without_a_script(shown: Opened) -> None:
    tab = shown("train")
    tab.media(kind="print")
    # Chromium 131 and later lets a style show what is folded.
    heights = tab.run(
        "return [...document.querySelectorAll('#figures table')].map(e => e.getBoundingClientRect().height)"
    )
    assert all(height > 100 for height in heights)
    tab.media()


@pytest.mark.parametrize("command", ["run", "check", "compare"])
def test_hostile_names_stay_text(
    command: str, opened: Opened, program: Callable[..., Ran], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = PLAN.replace("NAME", '"run"')
    for name in HOSTILE:
        text = text.replace("budgets:", f"  {json.dumps(name)}: {{extends: run}}\nbudgets:", 1)
    path = tmp_path_factory.mktemp("plan") / "plan.yaml"
    path.write_text(text.replace('owner: "run"', f"owner: {json.dumps(HOSTILE[0])}"), encoding="utf-8")
    tab = opened(program(command, str(path), "-f", "html", "--digits", "4").out)
    assert tab.logged() == []
    assert [each for each in tab.requests() if not each.startswith(("file:///", "data:,"))] == []
    assert tab.all("img, iframe, object, b") == []
    assert len(tab.all("script:not([type])")) == 1
    assert tab.run("return [...document.querySelectorAll('*')].filter(e => e.onload || e.onerror).length") == 0
    heads = tab.run("return [...document.querySelectorAll('h2')].map(e => e.textContent)")
    assert [terminal_text(name) for name in HOSTILE if terminal_text(name) not in heads] == []


def test_links_open_what_they_lead_to(shown: Opened) -> None:
    tab = shown("train")
    link = tab.run(
        "return [...document.querySelectorAll('.tree a')].find(e => e.textContent === 'shown elsewhere').hash"
    )
    tab.run("location.hash = arguments[0]", link)
    visible = "return document.querySelector(arguments[0]).checkVisibility({contentVisibilityAuto: true})"
    assert tab.run(visible, link)
    tab.run("location.hash = '#source-1'")
    assert tab.run(visible, "#source-1")


def test_everything_is_reached_by_keyboard(shown: Opened) -> None:
    tab = shown("train")
    body = tab.one("body")
    body.send_keys(Keys.TAB)
    assert tab.run("return document.activeElement.textContent") == "Skip to the content"
    unnamed = tab.run(
        "return [...document.querySelectorAll('button, select, input, [tabindex]')].filter(e => "
        "!(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-label')).length"
    )
    assert unnamed == 0
