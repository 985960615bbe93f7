"""The banks: what ships, who gets which question and topic, and how a program adds its own."""

from __future__ import annotations

from collections import Counter

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from devrel.banks import QUESTIONS, TOPICS, Phase, Question, QuestionBank, Topic, TopicBank
from devrel.errors import InvalidValue
from devrel.kinds import (
    ADVISING,
    BASE_KINDS,
    CAREER_COACHING,
    COACHING,
    KINDS,
    MENTORING,
    SPONSORING,
    SUCCESSION,
    Mode,
)

OWN = Question("What surprised you?", Mode.COACHING, Phase.REVIEW, source="our own")
NARROW = evolve(OWN, kind="succession")
ON_CALL = Topic("on-call", "how to share the nights", {Mode.ADVISING}, source="our own")
SOURCES = {"culture-wizard", "utah-ucan", "management-mentors", "learning-development", "smart-meetings", "devrel"}

kinds = st.sampled_from(KINDS)
modes = st.none() | st.sampled_from(Mode)
phases = st.none() | st.sampled_from(Phase)


def names(topics):
    return [topic.name for topic in topics]


@pytest.mark.parametrize(
    ("kind", "phase", "source", "count"),
    [
        (MENTORING, Phase.FIRST_MEETING, "smart-meetings", 5),
        (COACHING, Phase.WORKING, "utah-ucan", 6),
    ],
    ids=["five for a good connection", "six that a good coach asks"],
)
def test_the_questions_of_the_sources_are_there(kind, phase, source, count):
    """The five questions of smart-meetings and the six of utah-ucan ship with their sources."""
    assert [question.source for question in QUESTIONS.for_kind(kind, phase)].count(source) == count


@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.value)
@pytest.mark.parametrize("kind", BASE_KINDS, ids=str)
def test_every_mode_has_two_questions_in_every_phase(kind, phase):
    """Two questions at least are there for all kinds of a mode, in each phase."""
    assert sum(question.kind is None for question in QUESTIONS.for_kind(kind, phase)) >= 2


def test_what_ships_has_known_sources_known_kinds_and_no_text_twice():
    """Every entry names a source of the project, a narrowed question an existing kind, and no text occurs twice."""
    texts = Counter([question.text for question in QUESTIONS] + [topic.text for topic in TOPICS])
    assert {entry.source for entry in (*QUESTIONS, *TOPICS)} <= SOURCES
    assert {question.kind for question in QUESTIONS} - {None} <= {kind.name for kind in KINDS}
    assert max(texts.values()) == 1


@pytest.mark.parametrize("question", [each for each in QUESTIONS if each.kind], ids=lambda question: question.kind)
def test_a_narrowed_question_that_ships_is_asked_in_its_own_kind(question):
    """The mode of a narrowed question is that of the kind it is for, so that it is really asked there."""
    own = next(kind for kind in KINDS if kind.name == question.kind)
    assert question in QUESTIONS.for_kind(own, question.phase)


def test_a_narrowed_question_reaches_its_kind_those_derived_from_it_and_no_others():
    """A question for one kind is asked in that kind and in those derived from it by name, and nowhere else."""
    bank = QuestionBank([NARROW])
    handover = SUCCESSION.derive("handover", source="our own")
    assert [kind.name for kind in (*KINDS, handover) if bank.for_kind(kind)] == ["succession", "handover"]


def test_a_question_of_the_base_reaches_the_kinds_derived_from_it():
    """A question narrowed to coaching is asked in career coaching, and not in mentoring with a session of coaching."""
    bank = QuestionBank([evolve(OWN, kind="coaching")])
    assert bank.for_kind(CAREER_COACHING)
    assert not bank.for_kind(MENTORING, mode=Mode.COACHING)


def test_a_session_of_another_mode_takes_the_questions_and_topics_of_that_mode():
    """A session of advising inside mentoring gets what advising gets."""
    assert QUESTIONS.for_kind(MENTORING, mode=Mode.ADVISING) == QUESTIONS.for_kind(ADVISING)
    assert TOPICS.for_kind(MENTORING, mode=Mode.ADVISING) == TOPICS.for_kind(ADVISING)


