"""Rules about agreements: term, cadence, time, exit, confidentiality, reviews, third parties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import inf

from devrel.agreements import CLAUSES, Agreement
from devrel.kinds import Clause, Mode, RelationshipKind, Side, Verdict
from devrel.lifecycle import Stage
from devrel.terms import Term
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.rules._kinds import career_coaching, coaching
from devrel.validation.validator import Flaws, Validator, rule

_FIRST_MONTHS = (4, 8)
_LONGEST_NOTICE = 90
_NEARLY = 0.95
_ANY_DAY = date(2026, 1, 1)
_BY_THE_PARTIES = frozenset({Clause.AIM, Clause.SCOPE, Clause.BENEFIT, Clause.PLAN})
"""What only the parties themselves can say; a program need not."""


def _endless(kind: RelationshipKind, term: Term) -> bool:
    """Whether coaching that usually has an end has none, which is a rule of its own."""
    return kind.mode is Mode.COACHING and term.open_ended and kind.timeline.judge(term) is Verdict.UNUSUAL


@rule(
    "A001",
    "the term does not suit the kind",
    severity=Severity.ERROR,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="The timeline is a facet of the kind: coaching ends, mentoring takes time, advising answers a question. "
    "A term of another form is a warning where the comparison table says 'usually', and an error where it does not.",
    remedy="Change the term, or choose another kind.",
)
def term(case: Case) -> Flaws:
    """Judge the form of the term by the kind's timeline."""
    kind, agreed = case.kind, case.agreement
    if kind is None or agreed is None:
        return None
    verdict = kind.timeline.judge(agreed.term)
    if verdict is Verdict.FITS or _endless(kind, agreed.term):
        return None
    severity = Severity.WARNING if verdict is Verdict.UNUSUAL else Severity.ERROR
    message = f"{kind.name} is {kind.timeline.text}, and the term is {agreed.term}"
    usual = f"In a program file: [term] {_usual_term(kind)}." if case.relationship is None else ""
    return Flaw("term", message, f"Change the term, or choose another kind. {usual}".strip(), severity)


def _usual_term(kind: RelationshipKind) -> str:
    """Return the kind's usual term as a program file says it."""
    usual = kind.timeline.default_term(_ANY_DAY)
    if usual.single:
        return "single = true"
    return "open_ended = true" if usual.open_ended else f"months = {usual.months}"


def _usual_cadence(kind: RelationshipKind) -> str:
    """Return the kind's usual cadence as a program file says it."""
    cadence = kind.timeline.cadence
    unit = cadence.unit.value
    return f'every = "{unit}"' if cadence.every == 1 else f'every = "{cadence.every} {unit}s"'


@rule(
    "A002",
    "the agreement misses a clause that the kind demands",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="icf-12",
    rationale="Some kinds may not begin before something is said: a coach's code of ethics and the boundary to "
    "therapy, how far an advisor's knowledge goes, what a sponsor gains. No relationship becomes active without it.",
    remedy="Say it in the program's [agreement], or have the parties amend it before they start.",
)
def clause(case: Case) -> Flaws:
    """Name the clauses that are missing; of a program's draft, those that the program has to bring."""
    kind, agreed = case.kind, case.agreement
    if kind is None or agreed is None:
        return None
    needed = kind.requires if case.relationship is not None else kind.requires - _BY_THE_PARTIES
    missing = [one for one in needed if not CLAUSES[one](agreed)]
    if not missing:
        return None
    return [
        Flaw("agreement", f"the agreement does not say {one.value}, so no {kind.name} can become active")
        for one in sorted(missing, key=lambda clause: clause.value)
    ]


@rule(
    "A004",
    "the cadence is unusual for the kind",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="Each kind has a rhythm in which it works. Meetings that lie much further apart let it fade; meetings "
    "much closer together leave no time to do anything in between.",
    remedy="Change the cadence, or check that it is meant.",
    applies=lambda kind: kind.timeline.usual_days is not None,
)
def cadence(case: Case) -> Flaws:
    """Judge the days between two meetings by the kind's usual range; career coaching has a rule of its own."""
    found = _rhythm(case)
    return None if found is None or career_coaching(case) else found


@rule(
    "A005",
    "no end is agreed",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="Coaching is usually for a limited time: the end is what a goal is worked towards. A program may also "
    "demand an end of every relationship; then an open one is an error.",
    remedy="Agree on an end; the parties may extend it.",
)
def no_end(case: Case) -> Flaws:
    """Find coaching without an end, and any open term where the program demands an end."""
    kind, agreed = case.kind, case.agreement
    if kind is None or agreed is None or not agreed.term.open_ended:
        return None
    if case.program is not None and case.program.demands_end:
        return Flaw("term", "the program demands an end, and none is agreed", severity=Severity.ERROR)
    return (
        Flaw("term", f"{kind.name} is {kind.timeline.text}, and no end is agreed")
        if _endless(kind, agreed.term)
        else None
    )


