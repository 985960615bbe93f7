"""The rules of a problem as arrays, so that judging a pair takes few instructions, and none of Python.

``fusing`` makes them of a problem's rules, and ``plan`` lays them out for the pass over all pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Places = NDArray[np.intp]

NEVER = -(2**40)
"""Points of a pair that may not be matched, in tables; several of them add up without harm."""


@frozen(eq=False)
class Factor:
    """Points that depend on a group of the recipient and a group of the provider.

    Attributes:
        rows: The group of each recipient.
        columns: The group of each provider.
        points: Shape (groups of recipients, groups of providers); ``NEVER`` where a pair is forbidden.
    """

    rows: Whole
    columns: Whole
    points: Whole

    def at(self, rows: Any, columns: Any) -> Whole:
        """Return the points of pairs, the positions of the two sides broadcast against each other."""
        found: Whole = self.points[self.rows[rows], self.columns[columns]]
        return found

    def told(self) -> bytes:
        """Return a hash that does not depend on how the groups are numbered, nor on groups that are alike."""
        used, columns = np.unique(self.columns, return_inverse=True)
        points, rows = _first_seen(self.points[:, used], self.rows)
        points, columns = _first_seen(points.T, columns)
        return _digest(rows, columns, points)


@frozen(eq=False)
class BitFactor:
    """Points that depend on how many items two lists share, and on how many each has.

    Attributes:
        rows: The lists of the recipients as bit sets, shape (recipients, words).
        columns: The lists of the providers.
        row_sizes: How many items each recipient's list has.
        column_sizes: The same of the providers.
        points: Shape (recipient's items, provider's items, shared items); ``NEVER`` where a pair is forbidden.
    """

    rows: NDArray[np.uint64]
    columns: NDArray[np.uint64]
    row_sizes: Whole
    column_sizes: Whole
    points: Whole

    def at(self, rows: Any, columns: Any) -> Whole:
        """Return the points of pairs, the positions of the two sides broadcast against each other."""
        shared: Any = 0
        for word in range(self.rows.shape[1]):
            shared = shared + np.bitwise_count(self.rows[rows, word] & self.columns[columns, word])
        found: Whole = self.points[self.row_sizes[rows], self.column_sizes[columns], shared]
        return found

    def told(self) -> bytes:
        """Return a hash that does not depend on how the items are numbered."""
        items = []
        for bit in range(64 * self.rows.shape[1]):
            mine, theirs = (
                side[:, bit // 64] >> np.uint64(bit % 64) & np.uint64(1) for side in (self.rows, self.columns)
            )
            if mine.any() and theirs.any():
                items.append(_digest(np.packbits(mine > 0), np.packbits(theirs > 0)))
        return _digest(self.row_sizes, self.column_sizes, self.points) + b"".join(sorted(items))


class Blocks(Protocol):
    """Whatever can be judged in blocks."""

    @property
    def greatest(self) -> int:
        """A number of points that no pair has more of."""

    def judged(self, rows: Places) -> tuple[NDArray[np.bool_], Whole]:
        """Return which pairs of some recipients are eligible, and the points of all."""


@frozen(eq=False)
class Fused:
    """A problem's rules, ready to judge any pairs fast; arrays alone, but for rules that had to be left whole.

    Attributes:
        shape: The numbers of recipients and of providers.
        factors: The tables.
        overlaps: The overlaps of lists, the one with the most points first.
        marks: Forbidden pairs: the positions of the recipients and of the providers, sorted.
        apart: Pairs with more points than the above tell, sorted; ``more`` has them.
        more: The points of the pairs in ``apart`` beyond what the above tell.
        rest: What is left: a table of the rules that fit nowhere, or of scores that come from no rules; or None.
        luck: A number for each recipient and each provider, from the seed and the id, for the lottery.
    """

    shape: tuple[int, int]
    factors: tuple[Factor, ...]
    overlaps: tuple[BitFactor, ...]
    marks: tuple[Places, Places]
    apart: tuple[Places, Places]
    more: Whole
    rest: Blocks | None
    luck: tuple[NDArray[np.uint64], NDArray[np.uint64]] = field(repr=False)

    @property
    def turned(self) -> Fused:
        """The same with providers and recipients exchanged; there must be no rest."""
        factors = (Factor(one.columns, one.rows, one.points.T) for one in self.factors)
        overlaps = (
            BitFactor(one.columns, one.rows, one.column_sizes, one.row_sizes, one.points.transpose(1, 0, 2))
            for one in self.overlaps
        )
        order = np.lexsort(self.apart)
        return Fused(
            self.shape[::-1],
            tuple(factors),
            tuple(overlaps),
            together(self.shape[0], self.marks[::-1]),
            (self.apart[1][order], self.apart[0][order]),
            self.more[order],
            None,
            self.luck[::-1],
        )

    def at(self, rows: Any, columns: Any) -> Whole:
        """Return the points of pairs, the positions of the two sides broadcast; marks, apart and rest left aside."""
        shape = np.broadcast_shapes(np.shape(rows), np.shape(columns))
        found = np.zeros(shape, dtype=np.int64)
        for factor in self.factors:
            found += factor.at(rows, columns)
        for overlap in self.overlaps:
            found += overlap.at(rows, columns)
        return found

    def pairs(self, rows: Places, columns: Places) -> tuple[NDArray[np.bool_], Whole]:
        """Return which of some pairs are eligible, and the points of all."""
        points = self.at(rows, columns)
        eligible = points >= 0
        if self.rest is not None:
            for row in np.unique(rows):
                mine = rows == row
                allowed, more = self.rest.judged(np.array([row]))
                eligible[mine] &= allowed[0, columns[mine]]
                points[mine] += more[0, columns[mine]]
        keys = self.key(rows, columns)
        eligible &= ~np.isin(keys, self.key(*self.marks))
        if len(self.more):
            known = self.key(*self.apart)
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            points += np.where(known[at] == keys, self.more[at], 0)
        return eligible, points

    def told(self) -> Iterator[bytes]:
        """Yield how pairs are judged, but for ``rest``; the order of rules, groups and items is left out."""
        yield from sorted(one.told() for one in self.factors if one.points.any())
        yield from sorted(one.told() for one in self.overlaps if one.points.any())
        yield _digest(*self.marks, *self.apart, self.more)

    def key(self, rows: Any, columns: Any) -> Whole:
        """Return a number for each of some pairs, in the order of recipients and providers."""
        found: Whole = rows.astype(np.int64) * max(self.shape[1], 1) + columns
        return found

    def block(self, rows: Places, columns: Places | None = None) -> tuple[NDArray[np.bool_], Whole]:
        """Return which pairs of some recipients, in order, are eligible, and the points of all.

        Args:
            rows: The positions of the recipients, in order.
            columns: The positions of the providers, in order; all unless given.
        """
        across = np.arange(self.shape[1]) if columns is None else columns
        points = self.at(rows[:, None], across[None, :])
        eligible = points >= 0
        if self.rest is not None:
            allowed, more = self.rest.judged(rows)
            eligible &= allowed[:, across]
            points += more[:, across]
        for held, values in ((self.marks, None), (self.apart, self.more)):
            inside = np.isin(held[0], rows) & np.isin(held[1], across)
            at = np.searchsorted(rows, held[0][inside]), np.searchsorted(across, held[1][inside])
            if values is None:
                eligible[at] = False
            else:
                points[at] += values[inside]
        return eligible, points


def places(pairs: Iterable[tuple[int, int]]) -> tuple[Places, Places]:
    """Return positions of pairs as two arrays."""
    listed = np.array(list(pairs), dtype=np.intp).reshape(-1, 2)
    return listed[:, 0], listed[:, 1]


def together(columns: int, *parts: tuple[Places, Places]) -> tuple[Places, Places]:
    """Return several lists of positions as one, sorted, each pair once."""
    width = max(columns, 1)
    keys = np.unique(np.concatenate([rows.astype(np.int64) * width + others for rows, others in parts]))
    return (keys // width).astype(np.intp), (keys % width).astype(np.intp)


def whole_sum(numbers: Whole) -> int:
    """Return a sum that may not fit into a whole number of the machine.

    >>> whole_sum(np.array([2**62, 2**62, -1]))
    9223372036854775807
    """
    return (int((numbers >> 20).sum()) << 20) + int((numbers & 0xFFFFF).sum())


def _first_seen(points: Whole, groups: Whole) -> tuple[Whole, Whole]:
    """Return the points of groups, and who is in which; those alike are one, in the order they are first seen."""
    distinct, same = np.unique(points, axis=0, return_inverse=True)
    kept, first, groups = np.unique(same.ravel()[groups], return_index=True, return_inverse=True)
    order = np.argsort(first)
    return distinct[kept[order]], np.argsort(order)[groups]


def _digest(*arrays: NDArray[Any]) -> bytes:
    told = blake2b(digest_size=16)
    for array in arrays:
        told.update(repr(array.shape).encode())
        told.update(np.ascontiguousarray(array).tobytes())
    return told.digest()
