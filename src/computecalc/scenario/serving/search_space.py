"""What a search of configurations goes over: layouts and number formats that a scenario leaves open."""

from __future__ import annotations

from itertools import product

from computecalc.catalog.architecture import ExpertFeedForward
from computecalc.catalog.entries import Entry
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inference.planning import ReplicaLayout
from computecalc.scenario.collector import Collector
from computecalc.scenario.layout_checks import tensor_cuts
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.serving.layout import possible_layouts
from computecalc.scenario.serving.schema import Serving

__all__ = ["MOST_ACCELERATORS", "MOST_STAGES", "searched_layouts", "searched_precisions"]

MOST_ACCELERATORS = 128
"""Accelerators of a replica at most that are searched."""

MOST_STAGES = 8
"""Pipeline stages at most that are searched."""

_FORMATS = (("bf16", "bf16"), ("fp16", "fp16"), ("fp8", "fp8"), ("int8", "int8"), ("nvfp4", "fp4"))
"""Number formats of weights that are searched, and the peak that multiplies them as they are."""

_ONE_OF = (("bf16", "fp16"), ("fp8", "int8"))
"""Formats of one width, of which the first that an accelerator has stands for both."""


def searched_precisions(accelerator: Entry) -> tuple[str, ...]:
    """Return the formats that an accelerator multiplies as they are, widest first and one of each width."""
    found = [name for name, peak in _FORMATS if accelerator.get(f"peak.{peak}") is not None]
    return tuple(name for name in found if not any(name == other and first in found for first, other in _ONE_OF))


def searched_layouts(collector: Collector, serving: Serving, model: ResolvedModel) -> list[ReplicaLayout]:
    """Return every layout that is possible beside the degrees that are stated.

    Degrees are powers of two. Tensor groups stay within a fast domain; groups of attention ranks and whole experts are
    searched for mixtures of experts alone, because without them a group more is a replica more.

    Raises
    ------
    ScenarioError
        CC311, where the stated degrees do not suit the model or each other.
    """
    architecture = model.architecture
    if architecture is None:
        raise ValueError("a model without architecture cannot be served: resolving a scenario refuses it")
    _check_stated(collector, serving, model)
    experts = [each.experts for each in architecture.feed_forwards.values() if isinstance(each, ExpertFeedForward)]
    cuts = list(tensor_cuts(architecture))
    most = max(MOST_ACCELERATORS, serving.per_replica or 0)
    domain = int(collector.inputs["serving.scale_up_size"].range.mid)
    tensors = [each for each in _powers(domain) if all(cut.suits(each) for cut in cuts)]
    stages = _powers(min(MOST_STAGES, sum(group.count for group in architecture.layers)))
    found = []
    for tensor, data, pipeline in product(
        [serving.tensor] if serving.tensor else tensors,
        [serving.data] if serving.data else _powers(most) if experts else [1],
        [serving.pipeline] if serving.pipeline else stages,
    ):
        whole, ranks = tensor * data * pipeline, tensor * data
        held = all((serving.tensor, serving.data, serving.pipeline))
        if whole != serving.per_replica if serving.per_replica else whole > most and not held:
            continue
        degrees = [serving.expert] if serving.expert else _powers(ranks) if experts else [1]
        suiting = [each for each in degrees if ranks % each == 0 and all(count % each == 0 for count in experts)]
        found += [ReplicaLayout(tensor, data, expert, pipeline) for expert in suiting]
    if not found:
        stated = [key for key in ("per_replica", "tensor", "data", "expert", "pipeline") if getattr(serving, key)]
        message = f"no layout suits {' x '.join(f'{key} {getattr(serving, key)}' for key in stated)} and the model"
        hint = "leave one of them out, so that it is searched"
        raise ScenarioError(Diagnostic("CC311", message, span=collector.place(f"serving.{stated[0]}"), hint=hint))
    return sorted(found, key=lambda each: (each.accelerators, each.pipeline, each.data, each.expert))


def _check_stated(collector: Collector, serving: Serving, model: ResolvedModel) -> None:
    """Check the stated degrees as `infer` does, with those that are searched set so that they clash with none."""
    free: dict[str, int | None] = {}
    if serving.per_replica and not (serving.tensor and serving.data and serving.pipeline):
        free["per_replica"] = None
    if serving.expert and not serving.data:
        free["data"] = serving.expert
    possible_layouts(collector, serving.model_copy(update=free), model)


def _powers(most: int) -> list[int]:
    return [2**power for power in range(max(most, 1).bit_length())]
