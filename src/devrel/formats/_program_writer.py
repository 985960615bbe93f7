"""Writes a program as a program file: what is at its default is left out, what it has no word for is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from enum import Enum
from typing import Any

from attrs import fields

from devrel.agreements import Confidentiality, Contact, ManagerPart, Meeting, Records, ThirdParty
from devrel.errors import InvalidValue
from devrel.formats._program_brought import told, word_of
from devrel.formats._program_clauses import NOT_AGREED
from devrel.formats._program_policies import JUDGED_BY, WELCOMES
from devrel.matching.circumstances import CommonHours, InCommon
from devrel.matching.constraints import Alike, Constraint, Different, Gap, named_constraints
from devrel.matching.criteria import Criterion, Differs, Near, Offered, Same, Shared, Weight
from devrel.matching.wishes import FirstInLine, HopesMet, HoursTogether, Preferred, Waiting
from devrel.matching.working_hours import WorkingHours
from devrel.programs.design import Program
from devrel.programs.intake import AttributeSpec, Condition, Intake, TableSpec, Words, spec_of
from devrel.programs.policies import FocusArea, FocusSort, Metric, Scope
from devrel.terms import HolidayRule, Unit

Table = dict[str, Any]

_PLAIN_RULES: dict[type, str] = {
    Same: "same",
    Differs: "different",
    Shared: "shared",
    Offered: "offered",
    Near: "near",
    HopesMet: "hopes-met",
    HoursTogether: "hours-together",
    Preferred: "preferred",
    Waiting: "waiting",
    FirstInLine: "first-in-line",
}
_PYTHON_ONLY = frozenset({"on", "hours"})
"""Fields that a program file has no word for; they must be as they are by default."""
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


def written(program: Program) -> str:
    """Return a program as TOML.

    Raises:
        InvalidValue: For a constraint or a criterion that the format has no word for.
    """
    return toml(_document(program))


def _document(program: Program) -> Table:
    plain = program.__class__(program.name, program.kind, program.term)
    return _filled(
        {
            "program": _head(program),
            "term": _term(program),
            "cadence": _cadence(program),
            "session": {"minutes": program.minutes},
            "process": _record(program.process, plain.process),
            "enrollment": {"windows": [{"opens": one.opens, "closes": one.closes} for one in program.windows]},
            "agreement": _clauses(program.clauses),
            "visibility": _record(program.visibility, plain.visibility),
            "preparation": _record(program.preparation, plain.preparation),
            "support": _record(program.support, plain.support),
            "capacity": _record(program.capacity, plain.capacity),
            "reach": _filled({"how": program.reach.how, "where": _conditions(program.reach.where, program)}),
            "measurement": _measurement(program),
            "budget": {} if program.budget is None else _filled(_record(program.budget, None)),
            "attributes": {name: _record(spec, AttributeSpec()) for name, spec in program.attributes.items()},
            "tables": {one.name: _table(one) for one in program.tables},
            "said": dict(program.said),
            "words": _record(program.words, Words()),
            "recipients": _intake(program.recipients, program),
            "providers": _intake(program.providers, program),
            "constraints": [_constraint(one) for one in program.rules],
            "criteria": [_criterion(one) for one in program.criteria],
            "matching": _matching(program),
            "proposals": {"expire_after_days": program.answer_days},
            "check": _filled(
                {
                    "select": list(program.checks.select),
                    "ignore": dict(program.checks.ignore),
                    "severities": dict(program.checks.severities),
                }
            ),
        }
    )


def _filled(table: Table) -> Table:
    """Return a table without what says nothing."""
    return {key: value for key, value in table.items() if value not in ({}, [], "", None)}


def _word(member: Enum) -> str:
    return member.name.lower().replace("_", "-")


def _listed(members: Iterable[Enum]) -> list[str]:
    return sorted(map(_word, members))


def _value(value: Any) -> Any:
    """Return a field's value as a file writes it."""
    if isinstance(value, Enum):
        return _word(value)
    if isinstance(value, frozenset):
        return _listed(value)
    return list(value) if isinstance(value, tuple) else value


def _record(record: Any, plain: Any) -> Table:
    """Return the fields of a record that are not at their default."""
    found = {}
    for one in fields(type(record)):
        value = getattr(record, one.name)
        if value is not None and (plain is None or value != getattr(plain, one.name)):
            found[one.name] = value.value if one.name == "type" else _value(value)
    return found


