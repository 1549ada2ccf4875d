"""A small site built with the settings and extensions of the real one; `make site` builds that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.markdown_pages import ROOT

INDEX = """\
# Front

See [the plan](../examples/plan.yaml), [all examples](../examples/), [read me](../README.md#use) and [nothing](gone.md).

```math
a = \\frac{b}{c}
```
"""

PLAN = """\
# yaml-language-server: $schema=x
#
# A plan of a small run (Doe et al. 2024). More of it.
name: <script>alert(1)</script>
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder of a built site, and what Sphinx said."""
    root = tmp_path_factory.mktemp("checkout")
    for name, text in (
        ("README.md", "# Read me\n\n## Use\n"),
        ("docs/index.md", INDEX),
        ("examples/plan.yaml", PLAN),
        ("examples/more/figures.csv", "a,b\n1,2\n"),
        ("examples/large.csv", "1,2\n" * 30_000),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    site = root / "build/site"
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-c", str(ROOT / "docs"), "-b", "html", str(root), str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return site, done.stderr


def page(built: tuple[Path, str], name: str) -> str:
    return (built[0] / name).read_text(encoding="utf-8")


def test_links_to_files_and_folders_lead_to_pages(built: tuple[Path, str]) -> None:
    text = page(built, "docs/index.html")
    for link in ("../examples/plan.yaml.html", "../examples/index.html", "../README.html#use"):
        assert f'href="{link}"' in text


def test_a_file_is_shown_escaped_and_offered_as_it_is(built: tuple[Path, str]) -> None:
    text = page(built, "examples/plan.yaml.html")
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert '<a href="plan.yaml" download>' in text
    assert page(built, "examples/plan.yaml") == PLAN


def test_a_folder_lists_its_files_with_their_first_sentence(built: tuple[Path, str]) -> None:
    text = page(built, "examples/index.html")
    assert 'href="plan.yaml.html">plan.yaml</a></td><td>A plan of a small run (Doe et al. 2024).</td>' in text
    assert 'href="more/figures.csv.html">more/figures.csv</a>' in text


def test_a_large_file_is_only_offered(built: tuple[Path, str]) -> None:
    text = page(built, "examples/large.csv.html")
    assert '<a href="large.csv" download>' in text
    assert "1,2" not in text


def test_equations_are_mathml(built: tuple[Path, str]) -> None:
    assert '<div class="equation"><math' in page(built, "docs/index.html")


def test_the_front_of_the_site_leads_to_the_index(built: tuple[Path, str]) -> None:
    assert 'url=docs/index.html"' in page(built, "index.html")


def test_a_link_that_leads_nowhere_is_a_warning(built: tuple[Path, str]) -> None:
    assert "gone.md" in built[1]
    assert "WARNING" in built[1]
