"""Specialist help for women around birth."""

from __future__ import annotations

from esteem.evidence.annotations import CONTROL_TOTAL, PANDEMIC, ROLLING_YEAR, ROUNDED_COUNTS, WHOLE_PER_CENTS
from esteem.evidence.model import Measure, Published, Standard
from esteem.terms.places import ENGLAND

TOPIC = "Mothers and babies"
WHY = "One mother in five has a mental health problem around birth. Help then protects two lives."

WOMEN = Measure(
    id="perinatal-women-in-contact",
    title="Perinatal: women seen by a specialist team",
    question="How many women had contact with a specialist perinatal mental health team in the last 12 months?",
    why=WHY,
    sentence="{figure} had contact with a specialist perinatal team in 12 months",
    kind="count",
    unit="count",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.PMH(i_a)",)),),
    place_pooling="sum",
    independent_periods=False,
    standard=Standard(66000, "66,000 women a year in England by 2023/24", "NHS Mental Health Dashboard, metadata", places=(ENGLAND,)),
    notes=(ROUNDED_COUNTS, ROLLING_YEAR, PANDEMIC),
    checked_against=CONTROL_TOTAL,
    plain_unit="women",
    national_ids=("PMH(i_a)", "MHS91"),
)
RATE = Measure(
    id="perinatal-access-rate",
    title="Perinatal: share of births with specialist contact",
    question="For how many births in a hundred did the mother have contact with a specialist perinatal team?",
    why=WHY + " Set against births, large and small places can be compared.",
    sentence="the access rate was {figure} of births",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.PMH(i_b)",)),),
    decimals=1,
    independent_periods=False,
    notes=(WHOLE_PER_CENTS, ROLLING_YEAR, PANDEMIC),
    checked_against=CONTROL_TOTAL,
    plain_unit="births",
    national_ids=("PMH(i_b)",),
)
MEASURES = (WOMEN, RATE)
