"""Which kind fits a need, when to refer elsewhere, and whom in a team to talk to."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.agreements import Agreement
from devrel.errors import DevrelError, InputError, InvalidValue
from devrel.kinds import (
    ADVISING,
    BASE_KINDS,
    CAREER_COACHING,
    COACHING,
    EXECUTIVE_COACHING,
    FLASH_MENTORING,
    GROUP_COACHING,
    GROUP_MENTORING,
    KINDS,
    MANAGER_COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    PEER_COACHING,
    REVERSE_MENTORING,
    SPONSORING,
    SUCCESSION,
    TEAM_COACHING,
    Composition,
    Control,
    Horizon,
    Measure,
    Side,
    Strategy,
    Timeline,
    Titles,
)
from devrel.lifecycle import Actor, Stage
from devrel.needs import (
    Ask,
    Aspect,
    CareerStage,
    Fit,
    Need,
    Recommendation,
    Referral,
    ReferTo,
    Screening,
    Talk,
    WhoDirects,
    recommend,
    screen,
)
from devrel.people import Party, Person, Role
from devrel.relationships import Relationship
from devrel.terms import Cadence, Term, TermForm

START = datetime(2026, 1, 5, tzinfo=UTC)
SEEDS = {"culture-wizard", "utah-ucan", "management-mentors", "learning-development", "smart-meetings"}
ALUMNI = MENTORING.derive(
    "alumni-mentoring",
    source="our own",
    titles=Titles("alumna", "newcomer"),
    control=Control(Side.RECIPIENT, "newcomer directed"),
    timeline=Timeline("single session or time-limited", {TermForm.SINGLE_SESSION, TermForm.TIME_LIMITED}),
)
TABLE = COACHING.derive(
    "table",
    source="our own",
    strategy=Strategy("the one who sets the table tells of openings", (), measure=Measure.ADVOCACIES),
    composition=Composition("one who sets the table and one or two guests", (1, 1), (1, 2), mutual=False),
    constraints=("own-manager", "above-in-level"),
)


def optional(values):
    return st.none() | st.sampled_from(values)


needs = st.builds(
    Need,
    career_stage=optional(CareerStage),
    horizon=optional(Horizon),
    ask=optional(Ask),
    directs=optional(WhoDirects),
    how_long=optional(TermForm),
    opportunities=st.booleans(),
    peer=st.booleans(),
    group=optional([True, False]),
    manager=st.booleans(),
    remote=st.booleans(),
    distress=st.booleans(),
    dispute=st.booleans(),
)
kinds = st.lists(st.sampled_from([*KINDS, ALUMNI, TABLE]), min_size=1)
flags = st.fixed_dictionaries({"distress": st.booleans(), "dispute": st.booleans()})


def fits(need, chosen=KINDS):
    return {fit.kind.name: fit.fit for fit in recommend(need, chosen).fits}


# The recommendation


@given(needs, kinds)
def test_every_kind_is_ranked_once_and_fits_from_0_to_1(need, chosen):
    """Any need and any kinds give each kind one fit between 0 and 1, the best first."""
    found = recommend(need, chosen).fits
    assert Counter(fit.kind.name for fit in found) == Counter({kind.name for kind in chosen})
    assert all(0 <= fit.fit <= 1 for fit in found)
    assert [fit.fit for fit in found] == sorted((fit.fit for fit in found), reverse=True)


@given(needs, st.permutations(KINDS))
def test_the_order_of_the_kinds_changes_no_fit_and_breaks_ties(need, shuffled):
    """The fits and reasons do not depend on the order of the kinds, and kinds that fit alike stay in it."""
    one, other = recommend(need), recommend(need, shuffled)
    assert set(one.fits) == set(other.fits)
    place = {kind.name: i for i, kind in enumerate(shuffled)}
    ranked = [(-fit.fit, place[fit.kind.name]) for fit in other.fits]
    assert ranked == sorted(ranked)


@given(needs, kinds)
def test_a_kind_is_judged_by_itself(need, chosen):
    """What else there is to choose from changes the fit of no kind."""
    assert all(recommend(need, [fit.kind]).best == fit for fit in recommend(need, chosen).fits)


FACETS = {
    "ask": {"focus"},
    "horizon": {"focus"},
    "career_stage": {"strategy", "constraints"},
    "directs": {"control"},
    "how_long": {"timeline"},
    "opportunities": {"strategy"},
    "peer": {"composition", "constraints"},
    "group": {"composition"},
    "manager": {"constraints"},
    "remote": {"composition"},
}


def spoken(fit):
    return [*fit.speaks_for, *fit.speaks_against]


@given(needs)
def test_every_stated_aspect_speaks_for_or_against_each_kind(need):
    """Each aspect of a need shows up once: alone it names its facet, and it says the same beside all the others."""
    for name, facets in FACETS.items():
        value = getattr(need, name)
        if value is None or (value is False and name != "group"):
            continue
        for fit, alone in zip(
            sorted(recommend(need).fits, key=lambda one: one.kind.name),
            sorted(recommend(Need(**{name: value})).fits, key=lambda one: one.kind.name),
            strict=True,
        ):
            told = [aspect for aspect in spoken(alone) if not uncalled(aspect)]
            assert len(told) == 1
            assert told[0].facet in facets
            assert spoken(fit).count(told[0]) == 1


def uncalled(aspect):
    """Whether an aspect is about something special that nobody asked for."""
    return "nobody asked" in aspect.text or "none was named" in aspect.text


@given(needs, kinds)
def test_reasons_name_sources_and_the_titles_of_the_kind(need, chosen):
    """Each reason names the source of a kind or a seed, and a text without left-over braces."""
    for fit in recommend(need, chosen).fits:
        for aspect in spoken(fit):
            assert aspect.source in SEEDS | {kind.source for kind in [*KINDS, ALUMNI]}
            assert not re.search("[{}]|None", aspect.text)
            assert str(aspect) == f"{aspect.text} ({aspect.source})"


def test_the_empty_need_leaves_everything_open():
    """Where nothing is stated every kind fits alike, half, without reasons, and the text says so."""
    found = recommend(Need())
    assert {fit.fit for fit in found.fits} == {0.5}
    assert not any(map(spoken, found.fits))
    assert [fit.kind for fit in found.fits] == list(KINDS)
    assert found.neutral
    assert "every kind fits alike" in str(found)
    assert "every kind fits alike" in found._repr_html_()
    assert not recommend(Need(remote=True)).neutral


ARCHETYPES = {
    "broad and long, beyond the role": (
        Need(ask=Ask.BROAD, how_long=TermForm.LONG_TERM, horizon=Horizon.FUTURE_ROLE),
        MENTORING,
    ),
    "beyond the role": (Need(horizon=Horizon.FUTURE_ROLE), MENTORING),
    "broad": (Need(ask=Ask.BROAD), MENTORING),
    "a goal of one's own, limited time": (
        Need(ask=Ask.GOAL, directs=WhoDirects.ONESELF, how_long=TermForm.TIME_LIMITED),
        COACHING,
    ),
    "a goal in the current role": (Need(ask=Ask.GOAL, horizon=Horizon.CURRENT_ROLE), COACHING),
    "early, without a next step": (Need(career_stage=CareerStage.EARLY), COACHING),
    "refocus in the middle": (Need(career_stage=CareerStage.MIDDLE), COACHING),
    "a question": (Need(ask=Ask.QUESTION), ADVISING),
    "a question, once": (Need(ask=Ask.QUESTION, how_long=TermForm.SINGLE_SESSION), ADVISING),
    "opportunities": (Need(opportunities=True), SPONSORING),
    "opportunities beyond the role": (
        Need(opportunities=True, ask=Ask.BROAD, horizon=Horizon.FUTURE_ROLE, how_long=TermForm.LONG_TERM),
        SPONSORING,
    ),
    "an equal": (Need(ask=Ask.GOAL, peer=True), PEER_COACHING),
    "an equal, broadly": (Need(ask=Ask.BROAD, peer=True), MUTUAL_MENTORING),
    "a group": (Need(ask=Ask.BROAD, group=True), GROUP_MENTORING),
    "a group with goals": (Need(ask=Ask.GOAL, group=True), GROUP_COACHING),
    "targets with the manager": (
        Need(ask=Ask.GOAL, manager=True, horizon=Horizon.CURRENT_ROLE),
        MANAGER_COACHING,
    ),
    "one broad talk": (Need(ask=Ask.BROAD, how_long=TermForm.SINGLE_SESSION), FLASH_MENTORING),
    "the manager's role": (Need(ask=Ask.GOAL, manager=True, horizon=Horizon.FUTURE_ROLE), SUCCESSION),
}


@pytest.mark.parametrize(("need", "kind"), ARCHETYPES.values(), ids=ARCHETYPES)
def test_the_kind_that_the_sources_name_comes_first(need, kind):
    """The needs that the sources describe put the kind first that they name, remote or not."""
    assert recommend(need).best.kind is kind
    assert recommend(evolve(need, remote=True, distress=True, dispute=True)).best.kind is kind


@given(needs)
def test_a_derived_kind_does_not_outrank_its_base_for_no_reason(need):
    """Where neither a group, an equal, the manager, one session nor a direction is asked for, the base fits as well."""
    plain = evolve(need, group=None, peer=False, manager=False, directs=None, how_long=None)
    found = fits(plain)
    assert all(found[kind.name] <= found[kind.base] for kind in KINDS if kind.base)
    assert recommend(plain).best.kind in BASE_KINDS


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (GROUP_MENTORING, "a group, and it is for one mentor and 3 to 8 mentees (smart-meetings)"),
        (MUTUAL_MENTORING, "help both ways, and it is for two people who mentor each other (smart-meetings)"),
        (MANAGER_COACHING, "the coachee's own manager to be the coach (culture-wizard)"),
        (REVERSE_MENTORING, "a mentor more junior than the mentee (pf-conf)"),
        (EXECUTIVE_COACHING, "a coach from the upper levels or from outside (culture-wizard)"),
        (FLASH_MENTORING, "a single session (ch-flash)"),
        (TEAM_COACHING, "goals that all coachees share (team)"),
        (SUCCESSION, "a plan towards another role (smart-meetings)"),
    ],
    ids=str,
)
def test_what_nobody_asked_for_counts_against_a_kind(kind, words):
    """A speciality that the need does not ask for is named, with its source, and makes the fit smaller."""
    found = recommend(Need(ask=Ask.GOAL), [kind]).best
    assert f"nobody asked for {words}" in list(map(str, found.speaks_against))
    assert found.fit < fits(Need(ask=Ask.GOAL))[kind.base]


def test_a_late_career_asks_for_no_kind_but_allows_a_junior_mentor():
    """No source ties a late career to a kind, so it counts nothing; a more junior mentor is no longer uncalled for."""
    late = Need(career_stage=CareerStage.LATE, ask=Ask.BROAD)
    assert fits(late)["reverse-mentoring"] == fits(late)["mentoring"] > fits(late)["group-mentoring"]
    assert fits(Need(career_stage=CareerStage.LATE))["coaching"] == 0.5


def test_being_remote_makes_groups_worse_and_nothing_better():
    """A remote person is served as well as any by two people, and worse by a group (learning-development)."""
    for kind in KINDS:
        near, far = (
            fits(Need(ask=Ask.BROAD, group=True, remote=remote), [kind])[kind.name] for remote in (False, True)
        )
        assert far < near or not kind.composition.group or near == 0
        assert far == near or kind.composition.group


def test_kinds_made_by_users_are_ranked_by_their_facets():
    """A kind of one's own comes first where its facets fit best, and the reasons use its titles and its source."""
    once = Need(ask=Ask.BROAD, directs=WhoDirects.ONESELF, how_long=TermForm.TIME_LIMITED)
    best = recommend(once, [*KINDS, ALUMNI]).best
    assert (best.kind, best.fit) == (ALUMNI, 1)
    assert "the newcomer directs, as wished (our own)" in list(map(str, best.speaks_for))
    assert any(aspect.source == "utah-ucan" for aspect in best.speaks_for)  # the focus is that of mentoring
    table = recommend(Need(opportunities=True, peer=True, group=True, manager=True), [TABLE]).best
    assert [aspect.facet for aspect in table.speaks_for] == ["strategy", "constraints", "composition"]
    assert [aspect.facet for aspect in table.speaks_against] == ["constraints"]


