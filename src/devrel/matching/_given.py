"""Checks what a matching problem is made of: ids, arrays of scores, numbers for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from hashlib import blake2b
from math import ceil, log10
from operator import index
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from devrel.errors import InvalidValue, did_you_mean
from devrel.matching.criteria import Criterion
from devrel.matching.worth import EXACT, Worth

_DIGITS = 12
"""So many digits of scores that are no whole numbers are kept, where all sums stay exact."""

Positions = NDArray[np.intp]
Choice = TypeVar("Choice", bound=Enum)


def all_of(kind: Any, listed: Iterable[Any]) -> tuple[Any, ...]:
    """Return ``listed`` as a tuple; whatever is no instance of ``kind`` is refused."""
    found = tuple(listed)
    for one in found:
        if not isinstance(one, kind):
            name = one.__name__ if isinstance(one, type) else type(one).__name__
            raise InvalidValue(f"{kind.__name__}", f"{name} is none", f"give instances of {kind.__name__}")
    return found


def named_apart(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Return criteria as a tuple; two of one name are refused."""
    listed = tuple(criteria)
    names = [criterion.shown_name for criterion in listed]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InvalidValue("criteria", f"two are called {min(twice)!r}", "give each a name of its own")
    return listed


def sorted_once(_: object, attribute: Any, ids: tuple[str, ...]) -> None:
    """Accept ids that are sorted and differ."""
    if list(ids) != sorted(set(ids)):
        raise InvalidValue(attribute.name, "must be sorted and hold every id once")


def as_pairs(pairs: Iterable[Iterable[str]]) -> frozenset[tuple[str, str]]:
    """Return pairs of ids as a set of tuples."""
    found = frozenset(tuple(pair) for pair in pairs)
    if any(len(pair) != 2 for pair in found):
        raise InvalidValue("pairs", "must be pairs (recipient, provider)")
    return found  # type: ignore[return-value]


def choice_of(kind: type[Choice], name: str, given: object) -> Choice:
    """Return a member of an enumeration, or the one of that value; what is neither is refused with the nearest."""
    known = {choice.value: choice for choice in kind}
    if isinstance(given, kind):
        return given
    if not isinstance(given, str) or given not in known:
        raise InvalidValue(name, "is not known", did_you_mean(str(given), known))
    return known[given]


def scores_of(given: ArrayLike) -> NDArray[Any]:
    """Return scores as an array of numbers, recipients by providers."""
    try:
        array = np.asarray(given)
    except ValueError:
        raise InvalidValue("scores", "must have rows of one length") from None
    if array.ndim != 2:
        raise InvalidValue("scores", "must be an array of recipients by providers")
    if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
        raise InvalidValue("scores", "must be numbers of at least 0")
    return array


def ids_of(what: str, given: Sequence[str] | None, letter: str, count: int) -> list[str]:
    """Return the ids of the rows or the columns of an array."""
    names = [f"{letter}{i}" for i in range(count)] if given is None else [str(name) for name in given]
    if len(names) != count:
        raise InvalidValue(what, f"must be {count} ids, as many as the scores have")
    if len(set(names)) != count:
        raise InvalidValue(what, "must all differ")
    return names


def each(what: str, given: int | Sequence[int], count: int, order: Positions) -> tuple[int, ...]:
    """Return a whole number for each person, in another order; one number stands for all."""
    try:
        numbers = [index(number) for number in ([given] * count if np.ndim(given) == 0 else given)]  # type: ignore[union-attr,arg-type]
    except TypeError:
        numbers = [-1]
    if len(numbers) != count or any(number < 0 for number in numbers):
        raise InvalidValue(what, f"must be a whole number of at least 0, or {count} of them")
    return tuple(numbers[i] for i in order)


def as_points(scores: NDArray[Any], worth: Callable[[int], Worth]) -> tuple[NDArray[np.int64], int]:
    """Return scores as whole points, and the points of a score of 1.

    Whole numbers are kept. Other numbers keep so many decimals as ``worth``, what answers are worth where no pair has
    more than so many points, leaves exact: twelve significant digits at most.
    """
    if not bool(np.isfinite(scores).all()) or bool((scores < 0).any()):
        raise InvalidValue("scores", "must be numbers of at least 0", "shift them, or mark pairs as not eligible")
    most = scores.max(initial=0).item()
    units = [1]
    if not np.issubdtype(scores.dtype, np.integer):
        finest = max(0, _DIGITS - _before_the_point(most))
        units = [unit for unit in (10**digits for digits in range(finest, 0, -1)) if worth(ceil(most * unit)).exact]
    unit = max(units, default=1)
    if most * unit >= EXACT:
        raise InvalidValue("scores", "are too large to be exact", "divide them by a common factor")
    return np.rint(scores * unit).astype(np.int64), unit


def _before_the_point(number: float) -> int:
    return ceil(log10(number)) if number > 0 else 0


def fixed(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array that cannot be written to."""
    array.setflags(write=False)
    return array


def lot(seed: int, side: str, person: str) -> int:
    """Return the number that somebody drew in the tie lottery; it depends on nothing but the seed and her id."""
    key = blake2b(str(seed).encode()).digest()
    digest = blake2b(f"{side}\0{person}".encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big")
