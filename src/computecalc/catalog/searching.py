"""Finding entries by what they state: a small language of comparisons, read here and never evaluated as code.

::

    memory >= 141 GB and vendor = AMD
    peak.bf16 > 900 TFLOP/s and (scale_up.size >= 64 or generation ~ tpu) and not vendor = Google

A name is a figure, a label, ``id``, ``name`` or ``aliases``; the last or first part of a longer name will do where
only one figure fits the quantity. ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=`` compare; ``~`` asks whether a text holds
another. ``and`` binds closer than ``or``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from computecalc.catalog.attributes import ANY_UNIT, KIND_NAMES, KINDS, Kind, KindName
from computecalc.catalog.entries import Entry
from computecalc.catalog.names import folded
from computecalc.errors import Diagnostic, Document, QuantityError, Span, UsageError, did_you_mean
from computecalc.records import record
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range

__all__ = ["Comparison", "Junction", "Query", "Values", "matching", "parse_query", "searched_kinds"]

Values: TypeAlias = Callable[[Entry, str], "Range | str | None"]
"""What an entry states at a path, in base units."""

_TOKEN = re.compile(r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<op>!=|<=|>=|==|[=<>~])|(?P<text>"[^"]*"|'[^']*'))""")
_NUMBER = re.compile(r"[-+$.]*[0-9]")
_WORD = re.compile(r"""[^\s()!=<>~"']+""")
_NAMES = ("id", "name", "aliases")
_LONGEST, _DEEPEST = 1000, 20
_JOINTS = ("and", "or", "not")

Token: TypeAlias = tuple[str, str, int]
"""Sort (open, close, op, text, word), text and offset."""


@record
class Comparison:
    """One name held against one value, both as they are written."""

    name: str
    operator: str
    value: str
    name_span: Span
    value_span: Span


@record
class Junction:
    """Queries of which all, any or none must hold."""

    sort: Literal["and", "or", "not"]
    parts: tuple[Query, ...]


Query: TypeAlias = "Comparison | Junction"


def parse_query(text: str) -> Query:
    """Read an expression.

    Raises
    ------
    UsageError
        CC101, pointing at what is not understood.
    """
    document = Document("the search", text, kind="flag")
    if len(text) > _LONGEST:
        raise UsageError(Diagnostic("CC101", f"the search is longer than {_LONGEST} characters"))
    reader = _Reader(document, list(_tokens(document)))
    query = reader.alternatives(0)
    if reader.position < len(reader.tokens):
        raise reader.problem("`and` or `or` is missing here")
    return query


def _tokens(document: Document) -> Iterator[Token]:
    text, offset = document.text, 0
    while text[offset:].strip():
        offset += len(text[offset:]) - len(text[offset:].lstrip())
        found = _TOKEN.match(text, offset)
        if found is not None:
            sort = str(found.lastgroup)
            yield sort, found[sort].strip("\"'") if sort == "text" else found[sort], offset
            offset = found.end()
            continue
        word = _WORD.match(text, offset)
        if word is None:
            raise _problem(document, offset, 1, f"`{text[offset]}` is not understood")
        yield "word", word[0], offset
        offset = word.end()


