"""Runs child processes one at a time and says how long each took and how much memory it held at most."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_TO_BYTES = 1 if sys.platform == "darwin" else 1024


class NotMeasured(Exception):
    """Something could not be measured; the message says why, and the other rows go on."""


@dataclass(frozen=True)
class Finished:
    """A child process that is over: its wall time in seconds, its largest resident size in bytes, what it printed."""

    seconds: float
    peak: int
    output: str


def finish(command: Sequence[str | Path], limit: float = 900.0, *, aloud: bool = False) -> Finished:
    """Run ``command`` to its end, at most ``limit`` seconds; raise ``NotMeasured`` where it fails.

    What it says on the standard error is passed on at once where it is ``aloud``; else its last line says what failed.

    The parent stays small (it imports neither numpy nor devrel), as a child's peak is never told below its parent's.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if aloud else errors,
            env=environment,
        )
        clock = threading.Timer(limit, child.kill)
        clock.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - began
        except BaseException:
            child.kill()
            raise
        finally:
            clock.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise NotMeasured(_reason(child.returncode, _text(errors)))
        return Finished(seconds, usage.ru_maxrss * _TO_BYTES, _text(output))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _reason(status: int, errors: str) -> str:
    last = errors.strip().splitlines()[-1:]
    return " ".join([f"the process ended with status {status}.", *last])
