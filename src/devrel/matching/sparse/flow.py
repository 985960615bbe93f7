"""The restricted optimum: the best answer among the pairs that are looked at, by solvers that others keep well.

It is a flow of least cost. OR-tools solves it where the extra ``scale`` is installed; without it, SciPy's sparse
assignment where nobody wants several partners or has a minimum, and HiGHS elsewhere. No solver is trusted: the prices
are computed from its answer, and there are none where it is not the best.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from devrel.errors import DevrelError, InfeasibleProblem
from devrel.matching.certificate import Prices
from devrel.matching.sparse.edges import Edges
from devrel.matching.sparse.fused import Whole
from devrel.matching.strategies.assignment import lottery
from devrel.matching.strategies.network import Network

Chosen = NDArray[np.bool_]

_LUCK_BITS = 20
_ENOUGH = 4
_COPIES = 20_000_000
"""A pair is there once for each seat of the provider in SciPy's assignment; of more copies, HiGHS needs less memory."""


@frozen(eq=False)
class Bounds:
    """How many partners everybody has at least and at most.

    Attributes:
        fewest: For each recipient.
        most: For each recipient.
        least: For each provider.
        greatest: For each provider.
    """

    fewest: Whole
    most: Whole
    least: Whole
    greatest: Whole


def best_of(edges: Edges) -> Chosen:
    """Return the best answer among some pairs: which of them are chosen.

    Raises:
        InfeasibleProblem: When the minimum loads cannot be reached with these pairs.
    """
    left = edges.left
    bounds = Bounds(np.zeros_like(left.demand), left.demand, left.minimum, left.capacity)
    if (flow := _ortools()) is not None:
        return _cheaply(flow, edges, bounds)
    seats = np.minimum(left.capacity, np.bincount(edges.columns, minlength=len(left.capacity)))
    few = int(seats[edges.columns].sum()) <= _COPIES
    if left.demand.max(initial=0) <= 1 and not left.minimum.any() and few:
        return _by_assignment(edges)
    return Network.over(left, edges.rows, edges.columns, edges.points).best().astype(np.bool_)


def drawn(edges: Edges, chosen: Chosen, proof: Prices) -> Chosen:
    """Return the best answer that the lottery picks, of all best answers among some pairs.

    Args:
        edges: The pairs.
        chosen: A best answer.
        proof: The prices that prove it.
    """
    free = edges.tied(chosen, edges.book(chosen), proof)
    if not free.any():
        return chosen
    if (flow := _ortools()) is None:
        network = Network.over(edges.left, edges.rows, edges.columns, edges.points)
        return network.drawn(proof, chosen.astype(np.int64)).astype(np.bool_)
    keys, some = edges.left.problem.lottery_keys(), edges.where(free)
    luck = lottery(keys[0][some.rows], keys[1][some.columns], _LUCK_BITS) + 1
    bounds = _less(_bounds(edges, proof), edges.where(chosen & ~free))
    found = chosen & ~free
    found[np.flatnonzero(free)[_by_flow(flow, some, luck, np.zeros_like(edges.left.first), bounds)]] = True
    return found


def _bounds(edges: Edges, proof: Prices) -> Bounds:
    """Return how many partners everybody has in every best answer, at least and at most."""
    left, people, seats = edges.left, proof.recipients, proof.providers
    one = np.minimum(left.demand, 1)
    return Bounds(
        np.where(people > 0, left.demand, np.where(people > -left.first, one, 0)),
        np.where(people >= 0, left.demand, np.where(people >= -left.first, one, 0)),
        np.where(seats > 0, left.capacity, left.minimum),
        np.where(seats < 0, left.minimum, left.capacity),
    )


def _less(bounds: Bounds, fixed: Edges) -> Bounds:
    """Return what is left of bounds beside some pairs."""
    shape = fixed.left.problem.shape
    mine, theirs = np.bincount(fixed.rows, minlength=shape[0]), np.bincount(fixed.columns, minlength=shape[1])
    return Bounds(
        np.maximum(bounds.fewest - mine, 0),
        np.maximum(bounds.most - mine, 0),
        np.maximum(bounds.least - theirs, 0),
        np.maximum(bounds.greatest - theirs, 0),
    )


def _ortools() -> Any:
    try:
        from ortools.graph.python import min_cost_flow
    except ImportError:
        return None
    return min_cost_flow.SimpleMinCostFlow


