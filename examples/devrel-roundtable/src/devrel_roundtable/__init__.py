"""Round tables: a few hosts, many guests, and one talk at a time about a theme they share."""

from __future__ import annotations

from devrel_roundtable.kind import ROUNDTABLE
from devrel_roundtable.rules import ThemesInCommon, long_rounds
from devrel_roundtable.strategy import RoundByRound

__all__ = ["ROUNDTABLE", "RoundByRound", "ThemesInCommon", "long_rounds"]
