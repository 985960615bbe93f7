"""The main job end to end, the files it writes, and what it leaves when something goes wrong."""

from __future__ import annotations

import ast
import csv
import json
import os
import pty
import random
import re
import select
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import vobject
from attrs import evolve
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from devrel import cli
from devrel.errors import DevrelError, InputError, OutputExists
from devrel.formats import folder
from devrel.formats.json import loads_relationships
from devrel.formats.program_toml import loads_program
from devrel.formats.results import dumps_provenance, harmless
from devrel.kinds import MENTORING, MUTUAL_MENTORING, Side
from devrel.lifecycle import Stage
from devrel.matching.strategy import installed_version
from devrel.matching.worth import Objective
from devrel.people import Role
from devrel.programs.proposals import slot, slots
from devrel.programs.sample import sample_people
from devrel.run import FILES, Refused, run, versions
from devrel.run.inputs import misfits
from devrel.terms import Cadence, Weekday
from devrel.validation import Severity
from tests.tables import HEADER, PROGRAM, ROWS, changed, write

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
TODAY = date(2026, 1, 5)
real = pytest.mark.skipif(not DATA.is_dir(), reason="the public tables are not beside the project")


def job(path: Path, program: str = PROGRAM, out: str = "out", **more):
    tables = {name: more.pop(name) for name in list(more) if name not in {"force", "progress"}}
    program_file, people = write(path, program, **tables)
    return run(program_file, people, path / out, today=TODAY, **more)


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def devrel_command(*arguments: object) -> object:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def test_the_main_job_writes_its_five_files(tmp_path):
    """Matches, reasons, relationships, calendar and provenance are written and agree with each other."""
    summary = job(tmp_path)
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    matches = cells(out / "matches.csv")
    relationships = loads_relationships((out / "relationships.json").read_text(encoding="utf-8"))
    assert relationships == summary.relationships
    assert {one.stage for one in relationships} == {Stage.PROPOSED}
    assert [row["relationship_id"] for row in matches] == [one.id for one in relationships]
    for row, one in zip(matches, relationships, strict=True):
        assert (row["mentee_id"], row["mentor_id"]) == (one.people(Side.RECIPIENT)[0], one.people(Side.PROVIDER)[0])
        assert one.state.respond_by.date() == date(2026, 1, 15)
    calendar = vobject.readOne((out / "sessions.ics").read_text(encoding="utf-8"))
    assert len(calendar.vevent_list) == len(matches)
    provenance = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    for name, facts in provenance["outputs"].items():
        assert facts["sha256"] == sha256((out / name).read_bytes()).hexdigest()
    assert set(provenance["outputs"]) == set(FILES[:-1])
    assert provenance["inputs"]["people.csv"]["sha256"] == sha256((tmp_path / "people.csv").read_bytes()).hexdigest()
    assert (provenance["seed"], provenance["strategy"], provenance["today"]) == (4, "optimal", "2026-01-05")
    assert "matched    2 of 3 mentees (67 %) with" in summary.to_text()


def test_everybody_enrolled_is_in_a_file(tmp_path):
    """Each enrolled person is among the matches or among the unmatched with a reason; nobody is in neither."""
    summary = job(tmp_path)
    matches, unmatched = (cells(tmp_path / "out" / name) for name in FILES[:2])
    seen = {row[key] for row in matches for key in ("mentee_id", "mentor_id")} | {row["id"] for row in unmatched}
    assert {enrollment.person for enrollment in summary.enrollments} == seen
    assert all(row["reason"].startswith("As a ") and row["cause"] for row in unmatched)


def test_those_who_asked_and_may_not_are_in_a_file_and_in_the_summary(tmp_path):
    """A mentee with too many years is not enrolled, and is told in the table and the summary with the condition."""
    text = job(tmp_path, people=changed(4, years="7")).to_text()
    row = next(row for row in cells(tmp_path / "out" / "unmatched.csv") if row["id"] == "j2")
    assert (row["as"], row["cause"]) == ("mentee", "not admitted")
    assert row["reason"] == "As a mentee: the program asks for years below 5."
    assert "not admitted 1: As a mentee: the program asks for years below 5." in text


def test_a_program_without_a_session_is_told(tmp_path):
    """A term that ends before its first meeting is a warning; the calendar is still a calendar."""
    summary = job(tmp_path, PROGRAM.replace("months = 9", "end = 2026-02-02"))
    assert "D004" in {finding.code for finding in summary.findings}
    assert "BEGIN:VEVENT" not in (tmp_path / "out" / "sessions.ics").read_text()


