"""Which groups must not be shown, so that nothing about fewer than five people can be worked out.

A cell is one combination of a label of each attribute; a group is a cell, or all cells with one label. A reader adds
and subtracts what is shown, and knows that no number is below 0 and that all are whole.

1. Groups below five are hidden. So are combinations that nobody has: which ones exist is not told.
2. Whoever subtracts the shown groups from everybody, or the shown cells from a group around them, must be left with
   five people or more (or none), and, among the labels of an attribute, with two groups or more. Else the smallest
   shown one is hidden too.
3. For each hidden group of one to four people, look for two people who could swap labels, or one who could have another
   label, so that the number of the group changes and nothing that is shown does. Then that number cannot be worked out,
   as two worlds look the same. Where there is no such swap, hide the smallest shown group that may help, and go back
   to 2.
4. Show again, largest first, whatever was hidden in 2 and 3 and can be shown without opening a gap.

It ends, as there are only so many groups to hide. Whatever a single shown group tells about everybody in it (none of
them got a partner) is true of each small group inside it, and is not hidden for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel.matching.rates import FEWEST

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
Places = NDArray[np.intp]
_FIRST = 64


@frozen(eq=False)
class Layout:
    """Groups in tables: one table for each attribute and, where there are several attributes, one of the cells.

    Attributes:
        sizes: How many labels each attribute has. Cells count in C order.
        places: The label of each cell by attribute: (attributes, cells).
        table: The number of the table of each group; the last table is that of the cells.
    """

    sizes: tuple[int, ...]
    places: Places = field(init=False)
    table: Places = field(init=False)

    @places.default
    def _places(self) -> Places:
        return np.indices(self.sizes).reshape(len(self.sizes), -1)

    @table.default
    def _table(self) -> Places:
        groups = (*self.sizes, self.cells) if len(self.sizes) > 1 else self.sizes
        return np.repeat(np.arange(len(groups)), groups)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return int(self.places.shape[1])

    @property
    def first_cell(self) -> int:
        """The number of the group that is the first cell."""
        return len(self.table) - self.cells

    def sums(self, values: Counts) -> Counts:
        """Return the sum over each group of a number of each cell."""
        single = [
            np.bincount(place, weights=values, minlength=size).astype(np.int64)
            for place, size in zip(self.places, self.sizes, strict=True)
        ]
        return np.concatenate([*single, values] if len(self.sizes) > 1 else single)

    def inside(self, group: int) -> Flags:
        """Return which cells make up a group."""
        if group >= self.first_cell:
            return np.asarray(np.arange(self.cells) == group - self.first_cell)
        number = int(self.table[group])
        return np.asarray(self.places[number] == group - int(np.argmax(self.table == number)))


def withheld(layout: Layout, parts: Sequence[Counts], *, hidden: Flags | None = None) -> Flags:
    """Return which groups must not be shown.

    Args:
        layout: The groups.
        parts: People by cell, split by what is told of them (those with a partner, those without).
        hidden: Groups that are hidden anyway. A cell that is not hidden and holds nobody is known to hold nobody.

    >>> withheld(Layout((3,)), [np.array([3, 6, 20])]).tolist()  # 6 would give away 3
    [True, True, False]
    """
    counts = layout.sums(np.sum(parts, axis=0))
    kept, empty = counts >= FEWEST, np.zeros(layout.cells, dtype=np.bool_)
    if hidden is not None:
        kept &= ~hidden
        empty = ~hidden[layout.first_cell :] & (counts[layout.first_cell :] == 0)
    reader = _Reader(layout, tuple(parts), counts, empty)
    allowed = kept.copy()
    while (more := next(reader.gaps(kept), None)) is not None:
        kept[more] = False
    for group in sorted(np.flatnonzero(allowed & ~kept), key=lambda one: (-counts[one], one)):
        kept[group] = True
        kept[group] = next(reader.gaps(kept), None) is None
    return ~kept


@frozen(eq=False)
class _Reader:
    """Somebody who tries to work out what is hidden. ``kept`` says which groups are shown."""

    layout: Layout
    parts: tuple[Counts, ...]
    counts: Counts
    empty: Flags
    swaps: tuple[tuple[int, ...], ...] = field(init=False)

    @swaps.default
    def _swaps(self) -> tuple[tuple[int, ...], ...]:
        """The attributes whose labels two people may swap; all others are the same swap seen from the other."""
        rest = range(1, len(self.layout.sizes))
        return tuple(chain.from_iterable(combinations(rest, size) for size in range(1, len(rest) + 1)))

    @property
    def small(self) -> Flags:
        """The groups of one to four people."""
        return (self.counts > 0) & (self.counts < FEWEST)

    def gaps(self, kept: Flags) -> Iterator[int]:
        """Return groups to hide; none where nothing can be worked out."""
        yield from self._thin(kept)
        yield from self._pinned(kept)

    def _thin(self, kept: Flags) -> Iterator[int]:
        """Return a group to hide for each line whose hidden groups are too few, or hold too few people."""
        for number in range(self.layout.table[-1] + 1):
            inside = self.layout.table == number
            others = inside & ~kept & (self.counts > 0)
            alone = bool((others & self.small).any() and others.sum() < 2)
            yield from self._thin_line(inside & kept, int(self.counts[inside].sum()), alone)
        for line in np.flatnonzero(kept[: self.layout.first_cell]).tolist():
            yield from self._thin_line(self._cells(self.layout.inside(line)) & kept, int(self.counts[line]), False)

    def _thin_line(self, shown: Flags, total: int, alone: bool) -> Iterator[int]:
        rest = total - int(self.counts[shown].sum())
        if shown.any() and (0 < rest < FEWEST or alone):
            yield self._smallest(shown)

    def _pinned(self, kept: Flags) -> Iterator[int]:
        """Return a group to hide for each small group of which no other number is seen to be possible."""
        if not kept.any():
            return
        free = np.flatnonzero(~kept[self.layout.first_cell :] & ~self.empty)
        seen = self._seen(kept)
        for target in np.flatnonzero(~kept & self.small).tolist():
            around = self._around(kept, target)
            for part in self.parts:
                told = not part.sum() or any(not part[self.layout.inside(one)].any() for one in around)
                if not told and not self._movable(target, part, free, seen):
                    yield self._helpful(kept, target, around)

    def _seen(self, kept: Flags) -> Places:
        """Return the label of each cell by attribute, as far as it shows: hidden labels look alike, as -1."""
        shown = self.layout.places.copy()
        for number, size in enumerate(self.layout.sizes):
            start = int(np.argmax(self.layout.table == number))
            labels = np.where(kept[start : start + size], np.arange(size), -1)
            shown[number] = labels[self.layout.places[number]]
        return shown

    def _around(self, kept: Flags, target: int) -> list[int]:
        """Return the shown groups with a label of a cell."""
        if target < self.layout.first_cell or len(self.layout.sizes) == 1:
            return []
        place = self.layout.places[:, target - self.layout.first_cell]
        starts = np.cumsum([0, *self.layout.sizes[:-1]])
        return [one for one in (starts + place).tolist() if kept[one]]

    def _movable(self, target: int, part: Counts, free: Places, seen: Places) -> bool:
        """Whether the number of a group could be another, all that is shown being the same."""
        inside = self.layout.inside(target)
        outside = free[~inside[free]]
        for cell in free[inside[free]].tolist():
            alike = outside[(seen[:, outside] == seen[:, [cell]]).all(axis=0)]
            if alike.size and (part[cell] or part[alike].any()):
                return True
        if target < self.layout.first_cell:
            return False
        cell = target - self.layout.first_cell
        others = outside[np.argsort(-part[outside], kind="stable")]
        return self._swappable(cell, part, free, others[:_FIRST]) or self._swappable(cell, part, free, others[_FIRST:])

    def _swappable(self, cell: int, part: Counts, free: Places, others: Places) -> bool:
        """Whether somebody of a cell can swap labels with somebody of another one, or two others into it."""
        open_ = np.zeros(self.layout.cells, dtype=np.bool_)
        open_[free] = True
        mine, theirs = self.layout.places[:, [cell]], self.layout.places[:, others]
        for swap in self.swaps:
            swapped = np.isin(np.arange(len(mine)), swap)[:, None]
            one = np.ravel_multi_index(tuple(np.where(swapped, theirs, mine)), self.layout.sizes)
            other = np.ravel_multi_index(tuple(np.where(swapped, mine, theirs)), self.layout.sizes)
            leave = (part[cell] > 0) & (part[others] > 0)
            enter = (part[one] > 0) & (part[other] > 0)
            if (open_[one] & open_[other] & (one != cell) & (one != others) & (leave | enter)).any():
                return True
        return False

    def _helpful(self, kept: Flags, target: int, around: Sequence[int]) -> int:
        """Return the group whose hiding costs least: a cell beside the target, any cell, a group around, any group."""
        beside = np.zeros(self.layout.cells, dtype=np.bool_)
        for line in around:
            beside |= self.layout.inside(line)
        lines = np.isin(np.arange(len(kept)), around)
        own = self.layout.table == self.layout.table[target]
        wishes = (self._cells(beside), self.layout.table == self.layout.table[-1], lines, own, np.ones_like(kept))
        return next(self._smallest(kept & wish) for wish in wishes if (kept & wish).any())

    def _cells(self, cells: Flags) -> Flags:
        """Return cells as groups."""
        return np.concatenate([np.zeros(self.layout.first_cell, dtype=np.bool_), cells])

    def _smallest(self, groups: Flags) -> int:
        places = np.flatnonzero(groups)
        return int(places[np.argmin(self.counts[places])])
