"""Asks the rules about each case, and gathers what each says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from types import TracebackType
from typing import Any

from attrs import evolve

from devrel.agreements import Agreement
from devrel.errors import InvalidValue
from devrel.kinds import RelationshipKind, Side
from devrel.matching.result import Matching
from devrel.people import Enrollment, Person
from devrel.programs.design import Program
from devrel.relationships import Relationship
from devrel.validation._places import in_file
from devrel.validation.book import Choice, Entry
from devrel.validation.case import Case, Pairing, Subject, Surroundings, fast_case
from devrel.validation.finding import Crash, Finding, Flaw, Severity, fast_finding
from devrel.validation.report import Report, Skipped
from devrel.validation.validator import Flaws, Validator

Judges = list[tuple[Entry, Callable[[Case], Flaws]]]

_PAIRED = (Subject.RELATIONSHIP, Subject.AGREEMENT)
_BREAKING_OFF = (KeyboardInterrupt, GeneratorExit)
_NO_REASON = "It is ignored without a reason, and an error needs one."


class Asking:
    """One check: the rules that are asked, by what they judge and for which kind, and what they found."""

    def __init__(self, choice: Choice, around: Surroundings, today: date) -> None:
        self._choice = choice
        self._around = around
        self._today = today
        self._rules: dict[Subject, list[Entry]] = {subject: [] for subject in Subject}
        self._judging: dict[tuple[Subject, bool, bool, int | None], Judges] = {}
        self._lives: dict[int, Judges] = {}
        self._numbers: dict[int, int] = {}
        self._equal: dict[RelationshipKind, int] = {}
        self._kept: list[RelationshipKind] = []
        self._asked: set[str] = set()
        self._elsewhere: set[str] = set()
        self._lacking: dict[str, set[str]] = {}
        self._found: list[Finding] = []
        self._crashed: list[Crash] = []
        self._used: set[str] = set()
        self._suppressed = self._cases = self._passed_over = 0
        self._file = ""  # what is judged by the name of its program stands in a program file
        for entry in choice.entries:
            self._rules[entry.validator.subject].append(entry)

    def report(self) -> Report:
        """Return what was found, in an order that does not depend on the order of what was given."""
        lacking = [entry.validator.code for entry in self._choice.entries if entry.validator.code in self._lacking]
        return Report(
            sorted(self._found, key=_order),
            sorted(set(self._crashed), key=lambda crash: (crash.code, crash.subject, crash.error)),
            [Skipped(code, tuple(sorted(self._lacking[code]))) for code in lacking if code not in self._asked],
            list(self._unused()),
            self._suppressed,
            self._cases,
            self._passed_over,
        )

    def _unused(self) -> Iterator[str]:
        """Yield what is ignored in vain; not what could not be asked, or of some cases only, as nobody knows then."""
        chosen = {entry.validator.code for entry in self._choice.entries}
        silent = (self._asked | self._elsewhere) - self._lacking.keys() - {crash.code for crash in self._crashed}
        for word, codes in self._choice.words.items():
            if codes & chosen and codes & chosen <= silent - self._used:
                yield word

    def program(self, program: Program, matching: Matching | None, enrolled: Iterable[Enrollment] | None) -> None:
        """Judge a program, and what is known around it."""
        self.kind(program.kind)
        agreement = program.agreement()
        name = self._file = f"program {program.name!r}"
        self._ask(Subject.PROGRAM, self._case(kind=program.kind, agreement=agreement), name)
        self.agreement(agreement, program.kind, name, draft=True)
        self._people(program.kind, enrolled)
        self._relationships_of(program)
        if matching is not None:
            self.matching(matching, program.kind)
        else:
            self._left_out(Subject.MATCHING, "matching", program.kind)
            if self._around.relationships is None:
                self._left_out(Subject.PAIRING, "relationships", program.kind)

    def people(self, kind: RelationshipKind | None, enrolled: Iterable[Enrollment] | None) -> None:
        """Judge the people, who of them is enrolled, and who of them is paired with whom."""
        self._people(kind, enrolled)
        if self._around.relationships is None:
            self._left_out(Subject.PAIRING, "relationships", kind)
        for one in self._around.relationships or ():
            self._pairs(one)

    def _people(self, kind: RelationshipKind | None, enrolled: Iterable[Enrollment] | None) -> None:
        if self._around.people is not None:
            self._ask(Subject.PEOPLE, self._case(kind=kind), "people")
        else:
            self._left_out(Subject.PEOPLE, "people", kind)
        for enrollment in enrolled or ():
            self.enrollment(enrollment, kind)
        if enrolled is None:
            self._left_out(Subject.ENROLLMENT, "enrollments", kind)

    def _relationships_of(self, program: Program) -> None:
        if self._around.relationships is None:
            self._left_out(Subject.RELATIONSHIP, "relationships", program.kind)
        for one in self._around.relationships or ():
            if one.state.program in {None, program.name}:
                self.relationship(one)
            else:
                self._passed_over += 1

    def kind(self, kind: RelationshipKind) -> None:
        """Judge a kind."""
        self._ask(Subject.KIND, self._case(kind=kind), f"kind {kind.name}")

    def agreement(self, agreement: Agreement, kind: RelationshipKind, name: str, *, draft: bool = False) -> None:
        """Judge an agreement, or the draft of one."""
        self._ask(Subject.AGREEMENT, self._case(kind=kind, agreement=agreement), name, draft=draft)

    def relationship(self, one: Relationship) -> None:
        """Judge a relationship, its agreement, and its pairs where the people are known."""
        state = one.state
        case = fast_case(self._today, self._around, kind=state.kind, agreement=state.agreement, relationship=one)
        name = f"relationship {state.relationship}"
        known = self._lives.get(id(state.kind))
        if known is None:
            known = [judge for subject in _PAIRED for judge in self._judges(subject, case, draft=False)]
            self._lives[id(state.kind)] = known
            if self._around.people is None:
                self._left_out(Subject.PAIRING, "people", state.kind)
        self._cases += 1
        self._judge(known, case, name)
        self._pairs(one)

    def _pairs(self, one: Relationship) -> None:
        """Judge the pairs of a relationship, where the people are known."""
        people, state = self._around.people, one.state
        if people is None or not self._rules[Subject.PAIRING]:
            return
        name = f"relationship {state.relationship}"
        for recipient in state.people(Side.RECIPIENT):
            for provider in state.people(Side.PROVIDER):
                if recipient in people and provider in people and (recipient != provider or len(state.parties) == 1):
                    self._pair(state.kind, people[recipient], people[provider], name, one)

    def pairing(self, pairing: Pairing) -> None:
        """Judge two people who may be brought together."""
        recipient, provider = pairing.recipient, pairing.provider
        self._pair(pairing.kind, recipient, provider, f"pair {recipient.id} and {provider.id}", None)

    def _pair(
        self, kind: RelationshipKind, recipient: Person, provider: Person, name: str, one: Relationship | None
    ) -> None:
        agreement = None if one is None else one.state.agreement
        case = self._case(kind=kind, recipient=recipient, provider=provider, relationship=one, agreement=agreement)
        self._ask(Subject.PAIRING, case, name)

    def enrollment(self, enrollment: Enrollment, kind: RelationshipKind | None) -> None:
        """Judge an enrolment."""
        self._ask(Subject.ENROLLMENT, self._case(kind=kind, enrollment=enrollment), f"person {enrollment.person}")

    def matching(self, matching: Matching, kind: RelationshipKind | None) -> None:
        """Judge a matching, and its pairs where the people and the kind are known."""
        self._ask(Subject.MATCHING, self._case(kind=kind, matching=matching), "matching")
        people = self._around.people
        if people is None or kind is None:
            self._left_out(Subject.PAIRING, "people" if people is None else "program", kind)
            return
        for pair in matching.pairs:
            if pair.recipient in people and pair.provider in people:
                self.pairing(Pairing(kind, people[pair.recipient], people[pair.provider]))

    def _case(self, **known: Any) -> Case:
        return fast_case(self._today, self._around, **known)

    def _ask(self, subject: Subject, case: Case, name: str, *, draft: bool = False) -> None:
        self._cases += 1
        self._judge(self._judges(subject, case, draft=draft), case, name)

    def _judge(self, judges: Judges, case: Case, name: str) -> None:
        for entry, judge in judges:
            try:
                flaws = judge(case)
                if flaws is None:
                    continue
                for flaw in _several(flaws):
                    self._take(entry.validator, flaw, name)
            except _BREAKING_OFF:
                raise
            except BaseException as error:  # SystemExit too: a rule must not end the check with status 0
                self._crashed.append(Crash(entry.validator.code, entry.distribution, name, _told(error)))

    def _take(self, validator: Validator, flaw: object, name: str) -> None:
        if not isinstance(flaw, Flaw) or _wrong(flaw):
            raise _NoFlaw(flaw)
        code, remedy = validator.code, flaw.remedy or validator.remedy
        own = flaw.severity or validator.severity
        severity = self._choice.severities.get(code) or own
        if code in self._choice.ignored:
            self._used.add(code)
            if Severity.ERROR not in {own, severity} or self._choice.ignored[code].strip():
                self._suppressed += 1
                return
            remedy = f"{remedy} {_NO_REASON}"  # an error in this case only
        placed = evolve(flaw, where=in_file(flaw.where)) if name == self._file else flaw
        self._found.append(fast_finding(code, severity, name, placed, remedy, validator.source))

    def _judges(self, subject: Subject, case: Case, *, draft: bool) -> Judges:
        """Return the rules to ask about a case; worked out once for each kind and what is known."""
        key = (subject, draft, case.relationship is None, None if case.kind is None else self._number(case.kind))
        known = self._judging.get(key)
        if known is None:
            known = self._judging[key] = list(self._answering(subject, case, draft=draft))
        return known

    def _number(self, kind: RelationshipKind) -> int:
        """Return the number that stands for a kind; kinds that are equal have one and the same."""
        known = self._numbers.get(id(kind))
        if known is None:
            self._kept.append(kind)  # it stays alive, so that its id stays its own
            known = self._numbers[id(kind)] = self._equal.setdefault(kind, len(self._equal))
        return known

    def _answering(
        self, subject: Subject, case: Case, *, draft: bool
    ) -> Iterator[tuple[Entry, Callable[[Case], Flaws]]]:
        for entry in self._rules[subject]:
            one = entry.validator
            if (draft and not one.drafts) or not self._applies(entry, case.kind):
                continue
            lacking = {need for need in one.needs if not self._known(need, case)}
            if lacking:
                self._lacking.setdefault(one.code, set()).update(lacking)
            else:
                self._asked.add(one.code)
                yield entry, one.judge

    def _left_out(self, subject: Subject, need: str, kind: RelationshipKind | None) -> None:
        """Note that nothing of a sort could be judged for want of something."""
        for entry in self._rules[subject]:
            if self._applies(entry, kind):
                self._lacking.setdefault(entry.validator.code, set()).add(need)

    def _applies(self, entry: Entry, kind: RelationshipKind | None) -> bool:
        if kind is None:
            return True
        try:
            applies = entry.validator.applies(kind)
        except _BREAKING_OFF:
            raise
        except BaseException as error:
            self._crashed.append(Crash(entry.validator.code, entry.distribution, f"kind {kind.name}", _told(error)))
            return False
        if not applies:
            self._elsewhere.add(entry.validator.code)
        return applies

    def _known(self, need: str, case: Case) -> bool:
        own = getattr(case, need, None) if need in {"relationship", "agreement"} else getattr(self._around, need)
        return own is not None


class _NoFlaw(InvalidValue):
    def __init__(self, given: object) -> None:
        super().__init__("flaws", _wrong(given) if isinstance(given, Flaw) else f"{type(given).__name__}, no flaw")


def _several(flaws: object) -> Iterable[object]:
    if isinstance(flaws, Flaw):
        return (flaws,)
    if not isinstance(flaws, Iterable):
        raise _NoFlaw(flaws)
    return flaws


def _wrong(flaw: Any) -> str:
    """Return what a flaw lacks, without its words; nothing where it is sound."""
    for name in ("where", "message", "remedy"):
        text = getattr(flaw, name)
        if not isinstance(text, str):
            return f"a flaw whose {name} is no text"
        if not text and name != "remedy":
            return f"a flaw with an empty {name}"
    return "" if isinstance(flaw.severity, Severity | None) else "a flaw whose severity is no Severity"


def _order(finding: Finding) -> tuple[object, ...]:
    return *finding.order, finding.remedy


def _told(error: BaseException) -> str:
    """Return the type of an error and where it was raised; its words may be private and are left out."""
    if isinstance(error, _NoFlaw):
        return f"it gave {error.args[0].partition(': ')[2]}"
    trace: TracebackType | None = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    module = trace.tb_frame.f_globals.get("__name__")
    return f"{type(error).__name__} in {code.co_name}, line {trace.tb_lineno} of {module}"
