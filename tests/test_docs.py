"""The README, the documentation and the docstrings: what they show is what happens."""

from __future__ import annotations

import contextlib
import csv
import doctest
import importlib
import io
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest
from attrs import field, frozen
from click.testing import CliRunner
from hypothesis.strategies import SearchStrategy

import devrel
import devrel.matching
import devrel.programs
import devrel.validation
from devrel import agreements, duties, errors, lifecycle, needs, phases, plugins, seats, testing, visibility
from devrel.banks import QUESTIONS, TOPICS
from devrel.cli import main
from devrel.errors import InputError
from devrel.formats.program_toml import loads_program
from devrel.kinds import KINDS, Horizon, Item
from devrel.lifecycle import DeclineReason, EndReason, Stage
from devrel.matching import Cause, Claim, Different, Feature, Objective, OptimalMatching, Same, Weight
from devrel.matching.strategies import STRATEGIES
from devrel.needs import Ask, CareerStage, Need, WhoDirects, recommend, screen
from devrel.people import Person, Role
from devrel.programs import AttributeType
from devrel.terms import TermForm
from devrel.testing import strategies
from devrel.validation.book import own_rules
from devrel.validation.rules import RETIRED
from tools import rules as rule_pages
from tools import tables

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
API = DOCS / "reference" / "api.md"
PROGRAM_FILE = DOCS / "how-to" / "program-file.md"
RUN = DOCS / "how-to" / "run.md"
TESTING = DOCS / "how-to" / "testing.md"
STRATEGY = DOCS / "how-to" / "own-strategy.md"
ROUNDTABLE = ROOT / "examples" / "devrel-roundtable"
SOURCES = DOCS / "reference" / "sources.md"

LANGUAGES = {"python", "text", "sh", "toml", "csv", "json", "ical", "mermaid"}
DOORS = (devrel, devrel.matching, devrel.programs, devrel.validation)
MODULES = {
    "devrel.lifecycle",
    "devrel.relationships",
    "devrel.agreements",
    "devrel.sessions",
    "devrel.needs",
    "devrel.visibility",
    "devrel.seats",
    "devrel.phases",
    "devrel.formats.json",
    "devrel.formats.icalendar",
    "devrel.formats.program_toml",
    "devrel.formats.people_csv",
    "devrel.formats.results",
    "devrel.run",
    "devrel.errors",
    "devrel.plugins",
    "devrel.testing.strategies",
}
LISTED = (lifecycle, agreements, needs, visibility, duties, seats, phases, errors, plugins, testing)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@frozen
class Fence:
    """One fence of a page.

    Attributes:
        language: What stands after the opening backticks.
        title: The name of the file it shows, or None.
        body: What is between the backticks.
        line: The line of its opening.
        announced: Whether "It prints" stands between the fence before and this one.
    """

    language: str
    title: str | None
    body: str = field(repr=False)
    line: int
    announced: bool


def fences(page: Path) -> list[Fence]:
    text = page.read_text(encoding="utf-8")
    found, end = [], 0
    for match in re.finditer(r"^```(\w*)(.*)\n((?:.*\n)*?)```$", text, re.M):
        title = re.search(r'title="(.+?)"', match[2])
        found.append(
            Fence(
                match[1],
                title[1] if title else None,
                match[3],
                text.count("\n", 0, match.start()) + 1,
                "It prints" in text[end : match.start()],
            )
        )
        end = match.end()
    return found


def run_python(fence: Fence, page: Path, names: dict) -> str:
    source = "\n" * fence.line + fence.body
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, short(page), "exec", dont_inherit=True), names)
    return printed.getvalue()


def run_shell(fence: Fence) -> str:
    """Run the `devrel` commands of a fence; the others, such as `make test`, are not for a test to run."""
    printed = ""
    for line in fence.body.splitlines():
        if line.startswith("devrel "):
            result = CliRunner().invoke(main, line.split()[1:])
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
            printed += result.output
    return printed


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_a_page_does_what_it_shows(page, tmp_path, monkeypatch):
    """Every Python fence and every `devrel` command of a page runs, and what it prints is what the page shows."""
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "page"}
    printed = owed = ""
    for fence in fences(page):
        place = f"{short(page)}:{fence.line}"
        if fence.language == "text" and fence.announced:
            assert fence.body == printed, place
            owed = ""
        assert not owed, f"{place}: the Python before prints something that is not shown"
        if fence.title is not None:
            (tmp_path / fence.title).write_text(fence.body, encoding="utf-8")
        if fence.language == "python":
            printed = owed = run_python(fence, page, names)
        elif fence.language == "sh":
            printed = run_shell(fence)
    assert not owed, f"{short(page)}: the last Python prints something that is not shown"


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_every_fence_says_its_language(page):
    """Every fence stands at the margin, is closed, and names a language of the short list."""
    found = fences(page)
    assert {fence.language for fence in found} <= LANGUAGES
    assert len(re.findall(r"^\s*```", page.read_text(encoding="utf-8"), re.M)) == 2 * len(found)


