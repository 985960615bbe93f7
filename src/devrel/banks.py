"""Banks of questions to ask and of topics to talk about, by kind of relationship.

A bank is a value: ``adding`` gives a new one. ``QUESTIONS`` and ``TOPICS`` come with the library; each entry names its
source, the wording is the library's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

import attrs
from attrs import field, frozen

from devrel._display import html_table, text_table
from devrel._records import a, as_set, as_tuple, filled_text, optional, set_of, tuple_of
from devrel.errors import InvalidValue, did_you_mean
from devrel.kinds import Mode, RelationshipKind


class Phase(Enum):
    """When in a relationship a question is asked."""

    FIRST_MEETING = "first meeting"
    WORKING = "working"
    REVIEW = "review"
    CLOSING = "closing"


@frozen
class Question:
    """A question to ask. "I" is the provider and "you" the recipient; where two help each other, each is both.

    Attributes:
        text: The question.
        mode: The way of helping it belongs to.
        phase: When it is asked.
        source: The short name of its source; "devrel" where no source says it.
        kind: The name of the only kind it is for, together with those derived directly from it; None for all.

    Raises:
        InvalidValue: When a text is empty, or the mode or the phase is none.

    >>> Question("What surprised you?", Mode.COACHING, Phase.REVIEW, source="our own").phase.value
    'review'
    """

    text: str = field(validator=filled_text)
    mode: Mode = field(validator=a(Mode))
    phase: Phase = field(validator=a(Phase))
    source: str = field(validator=filled_text)
    kind: str | None = field(default=None, validator=optional(filled_text))


@frozen(repr=False)
class QuestionBank:
    """Questions in order, each once. It cannot be changed; ``adding`` gives a new one.

    Attributes:
        questions: The questions.

    Raises:
        InvalidValue: When something in it is no question.

    >>> QuestionBank([Question("What surprised you?", Mode.COACHING, Phase.REVIEW, source="our own")])
    <QuestionBank: 1 question>
    """

    questions: tuple[Question, ...] = field(converter=as_tuple, validator=tuple_of(Question))

    HEADER = ("question", "mode", "phase", "only for", "source")

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "questions", tuple(dict.fromkeys(self.questions)))

    def adding(self, *questions: Question) -> QuestionBank:
        """Return a bank that has ``questions`` as well, after those of this one; one that it has already stays once.

        >>> own = Question("What surprised you?", Mode.COACHING, Phase.REVIEW, source="our own")
        >>> len(QUESTIONS.adding(own, own)) - len(QUESTIONS)
        1
        """
        return QuestionBank((*self.questions, *questions))

    def for_kind(
        self, kind: RelationshipKind, phase: Phase | None = None, mode: Mode | None = None
    ) -> tuple[Question, ...]:
        """Return the questions to ask in a relationship of ``kind``, in the order of the bank.

        Args:
            kind: The kind of the relationship.
            phase: Only those of this phase; those of all phases unless set.
            mode: The mode of the session, where it is not the kind's own: mentoring may include coaching (utah-ucan).

        Raises:
            InvalidValue: When an argument is no kind, phase or mode.

        >>> from devrel.kinds import MENTORING
        >>> {question.mode.value for question in QUESTIONS.for_kind(MENTORING, mode=Mode.COACHING)}
        {'coaching'}
        """
        wanted = _mode_of(kind, mode)
        _must_be(Phase, phase, "phase")
        return tuple(
            question
            for question in self.questions
            if question.mode is wanted
            and phase in (None, question.phase)
            and question.kind in (None, kind.name, kind.base)
        )

    def to_text(self, width: int = 100) -> str:
        """Return the bank as a table of plain text, ``width`` columns wide at most."""
        return text_table(self.HEADER, self._rows(), width=width)

    def _rows(self) -> list[list[str]]:
        return [[each.text, each.mode.value, each.phase.value, each.kind or "", each.source] for each in self.questions]

    def _repr_html_(self) -> str:
        return html_table(self.HEADER, self._rows(), caption="Questions", limit=len(self.questions))

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<QuestionBank: {len(self)} question{'' if len(self) == 1 else 's'}>"


def _slug(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Accept names that are easy to type: lower case, words joined by hyphens."""
    if not isinstance(value, str) or value != value.lower() or not re.fullmatch(r"[^\W_]+(-[^\W_]+)*", value):
        raise InvalidValue(attribute.name, "must be lower-case words joined by hyphens", "for example 'cross-training'")


