"""Rules about who is told what: the manager stands back, notes stay where they belong, small groups are not shown."""

from __future__ import annotations

from devrel.agreements import ManagerCommitment
from devrel.kinds import PERSONAL, Item, ViewerRole
from devrel.programs.policies import ManagerAct, Setter
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.rules._kinds import mentoring
from devrel.validation.validator import Flaws, Validator, rule

_REPORTS = frozenset({Item.GOALS, Item.TOPICS, Item.NOTES, Item.RATINGS, Item.ADVOCACY})
_FEWEST = 5


def _acts(case: Case, act: ManagerAct) -> bool:
    program = case.program
    return program is not None and act in (program.visibility.manager_acts or ())


@rule(
    "V001",
    "the manager receives reports from the mentor",
    severity=Severity.ERROR,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="A mentor who reports on progress is a second manager. The mentee no longer says what really holds her "
    "back, and the relationship turns to results: coaching disguised as mentoring.",
    remedy="Tell the manager when they meet, and no more; have her suggest focus to the mentee.",
    applies=mentoring,
)
def second_manager(case: Case) -> Flaws:
    """Find mentoring whose agreement, or program, has the manager told of goals, topics or notes."""
    agreed, kind = case.agreement, case.kind
    if agreed is None or kind is None:
        return None
    told = agreed.manager.told
    more = () if told is None else (told & _REPORTS) - kind.manager_sees
    if more:
        named = ", ".join(sorted(item.value for item in more))
        return Flaw("manager.told", f"the manager is told of the {kind.titles.recipient}: {named}")
    if case.relationship is None and _acts(case, ManagerAct.GETS_REPORTS):
        return Flaw("visibility.manager_acts", f"the manager gets reports on progress from the {kind.titles.provider}")
    return None


@rule(
    "V002",
    "the manager deals with the mentor directly",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="The manager should not be involved with her employee's mentor directly: what is developed may lead out "
    "of her own department.",
    remedy="Have the manager speak with the mentee alone, and commit to standing back.",
    applies=mentoring,
)
def direct(case: Case) -> Flaws:
    """Find managers who deal with the mentor, or do not commit to standing back."""
    agreed = case.agreement
    if agreed is None:
        return None
    if case.relationship is None and _acts(case, ManagerAct.TALKS_TO_PROVIDER):
        return Flaw("visibility.manager_acts", f"the manager deals with the {case.titles.provider} directly")
    return _uncommitted(case, ManagerCommitment.STAND_BACK)


@rule(
    "V003",
    "the manager sets requirements instead of suggesting",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="What a manager says about what to focus on is a suggestion to the mentee. As a requirement it makes "
    "the mentoring a part of performance management.",
    remedy="Let the manager suggest, to the mentee alone.",
    applies=mentoring,
)
def requirements(case: Case) -> Flaws:
    """Find managers who set requirements or goals, or do not commit to suggesting alone."""
    program, agreed = case.program, case.agreement
    if agreed is None:
        return None
    if case.relationship is None and program is not None:
        if _acts(case, ManagerAct.SETS_REQUIREMENTS):
            return Flaw("visibility.manager_acts", "the manager sets requirements")
        if program.goals_set_by is Setter.MANAGER:
            return Flaw("program.goals_set_by", "the manager sets the goals")
    return _uncommitted(case, ManagerCommitment.SUGGEST_TO_RECIPIENT_ONLY)


def _uncommitted(case: Case, commitment: ManagerCommitment) -> Flaws:
    """Say that the manager does not commit to something; one who is told nothing need not."""
    agreed = case.agreement
    if agreed is None or commitment in agreed.manager.commits or agreed.manager.told == frozenset():
        return None
    return Flaw("manager.commits", f"the manager does not commit to this: she {commitment.value}")