def test_a_kind_that_may_grow_into_a_group_stands_between():
    """A wish for a group: a group serves it, two people or a group half, two people not at all; and the reverse."""
    wanted, unwanted = Need(group=True), Need(group=False)
    assert [fits(wanted)[kind.name] for kind in (GROUP_MENTORING, MENTORING, MUTUAL_MENTORING)] == [1, 0.5, 0]
    assert [fits(unwanted)[kind.name] for kind in (GROUP_MENTORING, MENTORING)] == [0, 1]


def test_the_own_manager_is_kept_out_of_mentoring_and_may_coach():
    """A mentor is usually not the direct leader, and for a coach the sources disagree."""
    found = recommend(Need(manager=True), [MANAGER_COACHING, COACHING, MENTORING, CAREER_COACHING]).fits
    assert [fit.kind for fit in found] == [MANAGER_COACHING, COACHING, MENTORING, CAREER_COACHING]
    assert [fit.fit for fit in found[1:]] == [0.5, 0, 0]
    assert [fit.speaks_against[0].source for fit in found[2:]] == ["culture-wizard", "utah-ucan"]


# Referrals and what stays private


def referred(**signs):
    return [(one.to, one.source) for one in recommend(Need(**signs)).referrals]


def test_distress_and_disputes_refer_to_others():
    """Distress goes to a licensed professional, a dispute to HR and the manager, the more pressing first."""
    professional = (ReferTo.LICENSED_PROFESSIONAL, "learning-development")
    settled = [(ReferTo.HR, "learning-development"), (ReferTo.MANAGER, "learning-development")]
    assert referred(distress=True) == [professional]
    assert referred(dispute=True) == settled
    assert referred(distress=True, dispute=True) == [professional, *settled]
    assert referred() == []


