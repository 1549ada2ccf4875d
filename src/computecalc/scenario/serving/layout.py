"""The layout of a replica: what is stated, checked against the model, and what is left to choose from."""

from __future__ import annotations

from collections.abc import Iterator

from computecalc.catalog.architecture import Architecture, ExpertFeedForward
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inference.planning import ReplicaLayout
from computecalc.scenario.collector import Collector
from computecalc.scenario.layout_checks import divisors, nearest, tensor_cuts
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.serving.schema import Prefill, Serving

__all__ = ["possible_layouts", "stated_layout"]


def _is_open(serving: Serving) -> bool:
    """Whether the tensor degree is left to be chosen."""
    return serving.tensor is None and serving.per_replica is None


def possible_layouts(collector: Collector, serving: Serving, model: ResolvedModel) -> list[ReplicaLayout]:
    """Return the layouts that the scenario leaves open: one where it states tensor or per_replica.

    Raises
    ------
    ScenarioError
        CC311 for each pair of values that cannot be together.
    """
    architecture = model.architecture
    if architecture is None:
        raise ValueError("a model without architecture cannot be served: resolving a scenario refuses it")
    if not _is_open(serving):
        return [stated_layout(collector, serving, model, "serving")]
    problems = _degree_problems(collector, serving, model, "serving")
    tensors = _open_tensors(collector, serving, architecture)
    layouts = [_layout(serving, tensor, serving.data or 1) for tensor in tensors]
    # A stated expert degree needs as many ranks.
    layouts = [each for each in layouts if each.tensor * each.data % each.expert == 0]
    if not layouts and not problems:
        problems.append(_problem(collector, "serving.expert", *_no_ranks(serving)))
    if problems:
        raise ScenarioError(*problems)
    return layouts


def stated_layout(
    collector: Collector, degrees: Serving | Prefill, model: ResolvedModel, section: str
) -> ReplicaLayout:
    """Return the layout that a section states; a tensor degree that it leaves out follows from the others.

    Raises
    ------
    ScenarioError
        CC311 for each pair of values that cannot be together.
    """
    architecture = model.architecture
    if architecture is None:
        raise ValueError("a model without architecture cannot be served: resolving a scenario refuses it")
    problems = _degree_problems(collector, degrees, model, section)
    others = (degrees.data or 1) * (degrees.pipeline or 1)
    problems += _rank_problems(collector, degrees, others, section)
    tensor = degrees.tensor or (degrees.per_replica or others) // others
    data = degrees.data or (degrees.per_replica or tensor * others) // (tensor * (degrees.pipeline or 1))
    problems += _tensor_problems(collector, architecture, model.label, tensor, section)
    if not problems and tensor * data % (degrees.expert or 1):
        problems.append(_experts_on_ranks(collector, degrees, tensor * data, section))
    if problems:
        raise ScenarioError(*problems)
    return _layout(degrees, tensor, data)


def _degree_problems(
    collector: Collector, degrees: Serving | Prefill, model: ResolvedModel, section: str
) -> list[Diagnostic]:
    return [
        *_stage_problems(collector, degrees, model, section),
        *_expert_problems(collector, degrees, model, section),
    ]


def _layout(serving: Serving | Prefill, tensor: int, data: int) -> ReplicaLayout:
    return ReplicaLayout(tensor, data, serving.expert or 1, serving.pipeline or 1)


