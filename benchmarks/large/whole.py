"""The measuring child of a row: people and problem, then the matching with its proof and its explanation.

Called with the numbers of recipients and of providers and the gap. Prints what it took as JSON.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from watching import THREADS, Phases, Watch, clock, forms, peak, say, tell, warmed
from crowd import generated, problem_of  # isort: skip - the folder of the compiled form is chosen first

from devrel.matching import Matching, MatchingProblem, OptimalMatching, strategy
from devrel.matching.certificate import Prices
from devrel.matching.sparse import engine, rounds

_AFTERWARDS = {"proof": "prove", "verifying": "verify", "explaining": "_explained"}


def main(recipients: int, providers: int, gap: float) -> None:
    """Measure a row."""
    compiling = warmed()
    before = forms()
    making, table = clock(lambda: generated(recipients, providers))
    building, problem = clock(lambda: problem_of(table))
    del table
    say(f"  people made in {making:.1f} s, problem in {building:.1f} s, {peak() / 2**20:.0f} MiB so far")
    found = _matched(problem, gap)
    tell(
        compiling=compiling,
        late=forms() - before,
        making=making,
        building=building,
        blocks=len(engine.Engine(rounds.plan_of(problem)[1]).blocks()),
        peak=peak(),
        **found,
    )


def _matched(problem: MatchingProblem, gap: float) -> dict[str, Any]:
    search, phases = Watch(rounds, "best_at_scale"), Phases()
    after = {name: Watch(strategy, function) for name, function in _AFTERWARDS.items()}
    with ThreadPoolExecutor(THREADS) as executor:
        way = OptimalMatching(executor=executor, gap=gap, progress=phases, memory_limit=0)
        seconds, matching = clock(lambda: way.match(problem))
    outcome = search.gave
    shares = phases.seconds | {name: watch.seconds for name, watch in after.items()}
    return {
        "seconds": seconds,
        "shares": {**shares, "the rest": seconds - sum(shares.values())},
        "effort": {name: getattr(outcome.effort, name) for name in ("rounds", "edges", "judged", "passes")},
        "gap": outcome.gap,
        "optimal": isinstance(matching.certificate, Prices),
        **_answer(problem, matching),
    }


def _answer(problem: MatchingProblem, matching: Matching) -> dict[str, Any]:
    return {
        "served": len(matching.served),
        "total": matching.total_points,
        "score": matching.total_score,
        "seats": sum(problem.capacity),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
