"""The worked example of the four kinds: what it prints, and where its relationships end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devrel.formats.json import loads_relationships
from devrel.kinds import BASE_KINDS
from devrel.lifecycle import (
    Completed,
    CompletedEarly,
    Ended,
    Event,
    Origin,
    SessionCancelled,
    SessionHeld,
    SessionMoved,
    Stage,
)
from devrel.relationships import Relationship
from devrel.sessions import Audience

FOLDER = Path(__file__).parent.parent / "examples" / "four-kinds"


def told(folder: Path, *arguments: str, **environment: str) -> str:
    """Run the example in a folder of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, str(FOLDER / "four_kinds.py"), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Relationship]:
    """The relationships that the example writes, by kind."""
    folder = tmp_path_factory.mktemp("four-kinds")
    told(folder, "--out", "four.json")
    loaded = loads_relationships((folder / "four.json").read_bytes())
    return {one.kind.name: one for one in loaded}


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia"])
@pytest.mark.parametrize("seed", ["0", "1"])
def test_prints_what_is_expected(tmp_path: Path, zone: str, seed: str) -> None:
    """The output is the stored one, wherever the machine stands and in whatever order it keeps its sets."""
    printed = told(tmp_path, TZ=zone, PYTHONHASHSEED=seed)
    assert printed == (FOLDER / "expected.txt").read_text(encoding="utf-8")


def test_writes_nothing_unasked(tmp_path: Path) -> None:
    """Without ``--out`` the example leaves no file."""
    told(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_has_each_of_the_four_kinds(four: dict[str, Relationship]) -> None:
    """There is one relationship of each of the four kinds, in the order of the table."""
    assert [one.kind for one in four.values()] == list(BASE_KINDS)


@pytest.mark.parametrize(
    ("kind", "origin", "stage", "last"),
    [
        ("mentoring", Origin.MATCHED, Stage.COMPLETED, Completed),
        ("coaching", Origin.REQUESTED, Stage.COMPLETED_EARLY, CompletedEarly),
        ("advising", Origin.REQUESTED, Stage.COMPLETED, SessionHeld),
        ("sponsoring", Origin.INFORMAL, Stage.ENDED, Ended),
    ],
)
def test_runs_to_its_end(
    four: dict[str, Relationship], kind: str, origin: Origin, stage: Stage, last: type[Event]
) -> None:
    """Each begins in its own way and reaches the final stage that its story tells of."""
    one = four[kind]
    assert (one.origin, one.stage, type(one.history[-1])) == (origin, stage, last)
    assert one.stage.final
    assert one.planned_sessions() == ()


@pytest.mark.parametrize("kind", [kind.name for kind in BASE_KINDS])
def test_is_agreed_by_both(four: dict[str, Relationship], kind: str) -> None:
    """Each agreement has all that its kind demands, and both accepted the version that held at the end."""
    one = four[kind]
    assert one.agreement.missing_for(one.kind) == ()
    assert {given.party for given in one.state.accepted} == {party.person for party in one.parties}
    assert {given.version for given in one.state.accepted} == {one.agreement.version}


def test_mentoring_has_what_sessions_can_have(four: dict[str, Relationship]) -> None:
    """In mentoring a session was of another mode, one was moved, one cancelled in time, and the term was extended."""
    one = four["mentoring"]
    held = [event for event in one.history if isinstance(event, SessionHeld)]
    assert {event.mode for event in held if event.mode} != {one.kind.mode}
    assert any(event.topics for event in held)
    assert any(event.follow_ups for event in held)
    assert any(isinstance(event, SessionMoved) for event in one.history)
    assert any(isinstance(event, SessionCancelled) for event in one.history)
    assert not any(session.late for session in one.sessions())
    assert one.agreement.version == 2


def test_prints_no_private_words(four: dict[str, Relationship]) -> None:
    """A note that only its author reads is stored, and the output does not show it."""
    notes = [note for event in four["mentoring"].history if isinstance(event, SessionHeld) for note in event.notes]
    assert [note.audience for note in notes] == [Audience.AUTHOR]
    assert notes[0].text not in (FOLDER / "expected.txt").read_text(encoding="utf-8")


def test_coaching_is_measured(four: dict[str, Relationship]) -> None:
    """The readings rise and fall and reach the target, and the refused event left no trace."""
    one = four["coaching"]
    (result,) = one.agreement.goals[0].key_results
    values = [reading.value for reading in result.check_ins]
    assert values != sorted(values)
    assert result.progress == 1
    assert "c-4" not in {event.id for event in one.history}


def test_advising_is_one_session(four: dict[str, Relationship]) -> None:
    """The one session of advising completed it."""
    assert four["advising"].agreement.term.single
    assert four["advising"].state.held == 1


def test_sponsoring_is_judged_by_advocacies(four: dict[str, Relationship]) -> None:
    """Sponsoring has two advocacies, one with a known outcome, no session held, and an end with notice."""
    state = four["sponsoring"].state
    assert [known for _, known in state.advocacies] == [True, False]
    assert state.held == 0
    assert state.notice is not None
