"""Crisis care, beds near home, and the days after discharge."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, FOLLOW_UP_CHANGE, PANDEMIC, ROUNDED_COUNTS, WHOLE_PER_CENTS
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Crisis and hospital"
DASHBOARD = "NHS Mental Health Dashboard, metadata"
NO_PREDECESSORS = Note(
    "The sheet also holds areas that have since merged: an area and its predecessor are never added together.",
    source="data guide, section 3.1",
)
OUT_OF_AREA_WHY = "A bed far from home cuts a person off from family, friends and the team that will care for them afterwards."


def _dashboard(id: str, title: str, question: str, why: str, sentence: str, series: str, **more) -> Measure:
    settings = {"kind": "proportion", "unit": "proportion", "better": "higher", "notes": (WHOLE_PER_CENTS,)} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        topic=TOPIC,
        witnesses=(Published(series=(f"dashboard.{series}",)),),
        checked_against=CONTROL_TOTAL,
        national_ids=(series,),
        **settings,
    )


FLOW = {"kind": "count", "unit": "count", "better": "lower", "place_pooling": "sum", "period_pooling": "sum"}

OUT_OF_AREA_DAYS = _dashboard(
    "out-of-area-bed-days",
    "Out-of-area placements: bed days",
    "How many days do people spend in hospital beds away from home because no local bed is free?",
    OUT_OF_AREA_WHY,
    "people spent {figure} out of area",
    "CR(iii_a)",
    **FLOW | {"plain_unit": "bed days", "notes": (ROUNDED_COUNTS, NO_PREDECESSORS, PANDEMIC)},
    standard=Standard(0, "none at all", DASHBOARD, date(2021, 3, 31)),
)
OUT_OF_AREA_STARTED = _dashboard(
    "out-of-area-placements-started",
    "Out-of-area placements: started",
    "How many people are sent to a hospital bed away from home because no local bed is free?",
    OUT_OF_AREA_WHY,
    "{figure} began out of area",
    "CR(iii_b)",
    **FLOW | {"plain_unit": "placements", "notes": (ROUNDED_COUNTS, NO_PREDECESSORS, PANDEMIC)},
    standard=Standard(0, "none at all", DASHBOARD, date(2021, 3, 31)),
)
FIRST_MONTHS = Note("The first five months of the collection, October 2016 to February 2017: not every provider took part yet.")


def _first_months(id: str, title: str, question: str, sentence: str, series: str, national_id: str, **more) -> Measure:
    settings = {"plain_unit": "placements", "notes": (ROUNDED_COUNTS, FIRST_MONTHS)} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=OUT_OF_AREA_WHY,
        sentence=sentence,
        kind="count",
        unit="count",
        better="lower",
        topic=TOPIC,
        witnesses=(Published(series=(f"oaps.{series}",)),),
        checked_against="England, February 2017: 611 placements started in the publisher's file",
        national_ids=(national_id,),
        **settings,
    )


OUT_OF_AREA_MONTHLY = _first_months(
    "out-of-area-placements-active",
    "Out-of-area placements at the end of the month",
    "How many people are in a hospital bed away from home at the end of the month?",
    "{figure} were out of area at the end of the month",
    "oaps_active_at_period_end",
    "OAPs active at period end",
)
OUT_OF_AREA_STARTED_MONTHLY = _first_months(
    "out-of-area-placements-started-2016-17",
    "Out-of-area placements: started, month by month to February 2017",
    "Month by month, how many people were sent to a hospital bed away from home?",
    "{figure} began out of area in the month",
    "oaps_started_in_period",
    "OAPs started in period",
    breakdowns=("sex", "bed_type", "reason"),
)
SURVEY = Note("From a national survey of crisis teams. It was asked in 2017/18 and again in 2020/21.", source=DASHBOARD)


def _team_share(id: str, title: str, question: str, clause: str, series: str) -> Measure:
    return _dashboard(
        id,
        title,
        question,
        "In a crisis, help must be there at any hour, for any age, and without a letter from anyone.",
        f"{{share}} {clause}",
        series,
        plain_unit="crisis teams",
        notes=(SURVEY, WHOLE_PER_CENTS),
    )


OPEN_ACCESS = _team_share(
    "crisis-teams-open-access",
    "Crisis teams that anyone can call",
    "How many crisis teams can people turn to by themselves?",
    "could be called by anyone",
    "CR(i_a)",
)
ALL_HOURS = _team_share(
    "crisis-teams-open-24-hours",
    "Crisis teams open day and night",
    "How many crisis teams for adults see people face to face 24 hours a day, 7 days a week?",
    "were open day and night",
    "CR(i_b)",
)
STAFFED = _team_share(
    "home-treatment-teams-staffed",
    "Home treatment teams with enough staff",
    "How many home treatment teams for adults have the recommended number of staff?",
    "had the recommended staff",
    "CR(i_c)",
)
OLDER_ADULTS = _team_share(
    "crisis-teams-older-adults",
    "Crisis teams that come to older people",
    "How many adult crisis teams also come to older people?",
    "came to older people",
    "CR(i_d)",
)
CORE_FUNCTIONS = _dashboard(
    "crisis-teams-core-functions",
    "Crisis teams that can do their core work",
    "How many crisis and home treatment teams could carry out the core functions?",
    "A team that cannot come home to people cannot keep them out of hospital.",
    "{share} could carry out the core functions",
    "CR(i)",
    plain_unit="crisis teams",
    notes=(Note("One survey, of 2016/17: the state before the strategies began.", source=DASHBOARD), WHOLE_PER_CENTS),
)
EMERGENCY_WAITS_COUNT = _dashboard(
    "adults-emergency-over-12-hours-number",
    "Adults: number over 12 hours in A&E",
    "How many times is an adult in a mental health crisis in A&E for more than 12 hours?",
    "A crowded A&E department is the wrong place for somebody in distress.",
    "{figure} lasted more than 12 hours",
    "CR(vi_a)",
    **FLOW | {"plain_unit": "attendances", "notes": (ROUNDED_COUNTS,)},
)
LONG_EMERGENCY_WAITS = _dashboard(
    "adults-emergency-over-12-hours",
    "Adults: over 12 hours in A&E",
    "How many adults who come to A&E in a mental health crisis are there for more than 12 hours?",
    "A crowded A&E department is the wrong place for somebody in distress.",
    "{share} lasted more than 12 hours",
    "CR(vi_b)",
    better="lower",
    decimals=1,
    plain_unit="attendances",
)
STAY_RATE = {"kind": "rate", "unit": "rate_per_100000", "better": "lower", "multiplier": 100000, "decimals": 1}
LONG_STAY_ADULTS = _dashboard(
    "long-stays-adults",
    "Long hospital stays: adults over 60 days",
    "How many adults in 100,000 leave hospital after a stay of more than 60 days?",
    "Long stays often mean that the home, the support or the money to leave was missing.",
    "{figure} left after more than 60 days",
    "CR(vii_a)",
    **STAY_RATE | {"notes": (Note("People discharged in the quarter, per 100,000 residents aged 18 to 64.", source=DASHBOARD),)},
    standard=Standard(8, "no more than 8 per 100,000", DASHBOARD),
)
LONG_STAY_OLDER = _dashboard(
    "long-stays-older-adults",
    "Long hospital stays: older adults over 90 days",
    "How many older people in 100,000 leave hospital after a stay of more than 90 days?",
    "For an older person every week in hospital makes going home harder.",
    "{figure} left after more than 90 days",
    "CR(vii_b)",
    **STAY_RATE | {"notes": (Note("People discharged in the quarter, per 100,000 residents aged 65 and over.", source=DASHBOARD),)},
    standard=Standard(10.75, "no more than 10.75 per 100,000", DASHBOARD),
)
FOLLOW_UP_72_HOURS = _dashboard(
    "follow-up-within-72-hours",
    "Followed up within 72 hours of discharge",
    "How many people who leave hospital are seen within 72 hours?",
    "The first days at home are the most dangerous ones: the risk of suicide is highest then.",
    "{share} were followed up within 72 hours",
    "CR(viii)",
    plain_unit="discharges",
    notes=(
        FOLLOW_UP_CHANGE,
        WHOLE_PER_CENTS,
        Note("A few impossible shares (above 100%) in the row of Birmingham and Solihull (15E) are held back.", places=("15E",)),
    ),
    standard=Standard(0.8, "at least 80% within 72 hours", "NHS Standard Contract; the dashboard states none", date(2020, 4, 1)),
)
FOLLOW_UP_7_DAYS = _dashboard(
    "follow-up-within-7-days",
    "Followed up within 7 days of discharge (to 2019/20)",
    "How many people who leave hospital are seen within 7 days?",
    "The first days at home are the most dangerous ones: the risk of suicide is highest then.",
    "{share} were followed up within 7 days",
    "SP(iii_b)",
    plain_unit="discharges",
    decimals=1,
    notes=(FOLLOW_UP_CHANGE, WHOLE_PER_CENTS),
    standard=Standard(0.95, "at least 95% within 7 days", "NHS England, Care Programme Approach returns"),
)

MEASURES = (
    OUT_OF_AREA_DAYS,
    OUT_OF_AREA_STARTED,
    OUT_OF_AREA_MONTHLY,
    OUT_OF_AREA_STARTED_MONTHLY,
    OPEN_ACCESS,
    ALL_HOURS,
    STAFFED,
    OLDER_ADULTS,
    CORE_FUNCTIONS,
    EMERGENCY_WAITS_COUNT,
    LONG_EMERGENCY_WAITS,
    LONG_STAY_ADULTS,
    LONG_STAY_OLDER,
    FOLLOW_UP_72_HOURS,
    FOLLOW_UP_7_DAYS,
)
