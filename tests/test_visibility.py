"""Who sees what: the matrix, and what agreements and consents change in it."""

from __future__ import annotations

import pytest

from devrel.agreements import ManagerPart, ThirdParty, ThirdPartyRole
from devrel.errors import InvalidValue
from devrel.goals import Goal
from devrel.kinds import GROUP_MENTORING, KINDS, MANAGER_COACHING, MENTORING, Item, ViewerRole
from devrel.lifecycle import (
    Actor,
    Amended,
    Consented,
    Joined,
    Left,
    NoteAdded,
    Origin,
)
from devrel.people import Party, Role
from devrel.relationships import Relationship, pair
from devrel.sessions import Audience, Note
from devrel.testing.strategies import START
from devrel.visibility import (
    DEFAULTS,
    PERSONAL,
    Access,
    Viewer,
    accesses,
    can_see,
    default_access,
    matrix_table,
    view_for,
)
from tests.viewed import (
    BOTH,
    GROUP,
    accepted,
    active,
    advocated,
    after,
    consenting,
    everybody,
    lived,
    lives,
    proposed,
)

LIVES = lives()
BOSS = Viewer.manager("boss", of=["n"])
COLUMNS = (
    ViewerRole.PROVIDER,
    ViewerRole.RECIPIENT,
    ViewerRole.MANAGER,
    ViewerRole.ADMIN,
    ViewerRole.HR,
    ViewerRole.THIRD_PARTY,
    ViewerRole.PUBLIC,
)
MATRIX = """
                provider  recipient  manager  admin  HR   third  public
EXISTENCE       yes       yes        yes      yes    yes  no     no
PARTNER         yes       yes        no       yes    yes  no     no
STAGE           yes       yes        no       yes    yes  no     no
SCHEDULE        yes       yes        yes      yes    no   no     no
ATTENDANCE      yes       yes        no       yes    no   no     no
GOALS           yes       yes        no       no     no   no     no
AGREEMENT       yes       yes        no       yes    no   no     no
TOPICS          yes       yes        no       no     no   no     no
NOTES           own       own        no       own    no   no     no
RATINGS         own       own        no       yes    no   no     no
END_REASON      own       own        no       yes    no   no     no
ADVOCACY        yes       yes        no       no     no   no     no
SUGGESTIONS     no        own        own      no     no   no     no
"""
MANAGER_IN_MANAGER_COACHING = {
    **dict.fromkeys(Item, "yes"),
    **dict.fromkeys([Item.NOTES, Item.RATINGS, Item.END_REASON], "no"),
    Item.SUGGESTIONS: "own",
}


def by_hand() -> dict[tuple[Item, ViewerRole], str]:
    rows = [line.split() for line in MATRIX.strip().splitlines()[1:]]
    return {(Item[name], role): cell for name, *cells in rows for role, cell in zip(COLUMNS, cells, strict=True)}


def shown(one: Relationship, viewer: Viewer) -> set[Item]:
    return set(accesses(one, viewer))


def told(**more) -> Relationship:
    return advocated(lived(active(**more)))


def manager_told(*items: Item) -> dict[str, ManagerPart]:
    return {"manager": ManagerPart(items)}


