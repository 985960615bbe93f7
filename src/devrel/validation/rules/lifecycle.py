"""Rules about where a relationship stands: silent, overdue, paused for too long, left behind, above capacity."""

from __future__ import annotations

from datetime import timedelta

from devrel._display import counted
from devrel.kinds import Side
from devrel.lifecycle import LIVE_STAGES, Ended, EndReason, Left, Stage, State
from devrel.programs.design import Program
from devrel.relationships import Relationship
from devrel.validation._facts import unaccepted
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.validator import Flaws, Validator, rule

_SILENT_DAYS = 28
_UNANSWERED = (Stage.PROPOSED, Stage.AGREEING)


@rule(
    "L001",
    "nothing is heard of it",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="exf",
    rationale="Relationships rarely end with a word; they fall silent. Four weeks after the next meeting would have "
    "been due, somebody should ask.",
    remedy="Ask the parties whether it goes on; pause it or bring it to its end otherwise.",
)
def silent(case: Case) -> Flaws:
    """Find active relationships without a sign of life for four weeks beyond their rhythm."""
    one = case.relationship
    if one is None or one.state.stage is not Stage.ACTIVE:
        return None
    state = one.state
    agreed = state.agreement
    if agreed.term.single:
        return None
    since = max(state.contact.date(), agreed.term.start)
    days = (case.today - since).days
    return Flaw("history", f"nothing is recorded since {since}") if days > agreed.cadence.days + _SILENT_DAYS else None


@rule(
    "L002",
    "its term is over and it is still open",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="sn-prog",
    rationale="A relationship beyond its agreed end is one that nobody closed. It counts as running, holds capacity, "
    "and nobody looks back on it.",
    remedy="Complete it, or extend it with the acceptance of both sides.",
)
def overdue(case: Case) -> Flaws:
    """Find live relationships beyond their last day."""
    one = case.relationship
    if one is None or one.state.stage not in LIVE_STAGES:
        return None
    end = one.state.agreement.term.end
    return Flaw("term.end", f"the term ended on {end}") if end is not None and case.today > end else None


@rule(
    "L003",
    "a pause is over and nobody resumed",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="devrel",
    rationale="A pause has a since and an until, and leaves the figures while it lasts. Beyond its until it is no "
    "pause but a silence.",
    remedy="Resume it, agree on a later day, or bring it to its end.",
)
def paused(case: Case) -> Flaws:
    """Find pauses beyond their agreed end."""
    one = case.relationship
    if one is None or one.state.stage is not Stage.PAUSED:
        return None
    until = one.state.paused_until
    return Flaw("pause", f"the pause was to end on {until}") if until is not None and case.today > until else None


@rule(
    "L004",
    "the partner of a leaver was left behind",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="sf-kba",
    rationale="Where somebody leaves the organisation, platforms leave the relationship open or simply end it; the "
    "one who stays waits without knowing.",
    remedy="End it with the reason that somebody left, and put the one who stays first in line.",
    needs=("people",),
)
def left_behind(case: Case) -> Flaws:
    """Find open relationships with a leaver, and ended ones whose staying recipient has nobody and is not enrolled."""
    one, people = case.relationship, case.people
    if one is None or people is None:
        return None
    state = one.state
    if not state.stage.final:
        gone = [p.person for p in state.parties if p.person in people and people[p.person].gone(case.today)]
        return Flaw("parties", f"{gone[0]} has left the organisation, and it is still open") if gone else None
    if state.stage is not Stage.ENDED or not _because_left(one):
        return None
    waiting = [person for person in state.people(Side.RECIPIENT) if _waits_unseen(case, person)]
    return Flaw("parties", f"{waiting[0]} stays, has nobody now, and is not enrolled") if waiting else None


def _because_left(one: Relationship) -> bool:
    return any(isinstance(event, Ended | Left) and event.reason is EndReason.LEFT for event in one.history)


def _waits_unseen(case: Case, person: str) -> bool:
    """Whether somebody who stays is neither enrolled as a recipient nor in another open relationship as one."""
    around = case.around
    if around.enrollments is None or around.people is None or person not in around.people:
        return False
    if around.people[person].gone(case.today):
        return False
    enrolled = around.enrollments.get(person)
    if enrolled is not None and enrolled.takes(Side.RECIPIENT):
        return False
    others = (other for other in around.by_person.get(person, ()) if not other.state.stage.final)
    return not any(person in other.state.people(Side.RECIPIENT) for other in others)


