"""How many pairs the rules of this library forbid, counted without looking at the pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devrel.matching import criteria
from devrel.matching.block import Block
from devrel.matching.constraints import (
    AboveInLevel,
    Alike,
    BelowInLevel,
    Different,
    Gap,
    Mask,
    NotInReportingLine,
    NotOwnManager,
    NotSameManager,
    OwnManager,
)
from devrel.matching.roster import Roster
from devrel.people import Organization

Numbers = NDArray[np.float64]
Positions = NDArray[np.intp]


class Lines:
    """Reporting lines as ranges: everybody gets a number, and all below her have the numbers that follow.

    Args:
        people: Recipients and providers, with the organisation.
    """

    __slots__ = ("_providers", "_recipients")

    def __init__(self, people: Block) -> None:
        ranges = _ranges(people.organization)
        self._recipients = _firsts_and_lasts(people.recipients, ranges)
        self._providers = _firsts_and_lasts(people.providers, ranges)

    def connected(self, rows: Positions, columns: Positions) -> Mask:
        """Return where one of the two is above the other."""
        (mine, my_last), (theirs, their_last) = self._recipients, self._providers
        one, one_last, other, other_last = mine[rows], my_last[rows], theirs[columns], their_last[columns]
        found: Mask = ((one < other) & (other <= one_last)) | ((other < one) & (one <= other_last))
        return found

    def count(self) -> int:
        """Return how many pairs are connected."""
        return _below(self._recipients, self._providers[0]) + _below(self._providers, self._recipients[0])


def _below(above: tuple[Positions, Positions], others: Positions) -> int:
    """Return how many of the others are below one of the first, all told."""
    numbers = np.sort(others)
    first, last = above
    return int((np.searchsorted(numbers, last, "right") - np.searchsorted(numbers, first, "right")).sum())


def _ranges(organization: Organization) -> dict[str, tuple[int, int]]:
    """Return for everybody her number and the last number below her."""
    reports: dict[str | None, list[str]] = {}
    for one in organization:
        reports.setdefault(one.manager, []).append(one.id)
    order: list[str] = []
    waiting = list(reports.get(None, ()))
    while waiting:
        order.append(waiting.pop())
        waiting += reports.get(order[-1], ())
    number = {person: place for place, person in enumerate(order)}
    last = dict(number)
    for person in reversed(order):
        manager = organization[person].manager
        if manager is not None:
            last[manager] = max(last[manager], last[person])
    return {person: (number[person], last[person]) for person in order}


def _firsts_and_lasts(people: Roster, ranges: Mapping[str, tuple[int, int]]) -> tuple[Positions, Positions]:
    listed = np.array([ranges[person] for person in people.ids], dtype=np.intp).reshape(-1, 2)
    return listed[:, 0], listed[:, 1]


def _all(people: Block) -> int:
    rows, columns = people.shape
    return rows * columns


def _equal(people: Block, mine: str, theirs: str) -> int:
    """Return how many pairs have the same known value."""
    down, across = people.codes(mine, theirs)
    rows, columns = down[down >= 0], across[across >= 0]
    most = int(max(rows.max(initial=0), columns.max(initial=0))) + 1
    return int(np.bincount(rows, minlength=most) @ np.bincount(columns, minlength=most))


def _known(people: Block, attribute: str) -> int:
    """Return how many pairs have a known value on both sides."""
    down, across = people.codes(attribute)
    return int((down >= 0).sum()) * int((across >= 0).sum())


def _numbers(people: Block, attribute: str) -> tuple[Numbers, Numbers]:
    """Return the known numbers of the recipients, and those of the providers in order."""
    down, across = people.numbers(attribute)
    return down[~np.isnan(down)], np.sort(across[~np.isnan(across)])


def _higher(people: Block) -> int:
    mine, theirs = _numbers(people, "level")
    return int((theirs.size - np.searchsorted(theirs, mine, "right")).sum())


def _lower(people: Block) -> int:
    mine, theirs = _numbers(people, "level")
    return int(np.searchsorted(theirs, mine, "left").sum())


def _within(rule: Gap, people: Block) -> int:
    """Return how many pairs have a gap in the rule's range."""
    mine, theirs = _numbers(people, rule.attribute)
    low = -np.inf if rule.at_least is None else rule.at_least
    high = np.inf if rule.at_most is None else rule.at_most
    reached = _first(theirs, mine, lambda gap: gap >= low)
    passed = _first(theirs, mine, lambda gap: gap > high)
    return int((passed - reached).sum())


def _first(theirs: Numbers, mine: Numbers, reached: Callable[[Numbers], Mask]) -> Positions:
    """Return for each of mine the position of the first of theirs from which the gap has reached something.

    The gap is taken as the rule takes it: a sum in place of the difference might be rounded to the other side.
    """
    low, high = np.zeros(mine.size, dtype=np.intp), np.full(mine.size, theirs.size, dtype=np.intp)
    while (open_ := low < high).any():
        middle = (low + high) // 2
        there = open_.copy()
        there[open_] = reached(theirs[middle[open_]] - mine[open_])
        high = np.where(there, middle, high)
        low = np.where(open_ & ~there, middle + 1, low)
    return low


def _unless_equal(rule: Any, people: Block) -> int:
    return _all(people) - _equal(people, rule.attribute, rule.attribute)


def _unless_different(rule: Any, people: Block) -> int:
    return _all(people) - _known(people, rule.attribute) + _equal(people, rule.attribute, rule.attribute)


REMOVALS: Mapping[type, Callable[[Any, Block], int]] = {
    NotOwnManager: lambda _, people: _equal(people, "manager", "id"),
    OwnManager: lambda _, people: _all(people) - _equal(people, "manager", "id"),
    NotSameManager: lambda _, people: _equal(people, "manager", "manager"),
    NotInReportingLine: lambda _, people: Lines(people).count(),
    Alike: _unless_equal,
    criteria.Same: _unless_equal,
    Different: _unless_different,
    criteria.Differs: _unless_different,
    AboveInLevel: lambda _, people: _all(people) - _higher(people),
    BelowInLevel: lambda _, people: _all(people) - _lower(people),
    Gap: lambda rule, people: _all(people) - _within(rule, people),
}
"""How many pairs a rule forbids, those of a person with herself among them."""
