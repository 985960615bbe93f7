"""What has to be done about relationships: what time makes necessary, and what the organisation does."""

from __future__ import annotations

from devrel.duties.due import due
from devrel.duties.duty import Duty, DutyKind
from devrel.duties.recheck import recheck
from devrel.duties.timing import Timing

__all__ = ["Duty", "DutyKind", "Timing", "due", "recheck"]
