"""People, the organisation they work in, and their enrolment in a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Any

import attrs
from attrs import evolve, field, frozen

from devrel._records import (
    ReadOnly,
    a,
    as_set,
    as_tuple,
    at_least,
    filled_text,
    number_between,
    optional,
    set_of,
    tuple_of,
)
from devrel.errors import InputError, InvalidValue, Problem, nearest
from devrel.kinds import Side
from devrel.terms import zone_key

Value = str | int | float | bool | tuple[str, ...]
"""What an attribute of a person can be: text, a number, yes or no, or a list of texts."""


class Role(Enum):
    """On which side somebody takes part."""

    PROVIDER = "provider"
    RECIPIENT = "recipient"
    BOTH = "both"

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides this role stands on."""
        return tuple(Side) if self is Role.BOTH else (Side(self.value),)


def _values(data: Mapping[str, Any]) -> ReadOnly[str, Value]:
    """Return attributes as a read-only mapping; lists and sets of texts become tuples."""
    return ReadOnly({name: _plain(name, value) for name, value in data.items()})


def _plain(name: str, value: Any) -> Value:
    if isinstance(value, set | frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if not isinstance(value, str | int | float | bool):
        must = "must be a text, a number, true or false, or a list of texts"
        raise InvalidValue(f"attributes[{name!r}]", must, "leave it out where it is not known")
    return value


def _no_field(_: object, attribute: attrs.Attribute[Any], data: Mapping[str, Value]) -> None:
    for name in data:
        if name in CORE_ATTRIBUTES:
            raise InvalidValue(attribute.name, f"{name!r} is a field of its own", f"write Person(..., {name}=...)")


CORE_ATTRIBUTES = ("id", "manager", "department", "organization", "level", "zone")
"""The fields of a person that criteria, constraints and conditions may look at."""

_CORE = frozenset(CORE_ATTRIBUTES)


@frozen
class Absence:
    """A time in which somebody is away: parental leave, a sabbatical, long sickness. The reason is not kept.

    Attributes:
        start: The first day.
        end: The last day, itself included; None where it is not known.
    """

    start: date = field(validator=a(date))
    end: date | None = field(default=None, validator=optional(a(date)))

    def __attrs_post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise InvalidValue("end", "must not lie before the start", "swap the two dates or leave the end out")

    def __contains__(self, day: date) -> bool:
        """Whether she is away on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


@frozen
class Person:
    """One person of an organisation, as its directory knows her.

    Attributes:
        id: The identifier, unique in the organisation; the only field that a repr shows.
        name: The name to show to people; the id where it is empty.
        email: The address, or None.
        manager: The id of the manager, or None.
        department: The department, or None.
        organization: The organisation, where people of several take part, or None.
        level: The rank as a number, higher is more senior, or None.
        zone: The IANA key of the time zone, or None.
        attributes: Whatever else is known, by name.
        sensitive: Special-category data by name. It may be used in a score; no result of a run has it. Documents that
            store people do, and her own report.
        last_day: Her last day in the organisation, or None.
        absences: When she is away.

    >>> Person("p1", name="A. Person", attributes={"skills": ("sql",)})
    Person(id='p1')
    """

    id: str = field(validator=filled_text)
    name: str = field(default="", repr=False, validator=a(str))
    email: str | None = field(default=None, repr=False, validator=optional(filled_text))
    manager: str | None = field(default=None, repr=False, validator=optional(filled_text))
    department: str | None = field(default=None, repr=False, validator=optional(filled_text))
    organization: str | None = field(default=None, repr=False, validator=optional(filled_text))
    level: int | None = field(default=None, repr=False, validator=optional(a(int)))
    zone: str | None = field(default=None, repr=False, validator=optional(zone_key))
    attributes: Mapping[str, Value] = field(factory=dict, repr=False, converter=_values, validator=_no_field)
    sensitive: Mapping[str, Value] = field(factory=dict, repr=False, converter=_values, validator=_no_field)
    last_day: date | None = field(default=None, repr=False, validator=optional(a(date)))
    absences: tuple[Absence, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(Absence))

    def gone(self, today: date) -> bool:
        """Whether she has left the organisation."""
        return self.last_day is not None and today > self.last_day

    def away(self, today: date) -> Absence | None:
        """Return the absence she is in, or None."""
        return next((absence for absence in self.absences if today in absence), None)

    @property
    def shown_name(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    def get(self, attribute: str, *, sensitive: bool = False) -> Value | None:
        """Return the value of a field or an attribute; None where it is not known.

        Args:
            attribute: The name.
            sensitive: Whether the caller may see sensitive attributes as well; without it they look unknown.

        >>> Person("p1", level=4).get("level")
        4
        """
        if attribute in _CORE:
            return getattr(self, attribute)  # type: ignore[no-any-return]
        if sensitive and attribute in self.sensitive:
            return self.sensitive[attribute]
        return self.attributes.get(attribute)

    @property
    def public(self) -> Person:
        """The person without her sensitive attributes."""
        return evolve(self, sensitive={}) if self.sensitive else self


class Organization:
    """People and their reporting lines.

    Args:
        people: The people; ids are unique, managers are among them, nobody reports to herself in a circle.

    Raises:
        InputError: Naming every duplicate id, missing manager and circle.

    >>> Organization([Person("a"), Person("b", manager="a"), Person("c", manager="b")]).chain("c")
    ('b', 'a')
    """

    __slots__ = ("_people",)

    def __init__(self, people: Iterable[Person]) -> None:
        listed = tuple(people)
        self._people: Mapping[str, Person] = ReadOnly((person.id, person) for person in listed)
        problems = [*self._duplicates(listed), *self._unknown_managers(), *self._circles()]
        if problems:
            raise InputError(problems)

    def __getitem__(self, person: str) -> Person:
        return self._people[person]

    def __contains__(self, person: object) -> bool:
        return person in self._people

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def __len__(self) -> int:
        return len(self._people)

    def __repr__(self) -> str:
        return f"<Organization: {len(self)} people>"

    @property
    def private(self) -> bool:
        """Whether anybody has sensitive attributes."""
        return any(person.sensitive for person in self)

    @property
    def public(self) -> Organization:
        """The organisation without anybody's sensitive attributes."""
        if not self.private:
            return self
        return Organization(person.public for person in self)

    def chain(self, person: str) -> tuple[str, ...]:
        """Return the ids of the managers above ``person``, nearest first."""
        above: list[str] = []
        manager = self._people[person].manager
        while manager is not None and manager not in above:
            above.append(manager)
            manager = self._people[manager].manager if manager in self._people else None
        return tuple(above)

    def in_line(self, one: str, other: str) -> bool:
        """Whether one of the two is above the other in the reporting line."""
        return one in self.chain(other) or other in self.chain(one)

    def _duplicates(self, listed: tuple[Person, ...]) -> list[Problem]:
        seen: set[str] = set()
        twice = [p.id for p in listed if p.id in seen or seen.add(p.id)]  # type: ignore[func-returns-value]
        return [Problem(f"the id {one!r} is used twice", "Give every person one id and one entry.") for one in twice]

    def _unknown_managers(self) -> list[Problem]:
        return [
            Problem(
                f"the manager of {p.id!r} does not exist", "Add the manager, or leave the manager out.", value=p.manager
            )
            for p in self
            if p.manager is not None and p.manager not in self._people
        ]

    def _circles(self) -> list[Problem]:
        return [
            Problem(f"{person!r} is her own manager through a circle", "Correct one of the managers in the circle.")
            for person in circles({p.id: p.manager for p in self})
        ]


def circles(managers: Mapping[str, str | None]) -> list[str]:
    """Return the people who are above themselves, given everybody's manager; each person is looked at once.

    >>> circles({"a": "b", "b": "a", "c": "a"})
    ['a', 'b']
    """
    done: set[str] = set()
    found: set[str] = set()
    for start in managers:
        path: list[str] = []
        person: str | None = start
        while person is not None and person not in done:
            done.add(person)
            path.append(person)
            person = managers.get(person)
        if person is not None and person in path:
            found.update(path[path.index(person) :])
    return [person for person in managers if person in found]


@frozen
class Party:
    """One person's place in a relationship.

    Attributes:
        person: The person's id.
        role: Provider, recipient, or both (in mutual relationships).
    """

    person: str = field(validator=filled_text)
    role: Role = field(validator=a(Role))


@frozen
class Capacity:
    """How many recipients a provider takes.

    Attributes:
        maximum: At most this many people.
        minimum: At least this many people.
    """

    maximum: int = field(default=1, validator=at_least(0))
    minimum: int = field(default=0, validator=at_least(0))

    def __attrs_post_init__(self) -> None:
        if self.minimum > self.maximum:
            raise InvalidValue("minimum", "must not be above the maximum")


def _capacity(value: Capacity | int) -> Capacity:
    return value if isinstance(value, Capacity) else Capacity(value)


class Support(Enum):
    """What one side may hope for and the other be willing to give (smart-meetings)."""

    INTRODUCTIONS = "introductions"
    PERSPECTIVE = "perspective on specific problems"
    RECOMMENDATIONS = "recommendations"
    PREPARATION = "preparation for a promotion"
    TIME = "time"


def _ranked(given: Iterable[str | Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Return preferences as ranks, each of one id or of several that are liked equally."""
    return tuple((rank,) if isinstance(rank, str) else tuple(sorted(rank)) for rank in as_tuple(given))


def _each_once(_: object, attribute: attrs.Attribute[Any], ranks: tuple[tuple[str, ...], ...]) -> None:
    ids: list[object] = [one for rank in ranks for one in rank]
    if not all(isinstance(one, str) and one.strip() for one in ids) or not all(ranks):
        raise InvalidValue(attribute.name, "must be ids, or lists of ids that are liked equally")
    if len(set(ids)) != len(ids):
        raise InvalidValue(attribute.name, "name somebody twice", "give everybody one rank")


_MOST_HOURS = 744


@frozen
class Enrollment:
    """One person's part in a program.

    Attributes:
        person: The person's id.
        role: Provider, recipient, or both.
        capacity: How many recipients she takes as a provider; a plain number is the maximum.
        demand: How many providers she wants as a recipient.
        hopes: What she hopes for as a recipient, beside meetings.
        offers: What she offers as a provider, beside meetings.
        preferences: The ids of whom she would like best, the best first; several in one place are liked equally.
        exclusions: The ids of those she will not be matched with, for reasons of her own.
        waiting_since: Since when she has waited for a partner, or None.
        rematch: Whether her partner left, so that she comes first in line.
        hours_offered: How many hours a month she has as a provider, for all her relationships together; None where
            heads alone count.
        hours_needed: How many hours a month a provider of hers spends on her; None for what the program plans.
        trained: Whether she has been prepared for her part; None where it is not known.
        on_request: Whether she asked to take part herself; otherwise she was assigned.

    Raises:
        InvalidValue: When somebody is ranked twice, or ranks or excludes herself.

    >>> Enrollment("p1", Role.BOTH, capacity=2).takes(Side.PROVIDER)
    2
    >>> Enrollment("p1", Role.RECIPIENT, preferences=["m2", ["m1", "m3"]]).preferences
    (('m2',), ('m1', 'm3'))
    """

    person: str = field(validator=filled_text)
    role: Role = field(validator=a(Role))
    capacity: Capacity = field(factory=Capacity, converter=_capacity)
    demand: int = field(default=1, validator=at_least(0))
    hopes: frozenset[Support] = field(default=frozenset(), converter=as_set, validator=set_of(Support))
    offers: frozenset[Support] = field(default=frozenset(), converter=as_set, validator=set_of(Support))
    preferences: tuple[tuple[str, ...], ...] = field(default=(), converter=_ranked, validator=_each_once, repr=False)
    exclusions: frozenset[str] = field(default=frozenset(), converter=as_set, validator=set_of(str), repr=False)
    waiting_since: date | None = field(default=None, validator=optional(a(date)))
    rematch: bool = field(default=False, validator=a(bool))
    hours_offered: float | None = field(default=None, validator=optional(number_between(0, _MOST_HOURS)))
    hours_needed: float | None = field(default=None, validator=optional(number_between(0, _MOST_HOURS)))
    trained: bool | None = field(default=None, validator=optional(a(bool)))
    on_request: bool = field(default=True, validator=a(bool))

    def __attrs_post_init__(self) -> None:
        for name, ids in (("preferences", self.ranked), ("exclusions", self.exclusions)):
            if self.person in ids:
                raise InvalidValue(name, "name the person herself", "nobody is matched with herself anyway")

    @property
    def ranked(self) -> frozenset[str]:
        """The ids of everybody she ranked."""
        return frozenset(one for rank in self.preferences for one in rank)

    def rank_of(self, other: str) -> int | None:
        """Return the place of somebody in her preferences, 0 the first; None for whom she did not name."""
        return next((place for place, rank in enumerate(self.preferences) if other in rank), None)

    def takes(self, side: Side) -> int:
        """Return how many partners she takes on ``side`` at most; 0 where she does not stand on it."""
        if side not in self.role.sides:
            return 0
        return self.capacity.maximum if side is Side.PROVIDER else self.demand


def enrolled_once(enrollments: Iterable[Enrollment], organization: Organization) -> tuple[Enrollment, ...]:
    """Return the enrolments sorted by person; refuse second enrolments, and people whom nobody knows."""
    listed = sorted(enrollments, key=lambda enrollment: enrollment.person)
    problems = [
        Problem(f"{after.person!r} is enrolled twice", "Enrol her once, with the role 'both' if need be.")
        for before, after in pairwise(listed)
        if before.person == after.person
    ]
    problems += [
        Problem(f"{one.person!r} is enrolled but not among the people", "Add the person, or drop the enrolment.")
        for one in listed
        if one.person not in organization
    ]
    problems += _unknown_named(listed, organization)
    if problems:
        raise InputError(problems)
    return tuple(listed)


def _unknown_named(enrollments: Iterable[Enrollment], organization: Organization) -> Iterator[Problem]:
    known = Known(person.id for person in organization)
    for one in enrollments:
        for name, others in (("preferences", one.ranked), ("exclusions", one.exclusions)):
            for other in sorted(others):
                if other not in organization:
                    wrong = f"the {name} of {one.person!r} name somebody who is not among the people"
                    yield Problem(wrong, known.instead_of(other), value=other)


class Known:
    """The ids that there are, to find the one that a misspelt id may stand for.

    Args:
        ids: The ids.

    >>> Known(["mentor-x"]).instead_of("mentor-X")
    "Did you mean 'mentor-x'? Correct the id, add the person, or leave it out."
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._folded = {person.casefold(): person for person in ids}

    def instead_of(self, other: str) -> str:
        """Return what to do about an id that is nobody's; among very many, only one of other case is found."""
        few = self._folded.values() if len(self._folded) <= _MANY else ()
        near = self._folded.get(other.casefold()) or nearest(other, few)
        hint = "" if near is None else f"Did you mean {near!r}? "
        return f"{hint}Correct the id, add the person, or leave it out."


_MANY = 2_000
