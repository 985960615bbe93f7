"""Finds what the best answers of a problem have in common, and what they leave to the lottery.

A pair is *tight* when it gains exactly what its two prices add up to: best answers are made of tight pairs alone, but
for pairs that gain more, which are in all of them. Whatever can be exchanged without loss lies on a circle: tight pairs
are added and dropped in turn, and where a circle does not close it runs through people who may as well have one partner
more or less. So two pairs can be exchanged if and only if they lie in one strongly connected component of the graph of
such moves (Tarjan 1972).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from devrel.matching.certificate import Book, Prices
from devrel.matching.problem import MatchingProblem

Places = NDArray[np.intp]


@frozen(eq=False)
class Ties:
    """The pairs that some best answers have and others have not.

    Attributes:
        rows: The positions of the recipients of those pairs.
        columns: The positions of their providers.
        chosen: Which of them the answer at hand has.
    """

    rows: Places
    columns: Places
    chosen: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def held(self) -> frozenset[tuple[int, int]]:
        """The positions (recipient, provider) of those that the answer at hand has."""
        held = self.rows[self.chosen].tolist(), self.columns[self.chosen].tolist()
        return frozenset(zip(*held, strict=True))


def ties(problem: MatchingProblem, book: Book, proof: Prices) -> Ties:
    """Return the pairs that the best answers differ in.

    Args:
        problem: The problem.
        book: A best answer.
        proof: The prices that prove it.
    """
    inside = book.own == proof.recipients[book.rows] + proof.providers[book.columns]
    held = book.rows[inside], book.columns[inside]
    free = _outside(problem, book, proof)
    component = components(problem.shape, book, proof, held, free)
    rows, columns = np.concatenate([held[0], free[0]]), np.concatenate([held[1], free[1]])
    chosen = np.arange(len(rows)) < len(held[0])
    same = component[rows] == component[columns + problem.shape[0]]
    return Ties(rows[same], columns[same], chosen[same])


def _outside(problem: MatchingProblem, book: Book, proof: Prices) -> tuple[Places, Places]:
    """Return the tight pairs that the answer does not have."""
    found: list[tuple[Any, Any]] = []
    for part, eligible, points in problem.blocks():
        tight = book.gains(part, points) == proof.recipients[part, None] + proof.providers[None, :]
        tight &= eligible
        tight[book.inside(part)] = False
        rows, columns = np.nonzero(tight)
        found.append((rows + part.start, columns))
    none = np.array([], dtype=np.intp)
    return (
        np.concatenate([none, *(rows for rows, _ in found)]),
        np.concatenate([none, *(columns for _, columns in found)]),
    )


def components(
    shape: tuple[int, int], book: Book, proof: Prices, held: tuple[Places, Places], free: tuple[Places, Places]
) -> Any:
    """Return the strongly connected component of each recipient, then of each provider."""
    count, others = shape
    hub = np.intp(count + others)
    more, less = np.flatnonzero(proof.recipients == book.roof), np.flatnonzero(proof.recipients == book.floor)
    idle = proof.providers == 0
    fills, frees = np.flatnonzero(idle & (book.ceiling == 0)), np.flatnonzero(idle & book.spare)
    start = [free[0], held[1] + count, np.full(len(more), hub), less, fills + count, np.full(len(frees), hub)]
    stop = [free[1] + count, held[0], more, np.full(len(less), hub), np.full(len(fills), hub), frees + count]
    size = int(hub) + 1
    ends = np.concatenate(start), np.concatenate(stop)
    graph = csr_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(size, size))
    return connected_components(graph, connection="strong")[1]
