"""What the design of a program decides beside its matching: the answers to the questions a program has to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

from attrs import field, frozen

from devrel._records import (
    a,
    as_set,
    as_tuple,
    at_least,
    between,
    filled_text,
    maybe_set,
    number_between,
    optional,
    read_only,
    set_of,
    tuple_of,
)
from devrel.errors import InvalidValue
from devrel.kinds import Measure
from devrel.programs.intake import Condition


class Aim(Enum):
    """What an organisation wants to bring about with a program."""

    CAREERS = "careers"
    LEADERSHIP = "leadership"
    SKILLS = "skills"
    ONBOARDING = "finding one's way as a newcomer"
    RETENTION = "people who stay"
    INCLUSION = "diversity, equity and inclusion"
    SUCCESSION = "succession"
    KNOWLEDGE = "knowledge that is passed on"
    NETWORKS = "networks across the organisation"


class Channel(Enum):
    """How people are told about a program and its process."""

    MAIL = "e-mail"
    INTRANET = "intranet"
    MEETING = "a meeting for everybody"
    MANAGERS = "their managers"
    ONBOARDING = "onboarding"
    EVENT = "an event"
    GUIDE = "a guide"


class Participation(Enum):
    """Whether people choose to take part."""

    VOLUNTARY = "voluntary"
    MANDATORY = "mandatory"


class Decider(Enum):
    """Who decides who is matched with whom."""

    PROGRAM = "the program"
    PARTICIPANTS = "the participants"
    BOTH = "the program proposes, and the participants decide"


class Setter(Enum):
    """Who sets the goals of a relationship, where a program says it."""

    RECIPIENT = "recipient"
    PROVIDER = "provider"
    TOGETHER = "both together"
    MANAGER = "the recipient's manager"
    PROGRAM = "the program"


class ManagerAct(Enum):
    """What a program lets or has the recipient's manager do (management-mentors)."""

    KNOWS_SCHEDULE = "knows when they meet"
    SUGGESTS = "suggests what to focus on, to the recipient"
    GETS_REPORTS = "gets reports on progress from the provider"
    TALKS_TO_PROVIDER = "deals with the provider directly"
    SETS_REQUIREMENTS = "sets requirements"


class Scope(Enum):
    """What a measure speaks of."""

    PROGRAM = "the program"
    RELATIONSHIP = "each relationship"
    PERSON = "each person"


class ComparedWith(Enum):
    """With what a program compares what it brought about."""

    NONE = "nothing"
    BEFORE_AND_AFTER = "the same people before"
    WAITING_LIST = "people on a waiting list"
    MATCHED_GROUP = "similar people who did not take part"
    BY_LOT = "people not drawn by lot"


class SupportForm(Enum):
    """How those who give are supported while they do."""

    CONTACT_PERSON = "somebody to ask"
    EXCHANGE = "meetings with others who do the same"
    SUPERVISION = "supervision"
    MATERIALS = "materials"
    CHECK_INS = "check-ins by the program"


class FocusSort(Enum):
    """What a focus area is."""

    COMPETENCY = "competency"
    GUIDELINE = "guideline"


@frozen
class FocusArea:
    """Something the organisation holds important, which goals may refer to by name (management-mentors).

    Attributes:
        name: The name.
        text: What it means, in words.
        sort: A competency of people, or a guideline of the organisation.
    """

    name: str = field(validator=filled_text)
    text: str = field(default="", validator=a(str))
    sort: FocusSort = field(default=FocusSort.COMPETENCY, validator=a(FocusSort))

    def __str__(self) -> str:
        """Return the name."""
        return self.name


@frozen
class Process:
    """How a relationship of the program goes, and how people are told.

    Attributes:
        steps: The steps, in order, each in words.
        told_by: How people learn of it.
    """

    steps: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    told_by: frozenset[Channel] = field(default=frozenset(), converter=as_set, validator=set_of(Channel))


@frozen
class Rematching:
    """What happens when a match does not work.

    Attributes:
        within_days: Within how many days those who want it are matched again.
        times: How often at most.
        first_in_line: Whether those who lost a partner come before those who never had one.
    """

    within_days: int = field(default=30, validator=between(1, 3_650))
    times: int = field(default=1, validator=between(0, 100))
    first_in_line: bool = field(default=True, validator=a(bool))


@frozen
class Metric:
    """One thing a program measures.

    Attributes:
        name: What.
        scope: Whether it is counted for the program, for each relationship or for each person.
    """

    name: str = field(validator=filled_text)
    scope: Scope = field(default=Scope.PROGRAM, validator=a(Scope))


