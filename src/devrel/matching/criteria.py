"""Criteria: what makes a pair good, each from 0 to 1 and weighted.

A criterion is a small class with one function of a pair; it may add a function of a block for speed, which has to
agree with the first. One that *must* be met filters like a constraint and is not scored.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from enum import Enum
from math import isnan
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel._records import a, filled_text, optional
from devrel.errors import InvalidValue
from devrel.kinds import Titles
from devrel.matching.block import Alikeness, Block, Grid, Overlap, shaped
from devrel.matching.columns import as_number, item_set
from devrel.matching.rules import Candidate
from devrel.plugins import asked

Scores = NDArray[np.float64]

GROUP = "devrel.criteria"
"""The entry points under which packages announce criteria."""


class Weight(Enum):
    """How much a criterion counts, in words; a plain number says it exactly."""

    MUST = "must"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_HEAVIEST = 1_000_000
_NUMBERS = {Weight.HIGH: 5.0, Weight.MEDIUM: 3.0, Weight.LOW: 1.0}


def _weight(_: object, attribute: object, value: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _HEAVIEST
    if not isinstance(value, Weight) and not number:
        raise InvalidValue("weight", f"must be a Weight or a number above 0 and at most {_HEAVIEST}")


def _share(_: object, __: object, value: float) -> None:
    a(int, float)(_, __, value)  # type: ignore[arg-type]
    if not 0 < value <= 1:
        raise InvalidValue("minimum", "must lie above 0 and be at most 1")


@frozen
class Criterion(ABC):
    """Makes pairs better or worse. Subclass it with ``score``; add ``block`` for speed.

    Attributes:
        name: The name its part of a score is shown under.
        weight: How much it counts: ``Weight.MUST``, high (5), medium (3), low (1) or a number above 0.
        minimum: What a criterion that must be met has to reach.
        sensitive: Whether it looks at special-category data; then its part is shown nowhere.

    Raises:
        InvalidValue: When a sensitive criterion must be met: such data may be weighed, never used to shut out.

    >>> from devrel.people import Organization, Person
    >>> people = [Person("a", department="x"), Person("b", department="x")]
    >>> Same("department").score(Candidate(*people, Organization(people)))
    1.0
    """

    source: ClassVar[str] = ""
    """The short name of where it comes from."""

    name: str = field(kw_only=True, default="", validator=a(str))
    weight: Weight | float = field(kw_only=True, default=Weight.MEDIUM, validator=_weight)
    minimum: float = field(kw_only=True, default=1.0, validator=_share)
    sensitive: bool = field(kw_only=True, default=False, validator=a(bool))

    def __attrs_post_init__(self) -> None:
        if self.sensitive and self.must:
            raise InvalidValue("weight", "cannot be 'must' for sensitive data", "give it a weight instead")
        if self.minimum != 1 and not self.must:
            raise InvalidValue("minimum", "is for a criterion that must be met", "say weight=Weight.MUST or drop it")

    @property
    def must(self) -> bool:
        """Whether it filters instead of scoring."""
        return self.weight is Weight.MUST

    @property
    def points(self) -> float:
        """The weight as a number; 0 for one that must be met."""
        return _NUMBERS.get(self.weight, 0.0) if isinstance(self.weight, Weight) else float(self.weight)

    @property
    def shown_name(self) -> str:
        """The name, or what it does where no name was given."""
        return self.name or self.describe()

    @abstractmethod
    def score(self, case: Candidate) -> float:
        """Return how good the pair is, from 0 to 1."""

    def block(self, block: Block) -> Scores | None:
        """Return the scores as an array of the block's shape, or None to have every pair asked."""
        return None

    def looks_at(self) -> tuple[str, ...] | None:
        """Return the attributes by whose values alone it scores, on either side; None where there is more to it.

        Whoever says so lets large organisations be scored by groups of people who are alike. It has to be true: two
        people with equal values of all these attributes get the same score with anybody.
        """
        return None

    def alike(self, block: Block) -> Alikeness | None:
        """Return numbers, of recipients and of providers, that are equal for people whom it treats alike.

        None where there is more to it. By default it is what ``looks_at`` says; a criterion that looks at something
        else, such as the time somebody has waited, says it here. The same has to be true.
        """
        looked_at = self.looks_at()
        return None if looked_at is None else block.alike(looked_at, sensitive=self.sensitive)

    def overlap(self) -> Overlap | None:
        """Return how it scores what two lists share, where that is all it looks at; None elsewhere.

        >>> float(Offered("wants", "skills").overlap().judge(1, 2, 3))
        0.5
        """
        return None

    def scored_pairs(self, block: Block) -> Iterable[tuple[str, str]] | None:
        """Return all pairs of ids (recipient, provider) that may score above 0, where they are few; None elsewhere.

        People who are not in the block may be among them. Large problems are scored without looking at all the others.
        """
        return None

    def describe(self) -> str:
        """Return what it looks at, in words."""
        return type(self).__name__

    def title(self, titles: Titles) -> str:
        """Return what it demands where it must be met."""
        return self.shown_name


