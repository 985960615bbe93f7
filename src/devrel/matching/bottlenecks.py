"""Which rule and whose seats keep a matching from being better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import as_tuple
from devrel.errors import DevrelError
from devrel.kinds import Side
from devrel.matching._numbers import number_of
from devrel.matching.certificate import Prices
from devrel.matching.preferences import Unlisted, in_blocks
from devrel.matching.questions import problem_of, strategy_of
from devrel.matching.result import Matching

if TYPE_CHECKING:
    from devrel.matching.difference import Difference
    from devrel.matching.problem import MatchingProblem


@frozen
class LiftedRule:
    """What would be gained if a rule did not apply.

    Attributes:
        title: The rule, in the kind's words.
        served: How many recipients more would have a partner.
        pairs: How many pairs more there would be.
        score: How much the total score would rise; None where sensitive criteria take part in it.
    """

    title: str
    served: int
    pairs: int
    score: float | None


@frozen
class MoreSeats:
    """What one more seat of a provider would bring.

    Attributes:
        provider: Her id.
        value: What the price of her seat says, in gains of the objective (``MatchingProblem.worth``): enough to compare
            seats with each other; None where no prices prove the matching.
        served: How many recipients more would have a partner; None where it was not solved again.
        score: How much the total score would change; None where it was not solved again, or must not be shown.
    """

    provider: str
    value: int | None = field(repr=False)
    served: int | None = None
    score: float | None = None


@frozen
class Bottlenecks:
    """What stands in the way of a better matching.

    Attributes:
        rules: What lifting each rule would bring, the most first.
        seats: What one more seat would bring, the most first. Where prices prove the matching, those without any value
            are left out; elsewhere it is told of the providers that were looked at, and of no others.
        note: Which providers were looked at, or that nothing is known of seats; empty where prices tell of all.
    """

    rules: tuple[LiftedRule, ...] = field(converter=as_tuple)
    seats: tuple[MoreSeats, ...] = field(converter=as_tuple)
    note: str = ""

    def __str__(self) -> str:
        """Return two tables, or a sentence in the place of one without rows, and the note where there is one."""
        tables = zip(self._tables(), self._empty(), strict=True)
        told = [text_table(*table) if table[1] else nothing for table, nothing in tables]
        return "\n\n".join(filter(None, [*told, self.note]))

    def _repr_html_(self) -> str:
        (rules, seats), (no_rules, no_seats) = self._tables(), self._empty()
        return html_table(*rules, caption="" if rules[1] else no_rules) + html_table(
            *seats, caption=self.note or ("" if seats[1] else no_seats)
        )

    def _empty(self) -> tuple[str, str]:
        """Return what is said in the place of a table without rows; a note says more than that nothing is there."""
        return (_NOTHING[0], "" if self.note else _NOTHING[1])

    def _tables(self) -> list[tuple[list[str], list[list[str]]]]:
        rules = [[one.title, f"{one.served:+}", f"{one.pairs:+}", _told(one.score)] for one in self.rules]
        seats = [
            [one.provider, "" if one.served is None else f"{one.served:+}", _told(one.score)] for one in self.seats
        ]
        return [
            (["without the rule", "served", "pairs", "score"], rules),
            (["one more seat", "served", "score"], seats),
        ]


_NOTHING = ("There is no rule to lift.", "No provider is known whose further seat would bring anything.")


def _told(score: float | None) -> str:
    return "" if score is None else f"{score:+.6g}"


def bottlenecks(matching: Matching, top: int = 5) -> Bottlenecks:
    """Return what lifting each rule, and what one more seat of each provider, would bring.

    Every rule is lifted by itself and the strategy asked again. The value of a seat is its price, where the matching
    is proven by prices; the ``top`` most valuable are solved again with the seat. Without prices it is solved again for
    ``top`` providers without a free place, those first whom most recipients would take: recipients with something open,
    and those who rank her above somebody they have. Of pools it is not known what a seat would bring.

    Args:
        matching: The matching.
        top: So many providers are solved again at most.

    Raises:
        InvalidValue: For a number that is none.
    """
    top = number_of("top", top, 0)
    problem = problem_of(matching)
    seats, note = _seats(matching, problem, top)
    rules = [_lifted(matching, problem, title) for title in problem.table.rules]
    return Bottlenecks(
        sorted(rules, key=lambda one: (-one.served, -one.pairs, -(one.score or 0), one.title)),
        seats,
        note,
    )


def _lifted(matching: Matching, problem: MatchingProblem, title: str) -> LiftedRule:
    other = strategy_of(matching).match(problem.with_changes(table=problem.table.lifting(title)))
    change = other.diff(matching)
    return LiftedRule(title, change.served, len(other.pairs) - len(matching.pairs), change.score)


def _seats(matching: Matching, problem: MatchingProblem, top: int) -> tuple[list[MoreSeats], str]:
    """Return what one more seat would bring, and what has to be said of it."""
    if isinstance(matching.certificate, Prices):
        return _priced(matching, problem, matching.certificate, top), ""
    if problem.pool:
        return [], "What one more seat would bring is not known for pairs and circles of peers."
    full = _full(matching, problem)
    tried = [_one_more(matching, problem, j, None, solved=True) for j in full[:top]]
    found = [one for one in tried if one.served is not None]
    if tried and not found:
        return [], "What one more seat would bring is not known: the strategy cannot be asked."
    rest = "; no prices tell of the others" if len(found) < len(full) else ""
    whom = f"{len(full)} {problem.titles.of(Side.PROVIDER, len(full))} without a free place"
    note = f"Looked at: {len(found)} of {whom}, the most sought after first{rest}."
    return sorted(found, key=lambda one: (-(one.served or 0), -(one.score or 0), one.provider)), note


def _priced(matching: Matching, problem: MatchingProblem, proof: Prices, top: int) -> list[MoreSeats]:
    order = np.lexsort((np.arange(len(proof.providers)), -proof.providers))
    valuable = [int(j) for j in order if proof.providers[j] > 0]
    return [
        _one_more(matching, problem, j, int(proof.providers[j]), solved=rank < top) for rank, j in enumerate(valuable)
    ]


def _full(matching: Matching, problem: MatchingProblem) -> list[int]:
    """Return the providers without a free place, those first whom most recipients would take."""
    rows = np.array([problem.row[recipient] for recipient, _ in matching.ids], dtype=np.intp)
    columns = np.array([problem.column[provider] for _, provider in matching.ids], dtype=np.intp)
    open_ = np.bincount(rows, minlength=problem.shape[0]) < np.array(problem.demand, dtype=np.int64)
    sought = np.zeros(problem.shape[1], dtype=np.int64)
    for part, told in in_blocks(problem, Unlisted.AFTER):
        here, held = (rows >= part.start) & (rows < part.stop), np.zeros(told.shape, dtype=np.bool_)
        held[rows[here] - part.start, columns[here]] = True
        worst = np.where(held, told.recipients, -1).max(axis=1, initial=-1)
        rather = open_[part, None] | (told.recipients < worst[:, None])
        sought += (told.acceptable & ~held & rather).sum(axis=0)
    capacity = np.array(problem.capacity, dtype=np.int64)
    full = np.flatnonzero((capacity > 0) & (np.bincount(columns, minlength=problem.shape[1]) >= capacity))
    return sorted(full.tolist(), key=lambda j: (-int(sought[j]), j))


def _one_more(matching: Matching, problem: MatchingProblem, j: int, value: int | None, *, solved: bool) -> MoreSeats:
    provider = problem.providers[j]
    if not solved:
        return MoreSeats(provider, value)
    capacity = [most + (place == j) for place, most in enumerate(problem.capacity)]
    change = _changed(matching, problem.with_changes(capacity=tuple(capacity)))
    return MoreSeats(
        provider, value, None if change is None else change.served, None if change is None else change.score
    )


def _changed(matching: Matching, problem: MatchingProblem) -> Difference | None:
    try:
        return strategy_of(matching).match(problem).diff(matching)
    except DevrelError:
        return None
