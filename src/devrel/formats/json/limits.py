"""Reading JSON that may be hostile: what is too much, or is no JSON, is refused before a record is made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from devrel.errors import InputError, Problem

MOST_CHARACTERS = 500_000_000
"""A longer document is refused unread."""

MOST_RECORDS = 1_000_000
"""A document with more records is refused."""

MOST_EVENTS = 10_000
"""A relationship with more events is refused, and so is a record with any other list as long."""

DEEPEST = 32
"""A document nested deeper is refused; none that the library writes is half as deep."""

MOST_PROBLEMS = 1_000
"""Of more problems in one document, only so many are told."""


def refusal(problems: Iterable[Problem], file: str) -> InputError:
    """Return the error that tells ``problems``, the first of them where they are too many."""
    listed = iter(problems)
    told = list(islice(listed, MOST_PROBLEMS))
    if next(listed, None) is not None:
        told.append(Problem(f"there are more than {MOST_PROBLEMS:,} problems", "Correct these first.", file=file))
    return InputError(told)


def parsed(text: str | bytes, file: str) -> dict[str, Any]:
    """Return the object that a document is; nobody has looked at its records yet.

    Raises:
        InputError: When it is too long, no JSON, or not an object.
    """
    if len(text) > MOST_CHARACTERS:
        raise _refused(f"the document is longer than {MOST_CHARACTERS:,} characters", "Split it.", file)
    plain = _decoded(text, file)
    data = _strictly(plain, file)
    if not isinstance(data, dict):
        raise _refused("the document is not an object", "Read one that devrel wrote.", file)
    if _HALF_ESCAPED.search(plain) is not None:
        _check_texts(data, file)
    return data


def check_shape(records: list[Any], name: str, file: str) -> None:
    """Refuse too many records, too long lists in them, and what is nested too deeply.

    Raises:
        InputError: With the path of everything that is too large.
    """
    if len(records) > MOST_RECORDS:
        raise _refused(f"has more than {MOST_RECORDS:,} records", "Split it.", file, name)
    deep, longest = _shape(records)
    if deep:
        raise _refused(_TOO_DEEP, _SUSPECT, file, name)
    if longest > MOST_EVENTS:
        wrong = f"has more than {MOST_EVENTS:,} entries"
        raise refusal(
            (
                Problem(wrong, "Split it.", file=file, column=place)
                for place, part in _parts(records, name)
                if isinstance(part, list) and part is not records and len(part) > MOST_EVENTS
            ),
            file,
        )


def _refused(wrong: str, remedy: str, file: str, column: str | None = None) -> InputError:
    return InputError([Problem(wrong, remedy, file=file, column=column)])


_TOO_DEEP = f"the document is nested deeper than {DEEPEST} levels"
_SUSPECT = "Check where it came from."
_HALVES = re.compile("[\ud800-\udfff]")
_HALF_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")


def _decoded(text: str | bytes, file: str) -> str:
    try:
        if isinstance(text, bytes):
            return text.decode("utf-8-sig")
        text.encode()
    except UnicodeError:
        raise _refused("the document is not text in UTF-8", "Save it as UTF-8.", file) from None
    return text


def _strictly(text: str, file: str) -> Any:
    """Return what JSON says; what it does not know, or leaves open, is refused."""
    wrong: dict[str, str] = {}

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            twice = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
            wrong.update({f"the key {key!r} stands twice in one object": "Keep one of them." for key in twice})
        return found

    def constant(name: str) -> None:
        wrong[f"{name} is not a number in JSON"] = "Leave it out."

    try:
        data = json.loads(text, object_pairs_hook=once, parse_constant=constant)
    except json.JSONDecodeError as error:
        said = f"this is not JSON: line {error.lineno}: {error.msg}"
        raise _refused(said, "Write the document again.", file) from None
    except RecursionError:
        raise _refused(_TOO_DEEP, _SUSPECT, file) from None
    except ValueError:
        raise _refused("the document holds a number with too many digits", _SUSPECT, file) from None
    if wrong:
        raise refusal((Problem(said, remedy, file=file) for said, remedy in wrong.items()), file)
    return data


def _check_texts(data: dict[str, Any], file: str) -> None:
    """Refuse texts with half a character: JSON can escape one, and no file can hold it."""
    halved = [place for place, part in _parts(data, "") if _is_halved(part)]
    if halved:
        wrong = "has half of a character, a surrogate without its other half"
        raise refusal((Problem(wrong, "Write the text again.", file=file, column=place) for place in halved), file)


def _is_halved(part: Any) -> bool:
    """Whether a text, or a key of an object, has half a character."""
    texts = [part] if isinstance(part, str) else part if isinstance(part, dict) else ()
    return any(_HALVES.search(text) for text in texts)


def _shape(records: list[Any]) -> tuple[bool, int]:
    """Return whether records are nested too deeply, and the length of the longest list in them.

    They are looked at level by level, so that no nesting exhausts the stack.
    """
    level: list[Any] = [records]
    longest = 0
    for _ in range(DEEPEST - 1):
        level = [
            part
            for one in level
            for part in (one.values() if type(one) is dict else one)
            if (type(part) is dict or type(part) is list) and part
        ]
        longest = max(longest, max((len(part) for part in level if type(part) is list), default=0))
    return bool(level), longest


def _parts(data: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Find every list, object and text in something, each with its path; no nesting exhausts the stack."""
    open_parts = [(path, data)]
    while open_parts:
        place, part = open_parts.pop()
        if isinstance(part, dict):
            open_parts += [(f"{place}.{key}".lstrip("."), value) for key, value in reversed(part.items())]
        elif isinstance(part, list):
            open_parts += [(f"{place}[{number}]", part[number]) for number in reversed(range(len(part)))]
        elif not isinstance(part, str):
            continue
        yield place, part
