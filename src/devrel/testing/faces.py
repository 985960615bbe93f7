"""The checks of anything that can be checked, and their face for pytest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from devrel.errors import InvalidValue, MissingExtra
from devrel.kinds import RelationshipKind
from devrel.matching.constraints import Constraint
from devrel.matching.criteria import Criterion
from devrel.matching.strategy import MatchingStrategy
from devrel.testing.checking import Check
from devrel.testing.of_kinds import kind_checks
from devrel.testing.of_rules import constraint_checks, criterion_checks
from devrel.testing.of_strategies import strategy_checks
from devrel.testing.of_validators import validator_checks
from devrel.validation.validator import Validator


def checks_of(thing: object) -> Iterator[Check]:
    """Yield the checks of a strategy, a criterion, a constraint, a validator or a kind; a check is its own.

    Raises:
        InvalidValue: For anything else.

    >>> from devrel.kinds import MENTORING
    >>> [check.name for check in checks_of(MENTORING)][:2]
    ['has all its facets', 'has titles that tell the sides apart']
    """
    if isinstance(thing, Check):
        return iter([thing])
    made: Any = thing
    base = thing if isinstance(thing, type) else type(thing)
    for sort, checks in (
        (MatchingStrategy, strategy_checks),
        (Criterion, criterion_checks),
        (Constraint, constraint_checks),
        (Validator, validator_checks),
        (RelationshipKind, kind_checks),
    ):
        if issubclass(base, sort):
            return checks(made)
    sorts = "a strategy, a criterion, a constraint, a validator or a kind"
    raise InvalidValue("things", f"{base.__name__} is nothing that can be checked", f"give {sorts}")


def parametrize_with_checks(things: Iterable[object]) -> Any:
    """Return a pytest decorator that runs a test once for each check, as its argument ``check``.

    Excused checks are skipped, with their reason.

    Args:
        things: What ``checks_of`` takes, checks included: give those of ``strategy_checks(..., excused=...)`` where
            something is excused.

    Raises:
        MissingExtra: When pytest is not installed.
    """
    try:
        import pytest
    except ModuleNotFoundError:
        raise MissingExtra("parametrize_with_checks", "pytest", "testing") from None
    return pytest.mark.parametrize(
        "check",
        [
            pytest.param(check, id=str(check), marks=[pytest.mark.skip(reason=check.excuse)] if check.excuse else [])
            for thing in things
            for check in checks_of(thing)
        ],
    )
