"""The child process of rows d to g: times one of them and prints the result as JSON.

Run by ``domain.py`` as ``python living.py NAME``. Everybody in it is generated.
"""

from __future__ import annotations

import gc
import json
import sys
import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from devrel.agreements import Agreement
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import COACHING, GoalForm
from devrel.lifecycle import Accepted, Activated, Actor, CheckedIn, NoteAdded, Rated, SessionHeld
from devrel.relationships import Relationship, pair
from devrel.sessions import Note
from devrel.terms import Cadence, Term, Unit, Weekday

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
RUNS = 5


def relationship(number: int, sessions: int = 12, more: int = 0) -> Relationship:
    """Return a generated coaching relationship with its sessions, and ``more`` events of other kinds."""
    result = KeyResult("answers", 10, 4, "days", due=date(2026, 12, 1))
    agreement = Agreement.draft(
        COACHING, START.date(), goals=[Goal("answer sooner", GoalForm.SPECIFIC, [result])], ethics="a code"
    )
    coach, coachee = f"coach-{number}", f"coachee-{number}"
    one = Relationship.propose(
        f"rel-{number}", COACHING, pair(coach, coachee), agreement, actor=Actor.system(), at=START, program="sample"
    )
    events: list[Any] = [
        Accepted("a1", Actor.provider(coach), START, 1),
        Accepted("a2", Actor.recipient(coachee), START, 1),
        Activated("a3", Actor.system(), START),
    ]
    for place in range(sessions):
        at = START + timedelta(days=14 * place, hours=2)
        note = Note(coach, "what we talked about")
        events.append(
            SessionHeld(f"s{place}", Actor.provider(coach), at, 60, topics=["skills-to-develop"], notes=[note])
        )
    last = events[-1].at
    for place in range(more):
        at = last + timedelta(minutes=place)
        events.append(_other(place, coachee, at))
    return one.apply_all(events)


def _other(place: int, coachee: str, at: datetime) -> Any:
    actor = Actor.recipient(coachee)
    if place % 3 == 0:
        return CheckedIn(f"o{place}", actor, at, 1, "answers", CheckIn(at.date(), 10 - place % 7))
    if place % 3 == 1:
        return NoteAdded(f"o{place}", actor, at, Note(coachee, "a thought"))
    return Rated(f"o{place}", actor, at, 4)


def timed(work: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """Return the seconds of each run, after one that does not count."""
    found = []
    for run in range(runs + 1):
        gc.collect()
        began = clock.perf_counter()
        work()
        if run:
            found.append(clock.perf_counter() - began)
    return found


def documents() -> dict[str, Any]:
    """Row d: structure and unstructure 10,000 relationships of 12 sessions, ours and plain hooks."""
    from plain_hooks import plain_converter

    from devrel.formats.json import make_converter

    listed = [relationship(number) for number in range(10_000)]
    ours, plain = make_converter(), plain_converter()
    data = ours.unstructure(listed, list[Relationship])
    same = plain.unstructure(listed, list[Relationship])
    assert json.dumps(data) == json.dumps(same)
    assert ours.structure(data, list[Relationship]) == plain.structure(same, list[Relationship]) == listed
    return {
        "unstructure": timed(lambda: ours.unstructure(listed, list[Relationship])),
        "unstructure plain": timed(lambda: plain.unstructure(listed, list[Relationship])),
        "structure": timed(lambda: ours.structure(data, list[Relationship])),
        "structure plain": timed(lambda: plain.structure(same, list[Relationship])),
    }


def replay() -> dict[str, Any]:
    """Row e: replay a million events of 10,000 relationships."""
    model = relationship(1, sessions=12, more=84)
    histories = [model.history for _ in range(10_000)]
    events = sum(map(len, histories))
    found = timed(lambda: [Relationship.replay(history) for history in histories], 3)
    return {"replay": found, "events": events}


def views() -> dict[str, Any]:
    """Row f: 100,000 views of relationships with 12 sessions, for five viewers by turns."""
    from devrel.visibility import Viewer, view_for

    listed = [relationship(number, more=6) for number in range(100)]
    calls = [
        (one, viewer)
        for number, one in enumerate(listed)
        for viewer in (
            Viewer.provider(f"coach-{number}"),
            Viewer.recipient(f"coachee-{number}"),
            Viewer.manager("boss", of=[f"coachee-{number}"]),
            Viewer.admin("sample"),
            Viewer.public(),
        )
    ] * 200
    return {"views": timed(lambda: [view_for(one, viewer) for one, viewer in calls], 3), "calls": len(calls)}


def cadences() -> dict[str, Any]:
    """Row g: a year of each of 100,000 different cadences, ours and a plain loop over dateutil's rules."""
    from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

    zones = [ZoneInfo("Europe/London"), ZoneInfo("America/Denver"), ZoneInfo("UTC")]
    begin = date(2026, 1, 5)
    made = []
    for number in range(100_000):
        start = begin + timedelta(days=number % 28)
        at = time(8 + number % 9, (number // 9) % 60)
        unit = Unit.WEEK if number % 2 else Unit.MONTH
        made.append((start, at, unit, list(Weekday)[number % 5], zones[number % 3], 2 if number % 4 == 1 else 1))

    def ours() -> int:
        count = 0
        for start, at, unit, day, zone, every in made:
            cadence = Cadence(every, unit, day, at, str(zone))
            count += len(cadence.occurrences(Term(start, start + timedelta(days=364))))
        return count

    def plain() -> int:
        count = 0
        for start, at, unit, day, zone, every in made:
            first = start + timedelta(days=(day.number - start.weekday()) % 7)
            place = (first.day - 1) // 7 + 1
            by = None if unit is Unit.WEEK else weekday(first.weekday(), place if place < 5 else -1)
            rule = rrule(
                WEEKLY if unit is Unit.WEEK else MONTHLY,
                interval=every,
                dtstart=datetime.combine(first, at),
                until=datetime.combine(start + timedelta(days=364), at),
                byweekday=by,
            )
            count += len([moment.replace(tzinfo=zone) for moment in rule])
        return count

    assert ours() == plain()
    return {"cadences": timed(ours, 3), "cadences plain": timed(plain, 3), "occurrences": ours()}


if __name__ == "__main__":
    print(json.dumps({"d": documents, "e": replay, "f": views, "g": cadences}[sys.argv[1]]()))
