"""People as columns, with their parts in a program: made of objects, or straight from a table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, overload

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from devrel.kinds import Side
from devrel.matching.columns import Column
from devrel.people import CORE_ATTRIBUTES, Capacity, Enrollment, Organization, Person, Role, enrolled_once

Rows = NDArray[np.intp]

FACTS = (
    "role",
    "capacity",
    "minimum",
    "demand",
    "hopes",
    "offers",
    "preferences",
    "exclusions",
    "waiting_since",
    "rematch",
    "hours_offered",
    "hours_needed",
    "trained",
    "on_request",
)
"""What is known of somebody's part in a program: the fields of an enrolment, places at most and at least apart."""


class People(ABC):
    """Where the columns of a roster come from."""

    ids: tuple[str, ...]
    """Everybody's id."""

    @abstractmethod
    def column(self, attribute: str, *, sensitive: bool) -> Column:
        """Return an attribute of everybody."""

    @abstractmethod
    def fact(self, name: str) -> Column:
        """Return something about everybody's part in the program, one of ``FACTS``."""

    @abstractmethod
    def person(self, position: int) -> Person:
        """Return one of them."""

    @abstractmethod
    def enrollment(self, position: int) -> Enrollment | None:
        """Return her part in the program."""

    def some(self, rows: Rows) -> list[tuple[Person, Enrollment | None]]:
        """Return some of them with their parts."""
        return [(self.person(row), self.enrollment(row)) for row in rows.tolist()]

    @abstractmethod
    def absent(self, today: date) -> NDArray[np.bool_]:
        """Return who is on leave or gone on a day."""

    @abstractmethod
    def attributes(self) -> list[str]:
        """Return the names of all that is known of somebody, but for ids, names and addresses."""

    @abstractmethod
    def private(self) -> bool:
        """Whether there are sensitive attributes."""

    @abstractmethod
    def as_peers(self) -> People:
        """Return the people as one pool."""


class PeopleListed(People):
    """People who are there as objects.

    Args:
        people: The people.
        enrollments: The part of each, or None where one is not known.
    """

    def __init__(self, people: Sequence[Person], enrollments: Sequence[Enrollment | None]) -> None:
        self.ids = tuple(person.id for person in people)
        self._people = people
        self._enrollments = enrollments
        self._made: dict[tuple[str, bool | None], Column] = {}

    def column(self, attribute: str, *, sensitive: bool) -> Column:  # noqa: D102
        key = attribute, sensitive
        if key not in self._made:
            self._made[key] = Column.of(person.get(attribute, sensitive=sensitive) for person in self._people)
        return self._made[key]

    def fact(self, name: str) -> Column:  # noqa: D102
        key = name, None
        if key not in self._made:
            self._made[key] = Column.of(None if one is None else _fact(one, name) for one in self._enrollments)
        return self._made[key]

    def person(self, position: int) -> Person:  # noqa: D102
        return self._people[position]

    def enrollment(self, position: int) -> Enrollment | None:  # noqa: D102
        return self._enrollments[position]

    def absent(self, today: date) -> NDArray[np.bool_]:  # noqa: D102
        away = [person.gone(today) or person.away(today) is not None for person in self._people]
        return np.array(away, dtype=np.bool_)

    def attributes(self) -> list[str]:  # noqa: D102
        names: set[str] = set()
        for person in self._people:
            names |= {*person.attributes, *person.sensitive}
            names |= {name for name in CORE_ATTRIBUTES if name != "id" and person.get(name) is not None}
        return sorted(names)

    def private(self) -> bool:  # noqa: D102
        return any(person.sensitive for person in self._people)

    def as_peers(self) -> PeopleListed:  # noqa: D102
        return PeopleListed(self._people, [None if one is None else as_peer(one) for one in self._enrollments])


def _fact(enrollment: Enrollment, name: str) -> Any:
    if name == "capacity":
        return enrollment.capacity.maximum
    return enrollment.capacity.minimum if name == "minimum" else getattr(enrollment, name)


