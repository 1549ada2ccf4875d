"""Owning, programmes and commitments: the user's, the catalog's, or a prior."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import Estimate, estimate

Resolving = Callable[..., Resolved]
Refusing = Callable[..., tuple[Diagnostic, ...]]

HOUR, YEAR, MWH = 3600.0, 31_557_600.0, 3.6e9
OWN = "money: {ownership: {}}"
PARTS = ("accelerators", "network", "energy", "colocation", "operations", "staff")


def value(found: Estimate, metric: str) -> float:
    mid = found.outputs[metric].mid
    assert mid is not None, found.outputs[metric].reason
    return mid


def test_recent_prices_with_a_server_share_come_first(resolved: Resolving) -> None:
    given = resolved(OWN).inputs
    price = given["money.ownership.server_price"]
    # 30,000 and 40,000; not the 90,000 of 2022, nor the accelerator alone.
    assert (price.range.low, price.range.mid, price.range.high) == (30_000.0, 35_000.0, 40_000.0)
    assert price.origin.as_of == "2025-06"
    assert "money.ownership.server_factor" not in given


def test_a_stated_accelerator_price_takes_the_server_factor(resolved: Resolving) -> None:
    given = resolved("money: {ownership: {accelerator_price: 20K USD/accelerator}}").inputs
    assert given["money.ownership.accelerator_price"].range.mid == 20_000.0
    assert given["money.ownership.server_factor"].range.mid == 1.6
    assert "money.ownership.server_price" not in given


def test_the_whole_bill_adds_up_over_its_range(resolved: Resolving) -> None:
    found = estimate(resolved(OWN)).outputs
    total = found["cost.total"]
    for end in ("low", "mid", "high"):
        parts = [getattr(found[f"cost.{part}"], end) for part in PARTS]
        # Ends of the sum need not be sums of ends: capital and electricity are high in other corners.
        if end == "mid":
            assert total.mid == pytest.approx(sum(parts), rel=1e-12)
        else:
            assert getattr(total, end) == pytest.approx(sum(parts), rel=0.05)


@pytest.mark.parametrize(
    ("site", "price"),
    [
        ("site: {region: US-VA}", 90.0),
        ("site: {region: us-east-1}", 90.0),  # a site: its grid's
        ("site: {region: US-VA, electricity_price: 55 USD/MWh}", 55.0),
        ("site: {region: fra}", 90.0),  # a grid without a price: the prior, whose middle is 90
        ("site: {}", 90.0),
    ],
)
def test_electricity_is_the_regions(resolved: Resolving, site: str, price: float) -> None:
    given = resolved(f"{site}\n{OWN}").inputs["site.electricity_price"]
    assert given.range.mid * MWH == pytest.approx(price)
    assert (given.origin.kind == "prior") == ("fra" in site or site == "site: {}")


def test_a_price_of_electricity_is_used_by_owners_alone(resolved: Resolving) -> None:
    site = "site: {pue: 1.2, grid_intensity: 360 gCO2e/kWh, electricity_price: 100 USD/MWh}"
    noted = resolved(site).diagnostics
    assert [(d.code, "site.electricity_price" in d.message) for d in noted] == [("CC606", True)]
    owned = resolved(f"{site}\n{OWN}")
    assert [d for d in owned.diagnostics if d.code == "CC606"] == []
    found = estimate(owned)
    # 100 USD for each MWh that the facility takes.
    assert value(found, "cost.energy") == pytest.approx(value(found, "energy.facility") / MWH * 100.0)


def test_running_costs_of_priors_are_one_axis(resolved: Resolving) -> None:
    given = resolved(OWN).inputs
    axes = {name: given[f"money.ownership.{name}"].axis for name in ("colocation", "operations", "staff")}
    assert set(axes.values()) == {"money.ownership.running"}
    stated = resolved("money: {ownership: {staff: 100..200..300 USD/accelerator/yr}}").inputs
    assert stated["money.ownership.staff"].axis == ""


def test_without_a_purchase_price_cost_is_unknown_not_zero(resolved: Resolving) -> None:
    changes = f"cluster: {{accelerator: mtia-400, count: 72}}\npower: {{host_overhead: 1.5}}\n{OWN}"
    found = estimate(resolved(changes)).outputs
    for name in ("cost.accelerators", "cost.network", "cost.total", "cost.owned_time", "break_even.ownership"):
        assert found[name].mid is None
        assert found[name].reason != ""
    assert "no purchase price of mtia-400" in found["cost.accelerators"].reason


def test_a_stated_rent_is_what_owning_is_compared_with(resolved: Resolving) -> None:
    found = estimate(resolved("money: {price: 3.60 USD/accelerator/h, ownership: {}}"))
    hours = value(found, "accelerator_time.billed") / HOUR
    assert value(found, "cost.rented") == pytest.approx(hours * 3.60)
    assert value(found, "cost.owned_time") * hours * HOUR == pytest.approx(value(found, "cost.total"))


@pytest.mark.parametrize(("commitment", "price"), [("on-demand", 3.0), ("1y", 1.5)])
def test_prices_are_taken_by_commitment(resolved: Resolving, commitment: str, price: float) -> None:
    given = resolved(f"money: {{commitment: {commitment}}}").inputs["money.price"]
    assert given.range.mid * HOUR == pytest.approx(price)
    assert commitment in given.origin.text


def test_prices_are_taken_by_provider_however_it_is_spelt(resolved: Resolving) -> None:
    given = resolved("money: {provider: aws}").inputs["money.price"]
    assert given.range.mid * HOUR == pytest.approx(4.0)
    assert given.range.is_exact
    assert given.origin.source == "AWS"


def test_a_commitment_that_nobody_offers_is_unknown(resolved: Resolving) -> None:
    found = resolved("money: {commitment: 3y, provider: AWS}")
    assert found.unknown["money.price"] == "the catalog has no 3y price of h100-sxm at AWS; state money.price"
    assert estimate(found).outputs["cost.total"].mid is None


def test_old_prices_of_a_commitment_are_warned_of(resolved: Resolving) -> None:
    (found,) = resolved("money: {commitment: 1y}", today=date(2026, 12, 1)).diagnostics
    assert (found.code, found.severity) == ("CC605", "warning")
    assert "the newest 1y price of h100-sxm is 303 days old (2026-02-01)" in found.message


def test_a_discount_lowers_the_rent_and_nothing_else(resolved: Resolving) -> None:
    plain = estimate(resolved("money: {price: 4 USD/accelerator/h}"))
    cheap = estimate(resolved("money: {price: 4 USD/accelerator/h, discount: 25 %}"))
    assert value(cheap, "cost.total") == pytest.approx(0.75 * value(plain, "cost.total"))
    assert value(cheap, "time.wall") == value(plain, "time.wall")


def test_a_discounted_budget_buys_more(resolved: Resolving) -> None:
    def tokens(money: str) -> float:
        return value(estimate(resolved(f"data: {{sequence_length: 4096}}\nmoney: {{{money}}}")), "tokens")

    budget = "price: 4 USD/accelerator/h, budget: 1 MUSD"
    assert tokens(f"{budget}, discount: 50 %") == pytest.approx(2.0 * tokens(budget))


def test_spot_is_interrupted_more_often(resolved: Resolving) -> None:
    changes = "efficiency: {mfu: 0.5}\ncluster: {accelerator: h100-sxm, count: 64}\n"
    steady, spot = (
        resolved(f"{changes}money: {{price: 2 USD/accelerator/h, commitment: {word}}}")
        for word in ("on-demand", "spot")
    )
    rates = [found.inputs["reliability.interruptions"].range.mid * HOUR for found in (steady, spot)]
    assert rates == pytest.approx([2e-5, 4e-4])
    assert value(estimate(spot), "goodput") < value(estimate(steady), "goodput")
    own = resolved(f"{changes}reliability: {{interruptions: 1e-5 1/accelerator/h}}\nmoney: {{commitment: spot}}")
    assert own.inputs["reliability.interruptions"].range.mid * HOUR == pytest.approx(1e-5)


def test_a_provider_beside_a_price_is_noted(resolved: Resolving) -> None:
    (found,) = resolved("money: {price: 3 USD/accelerator/h, provider: AWS}").diagnostics
    assert (found.code, "money.provider" in found.message) == ("CC606", True)


def test_a_programme_takes_priors_for_what_is_left_out(resolved: Resolving) -> None:
    money = "money: {price: 3.60 USD/accelerator/h}"
    staff = "{researchers: {count: 10, duration: 2 yr}, stars: {count: 1, duration: 1 yr, bonus: 100 MUSD}}"
    found = resolved(f"{money}\nprogramme: {{staff: {staff}, data: 5 MUSD}}")
    assert found.inputs["programme.development"].range.mid == 4.0
    outputs = estimate(found)
    # 10 x 2 x 0.9 MUSD, 0.9 MUSD and the bonus.
    assert value(outputs, "cost.staff") == pytest.approx(118.9e6)
    assert value(outputs, "cost.development") == pytest.approx(3.0 * value(outputs, "cost.run"))
    parts = ("run", "development", "staff", "data")
    assert value(outputs, "cost.total") == pytest.approx(sum(value(outputs, f"cost.{part}") for part in parts))


def test_a_programme_of_owned_accelerators_counts_both_staffs(resolved: Resolving) -> None:
    changes = (
        f"{OWN}\nprogramme: {{development: 2, staff: {{all: {{count: 1, compensation: 1M USD/yr, duration: 1 yr}}}}}}"
    )
    found, alone = estimate(resolved(changes)), estimate(resolved(OWN))
    assert value(found, "cost.run") == pytest.approx(value(alone, "cost.total"))
    assert value(found, "cost.staff") == pytest.approx(value(alone, "cost.staff") + 1e6)
    assert value(found, "cost.total") == pytest.approx(2 * value(alone, "cost.total") + 1e6)


def test_a_programme_without_a_price_is_unknown(resolved: Resolving) -> None:
    found = estimate(resolved("money: {commitment: 3y}\nprogramme: {data: 1 MUSD}")).outputs
    assert found["cost.total"].mid is None
    assert found["cost.development"].mid is None
    assert "no 3y price" in found["cost.development"].reason
    assert found["cost.data"].mid == 1e6


def test_a_server_factor_in_vain_is_refused(refused: Refusing) -> None:
    (found,) = refused("money: {ownership: {server_factor: 1.5}}")
    assert found.code == "CC642"
    assert "hold the server already" in found.message


def test_an_unknown_provider_is_told_with_its_neighbour(refused: Refusing) -> None:
    (found,) = refused("money: {provider: Lamda}")
    assert (found.code, found.hint) == ("CC641", "did you mean Lambda?")
    assert found.span is not None


@pytest.mark.parametrize(
    "section", ["money: {budget: 1 MUSD, ownership: {}}", "programme: {}\nmoney: {budget: 1 MUSD}"]
)
def test_a_budget_pays_rent_alone(refused: Refusing, section: str) -> None:
    (found,) = refused(f"data: {{sequence_length: 4096}}\n{section}")
    assert found.code == "CC640"
