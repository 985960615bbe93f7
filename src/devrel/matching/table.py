"""Where the scores of a problem come from: people judged by rules, or a plain array."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from devrel._records import read_only
from devrel.kinds import Titles
from devrel.matching.block import Block
from devrel.matching.constraints import Constraint, NotSelf, failing, forbidden_in, forbids_each, forbids_of
from devrel.matching.criteria import Criterion, score_each, score_of, scores_in
from devrel.matching.rules import Candidate

UNIT = 1_000_000
"""A score of 1 in points, roughly: what criteria give is rounded. Scores are whole points, so that sums are exact."""

Places = NDArray[np.intp]
"""Positions of people."""

_MOST_PAIRS = 4_000_000
_CACHED_PAIRS = 1 << 17
"""So many pairs are judged at once, that the arrays of a block stay in the processor's cache."""


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

    @property
    def greatest(self) -> int:
        """A number of points that no pair has more of."""

    @property
    def private(self) -> bool:
        """Whether a part of the scores must not be shown."""

    def judged(self, start: int, stop: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which pairs of some recipients are eligible, and the points of all, as (rows, providers) arrays."""

    def judged_at(self, rows: Places, columns: Places) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return the same for some recipients and some providers alone, as (rows, columns) arrays."""

    def forbidden_by(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return the titles of the rules that forbid a pair, asked one by one; nothing where it is eligible."""

    def reasons(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return why a pair is forbidden, a part of a sentence for each rule that forbids it."""

    def parts(self, recipient: int, provider: int) -> tuple[Part, ...]:
        """Return the parts of a pair's score."""

    def removals(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[list[Removals], list[Removals]]:
        """Return, for some recipients and some providers, what each rule removes."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The titles of the rules that can be lifted."""

    def lifting(self, rule: str) -> PairTable:
        """Return the table without the rule of that title."""


@frozen(eq=False)
class Removals:
    """What the rules leave one person of her candidates.

    Attributes:
        removed: How many candidates each rule removes, by its title; a candidate may be removed by several.
        nearest: The titles of the fewest rules without which somebody would be eligible; empty where nobody is there
            or somebody is eligible already.
    """

    removed: Mapping[str, int] = field(converter=read_only)
    nearest: tuple[str, ...] = ()


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
        return self.block.public

    @property
    def unit(self) -> int:
        """The points of a score of 1: what all criteria give together at most."""
        return self.greatest or UNIT

    @cached_property
    def scored(self) -> tuple[tuple[Criterion, int], ...]:
        """The criteria that score, each with the most points it can give; about ``UNIT`` together."""
        scoring = [criterion for criterion in self.criteria if not criterion.must]
        return tuple(zip(scoring, shares([criterion.points for criterion in scoring]), strict=True))

    @cached_property
    def greatest(self) -> int:
        """A number of points that no pair has more of."""
        return sum(most for _, most in self.scored)

    @property
    def private(self) -> bool:
        """Whether a criterion that scores is sensitive."""
        return any(criterion.sensitive for criterion, _ in self.scored)

    def judged(self, start: int, stop: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which pairs of some recipients are eligible, and the points of all."""
        shape = stop - start, self.block.shape[1]
        eligible, points = np.empty(shape, dtype=np.bool_), np.empty(shape, dtype=np.int64)
        step = max(1, _CACHED_PAIRS // max(shape[1], 1))
        for first in range(start, stop, step):
            rows = range(first, min(first + step, stop))
            here = slice(first - start, rows.stop - start)
            eligible[here], points[here] = self._judged(rows)
        return eligible, points

    def _judged(self, rows: Sequence[int]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        part, full = self.public.take(rows), self.block.take(rows)
        return self._judged_in(part, full)

    def judged_at(self, rows: Places, columns: Places) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return the same for some recipients and some providers."""
        eligible = np.empty((len(rows), len(columns)), dtype=np.bool_)
        points = np.empty(eligible.shape, dtype=np.int64)
        for here in _steps(len(rows), len(columns), _CACHED_PAIRS):
            part, full = self.public.at(rows[here], columns), self.block.at(rows[here], columns)
            eligible[here], points[here] = self._judged_in(part, full)
        return eligible, points

    def _judged_in(self, part: Block, full: Block) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        forbidden = forbidden_in(NotSelf(), part)
        for _, mask in self._removed(part):
            forbidden = forbidden | mask
        points = np.zeros(part.shape)
        for criterion, most in self.scored:
            given = scores_in(criterion, full if criterion.sensitive else part) * most
            points += np.rint(given, out=given)  # whole numbers far below 2**53: the sum is exact
        return ~forbidden, points

    def forbidden_by(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return the titles of the rules that forbid a pair, by the pair functions alone."""
        return self.forbidding([self._case(recipient, provider)])[0]

    def forbidding(self, cases: Sequence[Candidate]) -> list[tuple[str, ...]]:
        """Return the same for each of some pairs of the block without sensitive attributes."""
        found: list[list[str]] = [[] for _ in cases]
        for title, answers in self._answers(cases):
            for broken in (titles for titles, forbids in zip(found, answers, strict=True) if forbids):
                broken.append(title)
        return [tuple(dict.fromkeys(titles)) for titles in found]

    def _answers(self, cases: Sequence[Candidate]) -> Iterator[tuple[str, list[bool]]]:
        for rule in self._rules:
            yield rule.title(self.titles), forbids_each(rule, cases)
        for must in self._musts:
            yield must.title(self.titles), [score < must.minimum for score in score_each(must, cases)]

    def reasons(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return why a pair is forbidden, in the words of each rule that forbids it."""
        case = self._case(recipient, provider)
        broken = [rule.reason(case, self.titles) for rule in self._rules if forbids_of(rule, case)]
        return tuple(dict.fromkeys([*broken, *map(failing, self._unmet(case))]))

    @cached_property
    def _rules(self) -> tuple[Constraint, ...]:
        return NotSelf(), *self.constraints

    def _unmet(self, case: Candidate) -> list[str]:
        return [rule.title(self.titles) for rule in self._musts if score_of(rule, case) < rule.minimum]

    @cached_property
    def _musts(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.must)

    @property
    def rules(self) -> tuple[str, ...]:
        """The titles of the constraints and of the criteria that must be met."""
        titles = [rule.title(self.titles) for rule in self.constraints]
        return tuple(dict.fromkeys([*titles, *(rule.title(self.titles) for rule in self._musts)]))

    def lifting(self, rule: str) -> RuleTable:
        """Return the table without the rule of that title; a criterion that must be met is neither met nor scored."""
        constraints = tuple(one for one in self.constraints if one.title(self.titles) != rule)
        criteria = tuple(one for one in self.criteria if not (one.must and one.title(self.titles) == rule))
        return evolve(self, constraints=constraints, criteria=criteria)

    def reweighted(self, weights: Mapping[str, float]) -> RuleTable:
        """Return the table with other weights, by the names of criteria that score."""
        criteria = [evolve(one, weight=weights.get(one.shown_name, one.weight)) for one in self.criteria]
        return evolve(self, criteria=tuple(criteria))

    def parts(self, recipient: int, provider: int) -> tuple[Part, ...]:
        """Return the parts of a pair's score, by the pair functions alone."""
        case = self._case(recipient, provider)
        (points,) = self.scoring([case], [self._case(recipient, provider, self.block)] if self.private else [case])
        return tuple(self.part(number, given) for number, given in enumerate(points))

    def scoring(self, public: Sequence[Candidate], full: Sequence[Candidate]) -> list[tuple[int, ...]]:
        """Return the points that each criterion gives each of some pairs; sensitive ones see all of them."""
        columns = [
            [round(most * score) for score in score_each(criterion, full if criterion.sensitive else public)]
            for criterion, most in self.scored
        ]
        return list(zip(*columns, strict=True)) if columns else [()] * len(public)

    def part(self, number: int, points: int) -> Part:
        """Return the part of a score that the criterion of that number gives."""
        criterion, most = self.scored[number]
        return Part(criterion.shown_name, points, most, criterion.sensitive)

    def removals(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[list[Removals], list[Removals]]:
        """Return what each rule removes, for some recipients and some providers."""
        tallies = _Tally(len(rows)), _Tally(len(columns))
        people = np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp)
        for here in _steps(len(rows), self.block.shape[1], _MOST_PAIRS):
            part = self.public.at(people[0][here])
            tallies[0].add(range(here.start, here.stop), self._removed(part), ~forbidden_in(NotSelf(), part))
        everybody = np.arange(self.block.shape[0])
        for here in _steps(len(columns), self.block.shape[0], _MOST_PAIRS):
            part = self.public.at(everybody, people[1][here])
            masks = [(title, mask.T) for title, mask in self._removed(part)]
            tallies[1].add(range(here.start, here.stop), masks, ~forbidden_in(NotSelf(), part).T)
        return tallies[0].told(), tallies[1].told()

    def _removed(self, part: Block) -> list[tuple[str, NDArray[np.bool_]]]:
        """Where each rule removes a pair; a person and herself are no pair to begin with."""
        others = ~forbidden_in(NotSelf(), part)
        forbidden = [(rule.title(self.titles), forbidden_in(rule, part) & others) for rule in self.constraints]
        unmet = [(rule.title(self.titles), (scores_in(rule, part) < rule.minimum) & others) for rule in self._musts]
        masks: dict[str, NDArray[np.bool_]] = {}
        for title, mask in (*forbidden, *unmet):
            masks[title] = masks[title] | mask if title in masks else mask
        return list(masks.items())

    def _case(self, recipient: int, provider: int, block: Block | None = None) -> Candidate:
        return (block or self.public).case(recipient, provider)


def _steps(people: int, others: int, pairs: int) -> list[slice]:
    """Return slices of people whose pairs with all the others are at most so many, but for those of one person."""
    step = max(1, pairs // max(others, 1))
    return [slice(start, min(start + step, people)) for start in range(0, people, step)]


class _Tally:
    """Adds up, block by block, what the rules remove for some people."""

    def __init__(self, people: int) -> None:
        self._removed: list[dict[str, int]] = [{} for _ in range(people)]
        self._nearest: list[tuple[int, tuple[str, ...]]] = [(_NOBODY, ()) for _ in range(people)]

    def add(self, at: Sequence[int], masks: Sequence[tuple[str, NDArray[np.bool_]]], others: NDArray[np.bool_]) -> None:
        """Add a block: people down the rows, their candidates across."""
        broken = np.zeros(others.shape, dtype=np.int64)
        which = np.zeros(others.shape, dtype=object if len(masks) > _BITS else np.int64)
        for number, (title, mask) in enumerate(sorted(masks, key=lambda one: one[0])):
            broken += mask
            which += mask.astype(which.dtype) << number
            for person, count in zip(at, mask.sum(axis=1).tolist(), strict=True):
                if count:
                    self._removed[person][title] = self._removed[person].get(title, 0) + count
        broken[~others] = _NOBODY
        titles = sorted(title for title, _ in masks)
        for row, person in enumerate(at):
            fewest = int(broken[row].min(initial=_NOBODY))
            if fewest < _NOBODY and fewest <= self._nearest[person][0]:
                near = min(_named(titles, int(one)) for one in np.unique(which[row][broken[row] == fewest]))
                self._nearest[person] = min(self._nearest[person], (fewest, near))

    def told(self) -> list[Removals]:
        """Return the result for each person."""
        return [Removals(removed, near) for removed, (_, near) in zip(self._removed, self._nearest, strict=True)]


_NOBODY = 2**31
_BITS = 62


def _named(titles: Sequence[str], which: int) -> tuple[str, ...]:
    return tuple(title for number, title in enumerate(titles) if which >> number & 1)


@frozen(eq=False)
class ScoreTable:
    """Scores from a plain array.

    Attributes:
        points: The points, (recipients, providers).
        eligible: Which pairs may be matched.
        unit: The points of a score of 1.
        greatest: The most points of any pair.
    """

    points: NDArray[np.int64]
    eligible: NDArray[np.bool_]
    unit: int
    greatest: int = field(init=False)

    @greatest.default
    def _greatest(self) -> int:
        return int(self.points.max(initial=0))

    @property
    def private(self) -> bool:
        """Nothing in an array is said to be private."""
        return False

    def judged(self, start: int, stop: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which pairs of some recipients are eligible, and the points of all."""
        return self.eligible[start:stop], self.points[start:stop]

    def judged_at(self, rows: Places, columns: Places) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return the same for some recipients and some providers."""
        grid = np.ix_(rows, columns)
        return self.eligible[grid], self.points[grid]

    def forbidden_by(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return that the array forbids a pair, where it does."""
        return () if self.eligible[recipient, provider] else (NOT_ELIGIBLE,)

    def reasons(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return that the pair fails what the array says."""
        return tuple(map(failing, self.forbidden_by(recipient, provider)))

    def parts(self, recipient: int, provider: int) -> tuple[Part, ...]:
        """Return the one part there is."""
        return (Part("score", int(self.points[recipient, provider]), self.greatest),)

    def removals(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[list[Removals], list[Removals]]:
        """Return no rules: an array does not say why a pair may not be matched."""
        return [Removals({}) for _ in rows], [Removals({}) for _ in columns]

    @property
    def rules(self) -> tuple[str, ...]:
        """Nothing: an array has no rules to lift."""
        return ()

    def lifting(self, rule: str) -> ScoreTable:
        """Return the table itself."""
        return self


NOT_ELIGIBLE = "eligible in the array given"
"""What a pair fails that a plain array forbids."""


def shares(weights: Sequence[float]) -> list[int]:
    """Return the points of criteria in the proportion of their weights: about ``UNIT`` together, equal where they are.

    >>> shares([1, 1, 1]), shares([5, 3, 3])
    ([333333, 333333, 333333], [454545, 272727, 272727])
    """
    return [max(1, round(UNIT * weight / sum(weights))) for weight in weights]