def test_targets_in_the_present_job_refer_to_the_manager_unless_somebody_else_is_asked():
    """A goal in the present job is mostly the manager's, and so are targets; an equal or a group asked for is not."""
    goal = {"ask": Ask.GOAL, "horizon": Horizon.CURRENT_ROLE}
    assert referred(**goal) == [(ReferTo.MANAGER, "culture-wizard")]
    assert referred(manager=True) == [(ReferTo.MANAGER, "management-mentors")]
    assert referred(manager=True, horizon=Horizon.FUTURE_ROLE) == referred(ask=Ask.GOAL) == []
    assert all(referred(**goal, manager=True, **{asked: True}) == [] for asked in ("peer", "group", "opportunities"))


@given(needs, kinds, st.integers(40, 200))
def test_the_text_shows_referrals_first_and_every_kind(need, chosen, width):
    """The text begins with the referrals, distress before anything else, and shows every kind."""
    found = recommend(need, chosen)
    text = found.to_text(width)
    assert text.startswith("Turn to a licensed professional") == need.distress
    assert text.startswith("Turn to") == bool(found.referrals)
    whole = " ".join(text.split())
    assert all(str(one) in whole for one in found.referrals)
    assert len(re.findall(r"  [01]\.\d\d(?:  |$)", text, re.MULTILINE)) == len(found.fits)


