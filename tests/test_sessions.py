"""Sessions: what they are made of, when they take place, and what became of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.agreements import Meeting
from devrel.banks import Phase
from devrel.errors import IllegalMove, InvalidValue
from devrel.kinds import (
    ADVISING,
    COACHING,
    MENTORING,
    SPONSORING,
    Mode,
    Side,
)
from devrel.lifecycle import (
    Advocated,
    Amended,
    Ended,
    OutcomeKnown,
    Paused,
    Resumed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    SessionMoved,
    Stage,
)
from devrel.sessions import (
    AdvocacyAct,
    Agenda,
    Audience,
    FollowUp,
    Note,
    Outcome,
    Plan,
    Session,
    SessionStatus,
)
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, cadences, terms
from tests.beginnings import (
    ADMIN,
    MENTEE,
    MENTOR,
    ONCE,
    OPEN,
    SYSTEM,
    TODAY,
    accept_all,
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


# What becomes of sessions -----------------------------------------------------------------------------------------


def test_sessions_are_planned_held_missed_cancelled_and_moved():
    """Each thing that happens shows at its number, the others stay planned, and the counts agree."""
    one = monthly().apply_all(
        [
            SessionHeld("h", MENTOR, later(0, 10), number=1),
            SessionCancelled("c", MENTEE, later(20), 2),
            SessionMissed("m", MENTEE, later(59, 10), 3, absent=["p0"]),
            SessionMoved("v", ADMIN, later(60), 4, to=later(100, 15)),
            SessionHeld("extra", MENTEE, later(70)),
        ]
    )
    assert statuses(one) == [HELD, CANCELLED, MISSED, PLANNED, PLANNED, PLANNED]
    assert (one.state.held, one.state.cancelled, one.state.missed) == (2, 1, 1)
    moved = one.sessions()[3]
    assert (moved.start, moved.planned_for) == (later(100, 15), later(90, 10))
    assert [(session.number, session.by, session.late) for session in one.sessions()][1] == (2, "r0", False)
    assert [session.number for session in one.planned_sessions()] == [4, 5, 6]
    back = one.apply(SessionMoved("w", ADMIN, later(61), 4, to=later(80))).apply(
        SessionHeld("h4", MENTEE, later(81), number=4)
    )
    assert (back.sessions()[3].start, back.sessions()[3].planned_for) == (later(80), later(90, 10))
    assert statuses(back)[3] is HELD


@pytest.mark.parametrize(
    ("hours", "agreed", "late"),
    [(25, 24, False), (24, 24, False), (23, 24, True), (23, 0, False), (0, 0, False), (47, 48, True), (0, 1, True)],
)
def test_cancelled_late_means_with_less_notice_than_agreed(hours, agreed, late):
    """A session called off with less notice than the agreement says is cancelled late, to the hour."""
    one = monthly(cancellation_hours=agreed)
    at = second(one).start - timedelta(hours=hours)
    cancelled = second(one.apply(SessionCancelled("c", MENTEE, at, 2)))
    assert (cancelled.status, cancelled.late) == (CANCELLED, late)


def test_lateness_follows_the_notice_that_was_agreed_then():
    """A longer notice that is agreed later does not make an earlier cancellation late."""
    one = monthly().apply(SessionCancelled("c", MENTEE, second(monthly()).start - timedelta(hours=30), 2))
    stricter = one.apply(Amended("x", MENTOR, later(40), one.agreement.amended(cancellation_hours=48)))
    stricter = accept_all(stricter, at=later(41))
    assert stricter.agreement.cancellation_hours == 48
    assert not second(stricter).late


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (SessionHeld("x", MENTOR, later(1), number=1), "session 1 was held, missed or cancelled already"),
        (SessionHeld("x", MENTOR, later(1), number=7), "no session 7 is planned"),
        (SessionHeld("x", MENTOR, later(30), number=2), "session 2 is planned for 2026-02-05; move it first"),
        (SessionMissed("x", MENTOR, later(1), 1), "session 1 was held, missed or cancelled already"),
        (SessionMissed("x", MENTOR, later(1), 2), "session 2 begins at 2026-02-05 10:00:00"),
        (SessionMissed("x", MENTOR, later(40), 2, absent=["x"]), "names somebody who is not a party"),
        (SessionCancelled("x", MENTOR, later(40), 2), "session 2 began at 2026-02-05 10:00:00.*held or missed"),
        (SessionCancelled("x", MENTOR, later(40), 9), "no session 9 is planned"),
        (SessionMoved("x", MENTOR, later(40), 2, later(50)), "session 2 began at 2026-02-05"),
        (SessionMoved("x", MENTOR, later(5), 2, later(4)), "a session is moved to a time to come"),
        (SessionMoved("x", MENTOR, later(5), 1, later(6)), "session 1 was held, missed or cancelled already"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_session_is_settled_once_and_in_its_time(event, said):
    """What is over is over, what has begun is not called off, what has not begun is not missed."""
    one = monthly().apply(SessionHeld("h", MENTOR, later(0, 10), number=1))
    with pytest.raises(IllegalMove, match=said):
        one.apply(event)


def test_an_open_ended_relationship_has_sessions_a_year_ahead():
    """Without an end, a session within a year can be named, and where to stop planning must be said."""
    one = active(term=OPEN)
    assert statuses(one.apply(SessionCancelled("c", MENTOR, later(1), 12)), until=date(2026, 12, 31))[11] is CANCELLED
    with pytest.raises(IllegalMove, match="no session 30 is planned"):
        one.apply(SessionCancelled("c", MENTOR, later(1), 30))
    with pytest.raises(InvalidValue, match="until"):
        one.sessions()


# Numbers stay -----------------------------------------------------------------------------------------------------


@given(cadences, st.integers(5, 100), st.integers(5, 90))
def test_an_amendment_leaves_what_is_over_as_it_was(cadence, days, minutes):
    """Whatever cadence is agreed later, the sessions before it keep their number, time and status."""
    one = monthly().apply(SessionHeld("h", MENTOR, later(0, 11), number=1))
    put = one.apply(Amended("x", MENTOR, later(days), one.agreement.amended(cadence=cadence, minutes=minutes)))
    after = accept_all(put, at=later(days))
    over = [session for session in one.sessions() if session.start < later(days)]
    kept = after.sessions()[: len(over)]
    assert [(s.number, s.start, s.minutes, s.status) for s in kept] == [
        (s.number, s.start, s.minutes, s.status) for s in over
    ]
    assert [session.number for session in after.sessions()] == list(range(1, len(after.sessions()) + 1))
    assert all(session.minutes == minutes for session in after.sessions()[len(over) :])


@pytest.mark.parametrize("same", [True, False], ids=["same cadence", "other cadence"])
def test_arrangements_for_single_sessions_last_as_long_as_their_plan(same):
    """A session moved or called off ahead stays so when other things are amended, and not when the dates are."""
    one = monthly().apply_all(
        [
            SessionHeld("h", MENTOR, later(0, 10), number=1),
            SessionCancelled("c", MENTEE, later(30, 20), 2),
            SessionCancelled("d", MENTEE, later(32), 3),
            SessionMoved("m", MENTEE, later(32), 4, later(99)),
        ]
    )
    changed = {"minutes": 30} if same else {"cadence": Cadence(1, Unit.WEEK)}
    after = accept_all(one.apply(Amended("x", MENTOR, later(33), one.agreement.amended(**changed))), at=later(34))
    listed = after.sessions()
    assert [session.status for session in listed[:2]] == [HELD, CANCELLED]
    assert listed[1].late
    assert listed[2].status is (CANCELLED if same else PLANNED)
    assert listed[3].start == (later(99) if same else listed[2].start + timedelta(days=7))
    assert (listed[3].planned_for is None) is not same
    third = SessionHeld("t", MENTOR, later(60), number=3)
    if same:
        with pytest.raises(IllegalMove, match="session 3 was held"):
            after.apply(third)
    else:
        again = after.apply_all([third, SessionCancelled("e", MENTEE, later(36), 4)])
        assert [(s.status, s.by) for s in again.sessions()[2:4]] == [(HELD, None), (CANCELLED, "r0")]


@pytest.mark.parametrize(
    ("at", "kept"),
    [(later(31, 9), False), (later(31, 10), False), (later(31, 12), True), (later(33), True)],
    ids=["before it", "right then", "the same day", "days later"],
)
def test_what_was_to_begin_before_another_plan_keeps_its_arrangement(at, kept):
    """A session moved past an amendment stays moved if it was to begin before; from then on the new dates hold."""
    one = monthly().apply(SessionMoved("m", MENTEE, later(1), 2, later(50)))
    put = one.apply(Amended("x", MENTOR, later(2), one.agreement.amended(cadence=Cadence(1, Unit.WEEK))))
    listed = accept_all(put, at=at).sessions()
    assert (listed[1].planned_for, listed[1].start == later(50)) == ((later(31, 10), True) if kept else (None, False))


def test_each_session_is_moved_for_itself():
    """Moving one session leaves the moves of the others, and the last move of each counts."""
    moves = [(4, 100), (5, 130), (4, 80), (6, 160)]
    events = [SessionMoved(f"m{i}", MENTOR, later(1), number, later(day)) for i, (number, day) in enumerate(moves)]
    listed = monthly().apply_all(events).sessions()
    assert [session.start for session in listed[3:]] == [later(80), later(130), later(160)]


def test_a_holiday_skips_no_session_that_something_was_arranged_for():
    """A session on a holiday is left out, unless it was held there or moved to another day; the numbers stay."""
    one = monthly()
    free = {second(one).start.date(), one.sessions()[2].start.date()}
    assert [session.number for session in one.sessions(holidays=free)] == [1, 4, 5, 6]
    arranged = one.apply_all(
        [
            SessionMoved("m", MENTOR, later(5), 2, later(33, 9)),
            SessionHeld("h", MENTOR, later(59, 11), number=3),
        ]
    )
    listed = arranged.sessions(holidays=free)
    assert [session.number for session in listed] == [1, 2, 3, 4, 5, 6]
    assert (listed[1].start, listed[2].status) == (later(33, 9), HELD)


# Pauses and ends --------------------------------------------------------------------------------------------------


def test_a_pause_leaves_out_its_sessions_and_no_others():
    """With a known end those until then, without one all to come; once it is over, those that lay in it stay out."""
    one = monthly()
    days = [session.start.date() for session in one.planned_sessions()]
    pause = one.apply(Paused("p", MENTOR, later(1), days[3]))
    assert [session.start.date() for session in pause.planned_sessions()] == [days[0], *days[3:]]
    endless = one.apply(Paused("p", MENTOR, later(1)))
    assert [session.start.date() for session in endless.planned_sessions()] == days[:1]
    resumed = endless.apply(Resumed("r", SYSTEM, later(40)))
    assert [session.start.date() for session in resumed.planned_sessions()] == [days[0], *days[2:]]
    assert resumed.scheduled() == resumed.planned_sessions()
    assert len(resumed.sessions()) == 6


def test_after_the_end_nothing_is_to_come():
    """A relationship that is over plans nothing more; what lay before its end stays on the schedule."""
    one = monthly().apply(SessionHeld("h", MENTOR, later(0, 11), number=1))
    over = one.apply(Ended("e", ADMIN, later(40)))
    assert over.planned_sessions() == ()
    assert [(session.number, session.status) for session in over.scheduled()] == [(1, HELD), (2, PLANNED)]


# What is written down ---------------------------------------------------------------------------------------------


def test_a_session_keeps_who_came_what_was_said_and_what_is_to_do():
    """Attendance, topics, follow-ups and notes are in the history as they were given, each of a party only."""
    held = SessionHeld(
        "h",
        MENTOR,
        later(0, 11),
        minutes=20,
        mode=Mode.COACHING,
        meeting=Meeting.VIRTUAL,
        attended=["p0", "r0"],
        topics=["networking"],
        follow_ups=[FollowUp("call Cy", "r0", date(2026, 2, 1))],
        notes=[Note("r0", "went well"), Note("p0", "shared", Audience.PARTIES)],
    )
    one = monthly(boundaries=["health"]).apply(held)
    assert one.history[-1] == held
    assert [note.audience for note in held.notes] == [Audience.AUTHOR, Audience.PARTIES]
    strangers = (
        {"attended": ["x"]},
        {"notes": [Note("x", "y")]},
        {"follow_ups": [FollowUp("x", "x")]},
    )
    for wrong in strangers:
        with pytest.raises(IllegalMove, match="names somebody who is not a party"):
            one.apply(SessionHeld("x", MENTOR, later(1), **wrong))
    for topic in ("health", " Health"):
        with pytest.raises(IllegalMove, match="keeps out of sessions") as refused:
            one.apply(SessionHeld("x", MENTOR, later(1), topics=["networking", topic]))
        assert "ealth" not in str(refused.value)  # the boundaries are words of the parties


@pytest.mark.parametrize(
    "make",
    [
        lambda: Note("", "x"),
        lambda: Note("p0", " "),
        lambda: FollowUp("", "p0"),
        lambda: Session(0, START, 30, BARE),
        lambda: Session(1, datetime(2026, 1, 5), 30, BARE),
        lambda: Session(1, START, 0, BARE),
        lambda: Plan(None, TERM, Cadence(), 0),
        lambda: Agenda(Side.PROVIDER, "text"),
        lambda: SessionHeld("x", MENTOR, START, minutes=0),
        lambda: SessionMoved("x", MENTOR, START, 1, datetime(2026, 1, 5)),
    ],
    ids=[
        "author",
        "words",
        "to do",
        "number",
        "naive",
        "no time",
        "no time planned",
        "letters",
        "no minutes",
        "to naive",
    ],
)
def test_what_is_no_session_or_note_is_refused(make):
    """Numbers count from 1, times know their zone, and texts are not empty."""
    with pytest.raises(InvalidValue):
        make()


# Advocacy ---------------------------------------------------------------------------------------------------------


def advocated(id_="v", outcome=Outcome.OPEN):
    return Advocated(id_, MENTOR, later(1), "lead the project", AdvocacyAct.NOMINATED, outcome)


@pytest.mark.parametrize("kind", [SPONSORING, MENTORING, COACHING, ADVISING], ids=str)
def test_only_what_may_be_sponsoring_has_advocacies(kind):
    """Sponsoring has advocacies, and so has mentoring, which may include it; coaching and advising have none."""
    if Mode.SPONSORING in kind.modes:
        assert active(kind).apply(advocated()).state.advocacies == (("v", False),)
    else:
        with pytest.raises(IllegalMove, match=f": {kind.name} has no advocacies; sponsoring has\\."):
            active(kind).apply(advocated())


def test_an_outcome_is_told_once():
    """The outcome of an open advocacy is won or lost, and told once, also after the end; the nearest one is named."""
    one = active(SPONSORING).apply(advocated("first")).apply(advocated("second", Outcome.WON))
    won = one.apply(OutcomeKnown("o", MENTOR, later(2), "first", Outcome.WON))
    assert won.state.advocacies == (("first", True), ("second", True))
    for advocacy in ("first", "second"):
        with pytest.raises(IllegalMove, match="an outcome is won or lost, and it is told once"):
            won.apply(OutcomeKnown("x", MENTEE, later(3), advocacy, Outcome.LOST))
    with pytest.raises(IllegalMove, match="an outcome is won or lost"):
        one.apply(OutcomeKnown("x", MENTEE, later(3), "first", Outcome.OPEN))
    with pytest.raises(IllegalMove, match="Did you mean 'first'"):
        one.apply(OutcomeKnown("x", MENTEE, later(3), "frist", Outcome.WON))
    over = one.apply(Ended("e", ADMIN, later(2)))
    assert over.apply(OutcomeKnown("o", MENTOR, later(3), "first", Outcome.LOST)).stage is Stage.ENDED


def test_one_time_sponsoring_completes_by_its_advocacy():
    """Sponsoring is judged by what the sponsor does: a session does not complete it, its one advocacy does."""
    one = active(SPONSORING, term=ONCE).apply(SessionHeld("h", MENTOR, later(0, 11)))
    assert one.stage is Stage.ACTIVE
    assert one.apply(advocated()).stage is Stage.COMPLETED
    long = active(SPONSORING).apply(advocated("a")).apply(advocated("b"))
    assert (long.stage, len(long.state.advocacies)) == (Stage.ACTIVE, 2)
    flash = active(MENTORING, term=ONCE).apply(advocated())
    assert flash.stage is Stage.ACTIVE
    assert flash.apply(SessionHeld("h", MENTOR, later(2))).stage is Stage.COMPLETED
