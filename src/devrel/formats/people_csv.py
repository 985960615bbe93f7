"""Reads people tables (CSV) as a program describes them. Everything wrong in all files is reported at once.

The values of columns that are sensitive or free text are never part of a problem.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve, field, frozen

from devrel.errors import InputError, Problem, nearest
from devrel.formats._column_uses import uses_of
from devrel.formats._people_rows import ReadPerson, Row, RowReader
from devrel.people import Known, Organization, circles
from devrel.programs.design import Program
from devrel.programs.intake import Register, TableSpec, spec_of
from devrel.programs.said import people_named

_MANY, _NAMED = 4, 3
_SPREADSHEET = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


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
            not exist, people ranked or excluded who do not, people who report to themselves in a circle; when the
            program has no tables.
    """
    problems = list(earlier)
    if sources and not program.tables:
        remedy = 'Add a table: [tables.people] with id = "the column of the id".'
        raise InputError([*problems, Problem("the program does not say what is in the people tables", remedy)])
    read = [person for source in sources for person in _file(program, source, problems)]
    if not sources and not problems:
        problems.append(Problem("no people were given", "Name at least one people table."))
    problems += _duplicates(read)
    if not any(problem.column is None or problem.row == 1 for problem in problems):
        # Everything was read; otherwise a manager may be in what was not, and these would be false.
        problems += _unknown_managers(read)
        problems += _circular(read)
        problems += _unknown_named(program, read)
    if problems:
        places = {source.name: place for place, source in enumerate(sources)}
        problems.sort(key=lambda problem: (places.get(problem.file or "", -1), problem.row or 0))
        raise InputError(_grouped(problems))
    return Register(
        Organization(entry.person for entry in read),
        {entry.person.id: entry.role for entry in read if entry.takes_part},
        {entry.person.id: entry.capacity for entry in read if entry.capacity is not None},
    )


