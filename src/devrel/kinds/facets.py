"""The facets of a kind: what they say, and what the library does with them.

Titles, focus, control, timeline and strategy are the rows of the comparison table (utah-ucan). The composition says how
many people stand on each side, the schools how the field disagrees.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import field, frozen

from devrel._records import a, as_set, as_tuple, at_least, between, filled_text, optional, set_of, tuple_of
from devrel.errors import InvalidValue
from devrel.terms import Cadence, Term, TermForm


class Mode(Enum):
    """The four ways of helping: what a kind is at heart, and what a single session may be."""

    MENTORING = "mentoring"
    COACHING = "coaching"
    ADVISING = "advising"
    SPONSORING = "sponsoring"


class Side(Enum):
    """The two sides of a relationship, in neutral words."""

    PROVIDER = "provider"
    RECIPIENT = "recipient"

    @property
    def other(self) -> Side:
        """The side across."""
        return Side.RECIPIENT if self is Side.PROVIDER else Side.PROVIDER


class GoalForm(Enum):
    """What a goal looks like."""

    THEME = "theme"
    SPECIFIC = "specific goal"
    QUESTION = "question"
    OPPORTUNITY = "opportunity sought"


class Horizon(Enum):
    """Which role a goal or a need is about."""

    CURRENT_ROLE = "current role"
    FUTURE_ROLE = "future role"


class Clause(Enum):
    """What an agreement of some kinds must say before it can start."""

    AIM = "a purpose or a goal"
    ETHICS = "the code of ethics the coach works to"
    NOT_THERAPY = "that it is not therapy"
    SCOPE = "the scope of the advisor's knowledge"
    BENEFIT = "what the sponsor gains from it"
    PLAN = "a plan: key results, each with a date"


class Measure(Enum):
    """What a relationship of a kind is judged by."""

    SESSIONS = "sessions held"
    ADVOCACIES = "advocacies"


class Verdict(Enum):
    """How a term or a cadence agrees with a kind's timeline."""

    FITS = "fits"
    UNUSUAL = "unusual"
    NOT_ALLOWED = "not allowed"


@frozen
class Titles:
    """What the two sides are called, one and several.

    Attributes:
        provider: The one who gives.
        recipient: The one who receives.
        providers: Several who give; the provider's title with an s unless set.
        recipients: Several who receive; the recipient's title with an s unless set.
    """

    provider: str = field(validator=filled_text)
    recipient: str = field(validator=filled_text)
    providers: str = field(validator=filled_text)
    recipients: str = field(validator=filled_text)

    @providers.default
    def _providers(self) -> str:
        return f"{self.provider}s"

    @recipients.default
    def _recipients(self) -> str:
        return f"{self.recipient}s"

    def of(self, side: Side, count: int = 1) -> str:
        """Return the title of ``side`` for ``count`` people.

        >>> Titles("mentor", "mentee").of(Side.RECIPIENT, 3)
        'mentees'
        """
        one, many = (self.provider, self.providers) if side is Side.PROVIDER else (self.recipient, self.recipients)
        return one if count == 1 else many

    def __str__(self) -> str:
        """Return the cell of the comparison table."""
        return f"{self.provider} / {self.recipient}"


@frozen
class Focus:
    """What the relationship is about, and so what its goals must look like.

    Attributes:
        text: The cell of the comparison table.
        accepts: The forms a goal may take.
        needs: The form that at least one goal must have before the relationship becomes active, or None.
        horizons: The roles that goals may be about.
        shared: True where all recipients have the same goals (a team), False where each has goals of her own (a
            group), None where both will do.
    """

    text: str = field(validator=filled_text)
    accepts: frozenset[GoalForm] = field(converter=as_set, validator=set_of(GoalForm))
    needs: GoalForm | None = field(default=None, validator=optional(a(GoalForm)))
    horizons: frozenset[Horizon] = field(default=frozenset(Horizon), converter=as_set, validator=set_of(Horizon))
    shared: bool | None = field(default=None, validator=optional(a(bool)))

    def __attrs_post_init__(self) -> None:
        if not self.accepts:
            raise InvalidValue("accepts", "must have a form of goal at least", "GoalForm lists them")
        if self.needs is not None and self.needs not in self.accepts:
            raise InvalidValue("needs", "is a form that is not accepted", "add it to accepts")
        if not self.horizons:
            raise InvalidValue("horizons", "must have a role at least", "Horizon lists them")

    def __str__(self) -> str:
        """Return the cell of the comparison table."""
        return self.text


@frozen
class Control:
    """Who directs: the side that owns the goals and the agenda.

    Attributes:
        side: The side that directs.
        text: The cell of the comparison table.
    """

    side: Side = field(validator=a(Side))
    text: str = field(validator=filled_text)

    def __str__(self) -> str:
        """Return the cell of the comparison table."""
        return self.text


