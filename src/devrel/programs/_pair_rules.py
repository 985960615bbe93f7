"""Rules asked about many pairs at once, and how many pairs each removes, without looking at every pair of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel._records import as_tuple
from devrel.kinds import Titles
from devrel.matching import constraints, criteria
from devrel.matching.block import Block, Grid
from devrel.matching.constraints import Constraint, Mask, NotInReportingLine, OwnManager, forbidden_in, forbids_of
from devrel.matching.criteria import Criterion, score_of, scores_in
from devrel.matching.roster import Roster
from devrel.programs._removals import REMOVALS, Lines

Positions = NDArray[np.intp]
Rule = Constraint | Criterion
Looks = tuple[tuple[str, ...], tuple[str, ...]]
"""The attributes a rule looks at: those of recipients and those of providers."""

MOST_CELLS = 4_000_000
"""A rule that tells apart no more groups of recipients times groups of providers has its answers in a table."""
MOST_ASKED = 200_000
"""The same for a rule that can only be asked pair by pair."""
MOST_COUNTED = 50_000_000
"""So many answers of a block function are counted; of more, the count is not known."""

_LOOKS: Mapping[type, Callable[[Any], Looks]] = {
    criteria.Same: lambda one: ((one.attribute,), (one.attribute,)),
    criteria.Differs: lambda one: ((one.attribute,), (one.attribute,)),
    criteria.Shared: lambda one: ((one.attribute,), (one.attribute,)),
    criteria.Near: lambda one: ((one.attribute,), (one.attribute,)),
    criteria.Offered: lambda one: ((one.wanted, *filter(None, [one.when])), (one.offered,)),
}
_OUR_OWN = (constraints.__name__, criteria.__name__)


def looks_of(rule: Rule) -> Looks | None:
    """Return the attributes by whose values alone ``rule`` decides; None where it does not say so.

    A class that inherits ``looks_at`` but has a pair function of its own has not said it of that function.
    """
    if type(rule) in _LOOKS:
        return _LOOKS[type(rule)](rule)
    judge = "score" if isinstance(rule, Criterion) else "forbids"
    said = next((known for known in type(rule).__mro__ if {judge, "looks_at"} & vars(known).keys()), None)
    if said is None or "looks_at" not in vars(said):
        return None
    looked = rule.looks_at()
    return None if looked is None else (as_tuple(looked), as_tuple(looked))


def key_of(rule: Rule) -> tuple[str, str] | None:
    """Return the attributes of recipient and provider that must be known and equal, where that is all ``rule`` says."""
    if type(rule) is OwnManager:
        return "manager", "id"
    if type(rule) is constraints.Alike or type(rule) is criteria.Same:
        return rule.attribute, rule.attribute
    return None


class Part(Block):
    """Pairs of a block as columns alone, for the rules of this library.

    Args:
        whole: The block.
        rows: The positions of recipients; it broadcasts against ``columns``.
        columns: The positions of providers.
    """

    __slots__ = ("_across", "_down", "_whole")

    def __init__(self, whole: Block, rows: Positions, columns: Positions) -> None:
        self._whole = whole
        self._down, self._across = rows, columns

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        rows, columns = np.broadcast_shapes(self._down.shape, self._across.shape)
        return rows, columns

    def codes(self, attribute: str, of_provider: str | None = None, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return codes that are equal where the values are."""
        return self._chosen(self._whole.codes(attribute, of_provider, sensitive=sensitive))

    def numbers(self, attribute: str, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return the values as floats."""
        return self._chosen(self._whole.numbers(attribute, sensitive=sensitive))

    def flags(self, attribute: str, *, sensitive: bool = False) -> tuple[Grid, Grid]:
        """Return where the value is a yes."""
        return self._chosen(self._whole.flags(attribute, sensitive=sensitive))

    def shared_counts(self, wanted: str, offered: str, *, sensitive: bool = False) -> tuple[Grid, Grid, Grid]:
        """Return how many items two lists share, and how long each is."""
        mine, theirs = self._whole.bits(wanted, offered, sensitive=sensitive)
        mine, theirs = mine[self._down], theirs[self._across]
        shared = np.zeros(self.shape, dtype=np.int64)
        for word in range(mine.shape[-1]):
            shared += np.bitwise_count(mine[..., word] & theirs[..., word])
        return shared, np.bitwise_count(mine).sum(axis=-1), np.bitwise_count(theirs).sum(axis=-1)

    def _chosen(self, columns: tuple[Grid, Grid]) -> tuple[Grid, Grid]:
        down, across = columns
        return down[:, 0][self._down], across[0][self._across]


@frozen(eq=False)
class PairRule:
    """One rule with what is needed to ask it about many pairs.

    Attributes:
        rule: The constraint, or the criterion that must be met.
        people: All recipients against all providers.
        title: What it demands, in the kind's words.
        looks: The attributes it decides by, or None.
        codes: For recipients and for providers, a number that is equal where the rule cannot tell two people apart.
        quick: Whether it has a block function.
        table: Its answers by code, or None where there would be too many.
        lines: The reporting lines, where it is about them and has no table.
    """

    rule: Rule
    people: Block
    title: str
    looks: Looks | None = field(init=False)
    codes: tuple[Positions, Positions] = field(init=False)
    quick: bool = field(init=False)
    table: Mask | None = field(init=False)
    lines: Lines | None = field(init=False)

    @looks.default
    def _looks(self) -> Looks | None:
        return looks_of(self.rule)

    @codes.default
    def _codes(self) -> tuple[Positions, Positions]:
        if self.looks is None:
            rows, columns = self.people.shape
            return np.arange(rows), np.arange(columns)
        return _numbered(self.people.recipients, self.looks[0]), _numbered(self.people.providers, self.looks[1])

    @quick.default
    def _quick(self) -> bool:
        some = _some(self.people, range(min(1, self.people.shape[0])), range(min(1, self.people.shape[1])))
        return self.rule.block(some) is not None

    @table.default
    def _table(self) -> Mask | None:
        down, across = self.groups
        most = MOST_CELLS if self.quick else MOST_ASKED
        return self.judged(down, across) if down.size * across.size <= most else None

    @lines.default
    def _lines(self) -> Lines | None:
        return Lines(self.people) if self.table is None and type(self.rule) is NotInReportingLine else None

    @property
    def groups(self) -> tuple[Positions, Positions]:
        """One recipient and one provider of every code, in the order of the codes."""
        down, across = (np.unique(codes, return_index=True)[1] for codes in self.codes)
        return down, across

    @property
    def own(self) -> bool:
        """Whether it is one of this library's rules, which look at columns alone."""
        return self.quick and type(self.rule).__module__ in _OUR_OWN and type(self.rule) is not NotInReportingLine

    def forbidden(self, rows: Positions, columns: Positions) -> Mask | None:
        """Return where it forbids; None where it has to be asked pair by pair.

        Args:
            rows: Positions of recipients, of two dimensions; it broadcasts against ``columns``.
            columns: Positions of providers.
        """
        if self.table is not None:
            found: Mask = self.table[self.codes[0][rows], self.codes[1][columns]]
            return found
        if self.lines is not None:
            return self.lines.connected(rows, columns)
        if self.own:
            return _mask(self.rule, Part(self.people, rows, columns))
        shape = np.broadcast_shapes(rows.shape, columns.shape)
        if not self.quick or rows.size * columns.size != shape[0] * shape[1]:
            return None
        mask = self.judged(rows.ravel(), columns.ravel())
        return mask.reshape(shape) if rows.shape[1] == 1 else mask.T

    def judged(self, rows: Positions, columns: Positions) -> Mask:
        """Return where it forbids, each of the recipients against each of the providers."""
        return _mask(self.rule, _some(self.people, rows.tolist(), columns.tolist()))

    def asked(self, row: int, column: int) -> bool:
        """Whether it forbids one pair, by its pair function."""
        case = self.people.case(row, column)
        if isinstance(self.rule, Criterion):
            return score_of(self.rule, case) < self.rule.minimum
        return forbids_of(self.rule, case)

    def removed(self, both: tuple[Positions, Positions]) -> int | None:
        """Return how many pairs it forbids, nobody being paired with herself; None where counting would take too long.

        Args:
            both: The positions of those who stand on both sides, as recipients and as providers.
        """
        everywhere = self._everywhere()
        return None if everywhere is None else everywhere - self._alone(both)

    def _everywhere(self) -> int | None:
        if self.table is None and type(self.rule) in REMOVALS:
            return REMOVALS[type(self.rule)](self.rule, self.people)
        (down, across), (rows, columns) = self.groups, (np.bincount(codes) for codes in self.codes)
        if self.table is not None:
            return int(rows @ (self.table @ columns))
        if not self.quick or down.size * across.size > MOST_COUNTED:
            return None
        step = max(1, MOST_CELLS // across.size)
        slices = [slice(start, start + step) for start in range(0, down.size, step)]
        return sum(int(rows[part] @ (self.judged(down[part], across) @ columns)) for part in slices)

    def _alone(self, both: tuple[Positions, Positions]) -> int:
        """Return how many people it would keep from themselves."""
        rows, columns = both
        mask = self.forbidden(rows[None, :], columns[None, :])
        if mask is not None:
            return int(mask.sum())
        return sum(self.asked(row, column) for row, column in zip(rows.tolist(), columns.tolist(), strict=True))


def pair_rules(people: Block, rules: Sequence[Rule], titles: Titles) -> tuple[PairRule, ...]:
    """Return the rules ready to be asked; of two with the same title, the second gets a number."""
    made: dict[str, PairRule] = {}
    for rule in rules:
        told = rule.title(titles)
        again = (f"{told} ({number})" for number in count(2))
        title = next(title for title in chain([told], again) if title not in made)
        made[title] = PairRule(rule, people, title)
    return tuple(made.values())


def _some(people: Block, rows: Iterable[int], columns: Iterable[int]) -> Block:
    """Return some recipients against some providers."""
    down, across = (np.fromiter(one, dtype=np.intp) for one in (rows, columns))
    recipients, providers = people.recipients.take(down), people.providers.take(across)
    return Block(recipients, providers, people.organization, today=people.today)


def _mask(rule: Rule, block: Block) -> Mask:
    if isinstance(rule, Criterion):
        return scores_in(rule, block) < rule.minimum
    return forbidden_in(rule, block)


def _numbered(people: Roster, attributes: Sequence[str]) -> Positions:
    """Return a number for every person, equal where all the values are; a yes is not taken for a 1."""
    if not attributes:
        return np.zeros(len(people), dtype=np.intp)
    codes = np.stack([people.column(attribute).codes for attribute in attributes])
    return np.unique(codes, axis=1, return_inverse=True)[1].reshape(-1)
