"""Reads people tables (CSV) as a program describes them. Everything wrong in all files is reported at once.

The values of columns that are sensitive or free text are never part of a problem.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import field, frozen

from devrel.errors import InputError, InvalidValue, Problem, did_you_mean, nearest
from devrel.people import CORE_ATTRIBUTES, Organization, Person, Role, Value, circles
from devrel.programs.design import Program
from devrel.programs.intake import AttributeSpec, AttributeType, Register, TableSpec
from devrel.terms import known_zone

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_ADDRESS = re.compile(r"[^\s@,;:<>\"]{1,64}@[^\s@,;:<>\"]{1,255}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_SPREADSHEET = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@frozen
class _Row:
    """One row of a table, cells by column."""

    file: str
    line: int
    cells: dict[str, str] = field(repr=False)


@frozen
class _Read:
    """One person as a row gives her."""

    row: _Row
    table: TableSpec
    person: Person
    role: Role | None
    takes_part: bool
    capacity: int | None


@frozen
class Source:
    """One people table as bytes.

    Attributes:
        name: The file's name, for the problems.
        data: What is in it.
        table: The name of the program's table that it is, or None to tell it by its columns.
    """

    name: str
    data: bytes = field(repr=False)
    table: str | None = None


def read_people(program: Program, paths: Sequence[Path]) -> Register:
    """Return everybody in the files at ``paths``; see ``loads_people``.

    Raises:
        InputError: With every problem of every file, unreadable files included.
    """
    problems: list[Problem] = []
    found = [source for path in paths if (source := read_source(path, path.name, None, problems)) is not None]
    return loads_people(program, found, problems)


def read_source(path: Path, name: str, table: str | None, problems: list[Problem]) -> Source | None:
    """Return the file at ``path``, or None with a problem where it cannot be read."""
    try:
        return Source(name, path.read_bytes(), table)
    except OSError as error:
        problems.append(Problem(f"the file cannot be read: {error.strerror}", "Check the path.", file=name))
        return None


def loads_people(program: Program, sources: Sequence[Source], earlier: Sequence[Problem] = ()) -> Register:
    """Return everybody in the given tables.

    Args:
        program: Says which column of which table is what.
        sources: The tables.
        earlier: Problems that were found before, to be told with the others.

    Raises:
        InputError: With every problem of every table: missing columns, wrong values, duplicate ids, managers who do
            not exist, people who report to themselves in a circle.
    """
    problems = list(earlier)
    read = [person for source in sources for person in _file(program, source, problems)]
    if not sources and not problems:
        problems.append(Problem("no people were given", "Name at least one people table."))
    problems += _duplicates(read)
    problems += _unknown_managers(read)
    problems += _circular(read)
    if problems:
        raise InputError(problems)
    return Register(
        Organization(entry.person for entry in read),
        {entry.person.id: entry.role for entry in read if entry.takes_part},
        {entry.person.id: entry.capacity for entry in read if entry.capacity is not None},
    )


def _file(program: Program, source: Source, problems: list[Problem]) -> list[_Read]:
    found: list[Problem] = []
    text = _text(source, found)
    read: list[_Read] = []
    if text is not None:
        table, rows = _table(program, source.name, text, source.table, found)
        if table is not None:
            read = [_RowReader(program, table, row, found).person() for row in rows]
            if not rows and not found:
                found.append(Problem("the table has a header but no people", "Add a row a person.", file=source.name))
    problems += found
    return read


def _text(source: Source, problems: list[Problem]) -> str | None:
    wrong = _no_table(source.data)
    if wrong is not None:
        problems.append(Problem(*wrong, file=source.name))
        return None
    try:
        return source.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.data[: error.start].count(b"\n") + 1
        remedy = 'Save it as UTF-8 ("CSV UTF-8" in a spreadsheet).'
        problems.append(Problem("the file is not encoded as UTF-8", remedy, file=source.name, row=line))
        return None


def _no_table(data: bytes) -> tuple[str, str] | None:
    """Return what is wrong with the bytes of a table and what to do, or None."""
    if not data.strip():
        return "the file is empty", "Export the table again, with its header."
    if data.startswith(_SPREADSHEET):
        return "this is a spreadsheet and not a CSV file", "Save it as CSV (UTF-8)."
    if b"\0" in data:
        return "this is not a CSV file, or it is encoded as UTF-16", "Save it as CSV in UTF-8."
    return None


def _table(
    program: Program, file: str, text: str, name: str | None, problems: list[Problem]
) -> tuple[TableSpec | None, list[_Row]]:
    table = _recognised(program, file, text, name, problems)
    if table is None:
        return None, []
    try:
        lines = list(_lines(text, table.delimiter))
    except csv.Error as error:
        remedy = "Check the quotes: every opening quote needs a closing one."
        problems.append(Problem(f"this is not a CSV file: {error}", remedy, file=file))
        return None, []
    header = _header(lines[0][1])
    if not _columns_there(table, file, header, problems):
        return None, []
    return table, _rows(file, header, lines[1:], problems)


def _header(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it starts on; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _recognised(program: Program, file: str, text: str, name: str | None, problems: list[Problem]) -> TableSpec | None:
    """Return the table that a file is: the named one, or the one all of whose columns it has."""
    tables = {table.name: table for table in program.tables}
    if name is not None:
        return tables[name]
    have = {table.name: set(_first_line(text, table.delimiter)) for table in program.tables}
    whole = [table for table in program.tables if set(table.needed) <= have[table.name]]
    most = max((len(table.needed) for table in whole), default=0)
    best = [table for table in whole if len(table.needed) == most]
    if len(best) > 1:
        listed = ", ".join(table.name for table in best)
        remedy = f"Say which it is: --people {best[0].name}={file}."
        problems.append(Problem(f"the file could be any of the tables {listed}", remedy, file=file))
        return None
    if best:
        return best[0]
    return max(program.tables, key=lambda table: len(set(table.needed) & have[table.name]) / len(table.needed))


def _first_line(text: str, delimiter: str) -> list[str]:
    for line in text.splitlines():
        if line.strip():
            return _header(next(csv.reader([line], delimiter=delimiter)))
    return []


def _columns_there(table: TableSpec, file: str, header: list[str], problems: list[Problem]) -> bool:
    good = True
    missing = [column for column in table.needed if column not in header]
    if missing and len(header) == 1 and len(table.needed) > 1:
        wrong = f"the header is one single column; table '{table.name}' needs {len(table.needed)}"
        remedy = f'If the cells stand apart by semicolons, say [tables.{table.name}] delimiter = "semicolon".'
        problems.append(Problem(wrong, remedy, file=file, row=1))
        return False
    for column in missing:
        near = nearest(column, set(header) - set(table.needed))
        hint = (
            f"Is it '{near}'? Rename it, or correct the program's mapping."
            if near
            else "Add it, or drop it from the program."
        )
        problems.append(Problem(f"the column is missing for table '{table.name}'", hint, file=file, column=column))
        good = False
    for column in sorted({column for column in header if header.count(column) > 1} & set(table.needed)):
        problems.append(Problem("the column stands there twice", "Rename or remove one.", file=file, column=column))
        good = False
    return good


def _rows(file: str, header: list[str], lines: Sequence[tuple[int, list[str]]], problems: list[Problem]) -> list[_Row]:
    rows = []
    for line, cells in lines:
        if len(cells) != len(header):
            wrong = f"the row has {len(cells)} cells and the header {len(header)}"
            problems.append(Problem(wrong, "Put quotes around cells that hold the separator.", file=file, row=line))
        else:
            rows.append(_Row(file, line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    return rows


class _RowReader:
    """Turns one row into a person; whatever is wrong becomes a problem."""

    def __init__(self, program: Program, table: TableSpec, row: _Row, problems: list[Problem]) -> None:
        self._program = program
        self._table = table
        self._row = row
        self._problems = problems

    def person(self) -> _Read:
        """Return the person; with problems, as much of her as could be read."""
        table = self._table
        values = {attribute: self._value(attribute, column) for attribute, column in table.columns.items()}
        core = {name: values[name] for name in CORE_ATTRIBUTES if values.get(name) is not None}
        more = {name: value for name, value in values.items() if name not in CORE_ATTRIBUTES and value is not None}
        hidden = {name for name in more if self._program.attributes.get(name, AttributeSpec()).sensitive}
        person = Person(
            id=self._id(),
            name=" ".join(filter(None, (self._cell(column) for column in table.names))),
            email=self._email(),
            attributes={name: value for name, value in more.items() if name not in hidden},
            sensitive={name: value for name, value in more.items() if name in hidden},
            **core,  # type: ignore[arg-type]
        )
        takes_part, role = self._role()
        return _Read(self._row, table, person, role, takes_part, self._capacity())

    def _cell(self, column: str) -> str:
        return self._row.cells[column]

    def _id(self) -> str:
        found = self._cell(self._table.id)
        if not found:
            self._wrong(self._table.id, "the id is empty", "Give every person an id.")
        elif _UNPRINTABLE.search(found):
            self._wrong(self._table.id, "the id holds control characters", "Remove them.")
        return found or f"row {self._row.line} of {self._row.file}"

    def _email(self) -> str | None:
        column = self._table.email
        if column is None or not self._cell(column):
            return None
        if not _ADDRESS.fullmatch(self._cell(column)):
            self._wrong(column, "this is not an e-mail address", "Write it as name@example.org, or leave it empty.")
            return None
        return self._cell(column)

    def _role(self) -> tuple[bool, Role | None]:
        """Return whether the person takes part, and on which side she wants to stand."""
        table, words = self._table, self._program.words
        if table.role_column is not None:
            known: dict[str, tuple[bool, Role | None]] = dict.fromkeys(_folded(words.neither), (False, None))
            known |= dict.fromkeys(_folded(words.provider), (True, Role.PROVIDER))
            known |= dict.fromkeys(_folded(words.recipient), (True, Role.RECIPIENT))
            known |= dict.fromkeys(_folded(words.both), (True, Role.BOTH))
            cell = self._cell(table.role_column).casefold()
            if cell and cell not in known:
                self._wrong(table.role_column, "this is no way to take part", did_you_mean(cell, known))
            return known.get(cell, (False, None))
        if table.both_column is not None and self._yes_no(table.both_column, None):
            return True, Role.BOTH
        return True, table.role

    def _capacity(self) -> int | None:
        column = self._table.capacity_column
        if column is None or not self._cell(column):
            return None
        if not self._cell(column).isdecimal():
            self._wrong(column, "this is not a whole number of at least 0", "Write how many people, like 2.")
            return None
        return int(self._cell(column))

    def _value(self, attribute: str, column: str) -> Value | None:
        spec = self._program.attributes.get(attribute, AttributeSpec())
        cell = self._cell(column)
        if not cell and spec.type is not AttributeType.YES_NO:
            if spec.required:
                self._wrong(column, "the cell is empty", f"Fill it in: '{attribute}' is required.")
            return None
        if attribute == "level" and spec.type not in {AttributeType.NUMBER, AttributeType.ORDERED}:
            return self._whole(column, cell, spec)
        if attribute == "zone":
            return self._zone(column, cell, spec)
        return self._typed(column, cell, spec, whole=attribute == "level")

    def _typed(self, column: str, cell: str, spec: AttributeSpec, *, whole: bool) -> Value | None:
        if spec.type is AttributeType.NUMBER:
            return self._whole(column, cell, spec) if whole else self._number(column, cell, spec)
        if spec.type is AttributeType.ORDERED:
            rank = spec.rank(cell)
            if rank is None:
                remedy = f"Known: {', '.join(spec.order)}." if spec.private else did_you_mean(cell, spec.order)
                self._wrong(column, "this is not in the known order", remedy, spec)
            return rank
        if spec.type is AttributeType.LIST:
            return tuple(dict.fromkeys(filter(None, (item.strip() for item in cell.split(spec.separator)))))
        if spec.type is AttributeType.YES_NO:
            return self._yes_no(column, spec)
        return cell

    def _whole(self, column: str, cell: str, spec: AttributeSpec) -> int | None:
        number = self._number(column, cell, spec)
        if number is None or number == int(number):
            return None if number is None else int(number)
        self._wrong(column, "this is not a whole number", "Write it without a fraction, like 3.", spec)
        return None

    def _number(self, column: str, cell: str, spec: AttributeSpec) -> float | None:
        if not _NUMBER.fullmatch(cell):
            self._wrong(column, "this is not a number", "Write it in digits, like 3 or 2.5.", spec)
            return None
        return float(cell) if "." in cell else int(cell)

    def _zone(self, column: str, cell: str, spec: AttributeSpec) -> str | None:
        try:
            known_zone(cell)
        except InvalidValue as error:
            remedy = error.remedy if not spec.private else "Take an IANA name like 'Europe/London'"
            self._wrong(column, "this is not an IANA time zone", f"{remedy[:1].upper()}{remedy[1:]}.", spec)
            return None
        return cell

    def _yes_no(self, column: str, spec: AttributeSpec | None) -> bool:
        cell, words = self._cell(column).casefold(), self._program.words
        if cell in _folded(words.yes):
            return True
        if cell and cell not in _folded(words.no):
            known = ", ".join((*words.yes, *words.no))
            self._wrong(column, "this is neither a yes nor a no", f"Known: {known}.", spec)
        return False

    def _wrong(self, column: str, wrong: str, remedy: str, spec: AttributeSpec | None = None) -> None:
        remedy = remedy.replace("..", ".").replace("?.", "?")
        value = None if (spec is not None and spec.private) or not self._cell(column) else self._cell(column)
        self._problems.append(
            Problem(wrong, remedy, file=self._row.file, row=self._row.line, column=column, value=value)
        )


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.casefold() for word in words)


def _duplicates(read: Sequence[_Read]) -> Iterator[Problem]:
    first: dict[str, _Row] = {}
    for entry in read:
        before = first.setdefault(entry.person.id, entry.row)
        if before is not entry.row:
            wrong = f"the id is that of row {before.line} of {before.file} too"
            remedy = "Give each person one row; use a column for taking part as both."
            yield _problem(entry, entry.table.id, wrong, remedy)


def _unknown_managers(read: Sequence[_Read]) -> Iterator[Problem]:
    known = {entry.person.id for entry in read}
    for entry in read:
        manager = entry.person.manager
        if manager is not None and manager not in known:
            wrong, remedy = "no person has this id as hers", "Add the manager's row, or leave the cell empty."
            yield _problem(entry, entry.table.columns["manager"], wrong, remedy, manager)


def _circular(read: Sequence[_Read]) -> Iterator[Problem]:
    found = set(circles({entry.person.id: entry.person.manager for entry in read}))
    for entry in read:
        if entry.person.id in found:
            wrong = "this person reports to herself, through the managers above her"
            yield _problem(entry, entry.table.columns["manager"], wrong, "Correct one of the managers in the circle.")


def _problem(entry: _Read, column: str, wrong: str, remedy: str, value: str | None = None) -> Problem:
    shown = entry.person.id if value is None else value
    return Problem(wrong, remedy, file=entry.row.file, row=entry.row.line, column=column, value=shown)
