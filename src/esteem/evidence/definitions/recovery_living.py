"""A home, a job, a say in one's own care."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, ROUNDED_COUNTS
from esteem.evidence.model import Measure, Note, Published, Standard
from esteem.terms.places import ENGLAND

TOPIC = "Home, work and recovery"
RETURNS = Note(
    "The share comes from providers' returns: where the return is poor, the share looks low. Essex has 25% in their own home with "
    "the second highest employment of all councils, which is hardly true.",
    source="data guide, section 3.9",
)
ASCOF = "Bexley 12% in work and 79% in their own home, Southend 12% and 67% in 2020/21, in the publisher's file"

EMPLOYMENT_GAP = Measure(
    id="employment-gap",
    title="Employment gap",
    question="How far behind is employment among people in mental health services?",
    why="Work gives people money, company and purpose. Most people in services want it, and few have it.",
    sentence="the gap was {figure} between all residents and people in mental health services",
    kind="difference",
    unit="percentage_points",
    better="lower",
    topic=TOPIC,
    witnesses=(Published(series=("ons_local.employment_rate",), minus="ascof.1F"),),
    notes=(
        Note("Employment rate of residents aged 16 to 64 (calendar year) minus people in contact with services in work (financial year)."),
        Note("The nationally published gap is not in this set: this one is worked out from its two parts."),
        RETURNS,
    ),
    checked_against="Southend: 78.9% in 2020 minus 12% in 2020/21 in the publishers' files",
    national_ids=("1F",),
)


def _council(id: str, title: str, question: str, why: str, clause: str, code: str, **more) -> Measure:
    settings = {"notes": (RETURNS,), "plain_unit": "people"} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=f"{{share}} {clause}",
        kind="proportion",
        unit="proportion",
        better="higher",
        topic=TOPIC,
        witnesses=(Published(series=(f"ascof.{code}",)),),
        checked_against=ASCOF,
        national_ids=(code,),
        **settings,
    )


WITH_COUNTS = {"interval": "wilson", "place_pooling": "sum", "breakdowns": ("age",)}
SURVEYED = {"interval": "published", "breakdowns": ("age", "sex")}
ALL_CLIENTS = Note("Everyone with long-term social care, not only people with mental health problems.", source="NHS Digital, ASCOF 2020-21")

IN_WORK = _council(
    "employment-in-services",
    "In work while in mental health services",
    "How many people in contact with mental health services have a paid job?",
    "Work gives people money, company and purpose.",
    "in contact with services had a paid job",
    "1F",
    breakdowns=("sex",),
)
OWN_HOME = _council(
    "living-independently",
    "Living in their own home",
    "How many people in contact with mental health services live in their own home?",
    "A settled home is where recovery starts.",
    "in contact with services lived in their own home",
    "1H",
    breakdowns=("sex",),
)
SELF_DIRECTED = _council(
    "self-directed-support",
    "Self-directed support",
    "How many people with social care decide on their own support?",
    "People know best what helps them.",
    "with social care had self-directed support",
    "1C1A",
    notes=(ALL_CLIENTS, ROUNDED_COUNTS),
    **WITH_COUNTS,
)
DIRECT_PAYMENTS = _council(
    "direct-payments",
    "Direct payments",
    "How many people with social care get their budget paid out to them?",
    "A personal budget in hand is the freest form of support.",
    "with social care had direct payments",
    "1C2A",
    notes=(ALL_CLIENTS, ROUNDED_COUNTS),
    **WITH_COUNTS,
)
CARERS_SELF_DIRECTED = _council(
    "carers-self-directed-support",
    "Carers with self-directed support",
    "How many carers decide on the support they get?",
    "Families carry most of the care. They need support of their own.",
    "had self-directed support",
    "1C1B",
    notes=(ALL_CLIENTS, ROUNDED_COUNTS),
    plain_unit="carers",
    **WITH_COUNTS,
)
EASY_INFORMATION = _council(
    "information-easy-to-find",
    "Information about services is easy to find",
    "How many people who use social care find it easy to get information about support?",
    "Help that nobody can find helps nobody.",
    "found it easy to get information",
    "3D1",
    notes=(ALL_CLIENTS,),
    **SURVEYED,
)
FEEL_SAFE = _council(
    "feel-safe",
    "People who use social care and feel safe",
    "How many people who use social care feel as safe as they want?",
    "Feeling safe comes before everything else.",
    "felt as safe as they wanted",
    "4A",
    notes=(ALL_CLIENTS,),
    **SURVEYED,
)
CONTROL = _council(
    "control-over-daily-life",
    "People who use social care and have control over their lives",
    "How many people who use social care feel in control of their daily life?",
    "Recovery means deciding about one's own life again.",
    "felt in control of their daily life",
    "1B",
    notes=(ALL_CLIENTS,),
    **SURVEYED,
)
SOCIAL_CONTACT = _council(
    "social-contact",
    "People who use social care and see as many people as they like",
    "How many people who use social care have as much social contact as they would like?",
    "Loneliness makes every illness worse.",
    "had as much social contact as they would like",
    "1I1",
    notes=(ALL_CLIENTS,),
    **SURVEYED,
)
SATISFIED = _council(
    "satisfied-with-social-care",
    "People satisfied with their social care",
    "How many people who use social care are extremely or very satisfied with it?",
    "The people who use a service know best how good it is.",
    "were satisfied with their care",
    "3A",
    notes=(ALL_CLIENTS,),
    **SURVEYED,
)
CARERS_DIRECT_PAYMENTS = _council(
    "carers-direct-payments",
    "Carers with direct payments",
    "How many carers get the money for their support paid out to them?",
    "Families carry most of the care. They need support of their own.",
    "had direct payments",
    "1C2B",
    notes=(ALL_CLIENTS, ROUNDED_COUNTS),
    plain_unit="carers",
    **WITH_COUNTS,
)

PLACEMENT = Measure(
    id="individual-placement-and-support",
    title="Individual Placement and Support: people helped to work",
    question="How many people in mental health services get help to find and keep a job?",
    why="This kind of help gets twice as many people into work as any other.",
    sentence="{figure} had help to work since April",
    kind="count",
    unit="count",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.ES(i)",), period_kinds=("quarter",)),),
    place_pooling="sum",
    independent_periods=False,
    standard=Standard(
        32000, "32,000 people in England in 2021/22", "NHS Mental Health Dashboard, metadata", date(2021, 4, 1), places=(ENGLAND,)
    ),
    notes=(
        Note("Counted from 1 April to the end of the quarter: it grows within each year, so there are no control limits."),
        Note(
            "From April 2021 the figures come from the Mental Health Services Data Set, and are not complete.",
            start=date(2021, 4, 1),
            source="NHS Mental Health Dashboard, metadata",
        ),
        ROUNDED_COUNTS,
    ),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("ES(i)", "MHS116"),
)
PLACEMENT_AGAINST_PLAN = Measure(
    id="individual-placement-and-support-against-plan",
    title="Individual Placement and Support against the plan",
    question="How does the number of people helped to work compare with the number planned?",
    why="The plan is the place's part of the national promise.",
    sentence="{numerator} people had help to work where the plan was {denominator}: {figure} of it",
    kind="ratio",
    unit="ratio",
    better="higher",
    topic=TOPIC,
    witnesses=(
        Published(
            series=("dashboard.ES(i)",),
            numerator="dashboard.ES(i)",
            denominator="dashboard.ES(i)_Target",
            period_kinds=("quarter",),
        ),
    ),
    place_pooling="sum",
    independent_periods=False,
    decimals=2,
    standard=Standard(1, "as many people as planned", "NHS Mental Health Dashboard, metadata", date(2021, 4, 1)),
    notes=(ROUNDED_COUNTS, Note("Both are counted from 1 April to the end of the quarter.")),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("ES(i)_Target",),
)
MEASURES = (
    EMPLOYMENT_GAP,
    IN_WORK,
    OWN_HOME,
    SELF_DIRECTED,
    DIRECT_PAYMENTS,
    CARERS_SELF_DIRECTED,
    CARERS_DIRECT_PAYMENTS,
    EASY_INFORMATION,
    FEEL_SAFE,
    CONTROL,
    SOCIAL_CONTACT,
    SATISFIED,
    PLACEMENT,
    PLACEMENT_AGAINST_PLAN,
)
