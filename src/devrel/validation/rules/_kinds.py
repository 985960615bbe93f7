"""Which kinds a rule is about: asked of the facets, so that kinds of others are judged like the library's own."""

from __future__ import annotations

from devrel.kinds import Measure, Mode, RelationshipKind


def mentoring(kind: RelationshipKind) -> bool:
    """Whether it is mentoring at heart."""
    return kind.mode is Mode.MENTORING


def coaching(kind: RelationshipKind) -> bool:
    """Whether it is coaching at heart."""
    return kind.mode is Mode.COACHING


def sponsoring(kind: RelationshipKind) -> bool:
    """Whether it is sponsoring at heart."""
    return kind.mode is Mode.SPONSORING


def by_manager(kind: RelationshipKind) -> bool:
    """Whether the recipient's own manager is meant to be the provider."""
    return "own-manager" in kind.constraints


def career_coaching(kind: RelationshipKind) -> bool:
    """Whether it is career coaching, or derived directly from it: nobody of one's own department (utah-ucan)."""
    return "career-coaching" in {kind.name, kind.base}


def by_sessions(kind: RelationshipKind) -> bool:
    """Whether it is judged by the sessions that are held."""
    return kind.strategy.measure is Measure.SESSIONS


def ahead(kind: RelationshipKind) -> bool:
    """Whether the provider is meant to be further along: mentoring, but not where peers or juniors mentor."""
    return mentoring(kind) and not kind.composition.mutual and "below-in-level" not in kind.constraints
