"""The rules of plausibility, as one table.

Numbers here are bounds that existing hardware, models, grids and prices stay within, wide enough for what is rare
and narrow enough for the usual slips: a sparse peak taken as dense, both directions of a link added up, GB/s for
Gbit/s, a price per server for one per accelerator, g/MWh for g/kWh.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

from computecalc.catalog.attributes import KindName
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.plausibility import Context, Intervals, Rule

__all__ = ["RULES"]

_BF16 = "peak.bf16|peak.fp16"
_TERA = 1e12
_PETA = 1e15
_HOUR = 3600.0
_KWH = 3.6e6
_MWH = 3.6e9
_SQUARE_MILLIMETRE = 1e-6
_INFINITY = math.inf

_Measure = Callable[[Entry, Context], float | None]
_Allowed = Callable[[Entry, Context], Intervals | None]

_CHAIN = ("peak.fp4", "peak.fp8", "peak.bf16", "peak.tf32", "peak.fp32")
"""From narrow to wide."""

_MEMORY_PASSES: Mapping[str, Intervals] = {
    "HBM2e": ((20, 40),),
    "HBM2": ((20, 75),),
    "HBM3e": ((20, 50),),
    "HBM3": ((20, 50),),
    "HBM4": ((40, 90),),
    "HBM": ((10, 90),),
    "GDDR6X": ((30, 50),),
    "GDDR6": ((10, 40),),
    "GDDR7": ((15, 70),),
    "LPDDR": ((1, 20),),
    "DDR": ((1, 12),),
}
"""Bandwidth over capacity, passes over the memory in a second, by memory type."""

_BALANCE: Mapping[str, Intervals] = {
    "HBM": ((25, 600),),
    "GDDR": ((50, 500),),
    "LPDDR": ((20, 1400),),
    "DDR": ((20, 1400),),
    "on-": ((0.1, 50),),
}
"""Peak over bandwidth, FLOP a byte, by memory type."""

_LINKS: Mapping[str, Intervals] = {
    "NVLink 1": ((20, 80),),
    "NVLink 2": ((25, 150),),
    "NVLink 3": ((50, 300),),
    "NVLink 4": ((100, 450),),
    "NVLink 5": ((200, 900),),
    "NVLink 6": ((400, 1800),),
}
"""One-way bandwidth of all links of an accelerator, GB/s, by generation; the low end holds the cut versions."""

_RENTS: Mapping[str, Intervals] = {
    "volta": ((1.2, 40),),
    "turing": ((1.2, 12),),
    "ampere": ((1.2, 22),),
    "ada": ((0.8, 10),),
    "hopper": ((0.8, 16),),
    "blackwell": ((0.6, 10),),
    "": ((0.5, 40),),
}
"""Rent by generation, USD for an hour of a PFLOP/s."""


def _figure(entry: Entry | None, paths: str, scale: float = 1.0) -> float | None:
    """Return the middle of the first figure that the entry states, over `scale`."""
    for path in paths.split("|"):
        fact = entry.get(path) if entry is not None else None
        if fact is not None:
            return fact.value.mid / scale
    return None


def _one(path: str, scale: float = 1.0) -> _Measure:
    return lambda entry, _: _figure(entry, path, scale)


def _ratio(above: str, below: str, scale: float = 1.0) -> _Measure:
    def measure(entry: Entry, _: Context) -> float | None:
        top, bottom = _figure(entry, above, scale), _figure(entry, below)
        return top / bottom if top is not None and bottom else None

    return measure


def _extreme(pick: Callable[[list[float]], float], paths: tuple[str, ...], scale: float) -> _Measure:
    def measure(entry: Entry, _: Context) -> float | None:
        found = [fact.value for path in paths if (fact := entry.get(path)) is not None]
        return pick([end for value in found for end in (value.low, value.high)]) / scale if found else None

    return measure


def _always(*intervals: tuple[float, float]) -> _Allowed:
    return lambda _entry, _context: intervals


def _by_label(label: str, table: Mapping[str, Intervals]) -> _Allowed:
    """Choose by how the label begins; the first key that fits counts."""

    def allowed(entry: Entry, _: Context) -> Intervals | None:
        text = entry.labels.get(label, "")
        return next((intervals for start, intervals in table.items() if text.startswith(start)), None)

    return allowed


def _narrower_over_wider(entry: Entry, _: Context) -> float | None:
    peaks = [value for path in _CHAIN if (value := _figure(entry, path)) is not None]
    return min((narrow / wide for narrow, wide in pairwise(peaks)), default=None)


def _nearest_to_twice(entry: Entry, context: Context) -> float | None:
    """Return the ratio to a sibling's peak that is nearest to two, siblings being alike in power."""
    own, power = _figure(entry, _BF16), _figure(entry, "power.thermal_design")
    ratios = []
    for other in context.entries["accelerator"].values():
        peak, draw = _figure(other, _BF16), _figure(other, "power.thermal_design")
        same = other.labels.get("generation") == entry.labels.get("generation") is not None
        if same and own and peak and (power is None or draw is None or power <= 1.5 * draw):
            ratios.append(own / peak)
    return min(ratios, key=lambda ratio: abs(ratio - 2), default=None)


