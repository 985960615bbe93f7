"""What measurements depend on: the machine, Python, the versions of packages."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

_OURS = {"devrel": "development-relationships"}


def machine(packages: Iterable[str]) -> list[str]:
    """Return the lines of a Markdown list."""
    versions = {**_OURS, **{name: name for name in packages}}
    return [
        f"- machine: {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {_memory()}"
        f"load average {os.getloadavg()[0]:.1f} at the start",
        f"- Python: {platform.python_implementation()} {platform.python_version()}",
        f"- versions: {', '.join(f'{name} {_version(package)}' for name, package in versions.items())}",
    ]


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return ""
    return f"{size / 2**30:.0f} GiB, "


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
