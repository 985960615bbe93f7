"""What is known of all pairs from earlier passes, so that a pass need not look at those that cannot have changed."""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from devrel.matching.certificate import FAR
from devrel.matching.sparse.fused import Whole

_TRIED = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


@define(eq=False)
class Known:
    """Prices that no pair gains more than, but for those that are looked at in any case.

    A pair whose two prices together have not fallen below them cannot gain more than it costs: it need not be judged.

    Attributes:
        people: For each recipient, what no pair gains more than beyond the price of the seat.
        seats: For each provider, that price.
        step: By how much the price of a seat may have fallen whose provider was not held against all recipients.
    """

    people: Whole
    seats: Whole
    step: int = 0

    @classmethod
    def nothing(cls, shape: tuple[int, int]) -> Known:
        """Return that nothing is known."""
        return cls(np.full(shape[0], 2 * FAR), np.zeros(shape[1], dtype=np.int64))

    def unsure(self, people: Whole, seats: Whole, margin: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which recipients have to be held against everybody, and which providers against all the others.

        Whoever is neither is safe: her price rose by at least as much as the other's fell. By how much, is chosen such
        that few pairs are left to be judged.

        Args:
            people: The prices of the recipients now.
            seats: The prices of the seats now.
            margin: What a change of prices is measured by.
        """
        rise, fall = people - self.people, self.seats - seats
        costs = []
        for share in _TRIED:
            step = round(share * margin)
            rows, columns = np.count_nonzero(rise < step), np.count_nonzero(fall > step)
            costs.append((rows * len(seats) + (len(people) - rows) * columns, step))
        self.step = min(costs)[1]
        return rise < self.step, fall > self.step

    def renew(self, again: NDArray[np.bool_], ceiling: Whole, seats: Whole) -> None:
        """Take over new prices of seats.

        Args:
            again: Which recipients were held against everybody.
            ceiling: For those, what no pair gains more than beyond the new prices.
            seats: The prices of the seats now.
        """
        self.people = np.where(again, ceiling, self.people + self.step)  # no seat of the others fell by more
        self.seats = seats

    def raise_to(self, some: NDArray[np.bool_], ceiling: Whole) -> None:
        """Take over what some recipients were found to gain at most with providers they were held against."""
        self.people = np.where(some, np.maximum(self.people, ceiling), self.people)
