"""No block of code in the documents is unproven: each is run, checked as a file, or listed here with the reason."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from computecalc.cli.main import build_app, main
from tests.markdown_pages import HAND_WRITTEN, PAGES, ROOT, Block, blocks, commands_of, inline_code, name_of

BLOCKS = [block for page in HAND_WRITTEN for block in blocks(page)]

NOT_RUN = {
    "make demo": "installs and estimates; the pipeline builds the same wheel and estimates with it",
    "make test": "runs this test",
    "python3 -m pip install .": "installs; the pipeline installs the wheel into an empty environment",
    'computecalc check "$PLANS" --format github --output "md=$GITHUB_STEP_SUMMARY" --output sarif=compute.sarif': (
        "needs the variables of a job; tests/cli/test_init.py runs the workflow's command with them"
    ),
    "python3 -m venv peers && peers/bin/pip install llm-analysis==0.2.2 genz-llm==0.0.16": "installs other tools",
    "git clone https://github.com/calculon-ai/calculon": "fetches another tool",
    "python benchmarks/peers.py --peer-python peers/bin/python --calculon calculon": "needs the tools fetched above",
}
"""Commands that are shown and that no test of the documents runs, each with what proves it in their place."""

STEPS = {"docs/releasing.md": "steps of a release; the pipeline takes those that can be taken twice"}
"""Pages whose commands are for people alone; that their scripts and targets exist is tested."""

PYTHON_ELSEWHERE = {"docs/sweeps.md": "tests/sweeps/test_command.py"}
"""Pages whose first Python reads what a sweep has written, and the test that writes it and runs that block."""

NO_CODE = {
    "docs/catalog-format.md": "the folders of the catalog",
    "docs/design.md": "a drawing of the packages",
    "docs/methodology.md": "two equations",
    "docs/carbon-water.md": "the head of a table, read by tests/scenario",
    "docs/serving.md": "a table of measurements, read by tests/cli/test_calibrate.py",
}
"""Pages whose blocks without a language, or in `text`, are neither commands nor code."""

RUN_ELSEWHERE = {
    "console": "tests/test_docs.py",
    "console session": "tests/test_docs.py",
    "json": "parsed below",
    "yaml": "read below",
    "python": "run below",
    "pycon": "run below",
}


def shell_lines(block: Block) -> list[str]:
    """Return the commands of a block without prompts: comments cut off, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", block.text)
    return [re.sub(r"\s+# .*", "", line).strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_every_block_is_proven(block: Block) -> None:
    if block.language in RUN_ELSEWHERE:
        return
    if block.language in ("", "text") and name_of(block.page) in NO_CODE:
        assert not any(line.lstrip("$ ").startswith(("computecalc ", "make ", "python")) for line in shell_lines(block))
        return
    assert block.language in ("", "sh"), f"{block}: nothing runs blocks of {block.language!r}"
    for line in shell_lines(block):
        if name_of(block.page) in STEPS:
            assert_command_exists(name_of(block.page), line.replace(".venv/bin/python", "python"))
            continue
        assert line in NOT_RUN, f"{block}: `{line}` is not run; write it as a `console` block, or say why in NOT_RUN"


def test_what_is_not_run_is_shown_somewhere() -> None:
    shown = {line for block in BLOCKS if block.language in ("", "sh") for line in shell_lines(block)}
    assert set(NOT_RUN) <= shown
    assert set(STEPS) <= {name_of(block.page) for block in BLOCKS}
    used = {name_of(block.page) for block in BLOCKS if block.language in ("", "text")}
    assert set(NO_CODE) <= used


def test_an_unproven_block_is_found() -> None:
    for language, text in (("", "computecalc run plans"), ("sh", "rm -rf /"), ("ruby", "puts 1"), ("text", "$ make x")):
        with pytest.raises(AssertionError):
            test_every_block_is_proven(Block(ROOT / "README.md", 1, language, text))


@pytest.mark.parametrize("block", [each for each in BLOCKS if each.language == "console"], ids=str)
def test_commands_of_a_console_block_stand_alone(block: Block) -> None:
    commands = [command for command, _ in commands_of(block.text)]
    assert commands, f"{block}: no line begins with `$ `"
    for command in commands:
        assert command.startswith("computecalc "), f"{block}: `{command}` needs a `console session`"


def test_python_of_a_page_runs_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One test for all pages, as there may be none with Python."""
    for number, page in enumerate(HAND_WRITTEN):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "examples").symlink_to(ROOT / "examples")
        monkeypatch.chdir(folder)
        run_python(page, skipped=1 if name_of(page) in PYTHON_ELSEWHERE else 0)


@pytest.mark.parametrize("name", PYTHON_ELSEWHERE)
def test_python_that_needs_a_table_is_run_by_a_test_of_its_own(name: str) -> None:
    assert name in (ROOT / PYTHON_ELSEWHERE[name]).read_text(encoding="utf-8")


def run_python(page: Path, *, skipped: int = 0) -> None:
    """Run the Python of a page but its first blocks, block after block, with the names of the blocks above."""
    names: dict[str, object] = {}
    for block in [each for each in blocks(page) if each.language in ("python", "pycon")][skipped:]:
        if block.language == "pycon" or block.text.startswith(">>> "):
            assert_examples(block, names)
        else:
            exec(compile(block.text, str(block), "exec"), names)


def assert_examples(block: Block, names: dict[str, object]) -> None:
    """Run the `>>>` lines of a block and compare what they print."""
    test = doctest.DocTestParser().get_doctest(block.text, names, str(block), None, None)
    assert test.examples, f"{block}: no line begins with `>>> `"
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    assert not said, "".join(said)


def test_python_that_is_wrong_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nsize = 3\n```\n\n```python\n>>> more = size + 1\n```\n\n```pycon\n>>> more\n5\n```\n",
        encoding="utf-8",
    )
    with pytest.raises(AssertionError, match=r"Got:\n *4"):
        run_python(page)
    page.write_text("```python\nsize = 3\n```\n\n```python\nassert size == 4\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        run_python(page)


@pytest.mark.parametrize("block", [each for each in BLOCKS if each.language == "yaml"], ids=str)
def test_yaml_is_yaml_and_scenarios_are_estimated(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whole files are estimated; catalog files have a test of their own, fragments are read."""
    assert yaml.safe_load(block.text) is not None
    if "scenarios:" in block.text and "version: 1" in block.text:
        monkeypatch.chdir(tmp_path)
        Path("shown.yaml").write_text(block.text, encoding="utf-8")
        with pytest.raises(SystemExit) as stop:
            main(["run", "shown.yaml", "--quiet"])
        assert stop.value.code == 0, capsys.readouterr().err


EXAMPLE_COMMANDS = [
    (file, match)
    for file in sorted((ROOT / "examples").rglob("*.yaml"))
    for match in re.findall(r"^#\s+(computecalc .*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize(("file", "command"), EXAMPLE_COMMANDS, ids=lambda part: str(part)[-50:])
def test_commands_in_examples_run(
    file: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)  # what a command writes does not end in the checkout
    with pytest.raises(SystemExit) as stop:
        main([*shlex.split(command)[1:], "--quiet"] if " explain " not in command else shlex.split(command)[1:])
    assert stop.value.code == 0, capsys.readouterr().err
    assert file.name in command


def test_examples_show_commands() -> None:
    assert {"budgets.yaml", "llama-3.1-405b.yaml"} <= {file.name for file, _ in EXAMPLE_COMMANDS}


INLINE = sorted(
    {
        (name_of(page), code)
        for page in PAGES
        for code in inline_code(page)
        if code.startswith(
            ("computecalc ", "make ", "python scripts/", "python benchmarks/", "scripts/", "benchmarks/")
        )
    }
)


@pytest.mark.parametrize(("page", "code"), INLINE, ids=lambda part: str(part)[-50:])
def test_commands_within_sentences_exist(page: str, code: str) -> None:
    """Of a command that a sentence names, the subcommand and its flags exist; of a script, the file."""
    for part in code.split(" && "):
        assert_command_exists(page, part)


def assert_command_exists(page: str, part: str) -> None:
    """Look up what a line would run, as far as it is of this checkout."""
    words = part.split()
    if words[0] == "computecalc":
        assert_flags_exist(page, words[1:])
    elif words[0] == "make":
        targets = re.findall(r"^(\S+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert words[1].replace(".venv", "$(VENV)") in targets, f"{page}: there is no target {words[1]}"
    elif words[0] in ("python", ".ci/run") or words[0].startswith(("scripts/", "benchmarks/")):
        path = words[1] if words[0] == "python" else words[0]
        assert path == "-m" or list(ROOT.glob(path)), f"{page}: there is no {path}"


def assert_flags_exist(page: str, words: list[str]) -> None:
    """Follow the subcommands of a line and look its flags up."""
    command = get_command(build_app())
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
    flags = {flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        flag = word.partition("=")[0]
        if re.fullmatch(r"--?[a-z][a-z-]*", flag):
            assert flag in flags | {"--help", "-h"}, f"{page}: {command.name} has no {flag}"
    assert command.name, page
