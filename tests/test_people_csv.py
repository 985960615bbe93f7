"""People tables: what is read, and how everything wrong is told at once without private values."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devrel.errors import InputError
from devrel.formats._column_uses import uses_of
from devrel.formats.people_csv import Source, loads_people, read_people
from devrel.formats.program_toml import loads_program
from devrel.kinds import MENTORING
from devrel.people import Role
from devrel.programs import Program
from devrel.programs.presets import PRESETS, preset
from devrel.terms import Term
from tests.tables import HEADER, PROGRAM, ROWS, as_csv, changed, write

SECRET = "zq-secret-zq"

TWO_TABLES = """
[program]
name = "P"
kind = "mentoring"
[term]
start = 2026-02-02
months = 9
[tables.mentees]
role = "recipient"
id = "mail"
both_column = "both"
columns = { profession = "profession", wish = "wish" }
[tables.mentors]
role = "provider"
id = "mail"
both_column = "both"
columns = { profession = "profession", offer = "offer" }
"""


def read(folder, program=PROGRAM, **tables):
    _, paths = write(folder, program, **tables)
    return read_people(loads_program(program), paths)


def problems(folder, program=PROGRAM, **tables) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, program, **tables)
    return [str(problem) for problem in caught.value.problems]


def test_people_arrive_as_the_program_maps_them(tmp_path):
    """Names, ranks, lists, numbers, roles, capacities, managers and private attributes come out of the cells."""
    register = read(tmp_path)
    people = register.organization
    senior = people["s1"]
    assert (senior.name, senior.email, senior.manager, senior.level) == ("Senior One", "s1@sample.invalid", "h1", 2)
    assert people["h1"].attributes["skills"] == ("sql", "law")
    assert people["h1"].attributes["years"] == 9
    assert senior.sensitive == {"asked": True, "faith": ("x",)}
    assert repr(register) == f"<Register: {len(people)} people>"
    assert "faith" not in senior.attributes
    assert (people["s2"].email, people["s2"].level, senior.zone) == (None, 2, "UTC")
    assert dict(register.roles) == {
        "h1": Role.PROVIDER,
        "s1": Role.BOTH,
        "s2": Role.PROVIDER,
        "j1": Role.RECIPIENT,
        "j2": Role.RECIPIENT,
    }
    assert dict(register.capacities) == {"h1": 2, "s2": 1}


def test_a_byte_order_mark_and_blank_lines_do_no_harm(tmp_path):
    """A table saved by a spreadsheet, with a byte-order mark, CRLF and blank lines, is read like any other."""
    text = as_csv(ROWS).replace("\r\n", "\n").replace("\n", "\r\n\r\n")
    assert len(read(tmp_path, people=b"\xef\xbb\xbf" + text.encode()).organization) == len(ROWS)


def test_other_separators_can_be_told(tmp_path):
    """A table with semicolons is read when the program says so, and the error says how when it does not."""
    rows = [[cell.replace(";", ",") for cell in row] for row in ROWS]
    data = as_csv(rows, delimiter=";").encode()
    assert 'delimiter = "semicolon"' in problems(tmp_path, people=data)[0]
    said = PROGRAM.replace('id = "id"', 'id = "id"\ndelimiter = "semicolon"').replace(
        'separator = ";"', 'separator = ","'
    )
    assert read(tmp_path, said, people=data).organization["h1"].attributes["skills"] == ("sql", "law")


def test_tables_are_told_by_their_columns(tmp_path):
    """Each file is the table whose columns it has; a yes for both roles puts somebody on the other side as well."""
    mentees = b"mail,both,profession,wish\na,yes,x,w\nb,no,x,\n"
    mentors = b"mail,both,profession,offer\nc,YES,x,w\nd,,x,w\n"
    register = read(tmp_path, TWO_TABLES, one=mentors, two=mentees)
    assert dict(register.roles) == {"c": Role.BOTH, "d": Role.PROVIDER, "a": Role.BOTH, "b": Role.RECIPIENT}
    told = problems(tmp_path, TWO_TABLES, one=b"mail,both,profession,wish,offer\na,no,x,y,z\n")
    assert told == [
        "one.csv: the file could be any of the tables mentees, mentors. Say which it is: --people mentees=one.csv."
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b",\n", "the file is empty"),
        (b"\x1c", "the file is empty"),
        (b"x" * 200_000, "this is not a CSV file"),
        (b"PK\x03\x04rest", "a spreadsheet and not a CSV file"),
        (as_csv(ROWS).encode("utf-16"), "not a CSV file, or it is encoded as UTF-16"),
        (as_csv(changed(2, first="Ren\xe9")).encode("cp1252"), "people.csv, row 4: the file is not encoded as UTF-8"),
        (as_csv([]).encode(), "has a header but no people"),
        (b"a single line of prose", "the header is one single column"),
        (as_csv(ROWS).encode() + b'"open', "this is not a CSV file: unexpected end of data"),
    ],
    ids=["empty", "blank", "comma", "control", "long", "xlsx", "utf16", "cp1252", "header", "prose", "quote"],
)
def test_a_file_that_is_no_table_is_told_with_a_remedy(tmp_path, content, said):
    """An empty file, a spreadsheet, another encoding, a header alone and broken quotes have words of their own."""
    assert said in problems(tmp_path, people=content)[0]


def test_a_missing_file_is_told(tmp_path):
    """A path that does not exist is one problem among the others."""
    with pytest.raises(InputError, match=r"no\.csv: the file cannot be read: No such file"):
        read_people(loads_program(PROGRAM), [tmp_path / "no.csv"])
    with pytest.raises(InputError, match="no people were given"):
        read_people(loads_program(PROGRAM), [])


def test_missing_columns_are_all_told_with_the_nearest(tmp_path):
    """Every missing column is named, with the column that may be meant."""
    header = ["mial" if column == "mail" else column for column in HEADER if column != "unit"]
    rows = [[cell for column, cell in zip(HEADER, row, strict=True) if column != "unit"] for row in ROWS]
    told = problems(tmp_path, people=as_csv(rows, header).encode())
    assert len(told) == 2
    assert "people.csv, row 1, column 'mail': the column is missing for table 'people'. Is it 'mial'?" in told[0]
    assert "people.csv, row 1, column 'unit': the column is missing" in told[1]
    twice = [*HEADER[:-1], "id"]
    assert any("stands there twice" in line for line in problems(tmp_path, people=as_csv(ROWS, twice).encode()))


def test_ten_wrong_rows_are_ten_problems_at_once(tmp_path):
    """Each row that is wrong in its own way is told with file, row, column, value, what is wrong and what to do."""
    rows = [list(ROWS[5]) for _ in range(12)]
    for i, row in enumerate(rows):
        row[0] = f"x{i}"
        row[HEADER.index("boss")] = ""
    wrong = [
        (0, "id", "", "the id is empty"),
        (1, "mail", "no address", "this is not an e-mail address (found 'no address')"),
        (2, "part", "mentro", "this is no way to take part (found 'mentro'). Did you mean 'mentor'?"),
        (3, "takes", "two", "this is not a whole number of at least 0 (found 'two')"),
        (4, "grade", "Jnior", "this is not in the known order (found 'Jnior'). Did you mean 'Junior'?"),
        (5, "grade", "", "the cell is empty. Fill it in: 'level' is required."),
        (6, "years", "1_000", "this is not a number (found '1_000')"),
        (7, "years", "nan", "this is not a number (found 'nan')"),
        (
            8,
            "zone",
            "Europe/Lodnon",
            "this is not an IANA time zone (found 'Europe/Lodnon'). Did you mean 'Europe/London'?",
        ),
        (9, "boss", "ghost", "no person has this id as hers (found 'ghost')"),
        (10, "id", "x9", "the id is that of row 11 of people.csv too (found 'x9')"),
        (11, "id", "x\x07", "the id holds control characters"),
    ]
    for place, column, cell, _ in wrong:
        rows[place][HEADER.index(column)] = cell
    told = problems(tmp_path, people=rows)
    assert len(told) == len(wrong)
    for place, column, _, said in wrong:
        assert any(f"people.csv, row {place + 2}, column '{column}': {said}" in line for line in told), (said, told)


def test_levels_are_whole_and_other_numbers_may_have_fractions(tmp_path):
    """A level that nothing is said about is a whole number; a number may have a fraction."""
    plain = PROGRAM.replace('type = "ordered"\norder = ["Junior", "Senior", "Head"]\n', "").replace('"Senior" }', "2 }")
    ranks = {"Head": "3", "Senior": "2", "senior": "2", "Junior": "1"}
    rows = [[ranks.get(cell, cell) for cell in row] for row in changed(0, years="9.5")]
    organization = read(tmp_path, plain, people=rows).organization
    assert (organization["h1"].level, organization["h1"].attributes["years"]) == (3, 9.5)
    rows[0][HEADER.index("grade")] = "3.5"
    assert "this is not a whole number (found '3.5')" in problems(tmp_path, plain, people=rows)[0]


def test_problems_come_in_the_order_of_the_rows(tmp_path):
    """Duplicates, unknown managers and wrong cells are told row by row, and a duplicate makes no circle of its own."""
    rows = changed(1, boss="ghost")
    rows[3][HEADER.index("grade")] = "x"
    rows.append([*rows[0][:6], "j1", *rows[0][7:]])
    told = problems(tmp_path, people=rows)
    assert [line.split(",")[1] for line in told] == [" row 3", " row 5", " row 8"]


def test_a_required_yes_or_no_must_be_said(tmp_path):
    """An empty cell is a no, unless the attribute is required."""
    said = PROGRAM.replace('type = "yes-no"', 'type = "yes-no"\nrequired = true')
    assert ["row 4, column 'asked': the cell is empty" in line for line in problems(tmp_path, said)] == [True]


def test_another_separator_or_rows_above_the_header_are_recognised(tmp_path):
    """The remedy names the separator that the header holds, or the row in which the header really is."""
    semicolons = PROGRAM.replace('id = "id"', 'id = "id"\ndelimiter = "semicolon"')
    assert 'delimiter = "comma"' in problems(tmp_path, semicolons)[0]
    assert 'delimiter = "tab"' in problems(tmp_path, people=as_csv([], delimiter="\t").encode())[0]
    titled = b"Our people,\r\n" + as_csv(ROWS).encode()
    assert problems(tmp_path, people=titled) == [
        "people.csv, row 1: row 1 is not the header. The header seems to be row 2: remove the rows above it."
    ]


def test_broken_rows_make_no_false_problems(tmp_path):
    """While a row cannot be read, nobody is told that her manager, who may be in it, does not exist."""
    data = as_csv(ROWS).encode().replace(b"h1,Head,One", b"h1,Head,One,more")
    assert [line.split(":")[0] for line in problems(tmp_path, people=data)] == ["people.csv, row 2"]


def test_no_cell_is_named_where_a_header_is_missing(tmp_path):
    """Without a header, row 1 holds somebody's data; the message names the columns and no cell of the row."""
    rows = [row[:] for row in ROWS]
    rows[0][HEADER.index("faith")] = "grade x"
    told = problems(tmp_path, people=as_csv(rows[1:], rows[0]).encode())
    assert len(told) == 1
    assert "row 1 is not the header. Add a header with the columns of table 'people': id, first" in told[0]
    half = [*HEADER[:4], *rows[0][4:]]
    assert "grade x" not in "".join(problems(tmp_path, people=as_csv(rows[1:], half).encode()))


