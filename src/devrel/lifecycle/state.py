"""What the events so far add up to. A state is made by folding events; nothing changes one in place."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from attrs import frozen

from devrel.agreements import Acceptance, Agreement
from devrel.kinds import Item, RelationshipKind, Side, ViewerRole
from devrel.lifecycle.stages import Actor, Origin, Stage
from devrel.people import Party, Role
from devrel.sessions import Plan

Consent = tuple[str, Item, ViewerRole]


@frozen(slots=False)
class State:
    """What the events so far add up to.

    Attributes:
        relationship: The id of the relationship.
        kind: Its kind.
        parties: Everybody in it now.
        origin: How it came about.
        program: The name of its program, or None.
        proposer: Who proposed it.
        stage: Where it stands.
        agreement: The agreement that holds; before the start, the one that is proposed. Readings of key results are
            in it.
        accepted: The acceptances of that version.
        pending: An amendment that not everybody has accepted, or None.
        pending_since: When it was put to the parties.
        pending_accepted: The acceptances of the amendment.
        latest: The number of the latest version, one that was declined included.
        plans: The plans of sessions that hold one after the other.
        respond_by: Until when a proposal stands, or None.
        activated: When it became active, or None.
        held: How many sessions were held.
        missed: How many were missed.
        cancelled: How many were cancelled.
        settled: The numbers of the sessions that are held, missed or cancelled.
        late: The numbers of the sessions cancelled with less notice than was agreed then.
        moved: For sessions that were moved, their number and when they begin now.
        advocacies: The ids of the advocacies, and whether the outcome of each is known.
        pauses: Every pause, from when and until when; the last one's end is open while it is on.
        paused_until: When the pause that is on is to end, where that is known.
        notice: Who gave notice (None for the program) and when, or None.
        reviewed: When the parties last looked back, or None.
        contact: The last sign of life: a session, an advocacy, a reading, a review, the start, the end of a pause.
        consents: Who allows which item to be seen by whom.
        finished: When it reached a final stage, or None.
        last: When the latest event happened.
    """

    relationship: str
    kind: RelationshipKind
    parties: tuple[Party, ...]
    origin: Origin
    program: str | None
    proposer: Actor
    stage: Stage
    agreement: Agreement
    respond_by: datetime | None
    plans: tuple[Plan, ...]
    contact: datetime
    last: datetime
    latest: int
    accepted: tuple[Acceptance, ...] = ()
    pending: Agreement | None = None
    pending_since: datetime | None = None
    pending_accepted: tuple[Acceptance, ...] = ()
    activated: datetime | None = None
    held: int = 0
    missed: int = 0
    cancelled: int = 0
    settled: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()
    moved: tuple[tuple[int, datetime], ...] = ()
    advocacies: tuple[tuple[str, bool], ...] = ()
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    paused_until: date | None = None
    notice: tuple[str | None, datetime] | None = None
    reviewed: datetime | None = None
    consents: frozenset[Consent] = frozenset()
    finished: datetime | None = None

    @property
    def open_parties(self) -> tuple[str, ...]:
        """The ids of the parties that have not accepted the latest version put to them."""
        given = self.accepted if self.pending is None else self.pending_accepted
        said_yes = {acceptance.party for acceptance in given}
        return tuple(party.person for party in self.parties if party.person not in said_yes)

    @property
    def put(self) -> Agreement:
        """The latest version put to the parties: the amendment that is open, or the one that holds."""
        return self.agreement if self.pending is None else self.pending

    @property
    def group(self) -> bool:
        """Whether it is a group: three people or more, or of a kind that is one."""
        return len(self.parties) > 2 or self.kind.composition.group

    def people(self, side: Side) -> tuple[str, ...]:
        """Return the ids of the parties on ``side``."""
        return tuple(party.person for party in self.parties if side in party.role.sides)

    def misfit(self, parties: tuple[Party, ...], *, growing: bool) -> str | None:
        """Return why the kind does not take these people together, or None."""
        return composition_problem(self.kind, parties, growing=growing)

    def without(self, person: str) -> tuple[Party, ...]:
        """Return the parties but one."""
        return tuple(party for party in self.parties if party.person != person)

    def changed(self, **changes: Any) -> State:
        """Return the state with some things changed; made for speed, because a history is folded event by event."""
        new = object.__new__(State)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(changes)
        return new


def composition_problem(kind: RelationshipKind, parties: tuple[Party, ...], *, growing: bool) -> str | None:
    """Return why ``kind`` does not take these people together, or None; ``growing`` means that more may come."""
    roles = Counter(party.role for party in parties)
    both = roles[Role.BOTH]
    return kind.composition.problem(
        roles[Role.PROVIDER] + both, roles[Role.RECIPIENT] + both, both, kind.titles, growing=growing
    )
