"""Asking the rules: which are asked, in which order things are found, what is left out, and what breaks down."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from devrel.agreements import Agreement
from devrel.errors import InputError, InvalidValue
from devrel.formats.json import dumps_relationships, loads_relationships
from devrel.kinds import BASE_KINDS, COACHING, MENTORING
from devrel.lifecycle import Actor
from devrel.matching import MatchingProblem, OptimalMatching
from devrel.people import Enrollment, Organization, Person, Role
from devrel.programs import CheckPolicy, Program
from devrel.relationships import Relationship, pair
from devrel.terms import Term
from devrel.validation import Entry, Flaw, Pairing, Rulebook, Severity, Subject, Validator, check, rule

TODAY = date(2026, 1, 5)
START = datetime(2026, 1, 2, tzinfo=UTC)
PROGRAM = Program("P", MENTORING, Term.of_months(date(2026, 2, 2), 9))
PEOPLE = [Person("m1", level=3), Person("m2", level=3), Person("n1", level=1), Person("n2", level=1)]
ENROLLED = [
    *(Enrollment(one, Role.PROVIDER) for one in ("m1", "m2")),
    *(Enrollment(one, Role.RECIPIENT) for one in ("n1", "n2")),
]


def made(code, judge, *, severity=Severity.WARNING, subject=Subject.PROGRAM, **more) -> Validator:
    given = {"source": "our own", "rationale": "To see it.", "remedy": "Nothing.", **more}
    return rule(code, "a rule", severity=severity, subject=subject, **given)(judge)


def always(code, **more) -> Validator:
    """A rule that has a word about everything."""
    return made(code, lambda case: Flaw("where", "what"), **more)


def never(code, **more) -> Validator:
    return made(code, lambda case: None, **more)


def book(*rules: Validator) -> Rulebook:
    return Rulebook(Entry(one) for one in rules)


def proposed(name="r1", kind=MENTORING, provider="m1", recipient="n1", program=None) -> Relationship:
    agreement = Agreement.draft(kind, START.date())
    parties = pair(provider, recipient)
    return Relationship.propose(name, kind, parties, agreement, actor=Actor.system(), at=START, program=program)


def codes(*rules: Validator, subject=PROGRAM, **known) -> tuple[str, ...]:
    return check(subject, rules=book(*rules), today=TODAY, **known).codes


def words(error) -> list[tuple[str | None, str]]:
    return [(problem.column, problem.wrong) for problem in error.value.problems]


# ---- what is judged --------------------------------------------------------------------------------------------------


def test_every_subject_is_judged_by_the_rules_about_it():
    """A rule hears of the things it is about, each once, and of nothing else."""
    heard = {subject: [] for subject in Subject}
    rules = [
        made(f"X00{place}", lambda case, seen=heard[subject]: seen.append(case), subject=subject)
        for place, subject in enumerate(Subject)
    ]
    problem = MatchingProblem.from_program(PROGRAM, PEOPLE, ENROLLED)
    matching = OptimalMatching().match(problem)
    check(
        PROGRAM,
        people=PEOPLE,
        enrollments=ENROLLED,
        relationships=[proposed(program="P"), proposed("r2", provider="m2")],
        matching=matching,
        problem=problem,
        rules=book(*rules),
        today=TODAY,
    )
    counts = {subject.value: len(cases) for subject, cases in heard.items()}
    assert counts == {
        **{"kind": 1, "program": 1, "people": 1, "enrolment": 4, "agreement": 3, "relationship": 2},
        **{"pairing": 2 + len(matching.pairs), "matching": 1},
    }
    assert heard[Subject.MATCHING][0].matching is matching
    assert {case.kind for cases in heard.values() for case in cases} == {MENTORING}
    assert [case.enrollment for case in heard[Subject.ENROLLMENT]] == ENROLLED


@pytest.mark.parametrize(
    ("subject", "about", "name"),
    [
        (MENTORING, Subject.KIND, "kind mentoring"),
        (Agreement.draft(MENTORING, TODAY), Subject.AGREEMENT, "agreement"),
        (proposed(), Subject.RELATIONSHIP, "relationship r1"),
        (Pairing(MENTORING, PEOPLE[2], PEOPLE[0]), Subject.PAIRING, "pair n1 and m1"),
        (ENROLLED[0], Subject.ENROLLMENT, "person m1"),
        (PROGRAM, Subject.PROGRAM, "program 'P'"),
    ],
)
def test_a_finding_names_what_is_judged(subject, about, name):
    """Whatever is judged alone is named in the finding, with the code, the place, the remedy and the source."""
    kind = MENTORING if isinstance(subject, Agreement) else None
    (found,) = check(subject, kind=kind, rules=book(always("X001", subject=about)), today=TODAY)
    assert (found.subject, found.code, found.where, found.message) == (name, "X001", "where", "what")
    assert (found.remedy, found.source, found.severity) == ("Nothing.", "our own", Severity.WARNING)


def test_a_flaw_may_say_it_better_than_the_rule():
    """A remedy and a severity of the flaw stand in place of those of the rule."""
    one = made("X001", lambda case: Flaw("a", "b", "Do this.", Severity.ERROR))
    (found,) = check(PROGRAM, rules=book(one), today=TODAY)
    assert (found.remedy, found.severity) == ("Do this.", Severity.ERROR)


def test_a_rule_may_answer_in_any_of_four_ways():
    """Nothing, one flaw, several, and a generator of flaws are all answers."""
    flaw = Flaw("a", "b")
    several = [Flaw("a", "1"), Flaw("a", "2")]
    answers = [None, flaw, several, (one for one in several), []]
    rules = [made(f"X00{place}", lambda case, one=one: one) for place, one in enumerate(answers)]
    assert [found.code for found in check(PROGRAM, rules=book(*rules), today=TODAY)] == [
        *("X001", "X002", "X002", "X003", "X003")
    ]


@pytest.mark.parametrize("subject", ["text", 7, None, {PROGRAM.name}, [PROGRAM, "text"]])
def test_what_cannot_be_judged_is_refused(subject):
    """Something that is no subject is refused with the list of what is one."""
    with pytest.raises(InvalidValue, match="nothing that can be judged; give a program, a kind"):
        check(subject, rules=book(), today=TODAY)


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"today": datetime(2026, 1, 5, tzinfo=UTC)}, "today"),
        ({"today": "2026-01-05"}, "today"),
        ({"program": "P"}, "program"),
        ({"kind": "mentoring"}, "kind"),
        ({"matching": []}, "matching"),
        ({"problem": []}, "problem"),
        ({"relationships": ["r1"]}, "relationships"),
        ({"enrollments": ["m1"]}, "enrollments"),
        ({"kinds": ["mentoring"]}, "kinds"),
        ({"kinds": 7}, "kinds"),
        ({"people": ["m1"]}, "people"),
        ({"people": 7}, "people"),
        ({"rules": [1]}, "rules"),
        ({"select": 7}, "select"),
        ({"select": [["X001"]]}, "select"),
        ({"ignore": 7}, "ignore"),
        ({"ignore": {1: "so"}}, "ignore"),
        ({"severities": ["X001"]}, "severities"),
    ],
)
def test_arguments_of_another_type_are_refused(known, name):
    """A wrong argument is refused by name, with what to give instead, before any rule could trip over it."""
    with pytest.raises(InvalidValue) as caught:
        check(MENTORING, **{"rules": book(), "today": TODAY, **known})
    assert caught.value.field == name
    assert caught.value.remedy


def test_nothing_said_is_nothing_selected_and_nothing_ignored():
    """None means what an empty list does."""
    assert codes(always("X001"), select=None, ignore=None, severities=None) == ("X001",)


def test_an_organisation_is_judged_by_the_rules_about_people():
    """People, those enrolled and those paired are judged, with the program around; what is wanting is told."""
    subjects = [Subject.PEOPLE, Subject.ENROLLMENT, Subject.PAIRING, Subject.PROGRAM]
    rules = book(*(always(f"X00{place}", subject=subject) for place, subject in enumerate(subjects)))
    people = Organization(PEOPLE)
    whole = check(people, program=PROGRAM, enrollments=ENROLLED, relationships=[proposed()], rules=rules, today=TODAY)
    assert [one.subject for one in whole] == [
        "people",
        *(f"person {one.person}" for one in ENROLLED),
        "relationship r1",
    ]
    alone = check(people, rules=rules, today=TODAY)
    assert (alone.codes, [str(one) for one in alone.skipped]) == (
        ("X000",),
        ["X001 needs enrollments", "X002 needs relationships"],
    )
    with pytest.raises(InvalidValue, match="one organisation"):
        check(people, people=PEOPLE, rules=rules, today=TODAY)


def test_a_person_alone_is_refused_with_what_to_give():
    """Whoever gives a person learns that an organisation or a pair can be judged."""
    with pytest.raises(InvalidValue, match="a person alone cannot be judged; give an Organization"):
        check(PEOPLE[0], rules=book(), today=TODAY)


def test_one_program_is_judged_at_a_time():
    """Two programs, or another one around it, are refused; the same one twice, and one in a list, are not."""
    other = evolve(PROGRAM, name="Q")
    for subject, around in (([PROGRAM, other], None), (PROGRAM, other)):
        with pytest.raises(InvalidValue, match="one program after the other"):
            check(subject, program=around, rules=book(), today=TODAY)
    seen = []
    check([MENTORING, PROGRAM], rules=book(made("X001", lambda case: seen.append(case.program))), today=TODAY)
    check(PROGRAM, program=PROGRAM, rules=book(made("X001", lambda case: seen.append(case.program))), today=TODAY)
    assert seen == [PROGRAM, PROGRAM]


def test_an_agreement_is_of_a_kind():
    """An agreement without its kind is refused; the program's will do, and one that is given goes above it."""
    seen = []
    rules = book(made("X001", lambda case: seen.append(case.kind), subject=Subject.AGREEMENT))
    agreement = Agreement.draft(MENTORING, TODAY)
    with pytest.raises(InvalidValue, match="kind=MENTORING"):
        check(agreement, rules=rules, today=TODAY)
    check(agreement, program=PROGRAM, rules=rules, today=TODAY)
    check(agreement, program=PROGRAM, kind=COACHING, rules=rules, today=TODAY)
    assert seen == [MENTORING, COACHING]


