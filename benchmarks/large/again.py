"""The measuring child of the row of matching again: some people leave, others come, and seats are priced already.

Called with the numbers of recipients and of providers, of leavers and of newcomers. Prints what it took as JSON.
"""

from __future__ import annotations

import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import numpy as np
from crowd import SEED, Table, generated, problem_of
from watching import THREADS, Phases, Watch, clock, forms, peak, say, tell, warmed, worth_of

from devrel.matching import Matching, MatchingProblem, OptimalMatching, Rematching
from devrel.matching.sparse import rounds

PRICE = 0.1


def main(recipients: int, providers: int, leavers: int, newcomers: int) -> None:
    """Match, let people leave and come, and match again: from the prices there are, and from nothing."""
    compiling = warmed()
    before = forms()
    table, first, later = _drawn(recipients, providers, leavers, newcomers)
    with ThreadPoolExecutor(THREADS) as executor:
        making, earlier = _first(_only(table, first), executor)
        problem = _changed(_only(table, later), earlier)
        say(f"  {len(problem.incumbent)} incumbent pairs of {len(problem.recipients)} recipients")
        found = _again(problem, earlier, executor)
    tell(compiling=compiling, late=forms() - before, first=making, pairs=len(earlier.pairs), **found, peak=peak())


def _drawn(recipients: int, providers: int, leavers: int, newcomers: int) -> tuple[Table, Any, Any]:
    """Return the columns of everybody ever there, who is there at first, and who is there later, by row.

    Half of the newcomers are recipients. Anybody of the first may leave.
    """
    half = newcomers // 2
    table = generated(recipients + half, providers + newcomers - half)
    late = np.zeros(len(table["id"]), dtype=np.bool_)
    late[recipients : recipients + half] = late[len(late) - (newcomers - half) :] = True
    gone = np.random.default_rng(SEED).choice(np.flatnonzero(~late), leavers, replace=False)
    stays = np.ones(len(late), dtype=np.bool_)
    stays[gone] = False
    return table, np.flatnonzero(~late), np.flatnonzero(stays)


def _only(table: Table, rows: Any) -> Table:
    places = rows.tolist()
    return {name: [values[row] for row in places] for name, values in table.items()}


def _first(table: Table, executor: Executor) -> tuple[float, Matching]:
    problem = problem_of(table)
    return clock(lambda: OptimalMatching(executor=executor, progress=Phases(), memory_limit=0).match(problem))


def _changed(table: Table, earlier: Matching) -> MatchingProblem:
    problem = problem_of(table)
    return problem.with_changes(
        incumbent=[pair for pair in earlier.ids if pair[0] in problem.row and pair[1] in problem.column]
    )


def _again(problem: MatchingProblem, earlier: Matching, executor: Executor) -> dict[str, Any]:
    """Match from the prices of the earlier matching and from nothing; both count the incumbent pairs alike."""
    found: dict[str, Any] = {}
    for name, start in (("stored", earlier), ("scratch", None)):
        search, phases = Watch(rounds, "best_at_scale"), Phases()
        way = Rematching(PRICE, start=start, executor=executor, progress=phases, memory_limit=0)
        seconds, matching = clock(lambda way=way: way.match(problem))
        proof = matching.certificate
        found[name] = {
            "seconds": seconds,
            "shares": dict(phases.seconds),
            "rounds": search.gave.effort.rounds,
            "judged": search.gave.effort.judged,
            "served": len(matching.served),
            "kept": len(problem.incumbent & set(matching.ids)),
            "worth": worth_of(problem, matching.ids, proof.keeping),  # type: ignore[union-attr]
        }
    return {**found, "incumbents": len(problem.incumbent)}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
