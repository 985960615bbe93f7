"""The four kinds and those derived from them. Each cell of the table says what its source says (utah-ucan)."""

from __future__ import annotations

from datetime import time

from devrel.kinds.facets import (
    Clause,
    Composition,
    Control,
    Focus,
    GoalForm,
    Horizon,
    Measure,
    Mode,
    School,
    Side,
    Strategy,
    Timeline,
    Titles,
)
from devrel.kinds.items import Item
from devrel.kinds.kind import RelationshipKind
from devrel.terms import Cadence, TermForm, Unit

_FORTNIGHTLY = Cadence(2, Unit.WEEK, at=time(10))
_WEEKLY_TO_MONTHLY = (7, 31)
_ONE_TO_ONE = (1, 1)
_EACH_BOTH = (2, 2)

MENTORING = RelationshipKind(
    name="mentoring",
    mode=Mode.MENTORING,
    titles=Titles("mentor", "mentee"),
    focus=Focus("mentee career development", GoalForm),
    control=Control(Side.PROVIDER, "mentor directed"),
    timeline=Timeline(
        "usually long-term",
        {TermForm.LONG_TERM},
        usually=True,
        months=9,  # 9 to 12 months and a set number of meetings a month (smart-meetings)
        usual_days=(1, 31),
    ),
    strategy=Strategy(
        "mentor gives mentee information based on their experience",
        (
            "What has happened since we last met?",
            "A situation of my own that was like yours, and what I learned from it",
            "Whom should you meet, and what should you see of the organisation?",
            "What do you take from today?",
        ),
    ),
    source="utah-ucan",
    modes=Mode,
    requires={Clause.AIM},
    constraints=("not-own-manager",),
    schools=(
        School(
            "shared-path",
            "the two share a path, and the mentor is further along it",
            "utah-ucan",
            ("above-in-level",),
        ),
        School(
            "other-view",
            "the mentor is more senior and looks from another department",
            "culture-wizard",
            ("above-in-level", "different-department"),
        ),
    ),
)
"""Mentoring. The mentor is usually not the mentee's own manager (culture-wizard), so that pair is forbidden. It may
hold sessions of the other three modes (utah-ucan)."""

COACHING = RelationshipKind(
    name="coaching",
    mode=Mode.COACHING,
    titles=Titles("coach", "coachee", providers="coaches"),
    focus=Focus("coachee task, skill, or identity development", {GoalForm.SPECIFIC}, GoalForm.SPECIFIC),
    control=Control(Side.RECIPIENT, "coachee directed"),
    timeline=Timeline(
        "usually time-limited",
        {TermForm.TIME_LIMITED, TermForm.SINGLE_SESSION},
        usually=True,
        months=6,
        cadence=_FORTNIGHTLY,
        usual_days=_WEEKLY_TO_MONTHLY,
    ),
    strategy=Strategy(
        "coach helps the coachee by asking clarifying questions",
        (
            "What do you want to have clear by the end of today?",
            "Where do you want to be, and what stands in the way?",
            "What else could you do, if that does not work?",
            "Which step do you take before we meet again?",
        ),
    ),
    source="utah-ucan",
    requires={Clause.ETHICS, Clause.NOT_THERAPY},
    schools=(
        School(
            "direct-leader",
            "the coachee's own manager coaches, in the current job",
            "culture-wizard",
            ("own-manager",),
        ),
        School(
            "no-power-differential",
            "the coach is from another department, so that nobody holds power over the other",
            "utah-ucan",
            ("not-own-manager", "different-department"),
        ),
    ),
)
"""Coaching. Whether the coach may be the coachee's manager is a choice of the program: the sources disagree."""

