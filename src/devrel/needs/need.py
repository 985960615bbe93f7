"""What somebody needs, in the words that tell kinds apart."""

from __future__ import annotations

from enum import Enum

from attrs import evolve, field, frozen

from devrel._records import a, optional
from devrel.kinds import Horizon
from devrel.terms import TermForm


class CareerStage(Enum):
    """Where somebody stands in a career: early to find a direction, in the middle to refocus, or late (utah-ucan).

    >>> CareerStage("early")
    <CareerStage.EARLY: 'early'>
    """

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"


class Ask(Enum):
    """What somebody comes with: a broad interest, a specific goal or skill, or a question (utah-ucan, culture-wizard).

    >>> Ask.GOAL.value
    'a specific goal'
    """

    BROAD = "a broad theme"
    GOAL = "a specific goal"
    QUESTION = "a question"


class WhoDirects(Enum):
    """Who should direct the relationship: the person whose need it is, or the one who helps (utah-ucan).

    >>> WhoDirects.ONESELF.value
    'oneself'
    """

    ONESELF = "oneself"
    THE_OTHER = "the other"


@frozen
class Need:
    """What one person needs; whatever is not known stays out, and an empty need is possible.

    Attributes:
        career_stage: Where the person stands in the career, or None.
        horizon: Whether it is about the current role or a future one, or None.
        ask: What the person comes with, or None.
        directs: Who should direct, or None.
        how_long: The form of the term wished for, or None.
        opportunities: Whether access to opportunities is sought.
        peer: Whether an equal is wanted.
        group: Whether to learn in a group; None where it does not matter.
        manager: Whether the own manager should help, with targets in the present job or towards the manager's.
        remote: Whether the person works remotely.
        distress: Whether there are signs of distress. Private: no repr shows it, and it changes no fit.
        dispute: Whether there are signs of a dispute at work. Private as well.

    Raises:
        InvalidValue: When a field holds something else than it says.

    >>> Need(ask=Ask.GOAL, distress=True) == Need(ask=Ask.GOAL)
    False
    >>> Need(ask=Ask.GOAL, distress=True).empty, Need(distress=True).empty
    (False, True)
    """

    career_stage: CareerStage | None = field(default=None, validator=optional(a(CareerStage)))
    horizon: Horizon | None = field(default=None, validator=optional(a(Horizon)))
    ask: Ask | None = field(default=None, validator=optional(a(Ask)))
    directs: WhoDirects | None = field(default=None, validator=optional(a(WhoDirects)))
    how_long: TermForm | None = field(default=None, validator=optional(a(TermForm)))
    opportunities: bool = field(default=False, validator=a(bool))
    peer: bool = field(default=False, validator=a(bool))
    group: bool | None = field(default=None, validator=optional(a(bool)))
    manager: bool = field(default=False, validator=a(bool))
    remote: bool = field(default=False, validator=a(bool))
    distress: bool = field(default=False, repr=False, validator=a(bool))
    dispute: bool = field(default=False, repr=False, validator=a(bool))

    @property
    def empty(self) -> bool:
        """Whether nothing is stated that could tell one kind from another."""
        return self.public == Need()

    @property
    def public(self) -> Need:
        """The need without the signs that are private."""
        return evolve(self, distress=False, dispute=False)
