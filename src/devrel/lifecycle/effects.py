"""What an event changes in a state, besides the stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve

from devrel._records import replaced
from devrel.agreements import Acceptance, Agreement
from devrel.errors import InvalidValue
from devrel.goals import keeping_readings
from devrel.kinds import Side
from devrel.lifecycle import events as happened
from devrel.lifecycle.guards import SIDES, essential, session_start, sides_problem
from devrel.lifecycle.stages import Origin, Stage
from devrel.lifecycle.state import State, composition_problem
from devrel.sessions import Outcome, Plan, starts

Changes = dict[str, Any]


def begin(event: happened.Proposed) -> State:
    """Return the state that a proposal makes.

    Raises:
        InvalidValue: When the parties do not make a relationship of its kind.
    """
    problem = sides_problem(event.parties) or composition_problem(event.kind, event.parties, growing=True)
    if problem is not None:
        raise InvalidValue("parties", problem)
    if problem := _wrong_proposer(event):
        raise InvalidValue("actor", problem)
    return State(
        relationship=event.relationship,
        kind=event.kind,
        parties=event.parties,
        origin=event.origin,
        program=event.program,
        proposer=event.actor,
        stage=Stage.PROPOSED,
        agreement=event.agreement,
        respond_by=event.respond_by,
        plans=(_plan(None, event.agreement),),
        contact=event.at,
        last=event.at,
        latest=event.agreement.version,
    )


def _wrong_proposer(event: happened.Proposed) -> str | None:
    """Return why somebody cannot be the one who proposes, or None."""
    role = event.actor.role
    if role in SIDES:
        places = {party.person: party.role.sides for party in event.parties}
        if Side(role.value) not in places.get(str(event.actor.person), ()):
            return f"proposes as a {role.value} and is not one of the parties on that side"
    elif event.origin in {Origin.REQUESTED, Origin.INFORMAL}:
        return f"is no party, and what is {event.origin.value} is proposed by one"
    return None


def _plan(since: datetime | None, agreement: Agreement) -> Plan:
    return Plan(since, agreement.term, agreement.cadence, agreement.minutes)


def _accepted(state: State, event: happened.Accepted) -> Changes:
    given = Acceptance(str(event.actor.person), event.version, event.at)
    if state.pending is None:
        return {"accepted": (*state.accepted, given)}
    return _agreed(state.changed(pending_accepted=(*state.pending_accepted, given)), event.at)


def _agreed(state: State, at: datetime) -> Changes:
    """Return what changes once an amendment may have everybody's yes: then it holds from now on."""
    if state.pending is None or state.open_parties:
        return {"pending_accepted": state.pending_accepted}
    goals = keeping_readings(state.pending.goals, state.agreement.goals)
    return {
        "agreement": evolve(state.pending, goals=goals),
        "accepted": state.pending_accepted,
        "plans": (*state.plans, _plan(at, state.pending)),
        **_still_arranged(state, state.pending, at),
        **_NO_AMENDMENT,
    }


def _still_arranged(state: State, agreement: Agreement, at: datetime) -> Changes:
    """Return what was arranged for single sessions without those that another term or cadence replaces."""
    before, after = state.agreement, agreement
    if (before.cadence, before.term.start) == (after.cadence, after.term.start):
        return {}
    over = sum(start < at for start, _ in starts(state.plans, until=(at + _A_DAY).date()))
    return {
        "settled": frozenset(number for number in state.settled if number <= over),
        "late": frozenset(number for number in state.late if number <= over),
        "moved": tuple((number, to) for number, to in state.moved if number <= over),
    }


_A_DAY = timedelta(days=1)


_NO_AMENDMENT: Changes = {"pending": None, "pending_since": None, "pending_accepted": ()}


def _amended(state: State, event: happened.Amended | happened.CounterProposed) -> Changes:
    latest = {"latest": event.agreement.version}
    if state.activated is not None:
        return {**latest, "pending": event.agreement, "pending_since": event.at, "pending_accepted": ()}
    return {**latest, "agreement": event.agreement, "accepted": (), "plans": (_plan(None, event.agreement),)}


def _counter_proposed(state: State, event: happened.CounterProposed) -> Changes:
    stands = None if state.respond_by is None else event.at + (state.respond_by - state.contact)
    asked = {"kind": event.kind or state.kind, "parties": event.parties or state.parties, "proposer": event.actor}
    return {**_amended(state, event), **asked, "respond_by": stands, "contact": event.at}


def _activated(state: State, event: happened.Activated) -> Changes:
    return {"activated": event.at, "contact": event.at, "plans": (_plan(event.at, state.agreement),)}


def _joined(state: State, event: happened.Joined) -> Changes:
    given = Acceptance(event.party.person, event.version, event.at)
    return {"parties": (*state.parties, event.party), "accepted": (*state.accepted, given)}


