"""`computecalc diff` as its users meet it: in a git repository, against a lock, and against a saved result."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from computecalc.formulas.table import FORMULAS, Numeric, formula
from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

PLAN = """\
version: 1
scenarios:
  run:
    kind: train
    model: llama-3.1-405b
    data: {tokens: 15.6T tokens, sequence_length: 8192}
    cluster: {accelerator: own, count: 16384}
    efficiency: {mfu: 0.4, goodput: 0.9}
    site: {region: US-VA, pue: 1.1}
    money: {price: 2 USD/accelerator/h}
"""
CHIPS = """\
version: 1
kind: accelerator
sources: {s: {title: Sheet, url: https://example.org/s, as_of: 2026-01-01}}
entries:
  own:
    name: Own
    vendor: Own
    provenance: {source: s, kind: assumed}
    peak: {bf16: 1000 TFLOP/s}
    memory: {capacity: 80 GB, bandwidth: 3 TB/s}
    server: {size: 8}
    power: {thermal_design: 700 W}
"""
# 15.6e12 tokens of 2,523.955986 GFLOP at 0.4 x 1 PFLOP/s take 98.4343e9 accelerator seconds; / 0.9 = 30,381,559
# accelerator hours. At 2 USD an hour they are 60.763 MUSD, at 3 USD half as much more, and on an accelerator of twice
# the peak half of either.
BILLED = 15.6e12 * 2523955986432.0 / (0.4 * 1e15) / 0.9 / 3600.0


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a plan and a catalog of its own."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "chips.yaml").write_text(CHIPS, encoding="utf-8")
    git(tmp_path, "init", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "plan")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def metrics_of(ran: Ran, name: str = "run") -> dict[str, dict[str, float]]:
    assert ran.code == 0, ran.err
    (found,) = (each for each in json.loads(ran.out)["scenarios"] if each["name"] == name)
    metrics: dict[str, dict[str, float]] = found["metrics"]
    for change in metrics.values():
        if change["change"] is not None:
            assert change["inputs"] + change["catalog"] + change["formulas"] == change["change"]
            assert change["after"]["value"] - change["before"]["value"] == pytest.approx(  # type: ignore[index]
                change["change"],
                rel=1e-9,
                abs=1e-8 * abs(change["before"]["value"]),  # type: ignore[index]
            )
    return metrics


def causes_of(ran: Ran) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (each["part"], each["what"], each["before"], each["after"])
        for scenario in json.loads(ran.out)["scenarios"]
        for each in scenario["causes"]
    ]


def reprice(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN.replace("2 USD", "3 USD"), encoding="utf-8")


def speed_up(folder: Path) -> None:
    (folder / "own" / "chips.yaml").write_text(CHIPS.replace("1000 TFLOP/s", "2000 TFLOP/s"), encoding="utf-8")


@pytest.fixture
def raise_version(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give `rental_cost` a second version, which charges a tenth more."""

    def rental_cost(*, accelerator_time: Numeric, price: Numeric) -> Numeric:
        return 1.1 * accelerator_time * price

    def raised() -> None:
        first = FORMULAS["rental_cost"]
        monkeypatch.delitem(FORMULAS, "rental_cost")
        units = dict(first.parameters)
        second = formula(returns=first.returns, version=2, cite=first.cite, **units)(rental_cost)
        assert replace(first, version=2).reference == FORMULAS["rental_cost"].reference
        import sys

        for name, module in list(sys.modules.items()):
            if name.startswith("computecalc.estimators") and hasattr(module, "rental_cost"):
                monkeypatch.setattr(module, "rental_cost", second)

    return raised


@pytest.mark.parametrize("against", ["lock", "git:main", "result.json", "git:main:computecalc.lock.json"])
def test_a_price_an_accelerator_and_a_formula_are_told_apart(
    folder: Path, program: Callable[..., Ran], raise_version: Callable[[], None], against: str
) -> None:
    """In turn a price, a figure of an accelerator and a formula change; the parts are those of the hand."""
    own = ("--catalog", "own")
    assert program("lock", "plan.yaml", *own).code == 0
    assert program("run", "plan.yaml", *own, "-q", "-o", "json=result.json").code == 0
    git(folder, "add", ".")
    git(folder, "commit", "-m", "lock")
    diff = ("diff", "plan.yaml", *own, "--against", against, "-f", "json")
    assert metrics_of(program(*diff)) == {}

    # The price: 3 in place of 2 USD an hour, which is what is stated.
    reprice(folder)
    cost = metrics_of(program(*diff))["cost.total"]
    assert cost["inputs"] == pytest.approx(BILLED * 1.0, rel=1e-9)
    assert (cost["catalog"], cost["formulas"]) == (0.0, 0.0)
    assert causes_of(program(*diff)) == [("inputs", "money.price", "2 USD/accelerator/h", "3 USD/accelerator/h")]

    # The accelerator besides: half the hours, at the old price by the catalog, the rest by the price.
    speed_up(folder)
    ran = program(*diff)
    metrics = metrics_of(ran)
    assert metrics["cost.total"]["catalog"] == pytest.approx(-BILLED / 2 * 2.0, rel=1e-9)
    assert metrics["cost.total"]["inputs"] == pytest.approx(BILLED / 2 * 1.0, rel=1e-9)
    assert metrics["time.wall"]["catalog"] == pytest.approx(-BILLED / 2 * 3600 / 16384, rel=1e-9)
    assert metrics["time.wall"]["inputs"] == 0.0
    assert ("catalog", "cluster.peak (accelerator/own peak.bf16)") in [cause[:2] for cause in causes_of(ran)]

    # The formula besides: a tenth more. Files of a revision are estimated by the program of today, so that nothing of
    # a formula is in the difference; it is in what was saved before.
    raise_version()
    ran = program(*diff)
    cost = metrics_of(ran)["cost.total"]
    formulas, factor = (0.0, 1.1) if against == "git:main" else (0.1 * BILLED * 2.0, 1.1)
    assert cost["formulas"] == pytest.approx(formulas, rel=1e-9)
    assert cost["catalog"] == pytest.approx(-factor * BILLED / 2 * 2.0, rel=1e-9)
    assert cost["inputs"] == pytest.approx(factor * BILLED / 2 * 1.0, rel=1e-9)
    assert metrics_of(ran)["time.wall"]["formulas"] == 0.0
    assert (("formulas", "rental_cost", "@1", "@2") in causes_of(ran)) == (against != "git:main")


@pytest.mark.parametrize("change", [reprice, speed_up])
def test_each_alone_is_the_whole(folder: Path, program: Callable[..., Ran], change: Callable[[Path], None]) -> None:
    change(folder)
    cost = metrics_of(program("diff", ".", "--catalog", "own", "--against", "git:main", "-f", "json"))["cost.total"]
    part = "inputs" if change is reprice else "catalog"
    assert cost[part] == cost["change"] != 0.0


def test_a_price_that_the_catalog_chose_is_the_catalogs(folder: Path, program: Callable[..., Ran]) -> None:
    """Where no price is stated, a new entry of the catalog is another median: nobody changed an input."""
    unpriced = PLAN.replace("    money: {price: 2 USD/accelerator/h}\n", "")
    (folder / "plan.yaml").write_text(unpriced, encoding="utf-8")
    prices = """\
version: 1
kind: price
sources: {s: {title: Prices, url: https://example.org/p, as_of: 2026-02-01}}
entries:
  own-first:
    name: First
    provider: First
    accelerator: own
    commitment: on-demand
    provenance: {source: s, kind: published}
    price: {value: 2 USD/accelerator/h, as_of: 2026-02-01}
"""
    (folder / "own" / "prices.yaml").write_text(prices, encoding="utf-8")
    program("lock", "plan.yaml", "--catalog", "own")
    first = prices[prices.index("  own-first") :]
    second = first.replace("own-first", "own-second").replace("First", "Second").replace("2 USD", "4 USD")
    (folder / "own" / "prices.yaml").write_text(prices + second, encoding="utf-8")
    ran = program("diff", "plan.yaml", "--catalog", "own", "-f", "json")
    cost = metrics_of(ran)["cost.total"]
    assert cost["catalog"] == pytest.approx(BILLED * 1.0, rel=1e-9)  # the middle of 2 and 4 is 3
    assert (cost["inputs"], cost["formulas"]) == (0.0, 0.0)


def test_another_accelerator_is_an_input_although_its_figures_are_the_catalogs(
    folder: Path, program: Callable[..., Ran]
) -> None:
    program("lock", "plan.yaml", "--catalog", "own")
    (folder / "plan.yaml").write_text(PLAN.replace("accelerator: own", "accelerator: mtia-400"), encoding="utf-8")
    ran = program("diff", "plan.yaml", "--catalog", "own", "-f", "json")
    metrics = metrics_of(ran)
    # Six times the peak: a sixth of the hours.
    assert metrics["cost.total"]["inputs"] == pytest.approx(-BILLED * 5 / 6 * 2.0, rel=1e-9)
    assert metrics["cost.total"]["catalog"] == 0.0
    assert causes_of(ran) == [("inputs", "cluster.accelerator", "own", "mtia-400")]
    # The power of that accelerator is not known: nothing is made up in its place.
    energy = metrics["energy.facility"]
    assert (energy["change"], energy["inputs"]) == (None, None)
    assert energy["reason"] == "it is unknown now"  # type: ignore[comparison-overlap]


def test_new_and_removed_scenarios_are_told(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "plan.yaml").write_text(PLAN.replace("  run:", "  later:"), encoding="utf-8")
    (folder / "more.yaml").write_text(PLAN.replace("  run:", "  more:"), encoding="utf-8")
    ran = program("diff", ".", "--catalog", "own", "--against", "git:main")
    assert ran.code == 0
    for line in ("scenario later: new", "scenario more: new", "scenario run: removed"):
        assert line in ran.out
    assert ran.out.endswith("2 new, 1 removed, against git:main\n")
    assert program("diff", ".", "--catalog", "own", "--against", "git:main", "--exit-code").code == 1


def test_a_lock_of_a_folder_tells_nothing_of_files_that_are_not_named(
    folder: Path, program: Callable[..., Ran]
) -> None:
    (folder / "more.yaml").write_text(PLAN.replace("  run:", "  more:"), encoding="utf-8")
    program("lock", ".", "--catalog", "own")
    ran = program("diff", "plan.yaml", "--catalog", "own", "--exit-code")
    assert (ran.code, ran.out) == (0, "1 unchanged, against computecalc.lock.json\n")
    (folder / "more.yaml").unlink()
    assert "scenario more: removed" in program("diff", "plan.yaml", "--catalog", "own").out


def test_files_of_a_revision_extend_what_was_beside_them(folder: Path, program: Callable[..., Ran]) -> None:
    """A file that is extended, a configuration and the catalog are all read as they were; the working tree is not."""
    config = {
        "model_type": "llama",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "num_hidden_layers": 32,
        "vocab_size": 128256,
        "tie_word_embeddings": False,
    }
    (folder / "sub").mkdir()
    base = "version: 1\nprofiles: {cheap: {money: {price: 1 USD/accelerator/h}, model: config.json}}\nscenarios: {}\n"
    (folder / "sub" / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "sub" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    child = (
        "version: 1\nscenarios:\n  run:\n    extends: base.yaml#cheap\n    kind: train\n    data: {tokens: 1T tokens}\n"
        "    cluster: {accelerator: own, count: 64}\n    efficiency: {mfu: 0.4, goodput: 0.9}\n"
    )
    (folder / "sub" / "child.yaml").write_text(child, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "sub")
    diff = ("diff", "sub/child.yaml", "--catalog", "own", "--against", "git:main", "-f", "json")
    assert metrics_of(program(*diff)) == {}
    (folder / "sub" / "base.yaml").write_text(base.replace("1 USD", "2 USD"), encoding="utf-8")
    cost = metrics_of(program(*diff))["cost.total"]
    assert cost["after"]["value"] == pytest.approx(2 * cost["before"]["value"], rel=1e-9)  # type: ignore[index]
    assert cost["inputs"] == cost["change"]
    # A deeper model is an input too: the file is the user's.
    config["num_hidden_layers"] = 64
    (folder / "sub" / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "sub" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    parameters = metrics_of(program(*diff))["parameters.total"]
    # 32 more layers of 2 x 4096^2 + 2 x 4096 x 1024 + 3 x 4096 x 14336 weights and two norms.
    assert parameters["inputs"] == 32 * (2 * 4096**2 + 2 * 4096 * 1024 + 3 * 4096 * 14336 + 2 * 4096)
    assert parameters["catalog"] == 0.0


@pytest.mark.parametrize("against", ["lock", "git:main"])
def test_own_measurements_are_an_input(folder: Path, program: Callable[..., Ran], against: str) -> None:
    """The table that a service is calibrated on is the user's: kept in the lock, and read from the revision."""
    service = (
        "version: 1\nscenarios:\n  chat:\n    kind: infer\n    model: llama-3.1-405b\n"
        "    traffic: {input: 1500, output: 400, rate: 50 request/s}\n"
        "    serving: {accelerator: h100-sxm, precision: fp8, engine: vllm, calibration: own.csv}\n"
    )
    head = "model,tensor,input,output,concurrency,tpot [ms]\n"
    (folder / "sub").mkdir()
    (folder / "sub" / "chat.yaml").write_text(service, encoding="utf-8")
    (folder / "sub" / "own.csv").write_text(f"{head}llama-3.1-405b,8,1000,500,8,40\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "service")
    assert program("lock", "sub").code == 0
    assert program("verify", "sub/computecalc.lock.json").code == 0
    (folder / "sub" / "own.csv").write_text(f"{head}llama-3.1-405b,8,1000,500,8,50\n", encoding="utf-8")
    ran = program("diff", "sub", "--against", against, "-f", "json")
    metrics = metrics_of(ran, "chat")
    assert metrics["latency.tpot"]["inputs"] == metrics["latency.tpot"]["change"] != 0.0
    assert [(part, what) for part, what, *_ in causes_of(ran)] == [("inputs", "own.csv")]
    stale = program("lock", "sub", "--check", "-f", "json")
    assert "file own.csv" in {row["what"] for row in json.loads(stale.out)}


def test_nothing_of_the_repository_is_touched(folder: Path, program: Callable[..., Ran]) -> None:
    reprice(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    program("diff", ".", "--catalog", "own", "--against", "git:main")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


def test_a_scenario_that_could_not_be_estimated_then_has_no_parts(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "plan.yaml").write_text(PLAN.replace("US-VA", "Nowhere"), encoding="utf-8")
    git(folder, "commit", "-am", "broken")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    ran = program("diff", "plan.yaml", "--catalog", "own", "--against", "git:main", "-f", "json")
    (scenario,) = json.loads(ran.out)["scenarios"]
    assert (ran.code, scenario["state"]) == (0, "changed")
    assert "could not be estimated then" in scenario["reason"]
    assert str(folder) not in scenario["reason"]
    cost = scenario["metrics"]["cost.total"]
    assert [cost[part] for part in ("change", "inputs", "catalog", "formulas")] == [None] * 4


def test_a_scenario_that_fails_now_makes_the_exit_code_2(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "plan.yaml").write_text(PLAN.replace("US-VA", "Nowhere"), encoding="utf-8")
    ran = program("diff", "plan.yaml", "--catalog", "own", "--against", "git:main")
    assert ran.code == 2
    assert "scenario run: failed" in ran.out
    assert "plan.yaml:9:20: error CC501" in ran.err


def test_an_old_result_without_its_statement_is_compared_but_not_split(
    folder: Path, program: Callable[..., Ran]
) -> None:
    program("run", "plan.yaml", "--catalog", "own", "-q", "-o", "json=result.json")
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    for key in ("stated", "architecture", "unknown"):
        del result["scenarios"][0][key]
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    reprice(folder)
    ran = program("diff", "plan.yaml", "--catalog", "own", "--against", "result.json", "-f", "json")
    cost = json.loads(ran.out)["scenarios"][0]["metrics"]["cost.total"]
    assert cost["change"] == pytest.approx(BILLED * 1.0, rel=1e-9)
    assert [cost[part] for part in ("inputs", "catalog", "formulas")] == [None, None, None]
    assert "does not say what was stated" in cost["reason"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("plan.yaml",), "CC714", "there is no lock file computecalc.lock.json"),
        (("plan.yaml", "--against", "git:nope"), "CC715", "no revision 'nope'"),
        (("plan.yaml", "--against", "git:--help"), "CC715", "no revision '--help'"),
        (("plan.yaml", "--against", "git:"), "CC715", "no revision ''"),
        (("new.yaml", "--against", "git:main"), "CC716", "there is no new.yaml at main"),
        (("plan.yaml", "--against", "git:main:no.json"), "CC716", "there is no no.json at main"),
        (("plan.yaml", "--against", "plan.yaml"), "CC712", "it is not JSON"),
        (("plan.yaml", "--against", "missing.json"), "CC103", "missing.json cannot be read"),
        (("plan.yaml", "new.yaml", "--against", "git:main"), "CC716", "new.yaml"),
        (("plan.yaml", "--against", "git:main", "--metric", "cost.totl"), "CC102", "cost.totl is no metric"),
        (("outside/x.yaml", "--against", "git:main"), "CC715", "lies in no git repository"),
    ],
)
def test_what_it_cannot_be_compared_with(
    folder: Path,
    program: Callable[..., Ran],
    tmp_path_factory: pytest.TempPathFactory,
    arguments: tuple[str, ...],
    code: str,
    says: str,
) -> None:
    (folder / "new.yaml").write_text(PLAN.replace("  run:", "  new:"), encoding="utf-8")
    if arguments[0].startswith("outside"):
        outside = tmp_path_factory.mktemp("outside")
        (outside / "x.yaml").write_text(PLAN, encoding="utf-8")
        arguments = (str(outside / "x.yaml"), *arguments[1:])
    ran = program("diff", *arguments, "--catalog", "own")
    assert (ran.code, ran.out) == (2, "")
    assert (f"error {code}" in ran.err, says in ran.err) == (True, True), ran.err


def test_without_git_it_says_so(folder: Path, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("computecalc.checks.revisions.shutil.which", lambda name: None)
    ran = program("diff", "plan.yaml", "--catalog", "own", "--against", "git:main")
    assert (ran.code, "error CC715: git is not installed" in ran.err) == (2, True)


def test_errors_of_old_files_name_the_revision(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "plan.yaml").write_text("version: 1\nscenarios: {run: {kind: train", encoding="utf-8")
    git(folder, "commit", "-am", "cut short")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    ran = program("diff", "plan.yaml", "--catalog", "own", "--against", "git:main")
    assert ran.code == 2
    assert "main:plan.yaml:2" in ran.err


def test_two_scenarios_of_one_name_are_refused(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "copy.yaml").write_text(PLAN, encoding="utf-8")
    ran = program("diff", ".", "--catalog", "own", "--against", "git:main")
    assert (ran.code, "error CC711" in ran.err) == (2, True)
    program("run", ".", "--catalog", "own", "-q", "-o", "json=result.json")
    ran = program("diff", "plan.yaml", "--catalog", "own", "--against", "result.json")
    assert (ran.code, "two scenarios in result.json are called 'run'" in ran.err) == (2, True)


def test_every_format_says_what_changed(folder: Path, program: Callable[..., Ran]) -> None:
    hostile = PLAN.replace("  run:", '  "=run|x":')
    (folder / "plan.yaml").write_text(hostile, encoding="utf-8")
    git(folder, "commit", "-am", "hostile name")
    (folder / "plan.yaml").write_text(hostile.replace("2 USD", "3 USD"), encoding="utf-8")
    texts = {
        name: program("diff", "plan.yaml", "--catalog", "own", "--against", "git:main", "-f", name).out
        for name in ("table", "plain", "json", "csv", "md")
    }
    for name, text in texts.items():
        assert "cost.total" in text.replace("\\", "")
        assert ("3 USD/accelerator/h" in text) == (name != "csv"), text
    rows = list(csv.DictReader(io.StringIO(texts["csv"])))
    assert {row["scenario"] for row in rows} == {"'=run|x"}
    total = next(row for row in rows if row["metric"] == "cost.total")
    assert float(total["inputs"]) == float(total["change"]) == pytest.approx(BILLED, rel=1e-9)
    assert "### =run\\|x: changed" in texts["md"]


def test_only_the_metrics_asked_for(folder: Path, program: Callable[..., Ran]) -> None:
    speed_up(folder)
    ran = program("diff", ".", "--catalog", "own", "--against", "git:main", "--metric", "cost.*", "-f", "csv")
    assert {row["metric"] for row in csv.DictReader(io.StringIO(ran.out))} == {"cost.accelerators", "cost.total"}
    assert os.getcwd() == str(folder)
