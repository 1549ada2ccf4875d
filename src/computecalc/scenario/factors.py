"""The location-based emission factor of a scenario with its kind and year: a region's, or that of a profile."""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.catalog.entries import Entry
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Origin
from computecalc.scenario.collector import Collector
from computecalc.scenario.footprint import UNSTATED, WHICH_KIND
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.profile import load_profile
from computecalc.scenario.schema import Site
from computecalc.units.ranges import Range

__all__ = ["INTENSITIES", "mixed_kinds", "take_factor", "take_profile"]

INTENSITIES = ("intensity.direct", "intensity.consumption", "intensity.lifecycle")
"""Kinds of emission factor, the one that location-based accounting prefers first."""


def take_factor(collector: Collector, given: Site, region: Entry) -> None:
    """Take the factor of a region, else of its grid, of the kind that is asked for or preferred.

    Raises
    ------
    ScenarioError
        CC635, when neither has a factor of the kind that is asked for.
    """
    entries = [region]
    grid = region.labels.get("grid")
    if grid is not None:
        entries.append(collector.catalog.find("grid", grid))
    wanted = INTENSITIES if given.factor_kind is None else (f"intensity.{given.factor_kind}",)
    for entry in entries:
        for path in wanted:
            fact = entry.get(path)
            if fact is None:
                continue
            # Direct, consumption and lifecycle factors of one grid differ widely: reports say which it is.
            kind = path.partition(".")[2]
            collector.figure("site.grid_intensity", entry, path, words=f", {kind}")
            origin = collector.inputs["site.grid_intensity"].origin
            chosen = origin if given.factor_kind is None else stated_origin(collector.place("site.factor_kind"))
            collector.choose("site.factor_kind", kind, chosen)
            collector.choose("site.factor_year", (fact.as_of or entry.labels.get("year", ""))[:4] or "unknown", origin)
            return
    if given.factor_kind is not None:
        raise _without(collector, given.factor_kind, entries)
    collector.unknown["site.grid_intensity"] = f"the catalog has no carbon intensity of {region.id}"


def _without(collector: Collector, kind: str, entries: list[Entry]) -> ScenarioError:
    known = sorted({path.partition(".")[2] for entry in entries for path in INTENSITIES if entry.get(path) is not None})
    has = f"it has {' and '.join(known)}" if known else "it has none at all"
    message = f"the catalog has no {kind} factor of {entries[0].id}; {has}"
    hint = "leave site.factor_kind out, choose another region, or state site.grid_intensity with its kind"
    return ScenarioError(Diagnostic("CC635", message, span=collector.place("site.factor_kind"), hint=hint))


def take_profile(collector: Collector, given: Site, name: str) -> None:
    """Take the factor of a profile.

    Raises
    ------
    ScenarioError
        CC304, where a factor is stated beside it; CC636, when the file is wrong.
    """
    place = collector.place("site.profile")
    if given.grid_intensity is not None:
        message = "`site.profile` and `site.grid_intensity` both say what the grid emits"
        raise ScenarioError(Diagnostic("CC304", message, span=place, hint="leave one of them out"))
    profile = load_profile(name, place)
    stated = stated_origin(place)
    weight = "by the load of the file" if profile.is_weighted else "of a constant draw"
    text = f"{stated.text}, mean of {profile.periods:,} {profile.step} {weight}"
    origin = Origin(stated.kind, text, stated.span, source=name, as_of=profile.year)
    collector.found("site.grid_intensity", Range.exact(profile.intensity), origin)
    collector.choose("site.factor_year", profile.year, origin)
    collector.choose_stated("site.factor_kind", given.factor_kind or UNSTATED, defaulted(WHICH_KIND))


def mixed_kinds(kinds: Mapping[str, str]) -> Diagnostic | None:
    """Warn where carbon is put side by side that rests on factors of different kinds.

    Parameters
    ----------
    kinds : mapping
        Kind of the factor of each scenario, by the name of the scenario.
    """
    by_kind: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        if kind != UNSTATED:
            by_kind.setdefault(kind, []).append(name)
    if len(by_kind) < 2:
        return None
    parts = [f"{kind} ({', '.join(names[:3])}{', ...' if len(names) > 3 else ''})" for kind, names in by_kind.items()]
    message = f"carbon of these scenarios rests on factors of different kinds: {'; '.join(parts)}"
    hint = "compare one kind: site.factor_kind, for all of them"
    return Diagnostic("CC637", message, severity="warning", hint=hint)
