"""The optimal matching: a capacitated assignment, exact and proven, with ties drawn by lot."""

from __future__ import annotations

from devrel.errors import InvalidValue
from devrel.matching.pricing import Open
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.assignment import best_assignment
from devrel.matching.strategies.network import best_network, best_within_hours
from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution
from devrel.matching.worth import EXACT

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

    >>> OptimalMatching().match(MatchingProblem.from_scores([[3, 1], [2, 2]])).total_score
    5.0
    """

    name = "optimal"
    supports = frozenset(
        {Feature.CAPACITY, Feature.DEMAND, Feature.MINIMUM, Feature.LOCKED, Feature.HOURS, Feature.SCORE}
    )
    claims = frozenset({Claim.OPTIMAL, Claim.COVERING, Claim.MAXIMAL, Claim.ORDER_INDEPENDENT, Claim.FAIR_TIES})

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return the best pairs with the prices that prove them."""
        return best(problem)


def best(problem: MatchingProblem, keeping: int = 0) -> Solution:
    """Return the best pairs of a problem whose incumbent pairs are worth ``keeping`` points more, with the proof."""
    open_ = Open.of(problem, keeping)
    if not open_.worth.solvable:
        raise InvalidValue("scores", "are too large to be exact for so many people", "divide them by a common factor")
    if any(most is not None for most in problem.budget):
        return Solution(best_within_hours(open_), notes=(HOURS_NOTE,))
    due = int(open_.minimum.sum())
    simple = open_.demand.max(initial=0) <= 1 and (not due or open_.worth.greatest * (1 + due) + due < EXACT)
    pairs, proof = best_assignment(open_) if simple or not open_.choices.any() else best_network(open_)
    return Solution(pairs, certificate=proof)
