"""What the codes of files for jobs mean: CC73x, a part of `computecalc.error_codes`."""

from __future__ import annotations

__all__ = ["JOB_CODES"]

JOB_CODES: tuple[tuple[str, str, str, str], ...] = (
    (
        "CC730",
        "no saved result",
        "The file is not JSON, lacks a part of a result, or holds what this version does not know.",
        "Write one with `computecalc run ... -o json=PATH` or `check ... -o json=PATH`.",
    ),
    (
        "CC731",
        "result of another schema version",
        "The saved result was written in a shape that this version of the program does not read.",
        "Render it with the version that wrote it, or estimate again.",
    ),
    (
        "CC732",
        "file is there already",
        "A starter file was to be written over a file.",
        "Name another path, or replace the file with --force.",
    ),
    (
        "CC733",
        "no table of measured runs",
        "The file is not the emissions.csv of codecarbon: a column is missing, or a cell is no number from 0 on.",
        "Mend the line that the message names, or name the file that codecarbon wrote.",
    ),
    (
        "CC734",
        "measured run of no scenario",
        "The project of a measured run is called as no scenario is, or as one that it cannot be compared with.",
        "Name the scenario as codecarbon's project_name, or leave the run out of the table.",
    ),
)
"""Code, title, cause and remedy of each."""
