"""What `optimize` returns: the best runs or services of a search, best first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

from computecalc.api.telling import told
from computecalc.api.values import Value, refuse
from computecalc.errors import Diagnostic, UsageError
from computecalc.estimators.inference.candidates import ServedCandidate
from computecalc.estimators.metrics import METRICS, metric
from computecalc.estimators.training.ranking import Candidate
from computecalc.reports.document import ReportStyle
from computecalc.reports.optimum import (
    OPTIMUM_FORMATS,
    AnyOptimum,
    OptimumDocument,
    layout_text,
    reason_texts,
    render_optimum,
    summary,
)
from computecalc.reports.optimum_json import search_json
from computecalc.reports.service_optimum import configuration_text

__all__ = ["Option", "Options"]


class Option(Mapping[str, Value]):
    """One run or service of a search: a mapping of metric ids to values, at the middle of all ranges."""

    def __init__(self, found: Candidate | ServedCandidate, reason: str) -> None:
        self.__dict__.update(_found=found, _reason=reason)

    if TYPE_CHECKING:
        _found: Candidate | ServedCandidate
        _reason: str

    __setattr__ = refuse
    __delattr__ = refuse

    @property
    def accelerator(self) -> str:
        """Catalog id of the accelerator."""
        return self._found.accelerator

    @property
    def count(self) -> int:
        """Accelerators of the whole cluster or fleet."""
        return self._found.count

    @property
    def layout(self) -> Mapping[str, int | str | bool]:
        """Degrees and options by their keys in a scenario."""
        layout = self._found.layout
        return MappingProxyType({field.name: getattr(layout, field.name) for field in fields(layout)})

    @property
    def reason(self) -> str:
        """Why it goes before the next; empty where none is behind it."""
        return self._reason

    def __getitem__(self, name: str) -> Value:
        """Return a metric; searches compare middle values, so that `low` and `high` are None.

        Raises
        ------
        UsageError
            CC102 where there is no metric of that name.
        """
        with told():
            unit = metric(name).unit
        number = self._found.metrics.get(name)
        reason = "" if number is not None else "a search does not know it"
        return Value(name, "" if unit == "1" else unit, None, number, None, reason=reason)

    def __contains__(self, name: object) -> bool:
        return name in self._found.metrics

    def __iter__(self) -> Iterator[str]:
        return (name for name in METRICS if name in self._found.metrics)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __str__(self) -> str:
        found = self._found
        text = layout_text(found) if isinstance(found, Candidate) else configuration_text(found)
        return f"{self.count:,} {self.accelerator}: {text}"

    def __repr__(self) -> str:
        return f"<{self}>"


class Options(Sequence[Option]):
    """The best of a search, best first; ``options[0]`` is the best."""

    def __init__(self, found: AnyOptimum, catalog: tuple[str, str]) -> None:
        reasons = reason_texts(found)
        reasons += [""] * (len(found.best) - len(reasons))
        each_best: Sequence[Candidate | ServedCandidate] = found.best
        best = tuple(Option(each, why) for each, why in zip(each_best, reasons, strict=False))
        front = tuple(Option(each, "") for each in found.front)
        self.__dict__.update(_found=found, _catalog=catalog, _best=best, _front=front)

    if TYPE_CHECKING:
        _found: AnyOptimum
        _catalog: tuple[str, str]
        _best: tuple[Option, ...]
        _front: tuple[Option, ...]

    __setattr__ = refuse
    __delattr__ = refuse

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self._found.name

    @property
    def by(self) -> str:
        """Metric that they are ranked by."""
        return self._found.by

    @property
    def limits(self) -> tuple[str, ...]:
        """Limits that all of them keep."""
        return self._found.limits

    @property
    def considered(self) -> int:
        """Layouts or configurations that were looked at."""
        return self._found.considered

    @property
    def fitting(self) -> int:
        """How many of them fit into memory."""
        return self._found.fitting

    @property
    def front(self) -> tuple[Option, ...]:
        """Those that none beats in both metrics of `axes`, where ``pareto=True`` asked for them."""
        return self._front

    @property
    def axes(self) -> tuple[str, str]:
        """Metrics that the front weighs against each other."""
        return self._found.axes

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings and notes."""
        return self._found.diagnostics

    @overload
    def __getitem__(self, place: int) -> Option: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Option]: ...

    def __getitem__(self, place: int | slice) -> Option | Sequence[Option]:
        """Return the option at a place."""
        return self._best[place]

    def __len__(self) -> int:
        return len(self._best)

    def report(self, format: str = "plain", *, digits: int = 4, width: int = 100) -> str:  # noqa: A002
        """Return the report of the command: ``plain``, ``table``, ``md``, ``csv`` or ``json``."""
        if format not in OPTIMUM_FORMATS:
            hint = f"there are {', '.join(OPTIMUM_FORMATS)}"
            with told():
                raise UsageError(Diagnostic("CC101", f"there is no format {format!r} of a search", hint=hint))
        return render_optimum(format, self._document(), ReportStyle(digits=digits, width=width))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``computecalc optimize --format json`` as plain data."""
        return search_json(self._document())

    def to_json(self) -> str:
        """Return the same as text."""
        return self.report("json")

    def __repr__(self) -> str:
        from computecalc.api.notebook import plain_table

        return "\n".join([self._title(), *plain_table(*self._table())])

    def _repr_html_(self) -> str:
        from computecalc.api.notebook import html_table, html_text

        return f"<div class='computecalc'><p>{html_text(self._title())}</p>{html_table(*self._table())}</div>"

    def _title(self) -> str:
        return f"{self.name}: {summary(self._found)}"

    def _table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        from computecalc.reports.optimum import candidate_rows

        return candidate_rows(self._found, ReportStyle(), is_narrow=False)

    def _document(self) -> OptimumDocument:
        return OptimumDocument((self._found,), *self._catalog, 0)
