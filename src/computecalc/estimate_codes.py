"""What the codes of estimates mean: CC6xx, a part of `computecalc.error_codes`."""

from __future__ import annotations

__all__ = ["ESTIMATE_CODES"]

ESTIMATE_CODES: tuple[tuple[str, str, str, str], ...] = (
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
        "CC633",
        "no embodied carbon by this method",
        "The catalog has no figure of the accelerator by the method that `embodied.method` asks for.",
        "Choose a method that the message names, leave it out for the range over all, or state embodied.accelerator.",
    ),
    (
        "CC634",
        "no figure for the basis of power",
        "`power.basis` asks for a thermal design power or a server's nameplate that the catalog does not have.",
        "State power.accelerator and power.host_overhead, or leave power.basis out.",
    ),
    (
        "CC635",
        "no factor of this kind",
        "`site.factor_kind` asks for a kind of emission factor that the region does not have in the catalog.",
        "Leave it out, choose another region, or state site.grid_intensity with its kind.",
    ),
    (
        "CC636",
        "a profile that is not one year",
        "The file of `site.profile` cannot be read, or has a gap, a wrong length, or a value that cannot be.",
        "Give it one line for each hour or month of a year, with numbers from 0 on, as docs/carbon-water.md shows.",
    ),
    (
        "CC637",
        "factors of different kinds",
        "Carbon of scenarios side by side rests on emission factors that count different things.",
        "Take one kind for all of them: `site.factor_kind`.",
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
)
"""Code, title, cause and remedy of each."""
