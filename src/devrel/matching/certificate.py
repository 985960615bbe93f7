"""What proves that an answer is what it claims to be, checked from the problem alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel.errors import InvalidValue

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem

Whole = NDArray[np.int64]
Pairs = Sequence[tuple[str, str]]

_SHOWN = 5
FAR = 2**60
"""Stands for no bound at all; no price reaches it."""


class Certificate(ABC):
    """A proof that goes with an answer. Subclass it with ``flaws``, which trusts nothing but the problem.

    Attributes:
        claim: What it proves, in words.
    """

    claim: ClassVar[str] = ""

    @abstractmethod
    def flaws(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:
        """Return a sentence for everything that keeps it from proving its claim of these pairs; nothing if it does."""

    def flaws_in_full(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:
        """Return the same, asking the rules themselves about every pair, also where there are very many."""
        return self.flaws(problem, pairs)

    def group_flaws(self, problem: MatchingProblem, groups: Sequence[tuple[str, ...]]) -> list[str]:
        """Return the same for the circles of an answer; asked only where there are any."""
        return ["it says nothing of circles"]


def _whole(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, np.ndarray) or value.dtype != np.int64 or value.ndim != 1:
        raise InvalidValue(attribute.name, "must be an array of whole numbers (int64), one for each person")
    value.setflags(write=False)


@frozen(eq=False)
class Prices(Certificate):
    """Dual prices that prove an answer optimal (linear programming duality, complementary slackness).

    An answer and prices belong together when

    1. no pair outside the answer gains more than its two prices add up to, and no pair in the answer less;
    2. the price of a provider's seat is no higher than that asks for, 0 or more where she has more than her minimum,
       and 0 or less where she has a free seat;
    3. the price of a recipient is as high as her partners leave it: what each pair of hers gains, less the price of
       the seat. Where she has less than she wants it is at most 0, or at most minus what a first partner gains where
       she has none; and it is not below what her last partner may cost her.

    Then no other answer is worth more: whatever is added or exchanged loses as much in prices as it gains. The price
    of a seat is what one more of it would add to the best answer (Gul and Stacchetti 1999). Gains are the whole
    numbers of ``MatchingProblem.worth``; nothing is rounded, so the proof has no tolerance.

    Attributes:
        recipients: The price of each recipient's time, in the order of the problem's recipients.
        providers: The price of one seat of each provider.
        keeping: The points that breaking an incumbent pair cost; 0 where incumbents did not count.
    """

    claim = "no answer is worth more"

    recipients: Whole = field(validator=_whole, repr=False)
    providers: Whole = field(validator=_whole, repr=False)
    keeping: int = 0

    def flaws(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:
        """Return what is wrong with the proof, over all pairs of the problem, block by block."""
        return self._flaws(problem, pairs, fast=problem.large)

    def flaws_in_full(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:  # noqa: D102
        return self._flaws(problem, pairs, fast=False)

    def _flaws(self, problem: MatchingProblem, pairs: Pairs, *, fast: bool) -> list[str]:
        if (len(self.recipients), len(self.providers)) != problem.shape:
            return [f"the prices are of {len(self.recipients)} by {len(self.providers)} people, not {problem.shape}"]
        if self.keeping < 0 or (self.keeping and not problem.incumbent):
            return ["the certificate counts incumbent pairs that the problem does not have"]
        wild = _wild(self.recipients), _wild(self.providers)
        if wild[0].any() or wild[1].any():
            sides = ("recipient", problem.recipients, wild[0]), ("provider", problem.providers, wild[1])
            return [flaw for side in sides for flaw in _named(*side)]
        book = Book.of(problem, pairs, self.keeping)
        asked = self._asked(problem, book, fast=fast)
        return [
            *_named("recipient", problem.recipients, self.recipients != book.highest(self.providers)),
            *_named("recipient", problem.recipients, self.recipients < book.floor),
            *_named("provider", problem.providers, self.providers != asked),
            *_named("provider", problem.providers, self.providers > book.ceiling),
        ]

    def _asked(self, problem: MatchingProblem, book: Book, *, fast: bool) -> Whole:
        """Return what a seat of each provider has to cost, so that nobody outside gains from it."""
        if fast:
            from devrel.matching.sparse.proving import asked_of_all

            return asked_of_all(problem, book, self.recipients, self.providers)
        asked = book.lowest.copy()
        for part, eligible, points in problem.blocks():
            offers = np.where(eligible, book.gains(part, points) - self.recipients[part, None], -2 * FAR)
            offers[book.inside(part)] = -2 * FAR
            np.maximum(asked, offers.max(axis=0, initial=-2 * FAR), out=asked)
        return asked


@frozen(eq=False)
class Bound(Certificate):
    """Seat prices that prove how much better another answer can be at most (weak duality of linear programs).

    Whatever the prices, no answer is worth more than all seats at their prices and, for each recipient, as much as she
    could gain beyond the prices if every seat were hers for the asking. A search that was stopped early has prices for
    which that is little more than its answer is worth.

    Attributes:
        providers: The price of one seat of each provider, in the order of the problem's providers.
        excess: What another answer can be worth more at most, in the whole numbers of ``MatchingProblem.worth``.
        keeping: The points that breaking an incumbent pair cost; 0 where incumbents did not count.
    """

    claim = "no answer is worth much more"

    providers: Whole = field(validator=_whole, repr=False)
    excess: int
    keeping: int = 0

    def flaws(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:
        """Return whether the prices leave room for more than ``excess``, over all pairs of the problem."""
        return self._flaws(problem, pairs, fast=True)

    def flaws_in_full(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:  # noqa: D102
        return self._flaws(problem, pairs, fast=False)

    def _flaws(self, problem: MatchingProblem, pairs: Pairs, *, fast: bool) -> list[str]:
        from devrel.matching.sparse.proving import most_in_blocks, most_worth, own_worth

        if len(self.providers) != problem.shape[1]:
            return [f"the prices are of {len(self.providers)} providers, not {problem.shape[1]}"]
        if (wild := _wild(self.providers)).any():
            return _named("provider", problem.providers, wild)
        if self.keeping < 0 or (self.keeping and not problem.incumbent):
            return ["the certificate counts incumbent pairs that the problem does not have"]
        book = Book.of(problem, pairs, self.keeping)
        most = most_worth if fast else most_in_blocks
        room = most(problem, book, self.providers) - own_worth(book)
        return [f"the prices leave room for an answer that is worth {room} more"] if room > self.excess else []


def _wild(prices: Whole) -> NDArray[np.bool_]:
    """Return which prices are so large that no problem has them, and that sums with them would not be whole numbers."""
    found: NDArray[np.bool_] = (prices > 3 * FAR) | (prices < -3 * FAR)
    return found


def _named(side: str, ids: Sequence[str], wrong: NDArray[np.bool_]) -> list[str]:
    return [f"the price of the {side} {ids[i]!r} proves nothing" for i in np.flatnonzero(wrong)[:_SHOWN]]


@frozen(eq=False)
class Book:
    """An answer as arrays, with the bounds that the prices of its people have to keep.

    Pairs that are locked are no choice: they are left out, with the places they take.

    Attributes:
        rows: The positions of the recipients of the chosen pairs.
        columns: The positions of their providers.
        own: What the chosen pairs gain.
        first: What each recipient gains for her first partner; 0 where a locked pair is it.
        ceiling: For each provider, the highest price of a seat.
        lowest: For each provider, the lowest price of a seat.
        spare: Which providers have more than their minimum.
        roof: For each recipient, the highest price, her partners left aside.
        floor: For each recipient, the lowest price.
        scale: What a point gains.
        each: What every pair gains beyond its points.
        kept: What an incumbent pair gains beyond that.
        locked: The positions of the locked pairs.
        left: How many partners each recipient still wants, how many recipients each provider still takes, and how
            many she still has to take.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    own: Whole
    first: Whole
    ceiling: Whole
    lowest: Whole
    spare: NDArray[np.bool_]
    roof: Whole
    floor: Whole
    scale: int
    each: int
    kept: int
    locked: tuple[NDArray[np.intp], NDArray[np.intp]]
    left: tuple[Whole, Whole, Whole]
    _incumbent: tuple[NDArray[np.intp], NDArray[np.intp]]

    @classmethod
    def of(cls, problem: MatchingProblem, pairs: Pairs, price: int, *, points: NDArray[np.int64] | None = None) -> Book:
        """Return the answer ``pairs`` of a problem, incumbent pairs being worth ``price`` points to keep.

        Args:
            problem: The problem.
            pairs: The answer.
            price: The points that breaking an incumbent pair costs.
            points: The points of all pairs, as an array; where there is none, the rules are asked, pair by pair.
        """
        rows, columns = _positions(problem, set(pairs) - problem.locked)
        return cls.at(
            problem, rows, columns, _told(problem, rows, columns) if points is None else points[rows, columns], price
        )

    @classmethod
    def at(
        cls, problem: MatchingProblem, rows: NDArray[np.intp], columns: NDArray[np.intp], points: Whole, price: int
    ) -> Book:
        """Return the answer whose pairs are at some positions, locked pairs left out.

        Args:
            problem: The problem.
            rows: The positions of the recipients.
            columns: The positions of their providers.
            points: The points of the pairs.
            price: The points that breaking an incumbent pair costs.
        """
        worth = problem.worth(price)
        locked, incumbent = problem.locked_at, problem.incumbent_at
        count_rows, count_columns = problem.shape
        loads = np.bincount(rows, minlength=count_rows), np.bincount(columns, minlength=count_columns)
        taken = np.bincount(locked[0], minlength=count_rows), np.bincount(locked[1], minlength=count_columns)
        wanted = np.array(problem.demand, dtype=np.int64) - taken[0]
        most = np.array(problem.capacity, dtype=np.int64) - taken[1]
        least = np.maximum(np.array(problem.minimum, dtype=np.int64) - taken[1], 0)
        first = np.where(taken[0] > 0, 0, worth.first)
        own = worth.gains(points) + worth.kept * _among(rows, columns, incumbent, count_columns)
        return cls(
            rows,
            columns,
            own,
            first,
            ceiling=np.where(loads[1] < most, 0, FAR),
            lowest=np.where((least > 0) & (loads[1] <= least), -2 * (worth.greatest + 1), 0),
            spare=loads[1] > least,
            roof=np.where(loads[0] >= wanted, FAR, np.where(loads[0] > 0, 0, -first)),
            floor=np.where(loads[0] > 1, 0, np.where(loads[0] == 1, -first, -FAR)),
            scale=worth.scale,
            each=worth.each,
            kept=worth.kept,
            locked=locked,
            left=(wanted, most, least),
            incumbent=incumbent,
        )

    def gains_of(self, points: Whole) -> Whole:
        """Return what pairs of those points gain that are no incumbents."""
        found: Whole = points * self.scale + self.each
        return found

    def gains(self, part: slice, points: Whole) -> Whole:
        """Return what the pairs of a block gain."""
        found = self.gains_of(points)
        if self.kept:
            inside = _inside(self._incumbent, part)
            found[inside] += self.kept
        return found

    def inside(self, part: slice) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where the chosen and the locked pairs lie in a block."""
        chosen, locked = _inside((self.rows, self.columns), part), _inside(self.locked, part)
        return np.concatenate([chosen[0], locked[0]]), np.concatenate([chosen[1], locked[1]])

    def locked_in(self, part: slice) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where the locked pairs lie in a block."""
        return _inside(self.locked, part)

    def highest(self, providers: Whole) -> Whole:
        """Return the highest price of each recipient that the prices of the seats leave."""
        found = self.roof.copy()
        np.minimum.at(found, self.rows, self.own - providers[self.columns])
        return found


def _told(problem: MatchingProblem, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Whole:
    places = zip(rows.tolist(), columns.tolist(), strict=True)
    return np.array([sum(part.points for part in problem.asked.parts(i, j)) for i, j in places], dtype=np.int64)


def _positions(problem: MatchingProblem, pairs: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    listed = sorted(pairs)
    return (
        np.array([problem.row[recipient] for recipient, _ in listed], dtype=np.intp),
        np.array([problem.column[provider] for _, provider in listed], dtype=np.intp),
    )


def _inside(places: tuple[NDArray[np.intp], NDArray[np.intp]], part: slice) -> tuple[Any, Any]:
    here = (places[0] >= part.start) & (places[0] < part.stop)
    return places[0][here] - part.start, places[1][here]


def _among(rows: NDArray[np.intp], columns: NDArray[np.intp], places: tuple[Any, Any], count: int) -> NDArray[np.bool_]:
    return np.isin(rows * count + columns, places[0] * count + places[1])
