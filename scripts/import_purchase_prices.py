"""Turns a table of purchase prices into catalogs/purchases/.

Usage: python scripts/import_purchase_prices.py PURCHASE_PRICES.csv OUTPUT_FOLDER

Rows of an accelerator that the catalog lacks, or that is left open (which memory?), are left out, and so are rows that
say themselves that nobody ever asked the price. Of equal prices of one accelerator, day and scope one is kept.
"""

from __future__ import annotations

import csv
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from import_writer import block, number, slug, write_catalog

COMMENT = "Imported by scripts/import_purchase_prices.py: edit the script and run it again, or this file and it."
ACCELERATORS = {  # name in the table to our id
    "AMD Instinct MI300A": "mi300a",
    "AMD Instinct MI300X": "mi300x",
    "AMD Radeon Instinct MI250X": "mi250x",
    "Cerebras CS-2": "cerebras-wse2",
    "Google TPU v2": "tpu-v2",
    "Google TPU v3": "tpu-v3",
    "Google TPU v4": "tpu-v4",
    "Google TPU v5e": "tpu-v5e",
    "Google TPU v5p": "tpu-v5p",
    "Google TPU v6e Trillium": "tpu-v6e",
    "GroqChip LPU v1": "groq-lpu",
    "Intel Data Center GPU Max 1550": "max-1550",
    "Intel Habana Gaudi2": "gaudi2",
    "NVIDIA A100 SXM4 40 GB": "a100-sxm-40gb",
    "NVIDIA A100 SXM4 80 GB": "a100-sxm-80gb",
    "NVIDIA A40 PCIe": "a40",
    "NVIDIA B200": "b200-hgx",
    "NVIDIA GB200": "gb200-nvl72",
    "NVIDIA GB300": "gb300-nvl72",
    "NVIDIA GeForce RTX 3090": "rtx-3090",
    "NVIDIA GeForce RTX 4090": "rtx-4090",
    "NVIDIA H20": "h20",
    "NVIDIA HGX H20": "h20",
    "NVIDIA H100": "h100-sxm",
    "NVIDIA H100 SXM5 80GB": "h100-sxm",
    "NVIDIA H200 SXM": "h200-sxm",
    "NVIDIA H800 SXM5": "h800-sxm",
    "NVIDIA Tesla V100 PCIe 16 GB": "v100-pcie-16gb",
    "NVIDIA Tesla V100 PCIe 32 GB": "v100-pcie-32gb",
    "NVIDIA Tesla V100 SXM2 16 GB": "v100-sxm2-16gb",
    "NVIDIA Tesla V100 SXM2 32 GB": "v100-sxm2-32gb",
}
BY_ADDRESS = {  # where the address or the day tells which card it is
    ("NVIDIA A100 PCIe", "a100-80gb"): "a100-pcie-80gb",
    ("NVIDIA A100 PCIe", "nextplatform"): "a100-pcie-40gb",
    ("NVIDIA H100 PCIe", "80gb-pcie"): "h100-pcie",
}
FILES = {
    "nvidia-volta-ampere": ("v100", "a40", "a100", "rtx-3090"),
    "nvidia-hopper": ("h100", "h200", "h800", "h20"),
    "nvidia-ada-blackwell": ("rtx-4090", "b200", "gb200", "gb300"),
    "other": ("mi", "cerebras", "groq", "max", "gaudi"),
    "google-tpu": ("tpu",),
}
EPOCH = {
    "title": "Epoch AI, hardware prices collected for training cost trends",
    "url": "https://github.com/epoch-research/training-cost-trends",
    "as_of": 2025,
    "licence": "CC BY 4.0",
}
COUNTS = {
    "title": "Epoch AI, annual prices of NVIDIA chips in the estimate of chip counts",
    "url": "https://github.com/epoch-research/ai-chip-counts",
    "as_of": 2026,
    "licence": "MIT",
}
SELLERS = {
    "dihuni": "Dihuni",
    "deltacomputer": "Delta Computer",
    "viperatech": "Viperatech",
    "uvation": "Uvation",
    "anafrashop": "Anafra",
    "microway": "Microway",
    "interpromicro": "InterPro",
    "signalpulse": "SignalPulse",
    "smicro": "sMicro",
    "abrmicro": "ABR Micro",
    "newegg": "Newegg",
    "stockx": "StockX",
}


@dataclass(frozen=True, slots=True)
class Purchase:
    """One price that is kept."""

    accelerator: str
    dollars: str
    """One number, or low..high."""
    date: str
    scope: str
    page: str
    """Address of the page; empty for analysts' averages."""
    note: str

    @property
    def seller(self) -> str:
        """Who asked the price, where the address tells."""
        return next((name for words, name in SELLERS.items() if words in self.page), "")


