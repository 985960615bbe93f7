"""Who takes part: groups that people join and leave, how a relationship came about, and how it ends."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import IllegalMove, InvalidValue
from devrel.kinds import (
    GROUP_COACHING,
    GROUP_MENTORING,
    Item,
    Side,
    ViewerRole,
)
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    Amended,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Consented,
    CounterProposed,
    Declined,
    DeclineReason,
    Ended,
    EndedForConduct,
    EndReason,
    Expired,
    Invalidated,
    Joined,
    Left,
    NoteAdded,
    Origin,
    Paused,
    Rated,
    Resumed,
    SessionHeld,
    Stage,
    Withdrawn,
)
from devrel.people import Party, Role
from devrel.sessions import Note
from devrel.testing.strategies import acting, events, relationships
from tests.beginnings import ADMIN, MENTEE, MENTOR, OPEN, SYSTEM, accept_all, active, group, later, proposed
from tests.moves import LEADS, version

TRIO = group(1, 2)
OTHER = Actor.recipient("r1")


def joining(name="new", at=1, accepted=1, role=Role.RECIPIENT):
    actor = Actor.provider(name) if role is Role.PROVIDER else Actor.recipient(name)
    return Joined(f"join-{name}", actor, later(at), Party(name, role), accepted)


def ids(one):
    return [party.person for party in one.parties]


# Groups -----------------------------------------------------------------------------------------------------------


def test_a_group_waits_for_everybody():
    """One mentor with three mentees is one relationship, and starts when all four have accepted."""
    one = proposed(GROUP_MENTORING).apply(Accepted("p", MENTOR, later(), 1))
    for number in range(3):
        with pytest.raises(IllegalMove, match="version 1 is not accepted by r"):
            one.apply(Activated("go", SYSTEM, later()))
        one = one.apply(Accepted(f"r{number}", Actor.recipient(f"r{number}"), later(), 1))
    assert one.apply(Activated("go", SYSTEM, later())).stage is Stage.ACTIVE


@pytest.mark.parametrize("running", [False, True], ids=["before the start", "since"])
def test_somebody_joins_a_group_for_herself(running):
    """Whoever joins accepts the version that holds, and takes part from then on, on the side she chose."""
    one = active(people=TRIO) if running else proposed(people=TRIO)
    joined = one.apply(joining()).apply(joining("second", role=Role.PROVIDER))
    assert joined.stage is one.stage
    assert joined.people(Side.RECIPIENT) == ("r0", "r1", "new")
    assert joined.people(Side.PROVIDER) == ("p0", "second")
    assert {"new", "second"} <= {given.party for given in joined.state.accepted}
    assert joined.apply(joining("both", role=Role.BOTH)).people(Side.PROVIDER)[-1] == "both"
    for wrong, said in [
        (joining("r0"), "this person is in it already"),
        (joining(accepted=2), "the agreement is at version 1, not 2"),
        (evolve(joining(), actor=Actor.recipient("other")), "everybody joins for herself"),
        (evolve(joining(), actor=Actor.provider("new")), "on the side she acts for"),
    ]:
        with pytest.raises(IllegalMove, match=said):
            one.apply(wrong)
    with pytest.raises(IllegalMove, match="it is not a group"):
        active().apply(joining())


def test_a_group_has_room_for_so_many():
    """Eight mentees is the most; a ninth is refused with the number there would be."""
    full = active(GROUP_MENTORING, group(1, 8))
    with pytest.raises(IllegalMove, match="one mentor and 3 to 8 mentees, and there are 9 mentees"):
        full.apply(joining())
    with pytest.raises(IllegalMove, match="and there are 2 mentors"):
        full.apply(joining(role=Role.PROVIDER))
    assert full.apply(Left("l", MENTEE, later(1), "r0")).apply(joining(at=2)).people(Side.RECIPIENT)[-1] == "new"


def test_somebody_who_joins_has_a_say_in_the_open_amendment():
    """An amendment that is open when somebody joins waits for her yes as well."""
    one = active(people=TRIO)
    put = one.apply(Amended("x", MENTOR, later(1), version(one))).apply(joining(at=2))
    assert put.state.open_parties == ("p0", "r0", "r1", "new")
    half = put.apply_all(Accepted(f"y{who.person}", acting(who), later(3), 2) for who in TRIO)
    assert half.agreement.version == 1
    assert half.apply(Accepted("last", Actor.recipient("new"), later(4), 2)).agreement.version == 2


def test_a_new_coachee_in_a_group_needs_a_goal_of_her_own_from_then_on():
    """Where each has her own goal, the next amendment has to bring one for whoever joined."""
    joined = active(GROUP_COACHING).apply(joining())
    with pytest.raises(IllegalMove, match="every coachee needs a goal of her own"):
        joined.apply(Amended("x", ADMIN, later(2), version(joined)))


@pytest.mark.parametrize("actor", [OTHER, ADMIN, SYSTEM], ids=["herself", "program", "system"])
def test_one_leaves_and_the_group_goes_on(actor):
    """Whoever leaves is out with her consents and her word on what is open; the others go on."""
    one = active(people=TRIO).apply(Consented("c", OTHER, later(1), Item.GOALS, ViewerRole.HR))
    put = one.apply(Amended("x", MENTOR, later(2), version(one)))
    half = put.apply_all([Accepted("y", MENTOR, later(2), 2), Accepted("z", MENTEE, later(2), 2)])
    left = half.apply(Left("l", actor, later(3), "r1", EndReason.NO_TIME))
    assert (left.stage, ids(left)) == (Stage.ACTIVE, ["p0", "r0"])
    assert left.state.consents == frozenset()
    assert left.agreement.version == 2  # she was the last who had not said yes
    assert put.apply(Left("l", actor, later(3), "r1")).agreement.version == 1
    with pytest.raises(IllegalMove, match="the acting person is not a mentee in it"):
        left.apply(Rated("r", OTHER, later(4), 5))


def test_nobody_leaves_for_another_and_the_last_of_a_side_stays():
    """A party leaves for herself alone; without its last mentor, or as a pair, nothing would be left to go on."""
    one = active(people=TRIO)
    with pytest.raises(IllegalMove, match="everybody leaves for herself"):
        one.apply(Left("l", MENTEE, later(1), "r1"))
    with pytest.raises(IllegalMove, match="this person is not in it"):
        one.apply(Left("l", ADMIN, later(1), "x"))
    for last, person in ((one, "p0"), (active(), "r0"), (active(), "p0")):
        with pytest.raises(IllegalMove, match="nobody would be left on one side; end the relationship instead"):
            last.apply(Left("l", ADMIN, later(1), person))
    pair = one.apply(Left("l", OTHER, later(1), "r1"))
    with pytest.raises(IllegalMove, match="it is not a group"):
        pair.apply(joining(at=2))


def test_one_no_of_a_group_leaves_the_group():
    """A mentee who declines is out, and the others start without her; the mentor's no is the end of it."""
    one = proposed(people=TRIO).apply(Accepted("a", OTHER, later(), 1))
    rest = one.apply(Declined("d", OTHER, later(1), DeclineReason.NO_TIME))
    assert (rest.stage, ids(rest), rest.state.accepted) == (Stage.AGREEING, ["p0", "r0"], ())
    assert accept_all(rest, at=later(2)).apply(Activated("go", SYSTEM, later(2))).stage is Stage.ACTIVE
    for alone, actor in ((one, MENTOR), (rest, MENTEE)):
        assert alone.apply(Declined("e", actor, later(1))).stage is Stage.DECLINED
    fewer = proposed(GROUP_MENTORING).apply(Declined("d", MENTEE, later(1)))
    with pytest.raises(IllegalMove, match="one mentor and 3 to 8 mentees, and there are 2 mentees"):
        accept_all(fewer, at=later(2)).apply(Activated("go", SYSTEM, later(2)))
    again = accept_all(fewer, at=later(2)).apply(joining(at=3))
    assert again.apply(Activated("go", SYSTEM, later(4))).stage is Stage.ACTIVE