@frozen
class Timeline:
    """How long a relationship of a kind runs, and how often it meets.

    Attributes:
        text: The cell of the comparison table.
        forms: The forms a term may have.
        usually: Whether the table says "usually": then a term of another form is unusual, else it is not allowed.
        long_months: From how many months a term with an end counts as long-term.
        months: The length of a first agreement in months, unless said otherwise; None for a single session.
        cadence: How often to meet, unless said otherwise.
        usual_days: From how many to how many days usually lie between two meetings, or None where no source says.
    """

    text: str = field(validator=filled_text)
    forms: frozenset[TermForm] = field(converter=as_set, validator=set_of(TermForm))
    usually: bool = field(default=False, validator=a(bool))
    long_months: int = field(default=6, validator=at_least(1))
    months: int | None = field(default=6, validator=optional(between(1, 1_200)))
    cadence: Cadence = field(factory=Cadence, validator=a(Cadence))
    usual_days: tuple[int, int] | None = field(default=None)

    def __attrs_post_init__(self) -> None:
        if not self.forms:
            raise InvalidValue("forms", "must have a form at least", "TermForm lists them")
        if self.usual_days is not None and self.usual_days[0] > self.usual_days[1]:
            raise InvalidValue("usual_days", "must go from the fewest to the most days", "swap the two")

    def judge(self, term: Term) -> Verdict:
        """Return whether ``term`` fits, is unusual, or is not allowed.

        >>> fixed = Timeline("time-limited", {TermForm.TIME_LIMITED})
        >>> fixed.judge(Term(date(2026, 1, 5)))
        <Verdict.NOT_ALLOWED: 'not allowed'>
        """
        if not self.forms.isdisjoint(term.forms(self.long_months)):
            return Verdict.FITS
        return Verdict.UNUSUAL if self.usually else Verdict.NOT_ALLOWED

    def judge_cadence(self, cadence: Cadence) -> Verdict:
        """Return whether ``cadence`` lies in the usual range; one outside is unusual and never forbidden."""
        if self.usual_days is None or self.usual_days[0] <= cadence.days <= self.usual_days[1]:
            return Verdict.FITS
        return Verdict.UNUSUAL

    def default_term(self, start: date) -> Term:
        """Return the term of a first agreement that begins on ``start``.

        >>> Timeline("time-limited", {TermForm.TIME_LIMITED}, months=3).default_term(date(2026, 1, 5)).end
        datetime.date(2026, 4, 4)
        """
        return Term.single_session(start) if self.months is None else Term.of_months(start, self.months)

    def __str__(self) -> str:
        """Return the cell of the comparison table."""
        return self.text


@frozen
class Strategy:
    """How the provider helps: the row of the comparison table, not an algorithm.

    Attributes:
        text: The cell of the comparison table.
        prompts: What a session's agenda is made of, in the order of the meeting.
        measure: What the relationship is judged by.
    """

    text: str = field(validator=filled_text)
    prompts: tuple[str, ...] = field(converter=as_tuple, validator=tuple_of(str))
    measure: Measure = field(default=Measure.SESSIONS, validator=a(Measure))

    def __str__(self) -> str:
        """Return the cell of the comparison table."""
        return self.text


@frozen
class Composition:
    """How many people stand on each side.

    Attributes:
        text: The composition in words.
        providers: The fewest and the most providers; None for no limit.
        recipients: The fewest and the most recipients; None for no limit.
        mutual: True where everybody stands on both sides, False where nobody does, None where both will do.

    >>> Composition("one mentor, two mentees", (1, 1), (2, 2)).problem(1, 3, 0, Titles("mentor", "mentee"))
    'it takes one mentor, two mentees, and there are 3 mentees'
    """

    text: str = field(default="two people or a group", validator=filled_text)
    providers: tuple[int, int | None] = field(default=(1, None))
    recipients: tuple[int, int | None] = field(default=(1, None))
    mutual: bool | None = field(default=None, validator=optional(a(bool)))

    @property
    def group(self) -> bool:
        """Whether it can only be a group of three people or more."""
        return not self.mutual and self.providers[0] + self.recipients[0] > 2

    def problem(
        self, providers: int, recipients: int, both: int, titles: Titles, *, growing: bool = False
    ) -> str | None:
        """Return why so many people do not fit, or None.

        Args:
            providers: How many stand on the provider's side, those on both sides included.
            recipients: How many stand on the recipient's side, those on both sides included.
            both: How many stand on both.
            titles: The words for the two sides.
            growing: Whether more may still come, so that only the upper limits count.
        """
        for side, count, (fewest, most) in (
            (Side.PROVIDER, providers, self.providers),
            (Side.RECIPIENT, recipients, self.recipients),
        ):
            if (most is not None and count > most) or (count < fewest and not growing):
                return f"it takes {self.text}, and there {_are(count)} {count} {titles.of(side, count)}"
        if self.mutual is not None and both != (max(providers, recipients) if self.mutual else 0):
            everybody = "everybody stands on both sides" if self.mutual else "nobody stands on both sides"
            return f"it takes {self.text}: {everybody}"
        return None

    def __str__(self) -> str:
        """Return the composition in words."""
        return self.text


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


@frozen
class School:
    """One of the answers where the field disagrees; a program chooses one, or none.

    Attributes:
        name: The name it is chosen by.
        text: What it says.
        source: The short name of the source that holds it.
        constraints: The names of the matching constraints it brings.
    """

    name: str = field(validator=filled_text)
    text: str = field(validator=filled_text)
    source: str = field(validator=filled_text)
    constraints: tuple[str, ...] = field(default=(), converter=as_tuple, validator=tuple_of(str))