def _head(program: Program) -> Table:
    known = {origin: word for word, origin in WELCOMES.items()}
    return _filled(
        {
            "name": program.name,
            "kind": program.kind.name,
            "school": program.school,
            "purpose": program.purpose,
            "contact": program.contact,
            "aims": _listed(program.aims),
            "participation": None if program.participation is None else _word(program.participation),
            "platforms": list(program.platforms),
            "welcomes": sorted(known.get(one, one.value) for one in program.welcomes),
            "goals_set_by": None if program.goals_set_by is None else _word(program.goals_set_by),
            "demands_end": program.demands_end or None,
            "performance_boundary": program.performance_boundary,
            "focus_areas": [_area(one) for one in program.focus_areas],
        }
    )


def _area(area: FocusArea) -> str | Table:
    if not area.text and area.sort is FocusSort.COMPETENCY:
        return area.name
    return _filled({"name": area.name, "text": area.text, "sort": _word(area.sort)})


def _term(program: Program) -> Table:
    term = program.term
    if term.single:
        return {"start": term.start, "single": True}
    return {"start": term.start, "open_ended": True} if term.end is None else {"start": term.start, "end": term.end}


def _cadence(program: Program) -> Table:
    cadence = program.cadence
    unit = "week" if cadence.unit is Unit.WEEK else "month"
    rules = {HolidayRule.SKIP: "skip", HolidayRule.MOVE: "move", HolidayRule.KEEP: "keep"}
    return _filled(
        {
            "every": unit if cadence.every == 1 else f"{cadence.every} {unit}s",
            "weekday": None if cadence.weekday is None else cadence.weekday.value,
            "time": cadence.at,
            "zone": cadence.zone,
            "on_holiday": rules[cadence.on_holiday],
            "holidays": sorted(program.holidays),
        }
    )


def _clauses(clauses: Mapping[str, object]) -> Table:
    found: Table = {}
    for name, value in sorted(clauses.items()):
        if isinstance(value, Contact):
            found |= {"contact": value.how, "answer_within_days": value.answer_within_days}
        elif isinstance(value, Confidentiality):
            found |= {"confidentiality": value.text, "exceptions": list(value.exceptions)}
        elif isinstance(value, Records):
            found |= {
                "records": value.text,
                "keep_months": NOT_AGREED if value.keep_months is None else value.keep_months,
            }
        elif isinstance(value, ManagerPart):
            told = {} if value.told is None else {"manager_told": _listed(value.told)}
            found |= {**told, "manager_commits": _listed(value.commits)}
        elif name == "third_parties":
            found[name] = [_third_party(one) for one in _tuple(value)]
        elif isinstance(value, Meeting):
            found[name] = _word(value)
        else:
            found[name] = _plain_clause(value)
    return {name: value for name, value in found.items() if value is not None}


def _tuple(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, Iterable) else ()


def _third_party(one: ThirdParty) -> Table:
    stated = {} if one.may_know is None else {"may_know": _listed(one.may_know)}
    return {"id": one.id, "role": one.role.value, **stated}


def _plain_clause(value: object) -> Any:
    if isinstance(value, set | frozenset):
        return _listed(value)
    return list(value) if isinstance(value, tuple | list) else value


def _conditions(where: Iterable[Condition], program: Program) -> list[Table]:
    return [_condition(one, spec_of(one.attribute, program.attributes).order) for one in where]


def _condition(condition: Condition, order: tuple[str, ...]) -> Table:
    def told(value: Any) -> Any:
        return order[int(value) - 1] if order and isinstance(value, int) else value

    limits = {name: told(getattr(condition, name)) for name in ("at_least", "at_most", "below", "above")}
    one_of = [told(value) for value in condition.one_of]
    return {"attribute": condition.attribute, **({"one_of": one_of} if one_of else {}), **_filled_limits(limits)}


def _filled_limits(limits: Table) -> Table:
    return {name: value for name, value in limits.items() if value is not None}


def _intake(intake: Intake, program: Program) -> Table:
    return _filled({"where": _conditions(intake.where, program), "capacity": intake.capacity})


