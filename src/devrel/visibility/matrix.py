"""The matrix of who sees what: the defaults by kind, what an agreement says, and what the parties allow.

Everything not named is hidden. In mentoring the manager knows that it exists and when it meets, and no more
(management-mentors); in manager coaching she is the coach. Three things widen that, and nothing else does:

* An agreement that *every* party has accepted is everybody's consent: what it tells the manager and what it lets third
  parties know. It opens only what belongs to all together. What is personal stays closed whatever it says, because
  nobody can show what is another's. While an agreement is only proposed, it may narrow and widens nothing.
* The consent of a party opens what is hers of the personal items, and the goals that are hers alone.
* The consent of every party, each for herself, opens what belongs to all.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from devrel.errors import InvalidValue
from devrel.kinds import PERSONAL, Item, RelationshipKind, Side, ViewerRole
from devrel.lifecycle import Origin
from devrel.relationships import Relationship
from devrel.visibility.viewer import Viewer


class Access(Enum):
    """How much of an item somebody sees."""

    NO = "no"
    OWN = "her own, and what is meant for her"
    YES = "yes"


_OWNED = PERSONAL | {Item.GOALS}
"""The items of which a part may belong to one party: a goal may be that of one recipient."""

_PARTY = {
    **dict.fromkeys(Item, Access.YES),
    **dict.fromkeys(PERSONAL, Access.OWN),
}

_ADMIN = {
    Item.EXISTENCE: Access.YES,
    Item.PARTNER: Access.YES,
    Item.STAGE: Access.YES,
    Item.SCHEDULE: Access.YES,
    Item.ATTENDANCE: Access.YES,
    Item.AGREEMENT: Access.YES,
    Item.NOTES: Access.OWN,
    Item.RATINGS: Access.YES,
    Item.END_REASON: Access.YES,
}

DEFAULTS: Mapping[ViewerRole, Mapping[Item, Access]] = MappingProxyType(
    {
        ViewerRole.PROVIDER: MappingProxyType({item: _PARTY[item] for item in Item if item is not Item.SUGGESTIONS}),
        ViewerRole.RECIPIENT: MappingProxyType(_PARTY),
        ViewerRole.MANAGER: MappingProxyType({Item.SUGGESTIONS: Access.OWN}),
        ViewerRole.ADMIN: MappingProxyType(_ADMIN),
        ViewerRole.HR: MappingProxyType(dict.fromkeys((Item.EXISTENCE, Item.PARTNER, Item.STAGE), Access.YES)),
        ViewerRole.THIRD_PARTY: MappingProxyType({}),
        ViewerRole.PUBLIC: MappingProxyType({}),
    }
)
"""What each role sees in every kind, the rest is hidden; the kind adds what the manager sees, the agreement what third
parties know."""


def default_access(role: ViewerRole, item: Item, kind: RelationshipKind) -> Access:
    """Return how much somebody sees before any agreement or consent.

    >>> from devrel.kinds import MENTORING
    >>> default_access(ViewerRole.MANAGER, Item.GOALS, MENTORING).value
    'no'
    """
    if role is ViewerRole.MANAGER and item not in PERSONAL:
        return Access.YES if item in kind.manager_sees else Access.NO
    return DEFAULTS[role].get(item, Access.NO)


def accesses(relationship: Relationship, viewer: Viewer) -> Mapping[Item, Access]:
    """Return what the viewer sees of each item; nothing at all where she may not even know that it exists."""
    if not concerns(relationship, viewer):
        return {}
    granted = dict(_granted(relationship, viewer))
    if relationship.state.consents:
        _widen(granted, relationship, viewer)
    return granted if Item.EXISTENCE in granted else {}


def can_see(relationship: Relationship, viewer: Viewer, item: Item) -> bool:
    """Return whether the viewer sees ``item``, or at least the part of it that is hers."""
    if not isinstance(item, Item):
        raise InvalidValue("item", "must be an Item", "give one like Item.SCHEDULE")
    return item in accesses(relationship, viewer)


def _granted(relationship: Relationship, viewer: Viewer) -> Mapping[Item, Access]:
    """Return what the kind and the agreement give, consents aside; what is hidden is left out."""
    base = DEFAULTS[viewer.role]
    if viewer.role is ViewerRole.MANAGER:
        return {**_joint(_told(relationship)), **base}
    if viewer.role is ViewerRole.THIRD_PARTY:
        return {**base, **_joint(_may_know(relationship, viewer))}
    return base


def _joint(items: frozenset[Item]) -> dict[Item, Access]:
    """Return access to the items that all can open together."""
    return dict.fromkeys(items - PERSONAL, Access.YES)


def _told(relationship: Relationship) -> frozenset[Item]:
    """Return what the manager is told; before everybody has accepted the agreement, no more than the kind says."""
    told = relationship.agreement.manager.told
    if told is None:
        return relationship.kind.manager_sees
    return told if agreed(relationship) else told & relationship.kind.manager_sees


def _may_know(relationship: Relationship, viewer: Viewer) -> frozenset[Item]:
    named = (one for one in relationship.agreement.third_parties if one.id == viewer.person)
    return frozenset(item for one in named for item in one.sees)


def _widen(granted: dict[Item, Access], relationship: Relationship, viewer: Viewer) -> None:
    """Add what consents give to what is granted."""
    for item in {item for _, item, to in relationship.state.consents if to is viewer.role}:
        people = consenting(relationship, item, viewer)
        if item not in PERSONAL and _everybody(relationship) <= people:
            granted[item] = Access.YES
        elif item in _OWNED and any(shows(relationship, person, item, viewer) for person in people):
            granted.setdefault(item, Access.OWN)


def agreed(relationship: Relationship) -> bool:
    """Whether every party has accepted the agreement that holds, so that it is the consent of all."""
    return _everybody(relationship) <= {acceptance.party for acceptance in relationship.state.accepted}


def _everybody(relationship: Relationship) -> set[str]:
    return {party.person for party in relationship.parties}


def consenting(relationship: Relationship, item: Item, viewer: Viewer) -> set[str]:
    """Return the parties that allow the viewer's role to see ``item``."""
    return {person for person, shown, to in relationship.state.consents if shown is item and to is viewer.role}