def scores_in(criterion: Criterion, block: Block) -> Scores:
    """Return the scores of ``criterion``, through its block function or pair by pair, checked to lie in 0..1.

    Raises:
        InvalidValue: When what it gives are no scores.
        BrokenExtension: When it raises an error of another kind.
    """
    answer = asked(GROUP, "criterion", criterion, "shown_name", criterion.block, block)
    if answer is None:
        rows, columns = block.shape
        pairs = [[score_of(criterion, block.case(i, j)) for j in range(columns)] for i in range(rows)]
        return np.array(pairs, dtype=np.float64).reshape(block.shape)
    scores: Scores = shaped(criterion.shown_name, answer, block).astype(np.float64, copy=False)
    if scores.size and not (scores.min() >= 0 and scores.max() <= 1):
        raise InvalidValue(criterion.shown_name, "gave a score outside 0 to 1 in its block", "mend the criterion")
    return scores


def score_of(criterion: Criterion, case: Candidate) -> float:
    """Return the score of one pair, checked to be a number from 0 to 1.

    Raises:
        InvalidValue: When what the criterion gives is no score.
        BrokenExtension: When it raises an error of another kind.
    """
    return score_each(criterion, [case])[0]


def score_each(criterion: Criterion, cases: Sequence[Candidate]) -> list[float]:
    """Return the same for each of some pairs."""

    def score(cases: Sequence[Candidate]) -> list[float]:
        return [one(case) for case in cases]

    one = criterion.score
    answers: list[Any] = asked(GROUP, "criterion", criterion, "shown_name", score, cases)
    for case, answer in zip(cases, answers, strict=True):
        if not isinstance(answer, _NUMBER) or not 0 <= answer <= 1:
            wrong = f"gave no score from 0 to 1 for {case.recipient.id!r} and {case.provider.id!r}"
            raise InvalidValue(criterion.shown_name, wrong, "mend the criterion")
    return answers


_NUMBER = (int, float)


@frozen
class _Compared(Criterion):
    """Compares one attribute of the two; 0 where it is not known on a side."""

    attribute: str = field(validator=filled_text)

    word: ClassVar[str]
    wants_equal: ClassVar[bool]

    def score(self, case: Candidate) -> float:
        mine = case.recipient.get(self.attribute, sensitive=self.sensitive)
        theirs = case.provider.get(self.attribute, sensitive=self.sensitive)
        return float(mine is not None and theirs is not None and (mine == theirs) == self.wants_equal)

    def block(self, block: Block) -> Scores:
        mine, theirs = block.codes(self.attribute, sensitive=self.sensitive)
        met = (mine >= 0) & (theirs >= 0) & ((mine == theirs) == self.wants_equal)
        return met.astype(np.float64)  # type: ignore[no-any-return]

    def looks_at(self) -> tuple[str, ...]:
        return (self.attribute,)

    def describe(self) -> str:
        return f"{self.word} {self.attribute}"


@frozen
class Same(_Compared):
    """1 where an attribute is the same on both sides; 0 where it differs or is not known.

    Attributes:
        attribute: The attribute's name.
    """

    word = "same"
    wants_equal = True
    source = "utah-ucan"


@frozen
class Differs(_Compared):
    """1 where an attribute differs; 0 where it is the same or not known on a side.

    Attributes:
        attribute: The attribute's name.
    """

    word = "different"
    wants_equal = False
    source = "culture-wizard"