def test_no_single_mentee_ends_a_group():
    """One of several leaves instead of ending it for all, with notice or without."""
    one = active(people=TRIO, exit_notice_days=0)
    with pytest.raises(IllegalMove, match="it is for her to leave, and not for all"):
        one.apply(Ended("e", MENTEE, later(1)))
    with pytest.raises(IllegalMove, match="it is for her to leave, and not for all"):
        one.apply(ClosingBegun("c", MENTEE, later(1), EndReason.NO_TIME))
    assert one.apply(ClosingBegun("c", MENTEE, later(1))).stage is Stage.CLOSING
    assert one.apply(Ended("e", MENTOR, later(1))).stage is Stage.ENDED


# Origins ----------------------------------------------------------------------------------------------------------


def test_an_informal_relationship_has_no_admin():
    """Two who agree by themselves belong to no program, and no program admin has a say."""
    one = active(origin=Origin.INFORMAL, actor=MENTEE)
    assert (one.origin, one.program) == (Origin.INFORMAL, None)
    for event in (Paused("x", ADMIN, later(1)), Ended("x", ADMIN, later(1)), EndedForConduct("x", ADMIN, later(1))):
        with pytest.raises(IllegalMove, match="an informal relationship has no program admin"):
            one.apply(event)
    assert active().apply(Paused("x", ADMIN, later(1))).stage is Stage.PAUSED
    end = Ended("x", MENTEE, later(1))
    no_notice = active(origin=Origin.INFORMAL, actor=MENTEE, exit_notice_days=0)
    assert {one.name for one in no_notice.consequences(end)} == {"NOTIFY", "CANCEL_SESSIONS"}


