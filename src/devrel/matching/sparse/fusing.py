"""Makes arrays of a problem's rules.

Each rule becomes one of four things, each the exact twin of its block function:

- a *table* over groups of people whom the rule treats alike (``alike``): what the groups give each other is asked of
  the block function once, of one recipient and one provider of each group;
- an *overlap* of two lists as bit sets (``overlap``): a table over the number of shared items and the two lengths;
- *marks*, where it forbids few pairs (``forbidden_pairs``), and *apart*, where few pairs score (``scored_pairs``);
- the *rest*, which is asked of the block functions pair by pair in blocks, as anywhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from devrel.matching.block import Alikeness, Block, Overlap, numbered
from devrel.matching.constraints import Constraint, NotSelf, forbidden_in
from devrel.matching.criteria import Criterion, score_of, scores_in
from devrel.matching.problem import MatchingProblem
from devrel.matching.rules import says
from devrel.matching.sparse.fused import NEVER, BitFactor, Factor, Fused, Places, Whole, places, together
from devrel.matching.table import PairTable, RuleTable

_TABLE = 4_000_000
"""So many entries a table has at most."""
_FEW_LISTS = 64
"""Lists of which so few differ are a table; more of them are overlaps."""


def fused_of(problem: MatchingProblem) -> Fused:
    """Return the rules of a problem, with the pairs it bars among the marks."""
    table = problem.table
    made = _Sorter(table).fused(problem) if isinstance(table, RuleTable) else _unfused(problem)
    barred = [(problem.row[r], problem.column[p]) for r, p in problem.barred]
    return evolve(made, marks=together(problem.shape[1], made.marks, places(barred))) if barred else made


@frozen(eq=False)
class WholeTable:
    """A table that has no rules, or none that this module knows: it is asked as it is.

    Attributes:
        table: The table.
    """

    table: PairTable

    @property
    def greatest(self) -> int:
        """A number of points that no pair has more of."""
        return self.table.greatest

    def judged(self, rows: Places) -> tuple[NDArray[np.bool_], Whole]:
        """Return which pairs of some recipients are eligible, and the points of all."""
        start = int(rows.min(initial=0))
        eligible, points = self.table.judged(start, int(rows.max(initial=-1)) + 1)
        return eligible[rows - start], points[rows - start]


def _unfused(problem: MatchingProblem) -> Fused:
    none, nothing = places([]), np.zeros(0, dtype=np.int64)
    return Fused(problem.shape, (), (), none, none, nothing, WholeTable(problem.table), problem.lottery_keys())


class _Sorter:
    """Takes the rules of a table one by one and finds the place of each."""

    def __init__(self, table: RuleTable) -> None:
        self._table = table
        self._factors: list[Factor] = []
        self._overlaps: list[BitFactor] = []
        self._marks: list[tuple[Places, Places]] = [places([])]
        self._sparse: list[tuple[Criterion, int, tuple[Places, Places]]] = []
        self._constraints: list[Constraint] = []
        self._criteria: list[tuple[Criterion, int]] = []

    def fused(self, problem: MatchingProblem) -> Fused:
        """Return the table's rules in their places."""
        for rule in (NotSelf(), *self._table.constraints):
            self._take_constraint(rule)
        for criterion, most in (*self._table.scored, *((one, 0) for one in self._table.criteria if one.must)):
            self._take_criterion(criterion, most)
        columns = problem.shape[1]
        apart = together(columns, places([]), *(found for _, _, found in self._sparse))
        self._overlaps.sort(key=lambda one: -int(one.points.max(initial=0)))
        return Fused(
            problem.shape,
            tuple(self._factors),
            tuple(self._overlaps),
            together(columns, *self._marks),
            apart,
            self._worth_apart(apart),
            self._rest(),
            problem.lottery_keys(),
        )

    def _take_constraint(self, rule: Constraint) -> None:
        block = self._table.public
        pairs = rule.forbidden_pairs(block) if says(rule, "forbidden_pairs") else None
        if pairs is not None:
            rows, columns, _ = block.places(pairs)
            self._marks.append((np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp)))
            return
        if not self._fits(rule, block, lambda answer: np.where(answer, NEVER, 0), sensitive=False):
            self._constraints.append(rule)

    def _take_criterion(self, criterion: Criterion, most: int) -> None:
        block = self._table.block if criterion.sensitive else self._table.public

        def points(scores: Any) -> Any:
            if criterion.must:
                return np.where(scores < criterion.minimum, NEVER, 0)
            return np.rint(np.asarray(scores, dtype=np.float64) * most)

        pairs = criterion.scored_pairs(block) if not criterion.must and says(criterion, "scored_pairs") else None
        if pairs is not None:
            rows, columns, _ = block.places(pairs)
            found = np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp)
            self._sparse.append((criterion, most, found))
        elif not self._fits(criterion, block, points, sensitive=criterion.sensitive):
            self._criteria.append((criterion, most))

    def _fits(self, rule: Constraint | Criterion, block: Block, points: Any, *, sensitive: bool) -> bool:
        """Put a rule among the tables or the overlaps, where it fits."""
        alike = _alike(rule, block, sensitive=sensitive)
        overlap = rule.overlap() if says(rule, "overlap") else None
        if alike is not None:
            groups = numbered([alike[0]]), numbered([alike[1]])
            counts = tuple(int(side.max(initial=-1)) + 1 for side in groups)
            if counts[0] * counts[1] <= _TABLE and (overlap is None or max(counts) <= _FEW_LISTS):
                self._factors.append(_factor(rule, block, groups, points))
                return True
        made = None if overlap is None else _bit_factor(overlap, block, points, sensitive=sensitive)
        if made is not None:
            self._overlaps.append(made)
        return made is not None

    def _worth_apart(self, apart: tuple[Places, Places]) -> Whole:
        """Return what criteria that score few pairs give to those pairs, each asked by itself."""
        positions = zip(apart[0].tolist(), apart[1].tolist(), strict=True)
        more = [sum(self._part(criterion, most, i, j) for criterion, most, _ in self._sparse) for i, j in positions]
        return np.array(more, dtype=np.int64)

    def _part(self, criterion: Criterion, most: int, row: int, column: int) -> int:
        block = self._table.block if criterion.sensitive else self._table.public
        return round(most * score_of(criterion, block.case(row, column)))

    def _rest(self) -> Leftover | None:
        if not self._constraints and not self._criteria:
            return None
        return Leftover(self._table, tuple(self._constraints), tuple(self._criteria))