@rule(
    "A006",
    "the first agreement is far from six months",
    severity=Severity.ADVICE,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="Career coaching begins with an agreement for six months, and goes on as long as it is needed. Much less "
    "leaves no time to change anything; much more binds people before they know each other.",
    remedy="Begin with about six months, and extend it.",
    applies=coaching,
)
def first_half_year(case: Case) -> Flaws:
    """Compare the length of a first version with six months."""
    agreed = case.agreement
    months = None if agreed is None or agreed.version > 1 or agreed.term.single else agreed.term.months
    if months is None or _FIRST_MONTHS[0] <= months <= _FIRST_MONTHS[1] or not career_coaching(case):
        return None
    return Flaw("term", f"the first agreement is for {months} months; six are usual")


@rule(
    "A007",
    "career coaching meets outside weekly to monthly",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="utah-ucan",
    rationale="Coach and coachee usually meet every two weeks, and vary it from weekly to monthly by what they need.",
    remedy="Meet at least once a month and at most once a week.",
    applies=coaching,
)
def coaching_rhythm(case: Case) -> Flaws:
    """Judge the cadence of career coaching."""
    return _rhythm(case) if career_coaching(case) else None


def _rhythm(case: Case) -> Flaws:
    kind, agreed = case.kind, case.agreement
    if kind is None or agreed is None or agreed.term.single:
        return None
    if kind.timeline.judge_cadence(agreed.cadence) is Verdict.FITS:
        return None
    low, high = kind.timeline.usual_days or (1, 1)
    usual = f"every {low} to {high} days" if low > 1 else f"at least every {high} days"
    return Flaw("cadence", f"{kind.name} usually meets {usual}, and the cadence is {agreed.cadence}")


@rule(
    "A008",
    "a formal program does not say how long it is",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="smart-meetings",
    rationale="Formal programs ask for a stated time, 9 to 12 months, say, and for a set number of meetings a month. "
    "Boundaries make it possible for more people to commit.",
    remedy="State the length and how often people meet, as is usual for the kind: [term] and [cadence].",
)
def formal_length(case: Case) -> Flaws:
    """Find a program without an end, or one whose term holds fewer than two meetings."""
    program = case.program
    if program is None or program.term.single:
        return None
    length = "months = 9" if program.kind.timeline.default_term(_ANY_DAY).open_ended else _usual_term(program.kind)
    rhythm = _usual_cadence(program.kind)
    remedy = f"State the length and how often people meet: [term] {length}, [cadence] {rhythm}."
    if program.term.end is None:
        told = "the program states no length, so it states no number of meetings either"
        return Flaw("term", told, remedy if "true" not in length else f"State the length: [term] {length}.")
    if program.cadence.days > (program.term.end - program.term.start).days:
        told = f"not even two meetings fit into the term: {program.term}, {program.cadence}"
        return Flaw("cadence", told, f"Meet more often, or for longer: [cadence] {rhythm}, [term] {length}.")
    return None


@rule(
    "A009",
    "goals were not accepted by everybody up front",
    severity=Severity.ERROR,
    subject=Subject.RELATIONSHIP,
    source="smart-meetings",
    rationale="Everybody has to agree on goals and objectives before it starts. Whoever did not agree works towards "
    "something else. Before the start this is a warning, once it is active an error; a relationship outside of any "
    "program may do with a purpose.",
    remedy="Put the goals into the agreement, and have every party accept that version.",
)
def goals_accepted(case: Case) -> Flaws:
    """Find relationships that start, or run, without goals that everybody accepted."""
    one = case.relationship
    if one is None or one.state.stage.final or one.state.stage is Stage.PROPOSED:
        return None
    state = one.state
    running = state.activated is not None
    severity = Severity.ERROR if running and state.program is not None else Severity.WARNING
    if not state.agreement.goals:
        formal = state.program is not None or not state.agreement.purpose.strip()
        return Flaw("goals", "no goals are agreed", severity=severity) if formal else None
    missing = case.facts.unaccepted
    if not running or not missing:
        return None
    told = "party has" if missing == 1 else "parties have"
    return Flaw("goals", f"{missing} {told} not accepted the goals", severity=severity)


@rule(
    "A010",
    "no time to devote is stated",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="smart-meetings",
    rationale="How much time each has to devote is one of the first questions to ask. Where nobody says it, each "
    "expects something else of the other.",
    remedy="State hours a month of both sides: provider_hours and recipient_hours.",
)
def time_stated(case: Case) -> Flaws:
    """Find sides that do not say how much time they have."""
    agreed = case.agreement
    if agreed is None or agreed.term.single:
        return None
    if agreed.provider_hours is not None and agreed.recipient_hours is not None:
        return None
    said = ((Side.PROVIDER, agreed.provider_hours), (Side.RECIPIENT, agreed.recipient_hours))
    silent = [side for side, hours in said if hours is None]
    named = " and ".join(f"the {case.titles.of(side)}" for side in silent)
    where = ", ".join(f"{side.value}_hours" for side in silent)
    return Flaw(where, f"it is not stated how much time {named} {'has' if len(silent) == 1 else 'have'}")


