"""Agreements: what a kind demands, what each clause changes, and the document people sign."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from devrel.agreements import (
    NOT_THERAPY,
    Agreement,
    Confidentiality,
    Contact,
    ManagerPart,
    Meeting,
    Records,
    ThirdParty,
    ThirdPartyRole,
)
from devrel.errors import IllegalMove, InvalidValue
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import (
    ADVISING,
    COACHING,
    KINDS,
    MANAGER_COACHING,
    MENTORING,
    SPONSORING,
    SUCCESSION,
    Clause,
    GoalForm,
    Horizon,
    Item,
    Side,
)
from devrel.lifecycle import (
    Activated,
    CheckedIn,
    ClosingBegun,
    Ended,
    EndReason,
    SessionCancelled,
    SessionHeld,
)
from devrel.people import Support
from devrel.relationships import Relationship
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, agreements
from devrel.validation import check
from tests.beginnings import (
    MENTEE,
    MENTOR,
    ONCE,
    OPEN,
    SYSTEM,
    TODAY,
    accept_all,
    active,
    group,
    later,
    proposed,
)

TERM = Term.of_months(TODAY, 9)
SPECIFIC = GoalForm.SPECIFIC
PLAIN = Agreement(TERM, Cadence())

TOGETHER = {"peer-coaching", "team-coaching", "group-coaching"}
# Which kinds demand which clause, written by hand from the sources.
REQUIRES = {
    Clause.AIM: {"mentoring", "group-mentoring", "reverse-mentoring", "mutual-mentoring", "flash-mentoring"},
    Clause.ETHICS: {"coaching", "career-coaching", "executive-coaching", *TOGETHER},
    Clause.NOT_THERAPY: {
        "coaching",
        "career-coaching",
        "executive-coaching",
        *TOGETHER,
        "manager-coaching",
        "succession",
    },
    Clause.SCOPE: {"advising"},
    Clause.BENEFIT: {"sponsoring"},
    Clause.PLAN: {"succession"},
}
UNDATED = Goal("grow", SPECIFIC, [KeyResult("calls", 0, 9, "calls")], horizon=Horizon.FUTURE_ROLE)
WITHOUT = {
    Clause.AIM: {"purpose": " ", "goals": ()},
    Clause.ETHICS: {"ethics": " "},
    Clause.NOT_THERAPY: {"not_therapy": ""},
    Clause.SCOPE: {"scope": ""},
    Clause.BENEFIT: {"benefit": "\n"},
    Clause.PLAN: {"goals": (UNDATED,)},
}


def test_each_kind_requires_what_its_sources_demand():
    """The clauses of every kind are those of the hand-written list."""
    assert {one: {kind.name for kind in KINDS if one in kind.requires} for one in Clause} == REQUIRES


@pytest.mark.parametrize(
    ("kind", "clause"),
    [(kind, clause) for kind in KINDS for clause in Clause if kind.name in REQUIRES[clause]],
    ids=lambda one: getattr(one, "name", ""),
)
def test_a_required_clause_that_is_missing_is_named_and_stops_the_start(kind, clause):
    """Taking one required clause out of a complete agreement names this one and refuses the start."""
    whole = proposed(kind)
    short = evolve(whole.agreement, **WITHOUT[clause])
    told = f"it must state {clause.value}"
    assert [one for one in short.missing_for(kind) if one.startswith("it must state")] == [told]
    agreed = accept_all(Relationship.propose("r", kind, whole.parties, short, actor=SYSTEM, at=START))
    with pytest.raises(IllegalMove, match=re.escape(told)):
        agreed.apply(Activated("go", SYSTEM, START))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_clauses_that_a_kind_does_not_require_may_be_left_out(kind):
    """An agreement with what the kind requires, and nothing else of the clauses, is complete."""
    asked = {clause for clause in Clause if kind.name in REQUIRES[clause]} | {Clause.AIM, Clause.PLAN}
    optional = [WITHOUT[clause] for clause in set(Clause) - asked]
    bare = active(kind, **{name: value for clauses in optional for name, value in clauses.items()})
    assert bare.agreement.missing_for(kind, bare.people(Side.RECIPIENT)) == ()


# Every field does something ---------------------------------------------------------------------------------------

DEMANDING = MENTORING.derive("demanding", source="own", requires=Clause)
FREE = MENTORING.derive("free", source="own", requires=())
PLANNED = Goal("grow", SPECIFIC, [KeyResult("calls", 0, 9, "calls", due=TODAY)])
# For each field another value, and what it changes: the document, what is missing or unusual, or a behaviour below.
CHANGES = {
    "term": (ONCE, {"document", "unusual", "sessions"}),
    "cadence": (Cadence(2, Unit.WEEK), {"document", "unusual", "sessions"}),
    "minutes": (90, {"document", "unusual", "sessions"}),
    "meeting": (Meeting.VIRTUAL, {"document"}),
    "goals": ((PLANNED,), {"document", "missing", "readings"}),
    "purpose": ("grow", {"document", "missing"}),
    "provider_commits": (("prepare",), {"document"}),
    "recipient_commits": (("prepare",), {"document"}),
    "contact": (Contact(), {"document"}),
    "provider_hours": (0.5, {"document", "unusual"}),
    "recipient_hours": (0.5, {"document", "unusual"}),
    "hopes": ({Support.TIME}, {"document", "unusual"}),
    "offers": ({Support.INTRODUCTIONS}, {"document", "unusual"}),
    "confidentiality": (Confidentiality("all of it", ()), {"document"}),
    "boundaries": (("health",), {"document", "topics"}),
    "conflicts": (("same-department",), {"document"}),
    "manager": (ManagerPart({Item.GOALS}, ()), {"document", "unusual"}),
    "third_parties": ((ThirdParty("payer", ThirdPartyRole.PAYS),), {"document"}),
    "reviews": ((date(2026, 4, 1),), {"document"}),
    "problem_solving": ("talk first", {"document"}),
    "cancellation_hours": (48, {"document", "late"}),
    "exit_notice_days": (30, {"document", "notice"}),
    "records": (Records("none", None), {"document"}),
    "ethics": ("a code", {"document", "missing"}),
    "not_therapy": (NOT_THERAPY, {"document", "missing"}),
    "scope": ("law", {"document", "missing"}),
    "benefit": ("new people", {"document", "missing"}),
    "extra": (("in English",), {"document"}),
}


def allowed(relationship, *events):
    try:
        return relationship.apply_all(events)
    except IllegalMove:
        return None


def evidence(agreement):
    """Return what an agreement says, and what the library does with it, by a name for each thing."""
    asked = Relationship.propose("r", FREE, group(), agreement, actor=SYSTEM, at=START)
    running = accept_all(asked).apply(Activated("go", SYSTEM, START))
    cancelled = allowed(running, SessionCancelled("c", MENTEE, later(30), 2))
    notice = (ClosingBegun("b", MENTOR, later(1), EndReason.NO_TIME), Ended("e", MENTOR, later(15)))
    reading = CheckedIn("k", MENTEE, later(2), 1, "calls", CheckIn(TODAY, 1))
    return {
        "document": agreement.to_markdown(DEMANDING, group()),
        "missing": agreement.missing_for(DEMANDING),
        "unusual": remarks(agreement, DEMANDING),
        "sessions": [(one.start, one.minutes) for one in running.sessions()],
        "topics": allowed(running, SessionHeld("s", MENTOR, START, topics=["health"])) is None,
        "late": cancelled and [one.late for one in cancelled.sessions()],
        "notice": allowed(running, *notice) is None,
        "readings": allowed(running, reading) is None,
    }


def remarks(agreement, kind):
    """Return what the rules say of what an agreement has that is allowed and unusual."""
    codes = ["A001", "A004", "A005", "A011", "P011", "V001", "V002", "V003", "V004", "V007", "V008"]
    report = check(agreement, kind=kind, today=TODAY, select=codes)
    return [finding.message for finding in report]


BASE = evolve(PLAIN, hopes={Support.INTRODUCTIONS}, provider_hours=1, recipient_hours=1)


@pytest.mark.parametrize("field", [one.name for one in fields(Agreement) if one.name != "version"])
def test_every_field_of_an_agreement_changes_something(field):
    """No field is there for show: each changes exactly what the hand-written list says, the document at least."""
    value, expected = CHANGES[field]
    before, changed = evidence(BASE), evidence(evolve(BASE, **{field: value}))
    found = {name for name in before if before[name] != changed[name]}
    settled = {"late"} if field in {"term", "cadence"} else set()  # other sessions are cancelled then
    assert found - settled == expected


# Versions, reviews, drafts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_draft_starts_from_the_kind(kind):
    """A draft has the kind's own term and cadence, and the boundary to therapy where the kind demands one."""
    draft = Agreement.draft(kind, TODAY)
    assert draft.term == kind.timeline.default_term(TODAY)
    assert draft.cadence == kind.timeline.cadence
    assert draft.not_therapy == (NOT_THERAPY if Clause.NOT_THERAPY in kind.requires else "")
    assert draft.version == 1
    known = Agreement.draft(kind, TODAY, term=OPEN, minutes=30, not_therapy="own words")
    assert (known.term, known.minutes, known.not_therapy) == (OPEN, 30, "own words")
    with pytest.raises(InvalidValue, match="minuets: is no field of an agreement; Did you mean 'minutes'"):
        Agreement.draft(kind, TODAY, minuets=30)


