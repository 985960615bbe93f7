"""Rules about the design of a program: the six questions, capacity, reach, measurement, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from devrel._display import counted
from devrel.agreements import Meeting
from devrel.kinds import Side
from devrel.lifecycle import Origin
from devrel.matching.constraints import quoted
from devrel.people import Person
from devrel.programs.design import Program
from devrel.programs.hours import hours_of
from devrel.programs.policies import ComparedWith, Participation, Scope
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.validator import Flaws, Validator, rule

if TYPE_CHECKING:
    from devrel.programs.feasibility import Feasibility, RuleCost

_A_YEAR = timedelta(days=365)
_MOST_THINGS = 20
_MOST_RECIPIENTS = 3
_FEWEST = 5
_NAMED = 3


def _wanted(case: Case, side: Side) -> int:
    """Return how many places are wanted or offered on a side, within the program's limit."""
    taken = [one.takes(side) for one in (case.around.enrollments or {}).values()]
    limit = None if case.program is None or side is Side.RECIPIENT else case.program.capacity
    return sum(taken if limit is None else map(limit.limited, taken))


@rule(
    "D001",
    "fewer places are offered than wanted",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="smart-meetings",
    rationale="One has to be realistic: whoever enrols and gets nobody will not enrol again. Where not even half of "
    "those who want a place can get one, this is an error.",
    remedy="Win more people who give, raise their capacity, or tell people about the queue.",
    needs=("enrollments",),
)
def places(case: Case) -> Flaws:
    """Compare the places offered with those wanted, in heads."""
    program = case.program
    if program is None:
        return None
    offered, wanted = _wanted(case, Side.PROVIDER), _wanted(case, Side.RECIPIENT)
    if offered >= wanted or not offered:
        return None
    severity = Severity.ERROR if 2 * offered < wanted else Severity.WARNING
    message = f"{wanted} places are wanted and the {program.titles.providers} offer {offered}"
    remedy = f"Win more {program.titles.providers}, raise their capacity, or tell people about the queue."
    return Flaw("providers.capacity", message, remedy, severity)


@rule(
    "D002",
    "nobody stands on one side",
    severity=Severity.ERROR,
    subject=Subject.PROGRAM,
    source="devrel",
    rationale="Without people on both sides there is nobody to match. Mostly a condition or a word of the table is "
    "wrong.",
    remedy="Check the conditions, the roles in the tables, and the words for taking part.",
    needs=("enrollments",),
)
def both_sides(case: Case) -> Flaws:
    """Find sides on which nobody is enrolled."""
    program = case.program
    if program is None:
        return None
    return [
        Flaw(f"{side.value}s", f"there are no {program.titles.of(side, 2)}")
        for side in (Side.RECIPIENT, Side.PROVIDER)
        if not _wanted(case, side)
    ] or None


@rule(
    "D003",
    "the program starts in the past",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="devrel",
    rationale="Proposals for sessions that are over already help nobody. A program that runs is judged through its "
    "relationships.",
    remedy="Check the start, or the date of today.",
)
def start(case: Case) -> Flaws:
    """Find programs that begin before today and have no relationships yet."""
    program = case.program
    if program is None or program.term.start >= case.today or case.around.relationships:
        return None
    return Flaw("term.start", f"the program starts on {program.term.start}, which lies before {case.today}")


@rule(
    "D004",
    "no session falls into the term",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="devrel",
    rationale="The term and the cadence together make the sessions. Where they make none, people are matched and never "
    "meet.",
    remedy="Change the term or the cadence.",
)
def any_session(case: Case) -> Flaws:
    """Find programs whose cadence has no day in the term."""
    program = case.program
    if program is None:
        return None
    until = program.term.end or program.term.start + _A_YEAR
    if program.cadence.occurrences(program.term, until=until):
        return None
    return Flaw("cadence", f"no session falls into the term: {program.term}, {program.cadence}")


