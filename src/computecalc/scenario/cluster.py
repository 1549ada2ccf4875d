"""Accelerator, count or deadline, and precision of a scenario."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.errors import CatalogError, Diagnostic, ScenarioError, Span
from computecalc.records import record
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.question import question_problems
from computecalc.scenario.schema import TrainScenario
from computecalc.units.ranges import Range

__all__ = ["ResolvedCluster", "resolve_cluster"]

_PREFERRED = ("bf16", "fp16")
"""Precisions taken where none is stated, the first that the accelerator has."""


_HALF = 2.0
"""Bytes of an activation where the recipe does not say. [byte]"""


@record
class ResolvedCluster:
    """The catalog entries behind a cluster."""

    accelerator: Entry
    precision: Entry

    @property
    def labels(self) -> dict[str, str]:
        """What priors are kept by."""
        return {
            "accelerator": self.accelerator.id,
            "generation": self.accelerator.labels.get("generation", ""),
            "precision": self.precision.id,
        }


def resolve_cluster(collector: Collector, scenario: TrainScenario) -> ResolvedCluster:
    """Find accelerator and precision, and take count or deadline.

    Raises
    ------
    CatalogError
        CC501 for an unknown accelerator or precision, CC502 where it has no peak at that precision.
    ScenarioError
        CC304 for keys of which each follows from the other, CC305 where one of them is missing.
    """
    problems = question_problems(collector)
    cluster = scenario.cluster
    if not problems and cluster.count is not None:
        collector.stated("cluster.count", cluster.count)
    if not problems and cluster.wall_time is not None:
        collector.stated("cluster.wall_time", cluster.wall_time)
    try:
        found = _hardware(collector, scenario)
    except CatalogError as error:
        raise ScenarioError(*problems, *error.diagnostics) from error
    if problems:
        raise ScenarioError(*problems)
    return found


def _hardware(collector: Collector, scenario: TrainScenario) -> ResolvedCluster:
    catalog, cluster = collector.catalog, scenario.cluster
    place = collector.place("cluster.accelerator")
    accelerator = catalog.find("accelerator", cluster.accelerator, span=place)
    collector.choose("cluster.accelerator", accelerator.id, stated_origin(place))
    _warn_of_inference_chips(collector, accelerator, place)
    if cluster.precision is not None:
        where = collector.place("cluster.precision")
        precision = catalog.find("precision", cluster.precision, span=where)
        origin = stated_origin(where)
    else:
        where = place
        name = next((name for name in _PREFERRED if accelerator.get(f"peak.{name}")), _PREFERRED[0])
        precision = catalog.find("precision", name)
        origin = defaulted(f"no precision is stated: {name}")
    collector.choose("cluster.precision", precision.id, origin)
    _take_peak(collector, accelerator, precision, where)
    collector.figure("cluster.memory", accelerator, "memory.capacity")
    collector.figure("cluster.accelerators_per_node", accelerator, "server.size")
    for part in ("weights", "gradients", "optimizer"):
        collector.figure(f"cluster.recipe.{part}", precision, f"recipe.{part}")
    if precision.get("recipe.activations") is not None:
        collector.figure("cluster.recipe.activations", precision, "recipe.activations")
    else:
        origin = defaulted(f"the catalog does not say how {precision.id} keeps activations: 2 bytes a value")
        collector.found("cluster.recipe.activations", Range.exact(_HALF), origin)
    return ResolvedCluster(accelerator, precision)


def _warn_of_inference_chips(collector: Collector, accelerator: Entry, place: Span) -> None:
    if accelerator.labels.get("role") != "inference":
        return
    message = f"{accelerator.id} is made for inference, and this is a training run"
    hint = f"another accelerator; `computecalc catalog show {accelerator.id}` tells who calls it so"
    collector.diagnostics.append(Diagnostic("CC617", message, severity="warning", span=place, hint=hint))


def _take_peak(collector: Collector, accelerator: Entry, precision: Entry, where: object) -> None:
    names = [name.strip() for name in precision.labels["peak"].split(",")]
    for name in names:
        if accelerator.get(f"peak.{name}") is not None:
            collector.figure("cluster.peak", accelerator, f"peak.{name}")
            return
    present = ", ".join(path.removeprefix("peak.") for path in accelerator.facts if path.startswith("peak."))
    place = collector.place("cluster.precision") if where is not None else None
    raise CatalogError(
        Diagnostic(
            "CC502",
            f"the catalog has no {precision.id} peak of {accelerator.id}",
            span=place,
            hint=f"it has {present}; choose another precision or accelerator",
        )
    )
