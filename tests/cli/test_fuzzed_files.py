"""A thousand files that nobody would write: each ends in an answer or in errors with codes, in little memory."""

from __future__ import annotations

import contextlib
import io
import resource
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from computecalc.catalog.lookup import Catalog
from computecalc.cli.main import main
from tests.cli.fuzzed import budget_files, changed_examples, cut_texts, matrix_files, random_files

MOST_MEMORY = 600_000
"""Memory that the tests may add to the process. [KiB]"""


def fuzzed(count: int) -> settings:
    """The same files every time; a busy machine is no failure."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


@pytest.fixture(autouse=True, scope="module")
def _one_catalog() -> Iterator[None]:
    """Open the catalog once, and bound the memory of all files together."""
    catalog = Catalog.open()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalog, "open", classmethod(lambda *_: catalog))
        yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


def ends_well(command: str, text: str) -> None:
    """Give a file to a command by standard input, and look at what is left behind."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8", errors="surrogatepass"))))
        with pytest.raises(SystemExit) as stop:
            main([command, "-", "--format", "json"])
    said = err.getvalue()
    assert stop.value.code in (0, 1, 2)
    assert "CC900" not in said
    assert "Traceback" not in said
    if stop.value.code == 2:
        # A budget that cannot be judged says so in the answer.
        assert " CC" in said or '"state": "error"' in out.getvalue()
    assert not {"NaN", "Infinity"} & set(out.getvalue().split())


@fuzzed(150)
@given(changed_examples())
def test_examples_with_something_changed(text: str) -> None:
    ends_well("run", text)


@fuzzed(200)
@given(cut_texts())
def test_texts_with_something_cut(text: str) -> None:
    ends_well("run", text)


@fuzzed(200)
@given(random_files)
def test_trees_of_no_sense(text: str) -> None:
    ends_well("run", text)


@fuzzed(200)
@given(budget_files())
def test_budgets_that_may_be_wrong(text: str) -> None:
    ends_well("check", text)


@fuzzed(200)
@given(matrix_files())
def test_matrices_that_may_be_wrong(text: str) -> None:
    ends_well("run", text)


@fuzzed(50)
@given(st.binary(max_size=200))
def test_bytes(data: bytes) -> None:
    ends_well("run", data.decode("utf-8", errors="surrogateescape"))
