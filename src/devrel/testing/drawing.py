"""Draws small matching problems that have an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import evolve
from hypothesis import strategies as st

from devrel.matching.strategy import Feature
from devrel.matching.worth import Objective
from devrel.testing.drafts import Draft, Lists

_HIGHEST = (1, 3, 1_000)
_MINUTES = (60, 30, 120)
_BUDGETS = (None, 30, 90, 180)


@st.composite
def drafts(draw: st.DrawFn, supports: Iterable[Feature], *, most: int = 3, listing: bool = False) -> Draft:
    """Draw small problems that have an answer, with the features that ``supports`` lists and no others.

    There is somebody on either side; capacities and demands of 0 come with every set of features, and so do incumbent
    pairs and, outside of pools, people who come first.

    Args:
        draw: What Hypothesis hands over.
        supports: What a problem may ask.
        most: How many people stand on a side at most; two more in a pool.
        listing: Whether people may state whom they would rather have.
    """
    features = frozenset(supports)
    pool = Feature.POOL in features
    draft = _pool(draw, most + 2) if pool else _two_sides(draw, features, most)
    if Feature.HOURS in features and not pool and draw(st.sampled_from([False, False, True])):
        draft = _with_hours(draw, draft)
    draft = _with_demands(draw, draft, features)
    objectives = tuple(Objective) if Feature.SCORE in features else (Objective.COVER,)
    draft = evolve(draft, objective=draw(st.sampled_from(objectives)), seed=draw(st.integers(0, 9)))
    if listing and not pool and draw(st.booleans()):
        rows, columns = draft.shape
        draft = evolve(draft, lists=(_lists(draw, rows, columns), _lists(draw, columns, rows)))
    return _with_circumstances(draw, draft)


def _two_sides(draw: st.DrawFn, features: frozenset[Feature], most: int) -> Draft:
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    score = st.integers(0, draw(st.sampled_from(_HIGHEST)))
    cell = st.one_of(score, score, st.none())
    features = features if draw(st.booleans()) else features - {Feature.CAPACITY, Feature.DEMAND}
    scores = tuple(tuple(draw(cell) for _ in range(columns)) for _ in range(rows))
    demand = _counts(draw, rows, 2 if Feature.DEMAND in features else 1)
    capacity = _counts(draw, columns, 3 if Feature.CAPACITY in features else 1)
    return Draft(scores, capacity, (0,) * columns, demand)


def _pool(draw: st.DrawFn, most: int) -> Draft:
    """Draw a pool of up to ``most`` people, each with one place or none."""
    count, score = draw(st.integers(1, most)), st.integers(0, draw(st.sampled_from(_HIGHEST)))
    half = {(i, j): draw(st.one_of(score, score, st.none())) for i in range(count) for j in range(i + 1, count)}
    scores = tuple(tuple(half.get((min(i, j), max(i, j))) for j in range(count)) for i in range(count))
    places = _counts(draw, count, 1)
    return Draft(scores, places, (0,) * count, places, pool=True)


def _with_hours(draw: st.DrawFn, draft: Draft) -> Draft:
    return evolve(
        draft,
        minutes=tuple(draw(st.sampled_from(_MINUTES)) for _ in draft.demand),
        budget=tuple(draw(st.sampled_from(_BUDGETS)) for _ in draft.capacity),
    )


def _with_demands(draw: st.DrawFn, draft: Draft, features: frozenset[Feature]) -> Draft:
    """Add locked pairs and minimum loads that some answer keeps."""
    wanted = features & ({Feature.LOCKED} if draft.pool else {Feature.LOCKED, Feature.MINIMUM})
    plan = _plan(draw, draft) if wanted else []
    if Feature.MINIMUM in wanted:
        loads = Counter(j for _, j in plan)
        draft = evolve(draft, minimum=tuple(draw(st.integers(0, loads[j])) for j in range(len(draft.capacity))))
    if Feature.LOCKED in wanted:
        draft = evolve(draft, locked=tuple(pair for pair in plan if draw(st.booleans())))
    return draft


def _with_circumstances(draw: st.DrawFn, draft: Draft) -> Draft:
    """Add incumbent pairs, whoever they are, and where it is to serve as many as can be, people who come first."""
    rows, columns = draft.shape
    anybody = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))
    pairs = draw(st.lists(anybody, max_size=3)) if draw(st.booleans()) else []
    draft = evolve(draft, incumbent=tuple(sorted({draft.in_order(i, j) for i, j in pairs if not draft.pool or i != j})))
    if draft.pool or draft.objective is Objective.SCORE or not draw(st.booleans()):
        return draft
    return evolve(draft, priority=tuple(draw(st.integers(0, 2)) for _ in range(rows)))


def _lists(draw: st.DrawFn, people: int, others: int) -> Lists:
    """Draw lists with ties, on which some do not stand."""
    rank = st.one_of(st.none(), st.integers(0, 2))
    return tuple(tuple(draw(rank) for _ in range(others)) for _ in range(people))


def _counts(draw: st.DrawFn, people: int, most: int) -> tuple[int, ...]:
    """Return how many each takes: mostly one, which is also what an example shrinks to."""
    return tuple(draw(st.sampled_from([1, 1, 1, *range(2, most + 1), 0])) for _ in range(people))


def _plan(draw: st.DrawFn, draft: Draft) -> list[tuple[int, int]]:
    """Return an answer that keeps capacities, demands and hours, so that what is made of it can be kept."""
    plan: list[tuple[int, int]] = []
    for i, j in draft.edges:
        if draft.has_room(plan, i, j) and draw(st.booleans()):
            plan.append((i, j))
    return plan
