"""Lays a plan out for one question: providers in the order of their prices, and who has each item as words of bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from devrel.matching.sparse.fused import NEVER, BitFactor, Places, Whole
from devrel.matching.sparse.plan import Plan, most_by_size
from devrel.matching.sparse.scan import CHUNK, Question

_SLICED = 2
"""So many overlaps are counted for 64 providers at once."""
_SLICES = 1 << 26
"""So many bytes the bits of one overlap take at most; one that would take more is counted pair by pair."""


@frozen(eq=False)
class Laid:
    """A plan laid out for one question: its providers in the order of their classes, and in these of their prices.

    Attributes:
        plan: The plan.
        order: The places of the providers in the plan.
        prices: What their seats cost.
        cheapest: The cheapest seat of each class.
        words: In which word of bits each class begins, and where the last ends.
        factors: The tables: groups of the recipients, of the providers, all points, where each begins, how wide it is.
        overlaps: The overlaps: bit sets and sizes of both sides, points, and the most points by size.
        slices: For each overlap that is counted in words: who has each item, shape (items, words).
        reach: For these, the most points that so many shared items or fewer can give.
    """

    plan: Plan
    order: Places
    prices: Whole
    cheapest: Whole
    words: Whole
    factors: tuple[Any, ...]
    overlaps: tuple[Any, ...]
    slices: tuple[NDArray[np.uint64], ...]
    reach: tuple[Whole, ...]


_laid: WeakKeyDictionary[Question, Laid] = WeakKeyDictionary()
"""What was laid out for a question, for its next block. Two threads may both do it: a lock would not survive a fork."""


def laid_for(asked: Question, plan: Plan) -> Laid:
    """Return a plan laid out for a question; made once for all its blocks."""
    laid = _laid.get(asked)
    if laid is None or laid.plan is not plan:
        laid = _laid[asked] = _laid_out(plan, asked)
    return laid


def _laid_out(plan: Plan, asked: Question) -> Laid:
    order = np.lexsort((asked.prices, plan.column_class))
    prices = asked.prices[order]
    words = np.concatenate([[0], np.cumsum(-(-np.diff(plan.starts) // CHUNK))])
    place = np.arange(len(order)) - plan.starts[plan.column_class]  # classes are in order, so it is that of ``order``
    bits = words[plan.column_class] * CHUNK + place
    sliceable = [one for one in plan.overlaps if one.rows.shape[1] * CHUNK * words[-1] * 8 <= _SLICES]
    overlaps = sliceable + [one for one in plan.overlaps if one not in sliceable]
    sliced = overlaps[: min(_SLICED, len(sliceable))]
    cheapest = np.minimum.reduceat(prices, plan.starts[:-1]) if len(order) else np.zeros(0, dtype=np.int64)
    none = np.zeros((0, words[-1]), dtype=np.uint64), np.zeros((1, 1), dtype=np.int64)
    found = [(_slices(one, order, bits, words[-1]), _reach(one)) for one in sliced]
    slices, reach = zip(*found, *[none] * (_SLICED - len(found)), strict=True)
    return Laid(
        plan, order, prices, cheapest, words, _factors(plan, order), _overlaps(plan, overlaps, order), slices, reach
    )


def _slices(overlap: BitFactor, order: Places, bits: Whole, words: int) -> NDArray[np.uint64]:
    """Return who has each item: a bit for each provider, 64 to a word."""
    found = np.zeros((overlap.columns.shape[1] * CHUNK, words), dtype=np.uint64)
    some = np.zeros((words * CHUNK, CHUNK), dtype=np.uint8)
    for number in range(overlap.columns.shape[1]):
        lists = np.ascontiguousarray(overlap.columns[order, number]).astype("<u8").view(np.uint8).reshape(-1, 8)
        some[bits] = np.unpackbits(lists, axis=1, bitorder="little")
        packed = np.packbits(some, axis=0, bitorder="little")  # 8 providers to a byte, a column for each item
        found[number * CHUNK : (number + 1) * CHUNK] = np.ascontiguousarray(packed.T).view("<u8")
    return found


def _reach(overlap: BitFactor) -> Whole:
    """Return the most points that so many shared items or fewer can give: shape (recipient's items, shared items)."""
    most = np.maximum(overlap.points.max(axis=1, initial=NEVER), 0)
    return np.ascontiguousarray(np.maximum.accumulate(most, axis=1))


def _factors(plan: Plan, order: Places) -> tuple[Any, ...]:
    """Return the tables in arrays: groups of the recipients, of the providers, and all points one after the other."""
    rows = np.zeros((len(plan.factors), plan.shape[0]), dtype=np.int32)
    columns = np.zeros((len(plan.factors), plan.shape[1]), dtype=np.int32)
    offsets = np.zeros(len(plan.factors) + 1, dtype=np.int64)
    widths = np.zeros(len(plan.factors), dtype=np.int64)
    for number, factor in enumerate(plan.factors):
        rows[number], columns[number] = factor.rows, factor.columns[order]
        widths[number] = factor.points.shape[1]
        offsets[number + 1] = offsets[number] + factor.points.size
    points = np.concatenate([np.zeros(0, dtype=np.int64), *(factor.points.ravel() for factor in plan.factors)])
    return rows, columns, points, offsets, widths


def _overlaps(plan: Plan, overlaps: Sequence[BitFactor], order: Places) -> tuple[Any, ...]:
    """Return the overlaps in arrays: bit sets, sizes and points, filled up to the same shape."""
    count, (n, m) = len(overlaps), plan.shape
    words = max((one.rows.shape[1] for one in overlaps), default=1)
    shape = [max((one.points.shape[axis] for one in overlaps), default=1) for axis in range(3)]
    mine = np.zeros((count, n, words), dtype=np.uint64)
    theirs = np.zeros((count, words, m), dtype=np.uint64)
    sizes = np.zeros((count, n), dtype=np.int64), np.zeros((count, m), dtype=np.int64)
    points = np.full((count, *shape), NEVER, dtype=np.int64)
    most = np.zeros((count, shape[0]), dtype=np.int64)
    for number, one in enumerate(overlaps):
        mine[number, :, : one.rows.shape[1]] = one.rows
        theirs[number, : one.columns.shape[1]] = one.columns[order].T
        sizes[0][number], sizes[1][number] = one.row_sizes, one.column_sizes[order]
        a, b, c = one.points.shape
        points[number, :a, :b, :c] = one.points
        most[number, :a] = most_by_size(one)
    return mine, theirs, *sizes, points, most
