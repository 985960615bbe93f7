"""The kinds of development relationship and their facets.

A kind is a value, never a class. Its facets are the rows of the comparison table (utah-ucan) and drive behaviour:
the titles appear in every message, the focus says what a goal must look like, the control who owns goals and
agenda, the timeline which terms fit, the strategy what a session's agenda is made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from textwrap import fill
from typing import Any

import attrs
from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import a, as_set, as_tuple, at_least, filled_text, optional, tuple_of
from devrel.errors import DevrelError, InvalidValue, did_you_mean
from devrel.terms import Term, TermForm


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


class Verdict(Enum):
    """How a term agrees with a kind's timeline."""

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

        >>> MENTORING.titles.of(Side.RECIPIENT, 3)
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
    """

    text: str = field(validator=filled_text)
    accepts: frozenset[GoalForm] = field(converter=as_set)
    needs: GoalForm | None = field(default=None, validator=optional(a(GoalForm)))

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
    """How long a relationship of a kind runs.

    Attributes:
        text: The cell of the comparison table.
        forms: The forms a term may have.
        usually: Whether the table says "usually": then a term of another form is unusual, else it is not allowed.
        long_months: From how many months a term with an end counts as long-term.
    """

    text: str = field(validator=filled_text)
    forms: frozenset[TermForm] = field(converter=as_set)
    usually: bool = field(default=False, validator=a(bool))
    long_months: int = field(default=6, validator=at_least(1))

    def judge(self, term: Term) -> Verdict:
        """Return whether ``term`` fits, is unusual, or is not allowed.

        >>> from datetime import date
        >>> COACHING.timeline.judge(Term(date(2026, 1, 5)))
        <Verdict.UNUSUAL: 'unusual'>
        >>> ADVISING.timeline.judge(Term(date(2026, 1, 5)))
        <Verdict.NOT_ALLOWED: 'not allowed'>
        """
        if self.forms & term.forms(self.long_months):
            return Verdict.FITS
        return Verdict.UNUSUAL if self.usually else Verdict.NOT_ALLOWED

    def __str__(self) -> str:
        """Return the cell of the comparison table."""
        return self.text


@frozen
class Strategy:
    """How the provider helps: the row of the comparison table, not an algorithm.

    Attributes:
        text: The cell of the comparison table.
        prompts: What a session's agenda is made of, in the order of the meeting.
    """

    text: str = field(validator=filled_text)
    prompts: tuple[str, ...] = field(converter=as_tuple, validator=tuple_of(str))

    def __str__(self) -> str:
        """Return the cell of the comparison table."""
        return self.text


@frozen
class RelationshipKind:
    """A kind of development relationship.

    Attributes:
        name: The name it is looked up by.
        titles: What the two sides are called.
        focus: What it is about.
        control: Who directs.
        timeline: How long it runs.
        strategy: How the provider helps.
        source: The short name of the source of its facets.
        base: The name of the kind it was derived from, or None.
        constraints: The names of the matching constraints it brings unless a program lifts them.
    """

    name: str = field(validator=filled_text)
    titles: Titles = field(repr=False, validator=a(Titles))
    focus: Focus = field(repr=False, validator=a(Focus))
    control: Control = field(repr=False, validator=a(Control))
    timeline: Timeline = field(repr=False, validator=a(Timeline))
    strategy: Strategy = field(repr=False, validator=a(Strategy))
    source: str = field(repr=False, validator=filled_text)
    base: str | None = field(default=None, repr=False, validator=optional(filled_text))
    constraints: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))

    def derive(self, name: str, *, source: str, **changes: Any) -> RelationshipKind:
        """Return a new kind made from this one, with the given facets changed.

        >>> MENTORING.derive("alumni mentoring", source="our own").base
        'mentoring'
        """
        if name == self.name:
            raise InvalidValue("name", "a derived kind needs a name of its own")
        unknown = [key for key in changes if key not in _CHANGEABLE]
        if unknown:
            raise InvalidValue(unknown[0], "is not a facet", did_you_mean(unknown[0], _CHANGEABLE))
        return attrs.evolve(self, name=name, base=self.name, source=source, **changes)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


_CHANGEABLE = ("titles", "focus", "control", "timeline", "strategy", "constraints")

MENTORING = RelationshipKind(
    name="mentoring",
    titles=Titles("mentor", "mentee"),
    focus=Focus("the mentee's career development", GoalForm),
    control=Control(Side.PROVIDER, "mentor directed"),
    timeline=Timeline("usually long-term", {TermForm.LONG_TERM}, usually=True),
    strategy=Strategy(
        "the mentor gives information from own experience",
        (
            "What has happened since we last met?",
            "A situation of my own that was like yours, and what I learned from it",
            "Whom should you meet, and what should you see of the organisation?",
            "What do you take from today?",
        ),
    ),
    source="utah-ucan",
    constraints=("not-own-manager",),
)
"""Mentoring. The mentor is usually not the mentee's own manager (culture-wizard), so that pair is forbidden."""

COACHING = RelationshipKind(
    name="coaching",
    titles=Titles("coach", "coachee", providers="coaches"),
    focus=Focus("the coachee's task, skill or identity development", {GoalForm.SPECIFIC}, GoalForm.SPECIFIC),
    control=Control(Side.RECIPIENT, "coachee directed"),
    timeline=Timeline("usually time-limited", {TermForm.TIME_LIMITED, TermForm.SINGLE_SESSION}, usually=True),
    strategy=Strategy(
        "the coach helps by asking clarifying questions",
        (
            "What do you want to have clear by the end of today?",
            "Where do you want to be, and what stands in the way?",
            "What else could you do, if that does not work?",
            "Which step do you take before we meet again?",
        ),
    ),
    source="utah-ucan",
)
"""Coaching. Whether the coach may be the coachee's manager is a choice of the program: the sources disagree."""

ADVISING = RelationshipKind(
    name="advising",
    titles=Titles("advisor", "advisee"),
    focus=Focus("the advisee seeks specific guidance", {GoalForm.QUESTION, GoalForm.SPECIFIC}, GoalForm.QUESTION),
    control=Control(Side.PROVIDER, "advisor directed"),
    timeline=Timeline("single session or time-limited", {TermForm.SINGLE_SESSION, TermForm.TIME_LIMITED}),
    strategy=Strategy(
        "the advisor gives advice from specific knowledge",
        (
            "What exactly is the question?",
            "What I know about it, and where my knowledge ends",
            "What will you do with it?",
        ),
    ),
    source="utah-ucan",
)
"""Advising: a question, answered from specific knowledge, once or for a limited time."""

SPONSORING = RelationshipKind(
    name="sponsoring",
    titles=Titles("sponsor", "beneficiary", recipients="beneficiaries"),
    focus=Focus(
        "the beneficiary's career development, from which the sponsor usually gains later",
        {GoalForm.OPPORTUNITY, GoalForm.SPECIFIC, GoalForm.THEME},
        GoalForm.OPPORTUNITY,
    ),
    control=Control(Side.PROVIDER, "sponsor directed"),
    timeline=Timeline("one-time or long-term", {TermForm.SINGLE_SESSION, TermForm.LONG_TERM}),
    strategy=Strategy(
        "the sponsor actively advocates for opportunities",
        (
            "Which opportunities are coming up?",
            "What has the sponsor done for them since?",
            "Who needs to hear what next?",
        ),
    ),
    source="utah-ucan",
)
"""Sponsoring: advocacy for somebody's opportunities, judged by what the sponsor does and not by meetings."""

CAREER_COACHING = COACHING.derive(
    "career-coaching",
    source="utah-ucan",
    constraints=("not-own-manager", "different-department"),
)
"""Coaching about the coachee's own career, by somebody of another department, so that no power is held over the
coachee."""

BASE_KINDS = (MENTORING, COACHING, ADVISING, SPONSORING)
KINDS = (*BASE_KINDS, CAREER_COACHING)


def kind_named(name: str) -> RelationshipKind:
    """Return the kind called ``name``.

    Raises:
        InvalidValue: When there is none; the nearest known name is given.

    >>> kind_named("coaching").titles.provider
    'coach'
    """
    known = {kind.name: kind for kind in KINDS}
    if name not in known:
        raise InvalidValue("kind", "is not known", did_you_mean(name, known))
    return known[name]


@frozen
class Comparison:
    """The comparison table of some kinds: one row a facet, one column a kind.

    Attributes:
        kinds: The kinds compared, in order.
    """

    kinds: tuple[RelationshipKind, ...] = field(converter=as_tuple, validator=tuple_of(RelationshipKind))

    FACETS = ("titles", "focus", "control", "timeline", "strategy")

    @property
    def header(self) -> list[str]:
        """The heads of the columns."""
        return ["", *(kind.name for kind in self.kinds)]

    @property
    def rows(self) -> list[list[str]]:
        """The rows: the facet's name, then one cell a kind."""
        return [[facet, *(str(getattr(kind, facet)) for kind in self.kinds)] for facet in self.FACETS]

    def to_text(self, width: int = 100) -> str:
        """Return the table as plain text, ``width`` columns wide at most, with its note."""
        return f"{text_table(self.header, self.rows, width=width)}\n\n{fill(self.note, width)}"

    @property
    def note(self) -> str:
        """What the words of the table's timeline row stand for."""
        months = sorted({kind.timeline.long_months for kind in self.kinds})
        return (
            "Time-limited: the term has an end. Long-term: open-ended, or at least "
            f"{' or '.join(map(str, months))} months. 'Usually' makes a deviation a warning, otherwise it is an error."
        )

    def to_dict(self) -> dict[str, dict[str, str]]:
        """Return the table as plain data: kind to facet to cell."""
        return {kind.name: {facet: str(getattr(kind, facet)) for facet in self.FACETS} for kind in self.kinds}

    def __str__(self) -> str:
        """Return the table as plain text."""
        return self.to_text()

    def _repr_html_(self) -> str:
        return html_table(self.header, self.rows, caption="Kinds of development relationship")


def comparison(kinds: Iterable[RelationshipKind] = BASE_KINDS) -> Comparison:
    """Return the comparison table of ``kinds``; without an argument, of the four.

    >>> comparison([ADVISING]).to_dict()["advising"]["timeline"]
    'single session or time-limited'
    """
    chosen = tuple(kinds)
    if not chosen:
        raise DevrelError("there is nothing to compare: name at least one kind")
    return Comparison(chosen)
