"""What each code means and how to remedy it, for `computecalc explain CCnnn` and docs/reference/errors.md."""

from __future__ import annotations

from computecalc.api_codes import API_CODES
from computecalc.check_codes import CHECK_CODES
from computecalc.estimate_codes import ESTIMATE_CODES
from computecalc.job_codes import JOB_CODES
from computecalc.reckoning_codes import RECKONING_CODES
from computecalc.records import record
from computecalc.sweep_codes import SWEEP_CODES

__all__ = ["CODES", "Code"]


@record
class Code:
    """One diagnostic code."""

    id: str
    title: str
    cause: str
    remedy: str


def _table(*rows: tuple[str, str, str, str]) -> dict[str, Code]:
    return {row[0]: Code(*row) for row in rows}


CODES: dict[str, Code] = _table(
    (
        "CC101",
        "flags that do not go together",
        "A flag is missing, wrong, or contradicts another.",
        "Follow the hint; `computecalc COMMAND --help` lists the flags.",
    ),
    (
        "CC102",
        "unknown metric, formula or code",
        "What was asked about is no metric id, formula or diagnostic code.",
        "`computecalc explain --list` prints all metric ids and formulas.",
    ),
    (
        "CC103",
        "file cannot be read",
        "The path does not exist, is a folder, or may not be read.",
        "Check the path; `-` reads standard input.",
    ),
    (
        "CC104",
        "file cannot be written",
        "The folder does not exist or may not be written, or the disk is full.",
        "Choose another path. The old file, if any, is still whole.",
    ),
    ("CC201", "not YAML", "The text breaks a rule of YAML at the place shown.", "Mend the line, or quote the value."),
    ("CC202", "empty file", "The file holds no document.", "Start from a file in examples/."),
    (
        "CC203",
        "not a text file",
        "The file holds bytes that are not UTF-8 text.",
        "Check that the path is the right one; save the file as UTF-8.",
    ),
    (
        "CC204",
        "file too large",
        "The file is over 5 MB, or holds more than 600,000 values.",
        "Split it into several files.",
    ),
    ("CC205", "nested too deep", "Mappings and lists are nested more than 64 deep.", "Flatten the file."),
    (
        "CC206",
        "aliases expand too far",
        "Aliases repeat their anchors so often that the document would not fit into memory, or one contains itself.",
        "Use profiles and extends in place of aliases.",
    ),
    ("CC207", "duplicate key", "A mapping has the same key twice.", "Keep one of the two."),
    (
        "CC208",
        "document not accepted",
        "A key that is no text, a tag, a second document, or a number too long.",
        "Quote the key, remove the tag, keep one document a file.",
    ),
    ("CC301", "unknown key", "The key is not part of this section.", "Follow the suggestion, or remove the key."),
    ("CC302", "missing key", "A key that must be stated is not there.", "Add it where the message says."),
    ("CC303", "wrong value", "The value has a type or combination that the key does not take.", "Follow the hint."),
    (
        "CC304",
        "both of two keys",
        "Two keys are stated of which each follows from the other.",
        "Keep one; set an inherited one to null.",
    ),
    ("CC305", "neither of two keys", "One of two or more keys must be stated.", "State the one you know."),
    ("CC306", "unknown word", "The key takes one of a few words, and this is none of them.", "Use one that is listed."),
    (
        "CC307",
        "nothing to extend",
        "`extends` names no scenario or profile of the file.",
        "Follow the suggestion, or define the profile.",
    ),
    ("CC308", "circular extends", "A scenario extends itself through others.", "Break the circle."),
    ("CC309", "no scenario", "The file defines no scenario.", "Add one below `scenarios:`."),
    (
        "CC311",
        "impossible layout",
        "Parallel degrees that do not divide count, batch or sequence, or cut what the model does not have.",
        "Use one of the nearest possible values in the hint.",
    ),
    (
        "CC312",
        "file not to be extended",
        "`extends` names a file outside the folder of the scenario, or too many files.",
        "Move the file below the folder, or name it on the command line as well.",
    ),
    (
        "CC313",
        "matrix without its points",
        "A matrix has too many points or none, or an exclusion matches none of them.",
        "Shorten an axis, or mend the exclusion.",
    ),
    (
        "CC314",
        "two scenarios of one name",
        "Names of scenarios, and of the points of a matrix, must differ.",
        "Rename one, or name the points by what tells them apart.",
    ),
    (
        "CC401",
        "not a quantity",
        "The text is not a number with a unit, or a range of them.",
        "Write `700 W`, `0.35..0.45`, `60..75..90 d` or `2.5 USD/accelerator/h ± 10%`.",
    ),
    ("CC402", "missing unit", "The number has no unit, and the key does not count anything.", "Add the unit."),
    ("CC403", "unknown unit", "The unit is not known here.", "`computecalc units list` prints all units."),
    (
        "CC404",
        "wrong dimension",
        "The unit measures something else than the key wants.",
        "Use a unit of the right kind.",
    ),
    (
        "CC405",
        "outside the limits",
        "The value is smaller or larger than can be.",
        "Follow the hint: a share is 0.4 or 40 %.",
    ),
    ("CC406", "not finite", "The value is not a number, or too large for one.", "State a finite number."),
    ("CC407", "reversed range", "The low end of a range is above its middle or high end.", "Write low..mid..high."),
    (
        "CC408",
        "not a check",
        "The text is not a metric, a comparison and a quantity.",
        "Write `cost.total <= 75 MUSD`, `time.wall in 60..90 d` or `cost.total <= 90 MUSD @high`.",
    ),
    (
        "CC501",
        "unknown id",
        "The catalog has no entry of this name.",
        "Follow the suggestion; `computecalc catalog list KIND` prints all. Your own go in a folder for --catalog.",
    ),
    (
        "CC502",
        "missing figure",
        "The catalog entry lacks a figure that the question needs, such as the peak at a precision.",
        "State it in the scenario, choose another precision, or add an entry of your own with --catalog.",
    ),
    (
        "CC503",
        "wrong catalog entry",
        "A catalog file breaks the format: no source, an unknown key, a figure that is no quantity.",
        "See docs/catalog-format.md.",
    ),
    ("CC504", "duplicate id or alias", "Two entries of one kind share a name.", "Rename one of them."),
    ("CC505", "broken reference", "A name refers to something that is not defined.", "Define it, or mend the name."),
    (
        "CC506",
        "catalog cannot be opened",
        "The shipped catalog or its index is missing or does not match its files.",
        "Install again, or run scripts/build_catalog_index.py in a checkout.",
    ),
    (
        "CC507",
        "implausible figure",
        "A figure of a catalog entry lies where no known hardware, model, grid or price does.",
        "Correct it. Where it is right, name the rule in the entry's `exceptions` and say why in its notes.",
    ),
    *ESTIMATE_CODES,
    *RECKONING_CODES,
    *CHECK_CODES,
    *JOB_CODES,
    *SWEEP_CODES,
    *API_CODES,
    (
        "CC900",
        "internal error",
        "A fault of the program, not of the input.",
        "Report it with the command and the file; `-v` prints the details.",
    ),
)
"""Every code by its id."""
