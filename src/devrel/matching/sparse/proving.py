"""Holds prices against all pairs of a large problem, for the certificates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any

import numpy as np
from attrs import evolve

from devrel.errors import DevrelError, InvalidValue
from devrel.matching.certificate import FAR, Book
from devrel.matching.problem import MatchingProblem
from devrel.matching.sparse.asking import plan_of, skips
from devrel.matching.sparse.engine import Engine
from devrel.matching.sparse.fused import Fused, Places, Whole, places, together, whole_sum
from devrel.matching.sparse.plan import Plan
from devrel.matching.sparse.scan import Question, score_block
from devrel.matching.table import RuleTable

_MANY = 100_000_000
"""From so many pairs on they are held against the prices in several threads."""
_TWICE = 100
"""So many recipients are asked about a second time, without any bound."""
_SAMPLED = 500
"""So many recipients and providers are judged by the rules themselves, and by what was made of them."""


def asked_of_all(problem: MatchingProblem, book: Book, people: Whole, seats: Whole) -> Whole:
    """Return what a seat of each provider has to cost, so that nobody outside gains from it.

    The fast form of the rules is held against the rules themselves first, for a sample of the recipients.

    Args:
        problem: The problem.
        book: The answer.
        people: The prices of the recipients.
        seats: The prices of the seats.

    Raises:
        InvalidValue: When a rule says that people are alike whom it does not treat alike.
    """
    fused, _ = plan_of(problem)
    refuse_unlike(problem, fused)
    rows, columns, gains = _apart(problem, book, fused)
    asked = book.lowest.copy()
    np.maximum.at(asked, columns, gains - people[rows])
    found = _asked(problem, book, 1, people, seats)
    np.maximum.at(asked, found[1], book.gains_of(found[2]) - people[found[0]])
    exact = found[3] & (seats > asked)
    asked[exact] = seats[exact]
    return asked


def most_worth(problem: MatchingProblem, book: Book, seats: Whole) -> int:
    """Return a number that no answer of a problem is worth more than, whatever the prices of the seats are.

    Locked pairs are left aside, as everywhere where there is no choice.
    """
    fused, _ = plan_of(problem)
    refuse_unlike(problem, fused)
    wanted = book.left[0]
    limit = max(1, int(wanted.max(initial=0)))
    bar = np.where(wanted > 0, -book.first, FAR)
    named, apart = _asked(problem, book, limit, bar, seats), _apart(problem, book, fused, chosen=True)
    rows = np.concatenate([named[0], apart[0]])
    values = np.concatenate([book.gains_of(named[2]) - seats[named[1]], apart[2] - seats[apart[1]]])
    order = np.lexsort((-values, rows))
    rows, values = rows[order], values[order]
    counts = np.bincount(rows, minlength=problem.shape[0])
    rank = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    first = rank == 0
    total = np.zeros(problem.shape[0], dtype=np.int64)
    total[rows[first]] = book.first[rows[first]] + values[first]
    more = (rank > 0) & (rank < wanted[rows]) & (values > 0)
    np.add.at(total, rows[more], values[more])
    total[wanted <= 0] = 0
    return whole_sum(np.maximum(total, 0)) + _of_seats(book, seats)


def most_in_blocks(problem: MatchingProblem, book: Book, seats: Whole) -> int:
    """Return the same, asking the rules themselves about every pair."""
    wanted = book.left[0]
    total = _of_seats(book, seats)
    for part, eligible, points in problem.blocks():
        gains = np.where(eligible, book.gains(part, points) - seats, -2 * FAR)
        gains[book.locked_in(part)] = -2 * FAR
        gains = -np.sort(-gains, axis=1)[:, : max(1, int(wanted.max(initial=0)))]
        more = np.where(np.arange(gains.shape[1]) < wanted[part, None], np.maximum(gains, 0), 0)[:, 1:].sum(axis=1)
        best = book.first[part] + gains.max(axis=1, initial=-2 * FAR) + more
        total += whole_sum(np.where(wanted[part] > 0, np.maximum(best, 0), 0))
    return total


def _of_seats(book: Book, seats: Whole) -> int:
    """Return what the places are worth at their prices, those that have to be taken where a price is below 0."""
    _, most, least = book.left
    places_ = np.where(seats > 0, most, least)
    return sum(int(p) * int(k) for p, k in zip(seats, places_, strict=True) if p and k)


def own_worth(book: Book) -> int:
    """Return what an answer is worth, locked pairs left aside."""
    return whole_sum(book.own) + whole_sum(book.first[np.unique(book.rows)])


def refuse_unlike(problem: MatchingProblem, fused: Fused) -> None:
    """Hold the fast form of the rules against the rules themselves, for some people of both sides drawn by lot.

    Raises:
        InvalidValue: When the two differ.
    """
    if min(problem.shape) == 0 or not isinstance(problem.table, RuleTable):
        return
    rows, columns = (np.sort(np.argsort(luck)[:_SAMPLED]) for luck in fused.luck)
    allowed, points = problem.judged_at(rows, columns)
    eligible, told = fused.block(rows, columns)
    wrong = (eligible != allowed) | (allowed & (told != points))
    if wrong.any():
        row = rows[np.flatnonzero(wrong.any(axis=1))[0]]
        raise InvalidValue(
            "rules",
            f"one of them judges {problem.recipients[row]!r} otherwise than it says by looks_at(), alike(), "
            "overlap(), forbidden_pairs() or scored_pairs()",
            "mend the rule, or let it say nothing of that kind",
        )


def _apart(problem: MatchingProblem, book: Book, fused: Fused, *, chosen: bool = False) -> tuple[Places, Places, Whole]:
    """Return the pairs that the pass leaves out and that can be chosen, and what they gain.

    Args:
        problem: The problem.
        book: The answer.
        fused: Its rules.
        chosen: Whether the pairs of the answer are among them.
    """
    incumbent = problem.incumbent_at if book.kept else places([])
    held = (book.rows, book.columns) if chosen else places([])
    rows, columns = together(problem.shape[1], fused.apart, incumbent, held)
    eligible, points = fused.pairs(rows, columns)
    gains = book.gains_of(points)
    keys = fused.key(rows, columns)
    if book.kept:
        gains = gains + book.kept * np.isin(keys, fused.key(*incumbent))
    out = [fused.key(*book.locked), *([] if chosen else [fused.key(book.rows, book.columns)])]
    eligible &= ~np.isin(keys, np.concatenate(out))
    return rows[eligible], columns[eligible], gains[eligible]


def _asked(problem: MatchingProblem, book: Book, most: int, bar: Whole, seats: Whole) -> tuple[Any, ...]:
    """Return the pairs above the bar: rows, columns, points; and which providers are taken at exactly their price."""
    fused, plan = plan_of(problem)
    incumbent = problem.incumbent_at if book.kept else places([])
    skipped = skips(plan, fused, incumbent, (book.rows, book.columns), book.locked)
    asked = Question(most, bar, seats[plan.columns], book.scale, book.each, *skipped)
    parts: list[tuple[Any, ...]] = [(*places([]), np.zeros(0, dtype=np.int64))]
    exact = np.zeros(problem.shape[1], dtype=np.bool_)
    with ThreadPoolExecutor(cpu_count() or 1) as threads:  # the compiled form lets go of the interpreter
        engine = Engine(plan, threads if plan.shape[0] * plan.shape[1] > _MANY else None)
        for found in engine.ask(asked, lambda _, __: None):
            parts.append((found.rows, found.columns, found.points))
            exact |= found.exact
        engine.close()
    rows, columns, points = map(np.concatenate, zip(*parts, strict=True))
    _refuse_unequal(plan, asked, rows, columns, points)
    return rows, columns, points, exact


def _refuse_unequal(plan: Plan, asked: Question, rows: Places, columns: Places, points: Whole) -> None:
    """Ask about some recipients drawn by lot once more, in the form that is slow and passes over nothing.

    Raises:
        DevrelError: When it names other pairs.
    """
    some = plan.rows[np.sort(np.argsort(plan.luck[0][plan.rows])[:_TWICE])]
    slow = score_block(evolve(plan, rows=some), evolve(asked, bounded=False), 0, len(some), compiled=False)
    there = np.isin(rows, some)
    found = rows[there], columns[there], points[there]
    if not all(map(np.array_equal, found, (slow.rows, slow.columns, slow.points))):
        raise DevrelError("two forms of the pass over all pairs disagree; please report the problem")
