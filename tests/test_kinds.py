"""The kinds: the table they come from, how they are derived, compared and looked up, and the word usually."""

from __future__ import annotations

from html import escape

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import devrel
from devrel import kinds as all_kinds
from devrel._display import html_table, markdown_table
from devrel.agreements import Agreement
from devrel.errors import DevrelError, IllegalMove, InvalidValue
from devrel.kinds import (
    ADVISING,
    BASE_KINDS,
    COACHING,
    KINDS,
    MENTORING,
    Comparison,
    KindRegistry,
    Mode,
    Side,
    Titles,
    Verdict,
    comparison,
)
from devrel.kinds.kind import CHANGEABLE
from devrel.kinds.neighbours import neighbour_in
from devrel.lifecycle import Activated, Stage
from devrel.matching.constraints import named_constraints
from devrel.programs import Program
from devrel.terms import Term
from devrel.testing.strategies import START
from devrel.validation import Severity, check
from tests.beginnings import SYSTEM, TODAY, accept_all, proposed

FITS, UNUSUAL, NO = Verdict.FITS, Verdict.UNUSUAL, Verdict.NOT_ALLOWED

# The comparison table, copied by hand from its source (utah-ucan): 5 rows, 4 columns.
TABLE = {
    "relationship": ("Mentor/Mentee", "Coach/Coachee", "Advisor/Advisee", "Sponsor/Beneficiary"),
    "focus": (
        "Mentee career development",
        "Coachee task, skill, or identity development",
        "Advisee seeks specific guidance",
        "Beneficiary career development that the Sponsor usually benefits from later",
    ),
    "control": ("Mentor directed", "Coachee directed", "Advisor directed", "Sponsor directed"),
    "timeline": (
        "Usually long-term",
        "Usually time-limited",
        "Single session or time-limited",
        "One-time or long-term",
    ),
    "strategy": (
        "Mentor gives mentee information based on their experience",
        "Coach helps the coachee by asking clarifying questions",
        "Advisor gives advice based on their specific knowledge",
        "Sponsor actively advocates for Beneficiary opportunities",
    ),
}
DERIVED = {
    "career-coaching": ("coaching", "utah-ucan"),
    "manager-coaching": ("coaching", "culture-wizard"),
    "executive-coaching": ("coaching", "culture-wizard"),
    "peer-coaching": ("coaching", "peer"),
    "team-coaching": ("coaching", "team"),
    "group-coaching": ("coaching", "team"),
    "group-mentoring": ("mentoring", "smart-meetings"),
    "reverse-mentoring": ("mentoring", "pf-conf"),
    "mutual-mentoring": ("mentoring", "smart-meetings"),
    "flash-mentoring": ("mentoring", "ch-flash"),
    "succession": ("coaching", "smart-meetings"),
}
derived = [kind for kind in KINDS if kind.base is not None]


# The table and the catalogue --------------------------------------------------------------------------------------


def test_the_four_kinds_have_exactly_the_cells_of_the_table():
    """Five rows and four columns, cell by cell as the source has them, in lower case."""
    cells = {row: tuple(cell.lower().replace("/", " / ") for cell in given) for row, given in TABLE.items()}
    shown = comparison().to_dict()
    assert list(shown) == [kind.name for kind in BASE_KINDS] == ["mentoring", "coaching", "advising", "sponsoring"]
    for column, kind in enumerate(shown.values()):
        assert list(kind.values()) == [cells[row][column] for row in TABLE]
    assert (devrel.MENTORING, devrel.COACHING, devrel.ADVISING, devrel.SPONSORING) == BASE_KINDS


def test_control_is_the_side_that_the_table_names():
    """The side that directs is the one whose title stands in the table's cell; the coachee alone among recipients."""
    for kind in BASE_KINDS:
        assert str(kind.control) == f"{kind.titles.of(kind.control.side)} directed"
    assert [kind.control.side for kind in BASE_KINDS].count(Side.RECIPIENT) == 1
    assert Side.PROVIDER.other is Side.RECIPIENT
    assert Side.RECIPIENT.other is Side.PROVIDER


def test_every_derived_kind_names_its_base_and_its_source():
    """The derived kinds are those of the list, each of its base and source."""
    assert {kind.name: (kind.base, kind.source) for kind in derived} == DERIVED
    assert all(kind.base is None for kind in BASE_KINDS)


