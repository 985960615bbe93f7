"""What is kept after each round, so that a run that was cut off goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from devrel.errors import InvalidValue
from devrel.matching.pricing import Left

_FILE = "round.npz"
STATE = ("round", "most", "rows", "columns", "points", "people", "seats")
"""What is kept: how many rounds and candidates there were, the pairs looked at, and what is known of the others."""


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
    def of(cls, folder: Path | None, left: Left, start: Any) -> Checkpoint | None:
        """Return the checkpoint of a problem in a folder; None where there is no folder."""
        if folder is None:
            return None
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            wrong = f"cannot be made as a folder ({error.strerror})"
            raise InvalidValue("checkpoint", wrong, "name another folder") from None
        return cls(folder, _key(left, start))

    def last(self) -> Mapping[str, Any] | None:
        """Return the arrays that were kept after the last round; None where none was.

        Raises:
            InvalidValue: When the folder keeps a round of another problem, or something else.
        """
        if not self._file.exists():
            return None
        try:
            with self._file.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                key, state = str(kept["key"]), {name: kept[name] for name in STATE}
        except Exception as error:  # a file that was cut off, or is another one, may raise anything
            wrong = f"{_FILE} cannot be read ({type(error).__name__})"
            raise InvalidValue("checkpoint", wrong, "delete it, or give another folder") from None
        if key != self._key:
            raise InvalidValue("checkpoint", "keeps a round of another problem", "delete it, or give another folder")
        return state

    def keep(self, state: Mapping[str, Any]) -> None:
        """Keep the arrays of a round, named as in ``STATE``; what was kept before is there until these are whole."""
        half = self._file.with_suffix(".half")
        arrays: dict[str, Any] = {name: np.asarray(state[name]) for name in STATE}
        with half.open("wb") as file:
            np.savez(file, key=np.array(self._key), **arrays)
        half.replace(self._file)


def _key(left: Left, start: Any) -> str:
    """Return a hash of all that the rounds depend on."""
    told = blake2b(f"{left.problem.fingerprint} {left.keeping}".encode(), digest_size=16)
    told.update(b"nothing" if start is None else np.ascontiguousarray(start).tobytes())
    return told.hexdigest()
