"""The document people sign: one text for the same data, in which their words stay words."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, time, timedelta, timezone

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel._display import printable
from devrel.agreements import (
    Acceptance,
    Agreement,
    Confidentiality,
    Contact,
    ManagerCommitment,
    ManagerPart,
    Meeting,
    Records,
    ThirdParty,
    ThirdPartyRole,
)
from devrel.errors import InvalidValue
from devrel.goals import CheckIn, Goal, KeyResult
from devrel.kinds import (
    ADVISING,
    BASE_KINDS,
    COACHING,
    GROUP_MENTORING,
    KINDS,
    MENTORING,
    MUTUAL_MENTORING,
    SPONSORING,
    GoalForm,
    Horizon,
    Item,
)
from devrel.lifecycle import (
    Activated,
    Amended,
    CheckedIn,
)
from devrel.people import Party, Role, Support
from devrel.terms import Cadence, Term, Unit
from devrel.testing.strategies import START, agreements
from tests.beginnings import (
    MENTEE,
    MENTOR,
    OPEN,
    SYSTEM,
    TODAY,
    accept_all,
    fewest,
    group,
    later,
    proposed,
)
from tests.snapshot import assert_snapshot

TERM = Term.of_months(TODAY, 9)
SPECIFIC = GoalForm.SPECIFIC

FULL = {
    "minutes": 45,
    "meeting": Meeting.VIRTUAL,
    "provider_commits": ["come prepared"],
    "recipient_commits": ["bring the agenda"],
    "contact": Contact("by chat", 1),
    "provider_hours": 3,
    "recipient_hours": 4.5,
    "hopes": {Support.TIME, Support.INTRODUCTIONS},
    "offers": set(Support),
    "boundaries": ["health"],
    "conflicts": ["we once worked together"],
    "manager": ManagerPart({Item.EXISTENCE}, {ManagerCommitment.SUGGEST_TO_RECIPIENT_ONLY}),
    "third_parties": [ThirdParty("The Academy", ThirdPartyRole.PAYS, {Item.EXISTENCE, Item.ATTENDANCE})],
    "problem_solving": "We speak to each other first.",
    "exit_notice_days": 1,
    "records": Records("The program keeps the dates.", 12),
    "extra": ["We speak English."],
}
FIXED = datetime(2026, 1, 6, 17, 30, tzinfo=timezone(timedelta(hours=1)))
MEASURED = Goal(
    "answer sooner",
    SPECIFIC,
    [KeyResult("days to answer", 10, 4.5, "days", due=date(2026, 5, 1)), KeyResult("letters", 0, 9, "letters")],
    horizon=Horizon.CURRENT_ROLE,
    person="r0",
    focus_areas=["quality", "safety"],
)
SNAPSHOTS = {
    "mentoring": (MENTORING, None, {**FULL, "reviews": [date(2026, 3, 2), date(2026, 6, 1)]}),
    "coaching": (COACHING, None, {"goals": [MEASURED], "cadence": Cadence(2, Unit.WEEK, at=time(9))}),
    "advising": (ADVISING, None, {"cancellation_hours": 0, "exit_notice_days": 0, "records": Records("None.", None)}),
    "sponsoring": (SPONSORING, None, {"term": OPEN, "confidentiality": Confidentiality("Nobody is told.", ())}),
    "group-mentoring": (GROUP_MENTORING, group(1, 3), {"manager": ManagerPart(set(), set())}),
    "mutual-mentoring": (MUTUAL_MENTORING, None, {}),
}
NAMES = {"p0": "Ada", "r0": "Ben", "r1": "Cy", "m0": "Dee", "m1": "Eve"}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_document_reads_as_kept(name):
    """The document of each kind, of a group and of two who mentor each other, is the text that was looked at."""
    kind, people, clauses = SNAPSHOTS[name]
    one = proposed(kind, people, **clauses)
    given = [Acceptance(one.parties[0].person, 1, FIXED), Acceptance(one.parties[1].person, 2, FIXED)]
    text = one.agreement.to_markdown(kind, one.parties, names=NAMES, acceptances=given)
    assert_snapshot(f"{name}.md", text)
    assert text.count("accepted") == 1  # the yes to version 2 is not shown in version 1


@pytest.mark.parametrize("kind", BASE_KINDS, ids=str)
def test_a_document_without_names_has_the_titles_to_sign(kind):
    """Before anybody is known the titles stand where people would sign, and no other kind's title anywhere."""
    text = Agreement.draft(kind, TODAY, ethics="x", scope="x", benefit="x").to_markdown(kind)
    titles = kind.titles
    assert f"- {titles.provider.capitalize()}: ____" in text
    assert f"- {titles.recipient.capitalize()}: ____" in text
    others = {word for one in BASE_KINDS if one is not kind for word in (one.titles.provider, one.titles.recipient)}
    assert not [word for word in others if re.search(rf"\\b{word}", text, re.IGNORECASE)]


