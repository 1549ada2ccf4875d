"""SkyPilot's table of instances: division by accelerators, the cheapest row, names, bad lines."""

from __future__ import annotations

import pytest

from computecalc.catalog.importers.prices import ImportedPrice, price_file, read_prices
from computecalc.catalog.loading import parse_file
from computecalc.errors import CatalogError
from computecalc.yamlio.loading import load_text

HEADER = (
    "InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Price,SpotPrice,Region,AvailabilityZone\n"
)
KNOWN = {"h100": ("h100-sxm", 80e9), "a100-sxm-40gb": ("a100-sxm-40gb", 40e9), "a100": ("a100-sxm-80gb", 80e9)}


def gpu_info(mebibytes: int) -> str:
    return f"\"{{'Gpus': [{{'Name': 'X', 'Count': 8.0, 'MemoryInfo': {{'SizeInMiB': {mebibytes}}}}}]}}\""


def capacities(name: str) -> tuple[str, float] | None:
    return KNOWN.get(name.casefold())


def prices(*lines: str) -> tuple[tuple[ImportedPrice, ...], tuple[str, ...]]:
    found = read_prices(HEADER + "\n".join(lines), "vms.csv", capacities)
    return found.rows, found.unknown


def test_an_instance_is_divided_by_its_accelerators() -> None:
    # 98.32 USD/h over 8 is 12.29, spot 32 over 8 is 4.
    rows, unknown = prices(f"p5.48xlarge,192,2048,H100,8.0,{gpu_info(81920)},98.32,32,us-east-1,us-east-1a")
    assert rows == (
        ImportedPrice("h100-sxm", "on-demand", "us-east-1", 12.29, "p5.48xlarge"),
        ImportedPrice("h100-sxm", "spot", "us-east-1", 4.0, "p5.48xlarge"),
    )
    assert unknown == ()


def test_the_cheapest_of_zones_and_instances_counts() -> None:
    rows, _ = prices(
        "big,1,1,H100,8,,80,,us-east-1,a",  # 10 USD/h each
        "one,1,1,H100,1,,9,,us-east-1,b",
        "far,1,1,H100,1,,7,,us-west-2,b",
    )
    assert [(row.region, row.price, row.instance) for row in rows] == [
        ("us-east-1", 9.0, "one"),
        ("us-west-2", 7.0, "far"),
    ]


def test_what_skypilot_calls_a100_has_40_gb() -> None:
    rows, unknown = prices(f"p4d,96,1152,A100,8,{gpu_info(40960)},32,,r,")
    assert [(row.accelerator, row.price) for row in rows] == [("a100-sxm-40gb", 4.0)]
    assert unknown == ()


def test_unknown_names_and_other_memories_are_listed_once() -> None:
    _, unknown = prices(
        "g3,4,30,M60,1,,0.75,,r,",
        "g3.large,8,60,M60,2,,1.5,,r,",
        # 40960 MiB are 42.9 GB, the H100 that is known has 80.
        f"odd,4,30,H100,1,{gpu_info(40960)},2,,r,",
    )
    assert unknown == ("H100 with 43 GB (h100-sxm has 80 GB)", "M60")


def test_instances_without_accelerators_or_price_give_nothing() -> None:
    assert prices("m5.large,2,8,,,,0.096,0.03,us-east-1,", "p5,1,1,H100,8,,,,us-east-1,") == ((), ())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("p5,1,1,H100,8,,abc,,r,", "Price is no number above 0: 'abc'"),
        ("p5,1,1,H100,8,,nan,,r,", "Price is no number above 0: 'nan'"),
        ("p5,1,1,H100,8,,-3,,r,", "Price is no number above 0: '-3'"),
        ("p5,1,1,H100,0,,3,,r,", "AcceleratorCount is no number above 0: '0'"),
        ("p5,1,1,H100,8,,3,inf,r,", "SpotPrice is no number above 0: 'inf'"),
        ("p5,1,1,H100,8,,3,,,", "Region is empty"),
        ("p5,1,1,H100,8", "the line has more or fewer values than the header"),
        ("p5,1,1,H100,8,,3,,r,z,more", "the line has more or fewer values than the header"),
        ('p5,1,1,"H100', "not a CSV table: unexpected end of data"),
    ],
)
def test_bad_lines_are_named(line: str, message: str) -> None:
    with pytest.raises(CatalogError) as error:
        prices("p5,1,1,H100,8,,80,,r,", line)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.message == message
    assert diagnostic.place == "vms.csv:3:1"


def test_all_bad_lines_are_named_together() -> None:
    with pytest.raises(CatalogError) as error:
        prices("a,1,1,H100,8,,x,,r,", "b,1,1,H100,8,,3,,r,", "c,1,1,H100,y,,3,,r,")
    assert [diagnostic.place for diagnostic in error.value.diagnostics] == ["vms.csv:2:1", "vms.csv:4:1"]


@pytest.mark.parametrize(("text", "missing"), [("", "InstanceType"), ("InstanceType,Region\n", "AcceleratorName")])
def test_another_table_is_refused(text: str, missing: str) -> None:
    with pytest.raises(CatalogError, match=f"the table has no column {missing}"):
        read_prices(text, "vms.csv", capacities)


def test_the_file_loads_and_keeps_price_place_and_day() -> None:
    found = read_prices(f"{HEADER}p5,1,1,H100,8,,98.32,,us-east-1,a\n", "vms.csv", capacities)
    text = price_file(found, provider="AWS", as_of="2026-11-01", origin="vms.csv")
    (entry,) = parse_file(load_text(text, "prices.yaml")).entries().values()
    assert entry.id == "aws-h100-sxm-on-demand-us-east-1-2026-11-01"
    assert entry.labels == {
        "provider": "AWS", "accelerator": "h100-sxm", "commitment": "on-demand", "region": "us-east-1",
    }  # fmt: skip
    fact = entry.fact("price")
    assert fact.value.mid == pytest.approx(12.29 / 3600, rel=1e-12)  # USD/accelerator/s
    assert fact.describe() == "published, SkyPilot catalog, instances of AWS, p5, 2026-11-01"


def test_names_cannot_break_out_of_the_file() -> None:
    region = 'r"}\u2028evil: [x'
    line = f'p5,1,1,H100,1,,3,,"{region.replace(chr(34), chr(34) * 2)}",'
    found = read_prices(HEADER + line, "vms.csv", capacities)
    text = price_file(found, provider="P: {x}", as_of="2026-11", origin="a\tb.csv")
    (entry,) = parse_file(load_text(text, "prices.yaml")).entries().values()
    assert entry.labels["region"] == region
    assert entry.labels["provider"] == "P: {x}"


def test_regions_that_ids_cannot_tell_apart_are_numbered() -> None:
    found = read_prices(f"{HEADER}a,1,1,H100,1,,3,,us east,\nb,1,1,H100,1,,4,,us_east,\n", "vms.csv", capacities)
    text = price_file(found, provider="P", as_of="2026-11", origin="vms.csv")
    ids = sorted(parse_file(load_text(text, "prices.yaml")).entries())
    assert ids == ["p-h100-sxm-on-demand-us-east-2026-11", "p-h100-sxm-on-demand-us-east-2026-11-2"]
