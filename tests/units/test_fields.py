from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel, ValidationError

from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range


class Run(BaseModel):
    tokens: Annotated[Range, Quantity("token", bare="count", minimum=0, exclusive_minimum=True)]
    time: Annotated[Range, Quantity("s", ranged=False)] | None = None


def only_error(**values):
    with pytest.raises(ValidationError) as caught:
        Run(**values)
    (error,) = caught.value.errors()
    return error


def test_texts_and_numbers_become_ranges():
    run = Run(tokens="15T..16T", time="60 d")
    assert run.tokens == Range(15e12, 15.5e12, 16e12)
    assert run.time == Range.exact(5184000.0)
    assert Run(tokens=8192).tokens == Range.exact(8192.0)


def test_ranges_pass_within_the_limits():
    assert Run(tokens=Range.exact(5.0)).tokens == Range.exact(5.0)
    assert only_error(tokens=Range.exact(0.0))["type"] == "CC405"


def test_a_problem_keeps_its_code_hint_and_place():
    error = only_error(tokens="5 tokens", time="5 kWh")
    assert (error["type"], error["loc"]) == ("CC404", ("time",))
    assert error["msg"] == "`kWh` is energy [J], not time [s]"
    assert {key: error["ctx"][key] for key in ("hint", "offset", "length")} == {
        "hint": "write it like `60 d`",
        "offset": 2,
        "length": 3,
    }


@pytest.mark.parametrize("text", ["{hint}", "{offset} {length} {message}", "{}", "{0}", "{{hint}}", "{nothing"])
def test_braces_of_users_stay_as_they_are(text):
    assert only_error(tokens=text)["msg"] == f"`{text}` does not start with a number"


def test_json_schema():
    properties = Run.model_json_schema()["properties"]
    tokens, time = properties["tokens"], properties["time"]["anyOf"][0]
    assert tokens["type"] == ["string", "number"]
    assert tokens["description"] == "A value or a range. [token]"
    assert tokens["examples"] == ["15.6T tokens"]
    assert time["type"] == "string"
    assert time["description"] == "A value. [s]"
    assert time["examples"] == ["60 d"]
