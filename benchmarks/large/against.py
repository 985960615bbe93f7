"""The measuring children that solve a row in other ways: SciPy on an array of seats, OR-tools on all pairs, greedy.

Called with the way and the numbers of recipients and of providers. Making the arrays is told apart from solving. Prints
what it took as JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from crowd import generated, problem_of
from watching import clock, peak, tell

from devrel.matching import GreedyMatching, MatchingProblem

Answer = tuple[Any, Any]


def dense(problem: MatchingProblem) -> Callable[[], Answer]:
    """Return the work of SciPy's dense solver: an array with a column for each seat, 0 where a pair is forbidden."""
    from scipy.optimize import linear_sum_assignment

    eligible, points = problem.eligible, problem.points
    owner = np.repeat(np.arange(problem.shape[1]), problem.capacity)
    gains = np.where(eligible, points + problem.worth().first[:, None], 0)[:, owner].astype(np.float64)

    def solve() -> Answer:
        rows, seats = linear_sum_assignment(gains, maximize=True)
        return _allowed(problem, rows, owner[seats])

    return solve


def flow(problem: MatchingProblem) -> Callable[[], Answer]:
    """Return the work of OR-tools: a flow of least cost through all eligible pairs."""
    from solvers import Pairs, ortools

    rows, columns = np.nonzero(problem.eligible)
    gains = problem.points[rows, columns] + problem.worth().first[rows]
    capacity = np.array(problem.capacity)

    def solve() -> Answer:
        chosen = ortools(Pairs(rows, columns, gains, capacity, len(problem.recipients)))
        return rows[chosen], columns[chosen]

    return solve


def greedy(problem: MatchingProblem) -> Callable[[], Answer]:
    """Return the work of the greedy matching."""
    assert problem.points.shape == problem.eligible.shape  # made beforehand, as the arrays of the others are

    def solve() -> Answer:
        pairs = GreedyMatching().solve(problem)
        return np.array([problem.row[r] for r, _ in pairs]), np.array([problem.column[p] for _, p in pairs])

    return solve


def _allowed(problem: MatchingProblem, rows: Any, columns: Any) -> Answer:
    kept = problem.eligible[rows, columns]
    return rows[kept], columns[kept]


WAYS = {"dense": dense, "flow": flow, "greedy": greedy}


def main(way: str, recipients: int, providers: int) -> None:
    """Measure one way."""
    problem = problem_of(generated(recipients, providers))
    arrays, solve = clock(lambda: WAYS[way](problem))
    seconds, (rows, columns) = clock(solve)
    served, total = len(np.unique(rows)), int(problem.points[rows, columns].sum())
    tell(arrays=arrays, seconds=seconds, served=served, total=total, peak=peak())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
