"""The matching of peers: pairs or circles from one pool."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from devrel.errors import InvalidValue
from devrel.matching.certificate import Certificate
from devrel.matching.groups import Balance, CircleBound
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.blossom import best_pairs
from devrel.matching.strategies.circles import Pool, in_words
from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution

_RANGE = re.compile(r"(\d+)\s*(?:-|–|to)\s*(\d+)")
_MOST_STARTS = 1_000
_OF_PAIRS = frozenset({Claim.OPTIMAL, Claim.COVERING, Claim.MAXIMAL, Claim.ORDER_INDEPENDENT, Claim.FAIR_TIES})


class PeerMatching(MatchingStrategy):
    """Matches the people of one pool: in pairs, or in circles of a given size.

    **Pairs** are the best there are: with the objective *cover* as many people as can be have a partner, then the total
    score is the best; with *score* the total, then the number of pairs. It is a matching of greatest weight in a
    general graph (Edmonds 1965). With the extra ``peers`` it is solved in whole numbers and exact; without it an
    integer program is solved to the tolerances of the solver, which the notes say. Equal answers are decided by a
    lottery over the seed and the ids. There is no certificate.

    **Circles** come from a heuristic: a start drawn by lot, then exchanges of two people as long as one makes it
    better, from several starts. As many people as fit into circles of the sizes are placed first, if that is found;
    then the sum of the scores inside the circles counts. ``CircleBound`` checks sizes and balance and holds a bound
    that no such circles exceed; the notes say how near to it the answer is.

    The problem is one of a pool (``MatchingProblem.from_pool``). Everybody takes one place at most. Locked pairs are
    kept when there are no circles to make.

    Args:
        size: The smallest and the largest size of a circle, as two numbers or as ``"4-6"``; None for pairs.
        balance: How each circle must be mixed: ``Balance`` or words such as ``"department at most 2"``, one or several.
        starts: From how many starts the exchanges begin.

    Raises:
        InvalidValue: For sizes that are none, a balance that is not understood, or one without a size.

    >>> pool = MatchingProblem.from_pool(scores=[[0, 9, 1, 1], [9, 0, 8, 1], [1, 8, 0, 1], [1, 1, 1, 0]])
    >>> PeerMatching().match(pool).ids
    (('p0', 'p1'), ('p2', 'p3'))
    """

    name = "peers"
    supports = frozenset({Feature.POOL, Feature.LOCKED, Feature.SCORE})

    def __init__(
        self,
        size: str | Sequence[int] | None = None,
        balance: Balance | str | Iterable[Balance | str] = (),
        starts: int = 8,
    ) -> None:
        self.size = None if size is None else _sizes(size)
        given = [balance] if isinstance(balance, Balance | str) else list(balance)
        self.balance = tuple(Balance.of(one) for one in given)
        if self.balance and self.size is None:
            raise InvalidValue("balance", "is for circles", "give their size as well")
        self.starts = _starts(starts)

    @property
    def claims(self) -> frozenset[Claim]:  # type: ignore[override]
        """What is promised of pairs; of circles nothing but what their bound says."""
        return _OF_PAIRS if self.size is None else frozenset()

    def parameters(self) -> Mapping[str, object]:
        """Return the size, None for pairs, the balance in words and the number of starts."""
        size = None if self.size is None else "{}-{}".format(*self.size)
        return {"size": size, "balance": tuple(map(str, self.balance)), "starts": self.starts}

    def disowns(self, problem: MatchingProblem, certificate: Certificate) -> list[str]:
        """Return whether a bound is for other sizes or another balance."""
        if not isinstance(certificate, CircleBound):
            return super().disowns(problem, certificate)
        same = ((certificate.least, certificate.most), certificate.balances) == (self.size, self.balance)
        return [] if same else ["the bound is for circles of other sizes or another balance"]

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return the pairs or the circles."""
        if not problem.pool:
            raise InvalidValue("problem", "has two sides", "build it with MatchingProblem.from_pool")
        if self.size is None:
            pairs, note = best_pairs(problem)
            return Solution(pairs, notes=(note,))
        if problem.locked:
            raise InvalidValue("locked", "pairs cannot be kept in circles", "unlock them, or match in pairs")
        least, most = self.size
        groups = Pool.of(problem, least, most, self.balance).best(self.starts)
        proof = CircleBound.of(problem, self.size, self.balance, groups)
        placed = f"{sum(map(len, groups))} of {len(problem.recipients)} people placed in {len(groups)} circles"
        return Solution((), groups, proof, (placed, in_words(problem, groups, proof.bound)))


def _starts(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= _MOST_STARTS:
        raise InvalidValue("starts", f"must be a whole number from 1 to {_MOST_STARTS}", "say how many starts to try")
    return given


def _sizes(given: str | Sequence[int]) -> tuple[int, int]:
    told = _RANGE.fullmatch(given.strip()) if isinstance(given, str) else None
    numbers: object = [int(number) for number in told.groups()] if told else given
    match numbers:
        case [int() as least, int() as most] if 2 <= least <= most:
            return least, most
    raise InvalidValue("size", "must be two whole numbers of at least 2, the smaller first", "say size='4-6'")
