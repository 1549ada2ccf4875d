"""Turns tables of cloud regions and operators' efficiency into catalogs/sites/.

Usage: python scripts/import_sites.py CLOUD_REGIONS.csv PUE_WUE.csv OUTPUT_FOLDER

Which grid a region draws from is in GRIDS. Operators' fleet figures stand in their own entries; a region names
its operator and has only figures of its own.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from import_writer import block, number, slug, write_catalog

COMMENT = "Imported by scripts/import_sites.py: edit the script and run it again, or this file and it."
PROVIDERS = {  # operator, name, source
    "gcp": ("google", "Google Cloud", "google-region-carbon"),
    "aws": ("aws", "AWS", "aws-regions"),
    "azure": ("microsoft", "Azure", "azure-regions"),
}
GRIDS = {
    "gcp": "africa-south1:ZAF asia-east1:TWN asia-east2:HKG asia-northeast1:JPN asia-northeast2:JPN asia-northeast3:KOR"
    " asia-south1:IND asia-south2:IND asia-southeast1:SGP asia-southeast2:IDN asia-southeast3:THA"
    " australia-southeast1:AUS australia-southeast2:AUS europe-central2:POL europe-north1:FIN europe-north2:SWE"
    " europe-southwest1:ESP europe-west1:BEL europe-west2:GBR europe-west3:DEU europe-west4:NLD europe-west6:CHE"
    " europe-west8:ITA europe-west9:FRA europe-west10:DEU europe-west12:ITA me-central1:QAT me-central2:SAU"
    " me-west1:ISR northamerica-northeast1:CA-QC northamerica-northeast2:CA-ON northamerica-south1:MEX"
    " southamerica-east1:BRA southamerica-west1:CHL us-central1:US-IA us-central2:US-OK us-east1:US-SC us-east2:US-GA"
    " us-east4:US-VA us-east5:US-OH us-east7:US-AL us-south1:US-TX us-west1:US-OR us-west2:US-CA us-west3:US-UT"
    " us-west4:US-NV",
    "aws": "af-south-1:ZAF ap-east-1:HKG ap-northeast-1:JPN ap-northeast-2:KOR ap-northeast-3:JPN ap-south-1:IND"
    " ap-south-2:IND ap-southeast-1:SGP ap-southeast-2:AUS ap-southeast-3:IDN ap-southeast-4:AUS ca-central-1:CA-QC"
    " ca-west-1:CA-AB cn-north-1:CN-BJ cn-northwest-1:CN-NX eu-central-1:DEU eu-central-2:CHE eu-north-1:SWE"
    " eu-south-1:ITA eu-south-2:ESP eu-west-1:IRL eu-west-2:GBR eu-west-3:FRA il-central-1:ISR me-central-1:ARE"
    " me-south-1:BHR sa-east-1:BRA us-east-1:US-VA us-east-2:US-OH us-gov-east-1:US-OH us-gov-west-1:US-OR"
    " us-west-1:US-CA us-west-2:US-OR",
    "azure": "australiaeast:AUS australiasoutheast:AUS austriaeast:AUT brazilsouth:BRA centralus:US-IA denmarkeast:DNK"
    " eastus:US-VA eastus2:US-VA eastus3:US-GA greececentral:GRC indiasouthcentral:IND italynorth:ITA"
    " mexicocentral:MEX newzealandnorth:NZL northcentralus:US-IL northeurope:IRL polandcentral:POL"
    " southcentralus:US-TX southeastasia:SGP spaincentral:ESP swedencentral:SWE taiwannorth:TWN"
    " westcentralus:US-WY westeurope:NLD westus:US-CA westus2:US-WA westus3:US-AZ",
}
ADDED = {  # regions that the table lacks: grid and place, from the operators' maps as recalled
    "aws": {
        "ap-east-2": ("TWN", "Taipei"),
        "ap-southeast-5": ("MYS", "Malaysia"),
        "ap-southeast-6": ("NZL", "New Zealand"),
        "ap-southeast-7": ("THA", "Thailand"),
        "mx-central-1": ("MEX", "Queretaro"),
    },
    "azure": {
        "australiacentral": ("AUS", "Canberra"),
        "belgiumcentral": ("BEL", "Brussels"),
        "brazilsoutheast": ("BRA", "Rio"),
        "canadacentral": ("CA-ON", "Toronto"),
        "canadaeast": ("CA-QC", "Quebec"),
        "centralindia": ("IND", "Pune"),
        "chilecentral": ("CHL", "Santiago"),
        "eastasia": ("HKG", "Hong Kong"),
        "francecentral": ("FRA", "Paris"),
        "francesouth": ("FRA", "Marseille"),
        "germanynorth": ("DEU", "Berlin"),
        "germanywestcentral": ("DEU", "Frankfurt"),
        "indonesiacentral": ("IDN", "Jakarta"),
        "israelcentral": ("ISR", "Israel"),
        "japaneast": ("JPN", "Tokyo"),
        "japanwest": ("JPN", "Osaka"),
        "koreacentral": ("KOR", "Seoul"),
        "koreasouth": ("KOR", "Busan"),
        "malaysiawest": ("MYS", "Kuala Lumpur"),
        "norwayeast": ("NOR", "Norway"),
        "norwaywest": ("NOR", "Norway"),
        "qatarcentral": ("QAT", "Doha"),
        "southafricanorth": ("ZAF", "Johannesburg"),
        "southafricawest": ("ZAF", "Cape Town"),
        "southindia": ("IND", "Chennai"),
        "switzerlandnorth": ("CHE", "Zurich"),
        "switzerlandwest": ("CHE", "Geneva"),
        "uaecentral": ("ARE", "Abu Dhabi"),
        "uaenorth": ("ARE", "Dubai"),
        "uksouth": ("GBR", "London"),
        "ukwest": ("GBR", "Cardiff"),
        "westindia": ("IND", "Mumbai"),
    },
}
LOCATIONS = {  # where the table is wrong, silent or says no more than the region's name
    ("azure", "westus"): "California",
    ("azure", "westus2"): "Washington",
    ("azure", "westus3"): "Arizona",
    ("azure", "northeurope"): "Ireland",
    ("azure", "eastus"): "Virginia",
    ("azure", "eastus2"): "Virginia",
    ("azure", "eastus3"): "Georgia",
    ("azure", "centralus"): "Iowa",
    ("azure", "northcentralus"): "Illinois",
    ("azure", "southcentralus"): "Texas",
    ("azure", "westcentralus"): "Wyoming",
}
NOTES = {
    ("aws", "us-gov-east-1"): "State recalled.",
    ("aws", "us-gov-west-1"): "State recalled.",
    ("aws", "ca-central-1"): "Montreal; province recalled.",
    ("azure", "westus"): "State recalled; the imported table confused it with westus2.",
    ("azure", "westus2"): "Added by hand.",
    ("gcp", "us-east7"): "Alabama and Tennessee; the grid is Alabama's.",
}
SOURCES = {
    "google-region-carbon": {
        "title": "Google Cloud, region carbon information 2025",
        "url": "https://github.com/GoogleCloudPlatform/region-carbon-info",
        "as_of": 2025,
        "licence": "Apache-2.0",
    },
    "aws-regions": {
        "title": "AWS, regions and their places; grids by our reading of the map",
        "url": "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
        "as_of": 2025,
    },
    "azure-regions": {
        "title": "Azure, regions and their places; grids by our reading of the map",
        "url": "https://learn.microsoft.com/en-us/azure/reliability/regions-list",
        "as_of": 2025,
    },
    "uptime2025": {
        "title": "Uptime Institute, global data center survey, secondary transcription",
        "publication": "Uptime Institute surveys 2024 and 2025",
        "as_of": 2025,
    },
    "google-report": {
        "title": "Google, environmental report, secondary transcription",
        "publication": "Google environmental report",
        "as_of": 2025,
    },
    "aws-report": {
        "title": "Amazon, AWS data center efficiency page, secondary transcription",
        "publication": "Amazon sustainability pages",
        "as_of": 2025,
    },
    "microsoft-report": {
        "title": "Microsoft, data center efficiency page, secondary transcription",
        "publication": "Microsoft data center pages",
        "as_of": 2025,
    },
    "meta-report": {
        "title": "Meta, sustainability report, secondary transcription",
        "publication": "Meta sustainability report",
        "as_of": 2024,
    },
    "carbon-brief": {
        "title": "Carbon Brief on data centers in China, secondary transcription",
        "publication": "Carbon Brief",
        "as_of": 2023,
    },
}
OPERATORS: dict[str, dict[str, Any]] = {  # id: name, aliases, source, kind, name in the table, its year
    "google": {"name": "Google fleet", "aliases": ["gcp", "google-cloud"], "source": "google-report"},
    "aws": {"name": "AWS fleet", "aliases": ["amazon", "amazon-web-services"], "source": "aws-report"},
    "microsoft": {"name": "Microsoft fleet", "aliases": ["azure"], "source": "microsoft-report"},
    "meta": {"name": "Meta fleet", "aliases": ["facebook"], "source": "meta-report", "kind": "assumed"},
    "industry-average": {
        "name": "Industry average of the Uptime survey",
        "aliases": ["average", "uptime"],
        "source": "uptime2025",
        "row": "Industry average (Uptime)",
    },
    "china-average": {"name": "Average of China", "source": "carbon-brief", "row": "China national", "grid": "CHN"},
}
WUE_NOTES = {
    "google": "consumption of all data centers over their electricity; 1.15 L/kWh in 2024 for those that serve LLMs",
    "aws": "withdrawal over IT energy",
    "meta": "low confidence",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def newest(table: list[dict[str, str]], operator: str, metric: str) -> dict[str, str] | None:
    """Return the newest fleet-wide row of an operator's own reports."""
    scopes = ("fleet", "global", "survey", "derived: all-DC", "withdrawal", "Carbon Brief", "(low")
    found = [
        row
        for row in table
        if row["operator"] == operator
        and row["metric"] == metric
        and row["scope"].startswith(scopes)
        and row["source"].startswith("SECONDARY")
    ]
    return max(found, key=lambda row: re.sub(r"\D", "", row["year"])[-2:], default=None)


