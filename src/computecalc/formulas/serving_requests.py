"""What one request is to the model: context, fresh prompt, work."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "decode_context",
    "decode_span",
    "fresh_prompt",
    "prompt_context",
    "request_compute",
    "request_count",
]


@formula(
    returns="token",
    coefficient="request",
    prompt="token/request",
    output="token/request",
    spread="1",
    version=2,
    cite=("pope2022",),
)
def decode_context(*, prompt: Numeric, output: Numeric, spread: Numeric) -> Numeric:
    r"""Tokens a request has behind it, on average over all decode steps.

    Parameters
    ----------
    prompt : numeric
        Prompt of a request. [token/request]
    output : numeric
        Output of a request. [token/request]
    spread : numeric
        Mean square of outputs over the square of their mean: long ones are met more often. 1 for equal ones. [1]

    Returns
    -------
    numeric
        Context of one request, on average over the decode steps of all. [token]

    Notes
    -----
    .. math:: S = I + s_O O / 2, \quad s_O = E[O^2] / E[O]^2

    Prompts and outputs are taken as independent.

    References
    ----------
    pope2022, section 3.3 (keys and values of a growing context).

    Examples
    --------
    >>> decode_context(prompt=1000.0, output=500.0, spread=1.0)
    1250.0
    >>> decode_context(prompt=1000.0, output=500.0, spread=2.0)
    1500.0
    """
    return prompt + spread * output / 2.0


@formula(returns="token", coefficient="request", prompt="token/request", cache_hit="1", version=1, cite=("kwon2023",))
def fresh_prompt(*, prompt: Numeric, cache_hit: Numeric) -> Numeric:
    """Prompt tokens that must be computed because no cache holds them.

    Parameters
    ----------
    prompt : numeric
        Prompt of a request. [token/request]
    cache_hit : numeric
        Share of its tokens whose keys and values are found in the prefix cache. [1]

    Returns
    -------
    numeric
        Tokens of one request that pass through the model. [token]

    Notes
    -----
    .. math:: P = I (1 - h)

    References
    ----------
    kwon2023, section 4.4 (shared prefix).

    Examples
    --------
    >>> fresh_prompt(prompt=2000.0, cache_hit=0.25)
    1500.0
    """
    return prompt * (1.0 - cache_hit)


@formula(
    returns="token",
    coefficient="request",
    prompt="token/request",
    cache_hit="1",
    spread="1",
    version=2,
    cite=("kwon2023",),
)
def prompt_context(*, prompt: Numeric, cache_hit: Numeric, spread: Numeric) -> Numeric:
    r"""Length of a fresh prompt whose tokens see, on average, as much as those behind a cached prefix do.

    Parameters
    ----------
    prompt : numeric
        Prompt of a request. [token/request]
    cache_hit : numeric
        Share of its tokens whose keys and values are found in the prefix cache. [1]
    spread : numeric
        Mean square of prompts over the square of their mean, because work grows with the square; 1 for equal ones. [1]

    Returns
    -------
    numeric
        Length. [token]

    Notes
    -----
    .. math:: S_p = s_I I (1 + h), \quad s_I = E[I^2] / E[I]^2

    References
    ----------
    kwon2023, section 4.4 (shared prefix); the equivalence follows from the mean position (1 + h) I / 2 of the
    fresh tokens of a prompt, and from each prompt counting by its tokens.

    Examples
    --------
    >>> prompt_context(prompt=1000.0, cache_hit=0.5, spread=1.0)
    1500.0
    """
    return prompt * spread * (1.0 + cache_hit)


@formula(returns="1", coefficient="1/request", requests="request", version=1, cite=("kwon2023",))
def request_count(*, requests: Numeric) -> Numeric:
    """A number of requests as a bare count.

    Parameters
    ----------
    requests : numeric
        Requests. [request]

    Returns
    -------
    numeric
        The same number. [1]

    Notes
    -----
    .. math:: n = C

    References
    ----------
    kwon2023, section 2.2 (batched requests).

    Examples
    --------
    >>> request_count(requests=64.0)
    64.0
    """
    return requests * 1.0


@formula(returns="token", context="token", version=1, cite=("dao2023",))
def decode_span(*, context: Numeric) -> Numeric:
    """Length of a sequence whose tokens see on average, under a causal mask, what a decoded token sees.

    Parameters
    ----------
    context : numeric
        Context of a request, on average over its decode steps. [token]

    Returns
    -------
    numeric
        Length. [token]

    Notes
    -----
    .. math:: S_d = 2 S

    References
    ----------
    dao2023, section 3.1 (a causal mask halves what is seen).

    Examples
    --------
    >>> decode_span(context=1250.0)
    2500.0
    """
    return 2.0 * context


@formula(
    returns="FLOP/request", coefficient="1/request", work="FLOP/token", prompt="token", version=1, cite=("kaplan2020",)
)
def request_compute(*, work: Numeric, prompt: Numeric) -> Numeric:
    """Work of one request in its prompt.

    Parameters
    ----------
    work : numeric
        Forward work of one token. [FLOP/token]
    prompt : numeric
        Fresh prompt of the request. [token]

    Returns
    -------
    numeric
        Work, cached tokens left out. [FLOP/request]

    Notes
    -----
    .. math:: F = f P

    References
    ----------
    kaplan2020, section 2.1 (forward pass).

    Examples
    --------
    >>> request_compute(work=1.4e11, prompt=1000.0)
    140000000000000.0
    """
    return work * prompt
