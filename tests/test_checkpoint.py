"""What is kept after each round: a run that was cut off goes on to the identical answer."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import devrel
from devrel.errors import BrokenExtension, InvalidValue
from devrel.matching import MatchingProblem, Objective, OptimalMatching, Roster, Same
from devrel.matching.sparse.checkpoint import _FILE
from devrel.matching.sparse.progress import Phase, Progress
from devrel.matching.sparse.rounds import Outcome, best_at_scale
from devrel.matching.sparse.settings import Settings
from tests.test_sparse import few, problems


def scored(seed: int = 1) -> MatchingProblem:
    """A problem of plain scores that takes some rounds with few candidates."""
    rng = np.random.default_rng(seed)
    scores, capacity = rng.integers(0, 1000, (40, 16)), rng.integers(1, 4, 16).tolist()
    return MatchingProblem.from_scores(scores, capacity=capacity, demand=rng.integers(1, 3, 40).tolist(), seed=seed)


def found(problem: MatchingProblem, keeping: int = 0, **known: Any) -> Outcome:
    """Solve a problem with so few candidates that it takes some rounds; nothing is kept in memory of earlier runs."""
    with few:
        return best_at_scale(evolve(problem), keeping, Settings(**known))


def told(outcome: Outcome) -> tuple[Any, ...]:
    """Return all that is said of an answer."""
    proof: Any = outcome.proof
    return outcome.pairs, outcome.note, proof.providers.tolist(), proof.recipients.tolist()


class Stopped(Exception):
    """A run is cut off."""


def cut_off(problem: MatchingProblem, folder: Path, when: Callable[[Progress], bool], keeping: int = 0) -> bool:
    """Begin to solve a problem, and stop at some point of its progress; return whether it came to that."""

    def stop(progress: Progress) -> None:
        if when(progress):
            raise Stopped

    try:
        found(problem, keeping, checkpoint=folder, progress=stop)
    except BrokenExtension as stopped:
        assert isinstance(stopped.__cause__, Stopped)
        return True
    return False


@given(problems(12), st.integers(0, 20), st.integers(0, 30))
@settings(max_examples=40)
def test_a_run_goes_on_from_anywhere(problem, keeping, number):
    """Cut off at any point of its progress, a run goes on in the same folder to the identical answer."""
    keeping = keeping if problem.incumbent else 0
    heard = iter(range(number + 1))
    with tempfile.TemporaryDirectory() as folder:
        cut_off(problem, Path(folder), lambda _: next(heard, None) is None, keeping)
        assert told(found(problem, keeping, checkpoint=folder)) == told(found(problem, keeping))


@pytest.mark.parametrize("seed", [1, 5, 6, 39])
def test_a_run_goes_on_from_every_round(tmp_path, seed):
    """Cut off in each round, one after the other in one folder, a run still comes to the identical answer."""
    problem = scored(seed)
    plain = found(problem)
    assert plain.effort.rounds > 2
    for number in range(1, plain.effort.rounds + 1):
        assert cut_off(problem, tmp_path, lambda progress, last=number: progress.round == last)
    assert told(found(problem, checkpoint=tmp_path)) == told(plain)
    assert told(found(problem, checkpoint=tmp_path)) == told(plain), "once more, after its end"


KILLED = """
import os, sys
import numpy as np
from devrel.matching import MatchingProblem
from devrel.matching.sparse import rounds

for name, value in {"CANDIDATES": 1, "_OF_PROVIDERS": 1, "_ADDED": 1, "_MARGINS": ()}.items():
    setattr(rounds, name, value)
folder, how = sys.argv[1:]
rng = np.random.default_rng(1)
scores, capacity = rng.integers(0, 1000, (40, 16)), rng.integers(1, 4, 16).tolist()
problem = MatchingProblem.from_scores(scores, capacity=capacity, demand=rng.integers(1, 3, 40).tolist(), seed=1)
written = []


def half(file, **arrays):
    written.append(1)
    if how == "while it writes" and len(written) == 3:
        file.write(b"PK")
        file.flush()
        os._exit(9)
    whole(file, **arrays)


