"""What criteria and constraints have in common: the case they judge and how they are told apart."""

from __future__ import annotations

from attrs import frozen

from devrel.people import Organization, Person


@frozen
class Candidate:
    """A recipient and a provider who might be matched; the one argument of every pair function.

    Attributes:
        recipient: Who would receive.
        provider: Who would give.
        organization: Where the reporting lines are looked up.
    """

    recipient: Person
    provider: Person
    organization: Organization
