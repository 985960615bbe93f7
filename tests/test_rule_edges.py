"""Rules at their edges: what they must see beyond the smallest case, and where they must stay silent."""

from __future__ import annotations

import pytest
from attrs import evolve

from devrel.goals import Goal
from devrel.kinds import (
    ADVISING,
    CAREER_COACHING,
    COACHING,
    EXECUTIVE_COACHING,
    GROUP_MENTORING,
    KINDS,
    MENTORING,
    SPONSORING,
    Clause,
    Control,
    Mode,
    Side,
    Titles,
)
from devrel.lifecycle import Accepted, Advocated, Amended, Ended, Paused, Resumed
from devrel.matching import Alike, Different, Gap, MatchingProblem, OptimalMatching, Same
from devrel.people import Enrollment, Person, Role, Support
from devrel.programs import CapacityPolicy, Channel, Measurement, Process
from devrel.sessions import AdvocacyAct
from devrel.terms import Cadence, Term, Unit
from devrel.validation import Pairing, Severity
from devrel.validation._facts import read_topics
from devrel.validation.rules.sessions import DEVELOPMENT, DISPUTE, PROFESSIONAL
from tests.test_rule_examples import (
    ADMIN,
    DAY,
    MENTEE,
    MENTOR,
    THEME,
    active,
    carried,
    changed,
    evolve_id,
    grouped,
    held,
    judged,
    later,
    of,
    one,
    program,
    proposed,
    specific,
    told,
    two,
    whom,
)

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


def agreed(name: str, *accepting: str):
    """Return a proposal that some have accepted, and that is not active yet."""
    actors = {"m": MENTOR, "n": MENTEE}
    yes = [Accepted(f"y-{who}", actors[who], later(0), 1) for who in accepting]
    return evolve_id(proposed(MENTORING), name).apply_all(yes)


def test_what_all_have_accepted_takes_a_place():
    """A relationship takes a place once all parties have accepted it, and not before."""
    giver = Enrollment("m", PROVIDER, 1)
    whole = [active(MENTORING), agreed("s", "m", "n")]
    assert messages("L005", **one(giver, relationships=whole, kind=MENTORING)) == [
        "she has 2 relationships as mentor, and 1 place"
    ]
    assert messages("L005", **one(giver, relationships=[whole[0], agreed("s", "m")], kind=MENTORING)) == []
    assert messages("L005", **one(giver, relationships=[whole[0], agreed("s")], kind=MENTORING)) == []


def test_places_are_those_that_the_program_allows():
    """The limit of the program counts where somebody offers more, and for those who give alone."""
    lives = [active(MENTORING), evolve_id(active(MENTORING), "s")]
    around = {"relationships": lives, "program": program(capacity=CapacityPolicy(most=1))}
    assert messages("L005", **one(Enrollment("m", PROVIDER, 5), **around)) == [
        "she has 2 relationships as mentor, and 1 place"
    ]
    assert messages("L005", **one(Enrollment("n", RECIPIENT, demand=2), **around)) == []


def test_who_gives_without_being_enrolled_for_it_has_no_place():
    """Somebody enrolled as a recipient alone who gives has one relationship too many."""
    known = {"relationships": [active(MENTORING)], "kind": MENTORING}
    assert messages("L005", **one(Enrollment("m", RECIPIENT), **known)) == [
        "she has 1 relationship as mentor, and 0 places"
    ]
    assert messages("L005", **one(Enrollment("n", PROVIDER), **known)) == []


def test_pauses_are_no_time_in_which_a_sponsor_is_silent():
    """The days of a pause count neither for a period that is over nor as silence since the last advocacy."""
    spoke = Advocated("a", MENTOR, later(40), "o", AdvocacyAct.NOMINATED)
    rest = [Paused("p", MENTOR, later(60)), Resumed("q", MENTOR, later(120))]
    assert messages("S007", **one(active(SPONSORING, spoke, *rest), today=later(185).date())) == []
    assert messages("S007", **one(active(SPONSORING, spoke), today=later(185).date()))
    assert messages("S007", **one(active(SPONSORING, spoke, *rest), today=later(195).date()))
    assert messages("S007", **one(active(SPONSORING, *rest), today=later(140).date())) == []
    assert messages("S007", **one(active(SPONSORING, *rest, Ended("e", ADMIN, later(155)))))


def amended(first: Goal, then: Goal):
    """Return mentoring whose goal the mentee proposed, and the mentor put forward as it is or as another."""
    start = active(MENTORING, by=MENTEE, goals=[first])
    put = evolve(start.agreement, goals=[then], version=2)
    return start.apply(Amended("am", MENTOR, later(2), put)).apply(Accepted("z", MENTEE, later(3), 2))


