"""When a relationship meets, and, for those who may know it, who came.

The times alone never depend on who came: a session is there whether it was held or missed. They follow from the plan,
from what was moved or called off, from pauses and from the end.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from attrs import evolve

from devrel.lifecycle import Event, SessionCancelled, SessionHeld, SessionMissed, State
from devrel.people import Party
from devrel.relationships import Relationship
from devrel.sessions import Plan, SessionStatus, plan, starts
from devrel.visibility.membership import with_members
from devrel.visibility.view import SeenSession

Named = Callable[[Iterable[str]], tuple[str, ...]]
"""What the viewer sees in place of people's ids."""


def times(
    relationship: Relationship, events: Iterable[Event], *, until: date | None, holidays: Container[date]
) -> tuple[SeenSession, ...]:
    """Return when the sessions are that take place: not those called off, in a pause, or after the end."""
    state = relationship.state
    if _never_began(state):
        return ()
    moved = dict(state.moved)
    listed = _planned(relationship, until, holidays, moved)
    if not (moved or state.pauses or state.cancelled or state.finished):
        return listed
    off = {event.number for event in events if isinstance(event, SessionCancelled)}
    found = (_at(one, moved) for one in listed if one.number not in off)
    return _in_order(one for one in found if _takes_place(state, one.start))


def log(
    relationship: Relationship,
    events: Iterable[Event],
    named: Named,
    *,
    until: date | None,
    holidays: Container[date],
) -> tuple[SeenSession, ...]:
    """Return when the sessions are, with what became of each; those that nobody had planned are among them."""
    state = relationship.state
    if _never_began(state):
        return ()
    moved = dict(state.moved)
    planned = [_at(one, moved) for one in _planned(relationship, until, holidays, state.settled.union(moved))]
    became = {event.number: (event, parties) for event, parties in with_members(events) if isinstance(event, _SETTLING)}
    told = [
        _told(one, *became[one.number], named) if one.number in state.settled else _plain(one)
        for one in planned
        if one.number in state.settled or _takes_place(state, one.start)
    ]
    return _in_order([*told, *_unplanned(relationship, events, named, {one.number for one in planned})])


_SETTLING = SessionHeld | SessionMissed | SessionCancelled
_STATUS = {
    SessionHeld: SessionStatus.HELD.value,
    SessionMissed: SessionStatus.MISSED.value,
    SessionCancelled: SessionStatus.CANCELLED.value,
}


def _unplanned(
    relationship: Relationship, events: Iterable[Event], named: Named, planned: Container[int | None]
) -> list[SeenSession]:
    """Return the sessions that were held without a plan, or that lie beyond what was asked for."""
    zone, minutes = ZoneInfo(relationship.agreement.cadence.zone), relationship.agreement.minutes
    return [
        _told(SeenSession(event.at.astimezone(zone), minutes, event.number), event, parties, named)
        for event, parties in with_members(events)
        if isinstance(event, SessionHeld)
        and (event.number not in planned or event.number not in relationship.state.settled)
    ]


def _told(
    one: SeenSession,
    event: SessionHeld | SessionMissed | SessionCancelled,
    parties: tuple[Party, ...],
    named: Named,
) -> SeenSession:
    """Return a session with what became of it. Nobody named means everybody who was in it then."""
    told = SeenSession(one.start, one.minutes, one.number, _STATUS[type(event)])
    people = [party.person for party in parties]
    if isinstance(event, SessionHeld):
        came = named(person for person in people if not event.attended or person in event.attended)
        how = event.meeting.value if event.meeting is not None else None
        return evolve(told, minutes=event.minutes or one.minutes, attended=came, meeting=how)
    if isinstance(event, SessionMissed):
        return evolve(told, absent=named(person for person in people if person in event.absent))
    return told


def _plain(one: SeenSession) -> SeenSession:
    return SeenSession(one.start, one.minutes, one.number, SessionStatus.PLANNED.value)


def _never_began(state: State) -> bool:
    """Whether it is over and never started, so that what was proposed never took place."""
    return state.finished is not None and state.activated is None


def _planned(
    relationship: Relationship, until: date | None, holidays: Container[date], anyway: Container[int]
) -> tuple[SeenSession, ...]:
    if relationship.agreement.term.end is None and until is None:
        return ()
    plans = relationship.state.plans
    if isinstance(holidays, tuple) and not holidays:
        return _kept(plans, until)
    sessions = plan(relationship.kind, plans, until=until, holidays=holidays, anyway=anyway)
    return tuple(SeenSession(one.start, one.minutes, one.number) for one in sessions)


@lru_cache(maxsize=1024)
def _kept(plans: tuple[Plan, ...], until: date | None) -> tuple[SeenSession, ...]:
    """Return the planned sessions; a program's relationships share their plans, and times are asked for often."""
    found = starts(plans, until=until)
    return tuple(SeenSession(start, one.minutes, number) for number, (start, one) in enumerate(found, 1))


def _at(one: SeenSession, moved: dict[int, datetime]) -> SeenSession:
    """Return a session at the time it was moved to, by the clock it was planned on."""
    to = moved.get(one.number or 0)
    return one if to is None else SeenSession(to.astimezone(one.start.tzinfo), one.minutes, one.number)


def _takes_place(state: State, start: datetime) -> bool:
    """Whether a session at ``start`` lies neither in a pause nor after the end."""
    if state.finished is not None and start > state.finished:
        return False
    return not any(since <= start and not _back(state, back, start) for since, back in state.pauses)


def _back(state: State, back: datetime | None, start: datetime) -> bool:
    """Whether a pause is over by ``start``; of the one that is on, the day it is to end may be known."""
    if back is not None:
        return start >= back
    return state.paused_until is not None and start.date() >= state.paused_until


def _in_order(sessions: Iterable[SeenSession]) -> tuple[SeenSession, ...]:
    return tuple(sorted(sessions, key=lambda one: (one.start, one.number or 0)))
