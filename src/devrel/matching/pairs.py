"""Two matched people and the parts of their score, exact in memory and rough where a part is private."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from attrs import field, frozen

from devrel.matching.table import Part


class Band(Enum):
    """A score told roughly: thirds of what can be reached."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @classmethod
    def of(cls, share: float) -> Band:
        """Return the band of a share from 0 to 1.

        >>> Band.of(0.5)
        <Band.MEDIUM: 'medium'>
        """
        return cls.HIGH if 3 * share >= 2 else cls.MEDIUM if 3 * share >= 1 else cls.LOW


@frozen(order=True)
class Pair:
    """Two matched people. The exact score stays out of the repr, as a part of it may be private.

    Attributes:
        recipient: The recipient's id.
        provider: The provider's id.
        points: The score in points; the exact sum of its parts.
        unit: The points of a score of 1.
        parts: What each criterion gave.
    """

    recipient: str
    provider: str
    points: int = field(repr=False)
    unit: int = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False, order=False)

    @property
    def score(self) -> float:
        """The score, exact in memory; write ``shown_score`` or ``band`` instead."""
        return self.points / self.unit

    @property
    def private(self) -> bool:
        """Whether a sensitive criterion is part of the score."""
        return any(part.sensitive for part in self.parts)

    @property
    def shown_parts(self) -> tuple[Part, ...]:
        """The parts that may be shown."""
        return tuple(part for part in self.parts if not part.sensitive)

    @property
    def shown_score(self) -> float | None:
        """The score, or None where a sensitive criterion is part of it."""
        return None if self.private else self.score

    @property
    def shown_share(self) -> float:
        """What the criteria that may be shown gave, as a share of what they could have given."""
        return shown_share(self.parts)

    @property
    def band(self) -> Band:
        """The band of ``shown_share``."""
        return Band.of(self.shown_share)


def shown_share(parts: Iterable[Part]) -> float:
    """Return what the parts that may be shown gave, as a share of what they could have given.

    Sensitive parts have no say in it, so nothing about them can be worked out from it.
    """
    shown = [part for part in parts if not part.sensitive]
    most = sum(part.most for part in shown)
    return sum(part.points for part in shown) / most if most else 0.0
