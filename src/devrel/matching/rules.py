"""What criteria and constraints have in common: the case they judge and how they are told apart."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from devrel.people import Enrollment, Organization, Person

_JUDGES = frozenset({"score", "forbids", "block"})


def says(rule: object, *methods: str) -> bool:
    """Whether one of ``methods``, which tell how a rule judges, is said of the judging that ``rule`` has.

    A class that inherits such a method but judges by a function of its own has not said it of that function.
    """
    for known in type(rule).__mro__:
        if vars(known).keys() & set(methods):
            return True
        if vars(known).keys() & _JUDGES:
            return False
    return False


@frozen
class Candidate:
    """A recipient and a provider who might be matched; the one argument of every pair function.

    Attributes:
        recipient: Who would receive.
        provider: Who would give.
        organization: Where the reporting lines are looked up.
        recipient_enrollment: Her part in the program, where it is known.
        provider_enrollment: The same of the provider.
        today: The day on which absences and waiting times are looked at, or None.
    """

    recipient: Person
    provider: Person
    organization: Organization
    recipient_enrollment: Enrollment | None = None
    provider_enrollment: Enrollment | None = None
    today: date | None = None
