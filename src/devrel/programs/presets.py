"""Programs to start from: commented program files that follow what a source says about such a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from attrs import field, frozen

from devrel._records import ReadOnly, filled_text, read_only
from devrel.errors import InvalidValue, did_you_mean


@frozen
class Preset:
    """A program to start from.

    Attributes:
        name: The name it is chosen by.
        title: What it is for, in a few words.
        source: The short name of the source whose facts it follows.
        choices: What it says where presets differ.
    """

    name: str = field(validator=filled_text)
    title: str = field(validator=filled_text)
    source: str = field(validator=filled_text)
    choices: Mapping[str, object] = field(converter=read_only, repr=False)

    def text(self, today: date) -> str:
        """Return the program file, with a comment at every choice.

        The program starts with a month, seven to eleven weeks after ``today``, and people enrol in the time before.

        >>> [line for line in preset("sponsorship").text(date(2027, 1, 4)).splitlines() if "start = " in line]
        ['start = 2027-03-01']
        """
        later = today + timedelta(days=_TIME_TO_PREPARE)
        start = date(later.year + later.month // 12, later.month % 12 + 1, 1)
        days = {name: start + timedelta(days=days) for name, days in _FROM_THE_START.items()}
        return _TEMPLATE.format_map({**self.choices, **days})


_TIME_TO_PREPARE = 45
_FROM_THE_START = {"start": 0, "opens": -42, "closes": -21, "review": 64}


def preset(name: str) -> Preset:
    """Return the preset called ``name``.

    Raises:
        InvalidValue: When there is none; the nearest is named.

    >>> preset("sponsorship").source
    'utah-ucan'
    """
    if name not in PRESETS:
        raise InvalidValue("preset", f"{name!r} is not known", did_you_mean(name, PRESETS))
    return PRESETS[name]


_TEMPLATE = """\
# {title}.
# A start to be edited. Comments say why; the words in brackets are the sources of the documentation.

[program]
name = "{called}"
# {why_kind}
kind = "{kind}"
{school}purpose = "{purpose}"
contact = "development@example.org"
aims = [{aims}]
# volunteers find it more rewarding (pf08)
participation = "voluntary"
platforms = [{platforms}]
# the link to what the organisation holds important (management-mentors)
focus_areas = [{areas}]
# linked to performance management, and not turned into it (management-mentors)
performance_boundary = "{boundary}"
# formal programs spawn informal relationships, and those last (smart-meetings)
welcomes = ["informal", "spun-off"]

[term]
start = {start}
{length}

[cadence]
# {why_every}
every = "{every}"
weekday = "Tuesday"
time = "10:00"
zone = "UTC"                      # change it to yours

[session]
{why_minutes}minutes = {minutes}

[process]
steps = [
  "People enrol and say what they hope for and what they can give.",
  "The program proposes pairs, and both sides accept.",
  "They agree on goals at the first meeting.",
  "They look back halfway and at the end.",
]
told_by = [{told_by}]

[enrollment]
windows = [{{ opens = {opens}, closes = {closes} }}]

[agreement]
meeting = "{meeting}"
# how many hours a month does each have, for all her relationships together? (smart-meetings)
provider_hours = {provider_hours}
recipient_hours = {recipient_hours}
confidentiality = "What is said stays between the parties."
exceptions = ["where the law requires it", "danger to a person"]
exit_notice_days = 7              # either side may leave without fault (nps)
reviews = "halfway"               # or days within the term: [{review}] (mam)
# {why_told}
manager_told = [{told}]
manager_commits = ["suggest-to-recipient-only", "protect-time", "stand-back"]
{clauses}
[visibility]
# and stands back (management-mentors)
manager_acts = ["knows-schedule", "suggests"]
smallest_group = 5                # no figures about fewer people (fp)

[preparation]                     # good programs need prepared people (learning-development)
provider_hours = 2                # once, before the start
recipient_hours = 1
topics = [{topics}]

[support]                         # and support them while they do it (learning-development)
forms = ["contact-person", "exchange"]
every_weeks = 8

[capacity]
most = 3                          # two or three at most is what programs practise (un)

[reach]                           # remote people are easily overlooked (culture-wizard)
how = "{how}"
where = [{{ attribute = "remote", one_of = [true] }}]

[measurement]                     # of the program, never of single people (management-mentors)
metrics = [
  {{ name = "share of people who got somebody", scope = "program" }},
  {{ name = "share of agreed meetings that took place", scope = "program" }},
  {{ name = "satisfaction of both sides", scope = "program" }},
]
compared_with = "waiting-list"    # without a comparison no effect can be told (und)
match_rate = 0.7                  # (ml-dash)

