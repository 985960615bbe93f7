"""Plans: what sessions are made of, when they take place, and on which walls."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.banks import QUESTIONS, Phase, Question, QuestionBank
from devrel.errors import InvalidValue
from devrel.kinds import (
    ADVISING,
    COACHING,
    KINDS,
    MENTORING,
    Mode,
    Side,
)
from devrel.sessions import (
    Agenda,
    Plan,
    Session,
    SessionStatus,
    plan,
    starts,
)
from devrel.terms import Cadence, HolidayRule, Term, Unit
from devrel.testing.strategies import START, ZONES, cadences, terms
from tests.beginnings import (
    ONCE,
    OPEN,
    TODAY,
    active,
    later,
)

PLANNED, HELD, CANCELLED, MISSED = SessionStatus
FIRST, WORKING, REVIEW, CLOSING = Phase
BARE = Agenda(Side.PROVIDER, ())
TERM = Term.of_months(TODAY, 6)
near = terms(st.dates(date(2026, 1, 1), date(2026, 6, 30)))
free_days = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60)


def monthly(**more):
    return active(term=TERM, cadence=Cadence(), **more)


def statuses(relationship, **more):
    return [one.status for one in relationship.sessions(**more)]


def second(relationship):
    return relationship.sessions(until=date(2026, 12, 31))[1]


# Agendas ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [None, *Mode], ids=lambda mode: mode.value if mode else "own")
@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.value)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_an_agenda_follows_control_phase_and_mode(kind, phase, mode):
    """The side in control owns it; it has the points or questions of a mode of the kind, and of no other mode."""
    if mode is not None and mode not in kind.modes:
        with pytest.raises(InvalidValue, match=f"{kind.name} is not to be {mode.value}; it can be: {kind.mode.value}"):
            Agenda.of(kind, phase, mode=mode)
        return
    agenda = Agenda.of(kind, phase, mode=mode)
    assert agenda.owner is kind.control.side
    if phase is WORKING:
        base = {Mode(one.name): one for one in KINDS if one.base is None}
        helped = kind if mode in {None, kind.mode} else base[mode]
        assert agenda.items == helped.strategy.prompts
    else:
        assert agenda.items == tuple(one.text for one in QUESTIONS.for_kind(kind, phase, mode))
    assert agenda.items


def test_an_agenda_takes_questions_from_any_bank():
    """A house that has a bank of its own gets its own questions, in agendas and in plans."""
    bank = QuestionBank([Question("Ready?", Mode.MENTORING, FIRST, "our own")])
    assert Agenda.of(MENTORING, FIRST, bank=bank).items == ("Ready?",)
    assert plan(MENTORING, [Plan(None, TERM, Cadence(), 30)], bank=bank)[0].agenda.items == ("Ready?",)
    assert active().sessions(bank=bank)[0].agenda.items == ("Ready?",)


# Plans ------------------------------------------------------------------------------------------------------------


def phases(kind, listed):
    known = {Agenda.of(kind, phase).items: phase for phase in Phase}
    return [known[one.agenda.items] for one in listed]


@pytest.mark.parametrize(
    ("term", "until", "free", "expected"),
    [
        (TERM, None, (), [FIRST, *[WORKING] * 4, CLOSING]),
        (TERM, None, {TODAY, date(2026, 6, 5)}, [FIRST, *[WORKING] * 2, CLOSING]),
        (TERM, TERM.end, (), [FIRST, *[WORKING] * 4, CLOSING]),
        (TERM, date(2026, 3, 31), (), [FIRST, WORKING, WORKING]),
        (OPEN, date(2026, 3, 31), (), [FIRST, WORKING, WORKING]),
        (ONCE, None, (), [WORKING]),
        (TERM, date(2026, 1, 10), (), [FIRST]),
        (TERM, date(2026, 1, 1), (), []),
    ],
    ids=["whole", "holidays at both ends", "up to the end", "a part", "open", "single", "the first alone", "none"],
)
def test_the_first_session_opens_and_the_last_of_a_term_closes(term, until, free, expected):
    """The first that takes place opens, the last of a term with an end closes; a single one does the work at once."""
    made = plan(COACHING, [Plan(None, term, Cadence(), 60)], until=until, holidays=free)
    assert phases(COACHING, made) == expected


@given(cadences, near, free_days, st.integers(0, 200))
def test_holidays_leave_numbers_order_and_term_alone(cadence, term, free, more):
    """A number is a place in the plan without holidays; sessions ascend, and looking further changes none of them."""
    plans = [Plan(None, term, cadence, 45)]
    until = date(2026, 7, 1)
    plain = {one.number: one.start for one in plan(MENTORING, plans, until=until)}
    kept = plan(MENTORING, plans, until=until, holidays=free)
    assert list(plain) == list(range(1, len(plain) + 1))
    assert [one.start for one in kept] == sorted(one.start for one in kept)
    for one in kept:
        if one.start != plain[one.number]:
            assert cadence.on_holiday is HolidayRule.MOVE
            assert plain[one.number].date() in free
            assert one.start.date() in term
            assert one.start < plain.get(one.number + 1, one.start + timedelta(days=1))
    further = plan(MENTORING, plans, until=until + timedelta(days=more), holidays=free)
    assert [(one.number, one.start) for one in kept] == [(one.number, one.start) for one in further][: len(kept)]


@given(cadences, near, cadences, st.integers(0, 300), st.integers(5, 90))
def test_a_new_plan_goes_on_counting_where_the_old_one_stops(cadence, term, other, days, minutes):
    """Sessions before an amendment keep number, time and length; those after it are those of the new plan."""
    since = START + timedelta(days=days)
    until = date(2027, 1, 1)
    before, after = Plan(None, term, cadence, 60), Plan(since, term, other, minutes)
    alone = starts([before], until=until)
    both = starts([before, after], until=until)
    assert [one for one in both if one[0] < since] == [one for one in alone if one[0] < since]
    assert [one[0] for one in both if one[0] >= since] == [
        start for start in other.occurrences(term, until=until) if start >= since
    ]
    made = plan(ADVISING, [before, after], until=until)
    assert [one.number for one in made] == list(range(1, len(both) + 1))
    assert {one.minutes for one in made if one.start >= since} <= {minutes}
    assert {one.minutes for one in made if one.start < since} <= {60}
    assert not any(one.late for one in made)
    assert plan(ADVISING, [], until=until) == ()


def test_a_session_at_the_moment_of_the_amendment_is_of_the_new_plan():
    """A plan holds from its moment on: the session that begins right then is counted once, and as the new plan says."""
    plans = [Plan(None, TERM, Cadence(), 60), Plan(later(31, 10), TERM, Cadence(), 30)]
    assert [(one.number, one.minutes) for one in plan(ADVISING, plans)][:3] == [(1, 60), (2, 30), (3, 30)]


# On other walls ---------------------------------------------------------------------------------------------------

sessions = st.builds(
    Session,
    st.integers(1, 9),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.timezones()),
    st.integers(1, 600),
    st.just(BARE),
)


@given(sessions, st.sampled_from(ZONES))
def test_another_zone_shows_the_same_moment(session, zone):
    """Told on another wall a session begins and ends at the same instants, and everything else stays."""
    told = session.in_zone(zone)
    assert told.start.astimezone(UTC) == session.start.astimezone(UTC)
    assert told.end.astimezone(UTC) == session.end.astimezone(UTC)
    assert str(told.start.tzinfo) == zone
    assert evolve(told, start=session.start) == session
    assert session.end.astimezone(UTC) - session.start.astimezone(UTC) == timedelta(minutes=session.minutes)


def test_an_unknown_zone_is_refused_and_a_night_with_an_hour_less_is_counted_right():
    """The nearest zone is named; an hour that begins before the clocks jump ends an hour later and not two."""
    cadence = Cadence(1, Unit.WEEK, at=time(0, 30), zone="Europe/London")
    night = Term(date(2026, 3, 29), date(2026, 3, 29))
    (session,) = plan(COACHING, [Plan(None, night, cadence, 60)])
    assert session.end.isoformat() == "2026-03-29T02:30:00+01:00"
    with pytest.raises(InvalidValue, match="did you mean 'Europe/London'"):
        session.in_zone("Europe/Lodnon")