def _grouped(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield the problems, those that many rows of a column have alike as one with the first rows."""
    groups: dict[Problem, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(evolve(problem, row=problem.row and 1), []).append(problem)
    for alike in groups.values():
        first, *others = alike
        if len(others) < _MANY or first.column is None:
            yield from alike
            continue
        rows = ", ".join(str(one.row) for one in others[:_NAMED])
        yield evolve(first, wrong=f"{first.wrong}, here and in {len(others)} more rows: {rows} and so on")


def _file(program: Program, source: Source, problems: list[Problem]) -> list[ReadPerson]:
    found: list[Problem] = []
    text = _text(source, found)
    read: list[ReadPerson] = []
    if text is not None:
        table, rows = _table(program, source.name, text, source.table, found)
        if table is not None:
            read = [RowReader(program, table, row, found).person() for row in rows]
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
) -> tuple[TableSpec | None, list[Row]]:
    table = _recognised(program, file, text, name, problems)
    if table is None:
        return None, []
    try:
        lines = list(_lines(text, table.delimiter))
    except csv.Error as error:
        remedy = "Check the quotes: every opening quote needs a closing one."
        problems.append(Problem(f"this is not a CSV file: {error}", remedy, file=file))
        return None, []
    if not lines:
        problems.append(Problem("the file is empty", "Export the table again, with its header.", file=file))
        return None, []
    header = _header(lines[0][1])
    if not _columns_there(program, table, file, lines, problems):
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
    try:
        return _header(next(cells for _, cells in _lines(text, delimiter)))
    except (StopIteration, csv.Error):
        return []


def _other_delimiter(table: TableSpec, header: str) -> str:
    """Return what to do about a header that did not fall apart."""
    found = {"semicolon": header.count(";"), "comma": header.count(","), "tab": header.count("\t")}
    best = max(found, key=lambda name: found[name])
    if not found[best]:
        return "Export the table again, with a header and a column for each fact."
    return f'It holds {found[best]} of another separator: say [tables.{table.name}] delimiter = "{best}".'


def _where_header(table: TableSpec, lines: Sequence[tuple[int, list[str]]]) -> str:
    """Return what to do about a first row that has none of the needed columns; it may hold somebody's data."""
    needed = set(table.needed)
    counts = {row: len(needed & set(_header(cells))) for row, cells in lines[1:5]}
    best = max(counts, key=lambda row: counts[row], default=None)
    if best is not None and 2 * counts[best] > len(needed):
        return f"The header seems to be row {best}: remove the rows above it."
    return f"Add a header with the columns of table '{table.name}': {', '.join(table.needed)}."


def _columns_there(
    program: Program, table: TableSpec, file: str, lines: Sequence[tuple[int, list[str]]], problems: list[Problem]
) -> bool:
    header = _header(lines[0][1])
    good = True
    missing = [column for column in table.needed if column not in header]
    if missing and len(header) == 1 and len(table.needed) > 1:
        wrong = f"the header is one single column; table '{table.name}' needs {len(table.needed)}"
        problems.append(Problem(wrong, _other_delimiter(table, header[0]), file=file, row=1))
        return False
    if len(missing) == len(table.needed):
        problems.append(Problem("row 1 is not the header", _where_header(table, lines), file=file, row=1))
        return False
    # A cell of row 1 is named only where row 1 is a header for sure; else it might be somebody's data.
    sure = 2 * len(missing) <= len(table.needed)
    for column in missing:
        near = nearest(column, set(header) - set(table.needed)) if sure else None
        hint = (
            f"Is it '{near}'? Rename it, or correct the program's mapping."
            if near
            else f"Add it, or drop it from the program: {', '.join(uses_of(column, table, program))}."
        )
        problems.append(
            Problem(f"the column is missing for table '{table.name}'", hint, file=file, row=1, column=column)
        )
        good = False
    for column in sorted({column for column in header if header.count(column) > 1} & set(table.needed)):
        problems.append(
            Problem("the column stands there twice", "Rename or remove one.", file=file, row=1, column=column)
        )
        good = False
    return good


def _rows(file: str, header: list[str], lines: Sequence[tuple[int, list[str]]], problems: list[Problem]) -> list[Row]:
    rows = []
    for line, cells in lines:
        if len(cells) != len(header):
            wrong = f"the row has {len(cells)} cells and the header {len(header)}"
            problems.append(Problem(wrong, "Put quotes around cells that hold the separator.", file=file, row=line))
        else:
            rows.append(Row(file, line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    return rows


def _duplicates(read: Sequence[ReadPerson]) -> Iterator[Problem]:
    first: dict[str, Row] = {}
    for entry in read:
        before = first.setdefault(entry.person.id, entry.row)
        if before is not entry.row:
            wrong = f"the id is that of row {before.line} of {before.file} too"
            remedy = "Give each person one row; use a column for taking part as both."
            yield _problem(entry, entry.table.id, wrong, remedy)


def _unknown_managers(read: Sequence[ReadPerson]) -> Iterator[Problem]:
    known = {entry.person.id for entry in read}
    padded = {person.lstrip("0"): person for person in known}
    for entry in read:
        manager = entry.person.manager
        if manager is not None and manager not in known:
            wrong, remedy = "no person has this id as hers", "Add the manager's row, or leave the cell empty."
            if manager.lstrip("0") in padded:
                remedy = f"Did you mean '{padded[manager.lstrip('0')]}'? A spreadsheet may have cut the zeros."
            yield _problem(entry, entry.table.columns["manager"], wrong, remedy, manager)


def _unknown_named(program: Program, read: Sequence[ReadPerson]) -> Iterator[Problem]:
    """Find whom somebody ranks or excludes and who is not there: a misspelt exclusion would be none."""
    ids = {entry.person.id for entry in read}
    known = Known(ids)
    for entry in read:
        for attribute, other in people_named(entry.person, program.said):
            if other not in ids:
                private = spec_of(attribute, program.attributes).private
                remedy = "Correct the id, or leave it out." if private else known.instead_of(other)
                place = entry.row.file, entry.row.line, entry.table.columns[attribute]
                yield Problem("no person has this id", remedy, *place, value=None if private else other)


def _circular(read: Sequence[ReadPerson]) -> Iterator[Problem]:
    first = {entry.person.id: entry for entry in reversed(read)}
    found = set(circles({person: entry.person.manager for person, entry in first.items()}))
    for entry in read:
        if entry.person.id in found and first[entry.person.id] is entry:
            wrong = "this person reports to herself, through the managers above her"
            yield _problem(entry, entry.table.columns["manager"], wrong, "Correct one of the managers in the circle.")


def _problem(entry: ReadPerson, column: str, wrong: str, remedy: str, value: str | None = None) -> Problem:
    shown = entry.person.id if value is None else value
    return Problem(wrong, remedy, file=entry.row.file, row=entry.row.line, column=column, value=shown)
