"""The documentation site without building it: contents, links, readers, formulas; `make site` builds it."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

from computecalc.formulas.every import FORMULAS
from tests.markdown_pages import PAGES, ROOT, anchors, blocks, links, name_of

READERS = ("ml-engineer", "platform-team", "finance", "sustainability", "policy")

NO_FORMULA = {"Ranges": "evaluates all formulas at the ends of their inputs and has none of its own"}
"""Sections of the methodology that speak of no formula, and why."""

LIMITED = (
    *("README.md", "docs/index.md", "docs/getting-started.md", "docs/methodology.md", "docs/comparison.md"),
    *("docs/serving.md", "docs/money.md", "docs/carbon-water.md", "docs/layout-search.md", "docs/uncertainty.md"),
    *("docs/regulation.md", "docs/reference/accuracy.md"),
    *(f"docs/guides/{reader}.md" for reader in READERS),
)
"""Pages that show figures to act on, and must lead to what is not in them."""


@pytest.fixture
def contents(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Return the module that lays out the site."""
    monkeypatch.syspath_prepend(str(ROOT / "docs/_extensions"))
    import contents

    yield contents
    del sys.modules["contents"]


def names_in(tables: dict[str, dict[str, list[str]]]) -> list[str]:
    """Return every page that a table names."""
    return [name for captions in tables.values() for names in captions.values() for name in names]


def test_every_page_stands_in_one_table_of_contents(contents: ModuleType) -> None:
    named = Counter(names_in(contents.tables_of_contents(ROOT)))
    pages = {name_of(page).removesuffix(".md") for page in PAGES}
    assert [name for name, count in named.items() if count > 1] == []
    assert set(named) == pages - {"docs/index"}
    assert set(contents.NAMES) <= pages


def test_a_new_page_finds_its_place(contents: ModuleType, tmp_path: Path) -> None:
    for name in ("docs/sweeps.md", "docs/guides/students.md", "docs/reference/formulas/cooling.md", "docs/index.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# A page\n", encoding="utf-8")
    tables = contents.tables_of_contents(tmp_path)
    assert tables["docs/index"]["Tasks"][-1] == "docs/sweeps"
    assert tables["docs/index"]["Guides by reader"][-1] == "docs/guides/students"
    assert tables["docs/reference/formulas"][""] == ["docs/reference/formulas/cooling"]


def test_tables_are_added_to_their_page_alone(contents: ModuleType, tmp_path: Path) -> None:
    class App:
        srcdir = str(ROOT)

    index, other = ["# Front\n"], ["# Other\n"]
    contents._add_tables(App, "docs/index", index)
    contents._add_tables(App, "docs/money", other)
    assert other == ["# Other\n"]
    assert index[0].startswith("# Front\n\n\n```{toctree}\n:hidden:\n:caption: Start\n\n/docs/getting-started\n")
    assert "\nData of the validation </validation/README>\n" in index[0]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)} links to {link}"
        assert target.is_relative_to(ROOT), f"{name_of(page)} links out of the checkout: {link}"
        if anchor:
            assert target.suffix == ".md", f"{name_of(page)} links to {link}, which has no headings"
            assert anchor in anchors(target), f"{name_of(page)} links to {link}, which has no such heading"


def test_broken_links_are_found(tmp_path: Path) -> None:
    for link in ("missing.md", "#no-such-heading", "../README.md#nothing"):
        page = ROOT / "docs" / "index.md"
        copy = tmp_path / "index.md"
        copy.write_text(f"# Title\n\n[there]({link})\n", encoding="utf-8")
        with pytest.raises(AssertionError):
            test_links_lead_to_files_and_headings(copy)
        assert page.exists()


def test_there_is_a_guide_for_each_reader() -> None:
    found = {page.stem: page for page in PAGES if page.parent.name == "guides"}
    assert set(READERS) <= set(found)
    index = links(ROOT / "docs/index.md")
    for reader in READERS:
        page = found[reader]
        assert f"guides/{reader}.md" in index
        shown = [block for block in blocks(page) if block.language.startswith("console")]
        assert len(shown) >= 6, f"{reader} shows {len(shown)} commands"
        assert "how-far-to-trust-it" in anchors(page)
        assert any("reference/" in link for link in links(page))


@pytest.mark.parametrize("name", LIMITED)
def test_pages_with_figures_lead_to_the_limits(name: str) -> None:
    assert any(link.partition("#")[0].endswith("limits.md") for link in links(ROOT / name))


