"""Published configurations, as they are or with keys changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.importers.huggingface import ImportedModel, import_config
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.layers import ModelCount, count_model
from computecalc.estimators.shapes import model_shape, shape_numbers
from computecalc.yamlio.loading import load_text

CONFIGS = Path(__file__).parents[2] / "data" / "configs"

GONE = object()
"""In place of a value: the key is taken out."""


def changed_text(name: str, **changes: Any) -> str:
    """Return a published configuration with keys changed, added or taken out."""
    config = json.loads((CONFIGS / f"{name}.json").read_text(encoding="utf-8"))
    part = config.get("text_config", config)
    part.update(changes)
    for key, value in changes.items():
        if value is GONE:
            del part[key]
    return json.dumps(config, indent=2)


def counted(architecture: Architecture) -> ModelCount:
    """Count an architecture at 4096 tokens."""
    return count_model(model_shape(architecture, shape_numbers(architecture).__getitem__), 4096.0)


@pytest.fixture
def imported() -> Callable[..., ImportedModel]:
    def build(name: str, **changes: Any) -> ImportedModel:
        return import_config(load_text(changed_text(name, **changes), "config.json"))

    return build


@pytest.fixture
def refused() -> Callable[..., tuple[Diagnostic, ...]]:
    """Import what must fail, and return why it did."""

    def build(name: str, **changes: Any) -> tuple[Diagnostic, ...]:
        with pytest.raises(ScenarioError) as caught:
            import_config(load_text(changed_text(name, **changes), "config.json"))
        return caught.value.diagnostics

    return build
