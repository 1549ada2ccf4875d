"""Scenarios as texts, resolved on the golden catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError, Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.files import RawScenario, raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import from_flag
from tests.conftest import TODAY

BASE = """\
kind: train
model: {parameters: 100B params}
data: {tokens: 1T tokens}
cluster: {accelerator: h100-sxm, count: 1000}
efficiency: {mfu: 0.5, goodput: 0.8}
site: {pue: 1.2, grid_intensity: 360 gCO2e/kWh}
power: {accelerator: 1 kW, host_overhead: 1.5}
money: {price: 3.60 USD/accelerator/h}
"""
"""A scenario of round numbers; single tests replace sections of it."""


def scenario_text(changes: str) -> str:
    """Return a file of one scenario, BASE with other sections, and the changes' new ones at its end."""
    sections = {line.partition(":")[0]: line for line in BASE.splitlines()}
    sections |= {line.partition(":")[0]: line for line in changes.splitlines() if line}
    body = "\n".join(f"    {line}" for line in sections.values() if not line.endswith(": -"))
    return f"version: 1\nscenarios:\n  one:\n{body}\n"


def raws(text: str, settings: Mapping[str, str] | None = None) -> list[RawScenario]:
    """Merge the scenarios of a text."""
    overrides = {path: from_flag(f"--set {path}", value) for path, value in (settings or {}).items()}
    return raw_scenarios(load_text(text, "s.yaml"), overrides)


@pytest.fixture(scope="session")
def opened(indexed_catalog: Path) -> Catalog:
    return Catalog.open(folder=indexed_catalog)


@pytest.fixture
def resolved(opened: Catalog) -> Callable[..., Resolved]:
    def build(changes: str = "", *, today: date = TODAY, **settings: str) -> Resolved:
        paths = {path.replace("__", "."): value for path, value in settings.items()}
        (raw,) = raws(scenario_text(changes), paths)
        return resolve(raw, opened, today=today)

    return build


@pytest.fixture
def refused(resolved: Callable[..., Resolved]) -> Callable[..., tuple[Diagnostic, ...]]:
    """Resolve what must fail, and return why it did."""

    def build(changes: str = "", **settings: str) -> tuple[Diagnostic, ...]:
        with pytest.raises(ComputecalcError) as caught:
            resolved(changes, **settings)
        return caught.value.diagnostics

    return build
