"""Reports as SARIF: what viewers and continuous integration read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from devrel.cli import main
from devrel.kinds import MENTORING
from devrel.programs import Program
from devrel.programs.presets import preset
from devrel.terms import Term
from devrel.validation import Entry, Finding, Flaw, Report, Rulebook, Severity, Subject, check, rule
from devrel.validation.sarif import dumps_sarif

TODAY = date(2026, 1, 5)
SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-part.schema.json").read_text(encoding="utf-8"))
PROGRAM = Program("P", MENTORING, Term.of_months(date(2026, 2, 2), 9))


@rule(
    "X001",
    "always",
    severity=Severity.WARNING,
    subject=Subject.PROGRAM,
    source="our own",
    rationale="To see it.",
    remedy="Nothing.",
)
def always(case):
    """Find every program."""
    return Flaw("name", "it is a program")


@rule(
    "X002",
    "breaks down",
    severity=Severity.ERROR,
    subject=Subject.PROGRAM,
    source="our own",
    rationale="To see it.",
    remedy="Nothing.",
)
def breaks(case):
    """Break down over every program."""
    raise ValueError("secret words")


@rule(
    "X003",
    "never",
    severity=Severity.ADVICE,
    subject=Subject.PROGRAM,
    source="our own",
    rationale="To see it.",
    remedy="Nothing.",
)
def never(case):
    """Find nothing."""


RULES = Rulebook([Entry(always), Entry(breaks, "other 1.0"), Entry(never)])


def test_the_schema_is_one_and_refuses_what_is_no_report():
    """The schema that judges the reports is sound itself, and a report with a strange key or level does not pass."""
    Draft202012Validator.check_schema(SCHEMA)
    good = json.loads(dumps_sarif(check(PROGRAM, rules=RULES, select=["X001"], today=TODAY), rules=RULES))
    judge = Draft202012Validator(SCHEMA)
    assert judge.is_valid(good)
    for path, value in (("level", "grave"), ("ruleIndex", -1), ("locations", {}), ("strange", 1)):
        bad = json.loads(json.dumps(good))
        bad["runs"][0]["results"][0][path] = value
        assert not judge.is_valid(bad)


def test_every_report_is_sarif():
    """Reports of all rules, of crashes and of unused ignores are of the schema, with and without a file."""
    judge = Draft202012Validator(SCHEMA)
    reports = [
        (check(PROGRAM, today=TODAY), None),
        (check(PROGRAM, rules=RULES, ignore=["X003"], today=TODAY), RULES),
        (check(PROGRAM, rules=RULES, select=["X003"], today=TODAY), RULES),
    ]
    for report, book in reports:
        for file in (None, "programs/my program.toml", "a\\b.toml"):
            judge.validate(json.loads(dumps_sarif(report, file=file, rules=book)))


def test_a_result_says_all_a_finding_says():
    """A result has the code, the level, the message with its remedy, the file, the place and a stable fingerprint."""
    report = check(PROGRAM, rules=RULES, select=["X001"], today=TODAY)
    (result,) = json.loads(dumps_sarif(report, file="a b/p.toml", rules=RULES))["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("X001", "warning")
    assert result["message"]["text"] == "program 'P', name: it is a program. Nothing."
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/p.toml"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "program 'P': name"
    again = json.loads(dumps_sarif(report, rules=RULES))["runs"][0]["results"][0]
    assert again["partialFingerprints"] == result["partialFingerprints"]


def test_levels_are_those_of_the_severities():
    """An error is an error, a warning a warning, and a piece of advice a note."""
    for severity, level in (("error", "error"), ("warning", "warning"), ("advice", "note")):
        report = check(PROGRAM, rules=RULES, select=["X001"], severities={"X001": severity}, today=TODAY)
        assert json.loads(dumps_sarif(report, rules=RULES))["runs"][0]["results"][0]["level"] == level


def test_crashes_and_unused_ignores_are_notifications():
    """A rule that broke down makes the invocation unsuccessful, without its words; an unused ignore is a note."""
    report = check(PROGRAM, rules=RULES, ignore={"X003": "not needed"}, today=TODAY)
    text = dumps_sarif(report, rules=RULES)
    (invocation,) = json.loads(text)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    (crash,) = invocation["toolExecutionNotifications"]
    assert "other 1.0" in crash["message"]["text"]
    assert "secret" not in text
    (unused,) = invocation["toolConfigurationNotifications"]
    assert "X003" in unused["message"]["text"]


def test_the_rules_of_the_run_are_those_that_speak_in_it():
    """The driver lists each rule that found something once, with its page, and results point at it."""
    report = check(PROGRAM, today=TODAY)
    run = json.loads(report.to_sarif())["runs"][0]
    listed = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert listed == sorted(set(report.codes))
    assert all(listed[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
    assert all(one["help"]["markdown"].startswith(f"# {one['id']}") for one in run["tool"]["driver"]["rules"])


TEXT = """# a program
[program]
name = "P"
kind = "mentoring"   # a kind
[ "agreement" ]
exit_notice_days = 365
[[agreement.third_parties]]
id = "t"
[[agreement.third_parties]]
may_know = []
[visibility]
"smallest_group" = 2
[matching]
rematching.within_days = 3
"""


@pytest.mark.parametrize(
    ("subject", "where", "line"),
    [
        ("program 'P'", "program.kind", 4),
        ("program 'P'", "agreement.exit_notice_days", 6),
        ("program 'P'", "agreement.reviews", 5),
        ("program 'P'", "agreement.third_parties[2].may_know", 10),
        ("program 'P'", "agreement.third_parties[1].may_know", 7),
        ("program 'P'", "visibility.smallest_group", 12),
        ("program 'P'", "matching.rematching.within_days", 14),
        ("program 'P'", "nowhere.hours, visibility.smallest_group", 12),
        ("program 'P'", "process", 1),
        ("kind mentoring", "titles", 4),
        ("relationship r1", "visibility.smallest_group", 1),
    ],
)
def test_a_finding_about_the_program_has_the_line_of_its_key(subject, where, line):
    """A key has its line, a missing one that of the section around it, and what stands elsewhere has the first."""
    found = Report([Finding("X001", Severity.ADVICE, subject, where, "what", "do", "own")])
    log = json.loads(found.to_sarif(file="p.toml", text=TEXT))
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": line}
    Draft202012Validator(SCHEMA).validate(log)


@given(st.text(alphabet="[]=\"'.ab \n#", max_size=60), st.text(alphabet="ab.[1]", max_size=9))
def test_any_text_has_a_line_for_every_place(text, where):
    """Whatever a file looks like, a place has a line that is in it."""
    found = Report([Finding("X001", Severity.ADVICE, "program 'P'", f"a{where}", "what", "do", "own")])
    (result,) = json.loads(found.to_sarif(file="p.toml", text=text))["runs"][0]["results"]
    assert 1 <= result["locations"][0]["physicalLocation"]["region"]["startLine"] <= text.count("\n") + 1


def test_the_command_knows_the_lines(tmp_path):
    """The lines of the command's report are those of the program file."""
    text = preset("sponsorship").text(date(2027, 1, 4)).replace("smallest_group = 5", "smallest_group = 2")
    (tmp_path / "program.toml").write_text(text, encoding="utf-8")
    told = CliRunner().invoke(main, ["check", str(tmp_path / "program.toml"), "--format", "sarif", "--select", "V005"])
    (result,) = json.loads(told.stdout)["runs"][0]["results"]
    line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert text.splitlines()[line - 1].startswith("smallest_group = 2")
