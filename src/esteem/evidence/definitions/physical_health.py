"""Body and mind: early death, health checks, dementia, alcohol."""

from __future__ import annotations

from esteem.evidence.annotations import CONTROL_TOTAL, PANDEMIC, ROLLING_YEAR
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Body and mind"

EARLY_DEATH = Measure(
    id="early-death-severe-mental-illness",
    title="Early death with severe mental illness",
    question="How much more often do people with severe mental illness die before 75 than other people?",
    why="People with severe mental illness die 15 to 20 years early, mostly of illnesses that could be prevented or treated.",
    sentence="the rate of early death with severe mental illness stood at {figure}, where 100 is the rate of everyone",
    kind="ratio",
    unit="ratio",
    better="lower",
    topic=TOPIC,
    witnesses=(Published(series=("fingertips.smi_mortality",)),),
    decimals=0,
    notes=(
        Note("Indirectly standardised ratio: 100 means as often as in everyone, 300 three times as often."),
        Note("Published up to 2014/15 in this set; it shows where the strategies started from."),
    ),
    checked_against="Southend 2014/15: 246.7, Bexley 2014/15: 360 in the publisher's file",
    plain_unit="per cent of the general rate",
    national_ids=("91096",),
)
HEALTH_CHECKS = Measure(
    id="physical-health-checks",
    title="Full physical health checks with severe mental illness",
    question="How many people with severe mental illness had a full physical health check in the last 12 months?",
    why="A yearly check finds heart disease and diabetes before they kill.",
    sentence="{figure} had a full check in 12 months",
    kind="count",
    unit="count",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.PHSMI(i)",)),),
    place_pooling="sum",
    independent_periods=False,
    notes=(ROLLING_YEAR, PANDEMIC),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("PHSMI(i)",),
)
PREVENTABLE = Measure(
    id="preventable-deaths-under-75",
    title="Preventable deaths under 75",
    question="How many people in 100,000 die before 75 of causes that could be prevented?",
    why="Smoking, drinking, poor food and loneliness harm body and mind alike.",
    sentence="{figure} died of preventable causes",
    kind="rate",
    unit="rate_per_100000",
    better="lower",
    topic=TOPIC,
    witnesses=(Published(series=("fingertips.preventable_mortality",)),),
    multiplier=100000,
    breakdowns=("sex",),
    decimals=1,
    notes=(Note("Standardised for age. No counts or intervals are published in this set."), PANDEMIC),
    checked_against="Thurrock 2024: 134.1, Bexley 2024: 134.5 in the publisher's file",
    plain_unit="people",
    national_ids=("Under-75 mortality from preventable causes",),
)
ALCOHOL = Measure(
    id="alcohol-admissions",
    title="Hospital admissions caused by alcohol",
    question="How many hospital admissions for every 100,000 people are caused by alcohol?",
    why="Alcohol is often how people treat distress, and it makes it worse.",
    sentence="there were {figure} caused by alcohol",
    kind="rate",
    unit="rate_per_100000",
    better="lower",
    topic=TOPIC,
    witnesses=(Published(series=("fingertips.alcohol_admissions",)),),
    multiplier=100000,
    notes=(Note("Narrow definition. No counts or intervals are published in this set."),),
    checked_against="Thurrock 2017/18: 574, Bexley 2017/18: 568 in the publisher's file",
    plain_unit="admissions",
    national_ids=("Alcohol-related admissions (narrow)",),
)
DEMENTIA = Measure(
    id="dementia-diagnosis-rate",
    title="Dementia: people who have a diagnosis",
    question="Of the people over 65 thought to have dementia, how many have been told so?",
    why="A diagnosis opens the door to treatment, support and planning ahead.",
    sentence="{figure} of the people estimated to have dementia had a diagnosis",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("fingertips.dementia_diagnosis",)),),
    decimals=1,
    standard=Standard(2 / 3, "two thirds of people have a diagnosis", "NHS England, dementia diagnosis ambition"),
    notes=(Note("The number of people with dementia is an estimate from national studies, so the share may pass 100%."),),
    checked_against="Thurrock 2018: 65.3, Bexley 2018: 64.1 in the publisher's file",
    plain_unit="people",
    national_ids=("92949",),
)
MEASURES = (EARLY_DEATH, HEALTH_CHECKS, PREVENTABLE, ALCOHOL, DEMENTIA)
