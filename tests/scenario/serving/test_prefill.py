from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate

Served = Callable[..., Resolved]
Denied = Callable[..., tuple[Diagnostic, ...]]

BASE = "accelerator: h100-sxm, tensor: 8, precision: fp8, engine: vllm, batch: 32"


def apart(text: str) -> str:
    return f"{{{BASE}, prefill: {{{text}}}}}"


def test_without_a_layout_prompts_have_that_of_decoding(served: Served) -> None:
    given = served(serving=apart(""))
    assert given.inputs["serving.prefill.tensor"].range.mid == 8.0
    assert "that of the replicas that decode" in given.inputs["serving.prefill.tensor"].origin.text
    found = estimate(given).outputs
    assert found["accelerators"].mid == 8 * found["replicas"].mid  # type: ignore[operator]
    assert found["latency.tpot"].mid == found["time.decode_step"].mid


def test_a_stated_layout_is_its_own(served: Served) -> None:
    given = served(serving=apart("per_replica: 16, tensor: 8, ratio: 2, spare: 1")).inputs
    wanted = {"tensor": 8.0, "data": 2.0, "expert": 1.0, "pipeline": 1.0, "ratio": 2.0, "spare": 1.0}
    assert {key: given[f"serving.prefill.{key}"].range.mid for key in wanted} == wanted
    assert given["serving.prefill.data"].origin.kind == "scenario"
    assert given["serving.prefill.pipeline"].origin.kind == "default"


def test_an_open_layout_is_chosen_for_both(served: Served) -> None:
    small = "{hidden: 4096, layers: 32, heads: 32, kv_heads: 8, head_size: 128, ffn: 14336, gated: true, vocab: 128256}"
    given = served(model=small, serving="{accelerator: h100-sxm, precision: fp8, prefill: {}}", targets="{tpot: 20 ms}")
    assert given.inputs["serving.prefill.tensor"].range.mid == given.inputs["serving.tensor"].range.mid


@pytest.mark.parametrize(
    ("sections", "code", "words"),
    [
        ({"serving": apart("tensor: 3")}, "CC311", "tensor 3"),
        ({"serving": apart("tensor: 8, expert: 4")}, "CC311", "dense"),
        ({"serving": apart(""), "traffic": "{input: 500, output: 0}"}, "CC628", "nothing is decoded"),
        ({"serving": apart(""), "traffic": "{input: 500, output: 5, offline: true}"}, "CC628", "offline"),
        ({"serving": f"{{{BASE}, utilization: 100 %, prefill: {{}}}}"}, "CC629", "wait without end"),
        ({"serving": apart("tensor: 4")}, "CC614", "no prompt has room"),
    ],
)
def test_what_cannot_be_is_refused_where_it_is(denied: Denied, sections: dict[str, str], code: str, words: str) -> None:
    found = denied(**sections)[0]
    assert found.code == code
    assert words in found.message
    assert found.span is not None
    assert found.hint


def test_what_a_busy_pair_does_not_use_is_told(served: Served) -> None:
    serving = f"{{{BASE}, utilization: 70 %, prefill: {{spare: 1}}}}"
    (note,) = [
        each for each in served(serving=serving, traffic="{input: 500, output: 50}").diagnostics if each.code == "CC606"
    ]
    assert "serving.prefill.spare" in note.message
    # Prompts wait by it, with or without a rate.
    assert "utilization" not in note.message
