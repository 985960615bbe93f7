"""Drift: what a relationship is called, and which kind it behaves like."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.agreements import Agreement, ManagerCommitment, ManagerPart, ThirdParty, ThirdPartyRole
from devrel.errors import InvalidValue
from devrel.formats.json import loads_relationships
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import (
    ADVISING,
    BASE_KINDS,
    COACHING,
    EXECUTIVE_COACHING,
    FLASH_MENTORING,
    GROUP_COACHING,
    GROUP_MENTORING,
    KINDS,
    MANAGER_COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    SPONSORING,
    SUCCESSION,
    TEAM_COACHING,
    Focus,
    GoalForm,
    Horizon,
    Item,
    Measure,
    Mode,
    RelationshipKind,
    Side,
    ViewerRole,
)
from devrel.lifecycle import (
    Activated,
    Advocated,
    Amended,
    CheckedIn,
    Completed,
    CompletedEarly,
    Consented,
    CounterProposed,
    FocusSuggested,
    SessionHeld,
)
from devrel.people import Organization, Person, Role
from devrel.relationships import Relationship
from devrel.sessions import AdvocacyAct
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, acting, complete, relationships
from devrel.testing.strategies import people as directories
from devrel.validation.drift import Diagnosis, Facet, Observation, Standing, diagnose
from tests.beginnings import ADMIN, MANAGER, MENTEE, MENTOR, SYSTEM, TODAY, accept_all, active, fewest, later, proposed
from tests.beginnings import group as parties_of

END = TODAY + timedelta(days=3_000)
MEASURED = [KeyResult("the number that matters", 0, 10, "points")]
TARGETS = [Goal("the quota of the quarter", GoalForm.SPECIFIC, MEASURED, horizon=Horizon.CURRENT_ROLE)]
BROAD = [Goal("grow beyond the team", horizon=Horizon.FUTURE_ROLE)]
SKILL = Goal("speak before many people", GoalForm.SPECIFIC)
QUESTION = Goal("which licence to take", GoalForm.QUESTION)
ROLE = Goal("a seat on the board", GoalForm.OPPORTUNITY)
SCHEDULE = {Item.EXISTENCE, Item.SCHEDULE}
REPORTS = ManagerPart({*SCHEDULE, Item.GOALS, Item.TOPICS, Item.ATTENDANCE}, {ManagerCommitment.PROTECT_TIME})
STANDS_BACK = ManagerPart(SCHEDULE)
OPEN_COACHING = COACHING.derive("open-coaching", source="our own", modes=Mode)
OPEN_ADVISING = ADVISING.derive("open-advising", source="our own", modes={Mode.COACHING})
OPEN_SPONSORING = SPONSORING.derive("open-sponsoring", source="our own", modes={Mode.MENTORING})
HOUSE = (*KINDS, OPEN_COACHING, OPEN_ADVISING, OPEN_SPONSORING)


def begun(one):
    """The relationship after everybody accepted and it started."""
    return accept_all(one).apply(Activated("go", SYSTEM, START))


def met(one, *modes, every=30, by=None, first=1, **details):
    """The relationship after a session in each of the modes, so many days apart."""
    by = by or acting(one.parties[0])
    times = enumerate(modes, first)
    return one.apply_all(SessionHeld(f"met {n}", by, later(every * n), mode=mode, **details) for n, mode in times)


def read(one, times=3, by=MENTEE):
    """The relationship after so many readings of its first key result."""
    name = one.agreement.goals[0].key_results[0].name
    days = [later(n + 1) for n in range(times)]
    return one.apply_all(CheckedIn(f"read {at}", by, at, 1, name, CheckIn(at.date(), 5)) for at in days)


def advocated(one, times=1):
    """The relationship after the sponsor spoke up so many times."""
    giver = acting(one.parties[0])
    acts = range(times)
    return one.apply_all(Advocated(f"act {n}", giver, later(n + 1), "the board", AdvocacyAct.SPOKE_UP) for n in acts)


def diagnosed(one, **more) -> Diagnosis:
    return diagnose(one, today=END, kinds=HOUSE, **more)


def observed(one, facet, **more) -> Observation | None:
    """What was observed in one facet, or None."""
    return next((found for found in diagnosed(one, **more).facets if found.facet is facet), None)


def votes(one, facet, *kinds, **more):
    """What one facet says of some kinds."""
    found = observed(one, facet, **more)
    return [found.says(kind.name) for kind in kinds]


# The two stories


def brought_in(actor=MANAGER, goals=TARGETS, manager=REPORTS):
    """A mentor is brought in, with goals and a part for the manager, and meets the mentee monthly."""
    return met(begun(proposed(actor=actor, goals=goals, manager=manager)), None, None, None, None)


def test_a_mentor_who_is_brought_in_for_targets_and_reports_behaves_like_a_coach():
    """Measured goals of the present job, set by the manager, who gets reports, are coaching disguised as mentoring."""
    found = diagnosed(brought_in())
    assert found.kind is MENTORING
    assert found.drifted
    assert found.behaves_like is MANAGER_COACHING
    assert found.verdict.startswith("This is coaching disguised as mentoring: ")
    said = {one.facet: one.says("mentoring") for one in found.facets}
    assert said[Facet.FOCUS] == "-"
    assert [facet for facet in said if said[facet] == "against"] == [Facet.CONTROL, Facet.CONFIDENTIALITY]
    assert not found.ranking[0].speaks_against


def test_targets_that_the_program_sets_make_a_coach_as_well():
    """Where the program writes the targets in, and not the manager, it is still coaching disguised as mentoring."""
    asked = proposed(goals=BROAD, manager=REPORTS)
    written = asked.apply(Amended("targets", ADMIN, START, asked.agreement.amended(goals=TARGETS)))
    found = diagnosed(met(begun(written), None, None, None))
    assert observed(begun(written), Facet.CONTROL).text == "goals set: 1 × by the program"
    assert not {*found.facets[1].speaks_for, *found.facets[1].speaks_against}
    assert found.verdict.startswith("This is coaching disguised as mentoring: ")


def test_a_mentor_of_a_recommended_mentee_whose_manager_stands_back_is_a_mentor():
    """Broad goals for future roles and a manager who suggests, knows the schedule and stands back are mentoring."""
    one = active(program="leaders to come", goals=BROAD, manager=STANDS_BACK)
    one = one.apply(FocusSuggested("hint", MANAGER, START, "r0", ["presence"]))
    found = diagnosed(met(one, None, Mode.MENTORING, None, Mode.SPONSORING))
    assert not found.drifted
    assert found.behaves_like is MENTORING
    assert found.verdict == "This is mentoring, as it is called."
    assert all(one.says("mentoring") == "for" for one in found.facets)
    told = "the manager sees: that it exists, when it meets; she stands back; she suggested a focus: 1"
    assert told in [one.text for one in found.facets]


@pytest.mark.parametrize(("targets", "by_manager", "reports"), list(product([True, False], repeat=3)))
def test_what_of_the_story_makes_the_drift(targets, by_manager, reports):
    """Targets in the present job make a coach; so do a manager's goals with reports to her, but neither alone."""
    one = brought_in(
        MANAGER if by_manager else SYSTEM, TARGETS if targets else BROAD, REPORTS if reports else STANDS_BACK
    )
    assert diagnosed(one).drifted is (targets or (by_manager and reports))


