"""From a matching to proposed relationships, each with an agreement and times that do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from hashlib import blake2b

from attrs import evolve

from devrel.errors import DevrelError, InvalidValue
from devrel.lifecycle import Actor
from devrel.matching.result import Matching
from devrel.people import Party, Role
from devrel.programs.design import Program
from devrel.relationships import Relationship, pair
from devrel.terms import Cadence, Weekday

_LATEST_END = 18 * 60
_FRIDAY = 4


def propose(program: Program, matching: Matching, *, at: datetime) -> tuple[Relationship, ...]:
    """Return one proposed relationship for every pair, in the order of the pairs.

    In a mutual kind both give and both receive, so that a pair and the same pair the other way round are one.

    The first relationship of a person takes the program's own time. A second one, of a coach with two coachees or
    of somebody who stands on both sides, takes the next free slot of the same length, so that nobody is asked to be
    in two sessions at once: later on the same day until 18:00, then on the next working day.

    Args:
        program: Gives the kind, the term, the cadence and the date to answer by.
        matching: Who is matched with whom.
        at: When the proposals are made, aware of its zone.

    Raises:
        InvalidValue: For a matching of circles, each of which is one relationship of several people.
    """
    if matching.groups:
        remedy = "make a relationship for each with Relationship.propose, all its members in the role 'both'"
        raise InvalidValue("matching", "has circles, and proposals are made for pairs", remedy)
    pairs = [(found.provider, found.recipient) for found in matching.pairs]
    if program.kind.composition.mutual:
        pairs = list(dict.fromkeys((min(two), max(two)) for two in pairs))
    answer_by = at + timedelta(days=program.answer_days)
    return tuple(
        Relationship.propose(
            relationship_id(program, provider, recipient),
            program.kind,
            _parties(program, provider, recipient),
            program.agreement(slot(program.cadence, program.minutes, number)),
            actor=Actor.system(),
            at=at,
            respond_by=answer_by,
            program=program.name,
        )
        for (provider, recipient), number in zip(pairs, slots(pairs), strict=True)
    )


def _parties(program: Program, provider: str, recipient: str) -> tuple[Party, Party]:
    """Return the parties of a pair; in a mutual kind, both stand on both sides."""
    if program.kind.composition.mutual:
        return Party(provider, Role.BOTH), Party(recipient, Role.BOTH)
    return pair(provider, recipient)


def relationship_id(program: Program, provider: str, recipient: str) -> str:
    """Return an id that is the same whenever the same program proposes the same pair for the same start."""
    facts = "\0".join([program.name, program.kind.name, program.term.start.isoformat(), provider, recipient])
    return f"rel-{blake2b(facts.encode(), digest_size=8).hexdigest()}"


def slots(pairs: Iterable[Sequence[str]]) -> list[int]:
    """Return a slot number for each pair such that no person has one slot twice; the lowest free one, in order.

    >>> slots([("coach", "a"), ("coach", "b"), ("other", "c")])
    [0, 1, 0]
    """
    taken: dict[str, set[int]] = {}
    chosen = []
    for people in pairs:
        busy = set().union(*(taken.get(person, set()) for person in people))
        free = next(number for number in range(len(busy) + 1) if number not in busy)
        for person in people:
            taken.setdefault(person, set()).add(free)
        chosen.append(free)
    return chosen


def slot(cadence: Cadence, minutes: int, number: int) -> Cadence:
    """Return the cadence moved to the slot ``number``; slot 0 is its own time.

    >>> from devrel.terms import Weekday
    >>> later = slot(Cadence(weekday=Weekday.FRIDAY, at=time(16)), 60, 2)
    >>> later.weekday, later.at
    (<Weekday.MONDAY: 'Monday'>, datetime.time(16, 0))
    """
    begin = cadence.at.hour * 60 + cadence.at.minute
    a_day = max(1, (max(_LATEST_END, begin + minutes) - begin) // minutes)
    days, place = divmod(number, a_day)
    start = begin + place * minutes
    if days and (cadence.weekday is None or days > _FRIDAY):
        raise DevrelError(
            "somebody has more sessions than one week of slots holds; lower the capacity, shorten the sessions, "
            "or give the cadence a weekday so that they can move to other days"
        )
    moved = evolve(cadence, at=time(start // 60 % 24, start % 60, cadence.at.second))
    for _ in range(days):
        moved = evolve(moved, weekday=_next_working_day(moved))
    return moved


def _next_working_day(cadence: Cadence) -> Weekday:
    day = cadence.weekday.after(1)  # type: ignore[union-attr]
    while day.number > _FRIDAY:
        day = day.after(1)
    return day
