"""Whether a program can work with the people there are: counts without matching, and without looking at every pair."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from devrel.errors import InputError, InvalidValue
from devrel.kinds import MENTORING, SPONSORING, Side
from devrel.matching import (
    AboveInLevel,
    Alike,
    BelowInLevel,
    Candidate,
    Constraint,
    Criterion,
    Different,
    Differs,
    Gap,
    Near,
    NotInReportingLine,
    NotOwnManager,
    NotSameManager,
    NotSelf,
    Offered,
    OwnManager,
    Same,
    Shared,
    UpperLevelOrExternal,
    Weight,
)
from devrel.matching.constraints import named_constraints
from devrel.matching.criteria import score_of
from devrel.matching.enrolled import with_unspoken
from devrel.matching.roster import Roster
from devrel.matching.working_hours import WorkingHours, shared_minutes
from devrel.people import Enrollment, Organization, Person, Role
from devrel.programs import CapacityPolicy, Program, _candidates, _classes, _pair_rules
from devrel.programs.feasibility import Feasibility, feasibility
from devrel.terms import Cadence, Term, Unit, Weekday
from tests.generate import TODAY, WORDS, constraints, criteria, enrollments, people

YEAR = Term.of_months(date(2026, 1, 5), 12)
ZONES = ("Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Europe/Berlin")


@frozen
class OddIds(Constraint):
    """A house rule with nothing but a pair function."""

    name = "odd-ids"

    def forbids(self, case):
        return (int(case.recipient.id[2:]) + 2 * int(case.provider.id[2:])) % 3 == 0


@frozen
class OddIdsAtOnce(OddIds):
    """The same with a block function."""

    name = "odd-ids-at-once"

    def block(self, block):
        mine = np.array([int(person.id[2:]) for person in block.recipients], dtype=int)
        theirs = np.array([int(person.id[2:]) for person in block.providers], dtype=int)
        return (mine[:, None] + 2 * theirs[None, :]) % 3 == 0


@frozen
class OtherColour(Constraint):
    """A house rule that says what it looks at, without a block function."""

    name = "other-colour"

    def forbids(self, case):
        return case.recipient.get("colour") == "red" and case.provider.get("colour") != "blue"

    def looks_at(self):
        return ("colour",)


@frozen
class DifferentUnlessOdd(Different):
    """A house rule that inherits more than it means: it looks at ids as well."""

    def forbids(self, case):
        return OddIds().forbids(case) and Different.forbids(self, case)

    def block(self, block):
        return None


@frozen
class Closed(Constraint):
    """A house rule that looks at nothing."""

    name = "closed"

    def forbids(self, case):
        return True

    def looks_at(self):
        return ()


@frozen
class OddIdsAgain(Criterion):
    """A house criterion with nothing but a pair function."""

    def score(self, case):
        return float(not OddIds().forbids(case))


house_rules = st.sampled_from([OddIds(), OddIdsAtOnce(), OtherColour(), Closed(), DifferentUnlessOdd("department")])
must = st.sampled_from(
    [
        Same("colour", weight=Weight.MUST),
        Differs("department", weight=Weight.MUST),
        Shared("skills", weight=Weight.MUST, minimum=0.5),
        Offered("wants", "skills", weight=Weight.MUST, minimum=0.5),
        Offered("wants", "skills", "asks", weight=Weight.MUST),
        Near("years", 0, 3.5, weight=Weight.MUST, minimum=0.25),
        OddIdsAgain(weight=Weight.MUST),
    ]
)


@st.composite
def cases(draw):
    """A program with rules of all sorts, people in many time zones, and enrolments."""
    listed = [evolve(one, zone=draw(st.none() | st.sampled_from(ZONES))) for one in draw(people(most=8))]
    rules = draw(st.lists(constraints | house_rules, max_size=3, unique_by=lambda rule: rule.name))
    scored = draw(st.lists(must | criteria(must=False), max_size=2, unique_by=lambda one: one.shown_name))
    program = Program("P", MENTORING, YEAR, rules=rules, criteria=scored, lifted=MENTORING.constraints)
    return program, listed, draw(enrollments(listed))


@st.composite
def limits(draw):
    """The sizes from which another way is taken: as they are, or so small that every way is taken by a few people."""
    if draw(st.booleans()):
        return {}
    return {
        (_pair_rules, "MOST_CELLS"): draw(st.sampled_from([0, 4])),
        (_pair_rules, "MOST_ASKED"): 0,
        (_pair_rules, "MOST_COUNTED"): draw(st.sampled_from([0, 4, 1_000])),
        (_classes, "MOST_CLASSES"): draw(st.sampled_from([1, 2, 4])),
        (_classes, "MOST_ASKED"): draw(st.sampled_from([0, 1_000])),
        (_classes, "MOST_FREQUENT"): draw(st.sampled_from([(1,), (2, 1), (15,)])),
        (_candidates, "FIRST_HELPING"): 1,
        (_candidates, "MOST_AT_ONCE"): draw(st.sampled_from([1, 3, 100])),
    }


def judged(program, listed, enrolled, small, **more) -> Feasibility:
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), value in small.items():
            patch.setattr(module, name, value)
        return feasibility(program, listed, enrolled, **more)


class ByHand:
    """All pairs, each asked of every rule by its pair function."""

    def __init__(self, program, listed, enrolled):
        everybody = Organization(listed).public
        day = program.term.start
        constraints = with_unspoken(program.constraints, Roster.enrolled(enrolled, everybody), day, program.criteria)
        self.rules = [*constraints, *(one for one in program.criteria if one.must)]
        part = {one.person: one for one in enrolled}
        self.titles = [rule.title(program.titles) for rule in self.rules]
        self.people = {
            side: sorted(one.person for one in enrolled if one.takes(side)) for side in (Side.RECIPIENT, Side.PROVIDER)
        }
        self.failed = {
            (mine, theirs): self._failed(
                Candidate(everybody[mine], everybody[theirs], everybody, part[mine], part[theirs], day)
            )
            for mine in self.people[Side.RECIPIENT]
            for theirs in self.people[Side.PROVIDER]
            if mine != theirs
        }

    def _failed(self, case):
        return {
            place
            for place, rule in enumerate(self.rules)
            if (score_of(rule, case) < rule.minimum if isinstance(rule, Criterion) else rule.forbids(case))
        }

    def of(self, side, person):
        """What fails with everybody on the other side."""
        return [failed for pair, failed in self.failed.items() if pair[side is Side.PROVIDER] == person]

    def count(self, side, person):
        return sum(not failed for failed in self.of(side, person))

    def with_count(self, side, number):
        return tuple(person for person in self.people[side] if self.count(side, person) == number)

    def freed(self, side, place):
        return tuple(person for person in self.with_count(side, 0) if {place} in self.of(side, person))

    def several(self, side):
        return tuple(
            person
            for person in self.with_count(side, 0)
            if self.of(side, person) and all(len(failed) > 1 for failed in self.of(side, person))
        )


@given(cases(), limits())
def test_the_counts_are_those_of_asking_every_rule_of_every_pair(case, small):
    """Who has no candidate, who has one, and what each rule costs agree with all pairs asked one by one."""
    program, _, enrolled = case
    found, truth = judged(*case, small), ByHand(*case)
    assert found.pairs == len(truth.failed)
    for side in Side:
        one = found.of(side)
        assert (one.people, one.places) == (len(truth.people[side]), sum(each.takes(side) for each in enrolled))
        assert (one.without, one.single) == (truth.with_count(side, 0), truth.with_count(side, 1))
        assert (one.several, one.unjudged) == (truth.several(side), ())
        assert tuple(one.together) == one.several[:10]
        for person, titles in one.together.items():
            assert len(titles) == min(map(len, truth.of(side, person)))
            assert len(set(truth.titles)) < len(truth.titles) or set(titles) in [
                {truth.titles[place] for place in failed} for failed in truth.of(side, person)
            ]
    assert set(found.rules) == set(truth.titles) or len(set(truth.titles)) < len(truth.titles)
    for place, title in enumerate(truth.titles):
        if truth.titles.count(title) == 1:
            cost = found.rules[title]
            assert cost.recipients == truth.freed(Side.RECIPIENT, place)
            assert cost.providers == truth.freed(Side.PROVIDER, place)
            removed = sum(place in failed for failed in truth.failed.values())
            assert cost.pairs == removed or (small and cost.pairs is None)
    assert program.titles == found.titles


@given(cases(), limits())
def test_common_hours_are_those_of_the_best_candidate(case, small):
    """A recipient's minutes are the most that a candidate with a known zone has, unless one without may matter."""
    program, listed, _ = case
    found, truth = judged(*case, small), ByHand(*case)
    minutes = shared_minutes(ZONES, WorkingHours().days_to_look_at(program.term), WorkingHours())
    zone = {one.id: one.zone for one in listed}
    expected, unknown = {}, 0
    for person in truth.people[Side.RECIPIENT]:
        theirs = [zone[other] for (mine, other), failed in truth.failed.items() if mine == person and not failed]
        known = [minutes[ZONES.index(zone[person]), ZONES.index(one)] for one in theirs if one and zone[person]]
        if known and (max(known) >= program.minutes or None not in theirs):
            expected[person] = max(known)
        elif theirs:
            unknown += 1
    assert dict(found.shared) == expected
    assert found.zones_unknown == unknown
    assert found.short == tuple(sorted(one for one, most in expected.items() if most < program.minutes))