def test_a_mentor_who_sets_the_targets_herself_stays_a_mentor():
    """Where the mentor directs and the manager stands back, measured goals alone make no drift."""
    assert not diagnosed(brought_in(MENTOR, manager=STANDS_BACK)).drifted
    assert diagnosed(brought_in(MENTOR, manager=REPORTS)).drifted


def test_the_directory_tells_that_the_mentor_is_not_the_manager_and_changes_no_verdict():
    """With a directory in which the mentor is not the manager, the story still ends with coaching."""
    people = Organization([Person("boss"), Person("r0", manager="boss"), Person("p0")])
    found = diagnosed(brought_in(), people=people)
    assert votes(brought_in(), Facet.PAIRING, MENTORING, COACHING, MANAGER_COACHING, people=people) == [
        "for",
        "for",
        "against",
    ]
    assert found.verdict.startswith("This is coaching disguised as mentoring: ")


# Further outcomes


@pytest.mark.parametrize("mode", [Mode.ADVISING, Mode.MENTORING])
def test_a_coach_who_mostly_gives_advice_is_no_coach(mode):
    """Where most sessions were advice or experience, and the coach set the goals, the mode of those is what it is."""
    one = begun(proposed(COACHING, actor=MENTOR, goals=[SKILL], term=Term.of_months(TODAY, 9)))
    mostly = diagnosed(met(one, mode, mode, mode, Mode.COACHING, every=14))
    assert mostly.behaves_like is {Mode.ADVISING: ADVISING, Mode.MENTORING: MENTORING}[mode]
    assert mostly.verdict.startswith(f"This is {mode.value} disguised as coaching: ")
    assert not diagnosed(met(one, Mode.COACHING, Mode.COACHING, Mode.COACHING, mode, every=14)).drifted


def test_a_coachee_who_directs_keeps_a_coach_who_gives_advice_a_coach():
    """Most sessions were advice, but the coachee set the goals: one facet for advising and one for coaching."""
    advice = [Mode.ADVISING] * 4
    for actor, drifted in ((SYSTEM, True), (MENTEE, False)):
        one = met(begun(proposed(COACHING, actor=actor, goals=[SKILL])), *advice, every=14)
        assert diagnosed(one).drifted is drifted


def sponsoring(kind=SPONSORING, **clauses):
    clauses = {"cadence": Cadence(1, Unit.MONTH), "goals": [ROLE, Goal("find a way")], **clauses}
    return begun(proposed(kind, **clauses))


@pytest.mark.parametrize(("kind", "mode"), [(SPONSORING, None), (SPONSORING, Mode.MENTORING)])
def test_a_sponsor_who_only_meets_and_never_advocates_is_a_mentor(kind, mode):
    """Three meetings without an advocacy are mentoring disguised as sponsoring; two, or one advocacy, are not."""
    found = diagnosed(met(sponsoring(kind), mode, mode, mode))
    assert found.behaves_like is MENTORING
    assert found.verdict.startswith("This is mentoring disguised as sponsoring: ")
    assert not diagnosed(met(sponsoring(SPONSORING), None, None)).drifted
    assert not diagnosed(advocated(met(sponsoring(SPONSORING), None, None, None))).drifted


def test_advocacies_speak_for_sponsoring_and_more_of_them_than_sessions_against_mentoring():
    """A mentor may speak up now and then; who speaks up more often than she meets is judged by that."""
    mentor = met(active(goals=[ROLE]), None)
    assert observed(mentor, Facet.STRATEGY) is None
    assert votes(advocated(mentor), Facet.STRATEGY, MENTORING, SPONSORING, COACHING) == ["-", "for", "against"]
    assert votes(advocated(mentor, 2), Facet.STRATEGY, MENTORING, SPONSORING) == ["against", "for"]