@given(agreements(), st.sampled_from(KINDS), st.randoms())
def test_a_document_is_the_same_text_for_the_same_data(agreement, kind, random):
    """Rendering depends on nothing but the data, and not on the order of sets."""
    people = fewest(kind)
    sets = ("hopes", "offers")
    shuffled = {name: random.sample(sorted(getattr(agreement, name), key=repr), len(getattr(agreement, name)))
                for name in sets}  # fmt: skip
    same = evolve(agreement, **{name: frozenset(values) for name, values in shuffled.items()})
    assert same.to_markdown(kind, people) == agreement.to_markdown(kind, people)


hostile = st.text(st.sampled_from("-+=~`*_#<>&|[](){}!.:\\ 19ab\n\t\x1b\u2028/\"'"), min_size=1).filter(str.strip)


def with_words(words):
    """Return an agreement and people with the same words wherever somebody can write any."""
    goal = Goal(words, SPECIFIC, [KeyResult(words, 0, 1, words)], person=words, focus_areas=[words])
    agreement = Agreement(
        TERM,
        Cadence(),
        goals=[goal],
        contact=Contact(words),
        confidentiality=Confidentiality(words, [words]),
        third_parties=[ThirdParty(words, ThirdPartyRole.PAYS)],
        records=Records(words),
        **dict.fromkeys(("purpose", "problem_solving", "ethics", "not_therapy", "scope", "benefit"), words),
        **{name: [words] for name in ("provider_commits", "recipient_commits", "boundaries", "conflicts", "extra")},
    )
    return agreement, (Party(words, Role.PROVIDER), Party("r0", Role.RECIPIENT))


@given(hostile)
def test_the_words_of_people_stay_words(words):
    """No markup in what people wrote makes a heading, a list, an escape or an HTML tag: the words read as written."""
    agreement, people = with_words(words)
    plain, plain_people = with_words("word")
    text = agreement.to_markdown(COACHING, people, names={"r0": words})
    bare = plain.to_markdown(COACHING, plain_people, names={"r0": "word"})
    assert "<" not in text
    assert len(text.splitlines()) == len(bare.splitlines())
    read = " ".join(printable(words).split())
    for line, model in zip(text.splitlines(), bare.splitlines(), strict=True):
        shape = re.match(r"#+ |(    )?- |", model).group()
        assert line.startswith(shape)
        assert not re.match(r"[-+=~#>`]|\d+[.)]", line.removeprefix(shape))
        assert html.unescape(re.sub(r"\\([!-/:-@[-`{-~])", r"\1", line)) == model.replace("word", read)


def test_parts_that_may_not_be_seen_are_left_out():
    """Without goals, schedule or partner the document has no part that tells of them."""
    one = proposed(goals=[Goal("my secret aim")])
    text = one.agreement.to_markdown(MENTORING, (), shown=set(Item) - {Item.GOALS, Item.SCHEDULE, Item.PARTNER})
    assert not re.search("secret aim|2026|## (Goals|Time|Signatures|Parties)", text)
    assert "## Confidentiality and records" in text


def test_what_was_accepted_can_be_shown_again():
    """After amendments and readings, each version renders as on the day it was put to the parties."""
    calls = Goal("grow", SPECIFIC, [KeyResult("calls", 0, 9, "calls")])
    one = proposed(goals=[calls])
    first = one.agreement.to_markdown(MENTORING, one.parties)
    running = accept_all(one).apply(Activated("go", SYSTEM, START))
    read = running.apply(CheckedIn("k", MENTEE, later(3), 1, "calls", CheckIn(TODAY, 4)))
    second = read.agreement.amended(minutes=30)
    put = read.apply(Amended("x", MENTOR, later(4), second))
    assert put.agreement_version(2).to_markdown(MENTORING, put.parties) == second.to_markdown(MENTORING, put.parties)
    assert put.agreement.version == 1
    changed = accept_all(put, at=later(5)).apply(CheckedIn("l", MENTEE, later(6), 1, "calls", CheckIn(TODAY, 5)))
    assert (changed.agreement.version, changed.agreement.minutes) == (2, 30)
    assert changed.agreement_version(1).to_markdown(MENTORING, changed.parties) == first
    assert "60 minutes" in first
    given = changed.state.accepted
    assert (
        changed.agreement_version(2).to_markdown(MENTORING, changed.parties, acceptances=given).count("accepted") == 2
    )
    with pytest.raises(InvalidValue, match="version"):
        changed.agreement_version(3)
