"""The optimal matching: a capacitated assignment, exact and proven, with ties drawn by lot."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from copy import copy
from os import PathLike
from typing import Any, TypeVar

from devrel.errors import InfeasibleProblem, InvalidValue
from devrel.matching.pricing import Open
from devrel.matching.problem import MatchingProblem
from devrel.matching.sparse.progress import Callback
from devrel.matching.sparse.settings import MEMORY, Settings
from devrel.matching.strategies.assignment import best_assignment
from devrel.matching.strategies.network import best_network, best_within_hours
from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution
from devrel.matching.worth import EXACT

_SMALL = 4_000_000
"""Up to so many pairs, arrays of all of them are the fastest way."""
_BYTES = 25
"""So many bytes a pair takes: whether it is eligible, its points, its gain and one working array."""

HOURS_NOTE = "hours differ: an integer program solved by HiGHS to a relative gap of 0 for each aim; no certificate"


class OptimalMatching(MatchingStrategy):
    """Finds the best answer there is for the problem's objective, and proves it by prices.

    With the objective *cover* it serves as many recipients as can be served, then fills as much of the demand as
    can be filled, then takes the best total score. With *score* it takes the best total, then the most pairs. Equal
    answers are decided by a lottery over the seed and the ids of the pairs. People stay unmatched where no eligible
    partner is left; a pair that may not be matched is never used, and one that scores 0 is used like any other.

    It supports capacities, demands, minimum loads, locked pairs, and hours. Hours that are the same for all become
    heads. Hours that differ make an integer program: HiGHS solves it to a gap of 0, but no prices prove that answer; a
    note says so.

    A problem whose arrays of all pairs would not fit into ``memory_limit``, or would take longer than doing without
    them, is solved without: as good, and proven just as well. Of equal answers the lottery then draws among the pairs
    that were looked at, and those were drawn by lot wherever scores were equal. Only there the other parameters count.
    Install the extra ``scale`` for it: without, it works and takes several times as long.

    Args:
        memory_limit: The bytes that arrays of all pairs may take.
        gap: The share of the total score that the answer may miss; then a ``Bound`` proves how much it can be. As many
            recipients as can be served are served in any case.
        executor: Where blocks of pairs are scored: any ``concurrent.futures.Executor``; None for this thread.
        progress: A function that is told how far it is, as a ``Progress``; True for a bar.
        checkpoint: A folder that keeps each round; the same problem goes on from there after a run that was cut off.

    Raises:
        InvalidValue: For a parameter that is none.

    >>> OptimalMatching().match(MatchingProblem.from_scores([[3, 1], [2, 2]])).total_score
    5.0
    """

    name = "optimal"
    supports = frozenset(
        {Feature.CAPACITY, Feature.DEMAND, Feature.MINIMUM, Feature.LOCKED, Feature.HOURS, Feature.SCORE}
    )

    settings = Settings()
    """How a large problem is solved; a class attribute too, for classes derived from this one."""

    def __init__(
        self,
        *,
        memory_limit: int = MEMORY,
        gap: float = 0.0,
        executor: Executor | None = None,
        progress: Callback | bool | None = None,
        checkpoint: str | PathLike[str] | None = None,
    ) -> None:
        self.settings = Settings(
            memory_limit=memory_limit, gap=gap, executor=executor, progress=progress, checkpoint=checkpoint
        )

    @property
    def claims(self) -> frozenset[Claim]:  # type: ignore[override]
        """What is promised: with a gap, a good answer and not the best one."""
        always = frozenset({Claim.COVERING, Claim.MAXIMAL, Claim.FAIR_TIES})
        return always if self.settings.gap else always | {Claim.OPTIMAL, Claim.ORDER_INDEPENDENT}

    def parameters(self) -> Mapping[str, object]:
        """Return what may change the answer, where it is not as usual."""
        return self.settings.told

    def afterwards(self) -> MatchingStrategy:
        """Return the same without executor, progress and checkpoint, which were for one run."""
        return without_run(self)

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return the best pairs with the prices that prove them."""
        return best(problem, settings=self.settings)


_S = TypeVar("_S", bound=MatchingStrategy)


def without_run(strategy: _S) -> _S:
    """Return a strategy with what lasts of its settings."""
    found = copy(strategy)
    found.settings = strategy.settings.lasting  # type: ignore[attr-defined]
    return found


def best(problem: MatchingProblem, keeping: int = 0, settings: Settings | None = None, start: Any = None) -> Solution:
    """Return the best pairs of a problem, with the proof.

    Args:
        problem: The problem.
        keeping: What an incumbent pair is worth more, in points.
        settings: How a large problem is solved.
        start: Prices of seats to begin with, where the problem is solved without an array of all pairs.
    """
    settings = settings or Settings()
    hours = any(most is not None for most in problem.budget)
    if not problem.worth(keeping).solvable:
        raise InvalidValue("scores", "are too large to be exact for so many people", "divide them by a common factor")
    if hours and not _fits(problem, settings.memory_limit, most=None):
        raise InvalidValue(
            "memory_limit",
            f"is too low for hours that differ: they need arrays of all {problem.shape[0]} by {problem.shape[1]} pairs",
            "raise it, or give all recipients the same hours",
        )
    if hours or _fits(problem, settings.memory_limit):
        return _best_in_arrays(Open.of(problem, keeping), hours=hours)
    from devrel.matching.sparse.rounds import best_at_scale

    found = best_at_scale(problem, keeping, settings, start)
    return Solution(found.pairs, certificate=found.proof, notes=(found.note,))


def _fits(problem: MatchingProblem, limit: int, most: int | None = _SMALL) -> bool:
    """Whether a problem is to be solved with arrays of all pairs: it is small, and they take little memory."""
    rows, columns = problem.shape
    seats = sum(min(places, rows) for places in problem.capacity)
    return (most is None or rows * columns <= most) and _BYTES * rows * columns + 8 * rows * seats <= limit


def _best_in_arrays(open_: Open, *, hours: bool) -> Solution:
    if hours:
        return Solution(best_within_hours(open_), notes=(HOURS_NOTE,))
    due = int(open_.minimum.sum())
    simple = open_.demand.max(initial=0) <= 1 and (not due or open_.worth.greatest * (1 + due) + due < EXACT)
    if open_.minimum.any() and not open_.choices.any():
        raise InfeasibleProblem("the minimum loads cannot be reached: nobody is left who could be matched")
    pairs, proof = best_assignment(open_) if simple or not open_.choices.any() else best_network(open_)
    return Solution(pairs, certificate=proof)