@given(needs, flags)
def test_signs_of_distress_and_dispute_change_no_fit_and_no_repr(need, signs):
    """What is private in a need changes neither a fit nor what a terminal or a notebook shows by itself."""
    one, other = recommend(need), recommend(evolve(need, **signs))
    assert one.fits == other.fits
    assert repr(one) == repr(other)
    assert one._repr_html_() == other._repr_html_()
    assert repr(need) == repr(evolve(need, **signs))


def test_reprs_are_short():
    """A prompt shows the best kind, its fit and the number of kinds."""
    assert repr(recommend(Need(ask=Ask.GOAL), BASE_KINDS)) == "<Recommendation: coaching 1.00, first of 4 kinds>"
    assert repr(recommend(Need(), [COACHING]).best) == "Fit(kind=coaching, fit=0.5)"


def test_html_is_escaped():
    """A kind's name, its titles and a person's id reach a notebook as text."""
    odd = MENTORING.derive("<b>", source="<i>", titles=Titles("<u>", "<s>"))
    pages = (
        recommend(Need(manager=True, career_stage=CareerStage.EARLY), [odd])._repr_html_(),
        screen([Person("<em>")], kinds=[odd], needs={"<em>": Need(career_stage=CareerStage.EARLY)})._repr_html_(),
    )
    assert not any(tag in page for page in pages for tag in ("<b>", "<i>", "<u>", "<s>", "<em>"))
    assert "&lt;em&gt;" in pages[1]


