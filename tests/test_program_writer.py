"""Programs as program files: what is written reads back equal, and nothing is lost silently."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, fields, frozen
from hypothesis import given, reject
from hypothesis import strategies as st

from devrel.agreements import (
    Confidentiality,
    Contact,
    ManagerCommitment,
    ManagerPart,
    Meeting,
    Records,
    ThirdParty,
    ThirdPartyRole,
)
from devrel.errors import InputError, InvalidValue
from devrel.formats._program_writer import toml
from devrel.formats.program_toml import dumps_program, loads_program
from devrel.kinds import COACHING, KINDS, MENTORING, Item, Measure, Side
from devrel.lifecycle import Origin
from devrel.matching import (
    AboveInLevel,
    Alike,
    CommonHours,
    Constraint,
    Different,
    Differs,
    FirstInLine,
    Gap,
    HopesMet,
    HoursTogether,
    InCommon,
    Near,
    NotExcluded,
    NotTogetherBefore,
    Objective,
    Offered,
    Preferred,
    Present,
    Same,
    Shared,
    Trained,
    Waiting,
    Weight,
)
from devrel.people import Role, Support
from devrel.programs import (
    SAMPLE_PROGRAM,
    Aim,
    AttributeSpec,
    AttributeType,
    Budget,
    CapacityPolicy,
    Channel,
    CheckPolicy,
    ComparedWith,
    Condition,
    Decider,
    FocusArea,
    FocusSort,
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
    Scope,
    Setter,
    SupportForm,
    TableSpec,
    VisibilityPolicy,
    Window,
    Words,
)
from devrel.programs.presets import PRESETS
from devrel.terms import Cadence, HolidayRule, Term, Unit, Weekday

FOLDERS = [path for path in (Path(__file__).parent.parent / "examples").iterdir() if path.is_dir()]
# What a package of its own names is known where that is installed: tests/test_roundtable.py.
EXAMPLES = sorted(
    path for folder in FOLDERS if not (folder / "pyproject.toml").exists() for path in folder.glob("*.toml")
)
START = date(2027, 1, 4)
ATTRIBUTES = {
    "level": AttributeSpec(AttributeType.ORDERED, ["junior", "senior", "head"]),
    "skills": AttributeSpec(AttributeType.LIST, separator="; "),
    "wants": AttributeSpec(AttributeType.LIST, sensitive=True),
    "years": AttributeSpec(AttributeType.NUMBER, required=True),
    "remote": AttributeSpec(AttributeType.YES_NO),
    "region": AttributeSpec(free_text=False),
}
COLUMNS = {name: f"the {name}" for name in ATTRIBUTES}
BASE = Program(
    "Circle",
    MENTORING,
    Term.of_months(START, 9),
    attributes=ATTRIBUTES,
    tables=[TableSpec("people", "id", COLUMNS, ["first", "last"], "mail", role_column="part", capacity_column="takes")],
)
SMALLEST = Program("P", MENTORING, Term.of_months(START, 9))
ORDERED = Condition("level", at_least=2)

CHANGES: dict[str, list[Any]] = {
    "name": ['Circle "two" \\ ünï \x7f'],
    "kind": [COACHING],
    "term": [Term(START), Term.single_session(START), Term(START, date(2027, 3, 3))],
    "cadence": [
        Cadence(2, Unit.WEEK, Weekday.FRIDAY, time(9, 30), "Europe/London", HolidayRule.MOVE),
        Cadence(3, on_holiday=HolidayRule.KEEP),
    ],
    "minutes": [5, 480],
    "purpose": ["to meet\nand talk"],
    "contact": ["circle@example.org"],
    "recipients": [Intake([ORDERED, Condition("skills", ["sql"])], 2)],
    "providers": [Intake([Condition("years", above=1.5, below=9)], 3), Intake([Condition("level", [1, 3])])],
    "rules": [
        [Different("region"), Gap("years", at_most=3)],
        [Alike("region"), AboveInLevel()],
        [InCommon("skills", 2), CommonHours(90), Trained(), Present(), NotExcluded(), NotTogetherBefore()],
    ],
    "said": [{"preferences": "skills", "waiting_since": "region"}],
    "school": ["other-view"],
    "lifted": [["not-own-manager"]],
    "criteria": [
        [Same("region", weight=Weight.MUST), Differs("region", weight=2.5, name="elsewhere")],
        [Shared("skills"), Offered("wants", "skills", "remote", sensitive=True)],
        [Near("years", 2, 4, weight=Weight.LOW)],
        [HopesMet(), HoursTogether(90), Waiting(30), FirstInLine(weight=2)],
        [Preferred(name="any"), Preferred(Side.PROVIDER)],
    ],
    "strategy": ["optimal"],
    "parameters": [{}],
    "objective": [Objective.SCORE],
    "seed": [7],
    "answer_days": [3],
    "clauses": [
        {"meeting": Meeting.IN_PERSON, "provider_hours": 2.5, "recipient_hours": 3.0, "ethics": "a code"},
        {"provider_commits": ("to come",), "hopes": frozenset({Support.TIME}), "offers": frozenset(Support)},
        {"contact": None, "provider_hours": None, "ethics": "", "not_therapy": "", "extra": (), "hopes": ()},
        {"third_parties": [ThirdParty("t", ThirdPartyRole.PAYS, [Item.GOALS])], "extra": ["a"], "conflicts": ["b"]},
        {"provider_commits": ["c"], "boundaries": ["d"], "reviews": [date(2027, 5, 3), date(2027, 6, 1)]},
        {"records": Records(keep_months=None), "offers": [Support.TIME]},
        {"contact": Contact(answer_within_days=3_650), "records": Records("short", None)},
        {"contact": Contact("by mail", 3), "confidentiality": Confidentiality("Ours.", ())},
        {"records": Records("none", 0), "reviews": (date(2027, 5, 3), date(2027, 6, 1))},
        {"manager": ManagerPart({Item.GOALS}, {ManagerCommitment.STAND_BACK})},
        {"manager": ManagerPart(None, ())},
        {"third_parties": (ThirdParty("t", ThirdPartyRole.PAYS, {Item.GOALS}),)},
        {"third_parties": (ThirdParty("t", ThirdPartyRole.PAYS), ThirdParty("u", ThirdPartyRole.ORGANISES, ()))},
        {"exit_notice_days": 0, "cancellation_hours": 0, "boundaries": ("health",), "scope": "law"},
    ],
    "focus_areas": [[FocusArea("leading"), FocusArea("safety", "first", FocusSort.GUIDELINE)]],
    "holidays": [[date(2027, 12, 25)]],
    "aims": [set(Aim)],
    "process": [Process(["apply", "meet"], set(Channel))],
    "participation": [*Participation],
    "decided_by": [*Decider],
    "rematching": [Rematching(5, 0, first_in_line=False), Rematching()],
    "measurement": [
        Measurement(
            [Metric("rate"), Metric("talks", Scope.RELATIONSHIP)], ["more"], ComparedWith.BY_LOT, Measure.ADVOCACIES,
            ["region"], 0.5, 12,
        ),
        Measurement(match_rate=1),
    ],
    "platforms": [["video", "calls"]],
    "windows": [[Window(START, START), Window(START, date(2027, 2, 1))]],
    "preparation": [Preparation(1.5, 2, ["listening"])],
    "support": [OngoingSupport(set(SupportForm), 4), OngoingSupport(every_weeks=1)],
    "capacity": [CapacityPolicy(3, 2.5)],
    "visibility": [VisibilityPolicy(set(ManagerAct), 9), VisibilityPolicy(())],
    "reach": [Reach("by video", [Condition("remote", [True])])],
    "performance_boundary": ["apart"],
    "welcomes": [[Origin.INFORMAL], [Origin.INFORMAL, Origin.SPUN_OFF]],
    "goals_set_by": [*Setter],
    "demands_end": [True],
    "budget": [Budget(1000, "EUR", "rooms"), Budget(0, "USD")],
    "checks": [CheckPolicy(["A", "D001"], {"D015": "told", "D016": "", "K": "ours"}, {"D001": "error", "P": "advice"})],
    "attributes": [ATTRIBUTES],
    "tables": [
        [
            TableSpec("a b", "id", COLUMNS, role=Role.PROVIDER, both_column="both", delimiter="\t"),
            TableSpec("others", "nr", {"region": "where"}, role=Role.RECIPIENT, delimiter=";"),
        ]
    ],
    "words": [Words(["ja"], ["nein"], ["mentor", "gibt"], ["mentee", "nimmt"], ["beides"], ["nichts"])],
}  # fmt: skip


ANY = {
    name: st.sampled_from(values)
    for name, values in CHANGES.items()
    if name not in {"kind", "school", "lifted", "tables"}
} | {"tables": st.sampled_from([BASE.tables, ()])}


def back(program: Program) -> Program:
    """Return a program after it was written and read."""
    return loads_program(dumps_program(program))


@pytest.mark.parametrize("name", [one.name for one in fields(Program)])
def test_every_field_comes_back(name):
    """Each field of a program, changed in each of its shapes, is in the file and comes back equal."""
    for value in CHANGES[name]:
        changed = evolve(BASE, **{name: value})
        assert back(changed) == changed


@given(st.sampled_from([BASE, SMALLEST]), st.fixed_dictionaries({}, optional=ANY), st.sampled_from(KINDS))
def test_whatever_is_said_of_a_program_comes_back(start, said, kind):
    """Any shapes of any fields together come back equal, with tables and without, for every kind."""
    said = {"kind": kind, "school": None, "lifted": (), **said}
    if "tables" in said or start is BASE:
        said["attributes"] = ATTRIBUTES
    try:
        program = evolve(start, **said)
    except InvalidValue:  # reviews outside of the term
        reject()
    assert back(program) == program


def test_everything_at_once_comes_back():
    """A program with every field set comes back equal, and its text is the same each time."""
    first = {name: values[0] for name, values in CHANGES.items() if name not in {"kind", "tables"}}
    program = evolve(BASE, **first)
    assert back(program) == program
    assert dumps_program(program) == dumps_program(back(program))


@pytest.mark.parametrize("text", [*(one.text(START) for one in PRESETS.values()), SAMPLE_PROGRAM, *EXAMPLES], ids=repr)
def test_presets_and_examples_come_back(text):
    """Every program file that comes with the library loses nothing but its comments."""
    program = loads_program(text.read_text(encoding="utf-8") if isinstance(text, Path) else text)
    assert back(program) == program


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_program_made_in_python_can_be_written(kind):
    """A program of any kind, without tables and with nothing but a term, comes back equal."""
    program = Program("P", kind, kind.timeline.default_term(START), cadence=kind.timeline.cadence)
    assert back(program) == program
    assert back(Program("P", kind, program.term)) == Program("P", kind, program.term)


def test_what_a_file_cannot_say_is_refused_by_name():
    """Rules of others, kinds of one's own and clauses without a key are refused, and nothing is written."""

    @frozen
    class Own(Constraint):
        name = "own"

        def forbids(self, case):
            return False

    @frozen
    class Mine(Same):
        pass

    own = MENTORING.derive("own-mentoring", source="own")
    for field, value, where in (
        ("rules", [Own()], "rules"),
        ("criteria", [Mine("region")], "criteria"),
        ("kind", own, "kind"),
        ("term", Term.single_session(START, within_days=3), "term"),
        ("clauses", {"ethics": " "}, "agreement.ethics"),
    ):
        with pytest.raises(InvalidValue, match=where):
            dumps_program(evolve(BASE, **{field: value}))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)