def kill(progress):
    if how == "in a round" and progress.round == 2 and progress.phase.name == "PRICING":
        os._exit(9)


whole, np.savez = np.savez, half
rounds.best_at_scale(problem, settings=rounds.Settings(checkpoint=folder, progress=kill))
"""


@pytest.mark.parametrize("how", ["in a round", "while it writes"])
def test_a_process_that_is_killed(tmp_path, how):
    """A process that ends from one moment to the next leaves a whole round, and another one goes on from there."""
    path = os.pathsep.join([str(Path(devrel.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", KILLED, str(tmp_path), how]
    ended = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, timeout=100, check=False
    )
    assert ended.returncode == 9, ended.stderr.decode()
    assert _FILE in {one.name for one in tmp_path.iterdir()}
    heard: list[Progress] = []
    again = found(scored(), checkpoint=tmp_path, progress=heard.append)
    assert told(again) == told(found(scored()))
    assert Phase.CANDIDATES not in {one.phase for one in heard}
    assert min(one.round for one in heard) == 2
    assert [one.name for one in tmp_path.iterdir()] == [_FILE]


def test_each_round_replaces_the_last(tmp_path):
    """At every moment the file can be read, and holds the last round that was begun."""
    seen: list[int] = []

    def look(progress: Progress) -> None:
        if progress.round:
            with np.load(tmp_path / _FILE) as kept:
                seen.append(int(kept["round"]))
                assert len(kept["rows"]) == len(kept["columns"]) == len(kept["points"])
                assert progress.round == seen[-1] + 1

    outcome = found(scored(), checkpoint=tmp_path, progress=look)
    assert sorted(set(seen)) == list(range(outcome.effort.rounds))
    assert [one.name for one in tmp_path.iterdir()] == [_FILE]


def test_nothing_but_the_problem_is_the_key(tmp_path):
    """People who are read anew, another gap and no bounds: a run goes on."""
    table = {"id": [f"x{k:02}" for k in range(40)], "role": ["recipient"] * 28 + ["provider"] * 12}
    table |= {"site": [f"l{k % 4}" for k in range(40)]}
    one, other = (
        MatchingProblem.from_people(Roster.from_table(table), criteria=[Same("site")], seed=3) for _ in range(2)
    )
    assert cut_off(one, tmp_path, lambda progress: progress.phase is Phase.LOTTERY)
    assert told(found(other, checkpoint=tmp_path, gap=0.001, bounded=False)) == told(found(one))


def test_a_smaller_gap_goes_on_where_a_larger_one_stopped(tmp_path):
    """A run that stopped early goes on to the very answer of one that did not."""
    problem = scored().with_changes(objective=Objective.SCORE)
    early = found(problem, checkpoint=tmp_path, gap=0.5)
    assert early.gap > 0
    assert told(found(problem, checkpoint=tmp_path)) == told(found(problem))


def changes():
    """Return problems that differ in one thing from the one of plain scores."""
    problem = scored()
    pair = (problem.recipients[0], problem.providers[0])
    alike = {"capacity": problem.capacity, "demand": problem.demand, "seed": problem.seed}
    return {
        "scores": MatchingProblem.from_scores(problem.points + np.eye(40, 16, dtype=np.int64), **alike),
        "seed": problem.with_changes(seed=2),
        "capacity": problem.with_changes(capacity=(4, *problem.capacity[1:])),
        "demand": problem.with_changes(demand=(1,) * 40),
        "minimum": problem.with_changes(minimum=(1,) * 16),
        "priority": problem.with_changes(priority=(1, *[0] * 39)),
        "locked": problem.with_changes(locked={pair}),
        "barred": problem.with_changes(barred={pair}),
        "incumbent": problem.with_changes(incumbent={pair}),
        "objective": problem.with_changes(objective=Objective.SCORE),
        "ids": MatchingProblem.from_scores(problem.points, recipients=[f"z{k:02}" for k in range(40)], **alike),
    }


@pytest.mark.parametrize("name", list(changes()))
def test_a_round_of_another_problem_is_refused(tmp_path, name):
    """A folder of a problem that differs in one thing is refused, and what it keeps is left as it is."""
    found(scored(), checkpoint=tmp_path)
    before = (tmp_path / _FILE).read_bytes()
    with pytest.raises(InvalidValue, match="keeps a round of another problem; delete it, or give another folder"):
        found(changes()[name], checkpoint=tmp_path)
    assert (tmp_path / _FILE).read_bytes() == before


def test_another_price_of_keeping_is_another_problem(tmp_path):
    """What an incumbent pair is worth more decides the answer, and so whether a run may go on."""
    problem = changes()["incumbent"]
    found(problem, 3, checkpoint=tmp_path)
    with pytest.raises(InvalidValue, match="another problem"):
        found(problem, 4, checkpoint=tmp_path)


def _file(**arrays: Any) -> bytes:
    file = BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _plain() -> bytes:
    file = BytesIO()
    np.save(file, np.arange(3))
    return file.getvalue()


UNREADABLE = {
    "empty": b"",
    "text": b"nothing of the kind",
    "an array": _plain(),
    "something else": _file(scores=np.arange(3)),
    "objects": _file(key=np.array([{}], dtype=object)),
    "a number that is none": _file(key=np.array("x"), round=np.array("first")),
}


@pytest.mark.parametrize("name", [*UNREADABLE, "cut off", "changed", "a folder"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name):
    """A file that was cut off or changed, or is another one, is an error that says what to do; it is left as it is."""
    file = tmp_path / _FILE
    found(scored(), checkpoint=tmp_path)
    whole = file.read_bytes()
    middle = len(whole) // 2
    wrong = UNREADABLE | {"cut off": whole[:middle], "changed": whole[:middle] + b"\xff" * 40 + whole[middle + 40 :]}
    if name == "a folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(wrong[name])
    with pytest.raises(InvalidValue, match=r"round.npz cannot be read .*; delete it, or give another folder"):
        found(scored(), checkpoint=tmp_path)
    assert file.is_dir() if name == "a folder" else file.read_bytes() == wrong[name]


def test_a_file_where_a_folder_should_be(tmp_path):
    """A file is no folder to keep rounds in, which is said before anything is done."""
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(InvalidValue, match="checkpoint: is a file; name a folder"):
        OptimalMatching(checkpoint=file)
    assert file.read_text() == "mine"


def test_a_folder_is_made(tmp_path):
    """A folder that is not there is made, with those above it; a problem solved with arrays needs none."""
    inner = tmp_path / "some" / "where"
    OptimalMatching(checkpoint=inner).match(scored())
    assert not inner.exists()
    OptimalMatching(checkpoint=str(inner), memory_limit=0).match(scored())
    assert [one.name for one in inner.iterdir()] == [_FILE]


def test_the_order_of_the_table_does_not_matter(tmp_path):
    """A run goes on with the same people in another order of rows."""
    rng = np.random.default_rng(3)
    table = {
        "id": [f"x{number}" for number in range(60)],
        "role": ["recipient"] * 40 + ["provider"] * 20,
        "capacity": [1] * 40 + [2] * 20,
        "site": rng.integers(0, 9, 60).tolist(),
    }
    order = rng.permutation(60).tolist()
    turned = {name: [values[k] for k in order] for name, values in table.items()}
    made = [MatchingProblem.from_people(Roster.from_table(one), criteria=[Same("site")]) for one in (table, turned)]
    assert cut_off(made[0], tmp_path, lambda progress: progress.phase is Phase.LOTTERY)
    assert told(found(made[1], checkpoint=tmp_path)) == told(found(made[0]))


def test_a_run_that_began_from_prices_is_another_one(tmp_path):
    """Prices of nothing are prices all the same: the rounds of a run with them are not those of one without."""
    made = scored().with_changes(demand=[1] * 40)
    assert cut_off(made, tmp_path, lambda progress: progress.phase is Phase.LOTTERY)
    with pytest.raises(InvalidValue, match="keeps a round of another problem"):
        best_at_scale(evolve(made), 0, Settings(checkpoint=tmp_path), np.zeros(16, dtype=np.int64))
