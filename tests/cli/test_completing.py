"""Shells are told ids, metrics and commands; each shell in its own way, and soon."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.metrics import METRICS
from computecalc.scenario.flags import FLAGS, SERVING_FLAGS

PROGRAM = Path(sys.executable).with_name("computecalc")


def environment(shell: str, line: str) -> dict[str, str]:
    """What a shell sets before it asks; `line` is all that was typed."""
    words = line.split(" ")
    if shell == "bash":
        told = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    else:
        told = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return os.environ | told | {"_COMPUTECALC_COMPLETE": f"complete_{shell}"}


def completed(shell: str, line: str) -> list[str]:
    """The values that the program tells a shell."""
    run = subprocess.run(
        [PROGRAM], capture_output=True, text=True, check=False, timeout=60, env=environment(shell, line)
    )
    assert run.stderr == ""
    if shell == "zsh":
        inside = run.stdout.partition("((")[2].rpartition("))")[0]
        return [each.partition('":')[0].strip('"') for each in inside.splitlines()]
    return [each.partition("\t")[0] for each in run.stdout.splitlines()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "kind", "start"),
    [
        ("computecalc train llama-3.1-", "model", "llama-3.1-"),
        ("computecalc infer llama-3.1-8b --accelerator h100", "accelerator", "h100"),
        ("computecalc train llama-3.1-8b --region US-V", "grid", "US-V"),
        ("computecalc infer llama-3.1-8b --engine v", "engine", "v"),
        ("computecalc catalog show mtia-4", "accelerator", "mtia-4"),
    ],
)
def test_ids_of_the_catalog(shell: str, line: str, kind: str, start: str) -> None:
    expected = [each for each in Catalog.open().ids(kind) if each.startswith(start)]  # type: ignore[arg-type]
    assert expected
    assert sorted(completed(shell, line)) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_metric_ids(shell: str) -> None:
    costs = [name for name in METRICS if name.startswith("cost.t")]
    assert completed(shell, "computecalc explain cost.t") == costs
    assert completed(shell, "computecalc compare llama-3.1-8b --metric carbon.em") == ["carbon.embodied"]
    assert completed(shell, "computecalc run plan.yaml --tornado time.w") == ["time.wall"]
    assert completed(shell, "computecalc train x --unit time.w") == ["time.wall="]
    assert completed(shell, "computecalc train x --override goodp") == ["goodput="]


def test_codes_commands_kinds_and_lists() -> None:
    assert completed("fish", "computecalc explain CC78")[:2] == ["CC780", "CC781"]
    assert completed("fish", "computecalc opt") == ["optimize"]
    assert "accelerator" in completed("fish", "computecalc catalog list acc")
    found = completed("fish", "computecalc optimize llama-3.1-8b --accelerator h100-sxm,h200-s")
    assert found == ["h100-sxm,h200-sxm"]


def test_an_alias_is_completed_where_no_id_begins_so() -> None:
    assert "llama3.1-405b" in completed("fish", "computecalc train llama3.1-405")


def test_every_flag_that_names_an_entry_is_completed() -> None:
    from computecalc.cli.completing import flag_completer

    named = {flag.path for flag in (*FLAGS, *SERVING_FLAGS) if flag_completer(flag) is not None}
    ids = {"model.compute_optimal", "cluster.accelerator", "cluster.precision", "site.region", "money.api_price"}
    ids |= {f"serving.{key}" for key in ("accelerator", "precision", "kv_precision", "engine", "speculative.draft")}
    assert named == ids


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_shown(shell: str) -> None:
    # typer asks which shell runs; the variable is what its tests set to say so.
    run = subprocess.run(
        [sys.executable, "-m", "computecalc", "--show-completion", shell],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "_COMPUTECALC_COMPLETE=complete_" in run.stdout


def test_completing_loads_no_more_than_it_needs() -> None:
    script = (
        "import sys\n"
        "from computecalc.cli.main import main\n"
        "try:\n"
        "    main([])\n"
        "except SystemExit:\n"
        "    print(sorted({'numpy', 'pint', 'rich', 'matplotlib'} & set(sys.modules)))\n"
        "    print('computecalc.cli.optimize' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment("bash", "computecalc train llama-3.1-"),
    )
    assert run.stdout.splitlines()[-2:] == ["[]", "False"]
