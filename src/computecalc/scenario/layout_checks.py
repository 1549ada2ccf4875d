"""What is impossible about a layout: the two values that clash, and the nearest that would not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from computecalc.catalog.architecture import Architecture, DenseFeedForward, ExpertFeedForward
from computecalc.errors import Diagnostic
from computecalc.records import record
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.schema import Layout

__all__ = [
    "Cut",
    "Plan",
    "divisors",
    "multiples",
    "nearest",
    "product_of",
    "rank_problems",
    "shape_problems",
    "tensor_cuts",
]


@record
class Plan:
    """A stated layout, and what it must suit."""

    collector: Collector
    layout: Layout
    model: ResolvedModel
    batch_in_tokens: bool
    """A batch in tokens is a round figure, and the sequences that follow need not be whole."""
    is_partial: bool = False
    """Whether degrees that are not stated are searched, so that nothing follows from their defaults."""

    @property
    def ways(self) -> int:
        """Accelerators of one data-parallel rank."""
        return self.layout.tensor * self.layout.pipeline * self.layout.context

    def stated(self, *keys: str) -> dict[str, int]:
        """Return the degrees that are stated; one that is not is 1, or still to be found."""
        return {key: getattr(self.layout, key) for key in keys if self.collector.is_stated(f"layout.{key}")}

    def problem(self, key: str, message: str, hint: str) -> Diagnostic:
        """Return CC311 at a key of the layout, or of another section."""
        path = key if "." in key or key == "layout" else f"layout.{key}"
        return Diagnostic("CC311", message, span=self.collector.place(path), hint=hint)


def divisors(number: int) -> list[int]:
    """Return what divides a positive number, from small to large."""
    small = [n for n in range(1, math.isqrt(number) + 1) if number % n == 0]
    return small + [number // n for n in reversed(small) if n * n != number]


def nearest(value: int, possible: Iterable[int]) -> str:
    """Name the possible values next to one: the largest below it and the smallest above."""
    found = sorted(possible)
    below, above = [each for each in found if each < value], [each for each in found if each > value]
    return " or ".join(map(str, (*below[-1:], *above[:1])))


def product_of(degrees: Mapping[str, int]) -> str:
    """Name degrees, and their product where they are several."""
    return f"{_factors(degrees)} = {math.prod(degrees.values())}" if len(degrees) > 1 else _factors(degrees)


def _factors(degrees: Mapping[str, int]) -> str:
    return " x ".join(f"{key} {degree}" for key, degree in degrees.items())


def multiples(step: int, value: int) -> str:
    """Name the multiples of a number next to a value."""
    below = value // step * step
    return " or ".join(str(each) for each in (below, below + step) if each)


def shape_problems(plan: Plan) -> Iterator[Diagnostic]:
    """Find what clashes with the model, whatever the count."""
    yield from _stage_problems(plan)
    if plan.model.architecture is not None:
        yield from _tensor_problems(plan, plan.model.architecture)
    yield from _expert_problems(plan)
    yield from _sequence_problems(plan)


def _stage_problems(plan: Plan) -> Iterator[Diagnostic]:
    layout, model = plan.layout, plan.model
    is_open = plan.is_partial and not plan.collector.is_stated("layout.pipeline")
    if layout.virtual_pipeline > 1 and layout.pipeline == 1 and not is_open:
        yield plan.problem(
            "virtual_pipeline",
            f"virtual_pipeline {layout.virtual_pipeline} interleaves stages, but pipeline is 1",
            "leave out layout.virtual_pipeline, or state layout.pipeline: 2 or more",
        )
        return
    is_plain = layout.pipeline > 1 or is_open
    if layout.zero_bubble and (not is_plain or layout.virtual_pipeline > 1):
        clash = f"virtual_pipeline {layout.virtual_pipeline}" if is_plain else "pipeline 1"
        yield plan.problem(
            "zero_bubble",
            f"zero_bubble fills the bubble of a plain pipeline, but the layout has {clash}",
            "leave out layout.virtual_pipeline" if is_plain else "state layout.pipeline: 2 or more",
        )
    if model.architecture is None:
        return
    layers = sum(group.count for group in model.architecture.layers)
    chunks = layout.pipeline * layout.virtual_pipeline
    if chunks > layers:
        key = "pipeline" if layout.pipeline > layers else "virtual_pipeline"
        most = layers if key == "pipeline" else layers // layout.pipeline
        stages = plan.stated("pipeline", "virtual_pipeline")
        yield plan.problem(
            key,
            f"{_factors(stages)} = {chunks} stages, but {model.label} has {layers} layers",
            f"at most layout.{key}: {most}",
        )


@record
class Cut:
    """A number of the model that a degree cuts, and whether it can."""

    what: str
    number: int
    suits: Callable[[int], bool]


def _divided(what: str, number: int) -> Cut:
    return Cut(what, number, lambda degree: number % degree == 0)


def _shared_or_divided(what: str, number: int) -> Cut:
    """Key heads: fewer than ranks are copied to as many ranks each."""
    return Cut(what, number, lambda degree: number % degree == 0 or degree % number == 0)


def tensor_cuts(architecture: Architecture) -> Iterator[Cut]:
    """Heads and widths that tensor parallelism cuts, by name."""
    for name, mixer in architecture.mixers.items():
        heads = getattr(mixer, "heads", None) or getattr(mixer, "value_heads", None)
        if heads:
            yield _divided(f"the {heads} heads of {name}", heads)
        if key_heads := getattr(mixer, "kv_heads", None):
            yield _shared_or_divided(f"the {key_heads} key-value heads of {name}", key_heads)
    for name, shape in architecture.feed_forwards.items():
        if isinstance(shape, DenseFeedForward):
            yield _divided(f"the width {shape.width} of {name}", shape.width)
            continue
        shared = shape.shared_width or shape.width
        if shape.shared_experts:
            yield _divided(f"the shared experts' width {shared} of {name}", shared)
        if shape.parallel_dense_width:
            yield _divided(f"the dense width {shape.parallel_dense_width} of {name}", shape.parallel_dense_width)


def _tensor_problems(plan: Plan, architecture: Architecture) -> Iterator[Diagnostic]:
    cuts = list(tensor_cuts(architecture))
    yield from _cut_problems(plan, "tensor", plan.layout.tensor, cuts)


def _cut_problems(plan: Plan, key: str, degree: int, cuts: list[Cut], aside: str = "") -> Iterator[Diagnostic]:
    """Tell each clash of a degree with the model; the way out is a degree that suits all that it cuts."""
    wrong = [cut for cut in cuts if not cut.suits(degree)]
    if not wrong:
        return
    possible = range(1, max(cut.number for cut in cuts) + 1)
    suiting = nearest(degree, [each for each in possible if all(cut.suits(each) for cut in cuts)])
    for cut in wrong:
        yield plan.problem(
            key,
            f"{key} {degree} does not divide {cut.what} in {plan.model.label}",
            f"nearest layout.{key}: {suiting}{aside}",
        )


def _expert_problems(plan: Plan) -> Iterator[Diagnostic]:
    layout, model = plan.layout, plan.model
    if model.structure == "dense":
        for key, degree in (("expert", layout.expert), ("expert_tensor", layout.expert_tensor or 1)):
            if degree > 1:
                yield plan.problem(
                    key, f"{key} {degree} cuts experts, but {model.label} is dense", f"leave out layout.{key}"
                )
        return
    if model.architecture is None:
        return
    shapes = _experts(model.architecture)
    experts = [_divided(f"the {each.experts} experts of {name}", each.experts) for name, each in shapes.items()]
    yield from _cut_problems(plan, "expert", layout.expert, experts)
    if layout.expert_tensor is not None:
        yield from _cut_problems(plan, "expert_tensor", layout.expert_tensor, _expert_widths(model.architecture))


def _experts(architecture: Architecture) -> dict[str, ExpertFeedForward]:
    return {name: each for name, each in architecture.feed_forwards.items() if isinstance(each, ExpertFeedForward)}


def _expert_widths(architecture: Architecture) -> list[Cut]:
    shapes = _experts(architecture)
    return [_divided(f"the experts' width {each.width} of {name}", each.width) for name, each in shapes.items()]


def _sequence_problems(plan: Plan) -> Iterator[Diagnostic]:
    """Context parallelism gives every rank the same share of a sequence.

    Two halves of a share balance the causal mask, but that a share is odd makes a layout slow, not impossible.
    """
    length = int(plan.collector.inputs["data.sequence_length"].range.mid)
    context = plan.layout.context
    if length % context:
        yield plan.problem(
            "context",
            f"context {context} does not divide the sequence length {length}",
            f"nearest layout.context: {nearest(context, divisors(length))}; "
            f"nearest data.sequence_length: {multiples(context, length)}",
        )


def rank_problems(plan: Plan, count: int) -> Iterator[Diagnostic]:
    """Find what clashes with the count of accelerators, and with the batch over the data-parallel degree."""
    ways = plan.ways
    product = product_of(plan.stated("tensor", "pipeline", "context"))
    if count < ways:
        yield plan.problem(
            "layout", f"{product} needs {ways} accelerators, but the count is {count}", f"nearest count: {ways}"
        )
        return
    if count % ways:
        yield plan.problem(
            "layout", f"{product} does not divide the count {count}", f"nearest counts: {multiples(ways, count)}"
        )
        return
    if plan.is_partial:
        return
    yield from _expert_rank_problems(plan, count)
    yield from _shard_problems(plan, count // ways)
    yield from _batch_problems(plan, count // ways)


def _shard_problems(plan: Plan, data: int) -> Iterator[Diagnostic]:
    """Sharding groups are equal, and those that hold whole sets of experts hold each as often as the others."""
    layout, size = plan.layout, plan.layout.shard_size
    if size is None:
        return
    if layout.sharding == "none":
        yield plan.problem(
            "shard_size",
            f"shard_size {size} cuts sharded states, but sharding is none",
            "leave out layout.shard_size, or state layout.sharding: optimizer, gradients or full",
        )
        return
    ranks = data * layout.context
    possible = divisors(ranks)
    if size not in possible:
        yield plan.problem(
            "shard_size",
            f"shard_size {size} does not divide data {data} x context {layout.context} = {ranks}",
            f"nearest layout.shard_size: {nearest(size, possible)}",
        )
        return
    if plan.model.structure != "dense" and not _groups_experts(layout, data, size):
        yield plan.problem(
            "shard_size",
            f"shard_size {size} x tensor {layout.tensor} ranks and expert {layout.expert} do not divide each other",
            f"nearest layout.shard_size: "
            f"{nearest(size, [each for each in possible if _groups_experts(layout, data, each)])}",
        )


def _groups_experts(layout: Layout, data: int, size: int) -> bool:
    """Tell whether a sharding group holds all experts equally often, or a group of expert ranks is whole such groups.

    The ranks of an expert are those of `computecalc.formulas.ranks.expert_tensor_degree` unless stated.
    """
    each = layout.expert_tensor or (1 if data * layout.context % layout.expert else layout.tensor)
    group, experts = size * layout.tensor, layout.expert * each
    return group % experts == 0 or experts % group == 0


def _expert_rank_problems(plan: Plan, count: int) -> Iterator[Diagnostic]:
    """Experts are spread over all ranks of a pipeline stage.

    Unless stated, the tensor degree cuts each expert too where the other ranks of the stage suffice for the expert
    degree, and else does not: see `computecalc.formulas.ranks.expert_tensor_degree`.
    """
    layout, model, ranks = plan.layout, plan.model, count // plan.layout.pipeline
    if model.structure == "dense":
        return
    each = layout.expert_tensor or 1
    if ranks % (layout.expert * each):
        product = f"expert {layout.expert}" + (f" x expert_tensor {each}" if each > 1 else "")
        possible = divisors(ranks // each) if ranks % each == 0 else [1]
        yield plan.problem(
            "expert" if layout.expert > 1 else "expert_tensor",
            f"{product} does not divide the {ranks} accelerators of a pipeline stage",
            f"nearest layout.expert: {nearest(layout.expert, possible)}"
            if ranks % each == 0
            else f"nearest layout.expert_tensor: {nearest(each, divisors(ranks))}",
        )
        return
    if layout.expert_tensor is not None or model.architecture is None or ranks // layout.tensor % layout.expert:
        return
    widths = _expert_widths(model.architecture)
    yield from _cut_problems(plan, "tensor", layout.tensor, widths, "; or layout.expert_tensor: 1")


def _batch_problems(plan: Plan, data: int) -> Iterator[Diagnostic]:
    """Every data-parallel rank works on whole micro-batches, and on as many as the others.

    A batch in tokens is a round figure, so only one that is too small is refused.
    """
    given = plan.collector.inputs.get("data.global_batch")
    if given is None or not given.range.is_exact:
        return
    batch, micro = given.range.mid, plan.layout.micro_batch or 1
    least = data * micro
    product = f"data {data} x micro_batch {micro} = {least}"
    if batch < least:
        yield plan.problem(
            "data.global_batch",
            f"the global batch of {batch:.0f} sequences is less than {product}",
            f"at least data.global_batch: {least}, or fewer data-parallel ranks (data is the count over "
            "tensor x pipeline x context)",
        )
    elif batch == int(batch) and int(batch) % least and not plan.batch_in_tokens:
        yield plan.problem(
            "data.global_batch",
            f"{product} does not divide the global batch of {batch:.0f} sequences",
            f"nearest data.global_batch: {multiples(least, int(batch))}",
        )
