"""Rules about sessions: whether they happen, what they are made of, and where they should stop."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import field, frozen

from devrel._records import as_set
from devrel.agreements import Meeting
from devrel.kinds import Horizon, Mode
from devrel.lifecycle import Stage
from devrel.validation._facts import Facts, read_topics
from devrel.validation.case import Case, Subject
from devrel.validation.finding import Flaw, Severity
from devrel.validation.rules._kinds import by_sessions, coaching, mentoring, sponsoring
from devrel.validation.validator import Flaws, Validator, rule


@frozen
class Topics:
    """Topics of one sort. People write topics as they like: capitals, and what stands between words, do not count.

    Attributes:
        names: What the whole topic may be.
        words: What may stand anywhere in it: a word, or two side by side with a hyphen between them.
    """

    names: frozenset[str] = field(converter=as_set)
    words: frozenset[str] = field(converter=as_set)

    def have(self, names: set[str], words: set[str]) -> bool:
        """Whether one of several topics, as ``read_topics`` gives them, is one of them."""
        return not (self.names.isdisjoint(names) and self.words.isdisjoint(words))


PROFESSIONAL = Topics(
    names={"health", "diagnosis"},
    words={
        "therapy", "therapies", "therapist", "psychotherapy", "psychotherapist", "counselling", "counseling",
        "counsellor", "counselor", "mental-health", "mental-illness", "trauma", "addiction", "grief", "depression",
        "anxiety",
    },
)  # fmt: skip
"""Topics that belong to a licensed professional."""

DISPUTE = Topics(
    names={"complaint", "complaints"},
    words={"dispute", "disputes", "conflict", "conflicts", "grievance", "grievances", "quarrel", "taking-sides"},
)
"""Topics in which somebody may be drawn to one side."""

DEVELOPMENT = Topics(
    names={
        "direction", "refocus", "opportunities", "cross-training", "other-functions", "industry", "communication",
        "collaboration",
    },
    words={
        "career", "careers", "skill", "skills", "networking", "time-management", "public-speaking", "presenting",
        "leadership", "promotion", "training", "learning", "personal-development", "professional-development",
    },
)  # fmt: skip
"""Topics that touch skills or the career, those of the bank among them."""

_HOUR = 60
_ENOUGH_TO_TELL = 3
_LATE_OFTEN = 3


@rule(
    "S001",
    "a virtual group session of an hour",
    severity=Severity.ADVICE,
    subject=Subject.AGREEMENT,
    source="learning-development",
    rationale="Large virtual meetings are not an effective way to mentor: some hide behind their screens, others leave "
    "the talking to the louder ones. Ten minutes with one person at a time do more.",
    remedy="Meet one to one for ten to fifteen minutes, or meet in person.",
)
def virtual_group(case: Case) -> Flaws:
    """Find groups that are to meet virtually for an hour or more."""
    kind, agreed = case.kind, case.agreement
    if kind is None or agreed is None or agreed.minutes < _HOUR or agreed.meeting is not Meeting.VIRTUAL:
        return None
    group = case.relationship.state.group if case.relationship is not None else kind.composition.group
    return Flaw("minutes, meeting", f"a group meets virtually for {agreed.minutes} minutes") if group else None


@rule(
    "S002",
    "one-to-ones never touch skills and career",
    severity=Severity.ADVICE,
    subject=Subject.RELATIONSHIP,
    source="culture-wizard",
    rationale="Conversations about skills and the career belong into one-to-ones. Where only the tasks of the day are "
    "talked about, nobody develops.",
    remedy="Ask about career interests and about skills to develop; the bank of topics has more.",
    applies=lambda kind: mentoring(kind) or coaching(kind),
)
def development(case: Case) -> Flaws:
    """Find relationships of two whose recorded topics are all about something else."""
    one = case.relationship
    if one is None or len(one.state.parties) != 2 or one.state.held < _ENOUGH_TO_TELL:
        return None
    facts = case.facts
    if facts.with_topics < _ENOUGH_TO_TELL or DEVELOPMENT.have(facts.topics, facts.topic_words):
        return None
    for goal in one.state.agreement.goals:
        if goal.horizon is Horizon.FUTURE_ROLE:
            return None
    return Flaw("sessions.topics", f"none of {facts.with_topics} sessions with topics touched skills or the career")


@rule(
    "S003",
    "far fewer sessions were held than agreed",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="smart-meetings",
    rationale="A set number of meetings is what people agreed on. Where fewer than half of them take place, either the "
    "cadence is wrong or the relationship is over and nobody says so.",
    remedy="Ask the parties whether the cadence still fits, and amend it or bring it to an end.",
    applies=by_sessions,
)
def held(case: Case) -> Flaws:
    """Compare the sessions held with those the agreed rhythm would have brought until today."""
    one = case.relationship
    if one is None:
        return None
    state = one.state
    if state.activated is None or state.stage.final or state.agreement.term.single:
        return None
    began = max(state.activated.date(), state.agreement.term.start)
    until = case.today if state.agreement.term.end is None else min(case.today, state.agreement.term.end)
    days = (until - began).days
    if state.pauses:
        days -= _rested(case, began, until)
    expected = days // state.agreement.cadence.days
    if expected < _ENOUGH_TO_TELL or state.held * 2 >= expected:
        return None
    return Flaw("sessions", f"{state.held} of about {expected} sessions were held since {began}")


def _rested(case: Case, began: date, until: date) -> int:
    """Return how many days of a time lie in pauses."""
    one = case.relationship
    pauses = () if one is None else one.state.pauses
    days = 0
    for since, back in pauses:
        first, last = max(since.date(), began), min(until if back is None else back.date(), until)
        days += max(0, (last - first).days)
    return days


def _awake_since(case: Case, days: int, until: date) -> date:
    """Return the day from which there are so many days until another one, those in pauses left out."""
    began = until - timedelta(days=days)
    one = case.relationship
    for since, back in reversed(() if one is None else one.state.pauses):  # the latest first
        last = until if back is None else min(back.date(), until)
        if last > began:
            began -= max(last - since.date(), timedelta())
    return began


@rule(
    "S004",
    "sessions are cancelled late again and again",
    severity=Severity.ADVICE,
    subject=Subject.RELATIONSHIP,
    source="arrow",
    rationale="Agreements ask for 24 or 48 hours of notice, as the other has kept the time free. Late cancellations "
    "that repeat say that the time, or the relationship, does not suit.",
    remedy="Ask whether another time of the week would suit better.",
)
def late(case: Case) -> Flaws:
    """Find relationships with several late cancellations."""
    one = case.relationship
    if one is None or len(one.state.late) < _LATE_OFTEN:
        return None
    hours = one.state.agreement.cancellation_hours
    return Flaw("sessions", f"{len(one.state.late)} sessions were cancelled with less than {hours} hours of notice")


@rule(
    "S005",
    "sessions touch what belongs to a licensed professional",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="learning-development",
    rationale="A therapeutic relationship is about healing, and is left to licensed professionals. Whoever mentors or "
    "coaches refers, and does not treat. The finding never says which topic it was.",
    remedy="Refer to a licensed professional, and keep the sessions to what lies ahead.",
)
def professional(case: Case) -> Flaws:
    """Find recorded topics that belong to a licensed professional."""
    return _touched(case, PROFESSIONAL, "a topic that belongs to a licensed professional")


@rule(
    "S006",
    "sessions touch a dispute",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="learning-development",
    rationale="Whoever mentors takes no side in disputes between employees, and keeps the talk on solving what lies "
    "ahead. Disputes are settled with the HR department or the manager. The finding never says which topic it was.",
    remedy="Take no side; refer the dispute to the HR department.",
)
def dispute(case: Case) -> Flaws:
    """Find recorded topics in which somebody may be drawn to one side."""
    return _touched(case, DISPUTE, "a dispute in which a side may be taken")


def _touched(case: Case, topics: Topics, what: str) -> Flaws:
    facts = case.facts
    if not topics.have(facts.topics, facts.topic_words):
        return None
    count = sum(topics.have(*read_topics(event.topics)) for event in facts.held)
    return Flaw("sessions.topics", f"{count} of {len(facts.held)} sessions touched {what}")


@rule(
    "S007",
    "a sponsor has not spoken up",
    severity=Severity.WARNING,
    subject=Subject.RELATIONSHIP,
    source="cti",
    rationale="Sponsoring is active advocacy; meetings are not. Of those who call themselves sponsors, only 27 in 100 "
    "advocate for a promotion.",
    remedy="Ask the sponsor for which opportunity she will speak up next; or call it mentoring.",
    applies=sponsoring,
)
def advocacy(case: Case) -> Flaws:
    """Find sponsoring that ran for one period of its cadence, pauses left out, without a single advocacy."""
    one = case.relationship
    if one is None or one.state.activated is None or one.state.stage is Stage.PAUSED:
        return None
    end = case.today if one.state.finished is None else one.state.finished.date()
    single = one.state.agreement.term.single
    began = _awake_since(case, one.state.agreement.cadence.days, end)
    if not single and one.state.activated.date() > began:
        return None
    if single and not one.state.stage.final:
        return None
    recent = [at for at in case.facts.advocated if single or at.date() > began]
    if recent:
        return None
    ever = len(case.facts.advocated)
    told = "there was no advocacy" if not ever else f"there was no advocacy since {began}, and {ever} before"
    return Flaw("advocacies", told)


@rule(
    "S008",
    "the strategy has drifted",
    severity=Severity.ADVICE,
    subject=Subject.RELATIONSHIP,
    source="utah-ucan",
    rationale="A coach helps by questions, a mentor by her own experience. Sessions that are mostly of another mode "
    "may be what is needed; then it should have another name.",
    remedy="Look back together on how you work, or change the kind.",
    applies=lambda kind: mentoring(kind) or coaching(kind),
)
def strategy(case: Case) -> Flaws:
    """Find coaches who mostly give advice, and mentors who only ask."""
    facts = case.facts
    told = len(facts.modes)
    if told < _ENOUGH_TO_TELL or case.kind is None:
        return None
    if case.kind.mode is Mode.COACHING:
        return _advising(facts, len(facts.held))
    if facts.modes.count(Mode.COACHING) == len(facts.held):
        return Flaw("sessions.mode", f"all {told} sessions were coaching: the mentor only asks")
    return None


def _advising(facts: Facts, held: int) -> Flaws:
    advised = facts.modes.count(Mode.ADVISING) + facts.modes.count(Mode.MENTORING)
    if advised * 2 <= held:
        return None
    return Flaw("sessions.mode", f"{advised} of {held} sessions were advice or own experience: the coach mostly tells")


RULES: tuple[Validator, ...] = (
    virtual_group,
    development,
    held,
    late,
    professional,
    dispute,
    advocacy,
    strategy,
)
