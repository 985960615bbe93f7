"""The clauses of an agreement that have a shape of their own; their words are in no repr."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from devrel._records import a, as_set, as_tuple, between, filled_text, maybe_set, optional, set_of, tuple_of
from devrel.kinds import Item


class Meeting(Enum):
    """How people meet."""

    IN_PERSON = "in person"
    VIRTUAL = "virtual"
    EITHER = "in person or virtual"


class ManagerCommitment(Enum):
    """What the recipient's manager commits to (management-mentors)."""

    SUGGEST_TO_RECIPIENT_ONLY = "suggests what to focus on to the recipient alone, and demands nothing"
    PROTECT_TIME = "keeps the meeting times free"
    STAND_BACK = "stands back and asks nobody for reports"


class ThirdPartyRole(Enum):
    """What a third party does for a relationship."""

    PAYS = "pays"
    ORGANISES = "organises"


@frozen
class Confidentiality:
    """What stays between the parties.

    Attributes:
        text: The rule in words.
        exceptions: What is excepted, each named (the law, danger to somebody).
    """

    text: str = field(default="What is said stays between the parties.", repr=False, validator=filled_text)
    exceptions: tuple[str, ...] = field(
        default=("where the law requires it", "danger to a person"),
        repr=False,
        converter=as_tuple,
        validator=tuple_of(str),
    )


@frozen
class Contact:
    """Contact between sessions.

    Attributes:
        how: By which means and for what, in words.
        answer_within_days: Within how many days the parties answer each other.
    """

    how: str = field(default="by e-mail, for questions that cannot wait", repr=False, validator=filled_text)
    answer_within_days: int = field(default=7, validator=between(1, 3_650))


@frozen
class ManagerPart:
    """What the recipient's manager is told and commits to.

    Attributes:
        told: What she may see; None for what the kind says.
        commits: What she commits to.
    """

    told: frozenset[Item] | None = field(default=None, converter=maybe_set, validator=optional(set_of(Item)))
    commits: frozenset[ManagerCommitment] = field(
        default=frozenset(ManagerCommitment), converter=as_set, validator=set_of(ManagerCommitment)
    )


@frozen
class ThirdParty:
    """Somebody outside who pays for or organises a relationship, and what she may know of it.

    ICF texts call her the sponsor; here a sponsor is somebody who advocates.

    Attributes:
        id: Her identifier.
        role: Whether she pays or organises.
        may_know: What she may see; every party accepts it with the agreement. None where nobody stated it.

    >>> ThirdParty("payer", ThirdPartyRole.PAYS).sees
    frozenset({<Item.EXISTENCE: 'that it exists'>})
    """

    id: str = field(validator=filled_text)
    role: ThirdPartyRole = field(validator=a(ThirdPartyRole))
    may_know: frozenset[Item] | None = field(default=None, converter=maybe_set, validator=optional(set_of(Item)))

    @property
    def sees(self) -> frozenset[Item]:
        """What she may see: what is stated, and else the least, that the relationship exists."""
        return frozenset({Item.EXISTENCE}) if self.may_know is None else self.may_know


@frozen
class Records:
    """What is kept, and for how long.

    Attributes:
        text: Who keeps what, in words.
        keep_months: After how many months from the end notes are to be erased; None where nothing is agreed.
    """

    text: str = field(
        default="Each side keeps her own notes and shows them to nobody.", repr=False, validator=filled_text
    )
    keep_months: int | None = field(default=36, validator=optional(between(0, 1_200)))
