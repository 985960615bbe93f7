"""The counts behind a feasibility: who has candidates, what each rule costs, who works at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from attrs import field, frozen

from devrel.kinds import Side, Titles
from devrel.matching.block import Block
from devrel.matching.constraints import Mask, NotSelf
from devrel.matching.roster import Roster
from devrel.matching.working_hours import Minutes
from devrel.people import Organization
from devrel.programs._candidates import NOBODY, Candidates, Counts
from devrel.programs._pair_rules import PairRule, Positions, Rule, pair_rules

Ids = tuple[str, ...]

_MOST_ASKED = 1_000
"""Of so many people on the other side a rule is asked that can only be asked pair by pair."""


@frozen(eq=False)
class Standing:
    """How many candidates the people of a side have, and whom a rule costs hers; all by position.

    Attributes:
        counts: For everybody 0, 1, 2 for more, or ``GIVEN_UP``.
        freed: For each rule, who has no candidate and would have one without it.
        several: Who would need several rules lifted.
    """

    counts: Counts
    freed: tuple[Positions, ...]
    several: Positions


@frozen(eq=False)
class Hours:
    """How long recipients work at the same time as a candidate.

    Attributes:
        judged: The positions of the recipients who can be judged.
        minutes: The most minutes of each of them.
        unknown: How many with a candidate cannot be judged.
    """

    judged: Positions
    minutes: Minutes
    unknown: int


@frozen(eq=False)
class Survey:
    """Who takes part in a program, and the rules; it answers without looking at every pair.

    Attributes:
        people: All recipients against all providers, without sensitive attributes.
        rules: The program's rules.
        candidates: Who may be matched with whom.
        both: The positions of those who stand on both sides, as recipients and as providers.
    """

    people: Block
    rules: tuple[PairRule, ...]
    candidates: Candidates | None = field(init=False)
    both: tuple[Positions, Positions] = field(init=False)

    @classmethod
    def of(
        cls,
        rules: Sequence[Rule],
        titles: Titles,
        roster: Roster,
        organization: Organization,
        today: date | None = None,
    ) -> Survey:
        """Return the survey of those who take somebody; the organisation has no sensitive attributes."""
        enrolled = roster.public
        people = Block(enrolled.taking(Side.RECIPIENT), enrolled.taking(Side.PROVIDER), organization, today=today)
        return cls(people, pair_rules(people, rules, titles))

    @candidates.default
    def _candidates(self) -> Candidates | None:
        """Nobody is a candidate of anybody where one side is empty."""
        if not all(self.people.shape):
            return None
        return Candidates(self.people, (PairRule(NotSelf(), self.people, ""), *self.rules))

    @both.default
    def _both(self) -> tuple[Positions, Positions]:
        column = {person: j for j, person in enumerate(self.people.providers.ids)}
        found = [(i, column[person]) for i, person in enumerate(self.people.recipients.ids) if person in column]
        pairs = np.array(found, dtype=np.intp).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    @property
    def pairs(self) -> int:
        """How many pairs there are before any rule; a person and herself are none."""
        rows, columns = self.people.shape
        return rows * columns - self.both[0].size

    def removed(self) -> tuple[int | None, ...]:
        """Return how many pairs each rule forbids."""
        if self.candidates is None:
            return (0,) * len(self.rules)
        return tuple(rule.removed(self.both) for rule in self.rules)

    def standing(self, side: Side) -> Standing:
        """Return how the people of ``side`` stand."""
        everybody = np.arange(len(self.on(side)))
        if self.candidates is None:
            return Standing(np.zeros(everybody.size, dtype=np.int64), (everybody[:0],) * len(self.rules), everybody[:0])
        counts = self.candidates.counts(side, everybody)
        blocked = np.flatnonzero((counts == 0) & self._others_there(side))
        answers = [self.candidates.counts(side, blocked, 1, lifted=place) for place in range(1, len(self.rules) + 1)]
        several = blocked[np.all(np.array([blocked * 0, *answers]) == 0, axis=0)]
        return Standing(counts, tuple(blocked[answer > 0] for answer in answers), several)

    def fewest(self, side: Side, position: int) -> Ids:
        """Return the titles of the fewest rules without which somebody of ``side`` would have a candidate.

        Where a rule can only be asked pair by pair, it is the fewest among the first of the other side.
        """
        mine, theirs = self.on(side)[position].id, self.on(side.other).ids
        others = np.array([place for place, one in enumerate(theirs) if one != mine], dtype=np.intp)
        if not all(rule.quick or rule.table is not None for rule in self.rules):
            others = others[:_MOST_ASKED]
        broken = np.array([self._broken(rule, side, position, others) for rule in self.rules])
        best = int(broken.sum(axis=0).argmin())
        return tuple(rule.title for rule, there in zip(self.rules, broken[:, best], strict=True) if there)

    @staticmethod
    def _broken(rule: PairRule, side: Side, position: int, others: Positions) -> Mask:
        """Return which of the others a rule forbids somebody."""
        mine, theirs = np.array([[position]], dtype=np.intp), others[None, :]
        rows, columns = (mine, theirs) if side is Side.RECIPIENT else (theirs, mine)
        found = rule.forbidden(rows, columns)
        if found is not None:
            return found.reshape(-1)
        pairs = zip(*(both.ravel().tolist() for both in np.broadcast_arrays(rows, columns)), strict=True)
        return np.array([rule.asked(row, column) for row, column in pairs], dtype=np.bool_)

    def on(self, side: Side) -> Roster:
        """Return the people of a side, by position."""
        return self.people.recipients if side is Side.RECIPIENT else self.people.providers

    def ids(self, side: Side, positions: Positions) -> Ids:
        """Return ids, sorted as the positions are."""
        people = self.on(side)
        return tuple(people[position].id for position in positions.tolist())

    def zones(self) -> tuple[str, ...]:
        """Return the time zones of everybody, in order."""
        return tuple(sorted({one.zone for side in Side for one in self.on(side) if one.zone is not None}))

    def hours(self, counts: Counts, shared: Minutes, enough: int) -> Hours:
        """Return how long recipients work at the same time as a candidate.

        Args:
            counts: How many candidates the recipients have.
            shared: The minutes of every two zones, in the order of ``zones``.
            enough: With so many minutes, somebody whose zone is not known makes no difference.
        """
        unknown = len(shared)
        mine, theirs = (self._zone_codes(side) for side in (Side.RECIPIENT, Side.PROVIDER))
        asked = np.flatnonzero((counts > 0) & (mine < unknown))
        order = np.column_stack([np.argsort(-shared, axis=1, kind="stable"), np.full(unknown, unknown)])
        zone = self._best(asked, mine, theirs, order)
        known = (zone >= 0) & (zone < unknown)
        asked, minutes = asked[known], shared[mine[asked[known]], zone[known]]
        sure = minutes >= enough
        sure[~sure] = self._best(asked[~sure], mine, theirs, np.full((unknown, 1), unknown)) == NOBODY
        return Hours(asked[sure], minutes[sure], int((counts != 0).sum()) - int(sure.sum()))

    def _best(self, people: Positions, mine: Positions, theirs: Positions, order: Positions) -> Positions:
        if self.candidates is None or not people.size:
            return people
        return self.candidates.best(people, mine, theirs, order)

    def _zone_codes(self, side: Side) -> Positions:
        known = self.zones()
        code = {zone: place for place, zone in enumerate(known)}
        return np.array([len(known) if p.zone is None else code[p.zone] for p in self.on(side)], dtype=np.intp)

    def _others_there(self, side: Side) -> Mask:
        """Return for whom there is somebody else on the other side."""
        there = np.full(len(self.on(side)), len(self.on(side.other)))
        there[self.both[0 if side is Side.RECIPIENT else 1]] -= 1
        return there > 0
