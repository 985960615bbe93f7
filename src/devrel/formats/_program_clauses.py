"""The clauses that a program file puts into every agreement."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TypeVar

from devrel.agreements import (
    Confidentiality,
    Contact,
    ManagerCommitment,
    ManagerPart,
    Meeting,
    Records,
    ThirdParty,
    ThirdPartyRole,
)
from devrel.errors import did_you_mean
from devrel.formats._section import Section
from devrel.kinds import Item
from devrel.people import Support
from devrel.terms import Term

E = TypeVar("E", bound=Enum)

_TEXTS = ("ethics", "not_therapy", "scope", "benefit", "problem_solving")
_LISTS = ("provider_commits", "recipient_commits", "boundaries", "conflicts", "extra")
_ROLES = {"pays": ThirdPartyRole.PAYS, "organises": ThirdPartyRole.ORGANISES}
HALFWAY = "halfway"
NOT_AGREED = "not-agreed"
_MEETINGS = {"in-person": Meeting.IN_PERSON, "virtual": Meeting.VIRTUAL, "either": Meeting.EITHER}


def read_clauses(section: Section, term: Term | None) -> dict[str, object]:
    """Return the clauses of the section by the name of the agreement's field; what is not there is left out.

    Args:
        section: The section of the agreement.
        term: The program's term, or None where it is wrong; days cannot be judged then.
    """
    plain: dict[str, object] = {name: _text(section, name) for name in _TEXTS}
    plain |= {name: section.texts(name) for name in _LISTS}
    plain |= {name: section.number(name) for name in ("provider_hours", "recipient_hours")}
    plain |= {name: _members(section, name, Support) for name in ("hopes", "offers")}
    plain["cancellation_hours"] = section.whole("cancellation_hours", 24, 0, 10_000)
    plain["exit_notice_days"] = section.whole("exit_notice_days", 7, 0, 3_650)
    plain["meeting"] = section.choice("meeting", _MEETINGS, Meeting.EITHER)
    clauses = {name: value for name, value in plain.items() if name in section and value is not None}
    clauses |= _shaped(section)
    if "reviews" in section:
        clauses["reviews"] = _reviews(section, term)
    if third := tuple(filter(None, [_third_party(part) for part in section.sections("third_parties")])):
        clauses["third_parties"] = third
    section.close()
    return clauses


def _text(section: Section, name: str) -> str | None:
    """Return a clause in words; an empty one takes back the boundary to therapy that a kind brings."""
    return "" if name == "not_therapy" and section.raw_value(name) == "" else section.text(name)


def _reviews(section: Section, term: Term | None) -> tuple[date, ...]:
    """Return the days to look back on: those that are listed, or the one halfway through the term."""
    if section.raw_value("reviews") == HALFWAY:
        if term is not None and term.halfway is None:
            section.problem("reviews", "an open-ended term has no half", "List days, or give the term an end.", HALFWAY)
        return () if term is None or term.halfway is None else (term.halfway,)
    days = sorted(section.days("reviews"))
    if term is None:
        return ()
    outside = [day for day in days if day not in term]
    if outside:
        remedy = f'Take days within it, or write "{HALFWAY}".'
        section.problem("reviews", f"does not lie within the term, which is {term}", remedy, outside[0])
    return tuple(day for day in days if day in term)


def _shaped(section: Section) -> dict[str, object]:
    """Return the clauses that several keys make together."""
    how, days = section.text("contact"), section.whole("answer_within_days", 7, 1, 3_650)
    rule, exceptions = section.text("confidentiality"), section.texts("exceptions")
    endless = section.raw_value("keep_months") == NOT_AGREED
    kept, months = section.text("records"), None if endless else section.whole("keep_months", 36, 0, 1_200)
    told, commits = _members(section, "manager_told", Item), _members(section, "manager_commits", ManagerCommitment)
    parts: dict[str, tuple[type, dict[str, tuple[str, object]]]] = {
        "contact": (Contact, {"contact": ("how", how), "answer_within_days": ("answer_within_days", days)}),
        "confidentiality": (
            Confidentiality,
            {"confidentiality": ("text", rule), "exceptions": ("exceptions", exceptions)},
        ),
        "records": (Records, {"records": ("text", kept), "keep_months": ("keep_months", months)}),
        "manager": (ManagerPart, {"manager_told": ("told", told), "manager_commits": ("commits", commits)}),
    }
    found: dict[str, object] = {}
    for name, (make, keys) in parts.items():
        said = {key: pair for key, pair in keys.items() if key in section}
        given = {
            name: value for name, value in said.values() if value is not None or (endless and name == "keep_months")
        }
        if given:
            found[name] = section.build(make, **given)
    return {name: value for name, value in found.items() if value is not None}


def _third_party(part: Section) -> ThirdParty | None:
    id_, role = part.text("id", None, needed=True), part.choice("role", _ROLES, None, needed=True)
    known = _members(part, "may_know", Item) if "may_know" in part else None
    part.close()
    return None if id_ is None or role is None else part.build(ThirdParty, id_, role, known)


def _members(section: Section, key: str, choices: type[E]) -> frozenset[E]:
    """Return the members of a closed list that are named; an unknown one is a problem."""
    known = {member.name.lower().replace("_", "-"): member for member in choices}
    named = section.texts(key)
    for name in named:
        if name not in known:
            section.problem(key, "is not known", did_you_mean(name, known), name)
    return frozenset(known[name] for name in named if name in known)
