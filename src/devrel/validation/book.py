"""All rules there are, by code: those of the library and those that installed packages bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TypeVar

from attrs import field, frozen

from devrel._records import ReadOnly
from devrel.errors import InputError, InvalidValue, Problem, did_you_mean
from devrel.plugins import OURS, Group, Plugin, PluginError, hint, installed
from devrel.programs.policies import CheckPolicy
from devrel.validation.finding import Severity
from devrel.validation.validator import CODE, Validator, refused_unless_sound

V = TypeVar("V")

GROUP = "devrel.validators"
"""The entry points under which packages announce rules: a subclass of ``Validator``, a decorated function, several."""

FAMILIES: Mapping[str, str] = ReadOnly(
    {
        "K": "kind and facets",
        "P": "pairing",
        "A": "agreement",
        "G": "goals",
        "S": "sessions",
        "L": "lifecycle",
        "V": "visibility",
        "D": "design of the program",
        "M": "matching result",
    }
)
"""What the letters of the library's own codes stand for; all other letters are left to others."""


@frozen
class Entry:
    """A rule and where it comes from.

    Attributes:
        validator: The rule.
        distribution: The package that brings it, with its version; ``devrel`` for the library's own.
    """

    validator: Validator
    distribution: str = OURS

    def to_dict(self) -> dict[str, object]:
        """Return it as plain data, without the function."""
        one = self.validator
        return {
            "code": one.code,
            "severity": one.severity.value,
            "subject": one.subject.value,
            "title": one.title,
            "needs": sorted(one.needs),
            "source": one.source,
            "distribution": self.distribution,
        }

    def __str__(self) -> str:
        """Return it in one line."""
        one = self.validator
        return f"{one.code}  {one.severity.value:<7}  {one.subject.value:<12}  {one.title}"


class Rulebook:
    """Rules by code. It cannot be changed; ``adding`` gives a new one.

    Args:
        entries: The rules; each code once.
        broken: What installed packages announce and nobody can use, one sentence each.

    Raises:
        InvalidValue: When two rules have one code, and both packages are named; when a rule of others has one of the
            library's letters.

    >>> from devrel.validation import rulebook
    >>> rulebook()["A005"].title
    'no end is agreed'
    """

    __slots__ = ("_broken", "_entries")

    def __init__(self, entries: Iterable[Entry], broken: Iterable[str] = ()) -> None:
        found: dict[str, Entry] = {}
        for entry in entries:
            code = refused_unless_sound(entry.validator).code
            _refuse_reserved(entry)
            if code in found:
                both = f"{found[code].distribution} and {entry.distribution}"
                raise InvalidValue("code", f"{code} is used twice, by {both}", "give one of the two another code")
            found[code] = entry
        self._broken = tuple(broken)
        self._entries = ReadOnly(dict(sorted(found.items(), key=lambda item: _place(item[0]))))

    def adding(self, *validators: Validator, distribution: str = "given by the caller") -> Rulebook:
        """Return a rulebook that has ``validators`` as well."""
        return Rulebook([*self._entries.values(), *(Entry(one, distribution) for one in validators)], self._broken)

    def entry(self, code: str) -> Entry:
        """Return the rule called ``code`` with its package; an unknown one is refused with the nearest."""
        if code not in self._entries:
            retired = _retired().get(code)
            remedy = self._nearest(code, self._entries) if retired is None else f"it was {retired}"
            raise InvalidValue("code", f"{code!r} is not known", remedy)
        return self._entries[code]

    def __getitem__(self, code: str) -> Validator:
        return self.entry(code).validator

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rules with their packages, in order."""
        return tuple(self._entries.values())

    @property
    def broken(self) -> tuple[str, ...]:
        """What installed packages announce and nobody can use, one sentence each."""
        return self._broken

    def __iter__(self) -> Iterator[Validator]:
        return (entry.validator for entry in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, code: object) -> bool:
        return code in self._entries

    def __repr__(self) -> str:
        return f"<Rulebook: {len(self)} rules>"

    def chosen(self, words: Iterable[str], where: str) -> frozenset[str]:
        """Return the codes that ``words`` mean: codes, or letters of families.

        Raises:
            InputError: With every word that means none; the nearest is named.
        """
        letters: dict[str, set[str]] = {}
        for code in self._entries:
            letters.setdefault(code[0], set()).add(code)
        meant: set[str] = set()
        problems = []
        for word in words:
            if word in self._entries:
                meant.add(word)
            elif word in letters:
                meant |= letters[word]
            else:
                problems.append(Problem(f"{word!r} is no rule", self._instead(str(word), letters), column=where))
        if problems:
            raise InputError(problems)
        return frozenset(meant)

    def _instead(self, word: str, letters: Iterable[str]) -> str:
        retired = _retired().get(word)
        if retired is not None:
            return f"The code was given up: it was {retired}."
        return self._nearest(word, [*self._entries, *letters] if len(word) > 1 else letters)

    def _nearest(self, word: str, known: Iterable[str]) -> str:
        """Return what to do about a word that is no rule; a code with a letter of nobody's is of another package."""
        alike = [one for one in known if one[0] == word[:1]]
        near = did_you_mean(word, known)
        if CODE.fullmatch(word) and not alike:
            near = f"Codes with {word[0]} are those of other packages, and none that is installed has one. {hint()}"
        elif CODE.fullmatch(word):
            near = did_you_mean(word, alike)
        return " ".join([near, *(f"It may be of a package that cannot be used: {one}." for one in self._broken)])


