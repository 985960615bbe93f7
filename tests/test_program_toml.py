"""Program files: what is read, and how everything wrong is told at once."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel.agreements import (
    Confidentiality,
    Contact,
    ManagerCommitment,
    ManagerPart,
    Meeting,
    Records,
)
from devrel.errors import InputError, InvalidValue
from devrel.formats.program_toml import loads_program, read_program
from devrel.kinds import CAREER_COACHING, MENTORING, Item
from devrel.matching import Different, Gap, MatchingProblem, NotOwnManager, Objective, Offered, OptimalMatching, Shared
from devrel.people import Organization, Person, Role, Support
from devrel.programs import Program, Register
from devrel.programs.sample import SAMPLE_PROGRAM
from devrel.terms import Cadence, HolidayRule, Term, Unit, Weekday
from devrel.validation import check
from tests.tables import PROGRAM

HEAD = '[program]\nname = "P"\nkind = "mentoring"\n[term]\nstart = 2026-02-02\nmonths = 9\n[tables.people]\nid = "id"\n'
COLUMNS = '[tables.people.columns]\nlevel = "grade"\nunit = "unit"\n'
LEVEL = COLUMNS + '[attributes.level]\ntype = "ordered"\norder = ["A", "B"]\n'


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        loads_program(text, file="p.toml")
    return [str(problem) for problem in caught.value.problems]


def test_every_part_of_a_program_is_read():
    """Kind, term, cadence, tables, conditions, constraints, criteria, matching and expiry arrive in the program."""
    program = loads_program(PROGRAM)
    assert (program.name, program.kind, program.purpose) == ("Test mentoring", MENTORING, "Learn.")
    assert program.term == Term.of_months(date(2026, 2, 2), 9)
    assert program.cadence == Cadence(2, Unit.WEEK, Weekday.TUESDAY, time(10), "Europe/London")
    assert (program.minutes, program.contact, program.answer_days, program.seed) == (60, "office@sample.invalid", 10, 4)
    assert program.attributes["level"].rank(" head ") == 3
    assert program.attributes["faith"].sensitive
    assert program.tables[0].names == ("first", "last")
    assert program.providers.where[0].at_least == 2
    assert program.providers.capacity == 2
    assert program.recipients.where[0].below == 5
    assert program.constraints == (NotOwnManager(), Gap("level", at_least=1))
    assert [type(criterion) for criterion in program.criteria] == [Shared, Offered]
    assert [(criterion.points, criterion.sensitive) for criterion in program.criteria] == [(5.0, False), (7.0, True)]
    assert (program.strategy, program.objective) == ("optimal", Objective.COVER)


def test_unknown_keys_and_values_name_the_nearest():
    """A misspelt key, kind, weekday, rule, weight, strategy and zone are each refused with the nearest known one."""
    told = problems(
        HEAD.replace('"mentoring"', '"mentorin"')
        + LEVEL
        + """