def test_the_command_refuses_what_the_system_would(tmp_path):
    """A day beyond the calendar and a name that no folder can have end in status 2, without a traceback."""
    program, (people,) = write(tmp_path)
    for more in (["--out", tmp_path / "o", "--today", "9999-12-31"], ["--out", tmp_path / ("x" * 300)]):
        result = devrel_command("run", program, "--people", people, *more)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Traceback" not in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv", "program.toml"]


def test_nobody_is_asked_to_be_in_two_sessions_at_once(tmp_path):
    """The one mentor of two mentees meets them at different times, which do not overlap."""
    people = [_without_boss(row) for row in ROWS if row[0] in {"h1", "j1", "j2"}]
    summary = job(tmp_path, people=people)
    assert len(summary.relationships) == 2
    first, second = (one.planned_sessions() for one in summary.relationships)
    assert len(first) == len(second) == 20
    assert all(one.end <= other.start for one, other in zip(first, second, strict=True))


def test_nobody_gets_more_than_the_program_allows(tmp_path):
    """A mentor who offers nine places gets as many mentees as the program's limit, and the rest is told why."""
    head = [["h1", *ROWS[0][1:4], "mentor", "9", *ROWS[0][6:]]]
    mentees = [[f"n{i}", "N", str(i), "", "mentee", "", "", "Junior", "B", "sql", *ROWS[3][10:]] for i in range(6)]
    summary = job(tmp_path, f"{PROGRAM}\n[capacity]\nmost = 3\n", people=[*head, *mentees])
    assert Counter(pair.provider for pair in summary.matching.pairs) == {"h1": 3}
    assert "6 places are wanted and the mentors offer 3" in summary.to_text()
    assert "with 3 places" in summary.to_text()


def test_a_mutual_kind_gets_one_relationship_for_two_people(tmp_path):
    """Where both stand on both sides, two people get one relationship between them, and the files name it."""
    program = PROGRAM.replace('kind = "mentoring"', 'kind = "mutual-mentoring"')
    program = program.replace("at_least = 1\n", "at_least = -2\n", 1).replace(
        'at_least = "Senior"', 'at_least = "Junior"'
    )
    people = [[*row[:4], "both", "1", "", *row[7:]] for row in ROWS if row[0] in {"s1", "j1"}]
    summary = job(tmp_path, program, people=people)
    (one,) = summary.relationships
    assert sorted((party.person, party.role) for party in one.parties) == [("j1", Role.BOTH), ("s1", Role.BOTH)]
    matches = cells(tmp_path / "out" / "matches.csv")
    assert {(row["mentee_id"], row["mentor_id"]) for row in matches} == {("j1", "s1"), ("s1", "j1")}
    assert {row["relationship_id"] for row in matches} == {one.id}
    assert {"D005": Severity.ADVICE}.items() <= {found.code: found.severity for found in summary.findings}.items()


def test_peers_of_a_mutual_kind_are_one_pool(tmp_path):
    """With the strategy 'peers', people of a mutual kind get one pair and one relationship, now and in a second run."""
    program = PROGRAM.replace('kind = "mentoring"', 'kind = "mutual-mentoring"').replace('"optimal"', '"peers"')
    program = program.replace("at_least = 1\n", "at_least = -2\n", 1).replace(
        'at_least = "Senior"', 'at_least = "Junior"'
    )
    people = [[*row[:4], "both", "1", "", *row[7:]] for row in ROWS]
    summary = job(tmp_path, program, people=people)
    pairs = {(row["mentee_id"], row["mentor_id"]) for row in cells(tmp_path / "out" / "matches.csv")}
    assert pairs == set(summary.matching.ids)
    assert len(summary.relationships) == len(pairs) > 0
    assert all(party.role is Role.BOTH for one in summary.relationships for party in one.parties)
    seen = [person for pair in pairs for person in pair]
    assert len(seen) == len(set(seen))
    everybody = {one.person for one in summary.enrollments}
    assert set(seen) | set(summary.matching.unmatched) == everybody
    assert f"{len(seen)} of {len(everybody)}" in summary.to_text()
    alone = cells(tmp_path / "out" / "unmatched.csv")
    assert {row["as"] for row in alone} == {"peer"}
    assert all(row["reason"].startswith("As a peer") for row in alone if row["cause"] != "not admitted")
    assert "D005" not in {found.code for found in summary.findings}
    again = run(
        tmp_path / "program.toml",
        [tmp_path / "people.csv"],
        tmp_path / "again",
        today=TODAY,
        relationship_files=[tmp_path / "out" / "relationships.json"],
    )
    assert not {person for pair in again.matching.ids for person in pair} & set(seen)
    circles = program.replace("[proposals]", '[matching.parameters]\nsize = "2-3"\n\n[proposals]')
    with pytest.raises(InputError, match=r"program.toml, matching.parameters.size: a size makes circles"):
        job(tmp_path, circles, "circles", people=people)
    one_way = program.replace("mutual-mentoring", "mentoring")
    with pytest.raises(InputError, match=r"matching.strategy: 'peers' is for mutual kinds, and mentoring is none"):
        job(tmp_path, one_way, "one way", people=people)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("vwxyz")), unique=True))