@given(cases(), st.randoms())
def test_the_order_of_people_and_enrolments_means_nothing(case, dice):
    """Shuffled people and enrolments give an equal result with the same text."""
    program, listed, enrolled = case
    others = dice.sample(listed, len(listed)), dice.sample(enrolled, len(enrolled))
    found = feasibility(program, listed, enrolled)
    assert found == feasibility(program, *others)
    assert str(found) == str(feasibility(program, *others))


@given(
    st.lists(constraints | st.sampled_from(sorted(named_constraints().values(), key=lambda one: one.name)), min_size=1),
    people(most=6),
)
def test_rules_decide_by_what_they_say_they_look_at(rules, listed):
    """Two people who differ in everything but the attributes a rule looks at get the same answer from it."""
    for rule in rules:
        looks = rule.looks_at()
        if looks is None:
            continue
        for person in listed:
            core = {name: person.get(name) for name in looks if name in ("department", "organization", "level", "zone")}
            boss = person.manager if "manager" in looks else None
            rest = {name: person.attributes[name] for name in looks if name in person.attributes}
            twin = Person("twin", manager=boss, attributes=rest, **core)
            organization = Organization([*listed, twin])
            for other in listed:
                if other.id == person.id:
                    continue
                pairs = [(person, other), (twin, other)], [(other, person), (other, twin)]
                for one, two in pairs:
                    cases = (Candidate(*pair, organization, today=TODAY) for pair in (one, two))
                    assert len({rule.forbids(case) for case in cases}) == 1


