"""One attribute of many people: codes that count into the values there are, so that each value is looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import DTypeLike, NDArray

from devrel.people import Value

Codes = NDArray[np.int64]

UNKNOWN = -1
"""The code of a value that is not known; it equals nothing, itself included."""

_WORD = 64
_NUMBERS, _NAN = (int, float), float("nan")


@frozen(eq=False)
class Column:
    """The values of one attribute, each kept once.

    Attributes:
        codes: For every person the place of her value in ``values``; ``UNKNOWN`` where it is not known.
        values: The values there are, in the order in which they came first.

    >>> level = Column.of([3, None, 5, 3])
    >>> level.codes.tolist(), level.values
    ([0, -1, 1, 0], (3, 5))
    """

    codes: Codes
    values: tuple[Any, ...] = field(repr=False)

    @classmethod
    def of(cls, given: Iterable[Any]) -> Column:
        """Return the column of values that can be hashed; None stands for one that is not known."""
        known: dict[tuple[type, Any], int] = {}  # 1 and True are equal, and not the same value
        codes = [UNKNOWN if one is None else known.setdefault((type(one), one), len(known)) for one in given]
        return cls(np.array(codes, dtype=np.int64), tuple(value for _, value in known))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, position: int) -> Any:
        """Return somebody's value, or None where it is not known."""
        code = int(self.codes[position])
        return None if code == UNKNOWN else self.values[code]

    def take(self, rows: NDArray[np.intp]) -> Column:
        """Return the column of the people at some positions."""
        return Column(self.codes[rows], self.values)

    def mapped(self, to: Callable[[Any], Any], dtype: DTypeLike) -> NDArray[Any]:
        """Return ``to`` of everybody's value as an array; it is asked once for each value, and once for None.

        >>> Column.of(["a", None, "bcd"]).mapped(lambda text: len(text or ""), int).tolist()
        [1, 0, 3]
        """
        found: NDArray[Any] = np.array([*map(to, self.values), to(None)], dtype=dtype)[self.codes]
        return found

    def list(self) -> list[Any]:
        """Return everybody's value."""
        if len(self.codes) < len(self.values):
            return [None if code == UNKNOWN else self.values[code] for code in self.codes.tolist()]
        values = (*self.values, None)
        return [values[code] for code in self.codes.tolist()]


def codes_of(one: Column, other: Column) -> tuple[Codes, Codes]:
    """Return the codes of two columns such that they are equal where the values are; nan equals nothing."""
    known: dict[Any, int] = {}

    def numbered(column: Column, side: int) -> Codes:
        keys = (value if value == value else (side, "nan") for value in column.values)  # noqa: PLR0124
        places = [known.setdefault(key, len(known)) for key in keys]
        return np.array([*places, UNKNOWN], dtype=np.int64)[column.codes]

    return numbered(one, 0), numbered(other, 1)


def bits_of(wanted: Column, offered: Column) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return two columns of lists as bit sets of shape (people, words).

    A bit stands for one item that is wanted; items that are only offered get bits that no wanted item has, so that
    the sizes of the sets are those of the lists.
    """
    (left, mine), (right, theirs) = (_lists(column) for column in (wanted, offered))
    place = {item: i for i, item in enumerate(dict.fromkeys(item for items in left for item in items))}
    more = max((sum(item not in place for item in items) for items in right), default=0)
    return _bit_sets(left, place)[mine], _bit_sets(right, place, more)[theirs]


def _lists(column: Column) -> tuple[list[tuple[str, ...]], Codes]:
    """Return the different lists that somebody has, and the number of each person's."""
    codes, numbers = np.unique(column.codes, return_inverse=True)
    return [as_items(None if code == UNKNOWN else column.values[code]) for code in codes.tolist()], numbers


def as_number(value: Value | None) -> float:
    """Return a number as a float, and NaN for whatever is none."""
    return float(value) if isinstance(value, _NUMBERS) and not isinstance(value, bool) else _NAN


def item_set(value: Value | None) -> set[str]:
    """Return the items of a list attribute as a set.

    >>> sorted(item_set(("sql", "go", "sql"))), item_set(None)
    (['go', 'sql'], set())
    """
    return set(value if isinstance(value, tuple) else as_items(value))


def as_items(value: Value | None) -> tuple[str, ...]:
    """Return a list attribute as its items, each once; a plain text is a list of one.

    >>> as_items(("sql", "go", "sql"))
    ('sql', 'go')
    """
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(value))
    return (value,) if isinstance(value, str) and value else ()


def _bit_sets(lists: Sequence[tuple[str, ...]], place: dict[str, int], more: int = 0) -> NDArray[np.uint64]:
    """Return lists of different items as bit sets; the first item without a place has the bit after all places."""
    words = max(1, -(-(len(place) + more) // _WORD))
    sizes = np.array([len(items) for items in lists], dtype=np.int64)
    owners = np.repeat(np.arange(len(lists)), sizes)
    bits = np.array([place.get(item, UNKNOWN) for items in lists for item in items], dtype=np.int64)
    unknown = bits == UNKNOWN
    counted = np.concatenate([[0], np.cumsum(unknown)])
    before = counted[np.cumsum(sizes) - sizes]  # so many items without a place come before those of a list
    bits[unknown] = len(place) + (counted[:-1] - np.repeat(before, sizes))[unknown]
    sets = np.zeros(len(lists) * words, dtype=np.uint64)
    # every bit of a set comes once, so adding is joining
    np.add.at(sets, owners * words + bits // _WORD, np.uint64(1) << (bits % _WORD).astype(np.uint64))
    return sets.reshape(len(lists), words)
