"""Where the scores of a problem come from: people judged by rules, or a plain array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel.kinds import Titles
from devrel.matching.constraints import Constraint, NotSelf, forbidden_in
from devrel.matching.criteria import Criterion, score_of, scores_in
from devrel.matching.roster import Block
from devrel.matching.rules import Candidate

UNIT = 1_000_000
"""A score of 1 in points. Scores are whole points, so that sums are exact."""

_MOST_PAIRS = 4_000_000


@frozen
class Part:
    """What one criterion gives to a pair's score.

    Attributes:
        name: The criterion's name.
        points: Its part, in points.
        most: What it could have given at most.
        sensitive: Whether it must not be shown.
    """

    name: str
    points: int = field(repr=False)
    most: int = field(repr=False)
    sensitive: bool = False


class PairTable(Protocol):
    """What a matching problem asks of the source of its scores. Positions count from 0 in the order of sorted ids."""

    @property
    def unit(self) -> int:
        """The points of a score of 1."""

    def judged(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which pairs are eligible and the points of all, as (recipients, providers) arrays."""

    def eligible_pair(self, recipient: int, provider: int) -> bool:
        """Whether a pair is eligible, asked of the rules one by one."""

    def parts(self, recipient: int, provider: int) -> tuple[Part, ...]:
        """Return the parts of a pair's score."""

    def removals(
        self, rows: Sequence[int], columns: Sequence[int]
    ) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
        """Return, for some recipients and some providers, how many candidates each rule removes."""


