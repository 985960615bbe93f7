"""What the parties accept: an agreement, version by version."""

from __future__ import annotations

from devrel.agreements.agreement import BROUGHT_BY_RECIPIENT, CLAUSES, NOT_THERAPY, Acceptance, Agreement
from devrel.agreements.clauses import (
    Confidentiality,
    Contact,
    ManagerCommitment,
    ManagerPart,
    Meeting,
    Records,
    ThirdParty,
    ThirdPartyRole,
)

__all__ = [
    "BROUGHT_BY_RECIPIENT",
    "CLAUSES",
    "NOT_THERAPY",
    "Acceptance",
    "Agreement",
    "Confidentiality",
    "Contact",
    "ManagerCommitment",
    "ManagerPart",
    "Meeting",
    "Records",
    "ThirdParty",
    "ThirdPartyRole",
]