def test_a_goal_that_keeps_its_words_and_is_another_is_set_anew():
    """Who turns a theme into a measured goal of the same text has set it; who repeats it as it is has not."""
    measured = specific()
    assert messages("G007", **one(amended(evolve(THEME, text=measured.text), measured))) == []
    assert messages("G007", **one(amended(measured, measured)))


@pytest.mark.parametrize(
    ("sort", "yes", "no"),
    [
        (
            PROFESSIONAL,
            ["therapy", "Therapy", "my therapy", "psychotherapy", "Mental Health", "mental_health",
             "marriage counselling", "counseling", "health", "dealing with grief"],
            ["", " ", "health-care market", "therapeutics pricing", "networking"],
        ),
        (
            DISPUTE,
            ["Conflict", "conflict with my boss", "a dispute", "DISPUTES", "taking sides", "Conflict at work",
             "complaint"],
            ["conflicted", "customer complaints", "siding", "tasks"],
        ),
        (
            DEVELOPMENT,
            ["Networking", "skills", "Skills to develop", "public speaking", "public_speaking", "career-interests",
             "my next career step", "time management", "Direction"],
            ["tasks", "skilful", "sales directions", "publicspeaking"],
        ),
    ],
    ids=["professional", "dispute", "development"],
)  # fmt: skip
def test_topics_are_known_in_the_words_people_use(sort, yes, no):
    """Capitals, blanks and underscores do not count, and a known word counts anywhere in a topic, whole."""
    assert [topic for topic in yes if not sort.have(*read_topics([topic]))] == []
    assert [topic for topic in no if sort.have(*read_topics([topic]))] == []


def test_free_topics_reach_the_rules():
    """The three rules about topics judge what people wrote, and not the names of the bank alone."""
    life = active(MENTORING, *held(1, 2, 3, topics=["Couples Counselling", "a conflict with Jo"]))
    assert messages("S005", **one(life)) == ["3 of 3 sessions touched a topic that belongs to a licensed professional"]
    assert messages("S006", **one(life)) == ["3 of 3 sessions touched a dispute in which a side may be taken"]
    assert messages("S002", **one(life))
    assert messages("S002", **one(active(MENTORING, *held(1, 2, 3, topics=["Public Speaking"])))) == []


def giver(hours: float | None, places: int = 1, name: str = "m") -> Enrollment:
    return Enrollment(name, PROVIDER, places, hours_offered=hours)


def taker(hours: float | None, name: str = "n") -> Enrollment:
    return Enrollment(name, RECIPIENT, hours_needed=hours)


def monthly(**more):
    """Return a program whose pairs meet for an hour every month."""
    return program(cadence=Cadence(1, Unit.MONTH), minutes=60, rules=[], lifted=["not-own-manager"], **more)


PLANNED = 1


@pytest.mark.parametrize(
    ("design", "enrolled", "needed", "offered", "fires"),
    [
        ({}, [giver(None), taker(None)], PLANNED, PLANNED, False),
        ({}, [giver(0.5), taker(None)], PLANNED, 0.5, True),
        ({}, [giver(9), taker(20)], 20, 9, True),
        ({}, [giver(None, 2), taker(3)], 3, 6, False),
        ({"capacity": CapacityPolicy(hours_a_month=0.2)}, [giver(None), taker(None)], PLANNED, 0.2, True),
        ({"clauses": {"provider_hours": 0.1}, "capacity": CapacityPolicy(hours_a_month=20)},
         [giver(None), taker(None)], PLANNED, 0.1, True),
        ({"clauses": {"provider_hours": 4}, "capacity": CapacityPolicy(hours_a_month=2)},
         [giver(3), giver(1, name="m2"), taker(None)], PLANNED, 3, False),
    ],
)  # fmt: skip
def test_feasibility_and_its_rule_count_the_same_hours(design, enrolled, needed, offered, fires):
    """Hours of people count, the least of what is known of a provider bounds her, and both reports agree on it."""
    planned, people = monthly(**design), [Person(one.person) for one in enrolled]
    found = planned.feasibility(people, enrolled)
    assert (found.hours_needed, found.hours_offered) == (pytest.approx(needed), pytest.approx(offered))
    said = messages("D006", **one(planned, people=people, enrollments=enrolled))
    assert bool(said) is fires
    assert all(f"is {offered:g} " in text for text in said)


