"""How many hours a month the sessions of a program take, and how many the providers have for them."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from devrel._records import as_tuple
from devrel.kinds import Side
from devrel.people import Enrollment
from devrel.programs.design import Program


@frozen
class Hours:
    """Hours a month; of a single session the hours it takes.

    Attributes:
        needed: What the sessions take if every place that is wanted is filled.
        meeting: How many pairs, or groups, can meet with the places there are.
        taken: What their sessions take; where people need different hours, on average.
        each: What every provider has for all of hers together.
        told: Whether the hours of a provider are known at all.
    """

    needed: float
    meeting: int
    taken: float
    each: tuple[float, ...] = field(converter=as_tuple)
    told: bool

    @property
    def offered(self) -> float:
        """What all providers have."""
        return sum(self.each)


def hours_of(program: Program, enrollments: Iterable[Enrollment]) -> Hours:
    """Return the hours a month that are needed and offered.

    A recipient needs what she said, or else what the program plans. In a kind of groups, one session serves all of a
    provider's recipients, as long as the program plans. A provider has the least of what is known of her: what she
    said, what the agreement says, and the program's limit. One of whom nothing is known has what her places take.

    >>> from datetime import date
    >>> from devrel.kinds import MENTORING
    >>> from devrel.people import Role
    >>> from devrel.terms import Term
    >>> once = Program("P", MENTORING, Term.single_session(date(2026, 1, 5)), minutes=90)
    >>> people = [Enrollment("m", Role.PROVIDER, 2, hours_offered=1), Enrollment("n", Role.RECIPIENT)]
    >>> found = hours_of(once, people)
    >>> found.needed, found.offered
    (1.5, 1)
    """
    enrolled = list(enrollments)
    planned = program.minutes / 60 if program.hours_a_month is None else program.hours_a_month
    places = {one.person: program.capacity.limited(one.takes(Side.PROVIDER)) for one in enrolled}
    givers = [one for one in enrolled if places[one.person]]
    wanted = sum(one.takes(Side.RECIPIENT) for one in enrolled)
    group = program.kind.composition.group
    meeting = min(len(givers) if group else sum(places.values()), wanted)
    needed = meeting * planned if group else sum(_needed(one, planned) for one in enrolled)
    usual = planned if group or not wanted else needed / wanted
    limits = (program.agreement().provider_hours, program.capacity.hours_a_month)
    known = [_least(one.hours_offered, *limits) for one in givers]
    takes = [usual * (1 if group else places[one.person]) for one in givers]
    each = [most if has is None else has for has, most in zip(known, takes, strict=True)]
    return Hours(needed, meeting, meeting * usual, each, any(has is not None for has in known))


def _needed(one: Enrollment, planned: float) -> float:
    each = planned if one.hours_needed is None else one.hours_needed
    return each * one.takes(Side.RECIPIENT)


def _least(*hours: float | None) -> float | None:
    return min((one for one in hours if one is not None), default=None)
