"""Programs to start from: complete, sound, and read by the same reader as everybody's."""

from __future__ import annotations

import re
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from devrel.cli import main
from devrel.errors import InvalidValue
from devrel.formats.program_toml import loads_program
from devrel.people import Enrollment, Organization, Person, Role
from devrel.programs import Register
from devrel.programs.presets import PRESETS, preset
from devrel.validation import Severity, check
from devrel.validation.rules import RULES

TODAY = date(2026, 11, 23)
SEEDS = {"utah-ucan", "culture-wizard", "management-mentors", "learning-development", "smart-meetings"}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_nothing_above_advice(name):
    """Every preset is read without a problem, answers the six questions, and no rule has more than advice to give."""
    one = preset(name)
    program = loads_program(one.text(TODAY), file=name)
    assert all(program.answers.values())
    report = check(program, today=TODAY)
    assert report.crashed == ()
    assert report.at_least(Severity.WARNING) == ()
    assert one.source in SEEDS
    assert f"({one.source})" in one.text(TODAY)
    assert max(map(len, one.text(TODAY).splitlines())) <= 120


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_works_for_a_small_organization(name):
    """With somebody ahead, outside and of another department there is a candidate, and nothing above advice."""
    program = loads_program(preset(name).text(TODAY), file=name)
    people = Organization(
        [
            Person("boss", level=4, department="a", organization="x"),
            Person("other", level=1, department="b", organization="x"),
            Person("ahead", level=5, department="b", organization="y"),
            Person("n", level=1, department="a", organization="x", manager="boss"),
        ]
    )
    givers = dict.fromkeys(["boss", "other", "ahead"], Role.PROVIDER)
    roles = {**givers, "n": Role.RECIPIENT}
    enrolled = program.enroll(Register(people, roles))
    report = check(program, people=people, enrollments=enrolled, today=TODAY)
    assert report.at_least(Severity.WARNING) == ()


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("term", ["start = 2027-09-01\nmonths = 2", "start = 2028-01-03\nsingle = true"])
def test_a_preset_survives_another_term(name, term):
    """Another start and length is read without a problem, whatever else the preset says."""
    text, count = re.subn(r"start = \S+\n(#.*\n)?months = \d+", term, preset(name).text(TODAY))
    assert count == 1
    loads_program(text, file=name)


def test_presets_are_for_the_kinds_they_say():
    """The presets cover coaching by faculty and peers, mentoring apart and virtual, executives, groups and sponsors."""
    kinds = {name: loads_program(one.text(TODAY)).kind.name for name, one in PRESETS.items()}
    assert kinds == {
        "utah-career-coaching-faculty": "career-coaching",
        "utah-career-coaching-staff": "career-coaching",
        "utah-early-career": "career-coaching",
        "utah-mid-career": "career-coaching",
        "corporate-mentoring": "mentoring",
        "virtual-mentoring": "mentoring",
        "executive-coaching": "executive-coaching",
        "conference-first-timers": "group-mentoring",
        "succession": "succession",
        "sponsorship": "sponsoring",
    }
    assert len(RULES) > 90


def test_an_unknown_preset_is_refused_with_the_nearest():
    """A misspelt name is refused, and the nearest one is named."""
    with pytest.raises(InvalidValue, match="Did you mean 'sponsorship'"):
        preset("sponsership")


ON = ("--today", TODAY.isoformat())


@pytest.mark.parametrize("name", PRESETS)
@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)))
def test_a_preset_does_not_expire(name, today):
    """On whatever day it is written, it starts with a month, weeks ahead, and no rule has more than advice to give."""
    program = loads_program(preset(name).text(today), file=name)
    assert program.term.start.day == 1
    assert 45 < (program.term.start - today).days < 77
    assert all(today < window.opens < window.closes < program.term.start for window in program.windows)
    assert check(program, today=today).at_least(Severity.WARNING) == ()


def test_the_command_writes_a_preset(tmp_path):
    """The command prints or writes the text, lists all, and does not write over a file unless told to."""
    file = tmp_path / "program.toml"
    printed = CliRunner().invoke(main, ["new", "--preset", "succession", *ON])
    assert (printed.exit_code, printed.stdout) == (0, preset("succession").text(TODAY))
    assert CliRunner().invoke(main, ["new", "--preset", "succession", "--out", str(file), *ON]).exit_code == 0
    assert file.read_text(encoding="utf-8") == preset("succession").text(TODAY)
    assert CliRunner().invoke(main, ["new", "--preset", "sponsorship", "--out", str(file)]).exit_code == 2
    assert file.read_text(encoding="utf-8") == preset("succession").text(TODAY)
    assert (
        CliRunner().invoke(main, ["new", "--preset", "sponsorship", "--out", str(file), "--force", *ON]).exit_code == 0
    )
    listed = CliRunner().invoke(main, ["new", "--list"]).stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_hours_for_as_many_as_it_gives(name):
    """Somebody who gives has the hours that her places take, so that a full program has no finding about hours."""
    program = loads_program(preset(name).text(TODAY), file=name)
    places = program.providers.capacity
    enrolled = [Enrollment("giver", Role.PROVIDER, places), *(Enrollment(f"r{i}", Role.RECIPIENT) for i in range(9))]
    assert program.capacity.limited(places) == places
    assert check(program, enrollments=enrolled, select=["D006", "D028", "A011"], today=TODAY).findings == ()


def test_first_timers_meet_around_their_event():
    """The preset for a conference speaks of the event: a short term, its own focus, and no appraisal."""
    program = loads_program(preset("conference-first-timers").text(TODAY))
    assert program.term.months == 2
    assert len(program.cadence.occurrences(program.term)) >= 4
    assert "appraisal" not in program.performance_boundary
    assert {area.name for area in program.focus_areas} == {
        "what to expect of the event",
        "people to stay in touch with",
    }