def test_pairs_of_a_matching_need_people_and_a_kind():
    """The pairs of a matching are judged where people and kind are known; else the report says what is wanting."""
    matching = OptimalMatching().match(MatchingProblem.from_program(PROGRAM, PEOPLE, ENROLLED))
    rules = book(always("X001", subject=Subject.PAIRING))
    assert len(check(matching, kind=MENTORING, people=PEOPLE, rules=rules, today=TODAY)) == len(matching.pairs)
    for known, need in (({"kind": MENTORING}, "people"), ({"people": PEOPLE}, "program")):
        report = check(matching, rules=rules, today=TODAY, **known)
        assert [str(one) for one in report.skipped] == [f"X001 needs {need}"]


def test_drafts_are_shown_to_rules_that_want_them():
    """The agreement that a program proposes is a draft: a rule may pass over it, and judges real ones all the same."""
    final = always("X001", subject=Subject.AGREEMENT, drafts=False)
    assert codes(final) == ()
    assert codes(final, relationships=[proposed()]) == ("X001",)


# ---- relationships ---------------------------------------------------------------------------------------------------


def test_relationships_of_other_programs_are_passed_over_and_counted():
    """With a program, its own relationships and those of none are judged; the others are known, and counted."""
    known = []
    one = made("X001", lambda case: known.append(len(case.around.relationships)), subject=Subject.RELATIONSHIP)
    lives = [proposed("r1", program="P"), proposed("r2", program="Q"), proposed("r3")]
    report = check(PROGRAM, relationships=lives, rules=book(one), today=TODAY)
    assert known == [3, 3]
    assert report.passed_over == 1
    assert "1 relationship of other programs, not judged" in report.to_text()