def test_one_session_serves_a_whole_group():
    """A group takes the hours of one series of sessions, in the feasibility as in its rule."""
    enrolled = [giver(1.1, 3), *(taker(None, f"n{i}") for i in range(3))]
    people = [Person(one.person) for one in enrolled]
    planned = evolve(monthly(), kind=GROUP_MENTORING)
    assert planned.feasibility(people, enrolled).hours_needed == pytest.approx(PLANNED)
    assert messages("D006", **one(planned, people=people, enrollments=enrolled)) == []
    assert messages("D006", **one(evolve(planned, minutes=120), people=people, enrollments=enrolled)) == [
        "the sessions of 1 group take 2 hours a month, and what 1 mentor can give is 1.1 "
        "(1.1 each, for all mentees of one together)"
    ]


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("D010", {"purpose": " ", "aims": ()}),
        ("D011", {"process": Process([" ", ""], [Channel.MAIL])}),
        ("D015", {"platforms": [" "]}),
    ],
)
def test_blanks_are_no_answers(code, known):
    """A step or a tool without a word leaves its question open."""
    assert judged(code, changed(**known)).findings


def test_who_has_no_candidate_is_told_with_the_rules_that_do_it():
    """Each person shown has her own reason: one rule, any of two, or the fewest together; providers are told too."""
    people = [
        Person("n1", level=1, department="a"),
        Person("n2", level=3, department="b"),
        Person("m1", level=3, department="a"),
        Person("m2", level=2, department="b"),
        Person("m3", level=1, department="a"),
    ]
    rules = [Gap("level", at_least=1), Different("department"), Alike("level")]
    design = program(rules=rules, lifted=["not-own-manager"])
    enrolled = [Enrollment(one.id, RECIPIENT if one.id[0] == "n" else PROVIDER) for one in people]
    (mentees, mentors) = judged("D021", one(design, people=people, enrollments=enrolled))
    assert (mentees.severity, mentors.severity) == (Severity.WARNING, Severity.ADVICE)
    assert mentees.message == (
        'without a candidate: 2 of 2 mentees: n1 for want of "the same level"; '
        'n2 for want of "a mentor at least 1 above in level"'
    )
    assert mentors.message == (
        'without a candidate: 3 of 3 mentors: m1 for want of "a mentor at least 1 above in level"; '
        'm2 for want of "the same level"; '
        'm3 for want of "a mentor at least 1 above in level" and "a different department"'
    )


def test_a_share_that_is_just_reached_is_reached():
    """Fifty-five of a hundred are what a program aims at that aims at 0.55, and fifty-four are not."""
    for lucky, fires in ((55, False), (54, True)):
        known = {**grouped({"x": (lucky, 100)}), "program": program(measurement=Measurement(match_rate=0.55))}
        assert bool(messages("M001", **known)) is fires


@pytest.mark.parametrize(
    ("loads", "heavy"),
    [((60, 1, 1), 1), ((20, 1), 1), ((20, 20, 1, 1, 1, 1), 2), ((3, 2, 2), 0), ((3, 1, 1), 0), ((60,), 0), ((9, 9), 0)],
)
def test_one_who_carries_far_more_does_not_hide_herself(loads, heavy):
    """A load is compared with those of the others, so that neither few providers nor two heavy ones hide it."""
    assert len(messages("M003", **carried(*loads))) == heavy


def weighed(hobbies: str, regions: str = "abcd"):
    """Return a matching of four and four, by regions above all and by hobbies a little."""
    people = [Person(f"r{i}", attributes={"region": "abcd"[i], "hobby": "xyxy"[i]}) for i in range(4)]
    people += [Person(f"p{i}", attributes={"region": regions[i], "hobby": hobbies[i]}) for i in range(4)]
    enrolled = [Enrollment(one.id, RECIPIENT if one.id[0] == "r" else PROVIDER) for one in people]
    criteria = [Same("region", weight=9), Same("hobby", weight=1)]
    problem = MatchingProblem.from_people(people, enrolled, criteria=criteria)
    return one(OptimalMatching().match(problem), problem=problem, people=people)


def test_a_weight_without_which_the_pairs_are_the_same_is_found():
    """Regions alone decide here, so hobbies change nothing; where hobbies break a tie of regions, they may."""
    assert messages("M004", **weighed("xxyy")) == [
        "without the criterion 'same hobby' the very same people are matched"
    ]
    assert messages("M004", **weighed("xyxy", "aabb")) == []
    bare = weighed("xxyy")
    assert messages("M004", **{**bare, "subject": evolve(bare["subject"], strategy=None)}) == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"control": Control(Side.RECIPIENT, f" {MENTORING.control.text.upper()}")}, "control.side"),
        ({"timeline": evolve(MENTORING.timeline, usual_days=(1, 90))}, "timeline.usual_days"),
        ({"mode": Mode.ADVISING}, "mode"),
        ({"requires": ()}, "requires"),
    ],
)
def test_a_blank_or_a_capital_is_no_other_text(changes, where):
    """Every facet that is turned around needs words of its own; a blank is none, nor is a capital."""
    (found,) = judged("K001", one(evolve(MENTORING.derive("loud", source="own"), **changes)))
    assert found.where == where


