"""Makes a virtual environment for each peer under build/bench, on first use.

Peers stay apart from each other and from devrel: two of them install an import package of the same name.
"""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from processes import NotMeasured, finish

_BENCH = Path(__file__).parents[1] / "build" / "bench"
_QUIETLY = ("--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1")


def python_with(peer: str, requirements: Sequence[str]) -> Path:
    """Return the Python of the environment of ``peer``, made with ``requirements`` unless it is there and whole.

    The stamp is written last. It names the folder, the Python and the requirements: an environment that was broken
    off, that moved or that is out of date has no stamp or another one, and is made anew.

    Raises:
        NotMeasured: When the environment cannot be made, for instance without a network.
    """
    folder = _BENCH / peer
    python, stamp = folder / "bin" / "python", folder / ".installed"
    whole = "\n".join([str(folder.resolve()), platform.python_version(), *requirements, ""])
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == whole:
        return python
    print(f"making build/bench/{peer}, once", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        finish([sys.executable, "-m", "venv", folder])
        finish([python, "-m", "pip", "install", *_QUIETLY, *requirements])
    except NotMeasured as error:
        raise NotMeasured(f"the environment of {peer} could not be made: {error}") from error
    stamp.write_text(whole, encoding="utf-8")
    return python
