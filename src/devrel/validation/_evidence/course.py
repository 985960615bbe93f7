"""Timeline, sessions and strategy: how long it ran, what the meetings were, and what was done besides."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from itertools import pairwise
from statistics import median

from attrs import evolve

from devrel.errors import InvalidValue
from devrel.kinds import Measure, Mode, RelationshipKind, Verdict
from devrel.lifecycle import Advocated, CheckedIn, SessionHeld, Stage
from devrel.terms import Cadence, Term, Unit
from devrel.validation._evidence.life import AGAINST, ENOUGH, FOR, SILENT, Evidence, Facet, Life, counted, most

_COMPLETED = (Stage.COMPLETED, Stage.COMPLETED_EARLY)
_WEEK = 7


def timeline(known: Life) -> Evidence:
    """Look at how long it runs and how often it meets: as agreed, and as it was where that is known."""
    term, what = _lived(known)
    days = _rhythm(known)
    rhythm = known.state.agreement.cadence if days is None else Cadence(max(1, round(days / _WEEK)), Unit.WEEK)
    meets = f"every {rhythm.days} days agreed" if days is None else f"every {round(days)} days in fact"
    text = f"{what}: {_length(term)}" + ("" if term.single else f"; {meets}")
    return Evidence(Facet.TIMELINE, text, lambda kind: _of_time(kind, term, rhythm))


def _of_time(kind: RelationshipKind, term: Term, rhythm: Cadence) -> int:
    """Judge as the kind does: what is unusual speaks neither for it nor against it."""
    verdict = kind.timeline.judge(term)
    if verdict is Verdict.NOT_ALLOWED:
        return AGAINST
    usual = term.single or kind.timeline.judge_cadence(rhythm) is Verdict.FITS
    return FOR if verdict is Verdict.FITS and usual else SILENT


def _lived(known: Life) -> tuple[Term, str]:
    """Return the term that was lived.

    One that was completed took as long as it took. One that goes on meeting after its end has none. One that somebody
    ended was to last as long as agreed.
    """
    state, term = known.state, known.state.agreement.term
    end = term.end
    single = term.single and state.held <= 1
    after = sum(end is not None and event.at.date() > end for event in known.all(SessionHeld))
    with suppress(InvalidValue):  # outside the calendar of terms
        if state.stage in _COMPLETED and state.activated is not None and state.finished is not None:
            return Term(state.activated.date(), state.finished.date(), single), "lasted"
        if after >= ENOUGH:
            return Term(term.start), f"{after} sessions after the agreed end"
    return evolve(term, single=single), "agreed"


def _rhythm(known: Life) -> float | None:
    """Return how many days usually lay between two meetings, or None where too few were held."""
    met = [event.at for event in known.all(SessionHeld)]
    if len(met) < ENOUGH:
        return None
    return median((after - before).days for before, after in pairwise(met))


def _length(term: Term) -> str:
    if term.single:
        return "a single session"
    return "open-ended" if term.months is None else f"{term.months} whole months"


def sessions(known: Life) -> Evidence | None:
    """Look at what the sessions were.

    A session of which nobody said what it was is one of the kind's own mode. It keeps the others from being the most,
    but it is no evidence for a kind: nobody looked.
    """
    held = known.all(SessionHeld)
    said = [event.mode for event in held if event.mode is not None]
    unsaid = len(held) - len(said)
    counts = Counter(said)
    ahead = next((mode for mode in Mode if most(counts[mode], len(held))), None)
    if not said or (ahead is None and most(counts[known.kind.mode] + unsaid, len(held))):
        return None
    used = {*said, *([known.kind.mode] if unsaid else [])}
    text = f"sessions: {counted(said)}" + (f", {unsaid} without a word on it" if unsaid else "")
    return Evidence(Facet.SESSIONS, text, lambda kind: _of_sessions(kind, ahead, used))


def _of_sessions(kind: RelationshipKind, ahead: Mode | None, used: set[Mode]) -> int:
    """Judge by what most sessions were; a mixture speaks for the kinds that allow all of it."""
    fits = used <= kind.modes if ahead is None else kind.mode is ahead
    return FOR if fits else AGAINST


def strategy(known: Life) -> Evidence | None:
    """Look at whether anybody advocates, or meets at all."""
    held, done = known.state.held, len(known.all(Advocated))
    if not done and held < ENOUGH and not only_read(known):
        return None
    text = f"sessions held: {held}; advocacies: {done}; readings: {len(known.all(CheckedIn))}"
    return Evidence(Facet.STRATEGY, text, lambda kind: _of_acts(kind, held, done))


def _of_acts(kind: RelationshipKind, held: int, done: int) -> int:
    """Judge by what the kind is judged by; where nobody meets and nobody advocates, no kind is left."""
    by_advocacies = kind.strategy.measure is Measure.ADVOCACIES
    if not done:
        return FOR if held and not by_advocacies else AGAINST
    if by_advocacies:
        return FOR
    return SILENT if Mode.SPONSORING in kind.modes and done <= held else AGAINST


def only_read(known: Life) -> bool:
    """Whether key results are read again and again while nobody meets and nobody advocates."""
    readings = len(known.all(CheckedIn))
    return readings >= ENOUGH and readings == known.signs
