"""Constraints: what forbids a pair. They filter and are never scored.

A constraint is a small class with one function of a pair; it may add a function of a block for speed, which has to
agree with the first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel._records import a, filled_text, optional
from devrel.errors import InvalidValue
from devrel.kinds import Titles
from devrel.matching.block import Alikeness, Block, Overlap, shaped
from devrel.matching.columns import as_number
from devrel.matching.rules import Candidate
from devrel.plugins import asked

Mask = NDArray[np.bool_]

GROUP = "devrel.constraints"
"""The entry points under which packages announce constraints."""


class Constraint(ABC):
    """Forbids pairs. Subclass it with ``forbids``; add ``block`` for speed.

    >>> from devrel.people import Organization, Person
    >>> people = [Person("boss"), Person("new", manager="boss")]
    >>> NotOwnManager().forbids(Candidate(people[1], people[0], Organization(people)))
    True
    """

    __slots__ = ()

    name: ClassVar[str]
    """The name it is lifted and looked up by."""

    source: ClassVar[str] = ""
    """The short name of where it comes from."""

    @abstractmethod
    def forbids(self, case: Candidate) -> bool:
        """Whether the pair must not be matched."""

    def title(self, titles: Titles) -> str:
        """Return what it demands, in the kind's words."""
        return self.name

    def reason(self, case: Candidate, titles: Titles) -> str:
        """Return why a pair that it forbids may not be matched: a part of a sentence, in the kind's words.

        ``why_not`` and ``explain`` show it. A rule that knows more than its title says may tell it here; it must not
        tell anything of a person that the two may not know.

        >>> from devrel.kinds import MENTORING
        >>> from devrel.people import Organization, Person
        >>> people = [Person("boss"), Person("new", manager="boss")]
        >>> print(NotOwnManager().reason(Candidate(people[1], people[0], Organization(people)), MENTORING.titles))
        the pair fails "not the mentee's own manager"
        """
        return failing(self.title(titles))

    def block(self, block: Block) -> Mask | None:
        """Return where it forbids, as an array of the block's shape, or None to have every pair asked."""
        return None

    def looks_at(self) -> tuple[str, ...] | None:
        """Return the attributes by whose values alone it decides, on either side; None where there is more to it.

        Whoever says so lets large organisations be judged by groups of people who are alike. It has to be true: two
        people with equal values of all these attributes get the same answer against anybody.

        >>> Gap("level", at_least=1).looks_at(), NotOwnManager().looks_at()
        (('level',), None)
        """
        return None

    def alike(self, block: Block) -> Alikeness | None:
        """Return numbers, of recipients and of providers, that are equal for people whom it treats alike.

        None where there is more to it. By default it is what ``looks_at`` says; a rule that decides by something else,
        such as an absence, says it here. The same has to be true: people with equal numbers get the same answer.
        """
        looked_at = self.looks_at()
        return None if looked_at is None else block.alike(looked_at)

    def overlap(self) -> Overlap | None:
        """Return how it decides from what two lists share, where that is all it looks at; None elsewhere.

        >>> from devrel.matching import InCommon
        >>> InCommon("languages").overlap().judge(1, 2, 3)
        False
        """
        return None

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]] | None:
        """Return all pairs of ids (recipient, provider) that it forbids, where they are few; None elsewhere.

        People who are not in the block may be among them. Large problems are judged without looking at all the others.
        """
        return None


def failing(title: str) -> str:
    """Return that a pair fails a rule, by the rule's title."""
    return f"the pair fails {quoted(title)}"


def quoted(title: str) -> str:
    """Return a rule's title in double quotes, whatever apostrophes it has.

    >>> print(quoted("not the mentee's own manager"))
    "not the mentee's own manager"
    """
    return f'"{title}"'


def forbidden_in(constraint: Constraint, block: Block) -> Mask:
    """Return where ``constraint`` forbids, through its block function or pair by pair.

    Raises:
        InvalidValue: When what it gives is not true or false, so that nothing is allowed by a forgotten ``return``.
        BrokenExtension: When it raises an error of another kind.
    """
    answer = asked(GROUP, "constraint", constraint, "name", constraint.block, block)
    if answer is not None:
        found = shaped(constraint.name, answer, block)
        if found.dtype != np.bool_:
            raise InvalidValue(constraint.name, "gave something else than true and false in its block", _MEND)
        return found
    mask = np.zeros(block.shape, dtype=np.bool_)
    for i, j in np.ndindex(block.shape):
        mask[i, j] = forbids_of(constraint, block.case(i, j))
    return mask


def forbids_of(constraint: Constraint, case: Candidate) -> bool:
    """Return whether ``constraint`` forbids one pair, checked to be true or false.

    Raises:
        InvalidValue: When it is neither.
        BrokenExtension: When the constraint raises an error of another kind.
    """
    return forbids_each(constraint, [case])[0]


