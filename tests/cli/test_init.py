"""Starter files run as they are, and so do their commented lines; workflows do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from computecalc.cli.init import CI_SYSTEMS, KINDS
from tests.cli.test_checked import PLAN
from tests.conftest import TESTS, Ran

ROOT = TESTS.parent


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def uncommented(text: str) -> str:
    """Turn commented keys into keys, so that what a starter offers is tried too."""
    return re.sub(r"^( +)# (\w+: )", r"\1\2", text, flags=re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_starter_runs_as_it_is_and_with_all_it_offers(program: Callable[..., Ran], kind: str) -> None:
    written = program("init", kind, "plans/start.yaml")
    assert (written.code, written.out) == (0, "")
    command = "check" if kind == "budget" else "run"
    assert written.err == f"wrote plans/start.yaml; next: computecalc {command} plans/start.yaml\n"
    ran = program(command, "plans/start.yaml")
    assert (ran.code, ran.err) == (0, "")
    text = Path("plans/start.yaml").read_text(encoding="utf-8")
    assert text.count("# ") > 5
    whole = uncommented(text)
    assert whole != text
    Path("whole.yaml").write_text(whole, encoding="utf-8")
    ran = program(command, "whole.yaml", "-q")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_path_it_is_printed(program: Callable[..., Ran], kind: str) -> None:
    printed = program("init", kind)
    assert (printed.code, printed.err) == (0, "")
    assert program("init", kind, "-").out == printed.out
    program("init", kind, "a.yaml")
    assert Path("a.yaml").read_text(encoding="utf-8") == printed.out
    assert os.listdir() == ["a.yaml"]


def test_a_file_is_replaced_only_when_asked(program: Callable[..., Ran]) -> None:
    Path("mine.yaml").write_text("mine", encoding="utf-8")
    ran = program("init", "train", "mine.yaml")
    assert (ran.code, "error CC732: mine.yaml is there already" in ran.err) == (2, True)
    assert Path("mine.yaml").read_text(encoding="utf-8") == "mine"
    assert program("init", "train", "mine.yaml", "--force").code == 0
    assert Path("mine.yaml").read_text(encoding="utf-8") == program("init", "train").out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), "CC101", "train, infer, budget"),
        (("trian",), "CC101", "did you mean train?"),
        (("--ci", "githup"), "CC101", "did you mean github?"),
        (("train", "a.yaml", "b.yaml"), "CC101", "one file, not 2"),
        (("train", "blocked/a.yaml"), "CC104", "cannot write blocked/a.yaml"),
        (("train", "--ci", "github"), "CC101", "`computecalc init --ci github PATH` for the other"),
    ],
)
def test_what_cannot_be_started(program: Callable[..., Ran], arguments: tuple[str, ...], code: str, says: str) -> None:
    Path("blocked").write_text("a file", encoding="utf-8")
    ran = program("init", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert code in ran.err
    assert says in ran.err
    assert os.listdir() == ["blocked"]


def loaded(text: str) -> Any:
    # `on` is a key of workflows, and a truth value of YAML 1.1.
    return yaml.load(text, Loader=yaml.BaseLoader)  # strings alone


def commands(node: Any) -> Iterator[str]:
    """Yield the lines of all scripts and entries that call the program."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from commands(each)
    elif isinstance(node, str):
        yield from (line for line in node.splitlines() if line.startswith("computecalc "))


@pytest.mark.parametrize("system", CI_SYSTEMS)
def test_the_command_of_a_workflow_fails_on_a_broken_limit(program: Callable[..., Ran], system: str) -> None:
    workflow = loaded(program("init", "--ci", system).out)
    (command,) = commands(workflow)
    Path("plans").mkdir()
    Path("plans/plan.yaml").write_text(PLAN, encoding="utf-8")  # 76 MUSD against a limit of 60
    if system == "pre-commit":
        command += " plans/plan.yaml"  # pre-commit names the files
    summary = Path("summary.md")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PLANS": "plans",
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    ran = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    if system == "github":
        assert ran.stdout.startswith("::error file=plans/plan.yaml,line=10,col=21,")
        assert summary.read_text(encoding="utf-8").startswith("<!-- computecalc check -->\n")
        kept = next(step for step in workflow["jobs"]["check"]["steps"] if "upload" in step.get("uses", ""))
        assert Path(kept["with"]["path"]).exists()
        assert kept["if"] == "always()"
        assert workflow["permissions"] == {"contents": "read"}
    if system == "gitlab":
        artifacts = workflow["compute-plans"]["artifacts"]
        assert all(Path(name).exists() for name in (*artifacts["paths"], artifacts["reports"]["junit"]))


