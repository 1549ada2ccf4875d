"""Imported models as catalog files that load again."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.entries import ModelEntry
from computecalc.catalog.importers.huggingface import load_config
from computecalc.catalog.importers.writing import catalog_text, slug
from computecalc.catalog.loading import load_file
from computecalc.errors import CatalogError
from tests.catalog.importers.conftest import CONFIGS, counted


@pytest.mark.parametrize("name", sorted(path.stem for path in CONFIGS.glob("*.json")))
def test_what_is_written_loads_and_says_the_same(name: str, tmp_path: Path) -> None:
    model = load_config(CONFIGS / f"{name}.json")
    file = tmp_path / "model.yaml"
    file.write_text(
        catalog_text(model, entry_id=name, publication=f"configs/{name}.json", as_of="2026-11"), encoding="utf-8"
    )
    entry = load_file(file)[name]
    assert isinstance(entry, ModelEntry)
    assert entry.architecture == model.architecture
    assert entry.architecture is not None
    assert counted(entry.architecture) == counted(model.architecture)
    context = entry.get("context_length")
    assert (None if context is None else context.value.mid) == model.context_length
    (source,) = entry.provenance.sources
    assert (source.title, source.reference, source.as_of) == (
        f"config.json, model_type {model.model_type}",
        f"configs/{name}.json",
        "2026-11",
    )
    assert entry.provenance.kind == "published"
    assert entry.notes == " ".join(model.notes)


def test_a_path_with_anything_in_it_stays_a_path(tmp_path: Path) -> None:
    publication = "my: {odd} #path 'of' \"mine\"/ü.json"
    model = load_config(CONFIGS / "gpt2-xl.json")
    file = tmp_path / "model.yaml"
    file.write_text(catalog_text(model, entry_id="mine", publication=publication, as_of="2026"), encoding="utf-8")
    assert load_file(file)["mine"].provenance.sources[0].reference == publication


def test_what_would_not_load_is_not_given_out() -> None:
    model = load_config(CONFIGS / "gpt2-xl.json")
    with pytest.raises(CatalogError):
        catalog_text(model, entry_id="mine", publication="here", as_of="soon")


def test_lines_stay_readable() -> None:
    model = load_config(CONFIGS / "deepseek-v4-flash.json")
    text = catalog_text(model, entry_id="v4", publication="here", as_of="2026")
    assert max(map(len, text.splitlines())) <= 160
    assert "        - {count: 21, mixer: choosing, feed_forward: experts, unlisted_parameters: 786486}" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Llama-3.1-8B", "llama-3.1-8b"), ("My Model (v2)_final", "my-model-v2-final"), ("...", ""), ("Ü", "")],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected
