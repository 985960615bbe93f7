"""The agreement itself: what the parties accept, version by version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import evolve, field, fields, frozen

from devrel._records import (
    a,
    article,
    as_set,
    as_tuple,
    at_least,
    aware,
    between,
    filled_text,
    number_between,
    optional,
    set_of,
    tuple_of,
)
from devrel.agreements.clauses import (
    Confidentiality,
    Contact,
    ManagerPart,
    Meeting,
    Records,
    ThirdParty,
)
from devrel.errors import InvalidValue, did_you_mean
from devrel.goals import Goal
from devrel.kinds import Clause, GoalForm, Horizon, Item, RelationshipKind, Side, Verdict
from devrel.people import Party, Support
from devrel.terms import Cadence, Term

BROUGHT_BY_RECIPIENT = frozenset({GoalForm.QUESTION, GoalForm.OPPORTUNITY})
"""The forms of goals that the recipient may set whoever directs: her question, and the opportunities she seeks."""

NOT_THERAPY = (
    "This is not therapy and does not replace it. Where daily life is impaired, the way leads to a licensed "
    "professional."
)
"""What a draft says about the boundary to therapy (learning-development, icf-th)."""


def _term_first(agreement: Agreement, _: object, days: tuple[date, ...]) -> None:
    if list(days) != sorted(set(days)):
        raise InvalidValue("reviews", "must be different days in order")
    if any(day not in agreement.term for day in days):
        raise InvalidValue("reviews", "must lie within the term", "move them, or change the term")


@frozen
class Agreement:
    """What the parties of a relationship agree on. Everything in words stays out of its repr.

    Attributes:
        term: From when to when.
        cadence: How often they meet.
        minutes: The length of a session in minutes, from 5 to 480.
        meeting: In person, virtual, or either.
        goals: What the relationship is to bring about.
        purpose: Why it exists.
        provider_commits: What the provider commits to, each in words.
        recipient_commits: What the recipient commits to, each in words.
        contact: Contact between sessions, and how soon they answer; None where nothing is agreed.
        provider_hours: How many hours a month the provider has to devote, to all her relationships together.
        recipient_hours: How many hours a month the recipient has to devote, to all hers together.
        hopes: What the recipient hopes for.
        offers: What the provider is willing to give.
        confidentiality: What stays between the parties, and the named exceptions.
        boundaries: What sessions keep out of, by the name of a topic or in words; a session cannot record such a topic.
        conflicts: The conflicts of interest that everybody knows of and accepts, by the name of a constraint or in
            words; one that is named is not raised again.
        manager: What the recipient's manager is told and commits to.
        third_parties: Who pays or organises, and what each may know.
        reviews: The days on which the parties look back together; halfway through the term where none is agreed.
        problem_solving: How problems are solved.
        cancellation_hours: A session cancelled with less notice than these hours is cancelled late.
        exit_notice_days: Either side may end without fault with this many days of notice.
        records: What is kept and how long.
        ethics: The code of ethics the provider works to.
        not_therapy: The boundary to therapy, in words.
        scope: How far the provider's knowledge goes.
        benefit: What the provider gains from it.
        extra: Further terms.
        version: 1 for the first text, one more with every amendment.

    Raises:
        InvalidValue: When a review lies outside the term, or a field is not of its type.

    >>> from devrel.kinds import COACHING
    >>> Agreement.draft(COACHING, date(2026, 1, 5)).term.end
    datetime.date(2026, 7, 4)
    """

    term: Term = field(validator=a(Term))
    cadence: Cadence = field(validator=a(Cadence))
    minutes: int = field(default=60, validator=between(5, 480))
    meeting: Meeting = field(default=Meeting.EITHER, validator=a(Meeting))
    goals: tuple[Goal, ...] = field(default=(), converter=as_tuple, validator=tuple_of(Goal))
    purpose: str = field(default="", repr=False, validator=a(str))
    provider_commits: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    recipient_commits: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    contact: Contact | None = field(default=None, repr=False, validator=optional(a(Contact)))
    provider_hours: float | None = field(default=None, repr=False, validator=optional(number_between(0, 744)))
    recipient_hours: float | None = field(default=None, repr=False, validator=optional(number_between(0, 744)))
    hopes: frozenset[Support] = field(default=frozenset(), repr=False, converter=as_set, validator=set_of(Support))
    offers: frozenset[Support] = field(default=frozenset(), repr=False, converter=as_set, validator=set_of(Support))
    confidentiality: Confidentiality = field(factory=Confidentiality, repr=False, validator=a(Confidentiality))
    boundaries: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    conflicts: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    manager: ManagerPart = field(factory=ManagerPart, repr=False, validator=a(ManagerPart))
    third_parties: tuple[ThirdParty, ...] = field(
        default=(), repr=False, converter=as_tuple, validator=tuple_of(ThirdParty)
    )
    reviews: tuple[date, ...] = field(
        default=(), repr=False, converter=as_tuple, validator=[tuple_of(date), _term_first]
    )
    problem_solving: str = field(default="", repr=False, validator=a(str))
    cancellation_hours: int = field(default=24, repr=False, validator=between(0, 8_760))
    exit_notice_days: int = field(default=7, validator=between(0, 3_650))
    records: Records = field(factory=Records, repr=False, validator=a(Records))
    ethics: str = field(default="", repr=False, validator=a(str))
    not_therapy: str = field(default="", repr=False, validator=a(str))
    scope: str = field(default="", repr=False, validator=a(str))
    benefit: str = field(default="", repr=False, validator=a(str))
    extra: tuple[str, ...] = field(default=(), repr=False, converter=as_tuple, validator=tuple_of(str))
    version: int = field(default=1, validator=at_least(1))

    @classmethod
    def draft(cls, kind: RelationshipKind, start: date, **known: Any) -> Agreement:
        """Return an agreement to start from: the kind's own term and cadence, and its boundary to therapy.

        Args:
            kind: Gives what is not ``known``.
            start: The first day.
            known: Fields of the agreement that are known already.
        """
        if not isinstance(kind, RelationshipKind):
            raise InvalidValue("kind", "must be a kind", "take one of devrel's, or look it up in a KindRegistry")
        drafted = {"term": kind.timeline.default_term(start), "cadence": kind.timeline.cadence}
        if Clause.NOT_THERAPY in kind.requires:
            drafted["not_therapy"] = NOT_THERAPY
        for name in known:
            if name not in CLAUSES_KNOWN:
                raise InvalidValue(name, "is no field of an agreement", did_you_mean(name, CLAUSES_KNOWN))
        return cls(**{**drafted, **known})

    def amended(self, **changes: Any) -> Agreement:
        """Return the next version of the agreement; every party has to accept it again.

        >>> Agreement(Term(date(2026, 1, 5)), Cadence()).amended(minutes=30).version
        2
        """
        if "version" in changes:
            raise InvalidValue("version", "counts itself", "leave it out")
        for name in changes:
            if name not in CLAUSES_KNOWN:
                raise InvalidValue(name, "is no field of an agreement", did_you_mean(name, CLAUSES_KNOWN))
        return evolve(self, version=self.version + 1, **changes)

    def extended(self, end: date) -> Agreement:
        """Return the next version with a later last day; both sides have to accept it.

        Raises:
            InvalidValue: When the term is open-ended, or ``end`` is not later than its end.
        """
        if not isinstance(end, date):
            raise InvalidValue("end", "must be a date", "give the new last day")
        if self.term.end is None or end <= self.term.end:
            raise InvalidValue("end", "must be later than the end that is agreed", "an open-ended term needs none")
        return self.amended(term=evolve(self.term, end=end))

    def to_markdown(
        self,
        kind: RelationshipKind,
        parties: Iterable[Party] = (),
        *,
        names: Mapping[str, str] | None = None,
        acceptances: Iterable[Acceptance] = (),
        shown: Collection[Item] = frozenset(Item),
    ) -> str:
        """Return the document people would sign: the same text for the same data.

        Args:
            kind: Gives the titles.
            parties: Who signs; without them the titles stand in their place.
            names: Names to show for ids; an id stands for itself where none is given.
            acceptances: The yeses given to this version; those to other versions are left out.
            shown: What may be seen; without goals, schedule or partner the parts that tell of them are left out.

        >>> from devrel.kinds import MENTORING
        >>> print(Agreement.draft(MENTORING, date(2026, 1, 5)).to_markdown(MENTORING).splitlines()[0])
        # Mentoring agreement, version 1
        """
        from devrel.agreements.document import rendered

        return rendered(self, kind, tuple(parties), names or {}, tuple(acceptances), shown)

    def missing_for(self, kind: RelationshipKind, recipients: Sequence[str] = ()) -> tuple[str, ...]:
        """Return what ``kind`` demands and this agreement does not have, one sentence each.

        Args:
            kind: Says what is demanded.
            recipients: The ids of the recipients, for kinds in which each needs a goal of her own.
        """
        found = [*_wrong_term(self, kind), *_missing_goal(self, kind), *_wrong_goals(self, kind)]
        found += _wrong_owners(self, kind, recipients)
        found += [
            f"it must state {clause.value}"
            for clause in Clause
            if clause in kind.requires and not CLAUSES[clause](self)
        ]
        return tuple(found)


CLAUSES_KNOWN = frozenset(one.name for one in fields(Agreement))
"""The names of the fields of an agreement."""

CLAUSES: Mapping[Clause, Callable[[Agreement], bool]] = {
    Clause.AIM: lambda one: bool(one.purpose.strip() or one.goals),
    Clause.ETHICS: lambda one: bool(one.ethics.strip()),
    Clause.NOT_THERAPY: lambda one: bool(one.not_therapy.strip()),
    Clause.SCOPE: lambda one: bool(one.scope.strip()),
    Clause.BENEFIT: lambda one: bool(one.benefit.strip()),
    Clause.PLAN: lambda one: any(goal.planned for goal in one.goals),
}
"""For each clause a kind may require, whether an agreement has it."""


def _wrong_term(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    allowed = kind.timeline.judge(agreement.term) is not Verdict.NOT_ALLOWED
    return [] if allowed else [f"the term must be {kind.timeline.text}"]


def _missing_goal(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    needed = kind.focus.needs
    if needed is None or any(goal.form is needed for goal in agreement.goals):
        return []
    owner = kind.titles.of(Side.RECIPIENT if needed in BROUGHT_BY_RECIPIENT else kind.control.side)
    return [f"{kind.name} needs {article(needed.value)} {needed.value}; the {owner} sets it"]


def _wrong_goals(agreement: Agreement, kind: RelationshipKind) -> list[str]:
    accepted = ", ".join(sorted(form.value for form in kind.focus.accepts))
    wrong: list[GoalForm] = sorted({goal.form for goal in agreement.goals} - kind.focus.accepts, key=_value)
    horizons: list[Horizon] = sorted(
        {goal.horizon for goal in agreement.goals if goal.horizon} - kind.focus.horizons, key=_value
    )
    return [
        *(f"{article(form.value)} {form.value} is not a goal of {kind.name}; it takes: {accepted}" for form in wrong),
        *(f"goals of {kind.name} are not about the {horizon.value}" for horizon in horizons),
    ]


def _value(member: Any) -> str:
    return str(member.value)


def _wrong_owners(agreement: Agreement, kind: RelationshipKind, recipients: Sequence[str]) -> list[str]:
    owners = {goal.person for goal in agreement.goals}
    if kind.focus.shared and owners - {None}:
        return [f"the goals of {kind.name} belong to all its {kind.titles.recipients}"]
    if kind.focus.shared is False and set(recipients) - owners:
        return [f"every {kind.titles.recipient} needs a goal of her own"]
    strangers = owners - {None, *recipients} if recipients else set()
    return [f"a goal belongs to somebody who is not {article(kind.titles.recipient)} {kind.titles.recipient} in it"] * (
        bool(strangers)
    )


@frozen
class Acceptance:
    """One party's yes to one version of the agreement.

    Attributes:
        party: The person's id.
        version: The version accepted.
        at: When.
    """

    party: str = field(validator=filled_text)
    version: int = field(validator=at_least(1))
    at: datetime = field(validator=aware)