# Errors


def test_what_is_no_need_and_no_kinds_at_all_are_refused():
    """A need that is none, no kinds, and two kinds of one name are errors of their own."""
    with pytest.raises(InvalidValue, match="need: must be a Need"):
        recommend(None)
    for nothing in (lambda: recommend(Need(), []), lambda: screen([], kinds=[])):
        with pytest.raises(DevrelError, match="name at least one kind"):
            nothing()
    with pytest.raises(InvalidValue, match="two kinds are called 'alumni-mentoring'"):
        recommend(Need(), [ALUMNI, MENTORING.derive("alumni-mentoring", source="another")])


@pytest.mark.parametrize(
    ("record", "values"),
    [
        (Need, {"career_stage": "early"}),
        (Need, {"ask": "a goal"}),
        (Need, {"group": "yes"}),
        (Need, {"distress": "a secret"}),
        (Aspect, {"facet": "", "text": "a", "source": "b"}),
        (Referral, {"to": "HR", "reason": "a", "source": "b"}),
        (Fit, {"kind": MENTORING, "fit": 1.5}),
        (Fit, {"kind": MENTORING, "fit": True}),
        (Fit, {"kind": MENTORING, "fit": "much"}),
        (Talk, {"person": " ", "kind": MENTORING, "fit": 1, "reasons": ()}),
        (Recommendation, {"fits": ()}),
        (Screening, {"talks": ("p1",)}),
    ],
)
def test_records_refuse_what_they_cannot_hold(record, values):
    """A wrong value is refused by the field's name, and the message does not repeat it."""
    with pytest.raises(InvalidValue) as caught:
        record(**values)
    assert caught.value.field in values
    assert "secret" not in str(caught.value)


def test_a_screening_reports_every_problem_at_once():
    """Ids used twice, needs of nobody (with the nearest id) and needs that are none are all listed."""
    with pytest.raises(InputError) as caught:
        screen([Person("anna"), Person("anna"), Person("ben")], needs={"ana": Need(), "zoe": Need(), "ben": "coach"})
    wrong = [problem.wrong for problem in caught.value.problems]
    assert wrong == [
        "the id 'anna' is used twice",
        "there is a need of 'ana', who is not among the people",
        "there is a need of 'zoe', who is not among the people",
        "the need of 'ben' is not a Need",
    ]
    assert caught.value.problems[1].remedy.startswith("Did you mean 'anna'?")


# The screening

attributes = st.fixed_dictionaries(
    {},
    optional={
        "remote": st.booleans() | st.just("yes"),
        "career_stage": st.sampled_from(["early", " Middle", "LATE", "on leave", ("early",)]),
    },
)
stages = st.sampled_from([Stage.ACTIVE, Stage.PROPOSED, Stage.COMPLETED, Stage.WITHDRAWN])


@st.composite
def teams(draw):
    """A team, the needs of some of it, and relationships of some (in whatever stage)."""
    team = [Person(f"p{i}", attributes=draw(attributes)) for i in range(draw(st.integers(0, 6)))]
    ids = [person.id for person in team]
    stated = {one: draw(needs) for one in ids if draw(st.booleans())}
    pairs = [
        SimpleNamespace(parties=(Party(one, Role.PROVIDER), Party("stranger", Role.RECIPIENT)), stage=draw(stages))
        for one in ids
        if draw(st.booleans())
    ]
    return team, stated, pairs


@given(teams(), kinds)
def test_a_screening_drops_nobody_and_reports_the_remote_share(case, chosen):
    """Everybody has one talk with a reason, remote or not, busy or not; the share of remote people is counted."""
    team, stated, pairs = case
    found = screen(team, needs=stated, relationships=pairs, kinds=chosen)
    assert Counter(talk.person for talk in found.talks) == Counter(person.id for person in team)
    assert all(talk.reasons and 0 <= talk.fit <= 1 and talk.kind in chosen for talk in found.talks)
    remote = {p.id for p in team if p.attributes.get("remote") is True} | {one for one in stated if stated[one].remote}
    assert {talk.person for talk in found.talks if talk.remote} == remote
    assert (found.total, found.remote) == (len(team), len(remote))
    assert found.remote_share == (len(remote) / len(team) if team else None)
    busy = {pair.parties[0].person for pair in pairs if not pair.stage.final}
    assert {talk.person for talk in found.talks if talk.busy} == busy


