"""From enrolments to what a matching problem holds: rules that go without saying, preferences, hours and heads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import evolve, frozen

from devrel.matching.circumstances import NotExcluded, NotTogetherBefore, Present
from devrel.matching.constraints import Constraint
from devrel.matching.preferences import Preferences
from devrel.matching.standing import Standing
from devrel.people import Enrollment, Organization

_MINUTES = 60


def with_unspoken(
    rules: Sequence[Constraint], enrollments: Sequence[Enrollment], organization: Organization, today: date | None
) -> tuple[Constraint, ...]:
    """Return the rules with those that go without saying, where they make a difference."""
    known = {type(rule) for rule in rules}
    more: list[Constraint] = []
    if NotExcluded not in known and any(one.exclusions for one in enrollments):
        more.append(NotExcluded())
    people = (organization[one.person] for one in enrollments)
    if Present not in known and today is not None and any(one.gone(today) or one.away(today) for one in people):
        more.append(Present())
    return (*rules, *more)


def knowing(rules: Sequence[Constraint], standing: Standing) -> tuple[Constraint, ...]:
    """Return the rules, told who was together before."""
    return tuple(
        evolve(rule, pairs=rule.pairs | standing.before) if isinstance(rule, NotTogetherBefore) else rule
        for rule in rules
    )


def stated(takers: Sequence[Enrollment], givers: Sequence[Enrollment]) -> Preferences | None:
    """Return everybody's preferences among those who take part; None where nobody stated any."""
    if not any(one.preferences for one in (*takers, *givers)):
        return None
    recipients, providers = {one.person for one in takers}, {one.person for one in givers}
    return Preferences.from_rankings(
        {one.person: _among(one, providers - {one.person}) for one in takers},
        {one.person: _among(one, recipients - {one.person}) for one in givers},
    )


def _among(enrollment: Enrollment, others: set[str]) -> list[tuple[str, ...]]:
    ranks = (tuple(one for one in rank if one in others) for rank in enrollment.preferences)
    return [rank for rank in ranks if rank]


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
    def of(
        cls, takers: Sequence[Enrollment], givers: Sequence[Enrollment], hours: float | None, standing: Standing
    ) -> Time:
        """Return the hours of enrolled people; where every recipient needs as many, they become heads."""
        minutes = tuple(_needed(one, hours or 0) for one in takers)
        places = [(one.capacity.maximum, _left(one, standing)) for one in givers]
        if len(set(minutes)) <= 1:
            each = max(minutes, default=0)
            heads = [most if has is None or not each else min(most, has // each) for most, has in places]
            return cls(tuple(heads), minutes, (None,) * len(givers))
        longest = max(minutes)
        bounded = [has if has is not None and has < most * longest else None for most, has in places]
        return cls(tuple(most for most, _ in places), minutes, tuple(bounded))


def _needed(enrollment: Enrollment, hours: float) -> int:
    return round(_MINUTES * (hours if enrollment.hours_needed is None else enrollment.hours_needed))


def _left(enrollment: Enrollment, standing: Standing) -> int | None:
    """Return the minutes a month that somebody has for new relationships; None where heads alone count."""
    if enrollment.hours_offered is None:
        return None
    return max(0, int(_MINUTES * enrollment.hours_offered - standing.minutes.get(enrollment.person, 0)))