[cadence]
every = "week"
weekday = "Tuseday"
zone = "Europe/Lodnon"
[recipents]
capacity = 2
[[criteria]]
rule = "sam"
attribute = "level"
[[criteria]]
rule = "same"
attribute = "levle"
weight = "hihg"
[matching]
strategy = "optmal"
objectve = "cover"
lift = ["not-own-manger"]
"""
    )
    for said in (
        "program.kind: is not known (found 'mentorin'). Did you mean 'mentoring'?",
        "Did you mean 'Tuesday'?",
        "Did you mean 'Europe/London'?",
        "recipents: is not a known key. Did you mean 'recipients'?",
        "criteria[1].rule: is not known (found 'sam'). Did you mean 'same'?",
        "criteria[2].attribute: is no attribute of the people (found 'levle'). Did you mean 'level'?",
        "criteria[2].weight: is not known (found 'hihg'). Did you mean 'high'?",
        "Did you mean 'optimal'?",
        "matching.objectve: is not a known key. Did you mean 'objective'?",
        "Did you mean 'not-own-manager'?",
    ):
        assert any(said in line for line in told), (said, told)
    assert all(line.startswith("p.toml, ") for line in told)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[session]\nminutes = 2", "session.minutes: is not a whole number from 5 to 480"),
        ("[session]\nminutes = true", "is not a whole number"),
        ('[session]\nminutes = "60"', "is not a whole number from 5 to 480 (found '60'). Write it without quotes."),
        ('[cadence]\nevery = "day"', "cadence.every: is not a cadence (found 'day'). Write it as \"week\""),
        ('[cadence]\nevery = "0 weeks"', "cadence.every: must be a whole number of at least 1"),
        ('[cadence]\ntime = "25:00"', "cadence.time: is not a time of day"),
        ("[cadence]\ntime = 10", "is not a time of day"),
        ("[proposals]\nexpire_after_days = 0", "from 1 to 3650"),
        ("matching = 1", "matching: is not a table"),
        ('constraints = "x"', "constraints: is not a list of tables"),
        (
            '[[constraints]]\nrule = "different"\nattribute = "level"\nat_least = 1',
            "constraints[1].at_least: is not a known",
        ),
        ('[[constraints]]\nrule = "gap"\nattribute = "level"', "at_least or at_most must be given"),
        ('[[constraints]]\nrule = "gap"\nattribute = "level"\nat_least = 3\nat_most = 1', "must not be above at_most"),
        (
            "[[constraints]]\nrule = 'gap'\nat_least = 1\n[[constraints]]\nrule = 'gap'\nat_most = 1",
            "two are called 'level-gap'",
        ),
        ('[[criteria]]\nrule = "shared"\nattribute = "level"', "is not of type list"),
        ('[[criteria]]\nrule = "same"\nattribute = "level"\nweight = 0', "is not a weight"),
        ('[[criteria]]\nrule = "same"\nattribute = "level"\nweight = true', "is not a weight"),
        ('[[criteria]]\nrule = "near"\nattribute = "level"\nwithin = 0', "must be above 0"),
        ('[[criteria]]\nrule = "offered"\nwanted = "level"', "is not of type list or text"),
        ('[[criteria]]\nattribute = "level"', "criteria[1].rule: is missing"),
        (
            '[recipients]\nwhere = [{ attribute = "level", at_least = "C" }]',
            "is not in the attribute's order (found 'C')",
        ),
        ('[recipients]\nwhere = [{ attribute = "level" }]', "asks nothing of 'level'"),
        ('[recipients]\nwhere = [{ attribute = "level", one_of = [] }]', "is not a list of texts or numbers"),
        ("[attributes.speed]\ntype = 'number'", "no table has a column for the attribute 'speed'"),
        ("[attributes.level2]\ntype = 'ordered'", "belongs to an ordered attribute, and it needs one"),
        ("[attributes.department]\nsensitive = true", "is a plain fact of a person and cannot be kept private"),
        ("[matching]\nseed = -1", "from 0 to 9223372036854775807"),
        ("[matching.parameters]\nspeed = 1", "do not fit the strategy 'optimal'"),
        ("[words]\nyes = [1]", "is not a list of texts"),
        (f"[matching]\nseed = {'9' * 70}", "is not a whole number from 0 to"),
        (f"[session]\nminutes = {10**60}", "(found 'a number of more than 40 digits')"),
        (f"[session]\nminutes = {'9' * 5000}", "this is not TOML"),
        (f"x = {'[' * 3000}", "this is not TOML"),
        (f"[recipients]\ncapacity = {10**23}", "from 1 to 100000"),
        ("[proposals]\nexpire_after_days = 4000000", "from 1 to 3650"),
        (f'[[criteria]]\nrule = "same"\nattribute = "unit"\nweight = 1{"0" * 400}', "is not a weight"),
        ('[[criteria]]\nrule = "same"\nattribute = "unit"\nweight = 2\nminimum = 0.5', "is for a criterion that must"),
        ('[recipients]\nwhere = [{ attribute = "level", below = 2 }]', "is not in the attribute's order (found '2')"),
        ('[attributes.department]\ntype = "number"', "does not fit 'department'"),
        ('[recipients]\nwhere = [{ attribute = "unit", one_of = [1] }]', "does not hold what the attribute does, text"),
        ('[recipients]\nwhere = [{ attribute = "unit", below = 1 }]', "has no numbers to compare"),
        ('[recipients]\nwhere = [{ attribute = "level", below = "A", one_of = ["C"] }]', "order (found 'C')"),
        ("[attributes.level3]\ntype = 'ordered'\norder = ['a', 'A']", "has a word twice"),
        ('[[criteria]]\nrule = "near"\nattribute = "unit"', "is not of type number or ordered"),
        ('[[criteria]]\nrule = "same"\nattribute = "unit"\nweight = "must"\nminimum = 2', "must lie above 0"),
        ('[[constraints]]\nrule = "not-own-manger"', "Did you mean 'not-own-manager'"),
        ('[[constraints]]\nrule = "not-own-manager"\nattribute = "unit"', "attribute: is not a known key"),
        ('[[criteria]]\nrule = "offered"\nwanted = "unit"\noffered = "unit"\nwhen = "unit"', "not of type yes-no"),
    ],
)
def test_wrong_values_are_told_with_their_place(more, said):
    """Each wrong value has a problem with its path, and the words say what it should be."""
    assert any(said in line for line in problems(HEAD + LEVEL + more)) or any(
        said in line for line in problems(more + "\n" + HEAD + LEVEL)
    )


@pytest.mark.parametrize(
    ("length", "term"),
    [
        ("months = 3", Term.of_months(date(2026, 2, 2), 3)),
        ("end = 2026-05-01", Term(date(2026, 2, 2), date(2026, 5, 1))),
        ("single = true", Term.single_session(date(2026, 2, 2))),
        ("open_ended = true", Term(date(2026, 2, 2))),
    ],
)
def test_a_term_can_be_said_in_four_ways(length, term):
    """Months, a last day, a single session, an open end."""
    assert loads_program(HEAD.replace("months = 9", length)).term == term


@pytest.mark.parametrize(
    "length",
    [
        "",
        "single = false",
        "open_ended = false",
        "months = 100000",
        "months = 3\nend = 2026-05-01",
        "end = 2026-01-01",
        "months = 0",
    ],
)
def test_a_term_has_one_length(length):
    """No length, two lengths, an end before the start and no months are each one problem."""
    assert problems(HEAD.replace("months = 9", length))


def test_sensitive_data_never_shuts_out():
    """A sensitive attribute is refused in conditions, constraints and musts; it may be weighed."""
    private = '[tables.people.columns]\nfaith = "f"\n[attributes.faith]\nsensitive = true\n'
    told = problems(
        HEAD
        + private
        + '[recipients]\nwhere = [{ attribute = "faith", one_of = ["x"] }]\n'
        + '[[constraints]]\nrule = "same"\nattribute = "faith"\n'
        + '[[criteria]]\nrule = "same"\nattribute = "faith"\nweight = "must"\n'
    )
    assert len(told) == 3
    assert all("sensitive" in line for line in told)
    weighed = HEAD + private + '[[criteria]]\nrule = "same"\nattribute = "faith"\n'
    assert loads_program(weighed).criteria[0].sensitive


def test_a_private_column_is_mapped_once():
    """A column that is private as one attribute cannot come in through another name."""
    text = HEAD.replace('id = "id"', 'id = "id"\nname = "f"')
    told = problems(text + '[tables.people.columns]\nfaith = "f"\n[attributes.faith]\nsensitive = true\n')
    assert "is private as 'faith' and is mapped a second time" in told[0]


def test_contradicting_roles_are_refused():
    """A table is on a side or has a column that says so, and a both-column needs a side to add to."""
    table = 'id = "id"\nrole = "provider"\nrole_column = "r"'
    assert any("contradicts role" in line for line in problems(HEAD.replace('id = "id"', table)))
    told = problems(HEAD.replace('id = "id"', 'id = "id"\nboth_column = "b"'))
    assert any("has no side to add to" in line for line in told)
    assert any("Move it up" in line for line in problems(HEAD + '[tables.people.columns]\nname = "n"\n'))


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    """No TOML, no UTF-8 and no file are each told in one problem."""
    assert "this is not TOML" in problems("[program")[0]
    path = tmp_path / "p.toml"
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_program(path)
    path.write_bytes(b'name = "\xff"')
    with pytest.raises(InputError, match="not encoded as UTF-8"):
        read_program(path)
    path.write_text(SAMPLE_PROGRAM, encoding="utf-8-sig")
    assert read_program(path).name == "Sample mentoring"


@given(st.sampled_from(PROGRAM.splitlines()), st.text(max_size=5), st.integers(0, 40))
def test_a_damaged_program_is_read_or_refused_and_never_crashes(line, noise, place):
    """Whatever happens to one line of a program file, the reader returns a program or tells the problems."""
    damaged = PROGRAM.replace(line, line[:place] + noise + line[place + 1 :], 1)
    try:
        assert isinstance(loads_program(damaged), Program)
    except InputError as error:
        assert error.problems


def test_a_kind_s_constraint_can_be_lifted_by_name():
    """A program lifts a kind's constraint by its name, and no other."""
    coaching = HEAD.replace('"mentoring"', '"career-coaching"')
    assert loads_program(coaching).constraints == (NotOwnManager(), Different("department"))
    lifted = loads_program(coaching + '[matching]\nlift = ["not-own-manager"]')
    assert lifted.constraints == (Different("department"),)
    with pytest.raises(InvalidValue, match="is nothing that career-coaching brings"):
        Program("P", CAREER_COACHING, Term(date(2026, 1, 1)), lifted=["different-department-x"])