def _problem(document: Document, offset: int, length: int, message: str) -> UsageError:
    span = Span(document, 1, offset + 1, offset + 1 + max(length, 1))
    return UsageError(Diagnostic("CC101", message, span=span, hint="write `memory >= 141 GB and vendor = AMD`"))


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, document: Document, tokens: list[Token]) -> None:
        self.document = document
        self.tokens = tokens
        self.position = 0

    def alternatives(self, depth: int) -> Query:
        """Read what `or` joins."""
        return self._joined("or", lambda: self._joined("and", lambda: self._part(depth)))

    def _joined(self, joint: Literal["and", "or"], read: Callable[[], Query]) -> Query:
        parts = [read()]
        while self._next_is("word", joint):
            self.position += 1
            parts.append(read())
        return parts[0] if len(parts) == 1 else Junction(joint, tuple(parts))

    def _part(self, depth: int) -> Query:
        if depth > _DEEPEST:
            raise self.problem(f"parentheses are nested more than {_DEEPEST} deep")
        if self._next_is("word", "not"):
            self.position += 1
            return Junction("not", (self._part(depth + 1),))
        if self._next_is("open"):
            self.position += 1
            inner = self.alternatives(depth + 1)
            if not self._next_is("close"):
                raise self.problem("`)` is missing")
            self.position += 1
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        if not self._next_is("word") or self.tokens[self.position][1].casefold() in _JOINTS:
            raise self.problem("the name of a figure or label is missing here")
        _, name, start = self.tokens[self.position]
        self.position += 1
        if not self._next_is("op"):
            raise self.problem("one of = != < <= > >= ~ is missing here")
        operator = self.tokens[self.position][1]
        self.position += 1
        words = []
        while self._next_is("word") or self._next_is("text"):
            sort, word, _ = self.tokens[self.position]
            if sort == "word" and word.casefold() in _JOINTS:
                break
            words.append(self.tokens[self.position])
            self.position += 1
        if not words:
            raise self.problem("a value is missing here")
        end = words[-1][2] + len(words[-1][1])
        place = Span(self.document, 1, words[0][2] + 1, end + 1)
        value = " ".join(word[1] for word in words)
        name_place = Span(self.document, 1, start + 1, start + len(name) + 1)
        return Comparison(name, "=" if operator == "==" else operator, value, name_place, place)

    def _next_is(self, sort: str, word: str = "") -> bool:
        if self.position >= len(self.tokens):
            return False
        found, text, _ = self.tokens[self.position]
        return found == sort and (not word or text.casefold() == word)

    def problem(self, message: str) -> UsageError:
        """Return a problem at the token that comes next."""
        if self.position < len(self.tokens):
            _, text, offset = self.tokens[self.position]
            return _problem(self.document, offset, len(text), message)
        return _problem(self.document, len(self.document.text), 1, message)


def _comparisons(query: Query) -> Iterator[Comparison]:
    if isinstance(query, Comparison):
        yield query
        return
    for part in query.parts:
        yield from _comparisons(part)


def searched_kinds(query: Query) -> tuple[KindName, ...]:
    """Return the kinds of entry whose labels and figures answer the whole query.

    Raises
    ------
    UsageError
        CC102, when no kind has a name that is asked for, or none has all of them.
    QuantityError
        CC401 to CC407, when a name is there and its value is no quantity of its unit.
    """
    fitting: list[KindName] = []
    problems: dict[KindName, UsageError | QuantityError] = {}
    for kind in KIND_NAMES:
        try:
            for comparison in _comparisons(query):
                _resolved(KINDS[kind], comparison)
        except (UsageError, QuantityError) as error:
            problems[kind] = error
        else:
            fitting.append(kind)
    if not fitting:
        raise _telling(query, list(problems.values()))
    return tuple(fitting)


def _telling(query: Query, problems: list[UsageError | QuantityError]) -> UsageError | QuantityError:
    """Choose the problem that helps most: a wrong unit of a known name before an unknown name."""
    for problem in problems:
        if problem.diagnostics[0].code != "CC102":
            return problem
    for comparison in _comparisons(query):
        known = [name for kind in KINDS.values() for name in (*_known(kind), *kind.blocks)]
        if not any(_is_called(name, comparison.name) for name in known):
            return _unknown(comparison, known)
    names = ", ".join(comparison.name for comparison in _comparisons(query))
    return UsageError(Diagnostic("CC102", f"no kind of entry has all of {names}", hint="search for one kind at a time"))


def _unknown(comparison: Comparison, known: Iterable[str]) -> UsageError:
    near = did_you_mean(comparison.name, known)
    hint = f"did you mean {' or '.join(near)}?" if near else "docs/reference/catalog-figures.md lists all"
    message = f"there is no figure or label `{comparison.name}`"
    return UsageError(Diagnostic("CC102", message, span=comparison.name_span, hint=hint))


def _known(kind: Kind) -> tuple[str, ...]:
    return (*_NAMES, *kind.labels, *kind.figures)


