"""Capacity when a proposal is accepted: who comes first gets the seat, and rival proposals fall away.

A seat is taken once everybody in a relationship has said yes. Each recipient takes one of a provider's seats, and each
relationship one of a recipient's, however many providers it has. The library changes nothing that is shared: it says
which relationships would change and what that rests on, and your store writes all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from attrs import field, frozen

from devrel._records import a, as_set, as_tuple, read_only, set_of, tuple_of
from devrel.errors import InvalidValue, NoSeat
from devrel.kinds import Side
from devrel.lifecycle import LIVE_STAGES, Accepted, Actor, Event, Invalidated, Joined, Left, Stage
from devrel.lifecycle.guards import essential
from devrel.people import Enrollment
from devrel.relationships import Relationship

Place = tuple[str, Side]


@frozen
class Settlement:
    """What an event changes, and what it rests on.

    Write ``changed`` at once, and only if all relationships of ``people`` are exactly those in ``expected``, at these
    versions. Otherwise somebody was quicker: load them again and settle anew.

    Attributes:
        relationship: The relationship after the event.
        rivals: The proposals that lost somebody's seat to it, after that: invalidated, or a group that goes on without
            her. What befell each is what its history has beyond the expected version.
        people: The ids of those whose relationships it rests on.
        expected: The id and the version of every relationship of theirs, as it was seen.

    >>> from datetime import UTC, datetime
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date())
    >>> one = Relationship.propose("r1", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=at)
    >>> settled = settle(one, Accepted("yes", Actor.provider("m"), at, 1), [], [])
    >>> settled.expected["r1"], settled.relationship.version
    (1, 2)
    """

    relationship: Relationship = field(validator=a(Relationship))
    rivals: tuple[Relationship, ...] = field(converter=as_tuple, validator=tuple_of(Relationship))
    people: frozenset[str] = field(converter=as_set, validator=set_of(str))
    expected: Mapping[str, int] = field(converter=read_only)

    @property
    def changed(self) -> tuple[Relationship, ...]:
        """Every relationship to write."""
        return (self.relationship, *self.rivals)

    @property
    def invalidated(self) -> tuple[Relationship, ...]:
        """The rivals that can no longer come about."""
        return tuple(one for one in self.rivals if one.stage is Stage.INVALIDATED)


def settle(
    relationship: Relationship, event: Event, others: Iterable[Relationship], enrollments: Iterable[Enrollment]
) -> Settlement:
    """Return what an event changes: the relationship, and the proposals it leaves without a seat.

    An acceptance is one such event, and somebody who joins a group. So is a no, or a leaving, where a group waited for
    nobody else: it is complete without her. Any other event changes its relationship alone.

    Of the parties who say yes, each needs a place free when she says it, and everybody does when the last one says it.
    A proposal that is left without a place falls away; where a group can do without the person in question, it goes on
    without her.

    Args:
        relationship: The one it happens to.
        event: What happens.
        others: All other relationships of its parties, and of the parties of groups among these; those of other people
            do no harm. What you leave out takes no seat, so leave out what is not to count.
        enrollments: How many partners each person takes on each side; somebody without one takes any number.

    Raises:
        NoSeat: When the places of a party who accepts are all taken by others.
        IllegalMove: When the event is not allowed for another reason.
        InvalidValue: When somebody has two enrolments.

    >>> from datetime import UTC, datetime
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.people import Role
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date())
    >>> asked = [
    ...     Relationship.propose(m, MENTORING, pair(m, "n"), agreement, actor=Actor.system(), at=at).apply(
    ...         Accepted("yes", Actor.recipient("n"), at, 1)
    ...     )
    ...     for m in ("m1", "m2")
    ... ]
    >>> settled = settle(
    ...     asked[0], Accepted("ok", Actor.provider("m1"), at, 1), asked, [Enrollment("n", Role.RECIPIENT)]
    ... )
    >>> settled.invalidated[0].id
    'm2'
    """
    after = relationship.apply(event)
    table = _Table(relationship, others, _limits(enrollments), event)
    if after is not relationship:
        table.seat(relationship, after)
    return table.settlement(relationship.id)


def agreed(relationship: Relationship) -> bool:
    """Return whether a relationship takes seats: it is live, or everybody has said yes.

    >>> from datetime import UTC, datetime
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date())
    >>> agreed(Relationship.propose("r1", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=at))
    False
    """
    if relationship.stage in LIVE_STAGES:
        return True
    return relationship.stage is Stage.AGREEING and not relationship.state.open_parties


def taken(person: str, side: Side, relationships: Iterable[Relationship]) -> int:
    """Return how many seats of a person on one side are taken by these relationships.

    >>> taken("m", Side.PROVIDER, [])
    0
    """
    return sum(_seats(one, person, side) for one in relationships if agreed(one))


def _seats(one: Relationship, person: str, side: Side) -> int:
    """Return how many seats of a person on one side a relationship takes, or would take."""
    if person not in one.people(side):
        return 0
    return sum(other != person for other in one.people(Side.RECIPIENT)) if side is Side.PROVIDER else 1


def _people(one: Relationship) -> frozenset[str]:
    return frozenset(party.person for party in one.parties)


def _places(one: Relationship) -> list[Place]:
    return [(party.person, side) for party in one.parties for side in party.role.sides]


def _gained(before: Relationship, after: Relationship) -> list[Place]:
    """Return the places of which a change takes seats."""
    if not agreed(after):
        return []
    held = {place: _seats(before, *place) if agreed(before) else 0 for place in _places(after)}
    return [place for place in _places(after) if _seats(after, *place) > held[place]]


def _limits(enrollments: Iterable[Enrollment]) -> dict[str, Enrollment]:
    listed = tuple(enrollments)
    limits = {one.person: one for one in listed}
    if len(limits) < len(listed):
        raise InvalidValue("enrollments", "have somebody twice", "give one enrolment for each person")
    return limits


class _Table:
    """All relationships while an event is settled: who takes a seat, and who is left without one."""

    def __init__(
        self, one: Relationship, others: Iterable[Relationship], limits: Mapping[str, Enrollment], event: Event
    ) -> None:
        listed = {other.id: other for other in (*others, one)}
        self.before = {id_: listed[id_] for id_ in sorted(listed)}
        self.now = dict(self.before)
        self.limits = limits
        self.event = event
        self.concerned: set[str] = set()

    def seat(self, before: Relationship, after: Relationship) -> None:
        """Let the event happen, and what follows from it for the proposals of others."""
        self.now[after.id] = after
        gained = _gained(before, after)
        if isinstance(self.event, Accepted | Joined):
            mine = [] if agreed(before) else [place for place in _places(after) if place[0] == self.event.actor.person]
            self.demand(after, gained or mine)
            self.displace(after, gained)
        elif gained:  # nobody is refused who says no: who has no seat goes
            self.clear(after.id, gained)

    def demand(self, one: Relationship, places: Iterable[Place]) -> None:
        """Refuse what leaves somebody without a seat."""
        for person, side in places:
            if not self.has_room(one, (person, side)):
                raise NoSeat(person, side.value, self.limits[person].takes(side))

    def has_room(self, one: Relationship, place: Place) -> bool:
        """Whether somebody has the seats free that a relationship takes, or would take."""
        person, side = place
        if person not in self.limits:
            return True
        others = (other for other in self.now.values() if other.id != one.id)
        return taken(person, side, others) + _seats(one, person, side) <= self.limits[person].takes(side)

    def displace(self, one: Relationship, gained: Collection[Place]) -> None:
        """Clear the proposals that count on seats a relationship has just taken."""
        self.concerned |= _people(one)
        for id_ in self.before:
            if self.now[id_].stage in _PROPOSALS and not agreed(self.now[id_]):
                self.clear(id_, gained)

    def clear(self, id_: str, gained: Collection[Place]) -> None:
        """Take whoever has no seat out of a proposal; if it is complete without her, it takes its seats in turn."""
        while short := self.short(self.now[id_], gained):
            self.now[id_] = _without(self.now[id_], short, self.event)
        if agreed(self.now[id_]):
            self.displace(self.now[id_], _places(self.now[id_]))

    def short(self, one: Relationship, gained: Collection[Place]) -> list[str]:
        """Return who has no seat in a proposal, looking at seats just taken; of a complete one at everybody's."""
        if one.stage.final:
            return []
        looked_at = [place for place in _places(one) if place in gained or agreed(one)]
        return [place[0] for place in looked_at if not self.has_room(one, place)]

    def settlement(self, relationship: str) -> Settlement:
        """Return what has changed, and which versions that rests on."""
        self.concerned |= _people(self.now[relationship])
        rivals = [one for id_, one in self.now.items() if one is not self.before[id_] and id_ != relationship]
        expected = {id_: one.version for id_, one in self.before.items() if self.concerned & _people(one)}
        return Settlement(self.now[relationship], rivals, self.concerned, expected)


_PROPOSALS = (Stage.PROPOSED, Stage.AGREEING)


def _without(one: Relationship, people: Collection[str], cause: Event) -> Relationship:
    """Return a proposal after somebody had to go: a group goes on without her if it can, any other is invalidated."""
    dispensable = [person for person in people if not essential(one.state, person)]
    at = max(cause.at, one.state.last)
    name, group = f"{one.id}/{one.version + 1}/no seat", cause.correlation or cause.id
    if dispensable:
        return one.apply(Left(name, Actor.system(), at, dispensable[0], correlation=group))
    return one.apply(Invalidated(name, Actor.system(), at, correlation=group))