ADVISING = RelationshipKind(
    name="advising",
    mode=Mode.ADVISING,
    titles=Titles("advisor", "advisee"),
    focus=Focus("advisee seeks specific guidance", {GoalForm.QUESTION, GoalForm.SPECIFIC}, GoalForm.QUESTION),
    control=Control(Side.PROVIDER, "advisor directed"),
    timeline=Timeline("single session or time-limited", {TermForm.SINGLE_SESSION, TermForm.TIME_LIMITED}, months=None),
    strategy=Strategy(
        "advisor gives advice based on their specific knowledge",
        (
            "What exactly is the question?",
            "What I know about it, and where my knowledge ends",
            "What will you do with it?",
        ),
    ),
    source="utah-ucan",
    requires={Clause.SCOPE},
)
"""Advising: a question, answered from specific knowledge, once or for a limited time."""

SPONSORING = RelationshipKind(
    name="sponsoring",
    mode=Mode.SPONSORING,
    titles=Titles("sponsor", "beneficiary", recipients="beneficiaries"),
    focus=Focus(
        "beneficiary career development that the sponsor usually benefits from later",
        {GoalForm.OPPORTUNITY, GoalForm.SPECIFIC, GoalForm.THEME},
        GoalForm.OPPORTUNITY,
    ),
    control=Control(Side.PROVIDER, "sponsor directed"),
    timeline=Timeline(
        "one-time or long-term",
        {TermForm.SINGLE_SESSION, TermForm.LONG_TERM},
        months=12,
        cadence=Cadence(3, Unit.MONTH),
    ),
    strategy=Strategy(
        "sponsor actively advocates for beneficiary opportunities",
        (
            "Which opportunities are coming up?",
            "What has the sponsor done for them since?",
            "Who needs to hear what next?",
        ),
        measure=Measure.ADVOCACIES,
    ),
    source="utah-ucan",
    requires={Clause.BENEFIT},
    manager_sees={Item.EXISTENCE},
)
"""Sponsoring: advocacy for somebody's opportunities, judged by what the sponsor does and not by meetings."""

BASE_KINDS = (MENTORING, COACHING, ADVISING, SPONSORING)

CAREER_COACHING = COACHING.derive(
    "career-coaching", source="utah-ucan", constraints=("not-own-manager", "different-department"), schools=()
)
"""Coaching about the coachee's own career, by somebody of another department, so that no power is held over the
coachee. It begins with an agreement for six months and meets every two weeks, weekly to monthly."""

MANAGER_COACHING = COACHING.derive(
    "manager-coaching",
    source="culture-wizard",
    focus=Focus(
        "coachee goal or assignment in the current job",
        {GoalForm.SPECIFIC},
        GoalForm.SPECIFIC,
        horizons={Horizon.CURRENT_ROLE},
    ),
    control=Control(Side.PROVIDER, "manager directed"),
    strategy=Strategy(
        "the manager, as the coach, holds the coachee to targets and helps to reach them",
        (
            "How far have you come with the targets?",
            "What stands in the way, and what is missing in skills or support?",
            "What do we agree on until next time?",
        ),
    ),
    requires={Clause.NOT_THERAPY},
    constraints=("own-manager",),
    schools=(),
    manager_sees=frozenset(Item) - {Item.NOTES, Item.RATINGS, Item.END_REASON},
)
"""Coaching in the present job by the coachee's own manager (culture-wizard), with targets she is held to
(learning-development)."""

EXECUTIVE_COACHING = COACHING.derive(
    "executive-coaching",
    source="culture-wizard",
    focus=Focus(
        "talents in the current role, or readiness for greater responsibility", {GoalForm.SPECIFIC}, GoalForm.SPECIFIC
    ),
    timeline=Timeline(
        "usually within a fixed time frame",
        {TermForm.TIME_LIMITED},
        usually=True,
        months=6,
        cadence=_FORTNIGHTLY,
        usual_days=_WEEKLY_TO_MONTHLY,
    ),
    constraints=("not-own-manager", "upper-level-or-external"),
    schools=(),
)
"""Coaching of upper-level managers by an upper-level manager or by somebody from outside."""

