"""Each duty of time on its exact day, and not on the day before."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from attrs import evolve

from devrel.agreements import Contact, Records
from devrel.duties import DutyKind, Timing, due
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import COACHING, GROUP_MENTORING, SPONSORING, GoalForm
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    Advocated,
    Amended,
    CheckedIn,
    ClosingBegun,
    CompletedEarly,
    CounterProposed,
    Ended,
    EndReason,
    Expired,
    Invalidated,
    NoteAdded,
    Paused,
    Resumed,
    Reviewed,
    SessionHeld,
    SessionMoved,
    Stage,
)
from devrel.people import Party, Role
from devrel.relationships import Relationship
from devrel.sessions import AdvocacyAct, FollowUp, Note
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START
from devrel.visibility import erase
from tests.lives import DAY, FIRST, SYSTEM, M, N, accepted, asked, exactly, kinds_on, live, looked_after, met, on


def test_a_proposal_is_answered_or_expires():
    """It is brought to mind after seven days, and expires when the fourteenth is over."""
    one = asked()
    assert exactly(one, DutyKind.ANSWER, 7).people == ("m", "n")
    assert exactly(one.apply(Accepted("yes", M, on(6), 1)), DutyKind.ANSWER, 7).people == ("n",)
    assert kinds_on(one, 13) == ["ANSWER"]
    assert isinstance(exactly(one, DutyKind.EXPIRE, 14).event, Expired)
    assert kinds_on(one, 5000) == ["EXPIRE"]


def test_a_counter_proposal_is_asked_about_anew():
    """The days without an answer count from the day on which it was put to them."""
    one = asked()
    other = CounterProposed(
        "back", N, on(3), one.agreement.amended(), parties=[Party("m", Role.BOTH), Party("n", Role.BOTH)]
    )
    assert exactly(one.apply(other), DutyKind.ANSWER, 10).people == ("m", "n")


@pytest.mark.parametrize(("respond_by", "day"), [(on(5, 0), 5), (on(5, 9), 6), (on(5, 24) - timedelta.resolution, 6)])
def test_a_proposal_stands_until_its_hour(respond_by, day):
    """Who may answer until later in the day is not cut off at midnight."""
    one = asked(respond_by=respond_by)
    event = exactly(one, DutyKind.EXPIRE, day).event
    assert event.at >= respond_by
    assert one.apply(Accepted("in time", M, respond_by - timedelta.resolution, 1)).stage is Stage.AGREEING


def test_a_proposal_does_not_outlive_its_term():
    """A term that is over can no longer begin: who was asked goes first in line."""
    one = asked(Term(FIRST, FIRST + 9 * DAY), respond_by=on(400))
    event = exactly(one, DutyKind.EXPIRE, 10).event
    assert isinstance(event, Invalidated)
    assert [told.name for told in one.consequences(event)][-1] == "REQUEUE_FIRST"
    assert isinstance(exactly(accepted(one), DutyKind.EXPIRE, 10).event, Invalidated)
    assert isinstance(due(one, FIRST + 400 * DAY)[0].event, Invalidated)
    assert isinstance(due(one, FIRST + 401 * DAY)[0].event, Expired)


def test_it_starts_when_everybody_has_accepted_and_the_term_begins():
    """The first day of the term, also when the day to answer by is long past."""
    event = exactly(accepted(asked()), DutyKind.ACTIVATE, 0).event
    assert isinstance(event, Activated)
    later = accepted(asked(Term(FIRST + 60 * DAY, FIRST + 200 * DAY)))
    assert kinds_on(later, 59) == []
    assert exactly(later, DutyKind.ACTIVATE, 60).event.at == on(60, 0)


def test_an_agreement_that_lacks_something_is_completed_or_expires():
    """It is said at once, because nobody can accept the rest when the day to answer by is past."""
    one = accepted(asked(kind=COACHING))
    duty = exactly(one, DutyKind.COMPLETE_AGREEMENT, 0)
    assert duty.people == ("m", "n")
    assert "coaching needs a specific goal" in duty.text
    assert kinds_on(one, 13) == ["COMPLETE_AGREEMENT"]
    assert isinstance(exactly(one, DutyKind.EXPIRE, 14).event, Expired)


def test_a_group_that_waits_for_people_expires_like_any_other():
    """Two mentees of the three that the kind takes have said yes, and the third never came."""
    people = [Party("m", Role.PROVIDER), Party("n", Role.RECIPIENT), Party("o", Role.RECIPIENT)]
    agreement = asked().agreement
    one = accepted(Relationship.propose("r1", GROUP_MENTORING, people, agreement, actor=SYSTEM, at=START))
    assert "3 to 8 mentees" in exactly(one, DutyKind.COMPLETE_AGREEMENT, 0).text
    exactly(one, DutyKind.EXPIRE, 14)


@pytest.mark.parametrize(
    ("contact", "timing", "day"),
    [(None, Timing(), 17), (None, Timing(answer_within=3), 13), (Contact(answer_within_days=2), Timing(), 12)],
)
@pytest.mark.parametrize("paused", [False, True])
def test_an_open_amendment_is_answered(contact, timing, day, paused):
    """After the days agreed for contact, or those of the timing; whoever has accepted is left alone."""
    one = live(contact=contact)
    one = one.apply(Paused("rest", M, on(9))) if paused else one
    one = one.apply(Amended("new", M, on(10), one.agreement.amended(minutes=30)))
    one = one.apply(Accepted("good", M, on(10), 2))
    assert exactly(one, DutyKind.ANSWER_AMENDMENT, day, timing).people == ("n",)


def test_silence_is_broken_asked_about_and_ended():
    """Reminded after 7, 14 and 21 days, asked after 28, ended when nobody answered for another 7."""
    one = live(cadence=Cadence(9, Unit.MONTH))
    for number in (7, 14, 21):
        assert exactly(one, DutyKind.NUDGE, number).people == ("m", "n")
    assert "unless somebody answers" in exactly(one, DutyKind.ASK, 28).text
    assert kinds_on(one, 34) == ["ASK"]
    event = exactly(one, DutyKind.END_SILENT, 35).event
    assert isinstance(event, Ended)
    assert event.reason is EndReason.SILENCE


@pytest.mark.parametrize(
    ("sign", "since"),
    [
        (SessionHeld("s", M, on(20)), 28),
        (Reviewed("s", M, on(20)), 28),
        (SessionMoved("s", N, on(20), 2, on(40)), 40),
        (Amended("s", N, on(20), asked().agreement.amended(minutes=30)), 28),
        (NoteAdded("s", N, on(30), Note("n", "for me alone")), 28),
        (Amended("s", Actor.admin(), on(30), asked().agreement.amended(minutes=30)), 28),
        (SessionHeld("s", M, on(30)), 56),
    ],
)
def test_what_breaks_a_silence(sign, since):
    """What they do before each other's eyes, and the next session after it; no private note, nothing of the office."""
    one = live(cadence=Cadence(4, Unit.WEEK, at=time(0)))
    exactly(one.apply(sign), DutyKind.NUDGE, since + 7)


