"""A kind of development relationship, and a registry to look kinds up by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from attrs import field, frozen

from devrel._records import ReadOnly, a, as_set, as_tuple, filled_text, optional, set_of, tuple_of
from devrel.errors import InvalidValue, did_you_mean
from devrel.kinds.facets import (
    Clause,
    Composition,
    Control,
    Focus,
    Mode,
    School,
    Strategy,
    Timeline,
    Titles,
)
from devrel.kinds.items import Item


@frozen
class RelationshipKind:
    """A kind of development relationship.

    Attributes:
        name: The name it is looked up by.
        mode: Which of the four ways of helping it is at heart.
        titles: What the two sides are called.
        focus: What it is about.
        control: Who directs.
        timeline: How long it runs.
        strategy: How the provider helps.
        source: The short name of the source of its facets.
        base: The name of the kind it was derived from, or None.
        composition: How many people stand on each side.
        modes: What its sessions are to be; its own mode is always among them. What one was may be any mode.
        requires: What an agreement must say before a relationship can start.
        constraints: The names of the matching constraints it brings unless a program lifts them.
        schools: The answers a program may choose from where the field disagrees.
        manager_sees: What the recipient's manager may see.
    """

    name: str = field(validator=filled_text)
    mode: Mode = field(repr=False, validator=a(Mode))
    titles: Titles = field(repr=False, validator=a(Titles))
    focus: Focus = field(repr=False, validator=a(Focus))
    control: Control = field(repr=False, validator=a(Control))
    timeline: Timeline = field(repr=False, validator=a(Timeline))
    strategy: Strategy = field(repr=False, validator=a(Strategy))
    source: str = field(repr=False, validator=filled_text)
    base: str | None = field(default=None, repr=False, validator=optional(filled_text))
    composition: Composition = field(factory=Composition, repr=False, validator=a(Composition))
    modes: frozenset[Mode] = field(default=frozenset(), repr=False, converter=as_set, validator=set_of(Mode))
    requires: frozenset[Clause] = field(default=frozenset(), repr=False, converter=as_set, validator=set_of(Clause))
    constraints: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    schools: tuple[School, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(School))
    manager_sees: frozenset[Item] = field(
        default=frozenset({Item.EXISTENCE, Item.SCHEDULE}), repr=False, converter=as_set, validator=set_of(Item)
    )

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "modes", self.modes | {self.mode})

    def derive(self, name: str, *, source: str, **changes: Any) -> RelationshipKind:
        """Return a new kind made from this one, with the given facets changed.

        Raises:
            InvalidValue: When the name is this kind's own, or a change is no facet; the nearest facet is named.

        >>> from devrel.kinds import MENTORING
        >>> MENTORING.derive("alumni-mentoring", source="our own").base
        'mentoring'
        """
        if name == self.name:
            raise InvalidValue("name", "a derived kind needs a name of its own")
        for key in changes:
            if key not in CHANGEABLE:
                raise InvalidValue(key, "is not a facet that a derived kind may change", did_you_mean(key, CHANGEABLE))
        return attrs.evolve(self, name=name, base=self.name, source=source, **changes)

    def school(self, name: str) -> School:
        """Return the school called ``name``.

        Raises:
            InvalidValue: When the kind has none of that name.
        """
        known = {school.name: school for school in self.schools}
        if name not in known:
            remedy = did_you_mean(name, known) if known else f"{self.name} has no schools to choose from."
            raise InvalidValue("school", "is not known", remedy)
        return known[name]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


CHANGEABLE = (
    "titles",
    "focus",
    "control",
    "timeline",
    "strategy",
    "composition",
    "modes",
    "requires",
    "constraints",
    "schools",
    "manager_sees",
)
"""What ``derive`` may change; the mode stays, because it is what the kind is at heart."""


class KindRegistry:
    """Kinds by name. It cannot be changed; ``adding`` gives a new one, and there is no global one.

    Args:
        kinds: The kinds, each name once.

    Raises:
        InvalidValue: When two different kinds have one name, or a look-up finds none; the nearest is named.

    >>> from devrel.kinds import KINDS, MENTORING
    >>> alumni = MENTORING.derive("alumni-mentoring", source="our own")
    >>> KindRegistry(KINDS).adding(alumni).named("alumni-mentoring").base
    'mentoring'
    """

    __slots__ = ("_kinds",)

    def __init__(self, kinds: Iterable[RelationshipKind]) -> None:
        found: dict[str, RelationshipKind] = {}
        for kind in kinds:
            if not isinstance(kind, RelationshipKind):
                raise InvalidValue("kinds", "must be kinds", "make them with derive")
            if found.setdefault(kind.name, kind) != kind:
                raise InvalidValue("kinds", f"two kinds are called {kind.name!r}", "give one of them another name")
        self._kinds = ReadOnly(found)

    def named(self, name: str) -> RelationshipKind:
        """Return the kind called ``name``; an unknown name is refused with the nearest known one."""
        if name not in self._kinds:
            raise InvalidValue("kind", "is not known", did_you_mean(name, self._kinds))
        return self._kinds[name]

    def adding(self, *kinds: RelationshipKind) -> KindRegistry:
        """Return a registry that has ``kinds`` as well."""
        return KindRegistry([*self, *kinds])

    def __iter__(self) -> Iterator[RelationshipKind]:
        return iter(self._kinds.values())

    def __len__(self) -> int:
        return len(self._kinds)

    def __contains__(self, kind: object) -> bool:
        return kind in self._kinds or kind in self._kinds.values()

    def __repr__(self) -> str:
        return f"<KindRegistry: {', '.join(self._kinds)}>"