@pytest.mark.parametrize(
    ("origin", "proposer", "said"),
    [
        (Origin.REQUESTED, SYSTEM, "is no party, and what is requested is proposed by one"),
        (Origin.INFORMAL, ADMIN, "is no party, and what is informal is proposed by one"),
        (Origin.REQUESTED, Actor.recipient("x"), "proposes as a recipient and is not one of the parties on that side"),
        (Origin.MATCHED, Actor.provider("r0"), "proposes as a provider and is not one of the parties on that side"),
    ],
    ids=["requested by nobody", "informal by the program", "a stranger", "the wrong side"],
)
def test_who_proposes_as_a_party_is_one(origin, proposer, said):
    """What is requested or informal is proposed by one of its parties, and nobody acts for a side she is not on."""
    with pytest.raises(InvalidValue, match=f"actor: {said}"):
        proposed(origin=origin, actor=proposer)


def test_one_that_was_spun_off_names_its_group():
    """The group it came from stands in the proposal."""
    one = proposed(origin=Origin.SPUN_OFF, spun="circle-7", actor=MENTEE)
    assert (one.origin, one.history[0].spun_off_from) == (Origin.SPUN_OFF, "circle-7")


@pytest.mark.parametrize(
    ("origin", "proposer", "who", "said"),
    [
        (Origin.MATCHED, SYSTEM, MENTEE, None),
        (Origin.MATCHED, SYSTEM, ADMIN, None),
        (Origin.MATCHED, SYSTEM, MENTOR, "a matched mentor declines instead"),
        (Origin.REQUESTED, MENTEE, MENTEE, None),
        (Origin.REQUESTED, MENTEE, SYSTEM, None),
        (Origin.REQUESTED, MENTEE, MENTOR, "only who proposed it takes it back"),
        (Origin.REQUESTED, MENTOR, MENTOR, None),
        (Origin.INFORMAL, MENTOR, MENTEE, "only who proposed it takes it back"),
        (Origin.INFORMAL, MENTOR, MENTOR, None),
        (Origin.SPUN_OFF, MENTEE, MENTOR, "only who proposed it takes it back"),
    ],
    ids=lambda value: getattr(value, "value", None) or getattr(value, "person", None) or "",
)
def test_who_may_withdraw_depends_on_the_origin(origin, proposer, who, said):
    """A matched recipient may withdraw, a matched provider declines; else it is who proposed it, or the program."""
    one = proposed(origin=origin, actor=proposer, spun="g" if origin is Origin.SPUN_OFF else None)
    if said is None:
        assert one.apply(Withdrawn("w", who, later(1))).stage is Stage.WITHDRAWN
    else:
        with pytest.raises(IllegalMove, match=said):
            one.apply(Withdrawn("w", who, later(1)))


def test_a_proposal_stands_until_its_date():
    """After fourteen days, unless said otherwise, nobody accepts and it expires; without a date it never does."""
    one = proposed()
    assert one.state.respond_by == later(14)
    assert one.apply(Accepted("a", MENTOR, later(13), 1)).stage is Stage.AGREEING
    late = [Accepted("a", MENTOR, later(14, minutes=1), 1), Amended("m", MENTOR, later(15), version(one))]
    for event in [*late, CounterProposed("c", MENTEE, later(15), version(one))]:
        with pytest.raises(IllegalMove, match="could answer until"):
            one.apply(event)
    countered = one.apply(CounterProposed("c", MENTEE, later(10), version(one)))
    assert countered.state.respond_by == later(24)
    everybody = accept_all(one)
    with pytest.raises(IllegalMove, match="everybody has accepted; it can start"):
        everybody.apply(Expired("x", SYSTEM, later(20)))
    assert one.apply(Expired("x", SYSTEM, later(14))).stage is Stage.EXPIRED
    endless = type(one)((evolve(one.history[0], respond_by=None),))
    with pytest.raises(IllegalMove, match="without a date to answer by"):
        endless.apply(Expired("x", SYSTEM, later(999)))
    assert endless.apply(Accepted("a", MENTOR, later(999), 1)).stage is Stage.AGREEING


