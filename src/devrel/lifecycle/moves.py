"""One table of moves, and the fold of events over it.

The table is the only place that says what may follow what. The error texts, the reference page, the state diagram and
the tests are made from it.
"""

from __future__ import annotations

from attrs import frozen

from devrel._records import article
from devrel.errors import IllegalMove
from devrel.kinds import Mode, Side
from devrel.lifecycle import events as happened
from devrel.lifecycle import guards
from devrel.lifecycle.effects import EFFECTS
from devrel.lifecycle.guards import SIDES, Guard, is_party
from devrel.lifecycle.stages import LIVE_STAGES, ActorRole, Consequence, Origin, Stage
from devrel.lifecycle.state import State


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

    event: type[happened.Event]
    sources: tuple[Stage, ...]
    target: Stage | None
    who: tuple[ActorRole, ...]
    guard: Guard | None = None
    consequences: tuple[Consequence, ...] = ()


_PEOPLE = (*SIDES, ActorRole.ADMIN)
_ANYBODY = (*_PEOPLE, ActorRole.SYSTEM)
_OFFICE = (ActorRole.ADMIN, ActorRole.SYSTEM)
_HEAD = (Stage.PROPOSED, Stage.AGREEING)
_MEETING = (Stage.ACTIVE, Stage.CLOSING)
_RUNNING = (Stage.ACTIVE, Stage.PAUSED)
_SINCE_START = (*LIVE_STAGES, Stage.COMPLETED, Stage.COMPLETED_EARLY, Stage.ENDED)
_NOTIFY = (Consequence.NOTIFY,)
_PLAN = (*_NOTIFY, Consequence.PLAN_SESSIONS)
_FREE = (*_NOTIFY, Consequence.FREE_CAPACITY)
_STOP = (*_FREE, Consequence.CANCEL_SESSIONS)