def fleet(key: str, told: Mapping[str, Any], table: list[dict[str, str]]) -> dict[str, Any]:
    name = told.get("row", {"google": "Google", "aws": "AWS", "microsoft": "Microsoft", "meta": "Meta"}.get(key))
    figures: dict[str, Any] = {}
    for metric, unit in (("PUE", ""), ("WUE", " L/kWh")):
        row = newest(table, name, metric)
        if row is None:
            continue
        value = float(row["value"])
        note = WUE_NOTES.get(key) if metric == "WUE" else ("low confidence" if key == "meta" else None)
        year = row["year"]
        as_of = 2000 + int(year[2:]) if year.startswith("FY") else int(year)
        own = block(as_of=None if as_of == SOURCES[told["source"]]["as_of"] else as_of, note=note)
        text = f"{number(value)}{unit}" if unit else value
        figures[metric.lower()] = {"value": text, **own} if own else text
    return block(
        name=told["name"],
        aliases=told.get("aliases"),
        grid=told.get("grid"),
        provenance={"source": told["source"], "kind": told.get("kind", "published")},
        **figures,
        notes="Secondary transcription of the operator's report." if "row" not in told else None,
    )


def region(provider: str, code: str, grid: str, row: Mapping[str, str] | None) -> dict[str, Any]:
    operator, name, source = PROVIDERS[provider]
    location = LOCATIONS.get((provider, code)) or (row["location"] if row else "")
    location = re.sub(r"^[A-Z][A-Za-z ]+\((.*)\)$", r"\1", location)
    own: dict[str, Any] = {}
    if row and row["grid_gco2e_per_kwh"]:
        own["provenance"] = {"source": source, "kind": "published"}
        own["intensity"] = {"consumption": f"{number(float(row['grid_gco2e_per_kwh']))} gCO2e/kWh"}
        own["carbon_free_share"] = f"{number(float(row['cfe_pct']))} %"
    return block(
        name=f"{name} {code}",
        aliases=[code],
        operator=operator,
        location=location,
        grid=grid,
        **own,
        notes=NOTES.get((provider, code)),
    )


