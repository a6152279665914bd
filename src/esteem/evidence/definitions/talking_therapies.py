"""NHS Talking Therapies: access, waits and what came of the treatment."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, PANDEMIC, ROUNDED_COUNTS, WHOLE_PER_CENTS
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Talking therapies"
DASHBOARD = "NHS Mental Health Dashboard, metadata"
ACCESS_WHY = "Depression and anxiety are the most common mental illnesses, and talking therapies help about half of those who finish them."
GROUPS = (
    "age",
    "sex",
    "ethnicity",
    "ethnicity_detail",
    "minority_ethnic",
    "deprivation",
    "long_term_condition",
    "sexual_orientation",
    "disability",
    "problem",
)
CODE_CHANGE = Note(
    "Areas change names and borders: CCGs up to 2021/22, integrated care boards from 2022/23.",
    start=date(2022, 7, 1),
    source="NHS England, NHS Talking Therapies annual reports",
)

ACCESS_SHARE = Measure(
    id="talking-therapies-access",
    title="Talking therapies: share of need that is met",
    question="What share of the people with depression or anxiety start talking therapy?",
    why=ACCESS_WHY + " The national promise was one in four by 2020/21.",
    sentence="{figure} of the people estimated to need it started talking therapy",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.IAPT(i_a).share",)),),
    period_pooling="sum_of_shares",
    decimals=1,
    notes=(
        Note("Each quarter's figure is a part of one year's need: four quarters add up to the year, and 25% a year is 6.25% a quarter."),
        Note("Published as a share up to March 2019, and as a number of people afterwards.", start=date(2019, 4, 1), source=DASHBOARD),
        WHOLE_PER_CENTS,
    ),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("IAPT(i_a)",),
)
PEOPLE_STARTING = Measure(
    id="talking-therapies-people-starting",
    title="Talking therapies: people who start",
    question="How many people start talking therapy?",
    why=ACCESS_WHY,
    sentence="{figure} started talking therapy",
    kind="count",
    unit="count",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.IAPT(i_a).count",)),),
    place_pooling="sum",
    period_pooling="sum",
    notes=(ROUNDED_COUNTS, PANDEMIC),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("IAPT(i_a)",),
)
AGAINST_PLAN = Measure(
    id="talking-therapies-people-against-plan",
    title="Talking therapies: people who start, against the plan",
    question="How does the number of people who start talking therapy compare with the number planned?",
    why="The plan says how many people a place must reach to keep its part of the national promise.",
    sentence="{numerator} people started talking therapy where the plan was {denominator}: {figure} of it",
    kind="ratio",
    unit="ratio",
    better="higher",
    topic=TOPIC,
    witnesses=(
        Published(series=("dashboard.IAPT(i_a).count",), numerator="dashboard.IAPT(i_a).count", denominator="dashboard.IAPT(i_a) Targets"),
    ),
    place_pooling="sum",
    period_pooling="sum",
    decimals=2,
    standard=Standard(1, "as many people as planned", DASHBOARD, date(2021, 4, 1)),
    notes=(ROUNDED_COUNTS,),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("IAPT(i_a) Targets",),
)


def _outcome(id: str, title: str, question: str, why: str, clause: str, name: str, of: str, better: str, **more) -> Measure:
    """A yearly outcome: published share, with the published counts behind it."""
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=f"{{share}} {clause}",
        kind="proportion",
        unit="proportion",
        better=better,
        topic=TOPIC,
        witnesses=(
            Published(series=(f"tt_annual.{name}.percentage",), numerator=f"tt_annual.{name}.count", denominator=f"tt_annual.{of}.count"),
        ),
        interval="wilson",
        place_pooling="sum",
        breakdowns=GROUPS,
        notes=(ROUNDED_COUNTS, CODE_CHANGE, PANDEMIC),
        checked_against="South East London 2024/25, Black or Black British: 2,015 of 4,195 people in the publisher's file",
        plain_unit="people",
        **more,
    )


RECOVERY = _outcome(
    "talking-therapies-recovery",
    "Talking therapies: recovery",
    "How many people who finish talking therapy recover?",
    "Treatment is there to make people well: recovery counts those who were ill at the start and are not at the end.",
    "who finished treatment recovered",
    "recovery",
    "at_caseness",
    "higher",
    standard=Standard(0.5, "at least half recover", DASHBOARD),
    national_ids=("recovery / percentage",),
)
RELIABLE_RECOVERY = _outcome(
    "talking-therapies-reliable-recovery",
    "Talking therapies: reliable recovery",
    "How many people who finish talking therapy recover, with a change too large to be chance?",
    "A stricter test of recovery: well at the end, and clearly better than at the start.",
    "who finished treatment recovered reliably",
    "reliable_recovery",
    "at_caseness",
    "higher",
    national_ids=("reliable_recovery / percentage",),
)
IMPROVEMENT = _outcome(
    "talking-therapies-improvement",
    "Talking therapies: reliable improvement",
    "How many people who finish talking therapy are clearly better than at the start?",
    "Somebody who was very ill can be much better without being well: this counts them too.",
    "who finished treatment were clearly better",
    "improvement",
    "finished_course_treatment",
    "higher",
    national_ids=("improvement / percentage",),
)
DETERIORATION = _outcome(
    "talking-therapies-deterioration",
    "Talking therapies: worse at the end",
    "How many people who finish talking therapy are clearly worse than at the start?",
    "A good service knows whom it did not help, and asks why.",
    "who finished treatment were clearly worse",
    "deterioration",
    "finished_course_treatment",
    "lower",
    national_ids=("deterioration / percentage",),
)
LONG_TERM_RECOVERY = Measure(
    id="talking-therapies-recovery-long-term-condition",
    title="Talking therapies: recovery with a long-term condition",
    question="How many people with a long-term illness who finish talking therapy recover?",
    why="Long-term illness and depression feed each other. Therapy that knows both keeps people well and out of hospital.",
    sentence="{share} with a long-term condition recovered",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(
        Published(
            series=("tt_annual.recovery.percentage",),
            numerator="tt_annual.recovery.count",
            denominator="tt_annual.at_caseness.count",
            breakdown="long_term_condition",
            category="Long term condition",
        ),
    ),
    interval="wilson",
    place_pooling="sum",
    standard=Standard(0.5, "at least half recover", DASHBOARD),
    notes=(ROUNDED_COUNTS, CODE_CHANGE),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
)


def _number(id: str, title: str, question: str, clause: str, name: str, **choice) -> Measure:
    return Measure(
        id=id,
        title=title,
        question=question,
        why="Who comes, and who stays to the end, shows for whom the door is open.",
        sentence=f"{{figure}} {clause}",
        kind="count",
        unit="count",
        better="higher",
        topic=TOPIC,
        witnesses=(Published(series=(f"tt_annual.{name}.count",), **choice),),
        place_pooling="sum",
        period_pooling="sum",
        breakdowns=() if choice else GROUPS,
        notes=(ROUNDED_COUNTS, CODE_CHANGE, PANDEMIC),
        checked_against=CONTROL_TOTAL,
        plain_unit="people",
        national_ids=(f"{name} / count",),
    )


REFERRALS = _number(
    "talking-therapies-referrals",
    "Talking therapies: referrals",
    "How many people are referred, or refer themselves, to talking therapies?",
    "were referred to talking therapies",
    "referrals_received",
)
FINISHED = _number(
    "talking-therapies-finished",
    "Talking therapies: people who finish",
    "How many people finish a course of talking therapy?",
    "finished a course of talking therapy",
    "finished_course_treatment",
)
LONG_TERM_FINISHED = _number(
    "talking-therapies-finished-long-term-condition",
    "Talking therapies: people with a long-term condition who finish",
    "How many people with a long-term illness finish a course of talking therapy?",
    "with a long-term condition finished a course of talking therapy",
    "finished_course_treatment",
    breakdown="long_term_condition",
    category="Long term condition",
)


def _quarterly(id: str, title: str, question: str, why: str, clause: str, code: str, better: str = "higher", **more) -> Measure:
    """A share from the dashboard's quarterly sheets."""
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=f"{{share}} {clause}",
        kind="proportion",
        unit="proportion",
        better=better,
        topic=TOPIC,
        witnesses=(Published(series=(f"dashboard.{code}",)),),
        notes=(WHOLE_PER_CENTS, PANDEMIC),
        checked_against=CONTROL_TOTAL,
        plain_unit="people",
        national_ids=(code,),
        **more,
    )


