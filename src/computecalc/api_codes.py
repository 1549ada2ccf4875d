"""What the codes of calls from Python and of extras mean: CC78x, a part of `computecalc.error_codes`."""

from __future__ import annotations

__all__ = ["API_CODES"]

API_CODES: tuple[tuple[str, str, str, str], ...] = (
    (
        "CC780",
        "no value of a scenario",
        "A value given from Python is none that a scenario file could state: a text, a number, a list or a mapping.",
        "Give a text with its unit, such as '15T tokens', or a plain number where the key is a count or a ratio.",
    ),
    (
        "CC781",
        "call that names no one scenario",
        "The call leaves open which scenario, or which kind of scenario, is meant, or gives flags beside a file.",
        "Name the scenario with `name=`, say `kind=`, or change the scenarios of a file with `settings=`.",
    ),
    (
        "CC782",
        "unknown metric taken as a number",
        "A metric that the estimate does not know was used as a number.",
        "Look at `reason` of the metric, and state what it names.",
    ),
    (
        "CC783",
        "library of an extra is missing",
        "What was asked for needs a library that comes with an extra of the package.",
        "Install the extra that the message names.",
    ),
    (
        "CC784",
        "nothing to draw",
        "A picture was asked for of a result that holds no parts, no ranges and no scenarios to compare.",
        "Look at the messages about its scenarios, or leave the picture out.",
    ),
)
"""Code, title, cause and remedy of each."""