def test_conditions_and_wishes_decide_who_takes_part():
    """Somebody takes part on the sides she wants and whose conditions she meets; the register may set her capacity."""
    program = loads_program(PROGRAM)
    people = [
        Person("both", level=2, attributes={"years": 1}),
        Person("giver", level=1, attributes={"years": 1}),
        Person("taker", level=3, attributes={"years": 9}),
        Person("out", level=3),
    ]
    register = Register(
        Organization(people), {"both": Role.BOTH, "giver": None, "taker": Role.BOTH}, {"both": 3, "giver": 1}
    )
    enrolled = {one.person: one for one in program.enroll(register)}
    assert {person: one.role for person, one in enrolled.items()} == {
        "both": Role.BOTH,
        "giver": Role.RECIPIENT,
        "taker": Role.PROVIDER,
    }
    assert (enrolled["both"].capacity.maximum, enrolled["taker"].capacity.maximum) == (3, 2)
    nobody = Register(register.organization, register.roles, {"both": 0, "taker": 0})
    assert {one.person: one.role for one in program.enroll(nobody)} == {
        "both": Role.RECIPIENT,
        "giver": Role.RECIPIENT,
    }
    problem = MatchingProblem.from_program(program, people, enrolled.values())
    assert OptimalMatching().match(problem).provenance.seed == 4


