"""What people say when they enrol, and what rules and problems make of it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InputError, InvalidValue
from devrel.kinds import MENTORING, Side
from devrel.matching import (
    Chemistry,
    CommonHours,
    FirstInLine,
    Fit,
    HopesMet,
    HoursTogether,
    InCommon,
    MatchingProblem,
    NotAMisfit,
    NotTogetherBefore,
    OptimalMatching,
    Preferred,
    Rematching,
    StableMatching,
    Talk,
    Trained,
    Waiting,
    WorkingHours,
)
from devrel.matching.constraints import named_constraints
from devrel.matching.roster import Roster
from devrel.matching.rules import Candidate
from devrel.people import Absence, Capacity, Enrollment, Organization, Person, Role, Support
from devrel.programs import CapacityPolicy, Program
from devrel.programs.intake import Register
from devrel.terms import Term
from tests.generate import constraints, criteria
from tests.test_rematching import relationship

TODAY = date(2026, 3, 2)
PEOPLE = [Person("m1", zone="Europe/London"), Person("m2", zone="Asia/Tokyo"), Person("a"), Person("b")]


def case(recipient: Enrollment | None = None, provider: Enrollment | None = None, **about) -> Candidate:
    """Two people of whom nothing is known but what is given."""
    one, other = about.get("people", (Person("a"), Person("m1")))
    return Candidate(one, other, Organization([one, other]), recipient, provider, TODAY)


def asks(**said) -> Enrollment:
    return Enrollment("a", Role.RECIPIENT, **said)


def gives(**said) -> Enrollment:
    return Enrollment("m1", Role.PROVIDER, **said)


def test_bad_enrolments_are_refused():
    """Ranking somebody twice or herself, excluding herself, or hours that no month has, are refused."""
    for wrong in (
        {"preferences": ["m1", ["m2", "m1"]]},
        {"preferences": ["a"]},
        {"preferences": [[]]},
        {"preferences": "m1"},
        {"exclusions": ["a"]},
        {"hours_offered": 1000},
        {"hopes": ["time"]},
        {"waiting_since": "2026-01-01"},
        {"trained": "yes"},
    ):
        with pytest.raises(InvalidValue):
            asks(**wrong)
    assert asks(preferences=["m2", {"m1", "m3"}]).preferences == (("m2",), ("m1", "m3"))


def test_hopes_are_met_by_offers():
    """The share is what she hopes for and the other offers, of what she hopes for."""
    hopes = asks(hopes={Support.TIME, Support.PERSPECTIVE})
    assert HopesMet().score(case(hopes, gives(offers={Support.TIME, Support.INTRODUCTIONS}))) == 0.5
    assert HopesMet().score(case(asks(), gives(offers=set(Support)))) == 0.0
    assert HopesMet().score(case()) == 0.0


def test_preferences_fall_evenly():
    """Of two places the first gives 1, the second a half, nobody else anything; both sides count as their mean."""
    mine, theirs = asks(preferences=["m2", "m1"]), gives(preferences=["a"])
    assert Preferred(Side.RECIPIENT).score(case(mine, theirs)) == 0.5
    assert Preferred(Side.PROVIDER).score(case(mine, theirs)) == 1.0
    assert Preferred().score(case(mine, theirs)) == 0.75
    assert Preferred().score(case(asks(), theirs)) == 0.5


def test_talks_count_and_bar():
    """A first talk gives the mean of what both said; one who says it is not a good fit bars the pair."""
    talks = [Talk("a", "m1", Fit.GOOD_FIT, Fit.NOT_A_GOOD_FIT), Talk("b", "m1", Fit.STILL_DECIDING)]
    assert Chemistry(talks).score(case()) == 0.5
    assert NotAMisfit(talks).forbids(case())
    assert not NotAMisfit([Talk("a", "m1", Fit.STILL_DECIDING)]).forbids(case())
    assert "GOOD" not in repr(talks)


def test_waiting_counts_up_to_the_longest():
    """Forty-five of ninety days give a half, and a year no more than 1; who does not wait has nothing."""
    for days, share in ((45, 0.5), (365, 1.0), (-5, 0.0)):
        assert Waiting(90).score(case(asks(waiting_since=TODAY - timedelta(days=days)))) == share
    assert Waiting().score(case(asks())) == 0.0
    assert FirstInLine().score(case(asks(rematch=True))) == 1.0


def test_working_hours_are_real():
    """London and New York share three hours in winter and four for the weeks in March between their changes."""
    people = Person("a", zone="America/New_York"), Person("m1", zone="Europe/London")
    winter, between = date(2026, 1, 14), date(2026, 3, 18)
    assert HoursTogether(480, [winter]).score(case(people=people)) == 3 / 8
    assert HoursTogether(480, [between]).score(case(people=people)) == 4 / 8
    assert not CommonHours(180, [winter, between]).forbids(case(people=people))
    assert CommonHours(181, [winter, between]).forbids(case(people=people))
    assert CommonHours(1, [winter]).forbids(case())
    long = WorkingHours(time(6), time(22))
    assert HoursTogether(480, [winter], long).score(case(people=people)) == 1.0
    with pytest.raises(InvalidValue, match="today is not known"):
        CommonHours().forbids(Candidate(*people, Organization(people)))


def test_training_and_languages():
    """A mentor of whom it is not known that she was prepared is forbidden, and so are two without a common language."""
    assert Trained().forbids(case())
    assert not Trained().forbids(case(None, gives(trained=True)))
    speak = Person("a", attributes={"languages": ("en", "fr")}), Person("m1", attributes={"languages": ("fr",)})
    assert not InCommon().forbids(case(people=speak))
    assert InCommon("languages", 2).forbids(case(people=speak))


@given(constraints | st.sampled_from(sorted(named_constraints().values(), key=lambda one: one.name)))
def test_every_constraint_says_what_it_demands_and_whence(rule):
    """Each constraint has a title and a reason in the kind's words, and a source."""
    assert rule.title(MENTORING.titles)
    reason = rule.reason(case(), MENTORING.titles)
    assert reason == f'the pair fails "{rule.title(MENTORING.titles)}"'
    assert rule.source