@pytest.mark.parametrize(
    ("kind", "goals", "said"),
    [
        (COACHING, [], "coaching needs a specific goal; the coachee sets it"),
        (ADVISING, [], "advising needs a question; the advisee sets it"),
        (SPONSORING, [], "sponsoring needs an opportunity sought; the beneficiary sets it"),
        (SUCCESSION, [], "succession needs a specific goal; the incumbent sets it"),
        (COACHING, [Goal("g")], "a theme is not a goal of coaching; it takes: specific goal"),
        (ADVISING, [Goal("g")], "a theme is not a goal of advising; it takes: question, specific goal"),
    ],
    ids=["coaching", "advising", "sponsoring", "succession", "a theme", "a theme for advice"],
)
def test_a_missing_goal_names_who_sets_it(kind, goals, said):
    """Questions and opportunities are the recipient's to bring, other goals those of the side in control."""
    assert said in Agreement.draft(kind, TODAY, goals=goals).missing_for(kind)


@given(agreements(), st.integers(5, 480))
def test_an_amendment_is_the_next_version_and_leaves_the_old_one(agreement, minutes):
    """An amendment counts on, changes what it is told to, and cannot set the version itself."""
    amended = agreement.amended(minutes=minutes)
    assert amended.version == agreement.version + 1
    assert evolve(amended, version=agreement.version, minutes=agreement.minutes) == agreement
    with pytest.raises(InvalidValue, match="version: counts itself"):
        agreement.amended(version=agreement.version + 1)


