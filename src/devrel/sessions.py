"""Sessions: planning them from what was agreed, and what an agenda is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from attrs import field, frozen

from devrel._records import a, as_tuple, at_least, aware, tuple_of
from devrel.kinds import RelationshipKind, Side
from devrel.terms import Cadence, Term


@frozen
class Agenda:
    """What a session is made of, and who owns it.

    Attributes:
        owner: The side that sets the agenda; it follows the kind's control.
        items: The points, in order; they follow the kind's strategy.
    """

    owner: Side = field(validator=a(Side))
    items: tuple[str, ...] = field(converter=as_tuple, validator=tuple_of(str))

    @classmethod
    def of(cls, kind: RelationshipKind) -> Agenda:
        """Return the agenda that sessions of ``kind`` start from.

        >>> from devrel.kinds import COACHING
        >>> Agenda.of(COACHING).owner
        <Side.RECIPIENT: 'recipient'>
        """
        return cls(kind.control.side, kind.strategy.prompts)


@frozen
class Session:
    """One planned meeting.

    Attributes:
        number: 1 for the first session of a relationship.
        start: When it begins, aware of its zone.
        minutes: How long it takes.
        agenda: What it is made of.
    """

    number: int = field(validator=at_least(1))
    start: datetime = field(validator=aware)
    minutes: int = field(validator=at_least(1))
    agenda: Agenda = field(validator=a(Agenda), repr=False)

    @property
    def end(self) -> datetime:
        """When it ends."""
        return (self.start.astimezone(UTC) + timedelta(minutes=self.minutes)).astimezone(self.start.tzinfo)


def plan(
    kind: RelationshipKind, term: Term, cadence: Cadence, minutes: int, *, until: date | None = None
) -> tuple[Session, ...]:
    """Return the sessions that a term and a cadence make, in order.

    Args:
        kind: Gives the agenda.
        term: From when to when; a single session gives one.
        cadence: How often.
        minutes: The length of each.
        until: The last day to plan for; needed where the term is open-ended.

    >>> from datetime import date
    >>> from devrel.kinds import ADVISING
    >>> len(plan(ADVISING, Term.single_session(date(2026, 1, 5)), Cadence(), 30))
    1
    """
    agenda = Agenda.of(kind)
    starts = cadence.occurrences(term, until=until)
    return tuple(Session(number, start, minutes, agenda) for number, start in enumerate(starts, 1))
