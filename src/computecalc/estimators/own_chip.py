"""A chip of one's own against buying, top to bottom: wafers, cost of a chip, work, electricity, break-even volume."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from computecalc.errors import Diagnostic
from computecalc.estimators.input_units import InputUnit
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.trace import labelled
from computecalc.formulas import silicon
from computecalc.formulas.cost import total_cost
from computecalc.formulas.custom_silicon import (
    break_even_volume,
    chips_cost,
    cost_each,
    developed_cost,
    die_share,
    lifetime_cost,
    lifetime_energy_cost,
    wafer_count,
)
from computecalc.formulas.equivalence import bandwidth_ratio, compute_ratio, replaced_chips
from computecalc.formulas.ownership import peak_draw
from computecalc.formulas.table import Numeric

if TYPE_CHECKING:
    from computecalc.estimators.results import MetricValue

__all__ = ["CHIP_INPUTS", "chip_diagnostics", "chip_metrics", "unknown_chip_metrics"]

_EACH = "USD/accelerator"
CHIP_INPUTS: dict[str, InputUnit] = {
    "silicon.volume": InputUnit("accelerator"),
    "silicon.never": InputUnit("accelerator"),
    "silicon.development": InputUnit("USD"),
    "silicon.work": InputUnit("1"),
    "silicon.own_peak": InputUnit("FLOP/s", "accelerator"),
    "silicon.bought_peak": InputUnit("FLOP/s", "accelerator"),
    "silicon.own_bandwidth": InputUnit("byte/s", "accelerator"),
    "silicon.bought_bandwidth": InputUnit("byte/s", "accelerator"),
    "silicon.own_power": InputUnit("W", "accelerator"),
    "silicon.bought_power": InputUnit("W", "accelerator"),
    "silicon.cost": InputUnit(_EACH),
    "silicon.price": InputUnit(_EACH),
    "silicon.server": InputUnit(_EACH),
    "silicon.bought_server": InputUnit(_EACH),
    "silicon.lifetime": InputUnit("s"),
    "silicon.utilization": InputUnit("1"),
    "silicon.die_area": InputUnit("m^2"),
    "silicon.dies": InputUnit("1"),
    "silicon.wafer_price": InputUnit("USD"),
    "silicon.wafer_diameter": InputUnit("m"),
    "silicon.defect_density": InputUnit("1/m^2"),
    "silicon.clustering": InputUnit("1"),
    "silicon.yield": InputUnit("1"),
    "silicon.memory": InputUnit("byte"),
    "silicon.memory_price": InputUnit("USD/byte"),
    "silicon.packaging_price": InputUnit("USD"),
    "silicon.packaging_yield": InputUnit("1"),
}
"""Inputs that only a chip of one's own has."""

Metrics = dict[str, Numeric]
Needed = Callable[[str], Numeric]


def chip_metrics(resolved: Resolved, number: Callable[[ResolvedInput], Numeric]) -> Metrics:
    """Return the metrics of a chip of one's own, each input as `number` gives it."""

    def needed(path: str) -> Numeric:
        return number(resolved.inputs[path])

    found = _made(needed, resolved)
    volume, work = needed("silicon.volume"), _work(needed, resolved)
    cost, development = found["silicon.cost"], needed("silicon.development")
    found |= {
        "silicon.work": work,
        "silicon.replaced": replaced_chips(volume=volume, work=work),
        "silicon.cost.developed": developed_cost(chip=cost, development=development, volume=volume),
    }
    own_energy, bought_energy = (_energy(needed, side) for side in ("own", "bought"))
    own = labelled(lifetime_cost(parts=(cost, needed("silicon.server"), own_energy)), "one chip over its life")
    chips = labelled(lifetime_cost(parts=(cost, needed("silicon.server"))), "chip with its server")
    found["cost.accelerators"] = labelled(chips_cost(each=chips, count=volume), "chips")
    found["cost.energy"] = labelled(chips_cost(each=own_energy, count=volume), "electricity")
    found["cost.development"] = development
    parts = (development, found["cost.accelerators"], found["cost.energy"])
    found["cost.total"] = total_cost(parts=parts)
    if "silicon.price" not in resolved.inputs:
        return found
    bought = labelled(
        lifetime_cost(parts=(needed("silicon.price"), needed("silicon.bought_server"), bought_energy)),
        "one bought accelerator over its life",
    )
    found["cost.bought"] = labelled(chips_cost(each=bought, count=found["silicon.replaced"]), "buying")
    found["break_even.volume"] = break_even_volume(
        development=development, own=own, bought=bought, work=work, most=needed("silicon.never")
    )
    return found


