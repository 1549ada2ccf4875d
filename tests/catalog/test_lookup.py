from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import CatalogError, Diagnostic, Document, Span

OVERLAY = """version: 1
kind: accelerator
sources:
  mine: {title: My measurements, publication: internal, as_of: 2026-02}
entries:
"""
BODY = """
    vendor: Mine
    provenance: {source: mine, kind: measured}
    peak: {bf16: 700 TFLOP/s}
    memory: {capacity: 94 GB, bandwidth: 2 TB/s}
    server: {size: 4}
"""


def _overlay(folder: Path, *heads: str) -> Path:
    folder.mkdir()
    (folder / "mine.yaml").write_text(OVERLAY + "".join(head + BODY for head in heads), encoding="utf-8")
    return folder


def _refused(call: object) -> Diagnostic:
    with pytest.raises(CatalogError) as caught:
        call()  # type: ignore[operator]
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


@pytest.mark.parametrize("name", ["h100-sxm", "H100_SXM", "h100 sxm", "H100", "h100-80GB"])
def test_find_by_id_or_alias_in_any_spelling(catalog: Catalog, name: str) -> None:
    assert catalog.find("accelerator", name).id == "h100-sxm"


def test_find_in_every_kind(catalog: Catalog) -> None:
    assert catalog.find("model", "llama-405b").id == "llama-3.1-405b"
    assert catalog.find("precision", "BF16").id == "bf16"
    assert catalog.find("grid", "us-va").id == "US-VA"
    assert catalog.find("grid", "FR").id == "fra"
    assert catalog.find("site", "us-east-1").labels["grid"] == "US-VA"
    assert catalog.find("prior", "host-overhead").fact("value").value.mid == 1.3


def test_an_unknown_name_suggests_near_ones_and_the_listing(catalog: Catalog) -> None:
    span = Span(Document("s.yaml", "accelerator: h100-smx"), 1, 14, 22)
    diagnostic = _refused(lambda: catalog.find("accelerator", "h100-smx", span=span))
    assert (diagnostic.code, diagnostic.message) == ("CC501", "there is no accelerator called `h100-smx`")
    assert diagnostic.hint.startswith("did you mean h100-sxm")
    assert diagnostic.hint.endswith("? `computecalc catalog list accelerator` shows all")
    assert diagnostic.place == "s.yaml:1:14"


def test_a_name_near_none_gets_the_listing_alone(catalog: Catalog) -> None:
    diagnostic = _refused(lambda: catalog.find("grid", "zzzzzz"))
    assert diagnostic.hint == "`computecalc catalog list grid` shows all"


def test_a_name_of_another_kind_says_so(catalog: Catalog) -> None:
    diagnostic = _refused(lambda: catalog.find("model", "h100"))
    assert diagnostic.message == "`h100` is an accelerator, not a model"


def test_prices_are_the_newest_first(catalog: Catalog) -> None:
    assert [price.id for price in catalog.prices("h100")] == [
        "lambda-h100-sxm-1y-2025-06",
        "lambda-h100-sxm-on-demand-2025-02",
    ]
    assert catalog.prices("mtia-400") == ()
    assert _refused(lambda: catalog.prices("h101x")).code == "CC501"


def test_priors_by_quantity(catalog: Catalog) -> None:
    assert [prior.id for prior in catalog.priors("efficiency.mfu")] == ["mfu-hopper-bf16-dense"]
    assert catalog.priors("efficiency.goodput") == ()


def test_listing_reads_no_file(catalog: Catalog) -> None:
    assert catalog.ids("accelerator") == ("a100-sxm-80gb", "h100-sxm", "mtia-400")
    assert [row.labels["developer"] for row in catalog.rows("model")] == ["DeepSeek", "OpenAI", "Meta"]
    assert catalog.files_used == {}