# Ends -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("giver", "who", "days", "fine"),
    [
        (MENTOR, MENTOR, 6, False),
        (MENTOR, MENTOR, 7, True),
        (MENTOR, MENTEE, 0, True),
        (MENTOR, SYSTEM, 0, True),
        (ADMIN, MENTOR, 0, True),
        (SYSTEM, MENTEE, 0, True),
        (None, MENTOR, 0, False),
        (None, ADMIN, 0, True),
    ],
    ids=[
        "too soon",
        "in time",
        "waived",
        "program",
        "after the program",
        "after the system",
        "none",
        "program at once",
    ],
)
def test_a_party_gives_notice_and_the_other_may_waive_it(giver, who, days, fine):
    """Who gave notice waits for its end; the other may end at once, and so may the program, notice or none."""
    one = active()
    if giver is not None:
        one = one.apply(ClosingBegun("c", giver, later(1), EndReason.NOT_A_FIT))
    end = Ended("e", who, later(1 + days))
    if fine:
        assert one.apply(end).stage is Stage.ENDED
    else:
        said = (
            "the notice runs until" if giver else "7 days of notice are agreed; begin the closing with a reason first"
        )
        with pytest.raises(IllegalMove, match=said):
            one.apply(end)


def test_a_closing_without_a_reason_is_no_notice():
    """Bringing a relationship to its agreed end gives no notice; it is completed, early if need be, and not ended."""
    one = active().apply(ClosingBegun("c", MENTOR, later(1)))
    assert one.state.notice is None
    for who in (MENTOR, MENTEE):
        with pytest.raises(IllegalMove, match="complete it early, or let the program end it"):
            one.apply(Ended("e", who, later(20)))
    assert one.apply(CompletedEarly("e", MENTOR, later(1))).stage is Stage.COMPLETED_EARLY
    paused = active().apply_all([Paused("p", MENTOR, later(1)), ClosingBegun("c", MENTOR, later(2), EndReason.NO_TIME)])
    assert (paused.stage, paused.state.pauses) == (Stage.CLOSING, ((later(1), later(2)),))


PROPOSED, ACTIVE = proposed(), active(exit_notice_days=0)
STOP = {"NOTIFY", "FREE_CAPACITY", "CANCEL_SESSIONS"}


@pytest.mark.parametrize(
    ("one", "event", "expected"),
    [
        (PROPOSED, Declined("x", MENTOR, later(1)), {"NOTIFY", "FREE_CAPACITY", "REQUEUE"}),
        (PROPOSED, Withdrawn("x", MENTEE, later(1)), {"NOTIFY", "FREE_CAPACITY"}),
        (PROPOSED, Invalidated("x", SYSTEM, later(1)), {"NOTIFY", "FREE_CAPACITY", "REQUEUE_FIRST"}),
        (PROPOSED, Expired("x", SYSTEM, later(20)), {"NOTIFY", "FREE_CAPACITY", "REQUEUE"}),
        (ACTIVE, Ended("x", ADMIN, later(1), EndReason.LEFT), {*STOP, "REQUEUE_FIRST"}),
        (ACTIVE, Ended("x", SYSTEM, later(1), EndReason.CONFLICT), {*STOP, "REQUEUE_FIRST"}),
        (ACTIVE, Ended("x", ADMIN, later(1), EndReason.NO_TIME), {*STOP, "REQUEUE"}),
        (ACTIVE, Ended("x", MENTEE, later(1), EndReason.NOT_A_FIT), {*STOP, "REQUEUE"}),
        (ACTIVE, EndedForConduct("x", ADMIN, later(1)), {*STOP, "BAR_PAIR", "REQUEUE_FIRST"}),
        (ACTIVE, CompletedEarly("x", MENTEE, later(1)), STOP),
        (ACTIVE, Completed("x", SYSTEM, later(280)), {"NOTIFY", "FREE_CAPACITY"}),
        (ACTIVE, SessionHeld("x", MENTOR, later(1)), set()),
    ],
    ids=[
        "declined",
        "withdrawn",
        "invalidated",
        "expired",
        "left",
        "conflict",
        "no time",
        "no fit",
        "conduct",
        "early",
        "completed",
        "held",
    ],
)
def test_what_follows_depends_on_how_it_ends(one, event, expected):
    """Whoever is left behind by a leaver or a conflict comes first in the queue, a bad pair is barred, and so on."""
    assert {consequence.name for consequence in one.consequences(event)} == expected


