"""Which kinds a rule is about: asked of the facets, so that kinds of others are judged like the library's own."""

from __future__ import annotations

from devrel.kinds import Measure, Mode, RelationshipKind
from devrel.validation.case import Case


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


def career_coaching(case: Case) -> bool:
    """Whether it is career coaching, or derived from it in any number of steps (utah-ucan).

    The steps are followed as far as the kinds around the case are known, and never in a circle.
    """
    kind, kinds = case.kind, case.around.kinds
    for _ in range(len(kinds) + 1):
        if kind is None or "career-coaching" in {kind.name, kind.base}:
            return kind is not None
        kind = None if kind.base is None else kinds.get(kind.base)
    return False


def by_sessions(kind: RelationshipKind) -> bool:
    """Whether it is judged by the sessions that are held."""
    return kind.strategy.measure is Measure.SESSIONS


def ahead(kind: RelationshipKind) -> bool:
    """Whether the provider is meant to be further along: mentoring, but not where peers or juniors mentor."""
    return mentoring(kind) and not kind.composition.mutual and "below-in-level" not in kind.constraints
