"""Flags and files are one path to the same numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from computecalc.cli.flags import FLAGS
from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

VALUES = {
    "--task": "sft",
    "--tokens": "15T tokens",
    "--sequence-length": "8192",
    "--global-batch": "16M tokens",
    "--accelerator": "h100-sxm",
    "--count": "16384",
    "--precision": "fp8",
    "--tensor": "8",
    "--pipeline": "16",
    "--expert": "1",
    "--sharding": "gradients",
    "--recompute": "selective",
    "--mfu": "0.35..0.40..0.45",
    "--convention": "full",
    "--goodput": "90 %",
    "--checkpoint-interval": "30 min",
    "--power": "650 W",
    "--host-overhead": "1.3",
    "--region": "us-east-1",
    "--pue": "1.1",
    "--grid-intensity": "390 gCO2e/kWh",
    "--factor-kind": "consumption",
    "--carbon-free-share": "60 %",
    "--wue": "0.3 L/kWh",
    "--embodied-method": "all",
    "--price": "$2.50/accelerator/h",
    "--base-compute": "9e24 FLOP",
}


def scenario_file(folder: Path, values: dict[str, str]) -> Path:
    """Write the file that says what flags say."""
    sections: dict[str, dict[str, str]] = {}
    lines = ["version: 1", "scenarios:", "  llama-3.1-405b:", "    kind: train", "    model: llama-3.1-405b"]
    for flag in FLAGS:
        section, _, key = flag.path.partition(".")
        if flag.name in values and key:
            sections.setdefault(section, {})[key] = values[flag.name]
        elif flag.name in values:
            lines.append(f"    {section}: {values[flag.name]}")
    for section, keys in sections.items():
        lines += [f"    {section}:", *(f"      {key}: {value}" for key, value in keys.items())]
    path = folder / "scenario.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def without_sources(scenario: dict[str, Any]) -> dict[str, Any]:
    """Drop what says where a value was written, which is all that may differ."""
    stripped = {key: value for key, value in scenario.items() if key not in ("source", "diagnostics")}
    stripped["inputs"] = {
        path: {key: value for key, value in given.items() if key != "source"}
        for path, given in scenario["inputs"].items()
    }
    return stripped


@pytest.mark.parametrize("left_out", [(), ("--mfu", "--goodput", "--power", "--price", "--region", "--precision")])
def test_flags_and_the_equivalent_file_give_equal_results(
    tmp_path: Path, program: Callable[..., Ran], left_out: tuple[str, ...]
) -> None:
    values = {name: value for name, value in VALUES.items() if name not in left_out}
    flags = [part for name, value in values.items() for part in (name, value)]
    by_flags = program("train", "llama-3.1-405b", *flags, "--format", "json")
    by_file = program("run", str(scenario_file(tmp_path, values)), "--format", "json")
    assert (by_flags.code, by_file.code) == (0, 0)
    one, other = (json.loads(ran.out)["scenarios"][0] for ran in (by_flags, by_file))
    assert without_sources(one) == without_sources(other)
    assert one["source"] == {"flag": "train"}
    assert other["source"]["line"] == 3


def test_every_flag_is_tried_here_but_those_that_exclude_another() -> None:
    assert {flag.name for flag in FLAGS} - set(VALUES) == {"--wall-time", "--compute", "--budget", "--law", "--profile"}


@pytest.mark.parametrize("value", ["--compute=1e24 FLOP", "--budget=5 MUSD"])
def test_a_size_by_flag_and_by_file_gives_equal_results(
    tmp_path: Path, program: Callable[..., Ran], value: str
) -> None:
    name, _, text = value.partition("=")
    values = {name: text, "--accelerator": "h100-sxm", "--count": "512"}
    by_flags = program("train", "compute-optimal", value, *ACCELERATORS, "--law", "epoch2024", "--format", "json")
    path = scenario_file(tmp_path, values)
    said = path.read_text(encoding="utf-8").replace("model: llama-3.1-405b", "model: {compute_optimal: epoch2024}")
    path.write_text(said.replace("  llama-3.1-405b:", "  compute-optimal:"), encoding="utf-8")
    by_file = program("run", str(path), "--format", "json")
    assert (by_flags.code, by_file.code) == (0, 0)
    one, other = (json.loads(ran.out)["scenarios"][0] for ran in (by_flags, by_file))
    assert one["outputs"] == other["outputs"]
    assert one["outputs"]["loss.predicted"]["value"] > 1.8172


ACCELERATORS = ("--accelerator", "h100-sxm", "--count", "512")


def test_a_flag_beats_nothing_but_set_beats_it(program: Callable[..., Ran]) -> None:
    ran = program(
        "train",
        "llama-3.1-405b",
        "--accelerator",
        "h100",
        "--count",
        "8192",
        "--set",
        "cluster.count=4096",
        "-f",
        "json",
    )
    count = json.loads(ran.out)["scenarios"][0]["inputs"]["cluster.count"]
    assert (count["value"], count["source"]) == (4096, {"kind": "flag", "flag": "--set cluster.count"})


BASE = ("--accelerator", "h100-sxm", "--count", "16384")


@pytest.mark.parametrize(
    ("arguments", "first_line", "hint"),
    [
        (("llama-3.1-450b", *BASE), "MODEL: error CC501: there is no model called `llama-3.1-450b`", "llama-3.1-405b"),
        (
            ("llama-3.1-405b", "--accelerator", "h100smx", "--count", "8"),
            "--accelerator: error CC501: there is no accelerator called `h100smx`",
            "did you mean h100-sxm",
        ),
        (
            ("llama-3.1-405b", *BASE, "--mfu", "40"),
            "--mfu: error CC405: the value must be at most 1, not 40",
            "`40 %`?",
        ),
        (("llama-3.1-405b", *BASE, "--mfu", "nan"), "--mfu: error CC406: `nan` is not a finite number", "leave"),
        (("llama-3.1-405b", *BASE, "--mfu", ""), "error CC101: --mfu is empty", "leave the flag out"),
        (("llama-3.1-405b", *BASE, "--power", "700"), "--power: error CC402: `700` has no unit", "700 W"),
        (("llama-3.1-405b", *BASE, "--tokens", "15 W"), "--tokens: error CC404: `W` is power", "15.6T tokens"),
        (("llama-3.1-405b", *BASE, "--tokens=-1"), "--tokens: error CC405: the value must be more than 0", ""),
        (
            ("llama-3.1-405b", *BASE, "--wall-time", "60 d", "--tokens", "1T"),
            "--wall-time: error CC304: both",
            "keep one, or leave `data.tokens` out",
        ),
        (
            ("llama-3.1-405b", *BASE, "--budget", "5 MUSD", "--tokens", "1T"),
            "--budget: error CC304: both `data.tokens` and `money.budget` are stated",
            "keep one",
        ),
        (("llama-3.1-405b", *BASE, "--budget", "5 MW"), "--budget: error CC404: `MW` is power", ""),
        (
            ("llama-3.1-405b", *BASE, "--law", "epoch2024"),
            "error CC101: --law finds a model, but MODEL is llama-3.1-405b",
            "compute-optimal",
        ),
        (
            ("compute-optimal", *BASE),
            "MODEL: error CC305: a compute-optimal model follows from what the run may take",
            "--budget '5 MUSD'",
        ),
        (
            ("compute-optimal", *BASE, "--tokens", "1T"),
            "--tokens: error CC304: `data.tokens` is stated, but the model is compute-optimal",
            "leave it out",
        ),
        (
            ("compute-optimal", *BASE, "--budget", "5 MUSD", "--law", "epoch2025"),
            "--law: error CC501: there is no scaling-law called `epoch2025`",
            "did you mean epoch2024",
        ),
        (("llama-3.1-405b", "--accelerator", "h100"), "--accelerator: error CC305: neither", "--wall-time '60 d'"),
        (("llama-3.1-405b", "--count", "8"), "--count: error CC302: the key `accelerator` is missing", "--accelerator"),
        (("llama-3.1-405b",), "train: error CC302: the key `accelerator` is missing", "--accelerator h100-sxm"),
        (
            ("llama-3.1-405b", *BASE, "--set", "nonsense"),
            "error CC101: --set wants a name, `=` and a value",
            "site.pue",
        ),
        (
            ("llama-3.1-405b", *BASE, "--set", "site.pue="),
            "error CC101: --set wants a name, `=` and a value",
            "site.pue",
        ),
        (("llama-3.1-405b", *BASE, "--set", "x=1"), "--set x: error CC301: unknown key `x`", "allowed: kind"),
        (("llama-3.1-405b", *BASE, "--set", "..=1"), "--set ..: error CC208: `..` is not a path", "data.tokens"),
        (("llama-3.1-405b", *BASE, "--tensor", "3"), "--tensor: error CC311: tensor 3", "16383 or 16386"),
        (("llama-3.1-405b", *BASE, "--format", "xml"), "error CC101: there is no format 'xml'", "there are table"),
        (("llama-3.1-405b", *BASE, "--unit", "time.wal=h"), "error CC102: there is no metric 'time.wal'", "time.wall?"),
        (("llama-3.1-405b", *BASE, "--unit", "time.wall=W"), "error CC404: --unit time.wall: `W` is power", ""),
        (("llama-3.1-405b", *BASE, "--color", "blue"), "error CC101: --color cannot be 'blue'", "always"),
        (("llama-3.1-405b", *BASE, "--catalog", "/nowhere"), "error CC103: /nowhere is not a folder", "YAML"),
        (("llama-3.1-405b", *BASE, "--digits", "0"), "error CC101: Invalid value for '--digits'", "train --help"),
        (("llama-3.1-405b", *BASE, "--cuont", "0"), "error CC101: No such option: --cuont", "train --help"),
        (
            ("llama-3.1-405b", "--accelerator", "h100", "--wall-time", "1 s"),
            "--wall-time: error CC611: no count of accelerators meets the deadline",
            "reliability.restart",
        ),
        (
            ("llama-3.1-405b", "--accelerator", "h100", "--wall-time", "1e-300 s", "--goodput", "0.9"),
            "--wall-time: error CC406: accelerators is too large or too small for a number",
            "is `cluster.wall_time` what you mean?",
        ),
    ],
)
def test_bad_flags_end_in_their_name_a_code_and_a_way_out(
    program: Callable[..., Ran], arguments: tuple[str, ...], first_line: str, hint: str
) -> None:
    ran = program("train", *arguments)
    assert ran.code == 2
    assert ran.err.startswith(first_line)
    assert hint in ran.err
    assert ran.out in ("", f"scenario {arguments[0]}: error, see the messages\n")


@pytest.mark.parametrize("text", ["9**9**9 W", "1/0 W", "__import__('os')", "nan W", "1e400 W"])
def test_texts_are_never_evaluated(program: Callable[..., Ran], text: str) -> None:
    ran = program("train", "llama-3.1-405b", *BASE, "--power", text)
    assert ran.code == 2
    assert ran.err.startswith("--power: error CC40")


def test_an_absurd_deadline_gets_an_honest_answer(program: Callable[..., Ran]) -> None:
    # 15.6e12 tokens x 2.524 TFLOP / (1e15 x 0.4) / 0.9 = 1.0937e11 accelerator seconds, in one second
    ran = program(
        *("train", "llama-3.1-405b", "--accelerator", "h100", "--wall-time", "1 s", "--mfu", "0.4"),
        *("--goodput", "0.9", "--format", "json"),
    )
    outputs = json.loads(ran.out)["scenarios"][0]["outputs"]
    assert outputs["accelerators"]["value"] == pytest.approx(1.09371426e11, rel=1e-8)


def test_a_market_based_factor_is_never_taken_for_the_location(program: Callable[..., Ran], tmp_path: Path) -> None:
    """A region that states only what its contracts emit has no location-based emissions: null, not a wrong number."""
    grid = tmp_path / "mine.yaml"
    grid.write_text(
        "version: 1\n"
        "kind: grid\n"
        "sources: {report: {title: Our report, publication: report 2025, as_of: 2025-12-31}}\n"
        "entries:\n"
        "  OURS:\n"
        "    name: Our contracts\n"
        "    provenance: {source: report, kind: published}\n"
        "    intensity: {market: 20 gCO2e/kWh}\n",
        encoding="utf-8",
    )
    flags = ["--accelerator", "h100-sxm", "--count", "64", "--mfu", "0.4", "--region", "OURS", "-f", "json"]
    result = program("train", "llama-3.1-405b", *flags, "--catalog", str(tmp_path))
    carbon = json.loads(result.out)["scenarios"][0]["outputs"]["carbon.operational"]
    assert (carbon["low"], carbon["value"], carbon["high"]) == (None, None, None)


def test_adapters_from_flags(program: Callable[..., Ran]) -> None:
    given = ("--tokens", "1B tokens", "--accelerator", "h100-sxm", "--count", "64", "--mfu", "0.4", "-f", "json")
    whole, adapted = (
        json.loads(program("train", "llama-3.1-405b", *given, *task).out)["scenarios"][0]
        for task in ((), ("--task", "lora", "--set", "lora.targets=all"))
    )
    assert adapted["inputs"]["lora.rank"]["value"] == 16
    assert (adapted["inputs"]["task"]["value"], adapted["inputs"]["lora.targets"]["value"]) == ("lora", "all")
    # 126 layers, 16 x (query and output 2 x 32,768, key and value 2 x 17,408, feed-forward 3 x 69,632).
    assert adapted["outputs"]["parameters.trained"]["value"] == 126 * 16 * (65_536 + 34_816 + 208_896)
    # Four FLOPs a parameter for six, and the attention core and the adapters whole.
    ratio = adapted["outputs"]["compute.model"]["value"] / whole["outputs"]["compute.model"]["value"]
    assert 4 / 6 < ratio < 0.70


def test_an_impossible_layout_ends_in_2_with_all_that_clashes(program: Callable[..., Ran]) -> None:
    ran = program(
        "train", "llama-3.1-405b", "--accelerator", "h100-sxm", "--count", "100", "--tensor", "7", "--pipeline", "127"
    )
    assert ran.code == 2
    assert ran.err.count("error CC311") == 5
    # Heads, key heads, width, stages and count.
    assert "tensor 7 does not divide the 128 heads" in ran.err
    assert "but llama-3.1-405b has 126 layers" in ran.err
