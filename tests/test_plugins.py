"""What other packages bring: found by name, checked on arrival, refused without a trace."""

from __future__ import annotations

import json
import sys
from datetime import date

import pytest
from click.testing import CliRunner

from devrel import plugins
from devrel.cli import main
from devrel.errors import BrokenExtension, InputError, InvalidValue, WrongAnswer
from devrel.extensions import GROUPS
from devrel.formats.json import dumps, loads
from devrel.formats.program_toml import dumps_program, loads_program
from devrel.kinds import KINDS, MENTORING, kind_named
from devrel.matching import MatchingProblem, MatchingStrategy, OptimalMatching, Solution
from devrel.matching.brought import CONSTRAINT_GROUP, CRITERION_GROUP, constraint_named
from devrel.matching.strategies import strategy_named
from devrel.people import Party, Role
from devrel.plugins import PluginError
from devrel.programs import SAMPLE_PROGRAM
from devrel.relationships import Relationship
from devrel.run import plugins_of
from devrel.validation import check, rulebook
from tests.test_docs import problems_of, rules

TODAY = date(2026, 1, 5)
CODE = """
from attrs import frozen, field
from devrel.errors import InvalidValue
from devrel.kinds import MENTORING, Titles
from devrel.matching import Constraint, Criterion, MatchingStrategy
from devrel.validation import Severity, Subject, Flaw, rule

class First(MatchingStrategy):
    name = "first-come"
    def __init__(self, most=1):
        self.most = most
    def parameters(self):
        return {"most": self.most}
    def solve(self, problem):
        return []

class Nameless(MatchingStrategy):
    def solve(self, problem):
        return []

class Unsolved(MatchingStrategy):
    name = "unsolved"

@frozen
class Letters(Criterion):
    attribute: str
    many: int = 3
    within: float = 1.5
    words: tuple[str, ...] = ()
    def score(self, case):
        return 0.5

@frozen
class Apart(Constraint):
    name = "apart"
    floors: int = field(default=1)
    @floors.validator
    def _(self, attribute, value):
        if value < 1:
            raise ValueError("too few floors")
    def forbids(self, case):
        return False

class Plain(Constraint):
    name = "plain"
    def __init__(self, region: str, *, strict: bool = False):
        self.region, self.strict = region, strict
    def forbids(self, case):
        return False
    def __eq__(self, other):
        return type(other) is Plain and vars(self) == vars(other)
    __hash__ = None

ALUMNI = MENTORING.derive("alumni", source="ours", constraints=("not-own-manager", "apart"))

@rule("X501", "a name", severity=Severity.ADVICE, subject=Subject.KIND, source="ours", rationale="So.", remedy="Do.")
def named(case):
    return Flaw("name", "it has a name")
"""
GOOD = {
    "devrel.strategies": {"first-come": "First"},
    "devrel.criteria": {"letters": "Letters"},
    "devrel.constraints": {"apart": "Apart", "plain": "Plain"},
    "devrel.validators": {"named": "named"},
    "devrel.kinds": {"alumni": "ALUMNI"},
}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Make a distribution of some code and entry points, as if it were installed."""

    def made(name: str, announced: dict[str, dict[str, str]], code: str = CODE) -> None:
        module = name.replace("-", "_")
        folder = tmp_path / name
        info = folder / f"{module}-1.0.dist-info"
        info.mkdir(parents=True)
        (folder / f"{module}.py").write_text(code, encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        lines = [
            line
            for group, entries in announced.items()
            for line in (f"[{group}]", *(f"{key} = {module}:{where}" for key, where in entries.items()))
        ]
        (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.delitem(sys.modules, module, raising=False)

    yield made
    for name in [name for name in sys.modules if name.startswith("sample_")]:
        del sys.modules[name]


def test_what_is_asked_for_by_name_is_loaded_and_nothing_else(install):
    """A strategy of a package is found by its name; the other package's module is not even imported."""
    install("sample-one", GOOD)
    install("sample-two", {"devrel.strategies": {"other": "First"}})
    strategy = strategy_named("first-come", {"most": 3})
    assert strategy.parameters() == {"most": 3}
    assert "sample_one" in sys.modules
    assert "sample_two" not in sys.modules


def test_nothing_is_loaded_for_what_the_library_has(install):
    """Strategies, kinds and rules of the library load no package."""
    install("sample-one", GOOD)
    strategy_named("optimal", {})
    loads_program(SAMPLE_PROGRAM)
    assert kind_named("mentoring") is MENTORING
    assert "sample_one" not in sys.modules


