"""The pairs that are looked at: an answer among them, and the least prices that prove it the best of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from devrel.errors import DevrelError
from devrel.matching.certificate import FAR, Book, Prices
from devrel.matching.pricing import Left
from devrel.matching.sparse.fused import Places, Whole
from devrel.matching.ties import components


@frozen(eq=False)
class Edges:
    """Some pairs that may be chosen, sorted by recipient and provider, each once.

    Attributes:
        left: What is left to choose.
        rows: The positions of the recipients.
        columns: The positions of their providers.
        points: The points of the pairs.
        gains: What they gain, first partners left aside.
    """

    left: Left
    rows: Places
    columns: Places
    points: Whole
    gains: Whole

    @classmethod
    def of(cls, left: Left, rows: Places, columns: Places, points: Whole) -> Edges:
        """Return the pairs at some positions; the same pair may be named several times."""
        width = max(1, left.problem.shape[1])
        keys, first = np.unique(rows.astype(np.int64) * width + columns, return_index=True)
        problem, worth = left.problem, left.worth
        gains = worth.gains(points[first])
        if worth.kept:
            incumbent = problem.incumbent_at
            gains += worth.kept * np.isin(keys, incumbent[0] * width + incumbent[1])
        return cls(left, rows[first].astype(np.intp), columns[first].astype(np.intp), points[first], gains)

    def __len__(self) -> int:
        return len(self.rows)

    def joined(self, rows: Places, columns: Places, points: Whole) -> Edges:
        """Return these pairs and others."""
        return Edges.of(
            self.left,
            np.concatenate([self.rows, rows]),
            np.concatenate([self.columns, columns]),
            np.concatenate([self.points, points]),
        )

    def among(self, rows: Places, columns: Places) -> NDArray[np.bool_]:
        """Return which of these pairs are at some positions."""
        width = max(1, self.left.problem.shape[1])
        mine, others = self.rows * width + self.columns, rows * width + columns
        found = np.zeros(len(self) + 1, dtype=np.bool_)  # one more, for what would come after the last
        found[np.searchsorted(mine, others)] = True
        found = found[:-1]
        found[found] = np.isin(mine[found], others)
        return found

    def where(self, kept: NDArray[np.bool_]) -> Edges:
        """Return some of these pairs."""
        parts = self.rows[kept], self.columns[kept], self.points[kept], self.gains[kept]
        return evolve(self, rows=parts[0], columns=parts[1], points=parts[2], gains=parts[3])

    def book(self, chosen: NDArray[np.bool_]) -> Book:
        """Return the chosen pairs with the bounds that prices have to keep."""
        return Book.at(
            self.left.problem, self.rows[chosen], self.columns[chosen], self.points[chosen], self.left.keeping
        )

    def prices(self, chosen: NDArray[np.bool_], book: Book) -> Prices:
        """Return the least seat prices that prove the chosen pairs the best of these.

        Raises:
            DevrelError: When there are none: the chosen pairs are not the best.
        """
        seats = _raised(self, chosen, book)
        people = None if seats is None else book.highest(seats)
        if seats is None or people is None or (people < book.floor).any() or (seats > book.ceiling).any():
            raise DevrelError("the solver's answer is not optimal, and was not used; please report the problem")
        return Prices(people, seats, self.left.keeping)

    def tied(self, chosen: NDArray[np.bool_], book: Book, proof: Prices) -> NDArray[np.bool_]:
        """Return which of these pairs can be exchanged without loss for others of them."""
        tight = self.gains == proof.recipients[self.rows] + proof.providers[self.columns]
        held, free = tight & chosen, tight & ~chosen
        component = components(
            self.left.problem.shape,
            book,
            proof,
            (self.rows[held], self.columns[held]),
            (self.rows[free], self.columns[free]),
        )
        found: NDArray[np.bool_] = tight & (
            component[self.rows] == component[self.columns + self.left.problem.shape[0]]
        )
        return found


def _raised(edges: Edges, chosen: NDArray[np.bool_], book: Book) -> Whole | None:
    """Return the least prices that leave nobody outside a gain; None where they have no end (Bellman 1958, Ford 1956).

    Only those whose own price fell are looked at again.
    """
    shape = edges.left.problem.shape
    rows, columns, gains = edges.rows[~chosen], edges.columns[~chosen], edges.gains[~chosen]
    begins = np.searchsorted(rows, np.arange(shape[0] + 1))
    order = np.argsort(book.columns, kind="stable")
    holders, own = book.rows[order], book.own[order]
    seats = np.searchsorted(book.columns[order], np.arange(shape[1] + 1))
    prices, theirs = book.lowest.copy(), book.highest(book.lowest)
    changed = np.flatnonzero(theirs < FAR)
    for _ in range(sum(shape) + 2):
        if not changed.size:
            return prices
        outside, _ = _ranges(begins, changed)
        asked = gains[outside] - theirs[rows[outside]]
        higher = asked > prices[columns[outside]]
        raised = columns[outside][higher]
        np.maximum.at(prices, raised, asked[higher])
        raised = _each_once(raised, shape[1])
        inside, owner = _ranges(seats, raised)
        people = holders[inside]
        before = theirs[people]
        np.minimum.at(theirs, people, own[inside] - prices[raised[owner]])
        changed = _each_once(people[theirs[people] < before], shape[0])
    return None


def _each_once(numbers: Any, count: int) -> Any:
    there = np.zeros(count, dtype=np.bool_)
    there[numbers] = True
    return np.flatnonzero(there)


def _ranges(begins: Any, chosen: Any) -> tuple[Any, Any]:
    """Return the places of all that belongs to ``chosen``, and the number of the one each belongs to."""
    counts = begins[chosen + 1] - begins[chosen]
    owner = np.repeat(np.arange(len(chosen)), counts)
    return begins[chosen][owner] + np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner], owner