def test_a_missing_file_makes_no_false_problems(tmp_path):
    """While a file cannot be read, nobody is told that her manager, who may be in it, does not exist."""
    _, (path,) = write(tmp_path, people=ROWS[1:])
    with pytest.raises(InputError) as caught:
        read_people(loads_program(PROGRAM), [path, tmp_path / "none.csv"])
    assert ["none.csv: the file cannot be read" in str(problem) for problem in caught.value.problems] == [True]


def test_a_private_number_is_not_shown_either(tmp_path):
    """A wrong value of a free-text column is withheld whatever its type is."""
    said = PROGRAM.replace("[attributes.years]", "[attributes.years]\nfree_text = true")
    told = problems(tmp_path, said, people=changed(1, years=SECRET))
    assert ["column 'years': this is not a number. Write" in line for line in told] == [True]


@pytest.mark.parametrize("address", ["a\x07@b.org", "a@b.org?subject=x", "a b@c.org", "a@b,c@d"])
def test_an_address_that_could_do_more_is_refused(tmp_path, address):
    """Control characters, headers of a mail link and lists are no addresses."""
    assert "this is not an e-mail address" in problems(tmp_path, people=changed(1, mail=address))[0]


def test_zeros_that_a_spreadsheet_cut_are_suggested(tmp_path):
    """A manager's id without its leading zeros is told with the id that is there."""
    rows = [[cell.replace("h1", "001") for cell in row] for row in changed(1, boss="1")]
    assert "Did you mean '001'? A spreadsheet may have cut the zeros." in problems(tmp_path, people=rows)[0]


