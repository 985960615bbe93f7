"""Promise 2: the history is append-only, and the table of moves decides what may follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from devrel.agreements import Agreement
from devrel.errors import IllegalMove, InvalidValue, StaleVersion
from devrel.goals import Goal, KeyResult
from devrel.kinds import ADVISING, COACHING, MENTORING, GoalForm, Side
from devrel.lifecycle import (
    MOVES,
    OPEN_STAGES,
    Accepted,
    Activated,
    Actor,
    Amended,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Consequence,
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
    Stage,
    Withdrawn,
    moves_table,
    possible,
)
from devrel.people import Party, Role
from devrel.relationships import Relationship, pair
from devrel.terms import Cadence, Term
from tests.generate import START, events, proposals, relationships

# Written by hand from the design, independent of the code: what may come in which stage, and where it leads.
LEADS = {
    ("proposed", "Accepted"): "agreeing",
    ("proposed", "Amended"): "agreeing",
    ("proposed", "Declined"): "declined",
    ("proposed", "Withdrawn"): "withdrawn",
    ("proposed", "Expired"): "expired",
    ("proposed", "Invalidated"): "invalidated",
    ("agreeing", "Accepted"): "agreeing",
    ("agreeing", "Amended"): "agreeing",
    ("agreeing", "Declined"): "declined",
    ("agreeing", "Withdrawn"): "withdrawn",
    ("agreeing", "Expired"): "expired",
    ("agreeing", "Invalidated"): "invalidated",
    ("agreeing", "Activated"): "active",
    ("proposed", "EndedForConduct"): "ended for conduct",
    ("agreeing", "EndedForConduct"): "ended for conduct",
    ("active", "SessionHeld"): "active or completed",
    ("active", "Paused"): "paused",
    ("active", "ClosingBegun"): "closing",
    ("active", "Completed"): "completed",
    ("active", "CompletedEarly"): "completed early",
    ("active", "Ended"): "ended",
    ("active", "EndedForConduct"): "ended for conduct",
    ("paused", "Resumed"): "active",
    ("paused", "Ended"): "ended",
    ("paused", "EndedForConduct"): "ended for conduct",
    ("closing", "SessionHeld"): "closing or completed",
    ("closing", "Completed"): "completed",
    ("closing", "CompletedEarly"): "completed early",
    ("closing", "Ended"): "ended",
    ("closing", "EndedForConduct"): "ended for conduct",
}
PEOPLE = pair("m", "n")
LATER = START + timedelta(days=400)


def proposed(kind=MENTORING, term=None, goals=(), **more) -> Relationship:
    agreement = Agreement(term or Term.of_months(START.date(), 9), Cadence(), goals=goals)
    return Relationship.propose("rel", kind, PEOPLE, agreement, actor=Actor.system(), at=START, **more)


def accepted(relationship: Relationship) -> Relationship:
    version = relationship.agreement.version
    return relationship.apply_all(
        [
            Accepted("a1", Actor.provider("m"), START, version),
            Accepted("a2", Actor.recipient("n"), START, version),
        ]
    )


def active(**more) -> Relationship:
    return accepted(proposed(**more)).apply(Activated("a3", Actor.system(), START))


def test_the_table_says_what_the_design_says():
    """Every stage and event of the table is in the hand-written one, and the other way round."""
    table = {}
    for move in MOVES:
        for stage in move.sources:
            target = (move.target or stage).value
            key = stage.value, move.event.__name__
            table[key] = f"{table[key]} or {target}" if key in table else target
    assert table == LEADS


def test_final_stages_lead_nowhere():
    """No event is possible in a final stage, and every stage that is not final has one."""
    assert all(possible(stage) == () for stage in Stage if stage.final)
    assert all(possible(stage) for stage in OPEN_STAGES)


@given(st.data())
def test_a_refused_event_changes_nothing_and_says_what_is_possible(data):
    """Whatever is tried: it follows the table, or it is refused, naming the stage and what is possible instead."""
    relationship = data.draw(relationships())
    event = data.draw(events(relationship, 99))
    before = relationship.history
    try:
        after = relationship.apply(event)
    except IllegalMove as refused:
        told = refused
    else:
        told = None
        expected = LEADS[relationship.stage.value, type(event).__name__].split(" or ")
        assert after.stage.value in expected
        assert after.history == (*before, event)
    assert relationship.history == before
    if told is not None:
        assert told.stage == relationship.stage.value
        assert told.allowed == possible(relationship.stage)
        assert all(name in str(told) for name in told.allowed)


@given(relationships())
def test_a_state_is_the_fold_of_the_history(relationship):
    """A relationship made anew from its history is equal to it, its state included; so is every step on the way."""
    anew = Relationship(
        relationship.id, relationship.kind, relationship.parties, relationship.history, relationship.program
    )
    assert anew == relationship
    assert anew.state == relationship.state
    first = Relationship(
        relationship.id, relationship.kind, relationship.parties, relationship.history[:1], relationship.program
    )
    assert first.apply_all(relationship.history[1:]).state == relationship.state


@given(relationships())
def test_the_same_event_twice_changes_nothing(relationship):
    """Every event of the history, applied again, gives the same relationship, whatever version is expected."""
    for event in relationship.history:
        assert relationship.apply(event, expected_version=0) is relationship


def test_another_event_under_a_known_id_is_refused():
    """An id stands for one event for ever; a different event under it is refused and not swallowed."""
    relationship = active()
    with pytest.raises(IllegalMove, match="another event with this id"):
        relationship.apply(Paused("a3", Actor.provider("m"), START))


@given(relationships(), st.integers(-3, 30))
def test_a_stale_version_is_refused(relationship, seen):
    """An event meant for another version is refused, and the error tells both versions."""
    if seen == relationship.version:
        return
    with pytest.raises(StaleVersion) as caught:
        relationship.apply(Ended("late", Actor.admin(), LATER), expected_version=seen)
    assert (caught.value.expected, caught.value.actual) == (seen, relationship.version)


def test_two_accept_activate_meet_and_complete():
    """The whole way of a relationship of two, step by step."""
    relationship = proposed(respond_by=START + timedelta(days=14), program="P")
    assert (relationship.stage, relationship.version) == (Stage.PROPOSED, 1)
    half = relationship.apply(Accepted("a1", Actor.provider("m"), START, 1))
    assert half.stage is Stage.AGREEING
    assert half.state.open_parties == ("n",)
    with pytest.raises(IllegalMove, match="not accepted by n"):
        half.apply(Activated("x", Actor.system(), START))
    whole = half.apply(Accepted("a2", Actor.recipient("n"), START, 1), expected_version=2)
    started = whole.apply(Activated("a3", Actor.provider("m"), START))
    met = started.apply_all(SessionHeld(f"s{i}", Actor.recipient("n"), START) for i in range(3))
    assert (met.stage, met.state.held) == (Stage.ACTIVE, 3)
    with pytest.raises(IllegalMove, match="the term runs until 2026-10-04"):
        met.apply(Completed("c", Actor.system(), START))
    done = met.apply(ClosingBegun("b", Actor.system(), START)).apply(Completed("c", Actor.system(), LATER))
    assert done.stage is Stage.COMPLETED
    with pytest.raises(IllegalMove, match="nothing can follow"):
        done.apply(SessionHeld("s9", Actor.recipient("n"), LATER))


def test_a_group_waits_for_everybody():
    """One mentor with three mentees is one relationship, and starts when all four have accepted."""
    people = (Party("m", Role.PROVIDER), *(Party(f"n{i}", Role.RECIPIENT) for i in range(3)))
    agreement = Agreement(Term.of_months(START.date(), 9), Cadence())
    group = Relationship.propose("g", MENTORING, people, agreement, actor=Actor.admin("a"), at=START)
    assert group.people(Side.RECIPIENT) == ("n0", "n1", "n2")
    group = group.apply(Accepted("m", Actor.provider("m"), START, 1))
    for i in range(3):
        with pytest.raises(IllegalMove, match="not accepted by"):
            group.apply(Activated("go", Actor.system(), START))
        group = group.apply(Accepted(f"n{i}", Actor.recipient(f"n{i}"), START, 1))
    assert group.apply(Activated("go", Actor.system(), START)).stage is Stage.ACTIVE


def test_a_single_session_completes_the_relationship():
    """The facet 'single session' acts: after its one session the relationship is completed."""
    question = Goal("which law applies?", GoalForm.QUESTION)
    relationship = active(kind=ADVISING, term=Term.single_session(START.date()), goals=[question])
    assert relationship.apply(SessionHeld("s", Actor.provider("m"), START)).stage is Stage.COMPLETED


def test_a_kind_starts_only_with_the_goal_it_needs():
    """Coaching does not start on a theme, and takes no question; the error says what is missing."""
    with pytest.raises(
        IllegalMove, match="coaching needs a specific goal, which the coachee adds by amending; a theme is not a goal"
    ):
        active(kind=COACHING, goals=[Goal("be happier")])
    with pytest.raises(IllegalMove, match="the term must be single session or time-limited"):
        active(kind=ADVISING, term=Term(START.date()), goals=[Goal("why?", GoalForm.QUESTION)])
    assert active(kind=COACHING, goals=[Goal("lead a team", GoalForm.SPECIFIC)]).stage is Stage.ACTIVE


def test_goals_are_changed_by_the_side_in_control():
    """In coaching the coachee sets the goals; the coach may change the length of sessions, and not the goals."""
    relationship = proposed(kind=COACHING)
    goal = relationship.agreement.amended(goals=[Goal("lead", GoalForm.SPECIFIC)])
    with pytest.raises(IllegalMove, match="goals in coaching are set by the coachee"):
        relationship.apply(Amended("x", Actor.provider("m"), START, goal))
    assert relationship.apply(Amended("x", Actor.recipient("n"), START, goal)).agreement == goal
    shorter = relationship.agreement.amended(minutes=30)
    assert relationship.apply(Amended("x", Actor.provider("m"), START, shorter)).agreement.minutes == 30


def test_an_amendment_needs_everybody_again():
    """A new version takes the acceptances of the old one back, and an old version cannot be accepted any more."""
    relationship = accepted(proposed())
    amended = relationship.apply(Amended("x", Actor.provider("m"), START, relationship.agreement.amended(minutes=45)))
    assert amended.state.open_parties == ("m", "n")
    with pytest.raises(IllegalMove, match="at version 2, not 1"):
        amended.apply(Accepted("y", Actor.provider("m"), START, 1))
    with pytest.raises(IllegalMove, match="the next version is 3, not 2"):
        amended.apply(Amended("z", Actor.provider("m"), START, relationship.agreement.amended()))


def test_only_those_who_may_do_it():
    """A stranger cannot accept, a party cannot end for conduct, the system alone lets a proposal expire."""
    with pytest.raises(IllegalMove, match="not a recipient in it"):
        proposed().apply(Accepted("x", Actor.recipient("m"), START, 1))
    with pytest.raises(IllegalMove, match="only admin may do it"):
        active().apply(EndedForConduct("x", Actor.provider("m"), START))
    with pytest.raises(IllegalMove, match="only provider, recipient may do it"):
        proposed().apply(Accepted("x", Actor.admin("m"), START, 1))
    with pytest.raises(IllegalMove, match="accepted it already"):
        accepted(proposed()).apply(Accepted("again", Actor.provider("m"), START, 1))


def test_a_proposal_expires_only_when_its_time_is_over():
    """Before the date to answer by, or without one, a proposal does not expire."""
    relationship = proposed(respond_by=START + timedelta(days=14))
    with pytest.raises(IllegalMove, match="may answer until"):
        relationship.apply(Expired("x", Actor.system(), START))
    assert relationship.apply(Expired("x", Actor.system(), LATER)).stage is Stage.EXPIRED
    with pytest.raises(IllegalMove, match="without a date"):
        proposed().apply(Expired("x", Actor.system(), LATER))


def test_completed_early_is_neither_completed_nor_ended():
    """Before the end of the term it is early; from the end on it is not."""
    relationship = active()
    assert relationship.apply(CompletedEarly("x", Actor.provider("m"), START)).stage is Stage.COMPLETED_EARLY
    with pytest.raises(IllegalMove, match="the agreed end has come"):
        relationship.apply(CompletedEarly("x", Actor.provider("m"), LATER))
    assert active(term=Term(START.date())).apply(Completed("x", Actor.provider("m"), START)).stage is Stage.COMPLETED


def test_an_open_ended_term_has_no_early():
    """Completing an open-ended relationship early is refused with the truth: it has no end to be early for."""
    with pytest.raises(IllegalMove, match="the term is open-ended, so there is no early; complete it"):
        active(term=Term(START.date())).apply(CompletedEarly("x", Actor.provider("m"), START))


def test_a_proposal_stands_until_its_date():
    """After the date to answer by nobody accepts any more, and the date cannot lie before the proposal."""
    relationship = proposed(respond_by=START + timedelta(days=14))
    with pytest.raises(IllegalMove, match="could answer until"):
        relationship.apply(Accepted("x", Actor.provider("m"), LATER, 1))
    with pytest.raises(InvalidValue, match="respond_by"):
        proposed(respond_by=START - timedelta(days=1))


def test_a_known_event_has_no_consequences_again():
    """An event that is delivered twice asks nothing of the system the second time; what is no event is refused."""
    relationship = active()
    assert relationship.consequences(relationship.history[-1]) == ()
    with pytest.raises(InvalidValue, match="must be an Event"):
        relationship.apply("Accepted")


def test_a_pause_has_an_until_and_ends():
    """A pause is remembered with its until and forgotten when the relationship goes on."""
    until = LATER.date()
    paused = active().apply(Paused("p", Actor.recipient("n"), START, until))
    assert (paused.stage, paused.state.paused_until) == (Stage.PAUSED, until)
    resumed = paused.apply(Resumed("r", Actor.system(), START))
    assert (resumed.stage, resumed.state.paused_until) == (Stage.ACTIVE, None)


def test_time_does_not_run_backwards():
    """An event that happened before the latest one is refused."""
    with pytest.raises(IllegalMove, match="before the latest event"):
        active().apply(Paused("p", Actor.provider("m"), START - timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("relationship", "event", "expected"),
    [
        (proposed(), Declined("x", Actor.provider("m"), START), {Consequence.REQUEUE, Consequence.FREE_CAPACITY}),
        (proposed(), Withdrawn("x", Actor.recipient("n"), START), {Consequence.FREE_CAPACITY}),
        (proposed(), Invalidated("x", Actor.system(), START), {Consequence.REQUEUE_FIRST}),
        (active(), Ended("x", Actor.provider("m"), START), {Consequence.CANCEL_SESSIONS, Consequence.REQUEUE}),
        (accepted(proposed()), Activated("x", Actor.system(), START), {Consequence.PLAN_SESSIONS}),
        (active(), EndedForConduct("x", Actor.admin(), START), {Consequence.BAR_PAIR, Consequence.CANCEL_SESSIONS}),
    ],
    ids=["declined", "withdrawn", "invalidated", "ended", "activated", "conduct"],
)
def test_consequences_are_told_as_data(relationship, event, expected):
    """What the embedding system has to do comes with the move, before it is made."""
    assert expected <= set(relationship.consequences(event))


def test_a_program_is_optional_and_both_sides_are_not():
    """An informal relationship has no program; one without a recipient, or with somebody twice, is refused."""
    assert proposed().program is None
    for wrong in ((Party("m", Role.PROVIDER),), (Party("m", Role.BOTH),), (*PEOPLE, Party("m", Role.RECIPIENT))):
        with pytest.raises(InvalidValue, match="parties"):
            Relationship("r", MENTORING, wrong, proposed().history)
    mutual = (Party("a", Role.BOTH), Party("b", Role.BOTH))
    assert Relationship("r", MENTORING, mutual, proposed().history).people(Side.PROVIDER) == ("a", "b")


def test_a_history_begins_with_its_proposal_and_has_each_id_once():
    """A history without the proposal, or with an id twice, is no history."""
    history = active().history
    for wrong in ((), history[1:], (*history, history[-1])):
        with pytest.raises(InvalidValue, match="history"):
            Relationship("r", MENTORING, PEOPLE, wrong)


def test_the_table_can_be_shown():
    """The rows for the reference page name every move, who may make it and what follows."""
    head, rows = moves_table()
    assert len(rows) == len(MOVES)
    assert all(len(row) == len(head) for row in rows)
    assert active().possible_events == possible(Stage.ACTIVE)


def test_planned_sessions_come_from_the_agreement():
    """A relationship plans the sessions of its latest agreement."""
    assert len(proposed().planned_sessions()) == 9
    assert "state=proposed" in repr(proposed())


def test_planned_sessions_follow_the_stage():
    """A pause leaves out its sessions and no others; a relationship that ended has none to come."""
    started = active()
    days = [session.start.date() for session in started.planned_sessions()]
    pause = started.apply(Paused("p", Actor.provider("m"), START, days[3]))
    assert [session.start.date() for session in pause.planned_sessions()] == days[3:]
    assert pause.apply(Resumed("r", Actor.system(), START)).planned_sessions() == started.planned_sessions()
    assert started.apply(Paused("p", Actor.provider("m"), START)).planned_sessions() == ()
    assert started.apply(Ended("e", Actor.provider("m"), START)).planned_sessions() == ()


private = st.text(st.characters(categories=["Lu", "Ll"]), min_size=8, max_size=20).map(lambda text: f"zq{text}zq")


@given(private)
def test_private_words_are_in_no_repr_and_no_error(words):
    """Notes of sessions, reasons to end or decline, goals and their measures stay out of reprs and error texts."""
    goal = Goal(words, GoalForm.SPECIFIC, [KeyResult(words, 0, 1, "n")])
    started = active(goals=[goal]).apply(SessionHeld("s", Actor.provider("m"), START, notes=words))
    ended = started.apply(Ended("e", Actor.provider("m"), START, EndReason.NOT_A_FIT, words))
    declined = proposed(goals=[goal]).apply(Declined("d", Actor.provider("m"), START, DeclineReason.CONFLICT, words))
    conduct = started.apply(EndedForConduct("c", Actor.admin(), START, words))
    said = []
    for relationship in (started, ended, declined, conduct):
        said += [repr(relationship), repr(relationship.state), repr(relationship.history), repr(relationship.agreement)]
        for event in (Ended("x", Actor.provider("n"), START, note=words), Resumed("x", Actor.admin(), START)):
            try:
                said.append(repr(relationship.apply(event)))
            except IllegalMove as error:
                said.append(str(error))
    assert not any(words in text for text in said)
    assert not any(reason.value in text for text in said for reason in (EndReason.NOT_A_FIT, DeclineReason.CONFLICT))


class Life(RuleBasedStateMachine):
    """A relationship beside a deliberately simple model: a stage, a count of events, a count of sessions."""

    def __init__(self) -> None:
        super().__init__()
        self.relationship: Relationship | None = None
        self.stage, self.count, self.held = "proposed", 1, 0

    @rule(data=st.data())
    def try_something(self, data: st.DataObject) -> None:
        if self.relationship is None:
            self.relationship = data.draw(proposals())
        event = data.draw(events(self.relationship, self.count))
        try:
            self.relationship = self.relationship.apply(event)
        except IllegalMove:
            return
        self.count += 1
        self.held += isinstance(event, SessionHeld)
        targets = LEADS[self.stage, type(event).__name__].split(" or ")
        single = self.relationship.agreement.term.single
        self.stage = targets[-1] if single else targets[0]

    @invariant()
    def agrees_with_the_model(self) -> None:
        if self.relationship is not None:
            assert self.relationship.stage.value == self.stage
            assert self.relationship.version == self.count
            assert self.relationship.state.held == self.held


TestLife = Life.TestCase
TestLife.settings = settings(stateful_step_count=30)
TestLife.__doc__ = "Whatever is tried in whatever order, stage, version and sessions are those of the simple model."
