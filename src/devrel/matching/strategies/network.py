"""The exact solver behind ``OptimalMatching`` for recipients who want several partners.

Two people must not be paired twice, so seats cannot simply be repeated. The problem is a flow in a network whose
vertices are whole numbers, and so are its prices: the linear program is solved by HiGHS (through SciPy), first for
the recipients served, then for the demand filled, then for the total. The prices of the last program are rounded
and checked; every optimum uses only pairs whose reduced gain is 0, or that every optimum uses. The lottery is one
more program over those.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, identity, vstack

from devrel.errors import DevrelError
from devrel.matching.problem import MatchingProblem, Objective
from devrel.matching.strategies.assignment import lottery, refuse_inexact

_LUCK_BITS = 20

Whole = NDArray[np.int64]


@frozen(eq=False)
class _Program:
    """A linear program over pairs and over 'is served' variables, one a recipient; all lie between 0 and 1."""

    at_most: Any
    limits: Whole
    exactly: Any
    totals: Whole

    def with_total(self, gains: Whole, total: int) -> _Program:
        row = csr_array(gains[None, :])
        rows = row if self.exactly is None else vstack([self.exactly, row], format="csr")
        return _Program(self.at_most, self.limits, rows, np.append(self.totals, total))

    def best(self, gains: Whole, bounds: Any = (0, 1)) -> tuple[Whole, Any]:
        """Return the whole solution with the greatest gain, and the solver's own result."""
        result = linprog(
            -gains.astype(np.float64),
            A_ub=self.at_most,
            b_ub=self.limits,
            A_eq=self.exactly,
            b_eq=self.totals if self.exactly is not None else None,
            bounds=bounds,
            method="highs-ds",
        )
        if not result.success:
            raise DevrelError(f"the linear program was not solved: {result.message}")
        return np.rint(result.x).astype(np.int64), result


def best_network(
    points: Whole,
    eligible: NDArray[np.bool_],
    demand: Whole,
    capacity: Whole,
    served: NDArray[np.bool_],
    problem: MatchingProblem,
) -> list[tuple[int, int]]:
    """Return the best pairs as positions (recipient, provider); ``served`` have a partner already."""
    rows, columns = np.nonzero(eligible)
    edges, people = len(rows), len(demand)
    most_pairs = int(min(demand.sum(), capacity.sum()))
    refuse_inexact((int(points.max(initial=0)) * (most_pairs + 1) + 1) * most_pairs)
    program = _network(rows, columns, demand, capacity)
    gain = np.concatenate([points[rows, columns], np.zeros(people, dtype=np.int64)])
    newly = np.concatenate([np.zeros(edges, dtype=np.int64), (~served).astype(np.int64)])
    filled = np.concatenate([np.ones(edges, dtype=np.int64), np.zeros(people, dtype=np.int64)])
    if problem.objective is Objective.COVER:
        for part in (newly, filled):
            solution, _ = program.best(part)
            program = program.with_total(part, int(part @ solution))
    else:
        gain = gain * (most_pairs + 1) + filled
    solution, result = program.best(gain)
    reduced = _reduced(program, gain, solution, result)
    keys = problem.lottery_keys()
    luck = np.concatenate([lottery(keys[0][rows], keys[1][columns], _LUCK_BITS), np.zeros(people, dtype=np.int64)])
    chosen = _draw(program, reduced, luck, solution, result)
    if int(gain @ chosen) != int(gain @ solution) or (program.at_most @ chosen > program.limits).any():
        raise DevrelError("the lottery left the set of best answers, and was not used; please report the problem")
    return [(int(rows[i]), int(columns[i])) for i in np.flatnonzero(chosen[:edges])]


def _network(rows: Any, columns: Any, demand: Whole, capacity: Whole) -> _Program:
    edges, people, providers = len(rows), len(demand), len(capacity)
    ones, places = np.ones(edges), np.arange(edges)
    of_recipient = coo_array((ones, (rows, places)), shape=(people, edges)).tocsr()
    of_provider = coo_array((ones, (columns, places)), shape=(providers, edges)).tocsr()
    at_most = vstack(
        [
            hstack([of_recipient, csr_array((people, people))]),
            hstack([of_provider, csr_array((providers, people))]),
            hstack([-of_recipient, identity(people)]),
        ],
        format="csr",
    )
    limits = np.concatenate([demand, capacity, np.zeros(people, dtype=np.int64)])
    return _Program(at_most, limits, None, np.array([], dtype=np.int64))


def _reduced(program: _Program, gain: Whole, solution: Whole, result: Any) -> Whole:
    """Return what each variable gains beyond the prices: above 0 it is 1 in every optimum, below 0 it is 0."""
    limits = np.rint(-result.ineqlin.marginals).astype(np.int64)
    reduced = gain - np.rint(program.at_most.T @ limits).astype(np.int64)
    if program.exactly is not None:
        reduced -= np.rint(program.exactly.T @ np.rint(-result.eqlin.marginals)).astype(np.int64)
    slack = program.limits - np.rint(program.at_most @ solution).astype(np.int64)
    wrong = ((reduced > 0) & (solution == 0)) | ((reduced < 0) & (solution == 1))
    if wrong.any() or (limits < 0).any() or (limits * slack).any():
        raise DevrelError("the solver's answer is not proven optimal, and was not used; please report the problem")
    found: Whole = reduced
    return found


def _draw(program: _Program, reduced: Whole, luck: Whole, solution: Whole, result: Any) -> Whole:
    """Return the optimum that the lottery picks."""
    free = reduced == 0
    bounds = np.column_stack([np.where(free, 0, solution), np.where(free, 1, solution)])
    priced = np.rint(-result.ineqlin.marginals) > 0
    held = vstack(
        [part for part in (program.exactly, program.at_most[np.flatnonzero(priced)]) if part is not None], format="csr"
    )
    totals = np.concatenate([program.totals, program.limits[priced]])
    face = _Program(program.at_most, program.limits, held if held.shape[0] else None, totals)
    return face.best(luck, bounds)[0]
