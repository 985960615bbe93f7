"""Round by round: nobody hosts a second guest before everybody who can has hosted a first."""

from __future__ import annotations

from collections.abc import Iterator

from devrel.matching import Claim, Feature, MatchingProblem, MatchingStrategy


class RoundByRound(MatchingStrategy):
    """Lets the guests choose in turn, round by round, so that the guests are spread over the hosts.

    1. The guests stand in line, in an order drawn by lot.
    2. In the first round a host takes one guest. Each guest in turn chooses the best host who is free.
    3. In the next round a host takes one guest more, and so on until nobody can choose any more.

    The first in line may take the only host whom the second could have had, so it is not optimal.
    """

    name = "round-by-round"
    supports = frozenset({Feature.CAPACITY, Feature.DEMAND})
    claims = frozenset({Claim.MAXIMAL, Claim.FAIR_TIES})

    def solve(self, problem: MatchingProblem) -> Iterator[tuple[str, str]]:
        """Yield the pairs as they are made."""
        lots = problem.lottery_keys()
        line = sorted(range(len(problem.recipients)), key=lambda guest: lots[0][guest])
        taken: set[tuple[int, int]] = set()
        for places in range(1, max(problem.capacity, default=0) + 1):
            while chosen := [pair for guest in line if (pair := _choice(problem, guest, places, taken)) is not None]:
                for guest, host in chosen:
                    yield problem.recipients[guest], problem.providers[host]


def _choice(problem: MatchingProblem, guest: int, places: int, taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the guest with the best host who has a place left in this round, and take it; None where there is none."""
    if sum(one == guest for one, _ in taken) >= problem.demand[guest]:
        return None
    free = [
        host
        for host in range(len(problem.providers))
        if problem.eligible[guest, host]
        and (guest, host) not in taken
        and sum(one == host for _, one in taken) < min(places, problem.capacity[host])
    ]
    if not free:
        return None
    lots = problem.lottery_keys()[1]
    best = max(free, key=lambda host: (problem.points[guest, host], lots[host]))
    taken.add((guest, best))
    return guest, best
