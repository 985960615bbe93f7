"""The figures of an audit, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import ReadOnly
from devrel.matching.rates import Rate

_HIDDEN = "not shown, for fewer than five people, or for giving away a group that has fewer"
_UNLISTED = "Combinations that are not listed have fewer than five people or none, or would give away one that has."


def _tables(tables: Mapping[tuple[str, ...], tuple[GroupFigures, ...]]) -> ReadOnly[Any, Any]:
    return ReadOnly(tables)


@frozen
class GroupFigures:
    """The figures of one group. All are None for a group that is not shown; some for one with too few of them.

    Attributes:
        labels: The group's label of each attribute of the table.
        count: How many people there are.
        selection: How many of them got a partner; its ratio is the impact ratio.
        scoring: How many of those with a score lie above the median of all scores.
        mean_score: The mean of their scores, 0 to 1.
        mean_rank: The mean of their partners' ranks, 1 being everybody's best eligible candidate.
        mean_waiting: The mean of the days they have been waiting.
    """

    labels: tuple[str, ...]
    count: int | None = None
    selection: Rate | None = None
    scoring: Rate | None = None
    mean_score: float | None = None
    mean_rank: float | None = None
    mean_waiting: float | None = None

    @property
    def hidden(self) -> bool:
        """Whether nothing of the group is shown."""
        return self.count is None

    @property
    def rated(self) -> bool:
        """Whether the group has an impact ratio."""
        return self.selection is not None and self.selection.rated

    @property
    def reason(self) -> str:
        """Why the group is not rated; empty where it is."""
        return _HIDDEN if self.selection is None else self.selection.unrated

    @property
    def impact_ratio(self) -> float | None:
        """The selection rate as a share of the best group's, where the group is rated."""
        return None if self.selection is None else self.selection.ratio

    @property
    def below(self) -> bool:
        """Whether one of the two ratios lies below the threshold."""
        return any(rate is not None and rate.below for rate in (self.selection, self.scoring))


@frozen(repr=False)
class Audit:
    """How the groups of one side fare in a matching.

    It shows differences. It does not say where they come from, nor whether they are lawful.

    Attributes:
        tables: The groups of each attribute, and of all attributes together, by the names of the attributes. The table
            of an attribute has every label; the table of all has the combinations that may be shown.
        everybody: The figures of all people.
        threshold: The ratio below which a group is flagged.
        confidence: How often the intervals hold the true value.
    """

    tables: Mapping[tuple[str, ...], tuple[GroupFigures, ...]] = field(converter=_tables)
    everybody: GroupFigures
    threshold: float
    confidence: float

    @property
    def below(self) -> tuple[GroupFigures, ...]:
        """The groups of all tables with a ratio below the threshold."""
        return tuple(group for groups in self.tables.values() for group in groups if group.below)

    def to_columns(self) -> dict[str, list[Any]]:
        """Return all tables below each other as columns of plain values, None where there is no figure."""
        rows = [_record(names, group) for names, groups in self.tables.items() for group in groups]
        rows.append(_record((), self.everybody))
        return {name: [row[name] for row in rows] for name in rows[0]}

    def to_text(self, *, width: int = 120) -> str:
        """Return the tables as text for a terminal, ``width`` columns wide at most."""
        parts = [
            f"{_title(names)}\n{text_table(_HEADER, self._rows(groups), width=width)}"
            for names, groups in self.tables.items()
        ]
        return "\n\n".join([*parts, *self._remarks()])

    def __str__(self) -> str:
        """Return ``to_text()``."""
        return self.to_text()

    def __repr__(self) -> str:
        """Return what was compared and how many groups are flagged."""
        names = ", ".join(name for names in self.tables if len(names) == 1 for name in names)
        return f"<Audit by {names}: {len(self.below)} below {self.threshold:g}>"

    def _repr_html_(self) -> str:
        tables = [
            html_table(_HEADER, self._rows(groups), caption=_title(names), limit=200)
            for names, groups in self.tables.items()
        ]
        return "".join([*tables, html_table(["Remarks"], [[one] for one in self._remarks()])])

    def _rows(self, groups: Iterable[GroupFigures]) -> list[list[str]]:
        return [_cells(group) for group in (*groups, self.everybody)]

    def _remarks(self) -> list[str]:
        level = f"{self.confidence * 100:g} in 100"
        found = [f"Ranges are intervals of {level} (Wilson; ratios by MOVER-R). Below {self.threshold:g} is flagged."]
        notes = [f"{', '.join(groups)}: {reason}." for reason, groups in self._unrated().items()]
        single = [len(groups) for names, groups in self.tables.items() if len(names) == 1]
        unlisted = any(len(groups) < prod(single) for names, groups in self.tables.items() if len(names) > 1)
        return [*found, *notes, *([_UNLISTED] if unlisted else [])]

    def _unrated(self) -> dict[str, list[str]]:
        """Return the groups without an impact ratio, by the reason."""
        found: dict[str, list[str]] = {}
        for group in (group for groups in self.tables.values() for group in groups if group.reason):
            found.setdefault(group.reason, []).append(_named(group))
        return found


