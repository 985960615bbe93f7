"""Why there was no place for everybody: who can only reach too few seats, and what a place would have cost."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from devrel._records import as_tuple
from devrel.matching.certificate import Certificate, Pairs, Prices
from devrel.matching.pricing import Open, dearest_seats
from devrel.matching.problem import MatchingProblem


@frozen
class Shortage:
    """People who can only reach fewer places than they are (a witness after Hall 1935).

    Attributes:
        recipients: Their ids; nobody of them is eligible with anybody else than ``providers``.
        providers: The ids of those they can reach, all of whose places are taken.
        places: How many places those have.
    """

    recipients: tuple[str, ...] = field(converter=as_tuple, repr=False)
    providers: tuple[str, ...] = field(converter=as_tuple, repr=False)
    places: int


def shortages(problem: MatchingProblem, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> dict[int, Shortage]:
    """Return, for recipients without a partner who could not be served in addition, who shares the shortage.

    From everybody without a partner the search goes to all eligible providers, and from them to those who have their
    places. Where it meets only places that are taken, all it has met share a shortage. It is looked for where nobody
    wants more than one partner.

    Args:
        problem: The problem.
        rows: The positions of the recipients of the pairs.
        columns: The positions of their providers.

    Returns:
        By the position of the recipient.
    """
    demand = np.array(problem.demand, dtype=np.int64)
    if demand.max(initial=0) > 1:
        return {}
    loads = np.bincount(columns, minlength=len(problem.providers))
    served = np.bincount(rows, minlength=len(problem.recipients))
    alone = np.flatnonzero((served == 0) & (demand > 0))
    reached, met = _reached(problem.eligible, alone, rows, columns)
    people, seats = np.flatnonzero(reached), np.flatnonzero(met)
    if not seats.size:
        return {}
    full = loads >= np.array(problem.capacity, dtype=np.int64)
    part = _parts(problem.eligible[np.ix_(people, seats)])
    found: dict[int, Shortage] = {}
    for number in np.unique(part[: len(people)]):
        mine, theirs = people[part[: len(people)] == number], seats[part[len(people) :] == number]
        if theirs.size and full[theirs].all():
            shortage = Shortage(
                tuple(problem.recipients[i] for i in mine),
                tuple(problem.providers[j] for j in theirs),
                int(sum(problem.capacity[j] for j in theirs)),
            )
            found.update(dict.fromkeys(mine.tolist(), shortage))
    return {i: found[i] for i in alone.tolist() if i in found}


def _reached(eligible: NDArray[np.bool_], start: Any, rows: Any, columns: Any) -> tuple[Any, Any]:
    """Return who is met from ``start`` on ways that go to eligible providers and back to those who have them."""
    reached, met = np.zeros(eligible.shape[0], dtype=bool), np.zeros(eligible.shape[1], dtype=bool)
    reached[start] = True
    front = start
    while len(front):
        new = eligible[front].any(axis=0) & ~met
        met |= new
        front = np.unique(rows[new[columns]])
        front = front[~reached[front]]
        reached[front] = True
    return reached, met


def _parts(eligible: NDArray[np.bool_]) -> Any:
    rows, columns = np.nonzero(eligible)
    count = sum(eligible.shape)
    ends = (rows, columns + eligible.shape[0])
    return connected_components(coo_array((np.ones(len(rows)), ends), shape=(count, count)), directed=False)[1]


def missing_points(
    problem: MatchingProblem, pairs: Pairs, proof: Certificate | None, rows: list[int]
) -> dict[int, int]:
    """Return how many points more each of some recipients without a partner would have needed to be served.

    It is what the best answer loses when she is given a place: exact, from the highest prices that seats can have.
    Where her place would have cost another one's place, or more than a perfect score can give, there is no answer.

    Args:
        problem: The problem.
        pairs: The answer.
        proof: What proves it; nothing is known of an answer that is not proven by prices.
        rows: The positions of the recipients.
    """
    if not rows or not isinstance(proof, Prices):
        return {}
    open_ = Open.of(problem, proof.keeping)
    seats = dearest_seats(open_, pairs)
    choices, found = open_.choices, dict[int, int]()
    for i in rows:
        eligible = np.flatnonzero(choices[i])
        if not eligible.size:
            continue
        gains = open_.gains[i, eligible].astype(np.int64)
        loss = -(-(seats[eligible] - gains - open_.first[i]) // open_.worth.scale)
        head = problem.table.greatest - problem.points[i, eligible]
        enough = loss <= head
        if enough.any():
            found[i] = max(0, int(loss[enough].min()))
    return found
