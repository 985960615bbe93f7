"""People for rules to judge: which attributes a rule looks at is found by asking it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from attrs import evolve, fields, frozen, has
from hypothesis import strategies as st

from devrel.matching.block import Block
from devrel.matching.rules import Candidate
from devrel.people import CORE_ATTRIBUTES, Organization, Person, Value

_WORDS = ("red", "green", "blue")
_PROBES: tuple[Value, ...] = ("red", 2, True, ("red", "green"))

values: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from(_WORDS),
    st.integers(0, 3),
    st.booleans(),
    st.lists(st.sampled_from(_WORDS), max_size=3, unique=True).map(tuple),
)
"""Values of every type that an attribute can have."""


class Watched(Mapping[str, Value]):
    """A mapping of attributes that remembers which of them somebody asked for."""

    def __init__(self, data: Mapping[str, Value]) -> None:
        self.data = dict(data)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.asked.add(name)
        return self.data[name]

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return name in self.data

    def __iter__(self) -> Iterator[str]:
        self.asked.update(self.data)
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


@frozen(eq=False)
class Scene:
    """Some people; each may receive from each.

    Attributes:
        people: The people.
    """

    people: tuple[Person, ...]

    @property
    def organization(self) -> Organization:
        """All of them, with their reporting lines."""
        return Organization(self.people)

    @property
    def cases(self) -> list[Candidate]:
        """Every recipient with every provider."""
        organization = self.organization
        return [Candidate(one, other, organization) for one in self.people for other in self.people]

    @property
    def block(self) -> Block:
        """The same as a block."""
        return Block(self.people, self.people, self.organization)

    def __str__(self) -> str:
        """Return the people, one a line, with all that is known of them."""
        return "\n".join(_told(person) for person in self.people)


def _told(person: Person) -> str:
    core = {name: getattr(person, name) for name in CORE_ATTRIBUTES if name != "id"}
    facts = {name: value for name, value in {**core, **person.attributes}.items() if value is not None}
    private = [f"{name}={value!r} (sensitive)" for name, value in person.sensitive.items()]
    told = [f"{name}={value!r}" for name, value in facts.items()]
    return f"{person.id}: {', '.join([*told, *private]) or 'nothing known'}"


def attributes_of(rule: object, ask: Callable[[Candidate], object], given: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the attributes that a rule looks at, as far as asking it shows.

    Args:
        rule: The rule; every text in its fields may be the name of an attribute.
        ask: Its pair function.
        given: Further names.
    """
    names = {*given, *_texts(rule)} - set(CORE_ATTRIBUTES)
    for _ in range(3):
        found = set().union(*(_asked(ask, names, value) for value in _PROBES)) - set(CORE_ATTRIBUTES)
        if found <= names:
            break
        names |= found
    return tuple(sorted(names))


def _texts(rule: object) -> Iterator[str]:
    made: Any = type(rule)
    told = [getattr(rule, one.name, None) for one in fields(made)] if has(made) else vars(rule).values()
    for value in told:
        yield from (one for one in (value if isinstance(value, tuple | list) else (value,)) if _is_name(one))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _asked(ask: Callable[[Candidate], object], names: Iterable[str], value: Value) -> set[str]:
    """Return what a rule asks for of two people who have one value for everything."""
    people = [watched(Person(f"id{i}", level=i, attributes=dict.fromkeys(names, value))) for i in range(2)]
    with suppress(Exception):  # a rule that breaks down is for a check to find
        ask(Candidate(people[0], people[1], Organization(people)))
    return set().union(*(mapping.asked for one in people for mapping in _mappings(one)))


def watched(person: Person) -> Person:
    """Return a person whose attributes, plain and sensitive, remember who asked."""
    copy = evolve(person)
    for name in ("attributes", "sensitive"):
        object.__setattr__(copy, name, Watched(getattr(person, name)))
    return copy


def _mappings(person: Person) -> tuple[Watched, ...]:
    return tuple(one for one in (person.attributes, person.sensitive) if isinstance(one, Watched))


def asked_sensitive(person: Person) -> set[str]:
    """Return the sensitive attributes that somebody asked a watched person for."""
    return set(person.sensitive.asked) if isinstance(person.sensitive, Watched) else set()


def _known(values: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def scenes(
    names: Iterable[str], told: Mapping[str, st.SearchStrategy[Any]], *, most: int = 4
) -> st.SearchStrategy[Scene]:
    """Return what draws two people or more, much about them missing.

    Args:
        names: The attributes that people may have.
        told: What the values of some of them are drawn from.
        most: How many people at most.
    """
    drawn: dict[str, st.SearchStrategy[Any]] = {name: told.get(name, values) for name in names}
    facts = st.fixed_dictionaries(
        {
            "department": st.none() | told.get("department", st.sampled_from(_WORDS)),
            "organization": st.none() | told.get("organization", st.sampled_from(["home", "elsewhere"])),
            "level": st.none() | told.get("level", st.integers(1, 4)),
            "attributes": st.fixed_dictionaries({name: st.none() | value for name, value in drawn.items()}).map(_known),
            "sensitive": st.fixed_dictionaries({}, optional=drawn),
        }
    )
    ids = [f"id{number}" for number in range(most)]
    managers = [st.none(), *(st.none() | st.sampled_from(ids[:number]) for number in range(1, most))]
    return _scenes(list(zip(ids, managers, strict=True)), facts)


@st.composite
def _scenes(
    draw: st.DrawFn,
    places: Sequence[tuple[str, st.SearchStrategy[str | None]]],
    facts: st.SearchStrategy[dict[str, Any]],
) -> Scene:
    """Draw people for the first places; what they are drawn from is made once, as that takes longer than the draw."""
    count = draw(st.integers(2, len(places)))
    return Scene(tuple(Person(one, manager=draw(above), **draw(facts)) for one, above in places[:count]))
