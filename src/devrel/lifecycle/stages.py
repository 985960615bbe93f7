"""The stages of a relationship, who acts, and the closed lists of reasons and consequences."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from devrel._records import a, filled_text, optional


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
        """Whether no other stage can follow."""
        return self not in _OPEN


OPEN_STAGES = frozenset({Stage.PROPOSED, Stage.AGREEING, Stage.ACTIVE, Stage.PAUSED, Stage.CLOSING})
_OPEN = tuple(OPEN_STAGES)  # members are found by identity in a tuple; a set asks for a hash in Python
LIVE_STAGES = (Stage.ACTIVE, Stage.PAUSED, Stage.CLOSING)


class Origin(Enum):
    """How a relationship came about."""

    MATCHED = "matched"
    REQUESTED = "requested"
    INFORMAL = "informal"
    SPUN_OFF = "spun off from a group"


class ActorRole(Enum):
    """In which capacity somebody acts."""

    PROVIDER = "provider"
    RECIPIENT = "recipient"
    ADMIN = "admin"
    SYSTEM = "system"
    MANAGER = "manager"


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
    def manager(cls, person: str) -> Actor:
        """Return ``person`` acting as the manager of a recipient; the platform knows that she is."""
        return cls(ActorRole.MANAGER, person)

    @classmethod
    def system(cls) -> Actor:
        """Return the system acting by itself."""
        return cls(ActorRole.SYSTEM)


class Consequence(Enum):
    """What an embedding system has to do after a move."""

    NOTIFY = "notify the parties"
    NOTIFY_RECIPIENT = "notify the recipient it is for, and nobody else"
    FREE_CAPACITY = "free the capacity"
    REQUEUE = "put the recipients back in the queue"
    REQUEUE_FIRST = "put those who stay back in the queue, first in line"
    BAR_PAIR = "never match this pair again"
    PLAN_SESSIONS = "plan the sessions to come"
    CANCEL_SESSIONS = "cancel the sessions to come"


class DeclineReason(Enum):
    """Why somebody says no to a proposal."""

    NO_TIME = "not enough time"
    NOT_MY_EXPERTISE = "not the right expertise"
    ANOTHER_IS_MORE_SUITABLE = "somebody else is more suitable"
    CONFLICT = "conflict of interest"
    OTHER = "other"


class EndReason(Enum):
    """Why an active relationship ends without fault."""

    NO_TIME = "no more time"
    NOT_A_FIT = "not a good fit"
    CHANGED_GOALS = "goals have changed"
    LEFT = "left the organisation"
    CONFLICT = "conflict of interest"
    SILENCE = "no contact"
    OTHER = "other"
