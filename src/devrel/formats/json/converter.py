"""What turns records into plain data and back; nothing outside this package knows cattrs.

Reading is strict: no key is ignored, no text becomes a number, and everything wrong is collected with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache, partial
from itertools import repeat
from math import isfinite
from typing import Any, get_args, get_origin

import attrs
from cattrs import Converter, IterableValidationError, IterableValidationNote, override
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, make_dict_unstructure_fn_from_attrs

from devrel import lifecycle
from devrel.errors import InvalidValue, did_you_mean
from devrel.kinds import KINDS, RelationshipKind
from devrel.kinds.brought import KIND_GROUP
from devrel.lifecycle import Event
from devrel.people import Value
from devrel.plugins import PluginError, hint

Read = Callable[[Any, Any], Any]
Write = Callable[[Any], Any]

EVENTS: tuple[type[Event], ...] = tuple(
    kind
    for name in lifecycle.__all__
    if isinstance(kind := getattr(lifecycle, name), type) and issubclass(kind, Event) and kind is not Event
)
"""Every type of event; in a document its name stands under ``type``."""


def make_converter(kinds: Iterable[RelationshipKind] = KINDS) -> Converter:
    """Return a converter that knows every record of the library, for those who build formats of their own.

    >>> from devrel.people import Party, Role
    >>> make_converter().unstructure(Party("p1", Role.PROVIDER))
    {'person': 'p1', 'role': 'provider'}
    """
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    configure_converter(converter, kinds)
    return converter


def configure_converter(converter: Converter, kinds: Iterable[RelationshipKind] = KINDS) -> None:
    """Teach ``converter`` the records of the library.

    Whether unknown keys are refused is the converter's own choice (``forbid_extra_keys``).
    """
    known = {kind.name: kind for kind in (*KINDS, *kinds)}
    for plain, must in _WORDS.items():
        converter.register_structure_hook(plain, partial(_plain, plain, must))
    converter.register_structure_hook(float, _number)
    for moment in (datetime, date, time):
        converter.register_unstructure_hook(moment, moment.isoformat)
        converter.register_structure_hook(moment, _moment(moment))
    converter.register_structure_hook_factory(_is_enum, _enum)
    for kind, read, write in ((tuple, _tuple, _tuple_writer), (frozenset, _frozenset, _frozenset_writer)):
        converter.register_structure_hook_factory(_is(kind), read)
        converter.register_unstructure_hook_factory(_is(kind), write)
    converter.register_structure_hook(Value, _value)
    converter.register_unstructure_hook(Value, lambda value: list(value) if isinstance(value, tuple) else value)
    converter.register_structure_hook(RelationshipKind, partial(_kind, known))
    converter.register_unstructure_hook(RelationshipKind, partial(_kind_name, known))
    _tag_events(converter)


@lru_cache(maxsize=8)
def converter_for(kinds: tuple[RelationshipKind, ...]) -> Converter:
    """Return a converter; making one takes longer than most documents, so the latest ones are kept."""
    return make_converter(kinds)


@lru_cache(maxsize=1)
def converter_of_kinds() -> Converter:
    """Return a converter for which a kind is whole; inside other records it is its name."""
    converter = make_converter()
    converter.register_structure_hook(RelationshipKind, make_dict_structure_fn(RelationshipKind, converter))
    converter.register_unstructure_hook(RelationshipKind, make_dict_unstructure_fn(RelationshipKind, converter))
    return converter


def _tag_events(converter: Converter) -> None:
    into = {event: _writer(event, converter) for event in EVENTS}
    out_of = {event.__name__: _reader(event, converter) for event in EVENTS}

    def structure(value: Any, expected: type[Event]) -> Event:
        if not isinstance(value, dict):
            raise InvalidValue(HERE, "must be an object", "write an event as {...}")
        name = value.get("type")
        allowed = out_of if expected is Event else (expected.__name__,)
        if not isinstance(name, str) or name not in allowed:
            wrong = "is no type of event that fits" if "type" in value else "is missing"
            raise InvalidValue("type", wrong, did_you_mean(str(name), allowed))
        event: Event = out_of[name](value, expected)
        return event

    converter.register_structure_hook_func(lambda kind: kind is Event or kind in into, structure)
    converter.register_unstructure_hook_func(lambda kind: kind is Event, lambda event: into[type(event)](event))
    for event, write in into.items():
        converter.register_unstructure_hook(event, write)


def _writer(event: type[Event], converter: Converter) -> Write:
    """Return what writes an event with its type in front, in one go: the type is read like one more attribute."""
    own = attrs.fields(attrs.resolve_types(event))
    tag = own[0].evolve(name="__class__", alias="type", default=attrs.NOTHING)
    named: dict[str, Any] = {"__class__": override(rename="type", unstruct_hook=lambda _: event.__name__)}
    return make_dict_unstructure_fn_from_attrs([tag, *own], event, converter, **named)


def _reader(event: type[Event], converter: Converter) -> Read:
    """Return what reads an event whose type is known; only one with unknown keys is copied, to be refused."""
    known = frozenset({"type", *(one.name for one in attrs.fields(event) if one.init)})
    read = make_dict_structure_fn(event, converter, _cattrs_forbid_extra_keys=False)
    refuse = make_dict_structure_fn(event, converter)

    def structure(value: dict[str, Any], _: object) -> Event:
        if value.keys() <= known:
            return read(value, event)
        return refuse({key: item for key, item in value.items() if key != "type"}, event)

    return structure


HERE = "value"
"""The field of an error about the value at the path itself."""

_WORDS: dict[type, str] = {str: "a text", bool: "true or false", int: "a whole number"}


def _plain(kind: type, must: str, value: Any, _: object) -> Any:
    if type(value) is kind:
        return value
    raise InvalidValue(HERE, f"must be {must}", "correct its type")


def _number(value: Any, _: object) -> Any:
    if (type(value) is float and isfinite(value)) or (type(value) is int and abs(value) < _TOO_LARGE):
        return value
    raise InvalidValue(HERE, "must be a number", "correct it; neither a text nor an infinite or a huge number will do")


_TOO_LARGE = 2**1023


def _moment(kind: Any) -> Read:
    read = kind.fromisoformat

    def structure(value: Any, _: object) -> Any:
        try:
            return read(value)
        except (TypeError, ValueError):
            raise InvalidValue(HERE, f"must be an ISO 8601 {kind.__name__}", _LIKE[kind]) from None

    return structure


_LIKE = {
    datetime: "write it like 2026-01-31T09:30:00+00:00",
    date: "write it like 2026-01-31",
    time: "write it like 09:30:00",
}


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _enum(kind: Any) -> Read:
    known = {member.value: member for member in kind}

    def structure(value: Any, _: object) -> Any:
        try:
            return known[value]
        except (KeyError, TypeError):
            near = did_you_mean(value if isinstance(value, str) else "", map(str, known))
            raise InvalidValue(HERE, f"is no {kind.__name__}", near) from None

    return structure


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda annotation: get_origin(annotation) is kind


def _tuple(kind: Any, converter: Converter) -> Read:
    """Return what reads a list into a tuple, of one type throughout or of one type for each place."""
    types = get_args(kind)
    if types[-1] is not Ellipsis:
        return _fixed(kind, [(converter.get_structure_hook(one), one) for one in types])
    item = (converter.get_structure_hook(types[0]), types[0])

    def structure(value: Any, _: object) -> tuple[Any, ...]:
        return tuple(_read_each(_list(value), repeat(item), kind)) if value != [] else ()

    return structure


def _fixed(kind: Any, items: Sequence[tuple[Read, Any]]) -> Read:
    def structure(value: Any, _: object) -> tuple[Any, ...]:
        if len(_list(value)) != len(items):
            raise InvalidValue(HERE, f"must be a list of {len(items)}", "give one value for each place")
        return tuple(_read_each(value, items, kind))

    return structure


def _frozenset(kind: Any, converter: Converter) -> Read:
    """Return what reads a list into a set; something that stands there twice is refused."""
    of = get_args(kind)[0]
    item = (converter.get_structure_hook(of), of)

    def structure(value: Any, _: object) -> frozenset[Any]:
        found = frozenset(_read_each(_list(value), repeat(item), kind))
        if len(found) != len(value):
            raise InvalidValue(HERE, "has something twice", "name each thing once")
        return found

    return structure


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise InvalidValue(HERE, "must be a list", "put it into [...]")
    return value


def _read_each(values: list[Any], items: Iterable[tuple[Read, Any]], kind: Any) -> list[Any]:
    """Return what the values of a list are; what is wrong with each is collected with its place."""
    found = []
    errors: list[Exception] = []
    for value, (read, of) in zip(values, items, strict=False):
        try:
            found.append(read(value, of))
        except Exception as error:
            place = len(found) + len(errors)
            note = IterableValidationNote(f"in a list @ index {place}", place, of)
            error.__notes__ = [*getattr(error, "__notes__", []), note]
            errors.append(error)
    if errors:
        raise IterableValidationError("while reading a list", errors, kind)
    return found


def _tuple_writer(kind: Any, converter: Converter) -> Write:
    types = [one for one in get_args(kind) if one is not Ellipsis]
    writers = [converter.get_unstructure_hook(one) for one in types]
    if len(writers) > 1:
        return lambda values: [write(value) for write, value in zip(writers, values, strict=True)]
    (write,) = writers
    return lambda values: [write(value) for value in values]


def _frozenset_writer(kind: Any, converter: Converter) -> Write:
    """Return what writes a set in the order of its written items, which is always the same."""
    write = converter.get_unstructure_hook(get_args(kind)[0])
    return lambda values: sorted([write(value) for value in values])


def _value(value: Any, _: object) -> Value:
    if isinstance(value, list) and all(type(item) is str for item in value):
        return tuple(value)
    if isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
        return value
    raise InvalidValue(HERE, "must be a text, a number, true or false, or a list of texts", "leave it out")


def _kind(known: Mapping[str, RelationshipKind], name: Any, _: object) -> RelationshipKind:
    if isinstance(name, str) and name in known:
        return known[name]
    try:
        brought = KIND_GROUP.get(name) if isinstance(name, str) else None
    except PluginError as error:
        raise InvalidValue("kind", str(error)) from None
    if brought is None:
        word = name if isinstance(name, str) else ""
        near = did_you_mean(word, {*known, *KIND_GROUP.names()})
        remedy = f"{near} {hint()} In Python, pass your own kinds to the reader"
        raise InvalidValue("kind", f"{word[:_SHOWN]!r} {UNKNOWN}" if word else UNKNOWN, remedy)
    return brought


_SHOWN = 60
UNKNOWN = "is not known"
"""What is wrong with a kind that nobody has."""


def _kind_name(known: Mapping[str, RelationshipKind], kind: RelationshipKind) -> str:
    """Return the name that is written for a kind, unless it would be read as another one."""
    other = known.get(kind.name, kind)
    if other is not kind and other != kind:
        wrong = f"{kind.name!r} is the name of another kind, as which it would be read"
        raise InvalidValue("kind", wrong, "give it a name of its own, or pass your own kinds to the writer")
    return kind.name
