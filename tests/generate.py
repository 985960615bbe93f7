"""Hypothesis strategies for matching problems; those for the domain come with the library."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from devrel.kinds import Side
from devrel.matching import (
    AboveInLevel,
    Alike,
    BelowInLevel,
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
    OwnManager,
    Same,
    Shared,
    UpperLevelOrExternal,
    Weight,
)
from devrel.matching.circumstances import (
    CommonHours,
    InCommon,
    NotAMisfit,
    NotExcluded,
    NotTogetherBefore,
    Present,
    Trained,
)
from devrel.matching.talks import Fit, Talk
from devrel.matching.wishes import Chemistry, FirstInLine, HopesMet, HoursTogether, Preferred, Waiting
from devrel.people import Absence, Capacity, Enrollment, Person, Role, Support
from devrel.testing.strategies import texts

WORDS = ("red", "green", "blue", "gold")
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata")
IDS = [f"id{i}" for i in range(7)]
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
DAYS = (date(2026, 3, 11), date(2026, 7, 8))


FACTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": st.just("") | texts,
        "department": st.none() | st.sampled_from(WORDS),
        "organization": st.none() | st.sampled_from(["home", "elsewhere"]),
        "level": st.none() | st.integers(1, 5),
        "zone": st.none() | st.sampled_from(ZONES),
        "last_day": st.none() | st.sampled_from([TODAY - DAY, TODAY, TODAY + DAY]),
        "absences": st.sampled_from([(), (Absence(TODAY - DAY, TODAY),), (Absence(TODAY + DAY),)]),
        "attributes": st.fixed_dictionaries(
            {},
            optional={
                "colour": st.sampled_from(WORDS),
                "wants": st.lists(st.sampled_from(WORDS), max_size=4).map(tuple),
                "skills": st.lists(st.sampled_from([*WORDS, "grey"]), max_size=4).map(tuple),
                "years": st.integers(0, 9) | st.floats(0, 9, allow_nan=False),
                "asks": st.booleans(),
                "languages": st.lists(st.sampled_from(WORDS), max_size=3).map(tuple),
            },
        ),
        "sensitive": st.fixed_dictionaries({}, optional={"faith": st.sampled_from(WORDS), "asked": st.booleans()}),
    }
)
"""What is known of somebody; made once, as it takes longer to make than to draw from."""


@st.composite
def people(draw: st.DrawFn, most: int = 7) -> list[Person]:
    """People with reporting lines that have no circle, many attributes missing."""
    made: list[Person] = []
    for number in range(draw(st.integers(0, most))):
        email = f"id{number}@sample.invalid" if draw(st.booleans()) else None
        manager = draw(st.none() | st.sampled_from([one.id for one in made])) if made else None
        made.append(Person(f"id{number}", email=email, manager=manager, **draw(FACTS)))
    return made


weights = st.sampled_from([Weight.HIGH, Weight.MEDIUM, Weight.LOW]) | st.floats(0.1, 9)
fits = st.none() | st.sampled_from(Fit)
talks = st.builds(Talk, st.sampled_from(IDS), st.sampled_from(IDS), fits, fits)
limits = st.tuples(st.integers(-3, 1), st.integers(1, 4))
constraints = st.one_of(
    st.just(NotOwnManager()),
    st.just(NotSameManager()),
    st.just(NotInReportingLine()),
    st.sampled_from([OwnManager(), AboveInLevel(), BelowInLevel(), UpperLevelOrExternal()]),
    st.sampled_from(["department", "colour"]).map(Different),
    st.sampled_from(["department", "colour"]).map(Alike),
    limits.map(lambda pair: Gap("level", at_least=pair[0], at_most=pair[1])),
    st.integers(-2, 3).map(lambda low: Gap("years", at_least=low)),
    st.sampled_from([NotExcluded(), Trained(), Present(), InCommon(), InCommon("skills", 2)]),
    st.frozensets(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=6).map(NotTogetherBefore),
    st.lists(talks, max_size=4).map(NotAMisfit),
    st.sampled_from([CommonHours(60, DAYS), CommonHours(300, DAYS), CommonHours(200)]),
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
                HopesMet(**named),
                HoursTogether(300, DAYS, **named),
                HoursTogether(**named),
                Preferred(draw(st.none() | st.sampled_from(Side)), **named),
                Chemistry(draw(st.lists(talks, max_size=4)), **named),
                Waiting(60, **named),
                FirstInLine(**named),
            ]
        )
    )


WISHES: dict[str, st.SearchStrategy[Any]] = {
    "hopes": st.frozensets(st.sampled_from(Support)),
    "offers": st.frozensets(st.sampled_from(Support)),
    "waiting_since": st.sampled_from([TODAY - 30 * DAY, TODAY - 400 * DAY, TODAY + DAY]),
    "rematch": st.booleans(),
    "trained": st.booleans(),
}


@lru_cache
def wishes(person: str, count: int) -> st.SearchStrategy[dict[str, Any]]:
    """What somebody may say at her enrolment, of the first so many people; most say little."""
    others = [one for one in (f"id{number}" for number in range(count)) if one != person]
    named: dict[str, st.SearchStrategy[Any]] = {
        "preferences": st.lists(st.sampled_from(others), unique=True, max_size=3),
        "exclusions": st.frozensets(st.sampled_from(others), max_size=1),
    }
    return st.fixed_dictionaries({}, optional={**(named if others else {}), **WISHES})


@st.composite
def enrollments(draw: st.DrawFn, listed: list[Person]) -> list[Enrollment]:
    return [
        Enrollment(
            person.id,
            draw(st.sampled_from(Role)),
            Capacity(draw(st.integers(0, 3))),
            draw(st.sampled_from([1, 1, 1, 0, 2])),
            **draw(wishes(person.id, len(listed))),
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
        "today": TODAY,
    }
    return listed, draw(enrollments(listed)), arguments


@st.composite
def score_problems(draw: st.DrawFn, most: int = 4, demand: int = 3, minimum: int = 0) -> MatchingProblem:
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
        minimum=draw(st.lists(st.integers(0, minimum), min_size=columns, max_size=columns)) if minimum else 0,
        objective=draw(st.sampled_from(Objective)),
        seed=draw(st.integers(0, 99)),
    )


def build(drawn: Any) -> MatchingProblem:
    """Return the problem of drawn people."""
    listed, enrolled, arguments = drawn
    return MatchingProblem.from_people(listed, enrolled, **arguments)


problems = st.one_of(people_problems().map(build), score_problems())
"""Problems of people and rules, and of plain scores."""
