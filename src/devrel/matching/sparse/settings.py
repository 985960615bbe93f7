"""How a large problem is solved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from devrel.errors import InvalidValue
from devrel.matching._numbers import is_number
from devrel.matching.sparse.progress import Callback

MEMORY = 2**30
"""The bytes that arrays of all pairs may take, unless somebody says otherwise."""


def _share(_: object, __: object, value: Any) -> None:
    if not is_number(value) or not 0 <= value < 1:
        raise InvalidValue("gap", "must be a number from 0 to below 1", "0.001 allows a thousandth of the total score")


def _bytes(_: object, __: object, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidValue("memory_limit", "must be a whole number of bytes, 0 or more", "2**30 is a gibibyte")


def _executor(_: object, __: object, value: Any) -> None:
    if value is not None and not isinstance(value, Executor):
        wrong = "must be a concurrent.futures.Executor, such as a ThreadPoolExecutor"
        raise InvalidValue("executor", wrong, "give client.get_executor() where it is a client of Dask")


def _callback(_: object, __: object, value: Any) -> None:
    if value is not None and not isinstance(value, bool) and not callable(value):
        raise InvalidValue("progress", "must be a function of one Progress, True for a bar, or None")


def _folder(given: Any) -> Path | None:
    if given is None:
        return None
    if not isinstance(given, str | PathLike):
        raise InvalidValue("checkpoint", "must be the path of a folder, or None")
    if not fspath(given):
        raise InvalidValue("checkpoint", "is an empty path", "name a folder")
    folder = Path(fspath(given))
    if folder.exists() and not folder.is_dir():
        raise InvalidValue("checkpoint", "is a file", "name a folder")
    return folder


@frozen(kw_only=True)
class Settings:
    """How a large problem is solved; but for ``gap``, nothing of it changes how good the answer is.

    Attributes:
        memory_limit: The bytes that arrays of all pairs may take; a problem that needs more is solved without them.
        gap: The share of the total score that the answer may miss; 0 for the best there is.
        executor: Where blocks of pairs are scored; None for this thread.
        progress: A function that is told how far it is, True for a bar, or None.
        checkpoint: A folder to keep each round in, or None.
        bounded: Whether pairs are passed over that cannot matter; the answer is the same.
    """

    memory_limit: int = field(default=MEMORY, validator=_bytes)
    gap: float = field(default=0.0, validator=_share)
    executor: Executor | None = field(default=None, validator=_executor)
    progress: Callback | Callable[..., object] | bool | None = field(default=None, validator=_callback)
    checkpoint: Path | None = field(default=None, converter=_folder)
    bounded: bool = True

    def __reduce__(self) -> tuple[Any, ...]:
        """Give what may change the answer to a copy or another process; executors and callbacks stay here."""
        return _remade, (self.memory_limit, self.gap)

    @property
    def lasting(self) -> Settings:
        """The same without what belongs to one run: executor, progress and checkpoint."""
        return evolve(self, executor=None, progress=None, checkpoint=None)

    @property
    def told(self) -> dict[str, object]:
        """What may change the answer, where it is not as usual."""
        usual = {"gap": 0.0, "memory_limit": MEMORY}
        return {name: getattr(self, name) for name, value in usual.items() if getattr(self, name) != value}


def _remade(memory_limit: int, gap: float) -> Settings:
    return Settings(memory_limit=memory_limit, gap=gap)