@given(teams(), st.randoms(use_true_random=False))
def test_a_screening_is_ordered_and_does_not_depend_on_the_order_of_the_team(case, random):
    """Those without a relationship come first, then the better fit, then the remote, then the id."""
    team, stated, pairs = case
    found = screen(team, needs=stated, relationships=pairs)
    keys = [(talk.busy, -talk.fit, not talk.remote, talk.person) for talk in found.talks]
    assert keys == sorted(keys)
    random.shuffle(team)
    assert screen(iter(team), needs=stated, relationships=iter(pairs)) == found


@given(teams(), flags)
def test_a_screening_tells_nobody_of_distress_or_disputes(case, signs):
    """The private signs of anybody change no text, no table and no repr; the referral is in the talk alone."""
    team, stated, pairs = case
    told = {one: evolve(need, **signs) for one, need in stated.items()}
    one, other = (screen(team, needs=each, relationships=pairs) for each in (stated, told))
    assert str(one) == str(other) == one.to_text()
    assert (repr(one), repr(one.talks)) == (repr(other), repr(other.talks))
    assert one._repr_html_() == other._repr_html_()
    for talk in other.talks:
        expected = recommend(told.get(talk.person, Need())).referrals
        assert talk.referrals == expected


def test_attributes_are_read_by_the_names_given():
    """Remote work and the career stage come from the named attributes; an unknown stage is ignored."""
    team = [
        Person("p1", attributes={"at home": True, "phase": "Early"}),
        Person("p2", attributes={"phase": "sabbatical", "remote": True}),
        Person("p3", sensitive={"phase": "early"}),
    ]
    one, two, three = screen(team, remote="at home", career_stage="phase").talks
    assert (one.person, one.kind, one.remote) == ("p1", COACHING, True)
    assert "find a direction" in one.reasons[0].text
    assert (two.fit, two.remote, three.fit, three.remote) == (0.5, False, 0.5, False)
    assert two.reasons[0].text.startswith("nothing is known yet")


def test_remote_people_come_first_among_equals_and_are_read_from_their_attributes():
    """A stated need does not hide that somebody is remote, and of two alike the remote one is first."""
    team = [Person("a"), Person("b", attributes={"remote": True})]
    found = screen(team, needs={one.id: Need(ask=Ask.QUESTION) for one in team})
    assert [(talk.person, talk.remote) for talk in found.talks] == [("b", True), ("a", False)]
    assert "learning-development" in str(found)
    assert "2 people, 1 of them remote" in str(found)
    assert repr(screen([Person("a")])) == "<Screening: 1 person, 0 of them remote>"


def test_the_reason_against_is_given_where_nothing_speaks_for_a_kind():
    """Even a kind that does not fit comes with its reason."""
    (talk,) = screen([Person("a")], needs={"a": Need(ask=Ask.BROAD)}, kinds=[COACHING]).talks
    assert (talk.fit, len(talk.reasons)) == (0, 1)
    assert talk.reasons[0].text == "a broad theme is not enough here: the coachee brings a specific goal"


def test_who_is_in_a_relationship_comes_after_the_others_until_it_is_over():
    """A live relationship puts its people last with that reason; one that is over does not count."""
    live = Relationship.propose(
        "r1",
        MENTORING,
        [Party("a", Role.PROVIDER), Party("b", Role.RECIPIENT)],
        Agreement(term=Term(date(2026, 1, 5)), cadence=Cadence()),
        actor=Actor.admin(),
        at=START,
    )
    over = SimpleNamespace(parties=live.parties, stage=Stage.DECLINED)
    team, wants = [Person(one) for one in "abc"], {"a": Need(ask=Ask.GOAL)}
    found = screen(team, needs=wants, relationships=[live])
    assert [(talk.person, talk.busy) for talk in found.talks] == [("c", False), ("a", True), ("b", True)]
    assert "already in a relationship" in found.talks[1].reasons[0].text
    assert [talk.person for talk in screen(team, needs=wants, relationships=[over]).talks] == ["a", "b", "c"]
