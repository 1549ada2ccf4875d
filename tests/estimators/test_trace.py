"""The derivation: what is recorded, and that every wire of every recipe carries the unit its formula declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from computecalc.estimators.inputs import Origin, Resolved, ResolvedInput
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate, estimate
from computecalc.estimators.trace import (
    InputNode,
    LiteralNode,
    Node,
    Nodes,
    StepNode,
    Traced,
    labelled,
    node_of,
    traced,
)
from computecalc.estimators.training import exchange, layer_time
from computecalc.formulas.cost import rental_cost, total_cost
from computecalc.units.ranges import Range
from computecalc.units.registry import unit

Resolve = Callable[..., Resolved]

SCENARIOS = {
    # Prior MFU, draw, overhead, PUE, grid and catalog prices: every input that can come from the catalog does.
    "dense": (
        "{kind: train, model: llama-3.1-405b, data: {global_batch: 16M tokens}, "
        "cluster: {accelerator: h100-sxm, count: 16384}}"
    ),
    # Everything stated, latent attention, experts, a layout, and full attention in the MFU.
    "experts with a layout": (
        "{kind: train, model: deepseek-v3, data: {tokens: 14.8T tokens, global_batch: 15360}, "
        "cluster: {accelerator: h800-sxm, count: 2048, precision: fp8}, "
        "layout: {pipeline: 16, expert: 64, recompute: selective}, "
        "efficiency: {mfu: 0.20..0.25, goodput: 0.95, convention: full}, "
        "site: {pue: 1.2, grid_intensity: 500 gCO2e/kWh}, power: {accelerator: 550 W, host_overhead: 1.3}, "
        "money: {price: 2 USD/accelerator/h}}"
    ),
    # Known by its counts alone, and the count of accelerators solved.
    "coarse": (
        "{kind: train, model: gpt-4-rumoured, data: {tokens: 13T tokens, sequence_length: 8192}, "
        "cluster: {accelerator: a100-sxm-40gb, wall_time: 95 d}, efficiency: {mfu: 34 %, goodput: 0.8}}"
    ),
    # Windows, chunks, biases, norms and learned sinks.
    "windows": "{kind: train, model: gpt-oss-20b, data: {tokens: 1T}, cluster: {accelerator: tpu-v5p, count: 64}}",
    "chunks": "{kind: train, model: llama-4-scout, cluster: {accelerator: mi300x, count: 4096}}",
    "positions": "{kind: train, model: gopher-280b, cluster: {accelerator: tpu-v3, count: 4096}}",
}


@pytest.fixture
def estimated(resolved: Resolve) -> Callable[[str], Estimate]:
    return cache(lambda name: estimate(resolved(SCENARIOS[name], shipped=True)))


def nodes(root: Node) -> Iterator[Node]:
    """Every node of a derivation, each once."""
    seen: dict[int, Node] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen[id(node)] = node
            waiting += [child for _, child in edges(node)]
    yield from seen.values()


def edges(node: Node) -> list[tuple[str, Node]]:
    """The arguments of a step: parameter and node, sequences one by one."""
    if not isinstance(node, StepNode):
        return []
    found: list[tuple[str, Node]] = []
    for name, given in node.arguments.items():
        found += [(name, one) for one in given] if isinstance(given, tuple) else [(name, given)]
    return found


def unit_of(node: Node) -> str | None:
    """The unit that a node hands over; None for a literal."""
    match node:
        case StepNode(formula=formula):
            return formula.returns
        case InputNode(input=given):
            return given.formula_unit
        case LiteralNode():
            return None


CHOSEN = {"stage", "single"}
"""Literals of a recipe that may be any number: the worst stage, which is found outside the trace, and the 4 bytes that
single precision has by its name."""


NAMED = {
    ("share", exchange.FORWARD),
    ("share", exchange.BACKWARD),
    ("heads", layer_time.STREAMS),
    ("passes", layer_time.SCORE_PASSES),
    ("passes", layer_time.EMBEDDING_PASSES),
}
"""Literals of the model of a step, each named and explained where it is defined."""


def wrong_wires(root: Node) -> list[str]:
    """Arguments whose unit is not the one that the formula declares for the parameter."""
    wrong = []
    for node in nodes(root):
        for name, given in edges(node):
            assert isinstance(node, StepNode)
            declared, carried = node.formula.parameters[name], unit_of(given)
            if carried is None:
                # A recipe's own numbers are the 0 and 1 of options and absent parts, and the 2 biases of positions.
                if given.value not in (0.0, 1.0, 2.0) and name not in CHOSEN and (name, given.value) not in NAMED:
                    wrong.append(f"{node.formula.name}.{name} takes the literal {given.value}")
            elif unit(carried).dimension != unit(declared).dimension:
                wrong.append(f"{node.formula.name}.{name} wants {declared}, gets {carried}")
    return wrong


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_wire_carries_the_declared_unit(estimated: Callable[[str], Estimate], name: str) -> None:
    found = estimated(name)
    assert {metric: wrong_wires(node) for metric, node in found.nodes.items()} == {metric: [] for metric in found.nodes}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_metric_is_derived_in_its_own_unit_and_value(estimated: Callable[[str], Estimate], name: str) -> None:
    found = estimated(name)
    for metric, node in found.nodes.items():
        carried = unit_of(node)
        assert carried is not None, metric
        assert unit(carried).dimension == unit(METRICS[metric].formula_unit).dimension, metric
        value = found.outputs[metric]
        assert value.mid in (node.value, None)
        if value.mid is not None:
            assert value.low is not None
            assert value.high is not None
            assert value.low <= value.mid <= value.high
            assert value.formula == (node.formula.reference if isinstance(node, StepNode) else None)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_step_can_be_done_again(estimated: Callable[[str], Estimate], name: str) -> None:
    for root in estimated(name).nodes.values():
        for node in nodes(root):
            if not isinstance(node, StepNode):
                continue
            arguments = {
                key: tuple(one.value for one in given) if isinstance(given, tuple) else given.value
                for key, given in node.arguments.items()
            }
            assert float(node.formula.function(**arguments)) == node.value


def test_the_leaves_are_the_inputs_of_the_scenario(estimated: Callable[[str], Estimate]) -> None:
    found = estimated("experts with a layout")
    used = {node.input.path for root in found.nodes.values() for node in nodes(root) if isinstance(node, InputNode)}
    # With the draw stated, nothing else goes unused.
    assert used == set(found.inputs)


def test_a_wrong_wire_is_found(estimated: Callable[[str], Estimate]) -> None:
    found = estimated("coarse")
    step = found.nodes["time.wall"]
    assert isinstance(step, StepNode)
    swapped = replace(step, arguments={**step.arguments, "billed": found.nodes["memory.model_states"]})
    assert wrong_wires(swapped) == ["wall_time.billed wants accelerator*s, gets byte"]
    literal = replace(step, arguments={**step.arguments, "accelerators": LiteralNode(3600.0)})
    assert "wall_time.accelerators takes the literal 3600.0" in wrong_wires(literal)


TIME = ResolvedInput("time", Range(1.0, 2.0, 3.0), "accelerator*s", Origin("scenario", "plan.yaml:1"), "accelerator*s")


def test_a_traced_float_remembers_its_node() -> None:
    node = InputNode(TIME, 2.0)
    value = Traced(node)
    assert value == 2.0
    assert node_of(value) is node
    assert node_of(2.0) == LiteralNode(2.0)
    # Arithmetic outside formulas loses the node: recipes must not do any.
    assert node_of(value + 0.0) == LiteralNode(2.0)


def test_steps_are_recorded_only_inside_a_trace() -> None:
    time = Traced(InputNode(TIME, 2.0))
    with traced():
        rent = rental_cost(accelerator_time=time, price=3.0)
        cost = total_cost(parts=(rent, 4.0))
    assert cost == 10.0
    node = node_of(cost)
    assert isinstance(node, StepNode)
    assert node.formula.name == "total_cost"
    assert node.arguments == {"parts": (node_of(rent), LiteralNode(4.0))}
    inner = node_of(rent)
    assert isinstance(inner, StepNode)
    assert inner.arguments == {"accelerator_time": InputNode(TIME, 2.0), "price": LiteralNode(3.0)}
    assert node_of(rental_cost(accelerator_time=time, price=3.0)) == LiteralNode(6.0)


def test_labels_are_for_steps_alone() -> None:
    with traced():
        rent = rental_cost(accelerator_time=2.0, price=3.0)
    named = node_of(labelled(rent, "rent"))
    assert isinstance(named, StepNode)
    assert (named.label, named.value) == ("rent", 6.0)
    assert node_of(rent).label == ""  # type: ignore[union-attr]
    time = Traced(InputNode(TIME, 2.0))
    assert labelled(time, "time") is time
    assert labelled(6.0, "rent") == 6.0


def test_a_node_is_made_once_and_from_what_was_asked() -> None:
    parts = [2.0, 3.0]
    with traced():
        total = total_cost(parts=parts)
    parts.append(5.0)
    assert isinstance(total, Traced)
    assert total.formula is not None
    assert total.formula.name == "total_cost"
    # The list has grown since; the step keeps what it summed up.
    assert node_of(total).arguments == {"parts": (LiteralNode(2.0), LiteralNode(3.0))}  # type: ignore[union-attr]
    assert node_of(total) is node_of(total)
    assert Traced(InputNode(TIME, 2.0)).formula is None


def test_nodes_of_an_estimate_are_those_of_its_values() -> None:
    found = Nodes({"cost.total": Traced(InputNode(TIME, 2.0)), "loss.predicted": 3.0})
    assert dict(found) == {"cost.total": InputNode(TIME, 2.0), "loss.predicted": LiteralNode(3.0)}
    assert len(found) == 2
