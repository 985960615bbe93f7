"""What other packages bring along: objects found by entry point, each with the package it comes from."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from attrs import field, frozen

from devrel.errors import DevrelError


class PluginError(DevrelError):
    """Something that another package brings cannot be used; it names the package."""


@frozen
class Plugin:
    """One thing that an installed package brings.

    Attributes:
        name: The name it is announced under.
        distribution: The package it comes from, with its version.
    """

    name: str
    distribution: str
    entry: EntryPoint = field(repr=False, eq=False)

    def load(self) -> object:
        """Return the object.

        Raises:
            PluginError: When it cannot be imported.
        """
        try:
            return self.entry.load()
        except (Exception, SystemExit) as error:
            told = f"{type(error).__name__}: {error}"
            raise PluginError(f"{self.name!r} of {self.distribution} cannot be loaded: {told}") from error


def installed(group: str) -> tuple[Plugin, ...]:
    """Return what installed packages announce in a group of entry points, in the order of distribution and name.

    The packages are looked through again only when the folders of the import path have changed.
    """
    return _found(group, tuple((path, _changed(path)) for path in sys.path))


@lru_cache(maxsize=8)
def _found(group: str, _folders: tuple[tuple[str, int], ...]) -> tuple[Plugin, ...]:
    found = [Plugin(entry.name, _distribution(entry), entry) for entry in entry_points(group=group)]
    return tuple(sorted(found, key=lambda plugin: (plugin.distribution, plugin.name)))


def _changed(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return 0


def _distribution(entry: EntryPoint) -> str:
    """Return the package and its version; where they cannot be told, the module that is announced."""
    facts = {} if entry.dist is None else {key: entry.dist.metadata[key] for key in entry.dist.metadata}
    if "Name" not in facts:
        return f"an unknown package ({entry.value})"
    return f"{facts['Name']} {facts.get('Version', 'of unknown version')}"
