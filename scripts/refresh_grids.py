"""Compares catalogs/grids/ with the data files of the installed codecarbon and ecologits packages.

Usage: python scripts/refresh_grids.py [--write] [CATALOG_FOLDER]

Prints each figure that differs; --write puts the new ones into the files (run build_catalog_index.py after it). Only
figures that came from the same package are compared. Neither package is needed by the program itself: install them
beside it to refresh (codecarbon is MIT, its US figures public domain; ecologits is MPL-2.0, its figures CC BY 4.0).
Exits 1 when figures differ and are not written, 2 when neither package is installed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import yaml
from import_writer import number, write_catalog

CATALOGS = Path(__file__).resolve().parents[1] / "catalogs"
GRAMS_PER_POUND = 453.59237
WORLD_WARNING = "electricity-mix-wue-world"
"""The warning of ecologits that a country's water figure is the world's."""


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of a package: in gCO2e/kWh or L/kWh, rounded as the catalog has it."""

    value: float
    unit: str
    year: int | None
    """None where the data file names no year."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs."""

    file: Path
    region: str
    figure: str
    old: str
    old_year: str
    new: Found


Figures = Mapping[tuple[str, str], Found]
"""By region and figure, such as ``("US-VA", "intensity.direct")``."""


def newest(folder: Path, pattern: str) -> Any:
    """Return the contents of the last file that fits, by name: folders are named by year."""
    files = sorted(folder.glob(pattern))
    return json.loads(files[-1].read_text(encoding="utf-8")) if files else {}


def read_codecarbon(data: Path) -> Figures:
    """Return direct intensities of US states (eGRID) and Chinese provinces."""
    found: dict[tuple[str, str], Found] = {}
    states = newest(data, "private_infra/*/usa_emissions.json")
    year = states.get("_source", {}).get("year")
    for name, row in states.items():
        if not name.startswith("_"):
            grams = round(row["emissions"] * GRAMS_PER_POUND / 1000.0, 2)  # lb/MWh
            found[f"US-{row['regionCode']}", "intensity.direct"] = Found(grams, "gCO2e/kWh", year)
    for region, row in newest(data, "private_infra/*/china_provincial_emissions.json").get("data", {}).items():
        found[region, "intensity.direct"] = Found(round(row["emission_factor"], 2), "gCO2e/kWh", row.get("year"))
    return found


def read_ecologits(data: Path) -> Figures:
    """Return life-cycle intensities and water of countries."""
    found: dict[tuple[str, str], Found] = {}
    for row in newest(data, "electricity_mixes.json").get("electricity_mixes", ()):
        region = "WORLD" if row["name"] == "WOR" else row["name"]
        found[region, "intensity.lifecycle"] = Found(round(row["gwp"] * 1000.0, 2), "gCO2e/kWh", None)
        if WORLD_WARNING not in (row.get("warnings") or ()):
            found[region, "water"] = Found(row["wue"], "L/kWh", None)
    return found


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose data files are read."""

    name: str
    read: Callable[[Path], Figures]
    licence: str


PACKAGES = (
    Package("codecarbon", read_codecarbon, "MIT; US figures public domain (EPA eGRID)"),
    Package("ecologits", read_ecologits, "MPL-2.0; figures CC BY 4.0, Our World in Data based on Ember"),
)


def figure_at(entry: Mapping[str, Any], path: str) -> Any:
    """Return a figure as it is written: a text, a mapping, or None."""
    outer, _, inner = path.partition(".")
    block = entry.get(outer)
    return block.get(inner) if inner and isinstance(block, Mapping) else block


def compare(document: Mapping[str, Any], file: Path, figures: Figures, package: str) -> list[Change]:
    """Return the figures of one catalog file that came from `package` and that it now gives otherwise."""
    changes = []
    for region, entry in document["entries"].items():
        for path in ("intensity.direct", "intensity.lifecycle", "water"):
            written, new = figure_at(entry, path), figures.get((region, path))
            if written is None or new is None:
                continue
            own = written if isinstance(written, Mapping) else {"value": written}
            source = document["sources"][own.get("source", entry["provenance"]["source"])]
            if package not in source["title"]:
                continue
            old = str(own["value"])
            if float(old.split(maxsplit=1)[0]) != new.value:
                year = str(own.get("as_of", source["as_of"]))
                changes.append(Change(file, region, path, old, year, new))
    return changes


def apply(document: dict[str, Any], changes: list[Change], source: str, about: Mapping[str, Any]) -> None:
    """Put the new figures into a catalog file's contents, with their source."""
    document["sources"] = dict(sorted({**document["sources"], source: dict(about)}.items()))
    for change in changes:
        entry = document["entries"][change.region]
        outer, _, inner = change.figure.partition(".")
        text = f"{number(change.new.value)} {change.new.unit}"
        value = {"value": text, "source": source, "kind": "published"}
        if change.new.year is not None:
            value["as_of"] = change.new.year
        if inner:
            entry[outer][inner] = value
        else:
            entry[outer] = value


def write(document: Mapping[str, Any], file: Path) -> None:
    """Write a catalog file as the import script does, its first comment kept."""
    first = (line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    comment = " ".join(line.removeprefix("# ") for line in first)
    write_catalog(file, kind="grid", comment=comment, sources=document["sources"], entries=document["entries"])


def refresh(folder: Path, package: Package, data: Path, version: str, *, writing: bool) -> list[Change]:
    """Compare a package's figures with the grids of a catalog, and write them when `writing`."""
    figures = package.read(data)
    about = {
        "title": f"{package.name} {version}, data files",
        "publication": f"Python package {package.name} {version}",
        "as_of": date.today().isoformat(),
        "licence": package.licence,
    }
    changes: list[Change] = []
    for file in sorted((folder / "grids").glob("*.yaml")):
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        found = compare(document, file, figures, package.name)
        if found and writing:
            apply(document, found, f"{package.name}-{version}", about)
            write(document, file)
        changes += found
    return changes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the new figures into the files")
    parser.add_argument("folder", type=Path, nargs="?", default=CATALOGS, help="the catalog (default: catalogs/)")
    arguments = parser.parse_args()
    changes: list[Change] = []
    absent = []
    for package in PACKAGES:
        try:
            installed = distribution(package.name)
        except PackageNotFoundError:
            absent.append(package.name)
            print(f"{package.name} is not installed: its figures are not compared", file=sys.stderr)
            continue
        data = Path(str(installed.locate_file(f"{package.name}/data")))
        changes += refresh(arguments.folder, package, data, installed.version, writing=arguments.write)
    for change in changes:
        new = f"{number(change.new.value)} {change.new.unit} ({change.new.year or 'no year'})"
        print(f"{change.region:12} {change.figure:20} {change.old} ({change.old_year}) -> {new}")
    if len(absent) == len(PACKAGES):
        return 2
    verb = "written" if arguments.write else "differ"
    print(f"{len(changes)} figures {verb}")
    return 1 if changes and not arguments.write else 0


if __name__ == "__main__":
    raise SystemExit(main())
