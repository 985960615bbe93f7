"""What holds of all rules: none breaks down, none repeats the words of the parties, broken variants are caught."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import fields, has
from hypothesis import given
from hypothesis import strategies as st

from devrel.kinds import KINDS
from devrel.people import Organization, Person
from devrel.programs import Program
from devrel.relationships import Relationship
from devrel.testing import strategies
from devrel.validation import Entry, Flaw, Rulebook, Validator, check
from devrel.validation.book import own_rules
from devrel.validation.validator import rule
from tests.test_rule_examples import CASES, TODAY


@given(strategies.relationships(), st.dates(date(2025, 1, 1), date(2030, 1, 1)))
def test_no_rule_breaks_down_over_a_relationship(one: Relationship, today: date):
    """Whatever the history and the day, every rule gives its findings, with and without people and a program."""
    ids = sorted({party.person for party in one.parties})
    people = Organization([Person(person, level=len(person)) for person in ids])
    term = one.agreement.term
    program = Program("P", one.kind, term, cadence=one.agreement.cadence, focus_areas=["one"])
    assert check(one, today=today).crashed == ()
    report = check(program, people=people, enrollments=(), relationships=[one], today=today)
    assert report.crashed == ()


@given(strategies.agreements(), st.sampled_from(KINDS))
def test_no_rule_breaks_down_over_an_agreement(agreement: Any, kind: Any):
    """Any agreement can be judged for any kind."""
    assert check(agreement, kind=kind, today=TODAY).crashed == ()


@given(strategies.relationships())
def test_findings_do_not_depend_on_what_they_are_judged_with(one: Relationship):
    """A relationship judged alone and among others of other people gives the same findings."""
    alone = check(one, today=TODAY).findings
    assert check([one], today=TODAY).findings == alone


def words_of(value: object, seen: set[int] | None = None) -> Iterator[str]:
    """Yield the texts of records that stay out of reprs: those of goals, notes, topics and other free text."""
    kind: Any = type(value)
    if has(kind):
        for one in fields(kind):
            inner = getattr(value, one.name)
            if isinstance(inner, str) and one.name in {"text", "note", "purpose", "name", "opportunity"}:
                yield inner
            elif one.name in {"topics", "areas", "extra", "provider_commits", "recipient_commits", "boundaries"}:
                yield from inner
            else:
                yield from words_of(inner)
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from words_of(item)


@given(strategies.relationships())
def test_no_finding_repeats_the_words_of_the_parties(one: Relationship):
    """No text of goals, notes, topics, key results or clauses stands in a report in any of its forms."""
    report = check(one, today=one.history[-1].at.date() + timedelta(days=90))
    told = [text for finding in report for text in (finding.where, finding.message, finding.remedy)]
    agreement = one.agreement
    private = {word for goal in agreement.goals for word in words_of(goal)}
    private |= {word for event in one.history if hasattr(event, "topics") for word in event.topics}
    private |= {note.text for event in one.history for note in getattr(event, "notes", ())}
    long = {word for word in private if len(word) > 6 and word not in _CLOSED}
    assert [word for word in long for text in told if word in text and word not in _known_texts()] == []


_CLOSED = {"therapy", "dispute"}


def _known_texts() -> str:
    return " ".join(f"{one.title} {one.remedy} {one.rationale}" for one in own_rules())


BY_CODE: dict[str, list[tuple[dict[str, Any], bool]]] = {}
for _code, _, _bad, _good in CASES:
    BY_CODE.setdefault(_code, []).extend([(_bad, True), (_good, False)])


class _Mutant(ast.NodeTransformer):
    """Changes one place of a function: a comparison, a connective, a negation or a small number."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.met = -1
        self.done = ""

    def _here(self) -> bool:
        self.met += 1
        return self.met == self.place

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        swaps: dict[type, ast.cmpop] = {
            ast.Lt: ast.GtE(), ast.LtE: ast.Gt(), ast.Gt: ast.LtE(), ast.GtE: ast.Lt(), ast.Eq: ast.NotEq(),
            ast.NotEq: ast.Eq(), ast.Is: ast.IsNot(), ast.IsNot: ast.Is(), ast.In: ast.NotIn(), ast.NotIn: ast.In(),
        }  # fmt: skip
        if type(node.ops[0]) in swaps and self._here():
            self.done = ast.unparse(node)
            node.ops[0] = swaps[type(node.ops[0])]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._here():
            self.done = ast.unparse(node)
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and self._here():
            self.done = ast.unparse(node)
            return node.operand
        return node


def mutants(validator: Validator) -> Iterator[tuple[str, Validator]]:
    """Yield variants of a rule whose function is broken in one place, with the place."""
    function = type(validator).__dict__["judge"].__func__
    source = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(source)
    definition = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    definition.decorator_list = []
    for place in range(40):
        changed = _Mutant(place)
        made = changed.visit(ast.parse(ast.unparse(definition)))
        if not changed.done:
            return
        names = dict(function.__globals__)
        if function.__closure__:
            names |= dict(
                zip(function.__code__.co_freevars, (cell.cell_contents for cell in function.__closure__), strict=True)
            )
        exec(compile(ast.fix_missing_locations(made), "<mutant>", "exec"), names)
        yield changed.done, _with(validator, names[definition.name], validator.applies)


def _with(validator: Validator, judge: Any, applies: Any) -> Validator:
    return rule(
        validator.code,
        validator.title,
        severity=validator.severity,
        subject=validator.subject,
        source=validator.source,
        rationale=validator.rationale,
        remedy=validator.remedy,
        needs=validator.needs,
        drafts=validator.drafts,
        applies=applies,
    )(judge)


def caught(mutant: Validator) -> bool:
    """Whether one of the cases of its code goes another way than it should."""
    book = Rulebook([Entry(mutant)])
    for known, fires in BY_CODE[mutant.code]:
        given_ = {"today": TODAY, **known}
        report = check(given_.pop("subject"), rules=book, select=[mutant.code], **given_)
        if report.crashed or bool(report.findings) is not fires:
            return True
    return False


@pytest.mark.parametrize("code", [one.code for one in own_rules()])
def test_broken_variants_of_a_rule_are_caught(code: str):
    """A rule that never speaks, one that always does, and most of those broken in one place fail a case."""
    validator = own_rules()[code]
    assert caught(_with(validator, lambda case: None, validator.applies))
    assert caught(_with(validator, lambda case: Flaw("x", "y"), validator.applies))
    tried = [(what, caught(mutant)) for what, mutant in mutants(validator)]
    survivors = [what for what, found in tried if not found and "is None" not in what and "is not None" not in what]
    assert len([one for one in tried if one[1]]) >= 1 or not tried
    assert len(survivors) * 4 <= len(tried), survivors
