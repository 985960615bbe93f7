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
from devrel.matching.table import Places


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
    reached, met = _reached(problem, alone, rows, columns)
    people, seats = np.flatnonzero(reached), np.flatnonzero(met)
    if not seats.size:
        return {}
    full = loads >= np.array(problem.capacity, dtype=np.int64)
    part_of_people, part_of_seats = _parts(problem, people, seats)
    found: dict[int, Shortage] = {}
    for number in np.unique(part_of_seats):
        mine, theirs = people[part_of_people == number], seats[part_of_seats == number]
        if full[theirs].all():
            shortage = Shortage(
                tuple(problem.recipients[i] for i in mine),
                tuple(problem.providers[j] for j in theirs),
                int(sum(problem.capacity[j] for j in theirs)),
            )
            found.update(dict.fromkeys(mine.tolist(), shortage))
    return {i: found[i] for i in alone.tolist() if i in found}


def _reached(problem: MatchingProblem, start: Places, rows: Places, columns: Places) -> tuple[Any, Any]:
    """Return who is met from ``start`` on ways that go to eligible providers and back to those who have them.

    Only providers who were not met yet are looked at.
    """
    reached, met = np.zeros(problem.shape[0], dtype=bool), np.zeros(problem.shape[1], dtype=bool)
    reached[start] = True
    front = start
    while len(front):
        before, done = met.copy(), 0
        while done < len(front) and (unmet := np.flatnonzero(~met)).size:
            some = front[done : done + max(1, _PAIRS // len(unmet))]
            met[unmet] = problem.judged_at(some, unmet)[0].any(axis=0)
            done += len(some)
        front = np.unique(rows[(met & ~before)[columns]])
        front = front[~reached[front]]
        reached[front] = True
    return reached, met


_PAIRS = 1 << 20
"""So many pairs are judged at once."""


def _parts(problem: MatchingProblem, people: Places, seats: Places) -> tuple[Places, Places]:
    """Return a number for each of some people and each of some providers, equal where a way leads between them.

    A way goes through eligible pairs. Most people are of the largest part soon: whoever is with one of it need not be
    looked at with the others of it.
    """
    part, anchor, done = np.arange(len(seats)), np.full(len(people), -1), 0
    while done < len(people):
        largest = int(np.bincount(part).argmax())
        inside, outside = np.flatnonzero(part == largest), np.flatnonzero(part != largest)
        here = slice(done, done + max(1, _PAIRS // max(len(outside), _FIRST)))
        able = problem.judged_at(people[here], seats[outside])[0]
        within = np.flatnonzero(_meets(problem, people[here], seats[inside]))
        anchor[here] = np.where(able.any(axis=1), outside[able.argmax(axis=1)] if outside.size else -1, -1)
        anchor[done + within] = inside[0]
        some, theirs = np.nonzero(able)
        ends = np.concatenate([some, within]), np.concatenate([part[outside][theirs], np.full(len(within), largest)])
        part = _joined(part, len(able), *ends)
        done += len(able)
    alone = len(seats) + np.arange(len(people))
    return np.where(anchor < 0, alone, part[anchor]), part


_FIRST = 16
"""So many of the largest part are looked at first."""


def _meets(problem: MatchingProblem, rows: Places, columns: Places) -> NDArray[np.bool_]:
    """Return which of some recipients are eligible with any of some providers, who are looked at a few at a time."""
    found = np.zeros(len(rows), dtype=np.bool_)
    done, step = 0, _FIRST
    while done < len(columns) and (left := np.flatnonzero(~found)).size:
        found[left] = problem.judged_at(rows[left], columns[done : done + step])[0].any(axis=1)
        done, step = done + step, max(_FIRST, min(4 * step, _PAIRS // len(left)))
    return found


def _joined(part: Places, people: int, some: Places, theirs: Places) -> Places:
    """Return the parts with those made one that somebody is eligible with, given as person and part."""
    count = people + len(part)
    graph = coo_array((np.ones(len(some), dtype=np.int8), (some, people + theirs)), shape=(count, count))
    found: Places = np.unique(connected_components(graph, directed=False)[1][people + part], return_inverse=True)[1]
    return found


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
