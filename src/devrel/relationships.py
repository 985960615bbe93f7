"""A relationship: a kind, its parties and an append-only history of events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce

import attrs
from attrs import field, frozen

from devrel._records import a, as_tuple, filled_text, optional, tuple_of
from devrel.agreements import Agreement
from devrel.errors import IllegalMove, InvalidValue, StaleVersion
from devrel.kinds import RelationshipKind, Side
from devrel.lifecycle import Actor, Consequence, Event, Proposed, Stage, State, advance, begin, move_for, possible
from devrel.people import Party, Role
from devrel.sessions import Session, plan


def _both_sides(_: object, __: object, parties: tuple[Party, ...]) -> None:
    people = [party.person for party in parties]
    if len(set(people)) != len(people):
        raise InvalidValue("parties", "name somebody twice", "give each person once; use the role 'both' if need be")
    sides = {side for party in parties for side in party.role.sides}
    if len(people) <= 1 or sides != set(Side):
        raise InvalidValue("parties", "need two people or more, with a provider and a recipient among them")


def _begins_with_proposal(_: object, __: object, history: tuple[Event, ...]) -> None:
    if not history or not isinstance(history[0], Proposed):
        raise InvalidValue("history", "must begin with the proposal")
    ids = [event.id for event in history]
    if len(set(ids)) != len(ids):
        raise InvalidValue("history", "has two events with one id")


@frozen
class Relationship:
    """A development relationship; a group is one relationship with several parties.

    The stage and everything else that changes is derived from the history. A change is a new relationship.

    Attributes:
        id: The identifier.
        kind: The kind.
        parties: Who takes part, on which side.
        history: The events so far, the proposal first.
        program: The name of the program it belongs to; None for an informal one.

    Raises:
        InvalidValue: When a side is missing, somebody is named twice, or the history does not begin with a proposal.
        IllegalMove: When the history holds an event that the table of moves does not allow.
    """

    id: str = field(validator=filled_text)
    kind: RelationshipKind = field(validator=a(RelationshipKind))
    parties: tuple[Party, ...] = field(converter=as_tuple, validator=[tuple_of(Party), _both_sides])
    history: tuple[Event, ...] = field(
        converter=as_tuple, repr=False, validator=[tuple_of(Event), _begins_with_proposal]
    )
    program: str | None = field(default=None, validator=optional(filled_text))
    state: State = field(init=False, eq=False, repr=lambda state: state.stage.value)

    def __attrs_post_init__(self) -> None:
        first, *rest = self.history
        state = begin(self.kind, self.parties, first)  # type: ignore[arg-type]
        object.__setattr__(self, "state", reduce(advance, rest, state))

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
        program: str | None = None,
    ) -> Relationship:
        """Return a new relationship in the stage *proposed*.

        Args:
            id: The relationship's identifier; the proposal's event gets the id ``{id}/1``.
            kind: The kind.
            parties: Who would take part.
            agreement: What is proposed to them.
            actor: Who proposes.
            at: When, aware of its zone.
            respond_by: Until when the proposal stands, or None.
            program: The program's name, or None.
        """
        return cls(id, kind, tuple(parties), (Proposed(f"{id}/1", actor, at, agreement, respond_by),), program)

    @property
    def stage(self) -> Stage:
        """Where the relationship stands."""
        return self.state.stage

    @property
    def agreement(self) -> Agreement:
        """The agreement in its latest version."""
        return self.state.agreement

    @property
    def version(self) -> int:
        """The number of events so far; give it as ``expected_version`` to change only what you have seen."""
        return len(self.history)

    @property
    def possible_events(self) -> tuple[str, ...]:
        """The type names of the events that may follow."""
        return possible(self.stage)

    def people(self, side: Side) -> tuple[str, ...]:
        """Return the ids of the parties on ``side``."""
        return tuple(party.person for party in self.parties if side in party.role.sides)

    def apply(self, event: Event, *, expected_version: int | None = None) -> Relationship:
        """Return the relationship after ``event``; this one stays as it is.

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
        return attrs.evolve(self, history=(*self.history, event))

    def apply_all(self, events: Iterable[Event]) -> Relationship:
        """Return the relationship after all ``events``; if one is refused, none has happened."""
        return reduce(Relationship.apply, events, self)

    def consequences(self, event: Event) -> tuple[Consequence, ...]:
        """Return what the embedding system would have to do if ``event`` were applied; nothing for a known one.

        Raises:
            IllegalMove: When the event is not allowed.
        """
        return () if event in self.history else move_for(self.state, event).consequences

    def planned_sessions(self, *, until: date | None = None) -> tuple[Session, ...]:
        """Return the sessions that the agreement makes; an open-ended one needs ``until``.

        A relationship in a final stage has none; while it is paused, those of the pause are left out.
        """
        if self.stage.final:
            return ()
        agreement = self.agreement
        sessions = plan(self.kind, agreement.term, agreement.cadence, agreement.minutes, until=until)
        return tuple(session for session in sessions if not self._rests(session))

    def _rests(self, session: Session) -> bool:
        """Whether a session lies in the pause that is on."""
        if self.stage is not Stage.PAUSED or session.start < self.state.last:
            return False
        back = self.state.paused_until
        return back is None or session.start.date() < back

    def _again(self, known: Event, event: Event) -> Relationship:
        if known == event:
            return self
        reason = "another event with this id is in the history; give every event an id of its own"
        raise IllegalMove(type(event).__name__, self.stage.value, reason, self.possible_events)


def pair(provider: str, recipient: str) -> tuple[Party, Party]:
    """Return the parties of a relationship of two.

    >>> [party.role.value for party in pair("m", "n")]
    ['provider', 'recipient']
    """
    return Party(provider, Role.PROVIDER), Party(recipient, Role.RECIPIENT)