def modules() -> list[str]:
    return ["devrel", *(found.name for found in pkgutil.walk_packages(devrel.__path__, "devrel."))]


def examples(module: str) -> list[doctest.DocTest]:
    return [test for test in doctest.DocTestFinder().find(importlib.import_module(module)) if test.examples]


@pytest.mark.parametrize("module", [name for name in modules() if examples(name)])
def test_the_examples_of_a_module_run(module):
    """Every example in the docstrings of a module gives what it shows."""
    for example in examples(module):
        with contextlib.redirect_stdout(io.StringIO()) as report:
            result = doctest.DocTestRunner().run(example)
        assert result.failed == 0, report.getvalue()


def test_there_are_examples():
    """The search for examples finds them: dozens, in the rooms that a user enters first."""
    found = {module: len(examples(module)) for module in modules()}
    assert sum(found.values()) > 50
    for room in ("kinds", "people", "terms", "goals", "agreements", "sessions", "needs", "visibility", "duties"):
        assert sum(count for module, count in found.items() if f"{module}.".startswith(f"devrel.{room}.")) > 0, room


def test_generated_blocks_are_up_to_date():
    """Every block that is made from the code is what the code says today."""
    assert tables.main(["--check"]) == 0
    used = {name for page in PAGES for name in re.findall(r"<!-- generated: ([\w-]+) -->", page.read_text("utf-8"))}
    assert used == set(tables.BLOCKS)


def test_a_stale_block_is_noticed():
    """A block that somebody changed by hand is made anew, and the words around it stay."""
    page = "Before.\n\n<!-- generated: stages -->\nwrong\n<!-- end -->\n\nAfter.\n"
    new = tables.renewed(page)
    assert new != page
    assert new.startswith("Before.\n\n<!-- generated: stages -->\n\n| stage |")
    assert new.endswith("\n\n<!-- end -->\n\nAfter.\n")
    assert tables.renewed(new) == new


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_reference_has_every_public_name(door):
    """What a package offers can be imported, and is what the reference page lists under it."""
    listed = set(re.findall(r"^::: (\S+)$", API.read_text(encoding="utf-8"), re.M))
    assert listed >= MODULES
    under = {name.rpartition(".")[2] for name in listed - MODULES if name.rpartition(".")[0] == door.__name__}
    assert under == set(door.__all__)
    assert all(getattr(door, name) is not None for name in door.__all__)
    assert door.__all__ == sorted(door.__all__, key=lambda name: (not name.isupper(), name))


def public_names(module) -> set[str]:
    """Return what a module offers; of one without a list, what is defined in it."""
    defined = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    return {name for name in getattr(module, "__all__", defined) if not name.startswith("_")}


@pytest.mark.parametrize("module", LISTED, ids=lambda module: module.__name__)
def test_the_reference_forgets_nothing_of_a_module(module):
    """Where the reference page lists the members of a module, everything public in it is among them."""
    public = public_names(module)
    assert len(public) > 2
    assert public <= set(re.findall(r"\w+", API.read_text(encoding="utf-8")))


def test_the_how_to_names_every_hypothesis_strategy():
    """Every strategy, and everything else that is public in the module, stands on the page as code."""
    code = " ".join(re.findall(r"`([^`\n]+)`", TESTING.read_text(encoding="utf-8")))
    made = [name for name, value in vars(strategies).items() if isinstance(value, SearchStrategy)]
    public = {name for name in made if not name.startswith("_")} | public_names(strategies) - {"Details"}
    assert len(public) > 15
    assert public <= set(re.findall(r"\w+", code))


def test_the_how_to_shows_the_code_of_the_example_package():
    """Every file that the page on strategies shows by name is the file of the example package, word for word."""
    shown = {fence.title: fence.body for fence in fences(STRATEGY) if fence.title is not None}
    assert {"strategy.py", "rules.py", "kind.py", "pyproject.toml", "program.toml"} <= set(shown)
    for name, body in shown.items():
        (file,) = [path for path in ROUNDTABLE.rglob(name) if "tests" not in path.parts]
        assert body == file.read_text(encoding="utf-8"), name


def test_the_how_to_names_every_check_and_claim():
    """Every check of the kit and every claim stands on its page."""
    told = prose(TESTING)
    everything = type(
        "Everything",
        (OptimalMatching,),
        {"name": "everything", "supports": frozenset(Feature), "claims": frozenset(Claim)},
    )
    checks = [
        *testing.strategy_checks(everything),
        *testing.criterion_checks(Same("region")),
        *testing.constraint_checks(Different("region")),
        *testing.validator_checks(own_rules()["A005"]),
        *testing.kind_checks(KINDS[0]),
    ]
    assert [check.name for check in checks if f"| {check.name} |" not in told] == []
    claims = prose(STRATEGY)
    assert [claim.name for claim in Claim if f"| `{claim.name}` |" not in claims] == []


