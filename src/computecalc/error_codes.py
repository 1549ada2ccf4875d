"""What each code means and how to remedy it, for `computecalc explain CCnnn` and docs/reference/errors.md."""

from __future__ import annotations

from computecalc.records import record

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
    (
        "CC602",
        "unknown metric value",
        "An input that the metric needs is not known; the metric is null, not 0.",
        "State the input that the message names.",
    ),
    (
        "CC603",
        "does not fit memory",
        "The worst pipeline stage, or the model states alone, need more memory than an accelerator has.",
        "The hint names a layout that fits. Else more accelerators, more sharding, or more memory each.",
    ),
    (
        "CC604",
        "impossible utilization",
        "With the recomputed work counted, the hardware would do more than its peak.",
        "Lower the MFU, or check whether it counts recomputed FLOPs.",
    ),
    (
        "CC605",
        "old price",
        "The newest price of the accelerator is more than 180 days old.",
        "State today's price with --price or money.price.",
    ),
    (
        "CC606",
        "stated but not used",
        "The scenario states something that this version does not use yet.",
        "Nothing to do; the estimate does not depend on it.",
    ),
    (
        "CC607",
        "published tokens not used",
        "The tokens are solved from a budget, a compute, or a cluster and its time; the catalog's count is set aside.",
        "Nothing to do. State data.tokens in place of the key that is named to use a count.",
    ),
    (
        "CC608",
        "no layout",
        "A layout was to be searched, and none spreads the batch evenly, fits into memory, or meets the deadline.",
        "The hint names a count that works. Else a larger global batch, more memory each, or a layout of your own.",
    ),
    (
        "CC609",
        "no candidate within the limits",
        "Layouts fit, but none meets all limits of `computecalc optimize`.",
        "Loosen the limit that the message names, or allow more counts and accelerators.",
    ),
    (
        "CC610",
        "tensor parallelism across the network",
        "The tensor degree is larger than the fast domain of the accelerator, so its exchanges leave that domain.",
        "A degree within the domain, or `cluster.scale_up_size` if yours is larger.",
    ),
    (
        "CC611",
        "deadline out of reach",
        "With ever more accelerators interruptions come so often that the run no longer gets shorter.",
        "Allow more time, or state a shorter restart, fewer interruptions, or a goodput that you know.",
    ),
    (
        "CC612",
        "not predicted",
        "The MFU is not stated, and the time of a step cannot be predicted: a measured range takes its place.",
        "State what the message names, such as the global batch (--global-batch).",
    ),
    (
        "CC613",
        "unvalidated accelerator",
        "No training run on this generation of accelerators was measured, so that the prediction rests on others.",
        "Nothing to do; state an MFU that you measured for a narrower range.",
    ),
    (
        "CC614",
        "no room for one request",
        "The weights and the cache of one request need more memory than the accelerators of a replica have.",
        "The hint names a layout that fits. Else a smaller precision, or more memory each.",
    ),
    (
        "CC615",
        "latency target out of reach",
        "The time to the first token or between tokens is longer than the target, for a stated batch or for any.",
        "Leave serving.batch out so that one is found; else allow more time or state faster accelerators.",
    ),
    (
        "CC616",
        "unvalidated hardware",
        "No measured serving speed of accelerators of this kind was compared with the model, or hardly any.",
        "Nothing to do. Measure on it before money is spent; --calibrate takes a table of it.",
    ),
    (
        "CC620",
        "calibrated on own measurements",
        "The prediction was corrected by the table that --calibrate or serving.calibration names.",
        "Nothing to do. The note says by which rows and how far off they were before and after.",
    ),
    (
        "CC621",
        "not a table of measurements",
        "A column or a cell of the table of own measurements is unknown, missing or no quantity.",
        "Mend the line that the message names; docs/serving.md names the columns.",
    ),
    (
        "CC622",
        "no measurement of this accelerator",
        "No row of the table of own measurements was measured on the accelerator of the scenario.",
        "Measure on it, or leave the calibration out.",
    ),
    (
        "CC623",
        "searched number formats",
        "A search went over several number formats of the weights, which do not give the same answers.",
        "State the format whose answers were judged good enough (--precision, or serving.precision in a file).",
    ),
    (
        "CC624",
        "left out of a search",
        "What the search ranks by is not known of some accelerators, such as the cost where the catalog has no price.",
        "State what the hint names, or rank by a metric that is known of all.",
    ),
    (
        "CC626",
        "lengths that are no distribution",
        "The tokens of prompts or outputs are given as something that is no distribution of lengths.",
        "One length, shares of several that add up to 100 %, or two of mean, p50, p90, p95 and p99.",
    ),
    (
        "CC627",
        "unfit draft model",
        "A model that is to draft tokens has another vocabulary, cannot write, or is known by its counts alone.",
        "State a smaller model of the same family, or serving.speculative.draft_time in its place.",
    ),
    (
        "CC628",
        "no prompts apart",
        "Accelerators of their own are stated for prompts where nothing is decoded, or for offline work.",
        "Leave serving.prefill out, or state an output and an online load.",
    ),
    (
        "CC629",
        "wait without end",
        "Accelerators of their own for prompts are planned to be busy all the time, so that prompts queue up.",
        "State a serving.utilization below 1, or leave it out.",
    ),
    (
        "CC630",
        "never cheaper than buying",
        "At the stated price of tokens a replica of one's own costs more, however many tokens there are.",
        "Nothing to do; a lower rent or a peak nearer to the average would change it.",
    ),
    (
        "CC640",
        "budget beside ownership or a programme",
        "A budget is solved at a rent, which says nothing of accelerators of one's own or of a whole programme.",
        "State the size of the run, and read its cost.",
    ),
    (
        "CC641",
        "unknown provider",
        "The catalog has no rental price of a provider of this name.",
        "Follow the suggestion, leave `money.provider` out, or state `money.price`.",
    ),
    (
        "CC642",
        "keys that replace each other",
        "Of two keys that say the same in two ways, both are stated, or one is stated without the other it needs.",
        "Keep one.",
    ),
    (
        "CC643",
        "no room on the site",
        "The power of the site is less than one accelerator draws at its limit with host, network and cooling.",
        "State more power.",
    ),
    (
        "CC644",
        "figures of a chip are missing",
        "The catalog's entry of the chip lacks figures that its cost or its work follow from.",
        "State `silicon.cost` or `silicon.work`, or the figures in a catalog of your own.",
    ),
    (
        "CC645",
        "own chip never pays",
        "For the same work, making and running the chip costs as much as buying, so no volume earns its development.",
        "Lower its cost, or raise the work of one chip.",
    ),
    (
        "CC646",
        "spot capacity for serving",
        "The price is that of spot instances, which are taken away at any time; serving does not count that.",
        "State `serving.spare` for the replicas that are lost, or another commitment.",
    ),
    (
        "CC650",
        "unknown jurisdiction",
        "The catalog has no threshold of training compute of a jurisdiction that the scenario names.",
        "`computecalc catalog list regulation` shows all; an entry of your own with --catalog adds one.",
    ),
    (
        "CC701",
        "unusable baseline",
        "The file that changes are measured against is neither a saved result nor a lock file.",
        "Write one with `computecalc run ... -o json=PATH`.",
    ),
    (
        "CC702",
        "budget on nothing",
        "The names that a budget is on match no scenario of its file; it would pass for one that holds.",
        "Correct the name or the pattern below `on`.",
    ),
    (
        "CC703",
        "waiver that has ended",
        "The day until which a budget could be broken has passed; its limits count again.",
        "Meet the budget, or renew the waiver with a new day.",
    ),
    (
        "CC704",
        "no budget",
        "There is nothing to check: the files have no budgets, and no --check is given.",
        "Add `budgets:` to the file, or --check 'cost.total <= 75 MUSD'.",
    ),
    (
        "CC730",
        "no saved result",
        "The file that is to be rendered is not JSON, lacks a part of a result, or holds what this version does not know.",
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
        "CC900",
        "internal error",
        "A fault of the program, not of the input.",
        "Report it with the command and the file; `-v` prints the details.",
    ),
)
"""Every code by its id."""
