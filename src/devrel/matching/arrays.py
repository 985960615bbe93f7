"""From plain arrays to what a matching problem holds; everything that is wrong with them is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from devrel.matching._given import (
    as_points,
    choice_of,
    eligible_of,
    fixed,
    ids_of,
    pairs_of,
    scores_of,
    sides_of,
    usual_ids,
)
from devrel.matching._numbers import each, seed_of
from devrel.matching._told import Told
from devrel.matching.pool import both_ways, square
from devrel.matching.table import ScoreTable
from devrel.matching.worth import Objective

_NO_PAIRS: frozenset[tuple[str, str]] = frozenset()


def fields_of_scores(
    scores: ArrayLike,
    recipients: Sequence[str] | None,
    providers: Sequence[str] | None,
    eligible: ArrayLike | None,
    capacity: int | Sequence[int],
    minimum: int | Sequence[int],
    demand: int | Sequence[int],
    locked: Iterable[tuple[str, str]],
    incumbent: Iterable[tuple[str, str]],
    objective: Objective | str,
    seed: int,
) -> dict[str, Any]:
    """Return the fields of the problem of an array; see ``MatchingProblem.from_scores``."""
    array = scores_of(scores)
    told, (rows, columns) = Told(), array.shape
    names = told.get((usual_ids("r", rows), usual_ids("p", columns)), sides_of, recipients, providers, array.shape)
    known = () if told else (set(names[0]), set(names[1]))  # without ids, pairs cannot be looked up
    kept = told.get(_NO_PAIRS, pairs_of, "locked", locked, *known)
    before = told.get(_NO_PAIRS, pairs_of, "incumbent", incumbent, *known)
    order = np.argsort(names[0], kind="stable"), np.argsort(names[1], kind="stable")
    everywhere: NDArray[np.bool_] = np.broadcast_to(np.array(True), array.shape)
    allowed = told.get(everywhere, eligible_of, eligible, array.shape)
    wanted = told.get((1,) * rows, each, "demand", demand, rows, order[0])
    taken = told.get((1,) * columns, each, "capacity", capacity, columns, order[1])
    least = told.get((0,) * columns, each, "minimum", minimum, columns, order[1])
    aim = told.get(Objective.COVER, choice_of, Objective, "objective", objective)
    points, unit = told.get(
        (np.zeros(array.shape, dtype=np.int64), 1),
        as_points,
        np.where(allowed, array, 0),
        aim,
        wanted,
        taken,
    )
    lottery = told.get(0, seed_of, seed)
    told.refuse()
    grid = np.ix_(*order)
    return {
        "recipients": sorted(names[0]),
        "providers": sorted(names[1]),
        "demand": wanted,
        "capacity": taken,
        "minimum": least,
        "table": ScoreTable(fixed(points[grid]), fixed(allowed[grid]), unit),
        "locked": kept,
        "incumbent": before,
        "objective": aim,
        "seed": lottery,
    }


def fields_of_square(
    scores: ArrayLike,
    ids: Sequence[str] | None,
    eligible: ArrayLike | None,
    capacity: int | Sequence[int],
    locked: Iterable[tuple[str, str]],
    objective: Objective | str,
    seed: int,
) -> dict[str, Any]:
    """Return the fields of the problem of one pool from a square array; see ``MatchingProblem.from_pool``."""
    array = square(scores)
    told, count = Told(), len(array)
    names = told.get(usual_ids("p", count), ids_of, "ids", ids, "p", count)
    known = () if told else (set(names), set(names))  # without ids, pairs cannot be looked up
    kept = told.get(_NO_PAIRS, pairs_of, "locked", locked, *known)
    order = np.argsort(names, kind="stable")
    everywhere: NDArray[np.bool_] = np.broadcast_to(np.array(True), array.shape)
    allowed = both_ways(told.get(everywhere, eligible_of, eligible, array.shape))
    places = told.get((1,) * count, each, "capacity", capacity, count, order)
    aim = told.get(Objective.COVER, choice_of, Objective, "objective", objective)
    points, unit = told.get(
        (np.zeros(array.shape, dtype=np.int64), 1),
        as_points,
        np.where(allowed, array + array.T, 0),
        aim,
        places,
        places,
    )
    lottery = told.get(0, seed_of, seed)
    told.refuse()
    grid = np.ix_(order, order)
    return {
        "recipients": sorted(names),
        "providers": sorted(names),
        "demand": places,
        "capacity": places,
        "minimum": (0,) * count,
        "table": ScoreTable(fixed(points[grid]), fixed(allowed[grid]), 2 * unit),
        "locked": kept,
        "objective": aim,
        "seed": lottery,
        "pool": True,
    }
