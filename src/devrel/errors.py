"""Every exception of the library, under one root.

Errors carry their data as attributes and say what is wrong and what to do. None of them shows a value that came
from a sensitive or free-text column.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from attrs import field, frozen


class DevrelError(Exception):
    """The root of all errors raised by this library; errors come back whole from another process."""

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args, dict(vars(self)))


def _again(kind: type[DevrelError], arguments: tuple[object, ...], data: dict[str, object]) -> DevrelError:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    vars(error).update(data)
    return error


class InvalidValue(DevrelError, ValueError):
    """A record was asked to hold something it cannot hold.

    Attributes:
        field: The name of the field.
        wrong: What is wrong.
        remedy: What to do about it.
    """

    def __init__(self, field: str, wrong: str, remedy: str = "") -> None:
        super().__init__(f"{field}: {wrong}" + (f"; {remedy}" if remedy else ""))
        self.field = field
        self.wrong = wrong
        self.remedy = remedy


@frozen
class Problem:
    """One thing that is wrong with an input: where, what, and what to do.

    Attributes:
        wrong: What is wrong, in plain words, without the value.
        remedy: What to do about it.
        file: The file's name, when it came from a file.
        row: The line of the file where the record starts (the header is line 1), when it has one.
        column: The column or key, with its path inside the file.
        value: The value as it was read, or None where it must not be shown.
    """

    wrong: str
    remedy: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Show the place, the value where it may be shown, what is wrong and what to do."""
        place = [part for part in (self.file, f"row {self.row}" if self.row else None) if part]
        if self.column:
            place.append(f"column '{self.column}'" if self.row else self.column)
        where = ", ".join(place)
        shown = "" if self.value is None else f" (found {_shorten(self.value)!r})"
        return f"{where}: {self.wrong}{shown}. {self.remedy}" if where else f"{self.wrong}{shown}. {self.remedy}"


class InputError(DevrelError):
    """Some input cannot be used; every problem found in it is listed at once.

    Attributes:
        problems: All problems, in the order of files, rows and columns.

    >>> raise InputError([Problem("the column is missing", "Add it.", file="a.csv", column="grade")])
    Traceback (most recent call last):
    devrel.errors.InputError: 1 problem:
      a.csv, grade: the column is missing. Add it.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        noun = "problem" if len(self.problems) == 1 else "problems"
        super().__init__("\n  ".join([f"{len(self.problems)} {noun}:", *map(str, self.problems)]))


class IllegalMove(DevrelError):
    """A relationship refused an event; it is unchanged.

    Attributes:
        event: The type name of the refused event.
        stage: The stage the relationship is in.
        allowed: The type names of the other events that whoever acted may cause in this stage; guards may refuse them.
    """

    def __init__(self, event: str, stage: str, reason: str, allowed: Sequence[str]) -> None:
        instead = f"Possible instead: {', '.join(allowed)}." if allowed else "Nothing else is possible here."
        super().__init__(f"{event} is refused while the relationship is {stage}: {reason}. {instead}")
        self.event = event
        self.stage = stage
        self.reason = reason
        self.allowed = tuple(allowed)


class StaleVersion(DevrelError):
    """Somebody else changed the relationship in the meantime; it is unchanged by this call.

    Attributes:
        expected: The version the caller had seen.
        actual: The version it has.
    """

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"expected version {expected}, found {actual}; load the relationship again and decide anew")
        self.expected = expected
        self.actual = actual


class NoSeat(DevrelError):
    """Somebody's places are all taken, so that an acceptance comes too late; nothing was changed.

    Attributes:
        person: The id of whose places are taken.
        side: ``provider`` or ``recipient``.
        places: How many places there are.
    """

    def __init__(self, person: str, side: str, places: int) -> None:
        whose = f"of {person!r} as {side}"
        told = {0: f"no place {whose} is offered", 1: f"the only place {whose} is taken"}
        reason = told.get(places, f"too few of the {places} places {whose} are free")
        super().__init__(f"{reason}; choose somebody else, or raise the capacity")
        self.person = person
        self.side = side
        self.places = places


class WrongAnswer(DevrelError):
    """A matching strategy answered with something that breaks a promise; the answer is not returned.

    Attributes:
        strategy: The strategy's name.
        violations: One sentence per broken promise.
    """

    def __init__(self, strategy: str, violations: Sequence[str]) -> None:
        super().__init__("\n  ".join([f"{strategy} gave a wrong answer:", *violations]))
        self.strategy = strategy
        self.violations = tuple(violations)


class BrokenExtension(DevrelError):
    """A strategy, a criterion or a constraint raised an error instead of answering; that error is the cause.

    The message does not repeat its words, as they may hold private values.

    Attributes:
        what: What broke down: its sort, its name, and the package that it comes from, where one announces it.
        error: The type of the error.
        where: The module, the line and the function in which it was raised.
    """

    def __init__(self, what: str, error: str, where: str) -> None:
        super().__init__(f"{what} broke down: {error} in {where}; mend it, or do without it")
        self.what = what
        self.error = error
        self.where = where


class UnsupportedProblem(DevrelError):
    """A strategy was given a problem with features that it does not claim to support.

    Attributes:
        strategy: The strategy's name.
        features: What it does not support, by name.
    """

    def __init__(self, strategy: str, features: Sequence[str]) -> None:
        super().__init__(f"{strategy} does not support: {', '.join(features)}. Choose another strategy or drop them.")
        self.strategy = strategy
        self.features = tuple(features)


class InfeasibleProblem(DevrelError):
    """No answer can keep what the problem demands."""


class MissingExtra(DevrelError, ImportError):
    """A part of the library needs a package that is not installed.

    Attributes:
        extra: The extra that brings it.
    """

    def __init__(self, part: str, package: str, extra: str) -> None:
        super().__init__(f"{part} needs {package}; install development-relationships[{extra}]")
        self.extra = extra


class OutputExists(DevrelError):
    """The folder to write to already has results in it; nothing was written."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that looks most like ``word``, or None when none is near.

    >>> nearest("mentorng", ["coaching", "mentoring"])
    'mentoring'
    """
    options = sorted(known)
    folded = {option.casefold(): option for option in options}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)
    return folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], *, ordered: bool = False) -> str:
    """Return a remedy that names the nearest known word and, where they are few, all of them (sorted unless ordered).

    >>> did_you_mean("weakly", ["weekly", "monthly"])
    "Did you mean 'weekly'? Known: monthly, weekly."
    """
    options = list(known) if ordered else sorted(known)
    near = nearest(word, options)
    hint = f"Did you mean {near!r}? " if near else ""
    listed = ", ".join(options) if len(options) <= _LISTED else f"{', '.join(options[:_LISTED])}, ..."
    return f"{hint}Known: {listed or 'none'}."


_LISTED = 20
_SHOWN = 60


def _shorten(value: str) -> str:
    return value if len(value) <= _SHOWN else value[: _SHOWN - 3] + "..."