def test_a_circle_of_managers_is_told_by_row(tmp_path):
    """Everybody who is above herself is told, with her row."""
    told = problems(tmp_path, people=changed(0, boss="j1"))
    assert [line.split(":")[0] for line in told] == [f"people.csv, row {row}, column 'boss'" for row in (2, 3, 5)]


def test_ragged_rows_are_told(tmp_path):
    """A row with too few or too many cells is told with its line, and the other problems too."""
    data = as_csv(changed(1, grade="x")).encode() + b"a,b\r\n" + b",".join([b"z"] * 40)
    told = problems(tmp_path, people=data)
    assert [line.split(":")[0] for line in told if "cells" in line] == ["people.csv, row 8", "people.csv, row 9"]
    assert any("known order" in line for line in told)


def test_problems_of_all_files_come_together(tmp_path):
    """An id used in two files and a wrong cell in each are told in one go."""
    bad = b"mail,both,profession,wish\na,maybe,x,\n"
    also = b"mail,both,profession,offer\na,perhaps,x,\n"
    told = problems(tmp_path, TWO_TABLES, one=bad, two=also)
    assert len(told) == 3
    assert any("two.csv, row 2, column 'mail': the id is that of row 2 of one.csv too" in line for line in told)


@pytest.mark.parametrize(("column", "cell"), [("asked", SECRET), ("faith", SECRET), ("story", SECRET)])
def test_a_problem_never_shows_a_private_value(tmp_path, column, cell):
    """A wrong value of a sensitive or free-text column is told without the value, whatever else is wrong."""
    rows = changed(1, **{column: cell, "grade": "x"})
    told = "\n".join(problems(tmp_path, people=rows))
    assert SECRET not in told
    assert ("column 'asked': this is neither a yes nor a no. Known: yes" in told) == (column == "asked")