@given(
    st.dictionaries(
        TEXTS,
        st.dictionaries(
            TEXTS,
            st.one_of(
                st.booleans(), st.integers(-(10**15), 10**15), TEXTS, st.floats(allow_nan=False, allow_infinity=False),
                st.dates(), st.times().map(lambda at: at.replace(tzinfo=None)), st.lists(TEXTS, max_size=3),
                st.lists(st.dictionaries(TEXTS, TEXTS, max_size=2), max_size=2),
            ),
            max_size=4,
        ),
        max_size=4,
    )
)  # fmt: skip
def test_any_tree_of_values_is_toml(document):
    """Whatever the keys and values, the text is TOML and says the same."""
    assert tomllib.loads(toml(document)) == document


@pytest.mark.parametrize(
    ("text", "path", "word"),
    [
        ('[program]\naims = ["carers"]', "program.aims", "careers"),
        ('[program]\nparticipation = "volunteer"', "program.participation", "voluntary"),
        ('[program]\nfocus_areas = [1]', "program.focus_areas[1]", "name"),
        ('[program]\nfocus_areas = "one"', "program.focus_areas", "list"),
        ('[program]\nfocus_areas = [{ nam = "x" }]', "program.focus_areas[1].nam", "name"),
        ('[process]\ntold_by = ["male"]', "process.told_by", "mail"),
        ("[process]\nstep = []", "process.step", "steps"),
        ("[enrollment]\nwindows = [{ opens = 2027-01-02, closes = 2027-01-01 }]", "enrollment.windows[1].closes",
         "Swap"),
        ("[enrollment]\nwindows = [{ opens = 2027-01-02 }]", "enrollment.windows[1].closes", "2026-01-31"),
        ("[preparation]\nprovider_hours = -1", "preparation.provider_hours", "0"),
        ('[support]\nforms = ["exchnge"]', "support.forms", "exchange"),
        ("[capacity]\nmost = 0", "capacity.most", "1"),
        ('[visibility]\nmanager_acts = ["suggest"]', "visibility.manager_acts", "suggests"),
        ('[reach]\nwhere = [{ attribute = "nothing" }]', "reach.where[1].attribute", "Known"),
        ('[budget]\namount = 1', "budget.currency", "text"),
        ('[budget]\namount = 1\ncurrency = "euros"', "budget.currency", "EUR"),
        ("[measurement]\nmatch_rate = 2", "measurement.match_rate", "1"),
        ('[measurement]\nmetrics = [{ name = "x", scope = "people" }]', "measurement.metrics[1].scope", "person"),
        ('[check]\nselect = ["D1"]', "check.select", "D001"),
        ("[check.ignore]\nD001 = 1", "check.ignore.D001", "why"),
        ('[check.ignore]\nd001 = "x"', "check.ignore.d001", "D001"),
        ('[check.severities]\nD001 = "warn"', "check.severities.D001", "warning"),
        ('[[agreement.third_parties]]\nid = "x"\nrole = "pay"', "agreement.third_parties[1].role", "pays"),
        ('[matching]\ndecided_by = "progam"', "matching.decided_by", "program"),
        ("[matching.rematching]\ntimes = -1", "matching.rematching.times", "0"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_policy_is_told_with_its_place(text, path, word):
    """Each new key refuses what it cannot hold, with its path and what to write instead."""
    head = '[program]\nname = "P"\nkind = "mentoring"\n'
    whole = head + text.removeprefix("[program]\n") if text.startswith("[program]") else f"{text}\n{head}"
    rest = '[term]\nstart = 2027-01-04\nmonths = 9\n[tables.people]\nid = "id"\n'
    with pytest.raises(InputError) as caught:
        loads_program(f"{whole}\n{rest}")
    (problem,) = [one for one in caught.value.problems if one.column == path]
    assert word in f"{problem.wrong} {problem.remedy}"
