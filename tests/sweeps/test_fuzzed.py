"""Sweeps that nobody would write: each ends in an answer or in errors with codes, and no proof fails."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from computecalc.catalog.lookup import Catalog
from computecalc.cli.main import main
from tests.cli.fuzzed import matrix_files, written
from tests.sweeps.plans import CATALOG


def fuzzed(count: int) -> settings:
    """The same files every time; a busy machine is no failure."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.function_scoped_fixture,
        ],
    )


@pytest.fixture(autouse=True)
def _one_catalog() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalog, "open", classmethod(lambda *_: CATALOG))
        yield


def ends_well(text: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8", errors="surrogatepass"))))
        with pytest.raises(SystemExit) as stop:
            main(["sweep", "-", "--to", str(folder), "--format", "json", "--partition-rows", "64"])
    said = err.getvalue()
    assert stop.value.code in (0, 2), said
    assert "CC900" not in said, said
    assert "CC754" not in said, said
    assert not {"NaN", "Infinity"} & set(out.getvalue().split())
    if stop.value.code == 2:
        assert " CC" in said
        assert out.getvalue() == ""
        assert not folder.exists()


_RUN: dict[str, Any] = {
    "kind": "train",
    "model": "llama-3.1-8b",
    "data": {"tokens": "1T tokens", "sequence_length": 8192, "global_batch": 512},
    "cluster": {"accelerator": "h100-sxm", "count": 64},
    "money": {"price": "2 USD/accelerator/h"},
}
_LAYOUTS = st.sampled_from([{}, {"layout": {"tensor": 2, "pipeline": 2}}, {"efficiency": {"mfu": "0.3..0.4"}}])
_AXES = {
    "data.tokens": [{"from": "1T tokens", "to": "9T tokens", "spacing": "log"}, "1e12..2e12", ["1T tokens", "0"]],
    "cluster.count": [[8, 64, 100], {"from": 8, "to": 64, "points": 3}, {"from": 8, "to": 64}, [1, 1e30]],
    "data.global_batch": [[8, 64, 512], ["4M tokens", 512], {"from": "1M tokens", "to": "8M tokens"}, "8..512"],
    "data.sequence_length": [[1024, 8192], {"from": 100, "to": 200}, [0, 2**20]],
    "layout.tensor": [[1, 2, 8], [3], [0, 1]],
    "layout.micro_batch": [[1, 2], {"from": 1, "to": 4, "points": 4}],
    "site.pue": ["1.0..1.1..1.5", {"from": 1, "to": 2}, [1.1, 0.5], {"range": "1.1..1.2", "distribution": "lognormal"}],
    "money.price": ["1..2 USD/accelerator/h", ["1 USD/accelerator/h", "x"], {"from": 1, "to": 2}],
    "cluster.accelerator": [["h100-sxm", "mtia-400"], ["x"], "h100-sxm..b200-sxm"],
    "cluster.precision": [["bf16", "fp8"], ["fp4", "int3"]],
    "model": [["llama-3.1-8b", "llama-3.1-70b"], [{"parameters": "7B params"}]],
    "efficiency.goodput": ["0.8..0.9", [0.5, 1.5]],
    "cluster.nic": [{"from": "100 Gbit/s", "to": "800 Gbit/s"}, ["1e300 byte/s", "1e-300 byte/s"]],
    "layout": [["auto"], [{"tensor": 1, "pipeline": 1}]],
}


@st.composite
def sample_files(draw: st.DrawFn) -> str:
    """Return a scenario with a matrix and a sample, each of which may be wrong."""
    paths = draw(st.lists(st.sampled_from(sorted(_AXES)), min_size=1, max_size=4, unique=True))
    cut = draw(st.integers(0, len(paths)))
    forms = {path: draw(st.sampled_from(_AXES[path])) for path in paths}
    scenario = _RUN | draw(_LAYOUTS)
    matrix = {path: forms[path] for path in paths[:cut] if isinstance(forms[path], list | dict)}
    if matrix:
        scenario["matrix"] = matrix
    if paths[cut:]:
        scenario["sample"] = {
            "cases": draw(st.sampled_from([1, 7, 100])),
            "method": draw(st.sampled_from(["sobol", "lhs", "random"])),
            "axes": {path: forms[path] for path in paths[cut:]},
        }
    return written({"version": 1, "scenarios": {"run": scenario}})


@fuzzed(30)
@given(text=sample_files())
def test_samples_that_may_be_wrong(text: str, tmp_path: Path) -> None:
    ends_well(text, tmp_path / "out")


@fuzzed(25)
@given(text=matrix_files())
def test_matrices_that_may_be_wrong(text: str, tmp_path: Path) -> None:
    ends_well(text, tmp_path / "out")