def test_relationships_know_of_one_another():
    """Those that are judged are among those that are known, whether others are given or not, each once."""
    seen = []
    one = made(
        "X001",
        lambda case: seen.append(sorted(each.id for each in case.around.by_person["m1"])),
        subject=Subject.RELATIONSHIP,
    )
    first, second = proposed("r1"), proposed("r2", recipient="n2")
    for subject, others in ((first, None), (first, [second]), ([first, second], None), (first, [first, second])):
        check(subject, relationships=others, rules=book(one), today=TODAY)
    assert seen == [["r1"], ["r1", "r2"], ["r1", "r2"], ["r1", "r2"], ["r1", "r2"]]


def test_a_relationship_is_there_once():
    """The same relationship twice is judged once; two of one id with different histories are refused."""
    rules = book(always("X001", subject=Subject.RELATIONSHIP))
    assert len(check([proposed(), proposed()], rules=rules, today=TODAY)) == 1
    with pytest.raises(InvalidValue, match="'r1' is there twice, with different histories"):
        check(PROGRAM, relationships=[proposed(), proposed(recipient="n2")], rules=rules, today=TODAY)
    newer = check(proposed(recipient="n2"), relationships=[proposed()], rules=rules, today=TODAY)
    assert len(newer) == 1


def test_relationships_from_a_document_are_judged_like_those_that_were_written():
    """Kinds that came out of JSON, equal or not the same object, change nothing in the report."""
    lives = [proposed(f"r{place}", kind) for place, kind in enumerate(BASE_KINDS)]
    rules = book(
        made("X001", lambda case: Flaw("kind", case.kind.name), subject=Subject.RELATIONSHIP),
        always("X002", subject=Subject.AGREEMENT, applies=lambda kind: kind.name == "coaching"),
    )
    read = loads_relationships(dumps_relationships(lives))
    assert check(lives, rules=rules, today=TODAY) == check(read, rules=rules, today=TODAY)


