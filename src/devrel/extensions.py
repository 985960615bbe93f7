"""What other packages can bring: five sorts of things, each with its entry points and its check on arrival."""

from __future__ import annotations

from typing import Any

from devrel.kinds.brought import KIND_GROUP
from devrel.matching.brought import CONSTRAINT_GROUP, CRITERION_GROUP
from devrel.matching.strategies import STRATEGY_GROUP
from devrel.plugins import Group
from devrel.validation.book import VALIDATOR_GROUP

GROUPS: tuple[Group[Any], ...] = (STRATEGY_GROUP, CRITERION_GROUP, CONSTRAINT_GROUP, VALIDATOR_GROUP, KIND_GROUP)
"""Everything that ``devrel.plugins.discover`` looks for."""
