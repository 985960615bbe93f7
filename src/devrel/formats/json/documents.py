"""Documents: a type, the version of its schema, and records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import cattrs
from cattrs import Converter

from devrel.agreements import Agreement
from devrel.errors import InvalidValue, Problem, did_you_mean
from devrel.formats.json.converter import converter_for, converter_of_kinds
from devrel.formats.json.limits import check_shape, parsed, refusal
from devrel.formats.json.migrations import MIGRATIONS
from devrel.formats.json.problems import problems_of
from devrel.goals import Goal
from devrel.kinds import KINDS, RelationshipKind
from devrel.needs import Need
from devrel.people import Enrollment, Person
from devrel.relationships import Relationship

T = TypeVar("T")

SCHEMA = 2
"""The version of the documents this release writes; it reads every version from 1 on."""

DOCUMENTS: Mapping[str, type] = {
    "relationships": Relationship,
    "people": Person,
    "enrollments": Enrollment,
    "agreements": Agreement,
    "goals": Goal,
    "needs": Need,
    "kinds": RelationshipKind,
}
"""The records that have documents, by the word that names the document and its list."""


def dumps(records: Iterable[T], of: type[T], *, kinds: Iterable[RelationshipKind] = KINDS) -> str:
    """Return a JSON document of ``records``, one a line: everything in them, private words included.

    It is what a platform stores, not what people are shown.

    Args:
        records: The records, all of one type.
        of: Their type, one of those in ``DOCUMENTS``.
        kinds: The kinds that the reader will be given. A kind is written by its name, so one that bears the name of
            another among them is refused.

    Raises:
        InvalidValue: When the type has no documents, a record is of another one, or JSON cannot hold what is in it.

    >>> from devrel.people import Person
    >>> print(dumps([Person("p1")], Person).splitlines()[0])
    {"type": "devrel.people", "schema": 2, "people": [
    """
    name = document_name(of)
    unstructure = _converter(of, kinds).get_unstructure_hook(of)
    if isinstance(records, of):
        raise InvalidValue("records", "must be a list of records", "put the one into a list")
    listed = ",\n".join(_line(unstructure(_checked(record, of))) for record in records)
    try:
        listed.encode()
    except UnicodeEncodeError:
        raise InvalidValue("records", "have half of a character in a text", "write the text again") from None
    return f'{{"type": "devrel.{name}", "schema": {SCHEMA}, "{name}": [\n{listed}\n]}}\n'


def loads(
    text: str | bytes, of: type[T], *, kinds: Iterable[RelationshipKind] = KINDS, file: str = "document"
) -> tuple[T, ...]:
    """Return the records in a JSON document; one of an older schema is migrated first.

    A document that is too large, too deep or no proper JSON is refused before a record is made; the limits are
    ``MOST_CHARACTERS``, ``MOST_RECORDS``, ``MOST_EVENTS`` and ``DEEPEST``.

    Args:
        text: The document; bytes are UTF-8.
        of: The type of its records.
        kinds: The kinds of relationship that are known; add your own.
        file: The name that problems give.

    Raises:
        InputError: With the path and the remedy of everything that is wrong; nothing is read half.
    """
    name = document_name(of)
    data = parsed(text, file)
    _check_head(data, name, file)
    check_shape(data[name], name, file)
    converter = _converter(of, kinds)
    try:
        return tuple(converter.structure(_migrated(data, name), list[of]))  # type: ignore[valid-type]
    except cattrs.BaseValidationError as error:
        raise refusal(problems_of(error, file, name), file) from None


def dumps_relationships(relationships: Iterable[Relationship], *, kinds: Iterable[RelationshipKind] = KINDS) -> str:
    """Return a JSON document of ``relationships``; see ``dumps``."""
    return dumps(relationships, Relationship, kinds=kinds)


def loads_relationships(
    text: str | bytes, *, kinds: Iterable[RelationshipKind] = KINDS, file: str = "relationships"
) -> tuple[Relationship, ...]:
    """Return the relationships in a JSON document; see ``loads``."""
    return loads(text, Relationship, kinds=kinds, file=file)


def document_name(of: type) -> str:
    """Return the word that names the documents of a type of record.

    >>> document_name(Need)
    'needs'
    """
    for name, record in DOCUMENTS.items():
        if record is of:
            return name
    known = ", ".join(record.__name__ for record in DOCUMENTS.values())
    wrong = f"{getattr(of, '__name__', 'this')} has no documents of its own"
    raise InvalidValue("of", wrong, f"give one of: {known}")


def _checked(record: Any, of: type) -> Any:
    if type(record) is not of:
        wrong = f"a {type(record).__name__} is not stored as a {of.__name__}"
        raise InvalidValue("records", wrong, "store the record itself, not a view of it or another one")
    return record


def _line(data: Any) -> str:
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False)
    except ValueError:
        wrong = "have a number for which JSON has no words: not a number, infinite, or of too many digits"
        raise InvalidValue("records", wrong, "leave it out") from None


def _converter(of: type, kinds: Iterable[RelationshipKind]) -> Converter:
    return converter_of_kinds() if of is RelationshipKind else converter_for(tuple(kinds))


def _check_head(data: dict[str, Any], name: str, file: str) -> None:
    problems = list(_wrong_head(data, name))
    if problems:
        raise refusal((Problem(wrong, remedy, file=file, column=key) for key, wrong, remedy in problems), file)


def _wrong_head(data: dict[str, Any], name: str) -> Iterator[tuple[str, str, str]]:
    """Find the key, what is wrong with it and the remedy, for all that stands around the records."""
    if data.get("type") != f"devrel.{name}":
        yield "type", f"is not 'devrel.{name}'", f"Read a document of {name}."
    schema = data.get("schema")
    if type(schema) is not int or schema < 1:
        yield "schema", "is not a version", "Read a document that devrel wrote."
    elif schema > SCHEMA:
        newer = f"is version {schema}; this release reads up to version {SCHEMA}"
        yield "schema", newer, "Install a newer devrel."
    if not isinstance(data.get(name), list):
        yield name, "is not a list", f"Give a list of {name}."
    known = ("type", "schema", name)
    for key in sorted(data.keys() - set(known)):
        yield key, "is not a known key", did_you_mean(key, known)


def _migrated(data: dict[str, Any], name: str) -> list[Any]:
    """Return the records of a document in the form of this release."""
    records: list[Any] = data[name]
    for version in range(data["schema"], SCHEMA):
        migrate = MIGRATIONS.get((name, version))
        if migrate is not None:
            records = [migrate(record) for record in records]
    return records
