"""Located trees to pydantic models; what is wrong with them as diagnostics with places.

A validator of a model raises ``PydanticCustomError("CC405", message, context)`` to report a code of its own.
The context may hold ``hint`` (the way out), ``offset`` and ``length`` (the wrong part of the text, in
characters) and, for errors of a whole mapping, ``key`` (the key in it that is wrong).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from computecalc.errors import Diagnostic, ScenarioError, Span, did_you_mean
from computecalc.yamlio.model_fields import field_keys, models_at, nested_place
from computecalc.yamlio.nodes import MappingNode, Node, Path, ScalarNode, get, locate, locate_key, plain
from computecalc.yamlio.problems import Problem, kept_of_unions, problem_from_error
from computecalc.yamlio.wording import any_of, described, expected, limit, offered_words, quoted

__all__ = ["validate"]

M = TypeVar("M", bound=BaseModel)

_OWN_CODE = re.compile(r"CC\d{3}")
_MOST_WORDS_LISTED = 30
# Errors of these types speak of Python; those of other types come from validators of ours.
_PYDANTIC_TYPES = frozenset(get_args(ErrorType))


def validate(model: type[M], node: Node) -> M:
    """Build a model from a tree.

    Parameters
    ----------
    model : type[BaseModel]
        The model wanted.
    node : Node
        The tree, often merged from several documents.

    Returns
    -------
    BaseModel
        An instance of `model`.

    Raises
    ------
    ScenarioError
        With all diagnostics in the order of the document: CC301 unknown key, CC302 missing key, CC303 wrong
        value, CC306 none of the words allowed, and the codes of the model's own validators.
    """
    try:
        return model.model_validate(plain(node))
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        problems = [problem_from_error(model, node, item) for item in errors]
        kept = kept_of_unions(problems, partial(_is_slip, node))
        # An alias shows the same place twice, hence the set.
        diagnostics = {_diagnostic(model, node, problem) for problem in kept}
        raise ScenarioError(*sorted(diagnostics, key=partial(_order, node))) from error


def _order(root: Node, diagnostic: Diagnostic) -> tuple[bool, str, int, int, str]:
    span = diagnostic.span or root.span
    is_elsewhere = span.document != root.span.document
    return (is_elsewhere, span.document.name, span.line, span.column, diagnostic.message)


def _diagnostic(model: type[BaseModel], node: Node, problem: Problem) -> Diagnostic:
    if _OWN_CODE.fullmatch(problem.type):
        return _own_diagnostic(node, problem)
    if problem.type == "extra_forbidden":
        return _unknown_key(model, node, problem)
    if problem.missing_key:
        place = _dotted(problem.path)
        message = f"the key `{problem.missing_key}` is missing" + (f" in `{place}`" if place else "")
        return Diagnostic("CC302", message, span=locate_key(node, problem.path))
    return _wrong_value(node, problem)


def _own_diagnostic(node: Node, problem: Problem) -> Diagnostic:
    context, path = problem.context, problem.path
    key = context.get("key")
    if isinstance(key, str) and get(node, (*path, key)) is not None:
        path = (*path, key)
    span = _fault_span(node, path, is_about_key=problem.is_about_key)
    value = get(node, path)
    if isinstance(value, ScalarNode) and not problem.is_about_key and "offset" in context:
        span = _narrowed(value, int(context["offset"]), int(context.get("length", 1)))
    return Diagnostic(problem.type, problem.message, span=span, hint=str(context.get("hint") or ""))


def _narrowed(value: ScalarNode, offset: int, length: int) -> Span:
    """Return a part of a scalar's text, the whole where the text is not written on one line as it is."""
    quote = 1 if value.style == "quoted" else 0
    if value.span.end_column - value.span.column != len(value.text) + 2 * quote:
        return value.span
    offset = min(max(offset, 0), len(value.text))
    return value.span.narrowed(offset + quote, min(length, len(value.text) - offset))


def _unknown_key(model: type[BaseModel], node: Node, problem: Problem) -> Diagnostic:
    key = str(problem.path[-1])
    owners = models_at(model, problem.steps[:-1])
    allowed = list(dict.fromkeys(name for owner in owners for name in field_keys(owner)))
    elsewhere = nested_place(owners, key)
    near = (elsewhere,) if elsewhere else did_you_mean(key, allowed)
    place = _dotted(problem.path[:-1])
    message = f"unknown key {quoted(key)}" + (f" in `{place}`" if place else "")
    span = locate_key(node, problem.path)
    return Diagnostic("CC301", message, span=span, hint=_words_hint(near, allowed))


def _wrong_value(node: Node, problem: Problem) -> Diagnostic:
    span = _fault_span(node, problem.path, is_about_key=problem.is_about_key)
    value = get(node, problem.path)
    # What a default or a validator put in is not written anywhere; its key says what it is.
    found = f"another value in `{_dotted(problem.path)}`" if value is None else described(value)
    if problem.is_about_key:
        found = f"the key {quoted(str(problem.path[-1]))}"
    words = [word for alternative in (problem, *problem.alternatives) for word in offered_words(alternative)]
    wanted = any_of(filter(None, map(expected, (problem, *problem.alternatives))))
    if words and isinstance(value, ScalarNode):
        wanted = wanted if len(words) <= _MOST_WORDS_LISTED else "one of the words allowed"
        hint = _words_hint(did_you_mean(value.text, words), ())
        return Diagnostic("CC306", f"expected {wanted}, found {found}", span=span, hint=hint)
    broken = limit(problem)
    if broken:
        return Diagnostic("CC303", f"{found} {broken}", span=span)
    if wanted:
        hint = _text_hint(problem, value)
        return Diagnostic("CC303", f"expected {wanted}, found {found}", span=locate(node, problem.path), hint=hint)
    return Diagnostic("CC303", _validator_message(problem, found), span=span)


def _validator_message(problem: Problem, found: str) -> str:
    cause = problem.context.get("error")
    if cause is not None and str(cause):  # what a validator of ours said, without pydantic's "Value error, "
        return str(cause)
    return f"{found} is not accepted here" if problem.type in _PYDANTIC_TYPES else problem.message


def _text_hint(problem: Problem, value: Node | None) -> str:
    is_bare = isinstance(value, ScalarNode) and value.style == "plain" and bool(value.text)
    if problem.type == "string_type" and isinstance(value, ScalarNode) and is_bare:
        return f'put it in quotes: "{value.text}"'
    return ""


def _words_hint(near: Sequence[str], allowed: Sequence[str]) -> str:
    if near:
        return f"did you mean {any_of(f'`{word}`' for word in near)}?"
    if allowed:
        return f"allowed: {', '.join(allowed)}"
    return ""


def _is_slip(node: Node, problem: Problem) -> bool:
    """Tell whether a wrong word is near one of the words wanted."""
    value = get(node, problem.path)
    return isinstance(value, ScalarNode) and bool(did_you_mean(value.text, offered_words(problem)))


def _fault_span(node: Node, path: Path, *, is_about_key: bool) -> Span:
    # A mapping goes over many lines; its key says better which mapping is meant.
    if is_about_key or isinstance(get(node, path), MappingNode):
        return locate_key(node, path)
    return locate(node, path)


def _dotted(path: Path) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
