"""Spending on mental health by NHS commissioners."""

from __future__ import annotations

from esteem.evidence.annotations import CONTROL_TOTAL, WHOLE_PER_CENTS
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Money"

PRICES = Note(
    "In pounds of the year, not adjusted for prices. Planned spending is left out.", source="NHS Mental Health Dashboard, Q4 2021/22"
)


def _spending(id: str, title: str, what: str, code: str, why: str) -> Measure:
    return Measure(
        id=id,
        title=title,
        question=f"How much do NHS commissioners spend on {what}?",
        why=why,
        sentence=f"{{figure}} was spent on {what}",
        kind="pounds",
        unit="pounds",
        better="neutral",
        topic=TOPIC,
        witnesses=(Published(series=(f"dashboard.{code}",)),),
        place_pooling="sum",
        period_pooling="sum",
        notes=(PRICES,),
        checked_against=CONTROL_TOTAL,
        national_ids=(code,),
    )


TOTAL = _spending(
    "spending-mental-health",
    "Spending on mental health",
    "mental health, learning disability and dementia",
    "MHF(ii_a)",
    "A strategy without money behind it is a wish. This is the whole of what the commissioner spends on it.",
)
PSYCHOSIS = _spending(
    "spending-early-intervention-psychosis",
    "Spending on early intervention in psychosis",
    "early intervention in psychosis",
    "EIP(ii)",
    "Early help for psychosis saves hospital stays later.",
)
TALKING_THERAPIES = _spending(
    "spending-talking-therapies",
    "Spending on talking therapies",
    "NHS Talking Therapies",
    "IAPT(iv)",
    "Access can only grow with therapists who are paid for.",
)
PERINATAL = _spending(
    "spending-perinatal",
    "Spending on perinatal mental health",
    "specialist help for new and expectant mothers",
    "PMH(ii)",
    "Untreated illness around birth costs the mother, the child and the public purse for years.",
)
CHILDREN = _spending(
    "spending-children",
    "Spending on children's mental health",
    "children's mental health, eating disorders apart",
    "CYP(v)",
    "Half of all lasting mental illness begins before the age of 14: this is where early spending counts most.",
)
CHILDREN_EATING_DISORDERS = _spending(
    "spending-children-eating-disorders",
    "Spending on children's eating disorders",
    "children's eating disorder services",
    "CYP(vi)",
    "Eating disorders are among the deadliest of mental illnesses, and early treatment works.",
)
CRISIS = _spending(
    "spending-crisis",
    "Spending on crisis care in the community",
    "crisis care for adults in the community",
    "CR(ii)",
    "Crisis care at home is what makes fewer hospital stays safe.",
)
LIAISON = _spending(
    "spending-liaison",
    "Spending on mental health liaison in hospitals",
    "mental health liaison in A&E and on wards",
    "AC(iii)",
    "People who come to A&E in a mental health crisis need someone there who can help.",
)
OUT_OF_AREA = _spending(
    "spending-out-of-area",
    "Cost of out-of-area placements",
    "placements out of area",
    "CR(iii_c)",
    "Money for a bed far away is money that is not there for care near home.",
)

SHARE = Measure(
    id="spending-share-of-allocation",
    title="Share of the allocation spent on mental health",
    question="What share of its whole allocation does the NHS commissioner spend on mental health?",
    why="It shows whether mental health gets a growing or a shrinking part of the money.",
    sentence="{figure} of the allocation was spent on mental health",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.MHF(i)",)),),
    decimals=1,
    notes=(WHOLE_PER_CENTS,),
    checked_against=CONTROL_TOTAL,
    national_ids=("MHF(i)",),
)

INVESTMENT_STANDARD = Measure(
    id="mental-health-investment-standard",
    title="Mental Health Investment Standard met",
    question="Did spending on mental health grow at least as fast as the whole allocation?",
    why="The standard is the national promise that mental health does not lose out when money is shared.",
    sentence="the Mental Health Investment Standard: {figure}",
    kind="yes_no",
    unit="yes_no",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.MHF(iii)",)),),
    standard=Standard(1, "the standard is met every year", "NHS Mental Health Dashboard, metadata"),
    notes=(Note("1 means met, 0 means not met.", source="NHS Mental Health Dashboard, Q4 2021/22"),),
    checked_against=CONTROL_TOTAL,
    national_ids=("MHF(iii)",),
)

MEASURES = (
    TOTAL,
    SHARE,
    INVESTMENT_STANDARD,
    PSYCHOSIS,
    TALKING_THERAPIES,
    PERINATAL,
    CHILDREN,
    CHILDREN_EATING_DISORDERS,
    CRISIS,
    LIAISON,
    OUT_OF_AREA,
)
