"""Speculative decoding: what is drafted, how much of it is kept, and what drafting takes."""

from __future__ import annotations

from dataclasses import replace

from computecalc.catalog.architecture import Architecture
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inference.inputs import draft_path
from computecalc.estimators.inference.recipe import unserved
from computecalc.estimators.shapes import model_shape, shape_numbers
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel, resolve_model
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.serving.schema import Speculative
from computecalc.units.ranges import Range

__all__ = ["resolve_speculation"]


def resolve_speculation(
    collector: Collector, speculative: Speculative | None, model: ResolvedModel
) -> Architecture | None:
    """Take speculative decoding, and return the model that drafts where its layers are counted.

    Raises
    ------
    ScenarioError
        CC303, when more acceptances than drafted tokens are stated; CC304 for a draft model beside a time; CC627 for a
        draft model that cannot draft for this one.
    CatalogError
        CC501 for an unknown draft model.
    """
    if speculative is None:
        return None
    drafted, stated = speculative.tokens, speculative.acceptance
    where = "serving.speculative"
    if len(stated) > drafted:
        raise ScenarioError(
            Diagnostic(
                "CC303",
                f"{len(stated)} acceptances are stated of {drafted} drafted tokens",
                span=collector.place(f"{where}.acceptance"),
                hint="one for each place, of which the last holds on",
            )
        )
    origin = stated_origin(collector.place(f"{where}.acceptance"))
    collector.found("serving.drafted", Range.exact(float(drafted)), stated_origin(collector.place(f"{where}.tokens")))
    kept = drafted if speculative.decay is None else len(stated)
    for number in range(1, kept + 1):
        collector.found(f"serving.acceptance.{number}", stated[min(number, len(stated)) - 1], origin)
    if speculative.decay is not None:
        place = stated_origin(collector.place(f"{where}.decay"))
        collector.found("serving.acceptance_decay", speculative.decay, place)
    return _draft(collector, speculative, model)


def _draft(collector: Collector, speculative: Speculative, model: ResolvedModel) -> Architecture | None:
    if speculative.draft is None:
        if speculative.draft_time is None:
            origin = defaulted("neither draft nor draft_time is stated: drafting takes no time")
            collector.found("serving.draft_share", Range.exact(0.0), origin)
        else:
            stated = stated_origin(collector.place("serving.speculative.draft_time"))
            collector.found("serving.draft_share", speculative.draft_time, stated)
        return None
    place = collector.place("serving.speculative.draft")
    if speculative.draft_time is not None:
        message = "both `serving.speculative.draft` and `draft_time` are stated, but each says what drafting takes"
        raise ScenarioError(Diagnostic("CC304", message, span=place, hint="keep one; set an inherited one to null"))
    draft = resolve_model(speculative.draft, collector.catalog, place)
    reason = _unfit(draft, model)
    if reason is not None:
        hint = "state a smaller model of the same vocabulary, or draft_time in its place"
        message = f"{draft.label} cannot draft for {model.label}: {reason}"
        raise ScenarioError(Diagnostic("CC627", message, span=place, hint=hint))
    collector.choose("serving.draft", draft.label, stated_origin(place))
    for path, given in draft.inputs.items():
        collector.inputs[draft_path(path)] = replace(given, path=draft_path(path))
    return draft.architecture


def _unfit(draft: ResolvedModel, model: ResolvedModel) -> str | None:
    if draft.architecture is None or model.architecture is None:
        return "it is known by its counts alone"
    found = unserved(model_shape(draft.architecture, shape_numbers(draft.architecture).__getitem__))
    if found is not None:
        return found
    sizes = [each.architecture.vocab for each in (draft, model) if each.architecture is not None]
    # Tables are padded differently within a family; other tokenizers differ by thousands.
    if abs(sizes[0] - sizes[1]) > _PADDING:
        return f"its vocabulary has {sizes[0]:,} tokens, not {sizes[1]:,}"
    return None


_PADDING = 512
"""Entries by which padding makes tables of one vocabulary differ."""
