"""What the organisation makes necessary: a new manager, somebody who leaves, somebody who is away."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from devrel.duties import due, recheck
from devrel.errors import InvalidValue
from devrel.kinds import (
    CAREER_COACHING,
    COACHING,
    EXECUTIVE_COACHING,
    KINDS,
    MANAGER_COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    PEER_COACHING,
    REVERSE_MENTORING,
    SPONSORING,
    RelationshipKind,
    Side,
)
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    Amended,
    EndReason,
    NoteAdded,
    Paused,
    Resumed,
    Stage,
)
from devrel.matching.constraints import Constraint, Different, Gap, named_constraints
from devrel.people import Absence, Organization, Party, Person, Role
from devrel.relationships import Relationship
from devrel.sessions import Note
from devrel.testing.strategies import START, relationships
from tests.lives import DAY, FIRST, SYSTEM, M, N, accepted, asked, live, looked_after, on

TODAY = FIRST + 10 * DAY


def company(**changes) -> Organization:
    """The boss above m, n, o and p, who are on different levels of different departments; some fields changed."""
    listed = {
        "boss": Person("boss", level=9, department="top"),
        "m": Person("m", manager="boss", level=5, department="red"),
        "n": Person("n", manager="boss", level=3, department="blue"),
        "o": Person("o", manager="boss", level=2, department="green"),
        "p": Person("p", manager="boss", level=4, department="gold"),
    }
    for person, known in changes.items():
        listed[person] = evolve(listed[person], **known)
    return Organization(listed.values())


def group(*parties: tuple[str, Role], kind: RelationshipKind = MENTORING, started: bool = True) -> Relationship:
    """A group that was asked, and began unless said otherwise."""
    people = [Party(person, role) for person, role in parties]
    one = Relationship.propose("g", kind, people, asked().agreement, actor=SYSTEM, at=START)
    return accepted(one).apply(Activated("go", SYSTEM, START)) if started else one


def told(found) -> list[tuple[str, str]]:
    return [(duty.kind.name, type(duty.event).__name__) for duty in found]


def done(one: Relationship, found) -> Relationship:
    return one.apply_all([duty.event for duty in found])


# ---- properties -----------------------------------------------------------------------------------------------------

IDS = ("p0", "p1", "r0", "r1", "r2", "m0", "m1", "new")
spans = st.tuples(st.integers(-30, 900), st.none() | st.integers(0, 200)).map(
    lambda drawn: Absence(FIRST + drawn[0] * DAY, None if drawn[1] is None else FIRST + (drawn[0] + drawn[1]) * DAY)
)


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    """People who may be parties, with managers, leavers and absences; some are missing."""
    made: list[Person] = []
    for id_ in draw(st.permutations(IDS))[: draw(st.integers(5, len(IDS)))]:
        made.append(
            Person(
                id_,
                manager=draw(st.none() | st.sampled_from([one.id for one in made])) if made else None,
                department=draw(st.sampled_from([None, "red", "blue"])),
                level=draw(st.sampled_from([None, 1, 2, 3])),
                last_day=draw(st.sampled_from([None, None, FIRST + 30 * DAY])),
                absences=draw(st.lists(spans, max_size=2)),
            )
        )
    return Organization(made)


@given(relationships(), organizations(), st.integers(-40, 1500) | st.just(2_900_000))
def test_every_suggestion_is_accepted_and_settles_the_matter(one, organization, number):
    """Each event is allowed, alone and after those before it; twice changes nothing; then nothing is left to do."""
    today = FIRST + number * DAY
    found = recheck([one], organization, today)
    assert recheck([one], organization, today) == found
    for duty in found:
        assert duty.since <= today
        assert one.apply(duty.event).apply(duty.event).version == one.version + 1
    after = done(one, found)
    assert done(after, found) is after
    assert recheck([after], organization, today) == ()


@given(st.lists(relationships(most=3), max_size=2), organizations(), st.integers(0, 900))
def test_relationships_are_looked_at_one_by_one(listed, organization, number):
    """What is found for several is what is found for each, in their order."""
    today = FIRST + number * DAY
    apart = [duty for one in listed for duty in recheck([one], organization, today)]
    assert list(recheck(listed, organization, today)) == apart


# ---- conflicts of interest ------------------------------------------------------------------------------------------


def test_a_mentor_who_becomes_the_manager_is_a_conflict():
    """It ends and both go first in line; before it began, the proposal is invalidated."""
    found = recheck([live(), asked()], company(n={"manager": "m"}), TODAY)
    assert told(found) == [("CONFLICT", "Ended"), ("CONFLICT", "Invalidated")]
    assert found[0].event.reason is EndReason.CONFLICT
    assert found[0].requeue == ("m", "n")
    assert found[0].text == "mentoring asks for: not the mentee's own manager"
    assert recheck([live()], company(), TODAY) == ()


@pytest.mark.parametrize(
    ("kind", "changes", "conflict"),
    [
        (CAREER_COACHING, {"n": {"department": "red"}}, True),
        (CAREER_COACHING, {"n": {"department": "red", "manager": "m"}}, True),
        (CAREER_COACHING, {"n": {"department": None}}, False),
        (MANAGER_COACHING, {"n": {"manager": "m"}}, False),
        (MANAGER_COACHING, {"n": {"manager": "p"}}, True),
        (MANAGER_COACHING, {"n": {"manager": None}}, False),
        (EXECUTIVE_COACHING, {"m": {"level": 2}}, True),
        (EXECUTIVE_COACHING, {"m": {"level": None}}, False),
        (EXECUTIVE_COACHING, {"m": {"level": 2, "organization": "x"}, "n": {"organization": "y"}}, False),
        (REVERSE_MENTORING, {}, True),
        (REVERSE_MENTORING, {"n": {"level": None}}, False),
        (COACHING, {"n": {"manager": "m"}}, False),
    ],
)
def test_each_kind_is_judged_by_its_own_constraints(kind, changes, conflict):
    """What cannot be judged, because a field is empty, parts nobody who is together already."""
    found = recheck([live(kind=kind)], company(**changes), TODAY)
    assert told(found) == ([("CONFLICT", "Ended")] if conflict else [])


def test_several_constraints_are_told_in_one_duty():
    """Each demand is named once."""
    duty = recheck([live(kind=CAREER_COACHING)], company(n={"department": "red", "manager": "m"}), TODAY)[0]
    assert duty.text == "career-coaching asks for: not the coachee's own manager; a different department"


def test_what_is_accepted_or_lifted_is_no_conflict():
    """One that the agreement names is spared, and so is one that the program lifted; the other one remains."""
    now = company(n={"department": "red", "manager": "m"})
    spared = live(kind=CAREER_COACHING, conflicts=["not-own-manager"])
    assert recheck([spared], now, TODAY)[0].text == "career-coaching asks for: a different department"
    assert recheck([spared], now, TODAY, lifted=["different-department"]) == ()
    amended = live().apply(Amended("new", N, on(1), live().agreement.amended(conflicts=["not-own-manager"])))
    assert told(recheck([amended], now, TODAY)) == [("CONFLICT", "Ended")]
    both = amended.apply_all([Accepted("a", M, on(1), 2), Accepted("b", N, on(1), 2)])
    assert recheck([both], now, TODAY) == ()


def test_a_program_brings_rules_of_its_own():
    """A school's and a program's constraints count besides those of the kind, and can be lifted like them."""

    @frozen
    class NotOnMondays(Constraint):
        name = "not-on-mondays"

        def forbids(self, case):
            return True

    one, now = live(kind=COACHING), company(n={"manager": "m", "level": None})
    assert told(recheck([one], now, TODAY, rules=[named_constraints()["not-own-manager"]])) == [("CONFLICT", "Ended")]
    assert recheck([one], now, TODAY, rules=[Different("department"), Gap("level", at_least=1)]) == ()
    assert "not-on-mondays" in recheck([one], now, TODAY, rules=[NotOnMondays()])[0].text
    assert recheck([one], now, TODAY, rules=[NotOnMondays()], lifted=["not-on-mondays"]) == ()
    ours = COACHING.derive("ours", source="ours", constraints=("not-on-mondays",))
    assert len(recheck([live(kind=ours)], now, TODAY, rules=[NotOnMondays()])) == 1
    with pytest.raises(InvalidValue, match="not-on-mondays"):
        recheck([live(kind=ours)], now, TODAY)
    with pytest.raises(InvalidValue, match="Did you mean 'not-own-manager'"):
        recheck([one], now, TODAY, lifted=["not-own-manger"])


@pytest.mark.parametrize("kind", KINDS)
def test_empty_fields_are_a_conflict_in_no_kind(kind):
    """Of whom nothing is known, nothing can be said; a constraint that forgets that fails here."""
    people = [Party("m", Role.BOTH), Party("n", Role.BOTH)]
    if not kind.composition.mutual:
        people = [Party("m", Role.PROVIDER), *(Party(person, Role.RECIPIENT) for person in ("n", "o", "p"))]
        people = people if kind.composition.group else people[:2]
    one = Relationship.propose("r", kind, people, asked().agreement, actor=SYSTEM, at=START)
    assert recheck([one], Organization(Person(id_) for id_ in "mnop"), TODAY) == ()


def test_a_group_goes_on_without_a_conflict():
    """The mentee whose manager the mentor has become leaves and goes first in line; the others stay."""
    one = group(("m", Role.PROVIDER), ("n", Role.RECIPIENT), ("o", Role.RECIPIENT))
    found = recheck([one], company(n={"manager": "m"}), TODAY)
    assert told(found) == [("CONFLICT", "Left")]
    assert (found[0].event.person, found[0].requeue) == ("n", ("n",))
    assert told(recheck([one], company(n={"manager": "m"}, o={"manager": "m"}), TODAY)) == [("CONFLICT", "Ended")]


def test_one_of_two_mentors_leaves_for_all_mentees():
    """Where no mentee would be left, the mentor goes who is in conflict with all of them."""
    one = group(("m", Role.PROVIDER), ("p", Role.PROVIDER), ("n", Role.RECIPIENT), ("o", Role.RECIPIENT))
    found = recheck([one], company(n={"manager": "m"}, o={"manager": "m"}), TODAY)
    assert [duty.event.person for duty in found] == ["m"]


def test_a_circle_loses_no_more_people_than_it_has_to():
    """A conflict that goes both ways is solved when one of the two leaves."""
    one = group(("m", Role.BOTH), ("n", Role.BOTH), ("o", Role.BOTH))
    rule = named_constraints()["not-in-reporting-line"]
    found = recheck([one], company(n={"manager": "m"}), TODAY, rules=[rule])
    assert told(found) == [("CONFLICT", "Left")]
    assert done(one, found).people(Side.PROVIDER)[-1] == "o"
    mutual = group(("m", Role.BOTH), ("n", Role.BOTH), kind=MUTUAL_MENTORING)
    assert told(recheck([mutual], company(n={"manager": "m"}), TODAY)) == [("CONFLICT", "Ended")]
    peers = group(("m", Role.BOTH), ("n", Role.BOTH), kind=PEER_COACHING, started=False)
    assert told(recheck([peers], company(), TODAY)) == [("CONFLICT", "Invalidated")]


# ---- leavers --------------------------------------------------------------------------------------------------------


def test_who_leaves_ends_it_and_the_partner_goes_first_in_line():
    """On the day after the last day, and not before; who is not in the organisation has left as well."""
    one = live(kind=SPONSORING)
    leaving = company(m={"last_day": TODAY})
    assert recheck([one], leaving, TODAY) == ()
    duty = recheck([one], leaving, TODAY + 5 * DAY)[0]
    assert told([duty]) == [("LEAVER", "Ended")]
    assert (duty.since, duty.requeue, duty.event.reason) == (TODAY + DAY, ("n",), EndReason.LEFT)
    assert [told.name for told in one.consequences(duty.event)][-1] == "REQUEUE_FIRST"
    without = Organization([Person("n")])
    assert recheck([one], without, TODAY)[0].since == TODAY
    assert told(recheck([asked()], without, TODAY)) == [("LEAVER", "Invalidated")]
    assert recheck([one.apply(duty.event)], without, TODAY + 5 * DAY) == ()


def test_several_findings_are_told_at_once():
    """One mentee has left, the other's manager is the mentor now: after the first event the second ends it."""
    one = group(("m", Role.PROVIDER), ("n", Role.RECIPIENT), ("o", Role.RECIPIENT))
    found = recheck([one], company(o={"last_day": FIRST}, n={"manager": "m"}), TODAY)
    assert told(found) == [("LEAVER", "Left"), ("CONFLICT", "Ended")]
    assert found[1].requeue == ("m", "n")
    assert done(one, found).stage is Stage.ENDED


