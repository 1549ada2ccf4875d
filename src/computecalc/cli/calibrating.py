"""A table of own measurements, named by a flag for all services of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from computecalc.errors import Diagnostic, UsageError
from computecalc.scenario.files import RawScenario
from computecalc.yamlio.nodes import MappingNode, child, from_flag, mapping_from_paths, merge

__all__ = ["calibrated"]


def calibrated(scenarios: Sequence[RawScenario], path: str) -> list[RawScenario]:
    """Name a table of own measurements in every scenario of kind infer.

    Raises
    ------
    UsageError
        CC101 for an empty name, and where there is no such scenario.
    """
    if not path.strip():
        raise UsageError(Diagnostic("CC101", "--calibrate is empty", hint="leave the flag out, or name a file"))
    named = mapping_from_paths({"serving.calibration": from_flag("--calibrate", path, resolve=False)})
    found, served = [], 0
    for raw in scenarios:
        if getattr(child(raw.node, "kind"), "value", None) == "infer":
            merged, served = merge(raw.node, named), served + 1
            found.append(replace(raw, node=merged) if isinstance(merged, MappingNode) else raw)
        else:
            found.append(raw)
    if not served:
        hint = "leave --calibrate out: it corrects served workloads"
        raise UsageError(Diagnostic("CC101", "--calibrate, but there is no scenario of kind infer", hint=hint))
    return found
