# ruff: noqa: E501  (the cases are a table: one row a case)
"""Each rule by the smallest case that triggers it, and by a neighbour that does not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from attrs import evolve

from devrel.agreements import (
    Agreement,
    Confidentiality,
    ManagerCommitment,
    ManagerPart,
    Meeting,
    ThirdParty,
    ThirdPartyRole,
)
from devrel.formats.program_toml import loads_program
from devrel.goals import Goal, KeyResult
from devrel.kinds import (
    ADVISING,
    CAREER_COACHING,
    COACHING,
    EXECUTIVE_COACHING,
    FLASH_MENTORING,
    GROUP_MENTORING,
    KINDS,
    MANAGER_COACHING,
    MENTORING,
    MUTUAL_MENTORING,
    REVERSE_MENTORING,
    SPONSORING,
    SUCCESSION,
    Control,
    GoalForm,
    Horizon,
    Item,
    Measure,
    Mode,
    School,
    Side,
    Titles,
    ViewerRole,
)
from devrel.lifecycle import (
    Accepted,
    Activated,
    Actor,
    Advocated,
    Consented,
    Ended,
    EndReason,
    NoteAdded,
    Origin,
    Paused,
    Proposed,
    SessionCancelled,
    SessionHeld,
)
from devrel.matching import Gap, MatchingProblem, OptimalMatching, Same
from devrel.people import Enrollment, Organization, Party, Person, Role, Support
from devrel.programs import (
    Aim,
    CapacityPolicy,
    Channel,
    ComparedWith,
    Decider,
    Intake,
    ManagerAct,
    Measurement,
    Metric,
    OngoingSupport,
    Participation,
    Preparation,
    Process,
    Program,
    Reach,
    Rematching,
    Scope,
    Setter,
    SupportForm,
    VisibilityPolicy,
    Window,
)
from devrel.relationships import Relationship, _made, pair
from devrel.sessions import AdvocacyAct, Audience, Note
from devrel.terms import Cadence, Term, Unit, Weekday
from devrel.validation import Pairing, Severity, check
from devrel.validation.book import own_rules

TODAY = date(2026, 6, 1)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = START.date()
OPEN = Term(DAY)
ONCE = Term.single_session(DAY)
NINE = Term.of_months(DAY, 9)
SIX = Term.of_months(DAY, 6)
LAST = date(2026, 7, 4)
E, W, I = Severity.ERROR, Severity.WARNING, Severity.ADVICE  # noqa: E741
MENTOR, MENTEE, ADMIN = Actor.provider("m"), Actor.recipient("n"), Actor.admin("a")
THEME = Goal("find my way")
QUESTION = Goal("how?", GoalForm.QUESTION)
CHANCE = Goal("a stage", GoalForm.OPPORTUNITY)


def specific(*, due: date | None = date(2026, 3, 1), horizon: Horizon | None = None, **more: Any) -> Goal:
    return Goal("call more", GoalForm.SPECIFIC, [KeyResult("calls", 1, 2, "calls", due=due)], horizon=horizon, **more)


def agreement(kind, **known: Any) -> Agreement:
    return Agreement.draft(kind, DAY, **known)


GOALS = {Mode.MENTORING: THEME, Mode.COACHING: specific(), Mode.ADVISING: QUESTION, Mode.SPONSORING: CHANCE}
CLAUSES = {"ethics": "a code", "scope": "all of it", "benefit": "none", "not_therapy": "no therapy"}


def proposed(kind, *, by=None, program: str | None = "P", people=("m", "n"), **known: Any) -> Relationship:
    goals = known.pop("goals", [GOALS[kind.mode]])
    put = agreement(kind, goals=goals, **{**CLAUSES, **known})
    origin = Origin.MATCHED
    return Relationship.propose(
        "r", kind, pair(*people), put, actor=by or ADMIN, at=START, program=program, origin=origin
    )


def active(kind, *events: Any, **known: Any) -> Relationship:
    one = proposed(kind, **known)
    people = [party.person for party in one.parties]
    for number, (person, actor) in enumerate(zip(people, (Actor.provider, Actor.recipient), strict=False)):
        one = one.apply(Accepted(f"y{number}", actor(person), START, 1))
    return one.apply_all([Activated("go", ADMIN, START), *events])


def later(days: int, hours: int = 2) -> datetime:
    return START + timedelta(days=days, hours=hours)


def held(*days: int, **more: Any) -> list[SessionHeld]:
    return [SessionHeld(f"h{day}", MENTOR, later(day), **more) for day in days]


def cancelled(count: int) -> Relationship:
    one = active(MENTORING)
    late = [
        SessionCancelled(f"c{session.number}", MENTEE, session.start - timedelta(hours=1), session.number)
        for session in one.planned_sessions()[1 : 1 + count]
    ]
    return one.apply_all(late)


def program(kind=MENTORING, **more: Any) -> Program:
    return Program("P", kind, more.pop("term", NINE), cadence=more.pop("cadence", kind.timeline.cadence), **more)


PEOPLE = Organization(
    [
        Person("boss", level=5, department="a"),
        Person("m", level=4, department="a", manager="boss"),
        Person("n", level=1, department="b", manager="m"),
        Person("peer", level=1, department="a", manager="m"),
        Person("old", level=3, department="b"),
    ]
)


def two(kind, recipient: str, provider: str, people: Organization = PEOPLE) -> dict[str, Any]:
    return {"subject": Pairing(kind, people[recipient], people[provider]), "people": people}


def whom(recipient: dict[str, Any], provider: dict[str, Any], kind=MENTORING) -> dict[str, Any]:
    return {"subject": Pairing(kind, Person("n", **recipient), Person("m", **provider))}


def of(kind, **known: Any) -> dict[str, Any]:
    return {"subject": agreement(kind, **known), "kind": kind}


def one(subject: object, **known: Any) -> dict[str, Any]:
    return {"subject": subject, **known}


def enrolled(recipients: int, providers: int, capacity: int = 1) -> list[Enrollment]:
    takers = [Enrollment(f"r{i}", Role.RECIPIENT) for i in range(recipients)]
    return [*takers, *(Enrollment(f"p{i}", Role.PROVIDER, capacity) for i in range(providers))]


def staff(recipients: int, providers: int, **of_recipients: Any) -> list[Person]:
    takers = [Person(f"r{i}", level=1, **of_recipients) for i in range(recipients)]
    return [*takers, *(Person(f"p{i}", level=3) for i in range(providers))]


WANT = 'for want of "a mentor at least 1 above in level"'


def levelled(recipients: list[int], providers: list[int]) -> dict[str, Any]:
    """Return people of those levels, in a program in which a mentor has to stand above."""
    takers = [Person(f"r{i}", level=level) for i, level in enumerate(recipients)]
    givers = [Person(f"p{i}", level=level) for i, level in enumerate(providers)]
    known = {"people": [*takers, *givers], "enrollments": enrolled(len(takers), len(givers))}
    return one(program(rules=[Gap("level", at_least=1)]), **known)


@cache
def answered() -> Program:
    return program(
        purpose="to meet",
        aims=[Aim.SKILLS],
        process=Process(["apply"], [Channel.MAIL]),
        participation=Participation.VOLUNTARY,
        decided_by=Decider.PROGRAM,
        rematching=Rematching(),
        measurement=Measurement([Metric("rate")]),
        platforms=["calls"],
        preparation=Preparation(2),
        support=OngoingSupport([SupportForm.EXCHANGE]),
        reach=Reach("by video"),
        performance_boundary="apart",
        focus_areas=["leading"],
        welcomes=[Origin.INFORMAL, Origin.SPUN_OFF],
        visibility=VisibilityPolicy([ManagerAct.SUGGESTS]),
    )


def changed(**more: Any) -> dict[str, Any]:
    return one(evolve(answered(), **more))


@cache
def matched(recipients: int, providers: int, capacity: int = 1, **more: Any) -> dict[str, Any]:
    people = [
        *(Person(f"r{i}", level=1, attributes={"group": "x" if i % 2 else "y"}) for i in range(recipients)),
        *(Person(f"p{i}", level=3) for i in range(providers)),
    ]
    problem = MatchingProblem.from_people(people, enrolled(recipients, providers, capacity))
    return {
        "subject": OptimalMatching().match(problem),
        "program": program(**more),
        "people": people,
        "problem": problem,
    }


def grouped(rates: dict[str, tuple[int, int]], **more: Any) -> dict[str, Any]:
    """Return a matching in which so many of each group are matched, each with a provider of her own."""
    people, pairs = [], []
    for group, (lucky, size) in rates.items():
        for i in range(size):
            people.append(Person(f"{group}{i}", attributes={"group": group}))
            if i < lucky:
                people.append(Person(f"p-{group}{i}"))
                pairs.append((f"{group}{i}", f"p-{group}{i}"))
    takers = [Enrollment(one.id, Role.RECIPIENT) for one in people if not one.id.startswith("p-")]
    givers = [Enrollment(one.id, Role.PROVIDER) for one in people if one.id.startswith("p-")]
    recipients = sorted(one.person for one in takers)
    providers = sorted(one.person for one in givers)
    eligible = [[(r, p) in set(pairs) for p in providers] for r in recipients]
    problem = MatchingProblem.from_scores(
        [[1] * len(providers)] * len(recipients), recipients=recipients, providers=providers, eligible=eligible
    )
    return {
        "subject": OptimalMatching().match(problem),
        "people": people,
        "program": program(measurement=Measurement(audit_by=["group"]), **more),
    }


def carried(*loads: int) -> dict[str, Any]:
    recipients = [f"r{i:02}" for i in range(sum(loads))]
    providers = [f"p{i:02}" for i in range(len(loads))]
    owner = [j for j, load in enumerate(loads) for _ in range(load)]
    eligible = [[j == owner[i] for j in range(len(loads))] for i in range(sum(loads))]
    problem = MatchingProblem.from_scores(
        [[1] * len(loads)] * sum(loads), recipients=recipients, providers=providers, eligible=eligible, capacity=99
    )
    return {"subject": OptimalMatching().match(problem)}


def scored(region: tuple[str, str], recipients: int = 5) -> dict[str, Any]:
    people = [
        *(Person(f"r{i}", attributes={"region": "x"}) for i in range(recipients)),
        *(Person(f"p{i}", attributes={"region": at}) for i, at in enumerate(region)),
    ]
    problem = MatchingProblem.from_people(people, enrolled(recipients, 2), criteria=[Same("region")])
    return {"subject": OptimalMatching().match(problem), "problem": problem, "people": people, "program": program()}


def remote(there: int, among: int) -> dict[str, Any]:
    people = [Person(f"r{i}", attributes={"remote": i < there}) for i in range(40)]
    takes = [Enrollment(f"r{i}", Role.RECIPIENT) for i in (*range(among), *range(20, 40 - among))]
    return one(program(), people=people, enrollments=takes)


def clients(manager: str | None, **more: Any) -> dict[str, Any]:
    people = [Person("c"), Person("above"), Person("below", manager=manager)]
    first = active(COACHING, people=("c", "above"))
    second = evolve_id(active(COACHING, people=("c", "below"), **more), "s")
    return one(second, people=people, relationships=[first, second])


def evolve_id(relationship: Relationship, name: str) -> Relationship:
    first, *rest = relationship.history
    assert isinstance(first, Proposed)
    return Relationship((evolve(first, relationship=name), *rest))


def again(stage_reason: EndReason, first_people=("m", "n")) -> dict[str, Any]:
    before = active(MENTORING, Ended("x", ADMIN, later(60), stage_reason), people=first_people)
    first = proposed(MENTORING).history[0]
    assert isinstance(first, Proposed)
    now = Relationship((evolve(first, relationship="s", at=later(100), recorded=later(100), respond_by=later(120)),))
    return one(now, people=[Person("m"), Person("n"), Person("o")], relationships=[before, now])


def left(last_day: date | None, takes: Role | None, finish: bool = True) -> dict[str, Any]:
    ended = [Ended("x", ADMIN, later(60), EndReason.LEFT)] if finish else []
    people = [Person("m", last_day=last_day), Person("n")]
    known = [] if takes is None else [Enrollment("n", takes)]
    return one(active(MENTORING, *ended), people=people, enrollments=known)


def unaccepted() -> Relationship:
    """Return a state that the table of moves forbids, as a store of somebody else might write it."""
    good = active(MENTORING)
    return _made(good.history, good.state.changed(accepted=good.state.accepted[:1]))


def wide(item: Item, *, allowed: bool) -> Relationship:
    note = NoteAdded("note", MENTOR, later(3), Note("m", "words", Audience.PROGRAM))
    consent = Consented("yes", MENTEE, later(2), item, ViewerRole.ADMIN)
    return active(MENTORING, *([consent] if allowed else []), note)


PAYS = ThirdPartyRole.PAYS
TOLD = ManagerPart({Item.GOALS})
HOURS = {"provider_hours": 9, "recipient_hours": 9}
TITLED = Titles("guide", "guest")
LOUD = MENTORING.derive("loud", source="own", titles=TITLED)
TIMED = evolve(MENTORING.timeline, usually=False)
GROUP = [Party("m", Role.PROVIDER), *(Party(f"n{i}", Role.RECIPIENT) for i in range(3))]
FAR = [
    Person("r0", level=1, zone="Pacific/Auckland"),
    Person("p0", level=3, zone="Europe/London"),
]
NEAR = [evolve(FAR[0], zone="Europe/Paris"), FAR[1]]
PAIRED = enrolled(1, 1)
IN_TEN_DAYS = TODAY + timedelta(days=10)

LED = {"program": program(COACHING, school="direct-leader")}
"""A program that matches people with their own managers."""

CASES: list[tuple[str, Severity, dict[str, Any], dict[str, Any]]] = [
    # kinds
    ("K001", W, one(evolve(LOUD, control=Control(Side.RECIPIENT, MENTORING.control.text))),
     one(evolve(LOUD, control=Control(Side.RECIPIENT, "mentee directed")))),
    ("K001", W, one(evolve(LOUD, timeline=TIMED)), one(evolve(LOUD, timeline=evolve(TIMED, text="long-term")))),
    ("K001", W, one(evolve(LOUD, focus=evolve(MENTORING.focus, needs=GoalForm.THEME))),
     one(evolve(LOUD, focus=evolve(MENTORING.focus, needs=GoalForm.THEME, text="a theme")))),
    ("K001", W, one(evolve(LOUD, strategy=evolve(MENTORING.strategy, measure=Measure.ADVOCACIES))),
     one(evolve(LOUD, strategy=evolve(MENTORING.strategy, measure=Measure.ADVOCACIES, text="by acts")))),
    ("K002", W, one(program(COACHING, goals_set_by=Setter.PROGRAM)), one(program(COACHING, goals_set_by=Setter.RECIPIENT))),
    ("K002", W, one(program(goals_set_by=Setter.MANAGER)), one(program(MANAGER_COACHING, goals_set_by=Setter.MANAGER))),
    ("K002", W, one(program(MUTUAL_MENTORING, goals_set_by=Setter.MANAGER)),
     one(program(MUTUAL_MENTORING, goals_set_by=Setter.RECIPIENT))),
    ("K002", W, one(program(SPONSORING, measurement=Measurement(judged_by=Measure.SESSIONS))),
     one(program(SPONSORING, measurement=Measurement(judged_by=Measure.ADVOCACIES)))),
    ("K002", W, one(program(COACHING, clauses={"offers": {Support.RECOMMENDATIONS}})),
     one(program(COACHING, clauses={"offers": {Support.TIME}}))),
    ("K003", E, one(evolve(LOUD, name="Mentoring")), one(evolve(LOUD, name="mentoring-2"))),
    ("K004", E, one(evolve(LOUD, titles=Titles("provider", "guest"))), one(LOUD)),
    ("K004", E, one(evolve(LOUD, titles=Titles("buddy", "Buddy"))), one(evolve(MUTUAL_MENTORING, titles=Titles("buddy", "buddy")))),
    ("K005", E, one(evolve(LOUD, name="group-therapy")), one(evolve(LOUD, name="group-talks"))),
    ("K005", E, one(evolve(LOUD, titles=Titles("counsellor", "client"))), one(evolve(LOUD, titles=Titles("council", "client")))),
    ("K006", E, one(evolve(LOUD, constraints=["not-own-manger"])), one(evolve(LOUD, constraints=["not-own-manager"]))),
    ("K006", E, one(evolve(LOUD, schools=[School("s", "t", "own", ["nothing"])])),
     one(evolve(LOUD, schools=[School("s", "t", "own", ["same-level"])]))),
    ("K007", I, one(evolve(LOUD, base="unknown")), one(LOUD)),
    # pairings
    ("P001", I, one(program(lifted=["not-own-manager"])), one(program())),
    ("P002", W, two(MENTORING, "n", "m"), two(MENTORING, "n", "old")),
    ("P002", W, two(COACHING, "n", "m"), two(MANAGER_COACHING, "n", "m")),
    ("P002", W, two(MENTORING, "n", "m") | LED, two(COACHING, "n", "m") | LED),
    ("P003", W, two(MENTORING, "n", "boss"), two(MENTORING, "n", "old")),
    ("P003", W, two(COACHING, "m", "n"), two(REVERSE_MENTORING, "m", "n")),
    ("P004", W, two(CAREER_COACHING, "peer", "m"), two(CAREER_COACHING, "n", "m")),
    ("P004", W, two(CAREER_COACHING, "peer", "boss"), two(COACHING, "peer", "boss")),
    ("P005", W, two(EXECUTIVE_COACHING, "m", "old"), two(EXECUTIVE_COACHING, "m", "boss")),
    ("P005", W, whom({"level": 3}, {"level": 3}, EXECUTIVE_COACHING),
     whom({"level": 3, "organization": "x"}, {"level": 3, "organization": "y"}, EXECUTIVE_COACHING)),
    ("P005", W, whom({"level": 3}, {"level": 2}, EXECUTIVE_COACHING), whom({"level": 3}, {}, EXECUTIVE_COACHING)),
    ("P006", W, whom({"level": 3}, {"level": 3}), whom({"level": 3}, {"level": 4})),
    ("P006", W, whom({"level": 3}, {"level": 2}), whom({"level": 3}, {"level": 2}, REVERSE_MENTORING)),
    ("P006", W, whom({"level": 3}, {"level": 2}), whom({"level": 3}, {"level": 3}, MUTUAL_MENTORING)),
    ("P006", W, whom({"level": 3}, {"level": 2}), whom({"level": 3}, {})),
    ("P007", E, one(Pairing(MENTORING, Person("x"), Person("x"))), whom({}, {})),
    ("P008", W, whom({}, {"attributes": {"evaluates": ("n",)}}), whom({}, {"attributes": {"evaluates": ("o",)}})),
    ("P008", W, whom({"attributes": {"evaluates": "m"}}, {}), whom({"attributes": {"evaluates": "x"}}, {})),
    ("P008", W, whom({"attributes": {"evaluated_by": ("pay",)}}, {"attributes": {"panels": ("pay",)}}),
     whom({"attributes": {"evaluated_by": ("pay",)}}, {"attributes": {"panels": ("prizes",)}})),
    ("P009", I, clients("above"), clients(None)),
    ("P009", I, clients("above"), clients("c")),
    ("P010", I, again(EndReason.OTHER), again(EndReason.OTHER, ("m", "o"))),
    ("P011", W, of(MENTORING, hopes={Support.TIME}), of(MENTORING, hopes={Support.TIME}, offers={Support.TIME})),
    ("P012", W, whom({"attributes": {"hopes": ("x",)}}, {"attributes": {"offers": ("y",)}}),
     whom({"attributes": {"hopes": ("y",)}}, {"attributes": {"offers": ("x", "y")}})),
    ("P012", W, whom({"attributes": {"hopes": "x"}}, {"attributes": {"offers": "y"}}, SPONSORING),
     one(active(MENTORING, hopes={Support.TIME}, offers={Support.TIME}),
         people=[Person("m", attributes={"offers": "y"}), Person("n", attributes={"hopes": "x"})])),
    ("P012", W, whom({"attributes": {"hopes": "x"}}, {"attributes": {"offers": "y"}}),
     whom({"attributes": {"hopes": "x"}}, {})),
    # agreements
    ("A001", W, of(MENTORING, term=SIX.of_months(DAY, 5)), of(MENTORING, term=SIX)),
    ("A001", E, of(ADVISING, term=OPEN), of(ADVISING, term=SIX)),
    ("A001", E, of(SUCCESSION, term=OPEN), of(COACHING, term=OPEN)),
    ("A002", W, of(COACHING), of(COACHING, ethics="a code")),
    ("A002", W, one(proposed(SPONSORING, benefit="")), one(program(SPONSORING))),
    ("A004", W, of(COACHING, cadence=Cadence(5, Unit.WEEK)), of(COACHING, cadence=Cadence(4, Unit.WEEK))),
    ("A004", W, of(COACHING, cadence=Cadence(2)), of(CAREER_COACHING, cadence=Cadence(2))),
    ("A005", W, of(COACHING, term=OPEN), of(MENTORING, term=OPEN)),
    ("A005", E, {**of(MENTORING, term=OPEN), "program": program(demands_end=True)},
     {**of(MENTORING), "program": program(demands_end=True)}),
    ("A006", I, of(CAREER_COACHING, term=Term.of_months(DAY, 3)), of(CAREER_COACHING, term=Term.of_months(DAY, 4))),
    ("A006", I, of(CAREER_COACHING, term=Term.of_months(DAY, 9)), of(CAREER_COACHING, term=Term.of_months(DAY, 8))),
    ("A006", I, of(CAREER_COACHING, term=Term.of_months(DAY, 9)), of(CAREER_COACHING, term=Term.of_months(DAY, 9), version=2)),
    ("A006", I, of(CAREER_COACHING, term=Term.of_months(DAY, 1)), of(CAREER_COACHING, term=ONCE)),
    ("A007", W, of(CAREER_COACHING, cadence=Cadence(2)), of(CAREER_COACHING, cadence=Cadence(1))),
    ("A008", W, one(program(term=OPEN)), one(program())),
    ("A008", W, one(program(cadence=Cadence(20))), one(program(term=ONCE, cadence=Cadence(20)))),
    ("A009", E, one(active(MENTORING, goals=[], purpose="to meet")), one(active(MENTORING))),
    ("A009", W, one(proposed(MENTORING, goals=[], purpose="x").apply(Accepted("y", MENTOR, START, 1))),
     one(proposed(MENTORING, goals=[], purpose="x"))),
    ("A009", E, one(unaccepted()), one(active(MENTORING, goals=[], purpose="to meet", program=None))),
    ("A010", W, of(MENTORING, provider_hours=2), of(MENTORING, **HOURS)),
    ("A010", W, of(MENTORING, recipient_hours=2), of(MENTORING, term=ONCE)),
    ("A011", W, of(MENTORING, provider_hours=0.9), of(MENTORING, provider_hours=1)),
    ("A011", W, of(MENTORING, recipient_hours=0.9), of(MENTORING, recipient_hours=0.1, term=ONCE)),
    ("A012", W, of(MENTORING, exit_notice_days=91), of(MENTORING, exit_notice_days=90)),
    ("A012", W, of(COACHING, term=Term(DAY, DAY + timedelta(days=29)), exit_notice_days=30),
     of(COACHING, term=Term(DAY, DAY + timedelta(days=29)), exit_notice_days=29)),
    ("A012", W, of(MENTORING, exit_notice_days=91, term=OPEN), of(MENTORING, exit_notice_days=91, term=ONCE)),
    ("A013", W, of(MENTORING, confidentiality=Confidentiality(exceptions=())),
     of(MENTORING, confidentiality=Confidentiality(exceptions=["the law"]))),
    ("A014", I, of(MENTORING), of(MENTORING, reviews=[date(2026, 5, 1)])),
    ("A014", I, of(MENTORING), of(MENTORING, term=ONCE)),
    ("A015", W, of(COACHING, third_parties=[ThirdParty("t", PAYS)]), of(COACHING, third_parties=[ThirdParty("t", PAYS, ())])),
    ("A015", W, of(COACHING, third_parties=[ThirdParty("t", PAYS)]),
     of(COACHING, third_parties=[ThirdParty("t", PAYS, {Item.EXISTENCE})])),
    # goals
    ("G001", W, {**of(MENTORING, goals=[Goal("x", focus_areas=["speeking"])]), "program": answered()},
     {**of(MENTORING, goals=[Goal("x", focus_areas=["leading"])]), "program": answered()}),
    ("G001", W, {**of(MENTORING, goals=[Goal("x", focus_areas=["speeking"])]), "program": answered()},
     {**of(MENTORING, goals=[Goal("x", focus_areas=["speeking"])]), "program": program()}),
    ("G002", E, of(COACHING), of(COACHING, goals=[specific()])),
    ("G002", E, of(COACHING, goals=[THEME]), one(program(COACHING))),
    ("G003", E, of(ADVISING), of(ADVISING, goals=[QUESTION])),
    ("G004", W, of(COACHING, goals=[specific(due=None)]), of(COACHING, goals=[specific()])),
    ("G004", W, of(COACHING, goals=[Goal("x", GoalForm.SPECIFIC)]), of(MENTORING, goals=[THEME])),
    ("G005", W, of(COACHING, goals=[specific(due=LAST + timedelta(days=1))]), of(COACHING, goals=[specific(due=LAST)])),
    ("G005", W, of(COACHING, goals=[specific(due=date(2027, 1, 1))]), of(COACHING, goals=[specific(due=date(2027, 1, 1))], term=OPEN)),
    ("G006", W, of(MENTORING, goals=[specific(horizon=Horizon.CURRENT_ROLE)]), of(MENTORING, goals=[specific(horizon=Horizon.FUTURE_ROLE)])),
    ("G006", W, of(MENTORING, goals=[specific(horizon=Horizon.CURRENT_ROLE)] * 2),
     of(MENTORING, goals=[specific(horizon=Horizon.CURRENT_ROLE), THEME])),
    ("G006", W, of(MENTORING, goals=[specific(horizon=Horizon.CURRENT_ROLE)]), of(COACHING, goals=[specific(horizon=Horizon.CURRENT_ROLE)])),
    ("G007", W, one(active(COACHING)), one(active(ADVISING))),
    ("G007", W, one(proposed(COACHING, by=MENTOR)), one(proposed(COACHING, by=MENTEE))),
    ("G007", W, one(proposed(MENTORING, by=MENTEE)), one(proposed(MENTORING, by=MENTOR))),
    ("G008", I, {**of(MENTORING, goals=[THEME]), "program": answered()},
     {**of(MENTORING, goals=[THEME, Goal("x", focus_areas=["leading"])]), "program": answered()}),
    ("G009", E, of(SPONSORING), of(SPONSORING, goals=[CHANCE])),
    # sessions
    ("S001", I, of(GROUP_MENTORING, meeting=Meeting.VIRTUAL), of(GROUP_MENTORING, meeting=Meeting.VIRTUAL, minutes=59)),
    ("S001", I, of(GROUP_MENTORING, meeting=Meeting.VIRTUAL), of(MENTORING, meeting=Meeting.VIRTUAL)),
    ("S001", I, of(GROUP_MENTORING, meeting=Meeting.VIRTUAL), of(GROUP_MENTORING, meeting=Meeting.IN_PERSON)),
    ("S002", I, one(active(MENTORING, *held(1, 2, 3, topics=["tasks"]))),
     one(active(MENTORING, *held(1, 2, topics=["tasks"]), *held(3, topics=["networking"])))),
    ("S002", I, one(active(MENTORING, *held(1, 2, 3, topics=["tasks"]))), one(active(MENTORING, *held(1, 2, topics=["tasks"])))),
    ("S002", I, one(active(MENTORING, *held(1, 2, 3, topics=["tasks"]))),
     one(active(MENTORING, *held(1, 2, 3, topics=["tasks"]), goals=[Goal("x", horizon=Horizon.FUTURE_ROLE)]))),
    ("S003", W, one(active(MENTORING, *held(1))), one(active(MENTORING, *held(1, 30)))),
    ("S003", W, one(active(MENTORING)), one(active(MENTORING), today=date(2026, 4, 1))),
    ("S003", W, one(active(MENTORING)), one(active(MENTORING, Paused("p", MENTOR, later(1))))),
    ("S004", I, one(cancelled(3)), one(cancelled(2))),
    ("S005", W, one(active(MENTORING, *held(1, topics=["therapy"]))), one(active(MENTORING, *held(1, topics=["tasks"])))),
    ("S006", W, one(active(MENTORING, *held(1, topics=["dispute"]))), one(active(MENTORING, *held(1, topics=["therapy"])))),
    ("S007", W, one(active(SPONSORING)),
     one(active(SPONSORING, Advocated("a", MENTOR, later(100), "o", AdvocacyAct.NOMINATED)))),
    ("S007", W, one(active(SPONSORING, Advocated("a", MENTOR, later(2), "o", AdvocacyAct.NOMINATED))),
     one(active(SPONSORING), today=date(2026, 2, 1))),
    ("S008", I, one(active(MENTORING, *held(1, 2, 3, mode=Mode.COACHING))),
     one(active(MENTORING, *held(1, 2, mode=Mode.COACHING), *held(3, mode=Mode.MENTORING)))),
    ("S008", I, one(active(COACHING, *held(1, 2, 3, mode=Mode.ADVISING))),
     one(active(COACHING, *held(1, 2, 3, mode=Mode.ADVISING), *held(4, 5, 6, mode=Mode.COACHING)))),
    # lifecycle
    ("L001", W, one(active(MENTORING, *held(50)), today=later(109).date()), one(active(MENTORING, *held(50)), today=later(108).date())),
    ("L002", W, one(active(MENTORING), today=date(2026, 10, 5)), one(active(MENTORING), today=date(2026, 10, 4))),
    ("L003", W, one(active(MENTORING, Paused("p", MENTOR, later(1), TODAY)), today=TODAY + timedelta(days=1)),
     one(active(MENTORING, Paused("p", MENTOR, later(1), TODAY)))),
    ("L004", W, left(date(2026, 3, 1), None, finish=False), left(None, None, finish=False)),
    ("L004", W, left(date(2026, 3, 1), None), left(date(2026, 3, 1), Role.RECIPIENT)),
    ("L004", W, left(date(2026, 3, 1), Role.PROVIDER), left(date(2026, 3, 1), Role.BOTH)),
    ("L005", W, one(Enrollment("m", Role.PROVIDER, 0), relationships=[active(MENTORING)]),
     one(Enrollment("m", Role.PROVIDER, 1), relationships=[active(MENTORING)])),
    ("L005", W, one(Enrollment("n", Role.RECIPIENT, demand=0), relationships=[active(MENTORING)]),
     one(Enrollment("n", Role.RECIPIENT, demand=0), relationships=[proposed(MENTORING)])),
    ("L006", E, one(unaccepted()), one(active(MENTORING))),
    ("L007", W, one(proposed(MENTORING)), one(proposed(MENTORING), today=DAY + timedelta(days=14))),
    ("L008", I, one(active(MENTORING, Ended("x", ADMIN, later(29, 0)))), one(active(MENTORING, Ended("x", ADMIN, later(30, 0))))),
    # visibility
    ("V001", E, of(MENTORING, manager=TOLD), of(MANAGER_COACHING, manager=TOLD)),
    ("V001", E, changed(visibility=VisibilityPolicy([ManagerAct.GETS_REPORTS])), changed()),
    ("V002", W, changed(visibility=VisibilityPolicy([ManagerAct.TALKS_TO_PROVIDER])), changed()),
    ("V002", W, of(MENTORING, manager=ManagerPart(commits=set(ManagerCommitment) - {ManagerCommitment.STAND_BACK})),
     of(MENTORING, manager=ManagerPart((), ()))),
    ("V003", W, changed(visibility=VisibilityPolicy([ManagerAct.SETS_REQUIREMENTS])), changed()),
    ("V003", W, changed(goals_set_by=Setter.MANAGER), changed(goals_set_by=Setter.PROVIDER)),
    ("V003", W, of(MENTORING, manager=ManagerPart(commits=())), of(COACHING, manager=ManagerPart(commits=()))),
    ("V004", E, of(COACHING, manager=ManagerPart({Item.NOTES})), of(COACHING, manager=ManagerPart({Item.GOALS}))),
    ("V004", E, of(COACHING, third_parties=[ThirdParty("t", PAYS, {Item.RATINGS})]),
     of(COACHING, third_parties=[ThirdParty("t", PAYS, {Item.GOALS})])),
    ("V004", E, one(wide(Item.NOTES, allowed=False)), one(wide(Item.NOTES, allowed=True))),
    ("V004", E, one(wide(Item.RATINGS, allowed=True)), one(active(MENTORING))),
    ("V005", E, changed(visibility=VisibilityPolicy(smallest_group=4)), changed(visibility=VisibilityPolicy(smallest_group=5))),
    ("V006", I, changed(visibility=VisibilityPolicy()), changed()),
    ("V006", I, changed(visibility=VisibilityPolicy()), changed(visibility=VisibilityPolicy(), clauses={"manager": ManagerPart()})),
    ("V007", I, of(SPONSORING, manager=TOLD), of(SPONSORING, manager=ManagerPart({Item.EXISTENCE, Item.NOTES}))),
    ("V008", I, of(MENTORING, manager=ManagerPart(commits=set(ManagerCommitment) - {ManagerCommitment.PROTECT_TIME})), of(MENTORING)),
    # design
    ("D001", W, one(program(), enrollments=enrolled(4, 2)), one(program(), enrollments=enrolled(4, 4))),
    ("D001", E, one(program(), enrollments=enrolled(5, 2)), one(program(), enrollments=enrolled(5, 3, 2))),
    ("D001", W, one(program(), enrollments=enrolled(4, 3)), one(program(), enrollments=enrolled(4, 0))),
    ("D001", W, one(program(capacity=CapacityPolicy(1)), enrollments=enrolled(4, 2, 9)),
     one(program(capacity=CapacityPolicy(2)), enrollments=enrolled(4, 2, 9))),
    ("D002", E, one(program(), enrollments=enrolled(1, 0)), one(program(), enrollments=enrolled(1, 1))),
    ("D003", W, one(program()), one(program(), today=DAY)),
    ("D003", W, one(program()), one(program(), relationships=[active(MENTORING)])),
    ("D004", W, one(program(term=Term(DAY + timedelta(days=1), DAY + timedelta(days=2)), cadence=Cadence(weekday=Weekday.MONDAY))),
     one(program())),
    ("D004", W, one(program(term=Term(DAY, DAY), cadence=Cadence(weekday=Weekday.FRIDAY))), one(program(term=OPEN))),
    ("D005", I, one(program(GROUP_MENTORING)), one(program())),
    ("D005", I, one(program(MUTUAL_MENTORING)), one(program(REVERSE_MENTORING))),
    ("D006", W, one(program(clauses={"provider_hours": 0.9}), enrollments=enrolled(2, 2)),
     one(program(clauses={"provider_hours": 1}), enrollments=enrolled(2, 2))),
    ("D006", W, one(program(clauses={"provider_hours": 0.55}), enrollments=enrolled(2, 2)),
     one(program(clauses={"provider_hours": 0.98}), enrollments=enrolled(2, 2))),
    ("D006", E, one(program(capacity=CapacityPolicy(hours_a_month=0.4)), enrollments=enrolled(2, 2)),
     one(program(capacity=CapacityPolicy(hours_a_month=0.4)), enrollments=enrolled(0, 2))),
    ("D006", W, one(program(clauses={"provider_hours": 2}), enrollments=enrolled(9, 1, 3)),
     one(program(clauses={"provider_hours": 2}, capacity=CapacityPolicy(2)), enrollments=enrolled(9, 1, 3))),
    ("D006", W, one(program(clauses={"provider_hours": 2}), enrollments=enrolled(9, 1, 3)),
     one(program(GROUP_MENTORING, clauses={"provider_hours": 2}), enrollments=enrolled(9, 1, 3))),
    ("D010", W, changed(purpose="", aims=()), changed(purpose="")),
    ("D011", W, changed(process=Process(["apply"])), changed()),
    ("D012", W, changed(participation=None), changed()),
    ("D013", W, changed(rematching=None), changed()),
    ("D013", W, changed(decided_by=None), changed()),
    ("D014", W, changed(measurement=Measurement()), changed()),
    ("D015", W, changed(platforms=()), changed()),
    ("D016", I, changed(participation=Participation.MANDATORY), changed()),
    ("D017", W, changed(preparation=Preparation(recipient_hours=2)), changed()),
    ("D017", W, changed(support=OngoingSupport()), changed()),
    ("D018", I, changed(process=Process([f"step {i}" for i in range(20)], [Channel.MAIL])),
     changed(process=Process([f"step {i}" for i in range(19)], [Channel.MAIL]))),
    ("D018", I, changed(measurement=Measurement([Metric(f"m{i}", Scope.RELATIONSHIP) for i in range(20)])),
     changed(measurement=Measurement([Metric(f"m{i}") for i in range(20)]))),
    ("D019", W, changed(reach=Reach()), changed()),
    ("D019", W, changed(clauses={"meeting": Meeting.IN_PERSON}), changed(clauses={"meeting": Meeting.VIRTUAL})),
    ("D019", W, changed(clauses={"meeting": Meeting.IN_PERSON}, reach=Reach()), changed()),
    ("D020", W, remote(20, 7), remote(20, 10)),
    ("D020", W, remote(20, 2), remote(4, 0)),
    ("D021", I, levelled([1], [4, 1]), levelled([1], [4])),
    ("D021", I, levelled([1], [4, 1, 1, 1, 1]), levelled([1], [4, 4, 4, 4, 4])),
    ("D021", W, one(program(rules=[Gap("level", at_least=3)]), people=staff(1, 1), enrollments=enrolled(1, 1)),
     one(program(rules=[Gap("level", at_least=2)]), people=staff(1, 1), enrollments=enrolled(1, 1))),
    ("D022", I, changed(performance_boundary=" "), changed()),
    ("D023", W, changed(focus_areas=()), changed()),
    ("D024", I, changed(welcomes=[Origin.INFORMAL]), changed()),
    ("D025", W, changed(measurement=Measurement([Metric("x", Scope.PERSON)])), changed()),
    ("D026", I, changed(measurement=Measurement(claims=["more"])),
     changed(measurement=Measurement(claims=["more"], compared_with=ComparedWith.WAITING_LIST))),
    ("D026", I, changed(measurement=Measurement(claims=["more"], compared_with=ComparedWith.NONE)), changed()),
    ("D027", I, changed(windows=[Window(DAY, DAY)]), changed(windows=[Window(DAY - timedelta(days=9), DAY - timedelta(days=1))])),
    ("D028", I, changed(providers=Intake(capacity=4)), changed(providers=Intake(capacity=3))),
    ("D028", I, one(program(), enrollments=enrolled(1, 1, 4)), one(program(capacity=CapacityPolicy(3)), enrollments=enrolled(1, 1, 4))),
    ("D028", I, one(program(capacity=CapacityPolicy(1), providers=Intake(capacity=5))),
     one(program(capacity=CapacityPolicy(1), providers=Intake(capacity=1)), enrollments=enrolled(1, 1, 5))),
    ("D029", W, one(program(), people=FAR, enrollments=PAIRED), one(program(), people=NEAR, enrollments=PAIRED)),
    # matchings
    ("M001", W, matched(10, 6), matched(10, 7)),
    ("M002", W, grouped({"x": (3, 5), "y": (5, 5)}), grouped({"x": (4, 5), "y": (5, 5)})),
    ("M002", W, grouped({"x": (0, 5), "y": (5, 5)}), grouped({"x": (0, 4), "y": (5, 5)})),
    ("M003", W, carried(6, 2, 2, 2, 2), carried(5, 2, 2, 2, 2)),
    ("M003", W, carried(4, 1, 1, 1, 1, 1, 1, 1, 1), carried(3, 1, 1, 1, 1, 1, 1, 1, 1)),
    ("M004", I, scored(("x", "x")), scored(("x", "y"))),
    ("M004", I, scored(("y", "y")), scored(("y", "y"), recipients=4)),
]  # fmt: skip


SAID: list[tuple[str, dict[str, Any], str]] = [
    ("A004", of(COACHING, cadence=Cadence(5, Unit.WEEK)), "coaching usually meets every 7 to 31 days"),
    ("A004", of(MENTORING, cadence=Cadence(3)), "mentoring usually meets at least every 31 days"),
    ("A007", of(CAREER_COACHING, cadence=Cadence(2)), "career-coaching usually meets every 7 to 31 days"),
    ("A008", one(program(FLASH_MENTORING, term=OPEN)), "State the length: [term] single = true."),
    ("A010", of(MENTORING, provider_hours=2), "how much time the mentee has"),
    ("A010", of(MENTORING), "how much time the mentor and the mentee have"),
    ("S005", one(active(MENTORING, *held(1, topics=["therapy"]), *held(2, 3))), "1 of 3 sessions touched"),
    ("S006", one(active(MENTORING, *held(1, topics=["dispute"]), *held(2, 3))), "1 of 3 sessions touched"),
    ("D006", one(program(clauses={"provider_hours": 0.9}), enrollments=enrolled(2, 2)), "is 1.8 (0.9 each"),
    ("D021", levelled([5, 5, 5, 5, 1], [4]), f"4 of 5 mentees: r0, r1, r2 {WANT}; and 1 more (in all: 4 {WANT})"),
    ("D021", levelled([5, 5, 5, 1], [4]), f"3 of 4 mentees: r0, r1, r2 {WANT}"),
]  # fmt: skip
"""What a rule says of a case, in part: the numbers and the words that depend on it."""


def judged(code: str, known: dict[str, Any]):
    given = {"today": TODAY, **known}
    return check(given.pop("subject"), rules=own_rules(), select=[code], **given)


@pytest.mark.parametrize(
    ("code", "severity", "bad", "good"), CASES, ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)]
)
def test_a_rule_finds_its_case_and_not_the_neighbour(code, severity, bad, good):
    """The smallest case gives the finding with its severity, remedy and source; the neighbour gives none."""
    report = judged(code, bad)
    assert report.crashed == ()
    assert {finding.code for finding in report} == {code}
    assert report.findings[0].severity is severity
    assert report.findings[0].source == own_rules()[code].source
    neighbour = judged(code, good)
    assert neighbour.crashed == ()
    assert neighbour.findings == ()


@pytest.mark.parametrize(("code", "known", "words"), SAID)
def test_a_rule_says_what_its_case_is(code, known, words):
    """The message, or the remedy, has the numbers and the words of the case."""
    found = told(code, **known)
    assert words in f"{found.message}. {found.remedy}"


def test_every_rule_has_a_case():
    """No rule of the library is without a case that triggers it and a neighbour that does not."""
    assert {rule.code for rule in own_rules()} == {case[0] for case in CASES}


def test_no_kind_of_the_library_is_found_fault_with():
    """The kinds that come with the library contradict nothing."""
    assert [finding for kind in KINDS for finding in check(kind, rules=own_rules(), today=TODAY)] == []


def told(code: str, **known: Any):
    """Return the one finding of a rule."""
    (found,) = judged(code, known)
    return found


@pytest.mark.parametrize(
    ("code", "known", "where"),
    [
        ("A010", one(program(clauses={"provider_hours": 2})), "agreement.recipient_hours"),
        ("A011", one(program(clauses={"provider_hours": 0.5})), "agreement.provider_hours"),
        ("A012", one(program(clauses={"exit_notice_days": 365})), "agreement.exit_notice_days"),
        ("A013", one(program(clauses={"confidentiality": Confidentiality(exceptions=())})), "agreement.exceptions"),
        ("A014", one(program()), "agreement.reviews"),
        (
            "A015",
            one(program(clauses={"third_parties": [ThirdParty("t", PAYS)]})),
            "agreement.third_parties[1].may_know",
        ),
        ("P011", one(program(clauses={"hopes": {Support.TIME}})), "agreement.hopes"),
        ("V001", one(program(clauses={"manager": TOLD})), "agreement.manager_told"),
        (
            "V008",
            one(program(clauses={"manager": ManagerPart(commits=[ManagerCommitment.STAND_BACK])})),
            "agreement.manager_commits",
        ),
        ("D006", one(program(clauses={"provider_hours": 0.9}), enrollments=enrolled(2, 2)), "agreement.provider_hours"),
        (
            "D006",
            one(program(capacity=CapacityPolicy(hours_a_month=0.4)), enrollments=enrolled(2, 2)),
            "capacity.hours_a_month",
        ),
        ("A014", one(agreement(MENTORING), kind=MENTORING), "reviews"),
    ],
)
def test_what_is_found_of_a_program_stands_at_its_key_in_the_file(code, known, where):
    """A finding about a program names the section and the key; one about an agreement names its field."""
    assert told(code, **known).where == where


@pytest.mark.parametrize(
    ("kind", "term", "says"),
    [
        (FLASH_MENTORING, NINE, "[term] single = true."),
        (SUCCESSION, ONCE, "[term] months = 12."),
    ],
)
def test_a_term_that_does_not_suit_names_one_that_does(kind, term, says):
    """The remedy has the kind's usual term as a program file says it."""
    assert told("A001", **one(program(kind, term=term))).remedy.endswith(says)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_length_that_is_advised_brings_no_other_finding(kind):
    """A program without a length that does as it is told has no finding about term and cadence left."""
    remedy = told("A008", **one(program(kind, term=OPEN))).remedy
    text = re.sub(r".*?(\[term\].*)\.", r"\1", remedy).replace(", [cadence]", "\n[cadence]").replace("] ", "]\n")
    text = text.replace("[term]", "[term]\nstart = 2026-06-02")
    head = f'[program]\nname = "P"\nkind = "{kind.name}"\n[tables.people]\nid = "id"\n'
    report = check(loads_program(head + text), select=["A001", "A004", "A005", "A006", "A007", "A008"], today=TODAY)
    assert report.findings == ()