def _made(needed: Needed, resolved: Resolved) -> Metrics:
    """Wafers and the cost of making a chip, or the cost alone where it is stated."""
    if "silicon.cost" in resolved.inputs:
        return {"silicon.cost": needed("silicon.cost")}
    dies = needed("silicon.dies")
    area = die_share(area=needed("silicon.die_area"), dies=dies)
    gross = silicon.dies_per_wafer(wafer_diameter=needed("silicon.wafer_diameter"), die_area=area)
    if "silicon.yield" in resolved.inputs:
        share = needed("silicon.yield")
    else:
        share = silicon.die_yield(
            die_area=area,
            defect_density=needed("silicon.defect_density"),
            clustering=needed("silicon.clustering"),
        )
    good = silicon.die_cost(dies=dies, wafer_price=needed("silicon.wafer_price"), dies_per_wafer=gross, die_yield=share)
    memory = silicon.memory_cost(capacity=needed("silicon.memory"), price=needed("silicon.memory_price"))
    assembly = needed("silicon.packaging_yield")
    parts = (good, memory, needed("silicon.packaging_price"))
    whole = silicon.assembled_cost(parts=parts, assembly_yield=assembly)
    return {
        "silicon.dies_per_wafer": gross,
        "silicon.yield": share,
        "silicon.wafers": wafer_count(
            volume=needed("silicon.volume"), dies=dies, dies_per_wafer=gross, die_yield=share, assembly_yield=assembly
        ),
        "silicon.cost.dies": good,
        "silicon.cost.memory": memory,
        "silicon.cost": cost_each(cost=whole, count=1.0),
    }


def _work(needed: Needed, resolved: Resolved) -> Numeric:
    if "silicon.work" in resolved.inputs:
        return needed("silicon.work")
    if "silicon.own_bandwidth" in resolved.inputs:
        return bandwidth_ratio(own=needed("silicon.own_bandwidth"), bought=needed("silicon.bought_bandwidth"))
    return compute_ratio(own=needed("silicon.own_peak"), bought=needed("silicon.bought_peak"))


def _energy(needed: Needed, side: str) -> Numeric:
    """Electricity of an accelerator over its life."""
    draw = peak_draw(thermal_design=needed(f"silicon.{side}_power"), host_overhead=needed("power.host_overhead"))
    return labelled(
        lifetime_energy_cost(
            draw=draw,
            load=needed("power.draw"),
            pue=needed("site.pue"),
            price=needed("site.electricity_price"),
            lifetime=needed("silicon.lifetime"),
            utilization=needed("silicon.utilization"),
        ),
        f"electricity, {side}",
    )


_NEEDS = {"silicon.price": ("cost.bought", "break_even.volume")}
_OF_DIES = (
    "silicon.dies_per_wafer",
    "silicon.yield",
    "silicon.wafers",
    "silicon.cost.dies",
    "silicon.cost.memory",
)


def unknown_chip_metrics(resolved: Resolved) -> dict[str, str]:
    """Return the metrics that cannot be given, each with the reason."""
    found = {name: reason for path, reason in resolved.unknown.items() for name in _NEEDS.get(path, ())}
    if "silicon.cost" in resolved.inputs:
        found |= dict.fromkeys(_OF_DIES, "what making a chip costs is stated, its dies are not looked at")
    return found


def chip_diagnostics(
    resolved: Resolved, outputs: Mapping[str, MetricValue]
) -> tuple[dict[str, MetricValue], tuple[Diagnostic, ...]]:
    """Return the outputs, and a note where a chip of one's own never pays."""
    volume = outputs["break_even.volume"]
    if volume.mid is None or volume.mid < resolved.inputs["silicon.never"].range.mid:
        return dict(outputs), ()
    place = resolved.choices["silicon.chip"].origin.span
    message = "the chip never pays: for the same work it costs as much to make and run as what is bought"
    found = Diagnostic("CC645", message, severity="warning", span=place, hint="lower its cost, or raise its work")
    return dict(outputs), (found,)
