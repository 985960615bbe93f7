"""Relationships of m and n to tell stories with: asked, accepted, begun; days are counted from the first one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from devrel.agreements import Agreement
from devrel.duties import Duty, DutyKind, Timing, due
from devrel.kinds import MENTORING, RelationshipKind, Side
from devrel.lifecycle import Accepted, Activated, Actor, Amended, SessionHeld
from devrel.relationships import Relationship, pair
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, acting, complete

DAY = timedelta(days=1)
FIRST = START.date()
M, N = Actor.provider("m"), Actor.recipient("n")
SYSTEM = Actor.system()


def on(number: int, hour: int = 12) -> datetime:
    """The day so many days after the first one."""
    return START + timedelta(days=number, hours=hour)


def asked(term: Term | None = None, kind: RelationshipKind = MENTORING, **known) -> Relationship:
    """A proposal to m and n on the first day, for half a year with a meeting every four weeks."""
    term = term or Term(FIRST, FIRST + 180 * DAY)
    known = {"cadence": Cadence(4, Unit.WEEK), "purpose": "a direction", **known}
    respond_by = known.pop("respond_by", None)
    agreement = Agreement.draft(kind, term.start, term=term, **known)
    return Relationship.propose("r1", kind, pair("m", "n"), agreement, actor=SYSTEM, at=START, respond_by=respond_by)


def accepted(one: Relationship) -> Relationship:
    """The same after everybody said yes."""
    version = one.state.put.version
    yes = [Accepted(f"yes {version} {party.person}", acting(party), START, version) for party in one.parties]
    return one.apply_all(yes)


def live(term: Term | None = None, kind: RelationshipKind = MENTORING, **known) -> Relationship:
    """A relationship that began on the first day."""
    one = asked(term, kind, **known)
    if kind is not MENTORING:
        director = M if kind.control.side is Side.PROVIDER else N
        one = one.apply(Amended("fill", director, START, complete(one.agreement, kind, ["n"])))
    return accepted(one).apply(Activated("go", SYSTEM, START))


def met(one: Relationship, *numbers: int) -> Relationship:
    """The same after meetings on some days."""
    return one.apply_all([SessionHeld(f"met {number}", M, on(number)) for number in numbers])


def kinds_on(one: Relationship, number: int, timing: Timing | None = None) -> list[str]:
    """The names of the duties on a day."""
    return [duty.kind.name for duty in due(one, FIRST + number * DAY, timing)]


def exactly(one: Relationship, kind: DutyKind, number: int, timing: Timing | None = None) -> Duty:
    """The duty of a kind that is due from a day on, and was not the day before."""
    day = FIRST + number * DAY
    assert (kind, day) not in {(duty.kind, duty.since) for duty in due(one, day - DAY, timing)}
    found = [duty for duty in due(one, day, timing) if (duty.kind, duty.since) == (kind, day)]
    assert len(found) == 1, kinds_on(one, number, timing)
    return found[0]


def looked_after(one: Relationship, day: date, timing: Timing | None = None) -> Relationship:
    """The relationship after everything that the system has to do on a day."""
    while events := [duty.event for duty in due(one, day, timing) if duty.event is not None]:
        one = one.apply(events[0])
    return one