MOVES: tuple[Move, ...] = (
    Move(happened.Accepted, _HEAD, Stage.AGREEING, SIDES, guards.OUR_VERSION, _NOTIFY),
    Move(happened.Amended, _HEAD, Stage.AGREEING, _PEOPLE, guards.NEXT_VERSION, _NOTIFY),
    Move(happened.CounterProposed, _HEAD, Stage.PROPOSED, SIDES, guards.SAME_PEOPLE, _NOTIFY),
    Move(happened.Declined, _HEAD, None, SIDES, guards.DISPENSABLE, _FREE),
    Move(
        happened.Declined,
        _HEAD,
        Stage.DECLINED,
        SIDES,
        guards.INDISPENSABLE,
        (*_FREE, Consequence.REQUEUE),
    ),
    Move(happened.Withdrawn, _HEAD, Stage.WITHDRAWN, (*SIDES, *_OFFICE), guards.PROPOSER, _FREE),
    Move(happened.Expired, _HEAD, Stage.EXPIRED, (ActorRole.SYSTEM,), guards.OVERDUE, (*_FREE, Consequence.REQUEUE)),
    Move(happened.Invalidated, _HEAD, Stage.INVALIDATED, _OFFICE, None, (*_FREE, Consequence.REQUEUE_FIRST)),
    Move(happened.Activated, (Stage.AGREEING,), Stage.ACTIVE, _ANYBODY, guards.AGREED, _PLAN),
    Move(happened.Joined, (*_HEAD, *_RUNNING), None, SIDES, guards.CAN_JOIN, _PLAN),
    Move(happened.Left, (*_HEAD, *LIVE_STAGES), None, _ANYBODY, guards.CAN_LEAVE, (*_FREE, Consequence.PLAN_SESSIONS)),
    Move(happened.Amended, _RUNNING, None, _PEOPLE, guards.ONE_AMENDMENT, _NOTIFY),
    Move(happened.Accepted, _RUNNING, None, SIDES, guards.LAST_YES, _PLAN),
    Move(happened.Accepted, _RUNNING, None, SIDES, guards.PENDING, _NOTIFY),
    Move(happened.AmendmentDeclined, _RUNNING, None, SIDES, guards.AMENDMENT_OPEN, _NOTIFY),
    Move(happened.SessionHeld, _MEETING, None, _PEOPLE, guards.SEVERAL),
    Move(happened.SessionHeld, _MEETING, Stage.COMPLETED, _PEOPLE, guards.SINGLE, _FREE),
    Move(
        happened.SessionCancelled, LIVE_STAGES, None, _PEOPLE, guards.NOT_BEGUN, (*_NOTIFY, Consequence.PLAN_SESSIONS)
    ),
    Move(happened.SessionMissed, _MEETING, None, _PEOPLE, guards.BEGUN),
    Move(happened.SessionMoved, LIVE_STAGES, None, _PEOPLE, guards.TO_COME, (*_NOTIFY, Consequence.PLAN_SESSIONS)),
    Move(happened.Advocated, _MEETING, None, (ActorRole.PROVIDER,), guards.ADVOCACIES),
    Move(happened.Advocated, _MEETING, Stage.COMPLETED, (ActorRole.PROVIDER,), guards.ONE_ADVOCACY, _FREE),
    Move(happened.OutcomeKnown, _SINCE_START, None, SIDES, guards.OUTCOME_OPEN),
    Move(happened.CheckedIn, LIVE_STAGES, None, SIDES, guards.GOAL_MEASURED),
    Move(happened.NoteAdded, _SINCE_START, None, SIDES, guards.OWN_NOTE),
    Move(happened.Rated, _SINCE_START, None, SIDES),
    Move(
        happened.FocusSuggested,
        LIVE_STAGES,
        None,
        (ActorRole.MANAGER,),
        guards.TO_RECIPIENT,
        (Consequence.NOTIFY_RECIPIENT,),
    ),
    Move(happened.Consented, tuple(Stage), None, SIDES, guards.NEW_CONSENT),
    Move(happened.Reviewed, LIVE_STAGES, None, _PEOPLE, guards.OWN_NOTES),
    Move(
        happened.Paused,
        (Stage.ACTIVE,),
        Stage.PAUSED,
        _ANYBODY,
        guards.PAUSE_AHEAD,
        (*_NOTIFY, Consequence.CANCEL_SESSIONS),
    ),
    Move(happened.Resumed, (Stage.PAUSED,), Stage.ACTIVE, _ANYBODY, None, _PLAN),
    Move(happened.ClosingBegun, _RUNNING, Stage.CLOSING, _ANYBODY, guards.CLOSING, _NOTIFY),
    Move(happened.Completed, _MEETING, Stage.COMPLETED, _ANYBODY, guards.AT_THE_END, _FREE),
    Move(happened.CompletedEarly, _MEETING, Stage.COMPLETED_EARLY, _PEOPLE, guards.EARLY, _STOP),
    Move(happened.Ended, LIVE_STAGES, Stage.ENDED, _OFFICE, guards.FORCED, (*_STOP, Consequence.REQUEUE_FIRST)),
    Move(happened.Ended, LIVE_STAGES, Stage.ENDED, _OFFICE, None, (*_STOP, Consequence.REQUEUE)),
    Move(happened.Ended, LIVE_STAGES, Stage.ENDED, SIDES, guards.NOTICE, (*_STOP, Consequence.REQUEUE)),
    Move(
        happened.EndedForConduct,
        (*_HEAD, *LIVE_STAGES),
        Stage.ENDED_FOR_CONDUCT,
        (ActorRole.ADMIN,),
        None,
        (*_STOP, Consequence.BAR_PAIR, Consequence.REQUEUE_FIRST),
    ),
)
"""Every move there is. A relationship begins with ``Proposed``, which no move allows again. Where two rows fit, the
first one counts."""

_ROWS: dict[tuple[type[happened.Event], Stage], list[Move]] = {}
for _move in MOVES:
    for _stage in _move.sources:
        _ROWS.setdefault((_move.event, _stage), []).append(_move)