@pytest.mark.parametrize("kind", derived, ids=str)
def test_a_derived_kind_is_one_derive_away_from_a_base_kind(kind):
    """Made from its base by the facets it changes alone, it is equal; its mode stays, and something does change."""
    base = {one.name: one for one in BASE_KINDS}[kind.base]
    changes = {facet: getattr(kind, facet) for facet in CHANGEABLE if getattr(kind, facet) != getattr(base, facet)}
    assert changes
    assert base.derive(kind.name, source=kind.source, **changes) == kind
    assert kind.mode is base.mode
    assert kind.mode in kind.modes


def test_deriving_refuses_what_is_no_facet():
    """A misspelt facet is refused with the nearest; the mode cannot be changed, nor the base's name be taken."""
    with pytest.raises(InvalidValue, match="Did you mean 'timeline'"):
        MENTORING.derive("alumni", source="own", timelin=ADVISING.timeline)
    with pytest.raises(InvalidValue, match="mode: is not a facet"):
        MENTORING.derive("alumni", source="own", mode=Mode.COACHING)
    with pytest.raises(InvalidValue, match="a name of its own"):
        MENTORING.derive("mentoring", source="own")


def test_every_constraint_that_a_kind_or_a_school_names_exists():
    """No kind and no school names a constraint that cannot be looked up, and the other way round none is unused."""
    named = {name for kind in KINDS for name in kind.constraints}
    named |= {name for kind in KINDS for school in kind.schools for name in school.constraints}
    assert named <= set(named_constraints())
    assert set(named_constraints()) - named == {
        "common-hours",
        "common-languages",
        "different-organization",
        "not-excluded",
        "not-same-manager",
        "not-together-before",
        "present",
        "trained",
    }


def test_the_schools_are_those_of_the_sources():
    """Mentoring and coaching have two schools each, with the source that holds it and constraints of its own."""
    assert {(kind.name, one.name): (one.source, one.constraints) for kind in BASE_KINDS for one in kind.schools} == {
        ("mentoring", "shared-path"): ("utah-ucan", ("above-in-level",)),
        ("mentoring", "other-view"): ("culture-wizard", ("above-in-level", "different-department")),
        ("coaching", "direct-leader"): ("culture-wizard", ("own-manager",)),
        ("coaching", "no-power-differential"): ("utah-ucan", ("not-own-manager", "different-department")),
    }
    assert COACHING.school("direct-leader").text.startswith("the coachee's own manager")
    with pytest.raises(InvalidValue, match="Did you mean 'other-view'"):
        MENTORING.school("other-viev")
    with pytest.raises(InvalidValue, match="advising has no schools"):
        ADVISING.school("any")


# The comparison and the registry ----------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5, unique=True), st.integers(60, 200))
def test_any_kinds_can_be_compared_in_every_form(some, width):
    """The comparison of any kinds has each facet of each, as text, repr, HTML and plain data, in the given order."""
    table = comparison(some)
    names = [kind.name for kind in some]
    assert list(table.to_dict()) == names
    assert table.header == ["", *names]
    assert [row[0] for row in table.rows] == ["titles", "focus", "control", "timeline", "strategy"]
    for kind in some:
        assert table.to_dict()[kind.name] == {facet: str(getattr(kind, facet)) for facet in Comparison.FACETS}
        assert all(escape(str(getattr(kind, facet))) in table._repr_html_() for facet in Comparison.FACETS)
    assert repr(table) == str(table) == table.to_text()
    columns = 8 * (len(some) + 1) + 2 * len(some)
    assert all(len(line) <= max(width, columns) for line in table.to_text(width).splitlines())
    assert "Long-term: open-ended, or at least 6 months." in table.to_text(500)


def test_a_comparison_escapes_and_is_never_empty():
    """What a kind says is escaped in HTML; nothing to compare is an error; the note names every length in use."""
    alumni = MENTORING.derive(
        "alumni",
        source="own",
        titles=Titles("<b>", "&"),
        timeline=evolve(MENTORING.timeline, long_months=12),
    )
    assert "&lt;b&gt; / &amp;" in comparison([alumni])._repr_html_()
    assert "at least 6 or 12 months" in comparison([alumni, MENTORING]).note
    with pytest.raises(DevrelError, match="nothing to compare"):
        comparison([])
    assert html_table(["a"], [["<b>"], ["x"], ["y"]], limit=1).count("<tr>") == 3
    assert "... 2 more" in html_table(["a"], [["<b>"], ["x"], ["y"]], limit=1)
    assert markdown_table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |"


