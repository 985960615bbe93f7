"""What other packages bring along: objects found by entry point, each with the package it comes from.

Nothing is loaded before it is asked for by name or by ``discover``; a name that nobody bears has everything of its sort
looked at, to tell what is broken. What is loaded is checked when it arrives; what is refused leaves no trace, and a
package that is broken disturbs no other. ``DEVREL_NO_PLUGINS=1`` switches all of it off.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from attrs import field, frozen

from devrel.errors import BrokenExtension, DevrelError, did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint  # takes longer to load than everything else here

_T = TypeVar("_T")
_A = TypeVar("_A")

SWITCH = "DEVREL_NO_PLUGINS"
"""The environment variable that switches plug-ins off, unless it is empty or 0."""

OURS = "devrel"
"""What the library itself is called where packages are named."""

_GROUPS = "devrel.extensions"  # who has the groups; named here and not imported, as it stands on a floor far above


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

    def arrived(self) -> object | None:
        """Return the object if its module was imported before, and None otherwise; nothing is imported."""
        found: object = sys.modules.get(self.entry.module)
        for name in self.entry.attr.split(".") if self.entry.attr else ():
            found = getattr(found, name, None)
        return found


@frozen(eq=False)
class Group(Generic[_T]):
    """One sort of thing that packages may bring.

    Attributes:
        name: The group of entry points.
        noun: What one of them is called in messages.
        accept: Gets a loaded object and the name it is announced under, and returns what is used of it. It raises
            ``InvalidValue`` for what is unsound.
        own: Returns the names that the library has given away itself.
    """

    name: str
    noun: str
    accept: Callable[[object, str], _T] = field(repr=False)
    own: Callable[[], Collection[str]] = field(repr=False)

    def names(self) -> tuple[str, ...]:
        """Return the names that installed packages announce; nothing is loaded."""
        return tuple(plugin.name for plugin in installed(self.name))

    def get(self, name: str) -> _T | None:
        """Return what is announced under ``name``, loaded and checked; None where no package announces it.

        Raises:
            PluginError: When it cannot be loaded or used, or two bring the name: two packages, or a package and the
                library itself.
        """
        named = [plugin for plugin in installed(self.name) if plugin.name == name]
        if not named:
            return None
        self._refuse_clash(named)
        return self.check(named[0])

    def check(self, plugin: Plugin) -> _T:
        """Return what a package announces, loaded and checked.

        Raises:
            PluginError: When it cannot be loaded or used.
        """
        found = plugin.load()
        try:
            return self.accept(found, plugin.name)
        except (Exception, SystemExit) as error:  # what is announced may do anything when it is looked at
            told = str(error) if isinstance(error, DevrelError) else f"{type(error).__name__}: {error}"
            raise PluginError(
                f"the {self.noun} {plugin.name!r} of {plugin.distribution} cannot be used: {told}"
            ) from error

    def instead(self, name: str, known: Iterable[str]) -> str:
        """Return what to do about a name that nobody bears: everything announced is loaded to see what can be used.

        Args:
            name: The name.
            known: The names that may be given; those that are broken here are not offered.
        """
        found = self.discover()
        broken = {one.name for one in found if not one.ok} - set(self.own())
        told = [f"{one.error}." for one in found if not one.ok]
        return " ".join([did_you_mean(name, set(known) - broken), *told, hint()])

    def origin(self, thing: object) -> Plugin | None:
        """Return who announces ``thing``, for provenance; None for the library's own and what nobody announces."""
        return origin(self.name, thing)

    def discover(self) -> tuple[Discovery, ...]:
        """Return everything that installed packages announce here, loaded and checked; what is broken has its error."""
        return tuple(self._discovered(plugin) for plugin in installed(self.name))

    def _discovered(self, plugin: Plugin) -> Discovery:
        try:
            self._refuse_clash([one for one in installed(self.name) if one.name == plugin.name])
            return Discovery(self.name, plugin.name, plugin.distribution, self.check(plugin))
        except PluginError as error:
            return Discovery(self.name, plugin.name, plugin.distribution, None, str(error))

    def _refuse_clash(self, named: Collection[Plugin]) -> None:
        """Refuse a name that is given away twice."""
        rivals = [plugin.distribution for plugin in named]
        name = next(plugin.name for plugin in named)
        if name in self.own():
            rivals.insert(0, OURS)
        if len(rivals) > 1:
            both = " and ".join(rivals)
            raise PluginError(
                f"{both} both bring a {self.noun} called {name!r}; uninstall one, or set {SWITCH}=1 to do without any"
            )