@example(b",")
@example(b"\x1c")
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: as_csv(ROWS).encode() + text.encode()))
def test_any_bytes_are_read_or_refused_and_never_crash(tmp_path_factory, data):
    """Whatever is in the file, the reader returns a register or tells the problems."""
    try:
        read(tmp_path_factory.mktemp("any"), people=data)
    except InputError as error:
        assert error.problems


def test_the_titles_of_another_kind_are_told_with_those_of_this_one(tmp_path):
    """A mentor in a program of succession is no misspelt incumbent: the words of the kind and the section are named."""
    program = PROGRAM.replace('kind = "mentoring"', 'kind = "succession"')
    (told,) = problems(tmp_path, program, people=[[*row[:4], "Mentor", *row[5:]] for row in ROWS[:1]])
    assert told.endswith(
        "(found 'Mentor'). In succession they are incumbent and successor. "
        'Write that, or add yours: [words] provider = ["mentor"].'
    )
    (other,) = problems(tmp_path, people=changed(2, part="tutor"))
    assert other.endswith("Other words go into [words] of the program.")


@given(st.integers(1, 40), st.booleans())
def test_one_wrong_word_in_many_rows_is_one_problem(tmp_path_factory, count, other):
    """Up to four rows are told one by one; more are one problem with the first rows and how many there are."""
    rows = [[f"x{i}", *ROWS[5][1:4], "tutor", "", "", *ROWS[5][7:]] for i in range(count)]
    if other:
        rows[-1][HEADER.index("part")] = "tutrix"
    told = problems(tmp_path_factory.mktemp("many"), people=rows)
    alike = count - other
    assert len(told) == (1 if alike > 4 else alike) + other
    if alike > 4:
        assert f"here and in {alike - 1} more rows: 3, 4, 5 and so on (found 'tutor')" in told[0]


