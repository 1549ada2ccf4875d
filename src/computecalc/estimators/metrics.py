"""The table of all metric ids: unit, meaning, and where two readings exist, which one is meant."""

from __future__ import annotations

from collections.abc import Iterable

from computecalc.errors import Diagnostic, UsageError, did_you_mean
from computecalc.estimators.impact_metrics import CARBON, WATER
from computecalc.records import record

__all__ = ["METRICS", "Metric", "metric", "unknown_metric"]


@record
class Metric:
    """One metric: the id that scripts use and what it means."""

    id: str
    unit: str
    """Canonical unit, which JSON, CSV and lock files carry."""
    meaning: str
    group: str
    """Heading under which reports show it."""
    per: str = ""
    """What the figure is for one of, where the canonical unit leaves it out: ``accelerator``."""

    @property
    def formula_unit(self) -> str:
        """Unit in which the formulas hand it over."""
        return f"{self.unit}/{self.per}" if self.per else self.unit


def _table(rows: Iterable[tuple[str, str, str, str, str]]) -> dict[str, Metric]:
    return {row[0]: Metric(*row) for row in rows}


METRICS: dict[str, Metric] = _table(
    (
        ("parameters.total", "parameter", "Parameters of the model, all experts counted", "Model", ""),
        ("parameters.active", "parameter", "Parameters one token uses, embeddings counted", "Model", ""),
        ("parameters.trained", "parameter", "Parameters that the run updates: all, or those of adapters", "Model", ""),
        ("tokens", "token", "Tokens trained on, stated, published or solved", "Data", ""),
        ("tokens.per_parameter", "token/parameter", "Tokens trained on for each active parameter", "Data", ""),
        (
            "loss.predicted",
            "1",
            "Loss in nats a token that the scaling law named in the assumptions expects on its own data",
            "Data",
            "",
        ),
        (
            "compute.per_token",
            "FLOP/token",
            "Model FLOPs a token that the task needs, forward and backward, causal attention",
            "Compute",
            "",
        ),
        ("compute.model", "FLOP", "Model FLOPs of the run, causal attention", "Compute", ""),
        (
            "compute.model_full",
            "FLOP",
            "Model FLOPs of the run, full (not causal) attention counted",
            "Compute",
            "",
        ),
        ("compute.six_n_d", "FLOP", "Rule of thumb 6 x active parameters x tokens", "Compute", ""),
        (
            "compute.hardware",
            "FLOP",
            "FLOPs the hardware does in the run, recomputed ones counted",
            "Compute",
            "",
        ),
        (
            "compute.cumulative",
            "FLOP",
            "Model FLOPs of the run and training compute of the model it starts from",
            "Compute",
            "",
        ),
        (
            "compute.base_share",
            "1",
            "Model FLOPs of the run over training compute of the model it starts from",
            "Compute",
            "",
        ),
        (
            "compute.prefill_per_request",
            "FLOP/request",
            "Model FLOPs of a prompt, cached tokens left out",
            "Compute",
            "",
        ),
        ("compute.decode_per_token", "FLOP/token", "Model FLOPs of an output token", "Compute", ""),
        ("mfu", "1", "Model FLOPs utilization, causal attention", "Efficiency", ""),
        ("mfu.full", "1", "Model FLOPs utilization, full (not causal) attention counted", "Efficiency", ""),
        ("hfu", "1", "Hardware FLOPs utilization, recomputed work counted", "Efficiency", ""),
        ("goodput", "1", "Share of the reserved time that is useful work", "Efficiency", ""),
        (
            "utilization",
            "1",
            "Share of what the fleet could complete that it completes on average",
            "Efficiency",
            "",
        ),
        ("utilization.decode", "1", "Share of what replicas could decode that they do", "Efficiency", ""),
        ("utilization.prefill", "1", "Share of the prompts that groups could compute that they do", "Efficiency", ""),
        ("accelerators", "accelerator", "Accelerators reserved", "Cluster", ""),
        ("nodes", "node", "Servers that hold them", "Cluster", ""),
        ("replicas", "replica", "Replicas that bear the traffic at its busiest, spares counted", "Cluster", ""),
        ("replicas.decode", "replica", "Replicas that decode what others compute the prompts of", "Cluster", ""),
        ("replicas.prefill", "replica", "Groups that compute prompts for them", "Cluster", ""),
        ("replicas.prefill_per_decode", "1", "Such groups that keep up with one replica", "Cluster", ""),
        (
            "accelerators.per_replica",
            "accelerator",
            "Of a replica, and its share of those for prompts",
            "Cluster",
            "replica",
        ),
        ("accelerators.decode", "accelerator", "Accelerators of the replicas that decode", "Cluster", ""),
        ("accelerators.prefill", "accelerator", "Accelerators of the groups that compute prompts", "Cluster", ""),
        ("accelerators.input", "accelerator", "Accelerators that prompts keep busy", "Cluster", ""),
        ("accelerators.output", "accelerator", "Accelerators that output keeps busy", "Cluster", ""),
        ("batch", "request", "Requests that run at once in a replica", "Cluster", ""),
        ("batch.capacity", "request", "Requests that its caches have room for", "Cluster", ""),
        ("memory.model_states", "byte", "Weights, gradients and optimizer states of one copy", "Memory", ""),
        (
            "memory.minimum_accelerators",
            "accelerator",
            "Fewest accelerators that hold these states",
            "Memory",
            "",
        ),
        (
            "memory.per_accelerator",
            "byte",
            "Peak on one accelerator of the worst pipeline stage, or while it serves",
            "Memory",
            "accelerator",
        ),
        ("memory.per_accelerator.weights", "byte", "Weights on it", "Memory", "accelerator"),
        ("memory.per_accelerator.gradients", "byte", "Gradients on it", "Memory", "accelerator"),
        ("memory.per_accelerator.optimizer", "byte", "Optimizer states on it", "Memory", "accelerator"),
        (
            "memory.per_accelerator.activations",
            "byte",
            "Activations on it, with the widest operator at work",
            "Memory",
            "accelerator",
        ),
        ("memory.per_accelerator.kv_cache", "byte", "Caches of running requests on it", "Memory", "accelerator"),
        (
            "memory.per_accelerator.buffers",
            "byte",
            "Fresh gradients, gathered weights and workspace on it",
            "Memory",
            "accelerator",
        ),
        ("memory.fits", "1", "1 when the plan fits into memory, 0 when it does not", "Memory", ""),
        (
            "throughput.per_accelerator",
            "token/s",
            "Tokens a second of one accelerator: trained, or put out",
            "Time",
            "accelerator",
        ),
        ("throughput.cluster", "token/s", "Tokens a second of the cluster: trained, or put out on average", "Time", ""),
        (
            "throughput.total_per_accelerator",
            "token/s",
            "Input and output tokens a second of a busy accelerator",
            "Time",
            "accelerator",
        ),
        ("throughput.per_user", "token/s", "Output tokens a second that a request sees", "Time", ""),
        ("throughput.replica", "token/s", "Output tokens a second of a busy replica", "Time", "replica"),
        ("throughput.input_replica", "token/s", "Input tokens a second of a busy replica", "Time", "replica"),
        ("throughput.requests", "request/s", "Requests served a second, on average", "Time", ""),
        ("latency.ttft", "s", "Time to first token at this load, waits counted", "Time", ""),
        ("latency.ttft_long", "s", "The same for a prompt as long as nine in ten are not longer than", "Time", ""),
        ("latency.ttft_unloaded", "s", "Time to first token of a request that is alone", "Time", ""),
        ("latency.tpot", "s", "Time between output tokens of a request", "Time", ""),
        ("latency.request", "s", "From the start of a request to its end", "Time", ""),
        (
            "latency.request_long",
            "s",
            "The same for an output as long as nine in ten are not longer than",
            "Time",
            "",
        ),
        ("time.cache_transfer", "s", "In which the cache of a prompt gets to those that decode", "Time", ""),
        ("time.decode_step", "s", "One decode step of a replica, without prompts", "Time", ""),
        ("time.prompt", "s", "Time that one prompt adds to the steps that take it", "Time", ""),
        ("time.step", "s", "One optimizer step", "Time", ""),
        ("time.step.compute", "s", "Of a step: computing on the pipeline stage that sets the pace", "Time", ""),
        ("time.step.tensor", "s", "Of a step: tensor-parallel exchanges that nothing hides", "Time", ""),
        (
            "time.step.pipeline",
            "s",
            "Of a step: the pipeline filling and draining, and sends that nothing hides",
            "Time",
            "",
        ),
        ("time.step.data", "s", "Of a step: exchange of gradients and weights that nothing hides", "Time", ""),
        ("time.step.expert", "s", "Of a step: exchange of tokens between experts that nothing hides", "Time", ""),
        ("time.step.context", "s", "Of a step: exchange of keys and values that nothing hides", "Time", ""),
        ("time.step.optimizer", "s", "Of a step: the optimizer", "Time", ""),
        ("time.step.overhead", "s", "Of a step: waiting for the host, and what no layout changes", "Time", ""),
        ("time.wall", "s", "From start to end of the run, lost time counted", "Time", ""),
        ("time.between_interruptions", "s", "Mean time between two interruptions of the run", "Time", ""),
        ("time.checkpoint_interval", "s", "Useful work between two checkpoints", "Time", ""),
        ("interruptions", "1", "Interruptions to be expected in the run", "Time", ""),
        (
            "accelerator_time.useful",
            "accelerator*s",
            "Accelerator time of useful work, a run or a day",
            "Time",
            "",
        ),
        (
            "accelerator_time.billed",
            "accelerator*s",
            "Accelerator time paid for, a run or a day",
            "Time",
            "",
        ),
        ("accelerator_time.per_input_token", "accelerator*s/token", "Accelerator time of an input token", "Time", ""),
        ("accelerator_time.per_output_token", "accelerator*s/token", "Accelerator time of an output token", "Time", ""),
        ("power.accelerator", "W", "Average draw of one accelerator alone, hosts not counted", "Energy", "accelerator"),
        ("power.it", "W", "Average draw of accelerators, hosts and network", "Energy", ""),
        (
            "power.it_peak",
            "W",
            "Draw of all IT equipment of a campus with every accelerator at its limit",
            "Energy",
            "",
        ),
        ("power.facility", "W", "Average draw of the whole facility (PUE included)", "Energy", ""),
        (
            "power.facility_peak",
            "W",
            "Draw of the whole facility that a site must be able to supply: servers at their nameplate, PUE included",
            "Energy",
            "",
        ),
        ("energy.accelerator", "J", "Energy of the run, or of a day of serving, accelerators alone", "Energy", ""),
        ("energy.it", "J", "Energy of the run, or of a day of serving, hosts and network included", "Energy", ""),
        (
            "energy.facility",
            "J",
            "Energy of the run, or of a day of serving, whole facility (PUE included)",
            "Energy",
            "",
        ),
        (
            "energy.accelerator_per_output_token",
            "J/token",
            "Energy of the accelerators of a busy replica for an output token",
            "Energy",
            "",
        ),
        (
            "energy.per_output_token",
            "J/token",
            "Energy of the facility for an output token, idle time counted",
            "Energy",
            "",
        ),
        (
            "energy.idle_share",
            "1",
            "Share of the accelerators' energy that the fleet draws while it waits for requests",
            "Energy",
            "",
        ),
        ("energy.per_request", "J/request", "Energy of the facility for a request, idle time counted", "Energy", ""),
        *CARBON,
        ("carbon.per_mtoken_output", "gCO2e", "Those emissions for a million output tokens", "Carbon", ""),
        *WATER,
        ("water.per_mtoken_output", "L", "Water of the fleet for a million output tokens", "Water", ""),
        ("capital.facility", "USD", "Capital for buildings, power supply and cooling of a campus", "Cost", ""),
        ("capital.servers", "USD", "Capital for its servers", "Cost", ""),
        ("capital.network", "USD", "Capital for its network", "Cost", ""),
        ("capital.total", "USD", "All capital of a campus", "Cost", ""),
        ("capital.per_power", "USD/W", "All capital for each power of the site", "Cost", ""),
        ("silicon.work", "1", "Bought accelerators that one chip of one's own stands for", "Silicon", ""),
        ("silicon.replaced", "accelerator", "Bought accelerators that do the work of all chips", "Silicon", ""),
        ("silicon.dies_per_wafer", "1", "Gross dies of a wafer", "Silicon", ""),
        ("silicon.yield", "1", "Share of dies that work", "Silicon", ""),
        ("silicon.wafers", "1", "Wafers for all chips", "Silicon", ""),
        ("silicon.cost.dies", "USD", "Good dies of one chip", "Silicon", ""),
        ("silicon.cost.memory", "USD", "Main memory of one chip", "Silicon", ""),
        ("silicon.cost", "USD/accelerator", "Making one chip, failed packages paid for", "Silicon", ""),
        ("silicon.cost.developed", "USD/accelerator", "The same with its share of the development", "Silicon", ""),
        (
            "cost.accelerators",
            "USD",
            "Rent of the accelerators, or capital of servers of one's own, for the run or a day of serving",
            "Cost",
            "",
        ),
        ("cost.network", "USD", "Capital of a network of one's own", "Cost", ""),
        ("cost.facility", "USD", "Capital of the facility of a campus, for a year", "Cost", ""),
        ("cost.energy", "USD", "Electricity of the facility, where accelerators are owned", "Cost", ""),
        ("cost.colocation", "USD", "Space, power supply and cooling, where accelerators are owned", "Cost", ""),
        ("cost.operations", "USD", "Repair, support and insurance, where accelerators are owned", "Cost", ""),
        ("cost.run", "USD", "All costs of the final run of a programme", "Cost", ""),
        ("cost.development", "USD", "Runs of a programme before its final one; engineering of a chip", "Cost", ""),
        ("cost.staff", "USD", "People: those of a programme, and those who run what is owned", "Cost", ""),
        ("cost.data", "USD", "Data of a programme", "Cost", ""),
        ("cost.total", "USD", "All costs counted here, of the run or programme, or a day of serving", "Cost", ""),
        (
            "cost.owned_time",
            "USD/accelerator/s",
            "All costs of owning for each time that an accelerator is reserved",
            "Cost",
            "",
        ),
        ("cost.rented", "USD", "What renting the same time would cost in place of owning", "Cost", ""),
        ("cost.bought", "USD", "What bought accelerators for the same work cost, electricity counted", "Cost", ""),
        (
            "break_even.volume",
            "accelerator",
            "Chips from which one's own cost less than buying; a high end of a billion stands for never",
            "Cost",
            "",
        ),
        (
            "break_even.ownership",
            "1",
            "Share of its life from which an owned accelerator costs less than a rented one; above 1 it never does",
            "Cost",
            "",
        ),
        ("cost.month", "USD", "Rent of the accelerators, or all costs of owning them, for a month", "Cost", ""),
        ("cost.per_request", "USD/request", "All costs for one request", "Cost", ""),
        (
            "cost.per_mtoken_input",
            "USD",
            "Rent, or cost of owning, for a million input tokens, by the time that they take",
            "Cost",
            "",
        ),
        (
            "cost.per_mtoken_output",
            "USD",
            "Rent, or cost of owning, for a million output tokens, by the time that they take",
            "Cost",
            "",
        ),
        ("cost.api", "USD", "What the same traffic costs at the stated price of tokens, a day", "Cost", ""),
        ("cost.api_per_request", "USD/request", "What a request costs at that price", "Cost", ""),
        (
            "break_even.cost_ratio",
            "1",
            "Cost of one's own fleet over that of buying the same traffic; below 1 it costs less",
            "Cost",
            "",
        ),
        (
            "break_even.reachable",
            "1",
            "Share of what a replica can serve that it serves on average, its peak planned for",
            "Cost",
            "",
        ),
        (
            "break_even.tokens",
            "token",
            "Input and output tokens a day from which one replica of one's own costs less than those prices",
            "Cost",
            "",
        ),
        (
            "break_even.utilization",
            "1",
            "Share of what that replica can serve; above what is reachable it never pays",
            "Cost",
            "",
        ),
    )
)


def metric(name: str) -> Metric:
    """Return the metric with this id.

    Raises
    ------
    UsageError
        CC102 with the nearest ids, when there is none.
    """
    if name not in METRICS:
        raise UsageError(unknown_metric(name))
    return METRICS[name]


def unknown_metric(name: str) -> Diagnostic:
    """Say that there is no metric of this id, and which are near."""
    # A family without its member, such as `cost`, most likely means the whole of it.
    near = (f"{name}.total",) if f"{name}.total" in METRICS else did_you_mean(name, METRICS)
    hint = f"did you mean {' or '.join(near)}?" if near else "`computecalc explain --list` prints all ids"
    return Diagnostic("CC102", f"there is no metric {name!r}", hint=hint)