def advised(kind=ADVISING, *, actor=MENTEE, goals=(QUESTION, SKILL, SKILL)):
    return begun(proposed(kind, actor=actor, goals=goals, term=Term.of_months(TODAY, 3), cadence=Cadence(2, Unit.WEEK)))


def test_an_advisor_who_went_on_for_the_goals_of_the_advisee_is_a_coach():
    """Advising that meets on after its end, for goals that the advisee set, is coaching disguised as advising."""
    found = diagnosed(met(advised(), *[None] * 14, every=14))
    assert found.behaves_like is COACHING
    assert found.verdict.startswith("This is coaching disguised as advising: ")
    against = [one.facet for one in found.facets if one.says("advising") == "against"]
    assert against == [Facet.CONTROL, Facet.TIMELINE]
    said = diagnosed(met(advised(ADVISING, actor=SYSTEM), *[Mode.COACHING] * 14, every=14))
    assert said.behaves_like is COACHING


def test_an_advisor_who_directs_and_stops_in_time_is_an_advisor():
    """The same question and goals, set by the advisor and met for in time, are advising; without end, they are not."""
    assert not diagnosed(met(advised(actor=MENTOR), *[None] * 6, every=14)).drifted
    endless = diagnosed(met(advised(actor=MENTOR), *[None] * 14, every=14))
    assert endless.verdict.startswith("This is mentoring disguised as advising: ")


# Performance management


def managed(actor=MANAGER, kind=MENTORING, goals=TARGETS, manager=REPORTS, times=3):
    return read(begun(proposed(kind, actor=actor, goals=goals, manager=manager)), times)


def test_readings_for_the_manager_while_nobody_meets_are_performance_management():
    """Targets that the manager demands and is told of, read while nobody meets, are no kind at all."""
    found = diagnosed(managed())
    assert found.performance_management
    assert found.drifted
    expected = "This is performance management disguised as mentoring: results are measured, and nobody meets."
    assert found.verdict == expected
    assert not observed(managed(), Facet.STRATEGY).speaks_for


def test_manager_coaching_without_a_meeting_has_drifted_as_well():
    """Even a manager who coaches is none while she only takes readings of what she demands."""
    part = ManagerPart(commits={ManagerCommitment.PROTECT_TIME})
    found = diagnosed(managed(MENTOR, MANAGER_COACHING, manager=part))
    assert found.behaves_like is MANAGER_COACHING
    assert found.drifted
    assert found.verdict.startswith("This is performance management disguised as coaching")


DEMANDING = ManagerPart(REPORTS.told, {ManagerCommitment.SUGGEST_TO_RECIPIENT_ONLY})
UNMEASURED = [evolve(TARGETS[0], key_results=()), evolve(TARGETS[0], key_results=()), TARGETS[0]]


@pytest.mark.parametrize(
    "one",
    [
        met(managed(), None),
        managed(times=2),
        managed(goals=[evolve(TARGETS[0], horizon=Horizon.FUTURE_ROLE)]),
        managed(goals=UNMEASURED[::-1]),
        managed(manager=ManagerPart(SCHEDULE, REPORTS.commits)),
        managed(MENTOR, manager=DEMANDING),
    ],
    ids=["they met", "few readings", "future role", "hardly measured", "no reports", "not demanded"],
)
def test_performance_management_takes_all_of_its_signs(one):
    """Without one of the signs it is some kind, whether it has drifted or not."""
    assert not diagnosed(one).performance_management


def test_goals_are_demanded_by_the_manager_who_does_more_than_suggest():
    """A mentor's targets count as demanded where the manager does not promise to suggest only."""
    assert diagnosed(managed(MENTOR)).performance_management
    assert diagnosed(advocated(managed(MENTOR))).performance_management is False


# When it can be told


def test_a_relationship_without_a_history_cannot_be_told_yet():
    """A proposal, and one that has begun without anything since, stay what they are called."""
    nothing, like = "nothing has happened since it began", " What was agreed looks more like manager-coaching."
    for one, why, more in (
        (proposed(), "it has not begun", ""),
        (active(), nothing, ""),
        (begun(proposed(actor=MANAGER, goals=TARGETS, manager=REPORTS)), nothing, like),
    ):
        found = diagnosed(one)
        assert not found.drifted
        assert found.behaves_like is found.kind
        assert found.verdict == f"It cannot be told yet whether this is mentoring, as it is called: {why}.{more}"
        assert "cannot be told yet" in found.to_text()


@pytest.mark.parametrize(
    "one",
    [
        met(active(), None),
        read(active(goals=TARGETS), 1),
        advocated(active()),
        advocated(read(active(goals=TARGETS), 1)),
    ],
    ids=["session", "reading", "advocacy", "both"],
)
def test_one_sign_of_life_is_enough_to_tell(one):
    """A session, a reading or an advocacy is something that happened."""
    assert diagnosed(one).unclear is None


def test_what_happens_after_today_is_not_looked_at():
    """The same history says nothing before the proposal, little before the first session, and more afterwards."""
    one = brought_in()
    assert diagnose(one, today=TODAY - timedelta(days=1)).facets == ()
    assert diagnose(one, today=TODAY - timedelta(days=1)).unclear == "it has not begun"
    assert diagnose(one, today=later(29).date()).unclear == "nothing has happened since it began"
    assert diagnose(one, today=later(30).date()).drifted