def _problem(collector: Collector, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic("CC311", message, span=collector.place(path), hint=hint)


def _open_tensors(collector: Collector, serving: Serving, architecture: Architecture) -> list[int]:
    """Powers of two that stay within a fast domain and cut the model evenly."""
    most = int(collector.inputs["serving.scale_up_size"].range.mid) // ((serving.data or 1) * (serving.pipeline or 1))
    cuts = list(tensor_cuts(architecture))
    found, tensor = [], 1
    while tensor <= max(most, 1):
        if all(cut.suits(tensor) for cut in cuts):
            found.append(tensor)
        tensor *= 2
    return found


def _no_ranks(serving: Serving) -> tuple[str, str]:
    return (
        f"no group of accelerators within a fast domain can be divided over expert {serving.expert}",
        "state serving.tensor and serving.data, whose product is a multiple of serving.expert",
    )


def _stage_problems(
    collector: Collector, serving: Serving | Prefill, model: ResolvedModel, section: str
) -> Iterator[Diagnostic]:
    if model.architecture is None:
        return
    layers = sum(group.count for group in model.architecture.layers)
    if serving.pipeline is not None and serving.pipeline > layers:
        message = f"pipeline {serving.pipeline} has more stages than {model.label} has layers: {layers}"
        yield _problem(collector, f"{section}.pipeline", message, f"at most {section}.pipeline: {layers}")


def _expert_problems(
    collector: Collector, serving: Serving | Prefill, model: ResolvedModel, section: str
) -> Iterator[Diagnostic]:
    degree, architecture = serving.expert, model.architecture
    if degree is None or degree == 1 or architecture is None:
        return
    if model.structure == "dense":
        message = f"expert {degree} spreads experts, but {model.label} is dense"
        yield _problem(collector, f"{section}.expert", message, f"leave out {section}.expert")
        return
    for name, shape in architecture.feed_forwards.items():
        if isinstance(shape, ExpertFeedForward) and shape.experts % degree:
            message = f"expert {degree} does not divide the {shape.experts} experts of {name} in {model.label}"
            hint = f"nearest {section}.expert: {nearest(degree, divisors(shape.experts))}"
            yield _problem(collector, f"{section}.expert", message, hint)


def _rank_problems(collector: Collector, serving: Serving | Prefill, others: int, section: str) -> Iterator[Diagnostic]:
    """Tell where per_replica is not what its parts make."""
    whole = serving.per_replica
    if whole is None:
        return
    parts = others * (serving.tensor or 1)
    stated = [f"{key} {getattr(serving, key)}" for key in ("tensor", "data", "pipeline") if getattr(serving, key)]
    if whole % parts:
        message = f"per_replica {whole} cannot be divided into {' x '.join(stated)}"
        multiples = " or ".join(str(each) for each in (whole // parts * parts, (whole // parts + 1) * parts) if each)
        yield _problem(collector, f"{section}.per_replica", message, f"nearest {section}.per_replica: {multiples}")
    elif serving.tensor is not None and serving.data is not None and whole != parts:
        message = f"per_replica {whole} is not the product of {' x '.join(stated)} = {parts}"
        yield _problem(
            collector, f"{section}.per_replica", message, f"{section}.per_replica: {parts}, or leave one of them out"
        )


def _tensor_problems(
    collector: Collector, architecture: Architecture, label: str, tensor: int, section: str
) -> Iterator[Diagnostic]:
    cuts = list(tensor_cuts(architecture))
    wrong = [cut for cut in cuts if not cut.suits(tensor)]
    if not wrong:
        return
    possible = range(1, max(cut.number for cut in cuts) + 1)
    suiting = nearest(tensor, [each for each in possible if all(cut.suits(each) for cut in cuts)])
    key = "tensor" if collector.is_stated(f"{section}.tensor") else "per_replica"
    for cut in wrong:
        message = f"tensor {tensor} does not divide {cut.what} in {label}"
        yield _problem(collector, f"{section}.{key}", message, f"nearest {section}.tensor: {suiting}")


def _experts_on_ranks(collector: Collector, serving: Serving | Prefill, ranks: int, section: str) -> Diagnostic:
    message = f"expert {serving.expert} does not divide the {ranks} ranks of tensor x data"
    return _problem(
        collector,
        f"{section}.expert",
        message,
        f"nearest {section}.expert: {nearest(serving.expert or 1, divisors(ranks))}",
    )
