"""Hypothesis strategies for the concepts of the domain, to be shared by the properties of any package.

>>> from hypothesis import given
>>> @given(relationships())
... def test_a_final_stage_plans_nothing(relationship):
...     assert not relationship.stage.final or not relationship.planned_sessions()
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from devrel.agreements import (
    Agreement,
    Confidentiality,
    Contact,
    ManagerCommitment,
    ManagerPart,
    Meeting,
    Records,
    ThirdParty,
    ThirdPartyRole,
)
from devrel.errors import IllegalMove
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import (
    KINDS,
    MUTUAL_MENTORING,
    GoalForm,
    Horizon,
    Item,
    Mode,
    RelationshipKind,
    Side,
    ViewerRole,
)
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    ActorRole,
    Advocated,
    Amended,
    AmendmentDeclined,
    CheckedIn,
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
    Event,
    Expired,
    FocusSuggested,
    Invalidated,
    Joined,
    Left,
    NoteAdded,
    Origin,
    OutcomeKnown,
    Paused,
    Rated,
    Resumed,
    Reviewed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    SessionMoved,
    Withdrawn,
)
from devrel.people import Capacity, Enrollment, Party, Person, Role, Support
from devrel.relationships import Relationship
from devrel.sessions import AdvocacyAct, Audience, FollowUp, Note, Outcome, Session
from devrel.terms import Cadence, HolidayRule, Term, Unit, Weekday

START = datetime(2026, 1, 5, tzinfo=UTC)
"""When every generated relationship is proposed."""

ZONES = ("UTC", "Europe/London", "America/Denver", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca")

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
"""Texts that are not blank, of any script."""

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
"""Days of two decades."""

numbers = st.integers(-100, 100)


@st.composite
def terms(draw: st.DrawFn, starts: st.SearchStrategy[date] = days) -> Term:
    """Draw terms of every form: months, days, a single session, open-ended."""
    start = draw(starts)
    form = draw(st.sampled_from(["months", "days", "single", "open"]))
    if form == "months":
        return Term.of_months(start, draw(st.integers(1, 30)))
    if form == "single":
        return Term.single_session(start, within_days=draw(st.integers(0, 60)))
    return Term(start, start + timedelta(days=draw(st.integers(0, 500))) if form == "days" else None)


cadences = st.builds(
    Cadence,
    every=st.integers(1, 6),
    unit=st.sampled_from(Unit),
    weekday=st.none() | st.sampled_from(Weekday),
    at=st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
    zone=st.sampled_from(ZONES),
    on_holiday=st.sampled_from(HolidayRule),
)
"""Cadences in weeks and months, in zones with and without daylight saving."""


# What is drawn from often stands here: to make a strategy anew for each draw takes longer than the draw.
_READINGS = st.lists(st.tuples(days, numbers), max_size=3)
_CHANGES = numbers.filter(bool)
_DUE = st.none() | days


@st.composite
def key_results(draw: st.DrawFn) -> KeyResult:
    """Draw key results that rise or fall, with readings in order."""
    start = draw(numbers)
    readings = sorted(draw(_READINGS))
    return KeyResult(
        draw(texts),
        start,
        start + draw(_CHANGES),
        draw(texts),
        due=draw(_DUE),
        check_ins=[CheckIn(day, value) for day, value in readings],
    )


_FORMS = st.sampled_from(GoalForm)
_HORIZONS = st.none() | st.sampled_from(Horizon)
_RESULTS = st.lists(key_results(), max_size=2, unique_by=lambda one: one.name)
_FOCUS = st.lists(texts, max_size=2)


@st.composite
def goals(draw: st.DrawFn) -> Goal:
    """Draw goals of every form; specific ones may be measured."""
    form = draw(_FORMS)
    measured = form is GoalForm.SPECIFIC and draw(st.booleans())
    results = draw(_RESULTS) if measured else []
    return Goal(
        draw(texts),
        form,
        results,
        horizon=draw(_HORIZONS),
        focus_areas=draw(_FOCUS),
    )


items = st.sampled_from(Item)
"""The items of a relationship that can be seen or hidden."""

third_parties = st.builds(
    ThirdParty, texts, st.sampled_from(ThirdPartyRole), st.none() | st.frozensets(items, max_size=3)
)
"""Those who pay or organise."""


def _texts(most: int = 2) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, max_size=most)


_CLAUSES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "meeting": st.sampled_from(Meeting),
        "purpose": st.just("") | texts,
        "provider_commits": _texts(),
        "recipient_commits": _texts(),
        "contact": st.builds(Contact, texts, st.integers(1, 30)),
        "provider_hours": st.integers(0, 20),
        "recipient_hours": st.floats(0, 20),
        "hopes": st.frozensets(st.sampled_from(Support)),
        "offers": st.frozensets(st.sampled_from(Support)),
        "confidentiality": st.builds(Confidentiality, texts, _texts()),
        "boundaries": _texts(),
        "conflicts": _texts(),
        "manager": st.builds(
            ManagerPart, st.none() | st.frozensets(items, max_size=3), st.frozensets(st.sampled_from(ManagerCommitment))
        ),
        "third_parties": st.lists(third_parties, max_size=2),
        "problem_solving": texts,
        "cancellation_hours": st.integers(0, 72),
        "exit_notice_days": st.integers(0, 30),
        "records": st.builds(Records, texts, st.none() | st.integers(0, 60)),
        "ethics": texts,
        "not_therapy": texts,
        "scope": texts,
        "benefit": texts,
        "extra": _texts(),
    },
)
_GOALS = st.lists(goals(), max_size=3)


@st.composite
def agreements(draw: st.DrawFn, terms: st.SearchStrategy[Term] = terms()) -> Agreement:  # noqa: B008
    """Draw agreements with any of their clauses filled; they need not be complete for a kind."""
    clauses = draw(_CLAUSES)
    term = draw(terms)
    within = st.dates(term.start, term.end or term.start + timedelta(days=300))
    reviews = sorted(draw(st.sets(within, max_size=2)))
    minutes = draw(st.integers(5, 240))
    drawn = draw(_GOALS)
    return Agreement(term, draw(cadences), minutes, goals=drawn, reviews=reviews, **clauses)


def complete(agreement: Agreement, kind: RelationshipKind, recipients: Sequence[str]) -> Agreement:
    """Return the next version of an agreement with everything that ``kind`` demands but for its term."""
    owners = recipients if kind.focus.shared is False else [None]
    horizon = min(kind.focus.horizons, key=lambda one: one.value)
    form = kind.focus.needs or GoalForm.THEME
    specific = form is GoalForm.SPECIFIC
    plan = [KeyResult("result", 0, 1, "times", due=agreement.term.start)] if specific else []
    aims = [Goal("a goal", form, plan, horizon=horizon, person=owner) for owner in owners]
    told = {"purpose": "a purpose", "ethics": "a code", "not_therapy": "none", "scope": "a scope", "benefit": "a gain"}
    return agreement.amended(goals=aims, **told)


@st.composite
def parties(draw: st.DrawFn, kind: RelationshipKind | None = None) -> tuple[Party, ...]:
    """Draw the people of a relationship, as many as ``kind`` takes; of any, pairs, groups and circles."""
    composition = kind.composition if kind is not None else None
    if composition is not None and composition.mutual:
        return Party("m0", Role.BOTH), Party("m1", Role.BOTH)
    fewest, most = (
        (composition.providers, composition.recipients) if composition is not None else ((1, None), (1, None))
    )
    givers = _parties("p", Role.PROVIDER, draw(st.integers(fewest[0], fewest[1] or 2)))
    takers = _parties("r", Role.RECIPIENT, draw(st.integers(most[0], min(most[1] or 3, most[0] + 2))))
    mutual = composition is None or composition.mutual is None
    both = [Party("m0", Role.BOTH)] if mutual and draw(st.booleans()) else []
    return (*givers, *takers, *both)


def _parties(letter: str, role: Role, count: int) -> list[Party]:
    return [Party(f"{letter}{number}", role) for number in range(count)]


_TERMS = terms()
_NEAR_TERMS = terms(st.integers(0, 60).map(lambda later: START.date() + timedelta(days=later)))


@st.composite
def proposals(draw: st.DrawFn, kinds: Sequence[RelationshipKind] = KINDS) -> Relationship:
    """Draw relationships that were only proposed yet, of every kind and origin."""
    kind = draw(st.sampled_from(kinds))
    people = draw(parties(kind))
    origin = draw(st.sampled_from(Origin))
    usual = st.just(kind.timeline.default_term(START.date()))
    program = None if origin is Origin.INFORMAL else draw(st.none() | texts)
    return Relationship.propose(
        "rel",
        kind,
        people,
        draw(agreements(usual | _NEAR_TERMS | _TERMS)),
        actor=acting(people[-1]) if origin in {Origin.REQUESTED, Origin.INFORMAL} else Actor.system(),
        at=START,
        answer_days=draw(st.sampled_from([14, 14, 3650])),
        origin=origin,
        program=program,
        spun_off_from="group" if origin is Origin.SPUN_OFF else None,
    )


def acting(party: Party) -> Actor:
    """Return a party acting for herself; one of both sides as a provider."""
    role = ActorRole.PROVIDER if Side.PROVIDER in party.role.sides else ActorRole.RECIPIENT
    return Actor(role, party.person)


@st.composite
def actors(draw: st.DrawFn, relationship: Relationship) -> Actor:
    """Draw somebody who may or may not have a say in ``relationship``."""
    role = draw(st.sampled_from(ActorRole))
    if role in {ActorRole.ADMIN, ActorRole.SYSTEM}:
        return Actor(role)
    if role is ActorRole.MANAGER:
        return Actor.manager("boss")
    return Actor(role, draw(st.sampled_from([*relationship.people(Side(role.value)), "stranger"])))


notes = st.builds(Note, st.sampled_from(["p0", "r0", "m0", "m1"]), texts, st.sampled_from(Audience))
"""Notes by people who may or may not be parties."""

_KEEP_GOING = (Accepted, Activated, SessionHeld, Resumed)
_KINDS_OF_EVENTS = (
    Accepted,
    Activated,
    Advocated,
    AmendmentDeclined,
    Amended,
    CheckedIn,
    ClosingBegun,
    Completed,
    CompletedEarly,
    Consented,
    CounterProposed,
    Declined,
    Ended,
    EndedForConduct,
    Expired,
    FocusSuggested,
    Invalidated,
    Joined,
    Left,
    NoteAdded,
    OutcomeKnown,
    Paused,
    Rated,
    Resumed,
    Reviewed,
    SessionCancelled,
    SessionHeld,
    SessionMissed,
    SessionMoved,
    Withdrawn,
)


@st.composite
def events(draw: st.DrawFn, relationship: Relationship, number: int, kind: type[Event] | None = None) -> Event:
    """Draw one event that may or may not be allowed next; ``number`` makes its id.

    One that the stage allows is likely, with an actor, a time and details that fit.
    """
    chosen = kind or draw(_likely(relationship) | st.sampled_from(_KINDS_OF_EVENTS))
    actor = draw(_fitting(relationship, chosen))
    at = draw(_moments(relationship, chosen))
    more = _MORE.get(chosen)
    given = draw(more(relationship, actor, at)) if more is not None else {}
    late = timedelta(hours=draw(st.sampled_from([0, 5])))
    drawn: Event = chosen(f"e{number}", actor, at, **given, recorded=at + late)
    return drawn


def _likely(relationship: Relationship) -> st.SearchStrategy[type[Event]]:
    """Return the event types that the stage allows, those that lead on more often than the others."""
    possible = relationship.possible_events
    likely = [one for one in _KINDS_OF_EVENTS if one.__name__ in possible]
    onward = [one for one in likely if one in _KEEP_GOING and (one is not Accepted or relationship.state.open_parties)]
    return st.sampled_from([*likely, *(onward * 3)] or _KINDS_OF_EVENTS)


_LATER = st.sampled_from([0, 0, 1, 7, 30, 400, -1]).map(lambda days: timedelta(days=days))


def _moments(relationship: Relationship, kind: type[Event]) -> st.SearchStrategy[datetime]:
    """Return moments near the latest event, seldom before it, and the one that an event of this type waits for."""
    state = relationship.state
    near = _LATER.map(lambda later: state.last + later)
    end = state.agreement.term.end
    if kind is Expired and state.respond_by is not None:
        return st.just(max(state.respond_by, state.last)) | near
    if kind in {Completed, Ended} and end is not None and end >= state.last.date():
        return st.just(datetime.combine(end, time(23), UTC)) | near
    if kind in {SessionMissed, SessionHeld} and (coming := _coming(relationship)):
        return st.sampled_from(coming).map(lambda one: one.end.astimezone(UTC)) | near
    return near


def _coming(relationship: Relationship) -> list[Session]:
    """Return the next three sessions to come."""
    last = relationship.state.last
    listed = relationship.planned_sessions(until=(last + timedelta(days=100)).date())
    return [one for one in listed if one.start >= last][:3]


def _numbers(relationship: Relationship, at: datetime) -> st.SearchStrategy[int]:
    """Return numbers of sessions, likely ones that are near ``at``."""
    listed = relationship.planned_sessions(until=(at + timedelta(days=100)).date())
    near = sorted(listed, key=lambda one: abs(one.start - at))[:2]
    return st.sampled_from([one.number for one in near] or [1]) | st.integers(1, 4)


def _fitting(relationship: Relationship, kind: type[Event]) -> st.SearchStrategy[Actor]:
    """Return actors among whom one that may cause such an event is likely."""
    if kind is FocusSuggested:
        return st.just(Actor.manager("boss"))
    if kind is Joined:
        return st.builds(Actor.recipient, st.sampled_from(["new0", "new1"])) | st.just(Actor.provider("new2"))
    if kind in {Expired, Invalidated}:
        return st.just(Actor.system())
    if kind is EndedForConduct:
        return st.just(Actor.admin()) | actors(relationship)
    if kind in {Ended, Withdrawn}:
        return st.sampled_from([Actor.admin(), Actor.system()]) | actors(relationship)
    return st.sampled_from([acting(party) for party in relationship.parties]) | actors(relationship)


Details = st.SearchStrategy[dict[str, Any]]


def _amendment(relationship: Relationship, _: Actor, __: datetime) -> Details:
    latest = relationship.state.latest
    base = relationship.agreement
    shorter = st.integers(5, 90).map(lambda minutes: _version(base.amended(minutes=minutes), latest + 1))
    kind, people = relationship.kind, relationship.people(Side.RECIPIENT)
    filled = st.just(_version(complete(base, kind, people), latest + 1))
    longer = base.extended(base.term.end + timedelta(days=60)) if base.term.end is not None else base.amended()
    return st.fixed_dictionaries({"agreement": shorter | filled | st.just(_version(longer, latest + 1))})


def _version(agreement: Agreement, version: int) -> Agreement:
    return evolve(agreement, version=version)


def _session(relationship: Relationship, _: Actor, at: datetime) -> Details:
    people = [party.person for party in relationship.parties]
    written = st.builds(Note, st.sampled_from(people), texts, st.sampled_from(Audience))
    to_do = st.builds(FollowUp, texts, st.sampled_from(people), st.none() | days)
    return st.fixed_dictionaries(
        {},
        optional={
            "minutes": st.integers(1, 99),
            "number": _numbers(relationship, at),
            "mode": st.sampled_from([relationship.kind.mode, *Mode]),
            "meeting": st.sampled_from(Meeting),
            "attended": st.lists(st.sampled_from(people), unique=True),
            "topics": st.lists(texts, max_size=2),
            "notes": st.lists(written, max_size=2),
            "follow_ups": st.lists(to_do, max_size=1),
        },
    )


def _reading(relationship: Relationship, _: Actor, at: datetime) -> Details:
    measured = [
        (number, result.name)
        for number, goal in enumerate(relationship.agreement.goals, 1)
        for result in goal.key_results
    ] or [(1, "none")]
    reading = st.builds(CheckIn, st.just(at.date()), numbers)
    return st.tuples(st.sampled_from(measured), reading).map(
        lambda drawn: {"goal": drawn[0][0], "key_result": drawn[0][1], "check_in": drawn[1]}
    )


def _counter(relationship: Relationship, actor: Actor, at: datetime) -> Details:
    mutual = [Party(party.person, Role.BOTH) for party in relationship.parties]
    answers: list[dict[str, Any]] = [{}, {"parties": mutual}, {"parties": mutual, "kind": MUTUAL_MENTORING}]
    others = st.sampled_from(answers)
    return st.tuples(_amendment(relationship, actor, at), others).map(lambda drawn: {**drawn[0], **drawn[1]})


def _consent(relationship: Relationship, actor: Actor, _: datetime) -> Details:
    given = [(item, to) for person, item, to in relationship.state.consents if person == actor.person]
    back = st.sampled_from(sorted(given, key=repr)).map(lambda one: {"item": one[0], "to": one[1], "allowed": False})
    anything = st.fixed_dictionaries({"item": items, "to": st.sampled_from(ViewerRole), "allowed": st.booleans()})
    return back | anything if given else anything


def _leaver(relationship: Relationship, actor: Actor, _: datetime) -> Details:
    people = [party.person for party in relationship.parties]
    own = [actor.person] if actor.person in people else people
    return st.fixed_dictionaries(
        {"person": st.sampled_from(own) | st.sampled_from(people), "reason": st.sampled_from(EndReason)}
    )


def _given(**drawn: st.SearchStrategy[Any]) -> Callable[[Relationship, Actor, datetime], Details]:
    details = st.fixed_dictionaries(drawn)
    return lambda _, __, ___: details


_MORE: dict[type[Event], Callable[[Relationship, Actor, datetime], Details]] = {
    Accepted: lambda one, _, __: st.fixed_dictionaries({"version": st.sampled_from([one.state.put.version] * 3 + [9])}),
    Amended: _amendment,
    CounterProposed: _counter,
    Declined: _given(reason=st.sampled_from(DeclineReason), note=texts),
    Joined: lambda one, actor, _: st.just(
        {"party": Party(str(actor.person), Role(actor.role.value)), "version": one.agreement.version}
    ),
    Left: _leaver,
    Ended: _given(reason=st.sampled_from(EndReason), note=texts),
    EndedForConduct: _given(note=texts),
    SessionHeld: _session,
    SessionCancelled: lambda one, _, at: st.fixed_dictionaries(
        {"number": _numbers(one, at), "note": st.just("") | texts}
    ),
    SessionMissed: lambda one, _, at: st.fixed_dictionaries(
        {
            "number": _numbers(one, at),
            "absent": st.lists(st.sampled_from([party.person for party in one.parties]), unique=True),
        }
    ),
    SessionMoved: lambda one, _, at: st.fixed_dictionaries(
        {"number": _numbers(one, at), "to": st.integers(-1, 60).map(lambda more: at + timedelta(days=more))}
    ),
    Advocated: _given(
        opportunity=texts, act=st.sampled_from(AdvocacyAct), outcome=st.sampled_from([Outcome.OPEN, Outcome.WON])
    ),
    OutcomeKnown: lambda one, _, __: st.fixed_dictionaries(
        {
            "advocacy": st.sampled_from([*(id_ for id_, _ in one.state.advocacies), "none"]),
            "outcome": st.sampled_from(Outcome),
        }
    ),
    CheckedIn: _reading,
    NoteAdded: lambda _, actor, __: st.builds(Note, st.just(str(actor.person)), texts, st.sampled_from(Audience)).map(
        lambda note: {"note": note}
    ),
    Rated: _given(stars=st.integers(1, 5), note=st.just("") | texts),
    FocusSuggested: lambda one, _, __: st.fixed_dictionaries(
        {"to": st.sampled_from(one.people(Side.RECIPIENT)), "areas": st.lists(texts, min_size=1, max_size=2)}
    ),
    Consented: _consent,
    Paused: lambda _, __, at: st.fixed_dictionaries(
        {"until": st.none() | st.integers(-1, 90).map(lambda more: at.date() + timedelta(days=more))}
    ),
    ClosingBegun: _given(reason=st.none() | st.sampled_from(EndReason)),
}


@st.composite
def relationships(draw: st.DrawFn, kinds: Sequence[RelationshipKind] = KINDS, most: int = 8) -> Relationship:
    """Draw relationships anywhere in their life: agreed on along the way, so that every stage is reached."""
    relationship = draw(proposals(kinds))
    if draw(st.sampled_from([True, True, True, False])):
        relationship = agree(relationship)
    for number in range(draw(st.sampled_from([0, 2, most, most]))):  # integers would mostly be small
        event = draw(events(relationship, number, draw(_likely(relationship))))
        try:
            relationship = relationship.apply(event)
        except IllegalMove:  # refused events are what other tests look at
            continue
    return relationship


def agree(relationship: Relationship) -> Relationship:
    """Return the relationship with an agreement that has what its kind demands, accepted by all, active if allowed."""
    completed = complete(relationship.agreement, relationship.kind, relationship.people(Side.RECIPIENT))
    director = next(one for one in relationship.parties if relationship.kind.control.side in one.role.sides)
    side = relationship.kind.control.side.value
    relationship = relationship.apply(Amended("x1", Actor(ActorRole(side), director.person), START, completed))
    for number, party in enumerate(relationship.parties):
        relationship = relationship.apply(Accepted(f"y{number}", acting(party), START, 2))
    try:
        return relationship.apply(Activated("z", Actor.system(), START))
    except IllegalMove:  # the term does not fit the kind
        return relationship


_FACTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": st.just("") | texts,
        "department": st.none() | st.sampled_from(["red", "green", "blue"]),
        "organization": st.none() | st.sampled_from(["home", "elsewhere"]),
        "level": st.none() | st.integers(1, 5),
        "zone": st.none() | st.sampled_from(ZONES),
        "attributes": st.dictionaries(
            st.sampled_from(["skills", "years", "remote", "track"]),
            texts | numbers | st.booleans() | _texts().map(tuple),
            max_size=3,
        ),
        "sensitive": st.dictionaries(st.just("faith"), texts, max_size=1),
    }
)


@st.composite
def people(draw: st.DrawFn, most: int = 7) -> list[Person]:
    """Draw people with reporting lines that have no circle, much about them missing."""
    made: list[Person] = []
    for number in range(draw(st.integers(0, most))):
        email = f"id{number}@sample.invalid" if draw(st.booleans()) else None
        manager = draw(st.none() | st.sampled_from([one.id for one in made])) if made else None
        made.append(Person(f"id{number}", email=email, manager=manager, **draw(_FACTS)))
    return made


_STATED: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "role": st.sampled_from(Role),
        "capacity": st.builds(Capacity, st.integers(0, 5)),
        "demand": st.integers(0, 3),
        "hopes": st.frozensets(st.sampled_from(Support)),
        "offers": st.frozensets(st.sampled_from(Support)),
        "waiting_since": st.none() | st.dates(),
        "rematch": st.booleans(),
        "hours_offered": st.none() | st.floats(0, 40),
        "hours_needed": st.none() | st.floats(0, 10),
        "trained": st.none() | st.booleans(),
        "on_request": st.booleans(),
    }
)
_PREFERRED = st.lists(texts, max_size=3, unique=True)
_EXCLUDED = st.frozensets(texts, max_size=2)


@st.composite
def _enrollments(draw: st.DrawFn) -> Enrollment:
    person = draw(texts)
    preferred = [[one] for one in draw(_PREFERRED) if one != person]
    return Enrollment(person, preferences=preferred, exclusions=draw(_EXCLUDED) - {person}, **draw(_STATED))


enrollments = _enrollments()
"""Enrolments in a program."""
