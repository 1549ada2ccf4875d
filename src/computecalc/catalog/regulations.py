"""What an entry of a law, rule or guideline may hold: its bounds, and since when they hold."""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.catalog.kinds import Attribute, Label

__all__ = ["OPERAND_WIDTHS", "REGULATION_FIGURES", "REGULATION_LABELS"]

REGULATION_LABELS: Mapping[str, Label] = {
    "jurisdiction": Label(
        "Whose it is: EU, US, a state such as US-CA, or a country's code.", required=True, listed=True
    ),
    "status": Label(
        "Whether it holds at the date of its source; `enacted` takes effect later, `passed` awaits a signature.",
        required=True,
        allowed=("in-force", "enacted", "passed", "rescinded", "superseded"),
        listed=True,
    ),
    "in_force": Label("Day from which it applies.", date=True, listed=True),
    "ended": Label("Day on which it was rescinded or replaced.", date=True, listed=True),
    "only": Label("Training data it is limited to; an estimate does not compare with it.", listed=True),
    "effect": Label("What follows for whom it holds.", required=True),
    "counts": Label("What is measured: which compute, which part of a chip.", required=True),
}

REGULATION_FIGURES: Mapping[str, Attribute] = {
    "threshold.compute": Attribute("FLOP", "Training compute; crossed by more than it.", ranged=False, listed=True),
    "threshold.base_share": Attribute(
        "1",
        "Compute of a modification over that of the original model; crossed by more than it.",
        bare="count",
        ranged=False,
        listed=True,
    ),
    "threshold.performance": Attribute(
        "FLOP*byte/s",
        "Total processing performance of a chip: so much or more.",
        per="accelerator",
        ranged=False,
        listed=True,
    ),
    "threshold.performance_below": Attribute(
        "FLOP*byte/s", "Total processing performance of a chip: less than it.", per="accelerator", ranged=False
    ),
    "threshold.density": Attribute(
        "FLOP*byte/s/m^2", "Performance density of a chip: so much or more.", per="accelerator", ranged=False
    ),
    "threshold.density_below": Attribute(
        "FLOP*byte/s/m^2", "Performance density of a chip: less than it.", per="accelerator", ranged=False
    ),
    "threshold.transfer_rate": Attribute(
        "byte/s", "Links of a chip, both directions together: so much or more.", per="accelerator", ranged=False
    ),
    "threshold.memory_bandwidth_below": Attribute(
        "byte/s", "Bandwidth of the main memory of a chip: less than it.", per="accelerator", ranged=False
    ),
}

OPERAND_WIDTHS: Mapping[str, float] = {
    "fp64": 8.0,
    "fp32": 4.0,
    "tf32": 2.375,
    "bf16": 2.0,
    "fp16": 2.0,
    "fp8": 1.0,
    "fp6": 0.75,
    "fp4": 0.5,
    "int8": 1.0,
    "int4": 0.5,
}
"""Operands of a multiplication by the peak it is computed at, which export rules weigh it by. [byte]

TensorFloat-32 has 19 bits: its sign, 8 of exponent, 10 of mantissa.
"""