@frozen
class Measurement:
    """How a program shows what it brings.

    Attributes:
        metrics: What is measured.
        claims: The effects it claims, each in words.
        compared_with: With what it compares; None where nothing is said.
        judged_by: What its relationships are judged by; None for what the kind says.
        audit_by: The attributes by whose groups the match rates are compared.
        match_rate: Which share of those who want a partner is to get one, from 0 to 1 (ml-dash aims at 0.7).
        weeks: After how many weeks it is looked at, or None.
    """

    metrics: tuple[Metric, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Metric))
    claims: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    compared_with: ComparedWith | None = field(default=None, validator=optional(a(ComparedWith)))
    judged_by: Measure | None = field(default=None, validator=optional(a(Measure)))
    audit_by: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    match_rate: float = field(default=0.7, validator=number_between(0, 1))
    weeks: int | None = field(default=None, validator=optional(between(1, 1_000)))


@frozen
class Window:
    """A time in which people may enrol.

    Attributes:
        opens: The first day.
        closes: The last day.
    """

    opens: date = field(validator=a(date))
    closes: date = field(validator=a(date))

    def __attrs_post_init__(self) -> None:
        if self.closes < self.opens:
            raise InvalidValue("closes", "must not lie before it opens", "swap the two dates")

    def __str__(self) -> str:
        """Return both days."""
        return f"{self.opens} to {self.closes}"


@frozen
class Preparation:
    """How people are prepared before they start.

    Attributes:
        provider_hours: How many hours those who give are prepared.
        recipient_hours: How many hours those who receive are prepared.
        topics: What it is about.
    """

    provider_hours: float = field(default=0, validator=number_between(0, 2_000))
    recipient_hours: float = field(default=0, validator=number_between(0, 2_000))
    topics: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))


@frozen
class OngoingSupport:
    """How those who give are supported while they do.

    Attributes:
        forms: In which ways.
        every_weeks: How often the program comes to them by itself, in weeks, or None.
    """

    forms: frozenset[SupportForm] = field(default=frozenset(), converter=as_set, validator=set_of(SupportForm))
    every_weeks: int | None = field(default=None, validator=optional(between(1, 520)))


@frozen
class CapacityPolicy:
    """What one person may be asked to carry.

    Attributes:
        most: How many recipients a provider has at most, whatever she offers; None for no limit.
        hours_a_month: How many hours a month a provider is asked for at most, or None.
    """

    most: int | None = field(default=None, validator=optional(at_least(1)))
    hours_a_month: float | None = field(default=None, validator=optional(number_between(0, 744)))

    def limited(self, places: int) -> int:
        """Return how many places of those offered count.

        >>> CapacityPolicy(most=3).limited(9)
        3
        """
        return places if self.most is None else min(places, self.most)


@frozen
class VisibilityPolicy:
    """Who is told what, beside what each agreement says.

    Attributes:
        manager_acts: What the recipient's manager does; None where the program does not say.
        smallest_group: Aggregates of fewer people than this are not shown.
    """

    manager_acts: frozenset[ManagerAct] | None = field(
        default=None, converter=maybe_set, validator=optional(set_of(ManagerAct))
    )
    smallest_group: int = field(default=5, validator=at_least(1))


@frozen
class Reach:
    """How people who work elsewhere are reached.

    Attributes:
        how: In words; empty where nothing is planned.
        where: The conditions that tell who is remote; none where the tables do not tell.
    """

    how: str = field(default="", validator=a(str))
    where: tuple[Condition, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Condition))


@frozen
class Budget:
    """What a program may cost.

    Attributes:
        amount: How much, in whole units of the currency.
        currency: The currency, by its three letters (ISO 4217).
        note: What it is for, in words.
    """

    amount: int = field(validator=at_least(0))
    currency: str = field(validator=filled_text)
    note: str = field(default="", validator=a(str))

    def __attrs_post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isalpha()):
            raise InvalidValue("currency", "must be three letters", 'write it like "EUR" or "USD"')


@frozen
class CheckPolicy:
    """Which rules a program wants to be judged by.

    Attributes:
        select: Codes, or letters of families; everything where it is empty.
        ignore: The codes, or letters, to leave out, each with the reason; an error needs one that is not blank.
        severities: Codes, or letters, whose severity is another here: error, warning or advice.
    """

    select: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
    ignore: Mapping[str, str] = field(factory=dict, converter=read_only)
    severities: Mapping[str, str] = field(factory=dict, converter=read_only)