def _left(state: State, person: str, at: datetime) -> Changes:
    rest: Changes = {
        "parties": state.without(person),
        "agreement": _without_goals_of(state.agreement, person),
        "pending": None if state.pending is None else _without_goals_of(state.pending, person),
        "accepted": tuple(one for one in state.accepted if one.party != person),
        "pending_accepted": tuple(one for one in state.pending_accepted if one.party != person),
        "consents": frozenset(one for one in state.consents if one[0] != person),
    }
    return {**rest, **_agreed(state.changed(**rest), at)}


def _without_goals_of(agreement: Agreement, person: str) -> Agreement:
    """Return an agreement without the goals that were one person's own."""
    kept = tuple(goal for goal in agreement.goals if goal.person != person)
    return agreement if len(kept) == len(agreement.goals) else replaced(agreement, goals=kept)


def _declined(state: State, event: happened.Declined) -> Changes:
    person = str(event.actor.person)
    return {} if essential(state, person) else _left(state, person, event.at)


def _held(state: State, event: happened.SessionHeld) -> Changes:
    settled = state.settled if event.number is None else state.settled | {event.number}
    return {"held": state.held + 1, "settled": settled, "contact": event.at}


def _cancelled(state: State, event: happened.SessionCancelled) -> Changes:
    start = session_start(state, event.number, event.at)
    notice = timedelta(hours=state.agreement.cancellation_hours)
    late = {event.number} if start is not None and start - event.at < notice else set()
    return {
        "cancelled": state.cancelled + 1,
        "settled": state.settled | {event.number},
        "late": state.late - {event.number} | late,
    }


def _advocated(state: State, event: happened.Advocated) -> Changes:
    known = (event.id, event.outcome is not Outcome.OPEN)
    return {"advocacies": (*state.advocacies, known), "contact": event.at}


def _outcome_known(state: State, event: happened.OutcomeKnown) -> Changes:
    return {"advocacies": tuple((id_, known or id_ == event.advocacy) for id_, known in state.advocacies)}


def _moved(state: State, event: happened.SessionMoved) -> Changes:
    return {
        "moved": (*((number, to) for number, to in state.moved if number != event.number), (event.number, event.to))
    }


def _checked_in(state: State, event: happened.CheckedIn) -> Changes:
    goals = list(state.agreement.goals)
    goals[event.goal - 1] = goals[event.goal - 1].checked(event.key_result, event.check_in)
    return {"agreement": replaced(state.agreement, goals=tuple(goals)), "contact": event.at}


def _consented(state: State, event: happened.Consented) -> Changes:
    consent = frozenset({(str(event.actor.person), event.item, event.to)})
    return {"consents": state.consents | consent if event.allowed else state.consents - consent}


def _resumed(state: State, event: happened.Resumed) -> Changes:
    return {"paused_until": None, "contact": event.at, "pauses": _pause_over(state, event.at)}


def _pause_over(state: State, at: datetime) -> tuple[tuple[datetime, datetime | None], ...]:
    if state.stage is not Stage.PAUSED:
        return state.pauses
    return (*state.pauses[:-1], (state.pauses[-1][0], at))


def _closing(state: State, event: happened.ClosingBegun) -> Changes:
    pauses = {"paused_until": None, "pauses": _pause_over(state, event.at)}
    notice = None if event.reason is None else (event.actor.person, event.at)
    return {"notice": notice, **_NO_AMENDMENT, **pauses}


EFFECTS: Mapping[type[happened.Event], Callable[[State, Any], Changes]] = {
    happened.Accepted: _accepted,
    happened.Amended: _amended,
    happened.CounterProposed: _counter_proposed,
    happened.AmendmentDeclined: lambda _, __: _NO_AMENDMENT,
    happened.Activated: _activated,
    happened.Joined: _joined,
    happened.Left: lambda state, event: _left(state, event.person, event.at),
    happened.Declined: _declined,
    happened.SessionHeld: _held,
    happened.SessionCancelled: _cancelled,
    happened.SessionMissed: lambda state, event: {
        "missed": state.missed + 1,
        "settled": state.settled | {event.number},
    },
    happened.SessionMoved: _moved,
    happened.Advocated: _advocated,
    happened.OutcomeKnown: _outcome_known,
    happened.CheckedIn: _checked_in,
    happened.Consented: _consented,
    happened.Reviewed: lambda _, event: {"reviewed": event.at, "contact": event.at},
    happened.Paused: lambda state, event: {
        "paused_until": event.until,
        "pauses": (*state.pauses, (event.at, None)),
    },
    happened.Resumed: _resumed,
    happened.ClosingBegun: _closing,
}
"""For each event that changes more than the stage, what it changes."""
