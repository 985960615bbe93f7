"""The audit of a matching: how groups of people fare, told without giving away anybody."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import fsum, inf, prod

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from devrel.errors import InvalidValue
from devrel.matching._numbers import is_number
from devrel.matching.figures import Audit, GroupFigures
from devrel.matching.group_facts import UNKNOWN_LABEL, Facts
from devrel.matching.rates import FOUR_FIFTHS, Rate, compared, rate_of
from devrel.matching.suppression import Counts, Flags, Layout, Part, Secret, withheld

_MOST_CELLS = 20_000
_EVERYBODY = ("everybody",)


def audit(facts: Facts, *, confidence: float = 0.95, four_fifths: float = FOUR_FIFTHS) -> Audit:
    """Return how groups fare, by each attribute and by all together.

    The figures are those of New York City's rules on automated hiring tools (6 RCNY 5-300; ll144): the selection
    rate, the scoring rate (the share of scores above the median of all), and the ratio of each to the best group's.
    A group is rated when it has at least five people and two in a hundred of the data; unknown is a group, and never
    the one that others are compared with. ``four_fifths`` is a rule of thumb of 29 CFR 1607.4 D (four-fifths).

    Groups below five people are not shown, nor are groups that would give one away. The same holds for each figure:
    a mean of fewer than five scores is not shown.

    Args:
        facts: The columns.
        confidence: How often an interval holds the true value, between 0 and 1.
        four_fifths: The ratio below which a group is flagged, between 0 and 1.

    Raises:
        InvalidValue: For numbers out of range, and for attributes with too many combinations.

    >>> facts = Facts({"site": ["north"] * 20 + ["south"] * 10}, [True] * 18 + [False] * 2 + [True] * 6 + [False] * 4)
    >>> south = audit(facts).tables["site",][1]
    >>> round(south.impact_ratio, 3), south.below, [round(end, 2) for end in south.selection.ratio_interval]
    (0.667, True, [0.35, 1.01])
    """
    if not is_number(four_fifths) or not 0 < four_fifths <= 1:
        raise InvalidValue("four_fifths", "must be a number and lie between 0 and 1", "0.8 is usual")
    if not is_number(confidence) or not 0 < confidence < 1:
        raise InvalidValue("confidence", "must be a number and lie between 0 and 1", "0.95 is usual")
    if not len(facts):
        return Audit({(name,): () for name in facts.groups}, GroupFigures(_EVERYBODY), four_fifths, confidence)
    return _Auditor(facts, confidence, four_fifths).audit()


@frozen(eq=False)
class _Measure:
    """Something that is told of some of the people: who they are, their values, and the groups it is not told of."""

    people: Flags
    values: NDArray[np.float64]
    hidden: Flags

    def of(self, group: int, inside: Flags) -> NDArray[np.float64] | None:
        """Return the values of a group in rising order, or None where they must not be told."""
        return None if self.hidden[group] else np.sort(self.values[self.people & inside])


@frozen(eq=False)
class _Auditor:
    """Makes one audit. Groups are numbered through all tables; the last number is everybody."""

    facts: Facts
    confidence: float
    threshold: float
    labels: tuple[tuple[str, ...], ...] = field(init=False)
    layout: Layout = field(init=False)
    groups: NDArray[np.intp] = field(init=False)

    @labels.default
    def _labels(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(sorted(set(column), key=lambda one: (one == UNKNOWN_LABEL, one)))
            for column in self.facts.groups.values()
        )

    @layout.default
    def _layout(self) -> Layout:
        sizes = [len(labels) for labels in self.labels]
        if prod(sizes) > _MOST_CELLS:
            raise InvalidValue("by", f"gives {prod(sizes):,} combinations", "audit by fewer attributes at once")
        return Layout(tuple(sizes))

    @groups.default
    def _groups(self) -> NDArray[np.intp]:
        """The number of the group of each person in each table: (tables, people)."""
        columns, cell = [], np.zeros(len(self.facts), dtype=np.intp)
        for labels, column in zip(self.labels, self.facts.groups.values(), strict=True):
            place = {label: i for i, label in enumerate(labels)}
            columns.append(np.array([place[one] for one in column], dtype=np.intp))
            cell = cell * len(labels) + columns[-1]
        starts = np.flatnonzero(np.diff(self.layout.table, prepend=-1))
        return np.array([*columns, cell][: len(starts)]) + starts[:, None]

    def audit(self) -> Audit:
        everybody, tables = len(self.layout.table), {}
        measures = self._measures()
        for number, (key, names) in enumerate(self._tables()):
            start = int(np.argmax(self.layout.table == number))
            mine = [
                self._figures(labels, start + i, self.groups[number] == start + i, measures)
                for i, labels in enumerate(names)
                if len(key) == 1 or not measures[0].hidden[start + i]
            ]
            alone = len(key) == 1 and len(mine) == 1
            tables[key] = tuple(self._compared(mine, measures, alone))
        all_ = self._figures(_EVERYBODY, everybody, np.ones(len(self.facts), dtype=bool), measures)
        return Audit(tables, all_, self.threshold, self.confidence)

    def _tables(self) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
        """Return the attributes of each table with the labels of its groups."""
        names = tuple(self.facts.groups)
        single: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = [
            ((name,), [(one,) for one in labels]) for name, labels in zip(names, self.labels, strict=True)
        ]
        return [*single, *([(names, list(product(*self.labels)))] if len(names) > 1 else [])]

    def _measures(self) -> tuple[_Measure, ...]:
        """Return selection, scores above the median, scores, ranks and waiting times."""
        facts, everyone = self.facts, np.ones(len(self.facts), dtype=bool)
        scored = facts.selected & np.isfinite(facts.share)
        middle = np.median(facts.share[scored]) if scored.any() else 0.0
        above = facts.share > middle
        kinds = facts.selected & ~scored, scored & ~above, scored & above, ~facts.selected
        partnered = [self._moving(kind, ~facts.selected) for kind in kinds[:3]]
        others = [self._moving(kinds[3], facts.selected)]
        anybody = [self._moving(kind, ~everyone) for kind in kinds]
        hidden = self._withheld(everyone, [partnered, others, anybody])
        selection = _Measure(everyone, facts.selected.astype(np.float64), hidden)
        scoring = self._measure(scored, hidden, (above.astype(np.float64), 0, 1), (facts.share, 0, 1))
        ranked = self._measure(facts.selected & np.isfinite(facts.rank), hidden, (facts.rank, 1, inf))
        waiting = self._measure(np.isfinite(facts.waiting), hidden, (facts.waiting, 0, inf))
        return selection, scoring, evolve(scoring, values=facts.share), ranked, waiting

    def _measure(self, people: Flags, hidden: Flags, *told: tuple[NDArray[np.float64], float, float]) -> _Measure:
        """Return a measure of all values that are told of the same people, each with its least and greatest."""
        secrets = [[self._passing(people, values, least, most)] for values, least, most in told]
        return _Measure(people, told[0][0], self._withheld(people, secrets, hidden))

    def _withheld(self, people: Flags, secrets: Sequence[Secret], hidden: Flags | None = None) -> Flags:
        return withheld(self.layout, self._count(people), secrets, hidden=hidden)

    def _moving(self, people: Flags, back: Flags) -> Part:
        """Return people who can be elsewhere, as how many there are in a cell is not known."""
        here = self._count(people) > 0
        return Part(here, np.ones_like(here), self._count(back) > 0)

    def _passing(self, people: Flags, values: NDArray[np.float64], least: float, most: float) -> Part:
        """Return values that people can pass on to others, who can take them."""
        less, more = (self._count(people & some) > 0 for some in (values > least, values < most))
        return Part(less, more, np.zeros_like(less))

    def _count(self, people: Flags) -> Counts:
        return np.bincount(self.groups[-1][people] - self.layout.first_cell, minlength=self.layout.cells)

    def _figures(
        self, labels: tuple[str, ...], group: int, inside: Flags, measures: Sequence[_Measure]
    ) -> GroupFigures:
        selection, scoring, score, rank, waiting = (measure.of(group, inside) for measure in measures)
        return GroupFigures(
            labels,
            None if selection is None else len(selection),
            self._rate(selection),
            self._rate(scoring),
            _mean(score),
            _mean(rank),
            _mean(waiting),
        )

    def _rate(self, values: NDArray[np.float64] | None) -> Rate | None:
        return None if values is None else rate_of(int(values.sum()), len(values), self.confidence)

    def _compared(
        self, groups: Sequence[GroupFigures], measures: Sequence[_Measure], alone: bool
    ) -> list[GroupFigures]:
        """Return the groups of a table with the ratios of their rates."""
        known = [UNKNOWN_LABEL not in group.labels for group in groups]
        selection, scoring = (
            compared(rates, known, int(measure.people.sum()), confidence=self.confidence, threshold=self.threshold)
            for rates, measure in (
                ([group.selection for group in groups], measures[0]),
                ([group.scoring for group in groups], measures[1]),
            )
        )
        return [
            evolve(group, selection=_alone(one, alone), scoring=_alone(other, alone))
            for group, one, other in zip(groups, selection, scoring, strict=True)
        ]


def _alone(rate: Rate | None, alone: bool) -> Rate | None:
    return evolve(rate, unrated="everybody is in this group") if rate and alone else rate


def _mean(values: NDArray[np.float64] | None) -> float | None:
    return None if values is None else fsum(values) / len(values)