def test_rules_about_who_people_are_do_not_say_what_they_look_at():
    """Rules about a person herself are asked of pairs, and so is a subclass with a pair function of its own."""
    for rule in (NotSelf(), NotOwnManager(), OwnManager(), NotInReportingLine(), OddIds()):
        assert rule.looks_at() is None
        assert _pair_rules.looks_of(rule) is None
    assert _pair_rules.looks_of(DifferentUnlessOdd("department")) is None
    assert _pair_rules.looks_of(Different("department")) == (("department",), ("department",))
    assert _pair_rules.looks_of(Offered("wants", "skills", "asks")) == (("wants", "asks"), ("skills",))
    assert _pair_rules.looks_of(UpperLevelOrExternal()) == (("organization", "level"),) * 2


def test_a_rule_that_can_only_be_asked_pair_by_pair_is_asked_of_few_pairs(monkeypatch):
    """Twice the people are twice the questions, although the pairs are four times as many."""
    monkeypatch.setattr(_pair_rules, "MOST_ASKED", 0)
    asked = []

    @frozen
    class Counted(OddIds):
        def forbids(self, case):
            asked.append(case)
            return OddIds.forbids(self, case)

    counts = []
    for number in (200, 400):
        asked.clear()
        listed = [Person(f"id{i}") for i in range(2 * number)]
        enrolled = [Enrollment(one.id, Role.PROVIDER if i % 2 else Role.RECIPIENT) for i, one in enumerate(listed)]
        found = feasibility(Program("P", MENTORING, YEAR, rules=[Counted()], lifted=MENTORING.constraints),
                            listed, enrolled)  # fmt: skip
        assert found.rules["odd-ids"].pairs is None
        assert found.recipients.without == found.recipients.unjudged == ()
        counts.append(len(asked))
    assert counts[1] < 2.2 * counts[0] < 2.2 * 10 * 400


