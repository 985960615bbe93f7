"""People in columns: from objects and straight from tables, with the same problem either way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from math import nan
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel import people as people_module
from devrel.errors import InputError, InvalidValue, MissingExtra
from devrel.kinds import MENTORING, Side
from devrel.matching import (
    AboveInLevel,
    Constraint,
    MatchingProblem,
    NotExcluded,
    NotInReportingLine,
    OptimalMatching,
    PeerMatching,
    Roster,
    Same,
    Shared,
)
from devrel.matching.columns import Column, codes_of
from devrel.people import Enrollment, Person, Role, Support
from devrel.programs import Program
from devrel.terms import Term
from tests.generate import TODAY, constraints, criteria, enrollments, people

CORE = ("id", "manager", "department", "organization", "level", "zone", "name", "email", "last_day")


def columns_of(listed: list[Person], enrolled: list[Enrollment]) -> tuple[dict[str, list[Any]], list[str]]:
    """Return people and their parts as a table, and the names of its sensitive columns."""
    parts = {one.person: one for one in enrolled}
    found: dict[str, list[Any]] = {name: [getattr(one, name) for one in listed] for name in CORE}
    more, hidden = ({name for one in listed for name in getattr(one, what)} for what in ("attributes", "sensitive"))
    found |= {name: [_cell(one.attributes.get(name)) for one in listed] for name in more}
    found |= {name: [one.sensitive.get(name) for one in listed] for name in hidden}
    facts: dict[str, Callable[[Enrollment], Any]] = {
        "role": lambda one: one.role.value,
        "capacity": lambda one: one.capacity.maximum,
        "minimum": lambda one: one.capacity.minimum,
        "demand": lambda one: one.demand,
        "hopes": lambda one: sorted(hope.value for hope in one.hopes),
        "offers": lambda one: sorted(offer.value for offer in one.offers),
        "preferences": lambda one: [list(rank) for rank in one.preferences],
        "exclusions": lambda one: sorted(one.exclusions),
    }
    for name in ("waiting_since", "rematch", "hours_offered", "hours_needed", "trained", "on_request"):
        facts[name] = attrgetter(name)
    for name, told in facts.items():
        found[name] = [told(parts[one.id]) if one.id in parts else None for one in listed]
    return found, sorted(hidden)


def _cell(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@st.composite
def organizations(draw: st.DrawFn) -> tuple[list[Person], list[Enrollment]]:
    """People without absences, which tables do not have, and their parts; empty lists say nothing."""
    listed = [
        evolve(
            one,
            name=one.name.strip(),
            absences=(),
            attributes={name: value for name, value in one.attributes.items() if value != ()},
        )
        for one in draw(people())
    ]
    return listed, draw(enrollments(listed))


@given(organizations(), st.lists(constraints, max_size=3), st.lists(criteria(), max_size=3), st.randoms())
def test_a_table_gives_the_same_problem_as_objects(given_, rules, scored, shuffled):
    """Whatever the rules and the order of the rows, every pair is judged alike, and so are places, hours and wishes."""
    listed, enrolled = given_
    names = [f"{number}" for number in range(len(scored))]
    scored = [evolve(one, name=name) for one, name in zip(scored, names, strict=True)]
    known = {"constraints": rules, "criteria": scored, "today": TODAY, "hours": 2}
    table, hidden = columns_of(shuffled.sample(listed, len(listed)), enrolled)
    roster = Roster.from_table(table, sensitive=hidden)
    expected = MatchingProblem.from_people(listed, enrolled, **known)
    found = MatchingProblem.from_people(roster, **known)
    assert found.fingerprint == expected.fingerprint
    assert (found.waiting, found.priority, found.private) == (expected.waiting, expected.priority, expected.private)
    for recipient, provider in [(r, p) for r in found.recipients for p in found.providers]:
        assert found.forbidden_by(recipient, provider) == expected.forbidden_by(recipient, provider)
        assert found.parts(recipient, provider) == expected.parts(recipient, provider)


@given(organizations())
def test_a_table_hands_out_the_people_it_was_made_of(given_):
    """Asked for a person or her part, a roster of a table makes the object that an API would have given."""
    listed, enrolled = given_
    table, hidden = columns_of(listed, enrolled)
    roster = Roster.from_table(table, sensitive=hidden)
    assert list(roster) == listed == list(roster.organization)
    parts = {one.person: one for one in enrolled}
    assert list(roster.enrollments) == [parts.get(one.id) for one in listed]
    assert [roster.organization.chain(one.id) for one in listed] == [
        people_module.Organization(listed).chain(one.id) for one in listed
    ]
    assert list(roster.public) == [one.public for one in listed]


@given(organizations(), st.lists(constraints, max_size=2), st.lists(criteria(must=False), max_size=1))
def test_a_table_gives_the_same_pool_as_objects(given_, rules, scored):
    """One pool of peers made from a table has the places and the scores of the one made from objects."""
    listed, enrolled = given_
    table, hidden = columns_of(listed, enrolled)
    roster = Roster.from_table(table, sensitive=hidden)
    known = {"constraints": rules, "criteria": scored, "today": TODAY}
    assert (
        MatchingProblem.from_pool(roster, **known).fingerprint
        == MatchingProblem.from_pool(listed, enrolled, **known).fingerprint
    )


DATA = {
    "employee": [3, 1, 2, 4],
    "boss": [None, 3, 3, None],
    "role": ["provider", "recipient", "recipient", None],
    "capacity": [2, None, None, None],
    "level": [6, 2, 3, 4],
    "skills": ["sql; python", "sql", "", "python;sql"],
    "joined": [date(2020, 1, 1)] * 4,
    "waiting_since": [None, date(2026, 1, 1), None, None],
}


@pytest.mark.parametrize("library", [dict, pd.DataFrame, pl.DataFrame], ids=["mapping", "pandas", "polars"])
def test_tables_of_several_libraries_say_the_same(library):
    """Numbers as ids, gaps that turn whole numbers into floats, texts that are lists and days are read alike."""
    roster = Roster.from_table(
        library(DATA), columns={"id": "employee", "manager": "boss"}, lists=["skills"], ignore=["joined"]
    )
    assert roster[1] == Person("1", manager="3", level=2, attributes={"skills": ("sql",)})
    assert roster.enrollments[0] == Enrollment("3", Role.PROVIDER, capacity=2)
    assert roster.enrollments[3] is None
    problem = MatchingProblem.from_people(
        roster, constraints=[AboveInLevel()], criteria=[Shared("skills")], today=date(2026, 3, 2)
    )
    assert problem.recipients == ("1", "2")
    assert problem.waiting == (60, None)
    assert {(one.recipient, one.provider) for one in OptimalMatching().match(problem).pairs} == {("1", "3"), ("2", "3")}


def test_pandas_words_for_nothing_are_not_known():
    """nan, NaT, NA and empty texts all leave an attribute unknown."""
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "team": ["", None, pd.NA, " x "],
            "years": [nan, 2.5, nan, nan],
            "level": pd.array([1, None, 3, None], dtype="Int64"),
            "last_day": [pd.NaT, pd.Timestamp(2026, 5, 1), pd.NaT, pd.NaT],
        }
    )
    roster = Roster.from_table(frame)
    assert roster.column("team").list() == [None, None, None, "x"]
    assert roster.column("years").list() == [None, 2.5, None, None]
    assert roster.column("level").list() == [1, None, 3, None]
    assert [one.last_day for one in roster] == [None, date(2026, 5, 1), None, None]


class _Odd(Constraint):
    """A third party's rule that looks at people one by one."""

    name = "odd"

    def forbids(self, case):
        return case.recipient.attributes["team"] == case.provider.attributes["team"]


