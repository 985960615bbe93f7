"""What holds of all rules: none breaks down, none repeats the words of the parties, broken variants are caught."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from types import CodeType, FunctionType
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
from devrel.validation import Entry, Flaw, Rulebook, Severity, Validator, check
from devrel.validation.book import own_rules
from devrel.validation.validator import rule
from tests.test_rule_edges import MORE
from tests.test_rule_examples import CASES, SAID, TODAY


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


BY_CODE: dict[str, list[tuple[dict[str, Any], Severity | None, str]]] = {}
"""For each code its cases, each with the severity that the first finding has (None for no finding), and its words."""
for _code, _severity, _bad, _good in [*CASES, *MORE]:
    BY_CODE.setdefault(_code, []).extend([(_bad, _severity, ""), (_good, None, "")])
for _code, _known, _told in SAID:
    BY_CODE[_code].append((_known, own_rules()[_code].severity, _told))


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


def parts_of(function: FunctionType) -> dict[str, FunctionType]:
    """Return a rule's function and those of its module that it calls, by name, the rule's own first."""
    found: dict[str, FunctionType] = {}
    waiting = [function]
    while waiting:
        one = waiting.pop()
        found[one.__name__] = one
        called = [one.__globals__.get(name) for name in sorted(_names_in(one.__code__))]
        waiting += [
            each
            for each in called
            if isinstance(each, FunctionType) and each.__module__ == function.__module__ and each.__name__ not in found
        ]
    return found


def _names_in(code: CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*map(_names_in, inner))


def mutants(validator: Validator) -> Iterator[tuple[str, Validator]]:
    """Yield variants of a rule that are broken in one place of its function or of a helper, with the place."""
    function = type(validator).__dict__["judge"].__func__
    parts = parts_of(function)
    for name, part in parts.items():
        tree = ast.parse(textwrap.dedent(inspect.getsource(part)))
        definition = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        definition.decorator_list = []
        for place in range(60):
            changed = _Mutant(place)
            made = changed.visit(ast.parse(ast.unparse(definition)))
            if not changed.done:
                break
            names = _rebound(parts, function.__globals__)
            cells = (cell.cell_contents for cell in part.__closure__ or ())
            names |= dict(zip(part.__code__.co_freevars, cells, strict=True))
            exec(compile(ast.fix_missing_locations(made), "<mutant>", "exec"), names)
            names[name] = names[definition.name]
            judge = names[function.__name__]
            yield f"{name}: {changed.done}", _with(validator, judge, validator.applies)


def _rebound(parts: dict[str, FunctionType], around: dict[str, Any]) -> dict[str, Any]:
    """Return the names of a module in which its functions look each other up, so that one can be replaced."""
    names = dict(around)
    for name, one in parts.items():
        names[name] = FunctionType(one.__code__, names, name, one.__defaults__, one.__closure__)
        names[name].__kwdefaults__ = one.__kwdefaults__
    return names


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


def outcome(variant: Validator) -> str:
    """Return whether a case of its code goes another way than it should: caught, or what else became of it.

    A variant that breaks down is not caught by that: the engine says so of any rule, and no case has shown anything.
    """
    book, crashed = Rulebook([Entry(variant)]), False
    for known, severity, words in BY_CODE[variant.code]:
        given_ = {"today": TODAY, **known}
        report = check(given_.pop("subject"), rules=book, select=[variant.code], **given_)
        first = next(iter(report), None)
        if report.crashed:
            crashed = True
        elif severity is not (first and first.severity) or (first and words not in f"{first.message}. {first.remedy}"):
            return "caught"
    return "crashed" if crashed else "survived"


@pytest.mark.parametrize("code", [one.code for one in own_rules()])
def test_broken_variants_of_a_rule_are_caught(code: str):
    """A rule that never speaks, one that always does, and most of those broken in one place fail a case.

    A guard against None that is joined to something else is there for the type checker: where the engine always gives
    what it guards, no case can tell "and" from "or".
    """
    validator = own_rules()[code]
    assert outcome(validator) == "survived"
    assert outcome(_with(validator, lambda case: None, validator.applies)) == "caught"
    assert outcome(_with(validator, lambda case: Flaw("x", "y"), validator.applies)) == "caught"
    tried = [(what, outcome(mutant)) for what, mutant in mutants(validator)]
    survivors = [what for what, became in tried if became == "survived" and not _guards(what)]
    assert "caught" in [became for _, became in tried], tried
    assert len(survivors) * 4 <= len(tried), survivors


def _guards(what: str) -> bool:
    return (" is None" in what or " is not None" in what) and (" or " in what or " and " in what)


def test_a_variant_that_only_breaks_down_is_not_caught():
    """A rule that raises whatever it is asked is told apart from one that a case has shown to be wrong."""

    def breaks(case: Any) -> None:
        raise ValueError

    validator = own_rules()["D010"]
    assert outcome(_with(validator, breaks, validator.applies)) == "crashed"
