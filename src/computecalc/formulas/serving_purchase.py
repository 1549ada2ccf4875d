"""Tokens of one's own against tokens that somebody else sells."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "bought_cost",
    "break_even_share",
    "break_even_tokens",
    "cost_ratio",
    "reachable_share",
    "request_price",
]


@formula(
    returns="USD/request",
    prompt="token/request",
    output="token/request",
    cache_hit="1",
    input_price="USD/token",
    cached_price="USD/token",
    output_price="USD/token",
    version=1,
    cite=("patel2023",),
)
def request_price(
    *,
    prompt: Numeric,
    output: Numeric,
    cache_hit: Numeric,
    input_price: Numeric,
    cached_price: Numeric,
    output_price: Numeric,
) -> Numeric:
    r"""What somebody who sells tokens takes for a request.

    Parameters
    ----------
    prompt : numeric
        Prompt of a request. [token/request]
    output : numeric
        Output of a request. [token/request]
    cache_hit : numeric
        Share of the prompt that the seller finds in a cache. [1]
    input_price : numeric
        Price of an input token. [USD/token]
    cached_price : numeric
        Price of one found in a cache. [USD/token]
    output_price : numeric
        Price of an output token. [USD/token]

    Returns
    -------
    numeric
        Price. [USD/request]

    Notes
    -----
    .. math:: \pi = I ((1 - h) \pi_i + h \pi_c) + O \pi_o

    References
    ----------
    patel2023 (cost of input and output apart).

    Examples
    --------
    >>> price = {"input_price": 1.0e-6, "cached_price": 0.5e-6, "output_price": 2.5e-6}
    >>> round(request_price(prompt=1500.0, output=400.0, cache_hit=0.5, **price), 9)
    0.002125
    """
    return prompt * ((1.0 - cache_hit) * input_price + cache_hit * cached_price) + output * output_price


@formula(returns="USD", rate="request/s", each="USD/request", period="s", version=2, cite=("patel2023",))
def bought_cost(*, rate: Numeric, each: Numeric, period: Numeric) -> Numeric:
    r"""What somebody who sells tokens takes for the same traffic.

    Parameters
    ----------
    rate : numeric
        Requests served, on average. [request/s]
    each : numeric
        Price of a request. [USD/request]
    period : numeric
        The period. [s]

    Returns
    -------
    numeric
        Cost of the period. [USD]

    Notes
    -----
    .. math:: C = \lambda \tau \pi

    References
    ----------
    patel2023 (cost of input and output apart).

    Examples
    --------
    >>> bought_cost(rate=50.0, each=0.0025, period=1000.0)
    125.0
    """
    return rate * period * each


@formula(
    returns="token",
    cost="USD",
    prompt="token/request",
    output="token/request",
    each="USD/request",
    version=2,
    cite=("patterson2021", "patel2023"),
)
def break_even_tokens(*, cost: Numeric, prompt: Numeric, output: Numeric, each: Numeric) -> Numeric:
    r"""Tokens of a period from which the smallest fleet costs less than buying them.

    Parameters
    ----------
    cost : numeric
        Cost of the smallest fleet in a period. [USD]
    prompt : numeric
        Prompt of a request. [token/request]
    output : numeric
        Output of a request. [token/request]
    each : numeric
        Price of a request. [USD/request]

    Returns
    -------
    numeric
        Tokens, input and output together. [token]

    Notes
    -----
    .. math:: K = C (I + O) / \pi

    References
    ----------
    patterson2021 (reserved time is paid for whether used or not); patel2023 (cost of input and output apart).

    Examples
    --------
    >>> break_even_tokens(cost=200.0, prompt=1500.0, output=400.0, each=0.0025)
    152000000.0
    """
    return cost * (prompt + output) / each


@formula(returns="1", own="USD", bought="USD", version=1, cite=("patterson2021",))
def cost_ratio(*, own: Numeric, bought: Numeric) -> Numeric:
    r"""Cost of one's own fleet over that of buying the same tokens.

    Parameters
    ----------
    own : numeric
        Cost of the fleet in a period. [USD]
    bought : numeric
        What the tokens of that period cost elsewhere. [USD]

    Returns
    -------
    numeric
        Ratio; below 1 the fleet costs less. [1]

    Notes
    -----
    .. math:: \rho = C_f / C_b

    References
    ----------
    patterson2021 (reserved time is paid for whether used or not).

    Examples
    --------
    >>> cost_ratio(own=3000.0, bought=4000.0)
    0.75
    """
    return own / bought


@formula(returns="1", utilization="1", peak_to_mean="1", version=1, cite=("fan2007", "little1961"))
def reachable_share(*, utilization: Numeric, peak_to_mean: Numeric) -> Numeric:
    r"""Share of what a replica can serve that it serves on average, where its peak is planned for.

    Parameters
    ----------
    utilization : numeric
        Share of its rate that it is planned for at the busiest time. [1]
    peak_to_mean : numeric
        Requests at that time over the average. [1]

    Returns
    -------
    numeric
        Share. [1]

    Notes
    -----
    .. math:: l = u / x

    References
    ----------
    fan2007 (average and peak load); little1961 (a stable queue needs a rate below capacity).

    Examples
    --------
    >>> reachable_share(utilization=0.8, peak_to_mean=2.0)
    0.4
    """
    return utilization / peak_to_mean


@formula(
    returns="1",
    tokens="token",
    taken="token/s/replica",
    given="token/s/replica",
    replicas="replica",
    period="s",
    version=1,
    cite=(
        "patterson2021",
        "kwon2023",
    ),
)
def break_even_share(*, tokens: Numeric, taken: Numeric, given: Numeric, replicas: Numeric, period: Numeric) -> Numeric:
    r"""Share of what the smallest fleet can serve from which it costs less than buying.

    Parameters
    ----------
    tokens : numeric
        Tokens from which it pays. [token]
    taken : numeric
        Input tokens of a replica. [token/s/replica]
    given : numeric
        Output tokens of a replica. [token/s/replica]
    replicas : numeric
        Replicas that work in the smallest fleet. [replica]
    period : numeric
        The period. [s]

    Returns
    -------
    numeric
        Share; above 1 it never does. [1]

    Notes
    -----
    .. math:: b = K / (R (r_i + r_o) \tau)

    References
    ----------
    patterson2021; kwon2023, section 6.1 (throughput).

    Examples
    --------
    >>> break_even_share(tokens=1.0e8, taken=1500.0, given=500.0, replicas=1.0, period=100000.0)
    0.5
    """
    return tokens / (replicas * (taken + given) * period)