def test_a_leaver_hides_nothing_else():
    """When everybody of a side leaves it ends, whatever else is wrong; in a larger group several leave one by one."""
    gone = {"last_day": FIRST}
    one = group(("m", Role.PROVIDER), *((person, Role.RECIPIENT) for person in "nop"))
    found = recheck([one], company(m=gone, n={"manager": "m"}, o=gone), TODAY)
    assert told(found) == [("LEAVER", "Ended")]
    assert found[0].requeue == ("n", "p")
    found = recheck([one], company(n=gone, o=gone, p={"absences": [Absence(TODAY)]}), TODAY)
    assert told(found) == [("LEAVER", "Left"), ("LEAVER", "Left"), ("LEAVE", "Paused")]


# ---- leaves ---------------------------------------------------------------------------------------------------------


def test_a_leave_pauses_it_until_she_is_back():
    """From its first day to the day after its last; then time alone lets it go on."""
    one = live()
    away = company(n={"absences": [Absence(TODAY, TODAY + 29 * DAY)]})
    assert recheck([one], away, TODAY - DAY) == ()
    assert recheck([one], away, TODAY + 30 * DAY) == ()
    duty = recheck([one], away, TODAY + 3 * DAY)[0]
    assert told([duty]) == [("LEAVE", "Paused")]
    assert (duty.since, duty.event.until) == (TODAY, TODAY + 30 * DAY)
    paused = one.apply(duty.event)
    assert looked_after(paused, TODAY + 29 * DAY).stage is Stage.PAUSED
    assert looked_after(paused, TODAY + 30 * DAY).stage is Stage.ACTIVE
    assert due(paused, TODAY + 30 * DAY)[0].event == recheck([paused], away, TODAY + 30 * DAY)[0].event


