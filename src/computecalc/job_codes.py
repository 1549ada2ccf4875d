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
)
"""Code, title, cause and remedy of each."""