[attributes.level]
type = "number"

[attributes.skills]
type = "list"
separator = ";"

[attributes.wants]
type = "list"
separator = ";"

[attributes.remote]
type = "yes-no"

# One table with a row for each person. Change the names on the right to the headers of your own file.
[tables.people]
id = "id"
name = "name"
email = "email"
role_column = "takes part as"     # {provider}, {recipient}, both or no
capacity_column = "takes"

[tables.people.columns]
manager = "manager"
department = "department"
level = "level"
skills = "skills"
wants = "wants to learn"
remote = "remote"
{organization}
[recipients]
capacity = 1

[providers]
capacity = {capacity}
{constraints}
[[criteria]]
name = "skills wanted"
rule = "offered"
wanted = "wants"
offered = "skills"
weight = "high"

[matching]
strategy = "optimal"
objective = "cover"               # as many as possible get somebody, then the best pairs
decided_by = "both"               # the program proposes, and the two decide

[matching.rematching]             # what happens when a match does not work (learning-development)
within_days = 30
times = 1
first_in_line = true

[proposals]
expire_after_days = 14
{checks}"""

_COMMON = {
    "platforms": '"shared calendar", "video calls"',
    "boundary": "Nothing that is said or noted here enters an appraisal.",
    "told_by": '"mail", "intranet", "managers"',
    "how": "Everything can be done by video; remote people are invited by name.",
    "checks": "",
    "school": "",
    "length": "# formal programs run for 9 to 12 months (smart-meetings)\nmonths = 9",
    "every": "month",
    "why_every": "a set number of meetings a month (smart-meetings)",
    "minutes": 60,
    "why_minutes": "",
    "meeting": "either",
    "provider_hours": 2,
    "recipient_hours": 3,
    "told": '"existence", "schedule"',
    "why_told": "when they meet, and no more (management-mentors)",
    "clauses": "",
    "aims": '"careers", "skills"',
    "areas": '"leading people", "working across departments"',
    "topics": '"listening", "where it ends: no therapy, no disputes"',
    "organization": "",
    "capacity": 1,
    "constraints": "",
    "provider": "mentor",
    "recipient": "mentee",
}

_COACHED = {
    "length": "# commitments begin with six months (utah-ucan)\nmonths = 6",
    "every": "2 weeks",
    "why_every": "every two weeks, weekly to monthly by need (utah-ucan)",
    "provider_hours": 3,
    "recipient_hours": 4,
    "clauses": '# name yours (icf-12)\nethics = "The code of ethics of the coaches\' association."\n',
    "topics": '"asking clarifying questions", "where it ends: no therapy"',
    "provider": "coach",
    "recipient": "coachee",
}

_AHEAD = """
# the one who gives is further along the path (utah-ucan)
[[constraints]]
rule = "above-in-level"
"""


def _made(name: str, source: str, title: str, **own: object) -> Preset:
    values = {"called": title, **_COMMON, **own, "title": title}
    return Preset(name, title, source, values)


_UTAH_CAREER = {
    **_COACHED,
    "kind": "career-coaching",
    "why_kind": "coach and coachee of different departments, so that nobody holds power over the other (utah-ucan)",
}

_LISTED = (
    _made(
        "utah-career-coaching-faculty",
        "utah-ucan",
        "Career coaching for faculty",
        **{**_UTAH_CAREER, "provider_hours": 5},
        purpose="Coaching on request, for everybody who wants to advance a career.",
        constraints="\n# professors and associate professors coach those before them (utah-ucan)\n[[constraints]]\n"
        'rule = "above-in-level"\n',
        capacity=2,
    ),
    _made(
        "utah-career-coaching-staff",
        "utah-ucan",
        "Career coaching for staff, by peers",
        **{**_UTAH_CAREER, "why_kind": "staff coach each other across departments by a similar peer model (utah-ucan)"},
        purpose="Colleagues of other departments coach each other on where to go next.",
        constraints='\n# peers: nobody ranks above the other (utah-ucan)\n[[constraints]]\nrule = "same"\n'
        'attribute = "level"\n',
    ),
    _made(
        "utah-early-career",
        "utah-ucan",
        "Early career coaching: find a direction",
        **{**_UTAH_CAREER, "aims": '"careers", "onboarding"', "provider_hours": 5},
        purpose="After the training nobody names the next step any more: find a direction of your own.",
        constraints=_AHEAD,
        capacity=2,
    ),
    _made(
        "utah-mid-career",
        "utah-ucan",
        "Mid-career coaching: refocus",
        **{**_UTAH_CAREER, "aims": '"careers", "retention"'},
        purpose="A protected time to reflect, and to choose what matters most among many directions.",
    ),
    _made(
        "corporate-mentoring",
        "management-mentors",
        "Corporate mentoring, linked to performance management and apart from it",
        kind="mentoring",
        why_kind="broad and about what lies ahead; measured goals of the present job are coaching (management-mentors)",
        school='# a mentor from another department, more senior (culture-wizard)\nschool = "other-view"\n',
        purpose="People develop for future roles, with somebody who is not their manager.",
        aims='"careers", "leadership", "retention"',
        called="Corporate mentoring",
        capacity=2,
    ),
    _made(
        "virtual-mentoring",
        "learning-development",
        "Virtual mentoring in short one-to-ones",
        kind="mentoring",
        why_kind="one mentee at a time: large calls are no way to mentor (learning-development)",
        purpose="Remote people get advice, contacts and visibility, wherever they work.",
        aims='"inclusion", "careers", "networks"',
        every="week",
        why_every="short and often",
        minutes=15,
        why_minutes="# ten minutes one to one beat an hour in a group (learning-development)\n",
        meeting="virtual",
        areas='"working across distance", "communication"',
        capacity=3,
        provider_hours=4,
    ),
    _made(
        "executive-coaching",
        "culture-wizard",
        "Executive coaching",
        **{
            **_COACHED,
            "length": "# focused and within a determined time (culture-wizard)\nmonths = 6",
            "organization": '# coaches from outside have another one\norganization = "organization"\n',
            "provider_hours": 5,
        },
        kind="executive-coaching",
        why_kind="upper-level managers, coached from above or from outside (culture-wizard)",
        purpose="Upper-level managers develop in their role, or prepare for a larger one.",
        aims='"leadership", "succession"',
        capacity=2,
    ),
    _made(
        "conference-first-timers",
        "smart-meetings",
        "First-timers at a conference, three with one who knows the way",
        kind="group-mentoring",
        why_kind="three first-timers to one veteran (smart-meetings); put the groups together yourself",
        purpose="First-timers learn what to expect, and find each other.",
        aims='"onboarding", "networks"',
        areas='"what to expect of the event", "people to stay in touch with"',
        boundary="Nothing that is said here is told to the employers of those who come.",
        platforms='"event app", "video calls"',
        told_by='"mail", "event"',
        provider_hours=3,
        length="# before, at and after the event\nmonths = 2",
        every="2 weeks",
        why_every="two meetings before the event, one at it, one after it",
        told='"existence"',
        why_told="that it exists, and no more; the manager is not at the event",
        topics='"what first-timers ask", "how to bring people together"',
        how="The meetings before and after the event are by video; whoever comes from far is invited by name.",
        checks="\n[check.ignore]\n"
        'A001 = "An event is over soon, and so is this; what lasts forms by itself (smart-meetings)."\n',
        capacity=3,
    ),
    _made(
        "succession",
        "smart-meetings",
        "Succession: grow your replacement",
        **{**_COACHED, "provider": "incumbent", "recipient": "successor"},
        kind="succession",
        why_kind="managers grow their own replacement, with a plan and a timeline (smart-meetings)",
        purpose="Each manager grows somebody into her own role, by a plan with a timeline.",
        aims='"succession", "leadership"',
    ),
    _made(
        "sponsorship",
        "utah-ucan",
        "Sponsorship",
        kind="sponsoring",
        why_kind="active advocacy for opportunities, not advice (utah-ucan)",
        purpose="Senior people speak up for the opportunities of others.",
        aims='"careers", "inclusion"',
        length="# one-time or long-term (utah-ucan)\nmonths = 12",
        every="3 months",
        why_every="little time, much advocacy: it is judged by what the sponsor does (cti)",
        provider_hours=2,
        recipient_hours=2,
        told='"existence"',
        why_told="that it exists, and no more",
        clauses="# what the sponsor gains is said openly (utah-ucan)\n"
        'benefit = "The sponsor is known for the people she brought forward."\n',
        constraints=_AHEAD,
        provider="sponsor",
        recipient="beneficiary",
    ),
)

PRESETS: Mapping[str, Preset] = ReadOnly({one.name: one for one in _LISTED})
"""The presets by name."""
