"""The rules of a problem laid out for the pass over all pairs: people in classes, providers in the order of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from devrel.matching.block import numbered
from devrel.matching.sparse.fused import NEVER, BitFactor, Blocks, Factor, Fused, Places, Whole
from devrel.matching.table import UNIT

_TABLE = 4_000_000
"""So many entries the table of classes has at most."""
_CLASS_SIZE = 80
"""So many providers are in a class, on average, at least: they are looked at one after the other, and fast."""
_MOST_CLASSES = 512
_SAMPLED = 4_096
_SCATTER = 2_654_435_761


@frozen(eq=False)
class Plan:
    """What the pass over all pairs needs of the people: arrays alone, unless rules are left that fit into none.

    Providers are numbered by their place in ``columns`` here, so that those of a class lie side by side.

    Attributes:
        shape: The numbers of recipients and of the providers that are in it.
        providers: How many providers there are in the problem.
        rows: The recipients in the order of their classes.
        row_class: The class of each recipient, by position.
        columns: The providers in the order of their classes.
        column_class: The class of each provider, by place.
        starts: Where each class of providers begins, and where the last ends.
        points: What classes give each other, ``NEVER`` where they are forbidden.
        factors: The tables that are not in ``points``.
        overlaps: The overlaps of lists.
        beyond: The most points each recipient can have of what is not in ``points``.
        luck: The lottery's numbers of the recipients by position, and of the providers by place.
        rest: Rules that are judged in blocks, or None.
    """

    shape: tuple[int, int]
    providers: int
    rows: Places
    row_class: Whole
    columns: Places
    column_class: Whole
    starts: Whole
    points: Whole
    factors: tuple[Factor, ...]
    overlaps: tuple[BitFactor, ...]
    beyond: Whole
    luck: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    rest: Blocks | None

    @cached_property
    def place(self) -> Places:
        """The place of each provider in ``columns``; -1 of one who is not in it."""
        found = np.full(self.providers, -1, dtype=np.intp)
        found[self.columns] = np.arange(self.shape[1])
        return found

    def only(self, kept: NDArray[np.bool_]) -> Plan:
        """Return the plan with some of the providers, given by position."""
        places = np.flatnonzero(kept[self.columns])
        classes, column_class = np.unique(self.column_class[places], return_inverse=True)
        return evolve(
            self,
            shape=(self.shape[0], len(places)),
            columns=self.columns[places],
            column_class=column_class,
            starts=np.searchsorted(column_class, np.arange(len(classes) + 1)),
            points=np.ascontiguousarray(self.points[:, classes]),
            factors=tuple(_factor_of(one, places) for one in self.factors),
            overlaps=tuple(_overlap_of(one, places) for one in self.overlaps),
            luck=(self.luck[0], self.luck[1][places]),
        )

    @classmethod
    def of(cls, fused: Fused) -> Plan:
        """Lay out the rules of a problem."""
        chosen = _telling(fused)
        row_class = _classes(fused.shape[0], [one.rows for one in chosen])
        column_class = _classes(fused.shape[1], [one.columns for one in chosen])
        columns = np.argsort(column_class, kind="stable")
        count = int(column_class.max(initial=-1)) + 1
        left = (one for one in fused.factors if one not in chosen and one.points.any())  # zeros tell nothing
        factors = tuple(_factor_of(one, columns) for one in left)
        overlaps = tuple(_overlap_of(one, columns) for one in fused.overlaps)
        return cls(
            fused.shape,
            fused.shape[1],
            np.argsort(row_class, kind="stable"),
            row_class,
            columns,
            column_class[columns],
            np.searchsorted(column_class[columns], np.arange(count + 1)),
            _added(chosen, row_class, column_class),
            factors,
            overlaps,
            _most(fused.shape[0], factors, overlaps) + (0 if fused.rest is None else fused.rest.greatest),
            (fused.luck[0], fused.luck[1][columns]),
            fused.rest,
        )


def _factor_of(factor: Factor, columns: Places) -> Factor:
    return evolve(factor, columns=factor.columns[columns])


def _overlap_of(overlap: BitFactor, columns: Places) -> BitFactor:
    return evolve(overlap, columns=overlap.columns[columns], column_sizes=overlap.column_sizes[columns])


def _classes(count: int, columns: Sequence[Whole]) -> Whole:
    return numbered(columns) if columns else np.zeros(count, dtype=np.int64)


def _telling(fused: Fused) -> list[Factor]:
    """Return the tables that tell most of a pair, as many as leave the classes few and large."""
    found: list[Factor] = []
    sides = np.zeros(fused.shape[0], dtype=np.int64), np.zeros(fused.shape[1], dtype=np.int64)
    for factor in sorted((one for one in fused.factors if one.points.any()), key=_tells, reverse=True):
        tried = numbered([sides[0], factor.rows]), numbered([sides[1], factor.columns])
        rows, columns = (int(side.max(initial=-1)) + 1 for side in tried)
        if rows * columns <= _TABLE and columns <= max(1, min(fused.shape[1] // _CLASS_SIZE, _MOST_CLASSES)):
            found.append(factor)
            sides = tried
    return found


def _tells(factor: Factor) -> float:
    """Return how much a table tells for each group it has: what it forbids, and how far its points lie apart.

    It is judged by a sample of pairs that does not depend on chance.
    """
    if not factor.rows.size or not factor.columns.size:
        return 0.0
    rows = np.linspace(0, len(factor.rows) - 1, _SAMPLED).astype(np.intp)
    points = factor.at(rows, (np.arange(_SAMPLED) * _SCATTER) % len(factor.columns))
    allowed = points[points >= 0]
    apart = float(allowed.std()) / UNIT if allowed.size else 0.0
    return float((1 - len(allowed) / len(points) + apart) / np.log2(1 + factor.points.shape[1]))


def _added(chosen: Sequence[Factor], row_class: Whole, column_class: Whole) -> Whole:
    """Return the sum of tables over the classes."""
    rows, columns = (np.unique(side, return_index=True)[1] for side in (row_class, column_class))
    total = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for factor in chosen:
        total += factor.at(rows[:, None], columns[None, :])
    return np.maximum(total, NEVER)


def _most(count: int, factors: Sequence[Factor], overlaps: Sequence[BitFactor]) -> Whole:
    """Return the most points that tables can give each recipient."""
    total = np.zeros(count, dtype=np.int64)
    for factor in factors:
        total += np.maximum(factor.points.max(axis=1, initial=NEVER), 0)[factor.rows]
    for overlap in overlaps:
        total += most_by_size(overlap)[overlap.row_sizes]
    return total


def most_by_size(overlap: BitFactor) -> Whole:
    """Return the most points a recipient can have of an overlap, by how many items her list has."""
    shared = np.arange(overlap.points.shape[2])[None, None, :]
    mine = np.arange(overlap.points.shape[0])[:, None, None]
    reachable = np.where(shared <= mine, overlap.points, NEVER)
    found: Whole = np.maximum(reachable.max(axis=(1, 2), initial=NEVER), 0)
    return found
