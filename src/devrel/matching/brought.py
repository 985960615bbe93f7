"""Criteria and constraints of other packages: by which names they come, and what is checked when they arrive."""

from __future__ import annotations

from inspect import isabstract
from typing import Any

from devrel.errors import InvalidValue
from devrel.matching import constraints, criteria
from devrel.matching.constraints import Constraint, named_constraints
from devrel.matching.criteria import Criterion
from devrel.plugins import Group

CRITERION_WORDS = frozenset(
    {
        *("same", "different", "shared", "offered", "near"),
        *("hopes-met", "hours-together", "preferred", "waiting", "first-in-line"),
    }
)
"""The words by which a program file names the library's own criteria."""

CONSTRAINT_WORDS = frozenset({"same", "different", "gap", "in-common"})
"""The words by which a program file names the library's own constraints that have parameters."""


def _rule(found: object, base: type, method: str) -> Any:
    """Return a class of rules that can be made and asked."""
    if not isinstance(found, type) or not issubclass(found, base):
        raise InvalidValue("entry point", f"is no subclass of {base.__name__}", "announce the class itself")
    if isabstract(found):
        raise InvalidValue(found.__name__, f"has no {method}()", "write it")
    return found


def _criterion(found: object, _: str) -> type[Criterion]:
    rule: type[Criterion] = _rule(found, Criterion, "score")
    return rule


def _constraint(found: object, _: str) -> type[Constraint]:
    rule: type[Constraint] = _rule(found, Constraint, "forbids")
    name: object = getattr(rule, "name", None)
    if not isinstance(name, property) and not (isinstance(name, str) and name.strip()):
        raise InvalidValue(rule.__name__, "has no name", "give it the name that it is lifted by")
    return rule


CRITERION_GROUP = Group(criteria.GROUP, "criterion", _criterion, lambda: CRITERION_WORDS)
"""The criteria of other packages; the name of the entry point is the ``rule`` of a program file."""

CONSTRAINT_GROUP = Group(
    constraints.GROUP, "constraint", _constraint, lambda: {*CONSTRAINT_WORDS, *named_constraints()}
)
"""The constraints of other packages; the name of the entry point is the ``rule`` of a program file."""


def constraint_named(name: str) -> Constraint | None:
    """Return the constraint that a kind names, the library's own or one of another package; None where there is none.

    Raises:
        PluginError: When a package brings one of that name that cannot be used.
        InvalidValue: When the one that a package brings needs parameters, which a kind cannot give.

    >>> constraint_named("not-own-manager")
    NotOwnManager()
    """
    own = named_constraints().get(name)
    if own is not None:
        return own
    rule = CONSTRAINT_GROUP.get(name)
    try:
        return None if rule is None else rule()
    except TypeError:
        wrong = f"{name!r} needs parameters, which a kind cannot give"
        raise InvalidValue("constraints", wrong, "name it in the program instead") from None
