"""What proves that a matching is stable: over all pairs, nobody would leave it together with somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel._records import a, at_least, optional
from devrel.matching.certificate import Certificate, Pairs
from devrel.matching.preferences import Preferences, PreferenceTable, Ranks, Unlisted, in_blocks, leave_open

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem

Mask = NDArray[np.bool_]

_SHOWN = 5
_NOTHING = -1
"""Nobody is better than this: what somebody holds who has no place to give."""


@frozen
class NoBlockingPair(Certificate):
    """Tells whose preferences a stable matching is about; the proof is to look at every pair of the problem.

    Two people block a matching when they may be matched and are not, and each would rather have the other than an
    empty place of hers or the worst of her partners (Gale and Shapley 1962; of people with several places, Gusfield
    and Irving 1989). A matching without such a pair, in which nobody has a partner whom she does not accept, is
    stable. *Rather* means strictly better: with ties the matching is weakly stable (Irving 1994). Locked pairs are
    left out, with the places they take.

    Attributes:
        unlisted: What it means not to be listed; None where nobody who may be matched is left unlisted, as there are
            no lists or whole ones.
        acceptable: How many pairs accept each other and may be matched.
    """

    claim = "no two people would both rather have each other"

    unlisted: Unlisted | None = field(validator=optional(a(Unlisted)))
    acceptable: int = field(validator=at_least(0))

    def flaws(self, problem: MatchingProblem, pairs: Pairs) -> list[str]:
        """Return the pairs that block, and what is wrong with the certificate, block by block."""
        if (self.unlisted is not None) is not leave_open(problem):
            return ["the certificate is about other preferences than the problem's"]
        unlisted = self.unlisted or Unlisted.AFTER
        held = _Held(problem, pairs)
        unwanted = [flaw for part, told in in_blocks(problem, unlisted) for flaw in held.add(part, told)]
        count, blocking = 0, list[str]()
        for part, told in in_blocks(problem, unlisted):
            count += int(np.count_nonzero(told.acceptable))
            blocking += held.blocking(part, told)
        wrong = [] if count == self.acceptable else [f"{count} pairs accept each other, not {self.acceptable}"]
        return [*wrong, *unwanted[:_SHOWN], *blocking[:_SHOWN]]


class _Held:
    """Who has whom, and how good somebody has to be to be better than the worst of them.

    Attributes:
        rows: The positions of the recipients of the pairs that are not locked.
        columns: The positions of their providers.
        down: For each recipient the rank that is to be beaten.
        across: The same for each provider.
    """

    def __init__(self, problem: MatchingProblem, pairs: Pairs) -> None:
        self._problem = problem
        self._all = _positions(problem, sorted(set(pairs) | problem.locked))
        self.rows, self.columns = _positions(problem, sorted(set(pairs) - problem.locked))
        self.down = _to_beat(problem.demand, self._all[0])
        self.across = _to_beat(problem.capacity, self._all[1])

    def add(self, part: slice, told: Preferences) -> list[str]:
        """Take the partners of a block into account; return who has somebody she does not accept."""
        here = (self.rows >= part.start) & (self.rows < part.stop)
        rows, columns = self.rows[here], self.columns[here]
        down, across = told.recipients[rows - part.start, columns], told.providers[rows - part.start, columns]
        np.maximum.at(self.down, rows, down)
        np.maximum.at(self.across, columns, across)
        bad = np.flatnonzero((down == Preferences.NOT_LISTED) | (across == Preferences.NOT_LISTED))
        return [f"{self._named(rows[i], columns[i])} do not accept each other" for i in bad[:_SHOWN]]

    def blocking(self, part: slice, told: Preferences) -> list[str]:
        """Return the pairs of a block that block."""
        better = (told.recipients < self.down[part, None]) & (told.providers < self.across[None, :])
        here = (self._all[0] >= part.start) & (self._all[0] < part.stop)
        better[self._all[0][here] - part.start, self._all[1][here]] = False
        found = np.argwhere(better)[:_SHOWN]
        return [f"{self._named(i + part.start, j)} would both rather have each other" for i, j in found]

    def _named(self, i: int, j: int) -> str:
        return f"{self._problem.recipients[i]!r} and {self._problem.providers[j]!r}"


def _positions(problem: MatchingProblem, pairs: Pairs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return (
        np.array([problem.row[recipient] for recipient, _ in pairs], dtype=np.intp),
        np.array([problem.column[provider] for _, provider in pairs], dtype=np.intp),
    )


def _to_beat(places: Sequence[int], taken: NDArray[np.intp]) -> Ranks:
    """Return what beats an empty place, which is everybody acceptable, and what beats no place at all: nobody."""
    loads = np.bincount(taken, minlength=len(places))
    return np.where(loads < np.array(places, dtype=np.int64), Preferences.NOT_LISTED, _NOTHING)


@frozen(eq=False)
class KeptApart:
    """Tells which pairs nothing but preferences keeps apart.

    Attributes:
        problem: The problem.
        stated: The preferences without which nobody is matched; None where there are none.
        speaking: Which recipients and which providers list anybody.
    """

    problem: MatchingProblem
    stated: Preferences | None
    speaking: tuple[Mask, Mask] | None

    @classmethod
    def by(cls, problem: MatchingProblem, certificate: Certificate | None) -> KeptApart:
        """Return what the preferences of a problem keep apart in an answer with that certificate."""
        never = isinstance(certificate, NoBlockingPair) and certificate.unlisted is Unlisted.NEVER
        stated = problem.preferences if never else None
        return cls(problem, stated, None if stated is None else stated.speaking)

    def at(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Mask:
        """Return which pairs of some recipients and some providers are kept apart."""
        grid, table = np.ix_(rows, columns), self.problem.table
        apart = np.zeros((len(rows), len(columns)), dtype=np.bool_)
        if isinstance(table, PreferenceTable):
            apart |= ~table.eligible[grid]
        if self.stated is not None and self.speaking is not None:
            mine = (self.stated.recipients[grid] != Preferences.NOT_LISTED) | ~self.speaking[0][rows, None]
            theirs = (self.stated.providers[grid] != Preferences.NOT_LISTED) | ~self.speaking[1][None, columns]
            apart |= self.problem.judged_at(rows, columns)[0] & ~(mine & theirs)
        return apart