@given(cases(), st.integers(0, 12))
def test_a_search_that_is_given_up_says_so(case, allowance):
    """With too few questions allowed somebody may be told not judged, and what is told of the others is true."""
    small = {
        (_pair_rules, "MOST_ASKED"): 0,
        (_classes, "MOST_ASKED"): 0,
        (_candidates, "ASKED_EACH"): 0,
        (_candidates, "ASKED_ANYWAY"): allowance,
    }
    found, truth = judged(*case, small), ByHand(*case)
    for side in Side:
        one = found.of(side)
        assert {*one.without} | {*one.unjudged} >= {*truth.with_count(side, 0)} >= {*one.without}
        assert {*one.single} | {*one.unjudged} >= {*truth.with_count(side, 1)} >= {*one.single}
        assert {*one.several} <= {*truth.several(side)}
    if found.recipients.unjudged or found.providers.unjudged:
        assert "not judged" in found.to_text()


def test_people_for_whom_the_search_is_given_up_are_listed(monkeypatch):
    """Without a single question allowed, a rule with nothing but a pair function leaves everybody not judged."""
    for module, name in ((_pair_rules, "MOST_ASKED"), (_candidates, "ASKED_EACH"), (_candidates, "ASKED_ANYWAY")):
        monkeypatch.setattr(module, name, 0)
    enrolled = [Enrollment("id1", Role.PROVIDER), Enrollment("id2", Role.RECIPIENT)]
    found = feasibility(simple(OddIds()), [Person("id1"), Person("id2")], enrolled)
    assert (found.recipients.unjudged, found.recipients.without) == (("id2",), ())
    assert (found.rules["odd-ids"].pairs, found.zones_unknown) == (None, 1)
    assert "not judged                         1        1" in found.to_text()
    assert "not counted" in found.to_text()


def org():
    """A chief, two heads, and six people in two departments."""
    listed = [Person("chief", level=4)]
    for dep in ("it", "law"):
        listed.append(Person(f"{dep} head", manager="chief", department=dep, level=3))
        listed += [Person(f"{dep}{i}", manager=f"{dep} head", department=dep, level=i) for i in (1, 2)]
    return listed


def simple(*rules, **more) -> Program:
    return Program("P", MENTORING, YEAR, rules=rules, lifted=MENTORING.constraints, **more)