def _refuse_reserved(entry: Entry) -> None:
    code = entry.validator.code
    if entry.distribution != OURS and code[0] in FAMILIES:
        wrong = f"{code} of {entry.distribution} has a letter of the library's own codes ({', '.join(FAMILIES)})"
        raise InvalidValue("code", wrong, f"give it another letter, such as X{code[1:]}")


def _retired() -> Mapping[str, str]:
    from devrel.validation.rules import RETIRED

    return RETIRED


def _place(code: str) -> tuple[int, str]:
    order = list(FAMILIES)
    return (order.index(code[0]) if code[0] in order else len(order)), code


@frozen
class Choice:
    """Which rules of a rulebook are asked, and how grave each is.

    Attributes:
        entries: The rules that are asked.
        severities: The severities that differ from the rules' own.
        ignored: The codes that are left out, with the reason given.
        words: What was said to be ignored, codes and letters, each with the codes that it means.
    """

    entries: tuple[Entry, ...]
    severities: Mapping[str, Severity] = field(factory=dict)
    ignored: Mapping[str, str] = field(factory=dict)
    words: Mapping[str, frozenset[str]] = field(factory=dict)


def choose(
    book: Rulebook,
    *,
    policy: CheckPolicy | None = None,
    select: Iterable[str] | None = (),
    ignore: Mapping[str, str] | Iterable[str] | None = (),
    severities: Mapping[str, Severity | str] | None = None,
) -> Choice:
    """Return which rules are asked; everything wrong with what is asked for is refused at once.

    A code counts more than the letter of its family, whichever stands first. What the caller says counts more than
    what the program says; a reason that the program gives stays where the caller gives none. A rule that is an error by
    itself stays one for this, however little grave it is called: else a reason could be avoided in two steps.

    Args:
        book: All rules.
        policy: What the program says, or None.
        select: Codes or letters of families; what the program says where it is empty or None, and else everything.
        ignore: Codes or letters to leave out; a mapping gives the reason of each.
        severities: Codes or letters with another severity.

    Raises:
        InputError: For unknown codes (the nearest is named), unknown severities, and errors ignored without a reason.
        InvalidValue: When an argument is of another type.
    """
    if not isinstance(severities, Mapping | None):
        raise InvalidValue("severities", "must be a mapping", 'write it like {"A010": "error"}')
    said, problems = CheckPolicy() if policy is None else policy, list[Problem]()
    words = _texts(select, "select")
    ours = dict.fromkeys(_texts(ignore, "ignore"), "") | (dict(ignore) if isinstance(ignore, Mapping) else {})
    asked = _meant(book, words or said.select, "select" if words else "check.select", problems)
    changed = _levels(book, said.severities, "check.severities", problems)
    changed |= _levels(book, severities or {}, "severities", problems)
    ignored, where = dict[str, str](), dict[str, str]()
    for word, code, because in _spread(book, said.ignore, "check.ignore", problems):
        ignored[code], where[code] = str(because or ""), f"check.ignore.{word}"
    for _, code, because in _spread(book, ours, "ignore", problems):
        ignored[code], where[code] = str(because) if _says(because) else ignored.get(code, ""), "ignore"
    for code in sorted(ignored):
        if Severity.ERROR in {changed.get(code), book[code].severity} and not _says(ignored[code]):
            remedy = f'Say why, in the program file: [check.ignore] {code} = "...".'
            problems.append(Problem(f"{code} is an error and is ignored without a reason", remedy, column=where[code]))
    if problems:
        raise InputError(problems)
    entries = tuple(book.entry(one.code) for one in book if not asked or one.code in asked)
    meant = {word: book.chosen([word], "ignore") for word in sorted({*said.ignore, *ours}, key=_place)}
    return Choice(entries, ReadOnly(changed), ReadOnly(ignored), ReadOnly(meant))


