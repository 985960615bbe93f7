"""Checks what a matching problem is made of: ids, arrays of scores, numbers for each person."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from enum import Enum
from hashlib import blake2b
from math import ceil, log10
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from devrel.errors import InvalidValue, did_you_mean
from devrel.matching._told import Told
from devrel.matching.criteria import Criterion
from devrel.matching.worth import EXACT, Objective, Worth

_DIGITS = 12
"""So many digits of scores that are no whole numbers are kept, where all sums stay exact."""

_ROOM = 8
_SHOWN = 5

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
    """Accept ids that are sorted and differ, none of them empty."""
    if not all(map(str.strip, ids)):
        raise InvalidValue(attribute.name, "must be ids that are not empty")
    if list(ids) != sorted(set(ids)):
        raise InvalidValue(attribute.name, "must be sorted and hold every id once")


def as_pairs(pairs: Iterable[Iterable[str]]) -> frozenset[tuple[str, str]]:
    """Return pairs of ids as a set of tuples."""
    return pairs_of("pairs", pairs)


def pairs_of(
    what: str, given: Any, rows: Container[str] | None = None, columns: Container[str] | None = None
) -> frozenset[tuple[str, str]]:
    """Return pairs of ids as a set of tuples, each of a row and a column where those are given.

    Raises:
        InvalidValue: For something that is no pair of two ids, or a pair of people who are not there.
        InputError: Where several of these are wrong.
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidValue(what, "must be a list of pairs (recipient, provider)")
    pairs = [_pair(one) for one in given]
    told, odd = Told(), [str(number) for number, pair in enumerate(pairs, 1) if pair is None]
    if odd:
        which = f"{', '.join(odd[:_SHOWN])}{'' if len(odd) <= _SHOWN else ', ...'} of {len(pairs)}"
        told.add(InvalidValue(what, "must be pairs (recipient, provider) of two ids", f"mend number {which}"))
    found = frozenset(pair for pair in pairs if pair is not None)
    if rows is not None and columns is not None:
        for one, other in sorted(pair for pair in found if pair[0] not in rows or pair[1] not in columns):
            told.add(InvalidValue(what, f"the pair {one!r}, {other!r} is not in the problem", "check the two ids"))
    told.refuse()
    return found


def _pair(given: object) -> tuple[str, str] | None:
    match list(given) if isinstance(given, Iterable) and not isinstance(given, str | set | frozenset) else None:
        case [str() as one, str() as other]:
            return str(one), str(other)
    return None


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


def usual_ids(letter: str, count: int) -> list[str]:
    """Return the ids of the rows or the columns of an array that come without any."""
    return [f"{letter}{i}" for i in range(count)]


def ids_of(what: str, given: Iterable[str] | None, letter: str, count: int) -> list[str]:
    """Return the ids of the rows or the columns of an array."""
    if given is None:
        return usual_ids(letter, count)
    if isinstance(given, str | set | frozenset) or not isinstance(given, Iterable):
        raise InvalidValue(what, f"must be a list of {count} ids, in the order of the scores")
    names: list[Any] = list(given)
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise InvalidValue(what, "must be texts that are not empty")
    if len(names) != count:
        raise InvalidValue(what, f"must be {count} ids, as many as the scores have")
    if len(set(names)) != count:
        raise InvalidValue(what, "must all differ")
    return list(map(str, names))


def sides_of(
    recipients: Iterable[str] | None, providers: Iterable[str] | None, shape: tuple[int, int]
) -> tuple[list[str], list[str]]:
    """Return the ids of the rows and the columns of an array, none of which is on both sides."""
    told, none = Told(), list[str]()
    mine = told.get(none, ids_of, "recipients", recipients, "r", shape[0])
    theirs = told.get(none, ids_of, "providers", providers, "p", shape[1])
    told.get(None, refuse_both, mine, theirs)
    told.refuse()
    return mine, theirs


def refuse_both(recipients: Iterable[str], providers: Iterable[str]) -> None:
    """Refuse an id that stands on both sides."""
    if both := set(recipients) & set(providers):
        told = f"{min(both, key=str)!r} is a recipient too"
        raise InvalidValue("providers", told, "give the two sides ids of their own")


def eligible_of(given: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which pairs may be matched; all unless given."""
    if given is None:
        return np.ones(shape, dtype=np.bool_)
    try:
        array = np.asarray(given)
    except ValueError:
        raise InvalidValue("eligible", "must have rows of one length") from None
    if array.shape != shape:
        raise InvalidValue("eligible", f"must have the shape of the scores, {shape}")
    numbers = np.issubdtype(array.dtype, np.number) and bool(np.isin(array, (0, 1)).all())
    if array.dtype != np.bool_ and not numbers:
        raise InvalidValue("eligible", "must be true or false for each pair, or 1 or 0")
    return array.astype(np.bool_)


def as_points(
    scores: NDArray[Any], objective: Objective, demand: Sequence[int], capacity: Sequence[int]
) -> tuple[NDArray[np.int64], int]:
    """Return scores as whole points, and the points of a score of 1.

    Whole numbers are kept. Other numbers keep so many decimals as leave every sum exact, twelve significant digits at
    most; where it can be, also when everybody wants eight times as many and keeping a pair is worth a score more.
    """
    if not bool(np.isfinite(scores).all()) or bool((scores < 0).any()):
        raise InvalidValue("scores", "must be numbers of at least 0", "shift them, or mark pairs as not eligible")
    most = scores.max(initial=0).item()
    units = [1]
    if not np.issubdtype(scores.dtype, np.integer):
        scores = scores.astype(np.float64)  # narrower numbers would lose what they are multiplied by
        finest = max(0, _DIGITS - _before_the_point(most))
        powers = [10**digits for digits in range(finest, 0, -1)]
        units = [unit for unit in powers if _exact(objective, demand, capacity, ceil(most * unit))]
        units = [unit for unit in units if _roomy(objective, demand, capacity, ceil(most * unit))] or units
    unit = max(units, default=1)
    if most * unit >= EXACT:
        raise InvalidValue("scores", "are too large to be exact", "divide them by a common factor")
    return np.rint(scores * unit).astype(np.int64), unit


def _exact(objective: Objective, demand: Sequence[int], capacity: Sequence[int], most: int) -> bool:
    return Worth.of(objective, demand=demand, capacity=capacity, greatest=most).exact


def _roomy(objective: Objective, demand: Sequence[int], capacity: Sequence[int], most: int) -> bool:
    wanted, taken = [_ROOM * max(1, one) for one in demand], [_ROOM * one for one in capacity]
    return Worth.of(objective, demand=wanted, capacity=taken, greatest=most, price=most).solvable


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
