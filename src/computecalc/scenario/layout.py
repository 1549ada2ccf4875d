"""Layout of a scenario: options, degrees, and the data-parallel degree that follows from the count."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import ResolvedInput
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.origins import defaulted
from computecalc.scenario.schema import Layout, TrainScenario
from computecalc.scenario.searching import unsearchable
from computecalc.units.ranges import Range

__all__ = ["DEGREES", "WHOLE", "resolve_layout"]

DEGREES = ("tensor", "pipeline", "virtual_pipeline", "context", "expert", "expert_tensor", "micro_batch")
"""Keys of the layout that are degrees."""

_RANKS = ("expert_tensor", "shard_size")
"""Keys of ranks that follow from the others unless they are stated."""

WHOLE = ("tensor", "pipeline")
"""Degrees that make a layout whole where both are stated: the others then have their defaults."""


def resolve_layout(
    collector: Collector, scenario: TrainScenario, model: ResolvedModel, accelerator: Entry, *, is_open: bool = False
) -> bool:
    """Take the options of the layout, and its degrees where they are stated; return whether some wait for a search.

    Parameters
    ----------
    collector : Collector
        Takes what is found.
    scenario : TrainScenario
        What is stated.
    model : ResolvedModel
        The model that is spread.
    accelerator : Entry
        What it is spread over.
    is_open : bool
        Whether what is not stated is searched even where a whole layout is stated.

    Raises
    ------
    ScenarioError
        CC311 for each pair of values that cannot be together: degrees that do not divide the count, the batch or the
        sequence, or cut what the model does not have.
    """
    layout = scenario.layout if isinstance(scenario.layout, Layout) else Layout()
    _take_options(collector, layout)
    is_partial = is_open or not all(collector.is_stated(f"layout.{key}") for key in WHOLE)
    if is_partial:
        reason = unsearchable(collector, model, has_mfu=scenario.efficiency.mfu is not None and not is_open)
        if reason and (is_open or not _has_degrees(collector)):
            collector.unknown["layout"] = reason
            return False
        is_partial = not reason  # where none can be searched, the degrees that are not stated are 1
    if not is_partial or _has_degrees(collector):
        # A caller that searches may do so over several counts.
        count = None if is_open else collector.inputs.get("cluster.count")
        data = _checked(collector, scenario, layout, model, count, is_partial=is_partial)
        _warn_of_slow_tensor_ranks(collector, scenario, layout, accelerator)
        if not is_partial and data is None:
            return False
        _take_degrees(collector, layout, data, is_partial=is_partial)
    _take_margins(collector)
    return is_partial


def _has_degrees(collector: Collector) -> bool:
    return any(collector.is_stated(f"layout.{key}") for key in (*DEGREES, "shard_size", "zero_bubble"))


def _take_options(collector: Collector, layout: Layout) -> None:
    for key, value in (
        ("recompute", layout.recompute),
        ("sharding", layout.sharding),
        ("sequence_parallel", str(layout.sequence_parallel).lower()),
        ("fused_attention", str(layout.fused_attention).lower()),
        ("fused_loss", str(layout.fused_loss).lower()),
    ):
        collector.choose_stated(f"layout.{key}", value, defaulted("default of the layout"))
    if layout.zero_bubble:
        collector.choose_stated("layout.zero_bubble", "true", defaulted("stated"))


def _checked(
    collector: Collector,
    scenario: TrainScenario,
    layout: Layout,
    model: ResolvedModel,
    given: ResolvedInput | None,
    *,
    is_partial: bool,
) -> int | None:
    """Refuse what cannot be together; return the data-parallel degree, where one count is known."""
    # Imported here: most runs from flags state no layout.
    from computecalc.scenario.layout_checks import Plan, rank_problems, shape_problems

    batch = scenario.data.global_batch
    in_tokens = batch is not None and batch.unit == "token"
    plan = Plan(collector, layout, model, batch_in_tokens=in_tokens, is_partial=is_partial)
    # What the model forbids does not depend on the count, so both are looked at in one pass.
    problems = list(shape_problems(plan))
    data = None
    if given is not None and given.range.is_exact:
        count = int(given.range.mid)
        problems += rank_problems(plan, count)
        data = count // plan.ways
    elif not is_partial:
        collector.unknown["layout"] = "the data-parallel degree needs one count of accelerators"
    if problems:
        raise ScenarioError(*problems)
    return data


def _take_degrees(collector: Collector, layout: Layout, data: int | None, *, is_partial: bool) -> None:
    """Take the degrees that are stated and, of a whole layout, what follows or holds for the others."""
    for key in ("tensor", "pipeline", "virtual_pipeline", "context", "expert", "data", "micro_batch", *_RANKS):
        path = f"layout.{key}"
        if key == "data":
            if not is_partial and data is not None:
                collector.found(path, Range.exact(float(data)), defaulted("follows from the count"))
        elif (degree := getattr(layout, key)) is not None and collector.is_stated(path):
            collector.stated(path, Range.exact(float(degree)))
        elif not is_partial and key not in _RANKS:
            collector.found(path, Range.exact(float(degree or 1)), defaulted("not stated: 1"))


def _take_margins(collector: Collector) -> None:
    for quantity in ("memory.workspace", "memory.reserve"):
        collector.prior(quantity)


def _warn_of_slow_tensor_ranks(
    collector: Collector, scenario: TrainScenario, layout: Layout, accelerator: Entry
) -> None:
    """Warn of tensor parallelism that leaves the fast domain: possible, but its all-reduces cross the network."""
    stated = scenario.cluster.scale_up_size
    known = accelerator.get("scale_up.size")
    size = stated if stated is not None else known.value if known is not None else None
    if size is None or layout.tensor <= size.high:
        return
    collector.diagnostics.append(
        Diagnostic(
            "CC610",
            f"tensor {layout.tensor} is more than the {size.high:.0f} accelerators of {accelerator.id} that one fast "
            "domain joins",
            severity="warning",
            span=collector.place("layout.tensor"),
            hint=f"at most layout.tensor: {size.high:.0f} stays inside; cluster.scale_up_size states another domain",
        )
    )
