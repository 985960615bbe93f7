"""A program: a design that says who may take part, how they are matched and what they are offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from attrs import Attribute, field, fields, frozen

from devrel._records import a, article, as_set, as_tuple, between, filled_text, optional, read_only, set_of, tuple_of
from devrel.agreements import Agreement
from devrel.errors import InvalidValue, did_you_mean
from devrel.kinds import RelationshipKind, Side, Titles
from devrel.lifecycle import Origin
from devrel.matching.brought import constraint_named
from devrel.matching.constraints import Constraint
from devrel.matching.criteria import Criterion
from devrel.matching.worth import Objective
from devrel.people import Capacity, Enrollment, Organization, Person, Role
from devrel.programs.intake import AttributeSpec, Intake, LeftOut, Register, TableSpec, Words, spec_of
from devrel.programs.policies import (
    Aim,
    Budget,
    CapacityPolicy,
    CheckPolicy,
    Decider,
    FocusArea,
    Measurement,
    OngoingSupport,
    Participation,
    Preparation,
    Process,
    Reach,
    Rematching,
    Setter,
    VisibilityPolicy,
    Window,
)
from devrel.programs.said import FACTS, facts_of
from devrel.terms import Cadence, Term

if TYPE_CHECKING:
    from devrel.programs.feasibility import Feasibility

CLAUSE_FIELDS = frozenset(one.name for one in fields(Agreement)) - {
    "term",
    "cadence",
    "minutes",
    "purpose",
    "goals",
    "version",
}
"""The fields of an agreement that a program may fill for all; the others have a place of their own."""


def _known_facts(_: object, attribute: Attribute[Mapping[str, str]], given: Mapping[str, str]) -> None:
    for name in given:
        if name not in FACTS:
            raise InvalidValue(attribute.name, f"{name!r} is nothing people say", did_you_mean(name, FACTS))


def _areas(given: Iterable[FocusArea | str]) -> tuple[FocusArea, ...]:
    """Return focus areas; a name alone is a competency of that name."""
    return tuple(FocusArea(one) if isinstance(one, str) else one for one in as_tuple(given))


@frozen
class Program:
    """The design of a program. It is all a matching problem needs to know (a ``ProblemSpec``).

    Attributes:
        name: The program's name.
        kind: The kind of relationship it makes.
        term: From when to when its relationships run.
        cadence: How often they meet.
        minutes: The length of a session.
        purpose: What it is for, in words that go into every agreement.
        contact: The address of the people who run it, or None.
        recipients: Who may be a recipient.
        providers: Who may be a provider.
        rules: The program's own constraints.
        school: The name of the kind's school that the program follows where the field disagrees, or None.
        lifted: The names of the constraints of the kind and the school that do not apply here.
        criteria: What makes a pair good.
        strategy: The name of the matching strategy.
        parameters: Its parameters.
        objective: What the best matching is.
        seed: The seed of the tie lottery.
        answer_days: After how many days without an answer a proposal expires.
        clauses: What every agreement says, by the name of its field; the program says the rest by itself.
        focus_areas: What the organisation holds important; goals may refer to them by name (management-mentors).
        holidays: The days on which nobody meets.
        aims: What the organisation wants to bring about with it.
        process: The steps, and how people are told.
        participation: Voluntary or mandatory; None where it is not said.
        decided_by: Who decides who is matched with whom; None where it is not said.
        rematching: What happens when a match does not work; None where it is not said.
        measurement: What it measures, and with what it compares.
        platforms: The tools it runs on.
        windows: When people may enrol.
        preparation: How people are prepared.
        support: How those who give are supported.
        capacity: What one person may be asked to carry.
        visibility: What the manager does, and how small a group may be shown.
        reach: How remote people are reached.
        performance_boundary: How it is kept apart from performance management, in words.
        welcomes: Which relationships beside the matched ones it welcomes: informal ones, those spun off from a group.
        goals_set_by: Who sets the goals; None for what the kind says.
        demands_end: Whether every relationship must have an end.
        budget: What it may cost, or None.
        checks: Which rules it wants to be judged by.
        said: Which attribute of a person says what she said when she enrolled, by the name of the field.
        attributes: How attributes are read, by name.
        tables: The people tables.
        words: The words their cells use.

    Raises:
        InvalidValue: When a constraint is lifted that the kind does not bring, the kind has no such school, or a clause
            is none.
    """

    name: str = field(validator=filled_text)
    kind: RelationshipKind = field(validator=a(RelationshipKind))
    term: Term = field(validator=a(Term))
    cadence: Cadence = field(factory=Cadence, validator=a(Cadence))
    minutes: int = field(default=60, validator=between(5, 480))
    purpose: str = field(default="", validator=a(str))
    contact: str | None = field(default=None, validator=optional(filled_text))
    recipients: Intake = field(factory=Intake, validator=a(Intake))
    providers: Intake = field(factory=Intake, validator=a(Intake))
    rules: tuple[Constraint, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Constraint))
    school: str | None = field(default=None, validator=optional(filled_text))
    lifted: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    criteria: tuple[Criterion, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Criterion))
    strategy: str = field(default="optimal", validator=filled_text)
    parameters: Mapping[str, object] = field(factory=dict, converter=read_only)
    objective: Objective = field(default=Objective.COVER, validator=a(Objective))
    seed: int = field(default=0, validator=a(int))
    answer_days: int = field(default=14, validator=between(1, 3650))
    clauses: Mapping[str, object] = field(factory=dict, converter=read_only, repr=False)
    focus_areas: tuple[FocusArea, ...] = field(default=(), converter=_areas, validator=tuple_of(FocusArea))
    holidays: frozenset[date] = field(default=frozenset(), converter=as_set, validator=set_of(date), repr=False)
    aims: frozenset[Aim] = field(default=frozenset(), converter=as_set, validator=set_of(Aim))
    process: Process = field(factory=Process, validator=a(Process))
    participation: Participation | None = field(default=None, validator=optional(a(Participation)))
    decided_by: Decider | None = field(default=None, validator=optional(a(Decider)))
    rematching: Rematching | None = field(default=None, validator=optional(a(Rematching)))
    measurement: Measurement = field(factory=Measurement, validator=a(Measurement))
    platforms: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    windows: tuple[Window, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Window))
    preparation: Preparation = field(factory=Preparation, validator=a(Preparation))
    support: OngoingSupport = field(factory=OngoingSupport, validator=a(OngoingSupport))
    capacity: CapacityPolicy = field(factory=CapacityPolicy, validator=a(CapacityPolicy))
    visibility: VisibilityPolicy = field(factory=VisibilityPolicy, validator=a(VisibilityPolicy))
    reach: Reach = field(factory=Reach, validator=a(Reach))
    performance_boundary: str = field(default="", validator=a(str))
    welcomes: frozenset[Origin] = field(default=frozenset(), converter=as_set, validator=set_of(Origin))
    goals_set_by: Setter | None = field(default=None, validator=optional(a(Setter)))
    demands_end: bool = field(default=False, validator=a(bool))
    budget: Budget | None = field(default=None, validator=optional(a(Budget)))
    checks: CheckPolicy = field(factory=CheckPolicy, validator=a(CheckPolicy))
    said: Mapping[str, str] = field(factory=dict, converter=read_only, repr=False, validator=_known_facts)
    attributes: Mapping[str, AttributeSpec] = field(factory=dict, converter=read_only, repr=False)
    tables: tuple[TableSpec, ...] = field(default=(), converter=as_tuple, validator=tuple_of(TableSpec), repr=False)
    words: Words = field(factory=Words, validator=a(Words), repr=False)

    def __attrs_post_init__(self) -> None:
        brought = self._brought_names()
        for name in self.lifted:
            if name not in brought:
                remedy = did_you_mean(name, brought) if brought else "It brings no constraint."
                raise InvalidValue("lift", f"{name!r} is nothing that {self.kind.name} brings", remedy)
        for name in self.clauses:
            if name not in CLAUSE_FIELDS:
                raise InvalidValue("clauses", f"{name!r} is no clause of its own", did_you_mean(name, CLAUSE_FIELDS))
        object.__setattr__(self, "clauses", self._stated())
        areas = [area.name for area in self.focus_areas]
        if len(set(areas)) != len(areas):
            raise InvalidValue("focus_areas", "have a name twice", "name each differently")
        names = [rule.name for rule in self.rules]
        if twice := {name for name in names if names.count(name) > 1}:
            raise InvalidValue("rules", f"two are called {min(twice)!r}", "make one rule of them")

    @property
    def answers(self) -> Mapping[str, str]:
        """The six questions every program has to answer, each with the answer; empty where it has none.

        The questions are those of learning-development: the aim, the process and how it is told, voluntary or
        mandatory, the matching and what happens when a match fails, the return, the platforms.

        >>> from datetime import date
        >>> from devrel.kinds import MENTORING
        >>> Program("P", MENTORING, Term(date(2026, 1, 5)), platforms=["video calls"]).answers["platforms"]
        'video calls'
        """
        return six_answers(self)

    def to_markdown(self) -> str:
        """Return the brief of one page that people can read: what it is for, who takes part, and how it goes.

        >>> from datetime import date
        >>> from devrel.kinds import MENTORING
        >>> print(Program("P", MENTORING, Term(date(2026, 1, 5))).to_markdown().splitlines()[0])
        # P
        """
        from devrel.programs.brief import rendered

        return rendered(self)

    def feasibility(self, people: Organization | Iterable[Person], enrollments: Iterable[Enrollment]) -> Feasibility:
        """Return whether there are people, places and hours enough, and which rule costs whom; nobody is matched.

        Args:
            people: Everybody, managers included.
            enrollments: Who takes part.

        Raises:
            InputError: For people who are enrolled twice or not among the people.
        """
        from devrel.programs.feasibility import feasibility

        return feasibility(self, people, enrollments)

    def _stated(self) -> Mapping[str, object]:
        """Return the clauses as an agreement holds them, without those that say nothing."""
        silent = Agreement.draft(self.kind, self.term.start, term=self.term)
        agreed = self.agreement()
        made = {name: getattr(agreed, name) for name in self.clauses}
        return read_only({name: one for name, one in made.items() if one or one != getattr(silent, name)})

    def _brought_names(self) -> tuple[str, ...]:
        """Return the names of the constraints that the kind and the school bring."""
        school = self.kind.school(self.school).constraints if self.school is not None else ()
        return tuple(dict.fromkeys([*self.kind.constraints, *school]))

    def agreement(self, cadence: Cadence | None = None) -> Agreement:
        """Return the agreement that the program proposes; ``cadence`` is its own unless given."""
        return Agreement.draft(
            self.kind,
            self.term.start,
            term=self.term,
            cadence=cadence or self.cadence,
            minutes=self.minutes,
            purpose=self.purpose,
            **self.clauses,
        )

    @property
    def hours_a_month(self) -> float | None:
        """How many hours a month the sessions of a pair take; None for a single session."""
        return None if self.term.single else self.minutes / 60 * self.cadence.times_a_month

    @property
    def titles(self) -> Titles:
        """What the two sides are called."""
        return self.kind.titles

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The constraints of the kind and the school that are not lifted, then the program's own, each once."""
        brought = [_constraint(name) for name in self._brought_names() if name not in self.lifted]
        return tuple({rule.name: rule for rule in [*brought, *self.rules]}.values())

    @property
    def places_at_most(self) -> int | None:
        """How many recipients a provider has at most, whatever she offers; None for no limit."""
        return self.capacity.most

    def enroll(self, register: Register) -> tuple[Enrollment, ...]:
        """Return the enrolments of everybody who wants to take part and may; the others are left out.

        Somebody who takes nobody is no provider, and nobody takes more than the program's ``capacity.most``.

        >>> from datetime import date
        >>> from devrel.kinds import MENTORING
        >>> from devrel.people import Organization
        >>> program = Program("P", MENTORING, Term(date(2026, 1, 5)))
        >>> program.enroll(Register(Organization([Person("a")]), {"a": Role.PROVIDER}))[0].role
        <Role.PROVIDER: 'provider'>
        """
        enrolled = []
        for person in register.organization:
            sides = [side for side in Side if self._admits(person, side, register)]
            if sides:
                capacity = self.capacity.limited(register.capacities.get(person.id, self.providers.capacity))
                role = Role.BOTH if len(sides) > 1 else Role(sides[0].value)
                facts = facts_of(person, self.said)
                enrolled.append(Enrollment(person.id, role, Capacity(capacity), self.recipients.capacity, **facts))
        return tuple(enrolled)

    def left_out(self, register: Register) -> tuple[LeftOut, ...]:
        """Return everybody who asked to stand on a side and is not enrolled there, with the reason."""
        return tuple(
            LeftOut(person.id, side, self._why_not(person, side))
            for person in register.organization
            for side in _asked_sides(register, person.id)
            if not self._admits(person, side, register)
        )

    def _why_not(self, person: Person, side: Side) -> str:
        title = self.titles.of(side)
        begin = f"As {article(title)} {title}:"
        intake = self.providers if side is Side.PROVIDER else self.recipients
        unmet = [
            condition.told(spec_of(condition.attribute, self.attributes).order)
            for condition in intake.where
            if not condition.met_by(person)
        ]
        return f"{begin} the program asks for {'; '.join(unmet)}." if unmet else f"{begin} she takes nobody."

    def _admits(self, person: Person, side: Side, register: Register) -> bool:
        if person.id not in register.roles:
            return False
        wish = register.roles[person.id]
        if wish is not None and side not in wish.sides:
            return False
        if side is Side.PROVIDER and register.capacities.get(person.id) == 0:
            return False
        return (self.providers if side is Side.PROVIDER else self.recipients).admits(person)


