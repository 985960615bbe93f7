"""Reads a program file (TOML) into a ``Program``. Everything wrong with it is reported at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from devrel.errors import InputError, Problem, did_you_mean
from devrel.formats._section import Section
from devrel.kinds import KINDS, MENTORING
from devrel.matching.constraints import (
    Alike,
    Constraint,
    Different,
    Gap,
    NotInReportingLine,
    NotOwnManager,
    NotSameManager,
)
from devrel.matching.criteria import Criterion, Differs, Near, Offered, Same, Shared, Weight
from devrel.matching.problem import Objective
from devrel.matching.strategies import strategy_named
from devrel.people import CORE_ATTRIBUTES, Role
from devrel.programs.design import Program
from devrel.programs.intake import AttributeSpec, AttributeType, Condition, Intake, TableSpec, Words
from devrel.terms import Cadence, Term, Unit, Weekday

_START = date(2000, 1, 3)
_WEIGHTS = {weight.value: weight for weight in Weight}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_EVERY = re.compile(r"(?:(\d{1,3}) )?(week|month)s?")
_ADDRESS = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+")

Attributes = Mapping[str, AttributeSpec]


def read_program(path: Path) -> Program:
    """Return the program in the file at ``path``.

    Raises:
        InputError: With every problem of the file: unknown keys and values (the nearest known one is named), missing
            keys, values of the wrong type, rules that contradict each other.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = Problem(f"the file cannot be read: {error.strerror}", "Check the path.", file=path.name)
        raise InputError([problem]) from None
    return loads_program(data, file=path.name)