def test_kinds_that_are_equal_are_one_kind():
    """A rule is asked whether it applies a few times a kind, however many equal kinds there are."""
    asked = []
    rules = book(always("X001", subject=Subject.RELATIONSHIP, applies=lambda kind: asked.append(kind) or True))
    lives = [proposed(f"r{n}", MENTORING.derive("alumni", source="our own")) for n in range(50)]
    assert len({id(one.kind) for one in lives}) > 1
    assert len(check(lives, rules=rules, today=TODAY)) == 50
    assert len(asked) < 5


def test_pairs_of_relationships_are_named_by_the_relationship():
    """Where the people are known, the pairs of a relationship are judged with its agreement, and named like it."""
    seen = []

    def judge(case):
        seen.append((case.recipient.id, case.provider.id, case.agreement is not None))
        return Flaw("pair", "it is one")

    rules = book(made("X001", judge, subject=Subject.PAIRING))
    (found,) = check(proposed(), people=PEOPLE, rules=rules, today=TODAY)
    assert (found.subject, seen) == ("relationship r1", [("n1", "m1", True)])
    nobody = check(proposed(), rules=rules, today=TODAY)
    assert ([str(one) for one in nobody.skipped], len(nobody)) == (["X001 needs people"], 0)
    assert check(proposed(provider="stranger"), people=PEOPLE, rules=rules, today=TODAY).ok


# ---- the order -------------------------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False))
def test_the_report_does_not_depend_on_any_order(draw: random.Random):
    """Rules, people, enrolments and relationships in any order give the same report, crashes and notes included."""

    def breaks(case):
        raise ValueError(case.relationship.id)

    rules = [
        made("X001", lambda case: Flaw("who", case.enrollment.person), subject=Subject.ENROLLMENT),
        made("X002", breaks, subject=Subject.RELATIONSHIP),
        made("X003", lambda case: [Flaw("a", "1", "Do a."), Flaw("a", "1", "Do b.")], severity=Severity.ERROR),
        made("Y001", lambda case: Flaw("pair", "two"), subject=Subject.PAIRING, needs=["relationship"]),
        never("Y002"),
        never("Y003"),
        always("Y004", needs=["problem"], severity=Severity.ADVICE),
    ]
    ignore = {"Y002": "x", "Y003": "y"}
    lives = [proposed(f"r{n}", kind, "m1", "n1") for n, kind in enumerate([MENTORING, COACHING, MENTORING])]

    def shuffled(items):
        return draw.sample(list(items), len(items))

    def judged(order):
        return check(
            PROGRAM,
            rules=book(*order(rules)),
            people=order(PEOPLE),
            enrollments=order(ENROLLED),
            relationships=order(lives),
            ignore=dict(order(list(ignore.items()))),
            today=TODAY,
        )

    straight = judged(list)
    assert judged(shuffled) == straight
    assert straight.unused == ("Y002", "Y003")
    assert len(straight.crashed) == 3
    assert [one.severity.rank for one in straight] == sorted(one.severity.rank for one in straight)


