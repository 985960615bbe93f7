"""Shortlists: the best few candidates for every recipient, such that nobody is advertised to everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import read_only
from devrel.matching._numbers import number_of
from devrel.matching.asked import judged_pairs
from devrel.matching.problem import MatchingProblem
from devrel.matching.strategies.optimal import best
from devrel.matching.worth import Objective

_MOST = 100


@frozen(repr=False)
class Shortlists:
    """A list of candidates for every recipient, the best first.

    Attributes:
        lists: The ids of the candidates by the recipient's id; an empty list where nobody is eligible, or no place was
            left on any list.
        most: On how many lists each provider may stand.
    """

    lists: Mapping[str, tuple[str, ...]] = field(converter=read_only)
    most: Mapping[str, int] = field(converter=read_only)

    @property
    def counts(self) -> dict[str, int]:
        """On how many lists each provider stands."""
        found = Counter(provider for listed in self.lists.values() for provider in listed)
        return {provider: found[provider] for provider in self.most}

    def to_text(self, *, width: int = 100) -> str:
        """Return the lists as a table for a terminal, ``width`` columns wide at most."""
        return text_table(_HEADER, self._rows(), width=width)

    def __str__(self) -> str:
        """Return ``to_text()``."""
        return self.to_text()

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Shortlists: {len(self.lists)} lists, {sum(map(len, self.lists.values()))} entries>"

    def _repr_html_(self) -> str:
        return html_table(_HEADER, self._rows(), caption=repr(self)[1:-1])

    def _rows(self) -> list[list[str]]:
        return [[recipient, ", ".join(listed)] for recipient, listed in self.lists.items()]


_HEADER = ("recipient", "candidates, the best first")


def shortlists(problem: MatchingProblem, k: int, most: int | None = None) -> Shortlists:
    """Return the ``k`` best candidates of every recipient, nobody on more lists than her capacity allows.

    It is the best matching in which every recipient wants ``k`` partners: first everybody gets somebody to talk to,
    then the lists are filled, then the total score decides; ties are drawn by lot. Whoever takes c people stands on c
    times k lists at most: if each recipient chooses one of her k, about c choose her.

    Args:
        problem: The problem; locked pairs and minimum loads are left aside.
        k: How long a list is at most.
        most: On how many lists a provider stands at most, for everybody who has a place; k times her capacity unless
            given.

    Raises:
        InvalidValue: For a length or a limit out of range.

    >>> problem = MatchingProblem.from_scores([[9, 8, 1], [9, 1, 8], [9, 8, 7]])
    >>> dict(shortlists(problem, 2).lists)
    {'r0': ('p0', 'p1'), 'r1': ('p0', 'p2'), 'r2': ('p1', 'p2')}
    """
    k = number_of("k", k, 1, _MOST, "longer lists are not read")
    most = None if most is None else number_of("most", most, 1, _MOST * _MOST)
    limits = tuple(0 if not seats else k * seats if most is None else most for seats in problem.capacity)
    wide = problem.with_changes(
        demand=tuple(k if wanted else 0 for wanted in problem.demand),
        capacity=limits,
        minimum=(0,) * len(limits),
        budget=(None,) * len(limits),
        locked=(),
        objective=Objective.COVER,
    )
    lists: dict[str, list[str]] = {
        person: [] for person, wanted in zip(problem.recipients, problem.demand, strict=True) if wanted
    }
    for recipient, provider in _best_first(problem, best(wide).pairs):
        lists[recipient].append(provider)
    return Shortlists(
        {person: tuple(listed) for person, listed in lists.items()},
        {person: limit for person, limit in zip(problem.providers, limits, strict=True) if limit},
    )


def _best_first(problem: MatchingProblem, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    rows = np.array([problem.row[recipient] for recipient, _ in pairs], dtype=np.intp)
    columns = np.array([problem.column[provider] for _, provider in pairs], dtype=np.intp)
    points = judged_pairs(problem, rows, columns)[1]
    return [pairs[k] for k in np.lexsort((columns, -points, rows)).tolist()]  # the order of positions is that of ids
