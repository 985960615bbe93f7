"""Turns one row of a people table into a person; whatever is wrong becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from attrs import field, frozen

from devrel.errors import InvalidValue, Problem, did_you_mean
from devrel.kinds import KINDS, Side
from devrel.people import CORE_ATTRIBUTES, Person, Role, Value
from devrel.programs.design import Program
from devrel.programs.intake import AttributeSpec, AttributeType, TableSpec, spec_of
from devrel.terms import known_zone

_COUNT = re.compile(r"[0-9]{1,6}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
ADDRESS = re.compile(r"[^\s@,;:<>?&\"\x00-\x20\x7f]{1,64}@[^\s@,;:<>?&\"\x00-\x20\x7f]{1,255}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


@frozen
class Row:
    """One row of a table, cells by column."""

    file: str
    line: int
    cells: dict[str, str] = field(repr=False)


@frozen
class ReadPerson:
    """One person as a row gives her."""

    row: Row
    table: TableSpec
    person: Person
    role: Role | None
    takes_part: bool
    capacity: int | None


class RowReader:
    """Turns one row into a person; whatever is wrong becomes a problem."""

    def __init__(self, program: Program, table: TableSpec, row: Row, problems: list[Problem]) -> None:
        self._program = program
        self._table = table
        self._row = row
        self._problems = problems

    def person(self) -> ReadPerson:
        """Return the person; with problems, as much of her as could be read."""
        table = self._table
        values = {attribute: self._value(attribute, column) for attribute, column in table.columns.items()}
        core = {name: values[name] for name in CORE_ATTRIBUTES if values.get(name) is not None}
        more = {name: value for name, value in values.items() if name not in CORE_ATTRIBUTES and value is not None}
        hidden = {name for name in more if spec_of(name, self._program.attributes).sensitive}
        person = Person(
            id=self._id(),
            name=" ".join(filter(None, (self._cell(column) for column in table.names))),
            email=self._email(),
            attributes={name: value for name, value in more.items() if name not in hidden},
            sensitive={name: value for name, value in more.items() if name in hidden},
            **core,  # type: ignore[arg-type]
        )
        takes_part, role = self._role()
        return ReadPerson(self._row, table, person, role, takes_part, self._capacity())

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
        if not ADDRESS.fullmatch(self._cell(column)):
            self._wrong(column, "this is not an e-mail address", "Write it as name@example.org, or leave it empty.")
            return None
        return self._cell(column)

    def _role(self) -> tuple[bool, Role | None]:
        """Return whether the person takes part, and on which side she wants to stand."""
        table, words, titles = self._table, self._program.words, self._program.titles
        if table.role_column is not None:
            known: dict[str, tuple[bool, Role | None]] = dict.fromkeys(_folded(words.neither), (False, None))
            known |= dict.fromkeys(_folded((titles.provider, *words.provider)), (True, Role.PROVIDER))
            known |= dict.fromkeys(_folded((titles.recipient, *words.recipient)), (True, Role.RECIPIENT))
            known |= dict.fromkeys(_folded(words.both), (True, Role.BOTH))
            cell = self._cell(table.role_column).casefold()
            if cell and cell not in known:
                self._wrong(table.role_column, "this is no way to take part", self._other_words(cell, known))
            return known.get(cell, (False, None))
        if table.both_column is not None and self._yes_no(table.both_column, None):
            return True, Role.BOTH
        return True, table.role

    def _other_words(self, cell: str, known: Iterable[str]) -> str:
        """Return what to do about a word that is none; the title of another kind is no misspelt one of this kind."""
        kind = self._program.kind
        side = next((side for other in KINDS for side in Side if other.titles.of(side).casefold() == cell), None)
        if side is None:
            return f"{did_you_mean(cell, known)} Other words go into [words] of the program."
        titles = " and ".join(kind.titles.of(one) for one in (Side.PROVIDER, Side.RECIPIENT))
        return f'In {kind.name} they are {titles}. Write that, or add yours: [words] {side.value} = ["{cell}"].'

    def _capacity(self) -> int | None:
        column = self._table.capacity_column
        if column is None or not self._cell(column):
            return None
        if not _COUNT.fullmatch(self._cell(column)):
            self._wrong(column, "this is not a whole number of at least 0", "Write how many people, like 2.")
            return None
        return int(self._cell(column))

    def _value(self, attribute: str, column: str) -> Value | None:
        spec = spec_of(attribute, self._program.attributes)
        cell = self._cell(column)
        if not cell and spec.required:
            self._wrong(column, "the cell is empty", f"Fill it in: '{attribute}' is required.")
        if not cell and (spec.required or spec.type is not AttributeType.YES_NO):
            return None
        if attribute == "zone":
            return self._zone(column, cell, spec)
        return self._typed(column, cell, spec, whole=attribute == "level")

    def _typed(self, column: str, cell: str, spec: AttributeSpec, *, whole: bool) -> Value | None:
        if spec.type is AttributeType.NUMBER:
            return self._whole(column, cell, spec) if whole else self._number(column, cell, spec)
        if spec.type is AttributeType.ORDERED:
            rank = spec.rank(cell)
            if rank is None:
                remedy = (
                    f"Known: {', '.join(spec.order)}." if spec.private else did_you_mean(cell, spec.order, ordered=True)
                )
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
