"""Stable matching by deferred acceptance, for one-to-one, many-to-one and many-to-many problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappush, heapreplace
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel.kinds import Side
from devrel.matching._given import choice_of
from devrel.matching.preferences import Preferences, Ranks, Unlisted, in_blocks, leave_open
from devrel.matching.problem import MatchingProblem
from devrel.matching.stability import NoBlockingPair
from devrel.matching.strategies.assignment import lottery
from devrel.matching.strategy import Claim, Feature, MatchingStrategy, Solution

_LUCK_BITS = 62

Places = NDArray[np.int32]
Lots = Callable[[int, Any], NDArray[np.int64]]


def _side(given: Side | str) -> Side:
    return choice_of(Side, "proposing", given)


def _unlisted(given: Unlisted | str) -> Unlisted:
    return choice_of(Unlisted, "unlisted", given)


@frozen
class StableMatching(MatchingStrategy):
    """Finds a matching in which no two people would both rather have each other, and proves it.

    It is deferred acceptance: one side proposes, the other holds the best proposals it has got so far (Gale and
    Shapley 1962; with capacities Gusfield and Irving 1989). Preferences are those of the problem where there are any,
    and else the scores, which speak for both sides alike. A tie is broken by priority, then by a lottery over the
    seed and the ids; the matching is then weakly stable (Irving 1994). Recipients who want several providers compare
    them one by one; no pair of people blocks the matching then, but a larger group might.

    With strict preferences every proposer gets the best partner that she has in any stable matching, and the other
    side the worst. Who is served, and how many places of each are filled, is the same in all of them where recipients
    want one provider each (Roth 1984, 1986).

    When recipients propose, each wants one provider and no pair of hers is locked, no recipient can do better by
    stating other preferences than her true ones (Dubins and Freedman 1981, Roth 1982). It holds with ties as well, as
    lots are drawn from the seed and the ids and not from what anybody states. It does not hold for providers, nor for
    recipients who want several, nor where scores that are made of what people state rank anybody.

    Locked pairs keep their places and are set aside: the matching is stable among all others and the places left.

    It supports capacities, demands and locked pairs.

    Attributes:
        proposing: The side that proposes and gets the better of it; a ``Side`` or its value.
        unlisted: What it means not to be listed by somebody who lists others; an ``Unlisted`` or its value.

    >>> problem = MatchingProblem.from_preferences(
    ...     {"ann": ["cy", "di"], "bo": ["di", "cy"]}, {"cy": ["bo", "ann"], "di": ["ann", "bo"]}
    ... )
    >>> StableMatching().match(problem).ids
    (('ann', 'cy'), ('bo', 'di'))
    >>> StableMatching(proposing="provider").match(problem).ids
    (('ann', 'di'), ('bo', 'cy'))
    """

    name = "stable"
    supports = frozenset({Feature.CAPACITY, Feature.DEMAND, Feature.LOCKED})
    claims = frozenset({Claim.STABLE, Claim.MAXIMAL})

    proposing: Side = field(default=Side.RECIPIENT, converter=_side)
    unlisted: Unlisted = field(default=Unlisted.AFTER, converter=_unlisted)

    def parameters(self) -> Mapping[str, object]:
        """Return who proposes and what it means not to be listed."""
        return {"proposing": self.proposing.value, "unlisted": self.unlisted.value}

    def solve(self, problem: MatchingProblem) -> Solution:
        """Return a stable matching, with what it is stable about."""
        told = _whole(problem, self.unlisted)
        acceptable = told.acceptable
        count = int(np.count_nonzero(acceptable))
        wanted, taken = _set_aside(problem, acceptable)
        down, across = _lists(problem, told, acceptable)
        if self.proposing is Side.RECIPIENT:
            found = deferred_acceptance(down.orders, across.orders, wanted, taken)
        else:
            found = [(i, j) for j, i in deferred_acceptance(across.orders, down.orders, taken, wanted)]
        pairs = [(problem.recipients[i], problem.providers[j]) for i, j in found]
        proof = NoBlockingPair(self.unlisted if leave_open(problem) else None, count)
        return Solution((*pairs, *problem.locked), certificate=proof, notes=_notes(problem, down, across))


def _whole(problem: MatchingProblem, unlisted: Unlisted) -> Preferences:
    """Return the preferences that count, of all people at once."""
    parts = [told for _, told in in_blocks(problem, unlisted)]
    if len(parts) == 1:
        return parts[0]
    none = np.zeros((0, len(problem.providers)), dtype=np.int64)
    return Preferences(
        np.concatenate([none, *(told.recipients for told in parts)]),
        np.concatenate([none, *(told.providers for told in parts)]),
    )


def _set_aside(problem: MatchingProblem, acceptable: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """Take the locked pairs out of those that are acceptable, and return the places they leave."""
    wanted, taken = list(problem.demand), list(problem.capacity)
    for recipient, provider in problem.locked:
        i, j = problem.row[recipient], problem.column[provider]
        acceptable[i, j] = False
        wanted[i] -= 1
        taken[j] -= 1
    return wanted, taken


@frozen(eq=False)
class _Lists:
    """The lists of one side after ties are broken.

    Attributes:
        orders: For each person the positions of those she accepts, best first.
        tied: How many people rank some equal.
    """

    orders: list[Places]
    tied: int

    @classmethod
    def of(cls, ranks: Ranks, acceptable: NDArray[np.bool_], ahead: NDArray[np.int64], lots: Lots) -> _Lists:
        """Return the lists of people down the rows; equals go by ``ahead``, higher first, then by lot."""
        orders, tied = [], 0
        for i in range(len(ranks)):
            who = np.flatnonzero(acceptable[i])
            mine = ranks[i, who]
            order = np.argsort(mine)
            told = mine[order]
            if (told[1:] == told[:-1]).any():
                order = np.lexsort((lots(i, who), -ahead[who], mine))
                tied += 1
            orders.append(who[order].astype(np.int32))
        return cls(orders, tied)


def _lists(problem: MatchingProblem, told: Preferences, acceptable: NDArray[np.bool_]) -> tuple[_Lists, _Lists]:
    left, right = problem.lottery_keys()
    nobody_first = np.zeros(len(problem.providers), dtype=np.int64)
    return (
        _Lists.of(told.recipients, acceptable, nobody_first, lambda i, who: lottery(left[[i]], right[who], _LUCK_BITS)),
        _Lists.of(
            np.ascontiguousarray(told.providers.T),
            np.ascontiguousarray(acceptable.T),
            np.array(problem.priority, dtype=np.int64),
            lambda j, who: lottery(left[who], right[[j]], _LUCK_BITS),
        ),
    )


def deferred_acceptance(
    proposers: Sequence[Places], receivers: Sequence[Places], wanted: Sequence[int], taken: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the pairs (proposer, receiver) that deferred acceptance ends with.

    Args:
        proposers: For each proposer the receivers she accepts, best first.
        receivers: For each receiver the proposers she accepts, best first.
        wanted: How many receivers each proposer wants.
        taken: How many proposers each receiver takes.
    """
    asking = [iter(order.data) for order in proposers]
    places = [_places(order, len(proposers)) for order in receivers]
    held: list[list[tuple[int, int]]] = [[] for _ in receivers]  # the worst comes first
    free = [i for i, order in enumerate(proposers) for _ in range(min(wanted[i], len(order)))]
    while free:
        i = free.pop()
        for j in asking[i]:
            proposal = (-places[j][i], i)
            if len(held[j]) < taken[j]:
                heappush(held[j], proposal)
                break
            if held[j] and proposal > held[j][0]:
                free.append(heapreplace(held[j], proposal)[1])
                break
    return sorted((i, j) for j, proposals in enumerate(held) for _, i in proposals)


def _places(order: Places, count: int) -> memoryview:
    """Return the place of everybody in an order."""
    place = np.zeros(count, dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place.data


def _notes(problem: MatchingProblem, down: _Lists, across: _Lists) -> tuple[str, ...]:
    stated = "the lists that were stated" if problem.preferences is not None else "the scores, for both sides alike"
    tied, locked = down.tied + across.tied, len(problem.locked)
    ties = f"Ties on {tied} {'list' if tied == 1 else 'lists'} were broken by priority and lot, seed {problem.seed}."
    aside = f"{locked} locked {'pair was' if locked == 1 else 'pairs were'} set aside; the others are stable without."
    return (f"The preferences are {stated}.", *([ties] if tied else []), *([aside] if locked else []))
