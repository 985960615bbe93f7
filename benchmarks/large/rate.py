"""The measuring child of the scoring rate: one block of pairs, seven rules, one core, in every form there is.

Called with the numbers of recipients and of providers of the block, and with those of a problem that is matched first,
for prices as they are in earnest. Prints seconds, run by run, as JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from crowd import Table, generated, problem_of
from watching import clock, peak, say, tell, warmed

from devrel.matching import MatchingProblem, OptimalMatching
from devrel.matching.sparse.asking import plan_of
from devrel.matching.sparse.fused import Fused
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.scan import LOW, Found, Question, score_block

RUNS = 5
MOST = 12
"""So many pairs are named for each recipient, as in the passes of a matching."""
_PARTS = (2, 4, 8, 16, 32)


def main(recipients: int, providers: int, *priced: int) -> None:
    """Measure the block without bounds and without prices, then a block of a matched problem with both."""
    compiling = warmed()
    table = generated(recipients, providers)
    problem = problem_of(table)
    fused, plan = plan_of(problem)
    asked = _unbounded(plan)
    hand = _by_hand(problem, table)
    part = min(_PARTS, key=lambda rows: clock(lambda: hand(0, min(320, recipients), rows))[0])
    same = _same(fused, plan, asked, hand, part)
    found = {
        "compiled": _seconds(lambda: score_block(plan, asked, 0, recipients, compiled=True)),
        "numpy": _seconds(lambda: score_block(plan, asked, 0, recipients, compiled=False), 2),
        "hand": _seconds(lambda: hand(0, recipients, part), 2),
        "copy": _copied(recipients * providers),
    }
    tell(compiling=compiling, same=same, part=part, **found, priced=_priced(*priced), peak=peak())


def _unbounded(plan: Plan) -> Question:
    """Return the question for the best pairs of everybody, no pair passed over and no seat with a price."""
    n, m = plan.shape
    skipped = np.zeros(n + 1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return Question(MOST, np.full(n, LOW), np.zeros(m, dtype=np.int64), 1, 0, *skipped, bounded=False)


def _priced(recipients: int, providers: int) -> dict[str, Any]:
    """Measure the pass that proves an answer, over a tenth of the recipients: bars, prices and bounds as in earnest."""
    problem = problem_of(generated(recipients, providers))
    proof: Any = OptimalMatching(memory_limit=0).match(problem).certificate
    _, plan = plan_of(problem)
    worth, skipped = problem.worth(), np.zeros(recipients + 1, dtype=np.int64)
    asked = Question(
        MOST,
        proof.recipients.copy(),
        proof.providers[plan.columns],
        worth.scale,
        worth.each,
        skipped,
        np.zeros(0, dtype=np.int64),
    )
    block = max(1, recipients // 10)
    judged = score_block(plan, asked, 0, block).judged
    seconds = _seconds(lambda: score_block(plan, asked, 0, block, compiled=True))
    in_numpy = _seconds(lambda: score_block(plan, asked, 0, block, compiled=False), 2)
    return {"pairs": block * providers, "judged": judged, "compiled": seconds, "numpy": in_numpy}


def _seconds(work: Callable[[], object], runs: int = RUNS) -> list[float]:
    work()
    found = [clock(work)[0] for _ in range(runs)]
    say(f"  {min(found):.2f} s")
    return found


def _copied(pairs: int) -> list[float]:
    """Measure copying 8 bytes for each pair."""
    source, target = np.ones(pairs, dtype=np.int64), np.zeros(pairs, dtype=np.int64)
    return _seconds(lambda: np.copyto(target, source))


def _same(fused: Fused, plan: Plan, asked: Question, hand: Callable[..., Any], part: int) -> bool:
    """Whether the rules fused give what the expression gives, and both forms of the block its best pairs."""
    count = min(200, plan.shape[0])
    rows = plan.rows[:count]
    order = np.argsort(rows)
    eligible, points = fused.block(rows[order])
    values = np.empty_like(points)
    for at, row in enumerate(rows[order].tolist()):
        values[at] = hand(row, row + 1, part)[0]
    if not (np.where(eligible, points, -1) == values).all():
        return False
    best = np.sort(values, axis=1)[:, ::-1][:, :MOST]
    place = {row: at for at, row in enumerate(rows[order].tolist())}
    answers = [score_block(plan, asked, 0, count, compiled=compiled) for compiled in (True, False)]
    return all(_is_best(answer, values, best, place) for answer in answers)


def _is_best(answer: Found, values: Any, best: Any, place: dict[int, int]) -> bool:
    """Whether the pairs that were named have the points they should, and are the best of each recipient."""
    at = np.array([place[row] for row in answer.rows.tolist()])
    if not (values[at, answer.columns] == answer.points).all():
        return False
    order = np.lexsort((-answer.points, at))
    return bool((answer.points[order] == best[best >= 0]).all())


def _by_hand(problem: MatchingProblem, table: Table) -> Callable[[int, int, int], Any]:
    """Return the seven rules as a plain expression: points of all pairs of some recipients, -1 where forbidden.

    It takes the first recipient, the one after the last, and how many of them to take at once, so that what it works
    with stays in the cache.
    """
    count, most = problem.shape[0], [points for _, points in problem.table.scored]  # type: ignore[attr-defined]
    mine, theirs = slice(None, count), slice(count, None)
    department, region = _codes(table["department"]), _codes(table["region"])
    wants, skills, languages = (_bits(table[name]) for name in ("wants", "skills", "languages"))
    level = np.array(table["level"], dtype=np.float64)
    wanted, has = np.bitwise_count(wants[mine]), np.bitwise_count(skills)

    def some(rows: slice) -> Any:
        gap = level[None, theirs] - level[rows, None]
        forbidden = department[rows, None] == department[None, theirs]
        forbidden |= gap < 1
        forbidden |= (languages[rows, None] & languages[None, theirs]) == 0
        offered = np.bitwise_count(wants[rows, None] & skills[None, theirs]) / wanted[rows, None]
        shared = np.bitwise_count(skills[rows, None] & skills[None, theirs])
        jaccard = shared / (has[rows, None] + has[None, theirs] - shared)
        near = np.maximum(1 - np.abs(gap - 2) / 4, 0)
        points = np.rint(most[0] * offered)
        points += np.rint(most[1] * jaccard)
        points += most[2] * (region[rows, None] == region[None, theirs])
        points += np.rint(most[3] * near)
        points[forbidden] = -1
        return points.astype(np.int64)

    def expression(start: int, stop: int, part: int) -> Any:
        for first in range(start, stop, part):
            found = some(slice(first, min(first + part, stop)))
        return found

    return expression


def _codes(values: Any) -> Any:
    return np.unique(np.array(values), return_inverse=True)[1].astype(np.int32)


def _bits(lists: Any) -> Any:
    items = {item: place for place, item in enumerate(sorted({item for one in lists for item in one}))}
    return np.array([sum(1 << items[item] for item in one) for one in lists], dtype=np.uint64)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