def test_rows_that_are_wrong_in_different_ways_stay_apart(tmp_path):
    """Problems of one column with other values, and problems without a column, are not drawn together."""
    rows = [[f"x{i}", *ROWS[5][1:4], f"tutor {i}", "", "", *ROWS[5][7:]] for i in range(9)]
    assert len(problems(tmp_path, people=rows)) == 9
    short = as_csv([["x", "y"]] * 9, header=HEADER)
    assert len(problems(tmp_path, people=short.encode())) == 9


@pytest.mark.parametrize("name", PRESETS)
def test_whoever_drops_a_column_is_told_every_place(name, tmp_path):
    """A preset without the column that its table lacks reads that table, once every place that is named is changed."""
    text = preset(name).text(date(2027, 1, 4))
    program = loads_program(text)
    people = tmp_path / "people.csv"
    header = [column for column in program.tables[0].needed if column != "remote"]
    people.write_text(f"{','.join(header)}\n{','.join(['x', *[''] * (len(header) - 1)])}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_people(program, [people])
    (problem,) = caught.value.problems
    assert problem.remedy == (
        "Add it, or drop it from the program: tables.people.columns.remote, attributes.remote, reach.where."
    )
    for line in ('remote = "remote"\n', '[attributes.remote]\ntype = "yes-no"\n'):
        text = text.replace(line, "")
    text = re.sub(r"where = \[\{ attribute = \"remote\".*\n", "", text)
    assert len(read_people(loads_program(text), [people]).organization) == 1


def test_the_places_of_a_column_are_all_that_use_it():
    """Conditions, constraints, criteria, comparisons and the keys of a table are all named."""
    text = PROGRAM.replace("[matching]", '[measurement]\naudit_by = ["skills"]\n\n[matching]')
    program = loads_program(text)
    (table,) = program.tables
    assert uses_of("grade", table, program) == [
        *("tables.people.columns.level", "attributes.level", "providers.where", "constraints[1]")
    ]
    assert uses_of("skills", table, program) == [
        *("tables.people.columns.skills", "attributes.skills", "criteria[1]", "measurement.audit_by")
    ]
    assert uses_of("asked", table, program)[-1] == "criteria[2]"
    assert uses_of("years", table, program)[-1] == "recipients.where"
    assert uses_of("takes", table, program) == ["tables.people.capacity_column"]
    assert uses_of("last", table, program) == ["tables.people.name"]


def test_people_of_a_program_without_tables_cannot_be_read():
    """Where the program says nothing of tables, people are refused in one problem that says what to add."""
    program = Program("P", MENTORING, Term(date(2026, 1, 5)))
    with pytest.raises(InputError, match=r"does not say what is in the people tables. Add a table: \[tables.people\]"):
        loads_people(program, [Source("p.csv", b"id\nm\n")])


@pytest.mark.parametrize("fact", ["preferences", "exclusions"])
def test_whoever_names_nobody_is_told(fact):
    """A misspelt id among those whom somebody ranks or excludes is a problem with row, column and the nearest id."""
    text = """
[program]
name = "P"
kind = "mentoring"
[term]
start = 2026-03-02
months = 6
[attributes.named]
type = "list"
[tables.people]
id = "id"
role_column = "role"
columns = {named = "whom"}
[said]
FACT = "named"
""".replace("FACT", fact)
    table = b"id,role,whom\na,mentee,%s\nmentor-x,mentor,\n"
    program = loads_program(text)
    assert len(loads_people(program, [Source("p.csv", table % b"mentor-x")]).organization) == 2
    with pytest.raises(InputError) as caught:
        loads_people(program, [Source("p.csv", table % b"mentor-X")])
    (found,) = caught.value.problems
    assert (found.row, found.column, found.value) == (2, "whom", "mentor-X")
    assert found.remedy.startswith("Did you mean 'mentor-x'?")
