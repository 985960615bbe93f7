"""The child process of the rows about rules: prints the seconds of each run, and what was judged, as JSON.

All people are generated. Every relationship is coaching with twelve sessions that were held; one in five has flaws.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from devrel.agreements import Agreement
from devrel.goals import Goal, KeyResult
from devrel.kinds import COACHING, MENTORING, GoalForm
from devrel.lifecycle import Accepted, Activated, Actor, SessionHeld
from devrel.matching.constraints import Different, Gap
from devrel.people import Enrollment, Organization, Person, Role
from devrel.programs import Program
from devrel.relationships import Relationship, pair
from devrel.terms import Term
from devrel.validation import check

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = date(2026, 6, 22)
RUNS = 3
SMALL, LARGE = 50_000, 100_000


def relationship(number: int) -> Relationship:
    """Return a generated coaching relationship of the program; of every fifth, the time is not stated."""
    result = KeyResult("answers", 10, 4, "days", due=date(2026, 6, 1))
    stated: dict[str, Any] = {} if number % 5 == 0 else {"provider_hours": 3, "recipient_hours": 3}
    agreement = Agreement.draft(
        COACHING,
        START.date(),
        goals=[Goal("answer sooner", GoalForm.SPECIFIC, [result], focus_areas=["answering"])],
        ethics="a code",
        reviews=[date(2026, 4, 1)],
        **stated,
    )
    coach, coachee = f"coach-{number}", f"coachee-{number}"
    proposer = Actor.recipient(coachee)
    one = Relationship.propose(
        f"rel-{number}", COACHING, pair(coach, coachee), agreement, actor=proposer, at=START, program="sample"
    )
    events: list[Any] = [Accepted("a1", Actor.provider(coach), START, 1)]
    if coachee not in {given.party for given in one.state.accepted}:
        events.append(Accepted("a2", proposer, START, 1))
    events.append(Activated("a3", Actor.system(), START))
    for place in range(12):
        at = START + timedelta(days=14 * place, hours=2)
        events.append(SessionHeld(f"s{place}", Actor.provider(coach), at, 60, topics=["skills-to-develop"]))
    return one.apply_all(events)


def pairs_of(count: int) -> Organization:
    """Return the coaches and coachees of so many relationships, in lines of reporting of three levels."""
    coaches = [Person(f"coach-{i}", department=f"d{i % 40}", level=4) for i in range(count)]
    coachees = [
        Person(f"coachee-{i}", department=f"d{(i + 1) % 40}", level=2, manager=f"coach-{(i + 7) % count}")
        for i in range(count)
    ]
    return Organization([*coaches, *coachees])


def judged() -> dict[str, Any]:
    """Time the rules over relationships, with the program and the organisation around them."""
    program = Program("sample", COACHING, Term.of_months(START.date(), 6), focus_areas=["answering"])
    made = [relationship(number) for number in range(LARGE)]
    found: dict[str, Any] = {"count": LARGE}
    for name, count in (("small", SMALL), ("large", LARGE)):
        people = pairs_of(count)
        listed = made[:count]
        found[name] = _timed(lambda listed=listed: check(listed, program=program, today=DAY))  # type: ignore[misc]
        known = {"program": program, "people": people, "today": DAY}
        found[f"{name} with people"] = _timed(lambda a=listed, b=known: check(a, **b))  # type: ignore[misc]
    report = check(made, program=program, people=pairs_of(LARGE), today=DAY)
    return found | {"findings": len(report), "crashed": len(report.crashed)}


def organization(count: int, seed: int = 1) -> tuple[Organization, list[Enrollment]]:
    """Return a generated organisation and its enrolments: two in three want a mentor, one in three is one."""
    draw = random.Random(seed)
    people, enrolled = [], []
    for i in range(count):
        manager = f"p{draw.randrange(i // 10, i // 5 + 1)}" if i else None
        level = 9 - min(8, len(str(i * i)))
        people.append(
            Person(
                f"p{i}",
                manager=None if manager == f"p{i}" else manager,
                department=f"d{draw.randrange(40)}",
                level=level,
                attributes={"remote": draw.random() < 0.3},
            )
        )
        enrolled.append(Enrollment(f"p{i}", Role.RECIPIENT if draw.random() < 0.66 else Role.PROVIDER, 2))
    return Organization(people), enrolled


def programs() -> dict[str, Any]:
    """Time the rules over a program with its organisation and enrolments."""
    program = Program(
        "sample", MENTORING, Term.of_months(DAY, 9), rules=[Different("department"), Gap("level", at_least=1)]
    )
    found: dict[str, Any] = {"count": LARGE}
    for name, count in (("small", SMALL), ("large", LARGE)):
        people, enrolled = organization(count)
        found[name] = _timed(lambda a=people, b=enrolled: check(program, people=a, enrollments=b, today=DAY))  # type: ignore[misc]
    return found


def _timed(work: Callable[[], Any]) -> list[float]:
    found = []
    for run in range(RUNS + 1):
        gc.collect()
        began = clock.perf_counter()
        work()
        if run:
            found.append(clock.perf_counter() - began)
    return found


if __name__ == "__main__":
    print(json.dumps({"h": judged, "i": programs}[sys.argv[1]]()))
