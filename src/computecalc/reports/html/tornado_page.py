"""The page of `--tornado`: what moves one metric, in each scenario."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.estimators.metrics import METRICS, Metric
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.html.estimates import catalog_of
from computecalc.reports.html.page import page, section
from computecalc.reports.html.tornado import tornado_charts
from computecalc.reports.tornado import Tornado

__all__ = ["render_tornado_html"]


def render_tornado_html(found: Sequence[Tornado], document: ReportDocument, metric: Metric, style: ReportStyle) -> str:
    """Return a chart a scenario."""
    sections = [
        section(f"s{number}", each.scenario, tornado_charts([each], style)) for number, each in enumerate(found, 1)
    ]
    lead = f"{METRICS[metric.id].meaning}. Each assumption that is a range, alone at both its ends."
    return page(metric.id, "What moves it", lead, sections, catalog_of(document))