def test_unknown_names_find_the_nearest_of_a_package(install):
    """A misspelt name is refused with the package's name, in Python and in a program file."""
    install("sample-one", GOOD)
    with pytest.raises(InvalidValue, match="first-come"):
        strategy_named("first-came", {})
    with pytest.raises(InvalidValue, match="Did you mean 'alumni'"):
        kind_named("alumny")
    (problem,) = problems_of(
        SAMPLE_PROGRAM.replace('"offered"', '"leters"', 1).replace('wanted = "wants"\noffered = "skills"\n', "")
    )
    assert "'letters'" in problem.remedy


def test_parameters_that_do_not_fit_are_refused(install):
    """The error names what the strategy of a package takes."""
    install("sample-one", GOOD)
    with pytest.raises(InvalidValue, match="it takes: most"):
        strategy_named("first-come", {"least": 1})


def test_discover_tells_what_is_there_and_what_is_broken(install):
    """Everything is listed with its package; a broken thing has its error and disturbs nothing else."""
    install("sample-one", GOOD)
    install("sample-bad", {"devrel.kinds": {"bad": "MISSING"}, "devrel.strategies": {"worse": "First"}}, "1 / 0")
    found = {(one.group, one.name): one for one in plugins.discover()}
    assert {key for key, one in found.items() if not one.ok} == {
        ("devrel.kinds", "bad"),
        ("devrel.strategies", "worse"),
    }
    assert len(found) == 8
    assert all(one.distribution == "sample-one 1.0" for one in found.values() if one.ok)
    assert "ZeroDivisionError" in found["devrel.kinds", "bad"].error
    assert "sample-bad 1.0" in found["devrel.kinds", "bad"].error
    assert found["devrel.kinds", "alumni"].thing == kind_named("alumni")


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.noun)
def test_what_is_something_else_is_refused_on_arrival(install, group):
    """Whatever is announced in the wrong group is refused with its package, and leaves no trace."""
    install("sample-odd", {group.name: {"odd": "Flaw"}})
    with pytest.raises(PluginError, match=r"'odd' of sample-odd 1\.0 cannot be used"):
        group.get("odd")
    (found,) = group.discover()
    assert not found.ok
    assert found.thing is None
    assert group.get("another") is None


@pytest.mark.parametrize(
    ("announced", "told"),
    [
        ({"unsolved": "Unsolved"}, "has no solve"),
        ({"nameless": "Nameless"}, "announce it as that"),
        ({"second": "First"}, "is called 'first-come'"),
        ({"abstract": "MatchingStrategy"}, "has no solve"),
    ],
)
def test_a_strategy_that_cannot_be_chosen_is_refused(install, announced, told):
    """A strategy needs solve() and the name it is announced under."""
    install("sample-odd", {"devrel.strategies": announced})
    with pytest.raises(PluginError, match=told):
        strategy_named(next(iter(announced)), {})


@pytest.mark.parametrize(
    ("group", "ours", "what"),
    [
        ("devrel.strategies", "optimal", "First"),
        ("devrel.kinds", "mentoring", "ALUMNI"),
        ("devrel.criteria", "same", "Letters"),
        ("devrel.constraints", "not-own-manager", "Apart"),
    ],
)
def test_a_name_of_the_library_is_not_given_away_again(install, group, ours, what):
    """Where a package brings a name that the library has, the error names both."""
    install("sample-one", {group: {ours: what}})
    (own,) = [one for one in GROUPS if one.name == group]
    with pytest.raises(PluginError, match=r"devrel and sample-one 1\.0 both bring a \w+ called"):
        own.get(ours)
    assert not own.discover()[0].ok


def test_two_packages_with_one_name_are_both_named(install):
    """The error of a name that is given away twice names both packages, and other names work."""
    install("sample-one", GOOD)
    install("sample-two", {"devrel.strategies": {"first-come": "First"}})
    with pytest.raises(PluginError, match=r"sample-one 1\.0 and sample-two 1\.0 both bring"):
        strategy_named("first-come", {})
    assert kind_named("alumni").name == "alumni"
    assert strategy_named("optimal", {}).name == "optimal"


def test_the_switch_turns_all_of_it_off(install, monkeypatch):
    """With DEVREL_NO_PLUGINS=1 no package brings anything."""
    install("sample-one", GOOD)
    monkeypatch.setenv(plugins.SWITCH, "1")
    assert plugins.discover() == ()
    assert "X501" not in rulebook()
    with pytest.raises(InvalidValue, match="is not known"):
        strategy_named("first-come", {})
    monkeypatch.setenv(plugins.SWITCH, "0")
    assert len(plugins.discover()) == 6