def test_a_wrong_zone_is_told_with_the_others():
    """A zone that does not exist is told with its value although the rest of the cadence is wrong too."""
    told = problems(HEAD + '[cadence]\nevery = "day"\nzone = "Berlin"\n')
    assert len(told) == 2
    assert "cadence.zone: is not an IANA time zone (found 'Berlin')" in told[1]


def test_an_attribute_that_is_nearly_a_fact_of_everybody_has_to_be_declared():
    """A misspelt department is not taken for an attribute of its own unless it is declared."""
    mapped = HEAD + '[tables.people.columns]\ndepartement = "unit"\n'
    assert "Did you mean 'department'? If not, declare it: [attributes.departement]." in problems(mapped)[0]
    assert loads_program(mapped + "[attributes.departement]\n").attributes["departement"]


@pytest.mark.parametrize("start", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("length", ["months = 3", "single = true", "open_ended = true", "end = 9999-12-31"])
def test_dates_at_the_edge_of_the_calendar_are_refused(start, length):
    """A term beyond the years that calendars know is a problem and no overflow."""
    told = problems(HEAD.replace("2026-02-02", start).replace("months = 9", length))
    assert any("between the years 1900 and 2200" in line or "before the start" in line for line in told)


def test_a_criterion_is_sensitive_where_any_of_its_attributes_is():
    """A criterion whose condition alone is sensitive is treated as sensitive as a whole."""
    text = HEAD + COLUMNS + 'asks = "asks"\n[attributes.asks]\ntype = "yes-no"\nsensitive = true\n'
    text += '[[criteria]]\nrule = "offered"\nwanted = "unit"\noffered = "unit"\nwhen = "asks"\n'
    assert loads_program(text).criteria[0].sensitive


def test_two_rules_of_one_name_are_refused_in_python_too():
    """Two gaps of one attribute would hide each other, and are refused."""
    with pytest.raises(InvalidValue, match="two are called 'level-gap'"):
        Program("P", MENTORING, Term(date(2026, 1, 1)), rules=[Gap("level", at_least=1), Gap("level", at_most=3)])


def test_those_who_asked_and_may_not_are_told_why():
    """Somebody who asked for a side and is not enrolled there is left out with the condition, in the table's words."""
    program = loads_program(PROGRAM)
    people = [Person("junior", level=1, attributes={"years": 9}), Person("busy", level=2, attributes={"years": 9})]
    register = Register(Organization(people), {"junior": Role.BOTH, "busy": Role.PROVIDER}, {"busy": 0})
    assert program.enroll(register) == ()
    assert [(one.person, one.text) for one in program.left_out(register)] == [
        ("junior", "As a mentor: the program asks for level at least Senior."),
        ("junior", "As a mentee: the program asks for years below 5."),
        ("busy", "As a mentor: she takes nobody."),
    ]
    nobody_asked = Register(Organization(people), {"junior": None, "busy": None})
    assert program.left_out(nobody_asked) == ()


def test_a_contact_is_an_address():
    """The address of the people who run a program is checked, as it goes into calendars."""
    told = problems(HEAD.replace("[term]", 'contact = "no address"\n[term]'))
    assert "program.contact: is not an e-mail address (found 'no address')" in told[0]


def test_a_level_is_a_number_unless_it_is_ordered():
    """A level that nothing is said about is read as a number, so that a gap can be asked of it."""
    mapped = HEAD + '[tables.people.columns]\nlevel = "grade"\n[[constraints]]\nrule = "gap"\nat_least = 1\n'
    assert loads_program(mapped).rules == (Gap("level", at_least=1),)
    assert loads_program(mapped + "[attributes.level]\nrequired = true\n").rules == (Gap("level", at_least=1),)


def test_every_way_to_say_a_rule_is_read():
    """Each rule of constraints and criteria, with and without a name, becomes the class it stands for."""
    text = (HEAD + LEVEL).replace('unit = "unit"', 'unit = "unit"\nwish = "wish"\nasks = "asks"')
    text += '[attributes.wish]\ntype = "list"\n[attributes.asks]\ntype = "yes-no"\n'
    for rule in ("not-own-manager", "not-same-manager", "not-in-reporting-line"):
        text += f'[[constraints]]\nrule = "{rule}"\n'
    text += '[[constraints]]\nrule = "same"\nattribute = "unit"\n[[constraints]]\nrule = "gap"\nat_most = 2\n'
    for rule, more in {
        "same": 'attribute = "unit"',
        "different": 'attribute = "unit"\nweight = "must"',
        "shared": 'attribute = "wish"\nweight = "low"',
        "offered": 'wanted = "wish"\noffered = "wish"\nwhen = "asks"',
        "near": "wanted = 2\nwithin = 2\nweight = 2.5",
    }.items():
        text += f'[[criteria]]\nrule = "{rule}"\n{more}\n'
    program = loads_program(text)
    assert [type(rule).__name__ for rule in program.rules] == [
        *("NotOwnManager", "NotSameManager", "NotInReportingLine", "Alike", "Gap"),
    ]
    assert [criterion.shown_name for criterion in program.criteria] == [
        *("same unit", "different unit", "shared wish", "wish offered as wanted", "level 2 apart"),
    ]
    assert [criterion.must for criterion in program.criteria] == [False, True, False, False, False]


CLAUSES = """
[agreement]
ethics = "the code of our federation"
not_therapy = "this is no therapy"
scope = "what she knows of tax law"
benefit = "a successor"
problem_solving = "the program helps"
provider_commits = ["to prepare"]
recipient_commits = ["to come on time", "to follow up"]
boundaries = ["politics"]
conflicts = ["different-department"]
extra = ["no recordings"]
meeting = "virtual"
cancellation_hours = 48
exit_notice_days = 14
provider_hours = 4
recipient_hours = 3.5
hopes = ["introductions"]
offers = ["introductions", "time"]
contact = "by chat"
answer_within_days = 3
confidentiality = "what is said stays here"
exceptions = ["the law"]
records = "no records"
keep_months = 12
manager_told = ["existence"]
manager_commits = ["stand-back"]
"""


def test_the_clauses_of_the_program_are_in_every_agreement():
    """Every key of [agreement] changes the agreement that the program proposes."""
    agreement = loads_program(PROGRAM + CLAUSES).agreement()
    assert agreement.ethics == "the code of our federation"
    assert agreement.recipient_commits == ("to come on time", "to follow up")
    assert agreement.meeting is Meeting.VIRTUAL
    assert agreement.contact == Contact("by chat", 3)
    assert agreement.confidentiality == Confidentiality("what is said stays here", ["the law"])
    assert agreement.records == Records("no records", 12)
    assert agreement.manager == ManagerPart({Item.EXISTENCE}, {ManagerCommitment.STAND_BACK})
    assert agreement.offers == {Support.INTRODUCTIONS, Support.TIME}
    assert (agreement.cancellation_hours, agreement.exit_notice_days) == (48, 14)
    plain = loads_program(PROGRAM).agreement()
    for line in CLAUSES.splitlines()[2:]:
        one = loads_program(f"{PROGRAM}\n[agreement]\n{line}").agreement()
        assert one != plain, line


def test_wrong_clauses_are_reported_together():
    """A misspelt clause, an unknown item and a number out of range are three problems."""
    wrong = '[agreement]\nethic = "x"\nmanager_told = ["goal"]\nexit_notice_days = -1\nmeeting = "zoom"'
    with pytest.raises(InputError) as caught:
        loads_program(f"{PROGRAM}\n{wrong}")
    assert {problem.column for problem in caught.value.problems} == {
        "agreement.ethic",
        "agreement.manager_told",
        "agreement.exit_notice_days",
        "agreement.meeting",
    }
    assert any("Did you mean 'ethics'" in problem.remedy for problem in caught.value.problems)
    assert any("Did you mean 'goals'" in problem.remedy for problem in caught.value.problems)


def test_a_program_chooses_a_school_focus_areas_and_holidays():
    """The school brings its constraints, an unknown one is refused; focus areas and holidays are read."""
    head = HEAD.replace('kind = "mentoring"', 'kind = "mentoring"\nschool = "other-view"\nfocus_areas = ["leading"]')
    text = head + '[cadence]\nholidays = [2026-12-25]\non_holiday = "move"\n'
    program = loads_program(text)
    assert {"different-department", "above-in-level"} <= {rule.name for rule in program.constraints}
    assert [area.name for area in program.focus_areas] == ["leading"]
    assert program.holidays == {date(2026, 12, 25)}
    assert program.cadence.on_holiday is HolidayRule.MOVE
    assert "program.school" in problems(text.replace("other-view", "other-vew"))[0]
    assert "cadence.holidays" in problems(text.replace("[2026-12-25]", "[1]"))[0]
    assert "cadence.on_holiday" in problems(text.replace('"move"', '"mov"'))[0]


def test_a_kind_without_schools_has_none_to_choose():
    """A school for a kind that has none is refused, and the remedy says to leave it out."""
    text = HEAD.replace('kind = "mentoring"', 'kind = "sponsoring"\nschool = "other-view"')
    assert "Leave it out: sponsoring has none" in problems(text)[0]


@pytest.mark.parametrize(
    ("term", "day"),
    [
        ("start = 2027-03-01\nmonths = 9", date(2027, 7, 16)),
        ("start = 2027-09-01\nmonths = 2", date(2027, 10, 1)),
        ("start = 2027-09-01\nsingle = true", date(2027, 9, 16)),
    ],
)
def test_a_review_lies_halfway_through_whatever_term(term, day):
    """A review that is said to be halfway moves with the term."""
    text = HEAD.replace("start = 2026-02-02\nmonths = 9", term) + '[agreement]\nreviews = "halfway"\n'
    assert loads_program(text).clauses["reviews"] == (day,)


@pytest.mark.parametrize("reviews", ["[2026-05-01, 2027-05-01]", '"halfways"', "[2027-05-01, 2027-05-01]"])
def test_wrong_reviews_are_told_at_their_key(reviews):
    """Days outside the term, and what is no list of days, are one problem, at the key in the agreement."""
    (told,) = problems(HEAD + f"[agreement]\nreviews = {reviews}\n")
    assert told.startswith("p.toml, agreement.reviews: ")


def test_a_term_without_an_end_has_no_half():
    """Halfway through an open-ended term is refused at the key."""
    (told,) = problems(HEAD.replace("months = 9", "open_ended = true") + '[agreement]\nreviews = "halfway"\n')
    assert told == (
        "p.toml, agreement.reviews: an open-ended term has no half (found 'halfway'). "
        "List days, or give the term an end."
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("months = 9", 'months = "9"'),
        ("start = 2026-02-02", 'start = "2026-02-02"'),
        ("months = 9", "months = 9\nsingle = true"),
        ("months = 9", "months = 9\nmonth = 8"),
    ],
)
def test_a_wrong_term_is_one_problem(was, now):
    """Where the term itself is wrong, no review is judged by another term."""
    (told,) = problems(HEAD.replace(was, now) + "[agreement]\nreviews = [2026-09-01]\n")
    assert told.startswith("p.toml, term")


