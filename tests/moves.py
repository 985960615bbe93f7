"""The table of moves written by hand from the design, and for each of its rows a case that takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import COACHING, SPONSORING, GoalForm, Item, Mode, ViewerRole
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    Advocated,
    Amended,
    AmendmentDeclined,
    CheckedIn,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Consented,
    CounterProposed,
    Declined,
    Ended,
    EndedForConduct,
    EndReason,
    Event,
    Expired,
    FocusSuggested,
    Invalidated,
    Joined,
    Left,
    NoteAdded,
    OutcomeKnown,
    Paused,
    Rated,
    Resumed,
    Reviewed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    SessionMoved,
    Stage,
    Withdrawn,
    guards,
)
from devrel.people import Party, Role
from devrel.relationships import Relationship
from devrel.sessions import AdvocacyAct, Note, Outcome
from devrel.testing.strategies import START
from tests.beginnings import ADMIN, MANAGER, MENTEE, MENTOR, ONCE, SYSTEM, accept_all, group, later, proposed

# Written by hand from the design, independent of the code: what may come in which stage, and where it leads.
STAYS = None
HEAD = {
    "Accepted": "agreeing",
    "Amended": "agreeing",
    "CounterProposed": "proposed",
    "Declined": "declined",  # one of a group leaves it, and it goes on
    "Withdrawn": "withdrawn",
    "Expired": "expired",
    "Invalidated": "invalidated",
    "Joined": STAYS,
    "Left": STAYS,
    "Consented": STAYS,
    "EndedForConduct": "ended for conduct",
}
AMENDING = dict.fromkeys(("Joined", "Amended", "Accepted", "AmendmentDeclined"), STAYS)
AT_ANY_TIME = dict.fromkeys(
    (
        "Left",
        "SessionCancelled",
        "SessionMoved",
        "OutcomeKnown",
        "CheckedIn",
        "NoteAdded",
        "Rated",
        "FocusSuggested",
        "Consented",
        "Reviewed",
    ),
    STAYS,
)
MEETING = {
    "SessionHeld": STAYS,  # a single session completes it
    "SessionMissed": STAYS,
    "Advocated": STAYS,  # the one advocacy of one-time sponsoring completes it
    "Completed": "completed",
    "CompletedEarly": "completed early",
}
ENDING = {"Ended": "ended", "EndedForConduct": "ended for conduct"}
AFTERWARDS = dict.fromkeys(("OutcomeKnown", "NoteAdded", "Rated", "Consented"), STAYS)
TAKEN_BACK: dict[str, str | None] = {"Consented": STAYS}
LEADS: dict[str, dict[str, str | None]] = {
    "proposed": HEAD,
    "agreeing": {**HEAD, "Activated": "active"},
    "active": {**AMENDING, **AT_ANY_TIME, **MEETING, **ENDING, "Paused": "paused", "ClosingBegun": "closing"},
    "paused": {**AMENDING, **AT_ANY_TIME, **ENDING, "Resumed": "active", "ClosingBegun": "closing"},
    "closing": {**AT_ANY_TIME, **MEETING, **ENDING},
    "completed": AFTERWARDS,
    "completed early": AFTERWARDS,
    "ended": AFTERWARDS,
    **dict.fromkeys(("ended for conduct", "declined", "withdrawn", "expired", "invalidated"), TAKEN_BACK),
}
TWO_WAYS = {"Declined": STAYS, "SessionHeld": "completed", "Advocated": "completed"}


# Row by row --------------------------------------------------------------------------------------------------------

CALLS = Goal("g", GoalForm.SPECIFIC, [KeyResult("calls", 0, 9, "calls")])
TRIO: dict[str, Any] = {"people": group(1, 2)}
STRANGER = Actor.recipient("new")
NEWCOMER = Party("new", Role.RECIPIENT)


@frozen
class Case:
    """How one row is taken: a relationship and an event, who may, what follows; and when its guard refuses."""

    event: Callable[[Relationship], Event]
    who: str
    then: str = ""
    config: Mapping[str, Any] = MappingProxyType({})
    early: Callable[[Relationship], Event] | None = None
    ready: Callable[[Relationship], Event] | None = None
    wrong: Callable[[Relationship], Event] | None = None
    wrong_config: Mapping[str, Any] | None = None
    reason: str | None = None


def at(one, days=1):
    """Return a moment after the latest event."""
    return one.state.last.replace(hour=0) + (later(days) - START)


def version(one, **changes):
    return evolve(one.agreement, version=one.state.latest + 1, **{"minutes": 30, **changes})


def amended(one):
    return Amended("amended", MENTOR, at(one), version(one))


def brought(stage, config, early=None):
    """Return a relationship that was brought into ``stage``."""
    config = dict(config)
    agreed = config.pop("agreed", False)
    one = proposed(**config)
    if stage is Stage.PROPOSED:
        return one
    if stage is Stage.AGREEING:
        return accept_all(one) if agreed else one.apply(Accepted("first", MENTOR, START, 1))
    before = {
        Stage.DECLINED: Declined("over", MENTEE, later(1)),
        Stage.WITHDRAWN: Withdrawn("over", MENTEE, later(1)),
        Stage.EXPIRED: Expired("over", SYSTEM, later(15)),
        Stage.INVALIDATED: Invalidated("over", SYSTEM, later(1)),
    }
    if stage in before:
        return one.apply(before[stage])
    one = accept_all(one).apply(Activated("go", SYSTEM, START))
    if early is not None:
        one = one.apply(early(one))
    end = later(300)
    steps = {
        Stage.PAUSED: Paused("pause", SYSTEM, later(1)),
        Stage.CLOSING: ClosingBegun("closing", SYSTEM, later(1)),
        Stage.COMPLETED: Completed("over", SYSTEM, end),
        Stage.COMPLETED_EARLY: CompletedEarly("over", MENTOR, later(1)),
        Stage.ENDED: Ended("over", ADMIN, later(1)),
        Stage.ENDED_FOR_CONDUCT: EndedForConduct("over", ADMIN, later(1)),
    }
    return one if stage is Stage.ACTIVE else one.apply(steps[stage])


def of(kind, *details, actor=MENTOR, days=1, **more):
    """Return a maker of events of ``kind``."""
    return lambda one: kind("x", actor, at(one, days), *details, **more)


SIDES, PEOPLE, OFFICE = "provider recipient", "provider recipient admin", "admin system"
ANYBODY = f"{PEOPLE} system"
FREE = "NOTIFY FREE_CAPACITY"
STOP = f"{FREE} CANCEL_SESSIONS"
PLAN = "NOTIFY PLAN_SESSIONS"
HELD_OUT = {"boundaries": ["health"]}
CASES: dict[tuple[str, str | None], Case] = {
    ("Accepted", "OUR_VERSION"): Case(
        of(Accepted, 1, actor=MENTEE),
        SIDES,
        "NOTIFY",
        wrong=of(Accepted, 9, actor=MENTEE),
        reason="the agreement is at version 1, not 9",
    ),
    ("Amended", "NEXT_VERSION"): Case(
        amended,
        PEOPLE,
        "NOTIFY",
        wrong=lambda one: evolve(amended(one), agreement=one.agreement),
        reason="the next version is 2, not 1",
    ),
    ("CounterProposed", "SAME_PEOPLE"): Case(
        lambda one: CounterProposed("x", MENTEE, at(one), version(one)),
        SIDES,
        "NOTIFY",
        wrong=lambda one: CounterProposed("x", MENTEE, at(one), version(one), None, group(1, 2)),
        reason="a counter-proposal is about the same people",
    ),
    ("Declined", "DISPENSABLE"): Case(
        of(Declined, actor=MENTEE),
        SIDES,
        FREE,
        config=TRIO,
        wrong_config={},
        reason="the relationship cannot do without this party",
    ),
    ("Declined", "INDISPENSABLE"): Case(
        of(Declined, actor=MENTEE),
        SIDES,
        f"{FREE} REQUEUE",
        wrong_config=TRIO,
        reason="the group goes on without this party: it is for her to leave, and not for all",
    ),
    ("Withdrawn", "PROPOSER"): Case(
        of(Withdrawn, actor=MENTEE), ANYBODY, FREE, wrong=of(Withdrawn), reason="a matched mentor declines instead"
    ),
    ("Expired", "OVERDUE"): Case(
        of(Expired, actor=SYSTEM, days=14),
        "system",
        f"{FREE} REQUEUE",
        wrong=of(Expired, actor=SYSTEM, days=13),
        reason="the parties may answer until 2026-01-19 00:00:00+00:00",
    ),
    ("Invalidated", None): Case(of(Invalidated, actor=SYSTEM), OFFICE, f"{FREE} REQUEUE_FIRST"),
    ("Activated", "AGREED"): Case(
        of(Activated),
        ANYBODY,
        PLAN,
        config={"agreed": True},
        wrong_config={},
        reason="version 1 is not accepted by r0",
    ),
    ("Joined", "CAN_JOIN"): Case(
        of(Joined, NEWCOMER, 1, actor=STRANGER),
        SIDES,
        PLAN,
        config=TRIO,
        wrong_config={},
        reason="it is not a group; propose a relationship of your own",
    ),
    ("Left", "CAN_LEAVE"): Case(
        of(Left, "r0", actor=MENTEE),
        ANYBODY,
        f"{FREE} PLAN_SESSIONS",
        config=TRIO,
        wrong=of(Left, "p0"),
        reason="nobody would be left on one side; end the relationship instead",
    ),
    ("Amended", "ONE_AMENDMENT"): Case(
        amended,
        PEOPLE,
        "NOTIFY",
        wrong=lambda one: evolve(amended(one), agreement=version(one, purpose="", goals=())),
        reason="it must state a purpose or a goal",
    ),
    ("Accepted", "LAST_YES"): Case(
        lambda one: Accepted("y2", MENTEE, at(one), 2),
        SIDES,
        PLAN,
        early=amended,
        ready=lambda one: Accepted("y1", MENTOR, at(one), 2),
        wrong=of(Accepted, 1),
        reason="the agreement is at version 2, not 1",
    ),
    ("Accepted", "PENDING"): Case(
        of(Accepted, 2),
        SIDES,
        "NOTIFY",
        ready=amended,
        wrong=of(Accepted, 1),
        reason="the agreement is at version 2, not 1",
    ),
    ("AmendmentDeclined", "AMENDMENT_OPEN"): Case(
        of(AmendmentDeclined), SIDES, "NOTIFY", ready=amended, wrong_config={}, reason="no amendment is open"
    ),
    ("SessionHeld", "SEVERAL"): Case(
        of(SessionHeld),
        PEOPLE,
        wrong=of(SessionHeld, topics=["health"]),
        wrong_config=HELD_OUT,
        reason="one of the topics is among those that the agreement keeps out of sessions",
    ),
    ("SessionHeld", "SINGLE"): Case(
        of(SessionHeld), PEOPLE, FREE, config={"term": ONCE}, wrong_config={}, reason="the term is not a single session"
    ),
    ("SessionCancelled", "NOT_BEGUN"): Case(
        of(SessionCancelled, 2), PEOPLE, PLAN, wrong=of(SessionCancelled, 99), reason="no session 99 is planned"
    ),
    ("SessionMissed", "BEGUN"): Case(
        of(SessionMissed, 2, days=40),
        PEOPLE,
        wrong=of(SessionMissed, 2),
        reason="session 2 begins at 2026-02-05 10:00:00+00:00",
    ),
    ("SessionMoved", "TO_COME"): Case(
        of(SessionMoved, 2, later(90)),
        PEOPLE,
        PLAN,
        wrong=of(SessionMoved, 2, START),
        reason="a session is moved to a time to come",
    ),
    ("Advocated", "ADVOCACIES"): Case(
        of(Advocated, "o", AdvocacyAct.INTRODUCED),
        "provider",
        wrong_config={"kind": COACHING},
        reason="coaching has no advocacies; sponsoring has",
    ),
    ("Advocated", "ONE_ADVOCACY"): Case(
        of(Advocated, "o", AdvocacyAct.INTRODUCED),
        "provider",
        FREE,
        config={"kind": SPONSORING, "term": ONCE},
        wrong_config={"kind": SPONSORING},
        reason="it is not judged by one advocacy",
    ),
    ("OutcomeKnown", "OUTCOME_OPEN"): Case(
        of(OutcomeKnown, "v", Outcome.WON),
        SIDES,
        early=lambda one: Advocated("v", MENTOR, START, "o", AdvocacyAct.INTRODUCED),
        wrong=of(OutcomeKnown, "none", Outcome.WON),
        reason="no such advocacy is recorded. Known: v",
    ),
    ("CheckedIn", "GOAL_MEASURED"): Case(
        of(CheckedIn, 1, "calls", CheckIn(START.date(), 1)),
        SIDES,
        config={"goals": [CALLS]},
        wrong=of(CheckedIn, 2, "calls", CheckIn(START.date(), 1)),
        reason="the agreement has 1 goal",
    ),
    ("NoteAdded", "OWN_NOTE"): Case(
        of(NoteAdded, Note("p0", "n")),
        SIDES,
        wrong=of(NoteAdded, Note("r0", "n")),
        reason="everybody writes for herself",
    ),
    ("Rated", None): Case(of(Rated, 4), SIDES),
    ("FocusSuggested", "TO_RECIPIENT"): Case(
        of(FocusSuggested, "r0", ["sales"], actor=MANAGER),
        "manager",
        "NOTIFY_RECIPIENT",
        wrong=of(FocusSuggested, "p0", ["sales"], actor=MANAGER),
        reason="it goes to a mentee, and to nobody else",
    ),
    ("Consented", "NEW_CONSENT"): Case(
        of(Consented, Item.GOALS, ViewerRole.HR),
        SIDES,
        wrong=of(Consented, Item.GOALS, ViewerRole.HR, False),
        reason="nothing would change",
    ),
    ("Reviewed", "OWN_NOTES"): Case(
        of(Reviewed), PEOPLE, wrong=of(Reviewed, [Note("x", "n")]), reason="it names somebody who is not a party"
    ),
    ("Paused", "PAUSE_AHEAD"): Case(
        of(Paused),
        ANYBODY,
        "NOTIFY CANCEL_SESSIONS",
        wrong=of(Paused, START.date()),
        reason="a pause ends on a later day than it begins",
    ),
    ("Resumed", None): Case(of(Resumed), ANYBODY, PLAN),
    ("ClosingBegun", "CLOSING"): Case(
        of(ClosingBegun),
        ANYBODY,
        "NOTIFY",
        wrong=of(ClosingBegun, EndReason.NO_TIME, actor=MENTEE),
        wrong_config=TRIO,
        reason="the group goes on without this party: it is for her to leave, and not for all",
    ),
    ("Completed", "AT_THE_END"): Case(
        of(Completed, days=280), ANYBODY, FREE, wrong=of(Completed), reason="the term runs until 2026-10-04"
    ),
    ("CompletedEarly", "EARLY"): Case(
        of(CompletedEarly), PEOPLE, STOP, wrong=of(CompletedEarly, days=280), reason="the agreed end has come"
    ),
    ("Ended", "FORCED"): Case(
        of(Ended, EndReason.LEFT, actor=ADMIN),
        OFFICE,
        f"{STOP} REQUEUE_FIRST",
        wrong=of(Ended, EndReason.SILENCE, actor=ADMIN),
        reason="it is not because somebody left or a conflict of interest came up",
    ),
    ("Ended", None): Case(of(Ended, EndReason.SILENCE, actor=ADMIN), OFFICE, f"{STOP} REQUEUE"),
    ("Ended", "NOTICE"): Case(
        of(Ended),
        SIDES,
        f"{STOP} REQUEUE",
        config={"exit_notice_days": 0},
        wrong_config={},
        reason="7 days of notice are agreed; ",
    ),
    ("EndedForConduct", None): Case(of(EndedForConduct, actor=ADMIN), "admin", f"{STOP} BAR_PAIR REQUEUE_FIRST"),
}
WHO: dict[str, set[str]] = {}
for (_name, _), _case in CASES.items():
    WHO[_name] = WHO.get(_name, set()) | set(_case.who.split())


def open_to(one, stage, actor, but):
    """Return the events, ``but`` one, that somebody may cause in a stage of a relationship of this kind and size."""
    out = set() if len(one.parties) > 2 or one.kind.composition.group else {"Joined", "Left"}
    out |= set() if Mode.SPONSORING in one.kind.modes else {"Advocated", "OutcomeKnown"}
    return {name for name in LEADS[stage] if actor.role.value in WHO[name]} - out - {but}


GUARDS = {value: name for name, value in vars(guards).items() if isinstance(value, guards.Guard)}


def key(move):
    return move.event.__name__, GUARDS.get(move.guard)