def scope_of(text: str) -> str:
    """Return what a price holds, by the table's words."""
    if "average selling price" in text:
        return "sales-average"
    if text.startswith("Estimated"):
        return "estimate"
    shared = ("per chip incl.", "Price at release", "DGX")
    return "server-share" if text.startswith(shared) else "accelerator"


def accelerator(row: dict[str, str]) -> str:
    for (name, words), found in BY_ADDRESS.items():
        if row["item"] == name and words in row["source"]:
            return found
    return ACCELERATORS.get(row["item"], "")


def purchases(path: Path, dropped: Counter[str]) -> Iterator[Purchase]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found, page = accelerator(row), row["source"].partition("<- ")[2]
            if not found:
                dropped[f"not in the catalog, or open which: {row['item']}"] += 1
            elif "not a real sale price" in row["scope"] or page in ("No source", "Unknown"):
                dropped["no source"] += 1
            elif "H100" in row["item"] and "nvidia-a100" in page:
                dropped["the page is of another card"] += 1
            else:
                low, _, high = row["usd_per_chip"].partition("-")
                dollars = "..".join(number(float(part)) for part in (low, high) if part)
                date = row["date"] if len(row["date"]) > 4 else f"{row['date']}-07"
                yield Purchase(found, dollars, date, scope_of(row["scope"]), page, note_of(row, date))


def note_of(row: dict[str, str], date: str) -> str:
    """Return the table's words, shortened, and what is vague about the date."""
    words = re.sub(r"\s*https?://\S+", "", row["scope"]).replace('"', "").strip(" .:")
    if scope_of(row["scope"]) == "sales-average":
        words = "low and high of the average selling price"
    words = words.removeprefix("per chip incl. 1/8 of server/board").strip("; ")  # the scope says it
    words = "" if words.startswith("Single-unit") else textwrap.shorten(words, 110, placeholder="")
    return "; ".join(part for part in (words, "" if date == row["date"] else "middle of the year") if part)


def kept(found: Iterator[Purchase], dropped: Counter[str]) -> list[Purchase]:
    unique: dict[tuple[str, ...], Purchase] = {}
    for price in found:
        key = (price.accelerator, price.scope, price.date[:7], price.dollars)
        if key in unique:
            dropped["repeated"] += 1
        unique.setdefault(key, price)
    return sorted(unique.values(), key=lambda p: (p.accelerator, p.date, p.scope, p.dollars))


def sources(price: Purchase, used: dict[str, Any]) -> list[str]:
    """Return the names of a price's sources and note them as used."""
    if not price.page:
        used["epoch-counts"] = COUNTS
        return ["epoch-counts"]
    used["epoch-prices"] = EPOCH
    known = next((name for name, source in used.items() if source.get("url") == price.page), None)
    if known is None:
        address = price.page.rpartition("/http")[2] if "web.archive.org" in price.page else price.page
        host = urlsplit(f"http{address}" if address.startswith(("s:", ":")) else address).hostname or ""
        base = slug(f"{host.removeprefix('www.')}-{price.date[:7]}")
        known = base if base not in used else f"{base}-{sum(name.startswith(base) for name in used) + 1}"
        title = f"{host.removeprefix('www.')}, page read for the collection of Epoch AI"
        used[known] = {"title": title, "url": price.page, "as_of": price.date}
    return [known, "epoch-prices"]


def entry(price: Purchase, used: dict[str, Any]) -> dict[str, Any]:
    names = sources(price, used)
    firm = price.scope not in ("estimate", "sales-average")
    own_date = str(used[names[0]]["as_of"]) != price.date
    return block(
        name=f"{price.accelerator}, {price.scope}, {price.date[:7]}",
        accelerator=price.accelerator,
        scope=price.scope,
        vendor=price.seller,
        price=f"{price.dollars} USD/accelerator",
        provenance=block(
            source=names if len(names) > 1 else names[0],
            kind="published" if firm else "assumed",
            as_of=price.date if own_date else None,
            note=price.note,
        ),
    )


def named(found: list[Purchase], used: dict[str, Any]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for price in found:
        base = slug(f"{price.accelerator}-{price.scope}-{price.date[:7]}")
        taken = sum(name == base or name.startswith(f"{base}-") for name in entries)
        entries[base if not taken else f"{base}-{taken + 1}"] = entry(price, used)
    return entries


def main(table: Path, output: Path) -> None:
    dropped: Counter[str] = Counter()
    found = kept(purchases(table, dropped), dropped)
    for stem, prefixes in FILES.items():
        used: dict[str, Any] = {}
        entries = named([price for price in found if price.accelerator.startswith(prefixes)], used)
        path = output / f"{stem}.yaml"
        listed = dict(sorted(used.items()))
        write_catalog(path, kind="purchase", comment=COMMENT, sources=listed, entries=entries, flow=True)
    print(f"{len(found)} prices of {len({price.accelerator for price in found})} accelerators")
    for reason, count in dropped.most_common():
        print(f"left out {count}: {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