@frozen
class Shared(Criterion):
    """The items two lists share, as a share of the items either has (the Jaccard index); 0 where both are empty.

    Attributes:
        attribute: The name of the list.
    """

    attribute: str = field(validator=filled_text)

    source = "smart-meetings"

    def score(self, case: Candidate) -> float:  # noqa: D102
        mine = item_set(case.recipient.get(self.attribute, sensitive=self.sensitive))
        theirs = item_set(case.provider.get(self.attribute, sensitive=self.sensitive))
        return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0

    def block(self, block: Block) -> Scores:  # noqa: D102
        return self.overlap().judged(block, sensitive=self.sensitive)

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return (self.attribute,)

    def overlap(self) -> Overlap:  # noqa: D102
        return Overlap(self.attribute, self.attribute, _jaccard)

    def describe(self) -> str:  # noqa: D102
        return f"shared {self.attribute}"


def _jaccard(shared: Grid, mine: Grid, theirs: Grid) -> Scores:
    return shared / np.maximum(mine + theirs - shared, 1)  # type: ignore[no-any-return]


@frozen
class Offered(Criterion):
    """The share of what the recipient wants that the provider offers; 0 where she wants nothing.

    Attributes:
        wanted: The recipient's list.
        offered: The provider's list.
        when: A yes/no attribute of the recipient; where it is not yes, the score is 0. None to always look.
    """

    wanted: str = field(validator=filled_text)
    offered: str = field(validator=filled_text)
    when: str | None = field(default=None, validator=optional(filled_text))

    source = "smart-meetings"

    def score(self, case: Candidate) -> float:  # noqa: D102
        if self.when is not None and case.recipient.get(self.when, sensitive=self.sensitive) is not True:
            return 0.0
        wanted = item_set(case.recipient.get(self.wanted, sensitive=self.sensitive))
        offered = item_set(case.provider.get(self.offered, sensitive=self.sensitive))
        return len(wanted & offered) / len(wanted) if wanted else 0.0

    def block(self, block: Block) -> Scores:  # noqa: D102
        return self.overlap().judged(block, sensitive=self.sensitive)

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return (self.wanted, self.offered, *([] if self.when is None else [self.when]))

    def overlap(self) -> Overlap:  # noqa: D102
        return Overlap(self.wanted, self.offered, _share_of_wanted, when=self.when)

    def describe(self) -> str:  # noqa: D102
        return f"{self.offered} offered as wanted"


def _share_of_wanted(shared: Grid, mine: Grid, _: Grid) -> Scores:
    return shared / np.maximum(mine, 1)


@frozen
class Near(Criterion):
    """1 where the provider's number minus the recipient's is as wanted, falling evenly to 0 at ``within`` from it.

    Attributes:
        attribute: The attribute's name.
        wanted: The best difference.
        within: The distance from it at which the score is 0.
    """

    attribute: str = field(default="level", validator=filled_text)
    wanted: float = field(default=0, validator=a(int, float))
    within: float = field(default=3, validator=a(int, float))

    source = "culture-wizard"

    def __attrs_post_init__(self) -> None:
        Criterion.__attrs_post_init__(self)
        if self.within <= 0:
            raise InvalidValue("within", "must be above 0")

    def score(self, case: Candidate) -> float:  # noqa: D102
        mine = as_number(case.recipient.get(self.attribute, sensitive=self.sensitive))
        theirs = as_number(case.provider.get(self.attribute, sensitive=self.sensitive))
        nearness = 1 - abs((theirs - mine) - self.wanted) / self.within
        return 0.0 if isnan(nearness) else max(nearness, 0.0)

    def block(self, block: Block) -> Scores:  # noqa: D102
        mine, theirs = block.numbers(self.attribute, sensitive=self.sensitive)
        nearness = 1 - np.abs((theirs - mine) - self.wanted) / self.within
        return np.nan_to_num(np.maximum(nearness, 0.0), nan=0.0)

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return (self.attribute,)

    def describe(self) -> str:  # noqa: D102
        return f"{self.attribute} {self.wanted:g} apart"
