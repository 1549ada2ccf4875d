"""What `estimate` returns: one estimate, or several side by side."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Never, overload

from computecalc.api.telling import told
from computecalc.api.values import Input, Value, input_of, refuse, value_of
from computecalc.errors import ComputecalcError, Diagnostic, UsageError, did_you_mean
from computecalc.estimators.absent import why_absent
from computecalc.estimators.metrics import METRICS, Metric, unknown_metric
from computecalc.estimators.results import Estimate as Found
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.formats import render
from computecalc.reports.json_document import ResultJson, result_json

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimate", "Estimates", "UnknownMetricError", "named_once"]


class UnknownMetricError(UsageError, KeyError):
    """A metric that there is none of: a `UsageError` as everywhere, and a `KeyError` as mappings raise."""

    __str__ = Exception.__str__


class _Reported(ABC):
    """What an estimate and estimates have in common: they cannot be changed, and are reported as commands report."""

    __setattr__ = refuse
    __delattr__ = refuse

    @property
    @abstractmethod
    def document(self) -> ReportDocument:
        """What renderers take; not part of what stays."""

    def report(self, format: str = "plain", *, digits: int = 4, width: int = 100) -> str:  # noqa: A002
        """Return the report of a command: ``plain``, ``table``, ``md``, ``html``, ``csv``, ``json``."""
        return _rendered(self.document, format, ReportStyle(digits=digits, width=width))

    def picture(self, format: str = "svg") -> bytes:  # noqa: A002
        """Return the charts of ``-o svg=PATH`` or ``-o png=PATH``; needs the extra ``plot``.

        Raises
        ------
        UsageError
            CC783 where there is no matplotlib, CC784 where there is nothing to draw.
        """
        return _drawn(self.document, format)

    def to_dict(self) -> ResultJson:
        """Return the JSON document of ``--format json`` as plain data, in canonical units."""
        return result_json(self.document)

    def to_json(self) -> str:
        """Return the same as text; `computecalc render` and `computecalc verify` read it."""
        return self.report("json")


class Estimate(_Reported, Mapping[str, Value]):
    """What one scenario comes to: a mapping of metric ids to values, in the order of reports.

    It cannot be changed. ``estimate["cost.total"].to("MUSD").mid`` is a number; ``estimate.explain("cost.total")``
    says how it came about.
    """

    def __init__(self, found: Found, catalog: tuple[str, str]) -> None:
        self.__dict__.update(_found=found, _catalog=catalog)

    if TYPE_CHECKING:
        _found: Found
        _catalog: tuple[str, str]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self._found.name

    @property
    def kind(self) -> str:
        """``train``, ``infer``, ``campus`` or ``silicon``."""
        return self._found.kind

    @cached_property
    def inputs(self) -> Mapping[str, Input]:
        """Everything that it rests on, by path, each with where it came from."""
        found = {path: input_of(choice) for path, choice in self._found.choices.items()}
        found |= {path: input_of(given) for path, given in self._found.inputs.items()}
        return MappingProxyType(found)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings and notes."""
        return self._found.diagnostics

    def __getitem__(self, metric: str) -> Value:
        """Return a metric; one that this kind of scenario does not have is unknown, with the reason.

        Raises
        ------
        UnknownMetricError
            CC102 where there is no metric of that name.
        """
        found = self._found.outputs.get(metric)
        if found is not None:
            return value_of(found)
        unit = _metric(metric).unit
        return Value(metric, "" if unit == "1" else unit, None, None, None, reason=why_absent(self._found, metric))

    def __contains__(self, metric: object) -> bool:
        return metric in self._found.outputs

    def __iter__(self) -> Iterator[str]:
        return iter(self._found.outputs)

    def __len__(self) -> int:
        return len(self._found.outputs)

    def explain(self, metric: str, *, depth: int = 6, digits: int = 4) -> str:
        """Return how a metric came about: formulas with their values, down to inputs with their origins.

        Parameters
        ----------
        metric : str
            Metric id.
        depth : int
            Levels of the tree.
        digits : int
            Significant figures.
        """
        from computecalc.reports.derivation import render_derivation

        return render_derivation(self._found, _metric(metric), ReportStyle(digits=digits), depth=depth)

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one metric a row, in canonical units; needs pandas.

        Raises
        ------
        UsageError
            CC783 where there is no pandas.
        """
        return _frame([self])

    def __reduce__(self) -> Never:
        """Refuse to be pickled: a derivation holds functions."""
        raise TypeError("an estimate cannot be pickled; to_dict() gives plain data")

    def __repr__(self) -> str:
        from computecalc.api.notebook import estimate_text

        return estimate_text(self)

    def _repr_html_(self) -> str:
        from computecalc.api.notebook import estimate_html

        return estimate_html(self)

    @property
    def document(self) -> ReportDocument:
        """What renderers take; not part of what stays."""
        return ReportDocument((self._found,), *self._catalog, 0)


def _metric(name: str) -> Metric:
    if name not in METRICS:
        with told():
            raise UnknownMetricError(unknown_metric(name))
    return METRICS[name]


class Estimates(_Reported, Sequence[Estimate]):
    """Estimates of several scenarios, by place or by name."""

    def __init__(self, found: Sequence[Found | Failure], catalog: tuple[str, str]) -> None:
        estimates = tuple(Estimate(each, catalog) for each in found if isinstance(each, Found))
        self.__dict__.update(_outcomes=tuple(found), _catalog=catalog, _estimates=estimates)

    if TYPE_CHECKING:
        _outcomes: tuple[Found | Failure, ...]
        _catalog: tuple[str, str]
        _estimates: tuple[Estimate, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios that could be estimated."""
        return tuple(each.name for each in self._estimates)

    @property
    def failures(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        """Scenarios that could not be estimated, where they were to be kept, with what is wrong."""
        return MappingProxyType({each.name: each.diagnostics for each in self._outcomes if isinstance(each, Failure)})

    @overload
    def __getitem__(self, key: int | str) -> Estimate: ...

    @overload
    def __getitem__(self, key: slice) -> Sequence[Estimate]: ...

    def __getitem__(self, key: int | str | slice) -> Estimate | Sequence[Estimate]:
        """Return the estimate at a place or of a name.

        Raises
        ------
        ComputecalcError
            For a scenario that failed, with what is wrong with it; CC781 for a name of none or of several.
        """
        if not isinstance(key, str):
            return self._estimates[key]
        with told():
            if key in self.failures:
                raise ComputecalcError(*self.failures[key])
            return self._estimates[named_once(key, self.names)]

    def __len__(self) -> int:
        return len(self._estimates)

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one metric of one scenario a row, in canonical units; needs pandas.

        Raises
        ------
        UsageError
            CC783 where there is no pandas.
        """
        return _frame(self._estimates)

    def __repr__(self) -> str:
        from computecalc.api.notebook import estimates_text

        return estimates_text(self)

    def _repr_html_(self) -> str:
        from computecalc.api.notebook import estimates_html

        return estimates_html(self)

    @property
    def document(self) -> ReportDocument:
        """What renderers take; not part of what stays."""
        return ReportDocument(self._outcomes, *self._catalog, 2 if self.failures else 0)


def named_once(name: str, names: Sequence[str]) -> int:
    """Return the place of a name.

    Raises
    ------
    UsageError
        CC781 when it is not there once.
    """
    if names.count(name) == 1:
        return names.index(name)
    if name in names:
        raise UsageError(Diagnostic("CC781", f"{names.count(name)} scenarios are called {name!r}", hint="use a place"))
    near = did_you_mean(name, names)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names[:8])}"
    raise UsageError(Diagnostic("CC781", f"there is no scenario {name!r}", hint=hint))


def _drawn(document: ReportDocument, name: str) -> bytes:
    from computecalc.reports.formats import PICTURES
    from computecalc.reports.plots.pictures import picture

    with told():
        if name not in PICTURES:
            hint = f"there are {' and '.join(PICTURES)}"
            raise UsageError(Diagnostic("CC101", f"there is no picture {name!r}", hint=hint))
        return picture(name, document, ReportStyle())


def _rendered(document: ReportDocument, name: str, style: ReportStyle) -> str:
    from computecalc.reports.formats import FORMATS

    if name not in FORMATS:
        near = did_you_mean(name, FORMATS)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FORMATS)}"
        raise UsageError(Diagnostic("CC101", f"there is no format {name!r}", hint=hint))
    return render(name, document, style)


_COLUMNS = ("scenario", "kind", "metric", "low", "value", "high", "unit", "formula", "driver", "reason")
"""Columns of a frame, as those of CSV."""


def _frame(estimates: Sequence[Estimate]) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError as error:
        hint = "pip install pandas; to_dict() needs nothing"
        raise UsageError(Diagnostic("CC783", "to_frame() needs pandas, which is not installed", hint=hint)) from error
    rows = [
        (each.name, each.kind, v.id, v.low, v.mid, v.high, v.unit, v.formula, v.driver, v.reason)
        for each in estimates
        for v in each.values()
    ]
    frame = pd.DataFrame.from_records(rows, columns=_COLUMNS)
    return frame.astype(dict.fromkeys(("low", "value", "high"), "float64"))