def test_no_person_is_made_until_one_is_asked_for(monkeypatch):
    """A thousand people are read and judged without one object; a rule that asks for people gets them."""
    count = 1000
    table = {
        "id": [f"p{i}" for i in range(count)],
        "manager": [None, *(f"p{i // 5}" for i in range(1, count))],
        "role": [("provider", "recipient", "both")[i % 3] for i in range(count)],
        "department": [f"d{i % 7}" for i in range(count)],
        "level": [9 - len(str(i)) for i in range(count)],
        "team": [f"t{i % 9}" for i in range(count)],
    }
    roster = Roster.from_table(table)
    made: list[str] = []
    original = type(roster._people).person
    monkeypatch.setattr(type(roster._people), "person", lambda self, row: made.append(row) or original(self, row))
    program = Program(
        "sample",
        MENTORING,
        Term.of_months(date(2026, 1, 5), 9),
        rules=[AboveInLevel(), NotInReportingLine(), NotExcluded()],
        criteria=[Same("department")],
    )
    problem = MatchingProblem.from_program(program, roster, today=date(2026, 1, 5))
    assert problem.eligible.any()
    assert made == []
    assert MatchingProblem.from_people(roster[:6], constraints=[_Odd()]).eligible.any()
    assert made


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": ["a", "a", None]}, ["row 2, column 'id': the id is used twice", "row 3, column 'id': there is no id"]),
        ({"manager": ["b", "a", None]}, ["row 1, column 'manager': she is her own", "row 2, column 'manager': she is"]),
        ({"manager": ["x", None, None]}, ["row 1, column 'manager': the manager does not exist (found 'x')"]),
        ({"role": ["boss", None, None]}, ["row 1, column 'role': must be one of: provider, recipient, both"]),
        ({"zone": ["Europe/London", "Mars", None]}, ["row 2, column 'zone'"]),
        ({"level": [1.5, True, "high"]}, ["row 1, column 'level'", "row 2, column 'level'", "row 3, column 'level'"]),
        ({"capacity": [-1, 1, 1]}, ["row 1, column 'capacity'"]),
        ({"minimum": [0, 2, 0], "role": ["both"] * 3}, ["row 2, column 'minimum': the minimum is above the capacity"]),
        ({"hopes": [["gold"], None, None]}, ["row 1, column 'hopes': must be one of: introductions"]),
        ({"exclusions": [["a"], None, None]}, ["row 1, column 'exclusions': the person herself is named"]),
        ({"preferences": [[["b", "b"]], None, None]}, ["row 1, column 'preferences'"]),
        ({"waiting_since": ["soon", None, None]}, ["row 1, column 'waiting_since': must be a day"]),
        ({"pay": [{"eur": 1}, [1, 2], 3]}, ["row 1, column 'pay'", "row 2, column 'pay'"]),
        ({"last_day": [1, None, None]}, ["row 1, column 'last_day'"]),
        ({"rematch": ["no", None, None]}, ["row 1, column 'rematch'"]),
    ],
    ids=lambda value: "".join(value)[:60] if isinstance(value, dict) else value[0][:60],
)
def test_what_is_wrong_with_a_table_is_told_by_row_and_column(changes, told):
    """Every cell that cannot be is named with its row and column, all at once, and nothing is read."""
    with pytest.raises(InputError) as caught:
        Roster.from_table({"id": ["a", "b", "c"], **changes})
    lines = [str(problem) for problem in caught.value.problems]
    assert len(lines) == len(told)
    for line, start in zip(lines, told, strict=True):
        assert line.startswith(start), line


