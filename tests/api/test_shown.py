"""How results look at the end of a cell."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import computecalc as cc
from computecalc.api.values import Value

RUN = {"tokens": "1T tokens", "accelerator": "h100-sxm", "count": 64, "mfu": "0.38..0.40..0.42"}
HOSTILE = "<script>alert(1)</script>\x1b[31m"


def hostile() -> dict[str, object]:
    return {
        "version": 1,
        "scenarios": {
            name: {
                "kind": "train",
                "model": "llama-3.1-8b",
                "data": {"tokens": "1T tokens"},
                "cluster": {"accelerator": "h100-sxm", "count": 64},
                "efficiency": {"mfu": 0.4},
                "money": {"price": "2 USD/accelerator/h"},
            }
            for name in (HOSTILE, "=cmd()")
        },
    }


class Tags(HTMLParser):
    """Counts opening and closing tags."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.opened.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


def checked(html: str) -> set[str]:
    tags = Tags()
    tags.feed(html)
    assert tags.opened == []
    assert "\x1b" not in html
    return tags.seen


KNOWN = {"div", "p", "b", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"}


def test_hostile_names_stay_text() -> None:
    every = cc.estimate_all(hostile())
    for shown in (every, every[0], cc.check(every, "cost.total <= 1 USD")):
        assert checked(shown._repr_html_()) <= KNOWN
        assert "\x1b" not in repr(shown)
    assert "&lt;script&gt;" in every[0]._repr_html_()


def test_the_text_has_the_main_metrics_in_columns() -> None:
    found = cc.estimate("llama-3.1-8b", **RUN, price="2 USD/accelerator/h")  # type: ignore[arg-type]
    lines = repr(found).splitlines()
    assert lines[0] == "llama-3.1-8b (train)"
    assert lines[1].split() == ["metric", "low", "value", "high", "unit"]
    assert re.fullmatch(r"time\.wall +[\d.]+ +[\d.]+ +[\d.]+  d", next(line for line in lines if "time.wall" in line))
    assert max(map(len, lines)) <= 80


def test_a_search_shows_its_best_first() -> None:
    found = cc.optimize("llama-3.1-8b", accelerator="h100-sxm", count=64, global_batch=512, tokens="1T tokens", top=2)
    assert repr(found).startswith("llama-3.1-8b: best by time.wall of")
    assert checked(found._repr_html_()) <= KNOWN
    assert repr(found[0]).startswith("<64 h100-sxm: ")


def test_values_say_their_range_once() -> None:
    assert str(Value("cost.total", "USD", 2e6, 2e6, 2e6)) == "2 MUSD"
    assert repr(Value("time.wall", "s", 86400.0, 172800.0, 259200.0)) == "<time.wall = 1..2..3 d>"
    assert str(Value("time.wall", "s", 86400.0, 172800.0, 259200.0).to("h")) == "24..48..72 h"
    assert str(Value("cost.total", "USD", None, 5.0, None).to("kUSD")) == "0.005 kUSD"
    assert str(Value("mfu", "", 0.4, 0.4, 0.4).to("%")) == "40 %"
    assert repr(Value("cost.total", "USD", None, None, None, reason="no price")) == "<cost.total = unknown: no price>"