@rule(
    "D005",
    "a group or a mutual kind is matched in pairs",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="devrel",
    rationale="The matching makes pairs of one who gives and one who receives. A kind that takes a group needs groups "
    "that somebody puts together, and a run of it is refused. In a mutual kind both stand on both sides: each gets "
    "somebody as the one and as the other, and these may be two people. The strategy 'peers' makes pairs of both.",
    remedy="Put the groups together yourself: Relationship.propose takes any parties. Or choose a kind for two. For a "
    "mutual kind choose the strategy 'peers'.",
)
def groups(case: Case) -> Flaws:
    """Find programs of a kind that only groups can make, and of one in which everybody stands on both sides."""
    program = case.program
    if program is None:
        return None
    kind = program.kind
    if kind.composition.group:
        return Flaw("program.kind", f"{kind.name} takes {kind.composition.text}, and the matching makes pairs")
    if not kind.composition.mutual or program.strategy == "peers":
        return None
    told = f"{kind.name} is mutual, and the matching finds one who gives and one who receives for everybody"
    return Flaw(
        "program.kind", f"{told}; these may be two people", "Choose the strategy 'peers', which makes pairs of both."
    )


@rule(
    "D006",
    "fewer hours are offered than needed",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="smart-meetings",
    rationale="Places are promised in heads and paid in hours. Where the sessions take more hours a month than people "
    "have said they have, they are cancelled. Where not even half is there, this is an error.",
    remedy="Meet less often or for a shorter time, or ask for more hours.",
    needs=("enrollments",),
)
def hours(case: Case) -> Flaws:
    """Compare the hours that the sessions of all who can meet take with those that all providers have."""
    program = case.program
    if program is None or program.term.single:
        return None
    found = hours_of(program, (case.around.enrollments or {}).values())
    if not found.told or found.offered >= found.taken * 0.95:
        return None
    severity = Severity.ERROR if 2 * found.offered < found.taken else Severity.WARNING
    take, have = _apart(found.taken, found.offered)
    what, providers = "group" if program.kind.composition.group else "pair", len(found.each)
    told = f"the sessions of {counted(found.meeting, what)} take {take} hours a month"
    who = f"what {providers} {program.titles.of(Side.PROVIDER, providers)} can give is {have}"
    each = f"{found.each[0]:g} each, " if len(set(found.each)) == 1 else ""
    message = f"{told}, and {who} ({each}for all {program.titles.recipients} of one together)"
    return Flaw(_hours_key(program), message, severity=severity)


def _hours_key(program: Program) -> str:
    """Return where a program limits the hours most; the enrolments where it does not."""
    said, limit = program.agreement().provider_hours, program.capacity.hours_a_month
    if limit is not None and (said is None or limit < said):
        return "capacity.hours_a_month"
    return "enrollments" if said is None else "provider_hours"


def _apart(one: float, other: float) -> tuple[str, str]:
    """Return two numbers that differ, with two decimals or as many as it takes to tell them apart."""
    digits = next((digits for digits in range(2, 6) if f"{one:.{digits}f}" != f"{other:.{digits}f}"), 6)
    return f"{round(one, digits):g}", f"{round(other, digits):g}"


def _question(code: str, answer: str, title: str, rationale: str, remedy: str, where: str) -> Validator:
    """Return the rule that one of the six questions is answered."""

    def unanswered(case: Case) -> Flaws:
        """Find programs that leave the question open."""
        program = case.program
        return None if program is None or program.answers[answer] else Flaw(where, title)

    unanswered.__name__ = answer
    made = rule(
        code,
        title,
        severity=Severity.WARNING,
        subject=Subject.PROGRAM,
        source="learning-development",
        rationale=rationale,
        remedy=remedy,
    )
    return made(unanswered)