@pytest.mark.parametrize(
    ("absences", "until"),
    [
        ([Absence(TODAY)], None),
        ([Absence(TODAY, date.max)], None),
        ([Absence(TODAY, TODAY + 4 * DAY), Absence(TODAY + 5 * DAY, TODAY + 9 * DAY)], TODAY + 10 * DAY),
        ([Absence(TODAY, TODAY + 4 * DAY), Absence(TODAY + 3 * DAY)], None),
        ([Absence(TODAY, TODAY + 4 * DAY), Absence(TODAY + 9 * DAY)], TODAY + 5 * DAY),
    ],
)
def test_the_pause_lasts_until_everybody_is_back(absences, until):
    """Leaves that follow each other are one; without a known end there is no day to go on."""
    now = company(n={"absences": absences}, m={"absences": [Absence(TODAY, TODAY)]})
    assert recheck([live()], now, TODAY)[0].event.until == until


def test_it_goes_on_when_she_is_back_from_a_leave_without_an_end():
    """As soon as the organisation knows; a pause that people made themselves is theirs to end."""
    leave = Absence(TODAY)
    paused = done(live(), recheck([live()], company(n={"absences": [leave]}), TODAY))
    back = company(n={"absences": [evolve(leave, end=TODAY + 4 * DAY)]})
    assert recheck([paused], back, TODAY + 4 * DAY) == ()
    found = recheck([paused], back, TODAY + 5 * DAY)
    assert told(found) == [("RESUME", "Resumed")]
    assert done(paused, found).stage is Stage.ACTIVE
    own = live().apply(Paused("rest", N, on(10)))
    assert recheck([own], back, TODAY + 5 * DAY) == ()
    assert recheck([paused], company(), TODAY + 5 * DAY) == ()


