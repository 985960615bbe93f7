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

import devrel
import devrel.matching
import devrel.programs
from devrel import errors, lifecycle
from devrel.cli import main
from devrel.errors import InputError
from devrel.formats.program_toml import loads_program
from devrel.kinds import KINDS
from devrel.matching import Cause, Objective, Weight
from devrel.people import Role
from devrel.programs import AttributeType
from tools import tables

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
API = DOCS / "reference" / "api.md"
PROGRAM_FILE = DOCS / "how-to" / "program-file.md"
RUN = DOCS / "how-to" / "run.md"

LANGUAGES = {"python", "text", "sh", "toml", "csv", "json", "ical"}
DOORS = (devrel, devrel.matching, devrel.programs)
MODULES = {
    "devrel.lifecycle",
    "devrel.formats.json",
    "devrel.formats.icalendar",
    "devrel.formats.program_toml",
    "devrel.formats.people_csv",
    "devrel.run",
    "devrel.errors",
}


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
    assert sum(len(examples(module)) for module in modules()) > 30
    assert all(examples(f"devrel.{room}") for room in ("kinds", "people", "terms", "goals", "agreements", "sessions"))


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


@pytest.mark.parametrize("module", [lifecycle, errors], ids=lambda module: module.__name__)
def test_the_reference_forgets_nothing_of_a_module(module):
    """Where the reference page lists the members of a module, everything public in it is among them."""
    words = set(re.findall(r"\w+", API.read_text(encoding="utf-8")))
    defined = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    public = {name for name in getattr(module, "__all__", defined) if not name.startswith("_")}
    assert len(public) > 5
    assert public <= words


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
    return re.findall(r"[\w-]+", remedy.split("Known: ")[1])


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


def test_the_how_to_names_every_known_value_of_a_program_file():
    """Every word that a program file may choose, from kinds to delimiters, stands on the page as code."""
    page = prose(PROGRAM_FILE)
    values = [kind.name for kind in KINDS] + [*rules("constraints"), *rules("criteria"), "comma", "semicolon", "tab"]
    values += [member.value for choice in (AttributeType, Role, Weight, Objective) for member in choice]
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


def test_the_pages_name_every_option_finding_and_cause():
    """Options of `devrel run`, codes of findings and causes of being left are all explained."""
    page = prose(RUN)
    options = [name for option in main.commands["run"].params for name in option.opts if name.startswith("--")]
    assert {"--force", "--out"} <= set(options)
    assert [option for option in options if f"`{option}" not in page] == []
    rooms = (ROOT / "src" / "devrel" / "validation").glob("*.py")
    codes = {code for room in rooms for code in re.findall(r'"([A-Z]\d{3})"', room.read_text(encoding="utf-8"))}
    assert codes == set(re.findall(r"^\| ([A-Z]\d{3}) \|", page, re.M))
    matching = (DOCS / "explanation" / "matching.md").read_text(encoding="utf-8")
    assert [cause.value for cause in Cause if f"| {cause.value} |" not in matching] == []


@pytest.mark.parametrize("page", [README, ROOT / "CONTRIBUTING.md"], ids=short)
def test_the_links_of_the_readme_lead_somewhere(page):
    """Every relative link of a page that the documentation's own build does not see leads to a file or folder."""
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