def test_slots_never_collide(pairs):
    """However people are paired, nobody has one slot twice."""
    chosen = slots(pairs)
    taken = [(person, number) for pair, number in zip(pairs, chosen, strict=True) for person in pair]
    assert len(set(taken)) == len(taken)
    assert len(chosen) == len(pairs)


def test_slots_go_on_through_the_week():
    """Later slots follow on the same day until six, then on the next working day; more than a week's are refused."""
    cadence = Cadence(weekday=Weekday.FRIDAY)
    times = [(slot(cadence, 60, number).weekday.value, slot(cadence, 60, number).at.hour) for number in range(10)]
    assert times[:8] == [("Friday", hour) for hour in range(10, 18)]
    assert times[8:] == [("Monday", 10), ("Monday", 11)]
    with pytest.raises(DevrelError, match="more sessions than one week"):
        slot(cadence, 60, 40)
    with pytest.raises(DevrelError, match="give the cadence a weekday"):
        slot(Cadence(), 60, 8)
    assert len({(slot(cadence, 90, n).weekday, slot(cadence, 90, n).at) for n in range(25)}) == 25


def test_the_same_input_gives_the_same_bytes_in_any_order(tmp_path):
    """Rows in another order, and another day's clock, change no file but the hashes of the inputs."""
    job(tmp_path)
    job(tmp_path, out="again", people=[ROWS[0], *ROWS[:0:-1]])
    for name in FILES[:-1]:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_results_are_not_replaced_without_force(tmp_path):
    """A folder with results is refused before anything is read; with force every file is replaced, others stay."""
    job(tmp_path)
    mine = tmp_path / "out" / "mine.txt"
    mine.write_text("keep")
    before = (tmp_path / "out" / "provenance.json").read_bytes()
    with pytest.raises(OutputExists, match=r"already has matches\.csv.*--force"):
        job(tmp_path, PROGRAM.replace("seed = 4", "seed = 5"))
    assert (tmp_path / "out" / "provenance.json").read_bytes() == before
    job(tmp_path, PROGRAM.replace("seed = 4", "seed = 5"), force=True)
    assert b'"seed": 5' in (tmp_path / "out" / "provenance.json").read_bytes()
    assert mine.read_text() == "keep"
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(DevrelError, match="is a file; name a folder"):
        job(tmp_path, out="file")


@pytest.mark.parametrize("point", range(8))
@pytest.mark.parametrize("there", [False, True], ids=["new", "replacing"])
def test_a_crash_half_way_leaves_no_half_written_file(tmp_path, monkeypatch, point, there):
    """Whichever write or move fails: every file is whole, old or new, and a broken set has no seal."""
    files = {f"f{i}": bytes([65 + i]) * 9 for i in range(4)}
    new = {name: data.lower() for name, data in files.items()}
    target = tmp_path / "out"
    if there:
        folder.write_all(target, files)
    steps = iter(range(100))

    def failing(real):
        def step(*arguments, **named):
            if next(steps) == point:
                raise OSError(28, "No space left on device")
            return real(*arguments, **named)

        return step

    monkeypatch.setattr(os, "fsync", failing(os.fsync))
    monkeypatch.setattr(Path, "replace", failing(Path.replace))
    monkeypatch.setattr(Path, "rename", failing(Path.rename))
    try:
        folder.write_all(target, new, force=True)
        failed = False
    except DevrelError as error:
        failed = True
        assert "No space left on device" in str(error)
    found = {path.name: path.read_bytes() for path in target.iterdir()} if target.exists() else {}
    assert all(data in {files[name], new[name]} for name, data in found.items())
    if failed:
        assert found in ({}, files) or "f3" not in found
    else:
        assert found == new
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_bad_input_is_told_and_nothing_is_written(tmp_path):
    """Faults in the people end in exit status 2, with all of them on the error stream and no folder."""
    program, (people,) = write(tmp_path, people=changed(1, grade="x", mail="y"))
    result = devrel_command("run", program, "--people", people, "--out", tmp_path / "out", "--today", "2026-01-05")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("2 problems:\n")
    assert not (tmp_path / "out").exists()


