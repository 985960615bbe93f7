"""Criteria that look at more than attributes: hopes and offers, preferences, first talks, waiting, working hours.

Each gives a share from 0 to 1; how it comes about stands with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import field, frozen

from devrel._records import a, as_tuple, at_least, optional, tuple_of
from devrel.kinds import Side
from devrel.matching.block import Alikeness, Block, numbered
from devrel.matching.circumstances import days_of, minutes_in, minutes_together
from devrel.matching.criteria import Criterion, Scores
from devrel.matching.roster import Roster
from devrel.matching.rules import Candidate
from devrel.matching.talks import Talk
from devrel.matching.working_hours import WorkingHours
from devrel.people import Enrollment, Support


@frozen
class HopesMet(Criterion):
    """The share of what the recipient hopes for that the provider offers; 0 where she hopes for nothing.

    Source: smart-meetings (what each side can give is said beforehand).
    """

    source = "smart-meetings"

    def score(self, case: Candidate) -> float:  # noqa: D102
        hopes, offers = _hopes(case.recipient_enrollment), _offers(case.provider_enrollment)
        return len(hopes & offers) / len(hopes) if hopes else 0.0

    def block(self, block: Block) -> Scores:  # noqa: D102
        hopes = block.recipients.fact("hopes").mapped(_flags, np.int64)
        offers = block.providers.fact("offers").mapped(_flags, np.int64)
        return (hopes @ offers.T) / np.maximum(hopes.sum(axis=1), 1)[:, None]  # type: ignore[no-any-return]

    def alike(self, block: Block) -> Alikeness:  # noqa: D102
        return numbered([block.recipients.fact("hopes").codes]), numbered([block.providers.fact("offers").codes])

    def describe(self) -> str:  # noqa: D102
        return "hopes met by offers"


def _flags(given: frozenset[Support] | None) -> list[bool]:
    return [one in (given or ()) for one in Support]


def _hopes(enrollment: Enrollment | None) -> frozenset[Support]:
    return frozenset() if enrollment is None else enrollment.hopes


def _offers(enrollment: Enrollment | None) -> frozenset[Support]:
    return frozenset() if enrollment is None else enrollment.offers


@frozen
class HoursTogether(Criterion):
    """Common working minutes at a stretch, as a share of ``enough``; 1 from there on, 0 where a zone is not known.

    Attributes:
        enough: The minutes that count 1.
        on: The days to look at; a day of every week of the year from today on where there are none.
        hours: When people work, each on the clock of her own zone.
    """

    enough: int = field(default=240, validator=at_least(1))
    on: tuple[date, ...] = field(default=(), converter=as_tuple, validator=tuple_of(date))
    hours: WorkingHours = field(factory=WorkingHours, validator=a(WorkingHours))

    source = "culture-wizard"

    def score(self, case: Candidate) -> float:  # noqa: D102
        days = days_of(self.on, self.hours, case.today)
        shared = minutes_together(case.recipient.zone, case.provider.zone, days, self.hours)
        return min((shared or 0) / self.enough, 1.0)

    def block(self, block: Block) -> Scores:  # noqa: D102
        return np.minimum(np.maximum(minutes_in(block, self.on, self.hours), 0) / self.enough, 1.0)  # type: ignore[no-any-return]

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return ("zone",)

    def describe(self) -> str:  # noqa: D102
        return "working hours together"


@frozen
class Preferred(Criterion):
    """How high somebody ranked the other: 1 for the first, falling evenly to 0 for whom she did not name.

    Of n places, the first gives 1, the second 1 - 1/n, and so on. With both sides it is the mean of the two.

    Attributes:
        side: Whose preferences count; None for both.
    """

    side: Side | None = field(default=None, validator=optional(a(Side)))

    source = "pf08"

    def score(self, case: Candidate) -> float:  # noqa: D102
        mine, theirs = self._weights
        return mine * _liking(case.recipient_enrollment, case.provider.id) + theirs * _liking(
            case.provider_enrollment, case.recipient.id
        )

    def block(self, block: Block) -> Scores:  # noqa: D102
        mine, theirs = self._weights
        found = np.zeros(block.shape)
        for weight, people, turned in ((mine, block.recipients, False), (theirs, block.providers, True)):
            rows, columns, values = _liked(block, people, turned=turned)
            found[rows, columns] += weight * values
        return found

    def scored_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        mine, theirs = self._weights
        return [
            *((one, other) for one, other, _ in _told(block.recipients) if mine),
            *((other, one) for one, other, _ in _told(block.providers) if theirs),
        ]

    @property
    def _weights(self) -> tuple[float, float]:
        return {None: (0.5, 0.5), Side.RECIPIENT: (1.0, 0.0), Side.PROVIDER: (0.0, 1.0)}[self.side]

    def describe(self) -> str:  # noqa: D102
        return "stated preferences" if self.side is None else f"stated preferences of the {self.side.value}"


def _liking(enrollment: Enrollment | None, other: str) -> float:
    rank = None if enrollment is None else enrollment.rank_of(other)
    return 0.0 if rank is None or enrollment is None else _of_place(rank, enrollment.preferences)


def _of_place(place: int, preferences: Sequence[object]) -> float:
    return 1 - place / len(preferences)


def _liked(block: Block, people: Roster, *, turned: bool) -> tuple[list[int], list[int], Any]:
    told = _told(people)
    rows, columns, numbers = block.places((other, one) if turned else (one, other) for one, other, _ in told)
    return rows, columns, np.array([told[k][2] for k in numbers], dtype=np.float64)


def _told(people: Roster) -> list[tuple[str, str, float]]:
    return [
        (person, other, _of_place(place, preferences))
        for person, preferences in people.told("preferences")
        for place, rank in enumerate(preferences)
        for other in rank
    ]


@frozen
class Chemistry(Criterion):
    """What both said after a first talk: 1 for a good fit, a half for still deciding, the mean of the two.

    A talk that did not take place counts 0. Where one of the two said that it is not a good fit, the pair is barred:
    problems made from people add ``NotAMisfit`` by themselves.

    Attributes:
        talks: The first talks, one for each pair.
    """

    talks: tuple[Talk, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Talk), repr=False)

    source = "smart-meetings"

    def score(self, case: Candidate) -> float:  # noqa: D102
        return next((talk.share for talk in reversed(self.talks) if _of(talk, case)), 0.0)

    def block(self, block: Block) -> Scores:  # noqa: D102
        found = np.zeros(block.shape)
        rows, columns, numbers = block.places((talk.recipient, talk.provider) for talk in self.talks)
        for row, column, number in zip(rows, columns, numbers, strict=True):
            found[row, column] = self.talks[number].share
        return found

    def scored_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        return [(talk.recipient, talk.provider) for talk in self.talks]

    def describe(self) -> str:  # noqa: D102
        return "first talks"


def _of(talk: Talk, case: Candidate) -> bool:
    return (talk.recipient, talk.provider) == (case.recipient.id, case.provider.id)


@frozen
class Waiting(Criterion):
    """How long the recipient has waited, as a share of ``longest``; 1 from there on, 0 where it is not known.

    Attributes:
        longest: The days that count 1.
    """

    longest: int = field(default=90, validator=at_least(1))

    source = "devrel"

    def score(self, case: Candidate) -> float:  # noqa: D102
        known = case.recipient_enrollment
        return self._share(None if known is None else known.waiting_since, case.today)

    def block(self, block: Block) -> Scores:  # noqa: D102
        since = block.recipients.fact("waiting_since")
        shares = since.mapped(lambda day: self._share(day, block.today), np.float64)
        return np.broadcast_to(shares[:, None], block.shape)

    def alike(self, block: Block) -> Alikeness:  # noqa: D102
        return _of_recipients(block, "waiting_since")

    def _share(self, since: date | None, today: date | None) -> float:
        days = days_waited(since, today)
        return 0.0 if days is None else min(days / self.longest, 1.0)

    def describe(self) -> str:  # noqa: D102
        return "waiting time"


def _of_recipients(block: Block, fact: str) -> Alikeness:
    return numbered([block.recipients.fact(fact).codes]), np.zeros(block.shape[1], dtype=np.int64)


def days_waited(since: date | None, today: date | None) -> int | None:
    """Return for how many days somebody has waited, at least 0; None where it is not known."""
    return None if since is None or today is None else max(0, (today - since).days)


@frozen
class FirstInLine(Criterion):
    """1 for a recipient whose partner left, 0 for others."""

    source = "learning-development"

    def score(self, case: Candidate) -> float:  # noqa: D102
        return float(case.recipient_enrollment is not None and case.recipient_enrollment.rematch)

    def block(self, block: Block) -> Scores:  # noqa: D102
        first = block.recipients.fact("rematch").mapped(bool, np.float64)
        return np.broadcast_to(first[:, None], block.shape)

    def alike(self, block: Block) -> Alikeness:  # noqa: D102
        return _of_recipients(block, "rematch")

    def describe(self) -> str:  # noqa: D102
        return "first in line"
