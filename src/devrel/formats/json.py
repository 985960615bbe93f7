"""JSON for relationships: strict both ways. The only module that knows cattrs.

A document carries its type and the version of its schema. Reading checks everything, reports everything wrong at
once with its path, and gives back records equal to those that were written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import Any

import attrs
import cattrs
from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from devrel import lifecycle
from devrel.errors import DevrelError, InputError, InvalidValue, Problem, did_you_mean
from devrel.kinds import KINDS, RelationshipKind
from devrel.lifecycle import Event
from devrel.relationships import Relationship

SCHEMA = 1
"""The version of the documents this release writes."""

_MOST_CHARACTERS = 500_000_000

EVENTS: tuple[type[Event], ...] = (lifecycle.Proposed, *dict.fromkeys(move.event for move in lifecycle.MOVES))


def dumps_relationships(relationships: Iterable[Relationship]) -> str:
    """Return a JSON document of ``relationships``, one a line: everything in them, private words included.

    It is what a platform stores, not what people are shown.
    """
    converter = _converter(KINDS)
    lines = [json.dumps(converter.unstructure(one), ensure_ascii=False) for one in relationships]
    listed = ",\n".join(lines)
    return f'{{"type": "devrel.relationships", "schema": {SCHEMA}, "relationships": [\n{listed}\n]}}\n'


def loads_relationships(
    text: str, *, kinds: Iterable[RelationshipKind] = KINDS, file: str = "relationships"
) -> tuple[Relationship, ...]:
    """Return the relationships in a JSON document.

    Args:
        text: The document.
        kinds: The kinds that the relationships may have; add your own.
        file: The name that problems give.

    Raises:
        InputError: With the path and the remedy of everything that is wrong.
    """
    data = _parsed(text, file)
    _check_head(data, file)
    try:
        converter = _converter(tuple(kinds))
        return tuple(converter.structure(data["relationships"], list[Relationship]))
    except cattrs.BaseValidationError as error:
        raise InputError(_problems(error, file)) from None
    except RecursionError:
        raise InputError(
            [Problem("the document is nested too deeply", "Check where it came from.", file=file)]
        ) from None


def make_converter(kinds: Iterable[RelationshipKind] = KINDS) -> Converter:
    """Return a converter that knows every record of the library, for those who build formats of their own."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True, unstruct_collection_overrides={tuple: list})
    configure_converter(converter, kinds)
    return converter


@lru_cache(maxsize=8)
def _converter(kinds: tuple[RelationshipKind, ...]) -> Converter:
    """Making a converter takes longer than most documents, so the latest ones are kept."""
    return make_converter(kinds)


def configure_converter(converter: Converter, kinds: Iterable[RelationshipKind] = KINDS) -> None:
    """Teach ``converter`` the records of the library."""
    known = {kind.name: kind for kind in kinds}
    for plain in (str, bool, int, float):
        converter.register_structure_hook(plain, _strict(plain))
    for moment in (datetime, date, time):
        converter.register_unstructure_hook(moment, lambda value: value.isoformat())
        converter.register_structure_hook(moment, _moment(moment))
    converter.register_structure_hook_func(_is_enum, _enum)
    converter.register_unstructure_hook(RelationshipKind, lambda kind: kind.name)
    converter.register_structure_hook(RelationshipKind, lambda name, _: _kind(name, known))
    for event in EVENTS:
        converter.register_structure_hook(event, make_dict_structure_fn(event, converter))
        converter.register_unstructure_hook(event, make_dict_unstructure_fn(event, converter))
    _tag_events(converter)


def _tag_events(converter: Converter) -> None:
    by_name = {event.__name__: event for event in EVENTS}

    def structure(value: Any, _: object) -> Event:
        if not isinstance(value, Mapping):
            raise InvalidValue("event", "must be an object", "give it a type")
        name = value.get("type")
        if name not in by_name:
            raise InvalidValue("type", "is no type of event", did_you_mean(str(name), by_name))
        rest = {key: item for key, item in value.items() if key != "type"}
        return converter.structure(rest, by_name[str(name)])

    converter.register_structure_hook_func(lambda kind: kind is Event, structure)
    converter.register_unstructure_hook_func(
        lambda kind: kind is Event,
        lambda event: {"type": type(event).__name__, **converter.unstructure(event, type(event))},
    )


