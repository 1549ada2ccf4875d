"""Turns a collection of accelerator data sheets into catalogs/accelerators/.

Usage: python scripts/import_accelerators.py COLLECTION.yaml OUTPUT_FOLDER

What the collection cannot say (files, aliases, corrections) is in import_accelerators.yaml beside this script,
so that running it again gives the same files.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from import_writer import block, number, write_catalog

COMMENT = (
    "Imported by scripts/import_accelerators.py with the corrections of scripts/import_accelerators.yaml:"
    " edit those and run it again, or this file and them."
)
PEAKS = ("fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "fp6", "fp4", "int8", "int4")
NOTED_PEAKS = {
    "fp64_tensor": "FP64 on tensor cores",
    "fp64_matrix": "FP64 matrix",
    "fp32_matrix": "FP32 matrix",
    "fp16_fp16acc": "FP16 with FP16 accumulate",
    "fp8_fp16acc": "FP8 with FP16 accumulate",
    "fp4_adaptive_inference": "FP4 with adaptive compression (inference)",
    "fp32_simd": "FP32 vector",
    "fp16_simd": "FP16 vector",
    "bfp8": "block floating point with 8 bits",
}
WEAK_PATHS = (  # first words of a weak field of the collection, and the figures that it means
    ("server_max_power_w", ("power.server_maximum",)),
    ("scale_up", ("scale_up.bandwidth",)),
    ("link direction", ("scale_up.bandwidth",)),
    ("21/3 port split", ("scale_up.bandwidth",)),
    ("bandwidth split", ("scale_up.bandwidth",)),
    ("domain_size", ("scale_up.size",)),
    ("embodied", ("embodied",)),
    ("tdp_w", ("power.thermal_design",)),
    ("scale_out_nic", ("network.bandwidth",)),
    ("memory.type", ()),
    ("memory type", ()),
    ("memory", ("memory.capacity", "memory.bandwidth")),
    ("LPDDR5", ("memory.capacity", "memory.bandwidth")),
    ("204.8 GB/s", ("memory.bandwidth",)),
    ("128 GB", ("memory.capacity",)),
    ("SRAM", ("sram.bandwidth",)),
    ("bandwidth", ("memory.bandwidth",)),
    ("die_area_mm2", ("die.area",)),
    ("accelerators_per_server", ("server.size",)),
    ("release_date", ()),
    ("process_node", ()),
    ("A10G", ()),
    ("all", ()),  # the kind of the whole entry says it
)


def bandwidth(value: float) -> str:
    """Return GB/s as text, TB/s where that is shorter."""
    return f"{number(value / 1000)} TB/s" if value >= 100_000 else f"{number(value)} GB/s"


def figures(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of one accelerator by dotted path."""
    memory, scale_up = item["memory"], item["scale_up"] or {}
    found: dict[str, Any] = {
        "memory.capacity": f"{number(memory['capacity_gb'])} GB",
        "memory.bandwidth": bandwidth(memory["bandwidth_gbs"]),
    }
    rates = item["peak_dense_tflops"]
    found |= {f"peak.{name}": f"{number(rates[name])} TFLOP/s" for name in PEAKS if name in rates}
    optional = {
        "power.thermal_design": (item["tdp_w"], "{} W"),
        "power.server_maximum": (item["server_max_power_w"], "{} W/node"),
        "scale_up.bandwidth": (scale_up.get("bandwidth_gbs_unidirectional"), "{} GB/s"),
        "network.bandwidth": (item["scale_out_nic_gbps_per_accelerator"], "{} Gbit/s"),
        "die.area": (item["die_area_mm2"], "{} mm2"),
        "sram.capacity": (item.get("sram_mb") or memory_megabytes(memory["type"]), "{} MB"),
        "sram.bandwidth": (item.get("sram_bandwidth_gbs"), "{} GB/s"),
        "embodied": (item["embodied_kgco2e"], "{} kgCO2e"),
    }
    one_way, both = scale_up.get("bandwidth_gbs_unidirectional"), scale_up.get("bandwidth_gbs_bidirectional")
    if one_way is None and both is not None:
        optional["scale_up.bandwidth"] = (both / 2, "{} GB/s")
    found |= {path: form.format(number(value)) for path, (value, form) in optional.items() if value is not None}
    counts = {"scale_up.size": scale_up.get("domain_size"), "server.size": item["accelerators_per_server"]}
    return found | {path: value for path, value in counts.items() if value is not None}


def memory_megabytes(memory_type: str) -> float | None:
    """Return the on-chip memory that a memory type mentions, such as ``HBM3e (+272 MB SRAM)``."""
    match = re.search(r"\+(\d+) MB SRAM", memory_type)
    return float(match[1]) if match else None


def weak(item: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, str]:
    """Return why a figure is weak, by dotted path."""
    reasons: dict[str, str] = {}
    for text in item["unverified_fields"]:
        name, _, remark = text.partition(" ")
        paths = (f"peak.{name}",) if name in PEAKS else None
        if paths is None and name not in NOTED_PEAKS:
            paths = next(paths for words, paths in WEAK_PATHS if text.startswith(words))
        reason = remark.strip("() ") if "(" in text or paths is None else ""
        for path in paths or ():
            if path in known:
                reasons[path] = f"recalled, derived or in conflict between sources{': ' + reason if reason else ''}"
    return reasons


