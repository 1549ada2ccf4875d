"""`estimate` and `estimate_all`: what a scenario, or each of several, comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import Unpack

from computecalc.api.arguments import ScenarioArguments
from computecalc.api.outcomes import estimate_one, estimated
from computecalc.api.results import Estimate, Estimates
from computecalc.api.subjects import Asked, Overlays, Subject, loaded, one_of, opened
from computecalc.api.telling import told
from computecalc.errors import ComputecalcError
from computecalc.reports.document import Failure

__all__ = ["estimate", "estimate_all"]


def estimate(
    subject: Subject,
    /,
    *,
    kind: str | None = None,
    name: str | None = None,
    settings: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
    catalog: Overlays = None,
    **flags: Unpack[ScenarioArguments],
) -> Estimate:
    """Estimate one scenario.

    Parameters
    ----------
    subject : str, Path or mapping
        A model (catalog id, or path of its configuration) with the flags of ``computecalc train`` or ``infer`` as
        keywords; or the path of a scenario file; or a mapping as in YAML, of one scenario or of a whole file.
    kind : str, optional
        ``train`` or ``infer``, of a model; absent: what the keywords are of.
    name : str, optional
        Which scenario of a file; what to call it elsewhere.
    settings : mapping, optional
        Values by dotted path that win over the scenario, as ``--set``.
    overrides : mapping, optional
        Numbers of yours in the place of metrics, as ``--override``.
    catalog : path or paths, optional
        Folders of catalog files that lie over ours.
    **flags
        Quantities as texts with units (``wall_time="60 d"``), or numbers where the key is a count or a ratio.

    Raises
    ------
    ComputecalcError
        When there is no answer; its `diagnostics` say where, why, and the way out.

    Examples
    --------
    >>> found = estimate("llama-3.1-8b", tokens="15T tokens", accelerator="h100-sxm", count=1024, mfu=0.4)
    >>> round(found["time.wall"].to("d").low) <= round(found["time.wall"].to("d").high)
    True
    """
    with told():
        asked = Asked(kind, name, settings or {}, overrides or {}, flags)
        raw = one_of([raw for file in loaded(subject, asked) for raw in file.scenarios], name)
        figures = opened(catalog)
        return Estimate(estimate_one(raw, figures), (figures.version, figures.digest))


def estimate_all(
    subject: Subject,
    /,
    *,
    keep_failures: bool = False,
    settings: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
    catalog: Overlays = None,
    **flags: Unpack[ScenarioArguments],
) -> Estimates:
    """Estimate every scenario of a file, a folder, a pattern or a mapping, every point of a matrix among them.

    Parameters
    ----------
    subject : str, Path or mapping
        As for `estimate`.
    keep_failures : bool
        Whether scenarios that cannot be estimated are kept in `failures` rather than raised.
    settings, overrides, catalog, **flags
        As for `estimate`.

    Raises
    ------
    ComputecalcError
        When a scenario has no answer: with what is wrong with all of them.
    """
    with told():
        asked = Asked(None, None, settings or {}, overrides or {}, flags)
        figures = opened(catalog)
        raws = [raw for file in loaded(subject, asked) for raw in file.scenarios]
        outcomes = list(estimated(raws, figures))
        wrong = [diagnostic for each in outcomes if isinstance(each, Failure) for diagnostic in each.diagnostics]
        if wrong and not keep_failures:
            raise ComputecalcError(*wrong)
        return Estimates(outcomes, (figures.version, figures.digest))