@pytest.mark.parametrize("group", [CRITERION_GROUP, CONSTRAINT_GROUP], ids=lambda group: group.noun)
def test_every_word_of_a_program_file_is_taken(group):
    """No package can take a word by which a program file names a rule of the library."""
    assert set(rules(group.name.removeprefix("devrel."))) <= set(group.own())


PROGRAM = SAMPLE_PROGRAM.replace('kind = "mentoring"', 'kind = "alumni"').replace(
    '[matching]\nstrategy = "optimal"', '[matching]\nstrategy = "first-come"'
)
RULES = """
[[criteria]]
rule = "letters"
attribute = "region"
many = 2
within = 3
words = ["a", "b"]
weight = "low"

[[constraints]]
rule = "apart"
floors = 2

[[constraints]]
rule = "plain"
region = "north"
strict = true

[matching.parameters]
most = 2
"""


def test_a_program_file_names_all_of_it_and_is_written_back(install):
    """Kind, strategy, criterion and constraints of a package are read from a program file and written back equal."""
    install("sample-one", GOOD)
    program = loads_program(PROGRAM + RULES)
    assert program.kind.name == "alumni"
    letters, (apart, plain) = program.criteria[-1], program.rules[-2:]
    assert (letters.attribute, letters.many, letters.within, letters.words) == ("region", 2, 3, ("a", "b"))
    assert (apart.floors, plain.region, plain.strict) == (2, "north", True)
    assert loads_program(dumps_program(program)) == program
    names = {(one["sort"], one["name"]) for one in plugins_of(program)}
    assert names == {
        ("kind", "alumni"),
        ("strategy", "first-come"),
        ("criterion", "letters"),
        ("constraint", "apart"),
        ("constraint", "plain"),
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("many = 2", "manny = 2", "Did you mean 'many'"),
        ("many = 2", 'many = "two"', "is not a whole number"),
        ("many = 2", "many = true", "is not a whole number"),
        ('attribute = "region"\nmany', "many", "attribute: is missing"),
        ("floors = 2", "floors = 0", "too few floors"),
        ("floors = 2", "flors = 2", "Did you mean 'floors'"),
        ('region = "north"\n', "", "region: is missing"),
        ("strict = true", 'strict = "yes"', "is not true or false"),
    ],
)
def test_the_keys_of_a_rule_are_read_strictly(install, before, after, told):
    """Unknown, missing and misshapen keys of a package's rule are refused like those of the library's."""
    install("sample-one", GOOD)
    assert before in RULES
    with pytest.raises(InputError) as caught:
        loads_program(PROGRAM + RULES.replace(before, after))
    assert told in str(caught.value)


def test_a_rule_that_names_something_sensitive_is_kept_private(install):
    """A criterion of a package that names a sensitive attribute is sensitive; a constraint that does is refused."""
    install("sample-one", GOOD)
    private = (PROGRAM + RULES).replace(
        "[attributes.level]", "[attributes.region]\nsensitive = true\n\n[attributes.level]"
    )
    private = private.replace(
        '[[criteria]]\nname = "same region"\nrule = "same"\nattribute = "region"\nweight = "low"\n', ""
    )
    program = loads_program(private)
    assert program.criteria[-1].sensitive
    assert loads_program(dumps_program(program)) == program
    with pytest.raises(InputError, match="looks at sensitive data"):
        loads_program(private.replace('region = "north"', 'region = "region"'))


def test_broken_ones_are_problems_of_the_program_file(install):
    """A program file that names broken things has one problem for each, with the package."""
    install("sample-bad", GOOD, "raise RuntimeError('no')")
    problems = problems_of(PROGRAM + RULES.replace("[matching.parameters]\nmost = 2", ""))
    broken = [one for one in problems if "sample-bad 1.0" in one.wrong]
    assert [one.column for one in broken] == [
        "program.kind",
        "constraints[3].rule",
        "constraints[4].rule",
        "criteria[4].rule",
        "matching.strategy",
    ]


def test_a_kind_may_name_a_constraint_of_a_package(install):
    """A constraint that a package's kind names applies to programs of that kind, and one that nobody has is refused."""
    install("sample-one", GOOD)
    names = [rule.name for rule in loads_program(PROGRAM).constraints]
    assert names[:2] == ["not-own-manager", "apart"]
    assert constraint_named("nobody") is None
    with pytest.raises(InvalidValue, match="needs parameters"):
        constraint_named("plain")


