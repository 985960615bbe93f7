"""The exact dense solver behind ``OptimalMatching`` for recipients who want one partner more at most.

1. Every pair that can be chosen gains more than 0; staying alone gains 0, and so does a pair that is no choice.
2. An assignment solver finds the best total, one column for each seat of a provider; what it placed on a gain of 0
   stays alone. Seats that have to be filled gain more than all others together.
3. Prices that prove the answer are computed from it.
4. Where the best answers differ, the lottery picks one: the assignment solver once more, over the pairs that can be
   exchanged, with gains drawn from the seed and the ids. The prices prove every best answer.

The solver works in floating point. All gains are whole; the caller sees to it that every sum it forms is exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from devrel.matching.certificate import Book, Prices
from devrel.matching.pricing import Open, prices_of
from devrel.matching.ties import Ties, ties

Costs = NDArray[np.float64]
Indices = NDArray[np.intp]


def best_assignment(open_: Open) -> tuple[list[tuple[str, str]], Prices]:
    """Return the best pairs and the prices that prove them."""
    bonus = open_.worth.greatest + 1 if open_.minimum.any() else 0
    costs = np.subtract(-open_.first[:, None], open_.gains)
    np.minimum(costs, 0, out=costs)
    costs[open_.demand <= 0] = 0
    rows, columns = _solve(costs, _Seats(costs, open_.capacity, open_.minimum), bonus)
    pairs = open_.ids(rows, columns)
    proof = prices_of(open_, pairs)
    book = Book.of(open_.problem, pairs, open_.keeping, points=open_.problem.points)
    free = ties(open_.problem, book, proof)
    if len(free):
        fixed = sorted(set(zip(rows.tolist(), columns.tolist(), strict=True)) - free.held)
        drawn = _draw(open_, free, fixed, proof)
        pairs = open_.ids(*zip(*[*fixed, *drawn], strict=True)) if fixed or drawn else pairs
    return pairs, proof


class _Seats:
    """The columns of the assignment: each provider as often as she can be useful, seats to be filled first.

    Attributes:
        owner: The provider of each seat.
        due: Whether the seat has to be filled.
        each: Whether every provider has exactly one seat.
    """

    def __init__(self, costs: Costs, capacity: NDArray[np.int64], due: NDArray[np.int64]) -> None:
        useful = (
            np.minimum(capacity, np.count_nonzero(costs, axis=0)) if (capacity > 1).any() else np.minimum(capacity, 1)
        )
        self.owner = np.repeat(np.arange(costs.shape[1]), np.maximum(useful, 0))
        number = np.arange(self.owner.size) - np.repeat(np.cumsum(useful) - useful, np.maximum(useful, 0))
        self.due = number < due[self.owner]
        self.each = np.array_equal(self.owner, np.arange(costs.shape[1]))


def _solve(costs: Costs, seats: _Seats, bonus: float) -> tuple[Indices, Indices]:
    """Return the positions of the pairs of least cost; a cost of 0 is staying alone."""
    if not costs.size or not seats.owner.size:
        return np.array([], dtype=np.intp), np.array([], dtype=np.intp)
    wide = costs if seats.each else costs[:, seats.owner]
    if bonus and seats.due.any():
        wide = np.where(seats.due & (wide < 0), wide - bonus, wide)
    rows, places = _least_cost(wide)
    columns = seats.owner[places]
    real = costs[rows, columns] < 0
    return rows[real], columns[real]


def _least_cost(costs: Costs) -> tuple[Indices, Indices]:
    """Return an assignment of least cost: by lapx where the extra ``scale`` is installed, else by SciPy."""
    try:
        from lap import lapjvh
    except ImportError:
        from scipy.optimize import linear_sum_assignment

        return linear_sum_assignment(costs)  # type: ignore[no-any-return]
    rows, columns = lapjvh(costs, extend_cost=True, return_cost=False)
    return np.asarray(rows, dtype=np.intp), np.asarray(columns, dtype=np.intp)


def _draw(open_: Open, free: Ties, fixed: list[tuple[int, int]], proof: Prices) -> list[tuple[int, int]]:
    """Return what the lottery picks of the pairs that can be exchanged.

    It is the answer with the most luck among those that serve whom every best answer serves.
    """
    rows, row = np.unique(free.rows, return_inverse=True)
    columns, column = np.unique(free.columns, return_inverse=True)
    taken = np.bincount([j for _, j in fixed], minlength=len(open_.capacity))[columns]
    capacity, minimum = open_.capacity[columns] - taken, np.maximum(open_.minimum[columns] - taken, 0)
    people = max(1, min(len(rows), int(capacity.sum())))
    bits = _lottery_bits(people)
    bonus = people << bits
    keys = open_.problem.lottery_keys()
    luck = lottery(keys[0][free.rows], keys[1][free.columns], bits) + 1
    must = proof.recipients[rows] > -open_.first[rows]
    luck += np.where(must, bonus, 0)[row]
    costs = np.zeros((len(rows), len(columns)))
    costs[row, column] = -luck
    price = proof.providers[columns]
    seats = _Seats(costs, np.where(price < 0, minimum, capacity), np.where(price > 0, capacity, minimum))
    found = _solve(costs, seats, float(bonus))
    return list(zip(rows[found[0]].tolist(), columns[found[1]].tolist(), strict=True))


def _lottery_bits(people: int) -> int:
    """Return as many bits of luck as keep every sum exact; at least 8, at most 40."""
    return max(8, min(40, 49 - 2 * people.bit_length()))


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