purpose = _question(
    "D010",
    "purpose",
    "it is not said what the organisation wants to accomplish",
    "The first of six questions. Without an aim, nothing that follows can be decided, and nothing can be shown.",
    'Say it in words and by aims: [program] purpose = "...", aims = ["careers"].',
    "program.purpose",
)
process = _question(
    "D011",
    "process",
    "it is not said how the process goes and how people learn of it",
    "The second question. People who do not know what happens next wait, or ask everybody else.",
    'List the steps and how people are told: [process] steps = ["..."], told_by = ["mail"].',
    "process",
)
participation = _question(
    "D012",
    "participation",
    "it is not said whether taking part is voluntary",
    "The third question. Mentors who take part by choice find it more rewarding (pf08).",
    'Say it: [program] participation = "voluntary".',
    "program.participation",
)
matched = _question(
    "D013",
    "matching",
    "it is not said who matches, or what happens when a match does not work",
    "The fourth question, and the half of it that is mostly left open: some matches fail, and everybody should know "
    "beforehand what happens then.",
    'Say both: [matching] decided_by = "program" and [matching.rematching] within_days = 30.',
    "matching",
)
returned = _question(
    "D014",
    "return",
    "it is not said how the return is shown",
    "The fifth question. What nobody measures from the start cannot be shown at the end.",
    'Name what is measured: [measurement] metrics = ["match rate"].',
    "measurement.metrics",
)
platforms = _question(
    "D015",
    "platforms",
    "it is not said which tools are used",
    "The sixth question. In a dispersed workplace the tools are where the relationship lives.",
    'Name them: [program] platforms = ["video calls", "shared calendar"].',
    "program.platforms",
)


@rule(
    "D016",
    "taking part is mandatory",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="pf08",
    rationale="In a study of 97 mentors of one bank, those who volunteered found it more rewarding and less trouble "
    "than it is worth.",
    remedy="Let people choose, at least the mentors; or say why not.",
)
def mandatory(case: Case) -> Flaws:
    """Find programs that people have to take part in."""
    program = case.program
    if program is None or program.participation is not Participation.MANDATORY:
        return None
    return Flaw("program.participation", "taking part is mandatory")


@rule(
    "D017",
    "those who give are not prepared or not supported",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="learning-development",
    rationale="A good program needs good mentors. To put it on top of what leaders carry already, without training and "
    "ongoing support, is unlikely to work out.",
    remedy='Plan both: [preparation] provider_hours = 2 and [support] forms = ["exchange"].',
)
def prepared(case: Case) -> Flaws:
    """Find programs without preparation, or without ongoing support, of those who give."""
    program = case.program
    if program is None:
        return None
    found = []
    providers = program.titles.providers
    if not program.preparation.provider_hours:
        found.append(Flaw("preparation.provider_hours", f"the {providers} are not prepared"))
    if not program.support.forms:
        found.append(Flaw("support.forms", f"the {providers} get no support once it has begun"))
    return found or None


@rule(
    "D018",
    "too many rules, steps and measures",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="learning-development",
    rationale="Where too many rules, processes and metrics are tied to a relationship, it becomes a box to tick. "
    f"The limit of {_MOST_THINGS} is the library's own judgement.",
    remedy="Drop what nobody would miss.",
)
def boxes(case: Case) -> Flaws:
    """Count the constraints, steps, commitments and measures of a relationship."""
    program, agreed = case.program, case.agreement
    if program is None or agreed is None:
        return None
    counts = {
        "constraints": len(program.constraints),
        "steps": len(program.process.steps),
        "commitments": len(agreed.provider_commits) + len(agreed.recipient_commits) + len(agreed.extra),
        "measures": sum(metric.scope is not Scope.PROGRAM for metric in program.measurement.metrics),
    }
    total = sum(counts.values())
    if total <= _MOST_THINGS:
        return None
    told = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return Flaw(
        "program", f"{total} things are asked of every relationship ({told}); at most {_MOST_THINGS} keep it alive"
    )