def possible(stage: Stage) -> tuple[str, ...]:
    """Return the names of the events that the table allows in ``stage``, in its order.

    >>> possible(Stage.DECLINED)
    ('Consented',)
    """
    return tuple(dict.fromkeys(move.event.__name__ for move in MOVES if stage in move.sources))


def move_for(state: State, event: happened.Event) -> Move:
    """Return the row of the table that lets ``event`` happen in ``state``.

    Raises:
        IllegalMove: When there is none, with the reason and what is possible instead.
    """
    rows = _ROWS.get((type(event), state.stage), [])
    reasons = []
    for move in rows:
        if event.actor.role in move.who:
            reason = _refusal(state, event, move)
            if reason is None:
                return move
            reasons.append(reason)
    name = type(event).__name__
    why = "; ".join(dict.fromkeys(reasons)) or _nobody(state, rows)
    raise IllegalMove(name, state.stage.value, why, _open_to(state, event))


def _open_to(state: State, event: happened.Event) -> list[str]:
    """Return the events, but for this one, that whoever acted may cause in this stage and in a relationship like it."""
    rows = (move for move in MOVES if state.stage in move.sources and event.actor.role in move.who)
    names = dict.fromkeys(move.event for move in rows if move.event is not type(event))
    out_of_place = set() if state.group else {happened.Joined, happened.Left}
    if Mode.SPONSORING not in state.kind.modes:
        out_of_place |= {happened.Advocated, happened.OutcomeKnown}
    return [name.__name__ for name in names if name not in out_of_place]


def _nobody(state: State, rows: list[Move]) -> str:
    """Return why no row is for whoever acted: there is none, or others may do it."""
    if not rows:
        return "no such move leads on from there"
    *others, last = dict.fromkeys(f"the {_title(state, role)}" for row in rows for role in row.who)
    return f"only {', '.join(others)} or {last} may do it" if others else f"only {last} may do it"


def _title(state: State, role: ActorRole) -> str:
    return state.kind.titles.of(Side(role.value)) if role in SIDES else role.value


def _refusal(state: State, event: happened.Event, move: Move) -> str | None:
    role = event.actor.role
    if role in SIDES and type(event) is not happened.Joined and not is_party(state, event.actor.person, role):
        title = _title(state, role)
        return f"the acting person is not {article(title)} {title} in it"
    if role is ActorRole.ADMIN and state.origin is Origin.INFORMAL:
        return "an informal relationship has no program admin"
    return None if move.guard is None else move.guard.broken(state, event)


def advance(state: State, event: happened.Event) -> State:
    """Return the state after ``event``, which does not lie before the latest one.

    Raises:
        IllegalMove: When the table does not allow it.
    """
    move = move_for(state, event)
    effect = EFFECTS.get(type(event))
    changes = effect(state, event) if effect else {}
    if move.target is not None:
        changes = {**changes, "stage": move.target, "finished": event.at if move.target.final else None}
    return state.changed(last=event.at, **changes)


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


def moves_diagram() -> str:
    """Return the state diagram of the table in Mermaid's language: one arrow for each pair of stages.

    Events that leave the stage as it is are not drawn.
    """
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in MOVES:
        for source in move.sources:
            if move.target not in {None, source}:
                labels = arrows.setdefault((_node(source), _node(move.target)), [])
                labels += [name for name in [move.event.__name__] if name not in labels]
    lines = ["stateDiagram-v2", f"    [*] --> {_node(Stage.PROPOSED)}: Proposed"]
    lines += [f"    {source} --> {target}: {', '.join(labels)}" for (source, target), labels in arrows.items()]
    lines += [f"    {_node(stage)} --> [*]" for stage in Stage if stage.final]
    return "\n".join(lines)


def _node(stage: Stage) -> str:
    return stage.value.replace(" ", "_")
