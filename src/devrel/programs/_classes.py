"""People grouped by what the rules of a program can tell apart: whole groups are judged at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from devrel.kinds import Side
from devrel.matching.constraints import Mask
from devrel.programs._pair_rules import MOST_ASKED, PairRule, Positions

MOST_CLASSES = 1_024
"""So many classes of recipients, and of providers, are told apart at most; pairs are asked for the rest."""
MOST_FREQUENT = (15, 5, 1)
"""Of a rule that tells too many apart, so many of the most frequent values get classes of their own, as many as fit."""

Two = tuple[Positions, Positions]


@frozen(eq=False)
class _Share:
    """What one rule gives to the classes.

    Attributes:
        codes: Numbers for recipients and for providers.
        mask: Where it forbids, by number.
        exact: Whether the mask is the whole truth; otherwise the last number stands for the rare values, and what the
            mask does not forbid there has to be asked.
        rare: For each side, who has a rare value.
    """

    codes: Two
    mask: Mask
    exact: bool
    rare: tuple[Mask, Mask]


@frozen(eq=False)
class Classes:
    """Recipients and providers in classes; the rules that decide by values are asked once for two classes.

    Attributes:
        shares: What rules give to the classes, by the position of the rule.
        codes: The class of every recipient and of every provider.
    """

    shares: Mapping[int, _Share]
    codes: Two

    @classmethod
    def of(cls, rules: Sequence[PairRule]) -> Classes:
        """Return the classes that ``rules`` tell apart, those with the fewest values first."""
        rows, columns = rules[0].people.shape
        codes = np.zeros(rows, dtype=np.intp), np.zeros(columns, dtype=np.intp)
        sizes = {k: max(rule.table.shape) if rule.table is not None else rows + columns for k, rule in enumerate(rules)}
        shares: dict[int, _Share] = {}
        for k in sorted(sizes, key=lambda k: (sizes[k], k)):
            for share in _possible(rules[k]):
                finer = _joined(codes[0], share.codes[0]), _joined(codes[1], share.codes[1])
                if max(int(one.max(initial=0)) for one in finer) < MOST_CLASSES:
                    shares[k], codes = share, finer
                    break
        return cls(shares, codes)

    @property
    def decided(self) -> frozenset[int]:
        """The positions of the rules that need not be asked any more where two classes allow each other."""
        return frozenset(k for k, share in self.shares.items() if share.exact)

    def rare(self, k: int, side: Side) -> Mask:
        """Return who of a side is in no class of her own for the rule at position ``k``: all, where it gives none."""
        at = _at(side)
        share = self.shares.get(k)
        return np.ones(self.codes[at].size, dtype=np.bool_) if share is None else share.rare[at]

    def allowed(self, side: Side, lifted: int | None) -> Mask:
        """Return which classes of ``side`` may have candidates in which classes of the other, with one rule lifted."""
        down, across = (np.unique(codes, return_index=True)[1] for codes in self.codes)
        forbidden = np.zeros((down.size, across.size), dtype=np.bool_)
        for k, share in self.shares.items():
            if k != lifted:
                forbidden |= share.mask[np.ix_(share.codes[0][down], share.codes[1][across])]
        return ~forbidden if side is Side.RECIPIENT else ~forbidden.T


def of_side(two: Two, side: Side) -> Positions:
    """Return the half of a pair (recipients, providers) that belongs to ``side``."""
    return two[_at(side)]


def _at(side: Side) -> int:
    return 0 if side is Side.RECIPIENT else 1


def _possible(rule: PairRule) -> Iterator[_Share]:
    """Yield what a rule can give to the classes, the most exact first."""
    if rule.looks is None:
        return
    if rule.table is not None and max(rule.table.shape) <= MOST_CLASSES:
        nobody = np.zeros(rule.codes[0].size, dtype=np.bool_), np.zeros(rule.codes[1].size, dtype=np.bool_)
        yield _Share(rule.codes, rule.table, True, nobody)
    values = sum(group.size for group in rule.groups)
    for frequent in MOST_FREQUENT:
        if rule.quick or frequent * values <= MOST_ASKED:
            yield _lumped(rule, frequent)


def _lumped(rule: PairRule, frequent: int) -> _Share:
    """Return what a rule gives with the most frequent values alone; all others are one class, and rare."""
    down, across = rule.groups
    often = _most_frequent(rule.codes[0], frequent), _most_frequent(rule.codes[1], frequent)
    mask = np.zeros((often[0].size + 1, often[1].size + 1), dtype=np.bool_)
    mask[:-1] = _with_rare(rule.judged(down[often[0]], across), often[1])
    mask[:, :-1] = _with_rare(rule.judged(down, across[often[1]]).T, often[0]).T
    codes = _places(rule.codes[0], often[0]), _places(rule.codes[1], often[1])
    return _Share(codes, mask, False, (codes[0] == often[0].size, codes[1] == often[1].size))


def _most_frequent(codes: Positions, most: int) -> Positions:
    counts = np.bincount(codes)
    return np.sort(np.argsort(-counts, kind="stable")[:most])


def _with_rare(mask: Mask, often: Positions) -> Mask:
    """Return the columns at ``often`` and a last one for all the others, which forbids where every one of them does."""
    rare = np.ones(mask.shape[1], dtype=np.bool_)
    rare[often] = False
    return np.column_stack([mask[:, often], mask[:, rare].all(axis=1)])


def _places(codes: Positions, often: Positions) -> Positions:
    place = np.full(int(codes.max(initial=-1)) + 1, often.size, dtype=np.intp)
    place[often] = np.arange(often.size)
    return place[codes]


def _joined(one: Positions, other: Positions) -> Positions:
    """Return a number for every combination of two numbers."""
    codes: Positions = np.unique(one * (int(other.max(initial=0)) + 1) + other, return_inverse=True)[1]
    return codes
