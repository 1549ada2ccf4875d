"""`catalog import prices`: from the table to a file that the catalog takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

TABLE = (
    "InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region,AvailabilityZone\n"
    "p5.48xlarge,192,2048,H100,8.0,98.32,,us-east-1,us-east-1a\n"
    "g3.4xlarge,16,122,M60,1.0,1.14,0.3,us-east-1,us-east-1a\n"
    "g3.8xlarge,32,244,M60,2.0,2.28,0.6,us-east-1,us-east-1a\n"
)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "vms.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_the_file_becomes_prices_of_the_catalog(table: str, program: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    out = str(tmp_path / "prices" / "aws.yaml")
    ran = program("catalog", "import", "prices", table, "--provider", "AWS", "--as-of", "2026-02-28", "-o", out)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("M60") == 1
    shown = program(
        "catalog", "list", "price", "--catalog", str(tmp_path / "prices"), "--format", "csv"
    ).out.splitlines()
    # 98.32 USD/h over eight is 12.29
    wanted = "aws-h100-sxm-on-demand-us-east-1-2026-02-28,"
    (row,) = [line for line in shown if line.startswith(wanted)]
    assert "12.29 USD/accelerator/h,2026-02-28" in row
    again = program("catalog", "import", "prices", table, "--provider", "AWS", "--as-of", "2026-02-28", "-o", out)
    assert again.code == 2
    assert "is there already" in again.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--provider", "AWS"), "CC101: Missing option '--as-of'"),
        (("--as-of", "2026-02-28"), "CC101: Missing option '--provider'"),
        (("--provider", "AWS", "--as-of", "2026"), "CC101: --as-of is not a day or month: '2026'"),
        (("--provider", "AWS", "--as-of", "yesterday"), "CC101: --as-of is not a day or month: 'yesterday'"),
        (("--provider", " ", "--as-of", "2026-02"), "CC101: --provider is empty"),
    ],
)
def test_provider_and_day_are_stated(
    arguments: tuple[str, ...], message: str, table: str, program: Callable[..., Ran]
) -> None:
    ran = program("catalog", "import", "prices", table, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\xff\xfe", "CC203"), (b"a,b\n", "CC503"), (TABLE.replace("H100", "M61").encode(), "CC503")],
)
def test_a_table_that_cannot_be_used(content: bytes, code: str, program: Callable[..., Ran], tmp_path: Path) -> None:
    path = tmp_path / "vms.csv"
    path.write_bytes(content)
    ran = program("catalog", "import", "prices", str(path), "--provider", "P", "--as-of", "2026-02")
    assert (ran.code, ran.out) == (2, "")
    assert code in ran.err


def test_a_missing_table_is_named(program: Callable[..., Ran]) -> None:
    ran = program("catalog", "import", "prices", "none.csv", "--provider", "P", "--as-of", "2026-02")
    assert ran.code == 2
    assert "CC103: cannot read none.csv" in ran.err
