"""The pass over all pairs compiled by Numba: the twin of the form in NumPy, pair by pair and in one go."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from devrel.matching.sparse.fused import NEVER
from devrel.matching.sparse.plan import Plan, most_by_size
from devrel.matching.sparse.scan import CHUNK, LUCK_BITS, TURN_BITS, Found, Question


def score_block(plan: Plan, asked: Question, start: int, stop: int) -> Found:
    """Return which pairs of some recipients gain more than their bar; see ``scan.score_block``."""
    count = stop - start
    rows = plan.rows[start:stop]
    names = np.empty((count, asked.most), dtype=np.int64)
    points = np.empty((count, asked.most), dtype=np.int64)
    counts, best = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    exact = np.zeros(plan.shape[1], dtype=np.bool_)
    starts = plan.starts
    order = np.lexsort((asked.prices, plan.column_class))
    firsts = plan.overlaps[0].columns[order, 0] if plan.overlaps else np.zeros(0, dtype=np.uint64)
    cheapest = np.minimum.reduceat(asked.prices, starts[:-1]) if plan.shape[1] else np.zeros(0, dtype=np.int64)
    scan: Any = _scan
    judged = scan(
        rows,
        plan.row_class[rows],
        plan.points,
        starts,
        cheapest,
        order,
        firsts,
        asked.prices,
        plan.columns,
        asked.bar[rows],  # a copy: one that must not be written to would be compiled for once more
        asked.scale,
        asked.each,
        plan.beyond,
        *_factors(plan),
        *_overlaps(plan),
        asked.skipped,
        asked.skipped_columns,
        *plan.luck,
        asked.parts,
        asked.bounded,
        names,
        points,
        counts,
        best,
        exact,
    )
    named = np.arange(asked.most)[None, :] < counts[:, None]
    told = np.zeros(plan.providers, dtype=np.bool_)
    told[plan.columns] = exact
    return Found(np.repeat(rows, counts), plan.columns[names[named]], points[named], best, told, int(judged))


def _factors(plan: Plan) -> tuple[Any, ...]:
    """Return the tables in arrays: groups of the recipients, of the providers, and all points one after the other."""
    rows = np.zeros((len(plan.factors), plan.shape[0]), dtype=np.int32)
    columns = np.zeros((len(plan.factors), plan.shape[1]), dtype=np.int32)
    offsets = np.zeros(len(plan.factors) + 1, dtype=np.int64)
    widths = np.zeros(len(plan.factors), dtype=np.int64)
    for number, factor in enumerate(plan.factors):
        rows[number], columns[number] = factor.rows, factor.columns
        widths[number] = factor.points.shape[1]
        offsets[number + 1] = offsets[number] + factor.points.size
    points = np.concatenate([np.zeros(0, dtype=np.int64), *(factor.points.ravel() for factor in plan.factors)])
    return rows, columns, points, offsets, widths


def _overlaps(plan: Plan) -> tuple[Any, ...]:
    """Return the overlaps in arrays: bit sets, sizes and points, filled up to the same shape."""
    count, (n, m) = len(plan.overlaps), plan.shape
    words = max((one.rows.shape[1] for one in plan.overlaps), default=1)
    shape = [max((one.points.shape[axis] for one in plan.overlaps), default=1) for axis in range(3)]
    mine = np.zeros((count, n, words), dtype=np.uint64)
    theirs = np.zeros((count, words, m), dtype=np.uint64)
    sizes = np.zeros((count, n), dtype=np.int64), np.zeros((count, m), dtype=np.int64)
    points = np.full((count, *shape), NEVER, dtype=np.int64)
    most = np.zeros((count, shape[0]), dtype=np.int64)
    for number, one in enumerate(plan.overlaps):
        mine[number, :, : one.rows.shape[1]] = one.rows
        theirs[number, : one.columns.shape[1]] = one.columns.T
        sizes[0][number], sizes[1][number] = one.row_sizes, one.column_sizes
        a, b, c = one.points.shape
        points[number, :a, :b, :c] = one.points
        most[number, :a] = most_by_size(one)
    # the most that so many shared items of the first overlap, or more of them, can give
    reach = points[0].max(axis=1) if count else np.zeros((1, 1), dtype=np.int64)
    best = np.maximum(np.maximum.accumulate(reach, axis=1), 0)
    return mine, theirs, *sizes, points, most, best


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _count(bits: Any) -> Any:
    found = 0
    while bits:
        bits &= bits - np.uint64(1)
        found += 1
    return found


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _drawn(left: Any, right: Any) -> Any:
    mixed = left ^ ((right << np.uint64(23)) | (right >> np.uint64(41)))
    mixed = mixed + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - LUCK_BITS))


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _scan(  # noqa: PLR0912, PLR0915 - one loop, so that nothing of a pair leaves the registers
    rows: Any,
    row_class: Any,
    table: Any,
    starts: Any,
    cheapest: Any,
    order: Any,
    firsts: Any,
    prices: Any,
    position: Any,
    bar: Any,
    scale: Any,
    each: Any,
    beyond: Any,
    group_rows: Any,
    group_columns: Any,
    group_points: Any,
    offsets: Any,
    widths: Any,
    mine: Any,
    theirs: Any,
    my_size: Any,
    their_size: Any,
    bit_points: Any,
    bit_most: Any,
    bit_best: Any,
    skipped: Any,
    skipped_columns: Any,
    my_luck: Any,
    their_luck: Any,
    parts: Any,
    bounded: Any,
    names: Any,
    points: Any,
    counts: Any,
    best: Any,
    exact: Any,
) -> Any:
    most, factors, overlaps, words = names.shape[1], group_rows.shape[0], mine.shape[0], mine.shape[2]
    values, lucks = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    begins = np.empty(factors, dtype=np.int64)
    over = np.empty(overlaps + 1, dtype=np.int64)
    classes = np.arange(len(starts) - 1)
    first_points = bit_best
    ties = np.empty(len(position), dtype=np.int64)
    shares = np.zeros(CHUNK, dtype=np.int64)
    last, judged = -1, 0
    for place in range(len(rows)):
        row, group = rows[place], row_class[place]
        base = table[group]
        if group != last:
            last = group
            if bounded:
                classes = np.argsort(cheapest - base * scale)
        for number in range(factors):
            begins[number] = offsets[number] + group_rows[number, row] * widths[number]
        over[overlaps] = 0
        for number in range(overlaps - 1, -1, -1):
            over[number] = over[number + 1] + bit_most[number, my_size[number, row]]
        low, held, tied = bar[place], 0, 0
        my_word, my_items = np.uint64(0), 0
        if overlaps:
            my_word, my_items = mine[0, row, 0], my_size[0, row]
            first_points = bit_points[0, my_items]
        tables = beyond[row] - over[0]
        turn = np.int64(my_luck[row] >> np.uint64(TURN_BITS)) % parts
        top = low
        for which in range(len(classes)):
            one = classes[which]
            if base[one] < 0:
                continue
            # what a pair has to gain at least: her bar, and, once enough are held, as much as the last of them
            if bounded and (base[one] + beyond[row]) * scale + each - cheapest[one] < top:
                break
            fewest, end_of_class = 0, starts[one + 1]
            spare = base[one] + beyond[row] - (bit_most[0, my_items] if overlaps else 0)
            skip = (-(one + turn)) % parts  # chunks that are not of her part are stepped over
            for begin in range(starts[one] + skip * CHUNK, end_of_class, CHUNK * parts):
                stop = min(begin + CHUNK, end_of_class)
                if bounded:  # providers of a class lie in the order of their prices: what is too dear ends the class
                    room = top - each + prices[order[begin]]
                    if (base[one] + beyond[row]) * scale < room:
                        break
                    if overlaps:
                        while fewest <= my_items and (spare + bit_best[my_items, fewest]) * scale < room:
                            fewest += 1
                        if fewest > my_items:
                            break
                judged += stop - begin
                if overlaps:
                    for at in range(begin, stop):
                        shares[at - begin] = _count(my_word & firsts[at])
                    for word in range(1, words):
                        for at in range(begin, stop):
                            shares[at - begin] += _count(mine[0, row, word] & theirs[0, word, order[at]])
                for near in range(begin, stop):
                    if shares[near - begin] < fewest:
                        continue
                    column = order[near]
                    total = base[one]
                    price = prices[column] - each
                    if overlaps:
                        total += first_points[their_size[0, column], shares[near - begin]]
                        if (total + over[1] + tables) * scale - price < top:
                            continue
                    for number in range(factors):
                        total += group_points[begins[number] + group_columns[number, column]]
                    for number in range(1, overlaps):
                        if (total + over[number]) * scale - price < top:
                            total = NEVER
                            break
                        shared = 0
                        for word in range(words):
                            shared += _count(mine[number, row, word] & theirs[number, word, column])
                        total += bit_points[number, my_size[number, row], their_size[number, column], shared]
                    if total < 0:
                        continue
                    value = total * scale - price
                    if value < top:
                        continue
                    first, end = skipped[row], skipped[row + 1]
                    found = first + np.searchsorted(skipped_columns[first:end], column)
                    if found < end and skipped_columns[found] == column:
                        continue
                    if value == low:
                        if not held:
                            ties[tied] = column
                            tied += 1
                        continue
                    luck = _drawn(my_luck[row], their_luck[column])
                    if held == most:
                        end_luck, end_name = lucks[most - 1], names[place, most - 1]
                        if value == values[most - 1] and (
                            luck < end_luck or (luck == end_luck and position[column] > position[end_name])
                        ):
                            continue
                    else:
                        held += 1
                    at = held - 1
                    while at > 0 and (
                        values[at - 1] < value
                        or (
                            values[at - 1] == value
                            and (
                                lucks[at - 1] < luck
                                or (lucks[at - 1] == luck and position[names[place, at - 1]] > position[column])
                            )
                        )
                    ):
                        values[at], lucks[at] = values[at - 1], lucks[at - 1]
                        names[place, at], points[place, at] = names[place, at - 1], points[place, at - 1]
                        at -= 1
                    values[at], lucks[at], names[place, at], points[place, at] = value, luck, column, total
                    if held == most:
                        top = max(low, values[most - 1])
        counts[place] = held
        if held:
            best[place] = values[0] - low
        else:
            for number in range(tied):
                exact[ties[number]] = True
    return judged
