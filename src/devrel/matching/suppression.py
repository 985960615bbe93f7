"""Which groups must not be shown, so that nothing about fewer than five people can be worked out.

A cell is one combination of a label of each attribute; a group is a cell, or all cells with one label. A reader adds
and subtracts what is shown, and knows that no number is below 0, that all are whole, and that somebody has each label.

1. Groups below five are hidden. So are combinations that nobody has: which ones exist is not told.
2. Whoever subtracts the shown groups from everybody, or the shown cells from a group around them, must be left with
   five people or more (or none), and, among the labels of an attribute, with two groups or more. Else the smallest
   shown one is hidden too.
3. For each hidden group of one to four people, look for another world that looks the same and in which the number of
   the group is another: one person has another label, or people swap labels. Where there is none, hide the smallest
   shown group that may help, and go back to 2.
4. Show again, largest first, whatever was hidden in 2 and 3 and can be shown without opening a gap.

It ends, as there are only so many groups to hide. If even that leaves a gap, everybody is hidden with them. Whatever a
single shown group tells about everybody in it (none of them got a partner) is true of each small group inside it, and
is not hidden for that.

Several things are told of the same people, so each world has to keep all of them. Whoever is moved is moved with all
that is counted of her, or swaps with somebody of whom the same is counted. For what is told of some of the people only
(those with a score), the reader is given even more than an audit can tell: how many they are in each cell. Then all
people stay where they are, and only what they got is passed on; whatever else is shown is about who is where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import prod

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


@frozen(eq=False)
class Part:
    """A number of each cell, and whether it could be another one.

    Attributes:
        less: Whether the number of a cell could be lower, if that of another cell is higher.
        more: Whether it could be higher.
        back: Whether a cell has somebody of another kind, who could take the place of one who goes there.
    """

    less: Flags
    more: Flags
    back: Flags


Secret = Sequence[Part]
"""A number that must not be worked out, as the sum of parts: it is another one where one of them is."""


def withheld(layout: Layout, counts: Counts, secrets: Sequence[Secret], *, hidden: Flags | None = None) -> Flags:
    """Return which groups must not be shown; the last place stands for everybody.

    Args:
        layout: The groups.
        counts: People by cell.
        secrets: What must not be worked out of groups of one to four people.
        hidden: Groups that are hidden anyway, and everybody. With them the counts are taken to be known, so that
            people keep their labels.

    >>> counts = np.array([3, 6, 20])
    >>> withheld(Layout((3,)), counts, [[Part(counts > 0, counts >= 0, counts < 0)]]).tolist()  # 6 would give away 3
    [True, True, False, False]
    """
    sums = layout.sums(counts)
    reader = _Reader(layout, tuple(map(tuple, secrets)), sums, moving=hidden is None)
    allowed = sums >= FEWEST if hidden is None else (sums >= FEWEST) & ~hidden[:-1]
    nothing = np.zeros_like(allowed)
    if counts.sum() < FEWEST or (hidden is not None and hidden[-1]) or any(True for _ in reader.gaps(nothing)):
        return np.ones(len(sums) + 1, dtype=np.bool_)
    kept = allowed.copy()
    while (more := next(reader.gaps(kept), None)) is not None:
        kept[more] = False
    for group in sorted(np.flatnonzero(allowed & ~kept), key=lambda one: (-sums[one], one)):
        kept[group] = True
        kept[group] = next(reader.gaps(kept), None) is None
    return np.append(~kept, False)


@frozen(eq=False)
class _Reader:
    """Somebody who tries to work out what is hidden. ``kept`` says which groups are shown."""

    layout: Layout
    secrets: tuple[tuple[Part, ...], ...]
    counts: Counts
    moving: bool
    swaps: tuple[Places, ...] = field(init=False)
    lone: Flags = field(init=False)
    told: tuple[Flags, ...] = field(init=False)

    @swaps.default
    def _swaps(self) -> tuple[Places, ...]:
        """The steps between cells by attribute, 0 for labels that two people do not swap.

        Of each two swaps that are the same, seen from the one or the other, there is one.
        """
        steps = [prod(self.layout.sizes[number + 1 :]) for number in range(len(self.layout.sizes))]
        chosen = islice(product((0, 1), repeat=len(steps) - 1), 1, None)
        return tuple(np.array([0, *some], dtype=np.intp) * np.array(steps, dtype=np.intp) for some in chosen)

    @lone.default
    def _lone(self) -> Flags:
        """Whether only one person has the label of a cell, who then has to keep it: (attributes, cells)."""
        starts = np.cumsum([0, *self.layout.sizes[:-1]])[:, None]
        return np.asarray(self.moving & (self.counts[self.layout.places + starts] == 1))

    @told.default
    def _told(self) -> tuple[Flags, ...]:
        """Whether everybody in a group has the least or the most that can be, for each secret; last, all together."""
        found = []
        for secret in self.secrets:
            ends = (np.any([getattr(part, side) for part in secret], axis=0) for side in ("less", "more"))
            open_ = [np.append(self.layout.sums(end.astype(np.int64)) > 0, end.any()) for end in ends]
            found.append(~(open_[0] & open_[1]))
        return tuple(found)

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
        free, seen = ~kept[self.layout.first_cell :], self._seen(kept)
        for target in np.flatnonzero(~kept & self.small).tolist():
            around = self._around(kept, target)
            for secret, told in zip(self.secrets, self.told, strict=True):
                if not (told[-1] or told[around].any()) and not self._open(target, secret, free, seen):
                    yield self._helpful(kept, target, around)

    def _seen(self, kept: Flags) -> Places:
        """Return a number for each cell, the same for cells whose labels are the same as far as they are shown."""
        seen = np.zeros(self.layout.cells, dtype=np.intp)
        for number, size in enumerate(self.layout.sizes):
            start = int(np.argmax(self.layout.table == number))
            labels = np.where(kept[start : start + size], np.arange(size), size)
            seen = seen * (size + 1) + labels[self.layout.places[number]]
        return seen

    def _around(self, kept: Flags, target: int) -> list[int]:
        """Return the shown groups with a label of a cell."""
        if target < self.layout.first_cell or len(self.layout.sizes) == 1:
            return []
        place = self.layout.places[:, target - self.layout.first_cell]
        starts = np.cumsum([0, *self.layout.sizes[:-1]])
        return [one for one in (starts + place).tolist() if kept[one]]

    def _open(self, target: int, secret: Secret, free: Flags, seen: Places) -> bool:
        """Whether the number of a group could be another, all that is shown being the same."""
        inside = self.layout.inside(target)
        for cell in np.flatnonzero(inside & free).tolist():
            alike = np.flatnonzero((seen == seen[cell]) & free & ~inside)
            if alike.size and any(self._passes(cell, part, alike) for part in secret):
                return True
        return target >= self.layout.first_cell and any(
            self._swappable(target - self.layout.first_cell, part, free, some)
            for part in secret
            for some in self._likely(part, free)
        )

    def _likely(self, part: Part, free: Flags) -> Iterator[Places]:
        """Return the hidden cells in two lots, first a few of those that have somebody to give."""
        first = np.flatnonzero(part.less & free)
        yield first[:_FIRST]
        yield np.concatenate([first[_FIRST:], np.flatnonzero(~part.less & free)])

    def _passes(self, cell: int, part: Part, others: Places) -> bool:
        """Whether one can pass from a cell to another one or back, no label being left without anybody."""
        leave, enter = part.less[cell] & part.more[others], part.more[cell] & part.less[others]
        for places, lone in zip(self.layout.places, self.lone, strict=True):
            if lone.any():
                differ = places[others] != places[cell]
                leave &= ~(differ & lone[cell]) | part.back[others]
                enter &= ~(differ & lone[others]) | part.back[cell]
        return bool((leave | enter).any())

    def _swappable(self, cell: int, part: Part, free: Flags, others: Places) -> bool:
        """Whether somebody of a cell can swap labels with somebody of another one, or two others into it."""
        mine, theirs = self.layout.places[:, [cell]], self.layout.places[:, others]
        for swap in self.swaps:
            moved = swap @ (theirs - mine)
            one, other = cell + moved, others - moved
            leave = part.less[cell] & part.less[others] & part.more[one] & part.more[other]
            enter = part.more[cell] & part.more[others] & part.less[one] & part.less[other]
            if (free[one] & free[other] & (one != cell) & (one != others) & (leave | enter)).any():
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
        return next((self._smallest(kept & wish) for wish in wishes if (kept & wish).any()), 0)

    def _cells(self, cells: Flags) -> Flags:
        """Return cells as groups."""
        return np.concatenate([np.zeros(self.layout.first_cell, dtype=np.bool_), cells])

    def _smallest(self, groups: Flags) -> int:
        places = np.flatnonzero(groups)
        return int(places[np.argmin(self.counts[places])])
