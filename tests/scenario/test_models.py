"""The forms a model can have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate

Resolving = Callable[..., Resolved]
Refusing = Callable[..., tuple[Diagnostic, ...]]

SMALL = "hidden: 64, layers: 2, heads: 4, ffn: 256, gated: false, vocab: 1000, tied_embeddings: true"
# embedding 64 x 1000 = 64,000; a layer: four 64 x 64 = 16,384, two 64 x 256 = 32,768, two norms of 64 = 128, so
# 49,280; a last norm of 64: 64,000 + 2 x 49,280 + 64 = 162,624
SMALL_PARAMETERS = 162_624


def parameters(found: Resolved) -> tuple[float | None, float | None]:
    outputs = estimate(found).outputs
    return outputs["parameters.total"].mid, outputs["parameters.active"].mid


def test_the_short_form(resolved: Resolving) -> None:
    assert parameters(resolved(f"model: {{{SMALL}}}")) == (SMALL_PARAMETERS, SMALL_PARAMETERS)


def test_layer_groups_say_the_same_as_the_short_form(resolved: Resolving) -> None:
    groups = (
        "model: {hidden: 64, vocab: 1000, tied_embeddings: true,"
        " mixers: {a: {type: attention, heads: 4, kv_heads: 4, head_size: 16}},"
        " feed_forwards: {f: {type: dense, width: 256, gated: false}},"
        " layers: [{count: 2, mixer: a, feed_forward: f}]}"
    )
    assert parameters(resolved(groups)) == (SMALL_PARAMETERS, SMALL_PARAMETERS)


def test_counts_alone(resolved: Resolving) -> None:
    found = resolved("model: {parameters: 1.8T params, active_parameters: 280B params}")
    assert (found.architecture, parameters(found)) == (None, (1.8e12, 2.8e11))


def test_counts_without_active_are_dense(resolved: Resolving) -> None:
    assert parameters(resolved("model: {parameters: 7B}")) == (7e9, 7e9)


def test_a_cut_keeps_the_rest_of_the_base(resolved: Resolving) -> None:
    # A layer of Llama 3.1 405B: 16384 x (2 x 16384 + 2 x 1024) + 3 x 16384 x 53248 + 2 x 16384 = 3,187,703,808;
    # embedding, head and last norm: 2 x 128256 x 16384 + 16384 = 4,202,708,992
    found = resolved("model: {base: llama-3.1-405b, layers: 12}")
    total = 12 * 3_187_703_808 + 4_202_708_992
    assert parameters(found) == (total, total)
    assert found.choices["model"].value == "llama-3.1-405b cut to layers 12"


def test_the_changed_numbers_of_a_cut_are_the_users(resolved: Resolving) -> None:
    found = resolved("model: {base: llama-3.1-405b, layers: 12}")
    kinds = {path: given.origin.kind for path, given in found.inputs.items() if path.startswith("model.")}
    assert kinds["model.hidden"] == "catalog"
    assert {path for path, kind in kinds.items() if kind == "scenario"} == {"model.layers.0.count"}


@pytest.mark.parametrize(
    ("counts", "is_refused"),
    [
        ("parameters: 1T, active_parameters: 1T", False),
        ("parameters: 1T, active_parameters: 1.1T", True),
        ("parameters: 1T..2T, active_parameters: 0.9T..1T", False),
        ("parameters: 1T..2T, active_parameters: 1.5T", True),
    ],
)
def test_no_more_active_parameters_than_parameters(
    resolved: Resolving, refused: Refusing, counts: str, is_refused: bool
) -> None:
    change = f"model: {{{counts}}}"
    if is_refused:
        (problem,) = refused(change)
        assert (problem.code, problem.place) == ("CC303", "s.yaml:5:12")
    else:
        assert resolved(change).choices["model"].value == "inline counts"


@pytest.mark.parametrize(
    ("model", "code", "place", "message"),
    [
        ("{base: lama, layers: 3}", "CC501", "s.yaml:5:12", "there is no model called `lama`"),
        ("{base: llama-3.1-405b, layers: 300}", "CC303", "s.yaml:5:12", "the model has 126 layers, 300 cannot be kept"),
        ("{base: llama-3.1-405b, hidden: 3}", "CC301", "s.yaml:5:35", "unknown key `hidden` in `model`"),
        (
            "{base: gpt-4-rumoured, layers: 3}",
            "CC303",
            "s.yaml:5:12",
            "gpt-4-rumoured is known by its parameter counts alone and cannot be cut",
        ),
        (
            "{hidden: 64, vocab: 10, tied_embeddings: true, mixers: {}, feed_forwards: {}, layers: []}",
            "CC303",
            "s.yaml:5:98",
            "a list must have 1 items or more",
        ),
    ],
)
def test_what_a_form_does_not_take_is_told_in_its_own_words(
    refused: Refusing, model: str, code: str, place: str, message: str
) -> None:
    (problem,) = refused(f"model: {model}")
    assert (problem.code, problem.place, problem.message) == (code, place, message)