def test_an_answer_to_the_question_ends_the_silence():
    """Whoever moves the session or puts an amendment has said that it goes on."""
    one = live(cadence=Cadence(9, Unit.MONTH))
    assert kinds_on(one, 30) == ["ASK"]
    answered = one.apply(Amended("yes", N, on(30), one.agreement.amended(minutes=30)))
    assert kinds_on(answered, 36) == []


def test_nobody_is_silent_before_it_begins_or_in_a_pause():
    """The days before the first session and those of a pause count for nothing."""
    early = live(Term(FIRST + 100 * DAY, FIRST + 280 * DAY), cadence=Cadence(9, Unit.MONTH))
    assert kinds_on(early, 106) == []
    exactly(early, DutyKind.NUDGE, 107)
    rested = live().apply_all([Paused("rest", M, on(1)), Resumed("on", M, on(90))])
    assert "NUDGE" not in kinds_on(rested, 112 + 6)
    exactly(rested, DutyKind.NUDGE, 112 + 7)


def test_a_rare_cadence_of_an_open_ended_term_is_no_silence():
    """The next session is found however far it is."""
    one = met(live(Term(FIRST), cadence=Cadence(24, Unit.MONTH)), 1)
    assert kinds_on(one, 730) == []
    exactly(one, DutyKind.NUDGE, 731 + 6)


def test_a_session_late_in_the_evening_is_on_the_day_it_is_in_utc():
    """Half past eight in the evening in Denver is the next day in UTC."""
    one = live(cadence=Cadence(1, Unit.WEEK, at=time(20, 30), zone="America/Denver"))
    exactly(one, DutyKind.NUDGE, 1 + 7)


def test_a_single_session_is_not_ended_before_the_day_it_is_to_be_held_by():
    """People are reminded of it; when the days of grace are over and it was not held, it ends for silence."""
    flash = live(Term.single_session(FIRST, within_days=60))
    exactly(flash, DutyKind.NUDGE, 21)
    assert kinds_on(flash, 60) == ["NUDGE"]
    exactly(flash, DutyKind.OVERDUE, 61)
    event = exactly(flash, DutyKind.END_SILENT, 75).event
    assert event.reason is EndReason.SILENCE