def test_what_a_rule_costs_is_told_by_hand():
    """Only the chief stands three above, so the rule costs everybody who is not at the bottom her candidate."""
    enrolled = [
        Enrollment("chief", Role.PROVIDER, 2),
        Enrollment("it head", Role.PROVIDER),
        Enrollment("it1", Role.RECIPIENT),
        Enrollment("it2", Role.RECIPIENT),
        Enrollment("law1", Role.RECIPIENT),
    ]
    found = feasibility(simple(Gap(at_least=3), NotOwnManager()), org(), enrolled)
    assert found.recipients.without == ("it2",)
    assert found.recipients.single == ("it1", "law1")
    assert found.providers.without == ("it head",)
    gap, manager = found.rules.values()
    assert (gap.title, gap.pairs, gap.recipients, gap.providers) == (
        "a mentor at least 3 above in level", 4, ("it2",), ("it head",),
    )  # fmt: skip
    assert (manager.pairs, manager.left_without) == (2, 0)


def test_people_who_need_several_rules_lifted_are_counted_apart():
    """Where the only candidate fails two rules, neither of them alone is to blame."""
    enrolled = [Enrollment("it head", Role.PROVIDER), Enrollment("it1", Role.RECIPIENT)]
    found = feasibility(simple(Different("department"), NotOwnManager()), org(), enrolled)
    assert found.recipients.several == found.recipients.without == ("it1",)
    assert found.providers.several == ("it head",)
    assert {cost.left_without for cost in found.rules.values()} == {0}


def test_a_criterion_that_must_be_met_costs_like_a_rule():
    """Whoever wants what nobody offers is left without a candidate by that criterion."""
    listed = [
        Person("a", attributes={"skills": ["sql"]}),
        Person("b", attributes={"wants": ["sql"]}),
        Person("c", attributes={"wants": ["law"]}),
    ]
    enrolled = [Enrollment("a", Role.PROVIDER), Enrollment("b", Role.RECIPIENT), Enrollment("c", Role.RECIPIENT)]
    wish = Offered("wants", "skills", name="skills", weight=Weight.MUST)
    found = feasibility(simple(criteria=[wish]), listed, enrolled)
    assert (found.recipients.without, found.recipients.single) == (("c",), ("b",))
    assert (found.rules["skills"].pairs, found.rules["skills"].recipients) == (1, ("c",))


def test_sensitive_attributes_shut_nobody_out_of_the_counts():
    """A rule about an attribute that is sensitive sees it as unknown."""
    listed = [Person("a", sensitive={"faith": "x"}), Person("b", sensitive={"faith": "x"})]
    enrolled = [Enrollment("a", Role.PROVIDER), Enrollment("b", Role.RECIPIENT)]
    assert feasibility(simple(Alike("faith")), listed, enrolled).recipients.without == ("b",)
    assert feasibility(simple(), listed, enrolled).recipients.without == ()


def test_nobody_on_the_other_side_is_no_rules_fault():
    """Without a provider who takes somebody everybody is without a candidate, and no rule costs anything."""
    enrolled = [
        Enrollment("chief", Role.PROVIDER, 0),
        Enrollment("it1", Role.RECIPIENT),
        Enrollment("it2", Role.RECIPIENT, demand=0),
    ]
    found = feasibility(simple(AboveInLevel()), org(), enrolled)
    assert (found.recipients.without, found.recipients.several, found.recipients.people) == (("it1",), (), 1)
    assert (found.providers.people, found.ratio, found.pairs) == (0, None, 0)
    alone = feasibility(simple(), org(), [Enrollment("chief", Role.BOTH)])
    assert (alone.recipients.without, alone.recipients.several, alone.pairs) == (("chief",), (), 0)
    nobody = feasibility(simple(OddIds()), [], [])
    assert (nobody.recipients.people, nobody.rules["odd-ids"].pairs) == (0, 0)