def test_a_registry_finds_kinds_by_name_and_cannot_be_changed():
    """Look-up, nearest word, membership; adding gives a new registry and leaves the old one, and no other, alone."""
    registry = KindRegistry(KINDS)
    alumni = MENTORING.derive("alumni-mentoring", source="own")
    larger = registry.adding(alumni, MENTORING)
    assert (len(registry), len(larger)) == (len(KINDS), len(KINDS) + 1)
    assert larger.named("alumni-mentoring") is alumni
    assert tuple(registry) == KINDS
    assert alumni in larger
    assert "alumni-mentoring" in larger
    assert alumni not in registry
    assert alumni not in KindRegistry(KINDS)
    assert repr(KindRegistry([COACHING])) == "<KindRegistry: coaching>"
    with pytest.raises(InvalidValue, match="Did you mean 'mentoring'"):
        registry.named("mentorin")
    with pytest.raises(InvalidValue, match="two kinds are called 'coaching'"):
        registry.adding(evolve(COACHING, source="own"))
    with pytest.raises(InvalidValue, match="must be kinds"):
        KindRegistry(["coaching"])
    with pytest.raises(AttributeError):
        registry.more = 1
    assert not [name for name, value in vars(all_kinds).items() if isinstance(value, (KindRegistry, dict, list, set))
                and not name.startswith("__")]  # fmt: skip


# "Usually" --------------------------------------------------------------------------------------------------------

TERMS = {
    "single": Term.single_session(TODAY),
    "three months": Term.of_months(TODAY, 3),
    "six months": Term.of_months(TODAY, 6),
    "two years": Term.of_months(TODAY, 24),
    "open": Term(TODAY),
}
# Written by hand from the table: what each kind says of the five terms.
VERDICTS = {
    "mentoring": (UNUSUAL, UNUSUAL, FITS, FITS, FITS),
    "coaching": (FITS, FITS, FITS, FITS, UNUSUAL),
    "advising": (FITS, FITS, FITS, FITS, NO),
    "sponsoring": (FITS, NO, FITS, FITS, FITS),
}


@pytest.mark.parametrize("length", TERMS)
@pytest.mark.parametrize("kind", BASE_KINDS, ids=str)
def test_usually_makes_the_difference_between_a_warning_and_an_error(kind, length):
    """With "usually" a deviating term is a warning and the start goes on; without it, an error that stops the start."""
    term = TERMS[length]
    verdict = VERDICTS[kind.name][list(TERMS).index(length)]
    assert kind.timeline.judge(term) is verdict
    if verdict is not FITS:
        assert (verdict is UNUSUAL) == ("usually" in TABLE["timeline"][BASE_KINDS.index(kind)].lower())
    ready = accept_all(proposed(kind, term=term))
    missing = [one for one in ready.agreement.missing_for(kind) if "the term must be" in one]
    found = check(Program("p", kind, term), today=TODAY, select=["A001", "A005"]).findings
    assert len(missing) == (verdict is NO)
    severity = {FITS: [], UNUSUAL: [Severity.WARNING], NO: [Severity.ERROR]}[verdict]
    assert [one.severity for one in found] == severity
    if verdict is NO:
        with pytest.raises(IllegalMove, match=f"the term must be {kind.timeline}"):
            ready.apply(Activated("go", SYSTEM, START))
    else:
        assert ready.apply(Activated("go", SYSTEM, START)).stage is Stage.ACTIVE


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_word_and_the_flag_agree_and_the_default_term_fits(kind):
    """A timeline is lenient exactly where its words say usually; its own term and cadence are never unusual."""
    assert kind.timeline.usually == ("usually" in kind.timeline.text)
    draft = Agreement.draft(kind, TODAY)
    assert kind.timeline.judge(draft.term) is FITS
    assert not check(draft, kind=kind, today=TODAY, select=["A001", "A004", "A005", "A007"]).findings


@pytest.mark.parametrize(
    ("name", "neighbour"),
    [
        ("psychotherapy", "therapy"),
        ("Hypnotherapists", "therapy"),
        ("tele-therapies", "therapy"),
        ("teletherapy", "therapy"),
        ("annual review", "performance management"),
        ("Annual_Reviews", "performance management"),
        ("performance-management", "performance management"),
        ("dispute resolution", "settling disputes"),
        ("peer mediation", "settling disputes"),
        ("High performance mentoring", None),
        ("cross-disciplinary mentoring", None),
        ("council", None),
        ("meditation", None),
        ("review annual", None),
    ],
)
def test_a_neighbour_is_told_by_whole_words(name, neighbour):
    """Words and pairs of words tell of a neighbour, in the plural too; what only begins or sounds like one does not."""
    assert neighbour_in(name) == neighbour
