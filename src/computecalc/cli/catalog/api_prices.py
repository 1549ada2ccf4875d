"""`computecalc catalog api-prices`: what APIs charge for tokens, from the installed genai-prices data."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Annotated, Any

import typer

from computecalc.cli.options import ColorOption, FormatOption, ReportOptions, report_style

__all__ = ["api_prices"]


def api_prices(
    pattern: Annotated[str, typer.Argument(metavar="[PATTERN]", help="Part of a model's or provider's id.")] = "",
    format: FormatOption = None,
    color: ColorOption = "auto",
) -> None:
    """List prices of APIs, USD for a million tokens in and out; the data of the extra `prices` must be installed."""
    from computecalc.cli.listings import print_listing
    from computecalc.errors import CatalogError, Diagnostic
    from computecalc.reports.listing import Listing

    now, wanted = datetime.now(UTC), pattern.casefold()
    rows = []
    for provider in _providers():
        for model in provider.models:
            if wanted in f"{provider.id}/{model.id}".casefold():
                prices = model.get_prices(now)
                rows.append((provider.id, model.id, _shown(prices, "input_mtok"), _shown(prices, "output_mtok")))
    if not rows:
        message = f"no API price has {pattern!r} in its provider or model"
        raise CatalogError(Diagnostic("CC501", message, hint="without a pattern all are listed"))
    header = ("provider", "model", "input [USD/Mtoken]", "output [USD/Mtoken]")
    print_listing(Listing(header, rows), format, report_style(ReportOptions(color=color)))


def _providers() -> list[Any]:
    from computecalc.errors import Diagnostic, UsageError

    try:
        return list(import_module("genai_prices.data").providers)
    except ImportError as error:
        hint = 'pip install "computecalc[prices]"'
        raise UsageError(Diagnostic("CC101", "the data of API prices is not installed", hint=hint)) from error


def _shown(prices: Any, name: str) -> str:
    """Return a price as text, the base one of those in tiers; empty where the model has none."""
    price = getattr(prices, name, None)
    if price is None:
        return ""
    base = getattr(price, "base", None)
    return f"{price:f}" if base is None else f"{base:f} and more for long requests"
