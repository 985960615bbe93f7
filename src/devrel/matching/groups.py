"""Circles: groups of people from one pool, how they must be mixed, and what no choice of them can exceed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from devrel._records import a, as_tuple, filled_text, optional
from devrel.errors import InvalidValue
from devrel.matching.certificate import Certificate, Pairs
from devrel.matching.table import RuleTable
from devrel.people import Value

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem

Members = tuple[str, ...]


@frozen(order=True)
class Group:
    """A circle of people. The exact score stays out of the repr, as a part of it may be private.

    Attributes:
        members: The ids, sorted.
        points: The scores of all pairs inside, in points.
        unit: The points of a score of 1.
        private: Whether a sensitive criterion is part of the score.
    """

    members: Members = field(converter=as_tuple)
    points: int = field(repr=False)
    unit: int = field(repr=False)
    private: bool = False

    @classmethod
    def of(cls, problem: MatchingProblem, members: Iterable[str]) -> Group:
        """Return the circle of these people."""
        listed = tuple(sorted(members))
        return cls(listed, sum(points_inside(problem, listed)), problem.unit, problem.private)

    @property
    def score(self) -> float:
        """The sum of the scores of all pairs inside, exact in memory; write ``shown_mean`` instead."""
        return self.points / self.unit

    @property
    def shown_mean(self) -> float | None:
        """The mean score of a pair inside, or None where a sensitive criterion is part of it."""
        pairs = len(self.members) * (len(self.members) - 1) // 2
        return None if self.private or not pairs else self.score / pairs


def points_inside(problem: MatchingProblem, members: Members) -> Iterator[int]:
    """Yield the points of all pairs inside a circle."""
    places = np.array([problem.row[one] for one in members], dtype=np.intp)
    points = problem.judged_at(places, places)[1]
    for one, other in combinations(range(len(members)), 2):
        yield int(points[one, other])


_SHARE = r"at most (?P<share>\d+(?:\.\d+)?)%"
_WORDS = re.compile(rf"(?P<attribute>.+?) (?:{_SHARE}|at most (?P<most>\d+)|at least (?P<least>\d+))")


@frozen
class Balance:
    """How the people of a circle must be mixed in one attribute.

    People whose value is not known count for nothing: not as one of a value, and not as a value of their own. What is
    sensitive is not looked at.

    Attributes:
        attribute: The attribute.
        at_most: How many of a circle may have the same value: an int counts people, a float is a share from 0 to 1,
            rounded down, to one person at least. So 1 is one person, and 1.0 everybody.
        at_least: How many different values a circle must have.

    >>> Balance.of("department at most 2")
    Balance(attribute='department', at_most=2, at_least=None)
    """

    attribute: str = field(validator=filled_text)
    at_most: int | float | None = field(default=None, validator=optional(a(int, float)))
    at_least: int | None = field(default=None, validator=optional(a(int)))

    def __attrs_post_init__(self) -> None:
        if (self.at_most is None) == (self.at_least is None):
            raise InvalidValue("balance", "must say at_most or at_least, and not both")
        most = self.at_most
        if most is not None and not (0 < most <= 1 if isinstance(most, float) else most >= 1):
            told = "must be a whole number of people, or a share above 0 and at most 1"
            raise InvalidValue("at_most", told, "say 2 for two people, 0.5 for half of a circle")
        if self.at_least is not None and self.at_least < 1:
            raise InvalidValue("at_least", "must be a whole number of at least 1")

    @classmethod
    def of(cls, given: object) -> Balance:
        """Return a balance from words: ``department at most 2``, ``site at most 50%``, ``site at least 3``."""
        if isinstance(given, Balance):
            return given
        told = _WORDS.fullmatch(given) if isinstance(given, str) else None
        if told is None:
            remedy = "say 'department at most 2', 'department at most 50%' or 'department at least 3'"
            raise InvalidValue("balance", "is not understood", remedy)
        if told["share"]:
            return cls(told["attribute"], at_most=float(Decimal(told["share"]) / 100))
        if told["most"]:
            return cls(told["attribute"], at_most=int(told["most"]))
        return cls(told["attribute"], at_least=int(told["least"]))

    def __str__(self) -> str:
        """Return it in words."""
        if self.at_most is None:
            return f"{self.attribute} at least {self.at_least}"
        if isinstance(self.at_most, float):
            return f"{self.attribute} at most {(100 * _exact(self.at_most)).normalize():f}%"
        return f"{self.attribute} at most {self.at_most}"

    def limit(self, size: int) -> int:
        """Return how many of a circle of ``size`` may have the same value."""
        if self.at_most is None:
            return size
        return max(1, int(_exact(self.at_most) * size)) if isinstance(self.at_most, float) else self.at_most

    def keeps(self, values: Sequence[Value | None]) -> bool:
        """Whether a circle of people with these values is mixed enough."""
        counts = Counter(value for value in values if value is not None)
        return max(counts.values(), default=0) <= self.limit(len(values)) and len(counts) >= (self.at_least or 0)


def _exact(share: float) -> Decimal:
    """Return a share as it is written: 0.29 of a hundred is 29, and not a little less."""
    return Decimal(float.__repr__(share))


def values_of(problem: MatchingProblem, attribute: str) -> list[Value | None]:
    """Return the value of everybody in the pool.

    Raises:
        InvalidValue: For a pool that was made from an array, and an attribute that nobody has.
    """
    table = problem.table
    if not isinstance(table, RuleTable):
        raise InvalidValue("balance", "needs people with attributes", "build the pool from people")
    found = [person.get(attribute) for person in table.public.recipients]
    if found and all(value is None for value in found):
        raise InvalidValue("balance", f"nobody has the attribute {attribute!r}", "check its name")
    return found


def sizes_for(people: int, least: int, most: int) -> list[tuple[int, ...]]:
    """Return the sizes that circles of as many of ``people`` as can be may have.

    The sizes of a choice differ by one at most. Those nearest to the middle of the range come first.

    >>> sizes_for(12, 3, 5)
    [(4, 4, 4), (3, 3, 3, 3)]
    >>> sizes_for(7, 4, 6), sizes_for(3, 4, 6)
    ([(6,)], [])
    """
    for placed in range(people, 0, -1):
        counts = list(range(-(-placed // most), placed // least + 1))
        if counts:
            counts.sort(key=lambda count: (abs(2 * placed - (least + most) * count) / count, -count))
            return [tuple(placed // number + (place < placed % number) for place in range(number)) for number in counts]
    return []


@frozen(eq=False)
class CircleBound(Certificate):
    """What circles must keep to, and a number of points that no choice of them can exceed.

    Nobody has more fellows than the largest circle allows. So what she shares with them is at most what her best
    eligible partners in that number give, and the total is at most half the sum of this over all people. The bound is
    not what the best circles reach; it says how far the answer may be from them at most.

    Attributes:
        least: The smallest size of a circle.
        most: The largest size.
        balances: How every circle is mixed.
        largest: The size of the largest circle of the answer.
        bound: The points that no choice of circles of at most this size exceeds.
    """

    claim = "the circles keep to the sizes and the balance; no circles as large as these exceed the bound"

    least: int
    most: int
    balances: tuple[Balance, ...] = field(converter=as_tuple)
    largest: int
    bound: int = field(repr=False)

    @classmethod
    def of(
        cls, problem: MatchingProblem, size: tuple[int, int], balances: Sequence[Balance], groups: Sequence[Members]
    ) -> CircleBound:
        """Return the bound that goes with circles."""
        largest = max(map(len, groups), default=0)
        return cls(*size, balances, largest, _bound(problem, largest))

    def flaws(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:
        """Return what is wrong with the bound."""
        told = ["it speaks of circles and not of pairs"] if pairs else []
        right = self.bound == _bound(problem, self.largest)
        return told if right else [*told, "the bound is not that of the problem"]

    def group_flaws(self, problem: MatchingProblem, groups: Sequence[Members]) -> list[str]:
        """Return which circles break the sizes or the balance, and whether they exceed the bound."""
        found = [
            f"the circle of {members[0]!r} has {len(members)} people, not {self.least} to {self.most}"
            for members in groups
            if not self.least <= len(members) <= min(self.most, self.largest)
        ]
        for balance in self.balances:
            values = values_of(problem, balance.attribute)
            found += [
                f"the circle of {members[0]!r} breaks '{balance}'"
                for members in groups
                if not balance.keeps([values[problem.row[one]] for one in members])
            ]
        total = sum(sum(points_inside(problem, members)) for members in groups)
        return found if total <= self.bound else [*found, "the circles have more points than the bound"]


def _bound(problem: MatchingProblem, largest: int) -> int:
    taking, total = np.array(problem.capacity, dtype=np.int64) > 0, 0
    for part, eligible, points in problem.blocks():
        inside: Any = np.where(eligible, points, 0)[taking[part]][:, taking]
        total += int(-np.sort(-inside, axis=1)[:, : max(largest - 1, 0)].sum())
    return total // 2
