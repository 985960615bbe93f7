"""The command that judges a program: what it refuses, what it names, and where it writes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from devrel.cli import main
from devrel.errors import InvalidValue
from devrel.programs.presets import preset
from devrel.run import judge
from devrel.validation import Severity, Subject, engine, rule
from devrel.validation.book import own_rules


@pytest.fixture
def program(tmp_path) -> Path:
    """The file of a program that is sound."""
    path = tmp_path / "program.toml"
    path.write_text(preset("corporate-mentoring").text(date(2027, 1, 4)), encoding="utf-8")
    return path


def checked(program: Path, *more: str):
    return CliRunner().invoke(main, ["check", str(program), "--today", "2026-11-23", *more])


def test_matching_nobody_is_refused(program):
    """Whoever asks for a matching and gives no people is told which option is missing."""
    result = checked(program, "--match")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--match needs --people: there is nobody to match" in result.stderr
    with pytest.raises(InvalidValue, match="needs people"):
        judge(program, match=True, today=date(2026, 11, 23))


def test_skipped_rules_name_the_options_that_bring_what_they_want(program, tmp_path):
    """The last line names what was not given and would let more rules judge; where nothing is missing there is none."""
    assert checked(program).stdout.splitlines()[-1] == (
        "to ask the skipped rules too, give --people, --relationships, --match"
    )
    people = tmp_path / "people.csv"
    header = "id,name,email,takes part as,takes,manager,department,level,skills,wants to learn,remote\n"
    people.write_text(f"{header}m,,,mentor,1,,a,3,x,,no\nn,,,mentee,,,b,1,,x,no\n", encoding="utf-8")
    given = ("--people", str(people), "--match")
    assert checked(program, *given).stdout.splitlines()[-1] == "to ask the skipped rules too, give --relationships"
    assert "to ask" not in checked(program, "--select", "D012").stdout
    assert "to ask" not in checked(program, "--format", "json").stdout


def test_a_report_is_not_written_over(program, tmp_path):
    """A report goes to a file that is not there yet, replaces one where it is told to, and never an input."""
    out = tmp_path / "report.json"
    write = ("--format", "json", "--out", str(out))
    assert checked(program, *write).exit_code == 0
    first = out.read_text(encoding="utf-8")
    assert json.loads(first)["type"] == "devrel.report"
    again = checked(program, *write, "--select", "D012")
    assert (again.exit_code, out.read_text(encoding="utf-8")) == (2, first)
    assert "add --force to replace it" in again.stderr
    assert checked(program, *write, "--select", "D012", "--force").exit_code == 0
    assert out.read_text(encoding="utf-8") != first
    assert checked(program, "--out", str(program), "--force").exit_code == 2
    assert program.read_text(encoding="utf-8") == preset("corporate-mentoring").text(date(2027, 1, 4))


def test_an_ignored_error_names_the_place_for_its_reason(program):
    """The command has no place for a reason, so that it names the one in the program file; the file, its own key."""
    told = checked(program, "--ignore", "V005")
    assert told.exit_code == 2
    assert 'Say why, in the program file: [check.ignore] V005 = "..."' in told.stderr
    text = program.read_text(encoding="utf-8")
    program.write_text(f'{text}\n[check.severities]\nV005 = "advice"\n', encoding="utf-8")
    assert "V005 is an error and is ignored without a reason" in checked(program, "--ignore", "V005").stderr
    program.write_text(f'{text}\n[check.ignore]\nV005 = ""\n', encoding="utf-8")
    assert "program.toml, check.ignore.V005: V005 is an error" in checked(program).stderr


def test_select_takes_the_place_of_the_files(program):
    """What the command selects is asked instead of what the file selects."""
    text = program.read_text(encoding="utf-8").replace('participation = "voluntary"\n', "")
    program.write_text(f'{text}\n[check]\nselect = ["A"]\n', encoding="utf-8")
    assert "D012" not in checked(program).stdout
    assert "D012" in checked(program, "--select", "D").stdout


def test_a_rule_that_leaves_does_not_end_the_command_well(program, monkeypatch):
    """A rule that exits with status 0 is reported as broken down, and the command says 2."""

    def leave(case):
        raise SystemExit(0)

    given = {"source": "our own", "rationale": "To see it.", "remedy": "Nothing."}
    leaving = rule("X001", "it leaves", severity=Severity.ADVICE, subject=Subject.PROGRAM, **given)(leave)
    monkeypatch.setattr(engine, "rulebook", lambda: own_rules().adding(leaving))
    told = checked(program)
    assert told.exit_code == 2
    assert "X001 of given by the caller broke down over" in told.stdout
