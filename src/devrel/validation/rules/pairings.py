"""Rules about two people who are brought together: lines of reporting, distance, conflicts, history."""

from __future__ import annotations

from collections.abc import Iterator

from devrel.kinds import RelationshipKind, Side
from devrel.lifecycle import Stage
from devrel.matching.constraints import AboveInLevel, OwnManager, UpperLevelOrExternal
from devrel.matching.rules import Candidate
from devrel.people import Organization, Person, Support
from devrel.relationships import Relationship
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.rules._kinds import ahead, by_manager, career_coaching, coaching
from devrel.validation.validator import Flaws, Validator, rule

_UNMADE = frozenset({Stage.DECLINED, Stage.WITHDRAWN, Stage.EXPIRED, Stage.INVALIDATED})
"""Stages of relationships that never began."""


def _accepted(case: Case, conflict: str) -> bool:
    """Whether the parties named a conflict of interest in their agreement and accepted it."""
    return case.agreement is not None and conflict in case.agreement.conflicts


@rule(
    "P001",
    "a constraint that the kind brings is lifted",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="devrel",
    rationale="A kind brings constraints for a reason that its source gives. A program may lift one; then the people "
    "who run it should know what they gave up.",
    remedy="Say in the program's purpose why, or do without.",
)
def lifted(case: Case) -> Flaws:
    """Name every constraint that the program lifts."""
    program = case.program
    if program is None or not program.lifted:
        return None
    return [Flaw("matching.lift", f"{name!r} is lifted, which {program.kind.name} brings") for name in program.lifted]


@rule(
    "P002",
    "the provider is the recipient's manager",
    severity=Severity.WARNING,
    subject=Subject.PAIRING,
    source="culture-wizard",
    rationale="A mentor is usually not the direct leader: she gives a view from beyond the present job, and hears what "
    "a manager would not.",
    remedy="Match with somebody else; in coaching, there is a kind for managers.",
    needs=("people",),
    applies=lambda kind: not by_manager(kind),
)
def own_manager(case: Case) -> Flaws:
    """Find pairs of an employee and her manager, unless the program, or its school, asks for just that."""
    one, other = case.recipient, case.provider
    if one is None or other is None or one.manager != other.id or _accepted(case, "not-own-manager"):
        return None
    if _asks_for_managers(case):
        return None
    told = f"the {case.titles.provider} is the manager of the {case.titles.recipient}; this is usually not so"
    instead = ", or choose manager-coaching" if case.kind is not None and coaching(case.kind) else ""
    return Flaw("pairing", told, f"Match the {case.titles.recipient} with somebody else{instead}.")


def _asks_for_managers(case: Case) -> bool:
    """Whether the program makes relationships of this kind, and of employees and their managers alone."""
    program = case.program
    same = program is not None and case.kind == program.kind
    return same and program is not None and any(isinstance(one, OwnManager) for one in program.constraints)


@rule(
    "P003",
    "the two are in one line of reporting",
    severity=Severity.WARNING,
    subject=Subject.PAIRING,
    source="utah-ucan",
    rationale="Where one stands above the other, what is said may cost something. Pairs from different departments "
    "keep any difference in power out of it.",
    remedy="Match across lines of reporting.",
    needs=("people",),
    applies=lambda kind: not by_manager(kind),
)
def one_line(case: Case) -> Flaws:
    """Find pairs in which one is above the other, further up than a direct manager or the other way round."""
    one, other, people = case.recipient, case.provider, case.people
    if one is None or other is None or people is None or one.manager == other.id:
        return None
    if one.id not in people or other.id not in people or _accepted(case, "not-in-reporting-line"):
        return None
    reverse = case.kind is not None and "below-in-level" in case.kind.constraints
    if other.id in people.chain(one.id):
        return Flaw("pairing", f"the {case.titles.provider} stands above the {case.titles.recipient} in the line")
    if one.id in people.chain(other.id) and not reverse:
        return Flaw("pairing", f"the {case.titles.recipient} stands above the {case.titles.provider} in the line")
    return None


@rule(
    "P004",
    "coach and coachee are of one department",
    severity=Severity.WARNING,
    subject=Subject.PAIRING,
    source="utah-ucan",
    rationale="In career coaching, two people from different departments are paired, so that neither feels that steps "
    "for her own career could harm the other.",
    remedy="Match across departments.",
    applies=coaching,
)
def one_department(case: Case) -> Flaws:
    """Find pairs of one department."""
    one, other = case.recipient, case.provider
    if one is None or other is None or one.department is None or one.department != other.department:
        return None
    if not career_coaching(case) or _accepted(case, "different-department"):
        return None
    return Flaw("pairing", "both are of the same department")