def test_what_is_empty_is_called_empty():
    """A blank text is told as empty, and not as another type than a text."""
    (told,) = problems(HEAD.replace("[term]", 'performance_boundary = " "\n[term]'))
    assert told == "p.toml, program.performance_boundary: is empty. Fill it in, or leave the key out."
    (told,) = problems(HEAD.replace('"P"', '""'))
    assert told == "p.toml, program.name: is empty. Fill it in."


def test_a_list_of_codes_to_ignore_is_told_how_to_give_reasons():
    """Codes that are ignored in a list are refused with the way to write reasons."""
    (told,) = problems(HEAD + '[check]\nignore = ["D023"]\n')
    assert told.endswith('Write it as [check.ignore] CODE = "reason".')


@pytest.mark.parametrize(
    ("name", "neighbour"),
    [("therapy", "therapy"), ("counselling", "counselling"), ("performance management", "performance management")],
)
def test_a_neighbour_is_refused_as_one(name, neighbour):
    """Therapy and the like are not misspelt kinds: they are told to be no kind, with the rule that says why."""
    (told,) = problems(HEAD.replace('"mentoring"', f'"{name}"'))
    assert told.startswith(f"p.toml, program.kind: {neighbour} is a neighbour of development relationships and no kind")
    assert "K005" in told