def test_workflows_are_written_where_they_belong(program: Callable[..., Ran]) -> None:
    path = ".github/workflows/compute-plans.yaml"
    ran = program("init", "--ci", "github", path)
    assert (ran.code, ran.err) == (0, f"wrote {path}\n")
    assert Path(path).read_text(encoding="utf-8") == program("init", "--ci", "github").out


class TestAction:
    """The composite action of this repository."""

    action = loaded((ROOT / "action.yml").read_text(encoding="utf-8"))

    def check(self, tmp_path: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the step that checks as a runner does, with the program that is tested."""
        step = next(step for step in self.action["runs"]["steps"] if step.get("id") == "check")
        given = {name: each.get("default", "") for name, each in self.action["inputs"].items()} | inputs
        environment = {name: given[re.findall(r"inputs\.(\w+)", value)[0]] for name, value in step["env"].items()}
        (tmp_path / "computecalc").symlink_to(sys.prefix)
        environment |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": "outputs", "GITHUB_STEP_SUMMARY": "summary.md"}
        # As the runner calls the shell `bash`.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)

    def test_it_is_a_composite_action_that_installs_itself(self) -> None:
        assert self.action["runs"]["using"] == "composite"
        install = self.action["runs"]["steps"][0]
        assert install["env"]["SOURCE"] == "${{ github.action_path }}"
        assert install["run"].rstrip().endswith('"$SOURCE"')
        for step in self.action["runs"]["steps"]:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]  # inputs reach scripts as variables, never as text of the script
        used = re.findall(r"inputs\.(\w+)", (ROOT / "action.yml").read_text(encoding="utf-8"))
        assert set(used) == set(self.action["inputs"])

    def test_a_broken_limit_fails_the_step(self, tmp_path: Path) -> None:
        Path("plan a.yaml").write_text(PLAN, encoding="utf-8")
        ran = self.check(tmp_path, paths="plan a.yaml\n", sarif="out.sarif", junit="out.xml")
        assert ran.returncode == 1, ran.stderr
        assert ran.stdout.startswith("::error file=plan a.yaml,line=10,col=21,")
        assert Path("outputs").read_text(encoding="utf-8") == "exit-code=1\n"
        assert Path("summary.md").read_text(encoding="utf-8").startswith("<!-- computecalc check -->\n")
        assert Path("out.sarif").exists()
        assert Path("out.xml").exists()

    def test_a_kept_limit_passes_and_arguments_are_words(self, tmp_path: Path) -> None:
        Path("plan.yaml").write_text(PLAN, encoding="utf-8")
        ran = self.check(tmp_path, paths="plan.yaml", arguments="--set\nmoney.price=1 USD/accelerator/h")
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout == "1 passed, 0 failed\n"

    def test_a_path_is_neither_an_option_nor_a_command(self, tmp_path: Path) -> None:
        ran = self.check(tmp_path, paths="--help\n$(touch hacked)\n`touch hacked`")
        assert ran.returncode == 2
        assert not Path("hacked").exists()
        assert "--help does not exist" in ran.stdout


def test_hooks_call_the_program(program: Callable[..., Ran]) -> None:
    hooks = loaded((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    Path("plan.yaml").write_text(PLAN, encoding="utf-8")
    codes = {}
    for hook in hooks:
        assert hook.keys() >= {"id", "name", "entry", "language", "types"}
        assert hook["language"] == "python"
        name, *arguments = hook["entry"].split()
        assert name == "computecalc"
        codes[hook["id"]] = program(*arguments, "plan.yaml").code
    assert codes == {"computecalc-check": 1, "computecalc-run": 0}