def test_a_program_that_its_kind_forbids_is_refused(tmp_path):
    """Open-ended advising is an error of the design: exit status 1, nothing written; unusual mentoring is a warning."""
    open_ended = PROGRAM.replace("months = 9", "open_ended = true").replace('"mentoring"', '"advising"')
    advising = f'{open_ended}\n[words]\nprovider = ["mentor"]\nrecipient = ["mentee"]\n'
    with pytest.raises(Refused, match=r"error: advising is single session or time-limited, .* \(A001, term") as caught:
        job(tmp_path, advising)
    assert caught.value.findings[0].severity.value == "error"
    result = devrel_command(
        "run", tmp_path / "program.toml", "--people", tmp_path / "people.csv", "--out", tmp_path / "out"
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert not (tmp_path / "out").exists()
    short = job(tmp_path, PROGRAM.replace("months = 9", "months = 2"))
    assert [finding.code for finding in short.findings if finding.where == "term"] == ["A001"]
    assert "warning: mentoring is usually long-term" in short.to_text()


def test_findings_speak_of_starts_capacity_lifts_and_empty_sides(tmp_path):
    """A start in the past, too few places, a lifted constraint and a side without people are told with a remedy."""
    said = PROGRAM.replace("2026-02-02", "2025-02-02").replace("[matching]", '[matching]\nlift = ["not-own-manager"]')
    few = [row for row in ROWS if row[0] not in {"h1", "s2"}]
    rows = [_without_boss(row) for row in few]
    summary = job(tmp_path, said, people=rows)
    assert {"D001", "D003", "P001"} <= {finding.code for finding in summary.findings}
    notes = [line for line in summary.to_text().splitlines() if line.startswith("  note")]
    assert {"D001", "D003", "P001"} <= {line.split("(")[-1][:4] for line in notes}
    assert not any("(D01" in line for line in notes)
    assert "devrel check tells them" in summary.to_text()
    assert "3 places are wanted and the mentors offer 2" in summary.to_text()
    with pytest.raises(Refused, match=r"error: there are no mentors\. .*D002, providers"):
        job(tmp_path, people=[_without_boss(row) for row in ROWS[3:5]], force=True)


def _without_boss(row: list[str]) -> list[str]:
    place = HEADER.index("boss")
    return [*row[:place], "", *row[place + 1 :]]


def test_an_open_end_is_planned_for_a_year(tmp_path):
    """Mentoring may be open-ended; its draft calendar covers the first year."""
    job(tmp_path, PROGRAM.replace("months = 9", "open_ended = true"))
    text = (tmp_path / "out" / "sessions.ics").read_text()
    assert "COUNT=27" in text


def test_tables_can_be_named_on_the_command_line(tmp_path):
    """NAME=PATH says which table a file is; an unknown name is refused with the nearest."""
    program, (people,) = write(tmp_path)
    run(program, [f"people={people}"], tmp_path / "out", today=TODAY)
    with pytest.raises(InputError, match="Did you mean 'people'"):
        run(program, [f"peopel={people}"], tmp_path / "other", today=TODAY)


def test_files_of_one_name_are_told_apart(tmp_path):
    """Two tables of one name in two folders are both in the provenance, and their problems name the folder."""
    halves = {"a": ROWS[:2], "b": ROWS[2:]}
    paths = []
    for name, rows in halves.items():
        (tmp_path / name).mkdir()
        paths.append(write(tmp_path / name, people=rows)[1][0])
    run(tmp_path / "a" / "program.toml", paths, tmp_path / "out", today=TODAY)
    inputs = json.loads((tmp_path / "out" / "provenance.json").read_text())["inputs"]
    assert list(inputs) == ["program.toml", *map(str, paths)]
    with pytest.raises(InputError, match=r"b/people\.csv, row 2, column 'id': the id is that of row 2 of"):
        run(tmp_path / "a" / "program.toml", [paths[0], _copy(paths[0], paths[1])], tmp_path / "other", today=TODAY)
    with pytest.raises(InputError, match=r"none\.toml: the file cannot be read"):
        run(tmp_path / "none.toml", paths, tmp_path / "other", today=TODAY)


def _copy(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes())
    return target


def test_cells_that_look_like_formulas_are_made_harmless(tmp_path):
    """A name that a spreadsheet would run is written with an apostrophe before it; numbers stay as they are."""
    job(tmp_path, people=changed(3, first="=HYPERLINK(1)"))
    text = (tmp_path / "out" / "matches.csv").read_text() + (tmp_path / "out" / "unmatched.csv").read_text()
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text
    assert [harmless(cell) for cell in ("+1", "-x", "@a", "\ta", "0.5")] == ["'+1", "'-x", "'@a", "'\ta", "0.5"]


SECRETS = ("Quietfaith", "Otherfaith")
faiths = st.lists(st.sampled_from(SECRETS), max_size=2, unique=True).map("; ".join)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["yes", "no", ""]), faiths), min_size=6, max_size=6))
def test_sensitive_data_is_in_no_output(tmp_path_factory, private):
    """Whatever the sensitive columns and the free text hold, no file and no printed line has a word of it."""
    path = tmp_path_factory.mktemp("private")
    rows = [list(row) for row in ROWS]
    for row, (asked, faith) in zip(rows, private, strict=True):
        row[HEADER.index("asked")], row[HEADER.index("faith")] = asked, faith
        row[HEADER.index("story")] = "Quietfaith told in full"
    summary = job(path, people=rows)
    written = "".join((path / "out" / name).read_text(encoding="utf-8") for name in FILES)
    everything = written + summary.to_text() + repr(summary) + repr(summary.matching.pairs)
    assert not any(secret in everything for secret in SECRETS)
    assert all(row["score"] == "" for row in cells(path / "out" / "matches.csv"))
    assert "faith" not in (path / "out" / "matches.csv").read_text().splitlines()[0]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["yes", "no"]), faiths), min_size=2, max_size=2))