def test_a_single_session_without_an_end_may_fall_silent():
    """Nothing else would ever end it."""
    one = live(Term(FIRST, single=True))
    exactly(one, DutyKind.END_SILENT, 35)


def test_sponsoring_is_judged_by_advocacies():
    """A session is not what one-time sponsoring is for; an advocacy is awaited as often as they meet, and no sooner."""
    once = met(live(Term.single_session(FIRST), SPONSORING), 5)
    assert exactly(once, DutyKind.END_SILENT, 45).event.reason is EndReason.SILENCE
    long = live(Term.of_months(FIRST, 7), SPONSORING, cadence=Cadence(1, Unit.MONTH))
    did = long.apply(Advocated("did", M, on(10), "a post", AdvocacyAct.NOMINATED))
    exactly(did, DutyKind.NUDGE, 10 + 30 + 7)


def test_after_the_last_session_nobody_is_silent():
    """Once the last session of a term was held, the end of the term is what comes next, and no reminder."""
    one = met(live(cadence=Cadence(9, Unit.MONTH)), 1)
    assert not {"NUDGE", "ASK", "END_SILENT"} & {kind for number in range(2, 300, 5) for kind in kinds_on(one, number)}


def test_a_pause_ends_on_its_day():
    """It goes on then, unless its time is over by that day."""
    one = live().apply(Paused("rest", M, on(10), FIRST + 40 * DAY))
    assert isinstance(exactly(one, DutyKind.RESUME, 40).event, Resumed)
    assert kinds_on(live().apply(Paused("rest", M, on(10))), 180) == []


def test_a_pause_through_the_end_is_closed_and_completed():
    """The end comes, and the days of grace; then the system closes it and completes it in one day."""
    one = live().apply(Paused("rest", M, on(10), FIRST + 300 * DAY))
    assert exactly(one, DutyKind.OVERDUE, 181).people == ("m", "n")
    assert isinstance(exactly(one, DutyKind.RENEW_OR_CLOSE, 195).event, ClosingBegun)
    assert kinds_on(one, 300) == ["RENEW_OR_CLOSE"]
    assert looked_after(one, FIRST + 195 * DAY).stage is Stage.COMPLETED


def test_a_review_is_due_halfway_or_when_it_was_agreed():
    """On the day, until they look back on it or later; one before the start is past, after the end it is needless."""
    exactly(live(), DutyKind.REVIEW, 90)
    assert "REVIEW" not in kinds_on(live().apply(Reviewed("back", M, on(91))), 91)
    agreed_on = live(reviews=[FIRST + 20 * DAY, FIRST + 60 * DAY])
    exactly(agreed_on, DutyKind.REVIEW, 20)
    exactly(agreed_on.apply(Reviewed("back", M, on(20))), DutyKind.REVIEW, 60)
    assert "REVIEW" not in kinds_on(agreed_on, 181)
    late = accepted(asked(reviews=[FIRST + 20 * DAY])).apply(Activated("go", SYSTEM, on(30)))
    assert "REVIEW" not in kinds_on(late, 40)
    assert "REVIEW" not in kinds_on(live(Term(FIRST)), 90)
    assert "REVIEW" not in kinds_on(live(Term.single_session(FIRST)), 20)


def test_key_results_past_their_date_are_looked_at():
    """By the side that owns the goals, until they are reached; the text tells no name."""
    result = KeyResult("SECRET", 0, 10, "points", due=FIRST + 30 * DAY)
    one = live(goals=[Goal("SECRET", GoalForm.SPECIFIC, [result, evolve(result, name="undated", due=None)])])
    duty = exactly(one, DutyKind.KEY_RESULTS, 31)
    assert (duty.people, duty.text) == (("m",), "not reached: 1 of 2")
    reached = one.apply(CheckedIn("read", M, on(30), 1, "SECRET", CheckIn(FIRST + 30 * DAY, 10)))
    assert "KEY_RESULTS" not in kinds_on(reached, 31)


def test_it_is_extended_or_closed_before_its_end():
    """Fourteen days before the end, unless an amendment is open, it is closing, or it is a single session."""
    one = met(live(), *range(1, 180, 6))
    assert exactly(one, DutyKind.RENEW_OR_CLOSE, 166).event is None
    assert kinds_on(one, 180).count("RENEW_OR_CLOSE") == 1
    longer = one.apply(Amended("more", M, on(176), one.agreement.extended(FIRST + 400 * DAY)))
    assert "RENEW_OR_CLOSE" not in kinds_on(longer, 177)
    assert "RENEW_OR_CLOSE" not in kinds_on(one.apply(ClosingBegun("close", M, on(176))), 177)
    exactly(live(Term(FIRST, FIRST + 5 * DAY)), DutyKind.RENEW_OR_CLOSE, 0)


