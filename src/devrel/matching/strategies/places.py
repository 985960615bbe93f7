"""Counts the places that are left while pairs are chosen one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.assignment import lottery

LUCK_BITS = 62
"""So many bits of luck tell pairs apart that are as good as each other."""


class Places:
    """How many partners everybody still takes; the locked pairs have their places from the start.

    Attributes:
        problem: The problem.
        pairs: The pairs chosen so far, the locked ones first.
        demand: How many partners each recipient still wants.
        capacity: How many recipients each provider still takes.
        free: Which pairs may still be matched.
    """

    def __init__(self, problem: MatchingProblem) -> None:
        self.problem = problem
        self.pairs: list[tuple[str, str]] = []
        self.demand = np.array(problem.demand, dtype=np.int64)
        self.capacity = np.array(problem.capacity, dtype=np.int64)
        self.free = problem.eligible.copy()
        for recipient, provider in sorted(problem.locked):
            self.take(problem.row[recipient], problem.column[provider])

    def take(self, row: int, column: int) -> None:
        """Match the two people at these positions."""
        self.pairs.append((self.problem.recipients[row], self.problem.providers[column]))
        self.free[row, column] = False
        self.demand[row] -= 1
        self.capacity[column] -= 1

    def open(self) -> NDArray[np.bool_]:
        """Return which pairs may be matched between people who take somebody."""
        found: NDArray[np.bool_] = self.free & (self.demand > 0)[:, None] & (self.capacity > 0)[None, :]
        return found


def luck_of(problem: MatchingProblem, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the lots of the pairs at these positions, made from the seed and the ids alone."""
    keys = problem.lottery_keys()
    return lottery(keys[0][rows], keys[1][columns], LUCK_BITS)