def test_every_formula_stands_on_one_page_and_once() -> None:
    folder = ROOT / "docs/reference/formulas"
    found = Counter(
        (match, page.stem)
        for page in folder.glob("*.md")
        for match in re.findall(r"^## (\S+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert found == Counter((formula.reference, formula.subject) for formula in FORMULAS.values())
    listed = Counter(links(ROOT / "docs/reference/formulas.md"))
    for formula in FORMULAS.values():
        assert listed[f"formulas/{formula.subject}.md#{formula.name}{formula.version}"] == 1


def test_formulas_are_shown_as_they_stand_in_the_code() -> None:
    """Of the code of a page, each line is a line of its file of formulas; that the pages are fresh has its own test."""
    for page in sorted((ROOT / "docs/reference/formulas").glob("*.md")):
        source = {line.strip() for line in (ROOT / f"src/computecalc/formulas/{page.stem}.py").read_text().splitlines()}
        shown = [block for block in blocks(page) if block.language == "python"]
        assert shown
        for block in shown:
            assert {line.strip() for line in block.text.splitlines()} <= source, str(block)


def test_sections_of_the_methodology_name_formulas() -> None:
    text = (ROOT / "docs/methodology.md").read_text(encoding="utf-8")
    named = {f"reference/formulas/{each.subject}.md#{each.name}{each.version}" for each in FORMULAS.values()}
    without = set()
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        found = re.findall(r"\]\((reference/formulas/[^)]*)\)", section)
        assert set(found) <= named, section.partition("\n")[0]
        if not found:
            without.add(section.partition("\n")[0])
    assert without == set(NO_FORMULA)


def test_every_equation_can_be_drawn() -> None:
    from docutils.utils.math.latex2mathml import tex2mathml

    for formula in FORMULAS.values():
        assert "<math" in tex2mathml(formula.equation, as_block=True), formula.name
        assert formula.equation, formula.name


def test_the_site_needs_no_network() -> None:
    settings = (ROOT / "docs/conf.py").read_text(encoding="utf-8")
    assert "intersphinx" not in settings
    assert "mathjax" not in settings
    for file in [*(ROOT / "docs/_static").iterdir(), *(ROOT / "docs/_templates").iterdir()]:
        assert "http" not in re.sub("http-equiv", "", file.read_text(encoding="utf-8")), file.name


Check = Callable[[Path], list[str]]


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return the check of a built site."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from check_site import problems

    return problems


def test_a_sound_site_has_no_problems(problems: Check, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.html").write_text('<a href="b/c.html#x"></a><a href="https://example.org/">', encoding="utf-8")
    (tmp_path / "b/c.html").write_text('<p id="x"><a href="../a.html"></a><img src="../p%20q.svg">', encoding="utf-8")
    (tmp_path / "p q.svg").write_text("<svg/>", encoding="utf-8")
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<a href="gone.html">', "a.html links to gone.html, which is no file"),
        ('<a href="#gone">', "a.html links to #gone, which has no such anchor"),
        ('<img src="gone.svg">', "a.html links to gone.svg, which is no file"),
        ('<script src="https://example.org/x.js">', "a.html fetches https://example.org/x.js"),
        ('<link rel="stylesheet" href="http://example.org/x.css">', "a.html fetches http://example.org/x.css"),
    ],
)
def test_problems_of_a_site_are_named(problems: Check, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    assert problems(tmp_path) == [said]


def test_an_empty_site_is_a_problem(problems: Check, tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path} has no pages"]


def test_the_pipeline_builds_the_site_and_ends_with_the_tests() -> None:
    steps = re.findall(r"^make (\w+)", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    assert "site" in steps
    assert steps[-1] == "test"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(
        r"^\t\$\(BIN\)/sphinx-build -W .*\n\t\$\(BIN\)/python scripts/check_site.py", makefile, re.MULTILINE
    )


def errors_of(title: str) -> dict[str, list[float]]:
    """Return the errors of each class in a table of the page of validation: median, mean, p90, largest. [%]"""
    text = (ROOT / "docs/validation.md").read_text(encoding="utf-8")
    section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if "%" in line]
    return {row[0]: [float(cell.removesuffix("%")) for cell in row[2:6]] for row in rows}


def test_guides_state_the_errors_that_were_found() -> None:
    """The summaries are typed by hand; the page they are taken from is generated."""
    unseen = errors_of("Cross-validated: model on that accelerator left out")
    known = errors_of("Errors by class")

    def said(name: str, words: str) -> bool:
        return words in " ".join((ROOT / f"docs/{name}.md").read_text(encoding="utf-8").split())

    training = sorted(unseen[name][0] for name in ("dense 16-bit", "dense 8-bit", "MoE"))
    between = [unseen[f"time between tokens, {name}"][0] for name in ("dense", "MoE")]
    first = sorted(unseen[f"time to first token, {name}"][0] for name in ("dense", "MoE"))
    means = [unseen[f"time to first token, {name}"][1] for name in ("dense", "MoE")]
    assert said(
        "getting-started", f"missed by {training[0]:g} to {training[-1]:g} % in the median where batch and layout"
    )
    assert said("getting-started", f"time between tokens of a service by {between[0]:.0f} to {between[1]:.0f} %")
    assert said(
        "guides/platform-team", f"missed by {between[0]:g} % (dense) and {between[1]:g} % (experts) in the median"
    )
    assert said("guides/platform-team", f"{first[0]:.0f} to {first[1]:.0f} %, with a mean near 40 %")
    assert all(35 < mean < 45 for mean in means)
    power, memory = known["power of accelerators and systems"], known["memory"]
    assert said(
        "guides/sustainability", f"missed by {power[0]:.0f} % in the median, over 13 measured figures, and up to"
    )
    assert said("guides/sustainability", f"and up to {power[3]:.0f} %")
    assert known["footprints, measured power"][3] < 2.0
    assert said("guides/sustainability", "that state their power are recomputed within 2 %")
    assert memory[3] < 0.8
    assert said("guides/ml-engineer", "Peaks of 22 measured runs come out within 0.8 %")
