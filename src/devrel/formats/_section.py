"""Reads a tree of tables strictly: every key is asked for, and what is left over is an error with the nearest key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

from devrel.errors import InvalidValue, Problem, did_you_mean, nearest

T = TypeVar("T")

_MISSING = object()


_LONGEST = 10**40


def _shown(value: object) -> str:
    """Return a value as text; a number of thousands of digits by its size, as Python refuses to write it."""
    too_long = isinstance(value, int) and not -_LONGEST < value < _LONGEST
    return "a number of more than 40 digits" if too_long else str(value)


class Section:
    """One table of a file, with its path; problems of all sections are collected in one list.

    Args:
        data: The table.
        problems: Where problems are added.
        file: The file's name, for the problems.
        path: Where the table stands in the file.
    """

    def __init__(self, data: Mapping[str, Any], problems: list[Problem], file: str, path: str = "") -> None:
        self._data = data
        self._problems = problems
        self._file = file
        self._asked: set[str] = set()
        self.path = path
        self.sound = True
        """Whether nothing was found wrong with this table so far."""

    def text(self, key: str, default: str | None = None, *, needed: bool = False) -> str | None:
        """Return a text that is not blank, or the default."""
        value = self._data.get(key)
        if isinstance(value, str) and not value.strip():
            self._asked.add(key)
            self.problem(key, "is empty", "Fill it in." if needed else "Fill it in, or leave the key out.")
            return default
        return self._get(key, lambda value: isinstance(value, str), "a text", default, needed)

    def whole(self, key: str, default: int, low: int, high: int, *, needed: bool = False) -> int:
        """Return a whole number from ``low`` to ``high``, or the default."""

        def good(value: object) -> bool:
            return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high

        return self._get(key, good, f"a whole number from {low} to {high}", default, needed)

    def number(self, key: str, default: float | None = None) -> float | None:
        """Return a number, or the default."""
        return self._get(
            key, lambda value: isinstance(value, int | float) and not isinstance(value, bool), "a number", default
        )

    def yes(self, key: str) -> bool:
        """Return true or false; false where the key is missing."""
        return self._get(key, lambda value: isinstance(value, bool), "true or false", False)

    def day(self, key: str, default: date, *, needed: bool = False) -> date:
        """Return a date."""

        def good(value: object) -> bool:
            return isinstance(value, date) and not isinstance(value, datetime)

        return self._get(key, good, "a date", default, needed, "Write it like 2026-01-31, without quotes.")

    def days(self, key: str) -> frozenset[date]:
        """Return a list of dates as a set."""
        value = self._take(key)
        if value is _MISSING:
            return frozenset()
        if isinstance(value, list) and all(isinstance(day, date) and not isinstance(day, datetime) for day in value):
            return frozenset(value)
        self.problem(key, "is not a list of dates", "Write it as [2026-12-25, 2026-12-26], without quotes.", value)
        return frozenset()

    def time(self, key: str, default: time) -> time:
        """Return a time of day, written as 10:00:00 or as "10:00"."""
        value = self._take(key)
        if value is _MISSING:
            return default
        if isinstance(value, str):
            try:
                value = time.fromisoformat(value)
            except ValueError:
                value = None
        if isinstance(value, time) and value.tzinfo is None:
            return value
        self.problem(key, "is not a time of day", 'Write it as "10:00".', self._data[key])
        return default

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """Return a list of texts; one text alone is a list of one."""
        value = self._take(key)
        if value is _MISSING:
            return tuple(default)
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(item, str) for item in listed):
            return tuple(listed)
        self.problem(key, "is not a list of texts", 'Write it as ["one", "two"].', value)
        return tuple(default)

    def values(self, key: str) -> tuple[Any, ...]:
        """Return a list of texts and numbers."""
        value = self._take(key)
        if value is _MISSING:
            return ()
        if isinstance(value, list) and value and all(isinstance(item, str | int | float) for item in value):
            return tuple(value)
        self.problem(key, "is not a list of texts or numbers", "Write it as [4, 5].", value)
        return ()

    def choice(
        self,
        key: str,
        known: Mapping[str, T],
        default: T,
        *,
        needed: bool = False,
        instead: Callable[[str, Iterable[str]], str] = did_you_mean,
    ) -> T:
        """Return what a known word stands for; an unknown one is refused with what ``instead`` says, the nearest."""
        value = self._take(key)
        if value is _MISSING:
            if needed:
                self.problem(key, "is missing", f"Add it. Known: {', '.join(known)}.")
            return default
        if isinstance(value, str) and value in known:
            return known[value]
        self.problem(key, "is not known", instead(str(value), known), value)
        return default

    def section(self, key: str, entry: str = "") -> Section:
        """Return a table inside this one, an empty one where it is missing; ``entry`` shows what stands in it."""
        value = self._take(key)
        if value is not _MISSING and not isinstance(value, dict):
            self.problem(key, "is not a table", f"Write it as [{self._at(key)}]{entry and f' {entry}'}.", value)
        return Section(value if isinstance(value, dict) else {}, self._problems, self._file, self._at(key))

    def sections(self, key: str) -> list[Section]:
        """Return a list of tables."""
        value = self._take(key)
        if value is _MISSING:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, "is not a list of tables", f"Write each as [[{self._at(key)}]].", value)
            return []
        return [
            Section(item, self._problems, self._file, f"{self._at(key)}[{i}]") for i, item in enumerate(value, start=1)
        ]

    def inner(self, name: str, data: Mapping[str, Any]) -> Section:
        """Return a table inside this one that was found elsewhere than under a key of its own."""
        return Section(data, self._problems, self._file, self._at(name))

    def named_sections(self) -> Iterator[tuple[str, Section]]:
        """Yield every key of this table as a table of its own."""
        for key in self._data:
            yield key, self.section(key)

    def texts_by_key(self) -> dict[str, str]:
        """Return every key of this table with its text."""
        return {key: text for key in self._data if (text := self.text(key)) is not None}

    def raw_value(self, key: str) -> Any:
        """Return a value of any type, or None where it is missing."""
        value = self._take(key)
        return None if value is _MISSING else value

    def raw(self) -> dict[str, Any]:
        """Return the table as it is; every key counts as asked for."""
        self._asked.update(self._data)
        return dict(self._data)

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def build(self, make: Callable[..., T], *values: Any, value: object = None, **named: Any) -> T | None:
        """Return a record, or None with a problem where it refuses what it is given; ``value`` is shown with it."""
        try:
            return make(*values, **named)
        except InvalidValue as error:
            key = error.field if error.field in self._data else ""
            wrong = str(error).removeprefix(f"{error.field}: ").removesuffix(f"; {error.remedy}")
            wrong = wrong if key else f"{error.field} {wrong}"
            self.problem(key, wrong, f"{error.remedy[:1].upper()}{error.remedy[1:]}" or "Correct it.", value)
            return None

    def problem(self, key: str, wrong: str, remedy: str, value: object = None) -> None:
        """Add a problem at ``key``; at the table itself where it is empty."""
        shown = None if value is None else _shown(value)
        remedy = remedy if remedy.endswith((".", "?", "!")) else f"{remedy}."
        self.sound = False
        self._problems.append(Problem(wrong, remedy, file=self._file, column=self._at(key), value=shown))

    def close(self) -> None:
        """Report every key that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                near = nearest(key, self._asked - set(self._data)) or nearest(key, self._asked)
                hint = f"Did you mean '{near}'? " if near else ""
                self.problem(
                    key, "is not a known key", f"{hint}Known here: {', '.join(sorted(self._asked)) or 'none'}."
                )

    def _get(
        self, key: str, good: Callable[[Any], Any], must: str, default: T, needed: bool = False, remedy: str = ""
    ) -> T:
        value = self._take(key)
        if value is _MISSING:
            if needed:
                self.problem(key, "is missing", remedy or f"Add {must}.")
            return default
        if good(value):
            found: T = value
            return found
        quoted = isinstance(value, str) and must != "a text"
        self.problem(
            key, f"is not {must}", remedy or ("Write it without quotes." if quoted else f"Give {must}."), value
        )
        return default

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        return self._data.get(key, _MISSING)

    def _at(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)