@rule(
    "P005",
    "an executive coach is neither from outside nor of an upper level",
    severity=Severity.WARNING,
    subject=Subject.PAIRING,
    source="culture-wizard",
    rationale="Executive coaching is typically done by an upper-level manager or by somebody from outside.",
    remedy="Match with somebody of a higher level, or from outside.",
    applies=lambda kind: "upper-level-or-external" in kind.constraints,
)
def executive(case: Case) -> Flaws:
    """Find executive coaches who are neither; what is not known is not judged.

    Where nobody's organisation is told, all are taken to be of one.
    """
    one, other = case.recipient, case.provider
    if one is None or other is None or one.level is None or other.level is None:
        return None
    comparable = (one.organization is None) is (other.organization is None)
    if not comparable or not UpperLevelOrExternal().forbids(_candidate(case, one, other)):
        return None
    return Flaw("pairing", f"the {case.titles.provider} is neither from outside nor above in level")


def _candidate(case: Case, one: Person, other: Person) -> Candidate:
    return Candidate(one, other, case.people or _NOBODY)


_NOBODY = Organization(())


@rule(
    "P006",
    "the mentor is not ahead of the mentee",
    severity=Severity.WARNING,
    subject=Subject.PAIRING,
    source="utah-ucan",
    rationale="Mentor and mentee share a path, and the mentor is further along it; often she is more senior. Peers and "
    "reverse mentoring are kinds of their own.",
    remedy="Match with somebody of a higher level, or call it peer or reverse mentoring.",
    applies=ahead,
)
def not_ahead(case: Case) -> Flaws:
    """Find mentors of a level that is not above the mentee's; an unknown level is not judged."""
    one, other = case.recipient, case.provider
    if one is None or other is None or one.level is None or other.level is None:
        return None
    if not AboveInLevel().forbids(_candidate(case, one, other)):
        return None
    return Flaw(
        "pairing", f"the {case.titles.provider} is of level {other.level}, the {case.titles.recipient} of {one.level}"
    )


@rule(
    "P007",
    "somebody is paired with herself",
    severity=Severity.ERROR,
    subject=Subject.PAIRING,
    source="devrel",
    rationale="Nobody develops a relationship with herself; the tables have one person under both roles.",
    remedy="Correct the ids.",
)
def with_herself(case: Case) -> Flaws:
    """Find pairs of one person."""
    one, other = case.recipient, case.provider
    return (
        Flaw("pairing", "both are the same person")
        if one is not None and other is not None and one.id == other.id
        else None
    )


@rule(
    "P008",
    "one evaluates the other",
    severity=Severity.WARNING,
    subject=Subject.PAIRING,
    source="icf-lq",
    rationale="Conflicts of interest are disclosed. Whoever sits on the panel that decides on somebody's pay or "
    "promotion cannot be the one to whom she says what she finds hard.",
    remedy="Match with somebody else, or have both name the conflict in their agreement and accept it.",
)
def evaluates(case: Case) -> Flaws:
    """Find pairs in which one evaluates the other, or sits on a panel that does.

    The attribute ``evaluates`` lists ids of people, ``panels`` names of panels somebody sits on, and ``evaluated_by``
    names of panels that decide about somebody.
    """
    one, other = case.recipient, case.provider
    if one is None or other is None or not (one.attributes or other.attributes):
        return None
    if _evaluates(other, one) or _evaluates(one, other):
        return (
            None if _accepted(case, "evaluation") else Flaw("pairing", "one of the two sits on the other's evaluation")
        )
    return None


def _evaluates(judge: Person, judged: Person) -> bool:
    return judged.id in _texts(judge, "evaluates") or not _texts(judge, "panels").isdisjoint(
        _texts(judged, "evaluated_by")
    )


def _texts(person: Person, attribute: str) -> frozenset[str]:
    value = person.attributes.get(attribute)
    return frozenset(value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ())


@rule(
    "P009",
    "two clients of one coach are in one line of reporting",
    severity=Severity.ADVICE,
    subject=Subject.PAIRING,
    source="icf-th",
    rationale="A coach of a manager and of somebody who reports to her hears each speak of the other. Conflicts of "
    "interest are the dilemma that coaches name most often.",
    remedy="Give one of the two another coach, or have all three agree on it.",
    needs=("people",),
    applies=coaching,
)
def clients(case: Case) -> Flaws:
    """Find coaches with another client above or below this one, in relationships and in the matching that is judged."""
    one, other, people = case.recipient, case.provider, case.people
    if one is None or other is None or people is None or one.id not in people:
        return None
    around = case.around
    if case.relationship is not None and not around.matched and len(around.by_person.get(other.id, ())) < 2:
        return None  # as in most relationships: it is the only one
    clients = [client for client in _clients(case, other.id) if client != one.id and client in people]
    above = people.chain(one.id)
    for client in clients:
        where = "above" if client in above else "below" if one.id in people.chain(client) else ""
        if where:
            titles = case.titles
            told = f"the {titles.provider} also works with somebody {where} the {titles.recipient} in the line"
            return Flaw("pairing", told)
    return None


