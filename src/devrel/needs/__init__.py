"""When do I need a mentor, and when a coach: which kind fits a need, and why (utah-ucan asks it, all sources answer).

``recommend`` ranks kinds for one need by their facets and says when to turn to somebody else. ``screen`` does it for
a team and leaves nobody out (the challenge of the month, culture-wizard).
"""

from __future__ import annotations

from devrel.needs.aspects import Aspect
from devrel.needs.need import Ask, CareerStage, Need, WhoDirects
from devrel.needs.recommendation import Fit, Recommendation, recommend
from devrel.needs.referrals import Referral, ReferTo
from devrel.needs.screening import Screening, Talk, screen

__all__ = [
    "Ask",
    "Aspect",
    "CareerStage",
    "Fit",
    "Need",
    "Recommendation",
    "ReferTo",
    "Referral",
    "Screening",
    "Talk",
    "WhoDirects",
    "recommend",
    "screen",
]
