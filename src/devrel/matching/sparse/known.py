"""What is known of all pairs from earlier passes, so that a pass need not look at those that cannot have changed."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from devrel.matching.certificate import FAR
from devrel.matching.sparse.fused import Whole

_TRIED = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


@frozen(eq=False)
class Known:
    """Prices that no pair gains more than, but for those that are looked at in any case.

    A pair whose two prices together have not fallen below them cannot gain more than it costs: it need not be judged.

    Attributes:
        people: For each recipient, what no pair gains more than beyond the price of the seat.
        seats: For each provider, that price.
    """

    people: Whole
    seats: Whole

    @classmethod
    def nothing(cls, shape: tuple[int, int]) -> Known:
        """Return that nothing is known."""
        return cls(np.full(shape[0], 2 * FAR), np.zeros(shape[1], dtype=np.int64))

    def unsure(self, people: Whole, seats: Whole, margin: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_], int]:
        """Return which recipients have to be held against everybody, and which providers against all the others.

        Whoever is neither is safe: her price rose by at least as much as the other's fell.

        Args:
            people: The prices of the recipients now.
            seats: The prices of the seats now.
            margin: What a change of prices is measured by.

        Returns:
            The recipients, the providers, and by how much the other seats fell at most, chosen such that few pairs are
            left to be judged.
        """
        rise, fall = people - self.people, self.seats - seats
        costs = []
        for share in _TRIED:
            step = round(share * margin)
            rows, columns = np.count_nonzero(rise < step), np.count_nonzero(fall > step)
            costs.append((rows * len(seats) + (len(people) - rows) * columns, step))
        step = min(costs)[1]
        return rise < step, fall > step, step

    def renewed(self, again: NDArray[np.bool_], ceiling: Whole, seats: Whole, step: int) -> Known:
        """Return what is known at new prices of seats.

        Args:
            again: Which recipients were held against everybody.
            ceiling: For those, what no pair gains more than beyond the new prices.
            seats: The prices of the seats now.
            step: By how much the seats that the others were not held against fell at most.
        """
        return Known(np.where(again, ceiling, self.people + step), seats)

    def raised(self, some: NDArray[np.bool_], ceiling: Whole) -> Known:
        """Return the same with what some recipients were found to gain at most of providers they were held against."""
        return Known(np.where(some, np.maximum(self.people, ceiling), self.people), self.seats)
