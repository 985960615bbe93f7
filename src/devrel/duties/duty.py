"""What has to be done about a relationship, as data for the embedding system."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, TypeVar

from attrs import field, frozen

from devrel._records import a, as_tuple, filled_text, optional, tuple_of
from devrel.lifecycle import Actor, Event
from devrel.relationships import Relationship

E = TypeVar("E", bound=Event)


class DutyKind(Enum):
    """What has to be done.

    >>> DutyKind.NUDGE.value
    'break the silence'
    """

    ANSWER = "answer the proposal"
    EXPIRE = "let the proposal expire"
    COMPLETE_AGREEMENT = "complete the agreement, so that it can start"
    ACTIVATE = "let it start"
    ANSWER_AMENDMENT = "answer the amendment"
    NUDGE = "break the silence"
    ASK = "say whether it goes on"
    END_SILENT = "end it for silence"
    RESUME = "go on after the pause"
    REVIEW = "look back together"
    KEY_RESULTS = "look at key results that are overdue"
    FOLLOW_UP = "do what was agreed after a session"
    RENEW_OR_CLOSE = "extend it or bring it to its end"
    OVERDUE = "complete it: its term is over"
    COMPLETE = "let it be completed"
    END_NOTICE = "end it: the notice is over"
    ERASE_NOTES = "erase the notes"
    CONFLICT = "resolve a conflict of interest"
    LEAVER = "go on without somebody who left"
    LEAVE = "pause while somebody is away"


@frozen
class Duty:
    """One thing that has to be done about a relationship.

    Attributes:
        relationship: The relationship's id.
        kind: What has to be done.
        since: Since which day.
        text: Why, in words that tell nothing private.
        people: The ids of those who have to do it; empty for the system.
        event: The event that does it, ready to apply; None where people have to decide.
        requeue: The ids of those to put back in the queue, first in line.

    >>> print(Duty("r1", DutyKind.REVIEW, date(2026, 3, 2), "a review was due on 2026-03-02", ("m", "n")))
    r1: look back together (a review was due on 2026-03-02)
    """

    relationship: str = field(validator=filled_text)
    kind: DutyKind = field(validator=a(DutyKind))
    since: date = field(validator=a(date))
    text: str = field(validator=filled_text)
    people: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    event: Event | None = field(default=None, repr=False, validator=optional(a(Event)))
    requeue: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))

    @property
    def automatic(self) -> bool:
        """Whether a system may apply the event by itself; a conflict of interest is for people to decide."""
        return self.event is not None and self.kind is not DutyKind.CONFLICT

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.relationship}: {self.kind.value} ({self.text})"


def by_system(relationship: Relationship, event: type[Event], today: date, name: str, **details: Any) -> Event:
    """Return an event that the system causes today.

    Its id is made of the relationship, its version and the name of the duty: whoever looks at the same history suggests
    the same event, so that doing it twice changes nothing, and no later look suggests another one under that id.
    """
    event_id = f"{relationship.id}/{relationship.version + 1}/{name}"
    return event(event_id, Actor.system(), moment(relationship, today), **details)


def moment(relationship: Relationship, today: date) -> datetime:
    """Return when the system acts: as ``today`` begins in UTC, or at once after what has happened since."""
    return max(datetime.combine(today, time(), tzinfo=UTC), relationship.state.last)


def latest(relationship: Relationship, kind: type[E]) -> E:
    """Return the latest event of a kind that there is one of."""
    found = (event for event in relationship.history if isinstance(event, kind))
    return max(found, key=lambda event: event.at)


def later(day: date, days: int) -> date:
    """Return the day ``days`` days later (earlier, where they are negative), within the calendar.

    >>> later(date(2026, 1, 5), 14), later(date(2026, 1, 5), 10**9)
    (datetime.date(2026, 1, 19), datetime.date(9999, 12, 31))
    """
    return date.fromordinal(max(1, min(day.toordinal() + days, date.max.toordinal())))
