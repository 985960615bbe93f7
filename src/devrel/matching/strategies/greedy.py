"""The greedy matching: the best pair that is left, again and again. A baseline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.places import Places, luck_of
from devrel.matching.strategy import Claim, Feature, MatchingStrategy

_AT_ONCE = 65_536


class GreedyMatching(MatchingStrategy):
    """Takes the best pair that is left, again and again, until nobody who wants a partner can have one.

    Locked pairs come first; equal pairs are decided by a lottery over the seed and the ids. It is a baseline: what a
    person does with a spreadsheet, without slips.

    Its total score is at least half of the best total there is around the locked pairs, and no better share can be
    promised (the pairs that may stand together are the common sets of two partition matroids: Korte and Hausmann
    1978). It makes at least half as many pairs as can be made, as no pair can be added to its answer. With the
    objective *cover* that is all that holds: it may serve fewer than can be served, and says nothing of the total.

    It supports capacities, demands and locked pairs. It knows no minimum loads.

    >>> GreedyMatching().match(MatchingProblem.from_scores([[9, 8], [8, 1]])).total_score
    10.0
    """

    name = "greedy"
    supports = frozenset({Feature.CAPACITY, Feature.DEMAND, Feature.LOCKED, Feature.SCORE})
    claims = frozenset({Claim.MAXIMAL})

    def solve(self, problem: MatchingProblem) -> list[tuple[str, str]]:
        """Return the pairs."""
        places = Places(problem)
        for row, column in _best_first(places):
            if places.demand[row] and places.capacity[column]:
                places.take(row, column)
        return places.pairs


def _best_first(places: Places) -> Iterator[tuple[int, int]]:
    """Yield the pairs from the best down; those of people who have enough are mostly left out."""
    rows, columns = np.nonzero(places.open())
    points = places.problem.points[rows, columns]
    order = np.lexsort((luck_of(places.problem, rows, columns), -points))
    for start in range(0, len(order), _AT_ONCE):
        part = order[start : start + _AT_ONCE]
        yield from _still_open(places, rows[part], columns[part])


def _still_open(places: Places, rows: Any, columns: Any) -> Iterator[tuple[int, int]]:
    fits = (places.demand[rows] > 0) & (places.capacity[columns] > 0)
    return zip(rows[fits].tolist(), columns[fits].tolist(), strict=True)
