"""The pass over all pairs compiled by Numba: the twin of the form in NumPy, pair by pair and in one go.

Providers of a class lie in the order of their prices, 64 to a word. For the first two overlaps there is a bit for each
item and provider: who has the item. How many of her items each of the 64 shares is counted in a few words at once (a
carry-save adder, one bit of the counts in each word), and whoever shares too few to gain enough is never looked at.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from devrel.matching.sparse.fused import NEVER
from devrel.matching.sparse.laid import laid_for
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.scan import CHUNK, LUCK_BITS, TURN_BITS, Found, Question

_COUNTED = 15
"""Four words count as far; as many items or more are one."""


def score_block(plan: Plan, asked: Question, start: int, stop: int) -> Found:
    """Return which pairs of some recipients gain more than their bar; see ``scan.score_block``."""
    count = stop - start
    rows = plan.rows[start:stop]
    names = np.empty((count, asked.most), dtype=np.int64)
    points = np.empty((count, asked.most), dtype=np.int64)
    counts, best = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    exact = np.zeros(plan.shape[1], dtype=np.bool_)
    laid = laid_for(asked, plan)
    scan: Any = _scan
    judged = scan(
        rows,
        plan.row_class[rows],
        plan.points,
        plan.starts,
        laid.words,
        laid.cheapest,
        laid.order,
        laid.prices,
        plan.columns,
        asked.bar[rows],  # a copy: one that must not be written to would be compiled for once more
        asked.scale,
        asked.each,
        plan.beyond,
        *laid.factors,
        *laid.overlaps,
        *laid.slices,
        *laid.reach,
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


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _lowest(bits: Any) -> Any:
    """Return the lowest bit that is set."""
    return bits & (~bits + np.uint64(1))


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _items(words: Any, found: Any) -> Any:
    """Write down which items a list has, and return how many."""
    count = 0
    for word in range(len(words)):
        bits = words[word]
        while bits:
            bit = _lowest(bits)
            bits ^= bit
            found[count] = CHUNK * word + _count(bit - np.uint64(1))
            count += 1
    return count


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _shared(slices: Any, items: Any, count: Any, word: Any) -> Any:
    """Count how many of some items each of 64 providers has: the bits of the counts, 15 for more."""
    ones, twos, fours, eights, more = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    for number in range(count):
        carry = slices[items[number], word]
        ones, carry = ones ^ carry, ones & carry
        twos, carry = twos ^ carry, twos & carry
        fours, carry = fours ^ carry, fours & carry
        more |= eights & carry
        eights ^= carry
    return ones | more, twos | more, fours | more, eights | more


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _compared(above: Any, equal: Any, counts: Any, wanted: Any) -> Any:
    if wanted:
        return above, equal & counts
    return above | (equal & counts), equal & ~counts


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _at_least(fewest: Any, counts: Any) -> Any:
    """Return which of 64 counts are so many at least."""
    (ones, twos, fours, eights), wanted = counts, min(fewest, _COUNTED)
    above, equal = _compared(np.uint64(0), ~np.uint64(0), eights, wanted & 8)
    above, equal = _compared(above, equal, fours, wanted & 4)
    above, equal = _compared(above, equal, twos, wanted & 2)
    above, equal = _compared(above, equal, ones, wanted & 1)
    return above | equal


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _needed(room: Any, scale: Any, fewest: Any, fewest_others: Any, reach: Any, other_reach: Any) -> Any:
    """Return how many items have to be shared at least, and write down, for each number, how many others beside them.

    The room that has to be filled never gets smaller within a class, so it goes on from where it was.
    """
    while fewest < len(reach) and (reach[fewest] + other_reach[-1]) * scale < room:
        fewest += 1
    for shared in range(fewest, len(reach)):
        wanted = fewest_others[shared]
        while wanted < len(other_reach) and (reach[shared] + other_reach[wanted]) * scale < room:
            wanted += 1
        fewest_others[shared] = wanted
    return fewest


@numba.njit(inline="always", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _sharing(fewest: Any, most: Any, fewest_others: Any, counted: Any, others_counted: Any) -> Any:
    """Return which of 64 providers share enough items of the one list and enough others beside them."""
    found = _at_least(fewest, counted) & _at_least(fewest_others[fewest], others_counted)
    for shared in range(fewest + 1, most + 1):
        if fewest_others[shared] < fewest_others[shared - 1]:
            found |= _at_least(shared, counted) & _at_least(fewest_others[shared], others_counted)
    return found


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _scan(  # noqa: PLR0912, PLR0915 - one loop, so that nothing of a pair leaves the registers
    rows: Any,
    row_class: Any,
    table: Any,
    starts: Any,
    word_starts: Any,
    cheapest: Any,
    order: Any,
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
    slices: Any,
    other_slices: Any,
    reach: Any,
    other_reach: Any,
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
    ties = np.empty(len(position), dtype=np.int64)
    items, others = np.empty(words * CHUNK, dtype=np.int64), np.empty(words * CHUNK, dtype=np.int64)
    fewest_others = np.zeros(reach.shape[1], dtype=np.int64)
    shares = np.zeros(CHUNK, dtype=np.int64)
    my_points = reach
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
        tables = beyond[row] - over[0]
        have, others_have, spare = 0, 0, beyond[row]  # spare: the most of all that is not counted in words
        my_reach, my_other_reach = reach[0], other_reach[0]
        if len(slices):
            have, my_reach = _items(mine[0, row], items), reach[my_size[0, row]]
            spare -= bit_most[0, my_size[0, row]]
        if len(other_slices):
            others_have, my_other_reach = _items(mine[1, row], others), other_reach[my_size[1, row]]
            spare -= bit_most[1, my_size[1, row]]
        greatest, my_other_reach = min(have, len(my_reach) - 1), my_other_reach[: others_have + 1]
        my_first = np.uint64(0)
        if overlaps:
            my_first, my_points = mine[0, row, 0], bit_points[0, my_size[0, row]]
        low, held, tied = bar[place], 0, 0
        turn = np.int64(my_luck[row] >> np.uint64(TURN_BITS)) % parts
        top = low
        for which in range(len(classes)):
            one = classes[which]
            if base[one] < 0:
                continue
            # what a pair has to gain at least: her bar, and, once enough are held, as much as the last of them
            if bounded and (base[one] + beyond[row]) * scale + each - cheapest[one] < top:
                break
            fewest = 0
            fewest_others[: greatest + 1] = 0
            skip = (-(one + turn)) % parts  # chunks that are not of her part are stepped over
            for word in range(word_starts[one] + skip, word_starts[one + 1], parts):
                begin = starts[one] + (word - word_starts[one]) * CHUNK
                able = ~np.uint64(0) >> np.uint64(max(0, begin + CHUNK - starts[one + 1]))
                if bounded:  # providers of a class lie in the order of their prices: what is too dear ends the class
                    room = top - each + prices[begin] - (base[one] + spare) * scale
                    fewest = _needed(room, scale, fewest, fewest_others, my_reach[: greatest + 1], my_other_reach)
                    if fewest > greatest:
                        break
                    if fewest or fewest_others[0]:
                        counted = _shared(slices, items, have, word)
                        others_counted = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
                        if fewest_others[fewest]:
                            others_counted = _shared(other_slices, others, others_have, word)
                        able &= _sharing(fewest, greatest, fewest_others, counted, others_counted)
                judged += _count(able)
                if overlaps and able == ~np.uint64(0):  # where all may be able, a loop without branches is the fastest
                    for at in range(begin, begin + CHUNK):
                        shares[at - begin] = _count(my_first & theirs[0, 0, at])
                    for part in range(1, words):
                        for at in range(begin, begin + CHUNK):
                            shares[at - begin] += _count(mine[0, row, part] & theirs[0, part, at])
                    most_else = base[one] + tables + over[1]
                    able = np.uint64(0)
                    for near in range(CHUNK - 1, -1, -1):
                        total = most_else + my_points[their_size[0, begin + near], shares[near]]
                        enough_here = total * scale + each - prices[begin + near] >= top
                        able = (able << np.uint64(1)) | np.uint64(enough_here)
                while able:
                    bit = _lowest(able)
                    able ^= bit
                    at = begin + _count(bit - np.uint64(1))
                    total, price = base[one], prices[at] - each
                    if (total + beyond[row]) * scale - price < top:
                        continue
                    for number in range(factors):
                        total += group_points[begins[number] + group_columns[number, at]]
                    for number in range(overlaps):
                        shared = 0
                        for part in range(words):
                            shared += _count(mine[number, row, part] & theirs[number, part, at])
                        total += bit_points[number, my_size[number, row], their_size[number, at], shared]
                        if (total + over[number + 1]) * scale - price < top:
                            total = NEVER
                            break
                    if total < 0:
                        continue
                    value = total * scale - price
                    if value < top:
                        continue
                    column = order[at]
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