def overlaid(item: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of one accelerator with weak ones marked and corrections applied."""
    name, found = item["id"], figures(item)
    reasons: dict[str, str] = {
        path: note for path, note in weak(item, found).items() if path not in table["confirmed"].get(name, ())
    }
    card = item["form_factor"] or ""
    if "network.bandwidth" in found and card.startswith("PCIe"):
        reasons.setdefault("network.bandwidth", "network interface of the usual server of this card")
    kind = table["kinds"].get(name, {}).get("kind", "vendor-claim")
    result: dict[str, Any] = dict(found)
    for path, note in reasons.items():
        result[path] = block(value=found[path], kind="assumed", note=note)
    if kind == "vendor-claim" and "die.area" in found and "die.area" not in reasons:
        result["die.area"] = {"value": found["die.area"], "kind": "published"}
    return result | table["set"].get(name, {})


def source_ids(item: Mapping[str, Any], table: Mapping[str, Any], used: dict[str, Any], read: str) -> list[str]:
    """Return the names of an accelerator's sources and note them as used in the file."""
    names = []
    for source in item["sources"]:
        entry = next((e for words, e in table["sources"].items() if source["title"].startswith(words)), None)
        if entry is None:
            if source["title"].startswith("CloudMatrix") or source["url"]:
                raise SystemExit(f"no entry for the source {source['title']!r}")
            continue
        use(entry["id"], entry, used, read)
        names.append(entry["id"])
    for name in table["add_sources"].get(item["id"], ()):
        use(name, table["extra_sources"][name], used, read)
        names.append(name)
    return names


def use(name: str, entry: Mapping[str, Any], used: dict[str, Any], read: str) -> None:
    """Note a source as used in the file; `read` is its date where it has none."""
    keys = ("title", "url", "publication")
    date_read = entry.get("as_of", read)  # a bare year is a number, anything else a text
    used[name] = {key: entry[key] for key in keys if key in entry}
    used[name]["as_of"] = date_read if isinstance(date_read, int) else str(date_read)
    if "licence" in entry:
        used[name]["licence"] = entry["licence"]


def date(text: str) -> str:
    """Return the calendar date at the start of a release date."""
    match = re.match(r"\d{4}(-\d{2}(-\d{2})?)?(?=$|[ -])", text)
    if match is None:
        raise SystemExit(f"not a date: {text!r}")
    return match[0]


def note_of(item: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """Return the note of an accelerator, with the rates that are no peak of the catalog."""
    text = table["notes"].get(item["id"], item["notes"] or "")
    rates = item["peak_dense_tflops"]
    others = [f"{words} {number(rates[key])} TFLOP/s" for key, words in NOTED_PEAKS.items() if key in rates]
    listed = [f"Not listed as peaks: {', '.join(others)}."] if others else []
    excused = table["exceptions"].get(item["id"])
    return " ".join([text, *listed, *([excused["why"]] if excused else [])]).strip()


def nested(paths: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return figures and labels as the blocks of an entry."""
    blocks: dict[str, dict[str, Any]] = {}
    for path, value in {**labels, **paths}.items():
        outer, _, inner = path.partition(".")
        if inner:
            blocks.setdefault(outer, {})[inner] = value
        else:
            blocks[outer] = value
    return blocks


def entry(item: Mapping[str, Any], generation: str, table: Mapping[str, Any], used: dict[str, Any], read: str) -> Any:
    """Return one accelerator as an entry of the catalog."""
    name = item["id"]
    paths = overlaid(item, table)
    sources = source_ids(item, table, used, read)
    for value in paths.values():
        named = value.get("source", []) if isinstance(value, Mapping) else []
        for source in [named] if isinstance(named, str) else named:
            by_id = {e["id"]: e for e in table["sources"].values()} | table["extra_sources"]
            use(source, by_id[source], used, read)
    labels = {"memory.type": re.sub(r" \(\+.*", "", item["memory"]["type"])}
    if item["scale_up"]:
        labels["scale_up.name"] = item["scale_up"]["name"]
    provenance = {"source": sources[0] if len(sources) == 1 else sources} | {"kind": "vendor-claim"}
    blocks = nested(paths, labels)
    order = ("memory", "peak", "power", "scale_up", "network", "server", "die", "sram", "embodied", "embodied_by")
    return block(
        name=item["name"],
        aliases=table["aliases"].get(name),
        vendor=item["vendor"],
        generation=generation,
        released=date(str(item["release_date"])),
        process=item["process_node"],
        form_factor=item["form_factor"],
        exceptions=table["exceptions"].get(name, {}).get("rules"),
        provenance=provenance | table["kinds"].get(name, {}),
        **{key: blocks[key] for key in order if key in blocks},
        notes=note_of(item, table),
    )


def main(collection: Path, output: Path) -> None:
    data = yaml.safe_load(collection.read_text(encoding="utf-8"))
    table = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    blank = dict.fromkeys(key for item in data["accelerators"] for key in item)
    blank |= {"unverified_fields": [], "sources": []}
    items = {item["id"]: item for item in (*data["accelerators"], *(blank | item for item in table["items"]))}
    missing = set(items) - {name for names in table["files"].values() for name in names}
    if missing:
        raise SystemExit(f"in no file: {', '.join(sorted(missing))}")
    for stem, names in table["files"].items():
        used: dict[str, Any] = {}
        entries = {
            name: entry(items[name], generation, table, used, str(data["generated"]))
            for name, generation in names.items()
        }
        path = output / f"{stem}.yaml"
        write_catalog(path, kind="accelerator", comment=COMMENT, sources=dict(sorted(used.items())), entries=entries)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
