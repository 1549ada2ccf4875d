"""Purchase prices: a kind of their own, dated, with what the price holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.indexing import check_references, scan
from computecalc.catalog.lookup import Catalog
from computecalc.errors import CatalogError

FILE = """\
version: 1
kind: purchase
sources: {{page: {{title: a page, publication: a page, as_of: {as_of}}}}}
entries:
  h100-sxm-server-share-2024-03:
    name: H100 in a server
    accelerator: {accelerator}
    scope: {scope}
    provenance: {{source: page, kind: published}}
    price: 37080.5 USD/accelerator
"""


def problems(folder: Path, **words: str) -> list[str]:
    """What is wrong with one purchase price."""
    told = {"as_of": "2024-03", "accelerator": "h100-sxm", "scope": "server-share"} | words
    (folder / "purchases").mkdir()
    (folder / "purchases" / "own.yaml").write_text(FILE.format(**told), encoding="utf-8")
    try:
        check_references(scan(folder))
    except CatalogError as error:
        return [diagnostic.message for diagnostic in error.diagnostics]
    return []


def test_a_price_must_be_dated_to_the_month(tmp_path: Path) -> None:
    assert problems(tmp_path, as_of="2024")[0] == "the price is not dated: `2024`"


def test_its_accelerator_must_exist(copied: Path) -> None:
    assert problems(copied, accelerator="h100-smx")[0] == (
        "unknown accelerator of h100-sxm-server-share-2024-03 `h100-smx`"
    )


def test_what_it_holds_must_be_said_in_known_words(tmp_path: Path) -> None:
    assert problems(tmp_path, scope="server")[0] == "unknown scope `server`"


def test_a_right_one_has_no_problem(copied: Path) -> None:
    assert problems(copied) == []


def test_shipped_prices_keep_card_and_server_apart() -> None:
    catalog = Catalog.open()
    share = catalog.find("purchase", "h100-sxm-server-share-2024-03-2")
    # The table: a server of eight at 37,080.50 USD each on 2024-03-21.
    assert (share.labels["scope"], share.labels["vendor"]) == ("server-share", "Dihuni")
    assert share.fact("price").value.mid == pytest.approx(37080.5, rel=1e-12)
    assert (share.fact("price").unit, share.fact("price").as_of) == ("USD/accelerator", "2024-03-21")
    sold = catalog.find("purchase", "h100-sxm-sales-average-2025-07").fact("price")
    # An analyst's range of the average price of 2025: 20,000 to 27,000 USD, without a server.
    assert (sold.value.low, sold.value.high, sold.kind) == (20000.0, 27000.0, "assumed")


@pytest.mark.parametrize("scope", ["accelerator", "server-share", "sales-average", "estimate"])
def test_every_scope_is_in_use(scope: str) -> None:
    assert scope in {row.labels["scope"] for row in Catalog.open().rows("purchase")}
