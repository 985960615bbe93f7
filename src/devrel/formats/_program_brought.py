"""Rules of other packages in a program file: named by entry point, their own fields as keys."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from inspect import Parameter, signature
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, frozen, has

from devrel.errors import InvalidValue
from devrel.formats._section import Section
from devrel.matching.brought import CONSTRAINT_GROUP, CRITERION_GROUP
from devrel.matching.constraints import Constraint
from devrel.matching.criteria import Criterion
from devrel.plugins import Group, PluginError

R = TypeVar("R")

COMMON = frozenset({"name", "weight", "minimum", "sensitive"})
"""The fields that every criterion has; a program file says them in words of its own."""

_LIKE: dict[type, str] = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


@frozen
class _Key:
    """One key of a rule: the name of a field, the argument it becomes, whether it must be there, and its type."""

    name: str
    argument: str
    needed: bool
    type: Any


def keys_of(rule: type) -> tuple[_Key, ...]:
    """Return the keys of a class of rules: the fields of a record, or else what its initialiser takes."""
    hints = _hints(rule)
    if has(rule):
        return tuple(
            _Key(one.name, one.alias, one.default is NOTHING, hints.get(one.name))
            for one in fields(rule)
            if one.init and not (issubclass(rule, Criterion) and one.name in COMMON)
        )
    hints = _hints(rule.__init__)  # type: ignore[misc]
    plain = {Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY}
    return tuple(
        _Key(one.name, one.name, one.default is Parameter.empty, hints.get(one.name))
        for one in signature(rule).parameters.values()
        if one.kind in plain
    )


def _hints(of: Any) -> dict[str, Any]:
    try:
        return get_type_hints(of)
    except Exception:  # a type that is only there for type checkers says nothing here
        return {}


def brought(part: Section, group: Group[R]) -> R | None:
    """Return the class of rules that a package brings under the name at ``rule``.

    None where the name is not one of theirs; also, with a problem, where theirs cannot be used.
    """
    name = part.raw_value("rule")
    if not isinstance(name, str):
        return None
    try:
        return group.get(name)
    except PluginError as error:
        part.problem("rule", str(error), "Mend or uninstall the package, or name another rule.")
        return None


def own_values(part: Section, rule: type) -> dict[str, Any]:
    """Return what a part says for the keys of a rule, by argument; a missing key or another type is a problem."""
    values = {}
    for key in keys_of(rule):
        value = part.raw_value(key.name)
        if key.name not in part:
            if key.needed:
                part.problem(key.name, "is missing", "Add it.")
        elif not _fits(value, key.type):
            part.problem(key.name, f"is not {_worded(key.type)}", "Correct it.", value)
        else:
            values[key.argument] = tuple(value) if isinstance(value, list) else value
    return values


def made(part: Section, rule: type[R], values: Mapping[str, Any]) -> R | None:
    """Return a rule made of values, or None with a problem where it refuses them."""

    def make() -> R:
        try:
            return rule(**values)
        except InvalidValue:
            raise
        except Exception as error:  # the package may do anything here
            raise InvalidValue("rule", f"refuses what it is given: {type(error).__name__}: {error}") from None

    if any(key.needed and key.argument not in values for key in keys_of(rule)):
        return None
    return part.build(make)


def _fits(value: object, annotation: Any) -> bool:
    """Whether a value is of a plain type that is asked for; what asks for another type judges for itself."""
    options = get_args(annotation) if get_origin(annotation) in {Union, UnionType} else (annotation,)
    if not all(option in _LIKE or option is type(None) for option in options):
        return True
    return any(_is(value, option) for option in options)


def _is(value: object, kind: Any) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float) if kind is float else isinstance(value, kind)


def _worded(annotation: Any) -> str:
    options = get_args(annotation) or (annotation,)
    return " or ".join(_LIKE[option] for option in options if option in _LIKE)


def texts_in(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every text among the values: each may be the name of an attribute."""
    found = [item for value in values.values() for item in (value if isinstance(value, tuple) else (value,))]
    return tuple(item for item in found if isinstance(item, str))


def word_of(rule: Criterion | Constraint) -> str | None:
    """Return the name under which a package announces the class of a rule, or None."""
    group: Group[Any] = CRITERION_GROUP if isinstance(rule, Criterion) else CONSTRAINT_GROUP
    plugin = group.origin(type(rule))
    return None if plugin is None else plugin.name


def told(rule: Criterion | Constraint) -> dict[str, Any]:
    """Return the keys of a rule with their values, but for those that are not there."""
    values = {key.name: getattr(rule, key.name, None) for key in keys_of(type(rule))}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-")
    return sorted(value) if isinstance(value, set | frozenset) else value