def shows(relationship: Relationship, owner: str, item: Item, viewer: Viewer) -> bool:
    """Whether a party shows what is hers of an item to this viewer; a recipient shows it to her own manager only."""
    if (owner, item, viewer.role) not in relationship.state.consents:
        return False
    recipient = owner in relationship.people(Side.RECIPIENT)
    return viewer.role is not ViewerRole.MANAGER or not recipient or owner in viewer.manages


def concerns(relationship: Relationship, viewer: Viewer) -> bool:
    """Whether the viewer has to do with the relationship in her capacity; an informal one is nobody else's business."""
    role = viewer.role
    if role is ViewerRole.PROVIDER or role is ViewerRole.RECIPIENT:
        return viewer.person in relationship.people(Side(role.value))
    if role is ViewerRole.MANAGER:
        return not viewer.manages.isdisjoint(relationship.people(Side.RECIPIENT)) and not _private(relationship, viewer)
    if role is ViewerRole.ADMIN and relationship.program is not None:
        return viewer.program is None or viewer.program == relationship.program
    if role is ViewerRole.ADMIN:
        return viewer.program is None and _known(relationship, viewer)
    if role is ViewerRole.THIRD_PARTY:
        return agreed(relationship) and any(one.id == viewer.person for one in relationship.agreement.third_parties)
    return not _private(relationship, viewer)


def _private(relationship: Relationship, viewer: Viewer) -> bool:
    """Whether an informal relationship is kept from a role, because not every party allows it to be known."""
    if relationship.origin is not Origin.INFORMAL or _known(relationship, viewer):
        return False
    told = relationship.agreement.manager.told
    return viewer.role is not ViewerRole.MANAGER or told is None or not agreed(relationship)


def _known(relationship: Relationship, viewer: Viewer) -> bool:
    """Whether every party allows the viewer's role to know that the relationship exists."""
    return _everybody(relationship) <= consenting(relationship, Item.EXISTENCE, viewer)


def matrix_table(kind: RelationshipKind) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of the matrix of a kind, for the reference page: one row an item."""
    rows = [
        [
            item.value,
            *("" if (cell := default_access(role, item, kind)) is Access.NO else cell.value for role in ViewerRole),
        ]
        for item in Item
    ]
    return ["", *(role.value for role in ViewerRole)], rows
