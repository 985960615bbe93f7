"""The result of a matching: pairs, the parts of their scores, and everybody who is left with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen

from devrel._display import html_table
from devrel._records import read_only
from devrel.errors import InvalidValue
from devrel.kinds import Side
from devrel.matching.table import Part

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem


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
        """What the criteria that may be shown gave, as a share of what they could have given.

        Sensitive parts have no say in it, so nothing about them can be worked out from it.
        """
        most = sum(part.most for part in self.shown_parts)
        return sum(part.points for part in self.shown_parts) / most if most else 0.0

    @property
    def band(self) -> Band:
        """The band of ``shown_share``."""
        return Band.of(self.shown_share)


class Cause(Enum):
    """Why somebody is not matched, or not with as many as wanted."""

    NO_CANDIDATE = "no eligible candidate"
    OUTBID = "every eligible candidate was matched with others"
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


@frozen
class Provenance:
    """How a matching came about.

    Attributes:
        strategy: The strategy's name.
        version: The version of the library.
        parameters: The strategy's parameters.
        objective: What was looked for.
        seed: The seed of the tie lottery.
        notes: What the strategy has to say of its answer.
        distribution: The package that the strategy comes from, with its version; empty for the library's own.
    """

    strategy: str
    version: str
    parameters: Mapping[str, object] = field(converter=read_only)
    objective: str
    seed: int
    notes: tuple[str, ...] = ()
    distribution: str = ""


@frozen(repr=False)
class Matching:
    """Who is matched with whom, verified.

    Attributes:
        pairs: The pairs, sorted by recipient and provider.
        unmatched: Everybody with something open, by id: recipients with unmet demand (one served in part included)
            and providers without a pair.
        provenance: How it came about.
    """

    pairs: tuple[Pair, ...]
    unmatched: Mapping[str, Unmatched] = field(converter=read_only)
    provenance: Provenance

    @property
    def total_points(self) -> int:
        """The sum of all scores in points; exact."""
        return sum(pair.points for pair in self.pairs)

    @property
    def total_score(self) -> float:
        """The sum of all scores."""
        return self.total_points / self.pairs[0].unit if self.pairs else 0.0

    @property
    def mean_shown(self) -> float | None:
        """The mean of the pairs' ``shown_share``, or None without a pair."""
        return sum(pair.shown_share for pair in self.pairs) / len(self.pairs) if self.pairs else None

    def partners(self, person: str) -> tuple[str, ...]:
        """Return the ids of everybody ``person`` is matched with, on either side."""
        found = [pair.provider for pair in self.pairs if pair.recipient == person]
        return (*found, *(pair.recipient for pair in self.pairs if pair.provider == person))

    def why_unmatched(self, person: str) -> str:
        """Return why ``person`` is left with something open, in words; empty where nothing is open.

        Raises:
            InvalidValue: For somebody who is neither matched nor left, and so was not in the problem.
        """
        if person in self.unmatched:
            return str(self.unmatched[person])
        if not self.partners(person):
            raise InvalidValue("person", f"{person!r} is neither matched nor left", "check the id")
        return ""

    def verify(self, problem: MatchingProblem) -> None:
        """Check the pairs against ``problem`` alone.

        Raises:
            WrongAnswer: With every broken promise.
        """
        from devrel.matching.verify import verify

        verify(problem, self.provenance.strategy, [(pair.recipient, pair.provider) for pair in self.pairs])

    def __repr__(self) -> str:
        """Return the counts."""
        pairs, people = len(self.pairs), len(self.unmatched)
        return (
            f"<Matching: {pairs} {'pair' if pairs == 1 else 'pairs'}, "
            f"{people} {'person' if people == 1 else 'people'} with something open>"
        )

    def _repr_html_(self) -> str:
        rows = [[pair.recipient, pair.provider, _shown(pair)] for pair in self.pairs]
        return html_table(["recipient", "provider", "score"], rows, caption=repr(self)[1:-1])


def _shown(pair: Pair) -> str:
    return pair.band.value if pair.shown_score is None else f"{pair.shown_score:.3f}"


def main_causes(unmatched: Iterable[Unmatched], side: Side) -> dict[Cause, int]:
    """Return how many people of ``side`` are open for each cause, most frequent first."""
    counts: dict[Cause, int] = {}
    for person in unmatched:
        for reason in person.reasons:
            if reason.side is side:
                counts[reason.cause] = counts.get(reason.cause, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0].value)))