def prose(page: Path) -> str:
    """Return the text of a page without its fences."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def uncoded(words, text: str) -> list[str]:
    """Return the words that the text does not show as code, plain or in quotes."""
    return [word for word in words if f"`{word}`" not in text and f'`"{word}"`' not in text]


def sections(text: str) -> dict[str, str]:
    """Return the tables of a TOML text by their heads; an array of tables counts as one."""
    found: dict[str, str] = {}
    for block in re.split(r"^(?=\[)", text, flags=re.M):
        if block.strip():
            head = block.split("]")[0]
            found[head] = found.get(head, "") + block
    return found


def test_the_program_of_the_how_to_is_read_whole_and_in_parts():
    """The whole program of the page is a program, and stays one when a part shown later takes the place of its own."""
    whole, *parts = [fence.body for fence in fences(PROGRAM_FILE) if fence.language == "toml"]
    assert loads_program(whole).name == tomllib.loads(whole)["program"]["name"]
    assert len(parts) >= 5
    for part in parts:
        loads_program("\n".join({**sections(whole), **sections(part)}.values()))


def problems_of(text: str) -> list[errors.Problem]:
    with pytest.raises(InputError) as caught:
        loads_program(text)
    return list(caught.value.problems)


def rules(section: str) -> list[str]:
    problems = problems_of(f'[[{section}]]\nrule = "?"')
    (remedy,) = [problem.remedy for problem in problems if problem.column == f"{section}[1].rule"]
    return re.findall(r"[\w-]+", remedy.split("Known: ")[1].split(".")[0])


def keys_known_in(probe: str) -> list[str]:
    """Return the keys that the reader names when it meets one that it does not know."""
    (remedy,) = [problem.remedy for problem in problems_of(probe) if problem.wrong == "is not a known key"]
    return re.findall(r"\w+", remedy.split("Known here: ")[1])


def test_the_how_to_names_every_key_of_a_program_file():
    """Every section of a program file has its heading on the page, and every key of it stands there as code."""
    page = prose(PROGRAM_FILE)
    headings = " ".join(re.findall(r"^## .*", page, re.M))
    top = keys_known_in("unknown = 1")
    assert [section for section in top if f"[{section}" not in headings] == []
    named = {"attributes": "[attributes.a]", "tables": "[tables.t]"}
    ruled = [f'[[{array}]]\nrule = "{rule}"' for array in ("constraints", "criteria") for rule in rules(array)]
    plain = [named.get(section, f"[{section}]") for section in top if section not in {"constraints", "criteria"}]
    for head in [*plain, "[[recipients.where]]", *ruled]:
        assert uncoded(keys_known_in(f"{head}\nunknown = 1"), page) == [], head


def test_the_how_to_states_every_parameter_of_a_strategy_with_its_default():
    """Every parameter that a strategy takes has a row on the page, with what it is unless given; no other has one."""
    page = PROGRAM_FILE.read_text(encoding="utf-8")
    rows = dict(re.findall(r'^\| (`"[\w-]+"` \| `\w+`) \|.*\| ([^|]+) \|$', page, re.M))
    defaults = {
        f'`"{strategy.name}"` | `{name}`': _toml(value)
        for strategy in STRATEGIES
        for name, value in strategy().parameters().items()
    }
    assert {place: rows[place].split(":")[0] for place in rows} == defaults


def _toml(value: object) -> str:
    """Return a default as the page writes it."""
    if value is None or value == ():
        return "none"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def test_the_how_to_names_every_known_value_of_a_program_file():
    """Every word that a program file may choose, from kinds to delimiters, stands on the page as code."""
    page = prose(PROGRAM_FILE)
    values = [kind.name for kind in KINDS] + [*rules("constraints"), *rules("criteria"), "comma", "semicolon", "tab"]
    values += [member.value for choice in (AttributeType, Role, Weight, Objective) for member in choice]
    values += [member.name.lower().replace("_", "-") for member in Item]
    assert uncoded(values, page) == []


def test_the_how_to_names_every_column_that_a_run_writes(tmp_path):
    """Every column of both tables of a mentoring run is on the page, but those named after the program's criteria."""
    sample, results = str(tmp_path / "sample"), tmp_path / "results"
    page = prose(RUN)
    assert CliRunner().invoke(main, ["sample", "--out", sample]).exit_code == 0
    command = ["run", f"{sample}/program.toml", "--people", f"{sample}/people.csv", "--out", str(results)]
    assert CliRunner().invoke(main, [*command, "--today", "2026-01-05"]).exit_code == 0
    assert {path.name for path in results.iterdir()} == set(re.findall(r"^### (\S+)$", page, re.M))
    for name in ("matches.csv", "unmatched.csv"):
        with (results / name).open(encoding="utf-8", newline="") as table:
            header = next(csv.reader(table))
        criteria = {"skills wanted", "level gap near two", "same region"}
        assert uncoded([column for column in header if column not in criteria], page) == []


