"""The kinds and their facets, and what the facets do."""

from __future__ import annotations

from datetime import date

import pytest

import devrel
from devrel._display import html_table, markdown_table
from devrel.errors import DevrelError, InvalidValue
from devrel.kinds import (
    ADVISING,
    BASE_KINDS,
    CAREER_COACHING,
    COACHING,
    KINDS,
    MENTORING,
    SPONSORING,
    Side,
    Titles,
    Verdict,
    comparison,
    kind_named,
)
from devrel.matching.constraints import named_constraints
from devrel.sessions import Agenda
from devrel.terms import Term

START = date(2026, 1, 5)
FITS, UNUSUAL, NO = Verdict.FITS, Verdict.UNUSUAL, Verdict.NOT_ALLOWED

# Written by hand from the comparison table, independent of the code: what each kind says of five terms.
TERMS = {
    "single": Term.single_session(START),
    "three months": Term.of_months(START, 3),
    "six months": Term.of_months(START, 6),
    "two years": Term.of_months(START, 24),
    "open": Term(START),
}
VERDICTS = {
    "mentoring": (UNUSUAL, UNUSUAL, FITS, FITS, FITS),
    "coaching": (FITS, FITS, FITS, FITS, UNUSUAL),
    "advising": (FITS, FITS, FITS, FITS, NO),
    "sponsoring": (FITS, NO, FITS, FITS, FITS),
}


@pytest.mark.parametrize("kind", BASE_KINDS, ids=str)
def test_usually_makes_the_difference_between_a_warning_and_an_error(kind):
    """A term of another form is unusual where the table says 'usually', and not allowed where it does not."""
    assert tuple(kind.timeline.judge(term) for term in TERMS.values()) == VERDICTS[kind.name]
    assert kind.timeline.usually == ("usually" in kind.timeline.text)


def test_the_four_kinds_have_the_titles_and_the_control_of_the_table():
    """Names, titles and control are those of the comparison table."""
    assert [(kind.name, str(kind.titles), kind.control.side.value) for kind in BASE_KINDS] == [
        ("mentoring", "mentor / mentee", "provider"),
        ("coaching", "coach / coachee", "recipient"),
        ("advising", "advisor / advisee", "provider"),
        ("sponsoring", "sponsor / beneficiary", "provider"),
    ]
    assert (devrel.MENTORING, devrel.COACHING, devrel.ADVISING, devrel.SPONSORING) == BASE_KINDS


def test_titles_have_their_plurals():
    """Several coaches and beneficiaries are written as English writes them."""
    assert COACHING.titles.of(Side.PROVIDER, 2) == "coaches"
    assert SPONSORING.titles.of(Side.RECIPIENT, 2) == "beneficiaries"
    assert Titles("guide", "traveller").of(Side.RECIPIENT, 1) == "traveller"


def test_the_agenda_follows_control_and_strategy():
    """A coachee owns the agenda and is asked questions; a mentor owns it and tells of own experience."""
    assert Agenda.of(COACHING).owner is Side.RECIPIENT
    assert Agenda.of(MENTORING).owner is Side.PROVIDER
    assert all(item.endswith("?") for item in Agenda.of(COACHING).items)
    assert Agenda.of(MENTORING).items == MENTORING.strategy.prompts


def test_a_derived_kind_keeps_what_it_does_not_change():
    """Career coaching is coaching with two constraints; its base and its source are recorded."""
    assert CAREER_COACHING.base == "coaching"
    assert CAREER_COACHING.timeline == COACHING.timeline
    assert CAREER_COACHING.constraints == ("not-own-manager", "different-department")


def test_a_kind_brings_only_constraints_that_exist():
    """Every constraint a kind names can be looked up."""
    assert {name for kind in KINDS for name in kind.constraints} <= set(named_constraints())


def test_deriving_refuses_what_is_no_facet():
    """A misspelt facet, or the name of the base, is refused."""
    with pytest.raises(InvalidValue, match="Did you mean 'timeline'"):
        MENTORING.derive("alumni", source="own", timelin=ADVISING.timeline)
    with pytest.raises(InvalidValue, match="a name of its own"):
        MENTORING.derive("mentoring", source="own")


def test_an_unknown_kind_is_refused_with_the_nearest():
    """Looking up a misspelt kind names the right one."""
    assert kind_named("sponsoring") is SPONSORING
    with pytest.raises(InvalidValue, match="Did you mean 'mentoring'"):
        kind_named("mentorin")


def test_the_comparison_shows_every_facet_of_any_kinds():
    """The table has a row a facet and a column a kind, as text, HTML and plain data."""
    table = comparison([COACHING, ADVISING])
    assert table.header == ["", "coaching", "advising"]
    assert [row[0] for row in table.rows] == ["titles", "focus", "control", "timeline", "strategy"]
    assert "single session or time-limited" in table.to_dict()["advising"]["timeline"]
    assert "<caption>" in table._repr_html_()
    assert all(len(line) <= 60 for line in table.to_text(60).split("\n\n")[0].splitlines())
    assert str(comparison()).count("directed") == 4
    assert html_table(["a"], [["<b>"], ["x"], ["y"]], limit=1).count("<tr>") == 3
    assert "&lt;b&gt;" in html_table(["a"], [["<b>"]])
    assert "... 2 more" in html_table(["a"], [["<b>"], ["x"], ["y"]], limit=1)
    assert markdown_table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |"
    with pytest.raises(DevrelError, match="nothing to compare"):
        comparison([])