def test_the_kind_is_the_one_of_the_day():
    """Before a counter-proposal changed the kind, it is called what it was then."""
    one = proposed()
    mutual = tuple(evolve(party, role=Role.BOTH) for party in one.parties)
    counter = CounterProposed("both", MENTEE, later(2), one.agreement.amended(), MUTUAL_MENTORING, mutual)
    assert diagnose(one.apply(counter), today=later(1).date()).kind is MENTORING
    assert diagnose(one.apply(counter), today=later(2).date()).kind is MUTUAL_MENTORING


# Every kind as it should be


def told_of(kind):
    return st.sampled_from([ManagerPart(), ManagerPart(kind.manager_sees)])


@st.composite
def led(draw, kinds=KINDS):
    """A relationship made and led as its kind says, with any goals the kind accepts."""
    kind = draw(st.sampled_from(kinds))
    people = fewest(kind)
    recipients = [party.person for party in people if Side.RECIPIENT in party.role.sides]
    forms = st.sampled_from(sorted(kind.focus.accepts, key=lambda form: form.value))
    horizons = st.none() | st.sampled_from(sorted(kind.focus.horizons, key=lambda one: one.value))

    def goal(form, owner):
        measured = form is GoalForm.SPECIFIC and draw(st.booleans())
        return Goal("a goal", form, MEASURED if measured else (), horizon=draw(horizons), person=owner)

    owners = recipients if kind.focus.shared is False else [None]
    wanted = [*([kind.focus.needs] if kind.focus.needs else []), *draw(st.lists(forms, max_size=2))]
    filled = complete(Agreement.draft(kind, TODAY), kind, recipients)
    plan = filled.goals if kind is SUCCESSION else ()
    goals = [*plan, *(goal(form, owner) for owner in owners for form in wanted)]
    agreement = evolve(filled, version=1, goals=goals, manager=draw(told_of(kind)))
    director = next(party for party in people if kind.control.side in party.role.sides)
    one = begun(Relationship.propose("rel", kind, people, agreement, actor=acting(director), at=START))
    if kind.strategy.measure is Measure.ADVOCACIES:
        one = advocated(one, draw(st.integers(1, 3)))
    for session in one.planned_sessions()[: draw(st.integers(1, 6))]:
        held = SessionHeld(
            f"s{session.number}",
            acting(director),
            session.start,
            number=session.number,
            mode=draw(st.sampled_from([None, kind.mode])),
        )
        one = one.apply(held)
    return one


def staffed(one):
    """A directory in which the people of a relationship are who its kind asks for."""
    rules, giver = one.kind.constraints, one.people(Side.PROVIDER)[0]
    manager = giver if "own-manager" in rules else None
    level = {"below-in-level": 3, "same-level": 2}.get(rules[-1] if rules else "", 1)
    takers = [person for person in one.people(Side.RECIPIENT) if person != giver]
    return Organization(
        [
            Person(giver, level=2, department="elsewhere"),
            *(Person(taker, level=level, department="here", manager=manager) for taker in takers),
        ]
    )


@given(led(), st.booleans())
def test_every_kind_that_is_led_as_it_says_is_what_it_is_called(one, known):
    """No kind is better supported than the one that is drafted, goaled, led and met for as it says."""
    found = diagnosed(one, people=staffed(one) if known else None)
    assert found.unclear is None
    assert found.behaves_like is one.kind, found.to_text(top=None)
    assert not found.drifted


@given(led())
def test_no_facet_speaks_against_a_kind_that_is_led_as_it_says(one):
    """What a kind is like when it is led as it says contradicts it nowhere."""
    found = diagnosed(one, people=staffed(one)).facets
    assert Facet.PAIRING in [each.facet for each in found]
    assert not [each.facet for each in found if each.says(one.kind.name) == "against"]


# Properties


@given(relationships(HOUSE), st.integers(-1, 900), st.permutations(KINDS), directories())
def test_it_never_fails_and_the_order_of_the_kinds_does_not_matter(one, day, kinds, listed):
    """Whatever happened, there is an answer; every kind is ranked once, by its support, in one order."""
    today, people = later(day).date(), Organization(listed)
    found = diagnose(one, today=today, kinds=kinds, people=people)
    assert found == diagnose(one, today=today, people=people)
    assert {standing.kind.name for standing in found.ranking} == {found.kind.name, *(kind.name for kind in KINDS)}
    support = [standing.support for standing in found.ranking]
    assert support == sorted(support, reverse=True)
    assert found.drifted or found.behaves_like == found.kind
    assert str(found)
    assert found._repr_html_()


@given(relationships(HOUSE))
def test_the_ranking_is_the_count_of_the_observations(one):
    """A kind's support is the number of observations for it less those against it."""
    found = diagnosed(one)
    for standing in found.ranking:
        said = [observation.says(standing.kind.name) for observation in found.facets]
        assert standing.support == said.count("for") - said.count("against")
        assert standing.observed == len(said)
        assert [len(standing.speaks_for), len(standing.speaks_against)] == [said.count("for"), said.count("against")]


_IDS = {"attended", "absent", "person", "correlation"}


def marked(record: Any) -> Any:
    """The same record with all that is said in free words replaced, equal words by equal ones."""
    if isinstance(record, tuple):
        return tuple(map(marked, record))
    if not attrs.has(type(record)) or isinstance(record, RelationshipKind):
        return record
    changes = {
        one.name: _masked(getattr(record, one.name)) if one.repr is False else marked(getattr(record, one.name))
        for one in attrs.fields(type(record))
        if one.init and one.name not in _IDS and not isinstance(getattr(record, one.name), datetime)
    }
    return evolve(record, **changes)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return f"zq{' '.join(value.casefold().split()).encode().hex()}qz" if value.strip() else value
    return tuple(map(_masked, value)) if isinstance(value, tuple) else marked(value)