def _by_flow(make: Any, edges: Edges, gains: Whole, first: Whole, bounds: Bounds) -> Chosen:
    """Return the answer with the greatest gain: a flow from the recipients through pairs to the providers and an end.

    What a recipient does not take flows straight to the end; the last of it costs what a first partner gains.
    """
    rows, row = np.unique(edges.rows, return_inverse=True)
    columns, column = np.unique(edges.columns, return_inverse=True)
    if not len(edges) or not bounds.most[rows].any():
        _refuse_unreached(bounds.least.any())
        return np.zeros(len(edges), dtype=np.bool_)
    idle = np.ones(len(bounds.least), dtype=np.bool_)
    idle[columns] = False
    _refuse_unreached((bounds.least[idle] > 0).any())
    end = len(rows) + len(columns)
    supply, fewest = bounds.most[rows], bounds.fewest[rows]
    least, greatest = bounds.least[columns], np.maximum(bounds.greatest[columns], bounds.least[columns])
    last = (fewest < 1) & (supply > 0)
    mine, theirs = np.arange(len(rows)), len(rows) + np.arange(len(columns))
    tails = np.concatenate([row, mine, mine, theirs])
    heads = np.concatenate([len(rows) + column, np.full(2 * len(rows) + len(columns), end)])
    room = np.concatenate([np.ones(len(edges)), np.maximum(supply - np.maximum(fewest, 1), 0), last, greatest - least])
    costs = np.concatenate([-gains, np.zeros(len(rows)), first[rows], np.zeros(len(columns))])
    flow = make()
    flow.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), room.astype(np.int64), costs.astype(np.int64)
    )
    supplies = np.concatenate([supply, -least, [int(least.sum() - supply.sum())]]).astype(np.int64)
    flow.set_nodes_supplies(np.arange(end + 1, dtype=np.int32), supplies)
    status = flow.solve()
    _refuse_unreached(status == flow.INFEASIBLE)
    if status != flow.OPTIMAL:
        raise DevrelError(f"OR-tools did not find a flow of least cost: {status}; please report the problem")
    return np.asarray(flow.flows(np.arange(len(edges), dtype=np.int32))) > 0


def _cheaply(flow: Any, edges: Edges, bounds: Bounds) -> Chosen:
    """Return the best answer, found with first partners that gain as little as will do.

    The smaller the costs, the sooner the flow is found. Where everybody's first partner gains the same, an answer that
    is the best with a smaller gain, and serves as many as can be served, is the best.
    """
    left = edges.left
    first, able = left.first, np.unique(edges.rows[left.demand[edges.rows] > 0])
    usual = int(first[able].max(initial=0))
    same = left.worth.simple and (first[able] == usual).all()
    gain = _ENOUGH * (left.worth.scale * left.worth.most + left.worth.each + left.worth.kept + 1)
    most = _most_served(edges, able) if same and gain < usual else 0
    while same and gain < usual:
        found = _by_flow(flow, edges, edges.gains, np.minimum(first, gain), bounds)
        if np.count_nonzero(found) == most:
            return found
        gain *= _ENOUGH**2
    return _by_flow(flow, edges, edges.gains, first, bounds)


def _most_served(edges: Edges, able: Any) -> int:
    """Return how many of those who want one partner can be served at most, minimum loads left aside: a maximum flow."""
    from ortools.graph.python import max_flow

    inside = np.isin(edges.rows, able)
    rows, row = np.unique(edges.rows[inside], return_inverse=True)
    columns, column = np.unique(edges.columns[inside], return_inverse=True)
    start = len(rows) + len(columns)
    mine, theirs = np.arange(len(rows)), len(rows) + np.arange(len(columns))
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(
        np.concatenate([row, np.full(len(rows), start), theirs]).astype(np.int32),
        np.concatenate([len(rows) + column, mine, np.full(len(columns), start + 1)]).astype(np.int32),
        np.concatenate([np.ones(len(row) + len(rows)), edges.left.capacity[columns]]).astype(np.int64),
    )
    flow.solve(start, start + 1)
    return int(flow.optimal_flow())


def _refuse_unreached(unreached: Any) -> None:
    if unreached:
        raise InfeasibleProblem("the minimum loads cannot be reached with the pairs that are looked at")


def _by_assignment(edges: Edges) -> Chosen:
    """Return the best answer where everybody wants one at most: a full assignment, with one's own place to stay alone.

    Every pair gains more than staying alone, or it would not be chosen; so each gain is raised by the same number.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    left = edges.left
    able = np.flatnonzero((left.demand[edges.rows] > 0) & (left.capacity[edges.columns] > 0))
    chosen = np.zeros(len(edges), dtype=np.bool_)
    if not able.size:
        return chosen
    rows, row = np.unique(edges.rows[able], return_inverse=True)
    columns, column = np.unique(edges.columns[able], return_inverse=True)
    places = np.minimum(left.capacity[columns], np.bincount(column))
    begins = np.cumsum(places) - places
    copies = places[column]
    edge = np.repeat(np.arange(len(able)), copies)
    seat = begins[column][edge] + np.arange(len(edge)) - (np.cumsum(copies) - copies)[edge]
    gains = edges.gains[able] + left.first[edges.rows[able]]
    seats = int(places.sum())
    weights = np.concatenate([gains[edge] + 1, np.ones(len(rows), dtype=np.int64)]).astype(np.float64)
    ends = np.concatenate([row[edge], np.arange(len(rows))]), np.concatenate([seat, seats + np.arange(len(rows))])
    graph = csr_array((weights, ends), shape=(len(rows), seats + len(rows)))
    found = min_weight_full_bipartite_matching(graph, maximize=True)
    taken = {(r, s): e for r, s, e in zip(row[edge].tolist(), seat.tolist(), edge.tolist(), strict=True)}
    picked = [taken[pair] for pair in zip(*(side.tolist() for side in found), strict=True) if pair in taken]
    chosen[able[picked]] = True
    return chosen