def test_sensitive_data_changes_nothing_that_is_shown_of_a_pair(tmp_path_factory, private):
    """With the pairs the same, other sensitive data gives the same bytes in every file but the hash of the input.

    There is one mentee and one mentor: who is matched cannot change, so nothing may.
    """
    rows = [list(row) for row in ROWS if row[0] in {"h1", "j1"}]
    rows[1][HEADER.index("boss")] = ""
    path = tmp_path_factory.mktemp("same")
    job(path, people=rows)
    other = [list(row) for row in rows]
    for row, (asked, faith) in zip(other, private, strict=True):
        row[HEADER.index("asked")], row[HEADER.index("faith")] = asked, faith
    first = job(path, out="a", people=rows).to_text()
    second = job(path, out="b", people=other).to_text()
    assert first.replace(f"{path}/a", "") == second.replace(f"{path}/b", "")
    for name in FILES[:-1]:
        assert (path / "a" / name).read_bytes() == (path / "b" / name).read_bytes()
    inputs = re.compile(r'"people.csv": \{[^}]*\}')
    seals = [inputs.sub("", (path / out / "provenance.json").read_text()) for out in "ab"]
    assert seals[0] == seals[1]


def test_no_clock_and_no_chance_inside_the_library():
    """No module but cli.py asks for the time or the date, and none uses the shared random state."""
    clocks = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
    clocks |= {("time", name) for name in ("monotonic", "localtime", "gmtime", "perf_counter")}
    found = []
    for path in (ROOT / "src" / "devrel").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                call = node.value.id, node.attr
                if call in clocks or (call[0] == "random" and call[1] != "Random") or call == ("np", "random"):
                    found.append((path.name, *call))
            if isinstance(node, ast.ImportFrom) and node.module in {"random", "secrets", "uuid", "time"}:
                found.append((path.name, "from", str(node.module)))
    assert {name for name, *_ in found} == {"cli.py"}


def test_the_clock_is_an_argument(tmp_path):
    """The same input under another system date, time zone and hash seed gives the same bytes when today is given."""
    program, (people,) = write(tmp_path)
    made = []
    for name, more in (
        ("a", {"TZ": "Pacific/Apia", "PYTHONHASHSEED": "1"}),
        ("b", {"TZ": "UTC", "PYTHONHASHSEED": "2"}),
    ):
        command = [sys.executable, "-c", "from devrel.cli import main; main()", "run", str(program)]
        command += ["--people", str(people), "--out", str(tmp_path / name), "--today", "2026-01-05"]
        done = subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True, check=True)
        made.append(
            {file: (tmp_path / name / file).read_bytes() for file in FILES} | {"said": done.stdout[:200].encode()}
        )
    assert made[0] == made[1]


@settings(max_examples=15)
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 2**32 - 1))
def test_every_date_that_is_written_comes_from_the_arguments(tmp_path_factory, today, seed):
    """For any day given, proposals and calendar carry that day and never the computer's; chance is left alone."""
    path = tmp_path_factory.mktemp("clock")
    program, people = write(path)
    random.seed(seed)
    np.random.seed(seed)
    before = random.getstate(), np.random.get_state()[1].tolist()
    summary = run(program, people, path / "out", today=today)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    assert {one.state.last.date() for one in summary.relationships} == {today}
    written = "".join((path / "out" / name).read_text(encoding="utf-8") for name in FILES)
    assert f"DTSTAMP:{today:%Y%m%d}T000000Z" in written
    real = date.today()
    allowed = {today, today + timedelta(days=10), summary.program.term.start, summary.program.term.end}
    assert real in allowed or not re.search(f"{real:%Y-%m-%d}|{real:%Y%m%d}T", written)