# ---- which are asked -------------------------------------------------------------------------------------------------


def test_rules_are_selected_by_code_and_by_family():
    """A code asks one rule, a letter its family, nothing asks all; a single text will do."""
    rules = [always("X001"), always("X002"), always("Y001")]
    assert codes(*rules, select=["Y001"]) == ("Y001",)
    assert codes(*rules, select="X") == ("X001", "X002")
    assert codes(*rules, select=["X002", "Y"]) == ("X002", "Y001")
    assert codes(*rules) == ("X001", "X002", "Y001")
    assert codes(*rules, select=iter(["X001"])) == ("X001",)


def test_rules_are_ignored_by_code_and_by_family_and_counted():
    """What is ignored is not in the report and is counted; what is lost is said nowhere else."""
    rules = [always("X001"), always("X002"), always("Y001")]
    report = check(PROGRAM, rules=book(*rules), ignore=["X"], today=TODAY)
    assert (report.codes, report.suppressed, report.unused) == (("Y001",), 2, ())
    assert "2 ignored" in report.summary


def test_an_error_is_ignored_with_a_reason_only():
    """An error that is ignored without a reason is refused, whether named by code or family; blanks are no reason."""
    rules = [always("X001", severity=Severity.ERROR), always("X002")]
    for ignore in (["X001"], "X", {"X001": " "}, {"X": ""}, {"X001": None}):
        with pytest.raises(InputError, match=r"X001 is an error and is ignored without a reason\. Say why"):
            codes(*rules, ignore=ignore)
    assert codes(*rules, ignore={"X001": "we know"}) == ("X002",)
    assert codes(*rules, ignore={"X": "we know"}) == ()
    assert codes(*rules, ignore={"X001": "", "X": "we know"}) == ()
    with pytest.raises(InputError, match="X001 is an error"):
        codes(*rules, ignore=["X001"], severities={"X001": "advice"})
    with pytest.raises(InputError, match="X002 is an error"):
        codes(*rules, ignore=["X002"], severities={"X002": "error"})


def test_a_case_that_is_an_error_is_not_ignored_without_a_reason():
    """A rule that is a warning may be ignored so; a case that it calls an error stays, and says why it stays."""
    rules = book(made("X001", lambda case: [Flaw("a", "small"), Flaw("b", "large", severity=Severity.ERROR)]))
    report = check(PROGRAM, rules=rules, ignore=["X001"], today=TODAY)
    (found,) = report
    assert (found.where, found.severity, report.suppressed, report.unused) == ("b", Severity.ERROR, 1, ())
    assert found.remedy == "Nothing. It is ignored without a reason, and an error needs one."
    assert check(PROGRAM, rules=rules, ignore={"X001": "we know"}, today=TODAY).suppressed == 2
    milder = check(PROGRAM, rules=rules, ignore=["X001"], severities={"X001": "advice"}, today=TODAY)
    assert ([(one.where, one.severity) for one in milder], milder.suppressed) == ([("b", Severity.ADVICE)], 1)


def test_severities_can_be_changed():
    """A code or a family may be more or less grave than usual; a code counts more than its family, in any order."""
    rules = [always("X001"), always("X002")]
    for order in (list, reversed):
        changed = dict(order([("X", "advice"), ("X002", Severity.ERROR)]))
        report = check(PROGRAM, rules=book(*rules), severities=changed, today=TODAY)
        assert [(one.code, one.severity.value) for one in report] == [("X002", "error"), ("X001", "advice")]
    flaw = made("X001", lambda case: Flaw("a", "b", severity=Severity.ERROR))
    assert check(PROGRAM, rules=book(flaw), severities={"X001": "advice"}, today=TODAY).counts[Severity.ADVICE] == 1


def test_everything_unknown_is_refused_at_once():
    """Unknown codes, families and severities, and missing reasons, come in one error, each with the nearest."""
    rules = [always("X001", severity=Severity.ERROR), always("Y001")]
    with pytest.raises(InputError) as caught:
        codes(
            *rules,
            select=["X0001", "Y"],
            ignore={"Q": "gone", "X001": ""},
            severities={"Y001": "grave", "Y002": "warnin"},
        )
    assert words(caught) == [
        ("select", "'X0001' is no rule"),
        ("severities", "'grave' is no severity"),
        ("severities", "'warnin' is no severity"),
        ("severities", "'Y002' is no rule"),
        ("ignore", "'Q' is no rule"),
        ("ignore", "X001 is an error and is ignored without a reason"),
    ]
    remedies = [problem.remedy for problem in caught.value.problems]
    assert "Did you mean 'X001'?" in remedies[0]
    assert "Did you mean 'warning'?" in remedies[2]
    assert "Did you mean 'Y001'?" in remedies[3]
    assert remedies[4] == "Known: X, Y."


