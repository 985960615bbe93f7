"""The exact dense solver behind ``OptimalMatching`` for recipients who want one partner.

1. Every eligible pair gets a whole gain above 0; a pair that may not be matched gains 0, as staying alone does.
2. SciPy's assignment solver finds the best total gain; cells that gain 0 are dropped from its answer.
3. Prices that prove the optimum are computed from the answer (longest paths over whole numbers). They exist if and
   only if the answer is optimal, so a wrong one is noticed.
4. Every optimum uses only *tight* pairs, whose gain is exactly the two prices' sum, and serves everybody whose price
   is above 0. Among all optima the lottery picks one: the assignment solver once more, over the tight pairs, with
   gains drawn from the seed and the ids.

The solver works in floating point. All gains are whole and small enough that every sum it forms is exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from devrel.errors import DevrelError, InvalidValue

EXACT = 2**53
"""Whole numbers up to here are exact in floating point."""

Indices = NDArray[np.intp]
Gains = NDArray[np.int64]
ALONE = -1


def best_assignment(
    gains: Gains, capacity: NDArray[np.int64], keys: tuple[NDArray[np.uint64], NDArray[np.uint64]]
) -> Indices:
    """Return the provider's position for each recipient, or ``ALONE``.

    Args:
        gains: Shape (recipients, providers); above 0 for eligible pairs, 0 for the others.
        capacity: How many recipients each provider takes.
        keys: The lottery's numbers for the recipients and the providers.
    """
    match = _solve(gains, capacity)
    recipient_prices, provider_prices = prices(gains, capacity, match)
    tight = (gains > 0) & (gains == recipient_prices[:, None] + provider_prices[None, :])
    if np.count_nonzero(tight) == np.count_nonzero(match >= 0):
        return match
    return _draw(tight, capacity, recipient_prices > 0, provider_prices > 0, keys)


def refuse_inexact(greatest: int) -> None:
    """Refuse scores whose greatest sum, told as a Python number, floating point could not hold exactly."""
    if greatest >= EXACT:
        raise InvalidValue("scores", "are too large to be exact for so many people", "divide them by a common factor")


def _solve(gains: Gains, capacity: NDArray[np.int64]) -> Indices:
    """Return the best assignment, one column for each seat of a provider."""
    candidates = np.count_nonzero(gains, axis=0)
    seats = np.repeat(np.arange(gains.shape[1]), np.minimum(capacity, candidates))
    match = np.full(gains.shape[0], ALONE, dtype=np.intp)
    if not seats.size:
        return match
    rows, columns = linear_sum_assignment(gains[:, seats].astype(np.float64), maximize=True)
    real = gains[rows, seats[columns]] > 0
    match[rows[real]] = seats[columns[real]]
    return match


def prices(gains: Gains, capacity: NDArray[np.int64], match: Indices) -> tuple[Gains, Gains]:
    """Return the smallest prices that prove ``match`` optimal, for recipients and for one seat of each provider.

    They are at least 0, together at least the gain of every pair and exactly that of every matched one; whoever has
    something open has the price 0.

    Raises:
        DevrelError: When there are none, that is, when ``match`` is not optimal.
    """
    matched = np.flatnonzero(match >= 0)
    alone = np.flatnonzero(match < 0)
    own = np.zeros(len(match), dtype=np.int64)
    own[matched] = gains[matched, match[matched]]
    price = np.zeros(gains.shape[1], dtype=np.int64)
    if alone.size and gains.shape[1]:
        price = np.maximum(price, gains[alone].max(axis=0))
    changed = matched
    for _ in range(gains.shape[1] + 1):
        if not changed.size:
            break
        asked = (gains[changed] + (price[match[changed]] - own[changed])[:, None]).max(axis=0)
        raised = asked > price
        price = np.maximum(price, asked)
        changed = matched[raised[match[matched]]]
    of_recipients = np.where(match >= 0, own - price[match], 0)
    loads = np.bincount(match[matched], minlength=gains.shape[1])
    if changed.size or bool((of_recipients < 0).any()) or bool((price[loads < capacity] > 0).any()):
        raise DevrelError(
            "the solver's answer is not optimal, and was not used; please report the problem it failed on"
        )
    return of_recipients, price


def _draw(
    tight: NDArray[np.bool_],
    capacity: NDArray[np.int64],
    must_serve: NDArray[np.bool_],
    must_fill: NDArray[np.bool_],
    keys: tuple[NDArray[np.uint64], NDArray[np.uint64]],
) -> Indices:
    """Return the optimum that the lottery picks: most luck among those that serve whom every optimum serves."""
    people = max(1, min(tight.shape[0], int(capacity.sum())))
    luck = lottery(keys[0][:, None], keys[1][None, :], _lottery_bits(people))
    bonus = np.int64(people) * (np.int64(1) << _lottery_bits(people))
    duty = must_serve.astype(np.int64)[:, None] + must_fill.astype(np.int64)[None, :]
    return _solve(np.where(tight, luck + bonus * duty + 1, 0), capacity)


def _lottery_bits(people: int) -> int:
    """Return as many bits of luck as keep every sum exact; at least 8, at most 40."""
    return max(8, min(40, 50 - 2 * people.bit_length()))


def lottery(left: NDArray[np.uint64], right: NDArray[np.uint64], bits: int) -> NDArray[np.int64]:
    """Return numbers of ``bits`` bits that mix two keys well (the finaliser of SplitMix64, Steele et al. 2014).

    >>> luck = lottery(np.array([1, 2], dtype=np.uint64), np.array([3, 3], dtype=np.uint64), 8)
    >>> bool((luck >= 0).all() and (luck < 256).all())
    True
    """
    mixed = left ^ ((right << np.uint64(23)) | (right >> np.uint64(41)))
    mixed = mixed + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - bits)).astype(np.int64)
