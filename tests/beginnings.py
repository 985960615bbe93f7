"""Relationships at the beginning of their lives, for the tests to go on from."""

from __future__ import annotations

from datetime import timedelta

from attrs import evolve

from devrel.agreements import Agreement
from devrel.kinds import MENTORING, RelationshipKind, Side
from devrel.lifecycle import Accepted, Activated, Actor, Origin
from devrel.people import Party, Role
from devrel.relationships import Relationship
from devrel.terms import Term
from devrel.testing.strategies import START, acting, complete

TODAY = START.date()
ONCE = Term.single_session(TODAY)
OPEN = Term(TODAY)
MENTOR, MENTEE = Actor.provider("p0"), Actor.recipient("r0")
ADMIN, SYSTEM, MANAGER = Actor.admin("a"), Actor.system(), Actor.manager("boss")


def later(days=0, hours=0, minutes=0):
    """Return the moment so much after the proposal."""
    return START + timedelta(days=days, hours=hours, minutes=minutes)


def group(providers=1, recipients=1, both=0):
    """Return parties p0, p1, ... who give, r0, r1, ... who receive, and m0, m1, ... who do both."""
    counts = (("p", Role.PROVIDER, providers), ("r", Role.RECIPIENT, recipients), ("m", Role.BOTH, both))
    return tuple(Party(f"{letter}{number}", role) for letter, role, count in counts for number in range(count))


def fewest(kind: RelationshipKind):
    """Return the fewest people that make a relationship of a kind."""
    composition = kind.composition
    return group(0, 0, 2) if composition.mutual else group(composition.providers[0], composition.recipients[0])


def proposed(kind=MENTORING, people=None, *, actor=SYSTEM, origin=Origin.MATCHED, program=None, spun=None, **clauses):
    """Return a proposal with an agreement that has what the kind demands, and ``clauses`` besides or instead."""
    people = people or fewest(kind)
    recipients = [one.person for one in people if Side.RECIPIENT in one.role.sides]
    agreement = complete(Agreement.draft(kind, TODAY), kind, recipients)
    agreement = evolve(agreement, **{"version": 1, **clauses})
    return Relationship.propose(
        "rel", kind, people, agreement, actor=actor, at=START, origin=origin, program=program, spun_off_from=spun
    )


def accept_all(relationship, at=START, mark="a"):
    """Return the relationship after everybody who has not yet said yes does."""
    version = relationship.state.put.version
    waiting = [party for party in relationship.parties if party.person in relationship.state.open_parties]
    yes = [Accepted(f"{mark}-{version}-{party.person}", acting(party), at, version) for party in waiting]
    return relationship.apply_all(yes)


def active(kind=MENTORING, people=None, *, at=START, **more):
    """Return a relationship that has just become active."""
    return accept_all(proposed(kind, people, **more)).apply(Activated("go", SYSTEM, at))