def test_a_code_that_was_given_up_is_told_as_such():
    """Whoever asks for a retired code learns what became of it."""
    with pytest.raises(InputError, match=r"'A003' is no rule\. The code was given up: it was split into A004"):
        check(PROGRAM, select=["A003"], today=TODAY)


def test_what_a_program_says_of_its_rules_holds():
    """The program's own keys select, ignore and change severities, around whatever is judged."""
    rules = [always("X001"), always("X002", severity=Severity.ERROR), always("Y001")]
    checks = CheckPolicy(("X",), {"X002": "we know"}, {"X001": "advice"})
    report = check(evolve(PROGRAM, checks=checks), rules=book(*rules), today=TODAY)
    assert [(one.code, one.severity) for one in report] == [("X001", Severity.ADVICE)]
    family = evolve(PROGRAM, checks=CheckPolicy(ignore={"X": "we know", "Y": "so"}, severities={"X": "advice"}))
    assert codes(*rules, subject=family) == ()
    about = [always("X001", subject=Subject.KIND)]
    ignoring = evolve(PROGRAM, checks=CheckPolicy(ignore={"X001": "so"}))
    assert codes(*about, subject=MENTORING, program=ignoring) == ()


def test_the_caller_stands_above_the_program():
    """What the caller selects and how grave she calls it goes above the program; ignores add up, reasons stay."""
    rules = [always("X001"), always("X002", severity=Severity.ERROR), always("Y001")]
    own = evolve(PROGRAM, checks=CheckPolicy(("X",), {"X002": "we know"}, {"X001": "advice", "Y001": "advice"}))
    assert codes(*rules, subject=own, select=["Y"]) == ("Y001",)
    assert codes(*rules, subject=own, ignore=["X001"]) == ()
    assert codes(*rules, subject=own, ignore=["X002"]) == ("X001",)
    (found,) = check(own, rules=book(*rules), severities={"X": "error"}, today=TODAY)
    assert (found.code, found.severity) == ("X001", Severity.ERROR)


def test_what_is_wrong_in_the_program_is_told_as_the_programs():
    """Unknown codes of the program are refused with the key of the program file they stand under."""
    own = evolve(PROGRAM, checks=CheckPolicy(("Q",), {"X01": "x"}, {"X02": "error", "X001": "grave"}))
    with pytest.raises(InputError) as caught:
        codes(always("X001"), subject=own)
    assert [column for column, _ in words(caught)] == ["check.select", *["check.severities"] * 2, "check.ignore"]


def test_a_program_that_ignores_an_error_says_why():
    """The reason is needed in the program as well, and the caller may bring it."""
    own = evolve(PROGRAM, checks=CheckPolicy(ignore={"X001": ""}))
    rules = [always("X001", severity=Severity.ERROR)]
    for word in ("X001", "X"):
        with pytest.raises(InputError, match=r'Say why, in the program file: \[check.ignore\] X001 = "..."') as caught:
            codes(*rules, subject=evolve(PROGRAM, checks=CheckPolicy(ignore={word: ""})))
        assert words(caught) == [(f"check.ignore.{word}", "X001 is an error and is ignored without a reason")]
    assert codes(*rules, subject=own, ignore={"X001": "we know"}) == ()


def test_an_ignore_that_finds_nothing_is_reported():
    """A rule that was asked and found nothing need not be ignored; one that found something is not reported."""
    rules = book(always("X001"), never("X002"), never("Y001"), never("Y002"))
    report = check(PROGRAM, rules=rules, ignore=["X001", "X002"], today=TODAY)
    assert report.unused == ("X002",)
    assert check(PROGRAM, rules=rules, ignore=["X", "Y"], today=TODAY).unused == ("Y",)
    assert check(PROGRAM, rules=rules, ignore=["Y001"], select=["X"], today=TODAY).unused == ()
    own = evolve(PROGRAM, checks=CheckPolicy(ignore={"Y001": "so"}))
    assert check(own, rules=rules, today=TODAY).unused == ("Y001",)