def main(regions: Path, efficiency: Path, output: Path) -> None:
    table = rows(efficiency)
    operators = {key: fleet(key, told, table) for key, told in OPERATORS.items()}
    named = [told["source"] for told in OPERATORS.values()]
    write_catalog(
        output / "operators.yaml",
        kind="site",
        comment=COMMENT,
        sources={name: SOURCES[name] for name in sorted(named)},
        entries=operators,
    )
    known = {(row["provider"], row["region"]): row for row in rows(regions)}
    for provider, pairs in GRIDS.items():
        entries = {}
        for pair in pairs.split():
            code, grid = pair.split(":")
            entries[slug(f"{provider}-{code}")] = region(provider, code, grid, known.get((provider, code)))
        for code, (grid, location) in ADDED.get(provider, {}).items():
            row = {"location": location, "grid_gco2e_per_kwh": ""}
            entries[slug(f"{provider}-{code}")] = region(provider, code, grid, row) | {"notes": "Added by hand."}
        entries = dict(sorted(entries.items()))
        source = PROVIDERS[provider][2]
        path = output / f"{provider}-regions.yaml"
        write_catalog(path, kind="site", comment=COMMENT, sources={source: SOURCES[source]}, entries=entries, flow=True)
    placed = {(provider, pair.split(":")[0]) for provider, pairs in GRIDS.items() for pair in pairs.split()}
    print("left out:", ", ".join(" ".join(key) for key in sorted(set(known) - placed)))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
