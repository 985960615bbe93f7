"""What stands beside development relationships and is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

_THERAPY, _COUNSELLING = "therapy", "counselling"
_MANAGEMENT, _DISPUTES = "performance management", "settling disputes"

NEIGHBOURS: Mapping[str, str] = {
    **dict.fromkeys(("psychologist", "psychological", "psychology"), _THERAPY),
    **dict.fromkeys(("psychiatrist", "psychiatric", "psychiatry", "psychoanalyst", "psychoanalysis"), _THERAPY),
    **dict.fromkeys(("counselling", "counseling", "counsellor", "counselor"), _COUNSELLING),
    **dict.fromkeys(("appraisal", "appraiser", "performance management", "performance manager"), _MANAGEMENT),
    **dict.fromkeys(("performance review", "performance evaluation", "performance assessment"), _MANAGEMENT),
    **dict.fromkeys(("performance rating", "performance improvement"), _MANAGEMENT),
    **dict.fromkeys(("annual review", "yearly review", "annual evaluation", "annual assessment"), _MANAGEMENT),
    **dict.fromkeys(("disciplinary action", "disciplinary measure", "disciplinary procedure"), _MANAGEMENT),
    **dict.fromkeys(("mediation", "mediator", "arbitration", "arbitrator"), _DISPUTES),
    **dict.fromkeys(("dispute resolution", "dispute settlement", "conflict resolution"), _DISPUTES),
}
"""Words, and pairs of words, that tell of a neighbour of development relationships; an s may follow."""

_ENDINGS = ("therapy", "therapies", "therapist", "therapists", "therapeutic")
"""How words for therapy end, whatever sort of it."""


def neighbour_in(text: str) -> str | None:
    """Return the neighbour that a name or a title tells of, or None.

    >>> neighbour_in("group-hypnotherapy"), neighbour_in("annual review"), neighbour_in("high performance mentoring")
    ('therapy', 'performance management', None)
    """
    return next(_told(re.findall(r"[^\W\d_]+", text.casefold())), None)


def _told(words: list[str]) -> Iterator[str]:
    for term in (*words, *map(" ".join, pairwise(words))):
        one = term if term in NEIGHBOURS else term.removesuffix("s")
        if one in NEIGHBOURS or term.endswith(_ENDINGS):
            yield NEIGHBOURS.get(one, _THERAPY)
