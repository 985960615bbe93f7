"""What every record needs: read-only mappings and validators that never repeat a value.

The validators of attrs put the offending value into the message. Values may be private here, so these name the
field and what it must be, and nothing else.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from math import isfinite
from typing import Any, TypeVar

import attrs

from devrel.errors import InvalidValue

K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R")

Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]


class ReadOnly(Mapping[K, V]):
    """A mapping that cannot be changed: hashable where its values are, comparable, picklable.

    Its repr shows the keys alone, because the values may be private.

    >>> ReadOnly({"level": 3})
    ReadOnly('level')
    >>> ReadOnly({"level": 3})["level"]
    3
    """

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        object.__setattr__(self, "_data", dict(data))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a read-only mapping cannot be changed")

    def __getitem__(self, key: K) -> V:
        return self._data[key]  # type: ignore[attr-defined,no-any-return]

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the value of a key, or ``default`` where there is none; what the base class does, and faster."""
        return self._data.get(key, default)  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[K]:
        return iter(self._data)  # type: ignore[attr-defined]

    def __len__(self) -> int:
        return len(self._data)  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type, tuple[dict[K, V]]]:
        return ReadOnly, (dict(self),)

    def __repr__(self) -> str:
        return f"ReadOnly({', '.join(repr(key) for key in self)})"


def article(word: str) -> str:
    """Return the article before ``word``.

    >>> article("advisee"), article("mentee")
    ('an', 'a')
    """
    return "an" if word[:1].lower() in "aeiou" else "a"


def as_tuple(items: Iterable[Any]) -> tuple[Any, ...]:
    """Return ``items`` as a tuple; a text is refused, as its letters are hardly meant."""
    if isinstance(items, str):
        raise InvalidValue("value", "must be a list and not a text", "put it into a list")
    if not isinstance(items, Iterable):
        raise InvalidValue("value", "must be a list", "put it into a list")
    return tuple(items)


def in_utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC, so that it is equal to itself wherever it was read; a naive one as it is."""
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidValue("value", "lies outside the calendar", "give a moment of our time") from None


def as_set(items: Iterable[Any]) -> frozenset[Any]:
    """Return ``items`` as a set that cannot be changed; a text is refused, as its letters are hardly meant."""
    return frozenset(as_tuple(items))


def maybe_tuple(items: Iterable[Any] | None) -> tuple[Any, ...] | None:
    """Return ``items`` as a tuple, or None."""
    return None if items is None else as_tuple(items)


def maybe_set(items: Iterable[Any] | None) -> frozenset[Any] | None:
    """Return ``items`` as a set that cannot be changed, or None."""
    return None if items is None else as_set(items)


def read_only(data: Mapping[str, Any]) -> ReadOnly[str, Any]:
    """Return ``data`` as a mapping that cannot be changed."""
    return ReadOnly(data)


def _worded(kind: type) -> str:
    if issubclass(kind, Enum):
        return f"one of {', '.join(f'{kind.__name__}.{name}' for name in kind.__members__)}"
    return _WORDS.get(kind, f"{article(kind.__name__)} {kind.__name__}")


_WORDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date",
    time: "a time of day",
}


def _refuse(attribute: attrs.Attribute[Any], must: str) -> None:
    raise InvalidValue(attribute.name, f"must be {must}")


def a(*types: type) -> Validator:
    """Accept instances of ``types`` only (a bool is not taken for a number)."""
    must = " or ".join(_worded(kind) for kind in types)

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, types) or _only_looks_like(value, types):
            _refuse(attribute, must)

    return check


def _only_looks_like(value: Any, types: tuple[type, ...]) -> bool:
    """Whether a value is of a type by inheritance only, or is a number that is none."""
    if isinstance(value, bool):
        return bool not in types
    if isinstance(value, datetime):
        return datetime not in types
    return isinstance(value, float) and not isfinite(value)


def optional(inner: Validator) -> Validator:
    """Accept None as well."""

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if value is not None:
            inner(instance, attribute, value)

    return check


def filled_text(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Accept text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        _refuse(attribute, "a text that is not empty")


def at_least(low: int) -> Validator:
    """Accept whole numbers from ``low`` up."""

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            _refuse(attribute, f"a whole number of at least {low}")

    return check


def between(low: int, high: int) -> Validator:
    """Accept whole numbers from ``low`` to ``high``."""

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            _refuse(attribute, f"a whole number from {low} to {high}")

    return check


def number_between(low: float, high: float) -> Validator:
    """Accept numbers from ``low`` to ``high``."""

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        a(int, float)(_, attribute, value)
        if not low <= value <= high:
            _refuse(attribute, f"a number from {low:g} to {high:g}")

    return check


def tuple_of(*types: type) -> Validator:
    """Accept tuples whose items are all instances of ``types``."""
    must = " or ".join(kind.__name__ for kind in types)

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        fine = isinstance(value, tuple) and all(isinstance(item, types) for item in value)
        if not fine or any(_only_looks_like(item, types) for item in value):
            _refuse(attribute, f"a list of {must}")

    return check


def replaced(record: R, **changes: Any) -> R:
    """Return a record with some fields changed, unchecked: for parts whose own constructors have checked them."""
    return unchecked(type(record), 1, {name: (value,) for name, value in (fields_of(record) | changes).items()})[0]


def fields_of(record: object) -> dict[str, Any]:
    """Return the fields of a record, by name."""
    return {name: getattr(record, name) for name in _names(type(record))}  # type: ignore[arg-type]


@contextmanager
def not_collecting() -> Iterator[None]:
    """While it lasts, Python looks for no circles of objects: records have none, and among very many it takes long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def unchecked(kind: type[R], count: int, columns: Mapping[str, Iterable[Any]]) -> list[R]:
    """Return records made of columns of fields that were checked before, many at once and fast.

    Args:
        kind: The class of the records, with slots.
        count: How many there are.
        columns: The values of every field.
    """
    made = [object.__new__(kind) for _ in range(count)]
    for name, values in columns.items():
        deque(map(getattr(kind, name).__set__, made, values), maxlen=0)
    return made


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in attrs.fields(kind))


def set_of(*types: type) -> Validator:
    """Accept sets that cannot be changed and whose items are all instances of ``types``."""
    must = " or ".join(kind.__name__ for kind in types)

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, frozenset) or not all(isinstance(item, types) for item in value):
            _refuse(attribute, f"a set of {must}")

    return check


def aware(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Accept points in time that know their offset."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        _refuse(attribute, "a datetime with a time zone")