def forbids_each(constraint: Constraint, cases: Sequence[Candidate]) -> list[bool]:
    """Return the same for each of some pairs."""

    def forbids(cases: Sequence[Candidate]) -> list[bool]:
        return [one(case) for case in cases]

    one = constraint.forbids
    answers = asked(GROUP, "constraint", constraint, "name", forbids, cases)
    if set(map(type, answers)) <= _TRUTH:
        return answers
    case = next(case for case, answer in zip(cases, answers, strict=True) if type(answer) not in _TRUTH)
    pair = f"{case.recipient.id!r} and {case.provider.id!r}"
    raise InvalidValue(constraint.name, f"gave neither true nor false for {pair}", _MEND)


_TRUTH = {bool, np.bool_}
_MEND = "mend the constraint: forbids() has to return one of the two"


@frozen
class NotSelf(Constraint):
    """Nobody is matched with herself. Every problem made from people has it."""

    name = "not-self"
    source = "devrel"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return case.recipient.id == case.provider.id

    def block(self, block: Block) -> Mask:  # noqa: D102
        down, across = block.codes("id")
        return down == across  # type: ignore[no-any-return]

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        return ((one, one) for one in block.recipients.ids)

    def title(self, titles: Titles) -> str:  # noqa: D102
        return "somebody else"


@frozen
class NotOwnManager(Constraint):
    """The provider is not the recipient's manager (culture-wizard: a mentor usually is not the direct leader)."""

    name = "not-own-manager"
    source = "culture-wizard"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return case.recipient.manager == case.provider.id

    def block(self, block: Block) -> Mask:  # noqa: D102
        manager, provider = block.codes("manager", "id")
        return manager == provider  # type: ignore[no-any-return]

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        managers = block.recipients.column("manager").list()
        return ((one, above) for one, above in zip(block.recipients.ids, managers, strict=True) if above is not None)

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"not the {titles.recipient}'s own manager"


@frozen
class OwnManager(Constraint):
    """The provider is the recipient's manager (culture-wizard: coaching in the job, by the direct leader)."""

    name = "own-manager"
    source = "culture-wizard"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return case.recipient.manager is None or case.recipient.manager != case.provider.id

    def block(self, block: Block) -> Mask:  # noqa: D102
        manager, provider = block.codes("manager", "id")
        return (manager < 0) | (manager != provider)  # type: ignore[no-any-return]

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"the {titles.recipient}'s own manager"


@frozen
class AboveInLevel(Constraint):
    """The provider stands above the recipient in level; an unknown level is forbidden."""

    name = "above-in-level"
    source = "culture-wizard"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return not as_number(case.provider.get("level")) > as_number(case.recipient.get("level"))

    def block(self, block: Block) -> Mask:  # noqa: D102
        mine, theirs = block.numbers("level")
        return ~(theirs > mine)

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return ("level",)

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"a {titles.provider} above in level"


@frozen
class BelowInLevel(Constraint):
    """The provider stands below the recipient in level; an unknown level is forbidden."""

    name = "below-in-level"
    source = "pf-conf"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return not as_number(case.provider.get("level")) < as_number(case.recipient.get("level"))

    def block(self, block: Block) -> Mask:  # noqa: D102
        mine, theirs = block.numbers("level")
        return ~(theirs < mine)

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return ("level",)

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"a {titles.provider} below in level"


@frozen
class UpperLevelOrExternal(Constraint):
    """The provider is of another organisation, or stands above the recipient in level (culture-wizard)."""

    name = "upper-level-or-external"
    source = "culture-wizard"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        mine, theirs = case.recipient.organization, case.provider.organization
        external = mine is not None and theirs is not None and mine != theirs
        return not external and AboveInLevel().forbids(case)

    def block(self, block: Block) -> Mask:  # noqa: D102
        mine, theirs = block.codes("organization")
        external = (mine >= 0) & (theirs >= 0) & (mine != theirs)
        return ~external & AboveInLevel().block(block)  # type: ignore[no-any-return]

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return ("organization", "level")

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"a {titles.provider} from outside or above in level"


@frozen
class NotSameManager(Constraint):
    """The two do not report to the same manager."""

    name = "not-same-manager"
    source = "utah-ucan"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return case.recipient.manager is not None and case.recipient.manager == case.provider.manager

    def block(self, block: Block) -> Mask:  # noqa: D102
        mine, theirs = block.codes("manager")
        return (mine == theirs) & (mine >= 0)  # type: ignore[no-any-return]

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return ("manager",)

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        teams: dict[str, list[str]] = {}
        for one, above in zip(block.providers.ids, block.providers.column("manager").list(), strict=True):
            teams.setdefault(above, []).append(one)
        teams.pop(None, None)  # type: ignore[call-overload]
        managers = block.recipients.column("manager").list()
        sides = zip(block.recipients.ids, managers, strict=True)
        return ((one, other) for one, above in sides for other in teams.get(above, ()))

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"not reporting to the {titles.recipient}'s manager"


