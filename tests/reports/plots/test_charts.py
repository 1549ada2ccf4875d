"""Charts on the terminal and as pictures: the right lengths, whole lines, the same bytes, hostile names as text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from computecalc.estimators.results import MetricValue
from computecalc.estimators.swings import Swing
from computecalc.reports.document import ReportStyle
from computecalc.reports.plots.charts import Bar, Chart
from computecalc.reports.plots.search_charts import Axis, Points
from computecalc.reports.plots.terminal import _bars, _grid
from computecalc.reports.terminal import printed
from tests.conftest import Ran

RUN = ("llama-3.1-8b", "--accelerator", "h100-sxm", "--count", "64", "--tokens", "1T tokens", "--global-batch", "512")
PRICE = ("--price", "2 USD/accelerator/h", "--region", "US-VA")
SEARCH = ("optimize", *RUN[:3], "--count", "64,128", *RUN[5:], *PRICE, "-q")
HOSTILE = """version: 1
scenarios:
  "$\\\\frac{<b>x</b>&": &run
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens}
    cluster: {accelerator: h100-sxm, count: 64}
    efficiency: {mfu: 0.35..0.40..0.45}
  "\\e[31m\\u202e名前": *run
"""


def charted(text: str) -> list[str]:
    return text[text.index("charts of") :].splitlines()


def drawn(chart: Chart, width: int, *, is_plain: bool = True) -> list[str]:
    style = ReportStyle(width=width)
    return printed([_bars(chart, style, is_plain=is_plain)], style).splitlines()


def test_bars_are_as_long_as_their_values() -> None:
    bars = (Bar("a", 4.0, "4"), Bar("b", 2.0, "2"), Bar("c", 0.001, "0.001"), Bar("d", 0.0, "0"))
    lines = drawn(Chart("x", "parts", bars), 34)
    # 34 columns less 1 for the label, 5 for the number and 5 around them are 23; the smallest is not lost.
    assert [line.count("#") for line in lines] == [23, 12, 1, 0]
    assert max(map(len, lines)) <= 34
    blocks = drawn(Chart("x", "parts", bars), 34, is_plain=False)
    assert [line.count("█") for line in blocks[:2]] == [23, 11]
    assert "▌" in blocks[1]  # 11.5


def test_a_swing_lies_around_the_middle() -> None:
    value = MetricValue("x", "s", 0.0, 5.0, 10.0, swings=(Swing("wide", 0.0, 10.0), Swing("down", 5.0, 0.0)))
    bars = tuple(Bar(swing.path, 0.0, "t", swing=swing) for swing in value.swings)
    wide, down = drawn(Chart("x", "swings", bars, value), 31)
    assert re.fullmatch(r" wide -{10}\|#{10} t", wide), wide
    assert re.fullmatch(r" down #{10}\| {10} t", down), down


def test_points_stand_where_their_numbers_are() -> None:
    across, up = (
        Axis("time.wall", 0.0, 10.0, ("0 s", "10 s"), "s", 1.0),
        Axis("cost.total", 0.0, 11.0, ("0", "11"), "USD", 1.0),
    )
    text = _grid(Points(across, up, ((0.0, 11.0), (5.0, 5.0), (10.0, 0.0))), ReportStyle(width=80))
    rows = [line.partition("|")[2] for line in text.splitlines() if "|" in line]
    assert len(rows) == 12
    assert rows[0] == "1"
    assert rows[6].index("2") == pytest.approx(37, abs=1)  # the middle of 74 columns, and 5 of 11 up in 12 lines
    assert rows[11].rstrip().endswith("3")
    assert len(rows[11]) == 74


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_longer_than_the_terminal(
    width: int, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for command in (("train", *RUN, *PRICE, "-q"), (*SEARCH, "--pareto")):
        for form in ("table", "plain"):
            ran = program(*command, "--plot", "-f", form)
            assert ran.code == 0, ran.err
            lines = charted(ran.out)
            assert max(map(len, lines)) <= width
            assert "\x1b" not in ran.out
            assert form == "table" or "".join(lines).isascii()


def test_charts_show_what_totals_are_made_of_and_what_moves_them(program: Callable[..., Ran]) -> None:
    lines = charted(program("train", *RUN, *PRICE, "-q", "--plot").out)
    titles = [line.partition(":")[0] for line in lines if line and not line.startswith(" ")]
    assert titles == [
        "charts of llama-3.1-8b (train)",
        "time.step",
        "accelerator_time.billed",
        "memory.per_accelerator",
        "energy.facility",
        "carbon.total",
        "what moves cost.total",
    ]
    start = lines.index(next(line for line in lines if line.startswith("energy.facility")))
    shares = [float(line.split()[-1].rstrip("%")) for line in lines[start + 1 : start + 4]]
    # 1.3 for hosts over accelerators at the server's power, and PUE 1.2 or so: each layer is a share of the whole.
    assert sum(shares) == pytest.approx(100.0, abs=0.2)


def test_several_scenarios_stand_side_by_side(program: Callable[..., Ran]) -> None:
    ran = program("compare", *RUN, "--over", "count=64,128,256", "-q", "--plot", "-f", "plain")
    lines = charted(ran.out)
    assert lines[0] == "charts of 3 scenarios"
    start = lines.index("time.wall")
    lengths = [line.count("#") for line in lines[start + 1 : start + 4]]
    # Twice the accelerators take half the time, or little more.
    assert lengths[0] > 1.8 * lengths[1] > 3.2 * lengths[2]


def test_without_plot_there_are_no_charts(program: Callable[..., Ran]) -> None:
    assert "charts of" not in program("train", *RUN, "-q").out
    assert "charts of" not in program(*SEARCH).out


def test_color_is_for_those_who_want_it(program: Callable[..., Ran]) -> None:
    ran = program("train", *RUN, "-q", "--plot", "-f", "table", "--color", "always")
    assert re.search(r"\x1b\[[\d;]*36[\d;]*m█", ran.out)


@pytest.mark.parametrize("command", [("train", *RUN, *PRICE, "-q"), (*SEARCH, "--pareto")])
def test_pictures_are_whole_and_equal(command: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("one", "two"):
        outputs = ("-o", f"png={tmp_path / name}.png", "-o", f"svg={tmp_path / name}.svg")
        # With another hash seed and a hostile style of matplotlib's: neither may be seen.
        folder = tmp_path / name
        folder.mkdir()
        (folder / "matplotlibrc").write_text("axes.facecolor: red\nsavefig.dpi: 10\n" if name == "two" else "")
        run = subprocess.run(
            [sys.executable, "-m", "computecalc", *command, *outputs],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=os.environ | {"PYTHONHASHSEED": "1" if name == "one" else "2", "MPLCONFIGDIR": str(folder)},
        )
        assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    ElementTree.fromstring((tmp_path / "one.svg").read_text(encoding="utf-8"))


def test_hostile_names_are_drawn_as_text(tmp_path: Path, program: Callable[..., Ran]) -> None:
    plan, svg, png = tmp_path / "plan.yaml", tmp_path / "plan.svg", tmp_path / "plan.png"
    plan.write_text(HOSTILE, encoding="utf-8")
    ran = program("run", str(plan), "-q", "--plot", "-o", f"svg={svg}", "-o", f"png={png}")
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()}.isdisjoint({"script", "b", "a", "image"})
    assert png.stat().st_size > 10_000


def test_without_matplotlib_one_error_says_what_to_install(
    tmp_path: Path, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    path = tmp_path / "x.png"
    ran = program("train", *RUN, "-q", "-o", f"png={path}")
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "error CC783: pictures need matplotlib, which is not installed",
        "   hint: pip install 'computecalc[plot]'",
    ]
    assert list(tmp_path.iterdir()) == []
    assert "scenario llama-3.1-8b" in ran.out


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("-f", "png"), "CC101"),
        (("--plot", "-f", "json"), "CC101"),
        (("--tornado", "time.wall", "--plot"), "CC101"),
        (("--tornado", "time.wall", "-o", "png=x.png"), "CC101"),
        (("--accelerator", "h100-smx", "-o", "png=x.png"), "CC784"),
    ],
)
def test_what_cannot_be_drawn_says_why(
    flags: tuple[str, ...], code: str, tmp_path: Path, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = program("train", *RUN, *flags)
    assert ran.code == 2
    assert f"error {code}" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_search_refuses_alike(program: Callable[..., Ran]) -> None:
    assert "error CC101: --plot draws" in program(*SEARCH, "--plot", "-f", "json").err
    assert "error CC101: png is a picture" in program(*SEARCH, "-f", "png").err