@pytest.mark.parametrize("kind", [MENTORING, MANAGER_COACHING])
def test_the_matrix_is_the_one_written_by_hand(kind):
    """In mentoring, and in manager coaching, where the manager is the coach, each role sees what the table says."""
    expected = by_hand()
    if kind is MANAGER_COACHING:
        expected |= {(item, ViewerRole.MANAGER): cell for item, cell in MANAGER_IN_MANAGER_COACHING.items()}
    words = {"own": Access.OWN, "yes": Access.YES, "no": Access.NO}
    found = {(item, role): default_access(role, item, kind) for item in Item for role in ViewerRole}
    assert found == {cell: words[word] for cell, word in expected.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_seen_is_what_the_matrix_says(kind):
    """Where neither the agreement nor consents say otherwise, ``can_see`` follows the matrix in every kind."""
    parties = BOTH if kind.composition.mutual else GROUP if kind.composition.recipients[0] > 1 else pair("m", "n")
    one = proposed(kind, parties)
    looking = [Viewer.provider("m"), Viewer.recipient("n"), BOSS, Viewer.admin("program"), Viewer.hr(), Viewer.public()]
    for viewer in looking:
        cells = {item: default_access(viewer.role, item, kind) for item in Item}
        expected = {item for item, access in cells.items() if access is not Access.NO}
        assert {item for item in Item if can_see(one, viewer, item)} == expected


def test_the_table_of_the_reference_page_has_every_item_and_role():
    """The generated table has a row an item and a column a role, and empty cells for what is hidden."""
    head, rows = matrix_table(MENTORING)
    assert head[1:] == [role.value for role in ViewerRole]
    assert [row[0] for row in rows] == [item.value for item in Item]
    assert rows[list(Item).index(Item.SCHEDULE)][3] == "yes"
    assert not any(row[-1] for row in rows)


def test_no_default_opens_to_a_manager_what_is_personal():
    """A kind that says its manager sees notes and ratings does not open them: they belong to one party each."""
    open_kind = MENTORING.derive("open-mentoring", source="our own", manager_sees=set(Item))
    assert default_access(ViewerRole.MANAGER, Item.NOTES, open_kind) is Access.NO
    assert shown(active(open_kind), BOSS) == set(Item) - PERSONAL | {Item.SUGGESTIONS}
    assert all(Access.NO not in items.values() for items in DEFAULTS.values())
    with pytest.raises(TypeError):
        DEFAULTS[ViewerRole.PUBLIC][Item.NOTES] = Access.YES


def test_who_has_nothing_to_do_with_it_gets_nothing():
    """Strangers, a provider's viewer who is only recipient, managers of others and other programs' admins see None."""
    one = LIVES["ended"]
    outside = [
        Viewer.provider("n"),
        Viewer.recipient("m"),
        Viewer.recipient("stranger"),
        Viewer.manager("boss", of=["m"]),
        Viewer.manager("boss", of=[]),
        Viewer.admin("another program"),
        Viewer.third_party("somebody else"),
        Viewer.public(),
    ]
    assert [view_for(one, viewer) for viewer in outside] == [None] * len(outside)
    assert all(accesses(one, viewer) == {} for viewer in outside)


def test_the_agreement_narrows_what_the_manager_is_told():
    """Told nothing, the manager does not learn that it exists; told less, she sees less."""
    assert view_for(told(**manager_told()), BOSS) is None
    assert shown(told(**manager_told(Item.EXISTENCE)), BOSS) == {Item.EXISTENCE, Item.SUGGESTIONS}


def test_an_agreement_that_all_accepted_widens_what_the_manager_is_told():
    """What all agreed to tell is told, but for what is personal; while it is only proposed, nothing is widened."""
    everything = manager_told(*Item)
    assert shown(told(**everything), BOSS) == set(Item) - PERSONAL | {Item.SUGGESTIONS}
    before = {Item.EXISTENCE, Item.SCHEDULE, Item.SUGGESTIONS}
    assert shown(proposed(**everything), BOSS) == before
    assert shown(accepted(proposed(**everything), 1), BOSS) == before
    amendment = active().agreement.amended(**everything)
    assert shown(active().apply(Amended("v2", Actor.provider("m"), START, amendment)), BOSS) == before


def test_a_third_party_sees_what_an_accepted_agreement_says_of_her_by_name():
    """Each of two third parties sees her own part; nobody does before all have accepted; personal items stay closed."""
    two = [
        ThirdParty("payer", ThirdPartyRole.PAYS, {Item.EXISTENCE, Item.SCHEDULE}),
        ThirdParty("organiser", ThirdPartyRole.ORGANISES, set(Item)),
        ThirdParty("blind", ThirdPartyRole.PAYS, {Item.SCHEDULE}),
    ]
    one = told(third_parties=two)
    assert shown(one, Viewer.third_party("payer")) == {Item.EXISTENCE, Item.SCHEDULE}
    assert shown(one, Viewer.third_party("organiser")) == set(Item) - PERSONAL
    assert shown(one, Viewer.third_party("blind")) == set()
    assert view_for(accepted(proposed(third_parties=two), 1), Viewer.third_party("organiser")) is None


def test_third_parties_do_not_see_each_other_unless_they_know_the_partners():
    """In the text of the agreement, another third party is somebody, and herself by name."""
    payer = view_for(LIVES["active"], Viewer.third_party("payer"))
    assert "- payer pays" in payer.agreement
    assert "- somebody organises" in payer.agreement
    assert "organiser" not in payer.to_json()
    assert "organiser" in view_for(LIVES["active"], Viewer.recipient("n")).agreement


def test_a_party_widens_what_is_hers_and_nobody_elses():
    """With her consent HR reads her notes, all of them, and none of the other party; ratings alike."""
    allowed = [("n", Item.NOTES, ViewerRole.HR), ("n", Item.RATINGS, ViewerRole.HR)]
    view = view_for(consenting(LIVES["active"], *allowed), Viewer.hr())
    assert {note.author for note in view.notes} == {"n"}
    assert {note.audience for note in view.notes} == set(Audience)
    assert {one.owner for one in view.follow_ups} == {"n"}
    assert [(rating.by, rating.stars) for rating in view.ratings] == [("n", 2)]
    assert view.goals is None


def test_a_party_widens_a_goal_of_her_own():
    """A goal with an owner is hers to show; a goal of all is not."""
    view = view_for(consenting(LIVES["active"], ("n", Item.GOALS, ViewerRole.HR)), Viewer.hr())
    assert [goal.text for goal in view.goals] == ["give talks"]
    assert view_for(consenting(LIVES["active"], ("m", Item.GOALS, ViewerRole.HR)), Viewer.hr()).goals == ()


def test_what_belongs_to_all_takes_everybodys_consent():
    """One party's consent opens nothing joint; the last one's does; a newcomer closes it until she agrees as well."""
    one = consenting(LIVES["group"], *((person, Item.TOPICS, ViewerRole.HR) for person in ("m", "n", "n2")))
    assert not can_see(one, Viewer.hr(), Item.TOPICS)
    one = consenting(one, ("n3", Item.TOPICS, ViewerRole.HR))
    assert "career" in view_for(one, Viewer.hr()).topics
    new = Joined("new", Actor.recipient("n5"), one.state.last, Party("n5", Role.RECIPIENT), 1)
    assert not can_see(one.apply(new), Viewer.hr(), Item.TOPICS)
    assert can_see(consenting(one.apply(new), ("n5", Item.TOPICS, ViewerRole.HR)), Viewer.hr(), Item.TOPICS)


def test_consent_can_be_taken_back():
    """What was shown by consent is hidden again once it is taken back, and once the party has left."""
    one = consenting(LIVES["group"], ("n2", Item.NOTES, ViewerRole.HR))
    assert can_see(one, Viewer.hr(), Item.NOTES)
    back = Consented("back", Actor.recipient("n2"), one.state.last, Item.NOTES, ViewerRole.HR, allowed=False)
    assert not can_see(one.apply(back), Viewer.hr(), Item.NOTES)
    assert not can_see(one.apply(Left("gone", Actor.recipient("n2"), one.state.last, "n2")), Viewer.hr(), Item.NOTES)


def test_a_recipient_shows_hers_to_her_own_manager_only():
    """In a group, what one recipient shows to managers reaches her own; what the provider shows reaches all."""
    text = Note("m", "what I saw", Audience.AUTHOR)
    one = LIVES["group"].apply(NoteAdded("m1", Actor.provider("m"), after(64), text))
    one = consenting(one, ("n", Item.NOTES, ViewerRole.MANAGER), ("n", Item.RATINGS, ViewerRole.MANAGER))
    other = Viewer.manager("other boss", of=["n2"])
    assert {note.author for note in view_for(one, BOSS).notes} == {"n"}
    assert not can_see(one, other, Item.NOTES)
    one = consenting(one, ("m", Item.NOTES, ViewerRole.MANAGER))
    notes = view_for(one, other).notes
    assert {note.author for note in notes} == {"the mentor"}
    assert "what I saw" in {note.text for note in notes}


def test_the_manager_sees_her_own_suggestions_and_those_shown_to_her():
    """A manager sees what she suggested, not her predecessor; the mentor nothing; the mentee all that is for her."""
    one = LIVES["active"]
    assert view_for(one, BOSS).suggestions == ("speaking", "writing")
    assert view_for(one, Viewer.manager("new boss", of=["n"])).suggestions == ()
    assert view_for(one, Viewer.recipient("n")).suggestions == ("speaking", "writing", "listening")
    assert view_for(one, Viewer.provider("m")).suggestions is None
    allowed = consenting(one, ("n", Item.SUGGESTIONS, ViewerRole.MANAGER), ("n", Item.SUGGESTIONS, ViewerRole.PROVIDER))
    assert "listening" in view_for(allowed, Viewer.manager("new boss", of=["n"])).suggestions
    assert "listening" in view_for(allowed, Viewer.provider("m")).suggestions


def test_an_informal_relationship_is_invisible_until_all_consent():
    """Nobody but the parties sees it, whatever the kind says; with everybody's consent the role sees the usual."""
    one = LIVES["informal"]
    outside = [BOSS, Viewer.admin(), Viewer.admin("program"), Viewer.hr(), Viewer.public()]
    assert [view_for(one, viewer) for viewer in outside] == [None] * 5
    assert view_for(one, Viewer.provider("m")) is not None
    assert view_for(consenting(one, ("n", Item.EXISTENCE, ViewerRole.HR)), Viewer.hr()) is None
    for viewer in (BOSS, Viewer.admin(), Viewer.hr(), Viewer.public()):
        assert view_for(everybody(one, Item.EXISTENCE, viewer.role), viewer) is not None
    assert view_for(everybody(one, Item.EXISTENCE, ViewerRole.ADMIN), Viewer.admin("program")) is None


def test_an_informal_agreement_may_tell_the_manager_by_name():
    """All parties accepted that the manager is told: that is everybody's consent; a proposal of it is not."""
    assert can_see(LIVES["informal, told"], BOSS, Item.STAGE)
    asked = proposed(informal=True, **manager_told(Item.EXISTENCE, Item.STAGE))
    assert view_for(asked, BOSS) is None


def test_to_be_manager_and_party_is_two_views():
    """A coach who is the manager sees as a party what parties see, and as a manager no notes of anybody."""
    one = LIVES["manager coaching"]
    as_coach, as_manager = Viewer.provider("m"), Viewer.manager("m", of=["n"])
    assert view_for(one, as_coach).notes
    assert view_for(one, as_manager).notes is None
    assert {party.person for party in view_for(one, as_manager).parties} == {"m", "n"}


def test_a_manager_of_both_sides_learns_of_the_side_she_may():
    """Where the boss has both as reports and the partner is hidden, only the recipient is in her view."""
    view = view_for(LIVES["active"], Viewer.manager("boss", of=["m", "n"]))
    assert [party.person for party in view.parties] == ["n"]


def test_a_viewer_says_who_she_is():
    """Parties, managers and third parties have an id; only managers manage, only admins have a program."""
    for role in (ViewerRole.PROVIDER, ViewerRole.RECIPIENT, ViewerRole.MANAGER, ViewerRole.THIRD_PARTY):
        with pytest.raises(InvalidValue, match="person"):
            Viewer(role)
    with pytest.raises(InvalidValue, match="manages"):
        Viewer(ViewerRole.HR, manages={"n"})
    with pytest.raises(InvalidValue, match="program"):
        Viewer(ViewerRole.HR, program="program")
    with pytest.raises(InvalidValue, match="list"):
        Viewer.manager("boss", of="nina")
    assert Viewer.admin("program").program == "program"


def test_relationships_without_a_program_are_no_admins_business():
    """A relationship outside all programs is shown to no admin, unless all parties let admins know of it."""
    one = accepted(
        Relationship.propose(
            "r1",
            MENTORING,
            pair("m", "n"),
            active().agreement,
            actor=Actor.recipient("n"),
            at=START,
            origin=Origin.REQUESTED,
        )
    )
    assert view_for(one, Viewer.admin()) is None
    assert view_for(everybody(one, Item.EXISTENCE, ViewerRole.ADMIN), Viewer.admin()) is not None


def test_goals_of_others_in_a_group_are_not_for_a_manager():
    """Told all goals, the manager of one reads hers and those of all, not those of another recipient."""
    goals = [Goal("hers", person="n"), Goal("another's", person="n2"), Goal("of all")]
    one = active(GROUP_MENTORING, GROUP, goals=goals, **manager_told(Item.EXISTENCE, Item.GOALS))
    assert [goal.text for goal in view_for(one, BOSS).goals] == ["hers", "of all"]
