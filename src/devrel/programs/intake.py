"""How people come into a program: the columns of their tables, and who may stand on which side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import field, frozen

from devrel._records import a, as_tuple, between, filled_text, optional, read_only, tuple_of
from devrel.errors import InvalidValue
from devrel.kinds import Side
from devrel.people import Organization, Person, Role, Value


class AttributeType(Enum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    ORDERED = "ordered"
    LIST = "list"
    YES_NO = "yes-no"


@frozen
class AttributeSpec:
    """How the cells of an attribute are read, and how private they are.

    Attributes:
        type: What the cells hold.
        order: The known words of an ordered attribute, lowest first; the first counts as 1.
        separator: What stands between the items of a list.
        sensitive: Special-category data: used in scores where a criterion says so, never written anywhere.
        free_text: Words of the person's own: no error shows them.
        required: Whether an empty cell is an error.
    """

    type: AttributeType = field(default=AttributeType.TEXT, validator=a(AttributeType))
    order: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    separator: str = field(default=",", validator=filled_text)
    sensitive: bool = field(default=False, validator=a(bool))
    free_text: bool = field(default=False, validator=a(bool))
    required: bool = field(default=False, validator=a(bool))

    def __attrs_post_init__(self) -> None:
        if (self.type is AttributeType.ORDERED) != bool(self.order):
            raise InvalidValue("order", "belongs to an ordered attribute, and it needs one", "list its words in order")
        if len({word.casefold() for word in self.order}) != len(self.order):
            raise InvalidValue("order", "has a word twice", "list every word once")

    @property
    def private(self) -> bool:
        """Whether its values must not be shown."""
        return self.sensitive or self.free_text

    def rank(self, word: str) -> int | None:
        """Return the place of a word in the order, the lowest being 1, or None."""
        places = {known.casefold(): place for place, known in enumerate(self.order, 1)}
        return places.get(word.strip().casefold())


def spec_of(attribute: str, specs: Mapping[str, AttributeSpec]) -> AttributeSpec:
    """Return how ``attribute`` is read: as ``specs`` says, or a level as a number and everything else as text."""
    plain = AttributeType.NUMBER if attribute == "level" else AttributeType.TEXT
    return specs.get(attribute, AttributeSpec(plain))


@frozen
class TableSpec:
    """Which column of a people table is what.

    Attributes:
        name: The table's name in the program.
        id: The column of the id.
        columns: Attribute to column.
        names: The columns that make the name, in order.
        email: The column of the address, or None.
        role: The side on which everybody of the table stands, or None where columns and conditions decide.
        role_column: The column that says on which side somebody takes part, or None.
        both_column: The yes/no column that puts somebody on the other side as well, or None.
        capacity_column: The column that says how many recipients a provider takes, or None.
        delimiter: What stands between the cells.
    """

    name: str = field(validator=filled_text)
    id: str = field(validator=filled_text)
    columns: Mapping[str, str] = field(factory=dict, converter=read_only)
    names: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    email: str | None = field(default=None, validator=optional(filled_text))
    role: Role | None = field(default=None, validator=optional(a(Role)))
    role_column: str | None = field(default=None, validator=optional(filled_text))
    both_column: str | None = field(default=None, validator=optional(filled_text))
    capacity_column: str | None = field(default=None, validator=optional(filled_text))
    delimiter: str = field(default=",", validator=a(str))

    @property
    def needed(self) -> tuple[str, ...]:
        """Every column the table must have, in the order of the program file."""
        single = (self.email, self.role_column, self.both_column, self.capacity_column)
        listed = (self.id, *self.names, *(column for column in single if column), *self.columns.values())
        return tuple(dict.fromkeys(listed))


@frozen
class Words:
    """The words that cells use, whatever their case.

    Attributes:
        yes: For yes.
        no: For no; an empty cell is always a no.
        provider: For taking part as a provider; the kind's title always counts.
        recipient: For taking part as a recipient; the kind's title always counts.
        both: For taking part as both.
        neither: For not taking part; an empty cell always means it.
    """

    yes: tuple[str, ...] = field(default=("yes", "y", "true", "1"), converter=as_tuple, validator=tuple_of(str))
    no: tuple[str, ...] = field(default=("no", "n", "false", "0"), converter=as_tuple, validator=tuple_of(str))
    provider: tuple[str, ...] = field(default=("provider",), converter=as_tuple, validator=tuple_of(str))
    recipient: tuple[str, ...] = field(default=("recipient",), converter=as_tuple, validator=tuple_of(str))
    both: tuple[str, ...] = field(default=("both",), converter=as_tuple, validator=tuple_of(str))
    neither: tuple[str, ...] = field(default=("no", "none"), converter=as_tuple, validator=tuple_of(str))


@frozen
class Condition:
    """A condition on one attribute of a person; one that is not known never meets it.

    Attributes:
        attribute: The attribute's name.
        one_of: The values that meet it; empty to ask the numbers instead.
        at_least: The smallest number that meets it, or None.
        at_most: The largest number that meets it, or None.
        below: Numbers below this one meet it, or None.
        above: Numbers above this one meet it, or None.

    >>> Condition("level", at_least=4).met_by(Person("p1", level=5))
    True
    """

    attribute: str = field(validator=filled_text)
    one_of: tuple[Value, ...] = field(default=(), converter=as_tuple)
    at_least: float | None = field(default=None, validator=optional(a(int, float)))
    at_most: float | None = field(default=None, validator=optional(a(int, float)))
    below: float | None = field(default=None, validator=optional(a(int, float)))
    above: float | None = field(default=None, validator=optional(a(int, float)))

    def __attrs_post_init__(self) -> None:
        if not self.one_of and all(limit is None for limit in self._limits):
            raise InvalidValue("where", f"asks nothing of {self.attribute!r}", "give one_of, at_least, at_most, ...")

    @property
    def _limits(self) -> tuple[float | None, ...]:
        return self.at_least, self.at_most, self.below, self.above

    def told(self, order: Sequence[str] = ()) -> str:
        """Return it in words; ``order`` gives the words of an ordered attribute.

        >>> Condition("level", at_least=4).told()
        'level at least 4'
        >>> Condition("remote", one_of=[True]).told()
        'remote is yes'
        """

        def word(value: Value) -> str:
            if isinstance(value, bool):
                return "yes" if value else "no"
            return order[int(value) - 1] if order and isinstance(value, int) else str(value)

        limits = zip(("at least", "at most", "below", "above"), self._limits, strict=True)
        parts = [f"{name} {word(limit)}" for name, limit in limits if limit is not None]
        if len(self.one_of) == 1:
            parts.append(f"is {word(self.one_of[0])}")
        elif self.one_of:
            parts.append(f"one of {', '.join(map(word, self.one_of))}")
        return f"{self.attribute} {' and '.join(parts)}"

    def met_by(self, person: Person) -> bool:
        """Whether ``person`` meets it."""
        value = person.get(self.attribute)
        if value is None:
            return False
        if self.one_of and not any(item in self.one_of for item in (value if isinstance(value, tuple) else (value,))):
            return False
        if all(limit is None for limit in self._limits):
            return True
        return isinstance(value, int | float) and not isinstance(value, bool) and self._in_range(value)

    def _in_range(self, value: float) -> bool:
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
            and (self.above is None or value > self.above)
        )


@frozen
class Intake:
    """Who may stand on a side, and with how many partners.

    Attributes:
        where: The conditions; all have to be met.
        capacity: How many partners somebody takes on this side, unless her row says otherwise.
    """

    where: tuple[Condition, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Condition))
    capacity: int = field(default=1, validator=between(1, 100_000))

    def admits(self, person: Person) -> bool:
        """Whether ``person`` meets every condition."""
        return all(condition.met_by(person) for condition in self.where)


@frozen
class LeftOut:
    """Somebody who asked to take part on a side and cannot.

    Attributes:
        person: The id.
        side: The side she asked for.
        text: Why not, in the kind's words.
    """

    person: str
    side: Side
    text: str


@frozen
class Register:
    """Everybody who was read, and what each said about taking part.

    Attributes:
        organization: The people with their reporting lines.
        roles: The side each wants to stand on; None for those whom only the conditions decide about.
        capacities: How many recipients somebody takes, where she said so.
    """

    organization: Organization
    roles: Mapping[str, Role | None] = field(converter=read_only)
    capacities: Mapping[str, int] = field(factory=dict, converter=read_only)

    def __repr__(self) -> str:
        """Return how many people there are."""
        count = len(self.organization)
        return f"<Register: {count} {'person' if count == 1 else 'people'}>"
