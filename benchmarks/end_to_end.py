"""Row a: the whole job of the command line, from the start of the process to its end."""

from __future__ import annotations

import csv
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from processes import finish
from table import Line, duration

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "examples" / "civil-service" / "program.toml"
DATA = ROOT.parent / "shared" / "data"
NAMES = ("civil_service_mentees.csv", "civil_service_mentors.csv")

RUNS = 5
TARGET = 3.0
SEED = 2026

_GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")
_PROFESSIONS = ("Finance", "Law", "Planning", "Research", "Support")
_GROUPS = ("Group A", "Group B", "Group C", "Group D", "Group E", "Group F")


def lines() -> Iterator[Line]:
    """Measure ``devrel run`` on 500 mentees and 500 mentors."""
    with tempfile.TemporaryDirectory() as folder:
        given = all((DATA / name).exists() for name in NAMES)
        tables = [DATA / name for name in NAMES] if given else generated_tables(Path(folder), 500, SEED)
        rows = " + ".join(str(_rows(table)) for table in tables)
        runs = [_run(tables, Path(folder) / f"out{i}") for i in range(RUNS + 1)][1:]
        seconds = [run[0] for run in runs]
        source = (
            "tables of ../shared/data" if given else f"tables generated from seed {SEED} (../shared/data is missing)"
        )
        yield Line(
            "a",
            f"end to end: `devrel run` of the civil service example, {rows} rows, interpreter start included",
            seconds,
            max(run[1] for run in runs),
            f"{source}; {runs[-1][2]} pairs; one warm-up before",
            f"under {duration(TARGET)}",
            sorted(seconds)[RUNS // 2] < TARGET,
        )


def _rows(table: Path) -> int:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def _run(tables: list[Path], out: Path) -> tuple[float, int, int]:
    """Return the seconds, the peak memory and the number of pairs of one run."""
    people = [part for table in tables for part in ("--people", table)]
    devrel = Path(sys.executable).with_name("devrel")
    finished = finish([devrel, "run", PROGRAM, *people, "--out", out, "--today", "2026-01-05"])
    seal = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    return finished.seconds, finished.peak, seal["counts"]["pairs"]


def generated_tables(folder: Path, count: int, seed: int) -> list[Path]:
    """Write a table of generated mentees and one of generated mentors; nobody in them exists."""
    draw = random.Random(seed)
    paths = [folder / name for name in NAMES]
    for path, side in zip(paths, ("mentee", "mentor"), strict=True):
        rows = [_generated_row(draw, side, i) for i in range(count)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return paths


def _generated_row(draw: random.Random, side: str, i: int) -> dict[str, str]:
    row = {
        "first name": f"generated {side}",
        "last name": f"{i:03d}",
        "email address": f"{side}.{i:03d}@sample.invalid",
        "both mentor and mentee": draw.choice(("yes", "no")),
        "job title": "generated role",
        "grade": draw.choice(_GRADES[:9] if side == "mentee" else _GRADES[2:]),
        "organisation": f"Organisation {draw.randint(1, 6)}",
        "profession": draw.choice(_PROFESSIONS),
    }
    if side == "mentee":
        row["match with similar identity"] = draw.choice(("yes", "no"))
        row["identity to match"] = draw.choice(("", *_GROUPS))
    else:
        row["characteristics"] = ", ".join(draw.sample(_GROUPS, draw.randint(0, 3)))
    row["biography"] = f"A generated {side}; nobody of this name exists."
    return row
