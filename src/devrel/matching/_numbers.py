"""Checks numbers that are given: whole ones, alone or one for each person, and numbers of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devrel.errors import InvalidValue

MOST = 2**31 - 1
"""No count of people, minutes or days is larger."""

Positions = NDArray[np.intp]


def _whole(number: Any) -> int:
    if isinstance(number, bool):
        raise TypeError
    return index(number)


def _listed(given: Iterable[Any], kinds: set[type]) -> tuple[Any, ...]:
    """Return whole numbers in range, those of NumPy as plain ones; raises ``TypeError`` or ``ValueError``."""
    if isinstance(given, set | frozenset):
        raise TypeError
    numbers = tuple(given)
    if not {*map(type, numbers)} <= kinds:
        numbers = tuple(one if type(one) in kinds else _whole(one) for one in numbers)
    if not all(0 <= number <= MOST for number in {*numbers} - {None}):
        raise ValueError
    return numbers


def numbers_of(what: str, given: Any, count: int, whose: str, *, gaps: bool = False) -> tuple[Any, ...]:
    """Return a whole number for each of ``count`` people; with ``gaps`` also None, where it is not known.

    Raises:
        InvalidValue: For another length, and for what is no whole number in range.
    """
    numbers: tuple[Any, ...] | None
    try:
        numbers = _listed(given, {int, type(None)} if gaps else {int})
    except (TypeError, ValueError):
        numbers = None
    if numbers is None or len(numbers) != count:
        found = "" if numbers is None or len(numbers) == count else f", and not {len(numbers)}"
        told = f"must be {count} whole numbers from 0 to {MOST}, one for each {whose}{found}"
        raise InvalidValue(what, told, f"give them in the order of the sorted {whose}s")
    return numbers


def each(what: str, given: int | Sequence[int], count: int, order: Positions) -> tuple[int, ...]:
    """Return a whole number for each person, in another order; one number stands for all."""
    try:
        numbers = _listed([given], {int}) * count if np.ndim(given) == 0 else _listed(given, {int})  # type: ignore[arg-type]
    except (TypeError, ValueError):
        numbers = (None,) * (count + 1)
    if len(numbers) != count:
        raise InvalidValue(what, f"must be a whole number of at least 0 and at most {MOST}, or {count} of them")
    return tuple(numbers[i] for i in order)


def number_of(what: str, given: object, low: int, high: int = MOST, remedy: str = "") -> int:
    """Return a whole number that lies between two others."""
    try:
        number = _whole(given)
    except TypeError:
        number = low - 1
    if not low <= number <= high:
        raise InvalidValue(what, f"must be a whole number from {low} to {high}", remedy)
    return number


def seed_of(given: object) -> int:
    """Return a seed, one of NumPy's as a plain number."""
    try:
        return _whole(given)
    except TypeError:
        raise InvalidValue("seed", "must be a whole number") from None


def is_number(given: object) -> bool:
    """Whether something is a number, NumPy's included; true and false are none."""
    return isinstance(given, int | float | np.integer | np.floating) and not isinstance(given, bool)
