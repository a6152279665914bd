"""Suicide and self-harm."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, OVERLAPPING_YEARS, PANDEMIC, POPULATION_BASE
from esteem.evidence.model import Measure, Note, Published

TOPIC = "Suicide and self-harm"
WHY = "Every suicide is a loss that might have been prevented. The ambition is that nobody dies this way."
REGISTERED = Note("Deaths are counted in the year they are registered: after an inquest, often many months after the death.", source="ONS")
STANDARD_OF_PROOF = Note(
    "From July 2018 coroners decide on the balance of probability: from then on somewhat more deaths are recorded as suicide.",
    start=date(2018, 7, 26),
    source="Court judgment of 26 July 2018; ONS",
)
NO_COUNTS = Note("Published as a rate alone, without the number of deaths or an interval: small places swing by chance.")
COUNTY = "Counties (Essex among them) are given for 2016 to 2018 alone, in a file of their own with the same rate."
RATE = {"kind": "rate", "unit": "rate_per_100000", "multiplier": 100000, "better": "lower", "decimals": 1, "topic": TOPIC}

SUICIDE_AREAS = Measure(
    id="suicide-rate",
    title="Suicide rate (NHS areas)",
    question="How many people in 100,000 die by suicide?",
    why=WHY,
    sentence="{figure} died by suicide",
    witnesses=(Published(series=("dashboard.SP(i)",)),),
    independent_periods=False,
    notes=(OVERLAPPING_YEARS, REGISTERED, STANDARD_OF_PROOF, NO_COUNTS),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("SP(i)",),
    **RATE,
)
SUICIDE_DISTRICTS = Measure(
    id="suicide-rate-districts",
    title="Suicide rate (districts and boroughs)",
    question="How many people in 100,000 die by suicide, district by district?",
    why=WHY,
    sentence="{figure} died by suicide",
    witnesses=(Published(series=("health_index.suicides", "health_index_2018.suicide"), joined=COUNTY),),
    independent_periods=False,
    notes=(
        OVERLAPPING_YEARS,
        REGISTERED,
        STANDARD_OF_PROOF,
        NO_COUNTS,
    ),
    checked_against="Southend 2021: 12.1, Bexley 2021: 7.2 in the publisher's file",
    plain_unit="people",
    national_ids=("Health Index: Suicides",),
    **RATE,
)
SELF_HARM = Measure(
    id="self-harm-admissions",
    title="Emergency admissions for self-harm",
    question="How many emergency admissions for self-harm are there for every 100,000 people?",
    why="Self-harm is a sign of great distress, and the strongest warning of suicide.",
    sentence="there were {figure}",
    witnesses=(Published(series=("fingertips.self_harm",)),),
    notes=(NO_COUNTS, Note("One person may be admitted several times.")),
    checked_against="Thurrock 2017/18: 122.8, Bexley 2017/18: 77.1 in the publisher's file",
    plain_unit="admissions",
    national_ids=("21001",),
    **RATE,
)
SELF_HARM_YOUNG = Measure(
    id="self-harm-admissions-10-24",
    title="Self-harm admissions, aged 10 to 24",
    question="How many admissions for self-harm are there for every 100,000 young people aged 10 to 24?",
    why="Self-harm is most common among the young, and help then can change a life.",
    sentence="there were {figure} aged 10 to 24",
    witnesses=(Published(series=("fingertips.self_harm_10_24",)),),
    notes=(NO_COUNTS,),
    checked_against="Essex 2017/18: 307.6, Bexley 2017/18: 161 in the publisher's file",
    plain_unit="admissions",
    national_ids=("90813",),
    **RATE,
)


def _quarterly(id: str, ages: str, code: str) -> Measure:
    return Measure(
        id=id,
        title=f"Self-harm admissions, aged {ages}, quarter by quarter",
        question=f"Quarter by quarter, how many admissions for self-harm are there for every 100,000 people aged {ages}?",
        why="The quarterly line shows a change long before the yearly figure.",
        sentence=f"there were {{figure}} aged {ages} in the quarter",
        witnesses=(Published(series=(f"dashboard.{code}",)),),
        notes=(NO_COUNTS, PANDEMIC, POPULATION_BASE),
        checked_against=CONTROL_TOTAL,
        plain_unit="admissions",
        national_ids=(code,),
        **RATE,
    )


MEASURES = (
    SUICIDE_AREAS,
    SUICIDE_DISTRICTS,
    SELF_HARM,
    SELF_HARM_YOUNG,
    _quarterly("self-harm-admissions-10-24-quarterly", "10 to 24", "SP(ii_a)"),
    _quarterly("self-harm-admissions-25-and-over-quarterly", "25 and over", "SP(ii_b)"),
)
