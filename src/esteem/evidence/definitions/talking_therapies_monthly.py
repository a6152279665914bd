"""NHS Talking Therapies month by month, and its outcome scores."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, ROUNDED_COUNTS, SOUTHEND_FEBRUARY_2019
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Talking therapies"
TWO_RETURNS = "February 2019 to February 2020 from the national time series, then from July 2022 from the monthly publication."
NEW_RETURN = Note(
    "Between March 2020 and April 2022 no monthly figures are held here: the line starts anew, with limits of its own.",
    start=date(2022, 5, 1),
    rebase=True,
    source="data guide of the project, section 3.3",
)

RECOVERY = Measure(
    id="talking-therapies-recovery-monthly",
    title="Talking therapies: recovery, month by month",
    question="Month by month, how many people who finish talking therapy recover?",
    why="Monthly points show whether a change is real or only the usual ups and downs.",
    sentence="{share} who finished treatment recovered",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("tt_monthly_series.recovery_rate", "tt_monthly_local.percentage_recovery"), joined=TWO_RETURNS),),
    standard=Standard(0.5, "at least half recover", "NHS Mental Health Dashboard, metadata"),
    notes=(SOUTHEND_FEBRUARY_2019, NEW_RETURN, ROUNDED_COUNTS),
    checked_against="Southend, February 2019: 89 in the publisher's file",
    plain_unit="people",
    national_ids=("Recovery rate", "Percentage_Recovery"),
)
REFERRALS = Measure(
    id="talking-therapies-referrals-monthly",
    title="Talking therapies: referrals, month by month",
    question="Month by month, how many people are referred to talking therapies?",
    why="Referrals are the first thing to move when people find, or no longer find, the way in.",
    sentence="{figure} were referred to talking therapies",
    kind="count",
    unit="count",
    better="higher",
    topic=TOPIC,
    witnesses=(
        Published(series=("tt_monthly_series.referrals_received", "tt_monthly_local.count_referrals_received"), joined=TWO_RETURNS),
    ),
    place_pooling="sum",
    period_pooling="sum",
    notes=(NEW_RETURN, ROUNDED_COUNTS),
    checked_against="Southend, February 2019: 410 in the publisher's file",
    plain_unit="people",
    national_ids=("Referrals Received", "Count_ReferralsReceived"),
)

STARTING = Measure(
    id="talking-therapies-people-starting-monthly",
    title="Talking therapies: people who start, month by month",
    question="Month by month, how many people start talking therapy?",
    why="Twelve months show whether the promised share of people in need can still be reached.",
    sentence="{figure} started talking therapy",
    kind="count",
    unit="count",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("tt_monthly_series.first_treatment", "tt_monthly_local.count_accessing_services"), joined=TWO_RETURNS),),
    place_pooling="sum",
    period_pooling="sum",
    notes=(NEW_RETURN, ROUNDED_COUNTS),
    checked_against="Southend: 380 in February 2019, 345 in July 2022 in the publisher's files",
    plain_unit="people",
    national_ids=("First Treatment", "Count_AccessingServices"),
)


def _effect(scale: str, illness: str) -> Measure:
    return Measure(
        id=f"talking-therapies-effect-{illness}",
        title=f"Talking therapies: change in {illness} scores",
        question=f"How large is the change in people's {illness} scores from the start to the end of therapy?",
        why="Recovery is a line drawn through the scores; the size of the change shows what lies behind it.",
        sentence=f"{illness} scores changed by {{figure}} standard deviations",
        kind="score",
        unit="score",
        better="higher",
        topic=TOPIC,
        witnesses=(
            Published(series=(f"tt_proms.{scale}.effect_size",), breakdown="therapy", category="Cognitive Behaviour Therapy (CBT)"),
        ),
        breakdowns=("therapy",),
        decimals=2,
        notes=(
            Note("Effect size: the mean change divided by the spread of the scores at the start. 0.8 and above counts as large."),
            Note("No figure is published for all therapies together. Unless broken down, this one is of cognitive behaviour therapy."),
        ),
        checked_against=CONTROL_TOTAL,
        national_ids=(f"{scale} / effect_size",),
    )


MEASURES = (RECOVERY, REFERRALS, STARTING, _effect("phq", "depression"), _effect("gad", "anxiety"))