def test_hours_and_places_are_told_by_hand():
    """Sessions of an hour every week take as many hours a month as it has weeks, for every place that is wanted."""
    enrolled = [
        Enrollment("chief", Role.PROVIDER, 3),
        Enrollment("it head", Role.PROVIDER, 1),
        Enrollment("it1", Role.RECIPIENT),
        Enrollment("it2", Role.RECIPIENT, demand=2),
        Enrollment("law1", Role.RECIPIENT),
    ]
    weekly = Cadence(1, Unit.WEEK)
    found = feasibility(simple(cadence=weekly, minutes=60), org(), enrolled)
    assert found.hours_needed == pytest.approx(4 * 365.2425 / 7 / 12)
    assert found.hours_offered == pytest.approx(4 * 365.2425 / 7 / 12)
    assert (found.recipients.places, found.providers.places, found.ratio) == (4, 4, 1.5)
    said = feasibility(simple(cadence=weekly, minutes=60, clauses={"provider_hours": 5}), org(), enrolled)
    assert said.hours_offered == 10
    limited = feasibility(simple(capacity=CapacityPolicy(most=2)), org(), enrolled)
    assert (limited.recipients.places, limited.providers.places) == (4, 3)
    single = Program("P", SPONSORING, Term.single_session(date(2026, 1, 5)), minutes=90)
    assert feasibility(single, org(), enrolled).hours_needed == 6


def quarters(zone, hours, around):
    """The quarters of an hour, as moments, in which somebody in ``zone`` works around a day."""
    first = datetime.combine(around - timedelta(days=2), time(), tzinfo=UTC)
    moments = [first + step * timedelta(minutes=15) for step in range(4 * 24 * 5)]
    local = {moment: moment.astimezone(ZoneInfo(zone)) for moment in moments}
    return {
        moment: clock.date()
        for moment, clock in local.items()
        if hours.is_working(clock.date()) and hours.start <= clock.time() < hours.end
    }


@given(
    st.lists(st.sampled_from([*ZONES, "Pacific/Auckland", "Pacific/Honolulu"]), min_size=2, max_size=2),
    st.integers(0, 11),
    st.sampled_from([(7, 17), (9, 17), (0, 23)]),
    st.sets(st.sampled_from(Weekday), min_size=1),
)
def test_common_hours_are_the_quarters_of_an_hour_in_which_both_work(zones, week, clock, days):
    """The minutes of two zones on a day are the longest run of quarters in which the clocks of both say work."""
    hours = WorkingHours(time(clock[0]), time(clock[1]), [day for day in Weekday if day in days])
    day = WorkingHours.days_to_look_at(hours, YEAR)[week * 4]
    mine, theirs = (quarters(zone, hours, day) for zone in zones)
    common = sorted(moment for moment, where in mine.items() if where == day and moment in theirs)
    longest = run = 0
    for i, moment in enumerate(common):
        run = run + 1 if i and moment - common[i - 1] == timedelta(minutes=15) else 1
        longest = max(longest, run)
    assert shared_minutes(zones, [day], hours)[0, 1] == 15 * longest


def test_hours_that_vanish_with_the_clocks_are_seen():
    """London and Sydney share an hour in July and none in January, so an offset taken at launch would be wrong."""
    listed = [Person("a", zone="Europe/London"), Person("b", zone="Australia/Sydney")]
    enrolled = [Enrollment("a", Role.PROVIDER), Enrollment("b", Role.RECIPIENT)]
    hours = WorkingHours(time(7), time(17))
    summer = evolve(simple(), term=Term(date(2026, 6, 1), date(2026, 8, 31)))
    assert feasibility(summer, listed, enrolled, hours=hours).shared == {"b": 60}
    found = feasibility(evolve(summer, term=Term(date(2026, 6, 1))), listed, enrolled, hours=hours)
    assert (found.shared, found.short) == ({"b": 0}, ("b",))


