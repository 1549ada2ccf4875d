"""`catalog validate`: what is wrong with a folder, where, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.catalog.entries_of import written
from tests.conftest import Ran

HEAD = "version: 1\nkind: accelerator\nsources:\n  s: {title: T, publication: P, as_of: 2026-02}\nentries:\n"
CHIP = (
    "  {id}:\n    name: Chip\n    vendor: V\n    provenance: {{source: s, kind: published}}\n"
    "    memory: {{capacity: 80 GB, bandwidth: 3350 GB/s}}\n    peak: {{bf16: {peak}}}\n    server: {{size: 8}}\n"
)


def chip(identifier: str = "chip", peak: str = "989 TFLOP/s") -> str:
    return CHIP.format(id=identifier, peak=peak)


BAD = {
    # file: its text, the exit code, the place and the words of the message
    "no-source": (
        HEAD + chip().replace("    provenance: {source: s, kind: published}\n", ""),
        2, "no-source.yaml:9:24: error CC503", "memory.capacity has no source",
    ),
    "wrong-unit": (HEAD + chip(peak="989 GB/s"), 2, "wrong-unit.yaml:11:22: error CC404", "`GB/s` is"),
    "duplicate-id": (HEAD + chip() + chip(), 2, "duplicate-id.yaml:13:3: error CC207", "chip"),
    "duplicate-alias": (
        HEAD + chip() + chip("other").replace("    vendor", "    aliases: [Chip]\n    vendor"),
        2, "duplicate-alias.yaml:13:3: error CC504", "the name Chip is taken",
    ),
    "broken-source": (
        HEAD + chip().replace("source: s", "source: z"), 2, "broken-source.yaml:9:26: error CC505", "`z`",
    ),
    "broken-accelerator": (
        written("price", {"rent": {"accelerator": "h100-smx"}}), 2, "broken-accelerator.yaml:", "`h100-smx`",
    ),
    "broken-training": (
        written("model", {"mine": {"training.accelerator": "h100"}}), 2, "broken-training.yaml:",
        "unknown training.accelerator of mine `h100`",
    ),
    "bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)),
        2, "bomb.yaml:", "CC206",
    ),
    # The H100's peak with sparsity, 1978.9, over the bandwidth of 3350 GB/s: 590.7 FLOP/byte is within the band of
    # HBM, but twice that of its sibling.
    "sparse-peak": (
        HEAD
        + chip().replace("    vendor", "    generation: g\n    vendor")
        + chip("twin", "1978 TFLOP/s").replace("    vendor", "    generation: g\n    vendor"),
        0, "sparse-peak.yaml:20:18", "twin: its bf16 peak over that of one of its generation at like power is 2, not",
    ),
    "sparse-fp8": (
        HEAD + chip(peak="1978 TFLOP/s, fp8: 494 TFLOP/s"),
        1, "sparse-fp8.yaml:6:3", "the peak of a narrower format over the next wider one is 0.2497, not at least 0.999",
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _frozen(golden_catalog: object) -> None:
    """Validate beside the golden catalog."""


@pytest.mark.parametrize("name", BAD)
def test_bad_data_is_named_with_its_place(name: str, program: Callable[..., Ran], tmp_path: Path) -> None:
    text, code, place, message = BAD[name]
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    ran = program("catalog", "validate", str(tmp_path))
    told = ran.err if code == 2 else ran.out
    assert ran.code == code
    assert place in told
    assert message in told


def test_problems_of_all_files_and_folders_come_together(program: Callable[..., Ran], tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bad.yaml").write_text(HEAD + chip(peak="9 GB/s"), encoding="utf-8")
    ran = program("catalog", "validate", str(tmp_path / "one"), str(tmp_path / "two"))
    assert ran.code == 2
    assert ran.err.count("error CC404") == 2


def test_findings_come_as_json_for_programs(program: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(written("site", {"hall": {"pue": "11"}}), encoding="utf-8")
    ran = program("catalog", "validate", str(tmp_path), "--format", "json")
    (finding,) = json.loads(ran.out)
    assert ran.code == 1
    assert (finding["severity"], finding["rule"]) == ("error", "pue")
    assert finding["finding"] == "hall: the PUE is 11, not 1 to 2.5"


def test_a_good_folder_passes(program: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "chips.yaml").write_text(HEAD + chip() + chip("other"), encoding="utf-8")
    assert program("catalog", "validate", str(tmp_path)) == Ran(0, "2 entries, no findings\n", "")
    assert program("catalog", "validate", str(tmp_path), "--format", "json") == Ran(0, "[]\n", "")


def test_an_overlay_may_refer_to_the_shipped_catalog(program: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "rent.yaml").write_text(written("price", {"rent": {"accelerator": "h100-sxm"}}), encoding="utf-8")
    assert program("catalog", "validate", str(tmp_path)).out == "1 entry, no findings\n"


def test_what_is_no_folder_cannot_be_validated(program: Callable[..., Ran], tmp_path: Path) -> None:
    ran = program("catalog", "validate", str(tmp_path / "none"))
    assert ran.code == 2
    assert "error CC103" in ran.err
