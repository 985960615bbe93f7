"""Which pairs of a relationship are a conflict of interest now: what a kind, or a program, would forbid today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from devrel.errors import InvalidValue, did_you_mean
from devrel.kinds import Side
from devrel.people import Organization
from devrel.relationships import Relationship

if TYPE_CHECKING:  # matching loads numpy, and a look at the clock needs none
    from devrel.matching.constraints import Constraint
    from devrel.matching.rules import Candidate


@frozen
class Broken:
    """A pair of a relationship that a constraint forbids now.

    Attributes:
        recipient: The recipient's id.
        provider: The provider's id.
        title: What the constraint demands, in the kind's words.
    """

    recipient: str
    provider: str
    title: str

    def person(self, side: Side) -> str:
        """Return the id of the one on ``side``."""
        return self.provider if side is Side.PROVIDER else self.recipient


class Rules:
    """The constraints that relationships are judged by.

    Args:
        rules: Those of the program, besides the ones that kinds name.
        lifted: The names of those that do not apply.

    Raises:
        InvalidValue: When a lifted name is not known.
    """

    def __init__(self, rules: Iterable[Constraint], lifted: Iterable[str]) -> None:
        from devrel.matching.constraints import named_constraints

        self.own = {rule.name: rule for rule in rules}
        self.known: Mapping[str, Constraint] = {**named_constraints(), **self.own}
        self.lifted = frozenset(lifted)
        for name in sorted(self.lifted - set(self.known)):
            raise InvalidValue("lifted", f"{name!r} is not known", did_you_mean(name, self.known))

    def broken(self, one: Relationship, organization: Organization) -> list[Broken]:
        """Return every pair that a constraint forbids now; what its parties accepted in the agreement is spared."""
        from devrel.matching.constraints import forbids_of
        from devrel.matching.rules import Candidate

        spared = self.lifted.union(one.agreement.conflicts)
        rules = [self.named(name) for name in dict.fromkeys([*one.kind.constraints, *self.own]) if name not in spared]
        pairs = [(r, p) for r in one.people(Side.RECIPIENT) for p in one.people(Side.PROVIDER) if r != p]
        cases = [Candidate(organization[r].public, organization[p].public, organization) for r, p in pairs]
        return [
            Broken(case.recipient.id, case.provider.id, rule.title(one.kind.titles))
            for case in cases
            for rule in rules
            if _known(rule, case) and forbids_of(rule, case)
        ]

    def named(self, name: str) -> Constraint:
        """Return the constraint called ``name``.

        Raises:
            InvalidValue: When it is neither the library's, nor among the program's, nor that of an installed package.
        """
        from devrel.matching.brought import constraint_named

        found = self.known.get(name) or constraint_named(name)
        if found is None:
            raise InvalidValue("constraints", f"{name!r} is not known", "hand it over among the rules")
        return found


_OF_LEVELS = frozenset({"above-in-level", "below-in-level", "upper-level-or-external"})


def _known(rule: Constraint, case: Candidate) -> bool:
    """Whether what a constraint looks at is known.

    A matching leaves a pair alone of which it knows too little. People who are together already are not parted because
    a field is empty: what cannot be judged is no conflict.
    """
    if rule.name == "own-manager":
        return case.recipient.manager is not None
    attribute = "level" if rule.name in _OF_LEVELS else getattr(rule, "attribute", None)
    return attribute is None or all(one.get(attribute) is not None for one in (case.recipient, case.provider))