@frozen(eq=False)
class RuleTable:
    """Scores from people, constraints and criteria.

    Attributes:
        block: All recipients against all providers.
        constraints: What forbids; that nobody is matched with herself goes without saying.
        criteria: What scores, or must be met.
        titles: The kind's words, for the names of the rules.
    """

    block: Block
    constraints: tuple[Constraint, ...]
    criteria: tuple[Criterion, ...]
    titles: Titles
    public: Block = field(init=False)

    @public.default
    def _public(self) -> Block:
        """The block without sensitive attributes: all that rules see that do not say they are sensitive."""
        everybody = self.block.organization
        if not any(person.sensitive for person in everybody):
            return self.block
        return Block(
            [person.public for person in self.block.recipients],
            [person.public for person in self.block.providers],
            everybody.public,
        )

    @property
    def unit(self) -> int:
        """The points of a score of 1."""
        return UNIT

    @property
    def scored(self) -> tuple[tuple[Criterion, int], ...]:
        """The criteria that score, each with the most points it can give; together they make ``UNIT``."""
        scoring = [criterion for criterion in self.criteria if not criterion.must]
        return tuple(zip(scoring, apportion([criterion.points for criterion in scoring], UNIT), strict=True))

    def judged(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which pairs are eligible and the points of all."""
        eligible = np.ones(self.block.shape, dtype=np.bool_)
        points = np.zeros(self.block.shape, dtype=np.int64)
        for start, stop in self._slices():
            rows = range(start, stop)
            part, full = self.public.take(rows), self.block.take(rows)
            eligible[start:stop] = ~forbidden_in(NotSelf(), part)
            for _, mask in self._removed(part):
                eligible[start:stop] &= ~mask
            for criterion, most in self.scored:
                seen = full if criterion.sensitive else part
                points[start:stop] += np.rint(most * scores_in(criterion, seen)).astype(np.int64)
        return eligible, points

    def eligible_pair(self, recipient: int, provider: int) -> bool:
        """Whether a pair is eligible, by the pair functions alone."""
        case = self._case(recipient, provider)
        return not any(constraint.forbids(case) for constraint in (NotSelf(), *self.constraints)) and all(
            score_of(criterion, case) >= criterion.minimum for criterion in self.criteria if criterion.must
        )

    def parts(self, recipient: int, provider: int) -> tuple[Part, ...]:
        """Return the parts of a pair's score, by the pair functions alone."""
        public, full = self._case(recipient, provider), self._case(recipient, provider, self.block)
        return tuple(
            Part(
                criterion.shown_name,
                round(most * score_of(criterion, full if criterion.sensitive else public)),
                most,
                criterion.sensitive,
            )
            for criterion, most in self.scored
        )

    def removals(
        self, rows: Sequence[int], columns: Sequence[int]
    ) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
        """Return how many candidates each rule removes, for some recipients and some providers."""
        by_row: list[dict[str, int]] = [{} for _ in rows]
        by_column: list[dict[str, int]] = [{} for _ in columns]
        place = {row: i for i, row in enumerate(rows)}
        for start, stop in self._slices():
            here = range(start, stop) if columns else [row for row in rows if start <= row < stop]
            part = self.public.take(here)
            for title, mask in self._removed(part):
                for row, count in zip(here, mask.sum(axis=1).tolist(), strict=True):
                    if row in place and count:
                        by_row[place[row]][title] = count
                for counts, count in zip(by_column, mask[:, list(columns)].sum(axis=0).tolist(), strict=True):
                    if count:
                        counts[title] = counts.get(title, 0) + count
        return by_row, by_column

    def _removed(self, part: Block) -> list[tuple[str, NDArray[np.bool_]]]:
        """Where each rule removes a pair; a person and herself are no pair to begin with."""
        others = ~forbidden_in(NotSelf(), part)
        forbidden = [(rule.title(self.titles), forbidden_in(rule, part) & others) for rule in self.constraints]
        unmet = [
            (rule.title(self.titles), (scores_in(rule, part) < rule.minimum) & others)
            for rule in self.criteria
            if rule.must
        ]
        masks: dict[str, NDArray[np.bool_]] = {}
        for title, mask in (*forbidden, *unmet):
            masks[title] = masks[title] | mask if title in masks else mask
        return list(masks.items())

    def _slices(self) -> list[tuple[int, int]]:
        rows, columns = self.block.shape
        step = max(1, _MOST_PAIRS // max(columns, 1))
        return [(start, min(start + step, rows)) for start in range(0, rows, step)]

    def _case(self, recipient: int, provider: int, block: Block | None = None) -> Candidate:
        seen = block or self.public
        return Candidate(seen.recipients[recipient], seen.providers[provider], seen.organization)


@frozen(eq=False)
class ScoreTable:
    """Scores from a plain array.

    Attributes:
        points: The points, (recipients, providers).
        eligible: Which pairs may be matched.
        unit: The points of a score of 1.
        most: The most points of any pair.
    """

    points: NDArray[np.int64]
    eligible: NDArray[np.bool_]
    unit: int
    most: int = field(init=False)

    @most.default
    def _most(self) -> int:
        return int(self.points.max(initial=0))

    def judged(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which pairs are eligible and the points of all."""
        return self.eligible, self.points

    def eligible_pair(self, recipient: int, provider: int) -> bool:
        """Whether a pair is eligible."""
        return bool(self.eligible[recipient, provider])

    def parts(self, recipient: int, provider: int) -> tuple[Part, ...]:
        """Return the one part there is."""
        return (Part("score", int(self.points[recipient, provider]), self.most),)

    def removals(
        self, rows: Sequence[int], columns: Sequence[int]
    ) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
        """Return no rules: an array does not say why a pair may not be matched."""
        return [{} for _ in rows], [{} for _ in columns]


def apportion(weights: Sequence[float], total: int) -> list[int]:
    """Split ``total`` in the proportion of ``weights`` into whole numbers that add up exactly (largest remainder).

    >>> apportion([5, 3, 3], 100)
    [46, 27, 27]
    """
    if not weights:
        return []
    exact = [weight / sum(weights) * total for weight in weights]
    whole = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (whole[i] - exact[i], i))
    for i in order[: total - sum(whole)]:
        whole[i] += 1
    return whole
