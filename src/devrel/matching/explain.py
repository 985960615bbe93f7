"""Finds out why somebody is left with something open, and says it in the kind's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from devrel._records import article
from devrel.kinds import Side, Titles
from devrel.matching.certificate import Certificate
from devrel.matching.constraints import quoted
from devrel.matching.pool import PEERS
from devrel.matching.problem import MatchingProblem
from devrel.matching.reasons import Cause, OnDemand, Reason, Unmatched
from devrel.matching.shortage import Shortage, missing_points, shortages
from devrel.matching.stability import KeptApart, NoBlockingPair
from devrel.matching.table import Removals


def unmatched(
    problem: MatchingProblem,
    pairs: Sequence[tuple[str, str]],
    certificate: Certificate | None = None,
    groups: Sequence[tuple[str, ...]] = (),
) -> Mapping[str, Unmatched]:
    """Return everybody with something open, by id: recipients with unmet demand, providers without a pair.

    Of a large problem it is known at once who they are; why is found out when it is asked. What a better score would
    have changed is not told there.
    """
    together = [*pairs, *(pair for members in groups for pair in combinations(members, 2))]
    left, people = Left(problem, together, certificate), sorted(left_open(problem, together))
    return OnDemand(people, left.one) if problem.large else left.told(people)


def left_open(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> set[str]:
    """Return the ids of those with something open: unmet demand, no recipient at all, a free place in a pool."""
    if problem.pool:
        loads = Counter(person for pair in pairs for person in pair)
        return {one for one, most in zip(problem.recipients, problem.capacity, strict=True) if loads[one] < most}
    served, given = Counter(recipient for recipient, _ in pairs), {provider for _, provider in pairs}
    wanting = {one for one, most in zip(problem.recipients, problem.demand, strict=True) if served[one] < most}
    idle = {one for one, most in zip(problem.providers, problem.capacity, strict=True) if most and one not in given}
    return wanting | idle


@frozen(eq=False)
class Left:
    """Finds out why people are left with something open: it looks at their own pairs, and what all share but once.

    Attributes:
        problem: The problem.
        pairs: The answer; of a pool, two people of one circle are a pair.
        certificate: What proves the answer.
    """

    problem: MatchingProblem
    pairs: Sequence[tuple[str, str]] = field(repr=False)
    certificate: Certificate | None

    def one(self, person: str) -> Unmatched:
        """Return why one person is left."""
        return self.told([person])[person]

    def told(self, people: Sequence[str]) -> dict[str, Unmatched]:
        """Return why each of ``people`` is left; they are told in the order in which they were given."""
        open_ = [[view.place[one] for one in people if view.is_open(one)] for view in self._views]
        removed = self.problem.table.removals(open_[0], open_[1] if len(open_) > 1 else [])
        found: dict[str, list[Reason]] = {person: [] for person in people}
        for view, places, by_rule in zip(self._views, open_, removed, strict=False):
            for i, rules in zip(places, by_rule, strict=True):
                found[view.people[i]].append(_reason(self._facts(view, i, rules), view.titles))
        return {person: Unmatched(person, tuple(reasons)) for person, reasons in found.items()}

    def _facts(self, view: _View, i: int, rules: Removals) -> _Facts:
        facts = _facts(view, i, *self._row(view, i), rules, self.problem.private)
        if view.side is Side.PROVIDER or self.problem.pool:
            return facts
        short, missing = self._shared
        return evolve(facts, shortage=short.get(i), missing=missing.get(i), unit=self.problem.unit)

    def _row(self, view: _View, i: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return whom of the others a person may have, and from whom nothing but preferences keeps her apart."""
        places = np.array([i]), np.arange(len(view.others))
        mine, theirs = places if view.side is Side.RECIPIENT else places[::-1]
        return self.problem.judged_at(mine, theirs)[0].ravel(), self._apart.at(mine, theirs).ravel()

    @cached_property
    def _places(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        mine = [self.problem.row[recipient] for recipient, _ in self.pairs]
        theirs = [self.problem.column[provider] for _, provider in self.pairs]
        return np.array(mine, dtype=np.intp), np.array(theirs, dtype=np.intp)

    @cached_property
    def _apart(self) -> KeptApart:
        return KeptApart.by(self.problem, None if self.problem.pool else self.certificate)

    @cached_property
    def _views(self) -> tuple[_View, ...]:
        problem, (mine, theirs) = self.problem, self._places
        sides = (Side.RECIPIENT, problem.row, problem.demand), (Side.PROVIDER, problem.column, problem.capacity)
        if problem.pool:
            both = np.concatenate([mine, theirs]), np.concatenate([theirs, mine])
            return (_View.of(sides[0], sides[0], PEERS, False, *both),)
        ranked = isinstance(self.certificate, NoBlockingPair) and not problem.locked
        return (
            _View.of(*sides, problem.titles, ranked, mine, theirs),
            _View.of(*sides[::-1], problem.titles, ranked, theirs, mine),
        )

    @cached_property
    def _shared(self) -> tuple[dict[int, Shortage], dict[int, int]]:
        """Return what recipients share too few places, and what a place would have cost, by position."""
        problem, view = self.problem, self._views[0]
        stable = isinstance(self.certificate, NoBlockingPair)
        short = {} if stable else shortages(problem, *self._places)
        if problem.private or problem.large:
            return short, {}
        alone = np.flatnonzero((view.loads == 0) & (view.takes > 0)).tolist()
        return short, missing_points(problem, self.pairs, self.certificate, alone)


_People = tuple[Side, Mapping[str, int], Sequence[int]]


@frozen(eq=False)
class _View:
    """The answer as one side sees it. ``mine`` and ``theirs`` are the positions of the matched pairs.

    ``ranked`` tells whether those who have a place are ranked at least as high as whoever wanted it.
    """

    side: Side
    place: Mapping[str, int]
    people: tuple[str, ...]
    others: Mapping[str, int]
    takes: NDArray[np.int64]
    others_take: NDArray[np.int64]
    titles: Titles
    ranked: bool
    mine: NDArray[np.intp]
    theirs: NDArray[np.intp]
    loads: NDArray[np.intp] = field(init=False)
    others_loads: NDArray[np.intp] = field(init=False)

    @classmethod
    def of(cls, own: _People, other: _People, titles: Titles, ranked: bool, mine: Any, theirs: Any) -> _View:
        """Return the view of people with their positions and places, and of the others with theirs."""
        takes, others_take = (np.array(places, dtype=np.int64) for _, _, places in (own, other))
        return cls(own[0], own[1], tuple(own[1]), other[1], takes, others_take, titles, ranked, mine, theirs)

    @loads.default
    def _loads(self) -> NDArray[np.intp]:
        return np.bincount(self.mine, minlength=len(self.people))

    @others_loads.default
    def _others_loads(self) -> NDArray[np.intp]:
        return np.bincount(self.theirs, minlength=len(self.others))

    def is_open(self, person: str) -> bool:
        """Whether something is open for somebody on this side: a provider with a pair counts as served."""
        i = self.place.get(person)
        if i is None:
            return False
        enough = self.takes[i] if self.side is Side.RECIPIENT else min(1, self.takes[i])
        return bool(self.loads[i] < enough)


@frozen
class _Facts:
    """What is known of one person with something open."""

    side: Side
    wanted: int
    got: int
    candidates: int
    eligible: int
    rest: int
    free: int
    apart: int
    unlisted: int
    rivals: int
    ranked: bool
    removed: Mapping[str, int]
    nearest: tuple[str, ...]
    private: bool
    shortage: Shortage | None = None
    missing: int | None = None
    unit: int = 1


def _facts(
    view: _View, i: int, able: NDArray[np.bool_], kept_apart: NDArray[np.bool_], rules: Removals, private: bool
) -> _Facts:
    places = view.others_take > 0
    idle = view.others_loads < view.others_take
    eligible = able & places
    partner = np.zeros_like(places)
    partner[view.theirs[view.mine == i]] = True
    apart = kept_apart & places & ~partner
    other = eligible & ~partner & ~apart
    rivals = np.zeros(len(view.people), dtype=np.bool_)
    rivals[view.mine[other[view.theirs]]] = True
    candidates = int(places.sum()) - int(view.people[i] in view.others)
    removed = dict(sorted(rules.removed.items(), key=lambda item: (-item[1], item[0])))
    return _Facts(
        view.side,
        int(view.takes[i]),
        int(view.loads[i]),
        candidates,
        eligible=int(eligible.sum()),
        rest=int(other.sum()),
        free=int((other & idle).sum()),
        apart=int(apart.sum()),
        unlisted=int((apart & idle).sum()),
        rivals=int(rivals.sum()),
        ranked=view.ranked,
        removed=removed,
        nearest=rules.nearest,
        private=private,
    )


def _reason(facts: _Facts, titles: Titles) -> Reason:
    if facts.candidates <= facts.got:
        cause = Cause.NOBODY_THERE
    elif facts.unlisted or (facts.apart and not facts.rest):
        cause = Cause.PREFERENCE
    elif not facts.rest:
        cause = Cause.NO_CANDIDATE
    elif facts.free:
        cause = Cause.NOT_USED
    elif facts.shortage is not None:
        cause = Cause.TOO_FEW_PLACES
    else:
        cause = Cause.OUTBID
    return Reason(
        facts.side,
        cause,
        facts.wanted,
        facts.got,
        facts.candidates,
        facts.eligible,
        facts.rivals,
        facts.removed,
        _text(facts, cause, titles),
        facts.nearest if cause is Cause.NO_CANDIDATE else (),
        facts.shortage,
        facts.missing,
        facts.unlisted,
    )


def _text(facts: _Facts, cause: Cause, titles: Titles) -> str:
    found = f", {facts.got} of {facts.wanted} found" if facts.got else ""
    mine = titles.of(facts.side)
    begin = f"As {article(mine)} {mine}{found}:"
    others = titles.of(facts.side.other, 2)
    if cause is Cause.NOBODY_THERE:
        return f"{begin} there are no {'other ' if facts.got else ''}{others}."
    if cause is Cause.NO_CANDIDATE:
        return f"{begin} {_shut_out(facts, titles)}"
    if cause is Cause.PREFERENCE:
        return f"{begin} {_not_listed(facts, titles)}{f'; {_taken(facts, titles)}' if facts.rest else ''}."
    if cause is Cause.NOT_USED:
        return f"{begin} of the {facts.eligible} eligible {others}, {facts.free} with a free place were not used."
    return f"{begin} {_taken(facts, titles)}.{_shortage(facts, titles)}{_price(facts)}"


def _taken(facts: _Facts, titles: Titles) -> str:
    title = titles.of(facts.side.other, facts.rest)
    whom = f"{'the only' if facts.rest == 1 else f'all {facts.rest}'} {'other ' if facts.got else ''}eligible {title}"
    rivals = f"{facts.rivals} other {titles.of(facts.side, facts.rivals)}{_AS_HIGH if facts.ranked else ''}"
    return f"{whom} (of {facts.candidates}) {'was' if facts.rest == 1 else 'were'} matched with {rivals}"


_AS_HIGH = ", ranked at least as high"


def _not_listed(facts: _Facts, titles: Titles) -> str:
    """Say that preferences stood in the way, with numbers alone: who listed whom is nobody else's business."""
    mine = titles.of(facts.side)
    if facts.unlisted:
        free = f"{facts.unlisted} {titles.of(facts.side.other, facts.unlisted)} with a free place"
        return f"{free} (of {facts.candidates}) and this {mine} did not both list each other"
    if facts.candidates == 1:
        return f"the only {titles.of(facts.side.other)} and this {mine} did not both list each other"
    return f"none of the {facts.candidates} {titles.of(facts.side.other, 2)} and this {mine} both listed each other"


def _shortage(facts: _Facts, titles: Titles) -> str:
    short = facts.shortage
    if short is None:
        return ""
    people, places = len(short.recipients), f"{short.places} {'place' if short.places == 1 else 'places'}"
    return f" These {people} {titles.of(facts.side, people)} can only reach {places}."


def _price(facts: _Facts) -> str:
    """Say what would have been enough; nothing where a part of the score is private."""
    if facts.missing is None or facts.private:
        return ""
    if not facts.missing:
        return " Who of them was left was decided by lot."
    return f" A score higher by {facts.missing / facts.unit:.3g} would have been enough."


def _shut_out(facts: _Facts, titles: Titles) -> str:
    title = titles.of(facts.side.other)
    if facts.got:
        whom = f"no other {title} of {facts.candidates} is eligible"
    elif facts.candidates == 1:
        whom = f"the only {title} is not eligible"
    else:
        whom = f"none of the {facts.candidates} {titles.of(facts.side.other, 2)} is eligible"
    if not facts.removed:
        return f"{whom}."
    if facts.candidates == 1:
        return f"{whom}: {', '.join(map(quoted, facts.removed))}."
    counted = ", ".join(
        f"{count} {'fails' if count == 1 else 'fail'} {quoted(rule)}" for rule, count in facts.removed.items()
    )
    several = " One may fail several." if len(facts.removed) > 1 else ""
    return f"{whom}: {counted}.{several}{_nearest(facts, title)}"


def _nearest(facts: _Facts, title: str) -> str:
    """Say which fewest rules stand between her and somebody."""
    if not facts.nearest or facts.nearest == tuple(facts.removed):
        return ""
    rules = " and ".join(map(quoted, facts.nearest))
    return f" Without {rules} there would be {article(title)} {title}."
