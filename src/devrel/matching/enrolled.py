"""From enrolments to what a matching problem holds: rules that go without saying, preferences, hours and heads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from attrs import evolve, frozen

from devrel.errors import InvalidValue
from devrel.matching.circumstances import NotAMisfit, NotExcluded, NotTogetherBefore, Present
from devrel.matching.constraints import Constraint
from devrel.matching.criteria import Criterion
from devrel.matching.preferences import Preferences
from devrel.matching.roster import Roster, as_peer
from devrel.matching.standing import Standing
from devrel.matching.wishes import Chemistry
from devrel.people import Enrollment, Organization, Person

_MINUTES = 60


def enrolled_in(
    people: Iterable[Person] | Organization | Roster, enrollments: Iterable[Enrollment]
) -> tuple[Roster, Organization]:
    """Return those who take part, and the organisation around them."""
    if isinstance(people, Roster):
        if any(True for _ in enrollments):
            raise InvalidValue("enrollments", "are given beside a roster", "a roster says itself who takes part")
        return people, people.organization
    organization = people if isinstance(people, Organization) else Organization(people)
    return Roster.enrolled(enrollments, organization), organization


def peers_in(
    people: Iterable[Person] | Organization | Roster, enrollments: Iterable[Enrollment]
) -> tuple[Iterable[Person] | Organization | Roster, list[Enrollment]]:
    """Return people and their parts in one pool."""
    if isinstance(people, Roster):
        return people.as_peers(), list(enrollments)
    return people, [as_peer(one) for one in enrollments]


def with_unspoken(
    rules: Sequence[Constraint], roster: Roster, today: date | None, criteria: Iterable[Criterion] = ()
) -> tuple[Constraint, ...]:
    """Return the rules with those that go without saying, where they make a difference.

    Nobody is matched with whom one of the two excluded, nor with somebody who is away or gone, nor with whom one of the
    two said after a first talk that it is not a good fit, where first talks are scored.
    """
    known = {type(rule) for rule in rules}
    more: list[Constraint] = []
    if NotExcluded not in known and any(roster.told("exclusions")):
        more.append(NotExcluded())
    if Present not in known and today is not None and roster.absent(today).any():
        more.append(Present())
    return (*rules, *more, *(misfits(criteria) if NotAMisfit not in known else ()))


def misfits(criteria: Iterable[Criterion]) -> list[Constraint]:
    """Return the rule that bars those who said after a first talk that they do not fit, where that is scored."""
    rule = NotAMisfit([talk for one in criteria if isinstance(one, Chemistry) for talk in one.talks])
    return [rule] if rule.pairs else []


def knowing(rules: Sequence[Constraint], standing: Standing) -> tuple[Constraint, ...]:
    """Return the rules, told who was together before."""
    return tuple(
        evolve(rule, pairs=rule.pairs | standing.before) if isinstance(rule, NotTogetherBefore) else rule
        for rule in rules
    )


def stated(takers: Roster, givers: Roster) -> Preferences | None:
    """Return everybody's preferences among those who take part; None where nobody stated any."""
    if not any(takers.told("preferences")) and not any(givers.told("preferences")):
        return None
    return Preferences.from_rankings(_among(takers, givers), _among(givers, takers))


def _among(people: Roster, others: Roster) -> dict[str, list[tuple[str, ...]]]:
    known = set(others.ids)
    found: dict[str, list[tuple[str, ...]]] = {person: [] for person in people.ids}
    for person, ranks in people.told("preferences"):
        inside = (tuple(one for one in rank if one in known and one != person) for rank in ranks)
        found[person] = [rank for rank in inside if rank]
    return found


@frozen
class Time:
    """Hours as a matching counts them.

    Attributes:
        capacity: How many recipients each provider takes.
        minutes: How many minutes a month a partner of each recipient spends.
        budget: How many minutes a month each provider has left, where heads alone do not say it.
    """

    capacity: tuple[int, ...]
    minutes: tuple[int, ...]
    budget: tuple[int | None, ...]

    @classmethod
    def of(cls, takers: Roster, givers: Roster, hours: float | None, standing: Standing) -> Time:
        """Return the hours of enrolled people; where every recipient needs as many, they become heads."""
        needed = takers.fact("hours_needed").mapped(
            lambda own: _minutes((hours or 0) if own is None else own), np.int64
        )
        minutes = tuple(needed.tolist())
        places = list(zip(givers.whole("capacity"), _left(givers, standing), strict=True))
        if len(set(minutes)) <= 1:
            each = max(minutes, default=0)
            heads = [most if has is None or not each else min(most, has // each) for most, has in places]
            return cls(tuple(heads), minutes, (None,) * len(givers))
        longest = max(minutes)
        bounded = [has if has is not None and has < most * longest else None for most, has in places]
        return cls(tuple(most for most, _ in places), minutes, tuple(bounded))


def _minutes(hours: float) -> int:
    return round(_MINUTES * hours)


def _left(givers: Roster, standing: Standing) -> list[int | None]:
    """Return the minutes a month that each has for new relationships; None where heads alone count."""
    offered = zip(givers.ids, givers.fact("hours_offered").list(), strict=True)
    taken = standing.minutes
    return [
        None if hours is None else max(0, int(_MINUTES * hours - taken.get(person, 0))) for person, hours in offered
    ]
