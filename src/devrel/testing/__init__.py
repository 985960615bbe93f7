"""For the tests of those who build on the library: Hypothesis strategies for every concept, and a conformance kit.

The kit checks what other packages bring: a matching strategy by what it claims, criteria, constraints, validators and
kinds. Each has three faces with one list of checks: ``check_strategy`` runs them all, ``strategy_checks`` yields them,
and ``parametrize_with_checks`` makes a pytest test of each.

Needs the extra ``testing``. This is the only package that knows hypothesis.
"""

from __future__ import annotations

from devrel.errors import MissingExtra

try:
    from devrel.testing import strategies
except ModuleNotFoundError as error:
    if error.name != "hypothesis":
        raise
    raise MissingExtra("devrel.testing", "hypothesis", "testing") from None

from devrel.testing.checking import Check
from devrel.testing.faces import checks_of, parametrize_with_checks
from devrel.testing.of_kinds import check_kind, kind_checks
from devrel.testing.of_rules import check_constraint, check_criterion, constraint_checks, criterion_checks
from devrel.testing.of_strategies import check_strategy, strategy_checks
from devrel.testing.of_validators import check_validator, validator_checks

__all__ = [
    "Check",
    "check_constraint",
    "check_criterion",
    "check_kind",
    "check_strategy",
    "check_validator",
    "checks_of",
    "constraint_checks",
    "criterion_checks",
    "kind_checks",
    "parametrize_with_checks",
    "strategies",
    "strategy_checks",
    "validator_checks",
]
