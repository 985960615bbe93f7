"""The rules of the library, a file for each family."""

from __future__ import annotations

from devrel.validation.rules import (
    agreements,
    design,
    goals,
    kinds,
    lifecycle,
    matchings,
    pairings,
    sessions,
    visibility,
)
from devrel.validation.validator import Validator

RULES: tuple[Validator, ...] = (
    *kinds.RULES,
    *pairings.RULES,
    *agreements.RULES,
    *goals.RULES,
    *sessions.RULES,
    *lifecycle.RULES,
    *visibility.RULES,
    *design.RULES,
    *matchings.RULES,
)
"""Every rule that comes with the library. Codes that were given up are never used again: see ``RETIRED``."""

RETIRED = {"A003": "split into A004, A011, P011, V001 and V006"}
"""Codes that meant something once."""
