"""Accelerator, formats, engine and constants of a replica."""

from __future__ import annotations

from computecalc.catalog.calibrated import ENGINE_CONSTANTS, SERVING_CONSTANTS
from computecalc.catalog.entries import Entry
from computecalc.errors import CatalogError, Diagnostic
from computecalc.estimators.inference.formats import product_format
from computecalc.records import record
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.serving.schema import InferScenario, Serving
from computecalc.units.ranges import Range

__all__ = ["ResolvedReplica", "resolve_replica", "resolve_speed"]

_CALIBRATION = "serving-step"
"""Catalog entry with the constants of the model of serving."""

_ENGINE = "generic"
"""Serving software where none is stated."""

_HALVES = ("bf16", "fp16")
_STATE_BYTES = 4.0
"""Bytes of a number of a recurrent state. [byte]"""


@record
class ResolvedReplica:
    """The catalog entries behind a replica."""

    accelerator: Entry
    precision: Entry

    @property
    def labels(self) -> dict[str, str]:
        """What priors are kept by."""
        return {"generation": self.accelerator.labels.get("generation", ""), "precision": self.precision.id}


def resolve_replica(collector: Collector, scenario: InferScenario) -> ResolvedReplica:
    """Find accelerator, formats and engine.

    Raises
    ------
    CatalogError
        CC501 for an unknown accelerator, precision or engine, CC502 where it has no peak for them.
    """
    catalog, given = collector.catalog, scenario.serving
    place = collector.place("serving.accelerator")
    accelerator = catalog.find("accelerator", given.accelerator, span=place)
    collector.choose("serving.accelerator", accelerator.id, stated_origin(place))
    precision = _precision(collector, given, accelerator)
    _take_peaks(collector, accelerator, precision)
    collector.figure("serving.storage", precision, "storage")
    collector.figure("serving.half_storage", catalog.find("precision", _HALVES[0]), "storage")
    _take_caches(collector, given, precision)
    for name, figure in (("memory", "memory.capacity"), ("memory_bandwidth", "memory.bandwidth")):
        collector.figure(f"serving.{name}", accelerator, figure)
    collector.figure("serving.accelerators_per_node", accelerator, "server.size")
    found = ResolvedReplica(accelerator, precision)
    _take_network(collector, given, found)
    _take_engine(collector, given)
    return found


def _precision(collector: Collector, given: Serving, accelerator: Entry) -> Entry:
    if given.precision is not None:
        place = collector.place("serving.precision")
        precision = collector.catalog.find("precision", given.precision, span=place)
        collector.choose("serving.precision", precision.id, stated_origin(place))
        return precision
    name = next((name for name in _HALVES if accelerator.get(f"peak.{name}")), _HALVES[0])
    collector.choose("serving.precision", name, defaulted(f"no precision is stated: {name}"))
    return collector.catalog.find("precision", name)


def _take_peaks(collector: Collector, accelerator: Entry, precision: Entry) -> None:
    """Take the peaks at which weights and 16-bit work are multiplied."""
    # The peaks are told apart by their places, so that the choice is made where the estimate makes it.
    names = [path.removeprefix("peak.") for path in accelerator.facts if path.startswith("peak.")]
    places = {name: float(place) for place, name in enumerate(names)}
    for wanted in (precision.id, _HALVES[0]):
        try:
            chosen = names[int(float(product_format(wanted, 0.0, places).peak))]
        except ValueError as error:
            key = "serving.precision" if collector.is_stated("serving.precision") else "serving.accelerator"
            raise CatalogError(
                Diagnostic(
                    "CC502",
                    f"{accelerator.id} cannot serve weights in {wanted}: the catalog has no peak for them",
                    span=collector.place(key),
                    hint=f"it has {', '.join(names)}; choose another precision or accelerator",
                )
            ) from error
        collector.figure(f"serving.peak.{chosen}", accelerator, f"peak.{chosen}")


def _take_caches(collector: Collector, given: Serving, precision: Entry) -> None:
    if given.kv_precision is not None:
        place = collector.place("serving.kv_precision")
        cache = collector.catalog.find("precision", given.kv_precision, span=place)
        origin = stated_origin(place)
    else:
        name = _HALVES[0] if precision.id in _HALVES else "fp8"
        cache = collector.catalog.find("precision", name)
        origin = defaulted(f"not stated: {name} beside weights in {precision.id}")
    collector.choose("serving.kv_precision", cache.id, origin)
    collector.figure("serving.cache_element", cache, "storage")
    text = "recurrent states are kept in 32 bits"
    collector.found("serving.state_element", Range.exact(_STATE_BYTES), defaulted(text))


def _take_network(collector: Collector, given: Serving, replica: ResolvedReplica) -> None:
    """Take both tiers of the network; unknown links get a wide prior."""
    accelerator = replica.accelerator
    if given.scale_up_size is not None:
        collector.stated("serving.scale_up_size", given.scale_up_size)
    elif accelerator.get("scale_up.size") is not None:
        collector.figure("serving.scale_up_size", accelerator, "scale_up.size")
    else:
        origin = defaulted("the catalog knows no scale-up domain: the accelerators of a server")
        collector.found("serving.scale_up_size", collector.inputs["serving.accelerators_per_node"].range, origin)
    alone = collector.inputs["serving.scale_up_size"].range.high <= 1.0
    if accelerator.get("scale_up.bandwidth") is not None:
        collector.figure("serving.scale_up_bandwidth", accelerator, "scale_up.bandwidth")
    elif alone:
        origin = defaulted("no scale-up links: the network is all there is")
        collector.found("serving.scale_up_bandwidth", Range.exact(1.0), origin)
    else:
        collector.prior("cluster.scale_up_bandwidth", into="serving.scale_up_bandwidth", **replica.labels)
    if given.nic is not None:
        collector.stated("serving.nic", given.nic)
    elif accelerator.get("network.bandwidth") is not None:
        collector.figure("serving.nic", accelerator, "network.bandwidth")
    else:
        collector.prior("cluster.nic", into="serving.nic", **replica.labels)


def _take_engine(collector: Collector, given: Serving) -> None:
    place = collector.place("serving.engine") if given.engine else None
    engine = collector.catalog.find("engine", given.engine or _ENGINE, span=place)
    collector.choose_stated("serving.engine", engine.id, defaulted("no software is stated: generic"))
    for name in ENGINE_CONSTANTS:
        collector.figure(f"engine.{name}", engine, f"engine.{name}")
    collector.together("serving.engine", [f"engine.{name}" for name in ENGINE_CONSTANTS])


def resolve_speed(collector: Collector, scenario: InferScenario, replica: ResolvedReplica, structure: str) -> None:
    """Take the constants of serving, and what measurements leave of them."""
    constants = collector.catalog.find("calibration", _CALIBRATION)
    for name in SERVING_CONSTANTS:
        collector.figure(f"serving.{name}", constants, f"serving.{name}")
    labels = {**replica.labels, "structure": structure}
    quantity = "offline_residual" if scenario.traffic.offline else "residual"
    collector.prior(f"serving.{quantity}", into="serving.residual", **labels)
    collector.prior("serving.first_token_residual", **labels)