@rule(
    "V004",
    "notes are shared wider than agreed",
    severity=Severity.ERROR,
    subject=Subject.AGREEMENT,
    source="ccert",
    rationale="Notes, ratings and the reason of an end belong to one party each; no agreement opens them to a manager "
    "or to who pays. A note shared with the program tells of what others said, so they have to allow it.",
    remedy="Take the items out of what others may know; ask the other party before a note goes to the program.",
)
def notes(case: Case) -> Flaws:
    """Find personal items that an agreement opens, and notes shared with the program that another did not allow."""
    agreed = case.agreement
    if agreed is None:
        return None
    found = []
    if agreed.manager.told and not PERSONAL.isdisjoint(agreed.manager.told):
        found.append(Flaw("manager.told", f"the manager is to be told: {_named(agreed.manager.told)}"))
    for number, third in enumerate(agreed.third_parties, 1):
        if not PERSONAL.isdisjoint(third.sees):
            where = f"third_parties[{number}].may_know"
            found.append(Flaw(where, f"who {third.role.value} may know: {_named(third.sees)}"))
    if case.relationship is not None and (shared := case.facts.shared):
        found += _unasked(case, shared)
    return found or None


def _named(items: frozenset[Item]) -> str:
    return ", ".join(sorted(item.value for item in items & PERSONAL))


def _unasked(case: Case, authors: list[str]) -> list[Flaw]:
    """Return that notes went to the program although a party other than their author had not allowed it."""
    one = case.relationship
    if one is None:
        return []
    allowed = {person for person, item, role in one.state.consents if item is Item.NOTES and role is ViewerRole.ADMIN}
    people = {party.person for party in one.state.parties}
    count = sum(not people - {author} <= allowed for author in authors)
    told = "1 note was" if count == 1 else f"{count} notes were"
    return [Flaw("notes", f"{told} shared with the program, and the other party had not allowed it")] if count else []


@rule(
    "V005",
    "aggregates of fewer than five people are shown",
    severity=Severity.ERROR,
    subject=Subject.PROGRAM,
    source="fp",
    rationale="In a group of four, everybody knows who said what. Figures about fewer than five people are not shown.",
    remedy="Set smallest_group to 5 or more.",
)
def small_groups(case: Case) -> Flaws:
    """Find programs that show aggregates of small groups."""
    program = case.program
    if program is None or program.visibility.smallest_group >= _FEWEST:
        return None
    smallest = program.visibility.smallest_group
    return Flaw("visibility.smallest_group", f"aggregates of {smallest} people are shown; {_FEWEST} is the fewest")


@rule(
    "V006",
    "it is not said what the manager does",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="management-mentors",
    rationale="The manager knows when they meet, protects that time, may suggest something to the recipient, and "
    "stands back. Where nobody says so, she will ask for reports.",
    remedy='Say it: [visibility] manager_acts = ["knows-schedule", "suggests"].',
    applies=mentoring,
)
def manager_part(case: Case) -> Flaws:
    """Find programs that leave the manager's part open."""
    program = case.program
    if program is None or program.visibility.manager_acts is not None or "manager" in program.clauses:
        return None
    return Flaw("visibility.manager_acts", "it is not said what the manager does and knows")


@rule(
    "V007",
    "the manager is told more than is usual",
    severity=Severity.ADVICE,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="Each kind says what the recipient's manager sees; mostly that it exists and when it meets. More may be "
    "agreed by the parties, and what it opens they will talk about less freely.",
    remedy="Check that it is meant, and that both sides know it.",
    applies=lambda kind: not mentoring(kind),
)
def told_more(case: Case) -> Flaws:
    """Find items that the manager is told and that the kind does not show her; personal ones are another rule's."""
    agreed, kind = case.agreement, case.kind
    if agreed is None or kind is None or not agreed.manager.told:
        return None
    more = agreed.manager.told - kind.manager_sees - PERSONAL - {Item.EXISTENCE}
    if not more:
        return None
    named = ", ".join(sorted(item.value for item in more))
    return Flaw("manager.told", f"in {kind.name} the manager is usually not told: {named}")


@rule(
    "V008",
    "the manager does not keep the meeting times free",
    severity=Severity.ADVICE,
    subject=Subject.AGREEMENT,
    source="management-mentors",
    rationale="The manager is told of the schedule so that meetings do not disrupt her department, and in turn "
    "supports the time they take.",
    remedy="Have the manager commit to keeping the meeting times free.",
    applies=mentoring,
)
def protected(case: Case) -> Flaws:
    """Find managers who do not commit to protecting the time."""
    return _uncommitted(case, ManagerCommitment.PROTECT_TIME)


RULES: tuple[Validator, ...] = (
    second_manager,
    direct,
    requirements,
    notes,
    small_groups,
    manager_part,
    told_more,
    protected,
)
