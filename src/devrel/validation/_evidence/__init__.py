"""What happened in a relationship, facet by facet, and what each kind has to say to it.

Every look takes one facet and answers with the evidence in words and a judge. A judge says of a kind that the evidence
speaks for it, against it, or neither. Words of the parties are compared and never repeated.
"""

from __future__ import annotations

from devrel.agreements import ManagerCommitment
from devrel.lifecycle import ActorRole
from devrel.validation._evidence.aims import control, focus, goal_setters, leader, results_only
from devrel.validation._evidence.course import only_read, sessions, strategy, timeline
from devrel.validation._evidence.life import AGAINST, FOR, REPORTS, Evidence, Facet, Life, life
from devrel.validation._evidence.people import composition, confidentiality, pairing, seen_by_manager

__all__ = ["AGAINST", "FOR", "Evidence", "Facet", "Life", "evidence", "life", "performance_managed"]


def evidence(known: Life) -> tuple[Evidence, ...]:
    """Return the evidence there is, in the order of the facets."""
    looks = (focus, control, timeline, sessions, strategy, confidentiality, composition, pairing)
    return tuple(found for look in looks if (found := look(known)) is not None)


def performance_managed(known: Life) -> bool:
    """Whether it is measuring of the present job for the manager, and nothing else (management-mentors).

    All of this has to come together: most goals are measured, most are about the current role, the manager gets
    reports, the goals are demanded by her or the program, and readings are taken while nobody meets. No kind is like
    that, because every kind is a way of helping.
    """
    reported = bool(seen_by_manager(known) & REPORTS)
    return results_only(known.goals) and reported and only_read(known) and _demanded(known)


def _demanded(known: Life) -> bool:
    """Whether the manager, or the program, demands the goals."""
    if ManagerCommitment.SUGGEST_TO_RECIPIENT_ONLY not in known.state.agreement.manager.commits:
        return True
    return leader(goal_setters(known)) in {ActorRole.MANAGER, ActorRole.ADMIN}
