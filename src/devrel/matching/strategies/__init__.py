"""The strategies that come with the library, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature

from devrel.errors import InvalidValue, did_you_mean
from devrel.matching.strategies.egalitarian import EgalitarianMatching
from devrel.matching.strategies.greedy import GreedyMatching
from devrel.matching.strategies.optimal import OptimalMatching
from devrel.matching.strategies.peers import PeerMatching
from devrel.matching.strategies.random import RandomMatching
from devrel.matching.strategies.rematching import Rematching
from devrel.matching.strategies.stable import StableMatching
from devrel.matching.strategy import MatchingStrategy

STRATEGIES: tuple[type[MatchingStrategy], ...] = (
    OptimalMatching,
    StableMatching,
    EgalitarianMatching,
    PeerMatching,
    Rematching,
    GreedyMatching,
    RandomMatching,
)


def strategy_named(name: str, parameters: Mapping[str, object]) -> MatchingStrategy:
    """Return the strategy called ``name``, made with ``parameters``.

    Raises:
        InvalidValue: For an unknown name (the nearest is given) or parameters it does not take.
    """
    known = {strategy.name: strategy for strategy in STRATEGIES}
    if name not in known:
        raise InvalidValue("strategy", "is not known", did_you_mean(name, known))
    try:
        return known[name](**parameters)
    except TypeError:
        taken = list(signature(known[name]).parameters)
        remedy = f"it takes: {', '.join(taken)}" if taken else "it takes none"
        raise InvalidValue("parameters", f"do not fit the strategy {name!r}", remedy) from None
