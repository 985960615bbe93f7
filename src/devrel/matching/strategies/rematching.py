"""Rematching: the best answer that changes as little as it can of the one there is."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from hashlib import blake2b
from numbers import Integral
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from devrel.errors import InvalidValue
from devrel.matching._numbers import is_number
from devrel.matching.certificate import FAR, Bound, Certificate, Prices
from devrel.matching.problem import MatchingProblem
from devrel.matching.sparse.progress import Callback
from devrel.matching.sparse.settings import MEMORY, Settings
from devrel.matching.strategies.optimal import OptimalMatching, best, without_run
from devrel.matching.strategy import Claim, MatchingStrategy, Solution

if TYPE_CHECKING:
    from devrel.matching.result import Matching

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

    A large problem is solved as ``OptimalMatching`` does it, and the other parameters are those. What seats were worth
    in the last answer (``Matching.seat_prices``) is a good beginning: the nearer the answer is to the last one, the
    sooner it is found. Which answer is found does not depend on it, but for the lot among equal ones.

    Args:
        price: What breaking a pair costs, in score; 0 does not care for incumbents.
        start: What seats were worth before, by the id of the provider; or the matching that tells.
        memory_limit: The bytes that arrays of all pairs may take.
        gap: The share of the total score, kept pairs counted with their price, that the answer may miss.
        executor: Where blocks of pairs are scored; None for this thread.
        progress: A function that is told how far it is, True for a bar, or None.
        checkpoint: A folder that keeps each round.

    Raises:
        InvalidValue: For a price that is negative or no number, and for another parameter that is none.

    >>> problem = MatchingProblem.from_scores([[8, 9], [9, 8]], incumbent=[("r0", "p0"), ("r1", "p1")])
    >>> [Rematching(price).match(problem).total_score for price in (0, 0.5, 2)]
    [18.0, 18.0, 16.0]
    """

    name = "rematch"
    settings = Settings()
    start: Mapping[str, int] = MappingProxyType({})
    supports = OptimalMatching.supports

    def __init__(
        self,
        price: float = 0.1,
        *,
        start: Matching | Mapping[str, int] | None = None,
        memory_limit: int = MEMORY,
        gap: float = 0.0,
        executor: Executor | None = None,
        progress: Callback | bool | None = None,
        checkpoint: str | PathLike[str] | None = None,
    ) -> None:
        if not is_number(price) or not 0 <= price <= _MOST:
            raise InvalidValue(
                "price", f"must be a number from 0 to {_MOST}", "say what breaking a pair costs, in score"
            )
        self.price = price.item() if isinstance(price, np.generic) else price
        self.start = _prices(start)
        self.settings = Settings(
            memory_limit=memory_limit, gap=gap, executor=executor, progress=progress, checkpoint=checkpoint
        )

    @property
    def claims(self) -> frozenset[Claim]:  # type: ignore[override]
        """What is promised: with a price, a pair that is kept may stand in the way of a better total."""
        kept = frozenset({Claim.MAXIMAL, Claim.COVERING, Claim.FAIR_TIES})
        return kept if self.price or self.settings.gap else kept | {Claim.OPTIMAL, Claim.ORDER_INDEPENDENT}

    def parameters(self) -> Mapping[str, object]:
        """Return the price, and what else may change the answer, where it is not as usual."""
        begun = {"start": _digest(self.start)} if self.start else {}
        return {"price": self.price, **begun, **self.settings.told}

    def disowns(self, problem: MatchingProblem, certificate: Certificate) -> list[str]:
        """Return whether the price that a certificate counts is another one."""
        other = isinstance(certificate, Prices | Bound) and certificate.keeping != self._keeping(problem)
        return ["the certificate counts another price of breaking a pair"] if other else []

    def _keeping(self, problem: MatchingProblem) -> int:
        return round(self.price * problem.unit) if problem.incumbent else 0

    def _start(self, problem: MatchingProblem) -> NDArray[np.int64] | None:
        """Return what seats were worth; of providers who are new, as much as of most others."""
        known = [self.start[one] for one in problem.providers if one in self.start]
        if not known:
            return None
        usual = int(np.median(np.array(known, dtype=np.int64)))
        told = np.array([self.start.get(one, usual) for one in problem.providers], dtype=np.int64)
        return problem.worth(self._keeping(problem)).own(told)

    def afterwards(self) -> MatchingStrategy:
        """Return the same without executor, progress and checkpoint, which were for one run."""
        return without_run(self)

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return the best pairs, with the prices that prove them and a note on what was kept."""
        solution = best(problem, self._keeping(problem), self.settings, self._start(problem))
        parted = problem.incumbent - set(solution.pairs)
        kept = len(problem.incumbent) - len(parted)
        barred = sum(not problem.is_eligible(recipient, provider) for recipient, provider in parted)
        note = f"{kept} of {len(problem.incumbent)} incumbent pairs kept, {barred} may no longer be matched"
        return Solution(solution.pairs, certificate=solution.certificate, notes=(*solution.notes, note))


def _prices(given: Any) -> Mapping[str, int]:
    told = getattr(given, "seat_prices", given)
    if told is None:
        return {}
    whole = isinstance(told, Mapping) and all(
        isinstance(one, str) and isinstance(price, Integral) and abs(int(price)) < FAR for one, price in told.items()
    )
    if not whole:
        raise InvalidValue(
            "start", "must be a matching, or whole numbers by the ids of providers", "give what seat_prices gave"
        )
    return {one: int(price) for one, price in told.items()}


def _digest(prices: Mapping[str, int]) -> str:
    told = blake2b(repr(sorted(prices.items())).encode(), digest_size=8).hexdigest()
    return f"{len(prices)} prices of seats, {told}"