@given(relationships(KINDS))
def test_the_words_of_the_parties_are_never_repeated(one):
    """With every word of the parties replaced, the diagnosis is the same, and none of the words is in it."""
    found = diagnosed(Relationship.replay(map(marked, one.history)))
    shown = found.to_text(width=1_000, top=None) + found._repr_html_() + repr(found)
    assert "zq" not in shown
    assert found == diagnosed(one)


# One facet at a time


def test_goals_are_judged_by_most_of_them():
    """One question among specific goals is still coaching; half of each says neither; most of them questions is not."""
    for goals, expected in (
        ([SKILL, SKILL, QUESTION], ["for", "for"]),
        ([SKILL, QUESTION], ["-", "for"]),
        ([SKILL, QUESTION, QUESTION], ["against", "for"]),
        ([SKILL], ["for", "-"]),
    ):
        assert votes(active(goals=goals), Facet.FOCUS, COACHING, ADVISING) == expected
    assert votes(active(goals=BROAD), Facet.FOCUS, SPONSORING, SUCCESSION) == ["-", "against"]
    assert observed(active(goals=()), Facet.FOCUS) is None


def test_measured_goals_do_not_speak_for_mentoring_in_the_present_job():
    """Targets of a future role, and goals of the present job without measures, speak for it, and others are silent."""
    ahead = [evolve(TARGETS[0], horizon=Horizon.FUTURE_ROLE)]
    loose = [evolve(TARGETS[0], key_results=())]
    said = [votes(active(goals=goals), Facet.FOCUS, MENTORING) for goals in (TARGETS, ahead, loose, TARGETS + ahead)]
    assert said == [["-"], ["for"], ["for"], ["for"]]
    assert votes(active(goals=ahead), Facet.FOCUS, MANAGER_COACHING, SUCCESSION) == ["against", "against"]
    dated = [evolve(ahead[0], key_results=[evolve(MEASURED[0], due=TODAY)])]
    assert votes(active(goals=dated), Facet.FOCUS, MANAGER_COACHING, SUCCESSION) == ["against", "for"]


def test_results_in_the_present_job_are_silent_only_on_kinds_of_broad_themes():
    """They may be those of a beneficiary who names a role as well, or of a kind of specific goals alone."""
    strict = COACHING.derive("strict", source="our own", focus=Focus("skills", {GoalForm.SPECIFIC}))
    one = active(strict, goals=TARGETS)
    assert "strict" in observed(one, Facet.FOCUS).speaks_for
    one = active(SPONSORING, goals=[ROLE, *TARGETS, *TARGETS])
    assert votes(one, Facet.FOCUS, SPONSORING, MENTORING) == ["for", "-"]


def test_whose_goals_they_are_tells_a_team_from_a_group():
    """Goals of all speak for team coaching and goals of each for group coaching; of one coachee they say neither."""
    several = active(TEAM_COACHING, parties_of(1, 3))
    assert votes(several, Facet.FOCUS, TEAM_COACHING, GROUP_COACHING) == ["for", "against"]
    two = active(goals=[SKILL], people=parties_of(1, 2))
    assert votes(two, Facet.FOCUS, TEAM_COACHING, GROUP_COACHING) == ["for", "against"]
    each = active(GROUP_COACHING, parties_of(1, 3))
    assert votes(each, Facet.FOCUS, TEAM_COACHING, GROUP_COACHING) == ["against", "for"]
    assert votes(active(goals=[SKILL]), Facet.FOCUS, TEAM_COACHING, GROUP_COACHING) == ["for", "for"]


def test_who_set_the_goals_directs():
    """The first goals and every change count for whoever made it; what a program proposes counts for nobody."""
    assert observed(active(goals=BROAD), Facet.CONTROL) is None
    asked = proposed(actor=MENTEE, goals=BROAD)
    assert votes(asked, Facet.CONTROL, MENTORING, COACHING) == ["against", "for"]
    changed = asked.apply(Amended("mine", MENTOR, START, asked.agreement.amended(goals=[SKILL])))
    assert votes(changed, Facet.CONTROL, MENTORING, COACHING) == ["-", "-"]
    again = changed.apply(Amended("mine too", MENTOR, START, changed.agreement.amended(goals=BROAD)))
    assert votes(again, Facet.CONTROL, MENTORING, COACHING) == ["for", "against"]
    assert observed(again, Facet.CONTROL).text == "goals set: 2 × by the mentor, 1 × by the mentee"
    same = asked.apply(Amended("longer", MENTOR, START, asked.agreement.amended(minutes=90)))
    assert observed(same, Facet.CONTROL) == observed(asked, Facet.CONTROL)


def test_questions_and_opportunities_say_nothing_of_control():
    """They are the recipient's to bring in every kind, so bringing them does not direct."""
    assert observed(proposed(actor=MENTEE, goals=[QUESTION, ROLE]), Facet.CONTROL) is None
    assert observed(proposed(actor=MENTEE, goals=[QUESTION, SKILL]), Facet.CONTROL) is not None