@frozen
class Topic:
    """Something to talk about.

    Attributes:
        name: The name it is looked up by: lower-case words joined by hyphens.
        text: What it is about.
        modes: The ways of helping it belongs to, one at least.
        source: The short name of its source; "devrel" where no source says it.
        remote: Whether it matters to people who work away from the others, and to them only.

    Raises:
        InvalidValue: When the name is no such name, a text is empty, or there is no mode.

    >>> Topic("on-call", "how to share the nights", {Mode.ADVISING}, source="our own").name
    'on-call'
    """

    name: str = field(validator=_slug)
    text: str = field(validator=filled_text)
    modes: frozenset[Mode] = field(converter=as_set, validator=set_of(Mode))
    source: str = field(validator=filled_text)
    remote: bool = field(default=False, validator=a(bool))

    def __attrs_post_init__(self) -> None:
        if not self.modes:
            raise InvalidValue("modes", "must have a mode at least", "Mode lists them")


@frozen(repr=False)
class TopicBank:
    """Topics in order, by name. It cannot be changed; ``adding`` gives a new one.

    Attributes:
        topics: The topics, each name once.

    Raises:
        InvalidValue: When something in it is no topic, or two different topics have one name.

    >>> "politics" in TOPICS
    True
    """

    topics: tuple[Topic, ...] = field(converter=as_tuple, validator=tuple_of(Topic))

    HEADER = ("topic", "about", "modes", "for", "source")

    def __attrs_post_init__(self) -> None:
        found: dict[str, Topic] = {}
        for topic in self.topics:
            if found.setdefault(topic.name, topic) != topic:
                raise InvalidValue("topics", f"two topics are called {topic.name!r}", "give one of them another name")
        object.__setattr__(self, "topics", tuple(found.values()))

    def adding(self, *topics: Topic) -> TopicBank:
        """Return a bank that has ``topics`` as well, after those of this one.

        Raises:
            InvalidValue: When one has the name of another topic; adding the same topic again changes nothing.

        >>> bank = TOPICS.adding(Topic("on-call", "how to share the nights", {Mode.ADVISING}, source="our own"))
        >>> "on-call" in bank, "on-call" in TOPICS
        (True, False)
        """
        return TopicBank((*self.topics, *topics))

    def named(self, name: str) -> Topic:
        """Return the topic called ``name``.

        Raises:
            InvalidValue: When the bank has none of that name; the nearest is named.

        >>> TOPICS.named("industry").source
        'culture-wizard'
        """
        known = {topic.name: topic for topic in self.topics}
        if name not in known:
            raise InvalidValue("topic", "is not known", did_you_mean(name, known))
        return known[name]

    def for_kind(self, kind: RelationshipKind, *, remote: bool = False, mode: Mode | None = None) -> tuple[Topic, ...]:
        """Return the topics of a relationship of ``kind``, in the order of the bank.

        Args:
            kind: The kind of the relationship.
            remote: True for people who work away from the others: what matters to them comes first, the rest follows.
                Otherwise it is left out.
            mode: The mode of the session, where it is not the kind's own: mentoring may include coaching (utah-ucan).

        Raises:
            InvalidValue: When an argument is no kind or mode.

        >>> from devrel.kinds import MENTORING
        >>> [topic.name for topic in TOPICS.for_kind(MENTORING, remote=True)][:4]
        ['balance', 'protocols', 'visibility', 'industry']
        """
        wanted = _mode_of(kind, mode)
        found = [topic for topic in self.topics if wanted in topic.modes and (remote or not topic.remote)]
        return tuple(sorted(found, key=lambda topic: not topic.remote))

    def to_text(self, width: int = 100) -> str:
        """Return the bank as a table of plain text, ``width`` columns wide at most."""
        return text_table(self.HEADER, self._rows(), width=width)

    def _rows(self) -> list[list[str]]:
        return [[each.name, each.text, _listed(each.modes), _PEOPLE[each.remote], each.source] for each in self.topics]

    def _repr_html_(self) -> str:
        return html_table(self.HEADER, self._rows(), caption="Topics", limit=len(self.topics))

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics)

    def __len__(self) -> int:
        return len(self.topics)

    def __contains__(self, topic: object) -> bool:
        return any(topic in (known.name, known) for known in self.topics)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<TopicBank: {len(self)} topic{'' if len(self) == 1 else 's'}>"


