"""The main job among relationships that exist already."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from devrel import cli
from devrel.errors import InputError
from devrel.formats.json import dumps_relationships, loads_relationships
from devrel.lifecycle import Accepted, Activated, Actor, Ended, EndReason
from devrel.relationships import Relationship
from devrel.run import run
from devrel.testing.strategies import acting

TODAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    """A folder with a sample program, its people, and the results of a first run."""
    path = tmp_path_factory.mktemp("first")
    CliRunner().invoke(cli.main, ["sample", "--out", str(path), "--people", "60"])
    run(path / "program.toml", [path / "people.csv"], path / "results", today=TODAY)
    return path


def live(one: Relationship) -> Relationship:
    yes = [Accepted(f"{one.id}-{party.person}", acting(party), NOW, 1) for party in one.parties]
    return one.apply_all([*yes, Activated(f"{one.id}-go", Actor.system(), NOW)])


def again(path: Path, known: list[Relationship], out: Path, **more):
    stored = out.parent / f"{out.name}.json"
    stored.write_text(dumps_relationships(known), encoding="utf-8")
    program = more.pop("program", path / "program.toml")
    return run(program, [path / "people.csv"], out, relationship_files=[stored], today=TODAY, **more)


def pairs(relationships) -> set[tuple[str, ...]]:
    return {tuple(party.person for party in one.parties) for one in relationships}


def test_whoever_is_served_is_not_matched_again(first, tmp_path):
    """With all first proposals live, nobody of them is matched again, and no mentor beyond her places."""
    known = [live(one) for one in loads_relationships((first / "results" / "relationships.json").read_bytes())]
    summary = again(first, known, tmp_path / "out")
    assert not pairs(summary.relationships) & pairs(known)
    served = {party.person for one in known for party in one.parties if party.role.value == "recipient"}
    assert not served & {pair.recipient for pair in summary.matching.pairs}


def test_a_rematching_keeps_the_pairs_and_their_relationships(first, tmp_path):
    """With the strategy *rematch* standing pairs stay, with their history; the rest is matched around them."""
    program = tmp_path / "program.toml"
    text = (first / "program.toml").read_text(encoding="utf-8")
    changed = text.replace('strategy = "optimal"', 'strategy = "rematch"\nparameters = { price = 2 }')
    program.write_text(changed, encoding="utf-8")
    known = [live(one) for one in loads_relationships((first / "results" / "relationships.json").read_bytes())]
    left = known[0].apply(Ended("left", Actor.system(), NOW, EndReason.LEFT))
    summary = again(first, [left, *known[1:]], tmp_path / "out", program=program)
    assert {one.id: one for one in known[1:]}.items() <= {one.id: one for one in summary.relationships}.items()
    assert "incumbent pairs kept" in summary.matching.provenance.notes[0]


def test_a_document_that_cannot_be_read_is_told_with_the_rest(first, tmp_path):
    """A broken document and a broken program are told at once; nothing is written."""
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "program.toml").write_text("[program]\nnmae = 1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run(
            tmp_path / "program.toml",
            [first / "people.csv"],
            tmp_path / "out",
            relationship_files=[tmp_path / "bad.json"],
            today=TODAY,
        )
    assert {problem.file for problem in caught.value.problems} >= {"bad.json", "program.toml"}
    assert not (tmp_path / "out").exists()


def test_the_command_takes_relationships(first, tmp_path):
    """The option of the command hands documents over."""
    result = CliRunner().invoke(
        cli.main,
        [
            *("run", str(first / "program.toml"), "--people", str(first / "people.csv")),
            *("--relationships", str(first / "results" / "relationships.json")),
            *("--today", "2026-01-05", "--out", str(tmp_path / "out")),
        ],
    )
    assert result.exit_code == 0, result.output
    assert "matched" in result.output
