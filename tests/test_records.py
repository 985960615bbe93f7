"""Promise 1: records are immutable, and a change is a new value."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devrel._records import ReadOnly
from devrel.agreements import Agreement
from devrel.errors import (
    IllegalMove,
    InfeasibleProblem,
    InputError,
    InvalidValue,
    Problem,
    StaleVersion,
    UnsupportedProblem,
    WrongAnswer,
)
from devrel.people import Person
from devrel.terms import Cadence, Term
from tests.generate import START, agreements, goals, people, relationships, terms

records = st.one_of(terms(), goals, agreements, relationships(), people().filter(bool).map(lambda made: made[0]))


@given(records)
def test_no_field_of_a_record_can_be_set(record):
    """Setting or deleting any field of any record is refused and changes nothing."""
    before = copy.deepcopy(record)
    for attribute in attrs.fields(type(record)):
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            setattr(record, attribute.name, None)
        with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
            delattr(record, attribute.name)
    assert record == before


@given(records)
def test_records_are_hashable_and_picklable(record):
    """A record can be a key, and comes back equal from a pickle, as process pools need it."""
    assert hash(pickle.loads(pickle.dumps(record))) == hash(record)
    assert pickle.loads(pickle.dumps(record)) == record


@given(st.dictionaries(st.text(), st.integers()))
def test_mappings_inside_records_are_read_only(data):
    """A mapping given to a record is copied, and the copy has no way to be changed."""
    frozen, before = ReadOnly(data), dict(data)
    data["later"] = "changed"
    assert dict(frozen) == before
    for change in (
        lambda: frozen.__setitem__("x", 1),
        lambda: frozen.__delitem__("x"),
        lambda: setattr(frozen, "_data", {}),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()


@pytest.mark.parametrize(
    "error",
    [
        InvalidValue("field", "wrong", "remedy"),
        InputError([Problem("wrong", "remedy", file="f", row=2)]),
        IllegalMove("Accepted", "ended", "why", ["Ended"]),
        StaleVersion(1, 2),
        WrongAnswer("optimal", ["one"]),
        UnsupportedProblem("optimal", ["two"]),
        InfeasibleProblem("no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_come_back_whole_from_another_process(error):
    """A pickled error has the same text and the same data, as process pools send them."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_a_change_is_a_new_value():
    """An amendment leaves the first version as it was."""
    first = Agreement(Term(START.date()), Cadence())
    second = first.amended(minutes=30)
    assert (first.minutes, first.version) == (60, 1)
    assert (second.minutes, second.version) == (30, 2)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Person(""), "id"),
        (lambda: Person("a", level="high"), "level"),  # type: ignore[arg-type]
        (lambda: Person("a", level=True), "level"),
        (lambda: Agreement(Term(START.date()), Cadence(), minutes=1), "minutes"),
        (lambda: Agreement(Term(START.date()), Cadence(), goals=["text"]), "goals"),
        (lambda: Agreement(Term(START.date()), Cadence(), goals="text"), "value"),
        (lambda: Agreement(Term(START.date()), Cadence()).amended(version=9), "version"),
    ],
    ids=["blank", "text", "bool", "short", "items", "letters", "version"],
)
def test_a_wrong_value_is_refused_by_field_and_never_repeated(make, field):
    """A wrong value raises an error that names the field, and does not show the value."""
    with pytest.raises(InvalidValue) as caught:
        make()
    assert caught.value.field == field
    assert "high" not in str(caught.value)
