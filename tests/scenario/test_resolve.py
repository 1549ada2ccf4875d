"""A resolved scenario: data and batch, precedence of origins, everything wrong in one pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate

Resolving = Callable[..., Resolved]
Refusing = Callable[..., tuple[Diagnostic, ...]]


def test_round_numbers_give_the_estimate_of_a_sheet_of_paper(resolved: Resolving) -> None:
    outputs = estimate(resolved()).outputs
    expected = {
        "compute.model": 6e23,  # 6 x 1e11 x 1e12
        "accelerator_time.useful": 1.2e9,  # 6e23 / (1e15 x 0.5)
        "accelerator_time.billed": 1.5e9,  # / 0.8
        "time.wall": 1.5e6,  # / 1000
        "energy.accelerator": 1.5e12,  # x 1000 W
        "energy.it": 2.25e12,  # x 1.5
        "energy.facility": 2.7e12,  # x 1.2, once
        "carbon.operational": 2.7e8,  # x 360 g/kWh = 1e-4 g/J
        "cost.total": 1.5e6,  # 1.5e9 accelerator s x 3.6 USD/h = 0.001 USD/s
    }
    assert {name: outputs[name].mid for name in expected} == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("batch", "sequences"), [("2048", 2048.0), ("2048 sequences", 2048.0), ("8.192M tokens", 2000.0)]
)
def test_a_batch_is_sequences_or_tokens(resolved: Resolving, batch: str, sequences: float) -> None:
    # 8,192,000 tokens / 4096 tokens a sequence = 2000 sequences
    found = resolved(f"data: {{tokens: 1T tokens, sequence_length: 4096, global_batch: {batch}}}")
    assert found.inputs["data.global_batch"].range.mid == pytest.approx(sequences, rel=1e-12)


def test_sequence_length_comes_from_file_entry_or_default(resolved: Resolving) -> None:
    stated = resolved("model: llama-3.1-405b\ndata: {sequence_length: 2048}").inputs["data.sequence_length"]
    published = resolved("model: llama-3.1-405b\ndata: {tokens: 1T tokens}").inputs["data.sequence_length"]
    neither = resolved().inputs["data.sequence_length"]
    assert [(given.range.mid, given.origin.kind) for given in (stated, published, neither)] == [
        (2048.0, "scenario"),
        (8192.0, "catalog"),
        (4096.0, "default"),
    ]


def test_tokens_come_from_the_entry_where_none_are_stated(resolved: Resolving) -> None:
    given = resolved("model: llama-3.1-405b\ndata: {}").inputs["data.tokens"]
    assert (given.range.mid, given.origin.source) == (15.6e12, "The Llama 3 Herd of Models, section 3.1")


def test_origins_carry_file_and_line_of_the_scenario(resolved: Resolving) -> None:
    found = resolved()
    mfu, price = found.inputs["efficiency.mfu"].origin, found.inputs["money.price"].origin
    assert (mfu.kind, mfu.text, price.text) == ("scenario", "s.yaml:8", "s.yaml:11")


def test_settings_win_and_are_named_as_the_origin(resolved: Resolving) -> None:
    given = resolved(efficiency__mfu="0.25").inputs["efficiency.mfu"]
    assert (given.range.mid, given.origin.kind, given.origin.text) == (0.25, "flag", "--set efficiency.mfu")


def test_a_null_takes_an_inherited_statement_back(resolved: Resolving) -> None:
    found = resolved("cluster: {accelerator: h100-sxm, count: 8, wall_time: 60 d}", cluster__count="null")
    assert "cluster.count" not in found.inputs
    assert found.inputs["cluster.wall_time"].range.mid == 60 * 86400.0


def test_wrong_form_does_not_hide_unknown_names(refused: Refusing) -> None:
    problems = refused("model: {base: lama-405b, layers: 2}\nsite: {region: Nowhere, pue: 0.5}\nfoo: 1")
    assert [(p.code, p.place) for p in problems] == [
        ("CC501", "s.yaml:5:19"),
        ("CC501", "s.yaml:9:20"),
        ("CC405", "s.yaml:9:34"),
        ("CC301", "s.yaml:12:5"),
    ]


def test_problems_say_which_scenario_inherited_them(refused: Refusing) -> None:
    (problem,) = refused("efficiency: {mfu: 40}")
    assert (problem.hint, problem.notes[-1].message) == ("did you mean `40 %`?", "in scenario one")


def test_a_batch_below_one_sequence_is_refused(refused: Refusing) -> None:
    (problem,) = refused("data: {tokens: 1T tokens, sequence_length: 4096, global_batch: 4000 tokens}")
    assert (problem.code, problem.message) == ("CC405", "the batch is less than one sequence of 4096 tokens")


def test_a_result_too_large_for_a_number_names_the_cause(resolved: Resolving) -> None:
    from computecalc.errors import EstimateError

    with pytest.raises(EstimateError) as caught:
        estimate(resolved("money: {price: 1e300 USD/accelerator/s}"))
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.place, problem.hint) == ("CC406", "s.yaml:11:20", "is `money.price` what you mean?")