def test_clauses_that_are_added_contradict_nothing():
    """A derived kind may demand more than its base without another text."""
    more = MENTORING.derive("loud", source="own", requires={*MENTORING.requires, Clause.PLAN})
    assert messages("K001", **one(more)) == []


def test_a_source_or_a_capital_makes_no_other_kind():
    """A kind of a known name that differs in its source, or in capitals, has the facets that people expect."""
    assert messages("K003", **one(evolve(MENTORING, source="own"))) == []
    assert messages("K003", **one(evolve(MENTORING, name="Mentoring", titles=Titles("Mentor", "Mentee")))) == []
    assert messages("K003", **one(evolve(MENTORING, name="Mentoring", titles=Titles("mentor", "pupil"))))
    assert messages("K003", **one(evolve(MENTORING, name="Mentoring", mode=Mode.COACHING)))


def test_an_attribute_that_nobody_has_is_told():
    """Where nothing is known of an attribute to audit by, no group can be compared, and that is said."""
    found = messages(
        "M002", **grouped({"x": (5, 5)}) | {"program": program(measurement=Measurement(audit_by=["gruop"]))}
    )
    assert found == ["nothing is known of 'gruop' of any mentee, so no groups can be compared"]


SPOKE = Advocated("a", MENTOR, later(40), "o", AdvocacyAct.NOMINATED)
REST = (Paused("p", MENTOR, later(60)), Resumed("q", MENTOR, later(120)))
WARNING, ADVICE = Severity.WARNING, Severity.ADVICE
TWO_LIVES = [active(MENTORING), evolve_id(active(MENTORING), "s")]
LIMITED = {"relationships": TWO_LIVES, "program": program(capacity=CapacityPolicy(most=1))}


def planned(enrolled: list[Enrollment], **design):
    return one(monthly(**design), people=[Person(one.person) for one in enrolled], enrollments=enrolled)


MORE = [
    ("S007", WARNING, one(active(SPONSORING, SPOKE), today=later(185).date()),
     one(active(SPONSORING, SPOKE, *REST), today=later(185).date())),
    ("S007", WARNING, one(active(SPONSORING, SPOKE, *REST), today=later(195).date()),
     one(active(SPONSORING, *REST), today=later(140).date())),
    ("S007", WARNING, one(active(SPONSORING, *REST, Ended("e", ADMIN, later(155)))),
     one(active(SPONSORING, SPOKE, Paused("p", MENTOR, later(60))), today=later(400).date())),
    ("S007", WARNING, one(active(SPONSORING, SPOKE, Ended("e", ADMIN, later(155)))),
     one(active(SPONSORING, SPOKE, Ended("e", ADMIN, later(90))))),
    ("L005", WARNING, one(Enrollment("m", PROVIDER, 1), relationships=[active(MENTORING), agreed("s", "m", "n")]),
     one(Enrollment("m", PROVIDER, 1), relationships=[active(MENTORING), agreed("s", "m")])),
    ("L005", WARNING, one(Enrollment("m", PROVIDER, 5), **LIMITED),
     one(Enrollment("n", RECIPIENT, demand=2), **LIMITED)),
    ("L005", WARNING, one(Enrollment("m", RECIPIENT), relationships=[active(MENTORING)], kind=MENTORING),
     one(Enrollment("n", PROVIDER), relationships=[active(MENTORING)], kind=MENTORING)),
    ("L005", WARNING, one(Enrollment("m", PROVIDER, 1), relationships=TWO_LIVES),
     one(Enrollment("m", PROVIDER, 2), relationships=TWO_LIVES)),
    ("M004", ADVICE, weighed("xxyy"), weighed("xyxy", "aabb")),
    ("D006", WARNING, planned([giver(0.5), taker(None)]), planned([giver(None), taker(None)])),
    ("D006", Severity.ERROR, planned([giver(9), taker(20)]), planned([giver(None, 2), taker(3)])),
    ("D006", Severity.ERROR, planned([giver(None), taker(None)], capacity=CapacityPolicy(hours_a_month=0.2)),
     planned([giver(None), taker(None)], capacity=CapacityPolicy(hours_a_month=20))),
    ("D006", Severity.ERROR, planned([giver(None), taker(None)], clauses={"provider_hours": 0.1}),
     planned([giver(3), giver(1, name="m2"), taker(None)], clauses={"provider_hours": 4})),
]  # fmt: skip
"""Cases on the edges of rules, each with a neighbour without a finding: broken variants of a rule fail them too."""


@pytest.mark.parametrize(("code", "severity", "bad", "good"), MORE)
def test_a_rule_finds_its_edge_and_not_the_neighbour(code, severity, bad, good):
    """The first finding of the case has its severity; the neighbour gives none."""
    assert next(iter(judged(code, bad))).severity is severity
    assert judged(code, good).findings == ()
