"""The documentation: generated pages are fresh, commands run and print what is shown, links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.catalog.loading import load_file
from computecalc.cli.main import main
from computecalc.scenario.schema import Layout, TrainScenario
from tests.markdown_pages import HAND_WRITTEN, ROOT, blocks, commands_of

_EXIT = re.compile(r"#\s*exit\s+(\d+)\s*$")
_ELIDED = "..."

BLOCKS = [block for page in HAND_WRITTEN for block in blocks(page)]

COMMANDS = [
    (block.page, command, shown)
    for block in BLOCKS
    if block.language == "console"
    for command, shown in commands_of(block.text)
]
"""Commands that stand alone, with the lines shown below each."""

TOGETHER = [(block.page, block.text) for block in BLOCKS if block.language == "console session"]
"""Blocks whose commands follow on each other, in one folder."""


def is_shown_as(printed: str, shown: str) -> bool:
    """Tell whether a page may show a printed line so: spaces do not count, and an end may be cut off with `...`."""
    line, wanted = " ".join(printed.split()), " ".join(shown.split())
    start = wanted.removesuffix(_ELIDED)
    return line == wanted if start == wanted else line.startswith(start.rstrip())


def test_shown_lines_may_be_cut_but_not_changed() -> None:
    assert is_shown_as("a   1.0  kW", "a 1.0 kW")
    assert is_shown_as("a   1.0  kW  source", "a  1.0 kW ...")
    assert not is_shown_as("a   1.0  kW", "a 1.1 kW")
    assert not is_shown_as("a   1.0  kW", "a 1.0")
    assert not is_shown_as("a   1.0  kW", "a 1.1 ...")


@pytest.fixture
def stale_pages(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[str]]:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from build_docs import stale_pages as found

    assert "docs_pages" in sys.modules
    return found


def test_generated_pages_are_fresh(stale_pages: Callable[[Path], list[str]]) -> None:
    assert stale_pages(ROOT) == [], "run scripts/build_docs.py"


def test_stale_and_missing_pages_are_named(stale_pages: Callable[[Path], list[str]], tmp_path: Path) -> None:
    fresh = ROOT / "docs/reference/metrics.md"
    copy = tmp_path / "docs/reference/metrics.md"
    copy.parent.mkdir(parents=True)
    copy.write_text(fresh.read_text(encoding="utf-8"), encoding="utf-8")
    named = stale_pages(tmp_path)
    assert "docs/reference/metrics.md" not in named
    assert "docs/reference/errors.md" in named
    copy.write_text("old", encoding="utf-8")
    assert "docs/reference/metrics.md" in stale_pages(tmp_path)


def test_documents_show_sessions() -> None:
    shown_by = {page.name for page, _, _ in COMMANDS}
    assert {"README.md", "scenario-files.md"} <= shown_by


@pytest.mark.parametrize(("page", "command", "shown"), COMMANDS, ids=lambda part: str(part)[-60:])
def test_shown_command_runs_and_prints_what_is_shown(
    page: Path,
    command: str,
    shown: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    check_command(page, command, shown, capsys)


@pytest.mark.parametrize(("page", "block"), TOGETHER, ids=lambda part: str(part)[-40:])
def test_shown_commands_that_follow_on_each_other(
    page: Path, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a reader")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "reader@example.org")
    for command, shown in commands_of(block):
        if command.startswith("computecalc "):
            check_command(page, command, shown, capsys)
        else:
            done = subprocess.run(command, shell=True, check=True, capture_output=True, cwd=tmp_path, text=True)
            check_lines(page, command, shown, done.stdout + done.stderr)


def check_command(page: Path, command: str, shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Run a command in this process and compare what it prints with what is shown."""
    stated = _EXIT.search(command)
    with pytest.raises(SystemExit) as stop:
        main(shlex.split(command, comments=True)[1:])
    printed = capsys.readouterr()
    assert stop.value.code == (int(stated.group(1)) if stated else 0), printed.err
    check_lines(page, command, shown, printed.out + printed.err)


def check_lines(page: Path, command: str, shown: list[str], printed: str) -> None:
    """Compare what is printed with the lines that are shown, which must come in this order."""
    lines = iter(printed.splitlines())
    for line in shown:
        if line.strip() not in ("", _ELIDED):
            found = any(is_shown_as(printed_line, line) for printed_line in lines)
            assert found, f"{page.name}: `{command}` does not print (in this order) {line!r}"


def test_readme_states_the_accuracy_that_was_found() -> None:
    """The summary in the README is typed by hand; the page it is taken from is generated."""
    accuracy = (ROOT / "docs/reference/accuracy.md").read_text(encoding="utf-8")
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    hours = re.search(r"(\d+) of (\d+) published values lie .* the median error is (\d+)%", accuracy)
    totals = re.search(r"Of (\d+) models .* misses by\n([\d.]+)% in the median", accuracy)
    assert hours is not None
    assert totals is not None
    inside, runs, error = hours.groups()
    assert f"hours of {runs} published pre-training runs" in readme
    assert f"miss by {error} % in the median; {inside} of {runs} lie in the predicted range" in readme
    models, typical = totals.groups()
    assert f"Of {models} models the derived parameter total misses the published one by {typical} %" in readme
    misses = [line.split(" | ")[0] for line in accuracy.splitlines() if " | no | " in line]
    assert misses == ["| llama-3-8b", "| llama-3.1-8b"]


def yaml_blocks(page: Path) -> list[str]:
    """Return the fenced YAML of a page that is a whole file, not a fragment."""
    return [block.text for block in blocks(page) if block.language == "yaml" and "version: 1" in block.text]


def test_catalog_files_of_the_guide_are_valid(tmp_path: Path) -> None:
    found = []
    for number, block in enumerate(yaml_blocks(ROOT / "docs/catalog-format.md")):
        file = tmp_path / f"{number}.yaml"
        file.write_text(block, encoding="utf-8")
        found += list(load_file(file))
    assert found == ["h100-sxm", "deepseek-v3", "our-law", "our-trainer"]


def test_scenario_file_of_the_guide_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = yaml_blocks(ROOT / "docs/scenario-files.md")
    file = tmp_path / "guide.yaml"
    file.write_text(block, encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["run", str(file), "--format", "jsonl"])
    printed = capsys.readouterr()
    assert stop.value.code == 0, printed.err
    assert [json.loads(line)["name"] for line in printed.out.splitlines()] == ["llama-405b", "405b-spot"]


def test_scenario_guide_names_every_key_of_the_schema() -> None:
    guide = (ROOT / "docs/scenario-files.md").read_text(encoding="utf-8")
    sections = {name: field.annotation for name, field in TrainScenario.model_fields.items()}
    for name, section in (*sections.items(), ("layout", Layout)):
        keys = getattr(section, "model_fields", {})
        for key in keys:
            assert f"`{name}.{key}`" in guide or f"`.{key}`" in guide, f"{name}.{key} is not in scenario-files.md"
        assert f"`{name}" in guide
