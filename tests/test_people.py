"""People, reporting lines, enrolments, goals and sessions."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.banks import QUESTIONS, Phase
from devrel.errors import InputError, InvalidValue
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import COACHING, GoalForm, Side
from devrel.people import Absence, Capacity, Enrollment, Organization, Person, Role, circles, enrolled_once
from devrel.sessions import Plan, plan
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import key_results
from tests.generate import people


@given(people())
def test_a_reporting_line_ends_at_the_top_without_repeating(listed):
    """The chain above everybody follows the managers one by one and names nobody twice."""
    organization = Organization(listed)
    for person in listed:
        chain = organization.chain(person.id)
        assert len(set(chain)) == len(chain)
        assert chain[:1] == ((person.manager,) if person.manager else ())
        assert all(organization.in_line(person.id, above) for above in chain)
        if chain:
            assert organization[chain[-1]].manager is None


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdef")))
def test_circles_are_exactly_the_people_above_themselves(managers):
    """Somebody is in a circle if and only if walking up the line leads back to her."""

    def above_herself(start: str) -> bool:
        person, steps = managers.get(start), 0
        while person is not None and steps <= len(managers):
            if person == start:
                return True
            person, steps = managers.get(person), steps + 1
        return False

    assert circles(managers) == [person for person in managers if above_herself(person)]


def test_everything_wrong_with_an_organisation_is_told_at_once():
    """A duplicate, an unknown manager and a circle come in one error."""
    wrong = [Person("a", manager="b"), Person("b", manager="a"), Person("c", manager="nobody"), Person("c")]
    with pytest.raises(InputError) as caught:
        Organization([*wrong[:3], Person("d"), Person("d", manager="zzz")])
    said = str(caught.value)
    assert "'d' is used twice" in said
    assert "manager of 'c' does not exist" in said
    assert "'a' is her own manager" in said
    assert len(caught.value.problems) == 5


def test_an_organisation_can_be_looked_into():
    """It counts, finds and lists its people and does not print them."""
    organization = Organization([Person("a", name="Secret Name"), Person("b", manager="a")])
    assert len(organization) == 2
    assert "a" in organization
    assert [person.id for person in organization] == ["a", "b"]
    assert repr(organization) == "<Organization: 2 people>"
    assert Person("x").shown_name == "x"


def test_sensitive_attributes_look_unknown_to_whoever_may_not_see_them():
    """Reading a sensitive attribute needs to be asked for by name."""
    person = Person("a", attributes={"colour": "red"}, sensitive={"faith": "blue"})
    assert (person.get("colour"), person.get("faith"), person.get("faith", sensitive=True)) == ("red", None, "blue")


def test_lists_are_taken_as_they_come_and_other_things_are_refused():
    """A list or a set of texts becomes a tuple; a mapping, None, or a field's name among the attributes is refused."""
    person = Person("a", attributes={"skills": ["sql", "go"], "wants": {"b", "a"}}, sensitive={"faith": ["x"]})
    assert dict(person.attributes) == {"skills": ("sql", "go"), "wants": ("a", "b")}
    assert person.sensitive["faith"] == ("x",)
    for wrong in ({"a": 1}, None, [1, 2]):
        with pytest.raises(InvalidValue, match="must be a text, a number"):
            Person("a", attributes={"x": wrong})
    with pytest.raises(InvalidValue, match="'level' is a field of its own; write Person"):
        Person("a", attributes={"level": 3})


def test_a_person_in_an_unknown_zone_is_refused():
    """A time zone that does not exist is an error at once and not when a meeting is planned."""
    with pytest.raises(InvalidValue, match="zone"):
        Person("a", zone="Mars/Olympus")


def test_enrolments_say_how_many_partners_somebody_takes():
    """Somebody on both sides has a capacity and a demand; on one side the other counts 0."""
    both = Enrollment("a", Role.BOTH, capacity=2, demand=3)
    assert (both.takes(Side.PROVIDER), both.takes(Side.RECIPIENT)) == (2, 3)
    assert Enrollment("a", Role.RECIPIENT, capacity=2).takes(Side.PROVIDER) == 0
    with pytest.raises(InvalidValue, match="minimum"):
        Capacity(1, minimum=2)


