"""Kram's phases of a mentoring relationship, read from its history. They are a reading and not stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum
from itertools import pairwise

from attrs import frozen

from devrel.errors import InvalidValue
from devrel.kinds import Mode
from devrel.lifecycle import CheckedIn, ClosingBegun, Reviewed, SessionHeld
from devrel.relationships import Relationship
from devrel.terms import months_after

INITIATION_MONTHS = (6, 12)
"""Initiation takes six to twelve months (kram)."""


class KramPhase(Enum):
    """The four phases that Kram found in 18 pairs: cultivation lasts two to five years.

    A formal program of six to twelve months often ends within the first.

    >>> [phase.value for phase in KramPhase]
    ['initiation', 'cultivation', 'separation', 'redefinition']
    """

    INITIATION = "initiation"
    CULTIVATION = "cultivation"
    SEPARATION = "separation"
    REDEFINITION = "redefinition"


@frozen
class PhaseSpan:
    """One phase and its time.

    Attributes:
        phase: The phase.
        since: When it began.
        until: When the next one began; None for the one that is on.

    >>> from datetime import UTC
    >>> PhaseSpan(KramPhase.INITIATION, datetime(2026, 1, 5, tzinfo=UTC)).until is None
    True
    """

    phase: KramPhase
    since: datetime
    until: datetime | None = None


def kram_phases(
    relationship: Relationship, *, now: datetime, later: Iterable[Relationship] = ()
) -> tuple[PhaseSpan, ...]:
    """Return the phases a mentoring relationship has gone through, oldest first; none before it started.

    Initiation lasts from the start until the two meet after six months, and at most twelve; pauses do not count.
    Separation begins with the closing or the end. Redefinition begins when, after the end, the same people go on in a
    relationship of another kind or with other roles. When they take up the same kind in the same roles once more, they
    are back where they were before they separated: the phases may move back and forth.

    Args:
        relationship: The relationship; its kind is mentoring or derived from it. It stays as it is.
        now: The moment of the reading, aware of its zone; what happens later is not looked at.
        later: Later relationships, among which those of the same people are looked for.

    Raises:
        InvalidValue: When the relationship is not mentoring, as Kram described no other, or ``now`` has no zone.

    >>> from datetime import UTC
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.lifecycle import Accepted, Activated, Actor
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date(), purpose="find a direction")
    >>> asked = Relationship.propose("r1", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=at)
    >>> yes = [Accepted("a", Actor.provider("m"), at, 1), Accepted("b", Actor.recipient("n"), at, 1)]
    >>> one = asked.apply_all([*yes, Activated("c", Actor.system(), at)])
    >>> [span.phase.name for span in kram_phases(one, now=datetime(2027, 2, 1, tzinfo=UTC))]
    ['INITIATION', 'CULTIVATION']
    """
    if relationship.kind.mode is not Mode.MENTORING:
        raise InvalidValue("relationship", f"is {relationship.kind.name}, and the phases are those of mentoring")
    if now.utcoffset() is None:
        raise InvalidValue("now", "must be a datetime with a time zone")
    begins = [(since, phase) for since, phase in _begins(relationship, list(later), now) if since <= now]
    return tuple(_spans(begins))


Begin = tuple[datetime, KramPhase]


def _spans(begins: list[Begin]) -> Iterator[PhaseSpan]:
    """Return spans without gaps; a phase that takes no time, because the next one begins with it, is none."""
    for (since, phase), (until, _) in pairwise(begins):
        if since < until:
            yield PhaseSpan(phase, since, until)
    yield from (PhaseSpan(phase, since) for since, phase in begins[-1:])


def _begins(
    one: Relationship, later: list[Relationship], now: datetime, phase: KramPhase = KramPhase.INITIATION
) -> Iterator[Begin]:
    """Give when each phase began, in order; ``phase`` is the one they start in."""
    start, separates = one.state.activated, _separation(one)
    if start is None:
        return
    yield start, phase
    deepens = _cultivation(one, start, now)
    if phase is KramPhase.INITIATION and (separates is None or deepens < separates):
        phase = KramPhase.CULTIVATION
        yield deepens, phase
    if separates is not None:
        yield separates, KramPhase.SEPARATION
        yield from _afterwards(one, later, now, phase)


def _afterwards(one: Relationship, later: list[Relationship], now: datetime, phase: KramPhase) -> Iterator[Begin]:
    """Give what began when the same people went on after the end: another relationship, or the same once more."""
    following = [(since, other) for other in later if (since := _goes_on(one, other)) is not None]
    if not following:
        return
    since, other = min(following, key=lambda found: (found[0], found[1].id))
    if _alike(one, other):
        yield from _begins(other, later, now, phase)
    else:
        yield since, KramPhase.REDEFINITION


def _goes_on(one: Relationship, other: Relationship) -> datetime | None:
    """Return since when the same people go on in another relationship after the end of one, or None."""
    end, start, over = one.state.finished, other.state.activated, other.state.finished
    same_people = {party.person for party in one.parties} == {party.person for party in other.parties}
    if end is None or start is None or not same_people or (over is not None and over <= end):
        return None
    return start if start >= end else None if _alike(one, other) else end


def _alike(one: Relationship, other: Relationship) -> bool:
    """Whether two relationships are of one kind, with the same roles."""
    return one.kind == other.kind and set(one.parties) == set(other.parties)


def _cultivation(one: Relationship, start: datetime, now: datetime) -> datetime:
    """Return when initiation is over, if they do not separate before."""
    early, late = (_together(one, start, months, now) for months in INITIATION_MONTHS)
    met = (event.at for event in one.history if isinstance(event, SessionHeld | CheckedIn | Reviewed))
    return min([*(at for at in met if at >= early), late])


def _together(one: Relationship, start: datetime, months: int, now: datetime) -> datetime:
    """Return when they have been together for so many months without pauses; one that is on lasts until now."""
    moment = months_after(start, months)
    for since, back in one.state.pauses:
        if since < moment:
            moment += max(back or now, since) - since
    return moment


def _separation(one: Relationship) -> datetime | None:
    closings = [event.at for event in one.history if isinstance(event, ClosingBegun)]
    return min([*closings, *filter(None, [one.state.finished])], default=None)
