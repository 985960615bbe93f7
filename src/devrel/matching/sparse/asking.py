"""What is asked of a problem's pairs: its plan, and the questions that a plan answers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from devrel.errors import InvalidValue
from devrel.matching.problem import MatchingProblem
from devrel.matching.sparse.fused import Fused, Places, Whole
from devrel.matching.sparse.fusing import fused_of
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.scan import LOW, Question


def plan_of(problem: MatchingProblem) -> tuple[Fused, Plan]:
    """Return a problem's rules ready for the pass over all pairs; made once for each problem."""
    found: tuple[Fused, Plan] = problem._once("plan", lambda: _laid_out(problem))
    return found


def laid_out(problem: MatchingProblem) -> Plan:
    """Return a problem's people and rules as arrays, ready for ``score_block``.

    >>> laid_out(MatchingProblem.from_scores([[3, 1], [2, 2]])).shape
    (2, 2)
    """
    return plan_of(problem)[1]


def best_pairs(problem: MatchingProblem, most: int, prices: Mapping[str, int] | None = None) -> Question:
    """Return the question for the best pairs of each recipient, among those that may be matched.

    Pairs that a criterion scores one by one, such as those who named each other, are left out: they are few, and
    ``MatchingProblem.parts`` tells of them.

    Args:
        problem: The problem whose plan is asked.
        most: So many pairs of each recipient are named.
        prices: What a seat costs, by the id of the provider, as told by ``Matching.seat_prices``; nothing unless given.

    Raises:
        InvalidValue: For a number below 1.

    >>> from devrel.matching.sparse import score_block
    >>> problem = MatchingProblem.from_scores([[3, 1], [2, 5]])
    >>> found = score_block(laid_out(problem), best_pairs(problem, 1), 0, 2)
    >>> found.rows.tolist(), found.columns.tolist(), found.points.tolist()
    ([0, 1], [0, 1], [3, 5])
    """
    if most < 1:
        raise InvalidValue("most", "must be at least 1")
    fused, plan = plan_of(problem)
    worth, bar = problem.worth(), np.full(plan.shape[0], LOW)
    told = np.array([(prices or {}).get(one, 0) for one in problem.providers], dtype=np.int64)
    seats = worth.own(told)[plan.columns]
    return Question(most, bar, seats, worth.scale, worth.each, *skips(plan, fused))


def _laid_out(problem: MatchingProblem) -> tuple[Fused, Plan]:
    fused = fused_of(problem)
    return fused, Plan.of(fused)


def skips(plan: Plan, fused: Fused, *more: tuple[Places, Places]) -> tuple[Whole, Whole]:
    """Return the pairs that a pass leaves out, for each recipient: marks, what is apart, and ``more``."""
    rows, columns = (np.concatenate(side) for side in zip(fused.marks, fused.apart, *more, strict=True))
    at = plan.place[columns]
    width = max(1, plan.shape[1])
    keys = np.sort(rows[at >= 0] * width + at[at >= 0])
    begins = np.searchsorted(keys, np.arange(plan.shape[0] + 1) * width)
    return begins.astype(np.int64), (keys % width).astype(np.int64)