def test_readings_alone_change_no_goals_and_tell_who_directs_where_nothing_else_does():
    """Who takes readings counts where nobody set goals, and an amendment without the readings sets none."""
    one = active(goals=TARGETS)
    for by, expected in ((MENTOR, ["for", "against"]), (MENTEE, ["against", "for"])):
        assert votes(read(one, 1, by), Facet.CONTROL, MENTORING, COACHING) == expected
    late = read(one, 1).apply(Amended("more", MENTOR, later(9), one.agreement.amended(minutes=90)))
    assert observed(late, Facet.CONTROL).text == "readings taken: 1 × by the mentee"
    set_by_mentor = begun(proposed(actor=MENTOR, goals=TARGETS))
    assert votes(read(set_by_mentor), Facet.CONTROL, MENTORING, COACHING) == ["for", "against"]


def test_a_manager_who_takes_part_directs_for_her_side():
    """Goals set by a manager who is the coach herself are the coach's, and a manager outside is no side."""
    coach = type(MANAGER).manager("p0")
    inside = proposed(MANAGER_COACHING, actor=coach, goals=TARGETS)
    outside = proposed(MANAGER_COACHING, actor=MANAGER, goals=TARGETS)
    kinds = (MANAGER_COACHING, COACHING, MENTORING)
    assert votes(inside, Facet.CONTROL, *kinds) == ["for", "against", "for"]
    assert votes(outside, Facet.CONTROL, *kinds) == ["for", "against", "against"]


def test_nobody_directs_where_everybody_is_on_both_sides():
    """In which capacity a party of both sides acts is arbitrary, so it says nothing."""
    one = active(MUTUAL_MENTORING, actor=acting(fewest(MUTUAL_MENTORING)[0]), goals=BROAD)
    assert observed(one, Facet.CONTROL) is None


def test_the_time_it_took_counts_where_it_was_completed():
    """Nine months that were completed after two are not long-term; nine that stopped without fault are."""
    one = met(active(), None)
    early = one.apply(CompletedEarly("done", MENTOR, later(60)))
    assert votes(one, Facet.TIMELINE, MENTORING, COACHING, FLASH_MENTORING) == ["for", "for", "against"]
    assert votes(early, Facet.TIMELINE, MENTORING, COACHING) == ["-", "for"]
    whole = one.apply(Completed("done", MENTOR, later(400)))
    assert observed(whole, Facet.TIMELINE).text == "lasted: 13 whole months; every 30 days agreed"


def test_meeting_on_after_the_end_has_no_end():
    """Three sessions after the agreed end make it open-ended, two do not."""
    one = advised()
    inside, outside = [None] * 6, [None] * 9
    assert votes(met(one, *inside, None, None, every=14), Facet.TIMELINE, ADVISING, COACHING) == ["for", "for"]
    assert votes(met(one, *outside, every=14), Facet.TIMELINE, ADVISING, COACHING, MENTORING) == ["against", "-", "for"]
    last = (one.agreement.term.end - TODAY).days
    for day, said in ((last, "for"), (last + 1, "against")):
        three = one.apply_all(SessionHeld(f"on {n}", MENTOR, later(day + n)) for n in range(3))
        assert votes(three, Facet.TIMELINE, ADVISING) == [said]


def test_the_rhythm_counts_as_it_was_once_they_met_three_times():
    """Meetings agreed monthly and held every two months are unusual in mentoring, and no source says so of advising."""
    one = active()
    assert votes(met(one, None, None, every=61), Facet.TIMELINE, MENTORING) == ["for"]
    assert votes(met(one, None, None, None, every=61), Facet.TIMELINE, MENTORING, ADVISING) == ["-", "for"]
    assert votes(met(one, None, None, None, every=33), Facet.TIMELINE, MENTORING) == ["-"]
    assert votes(met(one, None, None, None, every=0), Facet.TIMELINE, MENTORING) == ["for"]
    assert "every 61 days in fact" in observed(met(one, None, None, None, every=61), Facet.TIMELINE).text


def test_a_single_session_is_one():
    """One session speaks for the kinds of one session, and several are none, whatever was agreed."""
    single = met(active(FLASH_MENTORING), None)
    kinds = (FLASH_MENTORING, ADVISING, MENTORING)
    assert votes(single, Facet.TIMELINE, *kinds) == ["for", "for", "-"]
    once = met(active(SPONSORING, term=Term.single_session(TODAY)), None, None)
    assert votes(once, Facet.TIMELINE, SPONSORING) == ["against"]


def test_sessions_of_which_nothing_is_said_are_no_evidence():
    """They are of the kind's own mode and keep others from being the most, but speak for nothing."""
    one = active()
    assert observed(met(one, None, None, None), Facet.SESSIONS) is None
    assert observed(met(one, None, None, Mode.COACHING), Facet.SESSIONS) is None
    coached = met(one, None, Mode.COACHING, Mode.COACHING)
    assert votes(coached, Facet.SESSIONS, MENTORING, COACHING, OPEN_COACHING) == ["against", "for", "for"]
    assert observed(coached, Facet.SESSIONS).text == "sessions: 2 × coaching, 1 without a word on it"


def test_a_mixture_of_sessions_speaks_for_the_kinds_that_allow_it():
    """Where no mode is the most, the kinds that take all of the modes are supported."""
    mixed = met(active(), Mode.COACHING, Mode.ADVISING)
    assert votes(mixed, Facet.SESSIONS, MENTORING, OPEN_COACHING, COACHING, ADVISING) == [
        "for",
        "for",
        "against",
        "against",
    ]
    half = met(active(), None, Mode.COACHING)
    assert votes(half, Facet.SESSIONS, OPEN_ADVISING, OPEN_SPONSORING, COACHING, MENTORING) == [
        "against",
        "against",
        "against",
        "for",
    ]


