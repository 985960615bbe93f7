"""Checks something: makes out what is asked about what, and what is known around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attrs import evolve

from devrel.agreements import Agreement
from devrel.errors import InvalidValue
from devrel.kinds import KINDS, RelationshipKind
from devrel.matching.problem import MatchingProblem
from devrel.matching.result import Matching
from devrel.people import Enrollment, Organization, Person
from devrel.programs.design import Program
from devrel.relationships import Relationship
from devrel.validation._asking import Asking
from devrel.validation.book import Rulebook, choose, rulebook
from devrel.validation.case import Pairing, Surroundings
from devrel.validation.finding import Severity
from devrel.validation.report import Report


def check(
    subject: object,
    *,
    program: Program | None = None,
    kind: RelationshipKind | None = None,
    people: Organization | Iterable[Person] | None = None,
    enrollments: Iterable[Enrollment] | None = None,
    relationships: Iterable[Relationship] | None = None,
    matching: Matching | None = None,
    problem: MatchingProblem | None = None,
    kinds: Iterable[RelationshipKind] = KINDS,
    select: Iterable[str] | None = (),
    ignore: Mapping[str, str] | Iterable[str] | None = (),
    severities: Mapping[str, Severity | str] | None = None,
    rules: Rulebook | None = None,
    today: date,
) -> Report:
    """Judge something by all rules that have a say in it.

    The more is known, the more rules can judge: those that need something that is not given are left out, and the
    report says which.

    Args:
        subject: A program, a kind, an agreement (with ``kind``), a relationship or several, a pairing, an enrolment, a
            matching, or an organisation: its people, and with them the enrolments and the pairs of the relationships
            that are given.
        program: The program around the subject; what its ``checks`` say holds beside what is said here.
        kind: The kind of an agreement, or of the pairs of a matching; the program's own unless given.
        people: The organisation around it.
        enrollments: Who takes part.
        relationships: Relationships of this program and others. With a program as the subject, those of it and those
            of no program are judged as well; the report counts the others.
        matching: A result; with a program as the subject it is judged as well.
        problem: The problem that the matching answers.
        kinds: The kinds there are; a kind that is judged is compared with those of its name and with its base.
        select: Codes or letters of families; where it is empty or None, what the program says, and else everything.
        ignore: Codes or letters to leave out; a mapping gives the reason of each, and an error needs one. None is none.
        severities: Codes or letters that are more or less grave than usual; a code counts more than its letter.
        rules: The rules; those of the library and of installed packages unless given.
        today: The day it is judged on.

    Raises:
        InputError: For unknown codes and severities, and for errors that are ignored without a reason.
        InvalidValue: When the subject is nothing that can be judged, or an argument is of another type.

    >>> from datetime import date
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import COACHING
    >>> from devrel.terms import Term
    >>> endless = Agreement.draft(COACHING, date(2026, 1, 5), term=Term(date(2026, 1, 5)))
    >>> check(endless, kind=COACHING, select=["A005"], today=date(2026, 1, 5)).codes
    ('A005',)
    """
    subjects = list(subject) if isinstance(subject, list | tuple) else [subject]
    program = _program(subjects, program)
    _check(program=program, kind=kind, matching=matching, problem=problem, rules=rules, today=today)
    organization = _organization(subjects, people)
    book = rulebook() if rules is None else rules
    choice = choose(
        book,
        policy=None if program is None else program.checks,
        select=select,
        ignore=ignore,
        severities=severities,
    )
    subjects, known = _merged(subjects, _listed(relationships, Relationship, "relationships"))
    enrolled = _listed(enrollments, Enrollment, "enrollments")
    results = [one for one in subjects if isinstance(one, Matching)]
    around = Surroundings(
        program,
        organization,
        None if enrolled is None else {one.person: one for one in enrolled},
        known,
        problem,
        {one.name: one for one in _listed(kinds, RelationshipKind, "kinds") or ()},
        results[0] if len(results) == 1 else matching,
    )
    asking = Asking(choice, around, today)
    own = kind if kind is not None else None if program is None else program.kind
    for one in subjects:
        if isinstance(one, Program):
            asking.program(one, matching, enrolled)
        elif isinstance(one, Organization):
            asking.people(own, enrolled)
        else:
            _judge(asking, one, own)
    return evolve(asking.report(), broken=book.broken)


def _program(subjects: list[Any], program: Program | None) -> Program | None:
    """Return the program that is judged or stands around what is judged; there is one at most."""
    judged = [one for one in subjects if isinstance(one, Program)]
    if len(judged) > 1 or (judged and program is not None and program != judged[0]):
        raise InvalidValue("program", "is given more than once", "check one program after the other")
    return judged[0] if judged else program


def _organization(subjects: list[Any], people: Organization | Iterable[Person] | None) -> Organization | None:
    """Return the organisation that is judged or stands around what is judged; there is one at most."""
    judged = [one for one in subjects if isinstance(one, Organization)]
    if len(judged) + (people is not None) > 1:
        raise InvalidValue("people", "are given more than once", "give one organisation, with everybody in it")
    if judged:
        return judged[0]
    if isinstance(people, Organization):
        return people
    listed = _listed(people, Person, "people")
    return None if listed is None else Organization(listed)


def _check(*, today: object, **given: object) -> None:
    if isinstance(today, datetime) or not isinstance(today, date):
        raise InvalidValue("today", "must be a date", "give a datetime.date, without a time of day")
    for name, value in given.items():
        if not isinstance(value, _TYPES[name] | None):
            raise InvalidValue(name, f"must be a {_TYPES[name].__name__}", "give one, or leave it out")


_TYPES: dict[str, type] = {
    "program": Program,
    "kind": RelationshipKind,
    "matching": Matching,
    "problem": MatchingProblem,
    "rules": Rulebook,
}


def _listed(given: Any, kind: type, name: str) -> tuple[Any, ...] | None:
    if given is None:
        return None
    found = tuple(given) if isinstance(given, Iterable) else (None,)
    if not all(isinstance(one, kind) for one in found):
        raise InvalidValue(name, f"must be instances of {kind.__name__}", "give a list of them, or leave it out")
    return found


def _merged(
    subjects: list[Any], given: tuple[Relationship, ...] | None
) -> tuple[list[Any], tuple[Relationship, ...] | None]:
    """Return what is judged, and all relationships there are, with each relationship once.

    Those that are judged are among all of them, and know of one another.
    """
    own = _once(one for one in subjects if isinstance(one, Relationship))
    others = [one for one in subjects if not isinstance(one, Relationship)]
    if given is None and not own:
        return others, None
    return [*others, *own.values()], tuple({**_once(given or ()), **own}.values())


def _once(relationships: Iterable[Relationship]) -> dict[str, Relationship]:
    found: dict[str, Relationship] = {}
    for one in relationships:
        if found.setdefault(one.state.relationship, one) is not one and found[one.state.relationship] != one:
            wrong = f"{one.state.relationship!r} is there twice, with different histories"
            raise InvalidValue("relationships", wrong, "give the newest one")
    return found


def _judge(asking: Asking, one: object, kind: RelationshipKind | None) -> None:
    if isinstance(one, Relationship):
        asking.relationship(one)
    elif isinstance(one, RelationshipKind):
        asking.kind(one)
    elif isinstance(one, Agreement):
        if kind is None:
            raise InvalidValue("kind", "must be given for an agreement", "say which kind it is for: kind=MENTORING")
        asking.agreement(one, kind, "agreement")
    elif isinstance(one, Pairing):
        asking.pairing(one)
    elif isinstance(one, Enrollment):
        asking.enrollment(one, kind)
    elif isinstance(one, Matching):
        asking.matching(one, kind)
    elif isinstance(one, Person):
        remedy = "give an Organization of everybody, or Pairing(kind, recipient, provider) for two of them"
        raise InvalidValue("subject", "a person alone cannot be judged", remedy)
    else:
        kinds = (
            "a program, a kind, an agreement, a relationship, a pairing, an enrolment, a matching or an organisation"
        )
        raise InvalidValue("subject", f"{type(one).__name__} is nothing that can be judged", f"give {kinds}")
