"""What time alone makes necessary: answers, expiry, silence, reviews, renewal, completion."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date

from devrel.duties.before import proposal
from devrel.duties.duty import Duty, DutyKind
from devrel.duties.ending import notes_kept, notice_over, pause_over, term_over
from devrel.duties.look import Look
from devrel.duties.running import amendment, follow_ups, key_results, renewal, review, silence
from devrel.duties.timing import Timing
from devrel.lifecycle import Stage
from devrel.relationships import Relationship

_WATCHED: Mapping[Stage, tuple[Callable[[Look], Iterator[Duty]], ...]] = {
    Stage.PROPOSED: (proposal,),
    Stage.AGREEING: (proposal,),
    Stage.ACTIVE: (amendment, key_results, follow_ups, review, renewal, silence, term_over),
    Stage.PAUSED: (amendment, pause_over, term_over),
    Stage.CLOSING: (key_results, notice_over, term_over),
}
"""What is looked after in which stage; in a final one, the notes alone."""

_ORDER = tuple(DutyKind)


def due(
    relationship: Relationship, today: date, timing: Timing | None = None, *, holidays: Container[date] = ()
) -> tuple[Duty, ...]:
    """Return what time makes necessary, oldest first; for a relationship that is over, the erasing of its notes alone.

    Silence is counted from the last sign of life, or from the next session that was planned after it, whichever is
    later: people who meet once a month are not silent for three weeks in between. Where a kind is judged by advocacies
    and not by sessions, the time between two meetings takes the place of the next session. A pause is no silence, nor
    are the days before the term begins, nor those after its last session. Once the closing has begun nobody is reminded
    of a silence any more.

    Args:
        relationship: The relationship; it stays as it is.
        today: The day of the look, in UTC. A day is over when it is over in UTC.
        timing: After how many days what becomes due; the defaults unless given.
        holidays: The days on which nobody meets: nobody is silent who waits for the session after one.

    Returns:
        The duties. Those for the system carry an event that the relationship accepts.

    >>> from datetime import UTC, datetime
    >>> from devrel.agreements import Agreement
    >>> from devrel.kinds import MENTORING
    >>> from devrel.lifecycle import Actor
    >>> from devrel.relationships import pair
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> agreement = Agreement.draft(MENTORING, at.date())
    >>> one = Relationship.propose("r1", MENTORING, pair("m", "n"), agreement, actor=Actor.system(), at=at)
    >>> for day in (11, 12, 19):
    ...     print([duty.kind.name for duty in due(one, date(2026, 1, day))])
    []
    ['ANSWER']
    ['EXPIRE']
    """
    look = Look(relationship, today, timing or Timing(), holidays)
    found = [duty for watch in _WATCHED.get(relationship.stage, (notes_kept,)) for duty in watch(look)]
    return tuple(sorted(found, key=lambda duty: (duty.since, _ORDER.index(duty.kind))))