def six_answers(program: Program) -> dict[str, str]:
    """Return the answers of a program to the six questions, empty where a part of one is missing."""
    steps, told = _filled(program.process.steps), sorted(channel.value for channel in program.process.told_by)
    aims = sorted(aim.value for aim in program.aims)
    matching = (program.decided_by, program.rematching)
    return {
        "purpose": "; ".join(filter(None, [_open_ended(program.purpose), ", ".join(aims)])),
        "process": f"{'; '.join(steps)} (told by: {', '.join(told)})" if steps and told else "",
        "participation": program.participation.value if program.participation else "",
        "matching": _matching_answer(*matching) if all(matching) else "",
        "return": "; ".join(metric.name for metric in program.measurement.metrics),
        "platforms": ", ".join(one.strip() for one in program.platforms if one.strip()),
    }


def _filled(sentences: Iterable[str]) -> list[str]:
    """Return the sentences that say something, without their full stops."""
    return list(filter(None, map(_open_ended, sentences)))


def _open_ended(sentence: str) -> str:
    """Return a sentence without its full stop, as more follows."""
    return sentence.strip().removesuffix(".")


def _matching_answer(decided_by: Decider | None, rematching: Rematching | None) -> str:
    if decided_by is None or rematching is None:
        return ""
    again = "not matched again" if not rematching.times else f"matched again within {rematching.within_days} days"
    first = ", first in line" if rematching.times and rematching.first_in_line else ""
    decided = decided_by.value if decided_by is Decider.BOTH else f"decided by {decided_by.value}"
    return f"{decided}; when a match fails, people are {again}{first}"


def _constraint(name: str) -> Constraint:
    """Return the constraint that a kind or a school names."""
    found = constraint_named(name)
    if found is None:
        raise InvalidValue("constraints", f"{name!r} is not known", "lift it, or install the package that brings it")
    return found


def _asked_sides(register: Register, person: str) -> tuple[Side, ...]:
    """Return the sides somebody asked for; nothing where the conditions alone decide."""
    wish = register.roles.get(person)
    return wish.sides if wish is not None else ()
