"""Writes the people and the relationships of the bad program. Nobody in them exists, and every name says so.

Run it in this folder: python generate.py
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from devrel import Agreement, Goal, GoalForm, Horizon, Item, KeyResult, ManagerPart, Mode, Relationship, Term, pair
from devrel.formats.json import dumps_relationships
from devrel.kinds import MENTORING
from devrel.lifecycle import Accepted, Activated, Actor, SessionCancelled, SessionHeld

HERE = Path(__file__).parent
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TERM = Term(date(2026, 1, 5))
PEOPLE = (
    # id, manager, department, level, takes part as, region, remote, evaluates
    ("head", "", "Sales", 6, "mentor", "north", "no", "new-1"),
    ("lead-1", "head", "Sales", 4, "mentor", "north", "no", ""),
    ("lead-2", "head", "Sales", 4, "mentor", "south", "no", ""),
    *((f"new-{i}", "lead-1" if i % 2 else "lead-2", "Sales", 1, "mentee", "north", "no", "") for i in range(1, 7)),
    *((f"old-{i}", "head", "Sales", 5, "mentee", "south", "no", "") for i in range(1, 7)),
    *((f"far-{i}", "lead-2", "Service", 1, "no", "remote", "yes", "") for i in range(1, 8)),
)
HEADER = ("id", "name", "manager", "department", "level", "takes part as", "region", "remote", "evaluates")


def people() -> None:
    """Write the table of people."""
    with (HERE / "people.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        table.writerows((one[0], f"Sample Person {one[0]}", *one[1:]) for one in PEOPLE)


def measured(text: str) -> Goal:
    """Return a goal about the present job, measured, and due after the end of nothing."""
    result = KeyResult("calls", 10, 20, "calls a day")
    return Goal(text, GoalForm.SPECIFIC, [result], horizon=Horizon.CURRENT_ROLE)


def started(number: int, mentor: str, mentee: str, **clauses: Any) -> Relationship:
    """Return an active relationship of the program."""
    agreement = Agreement.draft(MENTORING, START.date(), term=TERM, purpose="to meet", **clauses)
    one = Relationship.propose(
        f"bad-{number}", MENTORING, pair(mentor, mentee), agreement, actor=Actor.admin(), at=START, program=PROGRAM
    )
    yes = (Accepted("yes-1", Actor.provider(mentor), START, 1), Accepted("yes-2", Actor.recipient(mentee), START, 1))
    return one.apply_all([*yes, Activated("go", Actor.admin(), START)])


PROGRAM = "A bad program (generated)"


def relationships() -> list[Relationship]:
    """Return four relationships, each bad in another way."""
    reports = ManagerPart({Item.EXISTENCE, Item.SCHEDULE, Item.GOALS, Item.NOTES}, ())
    return [
        started(1, "lead-1", "new-1"),
        started(2, "lead-1", "new-3", goals=[measured("sell more")], manager=reports),
        therapy(started(3, "lead-2", "old-1", goals=[Goal("grow")])),
        cancelled(started(4, "head", "new-1", goals=[Goal("grow")], cancellation_hours=48)),
    ]


def therapy(one: Relationship) -> Relationship:
    """Return it with sessions that a licensed professional should have held, all of them coaching."""
    mentor = Actor.provider("lead-2")
    return one.apply_all(
        SessionHeld(
            f"held-{i}", mentor, START + timedelta(days=20 * i), mode=Mode.COACHING, topics=["therapy", "dispute"]
        )
        for i in range(1, 5)
    )


def cancelled(one: Relationship) -> Relationship:
    """Return it with sessions cancelled an hour before they would have begun."""
    planned = one.planned_sessions(until=date(2026, 5, 31))
    return one.apply_all(
        SessionCancelled(
            f"late-{session.number}", Actor.recipient("new-1"), session.start - timedelta(hours=1), session.number
        )
        for session in planned[:4]
    )


if __name__ == "__main__":
    people()
    (HERE / "relationships.json").write_text(dumps_relationships(relationships()), encoding="utf-8")