def loads_program(text: str | bytes, *, file: str = "program") -> Program:
    """Return the program in ``text`` (bytes are UTF-8); ``file`` is the name that problems give."""
    try:
        data = tomllib.loads(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problem = Problem("the file is not encoded as UTF-8", "Save it as UTF-8.", file=file)
        raise InputError([problem]) from None
    except tomllib.TOMLDecodeError as error:
        wrong = f"this is not TOML: {error}"
        raise InputError([Problem(wrong, "Correct the line; texts stand in quotes.", file=file)]) from None
    problems: list[Problem] = []
    program = _program(Section(data, problems, file))
    if problems or program is None:
        raise InputError(problems)
    return program


def _program(root: Section) -> Program | None:
    head = root.section("program")
    name = head.text("name", "program", needed=True)
    kind = head.choice("kind", {kind.name: kind for kind in KINDS}, MENTORING, needed=True)
    purpose = head.text("purpose", "")
    contact = _address(head, "contact")
    attributes = _attributes(root.section("attributes"))
    tables = _tables(root.section("tables"), attributes)
    term = _term(root.section("term"))
    cadence = _cadence(root.section("cadence"))
    session = root.section("session")
    minutes = session.whole("minutes", 60, 5)
    words = _words(root.section("words"), kind.titles.provider, kind.titles.recipient)
    names = _Names(attributes, tables)
    recipients, providers = (_intake(root.section(side), names) for side in ("recipients", "providers"))
    rules = tuple(filter(None, [_constraint(part, names) for part in root.sections("constraints")]))
    criteria = tuple(filter(None, [_criterion(part, names) for part in root.sections("criteria")]))
    _twice(root, "constraints", [rule.name for rule in rules])
    _twice(root, "criteria", [criterion.shown_name for criterion in criteria])
    matching = root.section("matching")
    strategy, parameters = _strategy(matching)
    objective = matching.choice("objective", {item.value: item for item in Objective}, Objective.COVER)
    seed = matching.whole("seed", 0, 0)
    lifted = matching.texts("lift")
    proposals = root.section("proposals")
    answer_days = proposals.whole("expire_after_days", 14, 1)
    for section in (head, session, matching, proposals, root):
        section.close()
    return matching.build(
        Program,
        name=name,
        kind=kind,
        term=term or Term(_START),
        cadence=cadence or Cadence(),
        minutes=minutes,
        purpose=purpose,
        contact=contact,
        recipients=recipients,
        providers=providers,
        rules=rules,
        lifted=lifted,
        criteria=criteria,
        strategy=strategy,
        parameters=parameters,
        objective=objective,
        seed=seed,
        answer_days=answer_days,
        attributes=attributes,
        tables=tables,
        words=words,
    )


def _address(section: Section, key: str) -> str | None:
    address = section.text(key)
    if address is not None and not _ADDRESS.fullmatch(address):
        section.problem(key, "is not an e-mail address", "Write it as name@example.org.", address)
        return None
    return address


def _term(section: Section) -> Term | None:
    start = section.day("start", _START, needed=True)
    lengths = [key for key in ("months", "end", "single", "open_ended") if key in section]
    months, end = section.whole("months", 1, 1), section.day("end", start)
    single, open_ended = section.yes("single"), section.yes("open_ended")
    section.close()
    if len(lengths) != 1:
        wrong = "does not say how long it is" if not lengths else f"says it in several ways: {', '.join(lengths)}"
        section.problem("", wrong, "Give one of months = 6, end = 2026-12-31, single = true, open_ended = true.")
        return None
    if single:
        return Term.single_session(start)
    if open_ended:
        return Term(start)
    if "end" in section:
        return section.build(Term, start, end)
    return section.build(Term.of_months, start, months) if "months" in section else Term(start)


def _cadence(section: Section) -> Cadence | None:
    said = section.text("every", "month") or ""
    every = _EVERY.fullmatch(said)
    if every is None:
        section.problem("every", "is not a cadence", 'Write it as "week", "2 weeks", "month" or "3 months".', said)
    weekday = section.choice("weekday", {day.value: day for day in Weekday}, None)
    at = section.time("time", time(10))
    zone = section.text("zone", "UTC")
    section.close()
    if every is None:
        return None
    return section.build(Cadence, int(every[1] or 1), Unit(every[2]), weekday, at, zone)


def _words(section: Section, provider: str, recipient: str) -> Words:
    plain = Words()
    words = Words(
        yes=section.texts("yes", plain.yes),
        no=section.texts("no", plain.no),
        provider=(provider, *section.texts("provider", plain.provider)),
        recipient=(recipient, *section.texts("recipient", plain.recipient)),
        both=section.texts("both", plain.both),
        neither=section.texts("neither", plain.neither),
    )
    section.close()
    return words


def _attributes(section: Section) -> dict[str, AttributeSpec]:
    return {name: spec for name, part in section.named_sections() if (spec := _attribute(name, part)) is not None}


def _attribute(name: str, part: Section) -> AttributeSpec | None:
    spec = part.build(
        AttributeSpec,
        type=part.choice("type", {item.value: item for item in AttributeType}, AttributeType.TEXT),
        order=part.texts("order"),
        separator=part.text("separator", ","),
        sensitive=part.yes("sensitive"),
        free_text=part.yes("free_text"),
        required=part.yes("required"),
    )
    part.close()
    if spec is not None and spec.private and name in CORE_ATTRIBUTES:
        wrong = f"{name!r} is a plain fact of a person and cannot be kept private"
        part.problem("", wrong, "Map the column under another attribute's name.")
    return spec


def _tables(section: Section, attributes: Attributes) -> tuple[TableSpec, ...]:
    found = [_table(name, part, attributes) for name, part in section.named_sections()]
    tables = tuple(table for table in found if table is not None)
    if not found:
        section.problem("", "is missing", 'Add a table: [tables.people] with id = "the column of the id".')
    mapped = {attribute for table in tables for attribute in table.columns}
    for attribute in attributes:
        if attribute not in mapped and tables:
            remedy = f"Map it in a table's columns, or drop it. {did_you_mean(attribute, mapped) if mapped else ''}"
            section.problem("", f"no table has a column for the attribute {attribute!r}", remedy)
    return tables


def _table(name: str, part: Section, attributes: Attributes) -> TableSpec | None:
    sides = {role.value: role for role in Role}
    columns = part.section("columns").texts_by_key()
    for reserved in sorted({"id", "name", "email"} & set(columns)):
        part.problem(f"columns.{reserved}", "is no attribute", f"Move it up: {reserved} = ... in [{part.path}].")
    spec = part.build(
        TableSpec,
        name=name,
        id=part.text("id", "id", needed=True),
        columns=columns,
        names=part.texts("name"),
        email=part.text("email"),
        role=part.choice("role", sides, None),
        role_column=part.text("role_column"),
        both_column=part.text("both_column"),
        capacity_column=part.text("capacity_column"),
        delimiter=part.choice("delimiter", _DELIMITERS, ","),
    )
    if "role" in part and "role_column" in part:
        part.problem(
            "role_column", "contradicts role", "Keep role where the whole table is on one side, else role_column."
        )
    if "both_column" in part and "role" not in part:
        part.problem("both_column", "has no side to add to", 'Say on which side the table is: role = "recipient".')
    part.close()
    if spec is not None:
        _private_columns(part, spec, attributes)
    return spec


def _private_columns(part: Section, spec: TableSpec, attributes: Attributes) -> None:
    """Refuse a column that is private under one attribute and plain under another name."""
    plain = [*spec.names, spec.id, spec.email, spec.role_column, spec.both_column, spec.capacity_column]
    for attribute, column in spec.columns.items():
        others = [spec.columns[other] for other in spec.columns if other != attribute]
        if attributes.get(attribute, AttributeSpec()).private and column in [*plain, *others]:
            wrong = f"the column is private as {attribute!r} and is mapped a second time"
            part.problem(f"columns.{attribute}", wrong, "Map a private column once.", column)


class _Names:
    """The attributes that rules and conditions may name."""

    def __init__(self, attributes: Attributes, tables: tuple[TableSpec, ...]) -> None:
        mapped = [attribute for table in tables for attribute in table.columns]
        self.specs = {name: attributes.get(name, AttributeSpec()) for name in mapped}

    def sensitive(self, *names: str | None) -> bool:
        return any(name is not None and name in self.specs and self.specs[name].sensitive for name in names)

    def ask(
        self, part: Section, key: str, default: str | None = None, *, types: tuple[AttributeType, ...] = ()
    ) -> str | None:
        """Return the attribute named at ``key``; an unknown one, or one of another type, is a problem."""
        name = part.text(key, default, needed=default is None)
        if name is None:
            return None
        if name not in self.specs:
            part.problem(key, "is no attribute of the people", did_you_mean(name, self.specs), name)
            return None
        if types and self.specs[name].type not in types:
            wanted = " or ".join(item.value for item in types)
            part.problem(
                key, f"is not of type {wanted}", f'Give it one: [attributes.{name}] type = "{types[0].value}".', name
            )
            return None
        return name

    def public(
        self, part: Section, key: str, default: str | None = None, *, types: tuple[AttributeType, ...] = ()
    ) -> str | None:
        """Return the attribute named at ``key``, which must not be sensitive."""
        name = self.ask(part, key, default, types=types)
        if self.sensitive(name):
            remedy = "Sensitive data may be weighed in a criterion; it is never used to shut people or pairs out."
            part.problem(key, "is sensitive", remedy, name)
            return None
        return name


_NUMBERS = (AttributeType.NUMBER, AttributeType.ORDERED)


def _intake(section: Section, names: _Names) -> Intake:
    where = tuple(filter(None, [_condition(part, names) for part in section.sections("where")]))
    intake = Intake(where, section.whole("capacity", 1, 1))
    section.close()
    return intake


def _condition(part: Section, names: _Names) -> Condition | None:
    attribute = names.public(part, "attribute")
    spec = names.specs.get(attribute or "", AttributeSpec())
    limits = {key: _limit(part, key, spec) for key in ("at_least", "at_most", "below", "above")}
    one_of = part.values("one_of")
    if spec.order:
        one_of = tuple(_place(part, "one_of", value, spec) for value in one_of)
    part.close()
    if attribute is None:
        return None
    if spec.type not in _NUMBERS and any(limit is not None for limit in limits.values()):
        part.problem(
            "attribute", "has no numbers to compare", f'Say [attributes.{attribute}] type = "number".', attribute
        )
        return None
    return part.build(Condition, attribute, one_of, **limits)


def _limit(part: Section, key: str, spec: AttributeSpec) -> float | None:
    if key not in part or not spec.order:
        return part.number(key)
    return _place(part, key, part.text(key), spec)


def _place(part: Section, key: str, word: object, spec: AttributeSpec) -> int | None:
    rank = spec.rank(str(word)) if word is not None else None
    if rank is None and word is not None:
        part.problem(key, "is not in the attribute's order", did_you_mean(str(word), spec.order), word)
    return rank


def _constraint(part: Section, names: _Names) -> Constraint | None:
    known: dict[str, Callable[[], Constraint | None]] = {
        "different": lambda: _of_attribute(part, names, Different),
        "same": lambda: _of_attribute(part, names, Alike),
        "gap": lambda: _gap(part, names),
        "not-own-manager": NotOwnManager,
        "not-same-manager": NotSameManager,
        "not-in-reporting-line": NotInReportingLine,
    }
    make = part.choice("rule", known, None, needed=True)
    if make is None:
        return None
    rule = make()
    part.close()
    return rule


def _of_attribute(part: Section, names: _Names, rule: Callable[[str], Constraint]) -> Constraint | None:
    attribute = names.public(part, "attribute")
    return rule(attribute) if attribute else None


def _gap(part: Section, names: _Names) -> Constraint | None:
    attribute = names.public(part, "attribute", "level", types=_NUMBERS)
    limits = part.number("at_least"), part.number("at_most")
    return part.build(Gap, attribute, *limits) if attribute else None


def _criterion(part: Section, names: _Names) -> Criterion | None:
    known: dict[str, Callable[[dict[str, Any]], Criterion | None]] = {
        "same": lambda common: _one(part, names, Same, common),
        "different": lambda common: _one(part, names, Differs, common),
        "shared": lambda common: _one(part, names, Shared, common, types=(AttributeType.LIST,)),
        "offered": lambda common: _offered(part, names, common),
        "near": lambda common: _near(part, names, common),
    }
    make = part.choice("rule", known, None, needed=True)
    common = {"name": part.text("name", ""), "weight": _weight(part), "minimum": part.number("minimum", 1.0)}
    if make is None:
        return None
    criterion = make(common)
    part.close()
    return criterion


def _weight(part: Section) -> Weight | float:
    raw = part.raw_value("weight")
    if isinstance(raw, str) or raw is None:
        return part.choice("weight", _WEIGHTS, Weight.MEDIUM)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and raw > 0:
        return raw
    part.problem("weight", "is not a weight", 'Say "must", "high", "medium", "low" or a number above 0.', raw)
    return Weight.MEDIUM


def _one(
    part: Section, names: _Names, rule: Any, common: dict[str, Any], *, types: tuple[AttributeType, ...] = ()
) -> Criterion | None:
    attribute = names.ask(part, "attribute", types=types)
    if attribute is None:
        return None
    return part.build(rule, attribute, sensitive=names.sensitive(attribute), **common)


def _offered(part: Section, names: _Names, common: dict[str, Any]) -> Criterion | None:
    lists = (AttributeType.LIST, AttributeType.TEXT)
    wanted, offered = names.ask(part, "wanted", types=lists), names.ask(part, "offered", types=lists)
    conditional = part.text("when") is not None
    when = names.ask(part, "when", types=(AttributeType.YES_NO,)) if conditional else None
    if wanted is None or offered is None or (conditional and when is None):
        return None
    return part.build(Offered, wanted, offered, when, sensitive=names.sensitive(wanted, offered, when), **common)


def _near(part: Section, names: _Names, common: dict[str, Any]) -> Criterion | None:
    attribute = names.ask(part, "attribute", "level", types=_NUMBERS)
    wanted, within = part.number("wanted", 0), part.number("within", 3)
    if attribute is None:
        return None
    return part.build(Near, attribute, wanted, within, sensitive=names.sensitive(attribute), **common)


def _strategy(section: Section) -> tuple[str, dict[str, Any]]:
    name = section.text("strategy", "optimal") or "optimal"
    parameters = section.section("parameters").raw()
    section.build(strategy_named, name, parameters)
    return name, parameters


def _twice(root: Section, key: str, listed: list[str]) -> None:
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        root.problem(key, f"two are called {name!r}", "Give each a name of its own, or drop one.")
