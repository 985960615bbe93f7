"""Small programs and people tables for the tests of the edges; everybody in them is made up by the test."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PROGRAM = """
[program]
name = "Test mentoring"
kind = "mentoring"
purpose = "Learn."
contact = "office@sample.invalid"

[term]
start = 2026-02-02
months = 9

[cadence]
every = "2 weeks"
weekday = "Tuesday"
time = "10:00"
zone = "Europe/London"

[session]
minutes = 60

[attributes.level]
type = "ordered"
order = ["Junior", "Senior", "Head"]
required = true

[attributes.skills]
type = "list"
separator = ";"

[attributes.years]
type = "number"

[attributes.asked]
type = "yes-no"
sensitive = true

[attributes.faith]
type = "list"
sensitive = true

[attributes.story]
free_text = true

[tables.people]
id = "id"
name = ["first", "last"]
email = "mail"
role_column = "part"
capacity_column = "takes"

[tables.people.columns]
manager = "boss"
level = "grade"
department = "unit"
skills = "skills"
years = "years"
asked = "asked"
faith = "faith"
story = "story"
zone = "zone"

[recipients]
where = [{ attribute = "years", below = 5 }]

[providers]
where = [{ attribute = "level", at_least = "Senior" }]
capacity = 2

[[constraints]]
rule = "gap"
attribute = "level"
at_least = 1

[[criteria]]
name = "skills"
rule = "shared"
attribute = "skills"
weight = "high"

[[criteria]]
name = "faith"
rule = "offered"
wanted = "faith"
offered = "faith"
when = "asked"
weight = 7

[matching]
strategy = "optimal"
objective = "cover"
seed = 4

[proposals]
expire_after_days = 10
"""

HEADER = [
    *("id", "first", "last", "mail", "part", "takes", "boss", "grade", "unit"),
    *("skills", "years", "asked", "faith", "story", "zone"),
]

ROWS = [
    ["h1", "Head", "One", "h1@sample.invalid", "mentor", "2", "", "Head", "A", "sql; law", "9", "no", "x", "s1", ""],
    ["s1", "Senior", "One", "s1@sample.invalid", "both", "", "h1", "Senior", "B", "law", "2", "yes", "x", "s2", "UTC"],
    ["s2", "Senior", "Two", "", "mentor", "1", "h1", "senior", "A", "sql", "8", "", "y", "s3", ""],
    ["j1", "Junior", "One", "j1@sample.invalid", "mentee", "", "s1", "Junior", "B", "sql", "1", "yes", "y", "s4", ""],
    ["j2", "Junior", "Two", "j2@sample.invalid", "Mentee", "", "s2", "Junior", "A", "law;go", "0", "no", "", "s5", ""],
    ["j3", "Junior", "Three", "", "no", "", "s2", "Junior", "A", "", "0", "no", "", "s6", ""],
]


def as_csv(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue()


def changed(place: int, **cells: str) -> list[list[str]]:
    """The rows with some cells of one row changed."""
    rows = [list(row) for row in ROWS]
    for column, cell in cells.items():
        rows[place][HEADER.index(column)] = cell
    return rows


def write(folder: Path, program: str = PROGRAM, **tables: Any) -> tuple[Path, list[Path]]:
    """Write a program and tables (rows or bytes) to files; without tables, the usual rows."""
    path = folder / "program.toml"
    path.write_text(program, encoding="utf-8")
    paths = []
    for name, content in (tables or {"people": ROWS}).items():
        file = folder / f"{name}.csv"
        file.write_bytes(content if isinstance(content, bytes) else as_csv(content).encode())
        paths.append(file)
    return path, paths
