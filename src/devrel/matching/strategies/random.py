"""The random matching: recipients in an order drawn by lot, each takes a partner drawn by lot. A baseline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.places import Places, luck_of
from devrel.matching.strategy import Claim, Feature, MatchingStrategy


class RandomMatching(MatchingStrategy):
    """Lets recipients take a free eligible partner each, at random, one after the other in a random order.

    It is the random serial dictatorship (Abdulkadiroğlu and Sönmez 1998) of recipients who do not mind whom they get.
    Those who want several partners take one in each round. Orders and partners come from the seed and the ids alone,
    so that the same seed gives the same answer. It is a baseline: what scores and care add to chance.

    Scores have no say. Nobody is left while somebody eligible is free, so it makes at least half as many pairs as can
    be made. Recipients whose candidates are the same have the same chance.

    It supports capacities, demands and locked pairs. It knows no minimum loads.

    >>> RandomMatching().match(MatchingProblem.from_scores([[9, 8], [8, 1]], seed=1)).ids
    (('r0', 'p0'), ('r1', 'p1'))
    """

    name = "random"
    supports = frozenset({Feature.CAPACITY, Feature.DEMAND, Feature.LOCKED, Feature.SCORE})
    claims = frozenset({Claim.MAXIMAL})

    def solve(self, problem: MatchingProblem) -> list[tuple[str, str]]:
        """Return the pairs."""
        places = Places(problem)
        turns = np.argsort(problem.lottery_keys()[0], kind="stable").tolist()
        while turns:
            turns = [row for row in turns if places.demand[row] > 0 and _takes_one(places, row)]
        return places.pairs


def _takes_one(places: Places, row: int) -> bool:
    """Match a recipient with a free eligible provider by lot; return whether there was one."""
    columns = np.flatnonzero(places.free[row] & (places.capacity > 0))
    if not columns.size:
        return False
    rows: NDArray[np.intp] = np.full(len(columns), row)
    places.take(row, int(columns[luck_of(places.problem, rows, columns).argmin()]))
    return True