def test_hours_that_differ_look_different():
    """The hours needed and offered are told with as many decimals as tell them apart, and for whom they are."""
    found = told("D006", **one(program(clauses={"provider_hours": 0.9}), enrollments=enrolled(2, 2)))
    assert found.message == (
        "the sessions of 2 pairs take 2 hours a month, and what 2 mentors can give is 1.8 (0.9 each, for all mentees of one together)"
    )


def test_remote_people_are_reached_by_what_is_missing():
    """Where everybody meets in person, that is to change; where it is not said how, that is to be said; or both."""
    how, where = 'Say how: [reach] how = "...".', 'Let people meet virtually too: [agreement] meeting = "either".'
    for known, remedies in (
        ({"clauses": {"meeting": Meeting.IN_PERSON}}, {where}),
        ({"reach": Reach()}, {how}),
        ({"clauses": {"meeting": Meeting.IN_PERSON}, "reach": Reach()}, {how, where}),
    ):
        assert {found.remedy for found in judged("D019", changed(**known))} == remedies


def test_somebody_elses_manager_is_advised_for_the_kind():
    """The kind in which managers coach is named where it is coaching, and nowhere else."""
    assert told("P002", **two(COACHING, "n", "m")).remedy.endswith("or choose manager-coaching.")
    assert told("P002", **two(SPONSORING, "n", "m")).remedy == "Match the beneficiary with somebody else."


def test_more_than_three_without_a_candidate_are_told_where_to_be_found():
    """Three are named; where there are more, the remedy says where all of them are."""
    for count, more in ((3, False), (4, True)):
        known = one(program(rules=[Gap("level", at_least=3)]), people=staff(count, 1), enrollments=enrolled(count, 1))
        found, _ = judged("D021", known)
        assert ("and 1 more" in found.message) is more
        assert ("unmatched.csv" in found.remedy) is more


def test_few_remote_people_are_not_numbered():
    """How many remote people enrolled is told from five on; below that the number stays away."""
    assert told("D020", **remote(20, 2)).message == (
        "20 of 40 people are remote (50%); of the 20 who enrolled, fewer than 5 are"
    )
    assert told("D020", **remote(20, 7)).message.endswith("of the 20 who enrolled, 7 are (35%)")


def test_one_place_is_no_places():
    """Numbers and words agree in a finding about somebody's places."""
    lives = [active(MENTORING), evolve_id(active(MENTORING, people=("m", "o")), "s")]
    found = told("L005", **one(Enrollment("m", Role.PROVIDER, 1), relationships=lives, kind=MENTORING))
    assert found.message == "she has 2 relationships as mentor, and 1 place"
