"""An extension of Griffe, which reads the code for the API page.

It adds what can only be seen at run time, and what Markdown would spoil:

- a record (an attrs class) gets the signature that attrs gives it;
- an enumeration lists its members with their values;
- the examples in a docstring stand between fences, as Markdown takes lines that begin with `>>>` for quotations.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

import attrs
import griffe

EXAMPLE = re.compile(r"^>>> .*(?:\n.+)*", re.M)


class Records(griffe.Extension):
    """Adds signatures, members and fences to what Griffe has read."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Put fences around the examples of one docstring."""
        if obj.docstring is not None:
            obj.docstring.value = EXAMPLE.sub(lambda found: f"```pycon\n{found[0]}\n```", obj.docstring.value)

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Complete one class."""
        real = griffe.dynamic_import(cls.path)
        if attrs.has(real) and "__init__" not in vars(real).get("__annotations__", {}):
            cls.set_member("__init__", griffe.Function("__init__", parameters=_parameters(cls, real)))
        if issubclass(real, Enum) and cls.docstring is not None:
            members = "\n".join(f"- `{member.name}`: {member.value}" for member in real)
            cls.docstring.value += f"\n\n{members}"


def _parameters(cls: griffe.Class, real: type) -> griffe.Parameters:
    """Return the parameters of a record: those without a keyword first, as attrs orders them."""
    fields = sorted((field for field in attrs.fields(real) if field.init), key=lambda field: field.kw_only)
    return griffe.Parameters(
        griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword),
        *(
            griffe.Parameter(
                field.alias or field.name,
                annotation=_annotation(cls, field.type),
                kind=griffe.ParameterKind.keyword_only if field.kw_only else griffe.ParameterKind.positional_or_keyword,
                default=_default(field.default),
            )
            for field in fields
        ),
    )


def _annotation(cls: griffe.Class, written: Any) -> str | griffe.Expr | None:
    """Return an annotation, with its names to be linked."""
    if not isinstance(written, str):
        return getattr(written, "__name__", None)
    return griffe.parse_docstring_annotation(written, cls.docstring or griffe.Docstring("", parent=cls))


def _default(value: Any) -> str | None:
    """Return a default as somebody would write it; `...` for one that is worked out from other fields."""
    if value is attrs.NOTHING:
        return None
    if isinstance(value, attrs.Factory):
        return "..." if value.takes_self else f"{value.factory.__name__}()"
    return str(value) if isinstance(value, Enum) else repr(value)
