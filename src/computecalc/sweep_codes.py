"""What the codes of sweeps mean: CC75x and CC76x, a part of `computecalc.error_codes`."""

from __future__ import annotations

__all__ = ["SWEEP_CODES"]

SWEEP_CODES: tuple[tuple[str, str, str, str], ...] = (
    (
        "CC750",
        "samples outside of a sweep",
        "A scenario has the key `sample`, which this command does not take: it stands for millions of cases.",
        "`computecalc sweep` takes it; for other commands, extend the scenario with `sample: null` left out.",
    ),
    (
        "CC751",
        "too many cases, or none",
        "A sweep has more than 100,000,000 cases, or nothing that varies.",
        "Shorten an axis or draw fewer samples; state `matrix` or `sample`.",
    ),
    (
        "CC752",
        "axis that cannot be drawn from a range",
        "Between the ends of the axis the scenario changes in more than a number that follows in proportion: a layout "
        "that must divide, a batch that is searched, a value that must be whole.",
        "State its values: a list, or {from, to, points}, each of which is resolved by itself.",
    ),
    (
        "CC753",
        "too many combinations to resolve",
        "Axes that change the form of the scenario, or that must suit each other, have too many combinations.",
        "Shorten these axes, or split the sweep in several.",
    ),
    (
        "CC754",
        "columns and single estimates differ",
        "Cases that a sweep estimates one by one, to prove its columns, came out differently.",
        "Report it with the file; estimate the case with `computecalc run`, whose answer holds.",
    ),
    (
        "CC755",
        "folder of another sweep",
        "The folder holds partitions of another plan, catalog, version or set of metrics.",
        "Name another folder with --to, or replace what is in it with --restart.",
    ),
    (
        "CC756",
        "folder that is no sweep",
        "The folder holds other files, or its sweep.json cannot be read.",
        "Name a folder that does not exist yet or is empty.",
    ),
    (
        "CC757",
        "which scenario is swept",
        "The file has several scenarios, or none of the name that was given.",
        "Name one with --scenario.",
    ),
    (
        "CC758",
        "part of the program that is not installed",
        "Sweeps need pyarrow and, for samples, SciPy; --engine dask needs distributed.",
        'Install them with the program: pip install "computecalc[sweep]" or "computecalc[sweep,dask]".',
    ),
    (
        "CC759",
        "metric that the sweep does not have",
        "The metric is not among those that are written, or is known of no case.",
        "Choose it with --metrics, or state the inputs that it needs.",
    ),
    (
        "CC760",
        "axis that has no effect",
        "A value from --set lies over an axis of the sweep.",
        "Remove --set, or the axis.",
    ),
    (
        "CC761",
        "cluster that does not answer",
        "The Dask scheduler cannot be reached, or its workers ended.",
        "Check the address and that its workers can write to the folder; run again to go on where it stopped.",
    ),
    (
        "CC762",
        "workers of another version",
        "A Dask worker has another version of the program or of the catalog than the command.",
        "Install the same version on all machines.",
    ),
    (
        "CC763",
        "front too large",
        "More than 10,000 cases are on the Pareto front: no case is better than another in all that is weighed.",
        "Weigh fewer metrics against each other, or narrow the sweep with --where.",
    ),
    (
        "CC764",
        "cases without an estimate",
        "Some cases of a sweep have no answer: a layout that does not divide, a precision that the hardware lacks.",
        "The columns `status` and `reason` of their rows say why; narrow the axes, or leave the rows out with --where.",
    ),
)
"""Code, title, cause and remedy of each."""
