"""Children and young people: access, waits, hospital."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, PANDEMIC, ROLLING_YEAR, ROUNDED_COUNTS, SUBMISSION_STEPS, WHOLE_PER_CENTS
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Children and young people"
DASHBOARD = "NHS Mental Health Dashboard, metadata"
METHOD_PER_YEAR = Note(
    "The method and the data set changed between years: do not compare 2019/20, 2020/21 and 2021/22.",
    start=date(2019, 4, 1),
    source="NHS Digital, waiting times for children and young people's mental health services",
)


def _children(id: str, title: str, question: str, why: str, sentence: str, code: str, **more) -> Measure:
    """A measure of one dashboard sheet; counts unless `more` says otherwise."""
    settings = {"kind": "count", "unit": "count", "better": "neutral", "place_pooling": "sum", "notes": (ROUNDED_COUNTS,)} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        topic=TOPIC,
        witnesses=(Published(series=(f"dashboard.{code}",)),),
        checked_against=CONTROL_TOTAL,
        national_ids=(code,),
        **settings,
    )


SHARE = {"kind": "proportion", "unit": "proportion", "place_pooling": "none"}

ACCESS = _children(
    "children-in-contact",
    "Children: seen at least once in 12 months",
    "How many children and young people had at least one contact with NHS-funded mental health services in the last 12 months?",
    "Most children with a mental health problem get no help. This counts those who do.",
    "{figure} had at least one contact in 12 months",
    "CYP(i_a)",
    better="higher",
    independent_periods=False,
    plain_unit="children and young people",
    notes=(ROUNDED_COUNTS, ROLLING_YEAR, PANDEMIC),
)
ACCESS_SHARE = _children(
    "children-access-two-contacts",
    "Children: share of need met (two contacts)",
    "What share of the children with a mental health problem had at least two contacts in the year?",
    "The promise up to 2020/21 was that 35 in every 100 of these children would be helped.",
    "{figure} of the children estimated to need help had at least two contacts",
    "CYP(i_c)",
    **SHARE | {"better": "higher", "plain_unit": "children and young people", "notes": (WHOLE_PER_CENTS,)},
    standard=Standard(0.35, "at least 35% by 2020/21", "Five Year Forward View for Mental Health", date(2021, 3, 31)),
)
ROLLING_LOCAL = Note(
    "Areas and systems are counted over 12 months to the end of the quarter, England and the regions over the quarter.", source=DASHBOARD
)
EATING_DISORDER_URGENT = _children(
    "children-eating-disorder-urgent",
    "Children's eating disorders: urgent, within one week",
    "How many children with an urgent eating disorder start treatment within a week?",
    "Eating disorders kill. Days matter when a child is dangerously ill.",
    "{share} started treatment within one week",
    "CYP(ii_a)",
    **SHARE | {"better": "higher", "plain_unit": "children", "notes": (ROLLING_LOCAL, WHOLE_PER_CENTS, PANDEMIC)},
    independent_periods=False,
    standard=Standard(0.95, "at least 95% within one week", DASHBOARD),
)
EATING_DISORDER_ROUTINE = _children(
    "children-eating-disorder-routine",
    "Children's eating disorders: routine, within four weeks",
    "How many children with an eating disorder start treatment within four weeks?",
    "Early treatment lets most young people recover fully.",
    "{share} started treatment within four weeks",
    "CYP(ii_b)",
    **SHARE | {"better": "higher", "plain_unit": "children", "notes": (ROLLING_LOCAL, WHOLE_PER_CENTS, PANDEMIC)},
    independent_periods=False,
    standard=Standard(0.95, "at least 95% within four weeks", DASHBOARD),
)
WARD_DAYS = _children(
    "children-ward-bed-days",
    "Children: days in specialist mental health wards",
    "How many days do children spend in specialist mental health wards?",
    "A ward is sometimes needed, but good help at home keeps most children out of it.",
    "children spent {figure} in specialist wards",
    "CYP(iii_a)",
    period_pooling="sum",
    better="lower",
    plain_unit="bed days",
)
WARD_ADMISSIONS = _children(
    "children-ward-admissions",
    "Children: admissions to specialist mental health wards",
    "How often are children admitted to specialist mental health wards?",
    "Every admission takes a child away from home and school.",
    "there were {figure} to specialist wards",
    "CYP(iii_b)",
    period_pooling="sum",
    better="lower",
    plain_unit="admissions",
)
ADULT_WARD_DAYS = _children(
    "children-adult-ward-bed-days",
    "Children: days on adult wards",
    "How many days do children spend on adult mental health wards?",
    "An adult ward is no place for a child.",
    "children spent {figure} on adult wards",
    "CYP(iv_a)",
    period_pooling="sum",
    better="lower",
    plain_unit="bed days",
)
ON_ADULT_WARDS = _children(
    "children-on-adult-wards",
    "Children on adult wards",
    "How many children were on an adult mental health ward during the quarter?",
    "An adult ward is no place for a child.",
    "{figure} were on adult wards",
    "CYP(iv_b)",
    better="lower",
    plain_unit="children",
    notes=(
        ROUNDED_COUNTS,
        Note("A child on a ward over the turn of a quarter counts in both: quarters cannot be added together."),
        Note("Impossible figures of the publisher for April to June 2020 are held back.", start=date(2020, 4, 1), source=DASHBOARD),
    ),
)
CRISIS_COVER = _children(
    "children-crisis-cover",
    "Children: areas with round-the-clock crisis help",
    "What share of areas gives children in a crisis assessment, a quick response and intensive help at home?",
    "A child's crisis does not keep office hours.",
    "{share} had full or partial cover",
    "CYP(vii)",
    **SHARE | {"better": "higher", "plain_unit": "areas", "notes": (WHOLE_PER_CENTS,)},
    standard=Standard(0.57, "57% of areas in 2021/22", DASHBOARD),
)
LONG_EMERGENCY_WAITS = _children(
    "children-emergency-over-12-hours",
    "Children: over 12 hours in A&E",
    "How many children who come to A&E in a mental health crisis are there for more than 12 hours?",
    "Half a day in A&E is hard for anyone, and harder for a child in distress.",
    "{share} lasted more than 12 hours",
    "CYP(viii_b)",
    **SHARE | {"better": "lower", "plain_unit": "attendances", "notes": (WHOLE_PER_CENTS,)},
    decimals=1,
)

SECOND_CONTACT_WAIT = Measure(
    id="children-average-wait-second-contact",
    title="Children: average wait for the second contact",
    question="How long do children and young people wait, on average, from referral to their second contact?",
    why="Treatment usually begins with the second contact. Months of waiting are a long time in a child's life.",
    sentence="the average wait was {figure}",
    kind="mean",
    unit="days",
    better="lower",
    topic=TOPIC,
    witnesses=(Published(series=("cyp_waits.all.people.average_wait",), period_kinds=("financial_year",)),),
    independent_periods=False,
    notes=(METHOD_PER_YEAR, ROUNDED_COUNTS),
    checked_against="Southend 2021/22: 20 days in the publisher's table 1a",
    national_ids=("table 1a, average waiting time",),
)
SECOND_CONTACT_FOUR_WEEKS = Measure(
    id="children-second-contact-within-four-weeks",
    title="Children: second contact within four weeks",
    question="How many children and young people referred had their second contact within four weeks?",
    why="Four weeks is the wait that the NHS wants no child to exceed.",
    sentence="{share} referred had their second contact within four weeks",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(
        Published(
            series=("cyp_waits.all.people.within_4_weeks_share",),
            numerator="cyp_waits.all.people.within_4_weeks",
            denominator="cyp_waits.all.people.total",
            period_kinds=("financial_year",),
        ),
    ),
    interval="wilson",
    place_pooling="sum",
    independent_periods=False,
    notes=(
        METHOD_PER_YEAR,
        ROUNDED_COUNTS,
        Note("Of all children referred, with those still waiting or whose referral was closed before treatment."),
    ),
    checked_against="Southend 2021/22: 750 of 2,035 (36%) in the publisher's table 1a",
    plain_unit="children and young people",
    national_ids=("table 1a, 0 to 4 weeks",),
)
CLOCK_STOP_FOUR_WEEKS = Measure(
    id="children-clock-stop-within-four-weeks",
    title="Children: first help within four weeks (community)",
    question="Of the children whose wait in community services ended, how many waited less than four weeks?",
    why="Four weeks is the wait that the NHS wants no child to exceed.",
    sentence="{share} whose wait ended waited less than four weeks",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("mhsds_monthly.MRS08b",), numerator="mhsds_monthly.MRS08a", denominator="mhsds_monthly.MRS08"),),
    interval="wilson",
    place_pooling="sum",
    independent_periods=False,
    notes=(ROUNDED_COUNTS, SUBMISSION_STEPS, Note("Each figure covers three months, and neighbours share two of them.")),
    checked_against="England, July to September 2024: 3,450 of 22,035 in the publisher's file",
    plain_unit="referrals",
    national_ids=("MRS08b",),
)
WAITING_OVER_A_YEAR = Measure(
    id="children-waiting-over-a-year",
    title="Children: waiting more than a year (community)",
    question="Of the children who still wait for help from community services, how many have waited more than a year?",
    why="A year is a tenth of a ten-year-old's life.",
    sentence="{share} still waiting had waited more than a year",
    kind="proportion",
    unit="proportion",
    better="lower",
    topic=TOPIC,
    witnesses=(Published(series=("mhsds_monthly.MRS09f",), numerator="mhsds_monthly.MRS09e", denominator="mhsds_monthly.MRS09"),),
    interval="wilson",
    place_pooling="sum",
    notes=(ROUNDED_COUNTS, SUBMISSION_STEPS),
    checked_against="England, September 2024: 276,829 of 572,518 in the publisher's file",
    plain_unit="referrals",
    national_ids=("MRS09f",),
)


def _second_contact(id: str, title: str, question: str, why: str, clause: str, part: str, national_id: str) -> Measure:
    """A share of all children of the yearly table whom a column of it counts."""
    series = "cyp_waits.all.people"
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=f"{{share}} {clause}",
        kind="proportion",
        unit="proportion",
        better="lower",
        topic=TOPIC,
        witnesses=(
            Published(
                series=(f"{series}.{part}_share",),
                numerator=f"{series}.{part}",
                denominator=f"{series}.total",
                period_kinds=("financial_year",),
            ),
        ),
        interval="wilson",
        place_pooling="sum",
        independent_periods=False,
        notes=(METHOD_PER_YEAR, ROUNDED_COUNTS),
        checked_against="Southend 2021/22: 60 over 12 weeks, 140 without a contact, of 2,035 in the publisher's table 1a",
        plain_unit="children and young people",
        national_ids=(f"table 1a, {national_id}",),
    )


SECOND_CONTACT_OVER_12_WEEKS = _second_contact(
    "children-second-contact-over-twelve-weeks",
    "Children: second contact after more than twelve weeks",
    "How many children and young people referred had their second contact only after twelve weeks or more?",
    "Three months are a whole term at school.",
    "referred had their second contact after more than twelve weeks",
    "over_12_weeks",
    "more than 12 weeks",
)
NO_CONTACT_YET = _second_contact(
    "children-still-waiting-first-contact",
    "Children: still waiting for a first contact",
    "How many children and young people referred had not been seen even once at the end of the year?",
    "Nobody has looked at what these children need.",
    "referred were still waiting for a first contact",
    "still_waiting_no_contact",
    "still waiting, no contact",
)
CLOSED_BEFORE_TREATMENT = _second_contact(
    "children-closed-before-treatment",
    "Children: referral closed before treatment",
    "How many children and young people had their referral closed before a second contact?",
    "Some are better helped elsewhere, some give up. A high share asks for a closer look.",
    "referred had their referral closed before a second contact",
    "closed_before_treatment",
    "closed before treatment",
)


def _community(id: str, title: str, question: str, why: str, sentence: str, code: str, **more) -> Measure:
    """A figure of children's referrals to community services (MHSDS)."""
    settings = {"kind": "count", "unit": "count", "place_pooling": "sum", "plain_unit": "referrals"} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        topic=TOPIC,
        witnesses=(Published(series=(f"mhsds_monthly.{code}",)),),
        checked_against="England, July to September 2024: 162,022 new referrals in the publisher's file",
        national_ids=(code,),
        **settings,
    )


