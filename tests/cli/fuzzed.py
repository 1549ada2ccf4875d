"""Files that nobody would write: examples with something changed, random trees, budgets and matrices."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import plain
from tests.conftest import TESTS

__all__ = ["budget_files", "changed_examples", "cut_texts", "matrix_files", "random_files"]

_EXAMPLES = sorted((TESTS.parent / "examples").glob("*.yaml"))
_TEXTS = [path.read_text(encoding="utf-8") for path in _EXAMPLES]
_TREES: list[Any] = [plain(load_path(path)) for path in _EXAMPLES]

_NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0, 1, -1, 2, 8, 1e-300, 1e300, 2**53, 999_999_999, 1_000_000_001]),
)
_AMOUNTS = st.sampled_from(
    ["0", "1", "-1", "1e30", "1e-30", "405B", "1..2", "2..1", "0..0", "1 ± 5 %", "nan", "1e400", "3M"]
)
_UNITS = st.sampled_from(
    [
        "W",
        "token",
        "tokens",
        "USD/accelerator/h",
        "s",
        "d",
        "%",
        "byte",
        "GB/s",
        "request/s",
        "token/request",
        "USD",
        "FLOP",
    ]
)
_QUANTITIES = st.builds("{} {}".format, _AMOUNTS, _UNITS)
_WORDS = st.sampled_from(
    [
        "h100-sxm",
        "mtia-400",
        "tpu-v6e",
        "bf16",
        "fp8",
        "int8",
        "auto",
        "none",
        "full",
        "train",
        "infer",
        "campus",
        "silicon",
        "llama-3.1-8b",
        "deepseek-v3",
        "gpt-4-rumoured",
        "mamba-2.8b",
        "US-VA",
        "spot",
        "../x.yaml#y",
        "lora",
        "sft",
        "NO",
        "=1+1",
    ]
)
_KEYS = st.one_of(
    st.sampled_from(sorted({key for tree in _TREES for each in tree["scenarios"].values() for key in each})),
    st.sampled_from(["extends", "matrix", "include", "exclude", "name", "budgets", "x", "", "a.b", "on", "checks"]),
)
_SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, _AMOUNTS, _QUANTITIES, _WORDS, st.text(max_size=12))
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)


def written(tree: Any) -> str:
    """Return a tree as a YAML text: JSON is YAML, but for what JSON has no words for."""
    return json.dumps(tree).replace("-Infinity", "-.inf").replace("Infinity", ".inf").replace("NaN", ".nan")


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in below for place in _places(value, (*path, key)))]


_PLACES = [_places(tree)[1:] for tree in _TREES]


def _likely(old: Any) -> st.SearchStrategy[Any]:
    """Values of the kind that stood there: other numbers in its unit, other names, another degree."""
    if isinstance(old, str) and old[:1].isdigit():
        unit = old.lstrip("0123456789.eE+-")
        return st.builds(
            "{}{}".format, st.sampled_from(["0.1", "1", "7", "300", "1e-9", "1e15", "1..9", "0..1"]), st.just(unit)
        )
    if isinstance(old, str):
        return _WORDS
    if isinstance(old, bool):
        return st.booleans()
    return st.sampled_from([0, 1, 2, 3, 8, 64, 512, 100_000, 0.5, "1..4"]) if isinstance(old, int | float) else _VALUES


@st.composite
def changed_examples(draw: st.DrawFn) -> str:
    """Return an example with up to three values changed, taken out or added."""
    index = draw(st.integers(0, len(_TREES) - 1))
    tree: Any = json.loads(json.dumps(_TREES[index]))
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(_PLACES[index]))
        parent = tree
        for key in above:
            try:
                parent = parent[key]
            except (KeyError, IndexError, TypeError):
                break
        old = parent.get(last) if isinstance(parent, dict) else None
        value = draw(_likely(old) if old is not None and draw(st.booleans()) else _VALUES)
        if isinstance(parent, dict):
            match draw(st.integers(0, 3)):
                case 0:
                    parent.pop(last, None)
                case 1:
                    parent[draw(_KEYS)] = value
                case _:
                    parent[str(last)] = value
        elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            parent[last] = value
    return written(tree)


@st.composite
def cut_texts(draw: st.DrawFn) -> str:
    """Return the text of an example with characters cut out, doubled or put in."""
    text = draw(st.sampled_from(_TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        middle = draw(
            st.sampled_from(
                ["", text[start:end] * 2, "\t", ": ", "- ", "*a", "&a ", "{", "}", "[", "'", '"', "|\n", "..", "%"]
            )
        )
        text = text[:start] + middle + text[end:]
    return text


random_files = st.builds(lambda tree: written({"version": 1, "scenarios": tree}), _VALUES) | st.builds(written, _VALUES)
"""Trees of no sense."""

_GOOD_CHECKS = st.sampled_from(
    [
        "cost.total <= 1 USD",
        "mfu >= 1 %",
        "time.wall in 1..900 d",
        "accelerators == 64",
        "cost.total <= 1e30 USD @high",
        "change(cost.total) <= 5 %",
        "carbon.operational < 1e9 gCO2e @low",
        "memory.fits >= 1",
        "compute.model < 1e26 FLOP",
    ]
)
_CHECKS = _GOOD_CHECKS | st.builds(
    "{}{} {} {}{}".format,
    st.sampled_from(["", "change("]),
    st.sampled_from(["cost.total", "cost.total)", "time.wall", "mfu", "nothing", "", "carbon.operational"]),
    st.sampled_from(["<=", "<", ">", ">=", "==", "in", "~", ""]),
    _QUANTITIES | _AMOUNTS | st.text(max_size=8),
    st.sampled_from(["", " @high", " @low", " @mid", " @x"]),
)
_RUN: dict[str, Any] = {"kind": "train", "model": "llama-3.1-8b", "cluster": {"accelerator": "h100-sxm", "count": 64}}


@st.composite
def budget_files(draw: st.DrawFn) -> str:
    """Return a good scenario with budgets that may be wrong."""
    good = st.fixed_dictionaries(
        {"on": st.sampled_from(["*", "run", ["r?n"]]), "checks": st.lists(_GOOD_CHECKS, min_size=1, max_size=3)},
        optional={
            "severity": st.sampled_from(["error", "warn", "off"]),
            "risk": st.sampled_from(["error", "warn", "off"]),
            "waiver": st.fixed_dictionaries({"until": st.sampled_from(["2020-01-01", "2999-12-31"]), "reason": _WORDS}),
            "message": _WORDS,
        },
    )
    budget = st.fixed_dictionaries(
        {
            "on": st.sampled_from(["*", "run", "r?n", "[", "x", ""]) | _VALUES,
            "checks": st.lists(_CHECKS, max_size=3) | _VALUES,
        },
        optional={
            "severity": st.sampled_from(["error", "warn", "off"]) | _SCALARS,
            "tolerance": st.dictionaries(st.sampled_from(["mfu", "cost.total", "x"]), _SCALARS, max_size=2) | _SCALARS,
            "waiver": st.fixed_dictionaries({"until": _SCALARS, "reason": _SCALARS}) | _SCALARS,
            "message": _SCALARS,
            "owner": _SCALARS,
        },
    )
    mfu = {"efficiency": {"mfu": draw(st.sampled_from(["0.4", "0.3..0.5"]))}}
    return written(
        {
            "version": 1,
            "scenarios": {"run": _RUN | mfu},
            "budgets": draw(st.lists(good, max_size=3) | st.lists(good | budget, max_size=2) | _VALUES),
        }
    )


@st.composite
def matrix_files(draw: st.DrawFn) -> str:
    """Return a scenario with a matrix that may be wrong, or too large."""
    ends = st.sampled_from(["0", "1", "8", "1T tokens", "4T tokens", "x", "1e300", "-5"])
    steps = st.fixed_dictionaries(
        {"from": ends, "to": ends, "points": st.sampled_from([2, 3, 0, 10_000, 10**9]) | _SCALARS},
        optional={"spacing": st.sampled_from(["log", "linear", "x"])},
    )
    paths = st.sampled_from(
        ["cluster.count", "data.tokens", "cluster.precision", "efficiency.mfu", "model", "a..b", "", "kind.x"]
    )
    # Too many points are to be refused, and what is allowed is to be few.
    values = st.lists(_SCALARS, max_size=3) | steps.filter(lambda found: found["points"] != 10_000) | _VALUES
    good = st.fixed_dictionaries(
        {"cluster.accelerator": st.sampled_from([["h100-sxm"], ["h100-sxm", "mtia-400"], ["tpu-v6e", "x"]])},
        optional={
            "cluster.count": st.sampled_from([[8, 64], [0], {"from": 8, "to": 64, "points": 2}, [None]]),
            "data.tokens": st.sampled_from(
                [{"from": "1T tokens", "to": "2T tokens", "points": 2, "spacing": "log"}, [1e12]]
            ),
            "efficiency": st.sampled_from([[{"mfu": "0.3..0.4"}, {"goodput": 0.5}], [1]]),
        },
    )
    point = st.dictionaries(paths, _SCALARS, max_size=2)
    scenario: Any = _RUN | {"matrix": draw(good | good | st.dictionaries(paths, values, max_size=3) | _VALUES)}
    stay = st.fixed_dictionaries({"cluster.accelerator": st.just("h100-sxm")})
    for key, form in (
        ("include", st.lists(point | stay, max_size=2)),
        ("exclude", st.lists(point | stay, max_size=2)),
        ("name", st.sampled_from(["{scenario}", "a {cluster.accelerator} {cluster.count}", "{", "=x"]) | _SCALARS),
    ):
        if draw(st.integers(0, 3)) == 0:
            scenario[key] = draw(form | _VALUES)
    return written({"version": 1, "scenarios": {"run": scenario}})