@rule(
    "A011",
    "the time to devote is too short for the sessions",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="smart-meetings",
    rationale="One has to be realistic: whoever has less time than the sessions alone take will cancel them.",
    remedy="Meet less often or for a shorter time, or ask for more time.",
)
def time_enough(case: Case) -> Flaws:
    """Compare the hours of each side with what the sessions take."""
    agreed = case.agreement
    if agreed is None or (agreed.provider_hours is None and agreed.recipient_hours is None) or agreed.term.single:
        return None
    needed = agreed.minutes / 60 * agreed.cadence.times_a_month
    least = min(_plenty(agreed.provider_hours), _plenty(agreed.recipient_hours))
    return list(_short(case, agreed, needed)) if least < needed * _NEARLY else None


def _plenty(hours: float | None) -> float:
    return inf if hours is None else hours


def _short(case: Case, agreed: Agreement, needed: float) -> Iterator[Flaw]:
    for side, name, hours in (
        (Side.PROVIDER, "provider_hours", agreed.provider_hours),
        (Side.RECIPIENT, "recipient_hours", agreed.recipient_hours),
    ):
        if hours is not None and hours < needed * _NEARLY:
            told = f"the sessions take about {needed:.1f} hours a month, and the {case.titles.of(side)} has {hours:g}"
            yield Flaw(name, told)


@rule(
    "A012",
    "there is no exit without fault",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="nps",
    rationale="Either side may end without fault, with a few days of notice. A notice that is as long as the term, or "
    f"longer than {_LONGEST_NOTICE} days, takes that away.",
    remedy="Shorten exit_notice_days; a week is usual.",
)
def exit_without_fault(case: Case) -> Flaws:
    """Find notices so long that nobody can leave."""
    agreed = case.agreement
    if agreed is None or agreed.term.single:
        return None
    days = agreed.exit_notice_days
    if days > _LONGEST_NOTICE:
        return Flaw("exit_notice_days", f"ending takes {days} days of notice; at most {_LONGEST_NOTICE} are an exit")
    length = None if agreed.term.end is None else (agreed.term.end - agreed.term.start).days + 1
    if length is None or days < length:
        return None
    return Flaw("exit_notice_days", f"ending takes {days} days of notice, and the whole term has {length}")


@rule(
    "A013",
    "confidentiality names no exceptions",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="ref",
    rationale="Agreements say what stays between the parties and name what is excepted: the law, danger to somebody. "
    "A promise without exceptions is one that nobody can keep.",
    remedy="Name the exceptions.",
)
def confidentiality(case: Case) -> Flaws:
    """Find confidentiality without a named exception."""
    agreed = case.agreement
    if agreed is None:
        return None
    for one in agreed.confidentiality.exceptions:
        if one.strip():
            return None
    return Flaw("confidentiality.exceptions", "no exception to confidentiality is named")


@rule(
    "A014",
    "no day to look back is agreed",
    severity=Severity.ADVICE,
    subject=Subject.AGREEMENT,
    source="mam",
    rationale="Things change personally and professionally; a day on which the parties look back lets them balance "
    "what they expect.",
    remedy='Agree on a day, halfway for example. In a program file: [agreement] reviews = "halfway".',
)
def review(case: Case) -> Flaws:
    """Find agreements without a review."""
    agreed = case.agreement
    if agreed is None or agreed.term.single or agreed.reviews:
        return None
    return Flaw("reviews", "no day is agreed on which the parties look back")


@rule(
    "A015",
    "somebody pays or organises, and it is not said what she may know",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="icf-roles",
    rationale="Before coaching starts it is agreed how information moves between the coach, the client and whoever "
    "pays or arranges it. Without such a statement each expects another one.",
    remedy="State for each third party what she may know: that it exists, more, or, with an empty list, nothing.",
)
def third_parties(case: Case) -> Flaws:
    """Find third parties without a statement of what they may know."""
    agreed = case.agreement
    if agreed is None or not agreed.third_parties:
        return None
    return [
        Flaw(
            f"third_parties[{number}].may_know", f"it is not stated what the third party who {one.role.value} may know"
        )
        for number, one in enumerate(agreed.third_parties, 1)
        if one.may_know is None
    ] or None


RULES: tuple[Validator, ...] = (
    term,
    clause,
    cadence,
    no_end,
    first_half_year,
    coaching_rhythm,
    formal_length,
    goals_accepted,
    time_stated,
    time_enough,
    exit_without_fault,
    confidentiality,
    review,
    third_parties,
)