@rule(
    "D019",
    "remote people are not reached",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="culture-wizard",
    rationale="Remote people lack the visibility of those on site and are easily overlooked. Mentoring has to be made "
    "accessible to them.",
    remedy='Say how: [reach] how = "..."; let people meet virtually.',
)
def reach(case: Case) -> Flaws:
    """Find programs that say nothing of remote people, or have everybody meet in person."""
    program, agreed = case.program, case.agreement
    if program is None:
        return None
    found = []
    if agreed is not None and agreed.meeting is Meeting.IN_PERSON:
        told = "everybody meets in person, so remote people cannot take part"
        found.append(Flaw("agreement.meeting", told, 'Let people meet virtually too: [agreement] meeting = "either".'))
    if not program.reach.how.strip():
        told = "it is not said how remote people are reached"
        found.append(Flaw("reach.how", told, 'Say how: [reach] how = "...".'))
    return found or None


@rule(
    "D020",
    "fewer remote people are enrolled than there are",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="culture-wizard",
    rationale="Remote people are overlooked where nobody counts them. Their share among those who enrolled is compared "
    "with their share in the organisation; below four fifths of it, something keeps them away.",
    remedy="Invite them, and let them meet virtually at times that suit their zone.",
    needs=("people", "enrollments"),
)
def remote_share(case: Case) -> Flaws:
    """Compare the share of remote people among the enrolled with the organisation's; groups below five are not told."""
    program, people, enrolled = case.program, case.people, case.around.enrollments
    if program is None or people is None or enrolled is None:
        return None
    everybody, taking = list(people), [people[one] for one in enrolled if one in people]
    remote, there = _remote(program, everybody), _remote(program, taking)
    if remote < _FEWEST or len(taking) < _FEWEST or not taking:
        return None
    share, among = remote / len(everybody), there / len(taking)
    if among >= 0.8 * share:
        return None
    shown = "fewer than 5" if there < _FEWEST else str(there)
    told = (
        f"{remote} of {len(everybody)} people are remote ({share:.0%}); of the {len(taking)} who enrolled, {shown} are"
    )
    return Flaw("enrollments", f"{told} ({among:.0%})" if there >= _FEWEST else told)


def _remote(program: Program, people: Iterable[Person]) -> int:
    """Count remote people: by the program's conditions, or by the attribute ``remote``."""
    where = program.reach.where
    if where:
        return sum(all(condition.met_by(person) for condition in where) for person in people)
    return sum(person.attributes.get("remote") is True for person in people)


_LOOSEN = "Loosen the rule that costs most, win people who may be matched with her, or tell her."
_ALL_NAMED = "Program.feasibility and the unmatched.csv of devrel run name them all."


@rule(
    "D021",
    "somebody has no candidate at all",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="smart-meetings",
    rationale="Constraints add up, and the last of them may leave somebody without a single candidate. No matching can "
    "help her; whoever set the constraints can, and should know it before she waits. For somebody who would give, it "
    "is advice.",
    remedy=_LOOSEN,
    needs=("people", "enrollments"),
)
def candidates(case: Case) -> Flaws:
    """Find people of both sides whom the rules leave nobody, and say which rules do it, alone or together."""
    found = case.around.feasibility
    if found is None:
        return None
    return [
        _alone(found, side)
        for side in (Side.RECIPIENT, Side.PROVIDER)
        if found.of(side).without and found.of(side.other).people
    ] or None


