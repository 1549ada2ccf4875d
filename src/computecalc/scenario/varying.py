"""One scenario under several values of a few keys: `--over accelerator=h100-sxm,b200-sxm`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from computecalc.errors import Diagnostic, UsageError
from computecalc.scenario.files import RawScenario
from computecalc.yamlio.nodes import MappingNode, Node, mapping_from_paths, merge

__all__ = ["MOST_VARIANTS", "varied"]

MOST_VARIANTS = 1_000
"""Variants that are compared at most; more are a sweep."""


def varied(raw: RawScenario, axes: Mapping[str, Sequence[Node]], *, has_name: bool) -> list[RawScenario]:
    """Return a scenario under every combination of values.

    Parameters
    ----------
    raw : RawScenario
        The scenario.
    axes : mapping
        Values by dotted path.
    has_name : bool
        Whether the name of the scenario is part of the variants' names, since there are other scenarios.

    Raises
    ------
    UsageError
        CC660, when there are more than `MOST_VARIANTS`.
    """
    if not axes:
        return [raw]
    size = 1
    for values in axes.values():
        size *= len(values)
    if size > MOST_VARIANTS:
        message = f"{size:,} variants are too many to compare side by side; at most {MOST_VARIANTS:,} are"
        raise UsageError(Diagnostic("CC660", message, hint="fewer values, or a matrix in a file for `computecalc run`"))
    return [_variant(raw, dict(zip(axes, point, strict=True)), has_name=has_name) for point in product(*axes.values())]


def _variant(raw: RawScenario, point: Mapping[str, Node], *, has_name: bool) -> RawScenario:
    labels = [" ".join(getattr(node, "text", "").split()) or "null" for node in point.values()]
    name = "/".join([raw.name, *labels] if has_name else labels)
    node = merge(raw.node, mapping_from_paths(point))
    if not isinstance(node, MappingNode):
        raise TypeError(f"two mappings merged into something else at {raw.span.label}")
    return replace(raw, name=name, node=node)
