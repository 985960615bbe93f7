"""Reads people from a dataframe: every column is read and checked once, and what is wrong is told all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel._display import counted
from devrel.errors import InputError, InvalidValue, MissingExtra, Problem, did_you_mean
from devrel.matching._told import as_remedy
from devrel.matching.columns import UNKNOWN, Column
from devrel.matching.roster import FACTS
from devrel.matching.table_people import PeopleInTable
from devrel.people import CORE_ATTRIBUTES, Capacity, Enrollment, Known, Person, Role, Support, circles

_OF_PERSON = (*CORE_ATTRIBUTES, "name", "email", "last_day")
_USUAL = {"capacity": 1, "minimum": 0, "demand": 1}
_SHOWN = 20
"""So many rows are named that have the same thing wrong."""


def read(
    table: Any, names: Mapping[str, str], lists: Sequence[str], sensitive: Sequence[str], ignore: Sequence[str]
) -> PeopleInTable:
    """Return the people of a table; see ``Roster.from_table``."""
    cells = {str(name): values for name, values in _cells(table).items()}
    problems = [*_misnamed(cells, names, (*lists, *sensitive, *ignore))]
    if problems:
        raise InputError(problems)
    of = {inside: name for name, inside in names.items()}
    kept = {name: values for name, values in cells.items() if name not in ignore}
    columns = {of.get(name, name): _Reading(name, values, name in lists) for name, values in kept.items()}
    if "id" not in columns:
        raise InputError([Problem("there is no column 'id'", "Name it: columns={'id': '...'}.", column="id")])
    hidden = {of.get(name, name) for name in sensitive}
    found = {name: reading.column(_judge(name), _to(name), problems) for name, reading in columns.items()}
    _complete(found, columns, problems)
    if problems:
        raise InputError(sorted(problems, key=lambda one: (one.row is None, one.row or 0)))
    more = {name: column for name, column in found.items() if name not in _OF_PERSON and name not in FACTS}
    return PeopleInTable(
        tuple(found["id"].list()),
        {name: found[name] for name in _OF_PERSON if name in found},
        {name: column for name, column in more.items() if name not in hidden},
        {name: column for name, column in more.items() if name in hidden},
        {name: found[name] for name in FACTS if name in found},
    )


def _cells(table: Any) -> Mapping[Any, Sequence[Any]]:
    """Return the columns of a table as sequences of plain values."""
    if isinstance(table, Mapping):
        lengths = {len(values) for values in table.values()}
        if len(lengths) > 1:
            raise InvalidValue("table", "has columns of different lengths", "give every person a cell in each")
        return table
    try:
        import narwhals.stable.v2 as nw
    except ImportError:
        raise MissingExtra("reading people from a table of another library", "narwhals", "tables") from None
    try:
        frame = nw.from_native(table, eager_only=True)
    except TypeError:
        told = f"must be a table with its rows in memory, or a mapping of columns, not {type(table).__name__}"
        raise InvalidValue("table", told) from None
    return {name: frame[name].to_list() for name in frame.columns}


def _misnamed(cells: Mapping[str, Any], names: Mapping[str, str], others: Iterable[str]) -> Iterator[Problem]:
    for name in dict.fromkeys([*names.values(), *others]):
        if name not in cells:
            yield Problem(f"there is no column {name!r}", did_you_mean(name, list(cells)), column=name)
    for name, count in Counter(names.values()).items():
        if count > 1:
            yield Problem(f"the column {name!r} is named for two things", "Name it once.", column=name)
    taken = {name for name, inside in names.items() if name != inside and name in cells and name not in names.values()}
    for name in sorted(taken - set(others)):
        yield Problem(f"two columns are {name!r}", "Leave one out with ignore=.", column=name)


@frozen(eq=False)
class _Reading:
    """One column while it is read.

    Attributes:
        name: Its name in the table.
        cells: What is in it.
        parted: Whether its texts are lists.
    """

    name: str
    cells: Sequence[Any] = field(repr=False)
    parted: bool

    def column(self, judge: Callable[[Any], None], to: Callable[[Any], Any], problems: list[Problem]) -> Column:
        """Return the column; what is wrong with a value is told for the rows that have it."""
        raw = Column.of(self._plain(cell) for cell in self.cells)
        values: list[Any] = []
        for code, value in enumerate(raw.values):
            try:
                made = to(value)
                judge(made)
            except InvalidValue as error:
                made = None
                problems += self._told(error, np.flatnonzero(raw.codes == code).tolist())
            values.append(made)
        kept = Column.of(values)  # different cells may say the same
        return Column(np.array([*kept.codes, UNKNOWN], dtype=np.int64)[raw.codes], kept.values)

    def _told(self, error: InvalidValue, rows: Sequence[int]) -> Iterator[Problem]:
        remedy = as_remedy(error)
        for row in rows[:_SHOWN]:
            yield Problem(error.wrong, remedy, row=row + 1, column=self.name)
        if len(rows) > _SHOWN:
            more = f"the same is wrong in {counted(len(rows) - _SHOWN, 'more row')}"
            yield Problem(more, remedy, column=self.name)

    def _plain(self, cell: Any) -> Any:
        """Return a cell as a value that can be hashed; None where nothing is known."""
        if isinstance(cell, str):
            return (_parts(cell) if self.parted else cell.strip()) or None
        if cell is None or isinstance(cell, bool):
            return cell
        if hasattr(cell, "tolist"):
            return self._plain(cell.tolist())
        if isinstance(cell, list | tuple | set | frozenset):
            return tuple(sorted(cell, key=str) if isinstance(cell, set | frozenset) else map(_frozen, cell)) or None
        if not isinstance(cell, Hashable):
            return _Odd()
        return None if _is_missing(cell) else cell


def _frozen(item: Any) -> Any:
    if isinstance(item, list):
        return tuple(map(_frozen, item))
    return item if isinstance(item, Hashable) else _Odd()


class _Odd:
    """Stands for a cell that is no value of a person; every field refuses it."""


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _is_missing(cell: Any) -> bool:
    """Whether a cell is nan, or what pandas has for an unknown value or time: none of them equals itself."""
    try:
        return bool(cell != cell)  # noqa: PLR0124
    except TypeError:
        return True


def _to(name: str) -> Callable[[Any], Any]:
    """Return what makes a field's value of a cell."""
    return _MADE.get(name, lambda cell: cell)


