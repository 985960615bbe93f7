"""What relationships that exist already mean for a matching: places and hours taken, pairs together, pairs barred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from devrel._records import read_only
from devrel.errors import InvalidValue
from devrel.kinds import Side
from devrel.lifecycle import LIVE_STAGES, OPEN_STAGES, ClosingBegun, Consequence, Ended, EndReason, Stage
from devrel.relationships import Relationship

if TYPE_CHECKING:
    from devrel.matching.problem import MatchingProblem

PairIds = tuple[str, str]


@frozen
class Standing:
    """What existing relationships say about the people of a program.

    Attributes:
        here: The pairs (recipient, provider) that are together in this program.
        elsewhere: The pairs that are together in others, or informally; they are not matched once more.
        before: All pairs that ever met, in any program.
        barred: The pairs that were ended for conduct, or because the two did not fit (or a rating said so).
        first: The recipients who were put back in the queue, first in line, and have nobody since.
        minutes: How many minutes a month each provider gives to her relationships, of all programs; those that may be
            parted left aside.
    """

    here: frozenset[PairIds] = frozenset()
    elsewhere: frozenset[PairIds] = frozenset()
    before: frozenset[PairIds] = frozenset()
    barred: frozenset[PairIds] = frozenset()
    first: frozenset[str] = frozenset()
    minutes: Mapping[str, float] = field(factory=dict, converter=read_only, repr=False)

    @classmethod
    def of(cls, relationships: Iterable[Relationship], program: str | None, *, rematch: bool = False) -> Standing:
        """Return what ``relationships`` mean for the program of that name; those that were never answered count too.

        Args:
            relationships: All that exist.
            program: The program's name.
            rematch: Whether its live pairs may be parted; then the hours they take are free to be given again.

        Raises:
            InvalidValue: When two relationships have one id.
        """
        listed = tuple(relationships)
        twice = [one for one, count in Counter(relationship.id for relationship in listed).items() if count > 1]
        if twice:
            raise InvalidValue("existing_relationships", f"{min(twice)!r} is there twice", "give each once")
        open_ = [one for one in listed if one.stage in OPEN_STAGES]
        here = [one for one in open_ if program is not None and one.program == program]
        held = {recipient for one in here for recipient in one.people(Side.RECIPIENT)}
        minutes: Counter[str] = Counter()
        for one in open_:
            if one.stage in LIVE_STAGES and not (rematch and one.program == program):
                for provider in one.people(Side.PROVIDER):
                    minutes[provider] += monthly_minutes(one)  # type: ignore[assignment]
        return cls(
            frozenset(pair for one in here for pair in pairs_of(one)),
            frozenset(pair for one in open_ if one not in here for pair in pairs_of(one)),
            frozenset(pair for one in listed if one.state.activated is not None for pair in pairs_of(one)),
            frozenset(pair for one in listed if _barred(one) for pair in pairs_of(one)),
            frozenset(
                recipient
                for one in listed
                if one.program == program and _first_in_line(one)
                for recipient in one.people(Side.RECIPIENT)
                if recipient not in held
            ),
            minutes,
        )


NOTHING = Standing()
"""Nothing exists yet."""


def pairs_of(one: Relationship) -> list[PairIds]:
    """Return everybody who receives with everybody who gives, in one relationship."""
    return [
        (recipient, provider)
        for recipient in one.people(Side.RECIPIENT)
        for provider in one.people(Side.PROVIDER)
        if recipient != provider
    ]


def monthly_minutes(one: Relationship) -> float:
    """Return how many minutes a month the sessions of a relationship take, by its agreement."""
    agreement = one.agreement
    if agreement.term.single:
        return 0.0
    return agreement.minutes * agreement.cadence.times_a_month


def _barred(one: Relationship) -> bool:
    if one.stage is Stage.ENDED_FOR_CONDUCT:
        return True
    return any(isinstance(event, Ended | ClosingBegun) and event.reason is EndReason.NOT_A_FIT for event in one.history)


def _first_in_line(one: Relationship) -> bool:
    """Whether its recipients were put back in the queue, first in line, when it came to its end."""
    if not one.stage.final:
        return False
    for number in range(len(one.history) - 1, 0, -1):
        before = Relationship(one.history[:number])
        if not before.stage.final:
            return Consequence.REQUEUE_FIRST in before.consequences(one.history[number])
    return False


def among(problem: MatchingProblem, standing: Standing, *, rematch: bool) -> MatchingProblem:
    """Return a problem as it is among relationships that exist already."""
    inside = [(r, p) for r, p in standing.here if r in problem.row and p in problem.column]
    apart = [(r, p) for r, p in standing.elsewhere | standing.barred if r in problem.row and p in problem.column]
    ranked = zip(problem.recipients, problem.priority, strict=True)
    first = tuple(max(place, int(person in standing.first)) for person, place in ranked)
    if rematch:
        return problem.with_changes(barred=problem.barred.union(apart), incumbent=inside, priority=first)
    if problem.pool:
        mine = theirs = Counter(one for pair in {problem.in_order(*two) for two in standing.here} for one in pair)
    else:
        mine = Counter(recipient for recipient, _ in standing.here)
        theirs = Counter(provider for _, provider in standing.here)
    return problem.with_changes(
        barred=problem.barred.union(apart, inside),
        priority=first,
        demand=_less(problem.recipients, problem.demand, mine),
        capacity=_less(problem.providers, problem.capacity, theirs),
        minimum=_less(problem.providers, problem.minimum, theirs),
    )


def _less(ids: Iterable[str], numbers: Iterable[int], taken: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(max(0, number - taken.get(person, 0)) for person, number in zip(ids, numbers, strict=True))