@pytest.mark.parametrize("closing", [False, True])
def test_it_is_overdue_and_then_completed(closing):
    """People have fourteen days to complete it themselves."""
    one = met(live(), *range(1, 180, 6))
    one = one.apply(ClosingBegun("close", M, on(176))) if closing else one
    assert exactly(one, DutyKind.OVERDUE, 181).people == ("m", "n")
    assert "OVERDUE" in kinds_on(one, 194)
    assert looked_after(one, FIRST + 194 * DAY) is one
    exactly(one, DutyKind.COMPLETE, 195)
    assert looked_after(one, FIRST + 5000 * DAY).stage is Stage.COMPLETED


def test_an_open_ended_one_that_is_closing_is_completed():
    """Its end is the day on which they began to close it."""
    one = met(live(Term(FIRST)), 100).apply(ClosingBegun("close", M, on(101)))
    exactly(one, DutyKind.OVERDUE, 102)
    exactly(one, DutyKind.COMPLETE, 116)


@pytest.mark.parametrize(("notice", "hour", "day"), [(7, 0, 27), (7, 12, 28), (0, 12, 21), (3_650, 0, None)])
def test_a_notice_ends_it_for_the_reason_that_was_given(notice, hour, day):
    """When the days agreed are over to the hour; nobody is reminded of silence meanwhile, and no text tells why."""
    term = Term(FIRST)
    one = live(term, exit_notice_days=notice).apply(ClosingBegun("bye", N, on(20, hour), EndReason.NOT_A_FIT))
    if day is None:
        assert kinds_on(one, 3_000) == []
        return
    duty = exactly(one, DutyKind.END_NOTICE, day)
    assert duty.event.reason is EndReason.NOT_A_FIT
    assert "fit" not in f"{duty!r} {duty} {duty.event!r}"
    assert one.apply(duty.event).stage is Stage.ENDED


def test_notes_are_erased_when_their_time_is_over():
    """Months after the end, until they are erased; without notes or an agreed time never."""
    one = live(records=Records(keep_months=2))
    written = one.apply(NoteAdded("note", M, on(3), Note("m", "SECRET")))
    over = written.apply(CompletedEarly("done", M, on(30)))
    assert exactly(over, DutyKind.ERASE_NOTES, 30 + 59).people == ("m",)
    assert due(erase("m", [over], pseudonym="x")[0], FIRST + 400 * DAY) == ()
    assert due(one.apply(CompletedEarly("done", M, on(30))), FIRST + 400 * DAY) == ()
    held = one.apply(SessionHeld("s", M, on(1), notes=[Note("n", "SECRET")])).apply(CompletedEarly("e", M, on(30)))
    assert kinds_on(held, 89) == ["ERASE_NOTES"]
    for_ever = live(records=Records(keep_months=1_200)).apply(NoteAdded("note", M, on(3), Note("m", "SECRET")))
    assert due(for_ever.apply(CompletedEarly("done", M, on(30))), FIRST + 9000 * DAY) == ()


def test_nobody_is_silent_who_waits_for_the_session_after_a_holiday():
    """A session that falls on a holiday is not awaited: silence counts from the next one that takes place."""
    one = met(live(cadence=Cadence(4, Unit.WEEK, at=time(0))), 1)
    skipped = {FIRST + 28 * DAY}
    assert [duty.kind for duty in due(one, FIRST + 40 * DAY)] == [DutyKind.NUDGE]
    assert due(one, FIRST + 40 * DAY, holidays=skipped) == ()
    assert [duty.since for duty in due(one, FIRST + 63 * DAY, holidays=skipped)] == [FIRST + 63 * DAY]


def test_whoever_owns_a_follow_up_is_reminded_until_the_next_session():
    """On the day it is due, and alone; once they have met again, nobody is."""
    to_do = [FollowUp("SECRET", "n", FIRST + 5 * DAY), FollowUp("no day", "m")]
    one = live().apply(SessionHeld("s", M, on(1), follow_ups=to_do))
    duty = exactly(one, DutyKind.FOLLOW_UP, 5)
    assert duty.people == ("n",)
    assert "SECRET" not in f"{duty!r} {duty}"
    assert "FOLLOW_UP" not in kinds_on(met(one, 7), 8)
