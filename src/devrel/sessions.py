"""Sessions: planning them from what was agreed, what an agenda is made of, and what is written down of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from devrel._records import a, as_tuple, at_least, aware, filled_text, in_utc, optional, tuple_of
from devrel.banks import QUESTIONS, Phase, QuestionBank
from devrel.errors import InvalidValue
from devrel.kinds import BASE_KINDS, Mode, RelationshipKind, Side
from devrel.terms import Cadence, Term


class SessionStatus(Enum):
    """What became of a session."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Audience(Enum):
    """Who may read a note."""

    AUTHOR = "the author alone"
    PARTIES = "the parties"
    PROGRAM = "the parties and the people who run the program"


class AdvocacyAct(Enum):
    """What a sponsor does for a beneficiary."""

    RECOMMENDED = "recommended"
    INTRODUCED = "introduced"
    NOMINATED = "nominated"
    SPOKE_UP = "spoke up"
    GAVE_STAGE = "gave a stage"


class Outcome(Enum):
    """What came of an advocacy."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@frozen
class Agenda:
    """What a session is made of, and who owns it.

    Attributes:
        owner: The side that sets the agenda; it follows the kind's control.
        items: The points, in order; they follow the kind's strategy and the phase the relationship is in.
    """

    owner: Side = field(validator=a(Side))
    items: tuple[str, ...] = field(converter=as_tuple, validator=tuple_of(str))

    @classmethod
    def of(
        cls,
        kind: RelationshipKind,
        phase: Phase = Phase.WORKING,
        *,
        mode: Mode | None = None,
        bank: QuestionBank = QUESTIONS,
    ) -> Agenda:
        """Return the agenda that a session of ``kind`` starts from.

        A working session has the points of the kind's strategy; a first meeting, a review and a closing have the
        questions of their phase.

        Args:
            kind: Gives the owner and the points.
            phase: Where the relationship is.
            mode: What the session is to be, where that is another mode than the kind's own. What a session was is
                recorded when it was held, whatever the kind.
            bank: The questions to take from.

        Raises:
            InvalidValue: When sessions of the kind are not of that mode.

        >>> from devrel.kinds import COACHING
        >>> Agenda.of(COACHING).owner
        <Side.RECIPIENT: 'recipient'>
        """
        if mode is not None and mode not in kind.modes:
            allowed = ", ".join(one.value for one in Mode if one in kind.modes)
            raise InvalidValue("mode", f"a session of {kind.name} is not to be {mode.value}", f"it can be: {allowed}")
        if phase is not Phase.WORKING:
            questions = bank.for_kind(kind, phase, mode)
            return cls(kind.control.side, tuple(question.text for question in questions))
        base = {one.mode: one for one in BASE_KINDS}
        helped = kind if mode in {None, kind.mode} else base[mode]
        return cls(kind.control.side, helped.strategy.prompts)


@frozen
class Note:
    """Something a party wrote down; its words are private and in no repr.

    Attributes:
        author: The id of the party who wrote it.
        text: The words.
        audience: Who may read it; the author alone, unless she says otherwise.
    """

    author: str = field(validator=filled_text)
    text: str = field(repr=False, validator=filled_text)
    audience: Audience = field(default=Audience.AUTHOR, validator=a(Audience))


@frozen
class FollowUp:
    """Something to do after a session.

    Attributes:
        text: What.
        owner: The id of the party who does it.
        due: By when, or None.
    """

    text: str = field(repr=False, validator=filled_text)
    owner: str = field(validator=filled_text)
    due: date | None = field(default=None, validator=optional(a(date)))


@frozen
class Session:
    """One meeting, planned or past.

    Attributes:
        number: 1 for the first session of a relationship.
        start: When it begins, aware of its zone.
        minutes: How long it takes.
        agenda: What it is made of.
        status: What became of it.
        planned_for: When it was to begin at first, where it was moved.
        late: Whether it was cancelled with less notice than agreed.
        by: The id of who cancelled it; None where nobody did, or nobody in particular.
    """

    number: int = field(validator=at_least(1))
    start: datetime = field(validator=aware)
    minutes: int = field(validator=at_least(1))
    agenda: Agenda = field(validator=a(Agenda), repr=False)
    status: SessionStatus = field(default=SessionStatus.PLANNED, validator=a(SessionStatus))
    planned_for: datetime | None = field(default=None, validator=optional(aware))
    late: bool = field(default=False, validator=a(bool))
    by: str | None = field(default=None, repr=False)

    @property
    def end(self) -> datetime:
        """When it ends."""
        return (self.start.astimezone(UTC) + timedelta(minutes=self.minutes)).astimezone(self.start.tzinfo)

    def in_zone(self, zone: str) -> Session:
        """Return the session with its start by the clock of ``zone``: the same moment, told on another wall.

        Raises:
            InvalidValue: When the zone is not known.

        >>> session = Session(1, datetime(2026, 3, 2, 10, tzinfo=UTC), 30, Agenda(Side.PROVIDER, ()))
        >>> session.in_zone("America/Denver").start.hour
        3
        """
        return evolve(self, start=self.start.astimezone(ZoneInfo(_zone(zone))))


def _zone(zone: str) -> str:
    known = Cadence(zone=zone)
    return known.zone


@frozen
class Plan:
    """What an agreement says about sessions, and from when on it holds.

    Attributes:
        since: From when on; None from the beginning.
        term: From when to when.
        cadence: How often.
        minutes: The length of each.
    """

    since: datetime | None = field(converter=in_utc, validator=optional(aware))
    term: Term = field(validator=a(Term))
    cadence: Cadence = field(validator=a(Cadence))
    minutes: int = field(validator=at_least(1))


def starts(plans: Iterable[Plan], *, until: date | None = None) -> tuple[tuple[datetime, Plan], ...]:
    """Return when the sessions of plans that follow each other begin, each with its plan; holidays do not count.

    The place in this list, from 1, is a session's number, whatever becomes of it.
    """
    listed = tuple(plans)
    ends = [plan.since for plan in listed[1:]] + [None]
    return tuple(
        (start, plan)
        for plan, end in zip(listed, ends, strict=False)
        for start in plan.cadence.occurrences(plan.term, until=until)
        if (plan.since is None or start >= plan.since) and (end is None or start < end)
    )


def plan(
    kind: RelationshipKind,
    plans: Iterable[Plan],
    *,
    until: date | None = None,
    holidays: Container[date] = (),
    bank: QuestionBank = QUESTIONS,
    anyway: Container[int] = (),
) -> tuple[Session, ...]:
    """Return the sessions that plans make, in order, each with its agenda.

    Args:
        kind: Gives the agendas: the first session opens, the last of a term with an end closes.
        plans: What was agreed, oldest first.
        until: The last day to plan for; needed where the term is open-ended.
        holidays: The days on which nobody meets: a set of dates, or a calendar of the ``holidays`` package.
        bank: The questions the agendas take from.
        anyway: The numbers of the sessions that no holiday skips, because something is arranged for them.

    >>> from devrel.kinds import ADVISING
    >>> len(plan(ADVISING, [Plan(None, Term.single_session(date(2026, 1, 5)), Cadence(), 30)]))
    1
    """
    listed = tuple(plans)
    kept = _kept(starts(listed, until=until), holidays, anyway)
    first = kept[0][0] if kept else 0
    last = kept[-1][0] if kept and _whole(listed[-1].term, until) else 0
    agendas = {phase: Agenda.of(kind, phase, bank=bank) for phase in Phase}
    return tuple(
        Session(number, start, one.minutes, agendas[_phase(number, first, last)]) for number, start, one in kept
    )


def _kept(
    found: Sequence[tuple[datetime, Plan]], holidays: Container[date], anyway: Container[int]
) -> list[tuple[int, datetime, Plan]]:
    """Return the sessions that holidays leave: number, start and plan of each."""
    after = [*(start.date() for start, _ in found[1:]), *(one.cadence.next_day(one.term, at) for at, one in found[-1:])]
    kept = []
    for number, ((start, one), day) in enumerate(zip(found, after, strict=True), 1):
        moved = one.cadence.around(start, holidays, before=day)
        if moved is not None or number in anyway:
            kept.append((number, moved or start, one))
    return kept


def _whole(term: Term, until: date | None) -> bool:
    return term.end is not None and (until is None or until >= term.end)


def _phase(number: int, first: int, last: int) -> Phase:
    if first == last:
        return Phase.WORKING
    return Phase.FIRST_MEETING if number == first else Phase.CLOSING if number == last else Phase.WORKING
