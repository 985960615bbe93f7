"""What stands beside development relationships and is none of them."""

from __future__ import annotations

from collections.abc import Mapping

NEIGHBOURS: Mapping[str, str] = {
    "therap": "therapy",
    "counsel": "counselling",
    "psycholog": "therapy",
    "psychiatr": "therapy",
    "performance": "performance management",
    "apprais": "performance management",
    "disciplin": "performance management",
    "mediation": "settling disputes",
    "mediator": "settling disputes",
    "arbitrat": "settling disputes",
}
"""Beginnings of words that tell of a neighbour of development relationships."""


def neighbour_in(text: str) -> str | None:
    """Return the neighbour that a name or a title tells of, or None.

    >>> neighbour_in("group-therapy"), neighbour_in("group-talks")
    ('therapy', None)
    """
    words = text.casefold().replace("-", " ").replace("_", " ").split()
    told = (what for word in words for begin, what in NEIGHBOURS.items() if word.startswith(begin))
    return next(told, None)
