"""The example of a program in which about everything is wrong: what the linter says of it is stored."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from devrel.cli import main
from devrel.formats.json import loads_relationships
from devrel.relationships import Relationship
from devrel.validation import FAMILIES

FOLDER = Path(__file__).parent.parent / "examples" / "bad-program"


def checked(*more: str):
    """Return what ``devrel check`` answers for the example."""
    program, people, lives = (str(FOLDER / name) for name in ("program.toml", "people.csv", "relationships.json"))
    command = ["check", program, "--people", people, "--relationships", lives, "--match", "--today", "2026-06-01"]
    return CliRunner().invoke(main, [*command, *more])


def test_the_report_is_the_stored_one():
    """The report of the bad program is what is stored beside it, and the status says that there are errors."""
    result = checked()
    assert result.exit_code == 1
    assert result.stdout == (FOLDER / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_finds_something(family):
    """Each family of rules has something to say of the bad program."""
    report = json.loads(checked("--format", "json", "--select", family).stdout)
    assert {finding["code"][0] for finding in report["findings"]} == {family}
    assert report["crashed"] == []


def test_what_the_comments_promise_is_found():
    """Every code that a comment of the program names is among the findings."""
    text = (FOLDER / "program.toml").read_text(encoding="utf-8")
    promised = {code for line in text.splitlines() for code in re.findall(r"\b[A-Z]\d{3}\b", line.partition("#")[2])}
    found = {finding["code"] for finding in json.loads(checked("--format", "json").stdout)["findings"]}
    assert len(promised) > 20
    assert promised <= found


def test_the_generator_makes_what_is_stored():
    """People and relationships of the example are what its generator makes."""
    spec = importlib.util.spec_from_file_location("generate", FOLDER / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    stored = loads_relationships((FOLDER / "relationships.json").read_bytes())
    assert list(map(Relationship.replay, (one.history for one in made.relationships()))) == list(stored)
    rows = (FOLDER / "people.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == [one[0] for one in made.PEOPLE]
