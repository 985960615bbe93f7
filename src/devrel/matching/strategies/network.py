"""The exact solver behind ``OptimalMatching`` for recipients who want several partners, and for large minimum loads.

Two people must not be paired twice, so seats cannot simply be repeated. The problem is a flow in a network whose
vertices are whole numbers: the linear program is solved by HiGHS (through SciPy), once for each thing the objective
names, each time keeping what was reached before. Prices are computed from the answer, as for every best answer; they
prove it, or show that it is none. Every best answer keeps to what the prices allow; the lottery is one more program
over what they leave free.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, identity, vstack

from devrel.errors import DevrelError, InfeasibleProblem
from devrel.matching.certificate import Prices
from devrel.matching.pricing import Left, Open, prices_of
from devrel.matching.strategies.assignment import lottery
from devrel.matching.worth import Objective

_LUCK_BITS = 20
_INFEASIBLE = 2
"""What SciPy says of a linear program that has no solution."""

Whole = NDArray[np.int64]


def best_within_hours(open_: Open) -> list[tuple[str, str]]:
    """Return the best pairs where hours differ: an integer program, solved by HiGHS to a gap of 0 for each aim.

    Hours that differ make it a knapsack, and no prices prove the answer. The lot is one more aim.
    """
    if not open_.problem.recipients:
        return []  # the solver refuses a program without a variable
    network = Network.of(open_)
    return network.pairs(network.best(whole=True))


def best_network(open_: Open) -> tuple[list[tuple[str, str]], Prices]:
    """Return the best pairs and the prices that prove them."""
    network = Network.of(open_)
    chosen = network.best()
    proof = prices_of(open_, network.pairs(chosen))
    drawn = network.drawn(proof, chosen)
    if (drawn == chosen).all():
        return network.pairs(chosen), proof
    return network.pairs(drawn), prices_of(open_, network.pairs(drawn))


@frozen(eq=False)
class Network:
    """The pairs that can be chosen as the edges of a network.

    Attributes:
        open: What is left to choose.
        rows: The recipient of each edge.
        columns: The provider of each edge.
        points: The points of each edge.
        of_recipient: Which edges are whose, (recipients, edges).
        of_provider: The same for providers.
    """

    open: Left
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    points: Whole
    of_recipient: Any
    of_provider: Any

    @classmethod
    def of(cls, open_: Open) -> Network:
        """Return the network of what is left to choose."""
        rows, columns = np.nonzero(open_.choices)
        return cls.over(open_, rows, columns, open_.problem.points[rows, columns])

    @classmethod
    def over(cls, open_: Left, rows: NDArray[np.intp], columns: NDArray[np.intp], points: Whole) -> Network:
        """Return the network of some pairs, each given by the positions of the two and its points."""
        ones, places = np.ones(len(rows)), np.arange(len(rows))
        count_rows, count_columns = open_.problem.shape
        of_recipient = coo_array((ones, (rows, places)), shape=(count_rows, len(rows))).tocsr()
        of_provider = coo_array((ones, (columns, places)), shape=(count_columns, len(rows))).tocsr()
        return cls(open_, rows, columns, points, of_recipient, of_provider)

    def pairs(self, chosen: Whole) -> list[tuple[str, str]]:
        """Return the chosen edges as pairs of ids, with the locked ones."""
        picked = np.flatnonzero(chosen)
        return self.open.ids(self.rows[picked], self.columns[picked])

    def best(self, *, whole: bool = False) -> Whole:
        """Return the best answer: for each edge whether it is chosen.

        Args:
            whole: Whether to look at hours, and so to ask for whole solutions.
        """
        program = self._program(hours=whole)
        people = np.zeros(len(self.open.demand), dtype=np.int64)
        for gains in [*self._aims(), *([np.concatenate([self._luck(), people])] if whole else [])]:
            solution = program.best_whole(gains) if whole else program.best(gains)
            program = program.keeping(gains, solution)
        found: Whole = solution[: len(self.rows)]
        return found

    def _aims(self) -> list[Whole]:
        """Return what the objective asks for, one after the other: gains of the edges, then of 'is served'."""
        problem, people, edges = self.open.problem, len(self.open.demand), len(self.rows)
        points = self.points + self._kept()
        nobody, nothing = np.zeros(people, dtype=np.int64), np.zeros(edges, dtype=np.int64)
        total = np.concatenate([points, nobody])
        filled = np.concatenate([np.ones(edges, dtype=np.int64), nobody])
        newly = self.open.first > 0
        served = np.concatenate([nothing, newly.astype(np.int64)])
        if problem.objective is Objective.SCORE:
            return [total, filled, *([served] if newly.any() else [])]
        first = np.concatenate([nothing, np.where(newly, np.array(problem.priority, dtype=np.int64), 0)])
        return [served, *([first] if first.any() else []), filled, total]

    def _kept(self) -> Whole:
        rows, columns = self.open.problem.incumbent_at
        width = self.open.problem.shape[1]
        return np.isin(self.rows * width + self.columns, rows * width + columns) * np.int64(self.open.keeping)

    def _program(self, *, hours: bool = False) -> Program:
        edges, people = len(self.rows), len(self.open.demand)
        limits = [
            (hstack([self.of_recipient, csr_array((people, people))]), self.open.demand),
            (hstack([self.of_provider, csr_array((len(self.open.capacity), people))]), self.open.capacity),
            (hstack([-self.of_recipient, identity(people)]), np.zeros(people, dtype=np.int64)),
        ]
        if self.open.minimum.any():
            low = hstack([-self.of_provider, csr_array((len(self.open.capacity), people))])
            limits.append((low, -self.open.minimum))
        if hours:
            limits.append(self._hours(people))
        bounds = np.tile([0.0, 1.0], (edges + people, 1))
        rows = vstack([matrix for matrix, _ in limits], format="csr")
        return Program(rows, np.concatenate([most for _, most in limits]), bounds)

    def _hours(self, people: int) -> tuple[Any, Whole]:
        """Return what the chosen edges take of each provider's budget, and what the locked pairs leave of it."""
        problem = self.open.problem
        bounded = [j for j, most in enumerate(problem.budget) if most is not None]
        minutes = np.array(problem.minutes, dtype=np.float64)[self.rows]
        taken = self.of_provider.tocsr()[bounded].multiply(minutes[None, :])
        left = {j: int(problem.budget[j] or 0) for j in bounded}
        for recipient, provider in problem.locked:
            if problem.column[provider] in left:
                left[problem.column[provider]] -= problem.minutes[problem.row[recipient]]
        return hstack([taken, csr_array((len(bounded), people))]), np.array([left[j] for j in bounded], dtype=np.int64)

    def drawn(self, proof: Prices, chosen: Whole) -> Whole:
        """Return the best answer that the lottery picks."""
        open_ = self.open
        gain = open_.worth.gains(self.points) + self._kept() * open_.worth.scale
        beyond = gain - proof.recipients[self.rows] - proof.providers[self.columns]
        if not ((beyond == 0) & (chosen == 0)).any():
            return chosen
        bounds = np.column_stack([beyond > 0, beyond >= 0]).astype(np.float64)
        low, high = self._loads(proof)
        least = np.where(proof.providers > 0, open_.capacity, open_.minimum)
        most = np.where(proof.providers < 0, open_.minimum, open_.capacity)
        rows = vstack([self.of_recipient, -self.of_recipient, self.of_provider, -self.of_provider], format="csr")
        program = Program(rows, np.concatenate([high, -low, most, -least]), bounds)
        return program.best(self._luck())

    def _luck(self) -> Whole:
        keys = self.open.problem.lottery_keys()
        return lottery(keys[0][self.rows], keys[1][self.columns], _LUCK_BITS) + 1

    def _loads(self, proof: Prices) -> tuple[Whole, Whole]:
        """Return how many partners each recipient has at least and at most in every best answer."""
        price, first, wanted = proof.recipients, self.open.first, self.open.demand
        one = np.minimum(wanted, 1)
        low = np.where(price > 0, wanted, np.where(price > -first, one, 0))
        high = np.where(price >= 0, wanted, np.where(price >= -first, one, 0))
        return low, high


