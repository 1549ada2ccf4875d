"""Estimates side by side: who is best in each metric and by how much, and what must not be compared unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from computecalc.errors import Diagnostic
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.records import record

__all__ = ["SHOWN", "Comparison", "Standing", "better", "compared"]

SHOWN = (
    "mfu",
    "accelerators",
    "replicas",
    "memory.per_accelerator",
    "memory.fits",
    "throughput.per_accelerator",
    "latency.ttft",
    "latency.tpot",
    "time.step",
    "time.wall",
    "power.facility_peak",
    "energy.facility",
    "energy.per_output_token",
    "carbon.operational",
    "carbon.market",
    "carbon.embodied",
    "carbon.total",
    "water.total",
    "cost.total",
    "cost.per_mtoken_input",
    "cost.per_mtoken_output",
)
"""Metrics that are compared unless others are asked for; those that nobody knows are left out."""

_LOWER = ("cost.", "carbon.", "water.", "energy.", "power.", "latency.", "time.", "accelerator_time.", "accelerators.")
_LOWER_IDS = ("accelerators", "nodes", "replicas", "interruptions", "loss.predicted", "memory.minimum_accelerators")
_HIGHER = ("throughput.",)
_HIGHER_IDS = ("mfu", "mfu.full", "hfu", "goodput", "time.between_interruptions", "batch.capacity")
_NEITHER = ("time.checkpoint_interval",)


def better(name: str) -> str:
    """Tell which way a metric is better: ``lower``, ``higher``, or empty where neither is."""
    if name in _NEITHER:
        return ""
    if name in _HIGHER_IDS or name.startswith(_HIGHER):
        return "higher"
    if name in _LOWER_IDS or name.startswith((*_LOWER, "memory.per_accelerator")):
        return "lower"
    return ""


@record
class Standing:
    """One metric of all estimates, in their order."""

    name: str
    values: tuple[MetricValue | None, ...]
    better: str
    winners: tuple[str, ...] = ()
    """Names of the best; several where they are equal, none where there is nothing to win."""
    second: str = ""
    margin: float = 0.0
    """Lead over the second, in shares of the second."""
    is_certain: bool = False
    """Whether the ranges of the first two do not meet."""


@record
class Comparison:
    """All metrics that are compared, and what a reader must know of the estimates."""

    standings: tuple[Standing, ...]
    findings: tuple[Diagnostic, ...]


def compared(estimates: Sequence[Estimate], names: Sequence[str], *, varied: Sequence[str] = ()) -> Comparison:
    """Compare estimates.

    Parameters
    ----------
    estimates : sequence of Estimate
        Two at least.
    names : sequence of str
        Metrics; those that none of the estimates knows are left out.
    varied : sequence of str
        Paths in which they differ because that was asked for.
    """
    known = {name for each in estimates for name, value in each.outputs.items() if value.mid is not None}
    standings = tuple(_standing(name, estimates) for name in names if name in known)
    return Comparison(standings, tuple(_findings(estimates, standings, varied)))


def _standing(name: str, estimates: Sequence[Estimate]) -> Standing:
    values = tuple(estimate.outputs.get(name) for estimate in estimates)
    way = better(name)
    runners = [
        (value.mid, estimate.name, value)
        for estimate, value in zip(estimates, values, strict=True)
        if value is not None and value.mid is not None and _is_possible(estimate)
    ]
    plain = Standing(name, values, way)
    if not way or len(runners) < 2:
        return plain
    runners.sort(key=lambda runner: runner[0], reverse=way == "higher")
    best = runners[0]
    winners = tuple(who for mid, who, _ in runners if mid == best[0])
    behind = [runner for runner in runners if runner[0] != best[0]]
    if not behind:
        return plain
    second = behind[0]
    margin = abs(second[0] - best[0]) / abs(second[0]) if second[0] else 0.0
    return Standing(name, values, way, winners, second[1], margin, _apart(best[2], second[2]))


def _is_possible(estimate: Estimate) -> bool:
    """Whether a plan can win: one that does not fit into memory cannot."""
    fits = estimate.outputs.get("memory.fits")
    return fits is None or fits.mid != 0.0


def _apart(one: MetricValue, other: MetricValue) -> bool:
    ends = (one.low, one.high, other.low, other.high)
    low, high, other_low, other_high = (0.0 if end is None else end for end in ends)
    return high < other_low or other_high < low


def _findings(
    estimates: Sequence[Estimate], standings: Sequence[Standing], varied: Sequence[str]
) -> Iterator[Diagnostic]:
    for what, paths, of in _ASPECTS:
        groups: dict[str, list[str]] = {}
        for estimate in estimates:
            kind = of(estimate)
            if kind:
                groups.setdefault(kind, []).append(estimate.name)
        if len(groups) > 1:
            wanted = any(path in varied for path in paths)
            yield _unlike(what, groups, severity="note" if wanted else "warning")
    unvalidated = [each.name for each in estimates if any(d.code in ("CC613", "CC616") for d in each.diagnostics)]
    if 0 < len(unvalidated) < len(estimates):
        yield _finding(
            f"unvalidated, unlike the others: {', '.join(unvalidated)}", "their ranges are guesses of others"
        )
    tight = [estimate.name for estimate in estimates if not _is_possible(estimate)]
    if tight:
        yield _finding(f"does not fit into memory, and so wins nothing: {', '.join(tight)}", "")
    gaps: dict[str, list[str]] = {}
    for standing in standings:
        unknown = [
            estimate.name
            for estimate, value in zip(estimates, standing.values, strict=True)
            if value is None or value.mid is None
        ]
        if 0 < len(unknown) < len(estimates):
            gaps.setdefault(", ".join(unknown), []).append(standing.name)
    for names, metrics in gaps.items():
        yield _finding(f"unknown for {names}: {', '.join(metrics)}", "the others are compared without")


def _unlike(what: str, groups: Mapping[str, Sequence[str]], *, severity: str) -> Diagnostic:
    parts = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in groups.items())
    found = _finding(f"{what} differ: {parts}", "differences of figures are in part differences of method")
    return found if severity == "warning" else Diagnostic(found.code, found.message, severity="note")


def _finding(message: str, hint: str) -> Diagnostic:
    return Diagnostic("CC659", message, severity="warning", hint=hint)


def _factor_kind(estimate: Estimate) -> str:
    """Kind of the emission factor: direct, consumption, lifecycle, stated or assumed; empty without one."""
    given = estimate.inputs.get("site.grid_intensity")
    if given is None:
        return ""
    figure = given.origin.entry.rpartition(" ")[2]
    if figure.startswith("intensity."):
        return figure.partition(".")[2]
    return {"prior": "assumed", "scenario": "stated", "flag": "stated"}.get(given.origin.kind, given.origin.kind)


def _precision(estimate: Estimate) -> str:
    found = (estimate.choices.get(path) for path in ("cluster.precision", "serving.precision"))
    return next((choice.value for choice in found if choice is not None), "")


def _speed(estimate: Estimate) -> str:
    """How the time was found."""
    if estimate.kind == "infer":
        return "a model of serving"
    mfu = estimate.inputs.get("efficiency.mfu")
    if mfu is None:
        return "a predicted step"
    return "an MFU of comparable runs" if mfu.origin.kind == "prior" else "a stated MFU"


def _model(estimate: Estimate) -> str:
    return "counts alone" if "model.parameters" in estimate.inputs else "layers"


def _price(estimate: Estimate) -> str:
    given = estimate.inputs.get("money.price")
    if given is None:
        return ""
    return "stated" if given.origin.kind in ("scenario", "flag") else "of the catalog"


_ASPECTS: tuple[tuple[str, tuple[str, ...], Callable[[Estimate], str]], ...] = (
    ("kinds of scenario", (), lambda estimate: estimate.kind),
    ("kinds of emission factor", ("site.grid_intensity",), _factor_kind),
    ("precisions", ("cluster.precision", "serving.precision"), _precision),
    ("methods of finding the time", ("efficiency.mfu",), _speed),
    ("descriptions of the model", ("model",), _model),
    ("prices", ("money.price",), _price),
    ("methods of uncertainty", ("uncertainty.method",), lambda estimate: estimate.method.name),
)
"""What estimates must have in common to be compared without a word: name, paths that vary it, and how it is told, which
is empty where an estimate has nothing of it."""
