"""Goodput of a scenario: the user's, or what predicts it."""

from __future__ import annotations

from computecalc.scenario.cluster import ResolvedCluster
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import defaulted
from computecalc.scenario.schema import TrainScenario

__all__ = ["resolve_reliability"]


def resolve_reliability(collector: Collector, scenario: TrainScenario, cluster: ResolvedCluster) -> None:
    """Take goodput where it is stated; else interruptions, checkpoint bandwidth and restart time, each with its prior.

    Parameters
    ----------
    collector : Collector
        Where the inputs go.
    scenario : TrainScenario
        What is stated; `efficiency.goodput` wins over the section `reliability`.
    cluster : ResolvedCluster
        What priors are kept by.
    """
    if scenario.efficiency.goodput is not None:
        collector.stated("efficiency.goodput", scenario.efficiency.goodput)
        collector.unknown["reliability"] = "goodput is stated, so interruptions are not predicted"
        return
    given = scenario.reliability
    for path, value in (
        ("reliability.interruptions", given.interruptions),
        ("reliability.restart", given.restart),
        ("reliability.storage_bandwidth", given.storage_bandwidth),
    ):
        if value is not None:
            collector.stated(path, value)
        elif path == "reliability.interruptions" and scenario.money.commitment == "spot":
            # Whoever pays more takes the server away: far more often than it fails.
            collector.prior("reliability.interruptions.spot", into=path, **cluster.labels)
        else:
            collector.prior(path, **cluster.labels)
    if given.checkpoint_interval is not None:
        collector.stated("reliability.checkpoint_interval", given.checkpoint_interval)
    collector.choose_stated(
        "reliability.asynchronous",
        str(given.asynchronous).lower(),
        defaulted("training waits for each checkpoint unless stated"),
    )
    if given.asynchronous:
        collector.prior("reliability.exposed")
