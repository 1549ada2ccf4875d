from __future__ import annotations

import math

import pytest

from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.specs import QuantitySpec

SHARE = QuantitySpec("1", bare="count", minimum=0, maximum=1, exclusive_minimum=True)
TIME = QuantitySpec("s", minimum=0, exclusive_minimum=True)
TOKENS = QuantitySpec("token", bare="count", minimum=0, exclusive_minimum=True)
COUNT = QuantitySpec("accelerator", bare="count", minimum=1, ranged=False, integer=True)


@pytest.mark.parametrize(
    ("spec", "raw", "values"),
    [
        (SHARE, "0.35..0.40..0.45", (0.35, 0.4, 0.45)),
        (SHARE, "40 %", (0.4, 0.4, 0.4)),
        (SHARE, 0.4, (0.4, 0.4, 0.4)),
        (SHARE, 1, (1.0, 1.0, 1.0)),
        (QuantitySpec("1"), 0.4, (0.4, 0.4, 0.4)),
        (TIME, "60 d", (5184000.0, 5184000.0, 5184000.0)),
        (TOKENS, 8192, (8192.0, 8192.0, 8192.0)),
        (TOKENS, "15.6T", (15.6e12, 15.6e12, 15.6e12)),
        (COUNT, "16384 GPUs", (16384.0, 16384.0, 16384.0)),
        (COUNT, 16384.000001, (16384.0, 16384.0, 16384.0)),  # within a billionth: made exact
        (QuantitySpec("request", bare="count", integer=True), "1..2..4", (1.0, 2.0, 4.0)),
    ],
)
def test_accepted(spec, raw, values):
    assert spec.parse(raw) == Range(*values)


@pytest.mark.parametrize(
    ("spec", "raw", "code", "message", "hint"),
    [
        (SHARE, 40, "CC405", "the value must be at most 1, not 40", "did you mean `40 %`?"),
        (SHARE, "35..40..45", "CC405", "the value must be at most 1, not 45", "did you mean `35..40..45 %`?"),
        (SHARE, "140 %", "CC405", "the value must be at most 1, not 1.4", ""),
        (SHARE, 400, "CC405", "the value must be at most 1, not 400", ""),
        (SHARE, 0, "CC405", "the value must be more than 0, not 0", ""),
        (SHARE, "-0.1..0.5", "CC405", "the value must be more than 0, not -0.1", ""),
        (TIME, "0 d", "CC405", "the value must be more than 0 s, not 0 s", ""),
        (QuantitySpec("s", maximum=7776000.0), "100 d", "CC405", "the value must be at most 90 d, not 100 d", ""),
        (
            QuantitySpec("1", maximum=1, exclusive_maximum=True),
            "1",
            "CC405",
            "the value must be less than 1, not 1",
            "",
        ),
        (COUNT, 0, "CC405", "the value must be at least 1 accelerator, not 0 accelerator", ""),
        (COUNT, "1.5", "CC405", "a whole number is wanted here, not 1.5 accelerator", ""),
        (COUNT, "2..4", "CC401", "one value is wanted here, not a range", "write one value, as in `3 accelerator`"),
        (
            QuantitySpec("request", bare="count", integer=True),
            "1..2",
            "CC405",
            "a whole number is wanted here, not 1.5 request",
            "the middle is whole too: write it out, as in `1..2..4`",
        ),
        (TIME, 60, "CC402", "`60` has no unit", "write it with its unit, as in `60 d`"),
        (TIME, "60", "CC402", "`60` has no unit", "write it with its unit, as in `60 d`"),
        (TIME, True, "CC401", "a quantity is wanted here, not true or false", "write it like `60 d`"),
        (TIME, None, "CC401", "a quantity is wanted here, not an empty value", "write it like `60 d`"),
        (TIME, [1], "CC401", "a quantity is wanted here, not a list", "write it like `60 d`"),
        (TIME, {}, "CC401", "a quantity is wanted here, not a mapping", "write it like `60 d`"),
        (TIME, b"5 s", "CC401", "a quantity is wanted here, not a value of type bytes", "write it like `60 d`"),
        (SHARE, math.nan, "CC406", "the number is not finite or too large", "leave the key out if it is unknown"),
        (SHARE, math.inf, "CC406", "the number is not finite or too large", "leave the key out if it is unknown"),
        (SHARE, 10**400, "CC406", "the number is not finite or too large", "leave the key out if it is unknown"),
        (
            QuantitySpec("s", hint="a run takes days"),
            "5 W",
            "CC404",
            "`W` is power [J/s], not time [s]",
            "write it like `60 d`; a run takes days",
        ),
        (
            QuantitySpec("s", minimum=1.0, hint="at least a second"),
            "0 s",
            "CC405",
            "the value must be at least 1 s, not 0 s",
            "at least a second",
        ),
    ],
)
def test_refused(spec, raw, code, message, hint):
    with pytest.raises(QuantityProblem) as caught:
        spec.parse(raw)
    problem = caught.value
    assert (problem.code, problem.message, problem.hint) == (code, message, hint)


def test_limits_point_at_the_whole_text():
    with pytest.raises(QuantityProblem) as caught:
        TIME.parse("-5..5 s")
    assert (caught.value.offset, caught.value.length) == (0, 7)


def test_check_takes_values_in_base_units():
    assert TIME.check(Range(1.0, 2.0, 3.0)) == Range(1.0, 2.0, 3.0)
    with pytest.raises(QuantityProblem, match="must be more than 0 s, not -1 s"):
        TIME.check(Range(-1.0, 2.0, 3.0))


@pytest.mark.parametrize(("spec", "allowed"), [(SHARE, True), (QuantitySpec("1"), True), (TIME, False), (TOKENS, True)])
def test_allows_bare(spec, allowed):
    assert spec.allows_bare is allowed
