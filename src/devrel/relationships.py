"""A relationship: an append-only history of events, and the state they add up to."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce

from attrs import evolve, field, frozen

from devrel._records import as_tuple, tuple_of
from devrel.agreements import Agreement
from devrel.banks import QUESTIONS, QuestionBank
from devrel.errors import IllegalMove, InvalidValue, StaleVersion
from devrel.kinds import RelationshipKind, Side
from devrel.lifecycle import (
    Actor,
    Amended,
    Consequence,
    CounterProposed,
    Event,
    Origin,
    Proposed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    Stage,
    State,
    advance,
    begin,
    move_for,
    possible,
)
from devrel.people import Party, Role
from devrel.sessions import Session, SessionStatus, plan

ANSWER_DAYS = 14
"""For how many days a proposal stands unless said otherwise (ml-loops)."""


def _begins_with_proposal(_: object, __: object, history: tuple[Event, ...]) -> None:
    if not history or not isinstance(history[0], Proposed):
        raise InvalidValue("history", "must begin with the proposal")
    if len({event.id for event in history}) != len(history):
        raise InvalidValue("history", "has two events with one id")
    if any(event.at < history[0].at for event in history):
        raise InvalidValue("history", "has an event before the proposal")


@frozen
class Relationship:
    """A development relationship; a group is one relationship with several parties.

    Everything is derived from the history: who takes part, of which kind it is, where it stands. The history is kept in
    the order in which events were recorded; what they add up to follows the order in which they happened, so that a
    late event finds its place. A change is a new relationship.

    Attributes:
        history: The events so far, the proposal first.

    Raises:
        InvalidValue: When the history does not begin with a proposal, two events have one id, or the parties do not
            make a relationship of the kind.
        IllegalMove: When the history holds an event that the table of moves does not allow.
    """

    history: tuple[Event, ...] = field(
        converter=as_tuple, repr=False, validator=[tuple_of(Event), _begins_with_proposal]
    )
    state: State = field(
        init=False, eq=False, repr=lambda state: f"<{state.relationship}: {state.kind.name}, {state.stage.value}>"
    )

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "state", folded(self.history))

    @classmethod
    def propose(
        cls,
        id: str,  # noqa: A002
        kind: RelationshipKind,
        parties: Iterable[Party],
        agreement: Agreement,
        *,
        actor: Actor,
        at: datetime,
        respond_by: datetime | None = None,
        answer_days: int = ANSWER_DAYS,
        origin: Origin = Origin.MATCHED,
        program: str | None = None,
        spun_off_from: str | None = None,
        correlation: str | None = None,
    ) -> Relationship:
        """Return a new relationship in the stage *proposed*.

        Args:
            id: The relationship's identifier; the proposal's event gets the id ``{id}/1``.
            kind: The kind.
            parties: Who would take part.
            agreement: What is proposed to them.
            actor: Who proposes.
            at: When, aware of its zone.
            respond_by: Until when the proposal stands; ``answer_days`` days unless given.
            answer_days: For how many days it stands.
            origin: How it came about.
            program: The program's name, or None.
            spun_off_from: The id of the group it came from, where it was spun off.
            correlation: What the event belongs to in the embedding system, or None.
        """
        proposal = Proposed(
            f"{id}/1",
            actor,
            at,
            relationship=id,
            kind=kind,
            parties=tuple(parties),
            agreement=agreement,
            respond_by=respond_by or at + timedelta(days=answer_days),
            origin=origin,
            program=program,
            spun_off_from=spun_off_from,
            correlation=correlation,
        )
        return cls((proposal,))

    @classmethod
    def replay(cls, events: Iterable[Event]) -> Relationship:
        """Return the relationship that ``events`` make, in the order in which they were recorded.

        It is the same as the one they were taken from: ``Relationship.replay(one.history) == one``.
        """
        return cls(tuple(events))

    @property
    def id(self) -> str:
        """The identifier."""
        return self.state.relationship

    @property
    def kind(self) -> RelationshipKind:
        """The kind; a counter-proposal may have changed it."""
        return self.state.kind

    @property
    def parties(self) -> tuple[Party, ...]:
        """Everybody who takes part now."""
        return self.state.parties

    @property
    def program(self) -> str | None:
        """The name of the program it belongs to, or None."""
        return self.state.program

    @property
    def origin(self) -> Origin:
        """How it came about."""
        return self.state.origin

    @property
    def stage(self) -> Stage:
        """Where the relationship stands."""
        return self.state.stage

    @property
    def agreement(self) -> Agreement:
        """The agreement that holds; before the start, the one that is proposed."""
        return self.state.agreement

    @property
    def version(self) -> int:
        """The number of events so far; give it as ``expected_version`` to change only what you have seen."""
        return len(self.history)

    @property
    def possible_events(self) -> tuple[str, ...]:
        """The type names of the events that may follow in this stage; guards may still refuse one."""
        return possible(self.stage)

    def people(self, side: Side) -> tuple[str, ...]:
        """Return the ids of the parties on ``side``."""
        if not isinstance(side, Side):
            raise InvalidValue("side", "must be a Side", "give Side.PROVIDER or Side.RECIPIENT")
        return self.state.people(side)

    def agreement_version(self, version: int) -> Agreement:
        """Return a version of the agreement as it was put to the parties.

        With it, what somebody accepted can be shown again: ``relationship.agreement_version(acceptance.version)``.

        Raises:
            InvalidValue: When there is no such version.
        """
        put = (event.agreement for event in self.history if isinstance(event, Proposed | Amended | CounterProposed))
        for agreement in put:
            if agreement.version == version:
                return agreement
        raise InvalidValue("version", f"{version} was never put to the parties", "see state.latest for the latest one")

    def apply(self, event: Event, *, expected_version: int | None = None) -> Relationship:
        """Return the relationship after ``event``; this one stays as it is.

        An event that happened before the latest one takes its place in the order of what happened, if everything after
        it is still allowed then.

        Args:
            event: What happened. One that is in the history already changes nothing.
            expected_version: The version the caller has seen; None to accept any.

        Raises:
            IllegalMove: When the event is not allowed; it says what is allowed instead.
            StaleVersion: When the relationship has another version by now.
        """
        if not isinstance(event, Event):
            raise InvalidValue("event", "must be an Event", "make one of the classes in devrel.lifecycle")
        for known in self.history:
            if known.id == event.id:
                return self._again(known, event)
        if expected_version is not None and expected_version != self.version:
            raise StaleVersion(expected_version, self.version)
        return self._grown(event)

    def apply_all(self, events: Iterable[Event]) -> Relationship:
        """Return the relationship after all ``events``; if one is refused, none has happened."""
        return reduce(Relationship.apply, events, self)

    def consequences(self, event: Event) -> tuple[Consequence, ...]:
        """Return what the embedding system would have to do if ``event`` were applied; nothing for a known one.

        Raises:
            IllegalMove: When the event is not allowed.
        """
        if event in self.history:
            return ()
        self.apply(event)
        found = move_for(self._state_before(event), event).consequences
        return found if self.origin is not Origin.INFORMAL else tuple(one for one in found if one not in _OF_PROGRAMS)

    def sessions(
        self, *, until: date | None = None, holidays: Container[date] = (), bank: QuestionBank = QUESTIONS
    ) -> tuple[Session, ...]:
        """Return the sessions that were agreed, with what became of each.

        Args:
            until: The last day to plan for; needed where the term is open-ended.
            holidays: The days on which nobody meets: a set of dates, or a calendar of the ``holidays`` package.
            bank: The questions the agendas take from.
        """
        arranged = self.state.settled.union(number for number, _ in self.state.moved)
        planned = plan(self.kind, self.state.plans, until=until, holidays=holidays, bank=bank, anyway=arranged)
        return session_log(planned, self.history, self.state)

    def planned_sessions(
        self,
        *,
        since: datetime | None = None,
        until: date | None = None,
        holidays: Container[date] = (),
        bank: QuestionBank = QUESTIONS,
    ) -> tuple[Session, ...]:
        """Return the sessions of which nobody has recorded yet what became of them; an open-ended term needs ``until``.

        No clock is read: give ``since`` to leave out those that began before. A relationship in a final stage has none;
        while it is paused, those of the pause are left out.
        """
        if self.stage.final:
            return ()
        listed = self.sessions(until=until, holidays=holidays, bank=bank)
        awaited = (one for one in listed if one.status is SessionStatus.PLANNED and not self._rests(one))
        return tuple(one for one in awaited if since is None or one.start >= since)

    def scheduled(
        self, *, until: date | None = None, holidays: Container[date] = (), bank: QuestionBank = QUESTIONS
    ) -> tuple[Session, ...]:
        """Return all sessions but those that lie in a pause, or after the end of a relationship that is over."""
        listed = self.sessions(until=until, holidays=holidays, bank=bank)
        end = self.state.finished
        return tuple(one for one in listed if not self._rests(one) and (end is None or one.start <= end))

    def _rests(self, session: Session) -> bool:
        """Whether a session lies in a pause."""
        return any(
            since <= session.start and (back is None or session.start < back)
            for since, back in self.state.pauses
            if back is not None or not self._back_by(session)
        )

    def _back_by(self, session: Session) -> bool:
        """Whether the pause that is on is over by the day of a session."""
        back = self.state.paused_until
        return back is not None and session.start.date() >= back

    def _grown(self, event: Event) -> Relationship:
        history = (*self.history, event)
        if event.at >= self.state.last:
            return _made(history, advance(self.state, event))
        if event.at < self.history[0].at:
            raise self._refused(event, "it happened before the proposal")
        return _made(history, self._with_late(event, history))

    def _with_late(self, event: Event, history: tuple[Event, ...]) -> State:
        """Return the state with an event in its place among those that happened after it."""
        after = advance(self._state_before(event), event)
        for later in in_order(history):
            if later.at > event.at:
                try:
                    after = advance(after, later)
                except IllegalMove as error:
                    wrong = f"it happened before the {type(later).__name__} of {later.at}, which it would forbid"
                    raise self._refused(event, f"{wrong} ({error.reason})") from None
        return after

    def _state_before(self, event: Event) -> State:
        """Return the state in which an event that is not in the history yet would happen."""
        if event.at >= self.state.last:
            return self.state
        return folded([known for known in self.history if known.at <= event.at])

    def _refused(self, event: Event, reason: str) -> IllegalMove:
        return IllegalMove(type(event).__name__, self.stage.value, reason, self.possible_events)

    def _again(self, known: Event, event: Event) -> Relationship:
        if known == event:
            return self
        raise self._refused(event, "another event with this id is in the history; give every event an id of its own")


_OF_PROGRAMS = frozenset({Consequence.FREE_CAPACITY, Consequence.REQUEUE, Consequence.REQUEUE_FIRST})
"""The consequences that only a program has to draw; an informal relationship has no queue."""


def in_order(history: Iterable[Event]) -> list[Event]:
    """Return events in the order in which they happened; of two at one moment, the one recorded first."""
    return sorted(history, key=lambda event: event.at)


def folded(history: Sequence[Event]) -> State:
    """Return what events add up to in the order in which they happened."""
    first, *rest = in_order(history)
    if not isinstance(first, Proposed):
        raise InvalidValue("history", "must begin with the proposal")
    return reduce(advance, rest, begin(first))


def _made(history: tuple[Event, ...], state: State) -> Relationship:
    """Return the relationship of a history that is known to be allowed, without folding it again."""
    made = object.__new__(Relationship)
    object.__setattr__(made, "history", history)
    object.__setattr__(made, "state", state)
    return made


def session_log(planned: Iterable[Session], history: Iterable[Event], state: State) -> tuple[Session, ...]:
    """Return planned sessions with what a history, and the state it adds up to, say became of each."""
    moved = dict(state.moved)
    events = {getattr(event, "number", None): event for event in in_order(history) if type(event) in _STATUS}
    return tuple(
        _became(session, events.get(session.number) if session.number in state.settled else None, state, moved)
        for session in planned
    )


_STATUS = {
    SessionHeld: SessionStatus.HELD,
    SessionMissed: SessionStatus.MISSED,
    SessionCancelled: SessionStatus.CANCELLED,
}


def _became(session: Session, event: Event | None, state: State, moved: Mapping[int, datetime]) -> Session:
    """Return a session at the time it was moved to, by the clock it was planned on, and with what became of it."""
    if session.number in moved:
        start = moved[session.number].astimezone(session.start.tzinfo)
        session = evolve(session, start=start, planned_for=session.start)
    if event is None:
        return session
    by = event.actor.person if isinstance(event, SessionCancelled) else None
    return evolve(session, status=_STATUS[type(event)], late=session.number in state.late, by=by)


def pair(provider: str, recipient: str) -> tuple[Party, Party]:
    """Return the parties of a relationship of two.

    >>> [party.role.value for party in pair("m", "n")]
    ['provider', 'recipient']
    """
    return Party(provider, Role.PROVIDER), Party(recipient, Role.RECIPIENT)