def test_what_the_manager_is_told_is_what_the_agreement_says_or_else_the_kind():
    """Reports to the manager speak for the kinds that give them; where nothing is agreed, the kind's own word holds."""
    aside, involved = ["for", "against"], ["against", "for"]
    everything = set(ManagerCommitment)
    for one, expected in (
        (active(), aside),
        (active(MANAGER_COACHING), involved),
        (active(MANAGER_COACHING, manager=STANDS_BACK), aside),
        (active(manager=ManagerPart(REPORTS.told)), involved),
        (active(manager=ManagerPart({Item.NOTES, Item.RATINGS})), aside),
        (active(manager=ManagerPart({Item.PARTNER})), ["against", "against"]),
        (active(manager=ManagerPart(commits=everything - {ManagerCommitment.PROTECT_TIME})), aside),
        (active(manager=ManagerPart(commits=everything - {ManagerCommitment.STAND_BACK})), involved),
        (active(manager=ManagerPart(commits=everything - {ManagerCommitment.SUGGEST_TO_RECIPIENT_ONLY})), involved),
        (active(manager=ManagerPart(SCHEDULE, commits=())), involved),
        (active(manager=ManagerPart(told=(), commits=())), aside),
    ):
        assert votes(one, Facet.CONFIDENTIALITY, MENTORING, MANAGER_COACHING) == expected


def test_what_everybody_allows_the_manager_is_a_report_to_her():
    """The consent of all parties opens the goals to the manager, that of one does not."""
    one = active()
    allow = [Consented(f"yes {by.person}", by, START, Item.GOALS, ViewerRole.MANAGER) for by in (MENTOR, MENTEE)]
    assert votes(one.apply(allow[0]), Facet.CONFIDENTIALITY, MENTORING) == ["for"]
    assert votes(one.apply_all(allow), Facet.CONFIDENTIALITY, MENTORING, MANAGER_COACHING) == ["against", "for"]
    assert votes(
        one.apply_all(evolve(event, to=ViewerRole.HR) for event in allow), Facet.CONFIDENTIALITY, MENTORING
    ) == ["for"]


def test_third_parties_are_named_and_speak_for_no_kind():
    """No kind says what a third party may know, so how many know of progress is told and nothing follows."""
    payers = [ThirdParty("a", ThirdPartyRole.PAYS, {Item.GOALS}), ThirdParty("b", ThirdPartyRole.ORGANISES)]
    with_payers, without = active(third_parties=payers), active()
    assert "third parties: 2, told of progress: 1" in observed(with_payers, Facet.CONFIDENTIALITY).text
    assert votes(with_payers, Facet.CONFIDENTIALITY, *KINDS) == votes(without, Facet.CONFIDENTIALITY, *KINDS)


def test_how_many_people_stand_where_is_compared_with_every_kind():
    """Four people speak for groups and against kinds of two, and the words are those of the kind."""
    many = active(GROUP_MENTORING)
    assert votes(many, Facet.COMPOSITION, GROUP_MENTORING, MENTORING, MUTUAL_MENTORING) == ["for", "for", "against"]
    assert observed(many, Facet.COMPOSITION).text == "1 mentor, 3 mentees"
    both = active(MUTUAL_MENTORING)
    assert votes(both, Facet.COMPOSITION, GROUP_MENTORING, MENTORING, MUTUAL_MENTORING) == ["against", "for", "for"]
    assert observed(both, Facet.COMPOSITION).text == "2 on both sides"


def test_a_directory_tells_who_is_whose_manager():
    """The own manager speaks for the kinds that ask for her and against those that forbid her."""
    one = active()
    boss = Organization([Person("p0"), Person("r0", manager="p0")])
    kinds = (MENTORING, MANAGER_COACHING, COACHING)
    assert votes(one, Facet.PAIRING, *kinds, people=boss) == ["against", "for", "for"]
    expected = "pairs: 1; with the own manager: 1; in one reporting line: 1"
    assert observed(one, Facet.PAIRING, people=boss).text == expected
    unknown = Organization([Person("p0"), Person("r0")])
    assert votes(one, Facet.PAIRING, *kinds, people=unknown) == ["for", "for", "for"]


def test_what_the_directory_does_not_know_is_held_against_nobody():
    """Levels that are missing, people who are missing and rules that are not the library's forbid nothing."""
    one = active()
    levels = Organization([Person("p0", level=1), Person("r0", level=2)])
    named = {kind.name: kind for kind in KINDS}
    kinds = (named["reverse-mentoring"], named["executive-coaching"], named["peer-coaching"], named["career-coaching"])
    assert votes(one, Facet.PAIRING, *kinds, people=levels) == ["for", "against", "against", "for"]
    blank = Organization([Person("p0"), Person("r0")])
    assert votes(one, Facet.PAIRING, *kinds, people=blank) == ["for"] * 4
    assert observed(one, Facet.PAIRING, people=Organization([Person("p0")])) is None
    assert observed(one, Facet.PAIRING) is None
    club = MENTORING.derive("club", source="our own", constraints=("members-only",))
    assert "club" in observed(active(club), Facet.PAIRING, people=blank).speaks_for


# Kinds of one's own, ties, display, misuse


