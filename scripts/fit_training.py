"""Fit the model of a training step to measured speeds, through the functions that predict.

    python scripts/fit_training.py [FOLDER] [--output REPOSITORY] [--no-left-out | --ablate]

FOLDER (default: validation) holds `measured_training*.csv`. What is fitted: constants that hold for every run
(catalogs/calibration), the peak that accelerators sustain by generation and precision (catalogs/priors/step.yaml),
and what software costs (catalogs/stacks). No factor belongs to a row or a model. The errors that count are of runs
that the fit did not see: every pair of model and accelerator is left out once, and every generation; they give the
ranges of predictions, and validation/training_cross_validation.csv. --ablate fits again without each term of the model.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from training_fit.ablation import ablations
from training_fit.fitting import Fit
from training_fit.residuals import pretraining_residuals, tuning_residuals
from training_fit.rows import Array, read_rows, read_tuning_rows
from training_fit.tuning import Tuning
from training_fit.writing import Writer, write_predictions

from computecalc.catalog.lookup import Catalog

CLASSES = ("dense 16-bit", "dense 8-bit", "MoE")


def constant_mfu(fit: Fit) -> Array:
    """Predict each run by the median utilization of other models: what a rule of thumb does.

    Those on the same accelerator in the same class (dense at 16 or at 8 bits, MoE); of the class alone where no other
    model was measured on that accelerator.
    """
    floors = np.hstack([np.asarray(batch.floor) for batch in fit.batches])
    tokens = np.hstack([batch.tokens for batch in fit.batches])
    reached = fit.measured * floors / tokens
    found = np.empty(len(fit.rows))
    for index, row in enumerate(fit.rows):
        others = [
            (each, other)
            for each, other in zip(reached, fit.rows, strict=True)
            if other.structure == row.structure and other.model != row.model and not other.suspicious
        ]
        near = [each for each, other in others if other.accelerator == row.accelerator]
        known = near or [each for each, _ in others]
        found[index] = np.median(known) * tokens[index] / floors[index] if known else np.nan
    return found


def short(fit: Fit, predicted: Array) -> list[str]:
    """Return median and mean error by class, for a table."""
    errors = np.abs(predicted / fit.measured - 1.0)
    members = [np.array([row.structure == name and not row.suspicious for row in fit.rows]) for name in CLASSES]
    return [f"{np.median(errors[own]):.1%} / {errors[own].mean():.1%}" for own in members]


def report(fit: Fit, title: str, predicted: Array) -> str:
    """Print a line of the table of errors: median, mean and 90th percentile by class; return it in words."""
    errors = np.abs(predicted / fit.measured - 1.0)
    cells = []
    for name in CLASSES:
        member = np.array([row.structure == name and not row.suspicious for row in fit.rows])
        middle, mean, most = np.median(errors[member]), errors[member].mean(), np.quantile(errors[member], 0.9)
        cells.append(f"{name} {middle:.1%} / {mean:.1%} / {most:.0%} of {member.sum()}")
    print(f"{title:36s}" + "   ".join(cells))
    return "; ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", default="validation", type=Path)
    parser.add_argument("--output", default=Path(), type=Path, help="root of the repository to write to")
    parser.add_argument("--no-left-out", action="store_true", help="print the fit alone, and write nothing")
    parser.add_argument("--ablate", action="store_true", help="print the errors without each term, and write nothing")
    given = parser.parse_args()
    catalog = Catalog.open(())
    fit = Fit(read_rows(given.folder, catalog))
    print("absolute error of tokens a second, median / mean / 90th percentile, without suspicious rows")
    baseline = constant_mfu(fit)
    report(fit, "one MFU an accelerator and class", baseline)
    report(fit, "expected constants, no fit", fit.predicted(fit.parameters.mean)[0])
    fitted = fit.solved(np.ones(len(fit.rows)))
    report(fit, "fitted, in sample", fit.predicted(fitted)[0])
    if given.ablate:
        for name, predicted in ablations(fit, fitted):
            print(f"| {name} | {' | '.join(short(fit, predicted))} |", flush=True)
    if given.ablate or given.no_left_out:
        return
    near = fit.left_out([row.group for row in fit.rows], fitted)
    far = fit.left_out([row.generation for row in fit.rows], fitted)
    errors = report(fit, "model and accelerator left out", near)
    unseen = report(fit, "generation left out", far)
    tuning = Tuning(fit, read_tuning_rows(given.folder, catalog))
    residuals = (*pretraining_residuals(fit, near, far), *tuning_residuals(tuning, fitted, fit, far))
    for each in residuals:
        print(f"{each.name:40s}{each.value:20s}{each.note}")
    writer = Writer(fit, fitted)
    catalogs = given.output / "catalogs"
    notes = (
        f"Errors of tokens a second, median / mean / 90th percentile, of {len(fit.rows)} pre-training runs. With the "
        f"pair of model and accelerator left out: {errors}. With the whole generation left out: {unseen}."
    )
    for path, text in (
        ("calibration/training-step.yaml", writer.calibration(notes)),
        ("stacks/training.yaml", writer.stacks()),
        ("priors/step.yaml", writer.priors(residuals)),
    ):
        (catalogs / path).parent.mkdir(exist_ok=True)
        (catalogs / path).write_text(text, encoding="utf-8")
    columns = {"group_left_out": near, "generation_left_out": far, "constant_mfu": baseline}
    write_predictions(given.output / "validation" / "training_cross_validation.csv", fit.rows, columns)


if __name__ == "__main__":
    main()
