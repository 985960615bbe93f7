"""Promise 2, the history: append-only, in the order of what happened, and nothing is lost when a call fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from devrel.errors import IllegalMove, InvalidValue, StaleVersion
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import (
    ADVISING,
    COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    PEER_COACHING,
    SPONSORING,
    GoalForm,
    Side,
)
from devrel.lifecycle import (
    Accepted,
    Activated,
    Amended,
    AmendmentDeclined,
    CheckedIn,
    ClosingBegun,
    Completed,
    CounterProposed,
    Ended,
    Origin,
    Paused,
    Rated,
    Resumed,
    SessionHeld,
    Stage,
    Withdrawn,
    possible,
)
from devrel.people import Party, Role
from devrel.relationships import Relationship, folded, in_order, pair
from devrel.testing.strategies import START, acting, events, relationships
from tests.beginnings import ADMIN, MENTEE, MENTOR, SYSTEM, TODAY, accept_all, active, later, proposed
from tests.moves import open_to, version

CALLS = Goal("g", GoalForm.SPECIFIC, [KeyResult("calls", 0, 9, "calls")])


# The fold ---------------------------------------------------------------------------------------------------------


@given(relationships())
def test_replaying_the_history_gives_the_same_relationship(one):
    """A relationship is the fold of its events: made anew from its history, at once or step by step, it is equal."""
    again = Relationship.replay(one.history)
    assert (again, again.state, hash(again)) == (one, one.state, hash(one))
    steps = Relationship(one.history[:1]).apply_all(one.history[1:])
    assert (steps, steps.state) == (one, one.state)
    assert one.version == len(one.history)
    assert (one.id, one.kind, one.parties, one.program) == (
        one.state.relationship,
        one.state.kind,
        one.state.parties,
        one.state.program,
    )


@given(st.data())
def test_a_refused_event_changes_nothing_and_says_what_is_possible(data):
    """Whatever is tried: it follows the table, or it is refused, naming the stage and what is possible instead."""
    one = data.draw(relationships())
    event = data.draw(events(one, 99))
    history, state = one.history, one.state
    try:
        after = one.apply(event)
    except IllegalMove as refused:
        assert refused.event == type(event).__name__
        assert refused.reason
        assert f" is refused while the relationship is {refused.stage}: {refused.reason}. " in str(refused)
        if event.at >= state.last:
            assert refused.stage == one.stage.value
            assert set(refused.allowed) == open_to(one, one.stage.value, event.actor, refused.event)
        assert all(name in str(refused) for name in refused.allowed)
    else:
        assert after.history == (*history, event)
        assert after.version == one.version + 1
    assert (one.history, one.state) == (history, state)
    assert Relationship.replay(history).state == state


@given(relationships())
def test_the_same_event_twice_changes_nothing(one):
    """Every event of the history, applied again, gives the same relationship, whatever version is expected."""
    for event in one.history:
        assert one.apply(event, expected_version=0) is one
        assert one.consequences(event) == ()
        later_written = evolve(event, recorded=event.recorded + timedelta(days=9))
        assert one.apply(later_written) is one


def test_another_event_under_a_known_id_is_refused():
    """An id stands for one event for ever; a different event under it is refused and not swallowed."""
    with pytest.raises(IllegalMove, match="another event with this id"):
        active().apply(Paused("go", MENTOR, START))


@given(relationships(), st.integers(-3, 30))
def test_a_stale_version_is_refused(one, seen):
    """An event meant for another version is refused, and the error tells both versions; the right one is looked at."""
    event = Rated("late", MENTOR, later(9999), 5)
    if seen == one.version:
        assert set(possible(one.stage)) == set(one.possible_events)
        return
    with pytest.raises(StaleVersion) as caught:
        one.apply(event, expected_version=seen)
    assert (caught.value.expected, caught.value.actual) == (seen, one.version)


def test_what_is_no_event_or_no_history_is_refused():
    """Only events are applied; a history begins with its proposal, has each id once and nothing before it."""
    history = active().history
    with pytest.raises(InvalidValue, match="must be an Event"):
        active().apply("Accepted")
    early = evolve(history[1], at=later(-1), id="early")
    with pytest.raises(InvalidValue, match="must begin with the proposal"):
        folded(history[1:])
    for wrong in ((), history[1:], (*history, history[-1]), (*history, early), (*history, "event")):
        with pytest.raises(InvalidValue, match="history"):
            Relationship(wrong)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Rated("x", MENTOR, START, 5, recorded=later(0, -1)), "recorded"),
        (lambda: Rated("x", MENTOR, START, 6), "stars"),
        (lambda: Rated("", MENTOR, START, 5), "id"),
        (lambda: Rated("x", MENTOR, START.replace(tzinfo=None), 5), "at"),
        (lambda: evolve(proposed().history[0], respond_by=later(-1)), "respond_by"),
        (lambda: proposed(origin=Origin.INFORMAL, program="P"), "origin"),
        (lambda: proposed(origin=Origin.SPUN_OFF), "spun_off_from"),
        (lambda: proposed(spun="group"), "spun_off_from"),
        (lambda: proposed(people=[Party("m", Role.PROVIDER)]), "parties"),
        (lambda: proposed(people=[Party("m", Role.BOTH)]), "parties"),
        (lambda: proposed(people=[*pair("m", "n"), Party("m", Role.RECIPIENT)]), "parties"),
        (lambda: proposed(people=[Party("m", Role.PROVIDER), Party("n", Role.PROVIDER)]), "parties"),
    ],
    ids=[
        "recorded before it happened",
        "six stars",
        "no id",
        "naive",
        "answered before",
        "informal in a program",
        "spun off from nothing",
        "from a group without being spun off",
        "alone",
        "alone with herself",
        "twice",
        "one side",
    ],
)
def test_impossible_events_are_refused_by_field(make, field):
    """What cannot have happened is no event; both sides are needed, and each person once."""
    with pytest.raises(InvalidValue) as refused:
        make()
    assert refused.value.field == field


def test_the_whole_way_of_two():
    """Proposed, agreed, started, met, closed and completed, step by step."""
    one = proposed(program="P")
    assert (one.stage, one.version, one.program, one.origin) == (Stage.PROPOSED, 1, "P", Origin.MATCHED)
    half = one.apply(Accepted("a1", MENTOR, START, 1))
    assert (half.stage, half.state.open_parties) == (Stage.AGREEING, ("r0",))
    with pytest.raises(IllegalMove, match="not accepted by r0"):
        half.apply(Activated("x", SYSTEM, START))
    started = half.apply(Accepted("a2", MENTEE, START, 1), expected_version=2).apply(Activated("go", MENTOR, START))
    met = started.apply_all(SessionHeld(f"s{number}", MENTEE, later(number)) for number in range(3))
    assert (met.stage, met.state.held, met.state.contact) == (Stage.ACTIVE, 3, later(2))
    done = met.apply_all([ClosingBegun("b", SYSTEM, later(200)), Completed("c", SYSTEM, later(300))])
    assert (done.stage, done.state.finished) == (Stage.COMPLETED, later(300))
    assert repr(done) == "Relationship(state=<rel: mentoring, completed>)"


def test_all_or_none_of_several_events():
    """If one of several events is refused, none has happened."""
    one = active()
    with pytest.raises(IllegalMove):
        one.apply_all([Rated("a", MENTOR, START, 5), Resumed("b", MENTOR, START)])
    assert one.version == 4


# Late events ------------------------------------------------------------------------------------------------------


def told_apart(one):
    """Return the events in the order of happening, each at a moment of its own; None where that is not allowed."""
    timed = [
        evolve(event, at=event.at + timedelta(microseconds=number), recorded=later(9999))
        for number, event in enumerate(in_order(one.history))
    ]
    try:
        return Relationship.replay(timed)
    except IllegalMove:
        return None


@given(st.data())
def test_the_order_of_recording_does_not_matter(data):
    """The events of a life, recorded in any order, add up to the same state, or one is refused and changes nothing."""
    one = told_apart(data.draw(relationships(most=12)))
    assume(one is not None)
    recorded = Relationship(one.history[:1])
    shuffled = data.draw(st.permutations(one.history[1:]))
    kept = data.draw(st.booleans())  # the order as it was, but for one event that comes last
    if kept and len(one.history) > 1:
        late = data.draw(st.sampled_from(one.history[1:]))
        shuffled = [event for event in one.history[1:] if event is not late] + [late]
    for event in shuffled:
        before, state = recorded.history, recorded.state
        try:
            recorded = recorded.apply(event)
        except IllegalMove as refused:
            assert refused.reason
            assert (recorded.history, recorded.state) == (before, state)
            return
    assert recorded.state == one.state
    assert recorded.history == (one.history[0], *shuffled)
    assert Relationship.replay(recorded.history).state == one.state


@given(relationships(most=12), st.integers(0, 400), st.sampled_from([1, 4]))
def test_a_late_note_or_rating_takes_its_place(one, days, stars):
    """What changes nothing else may be recorded late wherever its time allows it, and the stage stays."""
    at = START + timedelta(days=days)
    late = Rated("late", acting(one.parties[0]), at, stars)
    try:
        after = one.apply(late)
    except IllegalMove:
        return
    assert after.history == (*one.history, late)
    assert evolve(after.state, last=one.state.last) == evolve(one.state, last=one.state.last)
    assert after.state.last == max(at, one.state.last)


def test_a_session_can_be_recorded_after_the_completion():
    """A session held in time and told late counts, and the relationship stays completed."""
    over = active().apply(Completed("c", SYSTEM, later(280)))
    late = over.apply(SessionHeld("s", MENTEE, later(270), recorded=later(290)))
    assert (late.stage, late.state.held, late.state.finished) == (Stage.COMPLETED, 1, later(280))
    assert late.history[-1].recorded == later(290)
    assert late.consequences(SessionHeld("t", MENTEE, later(271))) == ()
    with pytest.raises(IllegalMove, match="no such move leads on from there"):
        late.apply(SessionHeld("u", MENTEE, later(281)))


def test_an_end_before_what_happened_afterwards_is_refused():
    """An end that is told late cannot lie before a session that was held; the reason names what it would forbid."""
    one = active().apply(SessionHeld("s", MENTEE, later(30)))
    said = (
        f"it happened before the SessionHeld of {later(30)}, which it would forbid "
        "\\(no such move leads on from there\\)"
    )
    with pytest.raises(IllegalMove, match=said.replace("+", "\\+")):
        one.apply(Ended("e", ADMIN, later(20)))
    assert one.apply(Ended("e", ADMIN, later(31))).stage is Stage.ENDED
    with pytest.raises(IllegalMove, match="it happened before the proposal"):
        one.apply(Rated("r", MENTEE, later(-1), 5))


def test_a_late_event_is_judged_by_its_own_time():
    """A yes that came in time and was recorded after the date to answer by counts; a pause ends at its own time."""
    one = proposed().apply(Amended("x", MENTOR, later(12), version(proposed())))
    with pytest.raises(IllegalMove, match="the agreement is at version 2, not 1"):
        one.apply(Accepted("a", MENTOR, later(13), 1))
    assert one.apply(Accepted("a", MENTOR, later(11), 1)).state.open_parties == ("p0", "r0")  # version 2 asks anew
    at_once = proposed().apply(Accepted("a", MENTOR, later(2), 1)).apply(Accepted("b", MENTEE, START, 1))
    assert [given.party for given in at_once.state.accepted] == ["r0", "p0"]  # told late, as old as the proposal
    paused = active().apply_all([Paused("p", MENTOR, later(1)), Resumed("r", MENTOR, later(9))])
    with pytest.raises(IllegalMove, match="SessionHeld is refused while the relationship is paused"):
        paused.apply(SessionHeld("s", MENTOR, later(5)))


# Amendments -------------------------------------------------------------------------------------------------------


def test_before_the_start_a_new_version_asks_everybody_anew():
    """A new version takes the yeses to the old one back, and the old one cannot be accepted any more."""
    one = accept_all(proposed()).apply(Amended("x", MENTOR, START, version(proposed())))
    assert (one.stage, one.state.open_parties, one.agreement.minutes) == (Stage.AGREEING, ("p0", "r0"), 30)
    with pytest.raises(IllegalMove, match="at version 2, not 1"):
        one.apply(Accepted("y", MENTOR, START, 1))


@pytest.mark.parametrize("stage", ["active", "paused"])
def test_an_amendment_holds_once_everybody_has_said_yes(stage):
    """Until then the old version goes on to hold; meanwhile no other is put; a no keeps the old one for good."""
    one = active()
    one = one.apply(Paused("p", MENTOR, later(1))) if stage == "paused" else one
    put = one.apply(Amended("x", MENTOR, later(2), version(one)))
    half = put.apply(Accepted("y", MENTOR, later(3), 2))
    for waiting in (put, half):
        assert (waiting.stage.value, waiting.agreement, waiting.state.put.minutes) == (stage, one.agreement, 30)
        assert waiting.sessions()[-1].minutes == 60
        with pytest.raises(IllegalMove, match="version 2 is open; accept or decline it first"):
            waiting.apply(Amended("z", MENTEE, later(4), version(waiting)))
    with pytest.raises(IllegalMove, match="this party has accepted it already"):
        half.apply(Accepted("z", MENTOR, later(4), 2))
    agreed = half.apply(Accepted("z", MENTEE, later(4), 2))
    assert (agreed.agreement.minutes, agreed.state.pending, agreed.state.open_parties) == (30, None, ())
    assert {one.version for one in agreed.state.accepted} == {2}
    assert agreed.sessions()[-1].minutes == 30
    kept = half.apply(AmendmentDeclined("n", MENTEE, later(4)))
    assert (kept.agreement, kept.state.pending, kept.state.latest) == (one.agreement, None, 2)
    assert kept.apply(Amended("again", MENTEE, later(5), version(kept))).state.put.version == 3


def test_an_extension_needs_both():
    """A later end holds once both have said yes, and the relationship is completed at the new one."""
    one = active()
    longer = one.agreement.extended(one.agreement.term.end + timedelta(days=90))
    put = one.apply(Amended("x", MENTEE, later(200), longer)).apply(Accepted("y", MENTEE, later(200), 2))
    assert put.agreement.term == one.agreement.term
    extended = put.apply(Accepted("z", MENTOR, later(201), 2))
    assert len(extended.sessions()) == len(one.sessions()) + 3
    with pytest.raises(IllegalMove, match="the term runs until 2027-01-02"):
        extended.apply(Completed("c", SYSTEM, later(280)))


@pytest.mark.parametrize(
    ("kind", "director", "other"),
    [(COACHING, MENTEE, MENTOR), (MENTORING, MENTOR, MENTEE)],
    ids=["coachee directed", "mentor directed"],
)
@pytest.mark.parametrize("running", [False, True], ids=["before the start", "since"])
def test_goals_are_changed_by_the_side_in_control(kind, director, other, running):
    """The side in control changes goals, the program may; the other side changes everything else and no goal."""
    one = active(kind) if running else proposed(kind)
    goals = version(one, goals=[CALLS])
    title = kind.titles.of(kind.control.side)
    with pytest.raises(IllegalMove, match=f"goals in {kind.name} are set by the {title}"):
        one.apply(Amended("x", other, START, goals))
    for actor in (director, ADMIN):
        assert one.apply(Amended("x", actor, START, goals)).state.put.goals == (CALLS,)
    assert one.apply(Amended("x", other, START, version(one))).state.put.minutes == 30


@pytest.mark.parametrize(
    ("kind", "form"),
    [(ADVISING, GoalForm.QUESTION), (SPONSORING, GoalForm.OPPORTUNITY)],
    ids=["a question", "an opportunity"],
)
def test_questions_and_opportunities_are_the_recipients_to_bring(kind, form):
    """The advisor and the sponsor direct; what is asked and sought is set by the one who asks, other goals are not."""
    one = proposed(kind)
    assert (
        one.apply(Amended("x", MENTEE, START, version(one, goals=[Goal("own", form)]))).agreement.goals[0].form is form
    )
    with pytest.raises(IllegalMove, match=f"goals in {kind.name} are set by the {kind.titles.provider}"):
        one.apply(Amended("x", MENTEE, START, version(one, goals=[*one.agreement.goals, CALLS])))


def test_where_both_direct_both_may_change_goals():
    """In a mutual kind either side sets the goals."""
    one = active(PEER_COACHING)
    for party in one.parties:
        assert one.apply(Amended("x", acting(party), START, version(one, goals=[CALLS]))).state.pending is not None


def test_readings_are_kept_across_an_amendment():
    """What was read before and while an amendment was open is there after it."""
    one = active(goals=[CALLS]).apply(CheckedIn("k", MENTEE, later(1), 1, "calls", CheckIn(TODAY, 3)))
    put = one.apply(Amended("x", MENTOR, later(2), version(one, goals=[evolve(CALLS, focus_areas=["sales"])])))
    read = put.apply(CheckedIn("l", MENTEE, later(3), 1, "calls", CheckIn(TODAY, 6)))
    (goal,) = accept_all(read, at=later(4)).agreement.goals
    assert goal.focus_areas == ("sales",)
    assert [one.value for one in goal.key_results[0].check_ins] == [3, 6]
    two = active(goals=[CALLS, evolve(CALLS, text="other")])
    for number in (1, 2):
        read = two.apply(CheckedIn("k", MENTEE, later(1), number, "calls", CheckIn(TODAY, 3)))
        assert [bool(goal.key_results[0].check_ins) for goal in read.agreement.goals] == [number == 1, number == 2]
    closing = put.apply(ClosingBegun("c", MENTOR, later(3)))
    assert (closing.state.pending, closing.agreement.version) == (None, 1)


def test_a_counter_proposal_asks_everybody_anew():
    """ "Only if we can mentor each other": a request is answered by mutual mentoring, and both accept that."""
    request = proposed(origin=Origin.REQUESTED, actor=MENTEE).apply(Accepted("a", MENTEE, START, 1))
    people = [Party("p0", Role.BOTH), Party("r0", Role.BOTH)]
    counter = CounterProposed("c", MENTOR, later(1), version(request), MUTUAL_MENTORING, people)
    mutual = request.apply(counter)
    assert (mutual.stage, mutual.kind, mutual.parties) == (Stage.PROPOSED, MUTUAL_MENTORING, tuple(people))
    assert mutual.state.open_parties == ("p0", "r0")
    assert mutual.people(Side.PROVIDER) == mutual.people(Side.RECIPIENT) == ("p0", "r0")
    started = accept_all(mutual, at=later(2)).apply(Activated("go", SYSTEM, later(2)))
    assert (started.stage, started.agreement.version) == (Stage.ACTIVE, 2)
    assert mutual.apply(Withdrawn("w", MENTOR, later(2))).stage is Stage.WITHDRAWN
    with pytest.raises(IllegalMove, match="only who proposed it takes it back; decline it instead"):
        mutual.apply(Withdrawn("w", MENTEE, later(2)))
    with pytest.raises(IllegalMove, match="everybody stands on both sides"):
        request.apply(evolve(counter, parties=None))
    with pytest.raises(IllegalMove, match="with a provider and a recipient among them"):
        request.apply(evolve(counter, kind=None, parties=[Party("p0", Role.PROVIDER), Party("r0", Role.PROVIDER)]))
    with pytest.raises(IllegalMove, match="the next version is 2, not 3"):
        request.apply(evolve(counter, agreement=evolve(version(request), version=3)))


def test_planned_sessions_since_a_moment_leave_out_those_before():
    """Given a moment, only the sessions that begin at it or later are listed, numbered as before."""
    one = active()
    every = one.planned_sessions()
    assert one.planned_sessions(since=every[2].start) == every[2:]
