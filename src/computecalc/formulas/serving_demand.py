"""From what people ask to requests a second, and from a fleet's bill to a request and a million tokens."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "bundle_carbon",
    "bundle_cost",
    "bundle_water",
    "request_cost",
    "request_energy",
    "total_token_rate",
    "user_request_rate",
    "volume_request_rate",
]


@formula(returns="request/s", users="1", each="request/s", version=1, cite=("fan2007",))
def user_request_rate(*, users: Numeric, each: Numeric) -> Numeric:
    r"""Requests a second of many people.

    Parameters
    ----------
    users : numeric
        People. [1]
    each : numeric
        Requests of one of them. [request/s]

    Returns
    -------
    numeric
        Average rate. [request/s]

    Notes
    -----
    .. math:: \lambda = U \lambda_u

    References
    ----------
    fan2007 (demand as an average with a peak over it).

    Examples
    --------
    >>> user_request_rate(users=1.0e6, each=0.00025)
    250.0
    """
    return users * each


@formula(
    returns="request/s",
    tokens="token/s",
    prompt="token/request",
    output="token/request",
    version=1,
    cite=("kwon2023",),
)
def volume_request_rate(*, tokens: Numeric, prompt: Numeric, output: Numeric) -> Numeric:
    r"""Requests a second behind a volume of tokens.

    Parameters
    ----------
    tokens : numeric
        Tokens of a time, input and output together. [token/s]
    prompt : numeric
        Prompt of a request, cached tokens included. [token/request]
    output : numeric
        Output of a request. [token/request]

    Returns
    -------
    numeric
        Average rate. [request/s]

    Notes
    -----
    .. math:: \lambda = r / (I + O)

    References
    ----------
    kwon2023, section 6.1 (a request by its input and output length).

    Examples
    --------
    >>> volume_request_rate(tokens=1.0e6, prompt=1500.0, output=500.0)
    500.0
    """
    return tokens / (prompt + output)


@formula(
    returns="token/s/accelerator",
    given="token/s/replica",
    taken="token/s/replica",
    accelerators="accelerator/replica",
    version=1,
    cite=("kwon2023",),
)
def total_token_rate(*, given: Numeric, taken: Numeric, accelerators: Numeric) -> Numeric:
    """Input and output tokens a second for one accelerator of a replica.

    Parameters
    ----------
    given : numeric
        Output tokens of a replica. [token/s/replica]
    taken : numeric
        Input tokens of a replica. [token/s/replica]
    accelerators : numeric
        Accelerators of a replica. [accelerator/replica]

    Returns
    -------
    numeric
        Rate. [token/s/accelerator]

    Notes
    -----
    .. math:: r' = (r_i + r_o) / n

    References
    ----------
    kwon2023, section 6.1 (throughput).

    Examples
    --------
    >>> total_token_rate(given=2000.0, taken=6000.0, accelerators=8.0)
    1000.0
    """
    return (taken + given) / accelerators


@formula(returns="J/request", energy="J", rate="request/s", period="s", version=1, cite=("chung2025",))
def request_energy(*, energy: Numeric, rate: Numeric, period: Numeric) -> Numeric:
    r"""Energy of a fleet for one request.

    Parameters
    ----------
    energy : numeric
        Energy of the fleet in a period. [J]
    rate : numeric
        Requests served, on average. [request/s]
    period : numeric
        The period. [s]

    Returns
    -------
    numeric
        Energy. [J/request]

    Notes
    -----
    .. math:: e = E / (\lambda \tau)

    References
    ----------
    chung2025 (energy a request).

    Examples
    --------
    >>> request_energy(energy=8.64e9, rate=50.0, period=86400.0)
    2000.0
    """
    return energy / (rate * period)


@formula(returns="USD/request", cost="USD", rate="request/s", period="s", version=1, cite=("patterson2021",))
def request_cost(*, cost: Numeric, rate: Numeric, period: Numeric) -> Numeric:
    r"""Cost of a fleet for one request.

    Parameters
    ----------
    cost : numeric
        Cost of the fleet in a period. [USD]
    rate : numeric
        Requests served, on average. [request/s]
    period : numeric
        The period. [s]

    Returns
    -------
    numeric
        Cost. [USD/request]

    Notes
    -----
    .. math:: c = K / (\lambda \tau)

    References
    ----------
    patterson2021 (reserved time is paid for whether used or not).

    Examples
    --------
    >>> request_cost(cost=8640.0, rate=50.0, period=86400.0)
    0.002
    """
    return cost / (rate * period)


@formula(returns="USD", each="USD/token", tokens="token", version=1, cite=("patel2023",))
def bundle_cost(*, each: Numeric, tokens: Numeric) -> Numeric:
    """Cost of as many tokens as prices are stated for.

    Parameters
    ----------
    each : numeric
        Cost of one token. [USD/token]
    tokens : numeric
        Tokens that a price is for, such as a million. [token]

    Returns
    -------
    numeric
        Cost. [USD]

    Notes
    -----
    .. math:: C = c K

    References
    ----------
    patel2023 (cost a phase).

    Examples
    --------
    >>> bundle_cost(each=2.5e-6, tokens=1.0e6)
    2.5
    """
    return each * tokens


@formula(returns="gCO2e", each="gCO2e/token", tokens="token", version=1, cite=("patterson2021",))
def bundle_carbon(*, each: Numeric, tokens: Numeric) -> Numeric:
    """Emissions of as many tokens as they are stated for.

    Parameters
    ----------
    each : numeric
        Emissions for one token. [gCO2e/token]
    tokens : numeric
        Tokens that they are stated for, such as a million. [token]

    Returns
    -------
    numeric
        Emissions. [gCO2e]

    Notes
    -----
    .. math:: M = m K

    References
    ----------
    patterson2021, section 2.5.

    Examples
    --------
    >>> bundle_carbon(each=0.0005, tokens=1.0e6)
    500.0
    """
    return each * tokens


@formula(returns="L", water="L", tokens="token", bundle="token", version=1, cite=("patterson2021",))
def bundle_water(*, water: Numeric, tokens: Numeric, bundle: Numeric) -> Numeric:
    """Water for as many tokens as it is stated for.

    Parameters
    ----------
    water : numeric
        Water of the fleet in a period. [L]
    tokens : numeric
        Output tokens of that period. [token]
    bundle : numeric
        Tokens that it is stated for, such as a million. [token]

    Returns
    -------
    numeric
        Water. [L]

    Notes
    -----
    .. math:: w = W K_b / K

    References
    ----------
    patterson2021, section 2.5 (a footprint divided by what it was for).

    Examples
    --------
    >>> bundle_water(water=500.0, tokens=2.0e9, bundle=1.0e6)
    0.25
    """
    return water * bundle / tokens
