"""An administrator's edits of a matching before it is published: solved, verified and recorded again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from attrs import evolve

from devrel.errors import InvalidValue
from devrel.matching._given import as_pairs
from devrel.matching.provenance import Edit
from devrel.matching.questions import known, problem_of, strategy_of
from devrel.matching.result import Matching

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem


def with_locked(matching: Matching, pairs: Iterable[tuple[str, str]]) -> Matching:
    """Return the matching anew, with ``pairs`` kept."""
    return _moved(matching, pairs, "locked", "barred")


def with_barred(matching: Matching, pairs: Iterable[tuple[str, str]]) -> Matching:
    """Return the matching anew, without ``pairs``."""
    return _moved(matching, pairs, "barred", "locked")


def _moved(matching: Matching, pairs: Iterable[tuple[str, str]], into: str, out_of: str) -> Matching:
    """Return the matching anew, with ``pairs`` in one list of the problem and not in the other."""
    problem, given = problem_of(matching), as_pairs(pairs)
    for recipient, provider in sorted(given):
        known(matching, recipient, provider)
    chosen = frozenset(problem.in_order(*pair) for pair in given)
    changes = {into: getattr(problem, into) | chosen, out_of: getattr(problem, out_of) - chosen}
    told = [f"{recipient}+{provider}" for recipient, provider in sorted(chosen)]
    return _again(matching, problem.with_changes(**changes), Edit(into, told))


def without(matching: Matching, people: Iterable[str]) -> Matching:
    """Return the matching anew, without some people on either side."""
    problem = problem_of(matching)
    gone = frozenset([people] if isinstance(people, str) else people)
    for person in sorted(gone):
        if person not in problem.row and person not in problem.column:
            raise InvalidValue("people", f"{person!r} is not in the problem", "check the id")
    stay = frozenset(pair for pair in problem.locked if not gone & set(pair))
    changed = problem.with_changes(
        demand=_zeroed(problem.recipients, problem.demand, gone),
        capacity=_zeroed(problem.providers, problem.capacity, gone),
        minimum=_zeroed(problem.providers, problem.minimum, gone),
        locked=stay,
    )
    return _again(matching, changed, Edit("without", sorted(gone)))


def _zeroed(ids: Iterable[str], numbers: Iterable[int], gone: frozenset[str]) -> tuple[int, ...]:
    return tuple(0 if person in gone else number for person, number in zip(ids, numbers, strict=True))


def _again(matching: Matching, problem: MatchingProblem, edit: Any) -> Matching:
    new = strategy_of(matching).match(problem)
    made = evolve(new.provenance, edits=(*matching.provenance.edits, edit))
    return evolve(new, provenance=made, changes=new.diff(matching))