def _mode_of(kind: RelationshipKind, mode: Mode | None) -> Mode:
    """Return the mode asked for, and the kind's own unless one is."""
    if not isinstance(kind, RelationshipKind):
        raise InvalidValue("kind", "must be a kind", "look it up by name in a KindRegistry")
    _must_be(Mode, mode, "mode")
    return kind.mode if mode is None else mode


def _must_be(choice: type[Enum], value: object, name: str) -> None:
    """Refuse what is none of a closed set: a typing error would otherwise find nothing, and say nothing."""
    if value is not None and not isinstance(value, choice):
        known = ", ".join(f"{choice.__name__}.{each.name}" for each in choice)
        raise InvalidValue(name, f"must be one of {known}", "or leave it out")


def _listed(modes: frozenset[Mode]) -> str:
    return ", ".join(mode.value for mode in Mode if mode in modes)


_PEOPLE = {True: "remote people", False: "everybody"}

_MENTORING, _COACHING, _ADVISING, _SPONSORING = Mode
_FIRST, _WORKING, _REVIEW, _CLOSING = Phase
_GROWTH = {_MENTORING, _COACHING}

QUESTIONS = QuestionBank(
    [
        # What makes a connection good for both (smart-meetings).
        Question("What would you like to achieve?", _MENTORING, _FIRST, "smart-meetings"),
        Question("What should your working life look like five years from now?", _MENTORING, _FIRST, "smart-meetings"),
        Question("My work and what I know: what of it would help you?", _MENTORING, _FIRST, "smart-meetings"),
        Question("Which difficulty would you most like to be rid of?", _MENTORING, _FIRST, "smart-meetings"),
        Question("How many hours can you set aside for this?", _MENTORING, _FIRST, "smart-meetings"),
        Question("Which situation ahead of you resembles one that I have been in?", _MENTORING, _WORKING, "devrel"),
        Question("What would you like to see of the organisation?", _MENTORING, _WORKING, "culture-wizard"),
        Question("Whom should you meet, and who of us arranges it?", _MENTORING, _WORKING, "devrel"),
        Question("What do you see differently since we began?", _MENTORING, _REVIEW, "devrel"),
        Question("Do we talk about what matters to you, and often enough?", _MENTORING, _REVIEW, "devrel"),
        Question("Does it still help each of us?", _MENTORING, _REVIEW, "smart-meetings", "mutual-mentoring"),
        Question("What did you learn here that you will keep using?", _MENTORING, _CLOSING, "devrel"),
        Question("How do we stay in touch, if at all?", _MENTORING, _CLOSING, "devrel"),
        Question("What do you want to be able to do at the end that you cannot do yet?", _COACHING, _FIRST, "devrel"),
        Question("By what will both of us see that you have got there?", _COACHING, _FIRST, "devrel"),
        Question("How hard may I press you, and on what not at all?", _COACHING, _FIRST, "devrel"),
        Question("By when do you grow into the role, step by step?", _COACHING, _FIRST, "smart-meetings", "succession"),
        Question("Which target do I hold you to?", _COACHING, _FIRST, "learning-development", "manager-coaching"),
        # What opens up a new view of a career (utah-ucan).
        Question("Which move in your career would you like to make next?", _COACHING, _WORKING, "utah-ucan"),
        Question("What could get in the way of it?", _COACHING, _WORKING, "utah-ucan"),
        Question("How do you mean to get past each of those?", _COACHING, _WORKING, "utah-ucan"),
        Question("Suppose it fails: which other ways are open to you?", _COACHING, _WORKING, "utah-ucan"),
        Question("And what would hold you up on such a way?", _COACHING, _WORKING, "utah-ucan"),
        Question("Which other path or project might be worth a thought?", _COACHING, _WORKING, "utah-ucan"),
        Question("Which work draws you, and which skill does it take?", _COACHING, _WORKING, "culture-wizard"),
        Question("How far have you come towards your goal, and what moved you on most?", _COACHING, _REVIEW, "devrel"),
        Question("Is it still the right goal?", _COACHING, _REVIEW, "devrel"),
        Question("What should I do more of, and what less?", _COACHING, _REVIEW, "devrel"),
        Question("What do you now do of your own accord that took effort before?", _COACHING, _CLOSING, "devrel"),
        Question("What will keep you going when we no longer meet?", _COACHING, _CLOSING, "devrel"),
        Question("What exactly do you want to know, and what depends on the answer?", _ADVISING, _FIRST, "devrel"),
        Question("What have you tried, and whom have you asked?", _ADVISING, _FIRST, "devrel"),
        Question("Where does my knowledge of this end, and who knows more?", _ADVISING, _FIRST, "devrel"),
        Question("Which facts of your case could change my advice?", _ADVISING, _WORKING, "devrel"),
        Question("Which choices do you have, and what does each of them cost?", _ADVISING, _WORKING, "devrel"),
        Question("What did you do with the advice, and what came of it?", _ADVISING, _REVIEW, "devrel"),
        Question("Which part of the question is still open?", _ADVISING, _REVIEW, "devrel"),
        Question("Is your question answered?", _ADVISING, _CLOSING, "devrel"),
        Question("Whom do you ask if it comes up again?", _ADVISING, _CLOSING, "devrel"),
        Question("Which opportunities do you look for, and which would you turn down?", _SPONSORING, _FIRST, "devrel"),
        Question("What of your work may I speak about, and to whom?", _SPONSORING, _FIRST, "devrel"),
        Question("What may I gain when you advance, and is that all right with you?", _SPONSORING, _FIRST, "utah-ucan"),
        Question("Which opportunities are coming up, and who decides on them?", _SPONSORING, _WORKING, "devrel"),
        Question("What have you done lately that I should be able to tell?", _SPONSORING, _WORKING, "devrel"),
        Question("What came of the opportunities that I spoke up for?", _SPONSORING, _REVIEW, "devrel"),
        Question("Do you still look for the same opportunities?", _SPONSORING, _REVIEW, "devrel"),
        Question("Which doors are open to you now that were shut before?", _SPONSORING, _CLOSING, "devrel"),
        Question("Which recommendations still stand after we stop?", _SPONSORING, _CLOSING, "devrel"),
    ]
)
"""The questions that come with the library: two at least for every mode in every phase."""

