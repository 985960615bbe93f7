"""One look at one relationship on one day: what the duties of time are read from."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime
from typing import Any

from attrs import field, frozen

from devrel._records import a
from devrel.agreements import Agreement
from devrel.duties.duty import Duty, DutyKind, by_system, later, latest
from devrel.duties.timing import Timing
from devrel.lifecycle import ClosingBegun, Event, Stage, State
from devrel.relationships import Relationship


@frozen
class Look:
    """One relationship on one day.

    Attributes:
        one: The relationship.
        today: The day of the look.
        timing: After how many days what becomes due.
        holidays: The days on which nobody meets.
    """

    one: Relationship = field(validator=a(Relationship))
    today: date = field(validator=a(date))
    timing: Timing = field(validator=a(Timing))
    holidays: Container[date] = field(default=(), repr=False)

    @property
    def state(self) -> State:
        """What the relationship's events add up to."""
        return self.one.state

    @property
    def agreement(self) -> Agreement:
        """The agreement that holds."""
        return self.one.agreement

    @property
    def end(self) -> date | None:
        """The last day: that of the term, or of an open-ended one the day on which its closing began."""
        if self.agreement.term.end is None and self.one.stage is Stage.CLOSING and self.state.notice is None:
            return latest(self.one, ClosingBegun).at.date()
        return self.agreement.term.end

    @property
    def ended(self) -> bool:
        """Whether the last day is over."""
        return self.end is not None and self.end < self.today

    @property
    def grace_over(self) -> bool:
        """Whether the days are over in which people complete it themselves."""
        return self.end is not None and later(self.end, self.timing.grace) < self.today

    @property
    def everybody(self) -> tuple[str, ...]:
        """The ids of all parties."""
        return tuple(party.person for party in self.one.parties)

    def event(self, kind: DutyKind, event: type[Event], **details: Any) -> Event:
        """Return an event that the system causes today."""
        return by_system(self.one, event, self.today, kind.name.lower(), **details)

    def people_do(
        self, kind: DutyKind, since: date, text: str, people: tuple[str, ...] | None = None
    ) -> Iterator[Duty]:
        """Give a duty of people, of everybody unless said otherwise, once its day has come."""
        if since <= self.today:
            yield Duty(self.one.id, kind, since, text, self.everybody if people is None else people)

    def system_does(self, kind: DutyKind, since: date, text: str, event: type[Event], **details: Any) -> Iterator[Duty]:
        """Give a duty of the system, with the event that does it, once its day has come."""
        if since <= self.today:
            yield Duty(self.one.id, kind, since, text, event=self.event(kind, event, **details))


def first_day_after(moment: datetime) -> date:
    """Return the first day that begins, in UTC, at ``moment`` or later.

    >>> first_day_after(datetime(2026, 1, 5, tzinfo=UTC)).day, first_day_after(datetime(2026, 1, 5, 9, tzinfo=UTC)).day
    (5, 6)
    """
    day = moment.astimezone(UTC)
    return day.date() if day == _midnight(day) else later(day.date(), 1)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
