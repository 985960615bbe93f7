"""Which rule and whose seats keep a matching from being better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import as_tuple
from devrel.errors import DevrelError
from devrel.matching.certificate import Prices
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
            seats with each other.
        served: How many recipients more would have a partner; None where it was not solved again.
        score: How much the total score would change; None where it was not solved again, or must not be shown.
    """

    provider: str
    value: int = field(repr=False)
    served: int | None = None
    score: float | None = None


@frozen
class Bottlenecks:
    """What stands in the way of a better matching.

    Attributes:
        rules: What lifting each rule would bring, the most first.
        seats: What one more seat would bring, the most first; those without any value are left out.
    """

    rules: tuple[LiftedRule, ...] = field(converter=as_tuple)
    seats: tuple[MoreSeats, ...] = field(converter=as_tuple)

    def __str__(self) -> str:
        """Return two tables, or a sentence in the place of one without rows."""
        tables = zip(self._tables(), _NOTHING, strict=True)
        return "\n\n".join(text_table(*table) if table[1] else nothing for table, nothing in tables)

    def _repr_html_(self) -> str:
        tables = zip(self._tables(), _NOTHING, strict=True)
        return "".join(html_table(*table, caption="" if table[1] else nothing) for table, nothing in tables)

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
    is proven by prices; the ``top`` most valuable are solved again with the seat.

    Args:
        matching: The matching.
        top: So many providers are solved again.
    """
    problem = problem_of(matching)
    rules = [_lifted(matching, problem, title) for title in problem.table.rules]
    return Bottlenecks(
        sorted(rules, key=lambda one: (-one.served, -one.pairs, -(one.score or 0), one.title)),
        _seats(matching, problem, top),
    )


def _lifted(matching: Matching, problem: MatchingProblem, title: str) -> LiftedRule:
    other = strategy_of(matching).match(problem.with_changes(table=problem.table.lifting(title)))
    change = other.diff(matching)
    return LiftedRule(title, change.served, len(other.pairs) - len(matching.pairs), change.score)


def _seats(matching: Matching, problem: MatchingProblem, top: int) -> list[MoreSeats]:
    proof = matching.certificate
    if not isinstance(proof, Prices):
        return []
    order = np.lexsort((np.arange(len(proof.providers)), -proof.providers))
    valuable = [int(j) for j in order if proof.providers[j] > 0]
    return [
        _one_more(matching, problem, j, int(proof.providers[j]), solved=rank < top) for rank, j in enumerate(valuable)
    ]


def _one_more(matching: Matching, problem: MatchingProblem, j: int, value: int, *, solved: bool) -> MoreSeats:
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
