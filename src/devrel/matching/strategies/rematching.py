"""Rematching: the best answer that changes as little as it can of the one there is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from devrel.errors import InvalidValue
from devrel.matching._numbers import is_number
from devrel.matching.certificate import Certificate, Prices
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.optimal import OptimalMatching, best
from devrel.matching.strategy import Claim, MatchingStrategy, Solution

_MOST = 1_000


class Rematching(MatchingStrategy):
    """Keeps incumbent pairs unless parting them is worth it: breaking one costs ``price``.

    The answer is the best there is for the objective, where every incumbent pair that is kept counts ``price`` more
    than its score. So a pair is broken only if that serves somebody more (objective *cover*), or if the scores rise by
    more than the price of each pair broken. A price above any score keeps every pair that need not be broken for
    coverage. Pairs that may no longer be matched, barred ones among them, are parted in any case. Those who come first
    (``MatchingProblem.priority``: their partner left) are served before others; waiting time counts as a criterion.

    Build the problem with ``MatchingProblem.from_program(..., existing_relationships=..., rematch=True)``, or name
    ``incumbent`` pairs. The same prices prove the answer as prove an optimal one.

    Args:
        price: What breaking a pair costs, in score; 0 does not care for incumbents.

    Raises:
        InvalidValue: For a price that is negative or no number.

    >>> problem = MatchingProblem.from_scores([[8, 9], [9, 8]], incumbent=[("r0", "p0"), ("r1", "p1")])
    >>> [Rematching(price).match(problem).total_score for price in (0, 0.5, 2)]
    [18.0, 18.0, 16.0]
    """

    name = "rematch"
    supports = OptimalMatching.supports

    def __init__(self, price: float = 0.1) -> None:
        if not is_number(price) or not 0 <= price <= _MOST:
            raise InvalidValue(
                "price", f"must be a number from 0 to {_MOST}", "say what breaking a pair costs, in score"
            )
        self.price = price.item() if isinstance(price, np.generic) else price

    @property
    def claims(self) -> frozenset[Claim]:  # type: ignore[override]
        """What is promised: with a price, a pair that is kept may stand in the way of a better total."""
        kept = frozenset({Claim.MAXIMAL, Claim.COVERING, Claim.FAIR_TIES})
        return kept if self.price else kept | {Claim.OPTIMAL, Claim.ORDER_INDEPENDENT}

    def parameters(self) -> Mapping[str, object]:
        """Return the price."""
        return {"price": self.price}

    def disowns(self, problem: MatchingProblem, certificate: Certificate) -> list[str]:
        """Return whether the price that a certificate counts is another one."""
        other = isinstance(certificate, Prices) and certificate.keeping != self._keeping(problem)
        return ["the certificate counts another price of breaking a pair"] if other else []

    def _keeping(self, problem: MatchingProblem) -> int:
        return round(self.price * problem.unit) if problem.incumbent else 0

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return the best pairs, with the prices that prove them and a note on what was kept."""
        solution = best(problem, self._keeping(problem))
        kept = len(problem.incumbent & set(solution.pairs))
        barred = sum(not problem.is_eligible(recipient, provider) for recipient, provider in problem.incumbent)
        note = f"{kept} of {len(problem.incumbent)} incumbent pairs kept, {barred} may no longer be matched"
        return Solution(solution.pairs, certificate=solution.certificate, notes=(*solution.notes, note))
