"""Kinds of other packages, and every kind by its name."""

from __future__ import annotations

from devrel.errors import InvalidValue
from devrel.kinds.catalog import KINDS
from devrel.kinds.kind import RelationshipKind
from devrel.plugins import Group


def _kind(found: object, name: str) -> RelationshipKind:
    """Return a kind that another package announces, if it bears the name it is announced under."""
    if not isinstance(found, RelationshipKind):
        raise InvalidValue("entry point", "is no RelationshipKind", "announce the kind itself, made with derive")
    if found.name != name:
        raise InvalidValue("name", f"of the kind is {found.name!r}", "announce it under its own name")
    return found


KIND_GROUP = Group("devrel.kinds", "kind", _kind, lambda: {kind.name for kind in KINDS})
"""The kinds of other packages; the name of the entry point is the kind's own."""


def kind_named(name: str) -> RelationshipKind:
    """Return the kind called ``name``, the library's own or that of an installed package.

    Raises:
        InvalidValue: For an unknown name; the nearest is given.
        PluginError: When a package brings one of that name that cannot be used, or the name is given away twice.

    >>> kind_named("coaching").titles.provider
    'coach'
    """
    known = {kind.name: kind for kind in KINDS}
    kind = KIND_GROUP.get(name) or known.get(name)
    if kind is None:
        remedy = KIND_GROUP.instead(name, {*known, *KIND_GROUP.names()})
        raise InvalidValue("kind", f"{name!r} is not known", remedy)
    return kind
