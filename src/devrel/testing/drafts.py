"""Small matching problems in plain numbers, and what an answer to one is worth; shares no code with any strategy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from devrel.matching.preferences import Preferences, Unlisted
from devrel.matching.problem import MatchingProblem
from devrel.matching.worth import Objective

Pairs = Sequence[tuple[int, int]]
"""Pairs of positions: recipient, provider."""

Lists = tuple[tuple[int | None, ...], ...]
"""For each person of one side the ranks of those of the other side, the smaller the better; None who is not listed."""


@frozen
class Draft:
    """A small problem, from which a ``MatchingProblem`` is made.

    Attributes:
        scores: A row for each recipient, a number for each provider; None where the two may not be matched.
        capacity: How many each provider takes at most.
        minimum: How many each provider takes at least.
        demand: How many each recipient wants.
        locked: Pairs that have to be in the answer.
        objective: What the best answer is.
        seed: The seed of the lottery.
        pool: Whether it is one pool: the scores are square and symmetric, pairs have the lower position first, and
            ``demand`` and ``capacity`` are the same.
        minutes: How many minutes a partner of each recipient spends; empty where hours do not count.
        budget: How many minutes each provider has, None where heads alone count; empty where hours do not count.
        priority: Who is served first, higher first; empty where nobody is.
        lists: How the recipients rank the providers, and the providers the recipients; None where nobody states it.
        incumbent: Pairs that stand already; they may be any.
        unlisted: What it means not to be listed; it is not part of the problem, but of how an answer is judged.
    """

    scores: tuple[tuple[int | None, ...], ...]
    capacity: tuple[int, ...]
    minimum: tuple[int, ...]
    demand: tuple[int, ...]
    locked: tuple[tuple[int, int], ...] = ()
    objective: Objective = Objective.COVER
    seed: int = 0
    pool: bool = False
    minutes: tuple[int, ...] = ()
    budget: tuple[int | None, ...] = ()
    priority: tuple[int, ...] = ()
    lists: tuple[Lists, Lists] | None = None
    incumbent: tuple[tuple[int, int], ...] = ()
    unlisted: Unlisted = Unlisted.AFTER

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of recipients and of providers."""
        return len(self.demand), len(self.capacity)

    @property
    def edges(self) -> list[tuple[int, int]]:
        """The pairs that may be matched."""
        found = [(i, j) for i, row in enumerate(self.scores) for j, score in enumerate(row) if score is not None]
        return [(i, j) for i, j in found if i < j] if self.pool else found

    def problem(self) -> MatchingProblem:
        """Return the problem; the people are called r0, r1, ... and p0, p1, ...; of a pool, all are p0, p1, ..."""
        scores = np.array([[score or 0 for score in row] for row in self.scores], dtype=np.int64).reshape(self.shape)
        allowed = np.array([[score is not None for score in row] for row in self.scores], bool).reshape(self.shape)
        if self.pool:
            plain = MatchingProblem.from_pool(scores=scores, eligible=allowed, capacity=list(self.demand))
        else:
            plain = MatchingProblem.from_scores(
                scores,
                eligible=allowed,
                capacity=list(self.capacity),
                minimum=list(self.minimum),
                demand=list(self.demand),
            )
        return plain.with_changes(objective=self.objective, seed=self.seed, **self._stated(plain))

    def _stated(self, plain: MatchingProblem) -> dict[str, Any]:
        """Return the fields of the problem that say more than who may be matched, how often and how well."""
        stated: dict[str, Any] = {
            name: [(plain.recipients[i], plain.providers[j]) for i, j in pairs]
            for name, pairs in (("locked", self.locked), ("incumbent", self.incumbent))
        }
        for name in ("minutes", "budget", "priority"):
            if told := getattr(self, name):
                stated[name] = told
        if self.lists is not None:
            ours, theirs = map(_ranks, self.lists)
            stated["preferences"] = Preferences(ours.reshape(self.shape), theirs.reshape(self.shape[::-1]).T)
        return stated

    def turned(self) -> Draft:
        """Return the same problem with everybody in the opposite order."""
        rows, columns = self.shape
        return evolve(
            self,
            scores=tuple(row[::-1] for row in self.scores[::-1]),
            capacity=self.capacity[::-1],
            minimum=self.minimum[::-1],
            demand=self.demand[::-1],
            locked=tuple(self.in_order(rows - 1 - i, columns - 1 - j) for i, j in self.locked),
            minutes=self.minutes[::-1],
            budget=self.budget[::-1],
            priority=self.priority[::-1],
            lists=None if self.lists is None else (_turned(self.lists[0]), _turned(self.lists[1])),
            incumbent=tuple(self.in_order(rows - 1 - i, columns - 1 - j) for i, j in self.incumbent),
        )

    def in_order(self, i: int, j: int) -> tuple[int, int]:
        """Return a pair as it is kept: of a pool, the lower position comes first."""
        return (min(i, j), max(i, j)) if self.pool else (i, j)

    def loads(self, pairs: Pairs) -> tuple[Counter[int], Counter[int]]:
        """Return how many partners each recipient and each provider has; in a pool both are all of hers."""
        if self.pool:
            everybody = Counter(person for pair in pairs for person in pair)
            return everybody, everybody
        return Counter(i for i, _ in pairs), Counter(j for _, j in pairs)

    def spent(self, pairs: Pairs) -> Counter[int]:
        """Return how many minutes each provider spends on all her recipients."""
        spent: Counter[int] = Counter()
        for i, j in pairs if self.minutes else ():
            spent[j] += self.minutes[i]
        return spent

    def overspent(self, pairs: Pairs) -> list[int]:
        """Return the providers who spend more minutes than they have."""
        spent = self.spent(pairs)
        return [j for j, most in enumerate(self.budget) if most is not None and spent[j] > most]

    def allows(self, pairs: Pairs) -> bool:
        """Whether an answer keeps everything that the problem demands."""
        served, loads = self.loads(pairs)
        return (
            len(set(pairs)) == len(pairs)
            and set(pairs) <= set(self.edges)
            and set(self.locked) <= set(pairs)
            and not self.overspent(pairs)
            and all(served[i] <= most for i, most in enumerate(self.demand))
            and all(
                low <= loads[j] <= top for j, (low, top) in enumerate(zip(self.minimum, self.capacity, strict=True))
            )
        )

    def score(self, i: int, j: int) -> int:
        """Return the score of two people; 0 where they may not be matched."""
        return self.scores[i][j] or 0

    def worth(self, pairs: Pairs) -> tuple[int, ...]:
        """Return what an answer is worth for the objective, in the order of ``counts``."""
        served = self.loads(pairs)[0]
        total = sum(self.score(i, j) for i, j in pairs)
        if self.objective is Objective.SCORE:
            return total, len(pairs), len(served)
        first = sum(self.priority[i] for i in served) if self.priority else 0
        return len(served), first, len(pairs), total

    @property
    def counts(self) -> str:
        """What counts for the objective, the most important first."""
        return "total, pairs, served" if self.objective is Objective.SCORE else "served, priority, pairs, total"

    def best(self) -> tuple[tuple[int, int], ...]:
        """Return an answer than which none is worth more, found by trying all."""
        return max(filter(self.allows, self._answers()), key=self.worth)

    def _answers(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """Yield every answer that keeps capacities and demands, and more."""
        found: list[tuple[tuple[int, int], ...]] = [()]
        for i, j in self.edges:
            found += [(*pairs, (i, j)) for pairs in found if self.has_room(pairs, i, j)]
        return iter(found)

    def has_room(self, pairs: Pairs, i: int, j: int) -> bool:
        """Whether two people have a place left for each other, and the hours."""
        served, loads = self.loads(pairs)
        return served[i] < self.demand[i] and loads[j] < self.capacity[j] and not self.overspent([*pairs, (i, j)])

    def accepts(self, i: int, j: int) -> bool:
        """Whether two people accept each other, going by their lists."""
        return _OUT not in (self._likes(0, i, j), self._likes(1, j, i))

    def blocking(self, pairs: Pairs) -> Iterator[tuple[int, int]]:
        """Yield the pairs that would both rather have each other than what they have (Gale and Shapley 1962).

        Rather means strictly: than an empty place, or than the worst of those whom somebody has.
        """
        for i, j in self.edges:
            if (
                (i, j) not in pairs
                and self.accepts(i, j)
                and self._wants(pairs, 0, i, j)
                and self._wants(pairs, 1, j, i)
            ):
                yield i, j

    def _wants(self, pairs: Pairs, side: int, one: int, other: int) -> bool:
        """Whether somebody of one side would rather have somebody of the other than what she has."""
        takes = self.capacity[one] if side else self.demand[one]
        has = [pair[1 - side] for pair in pairs if pair[side] == one]
        if self.pool:
            has += [pair[side] for pair in pairs if pair[1 - side] == one]
        if len(has) < takes:
            return True
        return takes > 0 and self._likes(side, one, other) > min(self._likes(side, one, mine) for mine in has)

    def _likes(self, side: int, one: int, other: int) -> tuple[int, int]:
        """Return how much somebody of one side likes somebody of the other: her list first, then the score."""
        score = self.score(other, one) if side else self.score(one, other)
        if self.lists is None:
            return 1, score
        mine = self.lists[side][one]
        rank = mine[other]
        if rank is not None:
            return 2, -rank
        speaks = any(told is not None for told in mine)
        return _OUT if speaks and self.unlisted is Unlisted.NEVER else (1, score)

    def __str__(self) -> str:
        """Return the problem as a table of scores, and what else is not as usual."""
        head = ["", *(f"p{j}" for j in range(self.shape[1]))]
        rows = [[f"{self._left}{i}", *map(_shown, row)] for i, row in enumerate(self.scores)]
        table = "\n".join("".join(f"{cell:>6}" for cell in row) for row in [head, *rows])
        told = "; ".join(f"{name} {told}" for name, told in self._facts().items() if told)
        return f"{table}\n{told}"

    @property
    def _left(self) -> str:
        return "p" if self.pool else "r"

    def _facts(self) -> dict[str, str]:
        """Return what is not as usual, by its name."""
        return {
            "demand": "" if self.pool or set(self.demand) <= {1} else _row(self.demand),
            "capacity": "" if set(self.capacity) <= {1} else _row(self.capacity),
            "minimum": _row(self.minimum) if any(self.minimum) else "",
            "minutes": _row(self.minutes),
            "budget": _row(self.budget),
            "priority": _row(self.priority),
            "locked": self._named(self.locked),
            "incumbent": self._named(self.incumbent),
            "lists": self._listed(),
            "objective": self.objective.value,
            "seed": str(self.seed),
            "one": "pool" if self.pool else "",
        }

    def _named(self, pairs: Pairs) -> str:
        return ", ".join(f"{self._left}{i} with p{j}" for i, j in pairs)

    def _listed(self) -> str:
        """Return what people state: who comes before whom, and who is equal."""
        sides = zip("rp", "pr", self.lists or (), strict=False)
        return ", ".join(
            f"{mine}{one}: {_order(ranks, others)}"
            for mine, others, lists in sides
            for one, ranks in enumerate(lists)
            if set(ranks) != {None}
        )


_OUT = (0, 0)
"""How much somebody is liked who is out of the question."""


def _ranks(lists: Lists) -> NDArray[np.int64]:
    return np.array([[Preferences.NOT_LISTED if rank is None else rank for rank in row] for row in lists], np.int64)


def _turned(lists: Lists) -> Lists:
    return tuple(row[::-1] for row in lists[::-1])


def _shown(number: int | None) -> str:
    return "-" if number is None else str(number)


def _row(numbers: Iterable[int | None]) -> str:
    return ", ".join(map(_shown, numbers))


def _order(ranks: Sequence[int | None], others: str) -> str:
    """Return a list in words, best first: ``p1 > p0 = p2``."""
    stated = sorted({rank for rank in ranks if rank is not None})
    tiers = ([f"{others}{one}" for one, mine in enumerate(ranks) if mine == rank] for rank in stated)
    return " > ".join(" = ".join(tier) for tier in tiers)
