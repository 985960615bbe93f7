"""The hash of a matching problem."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np

from devrel.matching.problem import MatchingProblem


def fingerprint_of(problem: MatchingProblem) -> str:
    """Return a hash of all that an answer depends on, the same whatever order the input came in.

    A large problem is hashed by its rules as arrays: rules that judge all pairs alike, told in another way, may have
    another hash.
    """
    told = blake2b(digest_size=16)
    sides = (problem.recipients, problem.providers, problem.demand, problem.capacity, problem.minimum)
    fields = (*sides, problem.priority, problem.minutes, problem.budget)
    pairs = (sorted(problem.locked), sorted(problem.barred), sorted(problem.incumbent))
    told.update(repr((fields, pairs, problem.objective.value, problem.seed, problem.unit, problem.pool)).encode())
    for part in _judged_as(problem):
        told.update(part)
    lists = problem.preferences
    for ranks in () if lists is None else (lists.recipients, lists.providers):
        told.update(np.ascontiguousarray(ranks).tobytes())
    return told.hexdigest()


def _judged_as(problem: MatchingProblem) -> Iterator[bytes]:
    """Yield how pairs are judged: of a large problem by its rules as arrays, where all of them can be."""
    if problem.large:
        from devrel.matching.sparse.asking import plan_of

        fused, _ = plan_of(problem)
        if fused.rest is None:
            yield from fused.told()
            return
    for _, eligible, points in problem.blocks():
        yield np.packbits(eligible).tobytes()
        yield np.where(eligible, points, 0).tobytes()
