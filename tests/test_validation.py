"""What is said of a program before it is matched."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from devrel.agreements import CLAUSES
from devrel.errors import InvalidValue
from devrel.goals import Goal
from devrel.kinds import COACHING, KINDS, MENTORING, Clause
from devrel.people import Enrollment, Role, Support
from devrel.programs import Program
from devrel.terms import Cadence, Term, TermForm, Unit
from devrel.validation import Severity, check

TODAY = date(2026, 1, 1)
PEOPLE = (Enrollment("p", Role.PROVIDER), Enrollment("r", Role.RECIPIENT))


def program(kind, **more) -> Program:
    given = {"term": kind.timeline.default_term(date(2026, 2, 2)), "cadence": kind.timeline.cadence, **more}
    return Program("P", kind, given.pop("term"), **given)


def found(one: Program, code: str) -> list:
    return list(check(one, enrollments=PEOPLE, today=TODAY, select=[code]))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_defaults_of_every_kind_raise_no_word_about_the_term(kind):
    """A program with a kind's own term and cadence has neither A001 nor A004, A005 or A007."""
    assert [found(program(kind), code) for code in ("A001", "A004", "A005", "A007")] == [[], [], [], []]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_usually_makes_the_difference_between_a_warning_and_an_error(kind):
    """A term that the timeline does not have is a warning where it says "usually", and an error where it does not."""
    start = date(2026, 2, 2)
    terms = [Term(start), Term.of_months(start, 2), Term.single_session(start)]
    wrong = [term for term in terms if not term.forms(kind.timeline.long_months) & kind.timeline.forms]
    assert wrong
    for term in wrong:
        (finding,) = found(program(kind, term=term), "A001") + found(program(kind, term=term), "A005")
        usual = "usually" in kind.timeline.text
        assert finding.severity is (Severity.WARNING if usual else Severity.ERROR)
        assert kind.timeline.text in finding.message
    assert kind.timeline.usually == ("usually" in kind.timeline.text)
    assert all(form in TermForm for form in kind.timeline.forms)


def test_what_only_the_program_can_say_is_asked_of_it():
    """Coaching without a code of ethics is warned of once, and not with one; what the parties say is not asked."""
    (finding,) = found(program(COACHING), "A002")
    assert "code of ethics" in finding.message
    assert finding.severity is Severity.WARNING
    assert found(program(COACHING, clauses={"ethics": "a code"}), "A002") == []
    assert all(found(program(kind), "A002") == [] for kind in KINDS if Clause.ETHICS not in kind.requires)
    assert set(CLAUSES) == set(Clause)


def test_what_is_unusual_is_warned_of():
    """A cadence outside the usual range, and hopes that nobody offers to fulfil, are each a warning of their own."""
    rare = program(MENTORING, cadence=Cadence(3, Unit.MONTH), clauses={"hopes": {Support.TIME}})
    (cadence,), (hopes,) = found(rare, "A004"), found(rare, "P011")
    assert "usually meets at least every 31 days" in cadence.message
    assert "does not offer: time" in hopes.message
    assert cadence.severity is hopes.severity is Severity.WARNING


def test_a_program_refuses_what_is_no_clause_and_no_school():
    """A misspelt clause and an unknown school are refused with the nearest known one; a wrong clause with its field."""
    with pytest.raises(InvalidValue, match="Did you mean 'ethics'"):
        program(COACHING, clauses={"ethic": "a code"})
    with pytest.raises(InvalidValue, match="Did you mean 'direct-leader'"):
        program(COACHING, school="direct-leeder")
    with pytest.raises(InvalidValue, match="exit_notice_days"):
        program(COACHING, clauses={"exit_notice_days": -1})


def test_a_school_brings_its_constraints_and_each_can_be_lifted():
    """The two schools of coaching contradict each other, and a program follows the one it chose."""
    own = program(COACHING, school="direct-leader")
    other = program(COACHING, school="no-power-differential")
    assert [rule.name for rule in own.constraints] == ["own-manager"]
    assert [rule.name for rule in other.constraints] == ["not-own-manager", "different-department"]
    lifted = evolve(other, lifted=("different-department",))
    assert [rule.name for rule in lifted.constraints] == ["not-own-manager"]
    assert [finding.where for finding in found(lifted, "P001")] == ["matching.lift"]


def test_goals_serve_the_focus_areas_of_the_program():
    """A goal for a focus area the program does not have is warned of, with the nearest; without areas none is."""
    goals = [Goal("lead", focus_areas=["leading"]), Goal("speak", focus_areas=["speeking"])]
    agreement = program(MENTORING).agreement()
    agreement = evolve(agreement, goals=goals)
    areas = program(MENTORING, focus_areas=["leading", "speaking"])
    (finding,) = check(agreement, kind=MENTORING, program=areas, today=TODAY, select=["G001"])
    assert (finding.code, finding.severity) == ("G001", Severity.WARNING)
    assert "Did you mean 'speaking'" in finding.remedy
    assert not check(agreement, kind=MENTORING, program=program(MENTORING), today=TODAY, select=["G001"]).findings
