"""Pydantic's errors as problems of a located tree: true paths, and one branch of each union.

Pydantic puts labels of union branches and validators into an error's location, and reports the errors of all
branches of a union. Here the labels are told from the keys, and of each union only what the user most likely
meant is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from computecalc.records import record
from computecalc.yamlio.model_fields import Step, field_keys, is_label, models_at
from computecalc.yamlio.nodes import Node, child

__all__ = ["Problem", "align", "kept_of_unions", "problem_from_error"]

Part = str | int


@record
class Problem:
    """One error of pydantic, located."""

    type: str
    message: str
    context: dict[str, Any]
    steps: tuple[Step, ...]
    """The location, each part with whether it is a real key; without the key that is missing, if one is."""
    missing_key: str = ""
    is_about_key: bool = False
    """Whether the key at the location is wrong, not its value."""
    alternatives: tuple[Problem, ...] = ()
    """Mismatches of the other branches of a union, all at the same place."""

    @property
    def path(self) -> tuple[Part, ...]:
        """The real keys and indices of the location."""
        return tuple(part for part, is_real in self.steps if is_real)

    @property
    def is_mismatch(self) -> bool:
        """Whether the value has another type than wanted, or is none of the words wanted."""
        return self.type in {"literal_error", "enum"} or self.type.endswith(("_type", "_parsing", "_from_float"))


def problem_from_error(model: type[BaseModel], node: Node, error: Any) -> Problem:
    """Return the problem for one item of `pydantic.ValidationError.errors()` of a model and a tree."""
    location: tuple[Part, ...] = error["loc"]
    kind: str = error["type"]
    context: dict[str, Any] = error.get("ctx", {})
    missing_key, is_about_key = "", kind == "extra_forbidden"
    if kind == "missing":
        location, missing_key = location[:-1], str(location[-1])
    elif location and location[-1] == "[key]":
        location, is_about_key = location[:-1], True
    elif kind == "union_tag_not_found":
        missing_key = str(context["discriminator"]).strip("'")
    elif kind == "union_tag_invalid":
        location = (*location, str(context["discriminator"]).strip("'"))
    steps = _steps(model, node, location)
    return Problem(kind, error["msg"], context, steps, missing_key, is_about_key)


def _steps(model: type[BaseModel], node: Node, location: Sequence[Part]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for part, is_in_tree in zip(location, align(node, location), strict=True):
        # A default, or a value that a validator put in, has a field but no place in the tree.
        is_real = is_in_tree or isinstance(part, int) or _is_field(models_at(model, steps), part)
        steps.append((part, is_real))
    return tuple(steps)


def _is_field(owners: Sequence[type[BaseModel]], part: Part) -> bool:
    return any(part in field_keys(o) for o in owners) and not any(is_label(o, part) for o in owners)


def align(node: Node, location: Sequence[Part]) -> tuple[bool, ...]:
    """Return for each part of a location whether it is a key or index of the tree.

    A label of a union's branch may equal a key. Of all readings the best has its last part in the tree, then
    the most parts in the tree.
    """
    known: dict[tuple[int, int], tuple[bool, ...]] = {}

    def read(current: Node, index: int) -> tuple[bool, ...]:
        if index == len(location):
            return ()
        place = (id(current), index)
        if place not in known:
            known[place] = max(readings(current, index), key=lambda flags: (flags[-1], sum(flags)))
        return known[place]

    def readings(current: Node, index: int) -> Iterable[tuple[bool, ...]]:
        below = child(current, location[index])
        if below is not None:
            yield (True, *read(below, index + 1))
        yield (False, *read(current, index + 1))

    return read(node, 0)


def kept_of_unions(problems: Iterable[Problem], suggests: Callable[[Problem], bool], start: int = 0) -> list[Problem]:
    """Return the problems without those of union branches that the user did not mean.

    Parameters
    ----------
    problems : iterable of Problem
        Problems that share their first `start` steps.
    suggests : callable
        Whether a wrong word is so near to a wanted one that it must be a slip.
    start : int
        The step from which on labels of branches are looked for.

    Returns
    -------
    list of Problem
        Of each union the problems of one branch, or one problem with the mismatches of all as alternatives.
    """
    kept: list[Problem] = []
    unions: dict[tuple[Step, ...], dict[Part, list[Problem]]] = {}
    for problem in problems:
        label = next((i for i in range(start, len(problem.steps)) if not problem.steps[i][1]), None)
        if label is None:
            kept.append(problem)
        else:
            branches = unions.setdefault(problem.steps[:label], {})
            branches.setdefault(problem.steps[label][0], []).append(problem)
    for prefix, branches in unions.items():
        inner = [kept_of_unions(branch, suggests, len(prefix) + 1) for branch in branches.values()]
        kept.extend(_meant(inner, suggests, len(prefix)))
    return kept


def _meant(branches: list[list[Problem]], suggests: Callable[[Problem], bool], label: int) -> list[Problem]:
    if len(branches) == 1:
        return branches[0]
    for branch in branches:
        if len(branch) == 1 and suggests(branch[0]):
            return branch
    # A branch that got past the type of the value is nearer than one that did not.
    fitting = [branch for branch in branches if not all(_misses(problem, label) for problem in branch)]
    if fitting:
        return min(fitting, key=len)
    first, *others = [problem for branch in branches for problem in branch]
    return [replace(first, alternatives=(*first.alternatives, *others))]


def _misses(problem: Problem, label: int) -> bool:
    """Tell whether the union's own value, not one below it, has the wrong type for the branch."""
    return problem.is_mismatch and not any(is_real for _, is_real in problem.steps[label:])
