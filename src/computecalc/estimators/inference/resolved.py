"""A resolved serving scenario through the recipe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from computecalc.estimators.impact_units import impact_of
from computecalc.estimators.inference.formats import serving_formats
from computecalc.estimators.inference.inputs import (
    DraftModel,
    PowerCurve,
    PromptPool,
    ServingInputs,
    draft_path,
    engine_constants,
    serving_constants,
)
from computecalc.estimators.inference.service import ServiceInputs, estimate_service
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.shapes import ModelShape, model_shape
from computecalc.estimators.trace import labelled
from computecalc.formulas.cost import discounted_price
from computecalc.formulas.serving_demand import user_request_rate, volume_request_rate
from computecalc.formulas.serving_speculation import accepted_tokens, decayed_acceptance
from computecalc.formulas.table import Numeric

if TYPE_CHECKING:
    from computecalc.estimators.money_inputs import Ownership

__all__ = ["service_inputs", "service_metrics"]

Number = Callable[[ResolvedInput], Numeric]

_NEEDED = {
    "prompt": "traffic.input",
    "output": "traffic.output",
    "cache_hit": "traffic.cache_hit",
    "peak_to_mean": "traffic.peak_to_mean",
    "period": "traffic.period",
    "utilization": "serving.utilization",
    "spare": "serving.spare",
    "memory": "serving.memory",
    "memory_bandwidth": "serving.memory_bandwidth",
    "scale_up_size": "serving.scale_up_size",
    "scale_up_bandwidth": "serving.scale_up_bandwidth",
    "nic": "serving.nic",
    "cache_element": "serving.cache_element",
    "state_element": "serving.state_element",
    "tensor": "serving.tensor",
    "attention_data": "serving.data",
    "expert": "serving.expert",
    "pipeline": "serving.pipeline",
    "concurrency": "serving.batch",
    "residual": "serving.residual",
    "first_token_residual": "serving.first_token_residual",
    "host_overhead": "power.host_overhead",
    "pue": "site.pue",
}
"""Fields of `ServingInputs` and the inputs they are taken from."""

_OPTIONAL = {
    "power": "power.accelerator",
    "thermal_design": "power.thermal_design",
    "grid_intensity": "site.grid_intensity",
    "price": "money.price",
    "replicas": "serving.replicas",
    "input_long": "traffic.input_long",
    "output_long": "traffic.output_long",
    "draft_share": "serving.draft_share",
    "server_maximum": "power.server_maximum",
    "accelerators_per_node": "serving.accelerators_per_node",
}
"""The same, None where an input is absent."""

_OR_ELSE = {
    "input_spread": ("traffic.input_spread", 1.0),
    "output_spread": ("traffic.output_spread", 1.0),
}
"""The same, with what holds where an input is absent."""

_CURVE = {name: f"power.serving.{name}" for name in ("base", "memory_slope", "compute_slope", "idle")}
_PEAKS = "serving.peak."


def service_metrics(resolved: Resolved, number: Number) -> dict[str, Numeric]:
    """Return the metrics of a service, each input as `number` gives it."""
    return estimate_service(service_inputs(resolved, number))


def service_inputs(resolved: Resolved, number: Number) -> ServiceInputs:
    """Take each input of a resolved scenario as a number.

    Parameters
    ----------
    resolved : Resolved
        The scenario; its model has an architecture.
    number : callable
        What stands for an input: its middle, an array over cases, or a traced float.
    """

    def needed(path: str) -> Numeric:
        return number(resolved.inputs[path])

    def optional(path: str) -> Numeric | None:
        found = resolved.inputs.get(path)
        return None if found is None else number(found)

    if resolved.architecture is None:
        raise ValueError("a model without architecture cannot be served: resolving a scenario refuses it")
    model = model_shape(resolved.architecture, needed)
    peaks = {path.removeprefix(_PEAKS): needed(path) for path in resolved.inputs if path.startswith(_PEAKS)}
    precision = resolved.choices["serving.precision"].value
    # The weights may be in 16 bits altogether: then the first is the second.
    storages = {"bf16": needed("serving.half_storage"), precision: needed("serving.storage")}
    drafted, accepted = _speculation(needed, optional)
    writes = resolved.inputs["traffic.output"].range.high > 0.0
    # Nothing is drafted where nothing is written; the small model is stored as the large one is.
    small = _draft_shape(resolved, needed) if writes else None
    numbers: dict[str, Any] = {name: needed(path) for name, path in _NEEDED.items()}
    numbers |= {name: optional(path) for name, path in _OPTIONAL.items()}
    if "money.discount" in resolved.inputs and numbers["price"] is not None:
        numbers["price"] = discounted_price(price=numbers["price"], discount=needed("money.discount"))
    for name, (path, absent) in _OR_ELSE.items():
        found = optional(path)
        numbers[name] = absent if found is None else found
    serving = ServingInputs(
        model=model,
        ownership=_ownership(resolved, optional),
        rate=_rate(optional, needed("traffic.input"), needed("traffic.output")),
        formats=serving_formats(model, precision, storages, peaks),
        drafted=drafted,
        accepted=accepted,
        offline=resolved.choices["traffic.offline"].value == "true",
        constants=serving_constants(needed),
        engine=engine_constants(needed),
        curve=_curve(optional),
        draft=None if small is None else DraftModel(small, serving_formats(small, precision, storages, peaks)),
        prompts=_prompts(optional),
        impact=impact_of(resolved.inputs, optional),
        **numbers,
    )
    return ServiceInputs(
        serving=serving,
        writes=writes,
        month=needed("traffic.month"),
        bundle=needed("traffic.bundle"),
        accelerators_per_node=needed("serving.accelerators_per_node"),
        api_input=optional("money.api_price.input"),
        api_output=optional("money.api_price.output"),
        api_cached=optional("money.api_price.cached_input"),
    )


def _ownership(resolved: Resolved, optional: Callable[[str], Numeric | None]) -> Ownership | None:
    if "money.ownership.utilization" not in resolved.inputs:
        return None
    # Imported here: a service that is rented needs nothing of it.
    from computecalc.estimators.money_inputs import ownership_inputs

    return ownership_inputs(optional)


def _rate(optional: Callable[[str], Numeric | None], prompt: Numeric, output: Numeric) -> Numeric | None:
    """Requests a second: stated, or behind a volume of tokens or a number of people."""
    rate, tokens, users, each = (
        optional(f"traffic.{name}") for name in ("rate", "tokens", "users", "requests_per_user")
    )
    if tokens is not None:
        return labelled(volume_request_rate(tokens=tokens, prompt=prompt, output=output), "average rate")
    if users is not None and each is not None:
        return labelled(user_request_rate(users=users, each=each), "average rate")
    return rate


def _speculation(
    needed: Callable[[str], Numeric], optional: Callable[[str], Numeric | None]
) -> tuple[Numeric, Numeric]:
    """Tokens drafted, and tokens gained, for each request and step."""
    drafted = optional("serving.drafted")
    if drafted is None:
        return 0.0, 1.0
    acceptances: list[Numeric] = []
    for place in range(1, int(drafted) + 1):
        found = optional(f"serving.acceptance.{place}")
        if found is None:
            found = decayed_acceptance(before=acceptances[-1], decay=needed("serving.acceptance_decay"))
        acceptances.append(found)
    return drafted, accepted_tokens(acceptances=tuple(acceptances))


def _draft_shape(resolved: Resolved, needed: Callable[[str], Numeric]) -> ModelShape | None:
    if resolved.draft is None:
        return None
    return model_shape(resolved.draft, lambda path: needed(draft_path(path)))


def _prompts(optional: Callable[[str], Numeric | None]) -> PromptPool | None:
    """Return the accelerators of prompts, where they have their own."""
    spare = optional("serving.prefill.spare")
    if spare is None:
        return None
    degrees = {key: optional(f"serving.prefill.{key}") for key in ("tensor", "data", "expert", "pipeline", "ratio")}
    return PromptPool(
        tensor=degrees["tensor"],
        attention_data=degrees["data"],
        expert=degrees["expert"],
        pipeline=degrees["pipeline"],
        ratio=degrees["ratio"],
        spare=spare,
    )


def _curve(optional: Callable[[str], Numeric | None]) -> PowerCurve | None:
    parts = {name: optional(path) for name, path in _CURVE.items()}
    base, memory, compute, idle = parts.values()
    if base is None or memory is None or compute is None or idle is None:
        return None
    return PowerCurve(base=base, memory_slope=memory, compute_slope=compute, idle=idle)
