"""Turns tables of grid carbon intensity and electricity prices into catalogs/grids/.

Usage: python scripts/import_grids.py INTENSITY.csv ELECTRICITY_PRICES.csv OUTPUT_FOLDER

Of several years of one figure the latest is kept; direct, life-cycle and consumption figures stay apart. Further names
of a grid and water figures are in import_grids.yaml beside this script.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from import_writer import block, number, slug, write_catalog

COMMENT = "Imported by scripts/import_grids.py: edit the script and run it again, or this file and it."
SOURCES = {  # by the first words of the table's source
    "OWID/Ember": (
        "owid-ember",
        {
            "title": "Our World in Data and Ember, carbon intensity of electricity",
            "url": "https://ourworldindata.org/grapher/carbon-intensity-electricity",
            "as_of": 2024,
            "licence": "CC BY 4.0, Our World in Data based on Ember",
        },
    ),
    "ecologits": (
        "ecologits",
        {
            "title": "ecologits 0.11.3, electricity mixes (Our World in Data and Ember, 2025)",
            "url": "https://github.com/genai-impact/ecologits",
            "as_of": 2025,
            "licence": "MPL-2.0; figures CC BY 4.0, Our World in Data based on Ember",
        },
    ),
    "EPA eGRID2023 STC2ERTA": (
        "egrid2023",
        {
            "title": "EPA eGRID2023, CO2e total output emission rate, as kept by codecarbon 3.3.2",
            "url": "https://www.epa.gov/egrid",
            "as_of": 2023,
            "licence": "public domain",
        },
    ),
    "EPA eGRID2023 summary": (
        "egrid2023-summary",
        {
            "title": "EPA eGRID2023 summary tables, rounded secondary transcription",
            "url": "https://www.epa.gov/egrid",
            "as_of": 2023,
            "licence": "public domain",
        },
    ),
    "EPA eGRID2022": (
        "egrid2022",
        {
            "title": "EPA eGRID2022 subregions (CO2 + 28 CH4 + 265 N2O), secondary transcription",
            "url": "https://www.epa.gov/egrid",
            "as_of": 2022,
            "licence": "public domain",
        },
    ),
    "MEE/NBS": (
        "mee2025",
        {
            "title": "China MEE and NBS, Announcement 2025 No. 47, table 3, as kept by codecarbon 3.3.2",
            "publication": "MEE and NBS Announcement 2025 No. 47",
            "as_of": 2023,
        },
    ),
    "ECCC": (
        "eccc",
        {
            "title": "ECCC, Emission factors and reference values v3.0, secondary transcription",
            "publication": "Environment and Climate Change Canada, national inventory 1990-2023",
            "as_of": 2023,
        },
    ),
    "EIA": (
        "eia2024",
        {
            "title": "EIA, retail sales of electricity, industrial average 2024",
            "url": "https://www.eia.gov/electricity/data.php",
            "as_of": 2024,
            "licence": "public domain",
        },
    ),
    "Eurostat": (
        "eurostat",
        {
            "title": "Eurostat, electricity prices for large non-household consumers, by way of flops_export",
            "url": "https://ec.europa.eu/eurostat/databrowser/view/nrg_pc_205",
            "as_of": 2025,
        },
    ),
    "": (
        "flops-export",
        {
            "title": "flops_export, country electricity prices from mixed sources",
            "url": "https://github.com/sfgunkin/flops_export",
            "as_of": 2025,
        },
    ),
}
INTENSITY_KINDS = {"lifecycle": "lifecycle", "direct": "direct", "location": "consumption"}
PROVINCES = {
    "ON": "Ontario",
    "QC": "Quebec",
    "BC": "British Columbia",
    "AB": "Alberta",
    "SK": "Saskatchewan",
    "MB": "Manitoba",
    "NB": "New Brunswick",
    "NS": "Nova Scotia",
    "PE": "Prince Edward Island",
    "NL": "Newfoundland and Labrador",
    "YT": "Yukon",
    "NT": "Northwest Territories",
    "NU": "Nunavut",
}
SUBREGIONS = {
    "ASCC Alaska Grid": "AKGD",
    "ASCC Miscellaneous": "AKMS",
    "WECC Southwest": "AZNM",
    "WECC California": "CAMX",
    "ERCOT All": "ERCT",
    "FRCC All": "FRCC",
    "HICC Miscellaneous": "HIMS",
    "HICC Oahu": "HIOA",
    "MRO East": "MROE",
    "MRO West": "MROW",
    "NPCC New England": "NEWE",
    "WECC Northwest": "NWPP",
    "NPCC NYC/Westchester": "NYCW",
    "NPCC Long Island": "NYLI",
    "NPCC Upstate NY": "NYUP",
    "Puerto Rico Miscellaneous": "PRMS",
    "RFC East": "RFCE",
    "RFC Michigan": "RFCM",
    "RFC West": "RFCW",
    "WECC Rockies": "RMPA",
    "SPP North": "SPNO",
    "SPP South": "SPSO",
    "SERC Mississippi Valley": "SRMV",
    "SERC Midwest": "SRMW",
    "SERC South": "SRSO",
    "SERC Tennessee Valley": "SRTV",
    "SERC Virginia/Carolina": "SRVC",
}
# fmt: off
ISO2 = {
    "USA": "US", "CAN": "CA", "MEX": "MX", "BRA": "BR", "ARG": "AR", "CHL": "CL", "COL": "CO", "PER": "PE",
    "URY": "UY", "CRI": "CR", "GBR": "GB", "IRL": "IE", "FRA": "FR", "DEU": "DE", "NLD": "NL", "BEL": "BE",
    "LUX": "LU", "CHE": "CH", "AUT": "AT", "ITA": "IT", "ESP": "ES", "PRT": "PT", "DNK": "DK", "SWE": "SE",
    "NOR": "NO", "FIN": "FI", "ISL": "IS", "EST": "EE", "LVA": "LV", "LTU": "LT", "POL": "PL", "CZE": "CZ",
    "SVK": "SK", "HUN": "HU", "ROU": "RO", "BGR": "BG", "GRC": "GR", "HRV": "HR", "SVN": "SI", "SRB": "RS",
    "TUR": "TR", "RUS": "RU", "KAZ": "KZ", "GEO": "GE", "ISR": "IL", "SAU": "SA", "ARE": "AE", "QAT": "QA",
    "BHR": "BH", "KWT": "KW", "OMN": "OM", "EGY": "EG", "MAR": "MA", "ZAF": "ZA", "KEN": "KE", "NGA": "NG",
    "ETH": "ET", "IND": "IN", "PAK": "PK", "BGD": "BD", "CHN": "CN", "HKG": "HK", "TWN": "TW", "JPN": "JP",
    "KOR": "KR", "SGP": "SG", "MYS": "MY", "IDN": "ID", "THA": "TH", "VNM": "VN", "PHL": "PH", "AUS": "AU",
    "NZL": "NZ", "CYP": "CY", "MLT": "MT", "MKD": "MK", "BIH": "BA", "LKA": "LK", "UKR": "UA",
}
# fmt: on
TOLD = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
MORE_ALIASES: Mapping[str, list[str]] = TOLD["aliases"]
WATER: Mapping[str, float] = TOLD["water"]
"""L/kWh by country."""
RENAMED = {"GEO": "georgia-country", "US-GA": "georgia-us"}
"""Two places share a name: neither gets it alone."""
PRIMARY = ("eurostat", "eia2024")


@dataclass(slots=True)
class Grid:
    """One region while it is put together."""

    name: str
    country: str
    file: str
    intensities: dict[str, tuple[int, float, str]] = field(default_factory=dict)
    """Year, gCO2e/kWh and source by kind."""
    price: tuple[float, str, str] | None = None
    """USD/kWh, source and note."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def source_of(text: str) -> str:
    return next(name for words, (name, _) in SOURCES.items() if text.startswith(words))