def test_every_rule_has_its_page():
    """The pages of the rules are what the rules say, one for each code, with the rule's source among the sources."""
    assert rule_pages.main(check=True) == 0
    listed = SOURCES.read_text(encoding="utf-8")
    for rule in own_rules():
        page = (DOCS / "rules" / f"{rule.code}.md").read_text(encoding="utf-8")
        assert page == rule.page()
        assert f"| {rule.source} |" in listed
        assert not RETIRED.keys() & {rule.code}


def test_the_pages_name_every_option_finding_and_cause():
    """Options of `devrel run` and causes of being left are all explained."""
    page = prose(RUN)
    options = [name for option in main.commands["run"].params for name in option.opts if name.startswith("--")]
    assert {"--force", "--out"} <= set(options)
    assert [option for option in options if f"`{option}" not in page] == []
    matching = (DOCS / "explanation" / "matching.md").read_text(encoding="utf-8")
    assert [cause.value for cause in Cause if f"| {cause.value} |" not in matching] == []


def test_the_reference_names_every_reason_and_stage():
    """Reasons to decline and to end stand on the page of moves, and the page of duties speaks of every open stage."""
    moves = (DOCS / "reference" / "moves.md").read_text(encoding="utf-8")
    reasons = [reason.value for choice in (DeclineReason, EndReason) for reason in choice]
    assert [reason for reason in reasons if f"| {reason} |" not in moves] == []
    page = (DOCS / "reference" / "duties.md").read_text(encoding="utf-8")
    assert [stage.value for stage in Stage if not stage.final and stage.value not in page] == []


SOURCE = re.compile(r"^\| ([a-z0-9-]+) \|", re.M)


def cited() -> dict[str, set[str]]:
    """Return the short names of sources that the library cites, by what cites them."""
    wishes = [
        *(Need(ask=ask, horizon=horizon) for ask in Ask for horizon in Horizon),
        *(Need(career_stage=stage, how_long=form) for stage in CareerStage for form in TermForm),
        *(Need(directs=who, group=group) for who in WhoDirects for group in (True, False)),
        Need(opportunities=True, peer=True, manager=True, remote=True, group=True),
        Need(distress=True, dispute=True),
        Need(manager=True),
    ]
    advised = [recommend(need) for need in wishes]
    talks = screen([Person("p1"), Person("p2", attributes={"career_stage": "early", "remote": True})]).talks
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    brackets = [inside for text in texts for inside in re.findall(r"\(([^()\n]+)\)", text)]
    return {
        "kinds": {kind.source for kind in KINDS},
        "schools": {school.source for kind in KINDS for school in kind.schools},
        "questions": {question.source for question in QUESTIONS},
        "topics": {topic.source for topic in TOPICS},
        "aspects": {
            aspect.source
            for advice in advised
            for fit in advice.fits
            for aspect in (*fit.speaks_for, *fit.speaks_against)
        },
        "talks": {aspect.source for talk in talks for aspect in talk.reasons},
        "referrals": {referral.source for advice in advised for referral in advice.referrals},
        "rules": {rule.source for rule in own_rules()},
        "docstrings": {
            name for inside in brackets for name in re.split(r"[,:;] ?", inside) if re.fullmatch(r"[a-z]+-[a-z]+", name)
        },
    }


def test_every_source_stands_on_its_page():
    """What kinds, schools, questions, topics, recommendations, findings and docstrings cite is explained, once."""
    listed = SOURCE.findall(SOURCES.read_text(encoding="utf-8"))
    assert sorted(set(listed)) == sorted(listed)
    found = cited()
    assert all(found.values())
    assert {what: sorted(names - set(listed)) for what, names in found.items() if names - set(listed)} == {}


def test_no_source_stands_on_the_page_for_nothing():
    """Every source that the page explains is cited somewhere in the library."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    listed = SOURCE.findall(SOURCES.read_text(encoding="utf-8"))
    assert [name for name in listed if not re.search(rf"[(\" ]{re.escape(name)}[\",:) ]", text)] == []


@pytest.mark.parametrize("page", [README, ROOT / "CONTRIBUTING.md"], ids=short)
def test_the_links_of_the_readme_lead_somewhere(page):
    """Every relative link of a page that the documentation's own build does not see leads to a file or folder."""
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