def test_nobody_is_enrolled_twice_or_from_outside():
    """A second enrolment and an enrolment of somebody unknown are refused by name."""
    organization = Organization([Person("a")])
    with pytest.raises(InputError, match="'a' is enrolled twice"):
        enrolled_once([Enrollment("a", Role.BOTH), Enrollment("a", Role.PROVIDER)], organization)
    with pytest.raises(InputError, match="'b' is enrolled but not among the people"):
        enrolled_once([Enrollment("b", Role.BOTH)], organization)


@given(key_results())
def test_progress_runs_from_baseline_to_target_and_may_fall(result):
    """Progress is 0 at the baseline, 1 at the target and follows the latest reading, down as well as up."""
    later = date(2041, 1, 1)
    assert result.checked(CheckIn(later, result.target)).progress == 1
    assert result.checked(CheckIn(later, result.baseline)).progress == 0
    up = result.checked(CheckIn(later, result.target)).checked(CheckIn(later, result.baseline))
    assert up.progress == 0


def test_goals_keep_to_their_form():
    """Only a specific goal has key results; a target has to differ from its baseline; readings come in order."""
    result = KeyResult("calls", 0, 10, "calls a week")
    half = KeyResult("visits", 0, 10, "visits a week").checked(CheckIn(date(2026, 1, 1), 5))
    assert Goal("more calls", GoalForm.SPECIFIC, [result, half]).progress == 0.25
    assert Goal("a theme").progress is None
    with pytest.raises(InvalidValue, match="specific goal only"):
        Goal("a theme", GoalForm.THEME, [result])
    with pytest.raises(InvalidValue, match="must differ"):
        KeyResult("calls", 1, 1, "calls")
    for endless in (float("nan"), float("inf")):
        with pytest.raises(InvalidValue, match="target: must be a whole number or a number"):
            KeyResult("calls", 0, endless, "calls")
    with pytest.raises(InvalidValue, match="order of their days"):
        KeyResult("calls", 0, 1, "n", check_ins=[CheckIn(date(2026, 2, 1), 1), CheckIn(date(2026, 1, 1), 1)])


def test_a_session_ends_after_its_length_whatever_the_clocks_do():
    """Two hours over the night of the change in London end two real hours later."""
    night = Term(date(2026, 3, 29), date(2026, 3, 29))
    half_past_midnight = Cadence(1, Unit.WEEK, None, time(0, 30), "Europe/London")
    (session,) = plan(COACHING, [Plan(None, night, half_past_midnight, 120)])
    assert str(session.end) == "2026-03-29 03:30:00+01:00"
    assert session.end.astimezone(UTC) - session.start.astimezone(UTC) == timedelta(hours=2)


def test_planned_sessions_are_numbered_and_have_an_agenda():
    """Sessions count from 1, last as long as agreed and carry the kind's agenda."""
    sessions = plan(COACHING, [Plan(None, Term.of_months(date(2026, 1, 5), 1), Cadence(1, Unit.WEEK), 45)])
    assert [session.number for session in sessions] == [1, 2, 3, 4, 5]
    assert (sessions[0].end - sessions[0].start).seconds == 45 * 60
    opening = [question.text for question in QUESTIONS.for_kind(COACHING, Phase.FIRST_MEETING)]
    assert list(sessions[0].agenda.items) == opening
    assert sessions[1].agenda.items == COACHING.strategy.prompts


def test_an_absence_has_a_first_and_a_last_day():
    """Somebody is away from the first to the last day, or without a known end; the two cannot be swapped."""
    leave = Absence(date(2026, 3, 2), date(2026, 3, 6))
    person = Person("p", absences=[leave, Absence(date(2026, 9, 1))], last_day=date(2027, 1, 31))
    assert person.away(date(2026, 3, 1)) is None
    assert person.away(date(2026, 3, 2)) == person.away(date(2026, 3, 6)) == leave
    assert person.away(date(2026, 3, 7)) is None
    assert person.away(date(2030, 1, 1)) is not None
    with pytest.raises(InvalidValue, match="must not lie before the start"):
        Absence(date(2026, 3, 6), date(2026, 3, 2))


def test_somebody_is_gone_after_her_last_day():
    """On her last day somebody is still there, the day after she has left; without a last day she stays."""
    person = Person("p", last_day=date(2027, 1, 31))
    assert not person.gone(date(2027, 1, 31))
    assert person.gone(date(2027, 2, 1))
    assert not Person("q").gone(date(2100, 1, 1))
    assert "2027" not in repr(person)