def test_all_that_is_wrong_is_told_at_once():
    """Mistakes in several columns come together."""
    with pytest.raises(InputError) as caught:
        Roster.from_table({"id": ["a", "b"], "level": ["x", 1], "zone": ["Mars", None], "role": [None, "x"]})
    assert {problem.column for problem in caught.value.problems} == {"level", "zone", "role"}


def test_the_same_mistake_in_many_rows_is_not_told_a_thousand_times():
    """Twenty rows are named, the others counted."""
    with pytest.raises(InputError) as caught:
        Roster.from_table({"id": [f"p{i}" for i in range(1000)], "level": ["x"] * 1000})
    assert len(caught.value.problems) == 21
    assert "980 more rows" in str(caught.value.problems[-1])


@pytest.mark.parametrize(
    ("table", "how", "told"),
    [
        ({"ident": ["a"]}, {}, "there is no column 'id'"),
        ({"id": ["a"]}, {"columns": {"manager": "bos"}}, "there is no column 'bos'"),
        ({"id": ["a"], "skill": ["x"]}, {"lists": ["skills"]}, "Did you mean 'skill'?"),
        ({"id": ["a"], "b": ["b"]}, {"columns": {"id": "b"}}, "two columns are 'id'"),
        ({"b": ["a"]}, {"columns": {"id": "b", "manager": "b"}}, "named for two things"),
    ],
)
def test_columns_that_do_not_fit_are_named(table, how, told):
    """A missing column, one that is named twice and two of one name are refused with what to do."""
    with pytest.raises(InputError, match=told.replace("?", r"\?")):
        Roster.from_table(table, **how)


def test_what_is_no_table_is_refused():
    """Columns of different lengths, and things that are no table."""
    with pytest.raises(InvalidValue, match="different lengths"):
        Roster.from_table({"id": ["a", "b"], "level": [1]})
    with pytest.raises(InvalidValue, match="must be a table"):
        Roster.from_table(object())


