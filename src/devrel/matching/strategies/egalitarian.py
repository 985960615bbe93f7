"""The egalitarian matching: the worst-off pair is as good as can be, then the next, and so on (leximin).

Only the order of the scores counts. Among the answers that serve the most recipients, the best one has the fewest
pairs at the lowest level of scores, then the fewest at the level above it, and so on. Each of these steps narrows the
answers that are left; what narrows them are prices (linear programming duality), and all prices together prove the
answer.

1. A matching that serves the most recipients, and the greatest score that all its pairs can reach (bisection).
2. The lowest level of the answer at hand: an assignment of least cost, in which a pair of this level costs 1 and lower
   pairs are closed, uses as few of it as can be. If it uses none, the level is closed.
3. Otherwise prices are computed that prove it. Pairs that are not tight at these prices are closed, people whose price
   is above 0 have to be served from here on. This goes on with the next level.
4. What is left open when every pair has its level are the best answers; the lottery picks one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching, min_weight_full_bipartite_matching

from devrel.errors import DevrelError
from devrel.matching.leximin import Open, WorstOff, stage_gains
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.assignment import lottery
from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution

Places = NDArray[np.intp]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

ALONE = -1
_MOST_BITS = 40


class EgalitarianMatching(MatchingStrategy):
    """Makes the worst-off pair as good as can be, then the next, and so on, among those that serve the most.

    As many recipients are served as can be. Among the answers that do so, the lowest score of a pair is as high as
    can be, and as few pairs as can be have it; then the same for the next lowest, and so on up to the best pair
    (leximin: Rawls 1971, Sen 1970; for assignments Burkard and Rendl 1991). Equal answers are decided by a lottery
    over the seed and the ids of the pairs. The total score has no say.

    It is exact for the given points, of whatever size, as only their order counts, and proven by ``WorstOff``. It
    supports capacities and locked pairs; recipients want one partner at most.

    >>> EgalitarianMatching().match(MatchingProblem.from_scores([[9, 4], [5, 1]])).ids
    (('r0', 'p1'), ('r1', 'p0'))
    """

    name = "egalitarian"
    supports = frozenset({Feature.CAPACITY, Feature.LOCKED})
    claims = frozenset({Claim.COVERING, Claim.MAXIMAL, Claim.ORDER_INDEPENDENT})

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return the pairs and the prices that prove them."""
        face, proof = _narrowed(problem)
        columns = _drawn(problem, face)
        rows = np.flatnonzero(columns != ALONE).tolist()
        chosen = [(problem.recipients[i], problem.providers[columns[i]]) for i in rows]
        return Solution(sorted([*chosen, *problem.locked]), certificate=proof)


@frozen(eq=False)
class Face:
    """The answers that are left, and one of them.

    Attributes:
        seats: How many recipients each provider still takes.
        rows: The recipients of the pairs that are open.
        columns: Their providers.
        points: Their points.
        mates: The provider of each recipient in the answer at hand; ``ALONE`` where there is none.
        bound: The recipients who are served because all of them can be; the others share full providers.
        may_stay: Which recipients may go without.
        may_wait: Which providers may have free seats.
    """

    seats: Whole
    rows: Places
    columns: Places
    points: Whole
    mates: Places
    bound: Mask
    may_stay: Mask
    may_wait: Mask

    @property
    def own(self) -> Mask:
        """Which open pairs the answer at hand has."""
        found: Mask = self.mates[self.rows] == self.columns
        return found

    def only(self, kept: Mask) -> Face:
        """Return the face with some of its open pairs."""
        return evolve(self, rows=self.rows[kept], columns=self.columns[kept], points=self.points[kept])

    def narrowed(self, gains: Whole, recipients: Whole, providers: Whole) -> Face:
        """Return what the prices of a stage leave."""
        tight = self.only(recipients[self.rows] + providers[self.columns] == gains)
        return evolve(tight, may_stay=self.may_stay & (recipients == 0), may_wait=self.may_wait & (providers == 0))


def _narrowed(problem: MatchingProblem) -> tuple[Face, WorstOff]:
    """Return the best answers and the prices that prove them."""
    face, prices = _covering(Open.of(problem))
    stages, last = [prices], -1
    while (face.points[face.own] > last).any():
        level = int(face.points[face.own & (face.points > last)].min())
        face = _with_fewest(face.only((face.points <= last) | (face.points >= level)), level)
        if not (face.points[face.own] == level).any():
            face = face.only(face.points != level)
            continue
        gains = stage_gains(face.points, last, level)
        stages.append(_prices(face, gains))
        face, last = face.narrowed(gains, *stages[-1]), level
    return face, WorstOff(*(np.array(side) for side in zip(*stages, strict=True)))


def _covering(open_: Open) -> tuple[Face, tuple[Whole, Whole]]:
    """Return the answers that serve the most and whose worst pair is as good as can be, and prices for the first."""
    rows, columns, points = open_.pairs()
    none = np.full(len(open_.wanted), ALONE, dtype=np.intp)
    everybody, everywhere = np.ones(len(none), dtype=bool), np.ones(len(open_.seats), dtype=bool)
    face = Face(open_.seats, rows, columns, points, none, ~everybody, everybody, everywhere)
    levels = np.unique(points)
    mates = _most_served(face)
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high + 1) // 2
        found = _most_served(face.only(points >= levels[middle]))
        if (found != ALONE).sum() == (mates != ALONE).sum():
            mates, low = found, middle
        else:
            high = middle - 1
    face = evolve(face, mates=mates)
    gains = np.ones(len(rows), dtype=np.int64)
    prices = _prices(face, gains)
    face = evolve(face.narrowed(gains, *prices), bound=prices[0] > 0)
    return face.only(face.points >= levels[low]) if len(levels) else face, prices