def test_only_the_files_needed_are_read(catalog: Catalog) -> None:
    catalog.find("accelerator", "mtia-400")
    catalog.find("accelerator", "mtia-400")
    assert list(catalog.files_used) == ["catalogs/accelerators/meta.yaml"]
    assert len(catalog.files_used["catalogs/accelerators/meta.yaml"]) == 64


def test_entries_gives_all_of_a_kind(catalog: Catalog) -> None:
    assert [entry.id for entry in catalog.entries("grid")] == ["US-VA", "fra"]


def test_version_and_digest(catalog: Catalog, frozen: Path, tmp_path: Path) -> None:
    assert catalog.version == "2026.01-test"
    assert catalog.digest == Catalog.open(folder=frozen).digest
    assert catalog.digest != Catalog.open([_overlay(tmp_path / "mine", "  x1:\n    name: X1")], folder=frozen).digest


def test_an_overlay_replaces_an_entry_whole(frozen: Path, tmp_path: Path) -> None:
    folder = _overlay(tmp_path / "mine", "  h100-sxm:\n    name: Mine\n    aliases: [my-h100]")
    catalog = Catalog.open([folder], folder=frozen)
    entry = catalog.find("accelerator", "my-h100")
    assert (entry.id, entry.fact("memory.capacity").value.mid, entry.get("peak.fp8")) == ("h100-sxm", 94e9, None)
    assert catalog.find("accelerator", "H100-SXM") is entry
    assert _refused(lambda: catalog.find("accelerator", "h100")).code == "CC501"
    assert catalog.ids("accelerator") == ("a100-sxm-80gb", "h100-sxm", "mtia-400")
    assert list(catalog.files_used) == [f"{folder}/mine.yaml"]


def test_the_later_overlay_wins(frozen: Path, tmp_path: Path) -> None:
    one = _overlay(tmp_path / "one", "  x1:\n    name: One", "  x2:\n    name: Two")
    two = _overlay(tmp_path / "two", "  x1:\n    name: Later")
    catalog = Catalog.open([one, two], folder=frozen)
    assert [catalog.find("accelerator", name).name for name in ("x1", "x2")] == ["Later", "Two"]


def test_an_alias_of_an_overlay_takes_over_an_alias_of_ours(frozen: Path, tmp_path: Path) -> None:
    catalog = Catalog.open([_overlay(tmp_path / "mine", "  x1:\n    name: X1\n    aliases: [h100]")], folder=frozen)
    assert catalog.find("accelerator", "h100").id == "x1"


def test_an_alias_may_not_hide_behind_an_id(frozen: Path, tmp_path: Path) -> None:
    folder = _overlay(tmp_path / "mine", "  x1:\n    name: X1\n    aliases: [h100-sxm]")
    diagnostic = _refused(lambda: Catalog.open([folder], folder=frozen).find("accelerator", "x1"))
    assert (diagnostic.code, diagnostic.message) == (
        "CC504",
        "the alias h100-sxm of x1 in mine.yaml is the id of another entry",
    )


def test_prices_of_an_overlay_may_use_an_alias(frozen: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    text = (frozen / "prices" / "nvidia.yaml").read_text(encoding="utf-8")
    first = text[: text.index("  lambda-h100-sxm-1y")].replace("lambda-h100-sxm-on-demand-2025-02", "ours")
    (folder / "p.yaml").write_text(first.replace("accelerator: h100-sxm", "accelerator: h100"), encoding="utf-8")
    catalog = Catalog.open([folder], folder=frozen)
    assert [price.id for price in catalog.prices("h100-sxm")] == [
        "lambda-h100-sxm-1y-2025-06",
        "lambda-h100-sxm-on-demand-2025-02",
        "ours",
    ]


def test_nothing_heavy_is_imported_to_show_an_accelerator(frozen: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from computecalc.catalog.lookup import Catalog;"
        f"c = Catalog.open(folder=Path({str(frozen)!r})); c.find('accelerator', 'h100').fact('peak.bf16');"
        "c.find('model', 'llama-3.1-405b');"
        "print(sorted({'pydantic', 'rich', 'typer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
