"""Hypothesis strategies for the concepts of the domain, shared by every property."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from devrel.agreements import Agreement
from devrel.errors import IllegalMove
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import KINDS, GoalForm, Side
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    ActorRole,
    Amended,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Declined,
    DeclineReason,
    Ended,
    EndedForConduct,
    EndReason,
    Expired,
    Invalidated,
    Paused,
    Resumed,
    SessionHeld,
    Withdrawn,
)
from devrel.matching import (
    Alike,
    Different,
    Differs,
    Gap,
    MatchingProblem,
    Near,
    NotInReportingLine,
    NotOwnManager,
    NotSameManager,
    Objective,
    Offered,
    Same,
    Shared,
    Weight,
)
from devrel.people import Capacity, Enrollment, Party, Person, Role
from devrel.relationships import Relationship
from devrel.terms import Cadence, Term, Unit, Weekday

START = datetime(2026, 1, 5, tzinfo=UTC)
WORDS = ("red", "green", "blue", "gold")
ZONES = ("UTC", "Europe/London", "America/Denver", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca")

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    start = draw(days)
    form = draw(st.sampled_from(["months", "days", "single", "open"]))
    if form == "months":
        return Term.of_months(start, draw(st.integers(1, 30)))
    if form == "single":
        return Term.single_session(start, within_days=draw(st.integers(0, 60)))
    return Term(start, start + timedelta(days=draw(st.integers(0, 500))) if form == "days" else None)


cadences = st.builds(
    Cadence,
    every=st.integers(1, 6),
    unit=st.sampled_from(Unit),
    weekday=st.none() | st.sampled_from(Weekday),
    at=st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
    zone=st.sampled_from(ZONES),
)

numbers = st.integers(-100, 100)
key_results = st.builds(
    lambda name, base, step, unit, readings: KeyResult(
        name, base, base + step, unit, check_ins=[CheckIn(day, value) for day, value in sorted(readings)]
    ),
    texts,
    numbers,
    numbers.filter(bool),
    texts,
    st.lists(st.tuples(days, numbers), max_size=3),
)
goals = st.builds(Goal, texts, st.sampled_from(GoalForm)) | st.builds(
    Goal, texts, st.just(GoalForm.SPECIFIC), st.lists(key_results, max_size=2)
)
agreements = st.builds(
    Agreement,
    term=terms(),
    cadence=cadences,
    minutes=st.integers(5, 240),
    goals=st.lists(goals, max_size=3),
    purpose=st.just("") | texts,
)


@st.composite
def parties(draw: st.DrawFn) -> tuple[Party, ...]:
    givers = [Party(f"p{i}", Role.PROVIDER) for i in range(draw(st.integers(1, 2)))]
    takers = [Party(f"r{i}", Role.RECIPIENT) for i in range(draw(st.integers(1, 3)))]
    mutual = [Party("m0", Role.BOTH)] if draw(st.booleans()) else []
    return (*givers, *takers, *mutual)


@st.composite
def proposals(draw: st.DrawFn) -> Relationship:
    return Relationship.propose(
        "rel",
        draw(st.sampled_from(KINDS)),
        draw(parties()),
        draw(agreements),
        actor=Actor.system(),
        at=START,
        respond_by=draw(st.none() | st.just(START + timedelta(days=14))),
        program=draw(st.none() | texts),
    )


@st.composite
def actors(draw: st.DrawFn, relationship: Relationship) -> Actor:
    role = draw(st.sampled_from(ActorRole))
    if role in {ActorRole.ADMIN, ActorRole.SYSTEM}:
        return Actor(role)
    return Actor(role, draw(st.sampled_from([*relationship.people(Side(role.value)), "stranger"])))


@st.composite
def events(draw: st.DrawFn, relationship: Relationship, number: int):
    """One event that may or may not be allowed next."""
    kind = draw(
        st.sampled_from([Accepted] * 4 + [SessionHeld, Activated] * 2 + [Amended, Declined, Withdrawn, Expired])
        | st.sampled_from([Invalidated, Paused, Resumed, ClosingBegun, Completed, CompletedEarly, Ended])
        | st.just(EndedForConduct)
    )
    actor = draw(actors(relationship))
    at = relationship.state.last + timedelta(days=draw(st.sampled_from([0, 1, 30, 400, -1])))
    more: dict[Any, Any] = {
        Accepted: lambda: {"version": relationship.agreement.version + draw(st.sampled_from([0, 0, 0, 1]))},
        Amended: lambda: {"agreement": relationship.agreement.amended(minutes=draw(st.integers(5, 90)))},
        Declined: lambda: {"reason": draw(st.sampled_from(DeclineReason)), "note": draw(texts)},
        Ended: lambda: {"reason": draw(st.sampled_from(EndReason)), "note": draw(texts)},
        EndedForConduct: lambda: {"note": draw(texts)},
        SessionHeld: lambda: {"minutes": draw(st.integers(1, 99)), "notes": draw(texts)},
        Paused: lambda: {"until": draw(st.none() | days)},
    }
    return kind(f"e{number}", actor, at, **more.get(kind, dict)())


@st.composite
def relationships(draw: st.DrawFn) -> Relationship:
    """A relationship somewhere in its life: accepted along the way, so that every stage is reached."""
    relationship = draw(proposals())
    if draw(st.booleans()):
        relationship = agree(relationship)
    for number in range(draw(st.integers(0, 6))):
        event = draw(events(relationship, number))
        try:
            relationship = relationship.apply(event)
        except IllegalMove:  # refused events are what other tests look at
            continue
    return relationship


def agree(relationship: Relationship) -> Relationship:
    """Let everybody accept, with a goal as the kind needs it, and start where the term allows."""
    needed = relationship.kind.focus.needs
    goal = () if needed is None else (Goal("a goal", needed),)
    amended = relationship.agreement.amended(goals=goal)
    relationship = relationship.apply(Amended("x1", Actor.admin(), START, amended))
    for i, party in enumerate(relationship.parties):
        role = ActorRole.RECIPIENT if party.role is Role.RECIPIENT else ActorRole.PROVIDER
        relationship = relationship.apply(Accepted(f"y{i}", Actor(role, party.person), START, 2))
    if relationship.agreement.missing_for(relationship.kind):
        return relationship
    return relationship.apply(Activated("z", Actor.system(), START))


@st.composite
def people(draw: st.DrawFn, most: int = 7) -> list[Person]:
    """People with reporting lines that have no circle, many attributes missing."""
    count = draw(st.integers(0, most))
    made: list[Person] = []
    for i in range(count):
        made.append(
            Person(
                f"id{i}",
                name=draw(st.just("") | texts),
                email=draw(st.none() | st.just(f"id{i}@sample.invalid")),
                manager=draw(st.none() | st.sampled_from([p.id for p in made])) if made else None,
                department=draw(st.none() | st.sampled_from(WORDS)),
                level=draw(st.none() | st.integers(1, 5)),
                attributes=draw(
                    st.fixed_dictionaries(
                        {},
                        optional={
                            "colour": st.sampled_from(WORDS),
                            "wants": st.lists(st.sampled_from(WORDS), max_size=4).map(tuple),
                            "skills": st.lists(st.sampled_from([*WORDS, "grey"]), max_size=4).map(tuple),
                            "years": st.integers(0, 9) | st.floats(0, 9, allow_nan=False),
                            "asks": st.booleans(),
                        },
                    )
                ),
                sensitive=draw(
                    st.fixed_dictionaries({}, optional={"faith": st.sampled_from(WORDS), "asked": st.booleans()})
                ),
            )
        )
    return made


weights = st.sampled_from([Weight.HIGH, Weight.MEDIUM, Weight.LOW]) | st.floats(0.1, 9)
limits = st.tuples(st.integers(-3, 1), st.integers(1, 4))
constraints = st.one_of(
    st.just(NotOwnManager()),
    st.just(NotSameManager()),
    st.just(NotInReportingLine()),
    st.sampled_from(["department", "colour"]).map(Different),
    st.sampled_from(["department", "colour"]).map(Alike),
    limits.map(lambda pair: Gap("level", at_least=pair[0], at_most=pair[1])),
    st.integers(-2, 3).map(lambda low: Gap("years", at_least=low)),
)


@st.composite
def criteria(draw: st.DrawFn, *, must: bool = True, sensitive: bool = False):
    named: dict[str, Any] = {"name": f"criterion {draw(st.integers(0, 10**9))}", "weight": draw(weights)}
    if must and not sensitive and draw(st.integers(0, 5)) == 0:
        named |= {"weight": Weight.MUST, "minimum": draw(st.sampled_from([0.25, 0.5, 1.0]))}
    if sensitive:
        when = draw(st.none() | st.just("asked"))
        named |= {"name": "private criterion", "sensitive": True}
        return draw(st.sampled_from([Same("faith", **named), Offered("faith", "faith", when, **named)]))
    return draw(
        st.sampled_from(
            [
                Same("colour", **named),
                Differs("department", **named),
                Shared("skills", **named),
                Offered("wants", "skills", **named),
                Offered("wants", "skills", "asks", **named),
                Near("level", 2, 2, **named),
                Near("years", 0, 3.5, **named),
            ]
        )
    )


@st.composite
def enrollments(draw: st.DrawFn, listed: list[Person]) -> list[Enrollment]:
    return [
        Enrollment(
            person.id,
            draw(st.sampled_from(Role)),
            Capacity(draw(st.integers(0, 3))),
            draw(st.sampled_from([1, 1, 1, 0, 2])),
        )
        for person in listed
        if draw(st.integers(0, 5))
    ]


@st.composite
def people_problems(draw: st.DrawFn, *, sensitive: bool = False):
    """People, enrolments and the arguments that make a problem of them."""
    listed = draw(people())
    rules = draw(st.lists(constraints, max_size=3, unique_by=lambda rule: rule.name))
    scored = draw(st.lists(criteria(), max_size=3, unique_by=lambda one: one.name))
    if sensitive:
        scored.append(draw(criteria(sensitive=True)))
    arguments = {
        "constraints": rules,
        "criteria": scored,
        "objective": draw(st.sampled_from(Objective)),
        "seed": draw(st.integers(0, 99)),
    }
    return listed, draw(enrollments(listed)), arguments


@st.composite
def score_problems(draw: st.DrawFn, most: int = 4, demand: int = 3) -> MatchingProblem:
    rows, columns = draw(st.integers(0, most)), draw(st.integers(0, most))
    highest = draw(st.sampled_from([0, 1, 3, 1000]))
    cells = st.integers(0, highest)
    scores = [[draw(cells) for _ in range(columns)] for _ in range(rows)]
    eligible = [[draw(st.integers(0, 3)) > 0 for _ in range(columns)] for _ in range(rows)]
    return MatchingProblem.from_scores(
        np.array(scores, dtype=np.int64).reshape(rows, columns),
        eligible=np.array(eligible, dtype=bool).reshape(rows, columns),
        capacity=draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns)),
        demand=draw(st.lists(st.integers(0, demand), min_size=rows, max_size=rows)),
        objective=draw(st.sampled_from(Objective)),
        seed=draw(st.integers(0, 99)),
    )
