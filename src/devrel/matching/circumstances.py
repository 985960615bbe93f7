"""Constraints that look at more than attributes: enrolments, absences, who was together, languages, working hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from devrel._records import a, as_tuple, at_least, filled_text, tuple_of
from devrel.errors import InvalidValue
from devrel.kinds import Titles
from devrel.matching._given import as_pairs
from devrel.matching.block import Alikeness, Block, Overlap
from devrel.matching.columns import item_set
from devrel.matching.constraints import Constraint, Mask
from devrel.matching.rules import Candidate
from devrel.matching.talks import Fit, Talk
from devrel.matching.working_hours import WorkingHours, shared_minutes
from devrel.people import Enrollment, Person
from devrel.terms import Term


@frozen
class NotExcluded(Constraint):
    """Neither of the two said that she will not be matched with the other. Every problem made from people has it."""

    name = "not-excluded"
    source = "learning-development"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return _excludes(case.recipient_enrollment, case.provider.id) or _excludes(
            case.provider_enrollment, case.recipient.id
        )

    def block(self, block: Block) -> Mask:  # noqa: D102
        return block.marked(self.forbidden_pairs(block))

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        return [
            *((person, other) for person, others in block.recipients.told("exclusions") for other in others),
            *((other, person) for person, others in block.providers.told("exclusions") for other in others),
        ]

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"a {titles.provider} whom neither side excluded"


def _excludes(enrollment: Enrollment | None, other: str) -> bool:
    return enrollment is not None and other in enrollment.exclusions


@frozen
class Trained(Constraint):
    """The provider has been prepared for her part (learning-development); where it is not known, it is forbidden."""

    name = "trained"
    source = "learning-development"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return case.provider_enrollment is None or case.provider_enrollment.trained is not True

    def block(self, block: Block) -> Mask:  # noqa: D102
        return np.broadcast_to(_untrained(block)[None, :], block.shape)

    def alike(self, block: Block) -> Alikeness:  # noqa: D102
        return np.zeros(block.shape[0], dtype=np.int64), _untrained(block).astype(np.int64)

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"a {titles.provider} who was prepared"


def _untrained(block: Block) -> NDArray[np.bool_]:
    return block.providers.fact("trained").mapped(lambda trained: trained is not True, np.bool_)


@frozen
class Present(Constraint):
    """Both are there today: neither on leave nor gone. Every problem made from people on a given day has it."""

    name = "present"
    source = "sf-kba"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return case.today is not None and not all(_there(one, case.today) for one in (case.recipient, case.provider))

    def block(self, block: Block) -> Mask:  # noqa: D102
        if block.today is None:
            return np.zeros(block.shape, dtype=np.bool_)
        mine, theirs = block.recipients.absent(block.today), block.providers.absent(block.today)
        return mine[:, None] | theirs[None, :]

    def alike(self, block: Block) -> Alikeness:  # noqa: D102
        sides = block.recipients, block.providers
        mine, theirs = (
            np.zeros(len(one), dtype=np.int64) if block.today is None else one.absent(block.today).astype(np.int64)
            for one in sides
        )
        return mine, theirs

    def title(self, titles: Titles) -> str:  # noqa: D102
        return "both are there, neither on leave nor gone"


def _there(person: Person, today: date) -> bool:
    return not person.gone(today) and person.away(today) is None


@frozen
class NotTogetherBefore(Constraint):
    """The two were not together before.

    Attributes:
        pairs: Who was: pairs (recipient, provider). ``MatchingProblem.from_program`` adds those of the relationships
            it is given.
    """

    pairs: frozenset[tuple[str, str]] = field(default=frozenset(), converter=as_pairs, repr=False)

    name = "not-together-before"
    source = "lf"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return (case.recipient.id, case.provider.id) in self.pairs

    def block(self, block: Block) -> Mask:  # noqa: D102
        return block.marked(self.pairs)

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        return self.pairs

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"a {titles.provider} who is new to the {titles.recipient}"


@frozen
class NotAMisfit(Constraint):
    """Neither of the two said after a first talk that they are not a good fit (smart-meetings: chemistry).

    Attributes:
        talks: The first talks.
    """

    talks: tuple[Talk, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Talk), repr=False)

    name = "not-a-misfit"
    source = "smart-meetings"

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs (recipient, provider) that are barred."""
        return frozenset((one.recipient, one.provider) for one in self.talks if Fit.NOT_A_GOOD_FIT in one.said)

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        return (case.recipient.id, case.provider.id) in self.pairs

    def block(self, block: Block) -> Mask:  # noqa: D102
        return block.marked(self.pairs)

    def forbidden_pairs(self, block: Block) -> Iterable[tuple[str, str]]:  # noqa: D102
        return self.pairs

    def title(self, titles: Titles) -> str:  # noqa: D102
        return "nobody said after a first talk that the two are not a good fit"


