"""What an audit has to know of people: columns of group labels and of what the matching gave each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
from attrs import Factory, field, frozen
from numpy.typing import NDArray

from devrel._records import read_only
from devrel.errors import InvalidValue, did_you_mean
from devrel.kinds import Side
from devrel.matching.asked import judged_pairs
from devrel.matching.pairs import shown_share
from devrel.matching.problem import MatchingProblem
from devrel.matching.roster import Roster
from devrel.matching.table import Places, RuleTable

UNKNOWN_LABEL = "unknown"
"""The group of everybody of whom an attribute is not known."""

By = str | Iterable[str] | Mapping[str, Mapping[str, object]]
"""What to audit by: attributes of the people, or labels by id for each name."""

_BY = "give the labels by id: by={'attribute': {'id': 'label'}}"


def label_of(value: object) -> str:
    """Return the name of the group that a value stands for.

    A list makes one group of all its items, so that everybody is in one group and sums can be told.

    >>> [label_of(value) for value in ("north", 4, True, ("sql", "go"), None, "", float("nan"))]
    ['north', '4', 'yes', 'go, sql', 'unknown', 'unknown', 'unknown']
    """
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(sorted({str(item) for item in value})) or UNKNOWN_LABEL
    if value is None or (isinstance(value, float) and isnan(value)):
        return UNKNOWN_LABEL
    return str(value).strip() or UNKNOWN_LABEL


def _labels(groups: Mapping[str, Iterable[object]]) -> Mapping[str, tuple[str, ...]]:
    return read_only({str(name): tuple(map(label_of, column)) for name, column in groups.items()})


def _flags(column: Any) -> NDArray[np.bool_]:
    return np.asarray(column, dtype=np.bool_)


def _numbers(column: Any) -> NDArray[np.float64]:
    return np.asarray(column, dtype=np.float64)


def _unknown(facts: Facts) -> NDArray[np.float64]:
    return np.full(facts.selected.shape, np.nan)


_UNKNOWN: Any = Factory(_unknown, takes_self=True)


@frozen(eq=False)
class Facts:
    """Columns of equal length, one place for each person of one side.

    Attributes:
        groups: From the attribute to the label of each person; None is the group ``unknown``.
        selected: Who got at least one partner.
        share: The score of what she got as a share of the best possible, 0 to 1; NaN where there is none. Each
            column of numbers may be left out.
        rank: Her partner's place among her eligible candidates by score, 1 the best; NaN where there is none.
        waiting: Days she has been waiting; NaN where that is not known.

    Raises:
        InvalidValue: For columns of different lengths, and where there is nothing to group by.
    """

    groups: Mapping[str, tuple[str, ...]] = field(converter=_labels, repr=False)
    selected: NDArray[np.bool_] = field(converter=_flags, repr=False)
    share: NDArray[np.float64] = field(default=_UNKNOWN, converter=_numbers, repr=False)
    rank: NDArray[np.float64] = field(default=_UNKNOWN, converter=_numbers, repr=False)
    waiting: NDArray[np.float64] = field(default=_UNKNOWN, converter=_numbers, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.groups:
            raise InvalidValue("groups", "must have at least one attribute", "name what to audit by")
        shapes = {"share": self.share.shape, "rank": self.rank.shape, "waiting": self.waiting.shape}
        shapes |= {f"groups[{name!r}]": (len(column),) for name, column in self.groups.items()}
        for name, shape in shapes.items():
            if shape != (self.selected.size,):
                raise InvalidValue(name, f"must have one place for each of {self.selected.size} people")

    def __len__(self) -> int:
        return self.selected.size


def facts_of(
    problem: MatchingProblem,
    pairs: Iterable[tuple[str, str]],
    by: By,
    side: Side = Side.RECIPIENT,
    *,
    waiting: Mapping[str, float] | None = None,
) -> Facts:
    """Return what an audit has to know of one side of a matching.

    Only those who want a partner are counted. Sensitive attributes are seen: whether they make a difference is the
    question. Of several partners the mean share and the best rank count; candidates with equal scores share the rank.
    Where a sensitive criterion is part of the scores, the shares are those of the other criteria, and ranks are left
    out.

    Args:
        problem: The problem.
        pairs: The pairs (recipient, provider) of an answer.
        by: One attribute of the people or several; or labels by id for each name, for a problem that knows no people.
        side: Whose groups.
        waiting: Days of waiting by id, where they are known.

    Raises:
        InvalidValue: For an attribute of which nothing is known, with the nearest known one.

    >>> problem = MatchingProblem.from_scores([[9, 1], [3, 0]])
    >>> facts = facts_of(problem, [("r0", "p1"), ("r1", "p0")], {"site": {"r0": "north"}})
    >>> facts.groups["site"], facts.rank.tolist()
    (('north', 'unknown'), [2.0, 1.0])
    """
    receiving = side is Side.RECIPIENT
    ids, wanted = (problem.recipients, problem.demand) if receiving else (problem.providers, problem.capacity)
    counted = [i for i, places in enumerate(wanted) if places > 0]
    groups = _groups(problem, by, side, [ids[i] for i in counted])
    share, rank = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    selected = np.zeros(len(ids), dtype=np.bool_)
    rows, columns = _places(problem, pairs)
    mine = rows if receiving else columns
    selected[mine] = True
    if problem.private:
        told = np.array([_shown(problem, i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)])
        share[selected] = _means(mine, told, len(ids))[selected]
    elif len(mine):
        points = judged_pairs(problem, rows, columns)[1]
        share[selected] = _means(mine, points, len(ids))[selected] / _most(problem)
        best = np.full(len(ids), np.iinfo(np.int64).max)
        best[selected] = 0
        np.maximum.at(best, mine, points)
        rank[selected] = 1 + _better(problem, best, receiving)[selected]
    days = [(waiting or {}).get(ids[i], np.nan) for i in counted]
    return Facts(groups, selected[counted], share[counted], rank[counted], days)


def _shown(problem: MatchingProblem, row: int, column: int) -> float:
    return shown_share(problem.table.parts(row, column))


def _places(problem: MatchingProblem, pairs: Iterable[tuple[str, str]]) -> tuple[Places, Places]:
    listed = sorted(pairs)
    rows = np.array([problem.row[recipient] for recipient, _ in listed], dtype=np.intp)
    return rows, np.array([problem.column[provider] for _, provider in listed], dtype=np.intp)


def _means(of: Places, values: NDArray[Any], people: int) -> NDArray[np.float64]:
    """Return the mean of everybody's values; nobody's is 0."""
    found: NDArray[np.float64] = np.bincount(of, values, people) / np.maximum(np.bincount(of, minlength=people), 1)
    return found


def _better(problem: MatchingProblem, best: NDArray[np.int64], receiving: bool) -> NDArray[np.int64]:
    """Return how many eligible candidates of everybody have more points than the best of her partners."""
    found = np.zeros(len(best), dtype=np.int64)
    for part, eligible, points in problem.blocks():
        if receiving:
            found[part] = (eligible & (points > best[part, None])).sum(axis=1)
        else:
            found += (eligible & (points > best[None, :])).sum(axis=0)
    return found


def _most(problem: MatchingProblem) -> int:
    """Return the points of the best possible score; it is the same for all pairs."""
    return sum(part.most for part in problem.parts(problem.recipients[0], problem.providers[0])) or 1


def _groups(problem: MatchingProblem, by: By, side: Side, ids: Sequence[str]) -> dict[str, list[object]]:
    if isinstance(by, Mapping):
        if not all(isinstance(labels, Mapping) for labels in by.values()):
            raise InvalidValue("by", "must give labels by id for each name", _BY)
        columns = {str(name): [labels.get(one) for one in ids] for name, labels in by.items()}
        known = list(columns)
    else:
        names = _named(by)
        if len(set(names)) < len(names):
            raise InvalidValue("by", "names an attribute twice", "name each once")
        people = _people(problem, side)
        place = {person: row for row, person in enumerate(people.ids)}
        counted = people.take(np.array([place[one] for one in ids], dtype=np.intp))
        columns = {name: counted.column(name, sensitive=True).list() for name in names}
        known = people.attributes
    if not columns:
        raise InvalidValue("by", "must name at least one attribute", "name what to audit by")
    for name, column in columns.items():
        if ids and all(label_of(value) == UNKNOWN_LABEL for value in column):
            raise InvalidValue("by", f"{name!r} is not known of anybody", did_you_mean(name, {*known} - {name}))
    return columns


def _named(by: object) -> list[str]:
    names: list[Any] = [by] if isinstance(by, str) or not isinstance(by, Iterable) else list(by)
    if not all(isinstance(name, str) for name in names):
        raise InvalidValue("by", "must be an attribute, several, or labels by id", _BY)
    return names


def _people(problem: MatchingProblem, side: Side) -> Roster:
    if not isinstance(problem.table, RuleTable):
        raise InvalidValue("by", "names attributes, and the problem knows scores and no people", _BY)
    block = problem.table.block
    return block.recipients if side is Side.RECIPIENT else block.providers