@frozen
class NotInReportingLine(Constraint):
    """Neither of the two is above the other in the reporting line."""

    name = "not-in-reporting-line"
    source = "utah-ucan"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return case.organization.in_line(case.recipient.id, case.provider.id)

    def block(self, block: Block) -> Mask:  # noqa: D102
        return block.marked(self.forbidden_pairs(block))

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        rows, columns = block.recipients.ids, block.providers.ids
        above = {one: block.organization.chain(one) for one in {*rows, *columns}}
        return [
            *((one, other) for one in rows for other in above[one]),
            *((other, one) for one in columns for other in above[one]),
        ]

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"outside the {titles.recipient}'s reporting line"


@frozen
class _Compared(Constraint):
    """Compares one attribute of the two; where it is not known on a side, the pair is forbidden."""

    attribute: str = field(validator=filled_text)

    word: ClassVar[str]
    forbids_equal: ClassVar[bool]

    @property
    def name(self) -> str:  # type: ignore[override]
        """The attribute's name after ``different-`` or ``same-``."""
        return f"{self.word}-{self.attribute}"

    def forbids(self, case: Candidate) -> bool:
        mine, theirs = case.recipient.get(self.attribute), case.provider.get(self.attribute)
        return mine is None or theirs is None or (mine == theirs) == self.forbids_equal

    def block(self, block: Block) -> Mask:
        mine, theirs = block.codes(self.attribute)
        return (mine < 0) | (theirs < 0) | ((mine == theirs) == self.forbids_equal)  # type: ignore[no-any-return]

    def looks_at(self) -> tuple[str, ...]:
        return (self.attribute,)

    def title(self, titles: Titles) -> str:
        return f"{'a different' if self.forbids_equal else 'the same'} {self.attribute}"


@frozen
class Different(_Compared):
    """An attribute must differ; where it is not known on a side, the pair is forbidden.

    Attributes:
        attribute: The attribute's name.
    """

    word = "different"
    forbids_equal = True
    source = "utah-ucan"


@frozen
class Alike(_Compared):
    """An attribute must be the same; where it is not known on a side, the pair is forbidden.

    Attributes:
        attribute: The attribute's name.
    """

    word = "same"
    forbids_equal = False
    source = "peer"


@frozen
class Gap(Constraint):
    """The provider's number minus the recipient's lies in a range; unknown numbers are forbidden.

    Attributes:
        attribute: The attribute's name.
        at_least: The smallest difference allowed, or None.
        at_most: The largest difference allowed, or None.
    """

    attribute: str = field(default="level", validator=filled_text)
    at_least: float | None = field(default=None, validator=optional(a(int, float)))
    at_most: float | None = field(default=None, validator=optional(a(int, float)))

    source = "culture-wizard"

    def __attrs_post_init__(self) -> None:
        if self.at_least is None and self.at_most is None:
            raise InvalidValue("at_least", "or at_most must be given", "say how far apart the two may be")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise InvalidValue("at_least", "must not be above at_most", "swap the two")

    @property
    def name(self) -> str:  # type: ignore[override]
        """The attribute's name before ``-gap``."""
        return f"{self.attribute}-gap"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        gap = as_number(case.provider.get(self.attribute)) - as_number(case.recipient.get(self.attribute))
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return not low <= gap <= high

    def block(self, block: Block) -> Mask:  # noqa: D102
        mine, theirs = block.numbers(self.attribute)
        gap = theirs - mine
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return ~((gap >= low) & (gap <= high))

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return (self.attribute,)

    def title(self, titles: Titles) -> str:  # noqa: D102
        low = "" if self.at_least is None else f"at least {self.at_least:g}"
        high = "" if self.at_most is None else f"at most {self.at_most:g}"
        return f"a {titles.provider} {' and '.join(filter(None, [low, high]))} above in {self.attribute}"


def named_constraints() -> dict[str, Constraint]:
    """Return the constraints that a kind or a program can name without parameters."""
    from devrel.matching.circumstances import more_named

    ready = (
        NotOwnManager(),
        NotSameManager(),
        NotInReportingLine(),
        OwnManager(),
        AboveInLevel(),
        BelowInLevel(),
        UpperLevelOrExternal(),
        Alike("level"),
        Different("department"),
        Different("organization"),
        *more_named(),
    )
    return {constraint.name: constraint for constraint in ready}
