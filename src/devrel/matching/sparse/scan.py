"""The pass over all pairs: whoever gains more than the prices allow, found block by block.

``score_block`` is a pure function of arrays: the same call gives the same answer in a thread, in another process or on
another machine, whatever else is asked and in whatever order. It has two forms that give equal answers: one in NumPy,
and one compiled by Numba where the extra ``scale`` is installed.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from devrel.matching.sparse.fused import NEVER, Places, Whole
from devrel.matching.sparse.plan import Plan
from devrel.matching.strategies.assignment import lottery

LOW = -(2**62)
"""Stands for no gain at all."""
LUCK_BITS = 40
CHUNK = 64
"""So many providers of a class, in the order of their prices, are looked at in one go, or not at all."""
_CACHED_PAIRS = 1 << 17
TURN_BITS = 34
_COMPILED_FROM = 1 << 24
"""From so many pairs on what is compiled is worth loading."""
_UNCOMPILED = (ImportError, RuntimeError)
"""What keeps from compiling: Numba is not there, or has no folder where it may keep what it compiled."""
_COMPILED, _MENDING = "devrel.matching.sparse.compiled", "devrel.matching.sparse.mending"


@frozen(eq=False)
class Question:
    """What is asked of all pairs: who gains more than ``bar``, the price of the seat taken off.

    Attributes:
        most: So many pairs are named for each recipient at most, the best ones.
        bar: For each recipient, by position, what a pair has to gain more than; ``LOW`` for nothing.
        prices: The price of a seat of each provider, by place in the plan.
        scale: What a point is worth.
        each: What every pair gains beyond its points.
        skipped: Pairs that are passed over, forbidden ones or such as are known: where those of each recipient begin.
        skipped_columns: Their providers, by place in the plan, sorted within each recipient.
        parts: Of so many parts of the pairs one is looked at, drawn by lot for each recipient; 1 for all pairs.
        bounded: Whether classes are passed over that cannot gain enough; the answer is the same.
    """

    most: int
    bar: Whole
    prices: Whole
    scale: int
    each: int
    skipped: Whole
    skipped_columns: Whole
    parts: int = 1
    bounded: bool = True


@frozen(eq=False)
class Found:
    """What a block answers.

    Attributes:
        rows: The recipients of the pairs that were named, by position.
        columns: Their providers, by position.
        points: The points of the pairs.
        best: For each recipient of the block, in its order, how much her best pair is above her bar; at least 0.
        exact: Which providers, by position, somebody of whom no pair was named would take at exactly her price.
        judged: How many pairs were scored one by one; the others were passed over, or could not gain enough.
    """

    rows: Places
    columns: Places
    points: Whole
    best: Whole
    exact: NDArray[np.bool_]
    judged: int


def score_block(plan: Plan, asked: Question, start: int, stop: int, *, compiled: bool | None = None) -> Found:
    """Return which pairs of some recipients gain more than their bar, the best ones of each.

    Equal gains are ordered by lot, from the seed and the two ids, so that nobody is named before others for her id.

    Args:
        plan: The people and the rules.
        asked: What is asked.
        start: The first recipient, as a place in ``plan.rows``.
        stop: The place after the last.
        compiled: Whether to use the compiled form; None to decide by the size of the problem and what is installed.
    """
    kernel = _kernel(plan, compiled)
    if kernel is not None:
        return kernel(plan, asked, start, stop)  # type: ignore[no-any-return]
    return _in_numpy(plan, asked, start, stop)


def _kernel(plan: Plan, compiled: bool | None) -> Any:
    if compiled is False or plan.rest is not None:
        return None
    if compiled is None and not _worth_loading(plan.shape, _COMPILED):
        return None
    try:
        from devrel.matching.sparse.compiled import score_block as kernel
    except _UNCOMPILED:
        if compiled:
            raise
        return None
    return kernel


def mending(shape: tuple[int, int]) -> Any:
    """Return ``mending.mended`` where Numba is installed and the problem large enough to load it; None elsewhere."""
    if not _worth_loading(shape, _MENDING):
        return None
    try:
        from devrel.matching.sparse.mending import mended
    except _UNCOMPILED:
        return None
    return mended


def _worth_loading(shape: tuple[int, int], module: str) -> bool:
    return shape[0] * shape[1] >= _COMPILED_FROM or module in sys.modules


def _in_numpy(plan: Plan, asked: Question, start: int, stop: int) -> Found:
    parts, best = [], np.zeros(stop - start, dtype=np.int64)
    exact = np.zeros(plan.shape[1], dtype=np.bool_)
    judged, here = 0, plan.rows[start:stop]
    ends = np.flatnonzero(np.diff(plan.row_class[here], append=-1)) + 1
    first = 0
    for end in ends.tolist():
        columns, base = _open(plan, asked, here[first:end])
        step = max(1, _CACHED_PAIRS // max(1, len(columns)))
        for low in range(first, end, step):
            high = min(low + step, end)
            rows = here[low:high]
            points, values = _gains(plan, asked, rows, columns, base)
            best[low:high] = np.maximum(values.max(axis=1, initial=LOW) - asked.bar[rows], 0)
            tied = (values == asked.bar[rows, None]) & (values > LOW) & (best[low:high] == 0)[:, None]
            exact[columns] |= tied.any(axis=0)
            parts.append(_top(plan, asked, rows, columns, points, values))
            judged += points.size
        first = end
    found = [np.concatenate([np.zeros(0, dtype=np.int64), *(part[i] for part in parts)]) for i in range(3)]
    told = np.zeros(plan.providers, dtype=np.bool_)
    told[plan.columns] = exact
    return Found(found[0].astype(np.intp), plan.columns[found[1]], found[2], best, told, judged)


def _open(plan: Plan, asked: Question, rows: Places) -> tuple[Whole, Whole]:
    """Return the providers that could gain enough with recipients of one class, and what the classes give."""
    base = plan.points[plan.row_class[rows[0]]]
    able = base >= 0
    if asked.bounded:
        cheapest = np.minimum.reduceat(asked.prices, plan.starts[:-1]) if len(base) else base
        most = (base + plan.beyond[rows].max()) * asked.scale + asked.each - cheapest
        able &= most >= asked.bar[rows].min()
    columns = np.flatnonzero(able[plan.column_class])
    return columns, base[plan.column_class[columns]]


def _gains(plan: Plan, asked: Question, rows: Places, columns: Whole, base: Whole) -> tuple[Whole, Whole]:
    """Return the points of pairs and what they gain beyond the price; ``LOW`` where they may not be matched."""
    points = np.broadcast_to(base, (len(rows), len(columns))).copy()
    for factor in plan.factors:
        points += factor.at(rows[:, None], columns[None, :])
    for overlap in plan.overlaps:
        points += overlap.at(rows[:, None], columns[None, :])
    if plan.rest is not None:
        allowed, more = plan.rest.judged(rows)
        places = plan.columns[columns]
        points += np.where(allowed[:, places], more[:, places], NEVER)
    values = points * asked.scale + (asked.each - asked.prices[columns])
    values[points < 0] = LOW
    if asked.parts > 1:
        turn = (plan.luck[0][rows] >> np.uint64(TURN_BITS)).astype(np.int64) % asked.parts
        values[(_chunks(plan, asked)[columns][None, :] + turn[:, None]) % asked.parts > 0] = LOW
    counts = asked.skipped[rows + 1] - asked.skipped[rows]
    if counts.any():
        inside = np.repeat(asked.skipped[rows] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        skipped = asked.skipped_columns[inside]
        at = np.searchsorted(columns, skipped)
        there = at < len(columns)
        there[there] = columns[at[there]] == skipped[there]
        values[np.repeat(np.arange(len(rows)), counts)[there], at[there]] = LOW
    return points, values


def _chunks(plan: Plan, asked: Question) -> Whole:
    """Return the number of the chunk that each provider, by place, is looked at in."""
    order = np.lexsort((asked.prices, plan.column_class))
    found = np.empty(len(order), dtype=np.int64)
    found[order] = (np.arange(len(order)) - plan.starts[plan.column_class]) // CHUNK + plan.column_class
    return found


def _top(plan: Plan, asked: Question, rows: Places, columns: Whole, points: Whole, values: Whole) -> tuple[Any, ...]:
    """Return the best pairs of each recipient above her bar: rows, places of the providers, points."""
    bar = np.maximum(asked.bar[rows], LOW)
    if values.shape[1] > asked.most:
        place = values.shape[1] - asked.most
        least = np.partition(values, place, axis=1)[:, place]
        down, across = np.nonzero((values >= least[:, None]) & (values > bar[:, None]))
    else:
        down, across = np.nonzero(values > bar[:, None])
    value = values[down, across]
    luck = lottery(plan.luck[0][rows[down]], plan.luck[1][columns[across]], LUCK_BITS)
    order = np.lexsort((plan.columns[columns[across]], -luck, -value, down))
    down, across = down[order], across[order]
    counts = np.bincount(down, minlength=len(rows))
    rank = np.arange(len(down)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = rank < asked.most
    down, across = down[kept], across[kept]
    return rows[down], columns[across], points[down, across]