def test_completed_early_is_neither_completed_nor_ended():
    """Before the end of the term it is early; from the end on it is not, and without an end there is no early."""
    one = active()
    assert one.apply(CompletedEarly("x", MENTOR, later(1))).stage is Stage.COMPLETED_EARLY
    with pytest.raises(IllegalMove, match="the agreed end has come"):
        one.apply(CompletedEarly("x", MENTOR, later(280)))
    with pytest.raises(IllegalMove, match="the term is open-ended, so there is no early; complete it"):
        active(term=OPEN).apply(CompletedEarly("x", MENTOR, later(1)))
    assert active(term=OPEN).apply(Completed("x", MENTOR, later(1))).stage is Stage.COMPLETED


def test_a_pause_is_remembered_with_its_until_and_ends():
    """A pause has a since and an until, both stay in the list of pauses, and a new one can follow."""
    paused = active().apply(Paused("p", MENTEE, later(1), later(20).date()))
    assert (paused.stage, paused.state.paused_until) == (Stage.PAUSED, later(20).date())
    resumed = paused.apply(Resumed("r", SYSTEM, later(10)))
    assert (resumed.stage, resumed.state.paused_until) == (Stage.ACTIVE, None)
    again = resumed.apply(Paused("q", SYSTEM, later(30)))
    assert again.state.pauses == ((later(1), later(10)), (later(30), None))
    over = again.apply_all(
        [Resumed("s", SYSTEM, later(40)), Paused("t", SYSTEM, later(50)), Resumed("u", SYSTEM, later(60))]
    )
    assert over.state.pauses == ((later(1), later(10)), (later(30), later(40)), (later(50), later(60)))


@given(st.data())
def test_a_final_stage_is_final(data):
    """Whatever is tried after the end: notes, ratings, outcomes and consents at most, and the stage stays."""
    one = data.draw(relationships().filter(lambda one: one.stage.final) | st.builds(finished, st.sampled_from(ENDS)))
    for number in range(4):
        event = data.draw(events(one, 50 + number))
        event = evolve(event, at=max(event.at, one.state.last), recorded=max(event.recorded, one.state.last))
        try:
            after = one.apply(event)
        except IllegalMove:
            continue
        assert type(event).__name__ in LEADS[one.stage.value]
        assert (after.stage, after.state.finished) == (one.stage, one.state.finished)
        one = after


ENDS = [
    Completed("x", SYSTEM, later(280)),
    CompletedEarly("x", MENTEE, later(1)),
    Ended("x", MENTEE, later(1)),
    EndedForConduct("x", ADMIN, later(1)),
]


def finished(end):
    return ACTIVE.apply(end)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
def test_after_the_end_people_still_say_how_it_was(end):
    """Notes, ratings and consents are taken after every end but that for conduct, which is closed at once."""
    one = finished(end)
    at = later(300)
    for event in (
        Rated("r", MENTEE, at, 5),
        NoteAdded("n", MENTOR, at, Note("p0", "thank you")),
        Consented("c", MENTEE, at, Item.RATINGS, ViewerRole.ADMIN),
    ):
        if one.stage is Stage.ENDED_FOR_CONDUCT and not isinstance(event, Consented):
            with pytest.raises(IllegalMove, match="no such move leads on from there"):
                one.apply(event)
        else:
            assert one.apply(event).stage is one.stage


def test_consents_are_given_and_taken_back():
    """Each consent is of one person, one thing and one viewer; giving it twice or taking back none is refused."""
    one = active().apply(Consented("a", MENTEE, later(1), Item.GOALS, ViewerRole.HR))
    assert one.state.consents == {("r0", Item.GOALS, ViewerRole.HR)}
    both = one.apply(Consented("b", MENTOR, later(1), Item.GOALS, ViewerRole.HR))
    assert len(both.state.consents) == 2
    back = both.apply(Consented("c", MENTEE, later(2), Item.GOALS, ViewerRole.HR, allowed=False))
    assert back.state.consents == {("p0", Item.GOALS, ViewerRole.HR)}
    with pytest.raises(IllegalMove, match="nothing would change"):
        one.apply(Consented("d", MENTEE, later(2), Item.GOALS, ViewerRole.HR))
    with pytest.raises(IllegalMove, match="nothing would change"):
        back.apply(Consented("d", MENTEE, later(3), Item.GOALS, ViewerRole.HR, allowed=False))
