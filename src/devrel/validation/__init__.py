"""Judgements about programs and people: findings, each with its reason, remedy and source."""

from __future__ import annotations

from devrel.validation._engine import Finding, Severity
from devrel.validation.program import check_agreement, check_program

__all__ = ["Finding", "Severity", "check_agreement", "check_program"]
