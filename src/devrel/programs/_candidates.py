"""Finds out who has a candidate without looking at every pair.

Whole classes of people are judged at once. Within classes that allow each other, candidates are looked at in small
helpings until enough are found, so that only people with hardly any candidate take long.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import define, field, frozen
from numpy.random import default_rng
from numpy.typing import NDArray

from devrel.kinds import Side
from devrel.matching.block import Block
from devrel.matching.columns import UNKNOWN
from devrel.matching.constraints import Mask
from devrel.programs._classes import Classes, of_side
from devrel.programs._pair_rules import PairRule, Positions, key_of

FIRST_HELPING, MOST_AT_ONCE = 4, 2_000_000
ASKED_EACH, ASKED_ANYWAY = 30, 200_000
"""How many pairs a search asks of pair functions at most: so many for each person, and so many anyway.

What the easy cases of a pool leave over is for the hard ones of the same pool or the next.
"""

GIVEN_UP = -1
"""In place of a count or a tier: the search was given up."""
NOBODY = -2
"""In place of a tier: there is no candidate."""

Counts = NDArray[np.int64]


@define
class _Allowance:
    """How many pairs may still be asked of pair functions."""

    left: int


@frozen(eq=False)
class _Pool:
    """Some people and where their candidates are.

    Attributes:
        people: Positions on their side.
        keys: For each of them a number; her candidates are those with the same one.
        others: Positions on the other side.
        other_keys: The numbers of those.
        decided: The rules that need not be asked any more.
    """

    people: Positions
    keys: Positions
    others: Positions
    other_keys: Positions
    decided: frozenset[int]


@frozen(eq=False)
class _Search:
    """What a search asks: on which side the people stand, which rules hold, and how many candidates are enough."""

    side: Side
    rules: tuple[PairRule, ...]
    enough: int
    allowance: _Allowance

    def within(self, pool: _Pool, rules: tuple[PairRule, ...]) -> _Search:
        """Return it for a pool, with the rules that are left to ask there and more to spend."""
        self.allowance.left += ASKED_EACH * pool.people.size
        decided = {rules[k] for k in pool.decided}
        left = tuple(rule for rule in self.rules if rule not in decided)
        return _Search(self.side, left, self.enough, self.allowance)


@frozen(eq=False)
class Candidates:
    """Who may be matched with whom.

    Attributes:
        people: All recipients against all providers, without sensitive attributes.
        rules: The rules; the first is that nobody is matched with herself.
    """

    people: Block
    rules: tuple[PairRule, ...]
    classes: Classes = field(init=False)

    @classes.default
    def _classes(self) -> Classes:
        return Classes.of(self.rules)

    def counts(self, side: Side, people: Positions, enough: int = 2, *, lifted: int | None = None) -> Counts:
        """Return how many candidates people have, up to ``enough``, or ``GIVEN_UP``.

        Args:
            side: The side they stand on.
            people: Their positions on it, in order.
            enough: How many to look for.
            lifted: The position of a rule that is not asked, or None.
        """
        found = np.zeros(of_side(self.classes.codes, side).size, dtype=np.int64)
        search = self._search(side, enough, lifted)
        for pool in self._pools(side, people, lifted):
            order = np.argsort(pool.other_keys, kind="stable")
            starts = _starts(pool.other_keys[order], pool.keys)
            part = search.within(pool, self.rules)
            found[pool.people] = _scan(part, pool.people, pool.others[order], *starts)
        return found[people]

    def best(self, people: Positions, mine: Positions, theirs: Positions, order: Positions) -> Positions:
        """Return the best kind of provider among the candidates of recipients; ``NOBODY`` or ``GIVEN_UP`` without one.

        Args:
            people: The positions of the recipients, in order.
            mine: The kind of every recipient.
            theirs: The kind of every provider.
            order: For every kind of recipient the kinds of providers to ask for, the best first.
        """
        found = np.full(mine.size, NOBODY, dtype=np.intp)
        search = self._search(Side.RECIPIENT, 1, None)
        for pool in self._pools(Side.RECIPIENT, people, None):
            found[pool.people] = _best(search.within(pool, self.rules), pool, mine, theirs, order)
        return found[people]

    def _search(self, side: Side, enough: int, lifted: int | None) -> _Search:
        rules = tuple(rule for k, rule in enumerate(self.rules) if k != lifted)
        return _Search(side, rules, enough, _Allowance(ASKED_ANYWAY))

    def _pools(self, side: Side, people: Positions, lifted: int | None) -> Iterator[_Pool]:
        """Yield people with those among whom their candidates are; whoever is in no pool has none."""
        others = _mixed(of_side(self.classes.codes, side.other).size)
        key = self._key(side, lifted)
        if key is not None:
            by_key, mine, theirs = key
            keyed = people[by_key[people]]
            people = people[~by_key[people]]
            yield _Pool(keyed, mine[keyed], others, theirs[others], frozenset())
        allowed = self.classes.allowed(side, lifted)
        mine, theirs = of_side(self.classes.codes, side), of_side(self.classes.codes, side.other)
        for group in _grouped(people, mine[people]):
            here = others[allowed[mine[group[0]]][theirs[others]]]
            if here.size:
                same = np.zeros(group.size, dtype=np.intp), np.zeros(here.size, dtype=np.intp)
                yield _Pool(group, same[0], here, same[1], self.classes.decided)

    def _key(self, side: Side, lifted: int | None) -> tuple[Mask, Positions, Positions] | None:
        """Return who is looked up by a key, and the keys of both sides; None where no rule demands that two be equal.

        Of several such rules, the one that tells the most apart is taken.
        """
        found = None
        for k, rule in enumerate(self.rules):
            names = key_of(rule.rule)
            if names is None or k == lifted or not (rare := self.classes.rare(k, side)).any():
                continue
            down, across = self.people.codes(*names)
            mine, theirs = (down[:, 0], across[0]) if side is Side.RECIPIENT else (across[0], down[:, 0])
            if found is None or np.unique(theirs).size > np.unique(found[2]).size:
                found = rare, np.where(mine == UNKNOWN, UNKNOWN - 1, mine), theirs
        return found


def _mixed(count: int) -> Positions:
    """Return the positions in an order that is always the same and has nothing to do with the people."""
    return default_rng(0).permutation(count)


def _grouped(people: Positions, codes: Positions) -> list[Positions]:
    """Return people with equal codes together."""
    order = np.argsort(codes, kind="stable")
    borders = np.flatnonzero(np.diff(codes[order])) + 1
    return [group for group in np.split(people[order], borders) if group.size]


def _starts(sorted_keys: Positions, keys: Positions) -> tuple[Positions, Positions]:
    """Return where each key begins among the sorted ones, and how often it stands there."""
    start = np.searchsorted(sorted_keys, keys, "left")
    return start, np.searchsorted(sorted_keys, keys, "right") - start


def _best(search: _Search, pool: _Pool, mine: Positions, theirs: Positions, order: Positions) -> Positions:
    """Return for everybody in a pool the first kind, in her order, of which there is a candidate."""
    kinds = int(theirs.max(initial=0)) + 1
    keys = pool.other_keys * kinds + theirs[pool.others]
    sequence = np.argsort(keys, kind="stable")
    keys, others = keys[sequence], pool.others[sequence]
    there = np.isin(order, theirs[pool.others])
    wishes = order[there].reshape(order.shape[0], -1)
    found = np.full(pool.people.size, NOBODY, dtype=np.intp)
    left = np.arange(pool.people.size)
    for place in range(wishes.shape[1]):
        wish = wishes[mine[pool.people[left]], place]
        counts = _scan(search, pool.people[left], others, *_starts(keys, pool.keys[left] * kinds + wish))
        found[left] = np.select([counts > 0, counts == GIVEN_UP], [wish, GIVEN_UP], NOBODY)
        left = left[counts == 0]
        if not left.size:
            break
    return found


def _scan(search: _Search, people: Positions, others: Positions, start: Positions, size: Positions) -> Counts:
    """Return how many candidates people have, up to enough; those of each are a range of ``others``."""
    found = np.zeros(people.size, dtype=np.int64)
    left = np.flatnonzero(size > 0)
    at, width = 0, FIRST_HELPING
    while left.size:
        step = max(1, MOST_AT_ONCE // width)
        for part in (left[begin : begin + step] for begin in range(0, left.size, step)):
            theirs, there = _helping(others, start[part], size[part], at, width)
            candidates, given_up = _asked(search, people[part][:, None], theirs, there, found[part])
            found[part] += candidates.sum(axis=1)
            found[part[given_up]] = GIVEN_UP
        at, width = at + width, min(4 * width, MOST_AT_ONCE)
        left = left[(found[left] >= 0) & (found[left] < search.enough) & (size[left] > at)]
    return np.minimum(found, search.enough)


def _helping(others: Positions, start: Positions, size: Positions, at: int, width: int) -> tuple[Positions, Mask]:
    """Return the next of everybody's range, one row where all are the same, and where a range has not ended."""
    if (start == start[0]).all() and (size == size[0]).all():
        same = others[start[0] + at : start[0] + min(at + width, int(size[0]))][None, :]
        return same, np.ones((start.size, same.shape[1]), dtype=np.bool_)
    steps = at + np.arange(min(width, int(size.max()) - at))
    there = steps[None, :] < size[:, None]
    return others[np.where(there, start[:, None] + steps, 0)], there