RECOVERY_QUARTERLY = _quarterly(
    "talking-therapies-recovery-quarterly",
    "Talking therapies: recovery, quarter by quarter",
    "Quarter by quarter, how many people who finish talking therapy recover?",
    "The quarterly line shows a change long before the yearly report.",
    "who finished treatment recovered",
    "IAPT(ii_a)",
    standard=Standard(0.5, "at least half recover", DASHBOARD),
)
RECOVERY_MINORITIES = _quarterly(
    "talking-therapies-recovery-ethnic-minorities",
    "Talking therapies: recovery of ethnic minorities",
    "How many people from ethnic minorities who finish talking therapy recover?",
    "A fair service helps people of every background equally well.",
    "from ethnic minorities who finished treatment recovered",
    "IAPT(ii_b)",
    standard=Standard(0.5, "at least half recover", DASHBOARD),
)
SIX_WEEKS = _quarterly(
    "talking-therapies-within-six-weeks",
    "Talking therapies: started within six weeks",
    "How many people start talking therapy within six weeks?",
    "Long waits turn a short illness into a long one.",
    "started within six weeks",
    "IAPT(iii_a)",
    standard=Standard(0.75, "at least 75% start within six weeks", DASHBOARD),
)
EIGHTEEN_WEEKS = _quarterly(
    "talking-therapies-within-eighteen-weeks",
    "Talking therapies: started within 18 weeks",
    "How many people start talking therapy within 18 weeks?",
    "Nobody should wait longer than four months for help that works.",
    "started within 18 weeks",
    "IAPT(iii_b)",
    standard=Standard(0.95, "at least 95% start within 18 weeks", DASHBOARD),
)
HIDDEN_WAIT = _quarterly(
    "talking-therapies-second-appointment-over-90-days",
    "Talking therapies: over 90 days to the second appointment",
    "How many people wait more than 90 days between the first and the second appointment?",
    "A quick first appointment followed by a long silence is a wait that the headline does not show.",
    "waited more than 90 days for their second appointment",
    "IAPT(iii_c)",
    "lower",
    decimals=1,
)
OLDER_PEOPLE = _quarterly(
    "talking-therapies-older-people",
    "Talking therapies: share of referrals aged 65 and over",
    "What share of the people referred to talking therapies is 65 or older?",
    "Older people are as often depressed as others, do well in therapy, and are seldom sent there.",
    "referred were 65 or older",
    "IAPT(i_b)",
    decimals=1,
)

MEASURES = (
    ACCESS_SHARE,
    PEOPLE_STARTING,
    AGAINST_PLAN,
    RECOVERY,
    RELIABLE_RECOVERY,
    IMPROVEMENT,
    DETERIORATION,
    LONG_TERM_RECOVERY,
    REFERRALS,
    FINISHED,
    LONG_TERM_FINISHED,
    RECOVERY_QUARTERLY,
    RECOVERY_MINORITIES,
    SIX_WEEKS,
    EIGHTEEN_WEEKS,
    HIDDEN_WAIT,
    OLDER_PEOPLE,
)