@frozen
class InCommon(Constraint):
    """Two lists share items, such as languages; where a list is not known, the pair is forbidden.

    Attributes:
        attribute: The name of the list.
        at_least: How many items they share at least.
    """

    attribute: str = field(default="languages", validator=filled_text)
    at_least: int = field(default=1, validator=at_least(1))

    source = "th-match"

    @property
    def name(self) -> str:  # type: ignore[override]
        """The attribute's name after ``common-``."""
        return f"common-{self.attribute}"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        mine, theirs = (item_set(one.get(self.attribute)) for one in (case.recipient, case.provider))
        return len(mine & theirs) < self.at_least

    def block(self, block: Block) -> Mask:  # noqa: D102
        shared, _, _ = block.shared_counts(self.attribute, self.attribute)
        return shared < self.at_least

    def overlap(self) -> Overlap:  # noqa: D102
        return Overlap(self.attribute, self.attribute, lambda shared, mine, theirs: shared < self.at_least)

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return (self.attribute,)

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"at least {self.at_least} of {self.attribute} in common"


@frozen
class CommonHours(Constraint):
    """Two people work at the same time for a while (culture-wizard: virtual teams); an unknown zone is forbidden.

    The minutes are worked out from time zones and working hours on real days, changes of the clocks included.

    Attributes:
        minutes: How many minutes at a stretch they share at least, on the worst of the days.
        on: The days to look at, working days; a day of every week of the year from today on where there are none.
        hours: When people work, each on the clock of her own zone.
    """

    minutes: int = field(default=60, validator=at_least(1))
    on: tuple[date, ...] = field(default=(), converter=as_tuple, validator=tuple_of(date))
    hours: WorkingHours = field(factory=WorkingHours, validator=a(WorkingHours))

    name = "common-hours"
    source = "culture-wizard"

    def forbids(self, case: Candidate) -> bool:  # noqa: D102
        zones = case.recipient.zone, case.provider.zone
        shared = minutes_together(zones[0], zones[1], days_of(self.on, self.hours, case.today), self.hours)
        return shared is None or shared < self.minutes

    def block(self, block: Block) -> Mask:  # noqa: D102
        found: Mask = minutes_in(block, self.on, self.hours) < self.minutes
        return found

    def looks_at(self) -> tuple[str, ...]:  # noqa: D102
        return ("zone",)

    def title(self, titles: Titles) -> str:  # noqa: D102
        return f"at least {self.minutes} common working minutes"


def days_of(on: tuple[date, ...], hours: WorkingHours, today: date | None) -> tuple[date, ...]:
    """Return the days on which working hours are compared.

    Raises:
        InvalidValue: When no days are named and the day of the matching is not known.
    """
    if on:
        return on
    if today is None:
        raise InvalidValue("on", "is empty and today is not known", "name days, or give the problem its today")
    return hours.days_to_look_at(Term(today))


def minutes_together(one: str | None, other: str | None, days: tuple[date, ...], hours: WorkingHours) -> int | None:
    """Return how many minutes two zones share at a stretch, on the worst of the days; None where one is not known."""
    if one is None or other is None:
        return None
    return _two_zones(one, other, days, hours)


@lru_cache(maxsize=4096)
def _two_zones(one: str, other: str, days: tuple[date, ...], hours: WorkingHours) -> int:
    return int(shared_minutes([one, other], days, hours)[0, 1])


def minutes_in(block: Block, on: tuple[date, ...], hours: WorkingHours) -> Any:
    """Return the minutes that the pairs of a block share, -1 where a zone is not known."""
    days = days_of(on, hours, block.today)
    columns = block.recipients.column("zone"), block.providers.column("zone")
    zones = sorted({*columns[0].values, *columns[1].values})
    table = np.full((len(zones) + 1, len(zones) + 1), -1, dtype=np.int64)
    table[:-1, :-1] = _all_zones(tuple(zones), days, hours)
    place = {zone: number for number, zone in enumerate(zones)}
    down, across = (column.mapped(lambda zone: place.get(zone, len(zones)), np.intp) for column in columns)
    return table[down[:, None], across[None, :]]


@lru_cache(maxsize=64)
def _all_zones(zones: tuple[str, ...], days: tuple[date, ...], hours: WorkingHours) -> Any:
    return shared_minutes(zones, days, hours)


def more_named() -> tuple[Constraint, ...]:
    """Return those of these constraints that need no parameters."""
    return NotExcluded(), Trained(), Present(), NotTogetherBefore(), InCommon(), CommonHours()
