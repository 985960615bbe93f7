"""The events that happen to a relationship. Free text in them is private and in no repr."""

from __future__ import annotations

from datetime import date, datetime

from attrs import field, frozen

from devrel._records import a, as_tuple, at_least, aware, between, filled_text, in_utc, maybe_tuple, optional, tuple_of
from devrel.agreements import Agreement, Meeting
from devrel.errors import InvalidValue
from devrel.goals import CheckIn
from devrel.kinds import Item, Mode, RelationshipKind, ViewerRole
from devrel.lifecycle.stages import Actor, DeclineReason, EndReason, Origin
from devrel.people import Party
from devrel.sessions import AdvocacyAct, FollowUp, Note, Outcome


@frozen
class Event:
    """Something that happened to a relationship.

    Attributes:
        id: Unique in the relationship; applying the same event twice changes nothing.
        actor: Who caused it.
        at: When it happened; kept in UTC.
        recorded: When it was written down, at the earliest when it happened; kept in UTC.
        correlation: What it belongs to in the embedding system (a request, a job), or None.

    Raises:
        InvalidValue: When it was recorded before it happened.
    """

    id: str = field(validator=filled_text)
    actor: Actor = field(validator=a(Actor))
    at: datetime = field(converter=in_utc, validator=aware)
    recorded: datetime = field(converter=in_utc, validator=aware, kw_only=True, eq=False, repr=False)
    correlation: str | None = field(default=None, validator=optional(filled_text), kw_only=True, repr=False)

    @recorded.default
    def _at_once(self) -> datetime:
        return self.at

    @recorded.validator
    def _not_before(self, _: object, recorded: datetime) -> None:
        if recorded < self.at:
            raise InvalidValue("recorded", "must not lie before the event itself", "record an event after it happened")


@frozen
class Proposed(Event):
    """The relationship is put to the parties; always the first event, and only the first.

    Attributes:
        relationship: The id of the relationship.
        kind: Its kind.
        parties: Who would take part, on which side.
        agreement: What is proposed to them.
        respond_by: Until when the proposal stands; None until it is taken back.
        origin: How it came about.
        program: The name of the program it belongs to, or None.
        spun_off_from: The id of the group it came from, where it was spun off.
    """

    relationship: str = field(validator=filled_text)
    kind: RelationshipKind = field(validator=a(RelationshipKind))
    parties: tuple[Party, ...] = field(converter=as_tuple, validator=tuple_of(Party))
    agreement: Agreement = field(validator=a(Agreement))
    respond_by: datetime | None = field(default=None, converter=in_utc, validator=optional(aware))
    origin: Origin = field(default=Origin.MATCHED, validator=a(Origin))
    program: str | None = field(default=None, validator=optional(filled_text))
    spun_off_from: str | None = field(default=None, validator=optional(filled_text))

    def __attrs_post_init__(self) -> None:
        if self.respond_by is not None and self.respond_by < self.at:
            raise InvalidValue("respond_by", "must not lie before the proposal")
        if self.origin is Origin.INFORMAL and self.program is not None:
            raise InvalidValue("origin", "is informal, and a program is named", "leave the program out")
        if (self.origin is Origin.SPUN_OFF) != (self.spun_off_from is not None):
            raise InvalidValue("spun_off_from", "belongs to a relationship that was spun off, and it needs one")


@frozen
class CounterProposed(Event):
    """A party answers with a proposal of her own ("only if we can mentor each other"); everybody is asked anew.

    Attributes:
        agreement: The next version.
        kind: The kind she proposes; None for the same.
        parties: The same people, on the sides she proposes; None for the same.
    """

    agreement: Agreement = field(validator=a(Agreement))
    kind: RelationshipKind | None = field(default=None, validator=optional(a(RelationshipKind)))
    parties: tuple[Party, ...] | None = field(
        default=None,
        converter=maybe_tuple,
        validator=optional(tuple_of(Party)),
    )


@frozen
class Accepted(Event):
    """A party says yes to a version of the agreement."""

    version: int = field(validator=at_least(1))


@frozen
class Amended(Event):
    """The next version of the agreement is put to everybody; once it is active, the old one holds until all accept."""

    agreement: Agreement = field(validator=a(Agreement))


@frozen
class AmendmentDeclined(Event):
    """A party says no to an amendment of an active relationship; the version before goes on to hold."""


@frozen
class Declined(Event):
    """A party says no."""

    reason: DeclineReason = field(default=DeclineReason.OTHER, repr=False, validator=a(DeclineReason))
    note: str = field(default="", repr=False, validator=a(str))


@frozen
class Withdrawn(Event):
    """The proposal is taken back before it became active."""


@frozen
class Expired(Event):
    """Nobody answered in time."""


@frozen
class Invalidated(Event):
    """The proposal can no longer come about: somebody else was quicker, or left, or its time is over."""


@frozen
class Activated(Event):
    """The relationship starts."""


@frozen
class Joined(Event):
    """Somebody joins a group for herself, and with it accepts the version of the agreement that holds.

    Attributes:
        party: Who, and on which side.
        version: The version she accepts.
    """

    party: Party = field(validator=a(Party))
    version: int = field(validator=at_least(1))