def _alone(found: Feasibility, side: Side) -> Flaw:
    """Return the flaw of those of a side who have no candidate; one who would give to nobody loses less by it."""
    one = found.of(side)
    told = f"without a candidate: {len(one.without)} of {one.people} {found.titles.of(side, 2)}"
    named = _blocked(found, side, one.without[:_NAMED])
    more = len(one.without) - _NAMED
    severity = Severity.WARNING if side is Side.RECIPIENT else Severity.ADVICE
    if more <= 0:
        return Flaw("constraints", f"{told}: {named}", severity=severity)
    costs = [(len(_freed(cost, side)), quoted(cost.title)) for cost in found.rules.values()]
    costs.append((len(one.several), "several together"))
    every = ", ".join(f"{count} for want of {what}" for count, what in costs if count)
    message = f"{told}: {named}; and {more} more{f' (in all: {every})' if every else ''}"
    return Flaw("constraints", message, f"{_LOOSEN} {_ALL_NAMED}", severity)


def _blocked(found: Feasibility, side: Side, people: Iterable[str]) -> str:
    """Return people by the rules that leave them nobody: any of those that do so alone, or the fewest together."""
    by_reason: dict[str, list[str]] = {}
    for person in people:
        alone = [quoted(cost.title) for cost in found.rules.values() if person in _freed(cost, side)]
        together = [quoted(title) for title in found.of(side).together.get(person, ())]
        by_reason.setdefault(" or ".join(alone) or " and ".join(together), []).append(person)
    named = {why: ", ".join(those) for why, those in by_reason.items()}
    return "; ".join(f"{who} for want of {why}" if why else who for why, who in named.items())


def _freed(cost: RuleCost, side: Side) -> Sequence[str]:
    """Return who of a side has no candidate because of one rule."""
    return cost.recipients if side is Side.RECIPIENT else cost.providers


def _few(ids: Sequence[str]) -> str:
    more = len(ids) - _NAMED
    return f"{', '.join(ids[:_NAMED])} and {more} more" if more > 0 else ", ".join(ids)


@rule(
    "D029",
    "somebody works when none of her candidates does",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="th-match",
    rationale="People in zones far apart share few working hours, in some weeks of the year fewer than in others. "
    "Where no candidate shares as much as one session, somebody meets at night.",
    remedy="Win people in nearer zones, meet for a shorter time, or ask whether early or late hours suit.",
    needs=("people", "enrollments"),
)
def working_hours(case: Case) -> Flaws:
    """Find recipients who share no session's length of office hours with any candidate, in the worst week of a year."""
    found, program = case.around.feasibility, case.program
    if found is None or program is None or not found.short:
        return None
    who = f"{len(found.short)} of {found.recipients.people} {program.titles.recipients}"
    return Flaw("cadence.zone", f"{who} share no {found.minutes} minutes with any candidate: {_few(found.short)}")


@rule(
    "D022",
    "no boundary with performance management is stated",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="management-mentors",
    rationale="A program is linked to what the organisation wants people to be able to do, and is not turned into a "
    "system that measures them. Where nobody draws that line, somebody will cross it.",
    remedy='State it: [program] performance_boundary = "Nothing of the program enters an appraisal."',
)
def boundary(case: Case) -> Flaws:
    """Find programs that do not say how they stay apart from performance management."""
    program = case.program
    if program is None or program.performance_boundary.strip():
        return None
    return Flaw(
        "program.performance_boundary", "it is not said how the program stays apart from performance management"
    )


@rule(
    "D023",
    "there is no link to the competencies the organisation cares about",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="management-mentors",
    rationale="A company can and should set focus areas that remain critical. Goals that refer to them are what ties "
    "development to the organisation.",
    remedy='Name focus areas: [program] focus_areas = ["leading people"].',
)
def focus_areas(case: Case) -> Flaws:
    """Find programs without focus areas."""
    program = case.program
    if program is None or program.focus_areas:
        return None
    return Flaw("program.focus_areas", "the program has no focus areas")


