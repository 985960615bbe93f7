"""The optimal matching: a capacitated assignment, exact, with ties drawn by lot."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from devrel.matching.problem import MatchingProblem, Objective
from devrel.matching.strategies.assignment import ALONE, best_assignment, refuse_inexact
from devrel.matching.strategies.network import best_network
from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution


class OptimalMatching(MatchingStrategy):
    """Finds the best answer there is for the problem's objective.

    With the objective *cover* it serves as many recipients as can be served, then fills as much of the demand as
    can be filled, then takes the best total score. With *score* it takes the best total, then the most pairs. Equal
    answers are decided by a lottery over the seed and the ids of the pairs. People stay unmatched where no eligible
    partner is left; a pair that may not be matched is never used, and one that scores 0 is used like any other.

    It supports capacities, demands and locked pairs; not minimum loads.

    >>> OptimalMatching().match(MatchingProblem.from_scores([[3, 1], [2, 2]])).total_score
    5.0
    """

    name = "optimal"
    supports = frozenset({Feature.CAPACITY, Feature.DEMAND, Feature.LOCKED, Feature.SCORE})
    claims = frozenset({Claim.OPTIMAL, Claim.COVERING, Claim.MAXIMAL, Claim.ORDER_INDEPENDENT, Claim.FAIR_TIES})

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return the best pairs."""
        demand, capacity, open_pairs = _after_locks(problem)
        if not open_pairs.any():
            return Solution(tuple(sorted(problem.locked)))
        points = np.where(open_pairs, problem.points, 0)
        served = demand < np.array(problem.demand, dtype=np.int64)
        if demand.max(initial=0) <= 1 and not (served & (demand > 0)).any():
            rows = np.flatnonzero(demand)
            keys = problem.lottery_keys()
            gains = _gains(points[rows], open_pairs[rows], capacity, problem.objective)
            match = best_assignment(gains, capacity, (keys[0][rows], keys[1]))
            found = [(int(row), int(column)) for row, column in zip(rows, match, strict=True) if column != ALONE]
        else:
            found = best_network(points, open_pairs, demand, capacity, served, problem)
        pairs = [(problem.recipients[row], problem.providers[column]) for row, column in found]
        return Solution(tuple(sorted([*pairs, *problem.locked])))


def _after_locks(problem: MatchingProblem) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the demand, the capacity and the eligible pairs that the locked pairs leave."""
    taken = Counter(recipient for recipient, _ in problem.locked), Counter(provider for _, provider in problem.locked)
    demand = [wanted - taken[0][person] for person, wanted in zip(problem.recipients, problem.demand, strict=True)]
    capacity = [most - taken[1][person] for person, most in zip(problem.providers, problem.capacity, strict=True)]
    left = np.array(demand, dtype=np.int64), np.array(capacity, dtype=np.int64)
    open_pairs = problem.eligible & (left[0] > 0)[:, None] & (left[1] > 0)[None, :]
    for recipient, provider in problem.locked:
        open_pairs[problem.row[recipient], problem.column[provider]] = False
    return *left, open_pairs


def _gains(
    points: NDArray[np.int64], eligible: NDArray[np.bool_], capacity: NDArray[np.int64], objective: Objective
) -> NDArray[np.int64]:
    """Return a gain above 0 for every eligible pair such that the best total gain is the objective's best answer."""
    most_pairs = max(1, min(points.shape[0], int(capacity.sum())))
    most_points = int(points.max(initial=0))
    refuse_inexact((most_points * (most_pairs + 1) + 1) * most_pairs)
    cover = objective is Objective.COVER
    gains = points + (most_points * most_pairs + 1) if cover else points * (most_pairs + 1) + 1
    return np.where(eligible, gains, 0)