_HEADER = ("group", "people", "got a partner", "impact ratio", "score above median", "ratio", "score", "rank", "days")


def _title(names: Sequence[str]) -> str:
    return f"By {' × '.join(names)}"


def _named(group: GroupFigures) -> str:
    return " × ".join(group.labels)


def _cells(group: GroupFigures) -> list[str]:
    if group.count is None:
        return [_named(group), "not shown", *[""] * (len(_HEADER) - 2)]
    numbers = [
        "" if value is None else f"{value:.{digits}f}"
        for value, digits in ((group.mean_score, 2), (group.mean_rank, 1), (group.mean_waiting, 0))
    ]
    rates = [text for rate in (group.selection, group.scoring) for text in (_shown_rate(rate), _shown_ratio(rate))]
    return [_named(group), str(group.count), *rates, *numbers]


def _shown_rate(rate: Rate | None) -> str:
    if rate is None:
        return ""
    low, high = rate.interval
    return f"{rate.part} of {rate.whole}: {rate.value:.0%} ({low:.0%} to {high:.0%})"


def _shown_ratio(rate: Rate | None) -> str:
    if rate is None or rate.ratio is None:
        return ""
    if rate.ratio_interval is None:
        return "the best"
    low, high = rate.ratio_interval
    return f"{rate.ratio:.2f} ({low:.2f} to {high:.2f}){', below' if rate.below else ''}"


def _record(names: Sequence[str], group: GroupFigures) -> dict[str, Any]:
    """Return one row of plain values."""
    row: dict[str, Any] = {
        "by": list(names),
        "group": list(group.labels),
        "people": group.count,
        "reason": group.reason,
        "mean_score": group.mean_score,
        "mean_rank": group.mean_rank,
        "mean_waiting": group.mean_waiting,
    }
    for name, rate in (("selection", group.selection), ("scoring", group.scoring)):
        row |= _rate_record(name, rate)
    return row


def _rate_record(name: str, rate: Rate | None) -> dict[str, Any]:
    low, high = (None, None) if rate is None else rate.interval
    down, up = (None, None) if rate is None or rate.ratio_interval is None else rate.ratio_interval
    return {
        f"{name}_part": None if rate is None else rate.part,
        f"{name}_whole": None if rate is None else rate.whole,
        f"{name}_rate": None if rate is None else rate.value,
        f"{name}_low": low,
        f"{name}_high": high,
        f"{name}_ratio": None if rate is None else rate.ratio,
        f"{name}_ratio_low": down,
        f"{name}_ratio_high": up,
        f"{name}_best": None if rate is None else rate.best,
        f"{name}_below": None if rate is None else rate.below,
    }
