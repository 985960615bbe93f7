"""Rules at their edges: what they must see beyond the smallest case, and where they must stay silent."""

from __future__ import annotations

import pytest

from devrel.kinds import ADVISING, CAREER_COACHING, COACHING, EXECUTIVE_COACHING, KINDS, MENTORING, SPONSORING
from devrel.matching import MatchingProblem, OptimalMatching
from devrel.people import Enrollment, Person, Role, Support
from devrel.terms import Cadence, Term
from devrel.validation import Pairing
from tests.test_rule_examples import DAY, active, judged, of, one, program, told, two, whom

RECIPIENT, PROVIDER = Role.RECIPIENT, Role.PROVIDER


def messages(code, **known):
    return [found.message for found in judged(code, known)]


@pytest.mark.parametrize("kind", [MENTORING, COACHING, ADVISING, SPONSORING], ids=str)
def test_hopes_of_enrolments_count_before_attributes(kind):
    """In every kind, what somebody hoped for when she enrolled is named where the other does not offer it."""
    wish = Enrollment("n", RECIPIENT, hopes=[Support.TIME, Support.INTRODUCTIONS])
    gift = Enrollment("m", PROVIDER, offers=[Support.TIME])
    pair = Pairing(kind, Person("n", attributes={"hopes": "time"}), Person("m"))
    told_of = messages("P012", **one(pair, enrollments=[wish, gift]))
    assert told_of == [
        f"the {kind.titles.recipient} hopes for what the {kind.titles.provider} does not offer: introductions"
    ]
    assert messages("P012", **one(pair, enrollments=[gift])) == []


def test_hopes_in_words_of_ones_own_are_counted_and_not_repeated():
    """Hopes that are partly met are found by attributes too, and no word of the person's own is shown."""
    found = messages("P012", **whom({"attributes": {"hopes": ("x", "y")}}, {"attributes": {"offers": ("y",)}}))
    assert found == ["the mentee hopes for what the mentor does not offer: 1 in words of her own"]


def test_a_program_that_asks_for_managers_may_have_them():
    """Where the school asks for the own manager, the manager is no flaw; in another school, or lifted, she is."""
    known = two(COACHING, "n", "m")
    assert messages("P002", **known, program=program(COACHING, school="direct-leader")) == []
    assert messages("P002", **known, program=program(COACHING, school="direct-leader", lifted=["own-manager"]))
    assert messages("P002", **known, program=program(COACHING, school="no-power-differential"))
    assert messages("P002", **two(MENTORING, "n", "m"), program=program(COACHING, school="direct-leader"))


@pytest.mark.parametrize(("new", "where"), [("top", "above"), ("low", "below")])
def test_clients_in_one_line_are_found_from_both_ends(new, where):
    """A new client is found whether she stands below or above one whom the coach has already."""
    other = {"top": "low", "low": "top"}[new]
    people = [Person("c"), Person("top"), Person("mid", manager="top"), Person("low", manager="mid")]
    pair = Pairing(COACHING, next(one for one in people if one.id == new), people[0])
    found = told("P009", **one(pair, people=people, relationships=[active(COACHING, people=("c", other))]))
    assert found.message.endswith(f"{'above' if where == 'below' else 'below'} the coachee in the line")


def test_clients_of_one_matching_are_compared():
    """Two pairs of one matching give one coach two people of one line, in coaching and not in mentoring."""
    people = [Person("c"), Person("top"), Person("low", manager="top"), Person("free")]
    enrolled = [Enrollment("c", PROVIDER, 3), *(Enrollment(who, RECIPIENT) for who in ("top", "low", "free"))]
    matching = OptimalMatching().match(MatchingProblem.from_people(people, enrolled))
    around = {"people": people, "enrollments": enrolled, "matching": matching}
    assert {found.subject for found in judged("P009", one(program(COACHING), **around))} == {
        "pair low and c", "pair top and c",
    }  # fmt: skip
    assert {found.subject for found in judged("P009", one(matching, kind=COACHING, people=people))} == {
        "pair low and c", "pair top and c",
    }  # fmt: skip
    assert messages("P009", **one(program(MENTORING), **around)) == []


def test_an_executive_coach_of_whom_too_little_is_known_is_not_judged():
    """Neither an unknown level nor one organisation of two that is unknown makes a flaw."""
    for mine, theirs in (
        ({"level": 3}, {}),
        ({}, {"level": 3}),
        ({}, {}),
        ({"level": 3, "organization": "x"}, {"level": 3}),
        ({"level": 3}, {"level": 3, "organization": "x"}),
    ):
        assert messages("P005", **whom(mine, theirs, EXECUTIVE_COACHING)) == []
    same = {"level": 3, "organization": "x"}
    assert messages("P005", **whom(same, same, EXECUTIVE_COACHING))


def test_career_coaching_is_known_through_any_number_of_derivations():
    """A kind derived from one that is derived from career coaching is judged as career coaching."""
    first = CAREER_COACHING.derive("first", source="own")
    second = first.derive("second", source="own")
    kinds = [*KINDS, first, second]
    assert messages("P004", **two(second, "peer", "m"), kinds=kinds)
    assert messages("A006", **of(second, term=Term.of_months(DAY, 3)), kinds=kinds)
    assert messages("A007", **of(second, cadence=Cadence(2)), kinds=kinds)
    assert messages("A004", **of(second, cadence=Cadence(2)), kinds=kinds) == []
    assert messages("P004", **two(second, "peer", "m")) == []


def test_kinds_that_are_each_others_base_are_judged():
    """A circle of bases comes to an end."""
    circle = [COACHING.derive(mine, source="own").derive(other, source="own") for mine, other in ("ab", "ba")]
    assert [(kind.name, kind.base) for kind in circle] == [("b", "a"), ("a", "b")]
    assert messages("P004", **two(circle[0], "peer", "m"), kinds=circle) == []
