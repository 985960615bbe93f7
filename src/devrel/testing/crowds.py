"""People who are all alike, of whom some are left out: over the seeds, each is chosen as often as the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import sqrt

from attrs import evolve, frozen

from devrel.testing.drafts import Draft, Pairs

_SEEDS = 150
_DEVIATIONS = 5
"""So many standard deviations from the mean are no chance any more: it is further in less than one of a million."""


@frozen
class Crowd:
    """A problem with people who are alike.

    Attributes:
        draft: The problem.
        sides: On which sides of a pair those who are alike stand.
        who: What they are called.
    """

    draft: Draft
    sides: tuple[int, ...]
    who: str

    @property
    def count(self) -> int:
        """How many are alike."""
        return self.draft.shape[self.sides[0]]


def crowds(*, pool: bool) -> tuple[Crowd, ...]:
    """Return the crowds of either side, or of a pool: three for one place, and five for more than one."""
    if pool:
        return tuple(Crowd(pool_of(count), (0, 1), "peers") for count in (3, 5))
    shapes = ((3, 1), (5, 3))
    return (
        *(Crowd(_all_alike(many, few), (0,), "recipients") for many, few in shapes),
        *(Crowd(_all_alike(few, many), (1,), "providers") for many, few in shapes),
    )


def pool_of(count: int) -> Draft:
    """Return a pool of so many people who are alike."""
    scores = tuple(tuple(None if i == j else 1 for j in range(count)) for i in range(count))
    return Draft(scores, (1,) * count, (0,) * count, (1,) * count, pool=True)


def _all_alike(rows: int, columns: int) -> Draft:
    return Draft(((1,) * columns,) * rows, (1,) * columns, (0,) * columns, (1,) * rows)


def uneven(crowd: Crowd, answer: Callable[[Draft], Pairs]) -> str:
    """Return how often each is chosen over the seeds, where that is no chance."""
    chosen: Counter[int] = Counter()
    for seed in range(_SEEDS):
        pairs = answer(evolve(crowd.draft, seed=seed))
        chosen.update({pair[side] for pair in pairs for side in crowd.sides})
    times = [chosen[one] for one in range(crowd.count)]
    mean = sum(times) / crowd.count
    share = mean / _SEEDS
    apart = _DEVIATIONS * sqrt(_SEEDS * share * (1 - share))
    if all(abs(one - mean) <= apart for one in times):
        return ""
    return f"of {crowd.count} {crowd.who} who are alike, they are chosen {times} times in {_SEEDS} seeds"