def _server_over_accelerators(entry: Entry, _: Context) -> float | None:
    server, size = _figure(entry, "power.server_maximum"), _figure(entry, "server.size")
    power = _figure(entry, "power.thermal_design")
    return server / (size * power) if server and size and power else None


def _days_since_release(entry: Entry, context: Context) -> float | None:
    text = entry.labels.get("released", "")
    return (context.today - _first_day(text)).days if text else None


def _first_day(text: str) -> date:
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _model(measure: Callable[[ModelEntry, Context], float | None]) -> _Measure:
    return lambda entry, context: measure(entry, context) if isinstance(entry, ModelEntry) else None


def _total_over_published(model: ModelEntry, context: Context) -> float | None:
    published = _figure(model, "published.parameters")
    return context.counts(model)[0] / published if published else None


def _published_tolerance(entry: Entry, _: Context) -> Intervals:
    tolerance = _figure(entry, "published.tolerance") or 0.01
    return ((1 - tolerance, 1 + tolerance),)


def _active_over_published(model: ModelEntry, context: Context) -> float | None:
    published = _figure(model, "published.active_parameters")
    return context.counts(model)[1] / published if published else None


def _active_over_total(model: ModelEntry, context: Context) -> float | None:
    total, active = context.counts(model)
    return active / total


def _tokens_per_parameter(model: ModelEntry, context: Context) -> float | None:
    tokens = _figure(model, "training.tokens")
    return tokens / context.counts(model)[1] if tokens else None


def _implied_utilization(model: ModelEntry, context: Context) -> float | None:
    """Return 6 N D over the time stated and the peak of the accelerator stated."""
    tokens, time = _figure(model, "training.tokens"), _figure(model, "training.accelerator_time")
    peak = _figure(context.entries["accelerator"].get(model.labels.get("training.accelerator", "")), _BF16)
    return 6 * context.counts(model)[1] * tokens / (time * peak) if tokens and time and peak else None


def _is_trained_on_inference(model: ModelEntry, context: Context) -> float | None:
    """Return 1 where the accelerator it was trained on is made for inference, else 0."""
    accelerator = context.entries["accelerator"].get(model.labels.get("training.accelerator", ""))
    return None if accelerator is None else float(accelerator.labels.get("role") == "inference")


def _rent_of_peak(entry: Entry, context: Context) -> float | None:
    return _price_of_peak(entry, context, _PETA * _HOUR)


def _purchase_of_peak(entry: Entry, context: Context) -> float | None:
    return _price_of_peak(entry, context, _TERA)


def _price_of_peak(entry: Entry, context: Context, peaks: float) -> float | None:
    price, peak = _figure(entry, "price"), _figure(_rented(entry, context), f"{_BF16}|peak.fp32")
    return price / peak * peaks if price and peak else None


def _rented(entry: Entry, context: Context) -> Entry | None:
    return context.entries["accelerator"].get(entry.labels["accelerator"])


