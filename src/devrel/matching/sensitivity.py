"""How much a matching depends on the weights, and what all best answers have in common."""

from __future__ import annotations

from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import as_tuple
from devrel.errors import InvalidValue
from devrel.matching._numbers import is_number
from devrel.matching.certificate import Book, Prices
from devrel.matching.questions import problem_of, strategy_of
from devrel.matching.result import Matching
from devrel.matching.table import RuleTable
from devrel.matching.ties import ties

_PERCENT = 100


@frozen
class WeightChange:
    """What another weight of one criterion does.

    Attributes:
        criterion: The criterion's name.
        percent: How much its weight was changed.
        changed: How many pairs of the matching are gone with that weight.
        dropped: Which.
    """

    criterion: str
    percent: int
    changed: int
    dropped: tuple[tuple[str, str], ...] = field(converter=as_tuple, repr=False)


@frozen
class Sensitivity:
    """How firmly the pairs of a matching stand.

    Attributes:
        changes: What other weights do, by criterion; sensitive ones are left out.
        always: The pairs that are in every best answer to the problem as it is; None where that is not known, as no
            prices prove the matching.
        steady: The pairs that are in the answers for all the weights tried.
        pairs: How many pairs there are.
    """

    changes: tuple[WeightChange, ...] = field(converter=as_tuple)
    always: tuple[tuple[str, str], ...] | None = field(repr=False)
    steady: tuple[tuple[str, str], ...] = field(repr=False)
    pairs: int

    def __str__(self) -> str:
        """Return a table, or that there is no weight to change, and how many pairs stand firm."""
        table = text_table(_HEADER, self._rows()) if self.changes else _NOTHING
        always = "" if self.always is None else f"\n{len(self.always)} of {self.pairs} pairs are in every best answer"
        return f"{table}{always}\n{len(self.steady)} of {self.pairs} pairs stay throughout"

    def _repr_html_(self) -> str:
        return html_table(_HEADER, self._rows(), caption="" if self.changes else _NOTHING)

    def _rows(self) -> list[list[str]]:
        return [[one.criterion, f"{one.percent:+} %", str(one.changed)] for one in self.changes]


_HEADER = ["criterion", "weight", "pairs changed"]
_NOTHING = "There is no weight to change."


def sensitivity(matching: Matching, percent: int = 10) -> Sensitivity:
    """Return how many pairs change when the weight of each criterion is changed, and which pairs always stand.

    Args:
        matching: The matching.
        percent: By how much each weight is raised and lowered, from 1 to 99.

    Raises:
        InvalidValue: For a percentage out of range.
    """
    if not is_number(percent) or not 0 < percent < _PERCENT:
        raise InvalidValue("percent", "must be a number above 0 and below 100", "10 is usual")
    table = problem_of(matching).table
    names = [one.shown_name for one, _ in table.scored if not one.sensitive] if isinstance(table, RuleTable) else []
    changes = [_weighed(matching, name, sign * percent) for name in names for sign in (-1, 1)]
    gone = {pair for change in changes for pair in change.dropped}
    steady = tuple(pair for pair in matching.together if pair not in gone)
    return Sensitivity(changes, in_every_best_answer(matching), steady, len(matching.together))


def _weighed(matching: Matching, name: str, percent: int) -> WeightChange:
    problem = problem_of(matching)
    assert isinstance(problem.table, RuleTable)  # noqa: S101  (only rules have weights; the caller has looked)
    points = next(one.points for one, _ in problem.table.scored if one.shown_name == name)
    table = problem.table.reweighted({name: points * (_PERCENT + percent) / _PERCENT})
    dropped = strategy_of(matching).match(problem.with_changes(table=table)).diff(matching).dropped
    return WeightChange(name, percent, len(dropped), dropped)


def in_every_best_answer(matching: Matching) -> tuple[tuple[str, str], ...] | None:
    """Return the pairs that every best answer has; None where no prices prove the matching."""
    proof, problem = matching.certificate, problem_of(matching)
    if not isinstance(proof, Prices):
        return None
    loose = ties(problem, Book.of(problem, matching.ids, proof.keeping), proof).held
    places = ((problem.row[recipient], problem.column[provider]) for recipient, provider in matching.ids)
    return tuple(pair for pair, place in zip(matching.ids, places, strict=True) if place not in loose)