def test_weeks_in_which_the_clocks_change_apart_are_seen():
    """New York and London are an hour closer for three weeks of March, which is no help for the rest of the year."""
    listed = [Person("a", zone="Europe/London"), Person("b", zone="America/New_York")]
    enrolled = [Enrollment("a", Role.PROVIDER), Enrollment("b", Role.RECIPIENT)]
    morning = WorkingHours(time(9), time(14))
    march = evolve(simple(), term=Term(date(2026, 3, 9), date(2026, 3, 27)))
    assert feasibility(march, listed, enrolled, hours=morning).short == ()
    assert feasibility(evolve(march, term=YEAR), listed, enrolled, hours=morning).short == ("b",)
    assert feasibility(evolve(march, term=YEAR), listed, enrolled, hours=morning, on=date(2027, 3, 24)).short == ()


def test_unknown_zones_are_not_judged_but_counted():
    """Neither a recipient without a zone nor one whose only hope has none is said to share no hours."""
    listed = [
        Person("a", zone="Europe/London"),
        Person("b", zone="Australia/Sydney"),
        Person("c"),
        Person("d", zone="Europe/Berlin"),
        Person("e"),
    ]
    givers = [Enrollment("a", Role.PROVIDER), Enrollment("e", Role.PROVIDER)]
    takers = [Enrollment(one, Role.RECIPIENT) for one in "bcd"]
    found = feasibility(simple(), listed, [*givers, *takers])
    assert (found.shared, found.short, found.zones_unknown) == ({"d": 420}, (), 2)
    found = feasibility(simple(), listed, [*givers[:1], *takers])
    assert (found.shared, found.short, found.zones_unknown) == ({"b": 0, "d": 420}, ("b",), 1)


def test_working_hours_make_sense_or_are_refused():
    """Work ends after it begins, on days of the week in their order, on a clock without a zone."""
    for wrong in (
        {"end": time(9)},
        {"days": ()},
        {"days": (Weekday.FRIDAY, Weekday.MONDAY)},
        {"days": (Weekday.FRIDAY, Weekday.FRIDAY)},
        {"start": time(9, tzinfo=UTC)},
    ):
        with pytest.raises(InvalidValue):
            WorkingHours(**wrong)
    assert str(WorkingHours(days=[Weekday.MONDAY])) == "09:00 to 17:00, Monday"


def test_a_term_without_a_middle_of_the_week_has_a_day_to_look_at():
    """A term from Thursday to Friday looks at the Thursday, and one on a weekend at the Monday after."""
    assert WorkingHours().days_to_look_at(Term(date(2026, 1, 8), date(2026, 1, 9))) == (date(2026, 1, 8),)
    assert WorkingHours().days_to_look_at(Term(date(2026, 1, 10), date(2026, 1, 11))) == (date(2026, 1, 12),)
    assert len(WorkingHours().days_to_look_at(Term(date(2026, 1, 5)))) == 52
    with pytest.raises(InvalidValue):
        shared_minutes(["UTC"], [], WorkingHours())


def test_unknown_and_doubled_enrolments_are_refused():
    """Feasibility refuses what a matching would refuse."""
    with pytest.raises(InputError):
        feasibility(simple(), org(), [Enrollment("it1", Role.RECIPIENT), Enrollment("nobody", Role.PROVIDER)])
    with pytest.raises(InputError):
        feasibility(simple(), org(), [Enrollment("it1", Role.RECIPIENT), Enrollment("it1", Role.PROVIDER)])


def test_the_text_tells_numbers_then_rules_then_people():
    """The text speaks the kind's words, and long lists of people end with how many more there are."""
    listed = [Person("boss", zone="UTC"), *(Person(f"n{i:02}", manager="boss", zone="UTC") for i in range(12))]
    enrolled = [Enrollment(one.id, Role.RECIPIENT if i else Role.PROVIDER) for i, one in enumerate(listed)]
    found = feasibility(simple(NotOwnManager(), minutes=30), listed, enrolled)
    assert str(found) == TEXT
    free = feasibility(simple(), listed, enrolled)
    assert "There are no rules." in str(free)
    assert "12.0 mentees for every mentor.\nOf 12 mentees with known time zones, 0 have" in str(free)


