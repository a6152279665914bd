"""Mental health liaison in acute hospitals."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, WHOLE_PER_CENTS
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Crisis and hospital"
WHY = "A person who comes to A&E in a crisis at three in the morning needs a mental health team there at three in the morning."
SURVEY = Note(
    "From a national survey of liaison teams; the latest published one is of 2018/19.", source="NHS Mental Health Dashboard, metadata"
)

CORE_24 = Measure(
    id="liaison-core-24",
    title="Hospitals with full 24-hour liaison (core 24)",
    question="How many acute hospitals have a mental health liaison team of the full 24-hour standard?",
    why=WHY,
    sentence="{share} met the full 24-hour standard",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.AC(i)",)),),
    standard=Standard(0.5, "at least half of acute hospitals by 2020/21", "NHS Mental Health Dashboard, metadata", date(2021, 3, 31)),
    notes=(SURVEY, WHOLE_PER_CENTS),
    checked_against=CONTROL_TOTAL,
    plain_unit="acute hospitals",
    national_ids=("AC(i)",),
)
ALL_HOURS = Measure(
    id="liaison-open-24-hours",
    title="Liaison teams open day and night",
    question="How many hospital liaison teams are open 24 hours a day, 7 days a week?",
    why=WHY,
    sentence="{share} were open day and night",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.AC(i_a)",)),),
    notes=(SURVEY, WHOLE_PER_CENTS),
    checked_against=CONTROL_TOTAL,
    plain_unit="liaison teams",
    national_ids=("AC(i_a)",),
)
STAFF = Measure(
    id="liaison-staff",
    title="Liaison staff in acute hospitals",
    question="How many whole-time staff work in mental health liaison?",
    why="A team on paper helps nobody: the staff are what make it real.",
    sentence="{figure} worked in liaison teams",
    kind="count",
    unit="count",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.AC(ii)",)),),
    place_pooling="sum",
    notes=(SURVEY,),
    checked_against=CONTROL_TOTAL,
    plain_unit="whole-time staff",
    national_ids=("AC(ii)",),
)
MEASURES = (CORE_24, ALL_HOURS, STAFF)