@rule(
    "L005",
    "somebody has more relationships than places",
    severity=Severity.WARNING,
    subject=Subject.ENROLLMENT,
    source="devrel",
    rationale="A mentor with one place who accepted two serves neither. Places are checked again when a proposal is "
    "accepted; what is above was accepted around that check, or the places were lowered later. A relationship counts "
    "from the moment all parties have accepted it.",
    remedy="Ask for more places, or find another partner for one of them.",
    needs=("relationships",),
)
def above_capacity(case: Case) -> Flaws:
    """Compare the relationships that somebody has accepted with the places she offers, on each side.

    Whoever gives without being enrolled for it has no place for that; of her places, the program's limit lets count.
    """
    enrollment, program = case.enrollment, case.program
    if enrollment is None:
        return None
    mine = [one.state for one in case.around.by_person.get(enrollment.person, ()) if _taken(one.state, program)]
    found = []
    for side in dict.fromkeys([Side.PROVIDER, *enrollment.role.sides]):
        live = sum(enrollment.person in state.people(side) for state in mine)
        places = enrollment.takes(side)
        if program is not None and side is Side.PROVIDER:
            places = program.capacity.limited(places)
        if live > places:
            has = f"{counted(live, 'relationship')} as {case.titles.of(side)}"
            found.append(Flaw(side.value, f"she has {has}, and {counted(places, 'place')}"))
    return found or None


def _taken(state: State, program: Program | None) -> bool:
    """Whether a relationship of the program takes a place: it runs, or all parties have accepted it."""
    if program is not None and state.program != program.name:
        return False
    return state.stage in LIVE_STAGES or (state.stage is Stage.AGREEING and not unaccepted(state))


@rule(
    "L006",
    "it is active without an accepted agreement",
    severity=Severity.ERROR,
    subject=Subject.RELATIONSHIP,
    source="icf-12",
    rationale="Before it starts, everybody agrees on roles, confidentiality and what it is for. A relationship that "
    "runs without that binds nobody. The table of moves refuses it; a store that writes states by itself may not.",
    remedy="Put the agreement to everybody, and pause until all have accepted.",
)
def accepted(case: Case) -> Flaws:
    """Find live relationships in which somebody has not accepted the version that holds."""
    one = case.relationship
    if one is None or one.state.stage not in LIVE_STAGES:
        return None
    state = one.state
    missing = case.facts.unaccepted
    if not missing:
        return None
    version = state.agreement.version
    return Flaw("agreement", f"{missing} of {len(state.parties)} parties have not accepted version {version}")


@rule(
    "L007",
    "a proposal is open beyond its day",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="ml-loops",
    rationale="A proposal nobody answers holds a place, and makes others wait. It has a day by which to answer.",
    remedy="Let it expire, and match the people again.",
)
def unanswered(case: Case) -> Flaws:
    """Find proposals that nobody answered in time."""
    one = case.relationship
    if one is None or one.state.stage not in _UNANSWERED or one.state.respond_by is None:
        return None
    day = one.state.respond_by.date()
    return Flaw("respond_by", f"it was to be answered by {day}") if case.today > day else None


@rule(
    "L008",
    "it ended within a month of its start",
    severity=Severity.ADVICE,
    subject=Subject.RELATIONSHIP,
    source="lf",
    rationale="An end within thirty days says more of the match, or of how people were prepared, than of the people.",
    remedy="Ask both what did not fit, and match them again with priority.",
)
def quick_end(case: Case) -> Flaws:
    """Find relationships that ended without fault soon after their start."""
    one = case.relationship
    if one is None or one.state.stage is not Stage.ENDED or one.state.agreement.term.single:
        return None
    state = one.state
    if state.activated is None or state.finished is None or state.finished - state.activated >= timedelta(days=30):
        return None
    days = (state.finished - state.activated).days
    return Flaw("history", f"it ended {days} {'day' if days == 1 else 'days'} after its start")


RULES: tuple[Validator, ...] = (
    silent,
    overdue,
    paused,
    left_behind,
    above_capacity,
    accepted,
    unanswered,
    quick_end,
)
