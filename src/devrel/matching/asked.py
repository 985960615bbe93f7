"""Asks about the pairs of an answer alone: the rules' pair functions, each once, and their blocks, small ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel._records import unchecked
from devrel.matching.block import Block
from devrel.matching.roster import Roster
from devrel.matching.rules import Candidate
from devrel.matching.table import PairTable, Part, Places, RuleTable
from devrel.people import Enrollment, Person

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem

Place = tuple[int, int]
_Told = tuple[tuple[str, ...], tuple[Part, ...]]
_CASES = 4096
"""So many pairs are there as objects at once."""
_BLOCK = 128
"""So many pairs are judged in one block: of fewer the fixed costs weigh more, of more the pairs nobody asked for."""


@frozen(eq=False)
class Asked:
    """What the pair functions of the rules say of some pairs, each asked once; of others they are asked anew.

    Attributes:
        table: Where the answers come from.
    """

    table: PairTable
    _told: dict[Place, _Told] = field(repr=False)

    @classmethod
    def of(cls, table: PairTable, places: Iterable[Place]) -> Asked:
        """Ask a table about some pairs, given by the positions of the two."""
        ask = _of_rules if isinstance(table, RuleTable) else _one_by_one
        return cls(table, dict(ask(table, sorted(set(places), key=lambda place: place[::-1]))))  # type: ignore[arg-type]

    def forbidden_by(self, recipient: int, provider: int) -> tuple[str, ...]:
        """Return the titles of the rules that forbid a pair."""
        found = self._told.get((recipient, provider))
        return self.table.forbidden_by(recipient, provider) if found is None else found[0]

    def parts(self, recipient: int, provider: int) -> tuple[Part, ...]:
        """Return the parts of a pair's score."""
        found = self._told.get((recipient, provider))
        return self.table.parts(recipient, provider) if found is None or found[0] else found[1]


def _one_by_one(table: PairTable, places: Sequence[Place]) -> Iterator[tuple[Place, _Told]]:
    for place in places:
        forbidden = table.forbidden_by(*place)
        yield place, (forbidden, () if forbidden else table.parts(*place))


def _of_rules(table: RuleTable, places: Sequence[Place]) -> Iterator[tuple[Place, _Told]]:
    """Ask rules about pairs, some at a time; in the order of the providers nearly everybody is made once and let go."""
    part = cache(table.part)  # equal parts are one object
    for start in range(0, len(places), _CASES):
        some = places[start : start + _CASES]
        cases = _cases(table.public, some)
        full = _cases(table.block, some) if table.private else cases
        forbidden = table.forbidding(cases)
        fine = [k for k, titles in enumerate(forbidden) if not titles]
        points = dict(zip(fine, table.scoring([cases[k] for k in fine], [full[k] for k in fine]), strict=True))
        for k, place in enumerate(some):
            yield place, (forbidden[k], tuple([part(number, given) for number, given in enumerate(points.get(k, ()))]))


def _cases(block: Block, places: Sequence[Place]) -> list[Candidate]:
    mine = _made(block.recipients, [i for i, _ in places])
    theirs = _made(block.providers, [j for _, j in places])
    columns = {
        "recipient": (mine[i][0] for i, _ in places),
        "provider": (theirs[j][0] for _, j in places),
        "organization": repeat(block.organization),
        "recipient_enrollment": (mine[i][1] for i, _ in places),
        "provider_enrollment": (theirs[j][1] for _, j in places),
        "today": repeat(block.today),
    }
    return unchecked(Candidate, len(places), columns)


def _made(side: Roster, positions: Iterable[int]) -> dict[int, tuple[Person, Enrollment | None]]:
    chosen = sorted(set(positions))
    return dict(zip(chosen, side.some(np.array(chosen, dtype=np.intp)), strict=True))


def judged_pairs(
    problem: MatchingProblem, rows: Places, columns: Places
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which of some pairs are eligible, and the points of all, by the block functions of the rules.

    Of a large problem blocks are judged of a few of the recipients and of the providers they are paired with.

    Args:
        problem: The problem.
        rows: The positions of the recipients of the pairs.
        columns: The positions of their providers.
    """
    if not problem.large:
        return problem.eligible[rows, columns], problem.points[rows, columns]
    eligible, points = np.empty(len(rows), dtype=np.bool_), np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        here = slice(start, start + _BLOCK)
        mine, down = np.unique(rows[here], return_inverse=True)
        theirs, across = np.unique(columns[here], return_inverse=True)
        block = problem.judged_at(mine, theirs)
        eligible[here], points[here] = block[0][down, across], block[1][down, across]
    return eligible, points