def as_peer(enrollment: Enrollment) -> Enrollment:
    """Return an enrolment of somebody who stands on both sides, with as many places as she has on all she stood on."""
    sides = [side for side in Side if side in enrollment.role.sides]
    places = min(enrollment.takes(side) for side in sides)
    least = min(enrollment.capacity.minimum, places) if Side.PROVIDER in sides else 0
    return evolve(enrollment, role=Role.BOTH, demand=places, capacity=Capacity(places, least))


class Roster(Sequence[Person]):
    """People in columns, with their parts in a program; a person is handed out as an object when she is asked for.

    Make one with ``Roster.of`` from objects, or with ``Roster.from_table`` from a table of any library.

    Args:
        people: Where the columns come from.
        rows: The positions of those who are in it, in their order; all unless given.
        hides: Whether sensitive attributes look unknown.

    >>> roster = Roster.of([Person("p1", level=3), Person("p2", level=5)])
    >>> len(roster), roster[1], roster.column("level").list()
    (2, Person(id='p2'), [3, 5])
    """

    __slots__ = ("_hides", "_people", "_rows")

    def __init__(self, people: People, rows: Rows | None = None, *, hides: bool = False) -> None:
        self._people = people
        self._rows = np.arange(len(people.ids)) if rows is None else rows
        self._hides = hides

    @classmethod
    def of(cls, people: Iterable[Person], enrollments: Iterable[Enrollment | None] = ()) -> Roster:
        """Return the roster of people and, in the same order, of their parts in a program where they are known."""
        listed = tuple(people)
        return cls(PeopleListed(listed, tuple(enrollments) or (None,) * len(listed)))

    @classmethod
    def enrolled(cls, enrollments: Iterable[Enrollment], organization: Organization) -> Roster:
        """Return the roster of those who are enrolled, sorted by id.

        Raises:
            InputError: For people who are enrolled twice or not in the organisation.
        """
        listed = enrolled_once(enrollments, organization)
        return cls.of([organization[one.person] for one in listed], listed)

    @classmethod
    def from_table(
        cls,
        table: Any,
        *,
        columns: Mapping[str, str] | None = None,
        lists: Iterable[str] = (),
        sensitive: Iterable[str] = (),
        ignore: Iterable[str] = (),
    ) -> Roster:
        """Return the roster of a table with one row a person, without making an object of each.

        A column with the name of a field of ``Person`` or ``Enrollment`` is that field: ``id`` has to be there;
        ``role`` says who takes part, and is empty for who does not; ``capacity`` and ``minimum`` are a provider's
        places at most and at least. Every other column is an attribute of its name. Empty texts, None and nan are not
        known. What is named differently in the table is named in ``columns``. Absences are not read from tables.

        Args:
            table: A table of pandas, polars, PyArrow or another library, which needs the extra ``tables``; or a
                mapping from names to columns of equal length.
            columns: For fields and attributes that have another name in the table, their name there.
            lists: Columns of text in which ``;`` parts the items of a list; a column of lists needs no mention.
            sensitive: Columns of special-category data.
            ignore: Columns to leave out.

        Raises:
            InputError: With everything that is wrong, by row (the first is 1) and column.
            InvalidValue: For something that is no table.
            MissingExtra: For a table of a library, when the extra ``tables`` is not installed.

        >>> roster = Roster.from_table({"id": ["p1", "p2"], "level": [3, 5], "role": ["recipient", "provider"]})
        >>> roster[0], roster.enrollments[1].role
        (Person(id='p1'), <Role.PROVIDER: 'provider'>)
        """
        from devrel.matching.dataframes import read

        return cls(read(table, columns or {}, tuple(lists), tuple(sensitive), tuple(ignore)))

    @property
    def ids(self) -> list[str]:
        """The ids, in order."""
        return [self._people.ids[row] for row in self._rows.tolist()]

    @property
    def enrollments(self) -> Sequence[Enrollment | None]:
        """The part of each in the program; None where one is not known."""
        return _Enrollments(self._people, self._rows)

    @property
    def organization(self) -> Organization:
        """Everybody with the reporting lines, those included whom this roster left out."""
        from devrel.matching.table_people import PeopleInTable, TableOrganization

        if isinstance(self._people, PeopleInTable):
            return TableOrganization(self._people, hides=self._hides)
        return Organization(self._whole)

    @property
    def _whole(self) -> Roster:
        return Roster(self._people, hides=self._hides)

    @property
    def private(self) -> bool:
        """Whether there are sensitive attributes to be seen."""
        return not self._hides and self._people.private()

    @property
    def public(self) -> Roster:
        """The same people, without sensitive attributes."""
        return Roster(self._people, self._rows, hides=True) if self.private else self

    @property
    def attributes(self) -> list[str]:
        """The names of all that is known of somebody, sensitive ones too; not ids, names and addresses."""
        return self._people.attributes()

    @overload
    def __getitem__(self, position: int) -> Person: ...
    @overload
    def __getitem__(self, position: slice) -> Roster: ...
    def __getitem__(self, position: int | slice) -> Person | Roster:
        if isinstance(position, slice):
            return Roster(self._people, self._rows[position], hides=self._hides)
        person = self._people.person(int(self._rows[position]))
        return person.public if self._hides else person

    def __iter__(self) -> Iterator[Person]:
        people = map(self._people.person, self._rows.tolist())
        return (person.public for person in people) if self._hides else people

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<Roster: {len(self)} people>"

    def some(self, rows: Rows) -> list[tuple[Person, Enrollment | None]]:
        """Return those at the given positions as objects, with their parts in the program, all made at once."""
        found = self._people.some(self._rows[rows])
        return [(person.public, part) for person, part in found] if self._hides else found

    def take(self, rows: Rows) -> Roster:
        """Return those at the given positions."""
        return Roster(self._people, self._rows[rows], hides=self._hides)

    def taking(self, side: Side) -> Roster:
        """Return those who take a partner on ``side``, sorted by id."""
        stands = self.fact("role").mapped(lambda role: role is not None and side in role.sides, np.bool_)
        places = self.fact("capacity" if side is Side.PROVIDER else "demand").mapped(lambda most: most or 0, np.int64)
        rows = np.flatnonzero(stands & (places > 0))
        names = self._people.ids
        return self.take(np.array(sorted(rows.tolist(), key=lambda row: names[self._rows[row]]), dtype=np.intp))

    def as_peers(self) -> Roster:
        """Return everybody who takes part on both sides, with the fewer of her places."""
        return Roster(self._people.as_peers(), self._rows, hides=self._hides)

    def column(self, attribute: str, *, sensitive: bool = False) -> Column:
        """Return an attribute of everybody.

        Args:
            attribute: The name.
            sensitive: Whether sensitive attributes may be seen; without it they look unknown.
        """
        return self._people.column(attribute, sensitive=sensitive and not self._hides).take(self._rows)

    def fact(self, name: str) -> Column:
        """Return something about everybody's part in the program: a field of ``Enrollment``.

        Places are told apart: ``capacity`` has those of a provider at most, and ``minimum`` at least.
        """
        return self._people.fact(name).take(self._rows)

    def whole(self, name: str) -> tuple[int, ...]:
        """Return a fact that is a whole number; 0 where it is not known."""
        return tuple(self.fact(name).mapped(lambda value: value or 0, np.int64).tolist())

    def told(self, name: str) -> Iterator[tuple[str, Any]]:
        """Yield the id and the value of everybody of whom a fact is known and not empty."""
        column = self.fact(name)
        for row in np.flatnonzero(column.mapped(bool, np.bool_)).tolist():
            yield self._people.ids[self._rows[row]], column[row]

    def absent(self, today: date) -> NDArray[np.bool_]:
        """Return who is on leave or gone on a day."""
        return self._people.absent(today)[self._rows]


class _Enrollments(Sequence[Enrollment | None]):
    """The parts of people in a program, handed out as objects when they are asked for."""

    def __init__(self, people: People, rows: Rows) -> None:
        self._people, self._rows = people, rows

    @overload
    def __getitem__(self, position: int) -> Enrollment | None: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Enrollment | None]: ...
    def __getitem__(self, position: int | slice) -> Enrollment | Sequence[Enrollment | None] | None:
        if isinstance(position, slice):
            return _Enrollments(self._people, self._rows[position])
        return self._people.enrollment(int(self._rows[position]))

    def __iter__(self) -> Iterator[Enrollment | None]:
        return map(self._people.enrollment, self._rows.tolist())

    def __len__(self) -> int:
        return len(self._rows)
