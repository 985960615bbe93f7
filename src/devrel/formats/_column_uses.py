"""Where in a program file a column of a people table is used."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import fields

from devrel.matching.criteria import Criterion
from devrel.programs.design import Program
from devrel.programs.intake import TableSpec

_SINGLE = ("id", "email", "role_column", "both_column", "capacity_column")


def uses_of(column: str, table: TableSpec, program: Program) -> list[str]:
    """Return every place of the program file that has to change when a column of a table is dropped."""
    found = [f"tables.{table.name}.{key}" for key in _SINGLE if getattr(table, key) == column]
    if column in table.names:
        found.append(f"tables.{table.name}.name")
    for attribute, mapped in table.columns.items():
        if mapped == column:
            found += [f"tables.{table.name}.columns.{attribute}", *_uses_of_attribute(attribute, program)]
    return found


def _uses_of_attribute(attribute: str, program: Program) -> Iterator[str]:
    if attribute in program.attributes:
        yield f"attributes.{attribute}"
    sides = {"recipients": program.recipients.where, "providers": program.providers.where, "reach": program.reach.where}
    for section, conditions in sides.items():
        if any(condition.attribute == attribute for condition in conditions):
            yield f"{section}.where"
    for number, rule in enumerate(program.rules, 1):
        if getattr(rule, "attribute", None) == attribute:
            yield f"constraints[{number}]"
    for number, criterion in enumerate(program.criteria, 1):
        if attribute in _looked_at(criterion):
            yield f"criteria[{number}]"
    if attribute in program.measurement.audit_by:
        yield "measurement.audit_by"


def _looked_at(criterion: Criterion) -> list[object]:
    return [getattr(criterion, one.name) for one in fields(type(criterion)) if one.name not in {"name", "weight"}]
