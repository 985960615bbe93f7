"""What time makes necessary: on which day, for whom, with which event, and that nothing is left lying for ever."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel.agreements import Contact
from devrel.duties import DutyKind, Timing, due
from devrel.errors import IllegalMove, InvalidValue
from devrel.goals import Goal, KeyResult
from devrel.kinds import COACHING, KINDS, GoalForm
from devrel.lifecycle import (
    Accepted,
    Actor,
    Amended,
    ClosingBegun,
    Declined,
    Ended,
    EndReason,
    NoteAdded,
    Paused,
    Rated,
    Resumed,
    SessionHeld,
)
from devrel.sessions import Note
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, agree, relationships
from tests.lives import DAY, FIRST, M, N, accepted, asked, exactly, live, looked_after, met, on

timings = st.builds(
    Timing,
    nudges=st.sampled_from([(7, 14, 21), (1,), (), (3, 5)]),
    close_after=st.integers(22, 40),
    answer_within=st.integers(0, 10),
    renew_before=st.integers(0, 30),
    grace=st.integers(0, 20),
)
days = st.integers(-40, 2500).map(lambda number: FIRST + number * DAY) | st.sampled_from([date.min, date.max])


# ---- properties -----------------------------------------------------------------------------------------------------


@given(relationships(), days, timings)
def test_every_suggestion_is_accepted_and_settles_the_matter(one, day, timing):
    """What due suggests is allowed, doing it twice changes nothing, and it is not due again that day; due is pure."""
    history = one.history
    found = due(one, day, timing)
    for duty in found:
        assert bool(duty.people) != bool(duty.event)
        if duty.event is not None:
            after = one.apply(duty.event)
            assert after.apply(duty.event) is after
            assert duty.kind not in {other.kind for other in due(after, day, timing)}
    assert one.history == history
    assert due(one, day, timing) == found


@given(relationships(), days, timings)
def test_a_duty_appears_on_the_day_it_names(one, day, timing):
    """Since is the exact first day: the duty is there on that day and not on the day before."""
    for duty in due(one, day, timing):
        assert date.min < duty.since <= day
        key = (duty.kind, duty.since)
        assert key in {(other.kind, other.since) for other in due(one, duty.since, timing)}
        assert key not in {(other.kind, other.since) for other in due(one, duty.since - DAY, timing)}


@given(relationships(), timings, st.lists(st.integers(1, 90), max_size=30))
def test_nothing_with_an_end_lives_for_ever(one, timing, steps):
    """However seldom somebody looks: by the end and its days of grace a relationship is in a final stage."""
    end = one.agreement.term.end
    if end is None:
        return
    last = max(end + (timing.grace + 1) * DAY, one.state.last.date())
    looks = [one.state.last.date() + sum(steps[:count]) * DAY for count in range(len(steps))]
    for day in [*(look for look in looks if look < last), last]:
        one = looked_after(one, day, timing)
    assert one.stage.final


DEEDS = {
    "meet": lambda one, at: SessionHeld(f"met {at}", M, at),
    "rest": lambda one, at: Paused(f"rest {at}", N, at),
    "rest a month": lambda one, at: Paused(f"rest {at}", N, at, at.date() + 30 * DAY),
    "go on": lambda one, at: Resumed(f"on {at}", N, at),
    "give notice": lambda one, at: ClosingBegun(f"notice {at}", N, at, EndReason.NO_TIME),
    "begin to close": lambda one, at: ClosingBegun(f"close {at}", N, at),
    "say no": lambda one, at: Declined(f"no {at}", N, at),
    "extend": lambda one, at: Amended(f"more {at}", N, at, one.agreement.extended(one.agreement.term.end + 30 * DAY)),
    "say yes": lambda one, at: Accepted(f"yes {at}", M, at, one.state.latest),
    "say yes too": lambda one, at: Accepted(f"yes too {at}", N, at, one.state.latest),
}


@settings(max_examples=15)
@given(
    st.sampled_from([kind for kind in KINDS if not kind.composition.group and not kind.composition.mutual]),
    st.integers(1, 12),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(list(DEEDS))), max_size=25),
)
def test_whatever_people_do_day_by_day_it_comes_to_an_end(kind, months, begun, deeds):
    """Two years of days in which people do this and that, and the system what is due: it ends in good time."""
    term = Term.single_session(FIRST) if kind.timeline.months is None else Term.of_months(FIRST, months)
    one = asked(term, kind)
    if begun:
        one = agree(one)
    for number in range(900):
        for deed in [deed for day, deed in deeds if day == number]:
            try:
                one = one.apply(DEEDS[deed](one, max(on(number), one.state.last)))
            except IllegalMove:
                continue
        one = looked_after(one, FIRST + (number + 1) * DAY)
        if one.stage.final:
            break
    assert one.stage.final
    assert one.state.finished.date() <= one.agreement.term.end + (Timing().grace + 1) * DAY


# ---- numbers, privacy, weight ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timing", "one", "kind", "day"),
    [
        (Timing(nudges=(3, 5)), asked(), DutyKind.ANSWER, 5),
        (Timing(nudges=(3, 5)), live(cadence=Cadence(9, Unit.MONTH)), DutyKind.NUDGE, 3),
        (Timing(nudges=(), close_after=4), live(cadence=Cadence(9, Unit.MONTH)), DutyKind.ASK, 4),
        (Timing(close_after=90, answer_within=9), live(cadence=Cadence(9, Unit.MONTH)), DutyKind.END_SILENT, 99),
        (Timing(answer_within=0), live(cadence=Cadence(9, Unit.MONTH)), DutyKind.END_SILENT, 28),
        (Timing(renew_before=30), met(live(), 120), DutyKind.RENEW_OR_CLOSE, 150),
        (Timing(renew_before=10**9), live(), DutyKind.RENEW_OR_CLOSE, 0),
        (Timing(grace=0), met(live(), 170), DutyKind.COMPLETE, 181),
        (Timing(grace=30), met(live(), 170), DutyKind.COMPLETE, 211),
    ],
)
def test_every_number_can_be_set(timing, one, kind, day):
    """Each field of the timing moves the day of its duty, to the day."""
    exactly(one, kind, day, timing)


def test_the_numbers_are_those_of_the_sources():
    """The defaults are 7, 14, 21, then 28 and 7 to answer, 14 before the end and 14 after it; none need be set."""
    assert Timing() == Timing((7, 14, 21), 28, 7, 14, 14)
    assert asked().state.respond_by == on(14, 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"nudges": (7, 7)}, "nudges"),
        ({"nudges": (9, 7)}, "nudges"),
        ({"nudges": (0,)}, "nudges"),
        ({"nudges": ("7",)}, "nudges"),
        ({"nudges": (28,)}, "close_after"),
        ({"grace": -1}, "grace"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(wrong, field):
    """Reminders come in order and before the question; nothing is negative."""
    with pytest.raises(InvalidValue, match=field):
        Timing(**wrong)


def test_a_day_is_a_day():
    """A moment is refused: whose day it is would be a guess."""
    with pytest.raises(InvalidValue, match="today"):
        due(asked(), START)


def test_duties_tell_nothing_private():
    """Neither text nor repr of a duty or its event shows a goal, a note, a reason or a name that was written down."""
    goal = Goal("SECRET", GoalForm.SPECIFIC, [KeyResult("SECRET", 0, 1, "points", due=FIRST)])
    words = dict.fromkeys(("purpose", "scope", "benefit", "ethics", "problem_solving"), "SECRET")
    one = live(goals=[goal], contact=Contact("SECRET"), conflicts=["SECRET"], extra=["SECRET"], **words)
    told = one.apply(NoteAdded("note", N, on(1), Note("n", "SECRET"))).apply(Rated("stars", N, on(1), 2, "SECRET"))
    stories = [
        accepted(asked(kind=COACHING, goals=[goal], **words)),
        told,
        told.apply(Paused("rest", N, on(2), FIRST + 9 * DAY)),
        told.apply(ClosingBegun("bye", N, on(2), EndReason.NOT_A_FIT)),
        told.apply(Amended("new", M, on(2), told.agreement.amended(extra=["SECRET", "SECRET"]))),
        told.apply(Ended("end", Actor.admin(), on(9), EndReason.NOT_A_FIT, "SECRET")),
    ]
    found = [duty for story in stories for number in range(0, 1200, 5) for duty in due(story, FIRST + number * DAY)]
    shown = " ".join(f"{duty} {duty!r} {duty.event!r}" for duty in found)
    assert len({duty.kind for duty in found}) > 10
    assert "SECRET" not in shown
    assert "fit" not in shown.lower()


def test_a_look_at_the_clock_needs_no_numpy():
    """Importing the duties loads no heavy package."""
    told = "import devrel.duties, sys; print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "False\n"