def test_without_narwhals_the_extra_is_named(monkeypatch):
    """Tables of other libraries need the extra; a mapping does not."""
    monkeypatch.setitem(__import__("sys").modules, "narwhals.stable.v2", None)
    with pytest.raises(MissingExtra, match=r"\[tables\]"):
        Roster.from_table(pl.DataFrame({"id": ["a"]}))
    assert len(Roster.from_table({"id": ["a"]})) == 1


def test_a_roster_says_itself_who_takes_part():
    """Enrolments beside a roster would say it twice, so they are refused."""
    roster = Roster.from_table({"id": ["a"]})
    with pytest.raises(InvalidValue, match="beside a roster"):
        MatchingProblem.from_people(roster, [Enrollment("a", Role.RECIPIENT)])


def test_sensitive_columns_are_hidden_from_rules_that_do_not_say_so():
    """A criterion sees a sensitive column only where it says that it is sensitive, and then the problem is private."""
    table = {"id": ["a", "b"], "role": ["recipient", "provider"], "faith": ["x", "x"]}
    roster = Roster.from_table(table, sensitive=["faith"])
    plain = MatchingProblem.from_people(roster, criteria=[Same("faith")])
    hidden = MatchingProblem.from_people(roster, criteria=[Same("faith", sensitive=True)])
    assert (plain.points.tolist(), plain.private) == ([[0]], False)
    assert (hidden.points.tolist(), hidden.private) == ([[hidden.unit]], True)
    audit = OptimalMatching().match(hidden).audit(by="faith")
    assert audit is not None


def test_circles_come_from_a_table():
    """Peers are matched from a table as from objects."""
    table = {
        "id": [f"p{i}" for i in range(6)],
        "role": ["recipient", "provider", "both"] * 2,
        "level": [1, 1, 2, 2, 3, 3],
    }
    pool = MatchingProblem.from_pool(Roster.from_table(table), criteria=[Same("level")])
    assert {frozenset((one.recipient, one.provider)) for one in PeerMatching().match(pool).pairs} == {
        frozenset(("p0", "p1")),
        frozenset(("p2", "p3")),
        frozenset(("p4", "p5")),
    }


values = st.none() | st.integers(-2, 2) | st.booleans() | st.floats(-2, 2) | st.just(nan) | st.sampled_from("ab")


@given(st.lists(values), st.lists(values))
def test_codes_are_equal_where_values_are(mine, theirs):
    """Coded columns compare as their values do: 1 and True are equal, nan and what is not known equal nothing."""
    down, across = codes_of(Column.of(mine), Column.of(theirs))
    for value, code in zip(mine, down, strict=True):
        assert [code == other and code >= 0 for other in across] == [
            value is not None and value == another for another in theirs
        ]


@given(st.lists(values))
def test_a_column_gives_back_its_values(given_):
    """A column has the values it was made of, each with its own type."""
    column = Column.of(given_)
    assert [(type(one), repr(one)) for one in column.list()] == [(type(one), repr(one)) for one in given_]
    assert [repr(column[row]) for row in range(len(column))] == [repr(one) for one in given_]
    assert column.mapped(lambda one: one is None, np.bool_).tolist() == [one is None for one in given_]


def test_slices_and_parts_of_a_roster_are_rosters():
    """A part of a part keeps its people and their enrolments."""
    roster = Roster.of(
        [Person(f"p{i}") for i in range(5)], [Enrollment(f"p{i}", Role.RECIPIENT, demand=i) for i in range(5)]
    )
    part = roster[1:].take(np.array([2, 0]))
    assert (part.ids, [one.demand for one in part.enrollments]) == (["p3", "p1"], [3, 1])
    assert part.enrollments[1:][0].demand == 1
    assert roster.taking(Side.RECIPIENT).ids == ["p1", "p2", "p3", "p4"]
    assert repr(part) == "<Roster: 2 people>"


def test_days_and_times_are_days():
    """A time of day in a column of days is left out; texts are read as ISO days."""
    roster = Roster.from_table(
        {
            "id": ["a", "b"],
            "last_day": [datetime(2026, 1, 2, 3), "2026-01-02"],
            "offers": ["time; introductions", "time"],
            "role": ["provider"] * 2,
        },
    )
    assert [one.last_day for one in roster] == [date(2026, 1, 2)] * 2
    assert roster.enrollments[0].offers == {Support.TIME, Support.INTRODUCTIONS}