def breaking(case):
    raise ValueError("private words")


@pytest.mark.parametrize(
    "silent",
    [
        never("X001", needs=["people"]),
        never("X001", subject=Subject.RELATIONSHIP),
        never("X001", subject=Subject.PEOPLE),
        never("X001", subject=Subject.AGREEMENT, drafts=False),
        made("X001", breaking),
        made("X001", lambda case: None, applies=breaking),
    ],
    ids=["needs", "no relationships", "no people", "no final agreement", "breaks", "breaks when asked if it applies"],
)
def test_an_ignore_is_not_called_unused_where_nobody_could_tell(silent):
    """A rule that could not be asked, or broke down, may well be ignored for a reason."""
    assert check(PROGRAM, rules=book(silent), ignore=["X001"], today=TODAY).unused == ()


def test_an_ignore_of_a_rule_that_has_no_say_in_the_kind_is_unused():
    """A rule about another kind can never find anything here, so that ignoring it is in vain."""
    other = never("X001", applies=lambda kind: kind is COACHING)
    assert check(PROGRAM, rules=book(other), ignore=["X001"], today=TODAY).unused == ("X001",)


# ---- what is not known -----------------------------------------------------------------------------------------------


def test_rules_that_need_more_are_skipped_and_say_what():
    """A rule without what it needs is not asked, and the report says what is wanting; else it is."""
    asked = []
    one = made("X001", lambda case: asked.append(case.today), needs=["people", "enrollments"])
    report = check(PROGRAM, rules=book(one), today=TODAY)
    assert [(skip.code, skip.needs) for skip in report.skipped] == [("X001", ("enrollments", "people"))]
    assert report.ok
    assert check(PROGRAM, rules=book(one), people=PEOPLE, enrollments=ENROLLED, today=TODAY).skipped == ()
    assert asked == [TODAY]


def test_rules_about_what_is_not_there_are_skipped():
    """A program alone has no people, enrolments, relationships, pairs or matching, and the report says so."""
    subjects = [Subject.PEOPLE, Subject.ENROLLMENT, Subject.RELATIONSHIP, Subject.PAIRING, Subject.MATCHING]
    rules = book(*(never(f"X00{place}", subject=subject) for place, subject in enumerate(subjects)))
    report = check(PROGRAM, rules=rules, today=TODAY)
    assert [str(one) for one in report.skipped] == [
        "X000 needs people",
        "X001 needs enrollments",
        "X002 needs relationships",
        "X003 needs relationships",
        "X004 needs matching",
    ]
    line = "skipped: 5 rules for want of: enrollments, matching, people, relationships"
    assert line in report.to_text().splitlines()


def test_a_rule_that_was_asked_somewhere_is_not_skipped():
    """What is wanting for one pair and known for another is no reason to call a rule skipped, in any order."""
    matching = OptimalMatching().match(MatchingProblem.from_program(PROGRAM, PEOPLE, ENROLLED))
    rules = book(never("X001", subject=Subject.PAIRING, needs=["relationship"]))
    known = {"people": PEOPLE, "relationships": [proposed()], "rules": rules, "today": TODAY}
    assert check(PROGRAM, matching=matching, **known).skipped == ()
    assert [str(one) for one in check(matching, program=PROGRAM, **known).skipped] == ["X001 needs relationship"]


def test_rules_of_other_kinds_are_not_asked():
    """A rule that has nothing to say of a kind is neither asked nor skipped."""
    one = always("X001", applies=lambda kind: kind is COACHING, needs=["people"])
    report = check(PROGRAM, rules=book(one), today=TODAY)
    assert (report.codes, report.skipped) == ((), ())


# ---- what breaks down ------------------------------------------------------------------------------------------------


def half_way(case):
    yield Flaw("first", "was said")
    raise KeyError("private words")


