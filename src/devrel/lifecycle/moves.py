"""One table of moves, and the states that events add up to.

The table is the only place that says what may follow what. The error texts, the reference page and the tests are
made from it. A state is the fold of events over the table; nothing here changes anything in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from attrs import evolve, field, frozen

from devrel.agreements import Acceptance, Agreement
from devrel.errors import IllegalMove
from devrel.kinds import RelationshipKind, Side
from devrel.lifecycle.events import (
    Accepted,
    Activated,
    Actor,
    ActorRole,
    Amended,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Consequence,
    Declined,
    Ended,
    EndedForConduct,
    Event,
    Expired,
    Invalidated,
    Paused,
    Proposed,
    Resumed,
    SessionHeld,
    Stage,
    Withdrawn,
)
from devrel.people import Party


@frozen
class State:
    """What the events so far add up to.

    Attributes:
        kind: The kind of the relationship.
        parties: Everybody in it.
        stage: Where it stands.
        agreement: The agreement in its latest version.
        accepted: The acceptances of that version.
        respond_by: Until when a proposal stands, or None.
        held: How many sessions were held.
        paused_until: When a pause is to end, where that is known.
        last: When the latest event happened.
    """

    kind: RelationshipKind
    parties: tuple[Party, ...]
    stage: Stage
    agreement: Agreement
    accepted: tuple[Acceptance, ...]
    respond_by: datetime | None
    held: int
    paused_until: date | None
    last: datetime

    @property
    def open_parties(self) -> tuple[str, ...]:
        """The ids of the parties that have not accepted the latest version."""
        said_yes = {acceptance.party for acceptance in self.accepted}
        return tuple(party.person for party in self.parties if party.person not in said_yes)


@frozen
class Guard:
    """A condition of a move.

    Attributes:
        text: The condition in words, for the tables.
        broken: Returns why a state refuses an event, or None.
    """

    text: str
    broken: Callable[[State, Any], str | None] = field(repr=False)


def _wrong_version(state: State, event: Accepted) -> str | None:
    if event.version != state.agreement.version:
        return f"the agreement is at version {state.agreement.version}, not {event.version}"
    if event.actor.person not in state.open_parties:
        return "this party has accepted it already"
    if state.respond_by is not None and event.at > state.respond_by:
        return f"the parties could answer until {state.respond_by}"
    return None


def _wrong_amendment(state: State, event: Amended) -> str | None:
    if event.agreement.version != state.agreement.version + 1:
        return f"the next version is {state.agreement.version + 1}, not {event.agreement.version}"
    side = state.kind.control.side
    changed = event.agreement.goals != state.agreement.goals
    if changed and event.actor.role in _SIDES and event.actor.role is not ActorRole(side.value):
        return f"goals in {state.kind.name} are set by the {state.kind.titles.of(side)}"
    return None


def _not_agreed(state: State, _: Activated) -> str | None:
    if state.open_parties:
        return f"version {state.agreement.version} is not accepted by {', '.join(state.open_parties)}"
    missing = state.agreement.missing_for(state.kind)
    return "; ".join(missing) or None


def _too_soon_to_expire(state: State, event: Expired) -> str | None:
    if state.respond_by is None:
        return "it was proposed without a date to answer by"
    return f"the parties may answer until {state.respond_by}" if event.at < state.respond_by else None


def _single_session(state: State, _: Event) -> str | None:
    return None if state.agreement.term.single else "the term is not a single session"


def _several_sessions(state: State, _: Event) -> str | None:
    return "the term is a single session" if state.agreement.term.single else None


def _before_the_end(state: State, event: Event) -> str | None:
    end = state.agreement.term.end
    return f"the term runs until {end}" if end is not None and event.at.date() < end else None


def _after_the_end(state: State, event: Event) -> str | None:
    end = state.agreement.term.end
    if end is None:
        return "the term is open-ended, so there is no early; complete it"
    return None if event.at.date() < end else "the agreed end has come"


_OUR_VERSION = Guard(
    "it is the latest version, not accepted by this party yet, and in time",
    _wrong_version,
)
_NEXT_VERSION = Guard("the version is the next one; goals are changed by the side in control only", _wrong_amendment)
_AGREED = Guard("every party has accepted the latest version, and it has what the kind demands", _not_agreed)
_OVERDUE = Guard("the date to answer by has passed", _too_soon_to_expire)
_SINGLE = Guard("the term is a single session", _single_session)
_SEVERAL = Guard("the term is more than a single session", _several_sessions)
_AT_THE_END = Guard("the last day of the term has come, or the term is open-ended", _before_the_end)
_EARLY = Guard("the last day of the term has not come", _after_the_end)


@frozen
class Move:
    """One row of the table: an event that leads from some stages to another.

    Attributes:
        event: The type of event.
        sources: The stages it may come in.
        target: The stage after it; None where the stage stays.
        who: Who may cause it.
        guard: What must hold besides, or None.
        consequences: What the embedding system has to do.
    """

    event: type[Event]
    sources: tuple[Stage, ...]
    target: Stage | None
    who: tuple[ActorRole, ...]
    guard: Guard | None = None
    consequences: tuple[Consequence, ...] = ()


_SIDES = (ActorRole.PROVIDER, ActorRole.RECIPIENT)
_PEOPLE = (*_SIDES, ActorRole.ADMIN)
_ANYBODY = (*_PEOPLE, ActorRole.SYSTEM)
_OFFICE = (ActorRole.ADMIN, ActorRole.SYSTEM)
_BEFORE = (Stage.PROPOSED, Stage.AGREEING)
_LIVE = (Stage.ACTIVE, Stage.CLOSING)
_STARTED = (Stage.ACTIVE, Stage.PAUSED, Stage.CLOSING)
_FREE = (Consequence.NOTIFY, Consequence.FREE_CAPACITY)
_STOP = (*_FREE, Consequence.CANCEL_SESSIONS)

MOVES: tuple[Move, ...] = (
    Move(Accepted, _BEFORE, Stage.AGREEING, _SIDES, _OUR_VERSION),
    Move(Amended, _BEFORE, Stage.AGREEING, _PEOPLE, _NEXT_VERSION, (Consequence.NOTIFY,)),
    Move(Declined, _BEFORE, Stage.DECLINED, _SIDES, None, (*_FREE, Consequence.REQUEUE)),
    Move(Withdrawn, _BEFORE, Stage.WITHDRAWN, (ActorRole.RECIPIENT, *_OFFICE), None, _FREE),
    Move(Expired, _BEFORE, Stage.EXPIRED, (ActorRole.SYSTEM,), _OVERDUE, (*_FREE, Consequence.REQUEUE)),
    Move(Invalidated, _BEFORE, Stage.INVALIDATED, _OFFICE, None, (*_FREE, Consequence.REQUEUE_FIRST)),
    Move(
        Activated, (Stage.AGREEING,), Stage.ACTIVE, _ANYBODY, _AGREED, (Consequence.NOTIFY, Consequence.PLAN_SESSIONS)
    ),
    Move(SessionHeld, _LIVE, None, _PEOPLE, _SEVERAL),
    Move(SessionHeld, _LIVE, Stage.COMPLETED, _PEOPLE, _SINGLE, _FREE),
    Move(Paused, (Stage.ACTIVE,), Stage.PAUSED, _PEOPLE, None, (Consequence.NOTIFY, Consequence.CANCEL_SESSIONS)),
    Move(Resumed, (Stage.PAUSED,), Stage.ACTIVE, _ANYBODY, None, (Consequence.NOTIFY, Consequence.PLAN_SESSIONS)),
    Move(ClosingBegun, (Stage.ACTIVE,), Stage.CLOSING, _ANYBODY, None, (Consequence.NOTIFY,)),
    Move(Completed, _LIVE, Stage.COMPLETED, _ANYBODY, _AT_THE_END, _FREE),
    Move(CompletedEarly, _LIVE, Stage.COMPLETED_EARLY, _PEOPLE, _EARLY, _STOP),
    Move(Ended, _STARTED, Stage.ENDED, _ANYBODY, None, (*_STOP, Consequence.REQUEUE)),
    Move(
        EndedForConduct,
        (*_BEFORE, *_STARTED),
        Stage.ENDED_FOR_CONDUCT,
        (ActorRole.ADMIN,),
        None,
        (*_STOP, Consequence.BAR_PAIR, Consequence.REQUEUE_FIRST),
    ),
)
"""Every move there is. A relationship begins with ``Proposed``, which no move allows again."""


def possible(stage: Stage) -> tuple[str, ...]:
    """Return the names of the events that the table allows in ``stage``, in its order.

    >>> possible(Stage.PAUSED)
    ('Resumed', 'Ended', 'EndedForConduct')
    """
    return tuple(dict.fromkeys(move.event.__name__ for move in MOVES if stage in move.sources))


def begin(kind: RelationshipKind, parties: Iterable[Party], event: Proposed) -> State:
    """Return the state that a proposal makes."""
    return State(kind, tuple(parties), Stage.PROPOSED, event.agreement, (), event.respond_by, 0, None, event.at)


def move_for(state: State, event: Event) -> Move:
    """Return the row of the table that lets ``event`` happen in ``state``.

    Raises:
        IllegalMove: When there is none, with the reason and what is possible instead.
    """
    rows = [move for move in MOVES if move.event is type(event) and state.stage in move.sources]
    reasons = [_refusal(state, event, move) for move in rows]
    for move, reason in zip(rows, reasons, strict=True):
        if reason is None:
            return move
    why = "; ".join(dict.fromkeys(reason for reason in reasons if reason)) or "no such move leads on from there"
    raise IllegalMove(type(event).__name__, state.stage.value, why, possible(state.stage))


def _refusal(state: State, event: Event, move: Move) -> str | None:
    if event.actor.role not in move.who:
        return f"only {', '.join(role.value for role in move.who)} may do it"
    if event.actor.role in _SIDES and not _is_party(state, event.actor):
        return f"the acting person is not a {event.actor.role.value} in it"
    if event.at < state.last:
        return "it happened before the latest event of the relationship"
    return None if move.guard is None else move.guard.broken(state, event)


def _is_party(state: State, actor: Actor) -> bool:
    side = Side(actor.role.value)
    return any(party.person == actor.person and side in party.role.sides for party in state.parties)


def advance(state: State, event: Event) -> State:
    """Return the state after ``event``.

    Raises:
        IllegalMove: When the table does not allow it.
    """
    move = move_for(state, event)
    effect = _EFFECTS.get(type(event))
    changes = effect(state, event) if effect else {}
    return evolve(state, stage=move.target or state.stage, last=event.at, **changes)


_EFFECTS: dict[type[Event], Callable[[State, Any], dict[str, Any]]] = {
    Accepted: lambda state, event: {
        "accepted": (*state.accepted, Acceptance(event.actor.person, event.version, event.at))
    },
    Amended: lambda _, event: {"agreement": event.agreement, "accepted": ()},
    SessionHeld: lambda state, _: {"held": state.held + 1},
    Paused: lambda _, event: {"paused_until": event.until},
    Resumed: lambda _, __: {"paused_until": None},
}


def moves_table() -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of the table of moves, for the reference page."""
    rows = [
        [
            move.event.__name__,
            ", ".join(stage.value for stage in move.sources),
            move.target.value if move.target else "(unchanged)",
            ", ".join(role.value for role in move.who),
            move.guard.text if move.guard else "",
            "; ".join(consequence.value for consequence in move.consequences),
        ]
        for move in MOVES
    ]
    return ["event", "from", "to", "who may", "provided that", "then"], rows