@rule(
    "D024",
    "informal relationships are not welcomed",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="smart-meetings",
    rationale="Formal programs spawn less formal relationships, and those last. Studies find more from informal ones "
    "than from formal ones (und).",
    remedy='Welcome them: [program] welcomes = ["informal", "spun-off"].',
)
def informal(case: Case) -> Flaws:
    """Find programs that do not welcome informal relationships and those spun off from a group."""
    program = case.program
    if program is None:
        return None
    missing = [one.value for one in (Origin.INFORMAL, Origin.SPUN_OFF) if one not in program.welcomes]
    return Flaw("program.welcomes", f"these are not welcomed: {', '.join(missing)}") if missing else None


@rule(
    "D025",
    "people are measured instead of the program",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="management-mentors",
    rationale="Measures of single people turn a program into performance management. What counts is whether the "
    "program does what it is for.",
    remedy='Measure the program: metrics = [{ name = "...", scope = "program" }].',
)
def measured(case: Case) -> Flaws:
    """Find metrics of single people."""
    program = case.program
    count = 0 if program is None else sum(one.scope is Scope.PERSON for one in program.measurement.metrics)
    if not count:
        return None
    return Flaw(
        "measurement.metrics", f"{counted(count, 'measure')} {'is' if count == 1 else 'are'} taken of each person"
    )


@rule(
    "D026",
    "an effect is claimed without a comparison",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="und",
    rationale="People who take part differ from those who do not. Without a comparison an effect cannot be told from "
    "who chose to come; the lack of comparison groups is what the field's own studies name as its flaw.",
    remedy='Compare: [measurement] compared_with = "waiting-list".',
)
def compared(case: Case) -> Flaws:
    """Find claims of effects without a comparison."""
    program = case.program
    if program is None or not program.measurement.claims:
        return None
    if program.measurement.compared_with not in {None, ComparedWith.NONE}:
        return None
    return Flaw("measurement.compared_with", "effects are claimed, and nothing is compared")


@rule(
    "D027",
    "enrolment is open after the start",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="devrel",
    rationale="Whoever enrols after the start has missed the matching, and a first session that is already planned.",
    remedy="Close enrolment before the term begins, or let the program begin later.",
)
def window(case: Case) -> Flaws:
    """Find windows of enrolment, the first of all, that close after the term begins."""
    program = case.program
    if program is None or not program.windows:
        return None
    first = min(program.windows, key=lambda one: one.opens)
    if first.closes < program.term.start:
        return None
    return Flaw(
        "enrollment.windows", f"the first window closes on {first.closes}, and the term begins on {program.term.start}"
    )


@rule(
    "D028",
    "one person may get more people than practice suggests",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="un",
    rationale="Programs let a mentor have two or three mentees. No study of the right number was found; with more, the "
    "time for each is what shrinks. A usual capacity above the program's own limit promises places that there are "
    "not.",
    remedy="Limit it: [capacity] most = 3.",
    applies=lambda kind: not kind.composition.group,
)
def load(case: Case) -> Flaws:
    """Find capacities above three that nothing limits, and a usual capacity that the limit cuts off."""
    program = case.program
    if program is None:
        return None
    usual, limit = program.providers.capacity, program.capacity.most
    if limit is not None and usual > limit:
        told = f"each {program.titles.provider} takes {usual} unless she says otherwise, and the limit is {limit}"
        return Flaw("providers.capacity", told, f"Make them agree: [providers] capacity = {limit}.")
    offered = max((one.takes(Side.PROVIDER) for one in (case.around.enrollments or {}).values()), default=0)
    most = program.capacity.limited(max(offered, usual))
    if most <= _MOST_RECIPIENTS:
        return None
    return Flaw("providers.capacity", f"one {program.titles.provider} may get {most} {program.titles.recipients}")


RULES: tuple[Validator, ...] = (
    places,
    both_sides,
    start,
    any_session,
    groups,
    hours,
    purpose,
    process,
    participation,
    matched,
    returned,
    platforms,
    mandatory,
    prepared,
    boxes,
    reach,
    remote_share,
    candidates,
    boundary,
    focus_areas,
    informal,
    measured,
    compared,
    window,
    load,
    working_hours,
)