def test_who_goes_on_in_spite_of_a_leave_is_not_paused_again():
    """When a party took it up herself; when the system did, because the leave was to end, a longer leave pauses it."""
    away = company(n={"absences": [Absence(TODAY, TODAY + 60 * DAY)]})
    for actor, again in ((N, []), (Actor.admin(), []), (SYSTEM, [("LEAVE", "Paused")])):
        one = live().apply_all([Paused("rest", SYSTEM, on(10), TODAY + 9 * DAY), Resumed("on", actor, on(19))])
        assert told(recheck([one], away, TODAY + 10 * DAY)) == again


def test_a_leave_pauses_only_what_cannot_go_on():
    """A group goes on while somebody is away, until a whole side is; a proposal waits, and a closing one closes."""
    away = {"absences": [Absence(TODAY, TODAY + 9 * DAY)]}
    one = group(("m", Role.PROVIDER), ("n", Role.RECIPIENT), ("o", Role.RECIPIENT))
    assert recheck([one], company(n=away), TODAY) == ()
    paused = done(one, recheck([one], company(n=away, o=away), TODAY))
    assert paused.stage is Stage.PAUSED
    assert recheck([paused], company(n=away, o=away), TODAY + DAY) == ()
    assert told(recheck([paused], company(n=away), TODAY + DAY)) == [("RESUME", "Resumed")]
    assert recheck([asked()], company(n=away), TODAY) == ()


def test_a_look_back_pauses_nothing_that_is_over():
    """The leave ended before what was recorded last."""
    one = live().apply(NoteAdded("late", N, on(40), Note("n", "words")))
    assert recheck([one], company(n={"absences": [Absence(TODAY, TODAY + 9 * DAY)]}), TODAY) == ()


# ---- misuse and privacy ---------------------------------------------------------------------------------------------


def test_a_day_is_a_day():
    """A moment is refused: whose day it is would be a guess."""
    with pytest.raises(InvalidValue, match="today"):
        recheck([live()], company(), START)


def test_no_duty_names_whom_it_is_about_or_tells_why():
    """The text has counts and the kind's own words; attributes of people appear nowhere."""
    secret = {"name": "SECRET", "sensitive": {"faith": "SECRET"}, "attributes": {"illness": "SECRET"}}
    away = {"absences": [Absence(TODAY)]}
    for changes in ({"n": {"manager": "m", **secret}}, {"n": {"last_day": FIRST, **secret}}, {"n": {**away, **secret}}):
        for duty in recheck([live(conflicts=["SECRET"])], company(**changes), TODAY):
            assert "SECRET" not in f"{duty} {duty!r} {duty.event!r}"
            assert not {"m", "n"} & set(duty.text.split())
