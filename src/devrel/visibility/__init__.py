"""Who sees what of a relationship: the matrix, views, the right of access, and erasure."""

from __future__ import annotations

from devrel.kinds import PERSONAL
from devrel.visibility.erasure import ERASED, erase
from devrel.visibility.looking import view_for
from devrel.visibility.matrix import DEFAULTS, Access, accesses, can_see, default_access, matrix_table
from devrel.visibility.report import SubjectReport, Trace, subject_report
from devrel.visibility.view import RelationshipView, SeenAdvocacy, SeenEnd, SeenRating, SeenSession
from devrel.visibility.viewer import Viewer

__all__ = [
    "DEFAULTS",
    "ERASED",
    "PERSONAL",
    "Access",
    "RelationshipView",
    "SeenAdvocacy",
    "SeenEnd",
    "SeenRating",
    "SeenSession",
    "SubjectReport",
    "Trace",
    "Viewer",
    "accesses",
    "can_see",
    "default_access",
    "erase",
    "matrix_table",
    "subject_report",
    "view_for",
]
