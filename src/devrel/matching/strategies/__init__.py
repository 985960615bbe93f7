"""The strategies that come with the library, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isabstract, signature

from devrel.errors import InvalidValue
from devrel.matching.strategies.egalitarian import EgalitarianMatching
from devrel.matching.strategies.greedy import GreedyMatching
from devrel.matching.strategies.optimal import OptimalMatching
from devrel.matching.strategies.peers import PeerMatching
from devrel.matching.strategies.random import RandomMatching
from devrel.matching.strategies.rematching import Rematching
from devrel.matching.strategies.stable import StableMatching
from devrel.matching.strategy import GROUP, Claim, Feature, MatchingStrategy
from devrel.plugins import Group

STRATEGIES: tuple[type[MatchingStrategy], ...] = (
    OptimalMatching,
    StableMatching,
    EgalitarianMatching,
    PeerMatching,
    Rematching,
    GreedyMatching,
    RandomMatching,
)


def _strategy(found: object, name: str) -> type[MatchingStrategy]:
    """Return a class of strategies that another package announces, if it can be chosen and made."""
    if not isinstance(found, type) or not issubclass(found, MatchingStrategy):
        raise InvalidValue("entry point", "is no subclass of MatchingStrategy", "announce the class itself")
    if isabstract(found):
        raise InvalidValue(found.__name__, "has no solve()", "write it")
    if found.name != name:
        raise InvalidValue(found.__name__, f"is called {found.name!r}", f"announce it as that, or call it {name!r}")
    for what, kind in (("supports", Feature), ("claims", Claim)):
        listed: object = getattr(found, what)
        if not isinstance(listed, frozenset) or not all(isinstance(one, kind) for one in listed):
            raise InvalidValue(what, f"of {found.__name__} must be a frozenset of {kind.__name__}")
    return found


STRATEGY_GROUP = Group(GROUP, "strategy", _strategy, lambda: {strategy.name for strategy in STRATEGIES})
"""The strategies of other packages; the name of the entry point is the strategy's own."""


def strategy_named(name: str, parameters: Mapping[str, object]) -> MatchingStrategy:
    """Return the strategy called ``name``, the library's own or that of an installed package, made with ``parameters``.

    Raises:
        InvalidValue: For an unknown name (the nearest is given) or parameters it does not take.
        PluginError: When a package brings one of that name that cannot be used, or the name is given away twice.
    """
    known = {strategy.name: strategy for strategy in STRATEGIES}
    strategy = STRATEGY_GROUP.get(name) or known.get(name)
    if strategy is None:
        remedy = STRATEGY_GROUP.instead(name, {*known, *STRATEGY_GROUP.names()})
        raise InvalidValue("strategy", f"{name!r} is not known", remedy)
    try:
        return strategy(**parameters)
    except TypeError:
        taken = list(signature(strategy).parameters)
        remedy = f"it takes: {', '.join(taken)}" if taken else "it takes none"
        raise InvalidValue("parameters", f"do not fit the strategy {name!r}", remedy) from None