@frozen(eq=False)
class Leftover:
    """The rules of a table that fit nowhere else, judged in blocks.

    Attributes:
        table: The whole table.
        constraints: Those of its constraints that are left.
        criteria: Those of its criteria, each with the most points it can give; 0 for one that must be met.
    """

    table: RuleTable
    constraints: tuple[Constraint, ...]
    criteria: tuple[tuple[Criterion, int], ...]

    @property
    def greatest(self) -> int:
        """A number of points that no pair has more of."""
        return sum(most for _, most in self.criteria)

    def judged(self, rows: Places) -> tuple[NDArray[np.bool_], Whole]:
        """Return which pairs of some recipients are eligible, and the points of all."""
        part, full = self.table.public.take(rows.tolist()), self.table.block.take(rows.tolist())
        forbidden, points = np.zeros(part.shape, dtype=np.bool_), np.zeros(part.shape, dtype=np.int64)
        for rule in self.constraints:
            forbidden |= forbidden_in(rule, part)
        for criterion, most in self.criteria:
            scores = scores_in(criterion, full if criterion.sensitive else part)
            if criterion.must:
                forbidden |= scores < criterion.minimum
            else:
                points += np.rint(scores * most).astype(np.int64)
        return ~forbidden, points


def _alike(rule: Constraint | Criterion, block: Block, *, sensitive: bool) -> Alikeness | None:
    """Return whom a rule says it treats alike; what a base said of another judging does not count."""
    if says(rule, "alike"):
        return rule.alike(block)
    looked_at = rule.looks_at() if says(rule, "looks_at") else None
    return None if looked_at is None else block.alike(looked_at, sensitive=sensitive)


def _factor(rule: Constraint | Criterion, block: Block, groups: Alikeness, points: Any) -> Factor:
    """Return a rule as a table: what a recipient and a provider of each group give each other."""
    people = [np.unique(side, return_index=True)[1] for side in groups]
    few = Block(
        block.recipients.take(people[0]), block.providers.take(people[1]), block.organization, today=block.today
    )
    answer = forbidden_in(rule, few) if isinstance(rule, Constraint) else scores_in(rule, few)
    return Factor(*groups, points(answer).astype(np.int64))


def _bit_factor(overlap: Overlap, block: Block, points: Any, *, sensitive: bool) -> BitFactor | None:
    """Return a rule as a table over shared items; None where the lists are too long for one."""
    rows, columns = block.bits(overlap.wanted, overlap.offered, sensitive=sensitive)
    if overlap.when is not None:
        rows = rows * block.flags(overlap.when, sensitive=sensitive)[0].astype(np.uint64)
    sizes = [np.bitwise_count(side).sum(axis=1, dtype=np.int64) for side in (rows, columns)]
    most = [int(one.max(initial=0)) + 1 for one in sizes]
    if most[0] * most[1] * min(most) > _TABLE:
        return None
    mine, theirs, shared = np.meshgrid(*(np.arange(one) for one in (*most, min(most))), indexing="ij")
    given = overlap.judge(np.minimum(shared, np.minimum(mine, theirs)), mine, theirs)
    return BitFactor(rows, columns, sizes[0], sizes[1], points(given).astype(np.int64))
