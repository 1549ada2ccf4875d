"""From a scenario file to the plan of a sweep."""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.errors import Diagnostic, ScenarioError, UsageError, did_you_mean
from computecalc.scenario.extending import extended
from computecalc.scenario.matrix import SWEEP_KEYS, Matrix, matrix_of
from computecalc.scenario.other_files import Library, parts_of
from computecalc.scenario.sampling import DrawnAxis, drawn_axes
from computecalc.sweeps.plan import ListedAxis, Plan, Points
from computecalc.yamlio.nodes import MappingNode, Node, locate_key, mapping_from_paths

__all__ = ["read_plan"]


def read_plan(
    document: Node,
    *,
    scenario: str | None = None,
    settings: Mapping[str, Node] | None = None,
    library: Library | None = None,
) -> Plan:
    """Read what is to be swept.

    Parameters
    ----------
    document : Node
        A scenario file.
    scenario : str, optional
        Name of the scenario; absent: the only one of the file, or the only one with `matrix` or `sample`.
    settings : mapping, optional
        Values by dotted path that win over everything in the file, from `--set`.
    library : Library, optional
        Where other files that are extended come from; absent: those below the folder of this one.

    Raises
    ------
    UsageError
        CC757 when it is not clear which scenario is meant.
    ScenarioError
        What is wrong with the file, the matrix or the sample; CC751 for too many cases or none, CC760 for a setting
        over an axis.
    """
    file = parts_of(document)
    name = _chosen(file.scenarios, scenario)
    node = extended(file, name, file.scenarios[name], library or Library())
    span = locate_key(document, ["scenarios", name])
    matrix = matrix_of(node) if "matrix" in node.entries else Matrix({}, (), ())
    if "matrix" not in node.entries:
        _refuse_stray(node)
    sample, drawn = drawn_axes(node.entries["sample"].node) if "sample" in node.entries else (None, ())
    _check_paths(matrix, drawn)
    listed = tuple(ListedAxis(path, values) for path, values in matrix.axes.items())
    points = Points(listed, len(matrix.included), matrix.excluded, is_matrix="matrix" in node.entries)
    _check_settings(settings or {}, [*matrix.axes, *(axis.path for axis in drawn)])
    return Plan(
        name=name,
        node=MappingNode({key: entry for key, entry in node.entries.items() if key not in SWEEP_KEYS}, node.span),
        span=span,
        listed=(*listed, *(ListedAxis(axis.path, axis.values, is_drawn=True) for axis in drawn if axis.values)),
        drawn=tuple(axis for axis in drawn if not axis.values),
        points=points,
        included=matrix.included,
        over=mapping_from_paths(settings) if settings else None,
        sample=sample,
        order=(*matrix.axes, *(axis.path for axis in drawn)),
    ).checked()


def _chosen(scenarios: Mapping[str, MappingNode], wanted: str | None) -> str:
    if wanted is not None:
        if wanted in scenarios:
            return wanted
        near = did_you_mean(wanted, scenarios)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(scenarios)}"
        raise UsageError(Diagnostic("CC757", f"the file has no scenario {wanted!r}", hint=hint))
    varied = [name for name, node in scenarios.items() if not {"matrix", "sample"}.isdisjoint(node.entries)]
    found = varied if len(varied) == 1 else list(scenarios)
    if len(found) != 1:
        message = f"the file has {len(scenarios)} scenarios, and {len(varied)} of them state a matrix or a sample"
        hint = f"name one: --scenario {(varied or found or ['NAME'])[0]}"
        raise UsageError(Diagnostic("CC757", message, hint=hint))
    return found[0]


def _refuse_stray(node: MappingNode) -> None:
    for key in SWEEP_KEYS:
        if key in node.entries and key != "sample":
            message, hint = f"`{key}` without a `matrix`", "add `matrix: {PATH: [VALUE, ...]}`, or remove it"
            raise ScenarioError(Diagnostic("CC301", message, span=node.entries[key].key_span, hint=hint))


def _check_paths(matrix: Matrix, drawn: tuple[DrawnAxis, ...]) -> None:
    """Refuse an axis that is stated twice: one would hide the other."""
    stated = {*matrix.axes, *(path for point in matrix.included for path in point)}
    for axis in drawn:
        for path in stated:
            if path == axis.path or path.startswith(f"{axis.path}.") or axis.path.startswith(f"{path}."):
                message = f"`{axis.path}` is drawn, and `{path}` is stated by the matrix"
                raise ScenarioError(Diagnostic("CC304", message, span=axis.node.span, hint="keep one of the two"))


def _check_settings(settings: Mapping[str, Node], axes: list[str]) -> None:
    for path, node in settings.items():
        for axis in axes:
            if path == axis or path.startswith(f"{axis}.") or axis.startswith(f"{path}."):
                message = f"--set {path} lies over the axis `{axis}` of the sweep"
                hint = "leave it out, or take the axis from the file"
                raise ScenarioError(Diagnostic("CC760", message, span=node.span, hint=hint))