def _measurement(program: Program) -> Table:
    plan = program.measurement
    judged = {measure: word for word, measure in JUDGED_BY.items()}
    found = _record(plan, type(plan)())
    if plan.metrics:
        found["metrics"] = [_metric(one) for one in plan.metrics]
    if plan.judged_by is not None:
        found["judged_by"] = judged[plan.judged_by]
    return found


def _metric(metric: Metric) -> str | Table:
    return metric.name if metric.scope is Scope.PROGRAM else {"name": metric.name, "scope": _word(metric.scope)}


def _table(table: TableSpec) -> Table:
    return _filled(
        {
            "id": table.id,
            "name": list(table.names),
            "email": table.email,
            "role": None if table.role is None else table.role.value,
            "role_column": table.role_column,
            "both_column": table.both_column,
            "capacity_column": table.capacity_column,
            "delimiter": _DELIMITERS.get(table.delimiter, table.delimiter),
            "columns": dict(table.columns),
        }
    )


def _constraint(rule: Constraint) -> Table:
    if type(rule) is Different or type(rule) is Alike:
        return {"rule": rule.word, "attribute": rule.attribute}
    if type(rule) is Gap:
        limits = {"at_least": rule.at_least, "at_most": rule.at_most}
        return {"rule": "gap", "attribute": rule.attribute, **_filled_limits(limits)}
    if type(rule) is InCommon:
        return {"rule": "in-common", "attribute": rule.attribute, "at_least": rule.at_least}
    if type(rule) is CommonHours and rule == CommonHours(rule.minutes):
        return {"rule": "common-hours", "minutes": rule.minutes}
    if named_constraints().get(rule.name) == rule:
        return {"rule": rule.name}
    if (word := word_of(rule)) is not None:
        return {"rule": word, **told(rule)}
    raise InvalidValue("rules", f"a program file has no word for {type(rule).__name__}", "keep it in Python")


def _criterion(criterion: Criterion) -> Table:
    word = _PLAIN_RULES.get(type(criterion)) or word_of(criterion)
    if word is None:
        raise InvalidValue(
            "criteria", f"a program file has no word for {type(criterion).__name__}", "keep it in Python"
        )
    weight = criterion.weight.value if isinstance(criterion.weight, Weight) else criterion.weight
    if type(criterion) is HoursTogether and (criterion.on or criterion.hours != WorkingHours()):
        raise InvalidValue("criteria", "a program file has no words for days and hours", "keep it in Python")
    own = {name: value for name, value in told(criterion).items() if name not in _PYTHON_ONLY}
    sensitive = {"sensitive": True} if criterion.sensitive else {}
    minimum = {"minimum": criterion.minimum} if criterion.must else {}
    name = {"name": criterion.name} if criterion.name else {}
    return {**name, "rule": word, **own, "weight": weight, **minimum, **sensitive}


def _matching(program: Program) -> Table:
    rematching = program.rematching
    again = {} if rematching is None else {one.name: getattr(rematching, one.name) for one in fields(type(rematching))}
    return _filled(
        {
            "strategy": program.strategy,
            "objective": program.objective.value,
            "seed": program.seed,
            "lift": list(program.lifted),
            "decided_by": None if program.decided_by is None else _word(program.decided_by),
            "parameters": dict(program.parameters),
            "rematching": again,
        }
    )


def toml(document: Table) -> str:
    """Return a tree of tables as TOML: tables as sections, lists of tables inline, unless they stand at the top.

    >>> print(toml({"a": {"b": 1, "c": {"d": ["x"]}}}))
    [a]
    b = 1
    <BLANKLINE>
    [a.c]
    d = ["x"]
    <BLANKLINE>
    """
    lines: list[str] = []
    for name, value in document.items():
        if isinstance(value, list):
            for item in value:
                _section(lines, f"[[{_key(name)}]]", _key(name), item)
        else:
            _section(lines, f"[{_key(name)}]", _key(name), value)
    return "\n".join(lines)


def _section(lines: list[str], head: str, path: str, table: Mapping[str, Any]) -> None:
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    own = {key: value for key, value in table.items() if key not in inner}
    if own or not inner:
        lines += [head, *(f"{_key(key)} = {_inline(value)}" for key, value in own.items()), ""]
    for key, value in inner.items():
        _section(lines, f"[{path}.{_key(key)}]", f"{path}.{_key(key)}", value)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
    return key if bare else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_inline(one)}" for key, one in value.items()) + " }"
    return value.isoformat() if isinstance(value, date | time) else repr(value)
