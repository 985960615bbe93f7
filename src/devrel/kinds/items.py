"""What can be seen of a relationship, and in which capacity somebody looks."""

from __future__ import annotations

from enum import Enum


class Item(Enum):
    """One thing that can be known about a relationship; each is shown or hidden by itself."""

    EXISTENCE = "that it exists"
    PARTNER = "who the others are"
    STAGE = "where it stands"
    SCHEDULE = "when it meets"
    ATTENDANCE = "who came"
    GOALS = "goals and progress"
    AGREEMENT = "text of the agreement"
    TOPICS = "topics of sessions"
    NOTES = "notes"
    RATINGS = "ratings"
    END_REASON = "reason of the end"
    ADVOCACY = "what the sponsor did"
    SUGGESTIONS = "focus areas the manager suggests"


PERSONAL = frozenset({Item.NOTES, Item.RATINGS, Item.END_REASON, Item.SUGGESTIONS})
"""The items that belong to one party each, so that no agreement opens them; the others belong to everybody together."""


class ViewerRole(Enum):
    """In which capacity somebody looks at a relationship."""

    PROVIDER = "provider"
    RECIPIENT = "recipient"
    MANAGER = "manager of the recipient"
    ADMIN = "program admin"
    HR = "HR"
    THIRD_PARTY = "third party"
    PUBLIC = "public"