TEXT = """\
Feasibility of P

                                   mentees  mentors
---------------------------------  -------  -------
people                             12       1
places wanted and offered          12       1
hours a month needed and offered   6.0      0.5
without any candidate              12       1
- would need several rules lifted  0        0
with one candidate only            0        0

12.0 mentees for every mentor.

rule                          pairs removed  of all  mentees left without  mentors left without
----------------------------  -------------  ------  --------------------  --------------------
not the mentee's own manager  12             100.0%  12                    1

Mentees without any candidate: n00, n01, n02, n03, n04, n05, n06, n07, n08, n09 and 2 more
Mentors without any candidate: boss"""


def test_the_notebook_shows_everything_escaped():
    """The HTML holds numbers, rules and people, and no id or title can break out of it."""
    listed = [Person("<b>", zone="UTC"), Person("x", manager="<b>")]
    enrolled = [Enrollment("<b>", Role.PROVIDER), Enrollment("x", Role.RECIPIENT)]
    shown = feasibility(simple(NotOwnManager()), listed, enrolled)._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert shown.count("<table>") == 3


def test_rules_with_the_same_title_are_told_apart():
    """A second rule of the same title gets a number, so that no cost is lost."""
    enrolled = [Enrollment("chief", Role.PROVIDER), Enrollment("it1", Role.RECIPIENT)]
    wish = Differs("level", name="a different level", weight=Weight.MUST)
    found = feasibility(simple(Different("level"), criteria=[wish]), org(), enrolled)
    assert sorted(found.rules) == ["a different level", "a different level (2)"]


@pytest.mark.parametrize(
    "rules",
    [
        [OwnManager()],
        [Alike("team")],
        [Different("team"), AboveInLevel()],
        [NotInReportingLine(), BelowInLevel(), NotSameManager()],
        [Gap("years", at_least=1, at_most=2.5), OddIdsAtOnce()],
        [Offered("wants", "skills", weight=Weight.MUST), Different("department")],
        [Offered("wants", "skills", "asks", weight=Weight.MUST, minimum=0.5)],
    ],
)
def test_many_people_agree_with_asking_every_pair(rules):
    """With a hundred people in many teams, and limits that are small beside it, the counts are still exact."""
    dice = random.Random(3)
    listed = []
    for i in range(100):
        boss = listed[dice.randrange(max(1, i // 4))].id if i else None
        more = {
            "team": f"t{dice.choice([0, 0, dice.randrange(30)])}",
            "years": 9 * dice.random(),
            "wants": dice.sample(WORDS, dice.randrange(3)),
            "skills": dice.sample(WORDS, dice.randrange(3)),
            "asks": dice.random() < 0.8,
        }
        department = dice.choice(["it", "law", None])
        listed.append(
            Person(f"id{i}", manager=boss, department=department, level=dice.randrange(1, 30), attributes=more)
        )
    enrolled = [Enrollment(one.id, dice.choice(list(Role))) for one in listed]
    small = {
        (_pair_rules, "MOST_CELLS"): 100,
        (_classes, "MOST_CLASSES"): 12,
        (_classes, "MOST_FREQUENT"): (3,),
        (_candidates, "MOST_AT_ONCE"): 500,
    }
    criteria = [rule for rule in rules if isinstance(rule, Criterion)]
    program = simple(*(rule for rule in rules if rule not in criteria), criteria=criteria)
    found, truth = judged(program, listed, enrolled, small), ByHand(program, listed, enrolled)
    for side in Side:
        assert found.of(side).without == truth.with_count(side, 0)
        assert found.of(side).single == truth.with_count(side, 1)
    for place, title in enumerate(truth.titles):
        cost = found.rules[title]
        assert cost.pairs == sum(place in failed for failed in truth.failed.values())
        assert (cost.recipients, cost.providers) == (
            truth.freed(Side.RECIPIENT, place),
            truth.freed(Side.PROVIDER, place),
        )
