"""What a rule looks at: one frozen case, with everything around it that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from devrel._records import a
from devrel.agreements import Agreement
from devrel.kinds import RelationshipKind, Titles
from devrel.matching.problem import MatchingProblem
from devrel.matching.result import Matching
from devrel.people import Enrollment, Organization, Person
from devrel.programs.design import Program
from devrel.relationships import Relationship
from devrel.validation._facts import Facts, facts_of

if TYPE_CHECKING:
    from devrel.programs.feasibility import Feasibility


class Subject(Enum):
    """What a rule judges."""

    KIND = "kind"
    PROGRAM = "program"
    PEOPLE = "people"
    ENROLLMENT = "enrolment"
    PAIRING = "pairing"
    AGREEMENT = "agreement"
    RELATIONSHIP = "relationship"
    MATCHING = "matching"


@frozen
class Pairing:
    """Two people who are, or may be, brought together.

    Attributes:
        kind: The kind of relationship.
        recipient: Who receives.
        provider: Who gives.
    """

    kind: RelationshipKind = field(validator=a(RelationshipKind))
    recipient: Person = field(validator=a(Person))
    provider: Person = field(validator=a(Person))


@frozen(slots=False)
class Surroundings:
    """What is known around a case; the same for all cases of one check.

    Attributes:
        program: The program, or None.
        people: The organisation, or None.
        enrollments: Who takes part, by person; None where that is not known.
        relationships: All relationships that were given, of this program and others; None where none were.
        problem: The matching problem, or None.
        kinds: The kinds there are beside the one judged, by name.
        matching: The matching that is judged, or None.
    """

    program: Program | None = None
    people: Organization | None = None
    enrollments: Mapping[str, Enrollment] | None = None
    relationships: tuple[Relationship, ...] | None = None
    problem: MatchingProblem | None = None
    kinds: Mapping[str, RelationshipKind] = field(factory=dict)
    matching: Matching | None = None

    @cached_property
    def by_person(self) -> Mapping[str, Sequence[Relationship]]:
        """In which of the relationships each person stands, now or before; gathered when the first rule asks."""
        found: dict[str, list[Relationship]] = {}
        for one in self.relationships or ():
            for person in dict.fromkeys(party.person for party in one.state.parties):
                found.setdefault(person, []).append(one)
        return found

    @cached_property
    def matched(self) -> Mapping[str, Sequence[str]]:
        """Which recipients the matching gives to each provider; gathered when the first rule asks."""
        found: dict[str, list[str]] = {}
        for pair in () if self.matching is None else self.matching.pairs:
            found.setdefault(pair.provider, []).append(pair.recipient)
        return found

    @cached_property
    def feasibility(self) -> Feasibility | None:
        """Whether the program can work with these people; None where something is not known. Looked at once."""
        from devrel.programs.feasibility import feasibility

        if self.program is None or self.people is None or self.enrollments is None:
            return None
        here = [one for one in self.enrollments.values() if one.person in self.people]
        return feasibility(self.program, self.people, here)


@frozen(slots=False)
class Case:
    """One thing to judge, and what is known around it. What is not known is None.

    Attributes:
        today: The day it is judged on.
        around: What is known around it.
        kind: The kind of relationship, or the kind that is judged itself.
        agreement: The agreement; the one that holds, where a relationship is judged.
        relationship: The relationship.
        enrollment: The enrolment.
        recipient: Who receives, where a pair is judged.
        provider: Who gives, where a pair is judged.
        matching: The matching.
    """

    today: date
    around: Surroundings = field(factory=Surroundings, repr=False)
    kind: RelationshipKind | None = None
    agreement: Agreement | None = None
    relationship: Relationship | None = None
    enrollment: Enrollment | None = None
    recipient: Person | None = None
    provider: Person | None = None
    matching: Matching | None = None

    @property
    def program(self) -> Program | None:
        """The program around it."""
        return self.around.program

    @property
    def people(self) -> Organization | None:
        """The organisation around it."""
        return self.around.people

    @property
    def titles(self) -> Titles:
        """What the two sides are called; neutral words where no kind is known."""
        return _NEUTRAL if self.kind is None else self.kind.titles

    @property
    def facts(self) -> Facts:
        """What the history of the relationship adds up to; gathered once, for all rules.

        Raises:
            AttributeError: When the case has no relationship.
        """
        known: Facts | None = self.__dict__.get("_facts")
        if known is None:
            if self.relationship is None:
                raise AttributeError("the case has no relationship, so it has no facts")
            known = facts_of(self.relationship)
            self.__dict__["_facts"] = known
        return known


_NEUTRAL = Titles("provider", "recipient")
_BLANK: dict[str, Any] = {
    "kind": None,
    "agreement": None,
    "relationship": None,
    "enrollment": None,
    "recipient": None,
    "provider": None,
    "matching": None,
}


def fast_case(today: date, around: Surroundings, **known: Any) -> Case:
    """Return a case without going through the initialiser; a check makes one for each of many relationships."""
    made = object.__new__(Case)
    data = made.__dict__
    data["today"] = today
    data["around"] = around
    data.update(_BLANK)
    data.update(known)
    return made
