"""Refuses problems whose own demands no answer can meet, with a witness."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from devrel.errors import InfeasibleProblem
from devrel.kinds import Side
from devrel.matching.problem import MatchingProblem

_SHOWN = 5


def refuse_impossible(problem: MatchingProblem) -> None:
    """Refuse locked pairs that are forbidden or too many, and minimum loads that cannot all be reached.

    Raises:
        InfeasibleProblem: Naming the pair or the people, and what to do.
    """
    for recipient, provider in sorted(problem.locked):
        if not problem.is_eligible(recipient, provider):
            raise InfeasibleProblem(f"the locked pair {recipient!r}, {provider!r} may not be matched; unlock it")
    sides: list[tuple[tuple[int, ...], tuple[str, ...], tuple[int, ...]]] = [
        ((0,), problem.recipients, problem.demand),
        ((1,), problem.providers, problem.capacity),
    ]
    for ends, ids, limits in [((0, 1), *sides[0][1:])] if problem.pool else sides:
        counts = Counter(pair[end] for pair in problem.locked for end in ends)
        for person, limit in zip(ids, limits, strict=True):
            if counts[person] > limit:
                raise InfeasibleProblem(f"{person!r} has {counts[person]} locked pairs and takes {limit}; unlock some")
    if any(problem.minimum) and not problem.pool:
        _refuse_minimum(problem)


def _refuse_minimum(problem: MatchingProblem) -> None:
    for person, least, most in zip(problem.providers, problem.minimum, problem.capacity, strict=True):
        if least > most:
            raise InfeasibleProblem(
                f"{person!r} is to have at least {least} and takes at most {most}; raise the latter"
            )
    witness = _unreachable(problem)
    if witness is not None:
        providers, recipients, needed, reached = witness
        be, together = ("is", "") if len(providers) == 1 else ("are", " together")
        title = problem.titles.of(Side.RECIPIENT, needed)
        whom = _listed(recipients) if recipients else "nobody is eligible"
        raise InfeasibleProblem(
            f"the minimum loads cannot be reached: {_listed(providers)} {be} to have at least {needed} {title}"
            f"{together}, and at most {reached} can be theirs ({whom}); lower a minimum or allow more pairs"
        )


def _listed(people: list[str]) -> str:
    more = len(people) - _SHOWN
    return ", ".join(map(repr, people[:_SHOWN])) + (f" and {more} more" if more > 0 else "")


def _unreachable(problem: MatchingProblem) -> tuple[list[str], list[str], int, int] | None:
    """Return providers who together need more recipients than they can get, or None (max-flow min-cut, Hall 1935)."""
    columns = len(problem.providers)
    flow, graph = _flow(problem)
    needed = sum(problem.minimum)
    if flow.flow_value == needed:
        return None
    left = csr_array(graph - flow.flow)
    left.eliminate_zeros()
    reached = breadth_first_order(left, 0, return_predecessors=False)
    providers = sorted(int(node) - 1 for node in reached if 1 <= node <= columns)
    inside = set(reached.tolist())
    least, most = problem.minimum, problem.demand
    recipients = np.flatnonzero(problem.eligible[:, providers].any(axis=1))
    supply = 0
    for row in recipients.tolist():
        wanted = int(problem.eligible[row, providers].sum())
        supply += most[row] if 1 + columns + row in inside else min(wanted, most[row])
    return (
        [problem.providers[column] for column in providers],
        [problem.recipients[row] for row in recipients],
        sum(least[column] for column in providers),
        supply,
    )


def _flow(problem: MatchingProblem) -> tuple[Any, Any]:
    """Return the greatest flow from the minimum loads through eligible pairs to the demands, and its network."""
    rows, columns = problem.shape
    places = np.argwhere(problem.eligible.T)
    end = 1 + columns + rows
    start = np.concatenate([np.zeros(columns, int), 1 + places[:, 0], 1 + columns + np.arange(rows)])
    stop = np.concatenate([1 + np.arange(columns), 1 + columns + places[:, 1], np.full(rows, end)])
    size = np.concatenate([problem.minimum, np.ones(len(places), int), problem.demand]).astype(np.int32)
    graph = csr_array((size, (start, stop)), shape=(end + 1, end + 1))
    return maximum_flow(graph, 0, end), graph
