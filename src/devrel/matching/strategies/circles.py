"""A heuristic for circles: a start drawn by lot, then exchanges of two people as long as one makes it better.

The number of circles and their sizes are fixed first (``sizes_for``), so that totals are comparable; another number is
tried only where somebody is left. People who find no place are in one more group, the bench, that counts for nothing.
A choice is better if it breaks less (pairs that may not be matched, balances) and, of two that break as much, if it has
more points. Whoever keeps a circle from being allowed in the end leaves it; a circle that has become too small is
dissolved.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from devrel.matching.groups import Balance, points_inside, sizes_for, values_of
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.assignment import lottery

Whole = NDArray[np.int64]
_BITS = 60


@frozen(eq=False)
class Pool:
    """The people who are to be placed.

    Attributes:
        ids: Their ids.
        keys: Their lottery keys.
        least: The smallest size of a circle.
        most: The largest size.
        gains: What two people in one circle gain, (people, people); far below 0 where they may not be matched.
        able: Who may be matched with whom.
        penalty: What one broken rule costs: more than all points together.
        balances: How circles must be mixed, each with everybody's value as a code; -1 where it is not known.
    """

    ids: tuple[str, ...]
    keys: NDArray[np.uint64]
    least: int
    most: int
    gains: Whole
    able: NDArray[np.bool_]
    penalty: int
    balances: tuple[tuple[Balance, Whole], ...]

    @classmethod
    def of(cls, problem: MatchingProblem, least: int, most: int, balances: Sequence[Balance]) -> Pool:
        """Return the pool of a problem."""
        taking = np.flatnonzero(np.array(problem.capacity, dtype=np.int64) > 0)
        places = np.ix_(taking, taking)
        able, points = problem.eligible[places], problem.points[places]
        penalty = int(np.where(able, points, 0).max(initial=0)) * len(taking) * most + 1
        gains = np.where(able, points, -penalty)
        np.fill_diagonal(gains, 0)
        coded = tuple((balance, _codes(values_of(problem, balance.attribute))[taking]) for balance in balances)
        ids = tuple(problem.recipients[i] for i in taking)
        return cls(ids, problem.lottery_keys()[0][taking], least, most, gains, able, penalty, coded)

    def best(self, starts: int) -> list[tuple[str, ...]]:
        """Return the best circles of some starts."""
        best: list[list[int]] = []
        for sizes in sizes_for(len(self.ids), self.least, self.most):
            choices = (_Choice(self, sizes, _order(self, start)) for start in range(starts))
            best = max([best, *(_mended(self, choice.improved()) for choice in choices)], key=self.value)
            if sum(map(len, best)) == sum(sizes):
                break
        return sorted(tuple(self.ids[i] for i in sorted(members)) for members in best)

    def value(self, circles: list[list[int]]) -> tuple[int, int]:
        """Return what circles that break nothing are worth: people placed, then points."""
        return sum(map(len, circles)), sum(int(self.gains[np.ix_(one, one)].sum()) // 2 for one in circles)

    def allows(self, members: list[int]) -> bool:
        """Whether some people may be a circle."""
        apart = ~self.able[np.ix_(members, members)]
        np.fill_diagonal(apart, val=False)
        mixed = all(balance.keeps(_known(codes[members])) for balance, codes in self.balances)
        return self.least <= len(members) <= self.most and mixed and not apart.any()


def _codes(values: Sequence[object]) -> Whole:
    known: dict[object, int] = {}
    coded = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
    return np.array(coded, dtype=np.int64)


def _known(codes: Whole) -> list[int | None]:
    return [None if code < 0 else code for code in codes.tolist()]


def _order(pool: Pool, start: int) -> NDArray[np.intp]:
    """Return the people in the order of a start, drawn from the seed and the ids."""
    turn: NDArray[np.uint64] = np.full(len(pool.ids), start, dtype=np.uint64)
    return np.argsort(lottery(pool.keys, turn, _BITS), kind="stable")


class _Choice:
    """Who is in which circle; the last group is the bench."""

    def __init__(self, pool: Pool, sizes: Sequence[int], order: NDArray[np.intp]) -> None:
        self.pool = pool
        self.sizes = np.array([*sizes, len(order) - sum(sizes)], dtype=np.int64)
        self.bench = len(sizes)
        self.group = np.full(len(order), self.bench, dtype=np.intp)
        self.group[order[: sum(sizes)]] = _dealt(pool, sizes, order[: sum(sizes)])
        self.inside = np.zeros((len(order), len(self.sizes)), dtype=np.int64)
        for circle in range(self.bench):
            self.inside[:, circle] = pool.gains[:, self.group == circle].sum(axis=1)

    def improved(self) -> list[list[int]]:
        """Exchange two people as long as that makes it better; return the circles."""
        while True:
            better = self._betterment()
            place = int(better.argmax())
            if better.flat[place] <= 0:
                return [np.flatnonzero(self.group == circle).tolist() for circle in range(self.bench)]
            self._exchange(*divmod(place, len(self.group)))

    def _betterment(self) -> Whole:
        """Return how much better it gets if two people change places, (people, people)."""
        group, everybody = self.group, np.arange(len(self.group))
        own = self.inside[everybody, group]
        there = self.inside[:, group] - np.where(group == self.bench, 0, self.pool.gains)
        better: Whole = there + there.T - own[:, None] - own[None, :]
        for balance, codes in self.pool.balances:
            broken = self._broken_by(balance, codes)
            better -= self.pool.penalty * (broken + broken.T)
        better[group[:, None] == group[None, :]] = 0
        return better

    def _broken_by(self, balance: Balance, codes: Whole) -> Whole:
        """Return how much more each circle breaks a balance if the person down takes the place of the one across."""
        counts = np.zeros((len(self.sizes), int(codes.max(initial=-1)) + 2), dtype=np.int64)
        np.add.at(counts, (self.group, codes), 1)
        counts[:, -1] = 0  # those whose value is not known
        limits = np.array([balance.limit(int(size)) for size in self.sizes])
        known = codes >= 0
        after = counts[self.group][:, codes].T  # how many of the person down's value, in the circle of the one across
        mine = counts[self.group, codes]
        more = known[:, None] & (after >= limits[self.group][None, :])
        less = known & (mine > limits[self.group])
        broken = more.astype(np.int64) - less[None, :]
        if balance.at_least is not None:
            kinds = (counts > 0).sum(axis=1)[self.group]
            new, gone = known[:, None] & (after == 0), known & (mine == 1)
            then = kinds[None, :] + new - gone[None, :]
            broken = np.maximum(balance.at_least - then, 0) - np.maximum(balance.at_least - kinds, 0)[None, :]
        same = codes[:, None] == codes[None, :]
        result: Whole = np.where(same | (self.group == self.bench)[None, :], 0, broken)
        return result

    def _exchange(self, one: int, other: int) -> None:
        here, there = self.group[one], self.group[other]
        change = self.pool.gains[:, other] - self.pool.gains[:, one]
        for circle, step in ((here, change), (there, -change)):
            if circle != self.bench:
                self.inside[:, circle] += step
        self.group[one], self.group[other] = there, here


def _dealt(pool: Pool, sizes: Sequence[int], order: NDArray[np.intp]) -> list[int]:
    """Return the circle of each person in turn: where she gains most of those that have a place."""
    inside = np.zeros((len(sizes), len(pool.ids)), dtype=np.int64)
    places = list(sizes)
    dealt: list[int] = []
    for person in order.tolist():
        if len(dealt) < len(sizes):
            circle = len(dealt)  # the first people start a circle each
        else:
            open_ = [one for one, free in enumerate(places) if free]
            circle = max(open_, key=lambda one: (int(inside[one, person]), -one))
        dealt.append(circle)
        places[circle] -= 1
        inside[circle] += pool.gains[person]
    return dealt


def _mended(pool: Pool, circles: list[list[int]]) -> list[list[int]]:
    """Return the circles without those who may not be in them; whoever is left joins another where she may."""
    kept = [members for members in (_shrunk(pool, members) for members in circles) if members]
    placed = {person for members in kept for person in members}
    left = [person for person in np.argsort(pool.keys, kind="stable").tolist() if person not in placed]
    for person in left:
        rooms = [members for members in kept if pool.allows([*members, person])]
        if rooms:
            max(rooms, key=lambda members: int(pool.gains[person, members].sum())).append(person)
    return kept


def _shrunk(pool: Pool, members: list[int]) -> list[int]:
    """Return a circle without the fewest people, one by one, who keep it from being allowed; nobody if none is left."""
    while members and not pool.allows(members):
        if len(members) <= pool.least:
            return []
        members = max(
            ([one for one in members if one != person] for person in members), key=lambda rest: _fit(pool, rest)
        )
    return members


def _fit(pool: Pool, members: list[int]) -> tuple[int, int]:
    kept = sum(balance.keeps(_known(codes[members])) for balance, codes in pool.balances)
    return kept, int(pool.gains[np.ix_(members, members)].sum())


def in_words(problem: MatchingProblem, groups: Sequence[tuple[str, ...]], bound: int) -> str:
    """Return how near circles come to a bound; no number of it where a score must not be shown."""
    if problem.private:
        return "a heuristic: the certificate has a bound"
    total, unit = sum(sum(points_inside(problem, members)) for members in groups), problem.unit
    share = 100 * total / bound if bound else 100.0
    return f"a heuristic: the circles have {total / unit:.6g} of at most {bound / unit:.6g} ({share:.1f} %)"
