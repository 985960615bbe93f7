"""JSON Schema for the documents, made from the records themselves, for programs that read or write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from devrel.errors import InvalidValue
from devrel.formats.json.converter import EVENTS
from devrel.formats.json.documents import DOCUMENTS, SCHEMA, document_name
from devrel.kinds import RelationshipKind
from devrel.lifecycle import Event

Schema = dict[str, Any]
Definitions = dict[type, Schema]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(of: type) -> Schema:
    """Return the JSON Schema (draft 2020-12) of the document of a type of record, as this release writes it.

    It says which keys there are and what stands in them. Rules between values, such as which event may follow which,
    are known to the reader alone.

    Args:
        of: The type of record, one of those in ``DOCUMENTS``.

    Raises:
        InvalidValue: When the type has no documents.

    >>> from devrel.goals import Goal
    >>> schema = json_schema(Goal)
    >>> schema["$id"], schema["$defs"]["Goal"]["required"]
    ('urn:devrel:goals:2', ['text'])
    """
    name = document_name(of)
    definitions: Definitions = {}
    record = _record(of, definitions)
    parts: dict[str, Schema] = {
        "type": {"const": f"devrel.{name}"},
        "schema": {"const": SCHEMA},
        name: {"type": "array", "items": record},
    }
    head = {"$schema": DIALECT, "$id": f"urn:devrel:{name}:{SCHEMA}", "title": f"devrel.{name}"}
    return {**head, **_object(parts, list(parts)), "$defs": _named(definitions)}


def json_schemas() -> dict[str, Schema]:
    """Return the JSON Schema of every document by its name.

    >>> sorted(json_schemas())
    ['agreements', 'enrollments', 'goals', 'kinds', 'needs', 'people', 'relationships']
    """
    return {name: json_schema(of) for name, of in DOCUMENTS.items()}


def _named(definitions: Definitions) -> dict[str, Schema]:
    named = {of.__name__: schema for of, schema in definitions.items()}
    if len(named) != len(definitions):
        raise InvalidValue("annotation", "two records have one name", "give one of them another name")
    return dict(sorted(named.items()))


def _object(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _schema(of: Any, definitions: Definitions) -> Schema:
    """Return the schema of one annotation; what is made of attributes goes into ``definitions``.

    Raises:
        InvalidValue: For an annotation that nothing here knows: a schema that lets anything pass would be a lie.
    """
    if of in _PLAIN:
        return dict(_PLAIN[of])
    if of is Event:
        return {"oneOf": [_record(event, definitions) for event in EVENTS]}
    if of is RelationshipKind:
        return {"type": "string", "description": "The name of the kind."}
    if isinstance(of, type) and issubclass(of, Enum):
        return _defined(of, definitions, lambda: {"enum": [member.value for member in of]})
    if isinstance(of, type) and attrs.has(of):
        return _record(of, definitions)
    make = _MADE.get(get_origin(of))
    if make is None:
        raise InvalidValue("annotation", f"{of} has no JSON Schema", "teach devrel.formats.json.schema what it is")
    return make(get_args(of), definitions)


_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    # The format "time" demands an offset; ours is a time on the wall.
    time: {"type": "string", "pattern": r"^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$"},
}


def _record(of: type, definitions: Definitions) -> Schema:
    """Return a reference to the definition of a record; that of an event has its type."""
    return _defined(of, definitions, lambda: _attributes(of, definitions))


def _defined(of: type, definitions: Definitions, make: Callable[[], Schema]) -> Schema:
    if of not in definitions:
        definitions[of] = {}  # a record that holds itself refers to it
        definitions[of] = {"description": _first_sentence(getdoc(of) or ""), **make()}
    return {"$ref": f"#/$defs/{of.__name__}"}


def _attributes(of: type, definitions: Definitions) -> Schema:
    types, told = get_type_hints(of), _documented(of)
    known = [attribute for attribute in attrs.fields(of) if attribute.init]
    tag = {"type": {"const": of.__name__}} if issubclass(of, Event) else {}
    properties = {one.name: {**_schema(types[one.name], definitions), **told.get(one.name, {})} for one in known}
    return _object({**tag, **properties}, [*tag, *(one.name for one in known if one.default is attrs.NOTHING)])


def _documented(of: type) -> dict[str, Schema]:
    """Return the first sentence about each attribute, from the docstrings of a class and of those it is made from."""
    found: dict[str, Schema] = {}
    for base in reversed(of.__mro__):
        _, _, block = (getdoc(base) or "").partition("Attributes:\n")
        for name, text in _ATTRIBUTE.findall(block.split("\n\n")[0]):
            found[name] = {"description": _first_sentence(text)}
    return found


_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.+(?:\n {5,}.+)*)", re.MULTILINE)


def _first_sentence(text: str) -> str:
    first, stop, _ = " ".join(text.split("\n\n", maxsplit=1)[0].split()).partition(". ")
    return _NONE.sub("null", f"{first}." if stop else first)


_NONE = re.compile(r"\bNone\b")


def _union(types: tuple[Any, ...], definitions: Definitions) -> Schema:
    return {"anyOf": [_schema(one, definitions) for one in types]}


def _tuple(types: tuple[Any, ...], definitions: Definitions) -> Schema:
    if types[-1] is Ellipsis:
        return {"type": "array", "items": _schema(types[0], definitions)}
    places = [_schema(one, definitions) for one in types]
    return {"type": "array", "prefixItems": places, "items": False, "minItems": len(places)}


def _set(types: tuple[Any, ...], definitions: Definitions) -> Schema:
    return {"type": "array", "items": _schema(types[0], definitions), "uniqueItems": True}


def _mapping(types: tuple[Any, ...], definitions: Definitions) -> Schema:
    key, value = types
    if key is not str:
        raise InvalidValue("annotation", "keys of an object are texts", "give the mapping texts as keys")
    return {"type": "object", "additionalProperties": _schema(value, definitions)}


_MADE: dict[Any, Callable[[tuple[Any, ...], Definitions], Schema]] = {
    Union: _union,
    UnionType: _union,
    tuple: _tuple,
    frozenset: _set,
    Mapping: _mapping,
}