def test_kinds_of_ones_own_take_part():
    """A derived kind that fits better than all others is what it behaves like, and only where it is given."""
    second = MANAGER_COACHING.derive("second-manager", source="our own", modes={Mode.ADVISING})
    one = met(begun(proposed(actor=MANAGER, goals=TARGETS, manager=REPORTS)), Mode.ADVISING, Mode.COACHING)
    assert diagnose(one, today=END, kinds=[*KINDS, second]).behaves_like is second
    assert second not in [standing.kind for standing in diagnose(one, today=END).ranking]


def test_its_own_kind_always_takes_part():
    """A kind that is not among those given, or is another of the same name, is compared as it is."""
    club = MENTORING.derive("club", source="our own")
    one = met(active(club, goals=BROAD), None)
    assert diagnose(one, today=END).behaves_like is club
    assert [standing.kind for standing in diagnose(one, today=END, kinds=[]).ranking] == [club]
    twin = COACHING.derive("club", source="our own")
    assert diagnose(one, today=END, kinds=[twin, *KINDS]).behaves_like is club


def test_ties_go_to_its_own_kind_then_its_base_then_one_that_is_not_derived_then_the_first_name():
    """Kinds that are supported alike are ranked by how near they are to what it is called."""
    one = met(active(FLASH_MENTORING, goals=[QUESTION]), None)
    ranked = diagnosed(one).ranking
    best = [standing.kind.name for standing in ranked if standing.support == ranked[0].support]
    assert best == ["flash-mentoring", "advising", "open-advising"]
    drifted = diagnosed(met(advised(), *[None] * 14, every=14)).ranking
    named = [standing.kind.name for standing in drifted if standing.support == drifted[0].support]
    assert named == ["coaching", "career-coaching", "executive-coaching", "open-coaching"]
    club = EXECUTIVE_COACHING.derive("club", source="our own", control=MENTORING.control)
    closest = diagnosed(met(begun(proposed(club, actor=MENTEE, goals=[SKILL])), None)).ranking
    assert [standing.kind for standing in closest[:2]] == [EXECUTIVE_COACHING, COACHING]
    assert closest[0].support == closest[1].support


def test_a_kind_of_the_same_mode_is_not_called_a_disguise():
    """Four people who are called a pair of mentors only behave like another kind of the same mode."""
    club = MENTORING.derive("club", source="our own", composition=MUTUAL_MENTORING.composition)
    standing = Standing(MENTORING, (Facet.FOCUS,))
    found = Diagnosis(club, ranking=[standing, Standing(club)])
    assert found.verdict == "This is called club, and it behaves like mentoring."
    assert found.drifted


def test_it_is_shown_as_text_and_as_a_table():
    """The text has the verdict, the evidence for two kinds and as many kinds as asked for; the table escapes."""
    found = diagnosed(brought_in())
    lines = found.to_text().splitlines()
    assert lines[0].startswith("This is coaching disguised as mentoring")
    assert max(map(len, lines)) <= 100
    assert max(map(len, found.to_text(60).splitlines())) <= 60
    assert "mentoring  manager-coaching\n" in found.to_text()
    assert "about: no role named" in diagnosed(active(goals=[SKILL])).to_text(200)
    assert "+6" in found.to_text(top=1)
    assert "+2" not in found.to_text(top=1)
    assert all(kind.name in found.to_text(top=None) for kind in KINDS)
    assert str(found) == found.to_text()
    assert repr(found) == "<Diagnosis: mentoring behaves like manager-coaching, drifted>"
    assert repr(diagnosed(active())) == "<Diagnosis: mentoring behaves like mentoring, unclear>"
    assert repr(diagnosed(met(active(), None))) == "<Diagnosis: mentoring behaves like mentoring, as it is called>"
    sly = MENTORING.derive("<b>", source="our own")
    html = diagnosed(met(active(sly), None))._repr_html_()
    assert "<b>" not in html
    assert html.count("<table>") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        {"relationship": MENTORING},
        {"today": START},
        {"today": "2026-01-05"},
        {"people": []},
        {"kinds": ["mentoring"]},
        {"kinds": [MENTORING, evolve(MENTORING, source="another")]},
    ],
    ids=["relationship", "moment", "text", "people", "names", "two of one name"],
)
def test_arguments_of_another_type_are_refused(arguments):
    """Whatever is not what was asked for is refused by name."""
    given_ = {"relationship": brought_in(), "today": END, **arguments}
    with pytest.raises(InvalidValue):
        diagnose(given_.pop("relationship"), **given_)


def test_a_diagnosis_ranks_the_kind_it_is_about():
    """A diagnosis without its own kind in the ranking cannot be made."""
    with pytest.raises(InvalidValue, match="ranking"):
        Diagnosis(MENTORING, ranking=[Standing(COACHING)])


def test_base_kinds_alone_are_enough_to_tell_the_story():
    """With nothing but the four kinds of the table, the brought-in mentor is a coach."""
    assert diagnose(brought_in(), today=END, kinds=BASE_KINDS).behaves_like is COACHING


def test_the_verdict_does_not_contradict_the_linter():
    """Of the bad program, the one whose agreement G006 calls coaching looks like it, and cancellations are told."""
    stored = Path(__file__).parent.parent / "examples" / "bad-program" / "relationships.json"
    lives = {one.id: one for one in loads_relationships(stored.read_bytes())}
    told = {name: diagnose(one, today=date(2026, 6, 1)) for name, one in lives.items()}
    assert told["bad-2"].verdict.endswith("since it began. What was agreed looks more like manager-coaching.")
    assert "no session was held since it began, and 4 sessions were cancelled" in told["bad-4"].verdict
    assert not told["bad-2"].drifted
