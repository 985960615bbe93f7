"""What a converter found wrong, as problems: each with its path, in plain words, without the value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_origin

import attrs
from cattrs import AttributeValidationNote, ClassValidationError, ForbiddenExtraKeysError, IterableValidationError

from devrel._display import counted
from devrel.errors import DevrelError, InvalidValue, Problem, did_you_mean
from devrel.formats.json.converter import HERE, UNKNOWN


def problems_of(error: BaseException, file: str, path: str) -> Iterator[Problem]:
    """Find everything that a converter found wrong, each with its path and its remedy.

    An unknown kind is told once, at the first place, however many records are of it.
    """
    kinds: dict[str, list[Problem]] = {}
    for place, wrong, remedy in _found(error, path, None):
        do = f"{remedy[:1].upper()}{remedy[1:]}".rstrip(".") + "."
        problem = Problem(wrong, do, file=file, column=place)
        if wrong.startswith("kind: ") and wrong.endswith(UNKNOWN):
            kinds.setdefault(wrong, []).append(problem)
        else:
            yield problem
    for first, *others in kinds.values():
        more = f", here and in {counted(len(others), 'more place')}" if others else ""
        yield attrs.evolve(first, wrong=f"{first.wrong}{more}")


Found = Iterator[tuple[str, str, str]]


def _found(error: BaseException, path: str, expected: Any) -> Found:
    """Find the path, what is wrong and the remedy of an error and of those in it."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, plain = error.group_exceptions()
        for one, note in noted:
            place = f".{note.name}" if isinstance(note, AttributeValidationNote) else f"[{note.index!r}]"
            yield from _found(one, f"{path}{place}", note.type)
        for one in plain:
            yield from _found(one, path, None)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [attribute.name for attribute in attrs.fields(error.cl) if attribute.init]
        for key in sorted(error.extra_fields):
            yield path, f"unknown key {key!r}", did_you_mean(key, known)
    else:
        yield path, *_worded(error, path, expected)


def _worded(error: BaseException, path: str, expected: Any) -> tuple[str, str]:
    """Return what an error says is wrong, and what to do; of one that is not ours, nothing that it says."""
    if isinstance(error, InvalidValue):
        wrong = str(error).removesuffix(f"; {error.remedy}") if error.remedy else str(error)
        return wrong.removeprefix(f"{HERE}: "), error.remedy or "correct it"
    if isinstance(error, DevrelError):
        return str(error).rstrip("."), "correct the history"
    if isinstance(error, KeyError) and path.endswith(f".{error.args[0]}"):
        return f"the key {error.args[0]!r} is missing", "add it"
    if attrs.has(expected) or get_origin(expected) is not None:
        return "must be an object", "write it as {...}"
    return "cannot be read", "correct its values; one of them is out of range"
