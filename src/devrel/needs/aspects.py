"""What speaks for a kind or against it, and which source says so."""

from __future__ import annotations

from typing import Any

import attrs
from attrs import field, frozen

from devrel._records import a, filled_text
from devrel.errors import InvalidValue
from devrel.kinds import KINDS, RelationshipKind


def share(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Accept numbers from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidValue(attribute.name, "must be a number from 0 to 1")


@frozen
class Aspect:
    """One thing that speaks for a kind or against it.

    Attributes:
        facet: The facet of the kind that was looked at.
        text: What was found, in plain words and with the kind's own titles.
        source: The short name of the source that says so.

    >>> print(Aspect("control", "the coachee directs, as wished", "utah-ucan"))
    the coachee directs, as wished (utah-ucan)
    """

    facet: str = field(validator=filled_text)
    text: str = field(validator=filled_text)
    source: str = field(validator=filled_text)

    def __str__(self) -> str:
        """Return the text with its source."""
        return f"{self.text} ({self.source})"


@frozen
class Weighed:
    """An aspect with how far a kind agrees in it and how much that counts.

    Attributes:
        aspect: What was found.
        share: How far the kind agrees, from 0 to 1; it speaks for the kind from a half up.
        weight: How much it counts among the others; with 0 it is said and counts nothing.
    """

    aspect: Aspect = field(validator=a(Aspect))
    share: float = field(validator=share)
    weight: float = field(validator=a(int, float))


def source_of(kind: RelationshipKind, facet: str) -> str:
    """Return the source of a facet: where it was taken over from a kind of the library, that kind's source.

    >>> from devrel.kinds import FLASH_MENTORING
    >>> source_of(FLASH_MENTORING, "control"), source_of(FLASH_MENTORING, "timeline")
    ('utah-ucan', 'ch-flash')
    """
    base = next((known for known in KINDS if known.name == kind.base), None)
    if base is not None and getattr(base, facet) == getattr(kind, facet):
        return source_of(base, facet)
    return kind.source
