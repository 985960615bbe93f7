"""Goals: progress up and down, readings that are kept, and what a goal cannot be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.goals import CheckIn, Goal, KeyResult, keeping_readings
from devrel.kinds import GoalForm, Horizon
from devrel.testing.strategies import days, goals, key_results, numbers

START = date(2026, 1, 5)
SPECIFIC = GoalForm.SPECIFIC
WORDS: Any = "words where something else belongs"


def later(days):
    return START + timedelta(days=days)


def measured(*results, text="fewer errors", **more):
    return Goal(text, SPECIFIC, results, **more)


ERRORS = KeyResult("errors a week", 10, 4, "errors", due=later(90))
VISITS = KeyResult("visits", 0, 8, "visits")


# Key results ------------------------------------------------------------------------------------------------------


@given(key_results(), days, numbers)
def test_a_reading_is_appended_and_nothing_else_changes(result, on, value):
    """A reading goes to the end, the others stay, the key result before stays as it was; an earlier one is refused."""
    before = result.check_ins
    reading = CheckIn(on, value)
    if before and on < before[-1].on:
        with pytest.raises(InvalidValue, match="in the order of their days"):
            result.checked(reading)
    else:
        after = result.checked(reading)
        assert after.check_ins == (*before, reading)
        assert evolve(after, check_ins=before) == result
    assert result.check_ins == before


@given(numbers, numbers.filter(bool), st.lists(numbers, max_size=6))
def test_progress_is_the_share_of_the_way_and_may_fall(baseline, distance, values):
    """Progress is 0 at the baseline, 1 at the target, the same for rising and falling targets, and follows readings."""
    result = KeyResult("r", baseline, baseline + distance, "n")
    mirrored = KeyResult("r", -baseline, -(baseline + distance), "n")
    assert result.progress == 0
    for number, value in enumerate(values):
        result = result.checked(CheckIn(later(number), value))
        mirrored = mirrored.checked(CheckIn(later(number), -value))
        assert result.progress == pytest.approx((value - baseline) / distance)
        assert mirrored.progress == result.progress
    assert result.checked(CheckIn(later(99), baseline + distance)).progress == 1
    assert result.checked(CheckIn(later(99), baseline)).progress == 0


def test_progress_rises_and_falls_with_the_readings():
    """Errors from 10 to 4: seven is half of the way, four all of it, more than ten less than nothing."""
    values = [7, 4, 3, 10, 13]
    shares = []
    result = ERRORS
    for number, value in enumerate(values):
        result = result.checked(CheckIn(later(number), value))
        shares.append(result.progress)
    assert shares == pytest.approx([0.5, 1, 7 / 6, 0, -0.5])


@given(key_results(), days)
def test_overdue_means_late_and_not_there(result, today):
    """A key result is overdue after its day while the target is not reached; without a day it never is."""
    late = result.due is not None and today > result.due
    assert result.overdue(today) == (late and result.progress < 1)
    assert not evolve(result, due=None).overdue(today)
    reached = evolve(result, check_ins=()).checked(CheckIn(later(0), result.target))
    assert not reached.overdue(today)


def test_the_due_day_itself_is_not_late():
    """A key result is due until the end of its day, and what has fallen back is overdue again."""
    assert not ERRORS.overdue(later(90))
    assert ERRORS.overdue(later(91))
    done = ERRORS.checked(CheckIn(later(80), 4))
    assert not done.overdue(later(91))
    assert done.checked(CheckIn(later(85), 9)).overdue(later(91))


# Goals ------------------------------------------------------------------------------------------------------------


@given(goals())
def test_the_progress_of_a_goal_is_the_mean_of_its_key_results(goal):
    """A goal without key results has no progress; else it has the mean."""
    if not goal.key_results:
        assert goal.progress is None
    else:
        mean = sum(one.progress for one in goal.key_results) / len(goal.key_results)
        assert goal.progress == pytest.approx(mean)


def test_a_reading_goes_to_the_key_result_of_its_name():
    """One key result is read, the other stays; one that the goal does not have is refused and not named."""
    goal = measured(ERRORS, VISITS)
    read = goal.checked("visits", CheckIn(later(5), 2))
    assert [len(one.check_ins) for one in read.key_results] == [0, 1]
    assert read.progress == pytest.approx(0.125)
    assert goal.progress == 0
    with pytest.raises(InvalidValue, match="is none of this goal") as refused:
        goal.checked("secret name", CheckIn(later(5), 2))
    assert "secret name" not in str(refused.value)


def test_key_results_are_unique_and_belong_to_specific_goals():
    """Two key results of one name, or key results of a theme, a question or an opportunity, are refused."""
    with pytest.raises(InvalidValue, match="have a name twice"):
        measured(ERRORS, evolve(VISITS, name=ERRORS.name))
    for form in set(GoalForm) - {SPECIFIC}:
        with pytest.raises(InvalidValue, match="belong to a specific goal only"):
            Goal("grow", form, [ERRORS])


def test_planned_means_a_date_for_every_key_result():
    """A plan has key results, and each of them a day."""
    assert measured(ERRORS).planned
    assert not measured(ERRORS, VISITS).planned
    assert not measured().planned


def test_a_goal_tells_its_horizon_its_owner_and_what_it_serves():
    """Horizon, owner and focus areas are kept, and are nothing unless given."""
    goal = measured(horizon=Horizon.FUTURE_ROLE, person="n", focus_areas=["quality", "safety"])
    assert (goal.horizon, goal.person, goal.focus_areas) == (Horizon.FUTURE_ROLE, "n", ("quality", "safety"))
    bare = Goal("find a direction")
    assert (bare.form, bare.horizon, bare.person, bare.focus_areas) == (GoalForm.THEME, None, None, ())


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Goal(" "), "text"),
        (lambda: Goal("x", WORDS), "form"),
        (lambda: Goal("x", horizon=WORDS), "horizon"),
        (lambda: Goal("x", person=""), "person"),
        (lambda: Goal("x", focus_areas=[1]), "focus_areas"),
        (lambda: KeyResult("x", 1, 1, "n"), "target"),
        (lambda: KeyResult("x", 0, float("nan"), "n"), "target"),
        (lambda: KeyResult("x", 0, float("inf"), "n"), "target"),
        (lambda: KeyResult("x", True, 2, "n"), "baseline"),
        (lambda: KeyResult("x", 0, 1, ""), "unit"),
        (lambda: KeyResult("x", 0, 1, "n", due=WORDS), "due"),
        (lambda: CheckIn(START, WORDS), "value"),
    ],
    ids=[
        "blank",
        "form",
        "horizon",
        "person",
        "focus areas",
        "no change",
        "no number",
        "endless",
        "yes",
        "unit",
        "due",
        "value",
    ],
)
def test_what_is_no_goal_is_refused_by_field(make, field):
    """A wrong part of a goal, a key result or a reading raises an error that names the field."""
    with pytest.raises(InvalidValue) as refused:
        make()
    assert refused.value.field == field


# Readings across amendments ---------------------------------------------------------------------------------------

READ = measured(ERRORS.checked(CheckIn(later(30), 7)), VISITS)


@pytest.mark.parametrize(
    ("amended", "kept"),
    [
        (measured(ERRORS), True),
        (measured(evolve(ERRORS, due=later(200))), True),
        (measured(VISITS, ERRORS), True),
        (measured(ERRORS, horizon=Horizon.CURRENT_ROLE, focus_areas=["quality"]), True),
        (measured(evolve(ERRORS, target=2)), True),
        (measured(evolve(ERRORS, baseline=20)), False),
        (measured(evolve(ERRORS, unit="per cent")), False),
        (measured(evolve(ERRORS, name="errors a month")), False),
        (measured(ERRORS, text="another goal"), False),
        (measured(ERRORS, person="n"), False),
    ],
    ids=["same", "due", "order", "facets", "target", "baseline", "unit", "name", "words", "owner"],
)
def test_readings_are_kept_where_the_same_thing_is_measured(amended, kept):
    """An amended goal keeps the readings of a key result of the same name, start and unit, whatever its target is."""
    (after,) = keeping_readings((amended,), (READ,))
    readings = [one for result in after.key_results for one in result.check_ins]
    assert readings == ([CheckIn(later(30), 7)] if kept else [])


@given(st.lists(goals(), max_size=3, unique_by=lambda goal: (goal.text, goal.person)))
def test_keeping_readings_of_the_same_goals_changes_nothing(same):
    """Goals that were not changed are the same afterwards, and readings of goals that are gone come to nobody."""
    held = tuple(same)
    bare = tuple(evolve(goal, key_results=[evolve(one, check_ins=()) for one in goal.key_results]) for goal in held)
    assert keeping_readings(held, held) == held
    assert keeping_readings(bare, held) == held
    assert keeping_readings(bare, ()) == bare
    assert keeping_readings((), held) == ()
