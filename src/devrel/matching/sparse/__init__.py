"""Exact matching without an array of all pairs: candidates, restricted optimum, prices, and a pass over all pairs.

``OptimalMatching`` and ``Rematching`` use it by themselves. Here are the parts for whoever scores pairs elsewhere: a
``Plan`` has the people and the rules as arrays, a ``Question`` says what is asked of all pairs, and ``score_block``
answers it for some recipients.
"""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.matching.sparse.asking import best_pairs, laid_out
    from devrel.matching.sparse.plan import Plan
    from devrel.matching.sparse.scan import Found, Question, score_block

__all__ = ["Found", "Plan", "Question", "best_pairs", "laid_out", "score_block"]

_ROOMS = {
    "asking": ("best_pairs", "laid_out"),
    "plan": ("Plan",),
    "scan": ("Found", "Question", "score_block"),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