def test_a_stored_relationship_finds_its_kind_by_name(install):
    """A document with a relationship of a package's kind is read without naming the kind to the reader."""
    install("sample-one", GOOD)
    from devrel.testing import strategies as some

    kind = kind_named("alumni")
    one = Relationship.propose(
        "r",
        kind,
        [Party("a", Role.PROVIDER), Party("b", Role.RECIPIENT)],
        loads_program(PROGRAM).agreement(),
        actor=some.Actor.system(),
        at=some.START,
    )
    assert loads(dumps([one], Relationship), Relationship) == (one,)


def test_provenance_names_the_package_of_a_strategy(install):
    """The provenance of a matching tells the package and its version, and nothing for the library's own."""
    install("sample-one", GOOD)
    problem = MatchingProblem.from_scores([[1]])
    assert strategy_named("first-come", {}).match(problem).provenance.distribution == "sample-one 1.0"
    assert OptimalMatching().match(problem).provenance.distribution == ""


def test_rules_of_packages_judge_with_the_others(install):
    """A rule of a package is in the rulebook with its package, and finds what it finds."""
    install("sample-one", GOOD)
    assert rulebook().entry("X501").distribution == "sample-one 1.0"
    assert "X501" in check(MENTORING, today=TODAY).codes


@pytest.mark.parametrize(
    "code", ["raise SystemExit(3)", CODE.replace('"X501"', '"A001"'), CODE.replace('"X501"', '"bad"')]
)
def test_a_broken_rule_silences_nobody(install, code):
    """A rule that cannot be loaded, is unsound or has a code of the library is reported; the others judge."""
    install("sample-one", GOOD)
    install("sample-bad", {"devrel.validators": {"broken": "named"}}, code)
    report = check(MENTORING, today=TODAY)
    assert "X501" in report.codes
    assert report.crashed == ()
    (told,) = report.broken
    assert "sample-bad 1.0" in told
    assert report.to_sarif(file="p.toml")


def test_two_packages_with_one_code_are_both_named(install):
    """Of two packages with one code, the first keeps it, and the error names both."""
    install("sample-one", GOOD)
    install("sample-two", {"devrel.validators": {"named": "named"}})
    (told,) = rulebook().broken
    assert "sample-one 1.0" in told
    assert "sample-two 1.0" in told
    assert rulebook().entry("X501").distribution == "sample-one 1.0"


def test_the_command_lists_what_is_there(install):
    """`devrel plugins` lists name, group, package and state; its status says whether something is broken."""
    assert CliRunner().invoke(main, ["plugins"]).output == "no installed package brings anything\n"
    install("sample-one", GOOD)
    good = CliRunner().invoke(main, ["plugins"])
    assert good.exit_code == 0
    assert "first-come" in good.output
    assert "sample-one 1.0" in good.output
    install("sample-bad", {"devrel.kinds": {"bad": "MISSING"}})
    bad = CliRunner().invoke(main, ["plugins", "--json"])
    assert bad.exit_code == 1
    assert [one["name"] for one in json.loads(bad.output) if not one["ok"]] == ["bad"]
    assert "broken:" in CliRunner().invoke(main, ["plugins"]).stderr


def test_the_library_itself_brings_nothing():
    """Without packages, nothing is found, and all kinds are the library's own."""
    assert plugins.discover() == ()
    assert [kind_named(kind.name) for kind in KINDS] == list(KINDS)


def failing_run(path, program=PROGRAM):
    """Run a program over three people, and return what the command came to."""
    rows = "id,name,email,takes part as,takes,manager,department,level,skills,wants to learn,region\n"
    rows += "a,A,a@x.org,mentee,,,x,1,,law,north\nb,B,b@x.org,mentor,1,,y,3,law,,north\n"
    (path / "people.csv").write_text(rows, encoding="utf-8")
    (path / "program.toml").write_text(program, encoding="utf-8")
    arguments = ["run", path / "program.toml", "--people", path / "people.csv", "--out", path / "out"]
    return CliRunner().invoke(main, [*map(str, arguments), "--today", "2026-01-05"])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "return []",
            "return [1 / 0]",
            "strategy 'first-come' of sample-one 1.0 broke down: ZeroDivisionError in sample",
        ),
        ("return []", "return (1 / 0 for _ in 'a')", "strategy 'first-come' of sample-one 1.0 broke down"),
        ("return 0.5", "return len(3)", "the criterion 'Letters' of sample-one 1.0 broke down: TypeError"),
        ("def forbids(self, case):\n        return False", "def forbids(self, case):\n        {}['secret']", "'apart'"),
        (
            "def forbids(self, case):\n        return False",
            "def forbids(self, case):\n        pass",
            "neither true nor",
        ),
        (
            "def forbids(self, case):\n        return False",
            "def forbids(self, case):\n        return 1",
            "neither true",
        ),
        ('{"most": self.most}', '{"most": {1}}', "parameters.most: of the strategy 'first-come' of sample-one 1.0"),
    ],
)
def test_what_breaks_down_in_a_run_is_named(install, tmp_path, before, after, told):
    """A strategy or rule that raises or answers nothing ends a run with its name and package, and no private word."""
    install("sample-one", GOOD, CODE.replace(before, after, 1))
    ended = failing_run(tmp_path, PROGRAM + RULES)
    assert ended.exit_code == 2
    assert isinstance(ended.exception, SystemExit)
    assert told in ended.stderr
    assert "secret" not in ended.stderr
    assert not (tmp_path / "out").exists()


