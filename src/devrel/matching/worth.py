"""What an answer is worth under an objective: one whole number that orders answers as the objective does."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray


class Objective(Enum):
    """What the best answer is."""

    COVER = "cover"
    """Serve as many recipients as possible (those who come first before others), then fill as much of the demand as
    possible, then the best total."""
    SCORE = "score"
    """The best total; among equals, as many pairs as possible, and as many people served."""


@frozen(eq=False)
class Worth:
    """Turns an objective into gains: the answer whose gains add up to the most is the objective's best answer.

    A pair gains ``scale`` times its points, plus ``each``, plus ``kept`` where it is an incumbent pair; a recipient
    gains ``first`` for her first partner. What decides first outweighs what decides next: one more pair, or one more
    person served, all points together (*cover*), or a point any number of pairs (*score*). All numbers are whole.

    To serve as many as possible, to serve those who come first, and to fill as much of the demand as possible are never
    at odds: how many partners each recipient can have is a generalised polymatroid (Frank and Tardos 1988), in which
    every answer can be filled up without taking from anybody, and the heaviest people are served by a greatest set. So
    these need not outweigh each other, and the numbers stay small.

    Attributes:
        scale: What points are multiplied by.
        each: What every pair gains.
        kept: What an incumbent pair gains.
        first: What each recipient gains for her first partner.
        greatest: A number that no answer is worth more than.
        most: The points that no pair has more of, the price of keeping it added.
        pairs: How many pairs no answer has more of.
        simple: Whether nobody wants more than one partner.
        step: What serving one person more outweighs all points with; 0 where it does not.

    >>> Worth.of(Objective.COVER, demand=[1, 1], capacity=[1], greatest=10).first.tolist()
    [11, 11]
    """

    scale: int
    each: int
    kept: int
    first: NDArray[np.int64] = field(repr=False)
    greatest: int
    most: int
    pairs: int
    simple: bool
    step: int = 0

    @classmethod
    def of(
        cls,
        objective: Objective,
        *,
        demand: Sequence[int],
        capacity: Sequence[int],
        greatest: int,
        priority: Sequence[int] = (),
        price: int = 0,
    ) -> Worth:
        """Return the gains of an objective.

        Args:
            objective: What the best answer is.
            demand: How many partners each recipient wants.
            capacity: How many recipients each provider takes.
            greatest: The most points of any pair.
            priority: Who is served first where not all can be: a number for each recipient, higher first.
            price: The points that breaking an incumbent pair costs.
        """
        wanted, taken = (min(one, len(capacity)) for one in demand), (min(one, len(demand)) for one in capacity)
        pairs = max(1, min(sum(wanted), sum(taken)))
        most = greatest + price
        simple = all(one <= 1 for one in demand)
        if objective is Objective.SCORE:
            one = int(not simple)  # who wants one is served by every pair
            scale = pairs * (1 + one) + 1
            first = np.full(len(demand), one, dtype=np.int64)
            return cls(scale, 1, price * scale, first, pairs * (scale * most + 1 + one), most, pairs, simple)
        step = pairs * most + 1
        each = 0 if simple else step
        ahead = [step * (1 + mine) for mine in priority] if any(priority) else [step] * len(demand)
        served = sorted(ahead, reverse=True)[:pairs]
        whole = all(value < _WHOLE for value in served)
        first = np.array(ahead if whole else [0] * len(demand), dtype=np.int64)
        return cls(1, each, price, first, step + pairs * each + sum(served), most, pairs, simple, step)

    @property
    def exact(self) -> bool:
        """Whether every sum that a solver forms is exact."""
        return self.greatest < EXACT if self.simple else self.solvable

    @property
    def solvable(self) -> bool:
        """Whether solvers can be trusted with numbers of this size; the proof, in whole numbers, holds in any case."""
        one = int(self.first.max(initial=0)) + self.each + self.scale * self.most
        trusted = one < _TRUSTED_GAIN if self.simple else self.pairs * self.most < _TRUSTED_TOTAL
        return self.greatest < LARGEST and trusted

    def told(self, prices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return prices in numbers that mean the same in another problem: points, and ``PERSON`` for a person.

        What is decided after points, such as how many pairs there are of those with the best total, is left out.
        """
        served = (prices + max(0, self.step - 1 - self.most)) // self.step if self.step else np.zeros_like(prices)
        points = (prices - served * self.step) // self.scale
        found: NDArray[np.int64] = np.clip(served, -_PERSONS, _PERSONS) * PERSON + np.clip(
            points, -PERSON // 2 + 1, PERSON // 2 - 1
        )
        return found

    def own(self, told: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return prices that were told of another problem in the whole numbers of this one."""
        served = (told + PERSON // 2) // PERSON
        room = LARGEST // 4
        people = np.clip(served, -(room // max(1, self.step)), room // max(1, self.step)) * self.step
        points = np.clip(told - served * PERSON, -(room // self.scale), room // self.scale) * self.scale
        found: NDArray[np.int64] = people + points
        return found

    def gains(self, points: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what pairs of those points gain, incumbents and first partners left aside."""
        found: NDArray[np.int64] = points * self.scale + self.each
        return found


EXACT = 2**51
"""Whole numbers below this are exact in floating point, and so are sums of four of them."""

PERSON = 2**44
"""What serving one person more counts in prices that are told."""
_PERSONS = 2**15

LARGEST = 2**60
"""Nothing is worth more, so that sums of several still are whole numbers of the machine."""

_WHOLE = 2**62
_TRUSTED_GAIN = 2**46
_TRUSTED_TOTAL = 2**40
