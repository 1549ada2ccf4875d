"""Diagnostic codes about how estimates are reckoned and compared; part of `computecalc.error_codes`."""

from __future__ import annotations

__all__ = ["RECKONING_CODES"]

RECKONING_CODES = (
    (
        "CC655",
        "range drawn as triangular",
        "A lognormal distribution lies above 0, and the range of this input reaches 0.",
        "State a low end above 0, or distribution: triangular for all.",
    ),
    (
        "CC656",
        "metric cannot be overridden",
        "Nothing computes the metric in this scenario, or another override already stands for the same number.",
        "State the inputs that the message names, or override a metric that this estimate has.",
    ),
    (
        "CC657",
        "overridden metric",
        "A number of the user's stands in the place of what the recipe finds, and all that follows takes it.",
        "Nothing to do. Take the override out to see what is found without it.",
    ),
    (
        "CC658",
        "metric asked for and not known",
        "A metric was asked for by its id, and a scenario does not have it, or does not know an input that it needs.",
        "State the input that the message names, or ask for another metric.",
    ),
    (
        "CC659",
        "compared, but not alike",
        "Estimates that are compared differ in how they were made, or one lacks what another has.",
        "State the same for all where you can, and read the difference with this in mind.",
    ),
    (
        "CC660",
        "nothing to compare",
        "A comparison has two sides at least, a thousand at most, and no two of the same.",
        "State several values with --over, or name a file with several scenarios.",
    ),
)
"""Code, title, cause and remedy."""
