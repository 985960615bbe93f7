"""What people said when they enrolled, read from their attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from devrel.errors import InvalidValue, did_you_mean
from devrel.people import Person, Support


def facts_of(person: Person, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of an enrolment that a person's attributes fill; what is not known is left out.

    Args:
        person: Whose enrolment it is.
        names: The attribute for each field, one of ``FACTS``.

    Raises:
        InvalidValue: For a value that does not fit; it names the person and the attribute.

    >>> facts_of(Person("a", attributes={"wish": ("m2", "m1")}), {"preferences": "wish"})
    {'preferences': ('m2', 'm1')}
    """
    found = {}
    for name, attribute in names.items():
        value = person.get(attribute)
        if value is not None and value != ():
            try:
                found[name] = FACTS[name](person, value)
            except (ValueError, TypeError):
                wrong = f"of {person.id!r} does not fit {name!r}"
                raise InvalidValue(attribute, wrong, _REMEDIES.get(name, "correct the cell")) from None
    return found


def people_named(person: Person, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the attribute and the id for everybody whom a person ranks or excludes.

    >>> list(people_named(Person("a", attributes={"shuns": ("m2",)}), {"exclusions": "shuns"}))
    [('shuns', 'm2')]
    """
    for name in ("preferences", "exclusions"):
        value = person.get(names[name]) if name in names else None
        if value is not None:
            yield from ((names[name], other) for other in _list(person, value))


def _list(person: Person, value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, tuple) else (str(value),)
    return tuple(item for item in dict.fromkeys(items) if item != person.id)


def _support(_: Person, value: Any) -> frozenset[Support]:
    known = {one.name.lower(): one for one in Support}
    words = [word.strip().lower() for word in (value if isinstance(value, tuple) else (str(value),))]
    for word in words:
        if word not in known:
            raise InvalidValue("hopes", f"{word!r} is not known", did_you_mean(word, known))
    return frozenset(known[word] for word in words)


def _yes(_: Person, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


FACTS: Mapping[str, Callable[[Person, Any], Any]] = {
    "preferences": _list,
    "exclusions": _list,
    "hopes": _support,
    "offers": _support,
    "waiting_since": lambda _, value: date.fromisoformat(value),
    "rematch": _yes,
    "trained": _yes,
    "hours_offered": lambda _, value: float(value),
    "hours_needed": lambda _, value: float(value),
}
"""The fields of an enrolment that attributes can fill, and how."""

_REMEDIES = {
    "waiting_since": "write the day like 2026-01-31",
    "rematch": "make the attribute one of yes and no",
    "trained": "make the attribute one of yes and no",
}
