"""The measuring child of a row: people and problem, then the matching with its proof and its explanation.

Called with the numbers of recipients and of providers and the gap. Prints what it took as JSON.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from crowd import generated, problem_of
from watching import THREADS, Phases, Watch, clock, forms, peak, say, tell, warmed

from devrel.matching import Matching, MatchingProblem, OptimalMatching, strategy
from devrel.matching.asked import Asked
from devrel.matching.certificate import Prices
from devrel.matching.sparse import asking, engine, rounds

_AFTERWARDS = {
    "asking the rules of each pair": (Asked, "of"),
    "verifying": (strategy, "verify"),
    "explaining": (strategy, "_explained"),
    "checking the proof": (strategy, "prove"),
}
"""What a matching does once the pairs are found."""


def main(recipients: int, providers: int, gap: float) -> None:
    """Measure a row."""
    compiling = warmed()
    before = forms()
    making, building, problem = _made(recipients, providers)
    say(f"  people made in {making:.1f} s, problem in {building:.1f} s, {peak() / 2**20:.0f} MiB so far")
    found = _matched(problem, gap)
    tell(
        compiling=compiling,
        late=forms() - before,
        making=making,
        building=building,
        blocks=len(engine.Engine(asking.plan_of(problem)[1]).blocks()),
        peak=peak(),
        **found,
    )


def _made(recipients: int, providers: int) -> tuple[float, float, MatchingProblem]:
    """Return how long it took to make the people, and the problem; and the problem. The columns are let go."""
    making, table = clock(lambda: generated(recipients, providers))
    return making, *clock(lambda: problem_of(table))


def _matched(problem: MatchingProblem, gap: float) -> dict[str, Any]:
    search, phases = Watch(rounds, "best_at_scale"), Phases()
    after = {name: Watch(owner, function) for name, (owner, function) in _AFTERWARDS.items()}
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
