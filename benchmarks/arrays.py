"""The measuring child of rows k, l and m: matching on ready arrays, checking the answer, scoring blocks of people.

Called with a row and, for row k, the side of the problem. Prints what it took as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from devrel.matching import Different, Gap, MatchingProblem, Near, Offered, OptimalMatching, Same, Shared
from devrel.people import Enrollment, Person, Role

RUNS = 5


def seconds(work: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Return how long ``work`` took, time by time, after one run that does not count."""
    work()
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def dense(side: int, scores: str) -> dict[str, Any]:
    """Match one to one on a ready array: by bare SciPy, by devrel with SciPy and by devrel with lapx, and bare lapx."""
    draw = np.random.default_rng(2026)
    array: Any = draw.random((side, side)) if scores == "uniform" else draw.integers(0, 20, (side, side))
    problem = MatchingProblem.from_scores(array)
    assert problem.points.shape == (side, side)  # the points are ready too, as the array is
    found: dict[str, Any] = {"scipy": seconds(lambda: linear_sum_assignment(array, maximize=True))}
    rows, columns = linear_sum_assignment(array, maximize=True)
    best = float(array[rows, columns].sum())
    import lap

    found["lapx"] = seconds(lambda: lap.lapjvh(-array.astype(np.float64), return_cost=False))
    found["with lapx"] = seconds(lambda: OptimalMatching().match(problem))
    sys.modules["lap"] = None  # type: ignore[assignment]
    found["with scipy"] = seconds(lambda: OptimalMatching().match(problem))
    matching = OptimalMatching().match(problem)
    found["verify"] = seconds(lambda: matching.verify(problem))
    found["same"] = abs(matching.total_score - best) < 1e-6 * side
    return found


def verified(side: int) -> dict[str, Any]:
    """Solve a large problem and check its answer again, as often."""
    problem = MatchingProblem.from_scores(np.random.default_rng(2026).random((side, side)))
    assert problem.points.shape == (side, side)
    matchings = []
    solve = seconds(lambda: matchings.append(OptimalMatching().match(problem)), 3)
    return {"solve": solve, "verify": seconds(lambda: matchings[0].verify(problem), 3)}


def scored(side: int) -> dict[str, Any]:
    """Score a block by five built-in criteria, and by a NumPy expression written by hand for the same five."""
    draw = np.random.default_rng(2026)
    words = [f"w{i}" for i in range(40)]
    listed = [_person(draw, f"{role}{i}", words) for role in "rp" for i in range(side)]
    enrolled = [Enrollment(one.id, Role.RECIPIENT if one.id[0] == "r" else Role.PROVIDER) for one in listed]
    criteria = [
        Offered("wants", "skills", weight=5),
        Shared("interests", weight=3),
        Same("track", weight=3),
        Same("region", weight=1),
        Near("level", 1, 3, weight=3),
    ]
    problem = MatchingProblem.from_people(listed, enrolled, criteria=criteria)
    table = problem.table
    by_hand = _by_hand(problem, words)
    eligible, points = table.judged(0, side)
    found = {"devrel": seconds(lambda: table.judged(0, side)), "numpy": seconds(by_hand)}
    found["same"] = bool((points == by_hand()).all() and eligible.all())  # type: ignore[assignment]
    found["rules"] = seconds(_with_rules(listed, enrolled, criteria, side))
    return found


def _with_rules(listed: Any, enrolled: Any, criteria: Any, side: int) -> Callable[[], object]:
    rules = [Different("region"), Gap("level", at_least=0)]
    table = MatchingProblem.from_people(listed, enrolled, constraints=rules, criteria=criteria).table
    return lambda: table.judged(0, side)


def _person(draw: np.random.Generator, name: str, words: list[str]) -> Person:
    def some(most: int) -> tuple[str, ...]:
        return tuple(draw.choice(words, size=draw.integers(1, most), replace=False))

    return Person(
        name,
        level=int(draw.integers(1, 8)),
        attributes={
            "wants": some(5),
            "skills": some(8),
            "interests": some(6),
            "track": str(draw.integers(0, 6)),
            "region": str(draw.integers(0, 9)),
        },
    )


def _by_hand(problem: MatchingProblem, words: list[str]) -> Callable[[], Any]:
    """Return the expression, its columns made beforehand as those of devrel are."""
    block = problem.table.block  # type: ignore[attr-defined]
    place = {word: i for i, word in enumerate(words)}

    def bits(people: Any, name: str) -> Any:
        return np.array([sum(1 << place[word] for word in one.attributes[name]) for one in people], dtype=np.uint64)

    def codes(people: Any, name: str) -> Any:
        return np.array([int(one.attributes[name]) for one in people])

    mine, theirs = block.recipients, block.providers
    wants, skills = bits(mine, "wants")[:, None], bits(theirs, "skills")[None, :]
    liked, like = bits(mine, "interests")[:, None], bits(theirs, "interests")[None, :]
    tracks = codes(mine, "track")[:, None], codes(theirs, "track")[None, :]
    regions = codes(mine, "region")[:, None], codes(theirs, "region")[None, :]
    levels = [np.array([one.level for one in people], dtype=float) for people in (mine, theirs)]
    most = [points for _, points in problem.table.scored]  # type: ignore[attr-defined]
    wanted = np.maximum(np.bitwise_count(wants), 1)

    def expression() -> Any:
        offered = np.bitwise_count(wants & skills) / wanted
        shared = np.bitwise_count(liked & like) / np.maximum(np.bitwise_count(liked | like), 1)
        near = np.maximum(1 - np.abs(levels[1][None, :] - levels[0][:, None] - 1) / 3, 0)
        return (
            np.rint(most[0] * offered)
            + np.rint(most[1] * shared)
            + most[2] * (tracks[0] == tracks[1])
            + most[3] * (regions[0] == regions[1])
            + np.rint(most[4] * near)
        ).astype(np.int64)

    return expression


if __name__ == "__main__":
    row = sys.argv[1]
    if row == "dense":
        print(json.dumps(dense(2_000, sys.argv[2])))
    else:
        print(json.dumps(verified(5_000) if row == "verified" else scored(2_000)))