def _as_id(cell: Any) -> Any:
    whole = _as_whole(cell)
    return str(whole) if isinstance(whole, int) and not isinstance(whole, bool) else whole


def _as_whole(cell: Any) -> Any:
    """Return a whole number; a column with gaps often holds them as floats."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _as_day(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date()
    if not isinstance(cell, str):
        return cell
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise InvalidValue("day", "must be a day", "write it as 2026-01-31") from None


def _as_member(of: type[Any], name: str, cell: Any) -> Any:
    if isinstance(cell, of):
        return cell
    try:
        return of(cell)
    except ValueError:
        known = ", ".join(one.value for one in of)
        raise InvalidValue(name, f"must be one of: {known}", "leave it empty where it is not known") from None


def _as_list(cell: Any) -> tuple[Any, ...]:
    return cell if isinstance(cell, tuple) else _parts(cell) if isinstance(cell, str) else (cell,)


def _as_supports(cell: Any) -> frozenset[Support]:
    return frozenset(_as_member(Support, "support", one) for one in _as_list(cell))


_MADE: dict[str, Callable[[Any], Any]] = {
    "id": _as_id,
    "manager": _as_id,
    "level": _as_whole,
    "last_day": _as_day,
    "role": lambda cell: _as_member(Role, "role", cell),
    "capacity": _as_whole,
    "minimum": _as_whole,
    "demand": _as_whole,
    "hopes": _as_supports,
    "offers": _as_supports,
    "preferences": lambda cell: Enrollment("?", Role.BOTH, preferences=_as_list(cell)).preferences,
    "exclusions": lambda cell: frozenset(_as_list(cell)),
    "waiting_since": _as_day,
}


def _judge(name: str) -> Callable[[Any], None]:
    """Return what refuses a value that an object of its kind would refuse."""
    if name == "id":
        return lambda value: _drop(Person(value))
    if name in _OF_PERSON:
        return lambda value: _drop(Person("?", **{name: value}))
    if name in {"capacity", "minimum"}:
        return lambda value: _drop(Capacity(value))
    if name == "role":
        return _drop
    if name in FACTS:
        return lambda value: _drop(Enrollment("?", Role.BOTH, **{name: value}))
    return lambda value: _drop(Person("?", attributes={name: value}))


def _drop(_: object) -> None:
    """Nothing is kept of what was made to see whether it can be."""


def _complete(found: dict[str, Column], columns: Mapping[str, _Reading], problems: list[Problem]) -> None:
    """Fill in what an enrolment has unless it is said, and look at what several columns say together."""
    ids = found["id"].list()
    problems += _about_ids(ids, columns["id"].name)
    if problems:
        return
    if "manager" in found:
        problems += _about_managers(ids, found["manager"], columns["manager"].name)
    for name in ("preferences", "exclusions"):
        if name in found:
            problems += _about_named(ids, found[name], columns[name].name)
    if "role" not in found:
        return
    enrolled = found["role"].codes != UNKNOWN
    for name, value in _USUAL.items():
        found[name] = _filled(found.get(name), value, enrolled)
    for name in FACTS:
        if name in found:
            found[name] = Column(np.where(enrolled, found[name].codes, UNKNOWN), found[name].values)
    most, least = (found[name].mapped(lambda value: value or 0, np.int64) for name in ("capacity", "minimum"))
    told = "the minimum is above the capacity"
    problems += [
        Problem(told, "Lower the one or raise the other.", row=row + 1, column=columns["minimum"].name)
        for row in np.flatnonzero(least > most).tolist()
    ]


def _filled(column: Column | None, usual: int, enrolled: NDArray[np.bool_]) -> Column:
    known = [None] * len(enrolled) if column is None else column.list()
    return Column.of(
        (usual if value is None else value) if inside else None
        for value, inside in zip(known, enrolled.tolist(), strict=True)
    )


def _about_ids(ids: Sequence[str | None], column: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for row, one in enumerate(ids, 1):
        if one is None:
            yield Problem("there is no id", "Give every person one.", row=row, column=column)
        elif one in seen:
            yield Problem("the id is used twice", "Give every person one id and one row.", row=row, column=column)
        else:
            seen.add(one)


def _about_managers(ids: Sequence[str], managers: Column, column: str) -> Iterator[Problem]:
    known, above = set(ids), managers.list()
    for row, one in enumerate(above, 1):
        if one is not None and one not in known:
            remedy = "Add the manager, or leave the manager out."
            yield Problem("the manager does not exist", remedy, row=row, column=column, value=one)
    inside = set(circles(dict(zip(ids, above, strict=True))))
    for row, one in enumerate(ids, 1):
        if one in inside:
            told = "she is her own manager through a circle"
            yield Problem(told, "Correct one of the managers in the circle.", row=row, column=column)


def _about_named(ids: Sequence[str], wishes: Column, column: str) -> Iterator[Problem]:
    inside, known = set(ids), Known(ids)
    for row in np.flatnonzero(wishes.codes != UNKNOWN).tolist():
        named = {one for rank in wishes[row] for one in ((rank,) if isinstance(rank, str) else rank)}
        if ids[row] in named:
            told = "the person herself is named"
            yield Problem(told, "Nobody is matched with herself anyway.", row=row + 1, column=column)
        for one in sorted(named - inside):
            yield Problem("nobody has this id", known.instead_of(one), row=row + 1, column=column, value=one)
