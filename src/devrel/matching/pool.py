"""One pool of people who are matched among themselves: rules and scores that hold in both directions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from devrel.errors import InvalidValue
from devrel.kinds import Titles
from devrel.matching._given import all_of, scores_of
from devrel.matching.block import Block
from devrel.matching.constraints import Constraint, forbidden_in, forbids_of
from devrel.matching.criteria import Criterion, score_of, scores_in
from devrel.matching.rules import Candidate

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem

PEERS = Titles("peer", "peer")
"""What the people of a pool are called in reasons, as each of them stands on both sides."""


def as_pool(problem: MatchingProblem) -> MatchingProblem:
    """Return a problem with the same people on both sides as that of a pool; nobody's places differ by side."""
    places = tuple(map(min, problem.demand, problem.capacity))
    return problem.with_changes(pool=True, demand=places, capacity=places, preferences=None)


def either_forbids(rules: Iterable[Constraint]) -> list[Constraint]:
    """Return rules that are asked in both directions."""
    return [EitherForbids(rule) for rule in all_of(Constraint, rules)]


def mean_of_both(criteria: Iterable[Criterion]) -> list[Criterion]:
    """Return criteria that give the mean of both directions."""
    return [
        MeanOfBoth(
            rule=one,
            name=one.shown_name,
            weight=one.weight,
            minimum=one.minimum,
            sensitive=one.sensitive,
        )
        for one in all_of(Criterion, criteria)
    ]


def _turned(case: Candidate) -> Candidate:
    return Candidate(
        case.provider,
        case.recipient,
        case.organization,
        case.provider_enrollment,
        case.recipient_enrollment,
        case.today,
    )


@frozen
class EitherForbids(Constraint):
    """Forbids a pair that a rule forbids in one of the two directions.

    Attributes:
        rule: The rule.
    """

    name = "either-forbids"

    rule: Constraint

    def forbids(self, case: Candidate) -> bool:
        """Whether the pair must not be matched."""
        return forbids_of(self.rule, case) or forbids_of(self.rule, _turned(case))

    def block(self, block: Block) -> NDArray[np.bool_]:
        """Return where it forbids."""
        found: NDArray[np.bool_] = forbidden_in(self.rule, block) | forbidden_in(self.rule, block.turned).T
        return found

    def title(self, titles: Titles) -> str:
        """Return what the rule demands."""
        return self.rule.title(titles)

    def reason(self, case: Candidate, titles: Titles) -> str:
        """Return what the rule says, of the direction in which it forbids."""
        return self.rule.reason(case if forbids_of(self.rule, case) else _turned(case), titles)


@frozen
class MeanOfBoth(Criterion):
    """Scores a pair by the mean of what a criterion gives in the two directions; the lower where it must be met.

    Attributes:
        rule: The criterion.
    """

    rule: Criterion = field(kw_only=True)

    def score(self, case: Candidate) -> float:
        """Return how good the pair is."""
        there, back = score_of(self.rule, case), score_of(self.rule, _turned(case))
        return min(there, back) if self.must else (there + back) / 2

    def block(self, block: Block) -> NDArray[np.float64]:
        """Return the scores."""
        there, back = scores_in(self.rule, block), scores_in(self.rule, block.turned).T
        found: NDArray[np.float64] = np.minimum(there, back) if self.must else (there + back) / 2
        return found

    def title(self, titles: Titles) -> str:
        """Return what the criterion demands."""
        return self.rule.title(titles)


def square(scores: ArrayLike) -> NDArray[Any]:
    """Return the scores of a pool: in each row what somebody gives to the others.

    Raises:
        InvalidValue: For an array that is not square.
    """
    array = scores_of(scores)
    if array.shape != (len(array), len(array)):
        raise InvalidValue("scores", "must be square for a pool: everybody down and everybody across")
    return array.astype(np.int64 if np.issubdtype(array.dtype, np.integer) else np.float64)


def both_ways(allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which two people may be matched: where both directions are allowed, and nobody with herself."""
    found: NDArray[np.bool_] = allowed & allowed.T
    np.fill_diagonal(found, val=False)
    return found