def place(row: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return id, name and file of a region; None for what another row says better."""
    region, name = row["region_id"], row["name"]
    if region.startswith("eGRID"):
        area = SUBREGIONS.get(name)
        return (f"EGRID-{area}", f"eGRID {area} ({name})", "egrid") if area else None
    if region == "US":
        return "USA", "United States", "countries"
    if region.startswith("US-"):
        return region, "District of Columbia" if region == "US-DC" else name, "us-states"
    if region.startswith("CN-"):
        return region, name, "china"
    if region.startswith("CA-"):
        return region, PROVINCES[region[3:]], "canada"
    return region, name, "countries"


def read_intensities(path: Path) -> dict[str, Grid]:
    grids: dict[str, Grid] = {}
    for row in rows(path):
        found = place(row)
        if found is None:
            continue
        region, name, file = found
        grid = grids.setdefault(region, Grid(name, row["country_iso3"] or region, file))
        kind, year = INTENSITY_KINDS[row["kind"]], int(row["year"])
        if kind not in grid.intensities or year > grid.intensities[kind][0]:
            grid.intensities[kind] = (year, float(row["gco2e_per_kwh"]), source_of(row["source"]))
    return grids


def read_prices(path: Path, grids: dict[str, Grid]) -> list[str]:
    """Add electricity prices; return the regions that have a price and no intensity."""
    alone = []
    for row in rows(path):
        region = "USA" if row["region_id"] == "US" else row["region_id"]
        if region not in grids:
            alone.append(region)
            continue
        source = source_of(row["source"])
        note = "" if source in PRIMARY else row["source"].partition(" via ")[0]
        grids[region].price = (float(row["usd_per_kwh"]), source, note)
    return alone


def aliases(region: str, grid: Grid) -> list[str]:
    names = [ISO2[region]] if region in ISO2 else []
    names += MORE_ALIASES.get(region, [])
    names.append(RENAMED.get(region, slug(grid.name.partition(" (")[0])))
    return [name for name in names if name.casefold() != region.casefold()]


def entry(region: str, grid: Grid, used: set[str]) -> dict[str, Any]:
    main_kind = next(kind for kind in ("lifecycle", "direct", "consumption") if kind in grid.intensities)
    main_source = grid.intensities[main_kind][2]
    intensity: dict[str, Any] = {}
    for kind, (year, value, source) in grid.intensities.items():
        used.add(source)
        text = f"{number(value)} gCO2e/kWh"
        own_year = {"as_of": year} if kind != main_kind or year != dict(SOURCES.values())[source]["as_of"] else {}
        own = {"source": source, "kind": "published"} if source != main_source else {}
        intensity[kind] = {"value": text, **own, **own_year} if own or own_year else text
    price = None
    if grid.price is not None:
        value, source, note = grid.price
        used.add(source)
        kind = "published" if source in PRIMARY else "assumed"
        text = f"{number(round(value * 1000, 4))} USD/MWh"
        price = block(value=text, source=source, kind=kind, note=note)
    water = None
    if region in WATER:
        used.add("ecologits")
        water = {"value": f"{number(WATER[region])} L/kWh", "source": "ecologits", "kind": "published"}
    remark = {"mee2025": "CO2 only, other greenhouse gases are not counted.", "egrid2023-summary": "Rounded."}
    return block(
        name=grid.name,
        aliases=aliases(region, grid),
        country=grid.country,
        year=grid.intensities[main_kind][0],
        provenance={"source": main_source, "kind": "published"},
        intensity=intensity,
        electricity_price=price,
        water=water,
        notes=remark.get(main_source),
    )


def main(intensity: Path, prices: Path, output: Path) -> None:
    grids = read_intensities(intensity)
    alone = read_prices(prices, grids)
    by_name = dict(SOURCES.values())
    files = sorted({grid.file for grid in grids.values()})
    for file in files:
        members = sorted((region, grid) for region, grid in grids.items() if grid.file == file)
        for index, part in enumerate(parts(members), start=1):
            used: set[str] = set()
            entries = {region: entry(region, grid, used) for region, grid in part}
            stem = file if file != "countries" else f"{file}-{index}"
            sources = {name: by_name[name] for name in sorted(used)}
            write_catalog(output / f"{stem}.yaml", kind="grid", comment=COMMENT, sources=sources, entries=entries)
    print(f"{len(grids)} grids; a price and no intensity: {', '.join(alone)}")


def parts(members: list[Any]) -> list[list[Any]]:
    """Return the members in parts that keep files short."""
    if len(members) <= 60:
        return [members]
    half = (len(members) + 1) // 2
    return [members[:half], members[half:]]


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