def test_importing_devrel_loads_nothing_heavy():
    """Importing the package, and using its records, loads neither numpy, scipy nor cattrs."""
    code = (
        "import sys, devrel; devrel.MENTORING, devrel.Relationship, devrel.comparison();"
        "print([m for m in ('numpy', 'scipy', 'cattrs', 'icalendar', 'click') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    light = "import sys, devrel; print(any(m.startswith('devrel.') and m != 'devrel._door' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", light], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_doors_offer_what_they_list():
    """Every listed name loads, is shown by dir(), and an unlisted one is an AttributeError."""
    import devrel.matching
    import devrel.programs

    for package in (devrel, devrel.matching, devrel.programs):
        assert package.__all__ == sorted(package.__all__, key=lambda name: (not name.isupper(), name))
        assert all(getattr(package, name) is not None for name in package.__all__)
        assert set(package.__all__) <= set(dir(package))
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            package.nothing  # noqa: B018


def test_kinds_are_printed_as_a_table_and_as_json():
    """The command prints the comparison table for people, and plain data for programs."""
    assert "single session" in devrel_command("kinds").stdout
    table = json.loads(devrel_command("kinds", "--json").stdout)
    assert list(table) == ["mentoring", "coaching", "advising", "sponsoring"]
    assert table["coaching"]["control"] == "coachee directed"


def test_the_demo_says_the_same_every_day(tmp_path):
    """The generated sample and the run on it print the same for a given day, and match most mentees."""
    said = []
    for name in "ab":
        assert devrel_command("sample", "--out", tmp_path / name).exit_code == 0
        done = devrel_command(
            *("run", tmp_path / name / "program.toml", "--people", tmp_path / name / "people.csv"),
            *("--out", tmp_path / name / "out", "--today", "2026-01-05"),
        )
        assert done.exit_code == 0, done.stderr
        said.append(done.stdout.replace(str(tmp_path / name), ""))
    assert said[0] == said[1]
    assert re.search(r"matched +65 of 79 mentees \(82 %\) with 50 mentors", said[0])
    assert "no eligible candidate" in said[0]
    assert devrel_command("sample", "--out", tmp_path / "a").exit_code == 2
    assert devrel_command("sample", "--out", tmp_path / "a", "--force", "--people", 50).exit_code == 0


@given(st.integers(2, 60), st.integers(0, 99))
def test_a_sample_is_an_organisation_whose_names_say_so(count, seed):
    """Generated people have a valid reporting line, say that they are a sample, and come from the seed alone."""
    rows = sample_people(count, seed)
    assert rows == sample_people(count, seed)
    assert len({row["id"] for row in rows}) == count
    assert all(row["name"].startswith("Sample Person") for row in rows)
    assert all(row["email"].endswith("@sample.invalid") for row in rows if row["email"])
    level = {row["id"]: int(row["level"]) for row in rows}
    assert all(level[row["manager"]] > level[row["id"]] for row in rows if row["manager"])


def test_breaking_off_by_hand_has_a_status_of_its_own(tmp_path, monkeypatch):
    """Ctrl-C ends with status 130 and a sentence, and leaves no folder."""
    program, (people,) = write(tmp_path)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("devrel.formats.folder.write_all", interrupted)
    result = devrel_command("run", program, "--people", people, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "broken off; no file is half-written\n")
    assert not (tmp_path / "out").exists()


def test_a_bar_shows_after_a_second_and_on_a_terminal_only():
    """On a terminal the bar appears once the patience is over, in the middle of a step too; elsewhere never."""
    code = (
        "import time\nfrom devrel.cli import _bar\n"
        "with _bar(patience=0.2) as progress:\n"
        "    progress('reading', 0, 7)\n    time.sleep(0.6)\n    progress('done', 7, 7)\n"
    )
    parent, child = pty.openpty()
    subprocess.run([sys.executable, "-c", code], stderr=child, check=True)
    time.sleep(0.1)
    assert b"reading" in os.read(parent, 10_000)
    os.close(child)
    quiet = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert quiet.stderr == b""
    quick = code.replace("0.6", "0.0")
    parent, child = pty.openpty()
    subprocess.run([sys.executable, "-c", quick], stderr=child, check=True)
    os.write(child, b"end")
    assert os.read(parent, 10_000) == b"end"
    os.close(child)


def test_the_bar_keeps_up_with_the_steps(monkeypatch):
    """Once shown, the bar follows the steps to the end; one that comes after the end shows nothing."""
    parent, child = pty.openpty()
    with os.fdopen(child, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        bar = cli._LateBar()
        bar.step("reading", 0, 7)
        bar.show()
        bar.step("writing", 6, 7)
        bar.close()
        bar.show()
        with cli._bar(patience=60) as progress:
            progress("reading", 0, 7)
        terminal.flush()
        shown = ""
        while "85%" not in shown and select.select([parent], [], [], 10)[0]:  # it may come in pieces
            shown += os.read(parent, 10_000).decode()
    assert "reading" in shown
    assert "85%" in shown
    assert shown.count("writing") == 1


def test_nobody_matched_has_no_mean_score(tmp_path):
    """Where no pair is possible, the files are written, empty but for the reasons, and the summary says so."""
    people = [_without_boss(row) for row in ROWS if row[0] in {"s2", "j1"}]
    program = PROGRAM.replace("at_least = 1\n", "at_least = 2\n", 1)
    summary = job(tmp_path, program, people=people)
    assert "mean score none, as nobody is matched" in summary.to_text()
    assert cells(tmp_path / "out" / "matches.csv") == []
    assert len(cells(tmp_path / "out" / "unmatched.csv")) == 2
    assert loads_relationships((tmp_path / "out" / "relationships.json").read_text()) == ()


def test_without_criteria_no_mean_is_told(tmp_path):
    """Where no criterion scores, or none that may be shown, the summary says so and speaks of no mean and no band."""
    bare = re.sub(r"\[\[criteria\]\]\n(.+\n)*", "", PROGRAM)
    told = job(tmp_path, bare).to_text()
    assert "mean score none, as there are no criteria" in told
    assert "low" not in told.split("mean score")[1].splitlines()[0]
    private = re.sub(r"\[\[criteria\]\]\nname = \"skills\"\n(.+\n)*", "", PROGRAM)
    assert "mean score none, as no criteria may be shown" in job(tmp_path, private, "private").to_text()
    assert "mean score 0." in job(tmp_path, out="with criteria").to_text()


def test_edits_are_in_the_provenance_that_is_written(tmp_path):
    """What an administrator changed before publishing stands in the provenance, in order; a run has changed nothing."""
    matching = job(tmp_path).matching
    assert json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["edits"] == []
    recipient, provider = matching.ids[0]
    edited = matching.with_barred([(recipient, provider)]).without([provider])
    written = dumps_provenance(
        edited, program="Circle", today="2026-01-05", inputs={}, outputs={}, versions={}, counts={}
    )
    assert json.loads(written)["edits"] == [
        {"action": "barred", "what": [f"{recipient}+{provider}"]},
        {"action": "without", "what": [provider]},
    ]


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """A path below a file is refused with the reason, and the command ends with status 2."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(DevrelError, match=r"cannot be written: .*; check the path"):
        job(tmp_path, out="file/out")


def test_a_package_that_is_not_installed_has_an_unknown_version():
    """The provenance says 'unknown' instead of failing where a distribution is missing."""
    assert installed_version("no-such-distribution") == "unknown"
    assert versions()["numpy"] == installed_version("numpy") != "unknown"


def test_an_error_cannot_write_to_the_terminal(tmp_path):
    """Control characters in a cell come out as spaces, so that a table cannot steer the terminal that shows it."""
    program, (people,) = write(tmp_path, people=changed(1, grade="\x1b]0;x\x07"))
    result = devrel_command("run", program, "--people", people, "--out", tmp_path / "out")
    assert "\x1b" not in result.stderr
    assert result.exit_code == 2


@real
def test_the_civil_service_network(tmp_path):
    """1,000 sign-ups: both-role people stand on both sides, nobody meets herself, grades and organisations fit."""
    summary = run(
        ROOT / "examples" / "civil-service" / "program.toml",
        [DATA / "civil_service_mentees.csv", DATA / "civil_service_mentors.csv"],
        tmp_path / "out",
        today=TODAY,
    )
    sides = Counter(side for enrollment in summary.enrollments for side in enrollment.role.sides)
    assert (sides[Side.RECIPIENT], sides[Side.PROVIDER]) == (500 + 258, 500 + 242)
    rows = {}
    for name in ("mentees", "mentors"):
        with (DATA / f"civil_service_{name}.csv").open(newline="", encoding="utf-8") as source:
            rows |= {row["email address"]: row for row in csv.DictReader(source)}
    order = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]
    matches = cells(tmp_path / "out" / "matches.csv")
    assert len(matches) > 690
    for match in matches:
        mentee, mentor = rows[match["mentee_id"]], rows[match["mentor_id"]]
        assert 1 <= order.index(mentor["grade"]) - order.index(mentee["grade"]) <= 3
        assert mentor["organisation"] != mentee["organisation"]
    everything = "".join((tmp_path / "out" / name).read_text(encoding="utf-8") for name in FILES)
    identities = {item.strip() for row in rows.values() for item in row.get("characteristics", "").split(",")} - {""}
    assert identities
    assert not any(identity in everything for identity in identities)
    assert "My name is" not in everything


@real
def test_career_coaching_across_departments(tmp_path):
    """175 coaches and 249 coachees: other departments, two coachees a coach at most, every two weeks for six months."""
    summary = run(
        ROOT / "examples" / "career-coaching" / "program.toml",
        [DATA / "hr_employees.csv"],
        tmp_path / "out",
        today=TODAY,
    )
    sides = Counter(side for enrollment in summary.enrollments for side in enrollment.role.sides)
    assert (sides[Side.PROVIDER], sides[Side.RECIPIENT]) == (175, 249)
    with (DATA / "hr_employees.csv").open(newline="", encoding="utf-8-sig") as source:
        rows = {row["EmployeeNumber"]: row for row in csv.DictReader(source)}
    loads = Counter()
    for match in cells(tmp_path / "out" / "matches.csv"):
        coachee, coach = rows[match["coachee_id"]], rows[match["coach_id"]]
        loads[match["coach_id"]] += 1
        assert coach["Department"] != coachee["Department"]
        assert coach["JobLevel"] in "45"
        assert coachee["JobLevel"] in "12"
        assert int(coachee["YearsInCurrentRole"]) < 2
    assert max(loads.values()) == 2
    assert {len(one.planned_sessions()) for one in summary.relationships} == {13}
    research = {person for person in loads if rows[person]["Department"] != "Research & Development"}
    assert sum(loads[person] for person in research) == 116


@pytest.mark.parametrize(
    ("changes", "key", "instead"),
    [
        ({"strategy": "stable", "objective": "score"}, "matching.objective", "optimal, rematch, greedy, random"),
        ({"strategy": "peers"}, "matching.strategy", "optimal, stable"),
        ({"strategy": "peers", "parameters": {"size": "4-6"}}, "matching.parameters.size", "Relationship.propose"),
    ],
)
def test_what_no_run_can_do_is_refused_by_a_check_as_well(changes, key, instead):
    """A strategy that does not fit the kind, the objective or a run is told with file, key and what would do."""
    matching = {"strategy": changes["strategy"], "objective": Objective(changes.get("objective", "cover"))}
    kind = MUTUAL_MENTORING if "size" in key else MENTORING
    program = evolve(loads_program(PROGRAM), kind=kind, parameters=changes.get("parameters", {}), **matching)
    (problem,) = misfits(program, "p.toml")
    assert (problem.file, problem.column) == ("p.toml", key)
    assert instead in problem.remedy
    assert list(misfits(evolve(program, strategy="optimal", parameters={}), "p.toml")) == []


def test_a_check_and_a_run_refuse_alike(tmp_path):
    """What a run refuses whoever takes part is no sound program for a check."""
    program = PROGRAM.replace('"optimal"', '"stable"').replace('objective = "cover"', 'objective = "score"')
    program_file, people = write(tmp_path, program)
    told = [
        devrel_command("check", program_file),
        devrel_command("run", program_file, "--people", people[0], "--out", tmp_path / "out"),
    ]
    assert [one.exit_code for one in told] == [2, 2]
    assert all("matching.objective: 'stable' does not support" in one.stderr for one in told)


def test_relationships_of_an_unknown_kind_are_one_problem(tmp_path):
    """A kind that nobody has is told once with a count, and with what can be done at a command line."""
    job(tmp_path)
    known = tmp_path / "out" / "relationships.json"
    text = known.read_text(encoding="utf-8")
    many = text.count('"kind": "mentoring"')
    assert many > 1
    known.write_text(text.replace('"kind": "mentoring"', '"kind": "buddying"'), encoding="utf-8")
    files = tmp_path / "program.toml", [tmp_path / "people.csv"], tmp_path / "again"
    with pytest.raises(InputError) as caught:
        run(*files, relationship_files=[known], today=TODAY)
    (problem,) = caught.value.problems
    assert f"'buddying' is not known, here and in {many - 1} more place" in problem.wrong
    assert "'devrel plugins' lists" in problem.remedy


def test_the_package_is_run_as_a_module():
    """`python -m devrel` is the command."""
    done = subprocess.run([sys.executable, "-m", "devrel", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("devrel, version ")
