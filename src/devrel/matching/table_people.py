"""People who are there as the columns of a table; objects are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from devrel._records import ReadOnly, fields_of, unchecked
from devrel.kinds import Side
from devrel.matching.columns import UNKNOWN, Column
from devrel.matching.roster import People, Rows
from devrel.people import CORE_ATTRIBUTES, Capacity, Enrollment, Organization, Person, Role

_SOMEBODY, _HER_PART = fields_of(Person("?")), fields_of(Enrollment("?", Role.BOTH))
"""What everybody has of whom nothing else is known. What is known was checked when the table was read."""


@frozen(eq=False)
class PeopleInTable(People):
    """People who are there as columns.

    Attributes:
        ids: Everybody's id.
        core: The fields of a person, by name.
        more: The other attributes, by name.
        sensitive: Those that are sensitive, by name.
        facts: What is known of everybody's part in the program, by the names of ``FACTS``.
    """

    ids: tuple[str, ...]
    core: Mapping[str, Column]
    more: Mapping[str, Column]
    sensitive: Mapping[str, Column]
    facts: Mapping[str, Column]
    places: Mapping[str, int] = field(init=False, repr=False)

    @places.default
    def _places(self) -> dict[str, int]:
        return {person: row for row, person in enumerate(self.ids)}

    def column(self, attribute: str, *, sensitive: bool) -> Column:  # noqa: D102
        if attribute in CORE_ATTRIBUTES:
            return self.core.get(attribute, self._unknown)
        if sensitive and attribute in self.sensitive:
            return self.sensitive[attribute]
        return self.more.get(attribute, self._unknown)

    def fact(self, name: str) -> Column:  # noqa: D102
        return self.facts.get(name, self._unknown)

    @property
    def _unknown(self) -> Column:
        return Column(np.full(len(self.ids), UNKNOWN, dtype=np.int64), ())

    def person(self, position: int) -> Person:  # noqa: D102
        return self._people(np.array([position]))[0]

    def enrollment(self, position: int) -> Enrollment | None:  # noqa: D102
        return self._parts(np.array([position]))[0]

    def some(self, rows: Rows) -> list[tuple[Person, Enrollment | None]]:  # noqa: D102
        return list(zip(self._people(rows), self._parts(rows), strict=True))

    def _people(self, rows: Rows) -> list[Person]:
        told = {name: _told(column, rows, _SOMEBODY[name]) for name, column in self.core.items()}
        more = {"attributes": _known(self.more, rows), "sensitive": _known(self.sensitive, rows)}
        return unchecked(Person, len(rows), {**_everybodys(_SOMEBODY), **told, **more})

    def _parts(self, rows: Rows) -> list[Enrollment | None]:
        usual = _HER_PART | {"capacity": None, "minimum": None}
        told = {name: _told(column, rows, usual[name]) for name, column in self.facts.items()}
        if "role" not in told:
            return [None] * len(rows)
        told["capacity"] = _places(told["capacity"], told.pop("minimum"))
        told["person"] = [self.ids[row] for row in rows.tolist()]
        made = unchecked(Enrollment, len(rows), {**_everybodys(_HER_PART), **told})
        inside = self.facts["role"].codes[rows] != UNKNOWN
        return [part if one else None for part, one in zip(made, inside.tolist(), strict=True)]

    def absent(self, today: date) -> NDArray[np.bool_]:  # noqa: D102
        last = self.core.get("last_day", self._unknown)
        return last.mapped(lambda day: day is not None and today > day, np.bool_)

    def attributes(self) -> list[str]:  # noqa: D102
        known = [name for name in CORE_ATTRIBUTES if name != "id" and _is_known(self.core.get(name))]
        return sorted({*known, *self.more, *self.sensitive})

    def private(self) -> bool:  # noqa: D102
        return any(map(_is_known, self.sensitive.values()))

    def as_peers(self) -> PeopleInTable:  # noqa: D102
        roles, most, wanted, least = (self.fact(name) for name in ("role", "capacity", "demand", "minimum"))
        gives, takes = (_standing(roles, side) for side in (Side.PROVIDER, Side.RECIPIENT))
        many = np.iinfo(np.int64).max
        offered, asked, floor = (one.mapped(lambda value: value or 0, np.int64) for one in (most, wanted, least))
        places = np.minimum(np.where(gives, offered, many), np.where(takes, asked, many))
        inside = gives | takes
        both: dict[str, list[Any]] = {
            "role": [Role.BOTH if one else None for one in inside.tolist()],
            "capacity": _where(inside, places),
            "demand": _where(inside, places),
            "minimum": _where(inside, np.where(gives, np.minimum(floor, places), 0)),
        }
        return evolve(self, facts={**self.facts, **{name: Column.of(values) for name, values in both.items()}})

    def chain(self, person: str) -> tuple[str, ...]:
        """Return the ids of the managers above somebody, nearest first."""
        managers = self.core.get("manager", self._unknown)
        above: list[str] = []
        manager = managers[self.places[person]]
        while manager is not None:
            above.append(manager)
            manager = managers[self.places[manager]]
        return tuple(above)


def _is_known(column: Column | None) -> bool:
    return column is not None and bool((column.codes != UNKNOWN).any())


def _standing(roles: Column, side: Side) -> NDArray[np.bool_]:
    return roles.mapped(lambda role: role is not None and side in role.sides, np.bool_)


def _told(column: Column, rows: Rows, usual: Any) -> list[Any]:
    """Return the values of the people at some positions, and what is usual where one is not known."""
    values = [column[rows[0]]] if len(rows) == 1 else column.take(rows).list()
    return values if usual is None else [usual if value is None else value for value in values]


def _known(columns: Mapping[str, Column], rows: Rows) -> Iterable[ReadOnly[str, Any]]:
    """Return what is known of the people at some positions, by name."""
    names, told = tuple(columns), [_told(column, rows, None) for column in columns.values()]
    if not names:
        return repeat(ReadOnly())
    data = [
        {name: value for name, value in zip(names, own, strict=True) if value is not None}
        for own in zip(*told, strict=True)
    ]
    return unchecked(ReadOnly, len(rows), {"_data": data})


def _everybodys(usual: Mapping[str, Any]) -> dict[str, Iterable[Any]]:
    return {name: repeat(value) for name, value in usual.items()}


def _places(most: Iterable[Any], least: Iterable[Any]) -> list[Capacity | None]:
    made = cache(Capacity)
    return [None if one is None else made(one, other) for one, other in zip(most, least, strict=True)]


def _where(inside: NDArray[np.bool_], numbers: NDArray[np.int64]) -> list[int | None]:
    return [number if one else None for one, number in zip(inside.tolist(), numbers.tolist(), strict=True)]


class TableOrganization(Organization):
    """The organisation of a table; its people were checked when the table was read.

    Args:
        people: The people.
        hides: Whether sensitive attributes look unknown.
    """

    __slots__ = ("_hides", "_source")

    def __init__(self, people: PeopleInTable, *, hides: bool = False) -> None:
        self._source = people
        self._hides = hides
        self._people = _OnDemand(people, hides=hides)

    @property
    def private(self) -> bool:
        """Whether anybody has sensitive attributes to be seen."""
        return not self._hides and self._source.private()

    @property
    def public(self) -> Organization:
        """The organisation without anybody's sensitive attributes."""
        return TableOrganization(self._source, hides=True) if self.private else self

    def chain(self, person: str) -> tuple[str, ...]:
        """Return the ids of the managers above ``person``, nearest first."""
        return self._source.chain(person)


class _OnDemand(Mapping[str, Person]):
    def __init__(self, people: PeopleInTable, *, hides: bool) -> None:
        self._source = people
        self._hides = hides

    def __getitem__(self, person: str) -> Person:
        made = self._source.person(self._source.places[person])
        return made.public if self._hides else made

    def __contains__(self, person: object) -> bool:
        return person in self._source.places

    def __iter__(self) -> Iterator[str]:
        return iter(self._source.ids)

    def __len__(self) -> int:
        return len(self._source.ids)
