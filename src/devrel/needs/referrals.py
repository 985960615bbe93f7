"""When a development relationship is not the answer, or not the whole of it: whom to turn to."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from devrel._records import a, filled_text
from devrel.kinds import Horizon
from devrel.needs.need import Ask, Need


class ReferTo(Enum):
    """Whom to turn to.

    >>> ReferTo.HR.value
    'the HR department'
    """

    LICENSED_PROFESSIONAL = "a licensed professional"
    HR = "the HR department"
    MANAGER = "one's own manager"


@frozen
class Referral:
    """Somebody else to turn to, and why.

    Attributes:
        to: Whom to turn to.
        reason: Why.
        source: The short name of the source that says so.

    >>> print(Referral(ReferTo.HR, "they know the courses", "culture-wizard"))
    Turn to the HR department: they know the courses (culture-wizard).
    """

    to: ReferTo = field(validator=a(ReferTo))
    reason: str = field(repr=False, validator=filled_text)
    source: str = field(repr=False, validator=filled_text)

    def __str__(self) -> str:
        """Return the referral as a sentence."""
        return f"Turn to {self.to.value}: {self.reason} ({self.source})."


_DISTRESS = Referral(
    ReferTo.LICENSED_PROFESSIONAL,
    "this comes first; healing is their work, and neither a mentor nor a coach is a therapist",
    "learning-development",
)
_DISPUTE = (
    Referral(
        ReferTo.HR,
        "a dispute at work is settled with them; whoever mentors or coaches takes no side in it",
        "learning-development",
    ),
    Referral(
        ReferTo.MANAGER,
        "unless the manager is part of it, a dispute at work is settled there as well; "
        "whoever mentors or coaches takes no side",
        "learning-development",
    ),
)
_PRESENT_GOAL = Referral(
    ReferTo.MANAGER, "coaching for a goal in the job held now is mostly the manager's", "culture-wizard"
)
_PERFORMANCE = Referral(
    ReferTo.MANAGER,
    "how well the job held now is done, against targets, is managed there and is not mentoring",
    "management-mentors",
)


def referrals_for(need: Need) -> tuple[Referral, ...]:
    """Return whom to turn to besides, the most pressing first."""
    found = [_DISTRESS] if need.distress else []
    found += _DISPUTE if need.dispute else ()
    if need.opportunities or need.peer or need.group:  # somebody else is asked
        return tuple(found)
    if need.manager and need.horizon is not Horizon.FUTURE_ROLE:
        found.append(_PERFORMANCE)
    if need.ask is Ask.GOAL and need.horizon is Horizon.CURRENT_ROLE:
        found.append(_PRESENT_GOAL)
    return tuple(found)
