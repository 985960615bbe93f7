"""What can be asked of a matching about one pair: what its score is made of, and why two people are not matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from devrel.errors import DevrelError, InvalidValue
from devrel.kinds import Side
from devrel.matching.difference import Difference
from devrel.matching.groups import CircleBound
from devrel.matching.pairs import Band, shown_share
from devrel.matching.pool import PEERS
from devrel.matching.problem import MatchingProblem
from devrel.matching.result import Matching
from devrel.matching.table import Part

if TYPE_CHECKING:
    from devrel.matching.strategy import MatchingStrategy


@frozen
class Explanation:
    """What is to be said of a pair, matched or not.

    Attributes:
        recipient: The recipient's id.
        provider: The provider's id.
        matched: Whether the two are matched.
        forbidden_by: The titles of the rules that forbid the pair; empty where it is eligible.
        reasons: The same in the words of each rule.
        parts: What each criterion that may be shown gives.
        score: The exact sum of all parts, or None where a sensitive criterion is among them.
        band: How good the pair is, by the criteria that may be shown.
        unit: The points of a score of 1.
    """

    recipient: str
    provider: str
    matched: bool
    forbidden_by: tuple[str, ...]
    reasons: tuple[str, ...]
    parts: tuple[Part, ...] = field(repr=False)
    score: float | None = field(repr=False)
    band: Band
    unit: int = field(repr=False)

    def __str__(self) -> str:
        """Return it in words."""
        state = "matched" if self.matched else "not matched"
        if self.forbidden_by:
            return f"{self.recipient} and {self.provider}: {state}; {'; '.join(self.reasons)}."
        told = f"{self.band.value}" if self.score is None else f"{self.score:.6g}"
        made = ", ".join(f"{part.name} {part.points / self.unit:.6g}" for part in self.parts)
        return f"{self.recipient} and {self.provider}: {state}; score {told}{f' ({made})' if made else ''}."


@frozen
class WhyNot:
    """Why two people are not matched with each other.

    Attributes:
        recipient: The recipient's id.
        provider: The provider's id.
        forbidden_by: The titles of the rules that forbid the pair.
        reasons: The same in the words of each rule.
        instead: What the answer would be with the pair kept, compared with the one there is; None where the pair is
            forbidden or cannot be kept, and for circles.
        text: All of it in words, with the kind's titles.
    """

    recipient: str
    provider: str
    forbidden_by: tuple[str, ...]
    reasons: tuple[str, ...]
    instead: Difference | None = field(repr=False)
    text: str = field(repr=False)

    def __str__(self) -> str:
        """Return it in words."""
        return self.text


def explanation(matching: Matching, recipient: str, provider: str) -> Explanation:
    """Return what a pair's score is made of, and what forbids it."""
    problem = known(matching, recipient, provider)
    recipient, provider = problem.in_order(recipient, provider)
    parts = problem.parts(recipient, provider)
    private = any(part.sensitive for part in parts)
    return Explanation(
        recipient,
        provider,
        (recipient, provider) in matching.together,
        problem.forbidden_by(recipient, provider),
        problem.reasons(recipient, provider),
        tuple(part for part in parts if not part.sensitive),
        None if private else sum(part.points for part in parts) / problem.unit,
        Band.of(shown_share(parts)),
        problem.unit,
    )


def why_not(matching: Matching, recipient: str, provider: str) -> WhyNot:
    """Return what forbids a pair, or what the answer would be if it had to be kept: the strategy is asked again."""
    problem = known(matching, recipient, provider)
    recipient, provider = problem.in_order(recipient, provider)
    if (recipient, provider) in matching.together:
        raise InvalidValue("pair", f"{recipient!r} and {provider!r} are matched", "ask explain() instead")
    titles = PEERS if problem.pool else problem.titles
    title = f"{titles.of(Side.RECIPIENT)} {recipient} and {titles.of(Side.PROVIDER)} {provider}"
    forbidden = problem.forbidden_by(recipient, provider)
    if forbidden:
        reasons = problem.reasons(recipient, provider)
        text = f"The {title} may not be matched: {'; '.join(reasons)}."
        return WhyNot(recipient, provider, forbidden, reasons, None, text)
    if matching.groups or isinstance(matching.certificate, CircleBound):
        return WhyNot(recipient, provider, (), (), None, _in_circles(matching, recipient, provider))
    try:
        kept = problem.with_changes(locked=problem.locked | {(recipient, provider)})
        instead = strategy_of(matching).match(kept).diff(matching)
    except DevrelError as error:
        return WhyNot(recipient, provider, (), (), None, f"The {title} cannot be matched: {error}")
    return WhyNot(recipient, provider, (), (), instead, f"If the {title} were matched: {instead}")


def _in_circles(matching: Matching, one: str, other: str) -> str:
    """Say in which circles two people are, and that nothing can be told of the answer with both in one."""
    found = explanation(matching, one, other)
    score = f"{found.band.value} (told roughly)" if found.score is None else f"{found.score:.6g}"
    return (
        f"The peer {one} {_circle_of(matching, one)}, the peer {other} {_circle_of(matching, other)}. "
        f"They may be matched, and the pair scores {score}. "
        "What it would cost is not known: circles come from a heuristic, which cannot be asked to keep a pair."
    )


def _circle_of(matching: Matching, person: str) -> str:
    for number, group in enumerate(matching.groups, 1):
        if person in group.members:
            return f"is in circle {number} ({', '.join(group.members)})"
    return "is in no circle"


def known(matching: Matching, recipient: str, provider: str) -> MatchingProblem:
    """Return the problem of a matching, having seen that two people are in it."""
    problem = problem_of(matching)
    for what, person, ids in (("recipient", recipient, problem.row), ("provider", provider, problem.column)):
        if person not in ids:
            raise InvalidValue(what, f"{person!r} is not one of the problem", "check the id, and the order of the two")
    return problem


def problem_of(matching: Matching) -> MatchingProblem:
    """Return the problem that a matching answers; one without it is refused."""
    if matching.problem is None:
        raise InvalidValue("problem", "is not kept with this matching", "take the matching that match() returned")
    return matching.problem


def strategy_of(matching: Matching) -> MatchingStrategy:
    """Return the strategy that made a matching; one without it is refused."""
    if matching.strategy is None:
        raise InvalidValue("strategy", "is not kept with this matching", "take the matching that match() returned")
    return matching.strategy
