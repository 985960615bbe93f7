"""Computes the prices that prove an answer optimal; an answer that is not optimal has none.

The prices are the least ones for the providers' seats. They are found from the answer alone, as longest paths
(Bellman 1958, Ford 1956): a seat costs at least what somebody outside could gain from it beyond her own price, and a
price is raised until nobody gains any more. If that does not come to an end, or ends above a bound, the answer can be
improved. The price of a seat is then what one more of it would add to the best answer (Gul and Stacchetti 1999).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from devrel.errors import DevrelError
from devrel.matching.certificate import FAR, Book, Pairs, Prices
from devrel.matching.problem import MatchingProblem
from devrel.matching.worth import EXACT, Worth

Gains = NDArray[Any]


@frozen(eq=False)
class Left:
    """What is left to choose once the locked pairs have their places.

    Attributes:
        problem: The problem.
        keeping: The points that breaking an incumbent pair costs.
        worth: The gains that stand for the objective.
        demand: How many partners each recipient still wants.
        capacity: How many recipients each provider still takes.
        minimum: How many she still has to take.
        first: What each recipient gains for her first partner; 0 where a locked pair is it.
    """

    problem: MatchingProblem
    keeping: int
    worth: Worth
    demand: NDArray[np.int64]
    capacity: NDArray[np.int64]
    minimum: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def counted(cls, problem: MatchingProblem, keeping: int = 0) -> Left:
        """Return what is left to choose of a problem."""
        worth, taken = problem.worth(keeping), _taken(problem)
        return Left(
            problem,
            keeping,
            worth,
            np.array(problem.demand, dtype=np.int64) - taken[0],
            np.array(problem.capacity, dtype=np.int64) - taken[1],
            np.maximum(np.array(problem.minimum, dtype=np.int64) - taken[1], 0),
            np.where(taken[0] > 0, 0, worth.first),
        )

    def ids(self, rows: Any, columns: Any) -> list[tuple[str, str]]:
        """Return positions as pairs of ids, the locked pairs among them."""
        problem = self.problem
        found = [(problem.recipients[i], problem.providers[j]) for i, j in zip(rows, columns, strict=True)]
        return sorted([*found, *problem.locked])


@frozen(eq=False)
class Open(Left):
    """What is left to choose, with an array of what all pairs gain.

    Attributes:
        gains: What each pair gains, first partners left aside; ``low`` where a pair is no choice.
        low: Stands for no choice.
    """

    gains: Gains
    low: float

    @classmethod
    def of(cls, problem: MatchingProblem, keeping: int = 0) -> Open:
        """Return what is left to choose; in floating point where that is exact, in whole numbers elsewhere."""
        left = Left.counted(problem, keeping)
        worth, exact = left.worth, left.worth.greatest < EXACT
        gains = problem.points.astype(np.float64 if exact else np.int64)
        gains *= worth.scale
        gains += worth.each
        low = -np.inf if exact else -float(2 * FAR)
        if worth.kept:
            gains[problem.incumbent_at] += worth.kept
        np.putmask(gains, ~problem.eligible, low)
        gains[problem.locked_at] = low
        return cls(problem, keeping, worth, left.demand, left.capacity, left.minimum, left.first, gains=gains, low=low)

    @property
    def exact(self) -> bool:
        """Whether floating point holds every sum exactly."""
        return bool(self.gains.dtype == np.float64)

    @property
    def turned(self) -> Open:
        """The same with the providers down the rows."""
        return evolve(self, gains=np.ascontiguousarray(self.gains.T))

    @property
    def choices(self) -> NDArray[np.bool_]:
        """Which pairs can be chosen."""
        found: NDArray[np.bool_] = self.gains > self.low
        found &= (self.demand > 0)[:, None] & (self.capacity > 0)[None, :]
        return found


def _taken(problem: MatchingProblem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    (rows, columns), count = problem.locked_at, problem.shape
    return np.bincount(rows, minlength=count[0]), np.bincount(columns, minlength=count[1])


def prices_of(open_: Open, pairs: Pairs) -> Prices:
    """Return the least seat prices that prove ``pairs`` optimal.

    Raises:
        DevrelError: When there are none, that is, when ``pairs`` are not optimal.
    """
    book = Book.of(open_.problem, pairs, open_.keeping, points=open_.problem.points)
    roof = _unbounded(book.roof, open_)
    seats = _raised(open_, book.lowest, roof, book, (book.rows, book.columns))
    people = None if seats is None else book.highest(seats)
    if seats is None or people is None or (people < book.floor).any() or (seats > book.ceiling).any():
        raise DevrelError(
            "the solver's answer is not optimal, and was not used; please report the problem it failed on"
        )
    return Prices(people, seats, open_.keeping)


def dearest_seats(open_: Open, pairs: Pairs) -> NDArray[np.int64]:
    """Return the highest seat prices that prove ``pairs`` optimal: what the best answer loses with one seat less.

    Args:
        open_: What was left to choose.
        pairs: An optimal answer.
    """
    book = Book.of(open_.problem, pairs, open_.keeping, points=open_.problem.points)
    least = np.maximum(book.floor, -2 * (open_.worth.greatest + 1))
    roof = _unbounded(book.ceiling, open_)
    people = _raised(open_.turned, least, roof, book, (book.columns, book.rows))
    if people is None:
        raise DevrelError("the answer is not optimal; no price can be told")
    found: NDArray[np.int64] = book.ceiling.copy()
    np.minimum.at(found, book.columns, book.own - people[book.rows])
    return found


def _unbounded(bound: NDArray[np.int64], open_: Open) -> Gains:
    """Return bounds in the kind of number of the gains; in floating point, no bound at all is infinite."""
    return np.where(bound >= FAR, np.inf, bound) if open_.exact else bound


def _raised(
    open_: Open, start: NDArray[np.int64], roof: Gains, book: Book, places: tuple[Any, Any]
) -> NDArray[np.int64] | None:
    """Return the least prices of those across that leave nobody outside a gain; None where they have no end.

    Args:
        open_: What can be chosen, one side down the rows and the other across.
        start: The least prices of those across.
        roof: The highest prices of those down the rows.
        book: The answer.
        places: The positions of the chosen pairs: down, and across.
    """
    down, across = places
    gains = open_.gains
    kept = gains[down, across]
    gains[down, across] = open_.low  # a chosen pair asks for no higher price of its own
    try:
        prices, own = start.astype(gains.dtype), book.own.astype(gains.dtype)
        settled = _raise(gains, prices, own, roof.astype(gains.dtype), down, across)
    finally:
        gains[down, across] = kept
    return prices.astype(np.int64) if settled else None


def _raise(gains: Gains, prices: Gains, own: Gains, roof: Gains, down: Any, across: Any) -> bool:
    """Raise ``prices`` until nobody outside gains; return whether that came to an end.

    A first look at the best pairs of each row alone brings the prices near: fewer pairs never ask for more.
    """
    if gains.size > _WORTH_A_FIRST_LOOK:
        _raise_by_best(gains, prices, own, roof, down, across)
    theirs = roof.copy()
    np.minimum.at(theirs, down, own - prices[across])
    lowest = gains.dtype.type(-2 * FAR)
    changed = np.flatnonzero(theirs < (np.inf if gains.dtype == np.float64 else FAR))
    for _ in range(sum(gains.shape) + 2):
        if not changed.size:
            return True
        asked = (gains[changed] - theirs[changed, None]).max(axis=0, initial=lowest)
        raised = asked > prices
        np.maximum(prices, asked, out=prices)
        touched = raised[across]
        rows = down[touched]
        before = theirs[rows]
        np.minimum.at(theirs, rows, own[touched] - prices[across[touched]])
        changed = np.unique(rows[theirs[rows] < before])
    return False


_WORTH_A_FIRST_LOOK = 250_000
_SAMPLED, _BEST = 8, 50


def _raise_by_best(gains: Gains, prices: Gains, own: Gains, roof: Gains, down: Any, across: Any) -> None:
    """Raise ``prices`` as far as the best pairs of each row ask for it; a sample tells which are best."""
    sample = gains[:, ::_SAMPLED]
    place = max(0, sample.shape[1] - max(1, _BEST // _SAMPLED))
    rows, columns = np.nonzero(gains > np.partition(sample, place, axis=1)[:, [place]])
    if not rows.size:
        return
    order = np.argsort(columns, kind="stable")
    rows, columns = rows[order], columns[order]
    best, starts = gains[rows, columns], np.flatnonzero(np.diff(columns, prepend=-1))
    asking = columns[starts]
    for _ in range(sum(gains.shape)):
        theirs = roof.copy()
        np.minimum.at(theirs, down, own - prices[across])
        asked = np.maximum.reduceat(best - theirs[rows], starts)
        if not (asked > prices[asking]).any():
            return
        prices[asking] = np.maximum(prices[asking], asked)