@given(agreements(), st.integers(-30, 90))
def test_an_extension_moves_the_end_to_a_later_day(agreement, days):
    """Extending keeps everything but the end; an earlier or equal end, and one for an open end, is refused."""
    end = agreement.term.end
    wanted = (end or TODAY) + timedelta(days=days)
    if end is None or days <= 0:
        with pytest.raises(InvalidValue, match="later than the end that is agreed"):
            agreement.extended(wanted)
    else:
        longer = agreement.extended(wanted)
        assert longer == agreement.amended(term=evolve(agreement.term, end=wanted))


@pytest.mark.parametrize(
    ("term", "days", "fine"),
    [
        (TERM, [TODAY, TERM.end], True),
        (OPEN, [TODAY + timedelta(days=4000)], True),
        (TERM, [TODAY - timedelta(days=1)], False),
        (TERM, [TODAY + timedelta(days=300)], False),
        (TERM, [TERM.end, TODAY], False),
        (TERM, [TODAY, TODAY], False),
    ],
    ids=["first and last", "open", "before", "after", "disorder", "twice"],
)
def test_reviews_lie_within_the_term_in_order(term, days, fine):
    """The days to look back are different days of the term, in order; a shorter term cannot leave one outside."""
    if fine:
        assert evolve(PLAIN, term=term, reviews=days).reviews == tuple(days)
    else:
        with pytest.raises(InvalidValue, match="reviews: must"):
            evolve(PLAIN, term=term, reviews=days)
    with pytest.raises(InvalidValue, match="must lie within the term"):
        evolve(PLAIN, reviews=[TERM.end]).amended(term=ONCE)


@pytest.mark.parametrize(
    ("kind", "clauses", "said"),
    [
        (
            COACHING,
            {"provider_hours": 1},
            "the sessions take about 2.2 hours a month, and the coach has 1",
        ),
        (
            SPONSORING,
            {"hopes": {Support.TIME, Support.PREPARATION}, "offers": {Support.TIME}},
            "the beneficiary hopes for what the sponsor does not offer: preparation for a promotion",
        ),
        (
            MENTORING,
            {"manager": ManagerPart({Item.GOALS, Item.SCHEDULE, Item.EXISTENCE})},
            "the manager is told of the mentee: goals and progress",
        ),
        (
            COACHING,
            {"cadence": Cadence(2, Unit.MONTH)},
            "coaching usually meets every 7 to 31 days, and the cadence is every 2 months at 10:00 (UTC)",
        ),
        (
            MENTORING,
            {"cadence": Cadence(2, Unit.MONTH)},
            "mentoring usually meets at least every 31 days, and the cadence is every 2 months at 10:00 (UTC)",
        ),
        (COACHING, {"term": OPEN}, "coaching is usually time-limited, and no end is agreed"),
    ],
    ids=["time", "hopes", "manager", "cadence", "seldom", "term"],
)
def test_what_is_unusual_is_said_and_stops_nothing(kind, clauses, said):
    """Each unusual clause gives its own sentence, and the relationship becomes active all the same."""
    started = active(kind, **clauses)
    assert said in remarks(started.agreement, kind)
    assert started.agreement.missing_for(kind) == ()


def test_what_is_usual_is_not_remarked_on():
    """Enough time, hopes that are offered, what the kind tells anyway, and any cadence of one session are fine."""
    usual = {
        "provider_hours": 1,
        "hopes": {Support.TIME},
        "offers": set(Support),
        "manager": ManagerPart({Item.SCHEDULE, Item.EXISTENCE}),
    }
    assert remarks(Agreement.draft(MENTORING, TODAY, **usual), MENTORING) == []
    once = Agreement.draft(COACHING, TODAY, term=ONCE, cadence=Cadence(9), provider_hours=0)
    assert remarks(once, COACHING) == []
    everything = ManagerPart(set(Item))
    told = remarks(Agreement.draft(MANAGER_COACHING, TODAY, manager=everything), MANAGER_COACHING)
    assert "the manager is to be told: focus areas the manager suggests, notes, ratings, reason of the end" in told
