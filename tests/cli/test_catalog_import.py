"""`computecalc catalog import model`, and models named by the path of a configuration."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from computecalc.catalog.loading import load_file
from computecalc.cli.main import main

CONFIGS = Path(__file__).parents[1] / "data" / "configs"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder named after a model, with its configuration, to work in."""
    place = tmp_path / "Qwen3-8B"
    place.mkdir()
    shutil.copy(CONFIGS / "qwen3-8b.json", place / "config.json")
    # Midday of 4 March 2026, in seconds since 1970: 20,516 days and a half.
    os.utime(place / "config.json", (20_516.5 * 86_400, 20_516.5 * 86_400))
    monkeypatch.chdir(place)
    return place


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    printed = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, printed.out, printed.err


def test_the_folder_names_the_entry_and_the_file_dates_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "catalog", "import", "model", "config.json")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "version: 1",
        "kind: model",
        "sources:",
        '  config: {title: "config.json, model_type qwen3", publication: "config.json", as_of: "2026-03-04"}',
        "entries:",
        "  qwen3-8b:",
        "    name: qwen3-8b",
        "    provenance: {source: config, kind: published}",
        "    architecture:",
        "      hidden: 4096",
        "      vocab: 151936",
        "      tied_embeddings: false",
        "      mixers: {attention: {type: attention, heads: 32, kv_heads: 8, head_size: 128, qk_norm: head}}",
        "      feed_forwards: {mlp: {type: dense, width: 12288, gated: true}}",
        "      layers: [{count: 36, mixer: attention, feed_forward: mlp}]",
        '    context_length: "40960 tokens"',
    ]


def test_a_file_is_written_that_serves_as_a_catalog(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = folder / "mine" / "models" / "mine.yaml"
    target.parent.mkdir(parents=True)
    flags = ("--id", "my-model", "--as-of", "2026-01", "-o", str(target))
    assert run(capsys, "catalog", "import", "model", "config.json", *flags) == (0, "", "")
    assert load_file(target)["my-model"].provenance.sources[0].as_of == "2026-01"
    run_flags = ("--tokens", "1T", "--accelerator", "h100-sxm", "--count", "64", "--catalog", "mine", "-f", "csv")
    code, out, _ = run(capsys, "train", "my-model", *run_flags)
    assert code == 0
    assert "my-model,train,parameters.total,8190735360,8190735360,8190735360,parameter" in out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--id", "My Model"), "error CC101: --id 'My Model' is no id"),
        (("--as-of", "soon"), "error CC101: --as-of is not a date: 'soon'"),
        (("-o", "nowhere/mine.yaml"), "error CC104: cannot write"),
    ],
)
def test_wrong_flags(folder: Path, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...], message: str) -> None:
    code, out, err = run(capsys, "catalog", "import", "model", "config.json", *flags)
    assert (code, out) == (2, "")
    assert message in err
    assert sorted(path.name for path in folder.iterdir()) == ["config.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"model_type": "llama",\n "hidden_size"', "bad.json:1:1: error CC201: this `{` is never closed"),
        ("<html></html>", "error CC303: bad.json is no configuration: it must be a mapping"),
        ("", "error CC202: bad.json is empty"),
        ('{"model_type": "qwen9"}', "bad.json:1:16: error CC306: configurations of model_type `qwen9`"),
        ('{"hidden_size": 3}', "bad.json:1:1: error CC302: the configuration has no `model_type`"),
    ],
)
def test_files_that_are_no_configuration(
    folder: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    (folder / "bad.json").write_text(content, encoding="utf-8")
    code, out, err = run(capsys, "catalog", "import", "model", "bad.json")
    assert (code, out) == (2, "")
    assert message in err
    code, _, err = run(capsys, "train", "bad.json", "--tokens", "1T", "--accelerator", "h100-sxm", "--count", "64")
    assert code == 2
    assert message in err


def test_folders_and_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "dir.json").mkdir()
    assert run(capsys, "catalog", "import", "model", "dir.json")[0] == 2
    flags = ("--tokens", "1T", "--accelerator", "h100-sxm", "--count", "64")
    code, _, err = run(capsys, "train", "dir.json", *flags)
    assert code == 2
    assert err.startswith("MODEL: error CC103: dir.json is a folder")
    code, _, err = run(capsys, "train", "./confg.json", *flags)
    assert code == 2
    assert "error CC103: confg.json does not exist" in err
    assert "did you mean config.json?" in err


def test_train_takes_a_path_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("--tokens", "1T tokens", "--accelerator", "h100-sxm", "--count", "64")
    code, out, err = run(capsys, "train", "./config.json", *flags, "-f", "json")
    assert code == 0, err
    (scenario,) = json.loads(out)["scenarios"]
    assert scenario["outputs"]["parameters.total"]["value"] == 8_190_735_360
    assert scenario["inputs"]["model.hidden"]["source"] == {
        "kind": "flag",
        "flag": "MODEL",
        "title": "./config.json, model_type qwen3",
        "text": "MODEL, config.json of model_type qwen3",
    }
    _, out, _ = run(capsys, "train", "./config.json", *flags)
    assert "MODEL, config.json of model_type qwen3" in out


def test_explain_takes_a_path(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("--tokens", "1T tokens", "--accelerator", "h100-sxm", "--count", "64")
    code, out, err = run(capsys, "explain", "parameters.total", str(folder / "config.json"), *flags)
    assert (code, err) == (0, "")
    assert "parameters.total = 8.191B parameter" in out