@frozen(eq=False)
class Program:
    """A linear program whose solutions at corners are whole.

    Attributes:
        at_most: Rows whose products with the solution are at most ``limits``.
        limits: The limits.
        bounds: For each variable, its least and its greatest value.
        exactly: Rows whose products are exactly ``totals``, or None.
        totals: The totals.
    """

    at_most: Any
    limits: Whole
    bounds: NDArray[np.float64]
    exactly: Any = None
    totals: tuple[int, ...] = ()

    def best(self, gains: Whole) -> Whole:
        """Return the whole solution with the greatest gain.

        Raises:
            InfeasibleProblem: When there is none.
            DevrelError: When HiGHS breaks down.
        """
        result = linprog(
            -gains.astype(np.float64),
            A_ub=self.at_most,
            b_ub=self.limits,
            A_eq=self.exactly,
            b_eq=None if self.exactly is None else np.array(self.totals, dtype=np.float64),
            bounds=self.bounds,
            method="highs-ds",
        )
        if result.status == _INFEASIBLE:
            raise InfeasibleProblem("the minimum loads cannot be reached with the pairs that are looked at")
        if not result.success:
            raise DevrelError(f"the linear program was not solved: {result.message}")
        found: Whole = np.rint(result.x).astype(np.int64)
        return found

    def best_whole(self, gains: Whole) -> Whole:
        """Return the whole solution with the greatest gain, by branch and bound."""
        limits = [LinearConstraint(self.at_most, -np.inf, self.limits)]
        if self.exactly is not None:
            limits.append(LinearConstraint(self.exactly, np.array(self.totals, dtype=np.float64), np.inf))
        result = milp(
            -gains.astype(np.float64),
            constraints=limits,
            integrality=np.ones(len(gains)),
            bounds=Bounds(self.bounds[:, 0], self.bounds[:, 1]),
            options={"mip_rel_gap": 0},
        )
        if not result.success:
            raise InfeasibleProblem(f"hours, minimum loads and locked pairs allow no answer: {result.message}")
        found: Whole = np.rint(result.x).astype(np.int64)
        return found

    def keeping(self, gains: Whole, solution: Whole) -> Program:
        """Return the program whose solutions gain as much as ``solution`` does."""
        row = csr_array(gains[None, :].astype(np.float64))
        rows = row if self.exactly is None else vstack([self.exactly, row], format="csr")
        return Program(self.at_most, self.limits, self.bounds, rows, (*self.totals, int(gains @ solution)))