@given(criteria(must=False))
def test_every_criterion_says_what_it_looks_at_and_whence(rule):
    """Each criterion has words for what it does, and a source."""
    assert rule.describe()
    assert rule.source


def problem(*enrolled: Enrollment, **more) -> MatchingProblem:
    return MatchingProblem.from_people(more.pop("people", PEOPLE), enrolled, **more)


def test_exclusions_go_without_saying():
    """Whoever excludes somebody is not matched with her, and the reason names no name."""
    found = problem(asks(exclusions=["m1"]), gives())
    matching = OptimalMatching().match(found)
    assert matching.pairs == ()
    assert '"a mentor whom neither side excluded"' in matching.why_unmatched("a")
    assert "m1" not in matching.why_unmatched("a")


@pytest.mark.parametrize("pool", [False, True])
def test_talks_that_went_badly_bar_without_saying(pool):
    """Where first talks are scored, two of whom one said that they do not fit are never matched, in a pool either."""
    talk = Talk("a", "m1", Fit.NOT_A_GOOD_FIT)
    enrolled = [asks(), gives()]
    make = MatchingProblem.from_pool if pool else MatchingProblem.from_people
    found = make(PEOPLE, enrolled, criteria=[Chemistry([talk])])
    assert not found.eligible.any()
    assert make(PEOPLE, enrolled, criteria=[Chemistry([Talk("a", "m1")])]).eligible.any()


def test_the_hours_of_pairs_that_may_be_parted_are_free():
    """Rematching keeps both live pairs of a mentor whose two hours they take; hours given to others stay gone."""
    program = Program("P", MENTORING, Term(TODAY), minutes=60, purpose="Grow.")
    enrolled = [
        gives(capacity=Capacity(2), hours_offered=2),
        asks(hours_needed=1),
        Enrollment("b", Role.RECIPIENT, hours_needed=1),
    ]
    live = [relationship(1, "m1", "a", program="P"), relationship(2, "m1", "b", program="P")]
    found = MatchingProblem.from_program(program, PEOPLE, enrolled, existing_relationships=live, rematch=True)
    assert found.capacity == (2,)
    assert Rematching(1000).match(found).ids == (("a", "m1"), ("b", "m1"))
    more = [*live, relationship(3, "m1", "x", program="Another")]
    found = MatchingProblem.from_program(program, PEOPLE, enrolled, existing_relationships=more, rematch=True)
    assert found.capacity == (1,)  # an hour of the two is given to the other program


def test_people_who_are_away_are_not_matched():
    """On a given day, somebody on leave or gone is nobody's candidate; without a day nothing is looked at."""
    away = Person("m1", absences=(Absence(TODAY),)), Person("a")
    assert OptimalMatching().match(problem(asks(), gives(), people=away, today=TODAY)).pairs == ()
    assert len(OptimalMatching().match(problem(asks(), gives(), people=away)).pairs) == 1


def test_waiting_and_rematching_reach_the_problem():
    """Days of waiting and the place in line come from the enrolments."""
    found = problem(
        asks(waiting_since=date(2026, 2, 20), rematch=True), gives(), Enrollment("b", Role.RECIPIENT), today=TODAY
    )
    assert (found.waiting, found.priority) == ((10, None), (1, 0))
    assert OptimalMatching().match(found).ids == (("a", "m1"),)