TOPICS = TopicBank(
    [
        Topic("industry", "the business and its surroundings", {_MENTORING}, "culture-wizard"),
        Topic("other-functions", "what other departments do and how they see things", {_MENTORING}, "culture-wizard"),
        Topic("networking", "whom to know, and how to get to know them", {_MENTORING}, "culture-wizard"),
        Topic("cross-training", "chances to learn the work of others", {_MENTORING}, "culture-wizard"),
        Topic("politics", "how decisions come about, and who has a say", {_MENTORING}, "culture-wizard"),
        Topic("career-interests", "the work and the roles that attract you", _GROWTH, "culture-wizard"),
        Topic("skills-to-develop", "what you want to become better at", _GROWTH, "culture-wizard"),
        Topic("balance", "where work ends and life begins", _GROWTH, "learning-development", remote=True),
        Topic("protocols", "which channel is for what", _GROWTH, "learning-development", remote=True),
        Topic("visibility", "being seen from afar, and your work too", _GROWTH, "learning-development", remote=True),
        Topic("communication", "listening, and being understood", _GROWTH, "learning-development"),
        Topic("collaboration", "getting things done with others", _GROWTH, "learning-development"),
        Topic("time-management", "what to do first, and what to leave", _GROWTH, "learning-development"),
        Topic("direction", "early in a career: where to go, now that nobody says it", {_COACHING}, "utah-ucan"),
        Topic("refocus", "in the middle of a career: what matters most of all there is", {_COACHING}, "utah-ucan"),
        Topic("opportunities", "roles and tasks to be put forward for", {_SPONSORING}, "utah-ucan"),
        Topic("introductions", "people who should hear of you", {_MENTORING, _SPONSORING}, "smart-meetings"),
        Topic("the-question", "what exactly is asked, and what an answer is for", {_ADVISING}, "utah-ucan"),
    ]
)
"""The topics that come with the library."""