def _texts(given: object, name: str) -> list[str]:
    """Return codes and letters as a list; one alone is a list of one, and None an empty one."""
    listed = [] if given is None else [given] if isinstance(given, str) or not isinstance(given, Iterable) else given
    words = list(listed)
    if not all(isinstance(word, str) for word in words):
        raise InvalidValue(name, "must be codes or letters of families", 'write it like ["A010", "D"]')
    return words


def _says(because: object) -> bool:
    return because is not None and bool(str(because).strip())


def _meant(book: Rulebook, words: Iterable[str], where: str, problems: list[Problem]) -> frozenset[str]:
    try:
        return book.chosen(words, where)
    except InputError as error:
        problems += error.problems
        return frozenset()


def _spread(book: Rulebook, given: Mapping[str, V], where: str, problems: list[Problem]) -> list[tuple[str, str, V]]:
    """Return each word, each code it means, and what is said of it; codes come last, as they count more."""
    ordered = sorted(given, key=lambda word: len(str(word)) > 1)
    return [(word, code, given[word]) for word in ordered for code in sorted(_meant(book, [word], where, problems))]


def _levels(
    book: Rulebook, given: Mapping[str, Severity | str], where: str, problems: list[Problem]
) -> dict[str, Severity]:
    known: Mapping[object, Severity] = {severity.value: severity for severity in Severity}
    levels: dict[str, Severity | None] = {}
    for word, said in given.items():
        levels[word] = said if isinstance(said, Severity) else known.get(str(said))
        if levels[word] is None:
            remedy = did_you_mean(str(said), map(str, known))
            problems.append(Problem(f"{said!r} is no severity", remedy, column=where))
    return {code: level for _, code, level in _spread(book, levels, where, problems) if level is not None}


def validators_of(plugin: Plugin) -> tuple[Validator, ...]:
    """Return the rules that a package announces under one name.

    Raises:
        PluginError: When what it announces is no rule, or has a code of the library's own.
    """
    return VALIDATOR_GROUP.check(plugin)


def _validators(found: object, name: str) -> tuple[Validator, ...]:
    listed = found if isinstance(found, list | tuple) else (found,)
    rules = tuple(refused_unless_sound(_made(one, name)) for one in listed)
    for one in rules:
        if one.code in own_rules():
            raise InvalidValue("code", f"{one.code} is used twice, by {OURS} too", "take one with X, Y or Z")
    return rules


VALIDATOR_GROUP = Group(GROUP, "validator", _validators, tuple)
"""The rules of other packages: one or several under each name."""


def _made(announced: object, name: str) -> Validator:
    found = announced() if isinstance(announced, type) and issubclass(announced, Validator) else announced
    if not isinstance(found, Validator):
        raise InvalidValue(name, "is no rule", "announce a subclass of Validator, or a function made by rule")
    return found


@cache
def own_rules() -> Rulebook:
    """Return the rules of the library alone."""
    from devrel.validation.rules import RULES

    return Rulebook(Entry(one) for one in RULES)


def rulebook() -> Rulebook:
    """Return all rules there are: those of the library, then those of installed packages.

    A package that cannot be used disturbs nobody else: what is wrong with it is in ``broken``. So is a code that the
    library or another package has already; both packages are named.
    """
    own, brought, broken = own_rules(), dict[str, Entry](), list[str]()
    for plugin in installed(GROUP):
        try:
            new = [Entry(one, plugin.distribution) for one in validators_of(plugin)]
            for entry in new:
                _refuse_taken(entry, brought)
        except (PluginError, InvalidValue) as error:
            broken.append(f"{error}; update {plugin.distribution}, or uninstall it")
        else:
            brought |= {entry.validator.code: entry for entry in new}
    if not brought and not broken:
        return own
    return Rulebook([*(own.entry(one.code) for one in own), *brought.values()], broken)


def _refuse_taken(entry: Entry, taken: Mapping[str, Entry]) -> None:
    _refuse_reserved(entry)
    code = entry.validator.code
    if code in taken:
        raise InvalidValue("code", f"{code} is used twice, by {taken[code].distribution} and {entry.distribution}")
