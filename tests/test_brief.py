"""The brief of a program: what a person reads changes with what the program says."""

from __future__ import annotations

import re
from datetime import date

import pytest
from attrs import evolve, fields

from devrel.agreements import Confidentiality, Meeting, ThirdParty, ThirdPartyRole
from devrel.formats.program_toml import loads_program
from devrel.kinds import COACHING, MENTORING, Measure
from devrel.lifecycle import Origin
from devrel.matching import Different, Gap, Objective, Same
from devrel.people import Support
from devrel.programs import (
    Aim,
    Budget,
    CapacityPolicy,
    Channel,
    ComparedWith,
    Condition,
    Decider,
    FocusArea,
    Intake,
    ManagerAct,
    Measurement,
    Metric,
    OngoingSupport,
    Participation,
    Preparation,
    Process,
    Program,
    Reach,
    Rematching,
    Setter,
    SupportForm,
    VisibilityPolicy,
    Window,
)
from devrel.programs.presets import PRESETS, preset
from devrel.terms import Cadence, Term

START = date(2027, 1, 4)
PLAIN = Program("Circle", MENTORING, Term.of_months(START, 9), rules=[Different("department")])

TECHNICAL = {"tables", "words", "attributes", "said", "seed", "parameters", "checks"}
"""What no reader of the brief is helped by."""

CHANGES = {
    "name": "Another",
    "kind": COACHING,
    "term": Term.single_session(START),
    "cadence": Cadence(2),
    "minutes": 30,
    "purpose": "to *meet*",
    "contact": "circle@example.org",
    "recipients": Intake(capacity=2),
    "providers": Intake([Condition("level", at_least=4)]),
    "rules": [Gap("level", at_least=1)],
    "school": "other-view",
    "lifted": ["not-own-manager"],
    "criteria": [Same("region")],
    "strategy": "another",
    "objective": Objective.SCORE,
    "answer_days": 3,
    "focus_areas": [FocusArea("leading", "to lead")],
    "holidays": [date(2027, 12, 25)],
    "aims": [Aim.SKILLS],
    "process": Process(["apply", "meet"], [Channel.MAIL]),
    "participation": Participation.VOLUNTARY,
    "measurement": Measurement(
        [Metric("match rate")], ["promotions"], ComparedWith.WAITING_LIST, Measure.ADVOCACIES, ["region"], 0.5, 12
    ),
    "platforms": ["video calls"],
    "windows": [Window(START, START)],
    "preparation": Preparation(2, 1, ["listening"]),
    "support": OngoingSupport([SupportForm.EXCHANGE], 4),
    "capacity": CapacityPolicy(3, 4),
    "visibility": VisibilityPolicy([ManagerAct.SUGGESTS], 7),
    "reach": Reach("by video", [Condition("region", ["remote"])]),
    "performance_boundary": "Nothing enters an appraisal.",
    "welcomes": [Origin.INFORMAL],
    "goals_set_by": Setter.TOGETHER,
    "demands_end": True,
    "budget": Budget(1000, "EUR", "rooms"),
}


@pytest.mark.parametrize("name", [one.name for one in fields(Program) if one.name not in TECHNICAL])
def test_every_field_that_a_person_cares_about_changes_the_brief(name):
    """Each field of a program but the technical ones changes the text; matching needs both halves of its answer."""
    if name in {"decided_by", "rematching"}:
        both = evolve(PLAIN, decided_by=Decider.PROGRAM, rematching=Rematching(20, 2))
        changed = evolve(both, **{name: None})
        assert both.to_markdown() != changed.to_markdown()
        assert "within 20 days, first in line" in both.to_markdown()
    elif name == "clauses":
        assert evolve(PLAIN, clauses={"provider_hours": 2}).to_markdown() != PLAIN.to_markdown()
    else:
        assert evolve(PLAIN, **{name: CHANGES[name]}).to_markdown() != PLAIN.to_markdown()


CLAUSES = {
    "meeting": (Meeting.VIRTUAL, "They meet virtual."),
    "confidentiality": (Confidentiality("Ours.", ["the law"]), "Ours. Except the law."),
    "provider_hours": (3, "Each mentor has 3 hours a month for all mentees together."),
    "ethics": ("a code", "Ethics: a code"),
    "provider_commits": (["to come"], "The mentor commits to: to come"),
    "hopes": ({Support.TIME}, "Mentees hope for time."),
    "offers": ({Support.TIME}, "Mentors offer time."),
    "boundaries": (["health"], "Kept out: health."),
    "reviews": ([date(2027, 5, 3)], "They look back on 2027-05-03."),
    "third_parties": ([ThirdParty("t", ThirdPartyRole.PAYS)], "Somebody pays it and may know: that it exists."),
    "extra": (["one more"], "one more"),
}


@pytest.mark.parametrize("name", CLAUSES)
def test_clauses_are_told_in_words(name):
    """What every agreement says stands in the brief, in the kind's words."""
    value, told = CLAUSES[name]
    assert told in evolve(PLAIN, clauses={name: value}).to_markdown()


def test_an_open_question_is_shown_as_one_and_words_are_taken_literally():
    """Each of the six questions has its line, open ones say so, and the program's words are no markup."""
    brief = evolve(PLAIN, purpose="to *meet*").to_markdown()
    assert brief.count("**") == 12
    assert brief.count("*not answered yet*") == 5
    assert r"to \*meet\*" in brief


def test_a_group_of_contact_and_rules_reads_as_sentences():
    """The first lines say what it is, with whom, from when to when, how often and how long."""
    brief = PLAIN.to_markdown().splitlines()
    assert brief[0] == "# Circle"
    assert brief[2] == (
        "This is mentoring: mentors and mentees, 2027-01-04 to 2027-10-03, every month at 10:00 (UTC), 60 minutes each."
    )
    assert "- Not the mentee's own manager." in brief
    assert "- A different department." in brief


@pytest.mark.parametrize("name", PRESETS)
def test_the_brief_of_a_preset_reads_well(name):
    """No number disagrees with its word, and no stop stands before another mark."""
    text = loads_program(preset(name).text(date(2027, 1, 4))).to_markdown()
    assert not re.search(r"\b1 (hours|days|weeks)\b|\.[;,.]|True|False|decided by the program proposes", text)
    assert "the program proposes, and the participants decide; when a match fails" in text
    assert "Remote people (remote is yes)" in text