def _strict(plain: type) -> Any:
    def structure(value: Any, _: object) -> Any:
        fits = isinstance(value, plain) or (plain is float and isinstance(value, int))
        if not fits or (isinstance(value, bool) and plain is not bool):
            raise InvalidValue("value", f"must be of type {plain.__name__}", "correct its type")
        return value

    return structure


def _moment(kind: Any) -> Any:
    def structure(value: Any, _: object) -> Any:
        try:
            if not isinstance(value, str):
                raise ValueError
            return kind.fromisoformat(value)
        except ValueError:
            raise InvalidValue("value", f"must be an ISO 8601 {kind.__name__}", "write it like 2026-01-31") from None

    return structure


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _enum(value: Any, kind: Any) -> Any:
    known = {member.value: member for member in kind}
    if value not in known:
        raise InvalidValue("value", f"is no {kind.__name__}", did_you_mean(str(value), map(str, known)))
    return known[value]


def _kind(name: Any, known: Mapping[str, RelationshipKind]) -> RelationshipKind:
    if name not in known:
        remedy = f"{did_you_mean(str(name), known)} Pass your own kinds to the reader"
        raise InvalidValue("kind", "is not known", remedy)
    return known[name]


def _parsed(text: str, file: str) -> dict[str, Any]:
    if len(text) > _MOST_CHARACTERS:
        raise InputError([Problem("the document is too large", "Split it.", file=file)])
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        wrong = f"this is not JSON: line {error.lineno}: {error.msg}"
        problem = Problem(wrong, "Write the document again.", file=file)
        raise InputError([problem]) from None
    except (RecursionError, ValueError):
        wrong = "the document is nested too deeply, or holds a number that is too long"
        raise InputError([Problem(wrong, "Check where it came from.", file=file)]) from None
    if not isinstance(data, dict):
        raise InputError([Problem("the document is not an object", "Read one that devrel wrote.", file=file)])
    return data


def _check_head(data: dict[str, Any], file: str) -> None:
    problems = []
    if data.get("type") != "devrel.relationships":
        problems.append(
            Problem("is not 'devrel.relationships'", "Read a relationships document.", file=file, column="type")
        )
    schema = data.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        problems.append(Problem("is not a version", "Read a document that devrel wrote.", file=file, column="schema"))
    elif schema > SCHEMA:
        wrong = f"is version {schema}; this release reads up to version {SCHEMA}"
        problems.append(Problem(wrong, "Install a newer devrel.", file=file, column="schema"))
    if not isinstance(data.get("relationships"), list):
        problems.append(Problem("is not a list", "Give a list of relationships.", file=file, column="relationships"))
    for key in sorted(set(data) - {"type", "schema", "relationships"}):
        problems.append(Problem("is not a known key", "Drop it.", file=file, column=key))
    if problems:
        raise InputError(problems)


def _problems(error: BaseException, file: str) -> list[Problem]:
    found = []
    for line in transform_error(error, path="relationships", format_exception=_worded):
        said, _, path = line.rpartition(" @ ")
        wrong, _, remedy = said.partition(" => ")
        found.append(Problem(wrong, f"{remedy[:1].upper()}{remedy[1:]}".rstrip(".") + ".", file=file, column=path))
    return found


def _worded(error: BaseException, _: type | None) -> str:
    if isinstance(error, cattrs.ForbiddenExtraKeysError):
        known = [attribute.name for attribute in attrs.fields(error.cl) if attribute.init]
        unknown = ", ".join(map(repr, sorted(error.extra_fields)))
        return f"unknown key {unknown} => {did_you_mean(min(error.extra_fields), known)}"
    if isinstance(error, KeyError):
        return f"the key {error.args[0]!r} is missing => add it"
    if isinstance(error, InvalidValue):
        wrong = str(error).removesuffix(f"; {error.remedy}") if error.remedy else str(error)
        return f"{wrong} => {error.remedy or 'correct it'}"
    if isinstance(error, DevrelError):
        return f"{str(error).rstrip('.')} => correct the history"
    return "this cannot be read => correct its type"
