"""Fit the model of a serving step through the functions that estimate with it, and judge it by what it has not seen.

    python scripts/fit_inference.py SERVING_POWER_CSV [--validation validation] [--catalogs catalogs] [--no-judging]

Closed loops of `validation/measured_inference*.csv` give the time between tokens and to the first one, offline lines
throughput; the collected power rows give draw and, as an engine of their own, more times between tokens. Constants are
fitted on one vendor's accelerators; other generations get a factor. Judged are pairs of model and accelerator,
generations, and models of the power rows, each by a fit without them; with own rows, suspicious rows and all rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from left_out_ranges import Spread
from numpy.typing import NDArray
from serving_fit.first_token import First, fitted_first_token
from serving_fit.fitting import fitted
from serving_fit.judging import (
    Columns,
    Errors,
    Own,
    errors,
    held_out,
    own_rows,
    power_errors,
    spread,
    within_cells,
)
from serving_fit.left_out import write_left_out
from serving_fit.platforms import Platforms, deviations, fitted_platforms
from serving_fit.power import Curve, fitted_curve
from serving_fit.predicting import Model, Predicted, values_of
from serving_fit.rows import read_rows
from serving_fit.verdict import Verdict
from serving_fit.writing import calibration_text, engines_text, priors_text, write

from computecalc.catalog.lookup import Catalog
from computecalc.units.ranges import Range

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def _title(text: str) -> None:
    print(f"\n{text}")


def _measured(model: Model, name: str) -> Array:
    return np.array([getattr(row, name) for row in model.rows])


def judged(model: Model, columns: Columns, found: Predicted, *, clean_only: bool = True) -> dict[str, Errors]:
    """Print the errors of times and throughputs, and give them by what they are of."""
    known = columns.clean | (not clean_only)
    closed, offline, power = (known & (columns.kind == kind) for kind in ("closed", "offline", "power"))
    subjects = {
        "time between tokens": (closed, found.interval / _measured(model, "interval")),
        "time to first token": (closed, found.first_token / _measured(model, "first_token")),
        "throughput": (closed, found.rate / _measured(model, "rate")),
        "offline throughput": (offline, found.rate / _measured(model, "rate")),
        "time between tokens, power rows": (power, found.interval / _measured(model, "interval")),
    }
    sizes = {}
    for subject, (chosen, ratios) in subjects.items():
        for label, mask in columns.structures(chosen & np.isfinite(ratios)):
            if mask.any():
                sizes[f"{subject}, {label}"] = errors(ratios[mask])
                print(f"  {f'{subject}, {label}':44s}{sizes[f'{subject}, {label}']}", flush=True)
    return sizes


def _ranges(
    columns: Columns, ratios: Mapping[str, tuple[Mask, Array]], pairs: list[str]
) -> tuple[dict[str, dict[str, Spread]], dict[str, dict[str, Range]]]:
    """Print and give the ranges of measured over predicted: of new pairs, and within a kind of rows."""
    # Another vendor's generation has a range of its own.
    spreads = {
        name: spread(columns, chosen & columns.reference, ratio, pairs) for name, (chosen, ratio) in ratios.items()
    }
    _title("ranges of measured over predicted, and the share of rows of other pairs that they hold:")
    for name, each in spreads.items():
        for label, one in each.items():
            ends = f"{one.range.low:.2f}..{one.range.high:.2f}"
            print(f"  {name:22s}{label:10s}{ends}  percentile {one.level:.0%}  holds {one.covered:.0%}")
    return spreads, {name: within_cells(columns, *ratios[name]) for name in ("residual", "first_token_residual")}


def _own(
    columns: Columns,
    ratios: Mapping[str, tuple[Mask, Array]],
    spreads: Mapping[str, Mapping[str, Spread]],
    within: Mapping[str, dict[str, Range]],
) -> dict[str, dict[tuple[str, int], Own]]:
    _title("with own rows (median, mean, share within the range that is left):")
    own = {}
    for name, left in within.items():
        whole = {label: one.range for label, one in spreads[name].items()}
        own[name] = own_rows(columns, *ratios[name], whole, left)
        for (label, count), one in own[name].items():
            print(f"  {name:22s}{label:10s}{count} rows  {one.median:.1f}  {one.mean:.1f}  {one.covered:.0%}")
    return own


def _energy(model: Model, columns: Columns, theta: Array, first: First) -> dict[str, tuple[Errors, Errors]]:
    _title("models left out: draw, joules a token:")
    by_model = held_out(model, columns, [row.model for row in model.rows], theta, first)
    energy = {}
    for label, (draw, joules) in power_errors(model, columns, by_model).items():
        energy[label] = (errors(draw), errors(joules))
        print(f"  {label:20s}draw {errors(draw)}\n  {'':20s}J    {errors(joules)}", flush=True)
    return energy


def judge(model: Model, columns: Columns, theta: Array, first: First) -> Verdict:
    """Print every judgement, and keep what is written into the catalog and the validation."""
    pairs = [f"{row.model}|{row.accelerator}" for row in model.rows]
    _title("model and accelerator left out, clean rows:")
    found = held_out(model, columns, pairs, theta, first)
    by_pair = judged(model, columns, found)
    _title("the same, suspicious rows kept in the judgement:")
    kept = judged(model, columns, found, clean_only=False)
    _title("generation left out, clean rows:")
    generations = held_out(model, columns, [row.generation for row in model.rows], theta, first, rounds=3)
    by_generation = judged(model, columns, generations)
    closed, offline = (columns.clean & (columns.kind == kind) for kind in ("closed", "offline"))
    ratios = {
        "residual": (closed, _measured(model, "interval") / found.interval),
        "first_token_residual": (closed, _measured(model, "first_token") / found.first_token),
        "offline_residual": (offline, found.rate / _measured(model, "rate")),
    }
    spreads, within = _ranges(columns, ratios, pairs)
    own = _own(columns, ratios, spreads, within)
    energy = _energy(model, columns, theta, first)
    busiest = np.nanmax(np.maximum(found.memory_use, found.compute_use))
    print(f"\nlargest share of a peak or bandwidth in use in any row: {busiest:.2f}")
    return Verdict(by_pair, kept, by_generation, spreads, within, own, energy, found, generations)


def _curves(model: Model, columns: Columns, theta: Array, first: First) -> dict[str, Curve]:
    found = model.predicted(theta, first)
    draw = _measured(model, "draw")
    curves = {}
    for generation in sorted(set(columns.generation[columns.kind == "power"])):
        here = columns.clean & (columns.kind == "power") & (columns.generation == generation)
        curves[str(generation)] = fitted_curve(found.memory_use[here], found.compute_use[here], draw[here])
    return curves


def _platform_rows(model: Model, columns: Columns, theta: Array, platforms: Platforms) -> None:
    deviation = np.exp(deviations(model, theta))
    for generation, factor in platforms.items():
        here = columns.clean & (columns.generation == generation)
        low, high = deviation[here].min(), deviation[here].max()
        print(f"{generation:28s}{factor:.3f} of {int(here.sum())} rows, {low:.2f} to {high:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("power", type=Path)
    parser.add_argument("--validation", type=Path, default=Path("validation"))
    parser.add_argument("--catalogs", type=Path, default=Path("catalogs"))
    parser.add_argument("--no-judging", action="store_true", help="print the fit alone; write nothing")
    arguments = parser.parse_args()
    catalog = Catalog.open()
    model = Model(read_rows(arguments.validation, arguments.power, catalog), catalog)
    columns = Columns.of(model, catalog)
    theta = fitted(model, columns.clean & columns.reference)
    closed = columns.clean & columns.reference & (columns.kind == "closed")
    first = fitted_first_token(model, theta, closed)
    platforms = fitted_platforms(model, theta, columns.clean)
    for name, value in values_of(theta).items():
        print(f"{name:32s}{value:.4g}")
    print(first)
    _platform_rows(model, columns, theta, platforms)
    _title("fitted rows:")
    judged(model, columns, model.predicted(theta, first, platforms))
    if arguments.no_judging:
        return
    verdict = judge(model, columns, theta, first)
    texts = {
        "calibration/serving.yaml": calibration_text(values_of(theta), verdict.note(columns), verdict.notes()),
        "engines/engines.yaml": engines_text(values_of(theta), first),
        "priors/serving.yaml": priors_text(verdict, columns, platforms, _curves(model, columns, theta, first)),
    }
    write(arguments.catalogs, texts)
    write_left_out(arguments.validation / "serving_cross_validation.csv", model, verdict)


if __name__ == "__main__":
    main()
