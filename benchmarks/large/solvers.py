"""The measuring children of the row of solvers: the same restricted problem, each solver by itself.

``solvers.py prepare FILE N M`` solves a row and keeps the pairs of its last round; ``solvers.py NAME FILE`` solves them
again. A recipient takes one provider at most. What is gained by serving somebody is counted only ``_ENOUGH`` times the
greatest score here, so that the numbers suit every solver; where everybody is served, the answer is the same. Prints
what it took as JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

_ENOUGH = 4


@dataclass(frozen=True)
class Pairs:
    """Some pairs that may be chosen: their positions and gains, the places of the providers, how many recipients."""

    rows: Any
    columns: Any
    gains: Any
    capacity: Any
    recipients: int


def ortools(pairs: Pairs) -> Any:
    """Return which pairs OR-tools' flow of least cost chooses; what recipients do not take flows past."""
    from ortools.graph.python import min_cost_flow

    n, m, count = pairs.recipients, len(pairs.capacity), len(pairs.rows)
    mine, theirs, end = np.arange(n), n + np.arange(m), n + m
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([pairs.rows, mine, theirs]).astype(np.int32),
        np.concatenate([n + pairs.columns, np.full(n + m, end)]).astype(np.int32),
        np.concatenate([np.ones(count + n), pairs.capacity]).astype(np.int64),
        np.concatenate([-pairs.gains, np.zeros(n + m)]).astype(np.int64),
    )
    supplies = np.concatenate([np.ones(n), np.zeros(m), [-n]]).astype(np.int64)
    flow.set_nodes_supplies(np.arange(end + 1, dtype=np.int32), supplies)
    assert flow.solve() == flow.OPTIMAL
    return np.asarray(flow.flows(np.arange(count, dtype=np.int32))) > 0


def scipy(pairs: Pairs) -> Any:
    """Return which pairs SciPy's sparse assignment chooses: a column for each seat, and one to stay alone for each."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    edge, row, column, seats = _seats(pairs)
    n = pairs.recipients
    weights = np.concatenate([pairs.gains[edge] + 1, np.ones(n)]).astype(np.float64)
    ends = np.concatenate([row, np.arange(n)]), np.concatenate([column, seats + np.arange(n)])
    graph = csr_array((weights, ends), shape=(n, seats + n))
    taken = min_weight_full_bipartite_matching(graph, maximize=True)
    return _chosen(pairs, edge, row, column, *taken)


def highs(pairs: Pairs) -> Any:
    """Return which pairs HiGHS chooses: the linear program whose vertices are whole numbers, gains of at most 1."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    count, places = len(pairs.rows), np.arange(len(pairs.rows))
    shapes = ((csr_array((np.ones(count), (side, places)), shape=(size, count))) for side, size in _sides(pairs))
    limits = vstack(list(shapes))
    most = np.concatenate([np.ones(pairs.recipients), pairs.capacity])
    gains = pairs.gains / pairs.gains.max()
    return linprog(-gains, A_ub=limits, b_ub=most, bounds=(0, 1), method="highs").x > 0.5


def lapmod(pairs: Pairs) -> Any:
    """Return which pairs lapx's sparse solver chooses: a square, with a place to stay alone for everybody and each seat.

    The turned pairs, which cost nothing, let the seats that are taken give up their own places.
    """
    import lap

    edge, row, column, seats = _seats(pairs)
    n = pairs.recipients
    stay, free = np.arange(n), np.arange(seats)
    rows = np.concatenate([row, stay, n + free, n + column])
    columns = np.concatenate([column, seats + stay, free, seats + row])
    most = pairs.gains.max()
    costs = np.concatenate([most - pairs.gains[edge], np.full(n, most), np.zeros(seats + len(edge))])
    costs /= 2.0 ** max(0, int(most).bit_length() - 19)  # it takes costs from 0 to below a million; nothing is rounded
    order = np.lexsort((columns, rows))
    begins = np.searchsorted(rows[order], np.arange(n + seats + 1)).astype(np.int32)
    _, found, _ = lap.lapmod(n + seats, costs[order], begins, columns[order].astype(np.int32))
    return _chosen(pairs, edge, row, column, stay, found[:n])


def _seats(pairs: Pairs) -> tuple[Any, Any, Any, int]:
    """Return each pair once for each seat: its number, its recipient, the seat; and how many seats there are."""
    copies = pairs.capacity[pairs.columns]
    edge = np.repeat(np.arange(len(copies)), copies)
    begins = np.cumsum(pairs.capacity) - pairs.capacity
    within = np.arange(len(edge)) - (np.cumsum(copies) - copies)[edge]
    return edge, pairs.rows[edge], begins[pairs.columns[edge]] + within, int(pairs.capacity.sum())


def _chosen(pairs: Pairs, edge: Any, row: Any, column: Any, rows: Any, columns: Any) -> Any:
    """Return which pairs were chosen when the recipients ``rows`` got the seats ``columns``."""
    got = np.full(pairs.recipients, -1)
    got[rows] = columns
    found = np.zeros(len(pairs.rows), dtype=np.bool_)
    found[edge[got[row] == column]] = True
    return found


WAYS: dict[str, Callable[[Pairs], Any]] = {"ortools": ortools, "scipy": scipy, "highs": highs, "lapmod": lapmod}


def prepare(file: str, recipients: int, providers: int) -> None:
    """Solve a problem, and keep the pairs of its last round."""
    from concurrent.futures import ThreadPoolExecutor

    from crowd import generated, problem_of
    from watching import THREADS, Phases, Watch, tell

    from devrel.matching import OptimalMatching
    from devrel.matching.sparse import rounds

    problem, watch = problem_of(generated(recipients, providers)), Watch(rounds, "best_of")
    with ThreadPoolExecutor(THREADS) as executor:
        matching = OptimalMatching(executor=executor, progress=Phases(), memory_limit=0).match(problem)
    (edges,) = watch.given
    lift = _ENOUGH * edges.left.worth.most
    np.savez(
        file, rows=edges.rows, columns=edges.columns, gains=edges.gains + lift, capacity=edges.left.capacity, lift=lift
    )
    tell(
        edges=len(edges), rounds=watch.calls, last=watch.last, served=len(matching.served), total=matching.total_points
    )


def solve(name: str, file: str) -> None:
    """Solve the pairs in a file by one solver."""
    from watching import clock, peak, tell

    kept = np.load(file)
    pairs = Pairs(kept["rows"], kept["columns"], kept["gains"], kept["capacity"], int(kept["rows"].max()) + 1)
    seconds, chosen = clock(lambda: WAYS[name](pairs))
    loads = [np.bincount(side[chosen], minlength=size) for side, size in _sides(pairs)]
    sound = bool((loads[0] <= 1).all() and (loads[1] <= pairs.capacity).all())
    served, lift = int(loads[0].sum()), int(kept["lift"])
    tell(seconds=seconds, served=served, total=int(pairs.gains[chosen].sum()) - lift * served, sound=sound, peak=peak())


def _sides(pairs: Pairs) -> tuple[tuple[Any, int], tuple[Any, int]]:
    return (pairs.rows, pairs.recipients), (pairs.columns, len(pairs.capacity))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        solve(sys.argv[1], sys.argv[2])
