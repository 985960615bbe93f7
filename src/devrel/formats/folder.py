"""Writes a set of files into a folder, each of them whole; the last one seals the set."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from devrel.errors import DevrelError, OutputExists


def refuse_results(folder: Path, names: Sequence[str], *, force: bool) -> None:
    """Refuse a folder that cannot be written to, or that has one of ``names`` already unless ``force`` is given.

    Raises:
        OutputExists: When there are results and they may not be replaced.
        DevrelError: When the path is a file.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise DevrelError(f"{folder} is a file; name a folder to write to")
    except OSError as error:
        raise DevrelError(f"{folder} cannot be written: {error.strerror}; choose another path") from error
    there = [name for name in names if (folder / name).exists()]
    if there and not force:
        raise OutputExists(
            f"{folder} already has {', '.join(there)}; name another folder, or add --force to replace them"
        )


def write_all(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write ``files`` (name to content) into ``folder``, in their order; the last one seals the set.

    Everything is first written and flushed to a temporary folder beside the target. A new folder then appears at
    once. In a folder that exists, the seal is removed first, each file is replaced whole, and the seal comes last:
    a run that was broken off leaves no half-written file, and a set without its seal is not a finished one.

    Raises:
        OutputExists: When there are results and ``force`` is not given.
        DevrelError: When the system does not let the files be written.
    """
    refuse_results(folder, list(files), force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        waiting = folder.parent / f".{folder.name}-{os.getpid()}"
        waiting.mkdir()
    except OSError as error:
        raise DevrelError(f"{folder} cannot be written: {error.strerror}; check the path and its rights") from error
    try:
        for name, data in files.items():
            _write(waiting / name, data)
        _move(waiting, folder, list(files))
    except OSError as error:
        raise DevrelError(f"{folder} cannot be written: {error.strerror}; check the space and the rights") from error
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _move(waiting: Path, folder: Path, names: Sequence[str]) -> None:
    if not folder.exists():
        waiting.rename(folder)
        return
    with contextlib.suppress(FileNotFoundError):
        (folder / names[-1]).unlink()
    for name in names:
        (waiting / name).replace(folder / name)