def test_stated_preferences_reach_the_stable_matching():
    """Two mentees who both want m1 get what she prefers, whatever the scores say."""
    both = [Enrollment(one, Role.RECIPIENT, preferences=["m1", "m2"]) for one in "ab"]
    found = problem(*both, gives(preferences=["b", "a"]), Enrollment("m2", Role.PROVIDER))
    assert StableMatching().match(found).ids == (("a", "m2"), ("b", "m1"))


def test_equal_hours_become_heads():
    """A mentor with three hours takes one whose sessions take two; hours of other relationships are gone."""
    enrolled = [gives(capacity=Capacity(5), hours_offered=3), asks(), Enrollment("b", Role.RECIPIENT)]
    assert problem(*enrolled, hours=1.0).capacity == (3,)
    assert problem(*enrolled, hours=2.0).capacity == (1,)
    assert problem(*enrolled, hours=2.0).budget == (None,)
    program = Program("P", MENTORING, Term(TODAY), minutes=60, purpose="Grow.")
    live = relationship(1, "m1", "x", program="Another")
    found = MatchingProblem.from_program(program, PEOPLE, enrolled, existing_relationships=[live])
    assert found.capacity == (2,)


def test_a_programs_limit_holds_for_enrolments_made_by_hand():
    """Nobody takes more than the program allows, whatever her enrolment says, and somebody who takes less keeps it."""
    program = Program("P", MENTORING, Term(date(2026, 1, 5)), capacity=CapacityPolicy(most=2))
    enrolled = [Enrollment("a", Role.RECIPIENT), Enrollment("m1", Role.PROVIDER, 9), Enrollment("m2", Role.PROVIDER)]
    assert MatchingProblem.from_program(program, PEOPLE, enrolled).capacity == (2, 1)


def test_hours_that_differ_are_kept():
    """With four hours, a mentor takes the two who need two each, or the one who needs four; never more than she has."""
    people = [Person("m1"), Person("a"), Person("b"), Person("c")]
    enrolled = [
        gives(capacity=Capacity(5), hours_offered=4),
        *(Enrollment(one, Role.RECIPIENT, hours_needed=hours) for one, hours in (("a", 2), ("b", 2), ("c", 4))),
    ]
    found = problem(*enrolled, people=people)
    assert found.budget == (240,)
    matching = OptimalMatching().match(found)
    assert matching.ids == (("a", "m1"), ("b", "m1"))
    assert "integer program" in matching.provenance.notes[0]
    matching.verify(found)


def test_who_was_together_before_is_known_from_the_relationships():
    """The rule learns from the relationships that are handed over who was together, also when it has ended."""
    program = Program("P", MENTORING, Term(TODAY), purpose="Grow.", rules=[NotTogetherBefore()])
    found = MatchingProblem.from_program(
        program, PEOPLE, [asks(), gives()], existing_relationships=[relationship(1, "m1", "a", program="Old")]
    )
    assert "a mentor who is new to the mentee" in found.forbidden_by("a", "m1")


def test_a_program_reads_what_people_said():
    """Attributes that a program names become the fields of the enrolment; one that does not fit is told by name."""
    said = {
        "wish": ("m2", "a"),
        "since": "2026-01-05",
        "ready": True,
        "hours": 3,
        "hope": ("time", "Introductions"),
    }
    names = {
        "preferences": "wish",
        "waiting_since": "since",
        "trained": "ready",
        "hours_offered": "hours",
        "hopes": "hope",
    }
    program = Program("P", MENTORING, Term(TODAY), said=names)
    register = Register(Organization([Person("a", attributes=said)]), {"a": Role.BOTH})
    (one,) = program.enroll(register)
    assert one.preferences == (("m2",),)
    assert (one.waiting_since, one.trained, one.hours_offered) == (date(2026, 1, 5), True, 3.0)
    assert one.hopes == {Support.TIME, Support.INTRODUCTIONS}
    for wrong in ({"since": "soon"}, {"ready": "yes"}, {"hours": "x"}, {"hope": ("money",)}):
        other = Register(Organization([Person("a", attributes={**said, **wrong})]), {"a": Role.BOTH})
        with pytest.raises(InvalidValue):
            program.enroll(other)
    with pytest.raises(InvalidValue, match="nothing people say"):
        Program("P", MENTORING, Term(TODAY), said={"wishes": "wish"})


@pytest.mark.parametrize("name", ["preferences", "exclusions"])
def test_whoever_names_nobody_is_told(name):
    """A misspelt id among preferences and exclusions is refused with the nearest id, of enrolments and of a table."""
    with pytest.raises(InputError, match="Did you mean 'm1'"):
        problem(asks(**{name: ["M1"]}), gives())
    with pytest.raises(InputError, match=rf"row 1, column '{name}': nobody has this id .*Did you mean 'm1'"):
        Roster.from_table({"id": ["a", "m1"], "role": ["recipient", "provider"], name: [["M1"], None]})
