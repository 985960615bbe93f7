"""Texts that are kept as files, so that a change of what people read is seen in a review."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"
RENEW = "DEVREL_RENEW_SNAPSHOTS"


def assert_snapshot(name: str, text: str) -> None:
    """Compare ``text`` with the file of that name; with the environment variable set, write the file instead."""
    path = FOLDER / name
    if os.environ.get(RENEW):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == kept, f"{name} is another text now; look at it, and if it is meant, run the tests with {RENEW}=1"