def _clients(case: Case, coach: str) -> Iterator[str]:
    """Yield whom somebody coaches, and whom the matching gives her to coach."""
    for relationship in case.around.by_person.get(coach, ()):
        state = relationship.state
        if not state.stage.final and coaching(state.kind) and coach in state.people(Side.PROVIDER):
            yield from state.people(Side.RECIPIENT)
    if case.program is None or coaching(case.program.kind):
        yield from case.around.matched.get(coach, ())


@rule(
    "P010",
    "the two were together before",
    severity=Severity.ADVICE,
    subject=Subject.PAIRING,
    source="lf",
    rationale="A second time may be what both want; more often it is a match that nobody looked at, and others wait.",
    remedy="Ask both; otherwise match them with somebody new.",
    needs=("relationships",),
)
def before(case: Case) -> Flaws:
    """Find pairs who were, or are, in another relationship of the same way of helping."""
    one, other = case.recipient, case.provider
    if one is None or other is None:
        return None
    mine = case.around.by_person.get(other.id, ())
    if not mine:
        return None
    for relationship in mine:
        if _was(relationship, one.id, other.id, case.kind) and _earlier(relationship, case.relationship):
            return Flaw("pairing", "the two were together before")
    return None


def _was(relationship: Relationship, recipient: str, provider: str, kind: RelationshipKind | None) -> bool:
    state = relationship.state
    return (
        state.stage not in _UNMADE
        and (kind is None or state.kind.mode is kind.mode)
        and recipient in state.people(Side.RECIPIENT)
        and provider in state.people(Side.PROVIDER)
    )


def _earlier(relationship: Relationship, than: Relationship | None) -> bool:
    """Whether a relationship was proposed before another one; every one is, where the other is not made yet."""
    if than is None:
        return True
    if relationship.state.relationship == than.state.relationship:
        return False
    return relationship.history[0].at < than.history[0].at


@rule(
    "P011",
    "one hopes for what the other will not give",
    severity=Severity.WARNING,
    subject=Subject.AGREEMENT,
    source="smart-meetings",
    rationale="Begin with what the one hopes to get - introductions, a perspective, preparation for a promotion - and "
    "what the other is willing to give in time and recommendations.",
    remedy="Talk about it before the start, and write down what remains.",
)
def hopes(case: Case) -> Flaws:
    """Compare hopes and offers; where nothing is said of offers at all, nothing that is hoped for is offered."""
    agreed = case.agreement
    if agreed is None or not agreed.hopes or agreed.hopes <= agreed.offers:
        return None
    vain = ", ".join(sorted(one.value for one in agreed.hopes - agreed.offers))
    return Flaw(
        "hopes", f"the {case.titles.recipient} hopes for what the {case.titles.provider} does not offer: {vain}"
    )


@rule(
    "P012",
    "somebody was matched who wants something else than the other gives",
    severity=Severity.WARNING,
    subject=Subject.PAIRING,
    source="smart-meetings",
    rationale="What people hope for and are willing to give is asked when they enrol. Whoever hopes for what the other "
    "does not give will be disappointed, unless the two talk about it first.",
    remedy='Match by hopes and offers: a criterion of the rule \'offered\' with wanted = "hopes", offered = "offers".',
)
def hopes_of_people(case: Case) -> Flaws:
    """Compare what the recipient hopes for and the provider offers, where both say something.

    It is what they said when they enrolled; where that is not known, their attributes ``hopes`` and ``offers``.
    """
    one, other = case.recipient, case.provider
    if one is None or other is None or (case.agreement is not None and case.agreement.hopes):
        return None
    hoped = _said(case, one, "hopes")
    offered = _said(case, other, "offers") if hoped else hoped
    if not offered or hoped <= offered:
        return None
    vain = _shown(hoped - offered)
    return Flaw(
        "pairing", f"the {case.titles.recipient} hopes for what the {case.titles.provider} does not offer: {vain}"
    )


def _said(case: Case, person: Person, what: str) -> frozenset[str]:
    """Return what somebody hopes for or offers, as the tables spell it: by her enrolment, or else by her attribute."""
    enrolled = (case.around.enrollments or {}).get(person.id)
    told: frozenset[Support] = frozenset() if enrolled is None else getattr(enrolled, what)
    if told:
        return frozenset(one.name.lower() for one in told)
    return frozenset(text.strip().lower() for text in _texts(person, what)) - {""}


def _shown(words: frozenset[str]) -> str:
    """Return kinds of support by their names; what people put into words of their own is only counted."""
    known = sorted(one.value for one in Support if one.name.lower() in words)
    own = len(words) - len(known)
    return ", ".join([*known, *([f"{own} in words of her own"] if own else [])])


RULES: tuple[Validator, ...] = (
    lifted,
    own_manager,
    one_line,
    one_department,
    executive,
    not_ahead,
    with_herself,
    evaluates,
    clients,
    before,
    hopes,
    hopes_of_people,
)