def test_the_cause_of_a_breakdown_is_kept(install):
    """In Python the error of a strategy that broke down has the strategy's own error as its cause."""
    install("sample-one", GOOD, CODE.replace("return []", "return [1 / 0]", 1))
    with pytest.raises(BrokenExtension, match=r"in sample_one, line \d+, in solve") as caught:
        strategy_named("first-come", {}).match(MatchingProblem.from_scores([[1]]))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_run_tells_of_a_rule_that_cannot_be_loaded(install, tmp_path):
    """A validator that is broken is named by a run as well, which goes on without it."""
    install("sample-bad", {"devrel.validators": {"broken": "named"}}, "raise RuntimeError('no')")
    ended = failing_run(tmp_path, SAMPLE_PROGRAM)
    assert ended.exit_code == 0
    assert "plug-in    'broken' of sample-bad 1.0 cannot be loaded" in ended.output


def test_an_unknown_name_says_where_packages_are_listed(install, monkeypatch):
    """What no package brings is told with the value and a hint; with plug-ins switched off, that they are."""
    text = PROGRAM + RULES
    assert [one.column for one in problems_of(text) if "'devrel plugins' lists" in one.remedy] == [
        "program.kind",
        "constraints[3].rule",
        "constraints[4].rule",
        "criteria[4].rule",
        "matching.strategy",
    ]
    assert "'first-come' is not known" in problems_of(text)[-1].wrong
    monkeypatch.setenv(plugins.SWITCH, "1")
    assert all("DEVREL_NO_PLUGINS is set" in one.remedy for one in problems_of(text) if "is not known" in one.wrong)


def test_a_strategy_announced_under_another_name_is_told_as_the_cause(install):
    """Whoever asks for a strategy by its own name hears what is wrong with its entry point, which is not offered."""
    install("sample-odd", {"devrel.strategies": {"first-comer": "First"}})
    with pytest.raises(InvalidValue, match="is called 'first-come'") as caught:
        strategy_named("first-come", {})
    assert "Did you mean 'first-comer'" not in str(caught.value)
    assert "first-comer" not in str(caught.value).split("Known:")[1].split(".")[0]


def test_a_code_of_another_package_is_told_as_one():
    """A code with a letter that nobody has is said to be of another package, and no other rule is offered."""
    told = CliRunner().invoke(main, ["explain", "X201"]).stderr
    assert "other packages" in told
    assert "Did you mean" not in told


def test_kinds_of_packages_are_listed(install):
    """`devrel kinds` shows what packages bring with the package, in words and as JSON."""
    assert "From other packages" not in CliRunner().invoke(main, ["kinds"]).output
    install("sample-one", GOOD)
    assert "From other packages: alumni (sample-one 1.0)" in CliRunner().invoke(main, ["kinds"]).output
    told = json.loads(CliRunner().invoke(main, ["kinds", "--json"]).output)
    assert told["alumni"]["package"] == "sample-one 1.0"
    assert "package" not in told["mentoring"]


@pytest.mark.parametrize("field", ["pairs", "groups", "notes"])
def test_a_field_of_a_solution_that_is_no_list_is_named(field):
    """A text where a solution has a list is refused with the strategy and the field."""

    class Texts(MatchingStrategy):
        name = "texts"

        def solve(self, problem):
            return Solution(**{"pairs": [], field: "text"})

    with pytest.raises(WrongAnswer, match=f"texts gave a wrong answer:\n  .* whose {field} are no list"):
        Texts().match(MatchingProblem.from_scores([[1]]))
