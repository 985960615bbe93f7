"""What proves that the worst-off pairs of an answer are as good as can be, one level after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel.errors import InvalidValue
from devrel.matching.certificate import Certificate, Pairs
from devrel.matching.problem import MatchingProblem

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

CLOSED = 2**40
"""What a pair below the level of a stage costs: more than any number of pairs at the level."""

_HIGHEST = 2**58
_SHOWN = 5


@frozen(eq=False)
class Open:
    """What is left to choose once the locked pairs have their places.

    Attributes:
        problem: The problem.
        wanted: How many partners each recipient still wants, 0 or 1.
        seats: How many recipients each provider still takes.
    """

    problem: MatchingProblem
    wanted: Whole
    seats: Whole

    @classmethod
    def of(cls, problem: MatchingProblem) -> Open:
        """Return what a problem leaves to choose."""
        taken = [Counter(side) for side in zip(*problem.locked, strict=True)] or [Counter(), Counter()]
        wanted = [most - taken[0][one] for one, most in zip(problem.recipients, problem.demand, strict=True)]
        seats = [most - taken[1][one] for one, most in zip(problem.providers, problem.capacity, strict=True)]
        return cls(problem, np.array(wanted, dtype=np.int64), np.array(seats, dtype=np.int64))

    def blocks(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield the pairs that can be chosen, block by block: recipients, providers, points."""
        for part, eligible, points in self.problem.blocks():
            rows, columns = np.nonzero(eligible & (self.wanted[part, None] > 0) & (self.seats[None, :] > 0))
            yield rows + part.start, columns, points[rows, columns]

    def pairs(self) -> tuple[Any, Any, Any]:
        """Return the pairs that can be chosen: recipients, providers, points."""
        none = np.array([], dtype=np.int64)
        rows, columns, points = zip((none, none, none), *self.blocks(), strict=True)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(points)


def stage_gains(points: Whole, last: int, level: int) -> Whole:
    """Return what pairs gain in the stage of a level: -1 at the level, and the lower ones that are left are closed.

    >>> stage_gains(np.array([1, 4, 5, 6]), 1, 5).tolist()
    [0, -1099511627776, -1, 0]
    """
    return np.where((points > level) | (points <= last), 0, np.where(points == level, -1, -CLOSED))


def _stages(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, np.ndarray) or value.dtype != np.int64 or value.ndim != 2:
        raise InvalidValue(attribute.name, "must be whole numbers (int64), stages by people")
    value.setflags(write=False)


@frozen(eq=False)
class WorstOff(Certificate):
    """Dual prices, one list for each stage, that prove an answer leximin among those that serve the most.

    In the first stage every pair gains 1. There is a further stage for each score that a pair of the answer has, from
    the lowest up: pairs with this score gain -1, lower ones that no stage before has counted gain much less, all
    others 0. Stage by stage, the gain of an answer is compared like the digits of a number. The prices belong to the
    answer when

    1. for every pair, the first stage in which its two prices do not add up to its gain has them above the gain;
       pairs in the answer add up exactly in all stages;
    2. for everybody, the first price that is not 0 is above 0; all prices are 0 for whoever has a place open, and for
       those who have nothing left to choose.

    Then every other answer gains less, or the same in all stages (duality of lexicographic linear programs). Locked
    pairs are no choice: they are left out, with the places they take. All numbers are whole.

    Attributes:
        recipients: The prices of the recipients, stages by recipients, in the order of the problem.
        providers: The prices of one seat of each provider, stages by providers.
    """

    claim = "no answer that serves as many has better worst-off pairs"

    recipients: Whole = field(validator=_stages, repr=False)
    providers: Whole = field(validator=_stages, repr=False)

    def flaws(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:
        """Return what is wrong with the proof, over all pairs of the problem, block by block."""
        if any(wanted > 1 for wanted in problem.demand):
            return ["it speaks of recipients who want one partner at most"]
        open_ = Open.of(problem)
        chosen = [(problem.row[r], problem.column[p]) for r, p in pairs if (r, p) not in problem.locked]
        rows, columns = np.array(chosen, dtype=np.intp).reshape(-1, 2).T
        levels = np.unique(problem.points[rows, columns]).tolist()
        shapes = [(len(levels) + 1, people) for people in problem.shape]
        if [self.recipients.shape, self.providers.shape] != shapes:
            return [f"the prices are of {self.recipients.shape} and {self.providers.shape}, not of {shapes}"]
        if any((np.abs(side) > _HIGHEST).any() for side in (self.recipients, self.providers)):
            return ["the prices are too large to be prices"]
        left = open_.wanted - np.bincount(rows, minlength=problem.shape[0])
        free = open_.seats - np.bincount(columns, minlength=problem.shape[1])
        return [
            *_unsound("recipient", problem.recipients, self.recipients, (left > 0) | (open_.wanted <= 0)),
            *_unsound("provider", problem.providers, self.providers, (free > 0) | (open_.seats <= 0)),
            *self._untight(problem, rows, columns, levels),
            *self._beaten(open_, levels),
        ]

    def _untight(self, problem: MatchingProblem, rows: Any, columns: Any, levels: list[int]) -> list[str]:
        """Return the pairs of the answer whose prices do not add up to what they gain."""
        wrong = np.zeros(len(rows), dtype=bool)
        for stage, (last, level) in enumerate(_steps(levels)):
            gains = _gains(problem.points[rows, columns], last, level)
            wrong |= self.recipients[stage, rows] + self.providers[stage, columns] != gains
        return _named(problem, rows[wrong], columns[wrong])

    def _beaten(self, open_: Open, levels: list[int]) -> list[str]:
        """Return the pairs that gain more than their prices allow."""
        found: list[str] = []
        for rows, columns, points in open_.blocks():
            for stage, (last, level) in enumerate(_steps(levels)):
                over = self.recipients[stage, rows] + self.providers[stage, columns] - _gains(points, last, level)
                found += _named(open_.problem, rows[over < 0], columns[over < 0])
                rows, columns, points = rows[over == 0], columns[over == 0], points[over == 0]  # noqa: PLW2901
        return found


def _steps(levels: list[int]) -> list[tuple[int | None, int]]:
    """Return the level of each stage after the one before it; the first stage has none."""
    return [(None, 0), *pairwise([-1, *levels])]


def _gains(points: Whole, last: int | None, level: int) -> Whole:
    return np.ones(len(points), dtype=np.int64) if last is None else stage_gains(points, last, level)


def _unsound(side: str, ids: tuple[str, ...], prices: Whole, idle: Mask) -> list[str]:
    """Return the people whose first price that counts is below 0, or who have a price and a place open."""
    first = np.take_along_axis(prices, (prices != 0).argmax(axis=0)[None, :], axis=0)[0]
    wrong = (first < 0) | (idle & (prices != 0).any(axis=0))
    return [f"the prices of the {side} {ids[i]!r} prove nothing" for i in np.flatnonzero(wrong)[:_SHOWN]]


def _named(problem: MatchingProblem, rows: Any, columns: Any) -> list[str]:
    pairs = zip(rows[:_SHOWN].tolist(), columns[:_SHOWN].tolist(), strict=True)
    return [f"the prices of {problem.recipients[i]!r} and {problem.providers[j]!r} prove nothing" for i, j in pairs]
