"""Somebody who asks to see a relationship."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from devrel._records import a, as_set, as_tuple, filled_text, optional, set_of
from devrel.errors import InvalidValue
from devrel.kinds import ViewerRole


def _people(people: Iterable[str]) -> frozenset[str]:
    return as_set(as_tuple(people))


@frozen
class Viewer:
    """Somebody who asks to see a relationship, in one capacity; the platform knows that she has it.

    Attributes:
        role: In which capacity.
        person: Her id; None for the public and for an office.
        manages: For a manager, the ids of the people who report to her.
        program: For a program admin, the name of her program; None for all programs.

    Raises:
        InvalidValue: When a party, a manager or a third party has no id, or somebody else manages or has a program.

    >>> Viewer.manager("boss", of=["n"]).role
    <ViewerRole.MANAGER: 'manager of the recipient'>
    """

    role: ViewerRole = field(validator=a(ViewerRole))
    person: str | None = field(default=None, validator=optional(filled_text))
    manages: frozenset[str] = field(default=frozenset(), converter=_people, validator=set_of(str))
    program: str | None = field(default=None, validator=optional(filled_text))

    def __attrs_post_init__(self) -> None:
        if self.person is None and self.role in _NAMED:
            raise InvalidValue("person", f"is needed to look as {self.role.value}", "say who is looking")
        if self.manages and self.role is not ViewerRole.MANAGER:
            raise InvalidValue("manages", "belongs to a manager", "look as a manager, or leave it out")
        if self.program is not None and self.role is not ViewerRole.ADMIN:
            raise InvalidValue("program", "belongs to a program admin", "look as one, or leave it out")

    @classmethod
    def provider(cls, person: str) -> Viewer:
        """Return ``person`` looking as a provider."""
        return cls(ViewerRole.PROVIDER, person)

    @classmethod
    def recipient(cls, person: str) -> Viewer:
        """Return ``person`` looking as a recipient."""
        return cls(ViewerRole.RECIPIENT, person)

    @classmethod
    def manager(cls, person: str, *, of: Iterable[str]) -> Viewer:
        """Return ``person`` looking as the manager of the people ``of``."""
        return cls(ViewerRole.MANAGER, person, of)

    @classmethod
    def admin(cls, program: str | None = None, person: str | None = None) -> Viewer:
        """Return an administrator of ``program``, or of all programs."""
        return cls(ViewerRole.ADMIN, person, program=program)

    @classmethod
    def hr(cls, person: str | None = None) -> Viewer:
        """Return somebody of human resources."""
        return cls(ViewerRole.HR, person)

    @classmethod
    def third_party(cls, id: str) -> Viewer:  # noqa: A002
        """Return a third party that the agreement names."""
        return cls(ViewerRole.THIRD_PARTY, id)

    @classmethod
    def public(cls) -> Viewer:
        """Return anybody."""
        return cls(ViewerRole.PUBLIC)


_NAMED = (ViewerRole.PROVIDER, ViewerRole.RECIPIENT, ViewerRole.MANAGER, ViewerRole.THIRD_PARTY)