def test_adding_questions_gives_a_new_bank_and_leaves_the_old_one():
    """The new bank ends with what was added, each question once; the old bank is as it was."""
    before = QUESTIONS.questions
    extended = QUESTIONS.adding(OWN, NARROW, OWN, before[0])
    assert extended.questions == (*before, OWN, NARROW)
    assert QUESTIONS.questions == before


def test_adding_topics_gives_a_new_bank_and_leaves_the_old_one():
    """The new bank ends with what was added, each topic once; the old bank is as it was."""
    before = TOPICS.topics
    extended = TOPICS.adding(ON_CALL, ON_CALL, before[0])
    assert extended.topics == (*before, ON_CALL)
    assert TOPICS.topics == before
    assert len(extended) == len(TOPICS) + 1


def test_two_topics_of_one_name_are_refused_by_that_name():
    """A topic with a known name and other content does not silently win or lose."""
    with pytest.raises(InvalidValue, match="two topics are called 'politics'; give one of them another name"):
        TOPICS.adding(evolve(ON_CALL, name="politics"))


def test_the_topics_of_mentoring_and_coaching_are_those_of_the_sources():
    """Mentoring looks over the organisation (culture-wizard), coaching at the coachee's own path (utah-ucan)."""
    assert names(TOPICS.for_kind(MENTORING))[:5] == [
        "industry",
        "other-functions",
        "networking",
        "cross-training",
        "politics",
    ]
    assert {"direction", "refocus", "career-interests"} <= set(names(TOPICS.for_kind(COACHING)))
    assert {"opportunities", "introductions"} == set(names(TOPICS.for_kind(SPONSORING)))
    assert names(TOPICS.for_kind(ADVISING)) == ["the-question"]


@given(kind=kinds, mode=modes)
def test_remote_topics_come_first_for_remote_people_and_never_for_others(kind, mode):
    """Remote people get the topics of their own first and then those that everybody gets, in the same order."""
    everybody = TOPICS.for_kind(kind, mode=mode)
    remote = TOPICS.for_kind(kind, mode=mode, remote=True)
    own = remote[: len(remote) - len(everybody)]
    assert not any(topic.remote for topic in everybody)
    assert all(topic.remote for topic in own)
    assert remote[len(own) :] == everybody


@pytest.mark.parametrize("kind", [MENTORING, COACHING], ids=str)
def test_the_remote_topics_are_balance_protocols_and_visibility(kind):
    """Mentoring and coaching of remote people begin with the three topics of learning-development."""
    assert names(TOPICS.for_kind(kind, remote=True))[:3] == ["balance", "protocols", "visibility"]


@given(kind=kinds, phase=phases, mode=modes)
def test_the_questions_of_a_kind_match_it_all_of_them_and_in_order(kind, phase, mode):
    """What for_kind returns is of the mode and phase asked for and open to the kind; what it leaves out is not."""

    def fits(question):
        reached = question.kind in {None, kind.name, kind.base}
        return reached and question.mode == (mode or kind.mode) and (phase is None or question.phase == phase)

    bank = QUESTIONS.adding(NARROW, evolve(OWN, mode=Mode.MENTORING, kind="mentoring"))
    assert list(bank.for_kind(kind, phase, mode)) == [question for question in bank if fits(question)]


@given(kind=kinds, mode=modes, remote=st.booleans())
def test_the_topics_of_a_kind_match_it_all_of_them(kind, mode, remote):
    """What for_kind returns is of the mode asked for; what it leaves out is of another, or for remote people."""
    found = TOPICS.for_kind(kind, remote=remote, mode=mode)
    assert set(found) == {
        topic for topic in TOPICS if (mode or kind.mode) in topic.modes and (remote or not topic.remote)
    }


def test_a_topic_is_found_by_name():
    """A bank knows its topics by name and by value, and says no to anything else."""
    assert TOPICS.named("networking").name == "networking"
    assert "networking" in TOPICS
    assert TOPICS.named("networking") in TOPICS
    assert ON_CALL not in TOPICS
    assert ["networking"] not in TOPICS


