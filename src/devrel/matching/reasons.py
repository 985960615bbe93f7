"""Why somebody is not matched, or not with as many as wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from attrs import field, frozen

from devrel._records import ReadOnly, read_only
from devrel.kinds import Side
from devrel.matching.shortage import Shortage


class Cause(Enum):
    """Why somebody is not matched, or not with as many as wanted."""

    NO_CANDIDATE = "no eligible candidate"
    OUTBID = "every eligible candidate was matched with others"
    TOO_FEW_PLACES = "too few places with the eligible candidates"
    PREFERENCE = "own preference"
    NOT_USED = "an eligible candidate was left free"
    NOBODY_THERE = "nobody on the other side"


@frozen
class Reason:
    """Why one person has fewer partners on one side than she could take.

    Attributes:
        side: The side she stands on.
        cause: The main cause.
        wanted: How many partners she could take.
        got: How many she got.
        candidates: How many people stand on the other side, herself left out.
        eligible: How many of them were eligible.
        rivals: How many people of her own side hold the places of those.
        removed: How many candidates each rule removed; a candidate may be removed by several.
        text: All of it in words, with the kind's titles.
        nearest: The fewest rules without which there would be a candidate, by title.
        shortage: Who shares too few places with her, where that is what left her.
        missing: How many points more would have given her a place, where that is known and nothing about the scores is
            private; 0 where the lot decided.
        unlisted: How many people with a free place were left out because one of the two did not list the other.
    """

    side: Side
    cause: Cause
    wanted: int
    got: int
    candidates: int
    eligible: int
    rivals: int
    removed: Mapping[str, int] = field(converter=read_only, repr=False)
    text: str = field(repr=False)
    nearest: tuple[str, ...] = field(default=(), repr=False)
    shortage: Shortage | None = field(default=None, repr=False)
    missing: int | None = field(default=None, repr=False)
    unlisted: int = 0


@frozen
class Unmatched:
    """Somebody who could have had more partners, with the reason; two reasons for one who stands on both sides.

    Attributes:
        person: The id.
        reasons: One for each side on which something is open.
    """

    person: str
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        """Return the reasons in words."""
        return " ".join(reason.text for reason in self.reasons)


class OnDemand(ReadOnly[str, Unmatched]):
    """Everybody with something open, by id; why is found out when it is asked for, and kept.

    Args:
        people: The ids.
        tell: What finds out why.
    """

    __slots__ = ("_tell",)

    def __init__(self, people: Iterable[str], tell: Callable[[str], Unmatched]) -> None:
        object.__setattr__(self, "_data", dict.fromkeys(people))
        object.__setattr__(self, "_tell", tell)

    def __getitem__(self, person: str) -> Unmatched:
        data: dict[str, Unmatched | None] = self._data  # type: ignore[attr-defined]
        found = data[person]
        if found is None:
            found = data[person] = self._tell(person)  # type: ignore[attr-defined]
        return found

    def get(self, key: Any, default: Any = None) -> Any:
        """Return why somebody is left, or ``default`` where nothing is open for her."""
        if key not in self:
            return default
        return self[key]

    def __contains__(self, person: object) -> bool:
        """Whether something is open for somebody; nothing is found out for that."""
        return person in self._data  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return OnDemand, (tuple(self), self._tell)  # type: ignore[attr-defined]


def main_causes(unmatched: Iterable[Unmatched], side: Side) -> dict[Cause, int]:
    """Return how many people of ``side`` are open for each cause, most frequent first."""
    counts: dict[Cause, int] = {}
    for person in unmatched:
        for reason in person.reasons:
            if reason.side is side:
                counts[reason.cause] = counts.get(reason.cause, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0].value)))
