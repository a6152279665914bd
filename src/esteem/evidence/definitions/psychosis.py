"""Early intervention in psychosis: waits, quality and spending."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import CONTROL_TOTAL, ESSEX_TRUST_MERGER, PANDEMIC, PSYCHOSIS_RUN_IN, WHOLE_PER_CENTS
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Psychosis"

TREATED_WITHIN_TWO_WEEKS = Measure(
    id="psychosis-treated-within-two-weeks",
    title="Psychosis: treated within two weeks",
    question="How many people with a first episode of psychosis start treatment within two weeks?",
    why="Every week of untreated psychosis makes recovery harder. Quick treatment keeps people in work, education and family life.",
    sentence="{share} started treatment within two weeks",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(
        Published(
            series=("eip_history.completed", "dashboard.EIP(i)"),
            joined="Monthly counts up to September 2019, then quarterly shares from another return (MHSDS) from October 2019: "
            "the second part has limits of its own.",
        ),
    ),
    interval="wilson",
    place_pooling="sum",
    period_pooling="sum",
    standard=Standard(0.6, "at least 60% start treatment within two weeks", "NHS Mental Health Dashboard, metadata", date(2016, 4, 1)),
    notes=(
        PSYCHOSIS_RUN_IN,
        ESSEX_TRUST_MERGER,
        Note(
            "From October 2019 the figures come from the Mental Health Services Data Set: shares without counts.",
            start=date(2019, 10, 1),
            rebase=True,
            source="NHS Mental Health Dashboard, metadata",
        ),
        PANDEMIC,
        Note("Small places complete about three pathways a month: read the counts, or ask for a year."),
    ),
    checked_against="the publisher's rows: September 2019 in England 833 of 1,053; Southend, Essex and Thurrock 2018/19 222 of 291",
    plain_unit="people",
    national_ids=("EIP(i)", "EIP23"),
)

WAITING_UNDER_TWO_WEEKS = Measure(
    id="psychosis-waiting-under-two-weeks",
    title="Psychosis: still waiting, under two weeks",
    question="Of the people who still wait for psychosis treatment, how many have waited less than two weeks?",
    why="A queue in which most people have waited long shows trouble before the treatment figures do.",
    sentence="{share} still waiting had waited less than two weeks",
    kind="proportion",
    unit="proportion",
    better="higher",
    topic=TOPIC,
    witnesses=(Published(series=("eip_history.incomplete",)),),
    interval="wilson",
    place_pooling="sum",
    notes=(PSYCHOSIS_RUN_IN, ESSEX_TRUST_MERGER, Note("Counted on the last day of each month: months cannot be added together.")),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
)


def _services(level: str, code: str, value: float, words: str) -> Measure:
    return Measure(
        id=f"psychosis-services-at-level-{level}",
        title=f"Psychosis services at quality level {level} or above",
        question=f"How many early intervention services reach quality level {level} or above?",
        why="A quick start only helps when the treatment is the one that works: therapy, family work, help with jobs and physical health.",
        sentence="{share} reached the level",
        kind="proportion",
        unit="proportion",
        better="higher",
        topic=TOPIC,
        witnesses=(Published(series=(f"dashboard.{code}",)),),
        standard=Standard(value, words, "NHS Mental Health Dashboard, metadata"),
        notes=(WHOLE_PER_CENTS, Note("Most areas have one service only, so their own figure is hidden.")),
        checked_against=CONTROL_TOTAL,
        plain_unit="services",
        national_ids=(code,),
    )


SERVICES_LEVEL_2 = _services("2", "EIP(i_a)", 1.0, "every service at level 2 or above")
SERVICES_LEVEL_3 = _services("3", "EIP(i_b)", 0.7, "at least 70% of services at level 3 or above")

MEASURES = (TREATED_WITHIN_TWO_WEEKS, WAITING_UNDER_TWO_WEEKS, SERVICES_LEVEL_2, SERVICES_LEVEL_3)