@frozen
class Left(Event):
    """Somebody leaves a group, which goes on.

    Attributes:
        person: Who.
        reason: Why.
        note: In words.
    """

    person: str = field(validator=filled_text)
    reason: EndReason = field(default=EndReason.OTHER, repr=False, validator=a(EndReason))
    note: str = field(default="", repr=False, validator=a(str))


@frozen
class SessionHeld(Event):
    """A session took place.

    Attributes:
        minutes: How long; None for the agreed length.
        number: Which of the planned sessions it was; None for one that was not planned.
        mode: What it was; None for the kind's own mode.
        meeting: In person or virtual; None for what is agreed.
        attended: The ids of those who came; empty for everybody.
        topics: The names of the topics.
        follow_ups: What is to be done.
        notes: What was written down.
    """

    minutes: int | None = field(default=None, validator=optional(at_least(1)))
    number: int | None = field(default=None, validator=optional(at_least(1)))
    mode: Mode | None = field(default=None, validator=optional(a(Mode)))
    meeting: Meeting | None = field(default=None, validator=optional(a(Meeting)))
    attended: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    topics: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    follow_ups: tuple[FollowUp, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(FollowUp))
    notes: tuple[Note, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(Note))


@frozen
class SessionCancelled(Event):
    """A planned session is called off before it begins; how much notice that is follows from when it happened."""

    number: int = field(validator=at_least(1))
    note: str = field(default="", repr=False, validator=a(str))


@frozen
class SessionMissed(Event):
    """A planned session did not take place because somebody did not come.

    Attributes:
        number: Which session.
        absent: The ids of those who did not come; empty where that is not said.
    """

    number: int = field(validator=at_least(1))
    absent: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))


@frozen
class SessionMoved(Event):
    """A planned session is moved to another time."""

    number: int = field(validator=at_least(1))
    to: datetime = field(converter=in_utc, validator=aware)


@frozen
class Advocated(Event):
    """One thing a sponsor did for a beneficiary.

    Attributes:
        opportunity: For which opportunity.
        act: What the sponsor did.
        outcome: What came of it so far.
    """

    opportunity: str = field(repr=False, validator=filled_text)
    act: AdvocacyAct = field(repr=False, validator=a(AdvocacyAct))
    outcome: Outcome = field(default=Outcome.OPEN, repr=False, validator=a(Outcome))


@frozen
class OutcomeKnown(Event):
    """It is known what came of an advocacy.

    Attributes:
        advocacy: The id of the event that recorded it.
        outcome: Won or lost.
    """

    advocacy: str = field(validator=filled_text)
    outcome: Outcome = field(repr=False, validator=a(Outcome))


@frozen
class CheckedIn(Event):
    """A key result was read.

    Attributes:
        goal: The number of the goal in the agreement, from 1.
        key_result: The name of the key result.
        check_in: The reading.
    """

    goal: int = field(validator=at_least(1))
    key_result: str = field(repr=False, validator=filled_text)
    check_in: CheckIn = field(repr=False, validator=a(CheckIn))


@frozen
class NoteAdded(Event):
    """A party wrote something down."""

    note: Note = field(repr=False, validator=a(Note))


@frozen
class Rated(Event):
    """A party says how she finds the relationship.

    Attributes:
        stars: From 1 (poor) to 5 (very good).
        note: In words.
    """

    stars: int = field(repr=False, validator=between(1, 5))
    note: str = field(default="", repr=False, validator=a(str))


@frozen
class FocusSuggested(Event):
    """The recipient's manager suggests what to focus on; the recipient alone sees it, and nothing follows from it.

    Attributes:
        to: The id of the recipient.
        areas: The focus areas.
    """

    to: str = field(validator=filled_text)
    areas: tuple[str, ...] = field(repr=False, converter=as_tuple, validator=tuple_of(str))


@frozen
class Consented(Event):
    """A party allows others to see more of what is hers, or takes that back.

    Attributes:
        item: What may be seen.
        to: By whom.
        allowed: True to allow, False to take it back.
    """

    item: Item = field(validator=a(Item))
    to: ViewerRole = field(validator=a(ViewerRole))
    allowed: bool = field(default=True, validator=a(bool))


@frozen
class Reviewed(Event):
    """The parties looked back together."""

    notes: tuple[Note, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(Note))


@frozen
class Paused(Event):
    """The relationship rests, until a day where that is known."""

    until: date | None = field(default=None, validator=optional(a(date)))


@frozen
class Resumed(Event):
    """The relationship goes on after a pause."""


@frozen
class ClosingBegun(Event):
    """The relationship is brought to its end; with a reason, it is the notice that somebody wants to end it.

    Attributes:
        reason: Why somebody wants to end it before it is completed; None where it is completed as agreed.
    """

    reason: EndReason | None = field(default=None, repr=False, validator=optional(a(EndReason)))


@frozen
class Completed(Event):
    """The relationship came to its agreed end."""


@frozen
class CompletedEarly(Event):
    """The relationship reached what it was for before its agreed end; this is not a cancellation."""


@frozen
class Ended(Event):
    """A party, or the program, ends the relationship without fault."""

    reason: EndReason = field(default=EndReason.OTHER, repr=False, validator=a(EndReason))
    note: str = field(default="", repr=False, validator=a(str))


@frozen
class EndedForConduct(Event):
    """The program ends the relationship because of somebody's conduct."""

    note: str = field(default="", repr=False, validator=a(str))
