"""Reads a program file (TOML) into a ``Program``. Everything wrong with it is reported at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

from attrs import fields

from devrel.errors import InputError, InvalidValue, Problem, did_you_mean
from devrel.formats._people_rows import ADDRESS
from devrel.formats._program_clauses import read_clauses
from devrel.formats._program_policies import read_head, read_matching, read_policies
from devrel.formats._program_rules import Attributes, Names, read_constraint, read_criterion, read_intake, read_said
from devrel.formats._program_writer import written
from devrel.formats._section import Section
from devrel.kinds import KINDS, MENTORING, RelationshipKind
from devrel.kinds.brought import KIND_GROUP
from devrel.kinds.neighbours import neighbour_in
from devrel.matching.strategies import strategy_named
from devrel.matching.worth import Objective
from devrel.people import CORE_ATTRIBUTES, Role
from devrel.plugins import PluginError
from devrel.programs.design import Program
from devrel.programs.intake import AttributeSpec, AttributeType, TableSpec, Words, spec_of
from devrel.terms import Cadence, HolidayRule, Term, Unit, Weekday, known_zone

_START = date(2000, 1, 3)
_MEND = "Mend or uninstall the package, or name another."
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", ",": ",", ";": ";"}
_EVERY = re.compile(r"(?:(\d{1,3}) )?(week|month)s?")


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
    except (ValueError, RecursionError) as error:
        told = f": {error}" if isinstance(error, tomllib.TOMLDecodeError) else ""
        remedy = "Correct the line: texts stand in quotes, dates are written 2026-03-01 without."
        raise InputError([Problem(f"this is not TOML{told}", remedy, file=file)]) from None
    problems: list[Problem] = []
    program = _program(Section(data, problems, file))
    if problems or program is None:
        raise InputError(problems)
    return program


def dumps_program(program: Program) -> str:
    """Return a program as a program file that reads back equal; comments are nobody's field and do not come back.

    The text is read again before it is returned, so that nothing is ever lost silently.

    Raises:
        InvalidValue: When the format has no word for something: a constraint, a criterion or a kind that neither the
            library nor an installed package announces, a single session with a day of its own to end on.

    >>> from devrel.programs.presets import preset
    >>> program = loads_program(preset("sponsorship").text(date(2027, 1, 4)))
    >>> loads_program(dumps_program(program)) == program
    True
    """
    text = written(program)
    try:
        again = loads_program(text)
    except InputError as error:
        first = error.problems[0]
        where = first.column or "program"
        raise InvalidValue(where, f"cannot be written: {first.wrong}", "keep the program in Python") from None
    for name in _lost(program, again):
        raise InvalidValue(name, "has something that a program file cannot say", "keep the program in Python")
    return text


def _lost(program: Program, again: Program) -> Iterator[str]:
    """Yield the fields, and the clauses, that are not the same in a program that was read again."""
    for name in sorted({*program.clauses, *again.clauses}):
        if program.clauses.get(name) != again.clauses.get(name):
            yield f"clauses.{name}"
    yield from (one.name for one in fields(Program) if getattr(program, one.name) != getattr(again, one.name))


def _program(root: Section) -> Program | None:
    head = root.section("program")
    name = head.text("name", "program", needed=True)
    kind = _kind(head)
    purpose = head.text("purpose", "")
    contact = _address(head, "contact")
    attributes = _attributes(root.section("attributes"))
    tables = _tables(root.section("tables"), attributes)
    term = _term(root.section("term"))
    cadence, holidays = _cadence(root.section("cadence"))
    session = root.section("session")
    minutes = session.whole("minutes", 60, 5, 480)
    words = _words(root.section("words"))
    names = Names(attributes, tables)
    recipients, providers = (read_intake(root.section(side), names) for side in ("recipients", "providers"))
    rules = tuple(filter(None, [read_constraint(part, names) for part in root.sections("constraints")]))
    criteria = tuple(filter(None, [read_criterion(part, names) for part in root.sections("criteria")]))
    _twice(root, "constraints", [rule.name for rule in rules])
    _twice(root, "criteria", [criterion.shown_name for criterion in criteria])
    said = read_said(root.section("said"), names)
    matching = root.section("matching")
    strategy, parameters = _strategy(matching)
    objective = matching.choice("objective", {item.value: item for item in Objective}, Objective.COVER)
    seed = matching.whole("seed", 0, 0, 2**63 - 1)
    lifted = matching.texts("lift")
    school = _school(head, kind)
    clauses = read_clauses(root.section("agreement"), term)
    policies = read_head(head) | read_matching(matching) | read_policies(root, names)
    proposals = root.section("proposals")
    answer_days = proposals.whole("expire_after_days", 14, 1, 3650)
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
        school=school,
        lifted=lifted,
        criteria=criteria,
        strategy=strategy,
        parameters=parameters,
        objective=objective,
        seed=seed,
        answer_days=answer_days,
        clauses=clauses,
        holidays=holidays,
        said=said,
        attributes=attributes,
        tables=tables,
        words=words,
        **policies,
    )


def _kind(section: Section) -> RelationshipKind:
    """Return the kind that is named, the library's own or that of an installed package.

    A neighbour of development relationships is refused as one (K005).
    """
    name = section.raw_value("kind")
    neighbour = neighbour_in(name) if isinstance(name, str) else None
    if neighbour is not None:
        remedy = "Refer people to it, and keep it out of the program; devrel explain K005 says why."
        section.problem("kind", f"{neighbour} is a neighbour of development relationships and no kind", remedy, name)
        return MENTORING
    try:
        brought = KIND_GROUP.get(name) if isinstance(name, str) else None
    except PluginError as error:
        section.problem("kind", str(error), _MEND)
        return MENTORING
    known: dict[str, RelationshipKind | None] = {kind.name: kind for kind in KINDS}
    known |= dict.fromkeys(KIND_GROUP.names(), brought)
    return section.choice("kind", known, MENTORING, needed=True, instead=KIND_GROUP.instead) or MENTORING


def _school(section: Section, kind: RelationshipKind) -> str | None:
    name = section.text("school")
    known = {school.name: school.name for school in kind.schools}
    if name is None or name in known:
        return name
    remedy = did_you_mean(name, known) if known else f"Leave it out: {kind.name} has none to choose from."
    section.problem("school", "is not a school of the kind", remedy, name)
    return None


def _address(section: Section, key: str) -> str | None:
    address = section.text(key)
    if address is not None and not ADDRESS.fullmatch(address):
        section.problem(key, "is not an e-mail address", "Write it as name@example.org.", address)
        return None
    return address


def _term(section: Section) -> Term | None:
    """Return the term, or None where anything about it is wrong, so that no day is judged by another one."""
    start = section.day("start", _START, needed=True)
    lengths = [key for key in ("months", "end", "single", "open_ended") if key in section]
    months, end = section.whole("months", 1, 1, 1200), section.day("end", start)
    single, open_ended = section.yes("single"), section.yes("open_ended")
    section.close()
    chosen = [key for key in lengths if key not in {"single", "open_ended"} or section.raw_value(key) is True]
    if len(lengths) != 1 or not chosen:
        several = len(lengths) > 1
        wrong = f"says it in several ways: {', '.join(lengths)}" if several else "does not say how long it is"
        section.problem("", wrong, "Give one of months = 6, end = 2026-12-31, single = true, open_ended = true.")
        return None
    if not section.sound:
        return None
    if single:
        return section.build(Term.single_session, start)
    if open_ended:
        return section.build(Term, start)
    if "end" in section:
        return section.build(Term, start, end)
    return section.build(Term.of_months, start, months)


def _cadence(section: Section) -> tuple[Cadence | None, frozenset[date]]:
    said = section.text("every", "month") or ""
    every = _EVERY.fullmatch(said)
    if every is None:
        section.problem("every", "is not a cadence", 'Write it as "week", "2 weeks", "month" or "3 months".', said)
    weekday = section.choice("weekday", {day.value: day for day in Weekday}, None)
    at = section.time("time", time(10))
    zone = section.text("zone", "UTC")
    known = section.build(known_zone, zone, value=zone)
    rule = section.choice("on_holiday", _ON_HOLIDAY, HolidayRule.SKIP)
    holidays = section.days("holidays")
    section.close()
    if every is None or known is None:
        return None, holidays
    return section.build(Cadence, int(every[1] or 1), Unit(every[2]), weekday, at, zone, rule), holidays


_ON_HOLIDAY = {"skip": HolidayRule.SKIP, "move": HolidayRule.MOVE, "keep": HolidayRule.KEEP}


def _words(section: Section) -> Words:
    words = Words(**{one.name: section.texts(one.name, getattr(Words(), one.name)) for one in fields(Words)})
    section.close()
    return words


def _attributes(section: Section) -> dict[str, AttributeSpec]:
    return {name: spec for name, part in section.named_sections() if (spec := _attribute(name, part)) is not None}


_LEVELS = (AttributeType.NUMBER, AttributeType.ORDERED)


def _attribute(name: str, part: Section) -> AttributeSpec | None:
    spec = part.build(
        AttributeSpec,
        type=part.choice("type", {item.value: item for item in AttributeType}, spec_of(name, {}).type),
        order=part.texts("order"),
        separator=part.text("separator", ","),
        sensitive=part.yes("sensitive"),
        free_text=part.yes("free_text"),
        required=part.yes("required"),
    )
    part.close()
    types = _LEVELS if name == "level" else (AttributeType.TEXT,)
    if spec is not None and name in CORE_ATTRIBUTES and "type" in part and spec.type not in types:
        known = " or ".join(item.value for item in types)
        remedy = f"Make it {known}, or give the attribute another name."
        part.problem("type", f"does not fit {name!r}", remedy, spec.type.value)
    if spec is not None and spec.private and name in CORE_ATTRIBUTES:
        wrong = f"{name!r} is a plain fact of a person and cannot be kept private"
        part.problem("", wrong, "Map the column under another attribute's name.")
    return spec


def _tables(section: Section, attributes: Attributes) -> tuple[TableSpec, ...]:
    found = [_table(name, part, attributes) for name, part in section.named_sections()]
    tables = tuple(table for table in found if table is not None)
    mapped = {attribute for table in tables for attribute in table.columns}
    for attribute in attributes:
        if attribute not in mapped and tables:
            remedy = f"Map it in a table's columns, or drop it. {did_you_mean(attribute, mapped) if mapped else ''}"
            section.problem("", f"no table has a column for the attribute {attribute!r}", remedy)
    return tables


def _table(name: str, part: Section, attributes: Attributes) -> TableSpec | None:
    sides = {role.value: role for role in Role}
    columns = part.section("columns").texts_by_key()
    for attribute in columns:
        near = difflib.get_close_matches(attribute, CORE_ATTRIBUTES, n=1, cutoff=0.8)
        if near and attribute not in CORE_ATTRIBUTES and attribute not in attributes:
            remedy = f"Did you mean {near[0]!r}? If not, declare it: [attributes.{attribute}]."
            part.problem(f"columns.{attribute}", f"is nearly {near[0]!r}, which every person has", remedy)
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


def _strategy(section: Section) -> tuple[str, dict[str, Any]]:
    name = section.text("strategy", "optimal") or "optimal"
    parameters = section.section("parameters").raw()
    try:
        section.build(strategy_named, name, parameters)
    except PluginError as error:
        section.problem("strategy", str(error), _MEND)
    return name, parameters


def _twice(root: Section, key: str, listed: list[str]) -> None:
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        root.problem(key, f"two are called {name!r}", "Give each a name of its own, or drop one.")