def _is_called(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.") or path.endswith(f".{name}")


@record
class _Test:
    """A comparison with its path found and its value read."""

    path: str
    holds: Callable[[Range | str], bool]


def _resolved(kind: Kind, comparison: Comparison) -> _Test:
    exact = [path for path in _known(kind) if path == comparison.name]
    paths = exact or [path for path in _known(kind) if _is_called(path, comparison.name)]
    # A number is meant for a figure, a word for a label.
    figures = [path for path in paths if path in kind.figures]
    labels = [path for path in paths if path not in kind.figures]
    paths = (figures if _NUMBER.match(comparison.value) else labels) or paths
    if not paths:
        raise _unknown(comparison, _known(kind))
    tests, problems = [], []
    for path in paths:
        try:
            tests.append(_test(kind, path, comparison))
        except QuantityProblem as problem:
            problems.append(problem)
    if not tests:
        raise QuantityError(_unfit(comparison, paths, problems[0]))
    if len(tests) > 1:
        choices = ", ".join(test.path for test in tests)
        message = f"`{comparison.name}` may be {choices}"
        raise UsageError(Diagnostic("CC101", message, span=comparison.name_span, hint="write one of them"))
    return tests[0]


def _unfit(comparison: Comparison, paths: Sequence[str], problem: QuantityProblem) -> Diagnostic:
    message = f"{paths[0]}: {problem.message}"
    return Diagnostic(problem.code, message, span=comparison.value_span, hint=problem.hint)


def _test(kind: Kind, path: str, comparison: Comparison) -> _Test:
    attribute = kind.figures.get(path)
    if attribute is None:
        label = kind.labels.get(path)
        if comparison.operator[0] in "<>" and label is not None and not label.date:
            raise QuantityProblem("CC401", "a word has no order", hint="use = != ~")
        return _Test(path, _text_test(comparison.operator, comparison.value))
    if comparison.operator == "~" or attribute.unit == ANY_UNIT:
        message = "`~` is for texts" if comparison.operator == "~" else "its unit differs from entry to entry"
        raise QuantityProblem("CC401", message, hint="use = != < <= > >=")
    try:
        wanted = attribute.spec().parse(comparison.value).mid
    except QuantityProblem as problem:
        if problem.code != "CC404" or not attribute.per:
            raise
        wanted = attribute.spec(full=True).parse(comparison.value).mid
    return _Test(path, _number_test(comparison.operator, wanted))


def _number_test(operator: str, wanted: float) -> Callable[[Range | str], bool]:
    tolerance = abs(wanted) * 1e-9
    tests: dict[str, Callable[[float], bool]] = {
        "=": lambda value: abs(value - wanted) <= tolerance,
        "!=": lambda value: abs(value - wanted) > tolerance,
        "<": lambda value: value < wanted - tolerance,
        "<=": lambda value: value <= wanted + tolerance,
        ">": lambda value: value > wanted + tolerance,
        ">=": lambda value: value >= wanted - tolerance,
    }
    test = tests[operator]
    return lambda value: isinstance(value, Range) and test(value.mid)


def _text_test(operator: str, wanted: str) -> Callable[[Range | str], bool]:
    goal = folded(wanted)
    tests: dict[str, Callable[[str], bool]] = {
        "=": lambda text: goal in (text, *text.split(",-")),
        "!=": lambda text: goal not in (text, *text.split(",-")),
        "~": lambda text: goal in text,
        "<": lambda text: text < goal,
        "<=": lambda text: text <= goal or text.startswith(goal),
        ">": lambda text: text > goal and not text.startswith(goal),
        ">=": lambda text: text >= goal,
    }
    test = tests[operator]
    return lambda value: isinstance(value, str) and test(folded(value))


def matching(query: Query, kind: KindName, entries: Iterable[Entry], values: Values) -> tuple[list[Entry], list[str]]:
    """Return the entries of a kind that the query holds for, and the paths that it asks about.

    Parameters
    ----------
    query : Query
        What to look for.
    kind : str
        Kind of the entries.
    entries : iterable of Entry
        Where to look.
    values : callable
        What an entry states at a path; a comparison with what it does not state never holds, not even ``!=``.
    """
    tests = {id(comparison): _resolved(KINDS[kind], comparison) for comparison in _comparisons(query)}

    def holds(part: Query, entry: Entry) -> bool:
        if isinstance(part, Comparison):
            test = tests[id(part)]
            value = values(entry, test.path)
            return value is not None and test.holds(value)
        if part.sort == "not":
            return not holds(part.parts[0], entry)
        combine = all if part.sort == "and" else any
        return combine(holds(inner, entry) for inner in part.parts)

    return [entry for entry in entries if holds(query, entry)], list(
        dict.fromkeys(test.path for test in tests.values())
    )