PEER_COACHING = COACHING.derive(
    "peer-coaching",
    source="peer",
    titles=Titles("peer coach", "peer coachee", providers="peer coaches"),
    composition=Composition("two peers who coach each other", _EACH_BOTH, _EACH_BOTH, mutual=True),
    constraints=("not-in-reporting-line", "same-level"),
    schools=(),
)
"""Two people of equal standing who coach each other on specific tasks."""

TEAM_COACHING = COACHING.derive(
    "team-coaching",
    source="team",
    focus=Focus("goals of one intact team", {GoalForm.SPECIFIC}, GoalForm.SPECIFIC, shared=True),
    composition=Composition("one coach or two and a team of two people or more", (1, 2), (2, None), mutual=False),
    constraints=("not-own-manager",),
    schools=(),
)
"""Coaching of an intact team that shares its goals."""

GROUP_COACHING = COACHING.derive(
    "group-coaching",
    source="team",
    focus=Focus("each coachee's own goal, in a group", {GoalForm.SPECIFIC}, GoalForm.SPECIFIC, shared=False),
    composition=Composition("one coach or two and 3 to 15 coachees", (1, 2), (3, 15), mutual=False),
    constraints=("not-own-manager",),
    schools=(),
)
"""Coaching of people with different goals together."""

GROUP_MENTORING = MENTORING.derive(
    "group-mentoring",
    source="smart-meetings",
    composition=Composition("one mentor and 3 to 8 mentees", _ONE_TO_ONE, (3, 8), mutual=False),
)
"""Three newcomers or more with one who knows the way; 3 to 1 at its first use (smart-meetings)."""

REVERSE_MENTORING = MENTORING.derive(
    "reverse-mentoring",
    source="pf-conf",
    focus=Focus("what the more senior mentee wants to learn from the more junior mentor", GoalForm),
    constraints=("not-own-manager", "below-in-level"),
    schools=(),
)
"""The more junior of the two is the mentor."""

MUTUAL_MENTORING = MENTORING.derive(
    "mutual-mentoring",
    source="smart-meetings",
    control=Control(Side.PROVIDER, "directed by both"),
    composition=Composition("two people who mentor each other", _EACH_BOTH, _EACH_BOTH, mutual=True),
    constraints=("not-in-reporting-line",),
    schools=(),
)
"""Two people who mentor each other; often the answer to a request ("only if we can mentor each other")."""

FLASH_MENTORING = MENTORING.derive(
    "flash-mentoring",
    source="ch-flash",
    timeline=Timeline("one single session", {TermForm.SINGLE_SESSION}, months=None),
)
"""One meeting, and no more."""

SUCCESSION = COACHING.derive(
    "succession",
    source="smart-meetings",
    titles=Titles("incumbent", "successor"),
    focus=Focus(
        "what the successor needs to grow into the incumbent's role",
        {GoalForm.SPECIFIC},
        GoalForm.SPECIFIC,
        horizons={Horizon.FUTURE_ROLE},
    ),
    control=Control(Side.PROVIDER, "incumbent directed"),
    timeline=Timeline("by a plan with a timeline", {TermForm.TIME_LIMITED}, months=12, usual_days=_WEEKLY_TO_MONTHLY),
    strategy=Strategy(
        "the incumbent coaches the successor along a plan",
        (
            "Which part of the plan is due?",
            "Which part of the role did you take on since we last met, and how did it go?",
            "What do you take on next?",
        ),
    ),
    requires={Clause.NOT_THERAPY, Clause.PLAN},
    constraints=("own-manager",),
    schools=(),
)
"""A manager grows her own replacement, with a plan and a timeline."""

KINDS = (
    *BASE_KINDS,
    CAREER_COACHING,
    MANAGER_COACHING,
    EXECUTIVE_COACHING,
    PEER_COACHING,
    TEAM_COACHING,
    GROUP_COACHING,
    GROUP_MENTORING,
    REVERSE_MENTORING,
    MUTUAL_MENTORING,
    FLASH_MENTORING,
    SUCCESSION,
)
"""Every kind that comes with the library."""
