"""Collects what is wrong with an input, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from devrel.errors import InputError, InvalidValue, Problem

Made = TypeVar("Made")


class Told:
    """What is wrong with an input. It is true where something is.

    >>> told = Told()
    >>> told.add(InvalidValue("a", "must be a number", "give one")), told.add(InvalidValue("b", "is missing"))
    (None, None)
    >>> told.refuse()
    Traceback (most recent call last):
    devrel.errors.InputError: 2 problems:
      a: must be a number. Give one.
      b: is missing. Correct it.
    """

    def __init__(self) -> None:
        self._found: list[InvalidValue | InputError] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, error: InvalidValue | InputError) -> None:
        """Keep something that is wrong."""
        self._found.append(error)

    def get(self, instead: Made, make: Callable[..., Made], *given: Any, **named: Any) -> Made:
        """Return what ``make`` makes of what was given; where it refuses, keep that and return ``instead``."""
        try:
            return make(*given, **named)
        except (InvalidValue, InputError) as error:
            self.add(error)
            return instead

    def refuse(self) -> None:
        """Raise what was found: one thing as it is, several as an ``InputError``."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            raise InputError(problem for error in self._found for problem in _problems(error))


def as_remedy(error: InvalidValue) -> str:
    """Return the remedy of an error as a sentence.

    >>> as_remedy(InvalidValue("a", "is wrong", "mend it"))
    'Mend it.'
    """
    remedy = f"{error.remedy[:1].upper()}{error.remedy[1:].rstrip('.')}" or "Correct it"
    return remedy if remedy.endswith("?") else f"{remedy}."


def _problems(error: InvalidValue | InputError) -> tuple[Problem, ...]:
    if isinstance(error, InputError):
        return error.problems
    return (Problem(error.wrong, as_remedy(error), column=error.field),)