@frozen
class Discovery:
    """Something that an installed package brings, and whether it can be used.

    Attributes:
        group: The group of entry points.
        name: The name it is announced under.
        distribution: The package it comes from, with its version.
        thing: What it is; None where it is broken.
        error: Why it cannot be used; empty where it can.
    """

    group: str
    name: str
    distribution: str
    thing: object | None = field(repr=False)
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether it can be used."""
        return not self.error

    def to_dict(self) -> dict[str, object]:
        """Return it as plain data, without the thing itself."""
        return {
            "group": self.group,
            "name": self.name,
            "distribution": self.distribution,
            "ok": self.ok,
            "error": self.error,
        }


def discover(groups: Iterable[Group[object]] | None = None) -> tuple[Discovery, ...]:
    """Return everything that installed packages bring, loaded and checked, whatever is broken with its error.

    Args:
        groups: The sorts of things to look for; all there are unless given.

    >>> all(found.ok or found.error for found in discover())
    True
    """
    if groups is None:
        groups = cast("Iterable[Group[object]]", import_module(_GROUPS).GROUPS)
    return tuple(found for group in groups for found in group.discover())


def origin(group: str, thing: object) -> Plugin | None:
    """Return who announces ``thing`` in a group of entry points, or None; nothing is loaded to find out."""
    return next((plugin for plugin in installed(group) if plugin.arrived() == thing), None)


def asked(group: str, noun: str, thing: object, called: str, ask: Callable[[Any], _A], given: Any) -> _A:
    """Return what a strategy or a rule answers, which may be another package's and raise anything.

    Args:
        group: The group of entry points in which packages announce such things.
        noun: What one of them is called.
        thing: The strategy or the rule.
        called: Its attribute that says what it is called; looked at only if it breaks down.
        ask: The method that is asked.
        given: What it is asked about.

    Raises:
        BrokenExtension: When it raises an error that is none of this library.
    """
    try:
        return ask(given)
    except DevrelError:
        raise
    except Exception as error:
        name = getattr(thing, called) or type(thing).__name__
        raise _broken(group, noun, name, type(thing), error) from error


def _broken(group: str, noun: str, name: str, thing: object, error: Exception) -> BrokenExtension:
    """Return the error to raise ``from`` one that a strategy or a rule raised while it was asked.

    Args:
        group: The group of entry points in which packages announce such things.
        noun: What one of them is called.
        name: What this one is called.
        thing: Its class.
        error: What it raised; the place that is told lies in its own module, if it passed through there.
    """
    plugin = origin(group, thing)
    of = "" if plugin is None else f" of {plugin.distribution}"
    places = [(frame.f_globals.get("__name__", "?"), line, frame) for frame, line in walk_tb(error.__traceback__)]
    own = [place for place in places if place[0] == getattr(thing, "__module__", None)]
    module, line, frame = (own or places)[-1]
    where = f"{module}, line {line}, in {frame.f_code.co_name}"
    return BrokenExtension(f"the {noun} {name!r}{of}", type(error).__name__, where)


def hint() -> str:
    """Return where to look for what a package may bring."""
    if _switched_off():
        return f"If a package brings it: {SWITCH} is set, which switches them off."
    return "If a package brings it, install that; 'devrel plugins' lists what is there."


def _switched_off() -> bool:
    return os.environ.get(SWITCH, "") not in {"", "0"}


def installed(group: str) -> tuple[Plugin, ...]:
    """Return what installed packages announce in a group of entry points, in the order of distribution and name.

    The packages are looked through again only when the folders of the import path have changed. Where plug-ins are
    switched off, there are none.
    """
    if _switched_off():
        return ()
    return _found(group, tuple((path, _changed(path)) for path in sys.path))


@lru_cache(maxsize=16)
def _found(group: str, _folders: tuple[tuple[str, int], ...]) -> tuple[Plugin, ...]:
    from importlib.metadata import entry_points

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
