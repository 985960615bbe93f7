"""What is kept after each round, so that a run that was cut off goes on where it was."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from devrel.errors import InvalidValue
from devrel.matching.pricing import Left
from devrel.matching.sparse.edges import Edges
from devrel.matching.sparse.fused import Fused

_FILE = "round.npz"


class Checkpoint:
    """A folder with the pairs that the last round looked at; all else follows from them.

    Args:
        folder: The folder; it is made where it is not there.
        key: What tells problems apart.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._file = folder / _FILE
        self._key = key

    @classmethod
    def of(cls, folder: Path | None, left: Left, fused: Fused, start: Any) -> Checkpoint | None:
        """Return the checkpoint of a problem in a folder; None where there is no folder."""
        if folder is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, _key(left, fused, start))

    def last(self) -> tuple[Any, ...] | None:
        """Return the number of the last round, then rows, columns and points of its pairs; None for none.

        Raises:
            InvalidValue: When the folder keeps a round of another problem, or something else.
        """
        if not self._file.exists():
            return None
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                key, parts = str(kept["key"]), [kept[name] for name in ("rows", "columns", "points")]
                number = int(kept["round"])
        except (OSError, ValueError, KeyError) as error:
            raise InvalidValue(
                "checkpoint", f"{_FILE} cannot be read ({error})", "delete it, or give another folder"
            ) from None
        if key != self._key:
            raise InvalidValue("checkpoint", "keeps a round of another problem", "delete it, or give another folder")
        return number, parts[0].astype(np.intp), parts[1].astype(np.intp), parts[2]

    def keep(self, number: int, edges: Edges) -> None:
        """Keep the pairs of a round; what was kept before is there until the new one is whole."""
        half = self._file.with_suffix(".half")
        with half.open("wb") as file:
            np.savez(
                file,
                key=np.array(self._key),
                round=np.array(number),
                rows=edges.rows.astype(np.int64),
                columns=edges.columns.astype(np.int64),
                points=edges.points,
            )
        half.replace(self._file)


def _key(left: Left, fused: Fused, start: Any) -> str:
    """Return a hash of all that the rounds depend on."""
    told = blake2b(digest_size=16)
    problem = left.problem
    sides = (problem.recipients, problem.providers, problem.demand, problem.capacity, problem.minimum, problem.priority)
    pairs = (sorted(problem.locked), sorted(problem.barred), sorted(problem.incumbent))
    told.update(repr((sides, pairs, problem.objective.value, problem.seed, problem.unit, left.keeping)).encode())
    arrays = [*fused.marks, *fused.apart, fused.more, start]
    for factor in fused.factors:
        arrays += [factor.rows, factor.columns, factor.points]
    for overlap in fused.overlaps:
        arrays += [overlap.rows, overlap.columns, overlap.row_sizes, overlap.column_sizes, overlap.points]
    for array in arrays:
        told.update(np.ascontiguousarray(array).tobytes())
    if fused.rest is not None:
        told.update(problem.fingerprint.encode())
    return told.hexdigest()
