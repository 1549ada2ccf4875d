"""Documents to render: the golden scenarios, and one with a name that attacks every format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.api.outcomes import estimate_or_failure
from computecalc.catalog.lookup import Catalog
from computecalc.reports.document import Failure, ReportDocument
from computecalc.scenario.files import raw_scenarios
from computecalc.yamlio.loading import load_path, load_text
from tests.conftest import TESTS

HOSTILE = "=cmd()|[red]\x1b[31m\n`<b>"
"""A formula for spreadsheets, markup of rich, a terminal escape, a line break, Markdown and HTML."""


def _document(node: object, catalog: Catalog) -> ReportDocument:
    outcomes = tuple(estimate_or_failure(raw, catalog) for raw in raw_scenarios(node))  # type: ignore[arg-type]
    failed = any(isinstance(outcome, Failure) for outcome in outcomes)
    return ReportDocument(outcomes, catalog.version, catalog.digest, 2 if failed else 0)


@pytest.fixture
def document(golden_catalog: Path) -> ReportDocument:
    """Return the golden scenarios, the last of which failed."""
    return _document(load_path(TESTS / "data" / "golden-scenarios.yaml"), Catalog.open(folder=golden_catalog))


@pytest.fixture
def documented(golden_catalog: Path) -> Callable[..., ReportDocument]:
    """Return the document of one small scenario of a given name."""

    def build(name: str, *, accelerator: str = "h100-sxm", count: str = "1000") -> ReportDocument:
        quoted = "".join(f"\\x{ord(c):02x}" if ord(c) < 0x20 else c for c in name)
        text = (
            f'version: 1\nscenarios:\n  "{quoted}":\n    kind: train\n    model: {{parameters: 100B params}}\n'
            f"    data: {{tokens: 1T tokens}}\n    cluster: {{accelerator: {accelerator}, count: {count}}}\n"
            "    efficiency: {mfu: 0.5, goodput: 0.8}\n"
        )
        return _document(load_text(text, "s.yaml"), Catalog.open(folder=golden_catalog))

    return build


@pytest.fixture
def served(golden_catalog: Path) -> ReportDocument:
    """Return a service of which everything is known: water, emissions, and the price of a bought token."""
    text = (
        "version: 1\nscenarios:\n  service:\n    kind: infer\n    model: llama-3.1-405b\n"
        "    traffic: {input: 1500, output: 400, rate: 50 request/s}\n"
        "    serving: {accelerator: h100-sxm, tensor: 8, precision: fp8, batch: 16}\n"
        "    site: {pue: 1.2, grid_intensity: 300 gCO2e/kWh, wue: 1 L/kWh, grid_water: 2 L/kWh}\n"
        "    money: {price: 2.5 USD/accelerator/h, api_price: {input: 6 USD/Mtoken, output: 8 USD/Mtoken}}\n"
    )
    return _document(load_text(text, "s.yaml"), Catalog.open(folder=golden_catalog))