@pytest.mark.parametrize("more", [{}, {"applies": breaking}], ids=["when it judges", "when asked if it applies"])
def test_a_rule_that_breaks_down_is_reported_and_silences_nobody(more):
    """The other rules are heard; the report names rule, package, case, error and line, and none of its words."""
    rules = Rulebook([Entry(always("X001")), Entry(made("X002", breaking, **more), "other 1.0"), Entry(always("X003"))])
    report = check(PROGRAM, rules=rules, today=TODAY)
    assert report.codes == ("X001", "X003")
    (crash,) = report.crashed
    assert (crash.code, crash.distribution) == ("X002", "other 1.0")
    assert crash.error.startswith("ValueError in breaking, line ")
    assert not report.ok
    told = report.to_text() + repr(report) + report.to_json() + report._repr_html_() + report.to_sarif(rules=rules)
    assert "private" not in told
    assert "X002 of other 1.0 broke down over" in told
    assert "1 rule broke down" in report.summary


class Abort(BaseException):
    """An end that is no Exception."""


@pytest.mark.parametrize("end", [SystemExit(0), Abort()], ids=["exit", "abort"])
@pytest.mark.parametrize("asked", [False, True], ids=["when it judges", "when asked if it applies"])
def test_a_rule_cannot_end_the_check(end, asked):
    """A rule that leaves the program is a breakdown like any other, and the others are heard."""

    def leave(_):
        raise end

    leaving = made("X001", leave, **({"applies": leave} if asked else {}))
    report = check(PROGRAM, rules=book(leaving, always("X002")), today=TODAY)
    assert (report.codes, report.ok) == (("X002",), False)
    assert [crash.error.split()[0] for crash in report.crashed] == [type(end).__name__]


def test_what_a_rule_said_before_it_broke_down_stays():
    """A generator that raises half-way has said what it said, and is reported as well."""
    report = check(PROGRAM, rules=book(made("X001", half_way)), today=TODAY)
    assert ([one.where for one in report], [crash.error.split()[0] for crash in report.crashed]) == (
        ["first"],
        ["KeyError"],
    )


class Stranger:
    """Looks like a flaw and is none."""

    where, message, remedy, severity = "a", "b", "", None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("a text", "it gave str, no flaw"),
        (True, "it gave bool, no flaw"),
        ([Stranger()], "it gave Stranger, no flaw"),
        ([None], "it gave NoneType, no flaw"),
        (Flaw("", "nowhere"), "it gave a flaw with an empty where"),
        (Flaw("a", ""), "it gave a flaw with an empty message"),
        (Flaw(None, "b"), "it gave a flaw whose where is no text"),  # type: ignore[arg-type]
        (Flaw("a", "b", 1), "it gave a flaw whose remedy is no text"),  # type: ignore[arg-type]
        (Flaw("a", "b", severity="error"), "it gave a flaw whose severity is no Severity"),  # type: ignore[arg-type]
    ],
)
def test_an_answer_that_is_no_flaw_is_a_breakdown(answer, told):
    """Whatever else a rule answers is reported as its fault, and spoils no other finding."""
    report = check(PROGRAM, rules=book(made("X001", lambda case: answer), always("X002")), today=TODAY)
    assert report.codes == ("X002",)
    assert [crash.error for crash in report.crashed] == [told]


def test_a_rule_that_breaks_down_everywhere_is_told_in_one_line():
    """One line tells a breakdown over many relationships, with the first of them and how many more."""
    lives = [proposed(f"r{place}") for place in range(9)]
    report = check(lives, rules=book(made("X001", breaking, subject=Subject.RELATIONSHIP)), today=TODAY)
    assert len(report.crashed) == 9
    (line,) = [line for line in report.to_text().splitlines() if line.startswith("crashed")]
    assert "relationship r0, relationship r1, relationship r2 and 6 more" in line


@given(st.text(min_size=1, max_size=30))
def test_the_words_of_an_error_are_in_no_output(secret):
    """Whatever an error says, the report has the same text as for any other error of that place."""

    def judge(case):
        raise ValueError(secret)

    told = check(PROGRAM, rules=book(made("X001", judge)), today=TODAY)
    secret = "other"
    assert check(PROGRAM, rules=book(made("X001", judge)), today=TODAY).to_json() == told.to_json()


def test_breaking_off_is_no_breakdown():
    """Ctrl-C in the middle of a rule goes through to the caller."""

    def judge(case):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(PROGRAM, rules=book(made("X001", judge)), today=TODAY)
