"""Small matching problems in plain numbers, and what an answer to one is worth; shares no code with any strategy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from attrs import evolve, frozen
from hypothesis import strategies as st

from devrel.matching.problem import MatchingProblem
from devrel.matching.strategy import Feature
from devrel.matching.worth import Objective

Pairs = Sequence[tuple[int, int]]
"""Pairs of positions: recipient, provider."""

_HIGHEST = (1, 3, 1_000)


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
    """

    scores: tuple[tuple[int | None, ...], ...]
    capacity: tuple[int, ...]
    minimum: tuple[int, ...]
    demand: tuple[int, ...]
    locked: tuple[tuple[int, int], ...] = ()
    objective: Objective = Objective.COVER
    seed: int = 0
    pool: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of recipients and of providers."""
        return len(self.demand), len(self.capacity)

    @property
    def edges(self) -> list[tuple[int, int]]:
        """The pairs that may be matched."""
        found = [(i, j) for i, row in enumerate(self.scores) for j, score in enumerate(row) if score is not None]
        return [(i, j) for i, j in found if i < j] if self.pool else found

    def problem(
        self, recipients: Sequence[str] | None = None, providers: Sequence[str] | None = None
    ) -> MatchingProblem:
        """Return the problem; the people are called r0, r1, ... and p0, p1, ... unless names are given.

        Of a pool, all are called p0, p1, ...
        """
        if self.pool:
            return self._pool()
        ours = recipients or [f"r{i}" for i in range(self.shape[0])]
        theirs = providers or [f"p{j}" for j in range(self.shape[1])]
        numbers = [[0 if score is None else score for score in row] for row in self.scores]
        return MatchingProblem.from_scores(
            np.array(numbers, dtype=np.int64).reshape(self.shape),
            recipients=ours,
            providers=theirs,
            eligible=np.array([[score is not None for score in row] for row in self.scores], bool).reshape(self.shape),
            capacity=list(self.capacity),
            minimum=list(self.minimum),
            demand=list(self.demand),
            locked=[(ours[i], theirs[j]) for i, j in self.locked],
            objective=self.objective,
            seed=self.seed,
        )

    def _pool(self) -> MatchingProblem:
        ids = [f"p{i}" for i in range(len(self.demand))]
        shape = len(ids), len(ids)
        return MatchingProblem.from_pool(
            scores=np.array([[score or 0 for score in row] for row in self.scores], dtype=np.int64).reshape(shape),
            ids=ids,
            eligible=np.array([[score is not None for score in row] for row in self.scores], bool).reshape(shape),
            capacity=list(self.demand),
            locked=[(ids[i], ids[j]) for i, j in self.locked],
            objective=self.objective,
            seed=self.seed,
        )

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

    def allows(self, pairs: Pairs) -> bool:
        """Whether an answer keeps everything that the problem demands."""
        served, loads = self.loads(pairs)
        return (
            len(set(pairs)) == len(pairs)
            and set(pairs) <= set(self.edges)
            and set(self.locked) <= set(pairs)
            and all(served[i] <= most for i, most in enumerate(self.demand))
            and all(
                low <= loads[j] <= top for j, (low, top) in enumerate(zip(self.minimum, self.capacity, strict=True))
            )
        )

    def score(self, i: int, j: int) -> int:
        """Return the score of two people; 0 where they may not be matched."""
        return self.scores[i][j] or 0

    def worth(self, pairs: Pairs) -> tuple[int, ...]:
        """Return what an answer is worth for the objective, the most important first."""
        total = sum(self.score(i, j) for i, j in pairs)
        if self.objective is Objective.SCORE:
            return total, len(pairs)
        return len(self.loads(pairs)[0]), len(pairs), total

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
        """Whether two people have a place left for each other."""
        served, loads = self.loads(pairs)
        return served[i] < self.demand[i] and loads[j] < self.capacity[j]

    def blocking(self, pairs: Pairs) -> Iterator[tuple[int, int]]:
        """Yield the pairs that would both rather have each other than what they have (Gale and Shapley 1962)."""
        ours, theirs = _partners(pairs, 0), _partners(pairs, 1)
        for i, j in self.edges:
            if (i, j) not in set(pairs):
                mine = [self.score(i, other) for other in ours.get(i, [])]
                its = [self.score(other, j) for other in theirs.get(j, [])]
                if _wants(mine, self.demand[i], self.score(i, j)) and _wants(its, self.capacity[j], self.score(i, j)):
                    yield i, j

    def __str__(self) -> str:
        """Return the problem as a table of scores, and what else is not as usual."""
        head = ["", *(f"p{j}" for j in range(self.shape[1]))]
        left = "p" if self.pool else "r"
        rows = [[f"{left}{i}", *("-" if one is None else str(one) for one in row)] for i, row in enumerate(self.scores)]
        table = "\n".join("".join(f"{cell:>6}" for cell in row) for row in [head, *rows])
        locked = [f"{left}{i} with p{j}" for i, j in self.locked]
        facts = {
            "demand": "" if self.pool or set(self.demand) <= {1} else ", ".join(map(str, self.demand)),
            "capacity": "" if set(self.capacity) <= {1} else ", ".join(map(str, self.capacity)),
            "minimum": ", ".join(map(str, self.minimum)) if any(self.minimum) else "",
            "locked": ", ".join(locked),
            "objective": self.objective.value,
            "seed": str(self.seed),
            "one": "pool" if self.pool else "",
        }
        return f"{table}\n" + "; ".join(f"{name} {told}" for name, told in facts.items() if told)


def _partners(pairs: Pairs, side: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for pair in pairs:
        found.setdefault(pair[side], []).append(pair[1 - side])
    return found


def _wants(has: Sequence[int], takes: int, offered: int) -> bool:
    return takes > 0 and (len(has) < takes or offered > min(has))


@st.composite
def drafts(
    draw: st.DrawFn, supports: Iterable[Feature], *, most: int = 3, objectives: Sequence[Objective] = tuple(Objective)
) -> Draft:
    """Draw small problems that have an answer, with the features that ``supports`` lists and no others.

    There is somebody on either side; capacities and demands of 0 come with every set of features.
    """
    features = frozenset(supports)
    if Feature.POOL in features:
        return draw(_pools(features, most + 2))
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    highest = draw(st.sampled_from(_HIGHEST))
    score = st.integers(0, highest)
    cell = st.one_of(score, score, st.none())
    features = features if draw(st.booleans()) else features - {Feature.CAPACITY, Feature.DEMAND}
    scores = tuple(tuple(draw(cell) for _ in range(columns)) for _ in range(rows))
    demand = _counts(draw, rows, 2 if Feature.DEMAND in features else 1)
    capacity = _counts(draw, columns, 3 if Feature.CAPACITY in features else 1)
    draft = Draft(scores, capacity, (0,) * columns, demand)
    plan = _plan(draw, draft) if features & {Feature.LOCKED, Feature.MINIMUM} else []
    if Feature.MINIMUM in features:
        loads = Counter(j for _, j in plan)
        draft = evolve(draft, minimum=tuple(draw(st.integers(0, loads[j])) for j in range(columns)))
    if Feature.LOCKED in features:
        draft = evolve(draft, locked=tuple(pair for pair in plan if draw(st.booleans())))
    chosen = objectives if Feature.SCORE in features else (Objective.COVER,)
    return evolve(draft, objective=draw(st.sampled_from(chosen)), seed=draw(st.integers(0, 9)))


@st.composite
def _pools(draw: st.DrawFn, features: frozenset[Feature], most: int) -> Draft:
    """Draw a pool of up to ``most`` people, each with one place or none."""
    count, score = draw(st.integers(1, most)), st.integers(0, draw(st.sampled_from(_HIGHEST)))
    half = {(i, j): draw(st.one_of(score, score, st.none())) for i in range(count) for j in range(i + 1, count)}
    scores = tuple(tuple(half.get((min(i, j), max(i, j))) for j in range(count)) for i in range(count))
    places = _counts(draw, count, 1)
    draft = Draft(scores, places, (0,) * count, places, pool=True)
    if Feature.LOCKED in features:
        draft = evolve(draft, locked=tuple(pair for pair in _plan(draw, draft) if draw(st.booleans())))
    chosen = tuple(Objective) if Feature.SCORE in features else (Objective.COVER,)
    return evolve(draft, objective=draw(st.sampled_from(chosen)), seed=draw(st.integers(0, 9)))


def _counts(draw: st.DrawFn, people: int, most: int) -> tuple[int, ...]:
    """Return how many each takes: mostly one, which is also what an example shrinks to."""
    return tuple(draw(st.sampled_from([1, 1, 1, *range(2, most + 1), 0])) for _ in range(people))


def _plan(draw: st.DrawFn, draft: Draft) -> list[tuple[int, int]]:
    """Return an answer that keeps capacities and demands, so that what is made of it can be kept."""
    plan: list[tuple[int, int]] = []
    for i, j in draft.edges:
        if draft.has_room(plan, i, j) and draw(st.booleans()):
            plan.append((i, j))
    return plan