def _asked(search: _Search, mine: Positions, theirs: Positions, there: Mask, found: Counts) -> tuple[Mask, Mask]:
    """Return where a pair is allowed by every rule, and for whom asking was given up.

    Pair functions are asked last, and of nobody who has enough.
    """
    rows, columns = (mine, theirs) if search.side is Side.RECIPIENT else (theirs, mine)
    one_by_one = []
    for rule in search.rules:
        mask = rule.forbidden(rows, columns)
        if mask is None:
            one_by_one.append(rule)
        else:
            there = there & ~mask
    given_up = np.zeros(mine.size, dtype=np.bool_)
    if one_by_one:
        rows, columns = np.broadcast_arrays(rows, columns)
        for i in range(mine.size):
            given_up[i] = _one_by_one(search, tuple(one_by_one), rows[i], columns[i], there[i], int(found[i]))
    return there, given_up


def _one_by_one(
    search: _Search, rules: tuple[PairRule, ...], rows: Positions, columns: Positions, there: Mask, found: int
) -> bool:
    """Strike out in ``there`` the pairs that pair functions forbid; return whether that was given up."""
    for j in np.flatnonzero(there).tolist():
        if found >= search.enough or search.allowance.left <= 0:
            there[j:] = False
            return found < search.enough
        search.allowance.left -= 1
        there[j] = not any(rule.asked(int(rows[j]), int(columns[j])) for rule in rules)
        found += bool(there[j])
    return False