def test_an_unknown_topic_names_the_nearest():
    """A typing error in a name is refused with the name that was probably meant."""
    with pytest.raises(InvalidValue, match="topic: is not known; Did you mean 'networking'"):
        TOPICS.named("netwroking")


@pytest.mark.parametrize(
    ("bank", "arguments", "message"),
    [
        (QUESTIONS, {"kind": "mentoring"}, "kind: must be a kind; look it up by name"),
        (TOPICS, {"kind": "mentoring"}, "kind: must be a kind; look it up by name"),
        (QUESTIONS, {"phase": "review"}, "phase: must be one of Phase.FIRST_MEETING, Phase.WORKING"),
        (QUESTIONS, {"mode": "coaching"}, "mode: must be one of Mode.MENTORING, Mode.COACHING"),
        (TOPICS, {"mode": "coaching"}, "mode: must be one of Mode.MENTORING, Mode.COACHING"),
    ],
    ids=["kind of questions", "kind of topics", "phase", "mode of questions", "mode of topics"],
)
def test_an_argument_of_the_wrong_type_is_refused_and_does_not_find_nothing(bank, arguments, message):
    """A text in place of a kind, phase or mode is an error, never an empty answer."""
    with pytest.raises(InvalidValue, match=message):
        bank.for_kind(**{"kind": MENTORING, **arguments})


@pytest.mark.parametrize("record", [OWN, ON_CALL, QUESTIONS, TOPICS], ids=lambda record: type(record).__name__)
def test_a_record_refuses_what_it_cannot_hold_and_names_the_field(record):
    """Questions, topics and banks check everything that they are made of."""
    for field in fields(type(record)):
        for wrong in ([], [7]) if field.name == "modes" else ([7],):
            with pytest.raises(InvalidValue) as caught:
                evolve(record, **{field.name: wrong})
            assert caught.value.field == field.name


@pytest.mark.parametrize("name", ["", "On-call", "on call", "on_call", "-call", "on--call", "call-", 7])
def test_the_name_of_a_topic_is_easy_to_type(name):
    """A name that is not lower-case words joined by hyphens is refused."""
    with pytest.raises(InvalidValue, match="name: must be lower-case words joined by hyphens"):
        evolve(ON_CALL, name=name)


@pytest.mark.parametrize(
    ("bank", "attribute"), [(QUESTIONS, "questions"), (TOPICS, "topics")], ids=["questions", "topics"]
)
def test_a_bank_cannot_be_changed(bank, attribute):
    """The entries of a bank cannot be replaced; equal banks are equal and have one hash."""
    with pytest.raises(FrozenInstanceError):
        setattr(bank, attribute, ())
    assert hash(bank.adding()) == hash(bank)
    assert bank.adding() == bank


@pytest.mark.parametrize(
    ("bank", "shown"),
    [
        (QuestionBank([]), "<QuestionBank: 0 questions>"),
        (QuestionBank([OWN]), "<QuestionBank: 1 question>"),
        (TopicBank([ON_CALL]), "<TopicBank: 1 topic>"),
        (TopicBank([ON_CALL, TOPICS.named("balance")]), "<TopicBank: 2 topics>"),
    ],
    ids=repr,
)
def test_the_repr_of_a_bank_counts(bank, shown):
    """A repr says how many entries there are and shows none of them."""
    assert repr(bank) == shown


@pytest.mark.parametrize("bank", [QUESTIONS, TOPICS], ids=["questions", "topics"])
def test_a_bank_shows_all_entries_as_text_and_as_html(bank):
    """Text keeps to its width, and neither table leaves an entry out."""
    assert str(bank) == bank.to_text()
    assert max(map(len, bank.to_text(width=80).splitlines())) <= 80
    assert all(entry.text in bank.to_text(width=400) for entry in bank)
    assert bank._repr_html_().count("<tr>") == len(bank) + 1


def test_texts_are_escaped_in_html():
    """Markup in a question or topic of one's own is shown and not obeyed."""
    questions = QuestionBank([evolve(OWN, text="<b>why</b>")])
    topics = TopicBank([evolve(ON_CALL, text="<b>why</b>")])
    for bank in (questions, topics):
        assert "&lt;b&gt;why&lt;/b&gt;" in bank._repr_html_()
