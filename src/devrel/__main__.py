"""``python -m devrel`` is the ``devrel`` command."""

from __future__ import annotations

from devrel.cli import main

if __name__ == "__main__":
    main(prog_name="devrel")
