"""Refuses problems whose own demands no answer can meet, with a witness."""

from __future__ import annotations

from collections import Counter

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from devrel.errors import InfeasibleProblem
from devrel.kinds import Side
from devrel.matching.problem import MatchingProblem
from devrel.matching.table import Places

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
    """Return providers who together need more recipients than they can get, or None (max-flow min-cut, Hall 1935).

    The network starts with a few recipients for each provider. Providers who cannot get enough of them are given more,
    beyond all recipients they can reach already; when there are no more, their need is the witness.
    """
    needy = np.flatnonzero(np.array(problem.minimum) > 0)
    network = _Network(problem, needy, _NOBODY, _NOBODY)
    short, beyond, more = needy, np.ones(problem.shape[0], dtype=np.bool_), _MORE
    while True:
        rows, columns = _further(problem, network, short, beyond, more)
        if not len(rows):
            return _witness(problem, short, beyond)
        network = evolve(
            network, rows=np.concatenate([network.rows, rows]), columns=np.concatenate([network.columns, columns])
        )
        cut = network.cut()
        if cut is None:
            return None
        short, beyond = cut
        more *= 2


_NOBODY: Places = np.zeros(0, dtype=np.intp)
_MORE = 8
"""So many recipients are given to a provider at first."""
_ROWS, _COLUMNS = 512, 256
"""So many recipients are looked at for so many providers at once."""
_SCATTER = 2_654_435_761, 40_503, 65_521
"""Two factors and a prime that scatter pairs, so that providers are given different recipients."""


@frozen(eq=False)
class _Network:
    """From the minimum loads of some providers through eligible pairs to the demands.

    Attributes:
        problem: The problem.
        needy: The positions of the providers who have a minimum.
        rows: The positions of the recipients of the pairs.
        columns: The positions of their providers.
    """

    problem: MatchingProblem
    needy: Places
    rows: Places
    columns: Places

    def cut(self) -> tuple[Places, NDArray[np.bool_]] | None:
        """Return the providers who cannot get enough, and the recipients whom they cannot reach; None if all can."""
        people, needy = self.problem.shape[0], len(self.needy)
        end, least = 1 + needy + people, np.array(self.problem.minimum)[self.needy]
        theirs = 1 + np.searchsorted(self.needy, self.columns)
        start = np.concatenate([np.zeros(needy, int), theirs, 1 + needy + np.arange(people)])
        stop = np.concatenate([1 + np.arange(needy), 1 + needy + self.rows, np.full(people, end)])
        size = np.concatenate([least, np.ones(len(theirs), int), self.problem.demand]).astype(np.int32)
        graph = csr_array((size, (start, stop)), shape=(end + 1, end + 1))
        flow = maximum_flow(graph, 0, end)
        if flow.flow_value == least.sum():
            return None
        left = csr_array(graph - flow.flow)
        left.eliminate_zeros()
        reached = np.zeros(end + 1, dtype=np.bool_)
        reached[breadth_first_order(left, 0, return_predecessors=False)] = True
        return self.needy[reached[1 : 1 + needy]], ~reached[1 + needy : end]


def _further(
    problem: MatchingProblem, network: _Network, short: Places, beyond: NDArray[np.bool_], more: int
) -> tuple[Places, Places]:
    """Return, for each of some providers, up to so many pairs with recipients beyond that are not in the network."""
    found = [(_NOBODY, _NOBODY)]
    people = np.flatnonzero(beyond)
    for number, start in enumerate(range(0, len(short), _COLUMNS)):
        columns, missing = short[start : start + _COLUMNS], np.full(_COLUMNS, more)[: len(short) - start]
        rows = np.roll(people, -number * _ROWS)  # each begins elsewhere
        for first in range(0, len(rows), _ROWS):
            some = rows[first : first + _ROWS]
            chosen = _drawn(_new(problem, network, some, columns), some, columns, missing)
            found.append((some[chosen[0]], columns[chosen[1]]))
            missing = missing - np.bincount(chosen[1], minlength=len(columns))
            columns, missing = columns[missing > 0], missing[missing > 0]
            if not len(columns):
                break
    rows, columns = (np.concatenate(ends) for ends in zip(*found, strict=True))
    return rows, columns


def _new(problem: MatchingProblem, network: _Network, rows: Places, columns: Places) -> NDArray[np.bool_]:
    """Return which pairs of a block are eligible and not in the network."""
    able = problem.judged_at(rows, columns)[0].copy()
    places = np.full(problem.shape[0], -1), np.full(problem.shape[1], -1)
    places[0][rows], places[1][columns] = np.arange(len(rows)), np.arange(len(columns))
    down, across = places[0][network.rows], places[1][network.columns]
    inside = (down >= 0) & (across >= 0)
    able[down[inside], across[inside]] = False
    return able


def _drawn(able: NDArray[np.bool_], rows: Places, columns: Places, missing: NDArray[np.intp]) -> tuple[Places, Places]:
    """Return, for each provider, as many of the pairs of a block as she is missing, scattered over the recipients."""
    scattered = (rows[:, None] * _SCATTER[0] + columns[None, :] * _SCATTER[1]) % _SCATTER[2]
    order = np.argsort(np.where(able, scattered, _SCATTER[2]), axis=0, kind="stable")
    wanted = np.arange(len(rows))[:, None] < np.minimum(missing, able.sum(axis=0))[None, :]
    place, across = np.nonzero(wanted)
    return order[place, across], across


def _witness(
    problem: MatchingProblem, short: Places, beyond: NDArray[np.bool_]
) -> tuple[list[str], list[str], int, int]:
    """Return providers, all recipients they are eligible with, what they need, and what they can get."""
    wanted = np.zeros(problem.shape[0], dtype=np.int64)
    for start in range(0, len(wanted), _ROWS):
        rows = np.arange(start, min(start + _ROWS, len(wanted)))
        wanted[rows] = problem.judged_at(rows, short)[0].sum(axis=1)
    most = np.array(problem.demand, dtype=np.int64)
    return (
        [problem.providers[column] for column in short.tolist()],
        [problem.recipients[row] for row in np.flatnonzero(wanted).tolist()],
        sum(problem.minimum[column] for column in short.tolist()),
        int(np.where(beyond, np.minimum(wanted, most), np.where(wanted > 0, most, 0)).sum()),
    )
