"""Rules about a program and the people who enrolled in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from devrel.agreements import CLAUSES, Agreement
from devrel.errors import did_you_mean
from devrel.kinds import Clause, Side, Verdict
from devrel.people import Enrollment
from devrel.programs.design import Program
from devrel.validation._engine import Finding, Severity


def check_program(program: Program, enrollments: Sequence[Enrollment], *, today: date) -> tuple[Finding, ...]:
    """Return what is to be said of a program before it is matched, errors first.

    Args:
        program: The design.
        enrollments: Who takes part.
        today: The day it is judged on.
    """
    found = [
        *_term(program),
        *_agreement(program),
        *_group(program),
        *_start(program, today),
        *_no_session(program),
        *_lifted(program),
        *_empty_side(program, enrollments),
        *_capacity(program, enrollments),
    ]
    return tuple(sorted(found, key=lambda finding: (list(Severity).index(finding.severity), finding.code)))


def check_agreement(program: Program, agreement: Agreement) -> tuple[Finding, ...]:
    """Return what is to be said of an agreement in a program: goals that serve focus areas the program does not have.

    A program without focus areas leaves them to the parties.

    Args:
        program: The design.
        agreement: One version of an agreement of one of its relationships.
    """
    named = dict.fromkeys(area for goal in agreement.goals for area in goal.focus_areas)
    unknown = [area for area in named if program.focus_areas and area not in program.focus_areas]
    return tuple(
        Finding(
            "G001",
            Severity.WARNING,
            "goals.focus_areas",
            f"{area!r} is no focus area of the program",
            did_you_mean(area, program.focus_areas, ordered=True),
            "management-mentors",
        )
        for area in unknown
    )


def _term(program: Program) -> list[Finding]:
    verdict = program.kind.timeline.judge(program.term)
    if verdict is Verdict.FITS:
        return []
    severity = Severity.WARNING if verdict is Verdict.UNUSUAL else Severity.ERROR
    message = f"{program.kind.name} is {program.kind.timeline.text}, and the term is {program.term}"
    return [Finding("A001", severity, "term", message, "Change the term, or choose another kind.", program.kind.source)]


def _agreement(program: Program) -> list[Finding]:
    """Return what the agreement that the program proposes will be short of, or is unusual in."""
    agreement = program.agreement()
    kind = program.kind
    found = []
    for clause in Clause:
        if clause in kind.requires - _BY_THE_PARTIES and not CLAUSES[clause](agreement):
            message = f"the agreement does not say {clause.value}, so no {kind.name} can become active"
            remedy = "Say it in the program's [agreement], or have the parties amend it before they start."
            found.append(Finding("A002", Severity.WARNING, "agreement", message, remedy, kind.source))
    told = {finding.message for finding in _term(program)}
    remarks = [remark for remark in agreement.unusual_for(kind) if remark not in told]
    remedy = "Check that it is meant."
    return [*found, *(Finding("A003", Severity.ADVICE, "agreement", one, remedy, kind.source) for one in remarks)]


_BY_THE_PARTIES = frozenset({Clause.AIM, Clause.SCOPE, Clause.BENEFIT, Clause.PLAN})
"""What only the parties themselves can say; a program need not."""


def _group(program: Program) -> list[Finding]:
    """Return that a matching of pairs makes no groups."""
    if not program.kind.composition.group:
        return []
    message = f"{program.kind.name} takes {program.kind.composition.text}, and the matching makes pairs"
    remedy = f"Choose {program.kind.base}, or propose the groups yourself: Relationship.propose takes any parties."
    return [Finding("D005", Severity.ERROR, "program.kind", message, remedy, program.kind.source)]


def _start(program: Program, today: date) -> list[Finding]:
    if program.term.start >= today:
        return []
    message = f"the program starts on {program.term.start}, which lies before {today}"
    return [
        Finding("D003", Severity.WARNING, "term.start", message, "Check the start, or the date of today.", "devrel")
    ]


def _no_session(program: Program) -> list[Finding]:
    if program.cadence.occurrences(program.term, until=program.term.end or program.term.start + _A_YEAR):
        return []
    message = f"no session falls into the term: {program.term}, {program.cadence}"
    return [Finding("D004", Severity.WARNING, "cadence", message, "Change the term or the cadence.", "devrel")]


_A_YEAR = timedelta(days=365)


def _lifted(program: Program) -> list[Finding]:
    remedy = f"Say in the program's purpose why, or do without: {program.kind.name} brings it for a reason."
    return [
        Finding("P001", Severity.ADVICE, "matching.lift", f"{name!r} is lifted", remedy, program.kind.source)
        for name in program.lifted
    ]


def _empty_side(program: Program, enrollments: Sequence[Enrollment]) -> list[Finding]:
    remedy = "Check the conditions, the roles in the tables, and the words for taking part."
    return [
        Finding(
            "D002", Severity.ERROR, f"{side.value}s", f"there are no {program.titles.of(side, 2)}", remedy, "devrel"
        )
        for side in (Side.RECIPIENT, Side.PROVIDER)
        if not any(enrollment.takes(side) for enrollment in enrollments)
    ]


def _capacity(program: Program, enrollments: Sequence[Enrollment]) -> list[Finding]:
    offered = sum(enrollment.takes(Side.PROVIDER) for enrollment in enrollments)
    wanted = sum(enrollment.takes(Side.RECIPIENT) for enrollment in enrollments)
    if offered >= wanted or not offered:
        return []
    message = f"{wanted} places are wanted and the {program.titles.providers} offer {offered}"
    remedy = f"Win more {program.titles.providers}, raise their capacity, or tell people about the queue."
    return [Finding("D001", Severity.WARNING, "providers.capacity", message, remedy, "smart-meetings")]
