"""The stages of a relationship, who acts, and the events that happen to it."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from attrs import field, frozen

from devrel._records import a, at_least, aware, filled_text, in_utc, optional
from devrel.agreements import Agreement
from devrel.errors import InvalidValue


class Stage(Enum):
    """Where a relationship stands."""

    PROPOSED = "proposed"
    AGREEING = "agreeing"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    COMPLETED = "completed"
    COMPLETED_EARLY = "completed early"
    ENDED = "ended"
    ENDED_FOR_CONDUCT = "ended for conduct"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"

    @property
    def final(self) -> bool:
        """Whether nothing can follow."""
        return self not in OPEN_STAGES


OPEN_STAGES = frozenset({Stage.PROPOSED, Stage.AGREEING, Stage.ACTIVE, Stage.PAUSED, Stage.CLOSING})


class ActorRole(Enum):
    """In which capacity somebody acts."""

    PROVIDER = "provider"
    RECIPIENT = "recipient"
    ADMIN = "admin"
    SYSTEM = "system"


@frozen
class Actor:
    """Who caused an event.

    Attributes:
        role: In which capacity.
        person: The person's id; None for the system.
    """

    role: ActorRole = field(validator=a(ActorRole))
    person: str | None = field(default=None, validator=optional(filled_text))

    @classmethod
    def provider(cls, person: str) -> Actor:
        """Return ``person`` acting as a provider."""
        return cls(ActorRole.PROVIDER, person)

    @classmethod
    def recipient(cls, person: str) -> Actor:
        """Return ``person`` acting as a recipient."""
        return cls(ActorRole.RECIPIENT, person)

    @classmethod
    def admin(cls, person: str | None = None) -> Actor:
        """Return a program administrator."""
        return cls(ActorRole.ADMIN, person)

    @classmethod
    def system(cls) -> Actor:
        """Return the system acting by itself."""
        return cls(ActorRole.SYSTEM)


class Consequence(Enum):
    """What an embedding system has to do after a move."""

    NOTIFY = "notify the parties"
    FREE_CAPACITY = "free the capacity"
    REQUEUE = "put the recipients back in the queue"
    REQUEUE_FIRST = "put the recipients back in the queue, first in line"
    BAR_PAIR = "never match this pair again"
    PLAN_SESSIONS = "plan the sessions to come"
    CANCEL_SESSIONS = "cancel the sessions to come"


class DeclineReason(Enum):
    """Why somebody says no to a proposal."""

    NO_TIME = "not enough time"
    NOT_MY_EXPERTISE = "not the right expertise"
    CONFLICT = "conflict of interest"
    OTHER = "other"


class EndReason(Enum):
    """Why an active relationship ends without fault."""

    NO_TIME = "no more time"
    NOT_A_FIT = "not a good fit"
    CHANGED_GOALS = "goals have changed"
    LEFT = "left the organisation"
    SILENCE = "no contact"
    OTHER = "other"


@frozen
class Event:
    """Something that happened to a relationship.

    Attributes:
        id: Unique in the relationship; applying the same event twice changes nothing.
        actor: Who caused it.
        at: When it happened; kept in UTC.
    """

    id: str = field(validator=filled_text)
    actor: Actor = field(validator=a(Actor))
    at: datetime = field(converter=in_utc, validator=aware)


@frozen
class Proposed(Event):
    """The relationship is put to the parties; always the first event, and only the first."""

    agreement: Agreement = field(validator=a(Agreement))
    respond_by: datetime | None = field(default=None, converter=in_utc, validator=optional(aware))

    def __attrs_post_init__(self) -> None:
        if self.respond_by is not None and self.respond_by < self.at:
            raise InvalidValue("respond_by", "must not lie before the proposal")


@frozen
class Accepted(Event):
    """A party says yes to a version of the agreement."""

    version: int = field(validator=at_least(1))


@frozen
class Amended(Event):
    """The agreement is changed before it starts; every party has to accept the new version."""

    agreement: Agreement = field(validator=a(Agreement))


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
    """The proposal can no longer come about, because somebody else was quicker."""


@frozen
class Activated(Event):
    """The relationship starts."""


@frozen
class SessionHeld(Event):
    """A session took place, of the agreed length unless said; its notes are private to the parties."""

    minutes: int | None = field(default=None, validator=optional(at_least(1)))
    notes: str = field(default="", repr=False, validator=a(str))


@frozen
class Paused(Event):
    """The relationship rests."""

    until: date | None = field(default=None, validator=optional(a(date)))


@frozen
class Resumed(Event):
    """The relationship goes on after a pause."""


@frozen
class ClosingBegun(Event):
    """The parties bring the relationship to its end."""


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
