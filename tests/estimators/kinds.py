"""Which metrics belong to one kind of scenario alone."""

from __future__ import annotations

__all__ = ["BEYOND_RENT", "ONLY_CONTINUED", "ONLY_SERVING"]

ONLY_CONTINUED = {"compute.cumulative", "compute.base_share"}
"""What a run has that says which compute went before it."""

ONLY_SERVING = {
    "compute.prefill_per_request",
    "compute.decode_per_token",
    "utilization",
    "replicas",
    "accelerators.input",
    "accelerators.output",
    "batch",
    "batch.capacity",
    "memory.per_accelerator.kv_cache",
    "throughput.total_per_accelerator",
    "throughput.per_user",
    "throughput.replica",
    "throughput.input_replica",
    "throughput.requests",
    "latency.ttft",
    "latency.ttft_unloaded",
    "latency.tpot",
    "latency.request",
    "time.decode_step",
    "time.prompt",
    "accelerator_time.per_input_token",
    "accelerator_time.per_output_token",
    "energy.accelerator_per_output_token",
    "energy.per_output_token",
    "energy.per_request",
    "carbon.per_mtoken_output",
    "cost.month",
    "cost.per_request",
    "cost.per_mtoken_input",
    "cost.per_mtoken_output",
    "cost.api",
    "break_even.tokens",
    "break_even.utilization",
}

BEYOND_RENT = {
    "power.it_peak",
    "capital.facility",
    "capital.servers",
    "capital.network",
    "capital.total",
    "capital.per_power",
    "silicon.work",
    "silicon.replaced",
    "silicon.dies_per_wafer",
    "silicon.yield",
    "silicon.wafers",
    "silicon.cost.dies",
    "silicon.cost.memory",
    "silicon.cost",
    "silicon.cost.developed",
    "cost.network",
    "cost.facility",
    "cost.energy",
    "cost.colocation",
    "cost.operations",
    "cost.run",
    "cost.development",
    "cost.staff",
    "cost.data",
    "cost.owned_time",
    "cost.rented",
    "cost.bought",
    "break_even.volume",
    "break_even.ownership",
}
"""Metrics that only owning, a programme, a campus or a chip of one's own has."""
