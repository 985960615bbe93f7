"""Kram's phases: a reading of what happened, in order and without gaps, from which nothing follows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InvalidValue
from devrel.kinds import COACHING, KINDS, MENTORING, MUTUAL_MENTORING, Mode, RelationshipKind
from devrel.lifecycle import Accepted, Activated, ClosingBegun, CompletedEarly, Ended, Paused, Resumed, SessionHeld
from devrel.people import Party, Role
from devrel.phases import INITIATION_MONTHS, KramPhase, kram_phases
from devrel.relationships import Relationship, pair
from devrel.terms import Term, months_after
from devrel.testing.strategies import START, acting, relationships
from tests.lives import FIRST, SYSTEM, M, N, asked, live, met, on

LONG = Term(FIRST)
MN = pair("m", "n")
PLAIN = COACHING.derive("plain", source="ours", requires=(), focus=MENTORING.focus)
MENTORING_KINDS = [kind for kind in KINDS if kind.mode is Mode.MENTORING]
nows = st.integers(-100, 4000).map(on)


def names(one: Relationship, now: datetime, *later: Relationship) -> list[str]:
    return [span.phase.name for span in kram_phases(one, now=now, later=later)]


def ended(one: Relationship, number: int) -> Relationship:
    return one.apply(ClosingBegun("close", M, on(number))).apply(CompletedEarly("done", N, on(number)))


def again(
    number: int, kind: RelationshipKind = MENTORING, *, people: tuple[Party, ...] = MN, begun: bool = True
) -> Relationship:
    """Another relationship of m and n that begins on a day."""
    agreement = asked(LONG).agreement
    one = Relationship.propose(f"again {number}", kind, people, agreement, actor=SYSTEM, at=on(number - 1))
    if not begun:
        return one
    said = [Accepted(f"yes {party.person}", acting(party), on(number), 1) for party in one.parties]
    return one.apply_all([*said, Activated("go", SYSTEM, on(number))])


# ---- properties -----------------------------------------------------------------------------------------------------


@given(relationships(MENTORING_KINDS), st.lists(relationships(most=3), max_size=2), nows)
def test_spans_follow_each_other_without_gaps(one, later, now):
    """Each ends where the next begins, the last is on, none lies ahead; reading changes nothing."""
    history, stage = one.history, one.stage
    spans = kram_phases(one, now=now, later=later)
    assert [span.until for span in spans[:-1]] == [span.since for span in spans[1:]]
    assert all(span.until is None or span.since < span.until for span in spans)
    assert all(span.until is None for span in spans[-1:])
    assert all(one.state.activated <= span.since <= now for span in spans)
    assert (one.history, one.stage) == (history, stage)
    assert bool(spans) is (one.state.activated is not None and one.state.activated <= now)


@given(relationships(MENTORING_KINDS), st.lists(relationships(most=3), max_size=2), nows, nows)
def test_a_later_reading_rewrites_nothing(one, later, now, then):
    """What was read at a moment stays read: only the phase that is on goes on or ends."""
    now, then = sorted([now, then])
    early, late = (kram_phases(one, now=moment, later=later) for moment in (now, then))
    known = [(span.phase, span.since) for span in early]
    assert [(span.phase, span.since) for span in late][: len(known)] == known


@given(relationships([kind for kind in KINDS if kind.mode is not Mode.MENTORING]))
def test_only_mentoring_has_the_phases(one):
    """Kram described mentoring; a counter-proposal changes no mode here, and the error names the kind."""
    with pytest.raises(InvalidValue, match=one.kind.name):
        kram_phases(one, now=on(0))


# ---- examples -------------------------------------------------------------------------------------------------------


def test_initiation_lasts_six_to_twelve_months():
    """It ends when they still meet after six, and at the latest after twelve."""
    early, late = (months_after(START, months) for months in INITIATION_MONTHS)
    silent = live(LONG)
    assert names(silent, early) == ["INITIATION"]
    assert names(silent, late - timedelta.resolution) == ["INITIATION"]
    assert kram_phases(silent, now=late)[1].since == late
    meeting = met(silent, 30, 200, 230)
    spans = kram_phases(meeting, now=on(300))
    assert [(span.phase, span.since) for span in spans] == [
        (KramPhase.INITIATION, START),
        (KramPhase.CULTIVATION, on(200)),
    ]
    assert names(meeting, on(199)) == ["INITIATION"]


def test_what_never_began_has_no_phase():
    """A proposal is none, and neither is a relationship before its start."""
    assert kram_phases(asked(), now=on(900)) == ()
    assert kram_phases(live(), now=on(-1)) == ()
    assert kram_phases(live(), now=on(900), later=[again(901, begun=False)])[-1].phase is KramPhase.CULTIVATION


def test_who_ends_in_the_first_months_never_came_to_cultivation():
    """As most formal programs do: initiation, then separation."""
    assert names(ended(met(live(), 30, 60), 150), on(900)) == ["INITIATION", "SEPARATION"]
    assert names(ended(met(live(LONG.of_months(FIRST, 12)), 30, 200), 250), on(900)) == [
        "INITIATION",
        "CULTIVATION",
        "SEPARATION",
    ]


def test_separation_begins_with_the_closing():
    """Not only with the end; an end at the first moment leaves nothing else to read."""
    closing = met(live(LONG), 200).apply(ClosingBegun("close", M, on(300)))
    assert kram_phases(closing, now=on(310))[-1].since == on(300)
    assert kram_phases(closing, now=on(310), later=[again(305, PLAIN)])[-1].phase is KramPhase.SEPARATION
    assert names(live().apply(CompletedEarly("done", M, START)), on(900)) == ["SEPARATION"]


@pytest.mark.parametrize(
    "other",
    [
        again(400, PLAIN),
        again(400, people=pair("n", "m")),
        again(400, MUTUAL_MENTORING, people=(Party("m", Role.BOTH), Party("n", Role.BOTH))),
    ],
)
def test_redefinition_is_another_relationship_of_the_same_people(other):
    """Of another kind or with other roles, from the day on which it begins."""
    one = ended(met(live(Term.of_months(FIRST, 12)), 200), 300)
    spans = kram_phases(one, now=on(900), later=[again(600, people=pair("m", "x")), one, again(700), other])
    assert [span.phase.name for span in spans] == ["INITIATION", "CULTIVATION", "SEPARATION", "REDEFINITION"]
    assert (spans[-1].since, spans[-2].until) == (on(400), on(400))
    assert names(one, on(399), other)[-1] == "SEPARATION"


def test_redefinition_needs_a_relationship_that_lives_on():
    """One that never began, or was over before, is none; one that runs already goes on as the new one."""
    one = ended(met(live(Term.of_months(FIRST, 12)), 200), 300)
    assert names(one, on(900), again(400, PLAIN, begun=False))[-1] == "SEPARATION"
    turned = again(100, people=pair("n", "m"))
    assert names(one, on(900), turned.apply(Ended("over", SYSTEM, on(120))))[-1] == "SEPARATION"
    spans = kram_phases(one, now=on(900), later=[turned])
    assert [span.phase.name for span in spans] == ["INITIATION", "CULTIVATION", "REDEFINITION"]
    assert spans[-1].since == on(300)


def test_the_phases_may_move_back():
    """Who takes up the same mentoring once more is back where the two were before they separated."""
    one = ended(met(live(Term.of_months(FIRST, 12)), 200), 300)
    assert names(one, on(900), again(400)) == ["INITIATION", "CULTIVATION", "SEPARATION", "CULTIVATION"]
    brief = ended(live(), 100)
    once_more = again(400)
    assert names(brief, on(500), once_more) == ["INITIATION", "SEPARATION", "INITIATION"]
    assert names(brief, on(900), once_more)[-1] == "CULTIVATION"
    assert names(brief, on(900), once_more, again(800, people=pair("n", "m")))[-1] == "CULTIVATION"
    assert names(brief, on(900), again(50)) == ["INITIATION", "SEPARATION"]


def test_a_pause_does_not_count():
    """The months of initiation are months together."""
    one = live(LONG).apply_all([Paused("rest", M, on(30)), Resumed("on", M, on(130))])
    early = months_after(START, 6) + timedelta(days=100)
    assert names(met(one, 200), on(250)) == ["INITIATION"]
    spans = kram_phases(one.apply(SessionHeld("met", M, early)), now=on(900))
    assert spans[1].since == early
    rested_later = live(LONG).apply_all([Paused("rest", M, on(400)), Resumed("on", M, on(430))])
    assert kram_phases(rested_later, now=on(900))[1].since == months_after(START, 12)
    resting = live(LONG).apply(Paused("rest", M, on(30)))
    assert names(resting, on(3000)) == ["INITIATION"]


def test_a_moment_has_a_zone():
    """A time on some wall is refused."""
    with pytest.raises(InvalidValue, match="now"):
        kram_phases(live(), now=on(0).replace(tzinfo=None))