@pytest.mark.parametrize(("said", "found"), [("", ("A015",)), (", may_know = []", ()), (', may_know = ["goals"]', ())])
def test_a_payer_without_a_statement_is_found(said, found):
    """A payer of whom the file does not say what she may know is found; an empty list is a statement."""
    text = f'[agreement]\nthird_parties = [{{ id = "x", role = "pays"{said} }}]\n'
    program = loads_program(HEAD + text)
    assert check(program, select=["A015"], today=date(2026, 1, 5)).codes == found


def test_who_compares_by_an_unknown_attribute_is_told():
    """A misspelt attribute to compare match rates by is refused with the nearest; what every person has is known."""
    text = f"{HEAD}{COLUMNS}[measurement]\naudit_by = "
    (told,) = problems(f'{text}["unti"]\n')
    assert "measurement.audit_by: is no attribute of the people (found 'unti'). Did you mean 'unit'?" in told
    known = ("unit", "level", "department", "manager")
    assert loads_program(f"{text}{list(known)}\n").measurement.audit_by == known


def test_a_program_without_tables_may_name_any_attribute():
    """A design that says nothing of tables is read, as nobody knows which attributes there will be."""
    text = HEAD.split("[tables", maxsplit=1)[0]
    more = '[measurement]\naudit_by = ["gendr"]\n[reach]\nwhere = [{ attribute = "remote", one_of = [true] }]\n'
    program = loads_program(text + more)
    assert (program.tables, program.measurement.audit_by, program.reach.where[0].attribute) == (
        (),
        ("gendr",),
        "remote",
    )