def _rent_band(entry: Entry, context: Context) -> Intervals | None:
    accelerator = _rented(entry, context)
    generation = accelerator.labels.get("generation", "") if accelerator is not None else ""
    return next(band for start, band in _RENTS.items() if generation.startswith(start))


_CHIP: tuple[KindName, ...] = ("accelerator",)
_INTENSITIES = ("intensity.direct", "intensity.lifecycle", "intensity.consumption", "intensity.market")

RULES: tuple[Rule, ...] = (
    Rule(
        "peak-order", _CHIP, "error", "the peak of a narrower format over the next wider one", "",
        _narrower_over_wider, _always((0.999, _INFINITY)),
        "a matrix engine is not slower in a narrower format: fp4, fp8, bf16, tf32, fp32",
    ),
    Rule(
        "fp8-over-bf16", _CHIP, "warning", "the fp8 peak over the bf16 peak", "",
        _ratio("peak.fp8", "peak.bf16"), _always((0.94, 1.06), (1.88, 2.12)),
        "half the width gives twice the rate or none; four times is sparse fp8 over dense bf16", "peak.fp8",
    ),
    Rule(
        "fp4-over-fp8", _CHIP, "warning", "the fp4 peak over the fp8 peak", "",
        _ratio("peak.fp4", "peak.fp8"), _always((0.94, 1.06), (1.88, 2.12), (2.88, 3.15)),
        "once or twice, and three times where fp8 was cut for fp4 (B300, MTIA 450); four times is sparse fp4",
        "peak.fp4",
    ),
    Rule(
        "twice-a-sibling", _CHIP, "warning", "its bf16 peak over that of one of its generation at like power", "",
        _nearest_to_twice, _always((0, 1.98), (2.02, _INFINITY)),
        "exactly twice a sibling is the sign of a sparse peak", _BF16,
    ),
    Rule(
        "machine-balance", _CHIP, "error", "the bf16 peak over the memory bandwidth", "FLOP/byte",
        _ratio(_BF16, "memory.bandwidth"), _by_label("memory.type", _BALANCE),
        "from the H20 (37) to TPU v6e (560) with HBM; beyond it the peak is sparse or the bandwidth in another unit",
        _BF16,
    ),
    Rule(
        "memory-passes", _CHIP, "error", "memory bandwidth over capacity", "passes/s",
        _ratio("memory.bandwidth", "memory.capacity"), _by_label("memory.type", _MEMORY_PASSES),
        "a stack's bandwidth and capacity are those of its generation (JEDEC JESD235, JESD238, JESD270; GDDR and"
        " LPDDR standards): bits for bytes, or one stack for all, fall outside", "memory.bandwidth",
    ),
    Rule(
        "power-density", _CHIP, "error", "thermal design power over die area", "W/mm2",
        _ratio("power.thermal_design", "die.area", 1 / _SQUARE_MILLIMETRE), _always((0.05, 1.5)),
        "air and liquid cooling carry off at most about 1 W/mm2 of compute die", "power.thermal_design",
    ),
    Rule(
        "peak-per-watt", _CHIP, "error", "the bf16 peak over thermal design power", "TFLOP/s/W",
        _ratio(_BF16, "power.thermal_design", _TERA), _always((0.03, 6)),
        "from the RTX 3090 (0.2) to TPU v6e (5.3, at the power measured in the fleet)", "power.thermal_design",
    ),
    Rule(
        "server-over-accelerators", _CHIP, "error", "the server's largest draw over that of its accelerators", "",
        _server_over_accelerators, _always((1.0, 3.0)),
        "host, fans and network add a third (racks) to as much again (DGX A100 2.03)", "power.server_maximum",
    ),
    Rule(
        "idle-over-thermal", _CHIP, "error", "idle power over thermal design power", "",
        _ratio("power.idle", "power.thermal_design"), _always((0.02, 0.6)),
        "accelerators idle at a tenth to a third of their thermal design power", "power.idle",
    ),
    Rule(
        "one-way-links", _CHIP, "error", "the bandwidth of the scale-up links, one way,", "GB/s",
        _one("scale_up.bandwidth", 1e9), _by_label("scale_up.name", _LINKS),
        "NVLink 3, 4, 5: 300, 450, 900 GB/s one way (NVIDIA architecture papers); twice that is both ways added up",
        "scale_up.bandwidth",
    ),
    Rule(
        "released", ("accelerator", "model"), "error", "the time since its release", "days",
        _days_since_release, _always((0, _INFINITY)), "what is described here was announced or shipped",
    ),
    Rule(
        "total-parameters", ("model",), "error", "its counted parameters over the published ones", "",
        _model(_total_over_published), _published_tolerance,
        "published totals are rounded; a larger rounding is stated as published.tolerance", "published.parameters",
    ),
    Rule(
        "active-parameters", ("model",), "warning", "its counted active parameters over the published ones", "",
        _model(_active_over_published), _always((0.9, 1.3)),
        "publishers leave embeddings out and round to one digit; beyond that it is another architecture",
        "published.active_parameters",
    ),
    Rule(
        "active-within-total", ("model",), "error", "its active parameters over all", "",
        _model(_active_over_total), _always((0.001, 1.0)), "a token passes a part of the parameters, or all of them",
        "active_parameters",
    ),
    Rule(
        "tokens-per-parameter", ("model",), "error", "its training tokens over active parameters", "token/parameter",
        _model(_tokens_per_parameter), _always((0.1, 100_000)),
        "from MT-NLG (0.5) to Qwen3-0.6B (60,000); K, M, B and T are easily confused", "training.tokens",
    ),
    Rule(
        "training-utilization", ("model",), "error", "the utilization that tokens and hours of its training imply", "",
        _model(_implied_utilization), _always((0.05, 0.75)),
        "published runs reach 0.2 to 0.6 of the dense bf16 peak, and more of it when they compute in fp8",
        "training.accelerator_time",
    ),
    Rule(
        "trained-on-inference", ("model",), "error", "accelerators made for inference that it was trained on", "",
        _model(_is_trained_on_inference), _always((0, 0)),
        "either the role of the accelerator is wrong, or what the model was trained on",
    ),
    Rule(
        "grid-intensity", ("grid", "site"), "error", "the highest carbon intensity", "gCO2e/kWh",
        _extreme(max, _INTENSITIES, 1 / _KWH), _always((0, 1300)),
        "lignite alone is at about 1,100 to 1,300 (IPCC AR5, annex III); g/MWh or lb/MWh fall outside",
        "|".join(_INTENSITIES),
    ),
    Rule(
        "electricity-price", ("grid",), "error", "the price of electricity", "USD/MWh",
        _one("electricity_price", 1 / _MWH), _always((10, 600)),
        "industrial tariffs reach from about 30 to 350 USD/MWh; kWh for MWh falls outside", "electricity_price",
    ),
    Rule(
        "pue", ("site",), "error", "the PUE", "", _one("pue"), _always((1.0, 2.5)),
        "fleets report 1.08 to 1.6 (Uptime Institute survey: 1.5 on average)", "pue",
    ),
    Rule(
        "wue", ("site",), "error", "the WUE", "L/kWh", _one("wue", 1 / _KWH), _always((0, 10)),
        "evaporating all heat of a kWh takes about 1.5 L; reports reach 5 with blow-down", "wue",
    ),
    Rule(
        "rent", ("price",), "error", "the rent of a dense bf16 PFLOP/s", "USD/h", _rent_of_peak, _rent_band,
        "two thirds of the lowest to a third over the highest of the lists of 2023 to 2026 by generation; a server's"
        " price is eight times one accelerator's", "price",
    ),
    Rule(
        "purchase", ("purchase",), "error", "the purchase price of a dense bf16 TFLOP/s", "USD",
        _purchase_of_peak, _always((2, 500)),
        "from TPU v6e at cost (7) to a wafer (270); a server's price is eight times one accelerator's", "price",
    ),
)  # fmt: skip
"""All rules; `computecalc catalog validate` holds every entry against them."""
