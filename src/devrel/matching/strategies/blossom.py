"""Solvers for pairs in one pool: matchings of greatest weight in a graph that has no two sides (Edmonds 1965).

With the extra ``peers``, rustworkx solves it in whole numbers of 128 bits. Objective and lottery are one number: the
points come first and the lots decide between equal totals, so that one solution is the best and the fairest draw.

Without it, HiGHS (through SciPy) solves integer programs, one for each thing that the objective names and one for the
lottery, each keeping what was reached before. It works in floating point, to within the tolerances of the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from devrel.errors import DevrelError
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.assignment import lottery
from devrel.matching.worth import Objective

_LUCK_BITS = 40
_FEW_BITS = 20

EXACT = "solved exactly, in whole numbers (rustworkx)"
NEARLY = "solved to within the tolerances of HiGHS; with the extra 'peers' it is solved exactly and faster"


@frozen(eq=False)
class Edges:
    """The pairs that can be chosen.

    Attributes:
        people: How many people there are.
        ones: The position of the first of each pair.
        others: The position of the second.
        points: The points of each pair.
        keys: The lottery keys of the pairs.
        cover: Whether as many people as can be come before the total.
    """

    people: int
    ones: NDArray[np.intp]
    others: NDArray[np.intp]
    points: NDArray[np.int64]
    keys: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    cover: bool

    @classmethod
    def of(cls, problem: MatchingProblem) -> Edges:
        """Return the pairs that can be chosen in a pool, beside those that are locked."""
        free = np.array(problem.capacity, dtype=np.int64) > 0
        free[[problem.row[person] for pair in problem.locked for person in pair]] = False
        ones, others = np.nonzero(np.triu(problem.eligible, 1) & free[:, None] & free[None, :])
        keys = problem.lottery_keys()
        return cls(
            len(free),
            ones,
            others,
            problem.points[ones, others],
            (keys[0][ones], keys[1][others]),
            problem.objective is Objective.COVER,
        )

    def luck(self, bits: int) -> NDArray[np.int64]:
        """Return the lots of the pairs."""
        return lottery(*self.keys, bits)


def best_pairs(problem: MatchingProblem) -> tuple[list[tuple[str, str]], str]:
    """Return the best pairs of a pool, the locked ones among them, and how they were found."""
    edges = Edges.of(problem)
    try:
        import rustworkx  # noqa: F401
    except ImportError:
        chosen, note = _by_programs(edges), NEARLY
    else:
        chosen, note = _by_blossoms(edges), EXACT
    ids = problem.recipients
    pairs = [(ids[edges.ones[place]], ids[edges.others[place]]) for place in chosen]
    return sorted([*pairs, *problem.locked]), note


def _by_blossoms(edges: Edges) -> Sequence[int]:
    """Return which pairs are chosen, by Edmonds' algorithm in whole numbers."""
    import rustworkx

    shift = _LUCK_BITS + edges.people.bit_length()
    each, scale = (0, 1) if edges.cover else (1, edges.people + 1)
    gains = zip(edges.points.tolist(), edges.luck(_LUCK_BITS).tolist(), strict=True)
    weights = [((points * scale + each) << shift) + luck for points, luck in gains]
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(edges.people))
    ends = list(zip(edges.ones.tolist(), edges.others.tolist(), strict=True))
    graph.add_edges_from([(one, other, weight) for (one, other), weight in zip(ends, weights, strict=True)])
    found = rustworkx.max_weight_matching(graph, max_cardinality=edges.cover, weight_fn=int)
    place = {pair: number for number, pair in enumerate(ends)}
    return sorted(place[min(pair), max(pair)] for pair in found)


def _by_programs(edges: Edges) -> Sequence[int]:
    """Return which pairs are chosen, by one integer program after the other."""
    count = len(edges.ones)
    if not count:
        return []
    pairs = np.ones(count, dtype=np.int64)
    places = np.concatenate([edges.ones, edges.others]), np.tile(np.arange(count), 2)
    once = csr_array((np.ones(2 * count), places), shape=(edges.people, count))
    aims = [pairs, edges.points] if edges.cover else [edges.points, pairs]
    kept: list[tuple[Any, int]] = []
    chosen = pairs
    for aim in [*aims, edges.luck(_FEW_BITS) + 1]:
        chosen = _program(aim, once, kept)
        kept.append((aim, int(aim @ chosen)))
    found: list[int] = np.flatnonzero(chosen).tolist()
    return found


def _program(aim: NDArray[np.int64], once: Any, kept: list[tuple[Any, int]]) -> NDArray[np.int64]:
    """Return the choice that gains most: everybody once at most, and all that was reached before."""
    limits = [LinearConstraint(once, 0, 1)]
    if kept:
        rows = vstack([csr_array(before[None, :].astype(np.float64)) for before, _ in kept], format="csr")
        limits.append(LinearConstraint(rows, [reached - 0.5 for _, reached in kept], np.inf))
    result = milp(
        -aim.astype(np.float64),
        constraints=limits,
        integrality=np.ones(len(aim)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    if result.x is None:
        raise DevrelError(f"the integer program was not solved: {result.message}")
    found: NDArray[np.int64] = np.rint(result.x).astype(np.int64)
    return found