def _seated(face: Face, chosen: Mask) -> tuple[Places, Places, Places]:
    """Return some open pairs once for each seat of their providers: which pair, its seat, the provider of each seat."""
    useful = np.minimum(face.seats, np.bincount(face.columns[chosen], minlength=len(face.seats)))
    owner = np.repeat(np.arange(len(face.seats)), useful)
    begin = np.cumsum(useful) - useful
    pairs = np.flatnonzero(chosen)
    times = useful[face.columns[pairs]]
    which = np.repeat(pairs, times)
    number = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
    return which, begin[face.columns[which]] + number, owner


def _most_served(face: Face) -> Places:
    """Return the mates of a matching that serves the most recipients (Hopcroft and Karp 1973)."""
    which, seats, owner = _seated(face, np.ones(len(face.rows), dtype=bool))
    shape = len(face.mates), max(len(owner), 1)
    graph = csr_array((np.ones(len(which), dtype=np.int8), (face.rows[which], seats)), shape=shape)
    found = maximum_bipartite_matching(graph, perm_type="column").astype(np.intp)
    mates: Places = np.full(len(found), ALONE, dtype=np.intp)
    mates[found >= 0] = owner[found[found >= 0]]
    return mates


def _with_fewest(face: Face, level: int) -> Face:
    """Return the face with an answer that uses as few pairs of a level as can be."""
    return evolve(face, mates=_cheapest(face, (face.points == level).astype(np.int64)))


def _cheapest(face: Face, costs: Whole) -> Places:
    """Return the mates of the answer that costs least.

    Two separate assignments: recipients who are all served, and providers whose seats are all taken.
    """
    mates = np.full(len(face.mates), ALONE, dtype=np.intp)
    bonus = int(costs.max(initial=0)) * (len(mates) + 1) + 1
    for chosen, must in (
        (face.bound[face.rows], ~face.may_wait[face.columns]),
        (~face.bound[face.rows], ~face.may_stay[face.rows]),
    ):
        if chosen.any():
            which, seats, owner = _seated(face, chosen)
            weights = costs + np.where(must, 1, bonus + 1)
            picked = _full(face.rows[which], seats, weights[which])
            mates[picked[0]] = owner[picked[1]]
    return mates


def _full(rows: Places, seats: Places, weights: Whole) -> tuple[Places, Places]:
    """Return the assignment of least weight in which everybody of the smaller side has a partner."""
    people, row = np.unique(rows, return_inverse=True)
    places, seat = np.unique(seats, return_inverse=True)
    graph = csr_array((weights.astype(np.float64), (row, seat)), shape=(len(people), len(places)))
    left, right = min_weight_full_bipartite_matching(graph)
    return people[left], places[right]


def _prices(face: Face, gains: Whole) -> tuple[Whole, Whole]:
    """Return prices that prove that no answer of the face gains more than the one at hand does.

    The prices of the seats are longest paths (Bellman 1958, Ford 1956) from a hub whose price is 0.
    """
    hub = len(face.seats)
    own = np.zeros(len(face.mates), dtype=np.int64)
    own[face.rows[face.own]] = gains[face.own]
    served = face.mates != ALONE
    start, stop, step = _asks(face, gains, own, served)
    value = np.zeros(hub + 1, dtype=np.int64)
    for _ in range(hub + 2):
        before = value.copy()
        np.maximum.at(value, stop, before[start] + step)
        if np.array_equal(before, value):
            break
    else:
        raise DevrelError("the solver's answer is not optimal, and was not used; please report the problem")
    value -= value[hub]
    recipients = np.where(served, own - value[face.mates], 0)
    return recipients, value[:hub]


def _asks(face: Face, gains: Whole, own: Whole, served: Mask) -> tuple[Any, Any, Any]:
    """Return what bounds the prices: price of stop >= price of start + step."""
    hub = len(face.seats)
    loads = np.bincount(face.mates[served], minlength=hub)
    others = ~face.own
    rows, columns = face.rows[others], face.columns[others]
    waiting, idle = np.flatnonzero(face.may_wait), np.flatnonzero(loads < face.seats)
    staying = np.flatnonzero(face.may_stay & served)
    hubs = [np.full(len(some), hub) for some in (waiting, idle, staying)]
    start = [np.where(served[rows], face.mates[rows], hub), hubs[0], idle, face.mates[staying]]
    stop = [columns, waiting, hubs[1], hubs[2]]
    nothing = np.zeros(len(waiting) + len(idle), dtype=np.int64)
    step = [gains[others] - own[rows], nothing, -own[staying]]
    return np.concatenate(start), np.concatenate(stop), np.concatenate(step)


def _drawn(problem: MatchingProblem, face: Face) -> Places:
    """Return the mates of the answer with the most luck among those that are left."""
    bits = max(8, min(_MOST_BITS, 49 - 2 * len(face.mates).bit_length()))
    keys = problem.lottery_keys()
    luck = lottery(keys[0][face.rows], keys[1][face.columns], bits)
    return _cheapest(face, (1 << bits) - luck)
