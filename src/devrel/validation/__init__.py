"""Judgements about kinds, programs, people, agreements, relationships and matchings. Names are loaded on first use."""

from __future__ import annotations

from devrel._door import door

TYPE_CHECKING = False  # typing itself is half of what an import would cost

if TYPE_CHECKING:
    from devrel.validation.book import FAMILIES, Entry, Rulebook, rulebook
    from devrel.validation.case import Case, Pairing, Subject, Surroundings
    from devrel.validation.drift import Diagnosis, Facet, Observation, Standing, diagnose
    from devrel.validation.engine import check
    from devrel.validation.finding import Crash, Finding, Flaw, Severity
    from devrel.validation.report import Report, Skipped
    from devrel.validation.validator import Validator, rule

__all__ = [
    "FAMILIES",
    "Case",
    "Crash",
    "Diagnosis",
    "Entry",
    "Facet",
    "Finding",
    "Flaw",
    "Observation",
    "Pairing",
    "Report",
    "Rulebook",
    "Severity",
    "Skipped",
    "Standing",
    "Subject",
    "Surroundings",
    "Validator",
    "check",
    "diagnose",
    "rule",
    "rulebook",
]

_ROOMS = {
    "case": ("Case", "Pairing", "Subject", "Surroundings"),
    "drift": ("Diagnosis", "Facet", "Observation", "Standing", "diagnose"),
    "engine": ("check",),
    "finding": ("Crash", "Finding", "Flaw", "Severity"),
    "report": ("Report", "Skipped"),
    "book": ("FAMILIES", "Entry", "Rulebook", "rulebook"),
    "validator": ("Validator", "rule"),
}

__getattr__, __dir__ = door(__name__, _ROOMS)