REFERRALS_STARTED = _community(
    "children-referrals-started",
    "Children: new referrals (community)",
    "How many children and young people are newly referred to community mental health services?",
    "It is the demand that everything else has to meet.",
    "{figure} began",
    "MRS11",
    better="neutral",
    independent_periods=False,
    notes=(ROUNDED_COUNTS, SUBMISSION_STEPS, Note("Each figure covers three months, and neighbours share two of them.")),
)
STILL_OPEN = _community(
    "children-referrals-open",
    "Children: referrals still open (community)",
    "How many referrals of children and young people are open at the end of the month?",
    "It is the work that community teams have in hand.",
    "{figure} were open at the end of the month",
    "MRS13",
    better="neutral",
    notes=(ROUNDED_COUNTS, SUBMISSION_STEPS),
)
MEDIAN_FIRST_CONTACT = _community(
    "children-median-wait-first-contact",
    "Children: typical wait for the first contact (community)",
    "How long have children who wait for a first contact waited so far?",
    "Until the first contact nobody knows how urgent it is.",
    "half of them had waited {figure} or more",
    "MRS10a",
    better="lower",
    kind="mean",
    unit="days",
    place_pooling="none",
    plain_unit="",
    notes=(SUBMISSION_STEPS,),
)
TWO_CONTACTS = _children(
    "children-two-contacts",
    "Children: seen at least twice (to 2020/21)",
    "How many children and young people had at least two contacts in the year?",
    "Up to 2020/21 the national promise counted children who were seen at least twice.",
    "{figure} had at least two contacts",
    "CYP(i_b)",
    better="higher",
    plain_unit="children and young people",
)
EMERGENCY_WAITS_COUNT = _children(
    "children-emergency-over-12-hours-number",
    "Children: number over 12 hours in A&E",
    "How many times is a child in a mental health crisis in A&E for more than 12 hours?",
    "Half a day in A&E is hard for anyone, and harder for a child in distress.",
    "{figure} lasted more than 12 hours",
    "CYP(viii_a)",
    period_pooling="sum",
    better="lower",
    plain_unit="attendances",
)

MEASURES = (
    ACCESS,
    ACCESS_SHARE,
    TWO_CONTACTS,
    EATING_DISORDER_URGENT,
    EATING_DISORDER_ROUTINE,
    WARD_DAYS,
    WARD_ADMISSIONS,
    ADULT_WARD_DAYS,
    ON_ADULT_WARDS,
    CRISIS_COVER,
    LONG_EMERGENCY_WAITS,
    EMERGENCY_WAITS_COUNT,
    SECOND_CONTACT_WAIT,
    SECOND_CONTACT_FOUR_WEEKS,
    SECOND_CONTACT_OVER_12_WEEKS,
    NO_CONTACT_YET,
    CLOSED_BEFORE_TREATMENT,
    REFERRALS_STARTED,
    STILL_OPEN,
    MEDIAN_FIRST_CONTACT,
    CLOCK_STOP_FOUR_WEEKS,
    WAITING_OVER_A_YEAR,
)
