"""Detention under the Mental Health Act, places of safety, restraint."""

from __future__ import annotations

from datetime import date

from esteem.evidence.annotations import (
    ACUTE_COUNTED_IN_ENGLAND,
    CONTROL_TOTAL,
    POPULATION_BASE,
    ROUNDED_COUNTS,
    SECTION_136_UNDER_RECORDED,
)
from esteem.evidence.model import Measure, Note, Published

TOPIC = "Mental Health Act"
FAIR = "Black people are detained far more often than white people. A place that wants to change that must first look at it."
RESTORED_LABELS = Note(
    "Labels of the two most deprived tenths and of some totals were put back by position in the file: confirm with the publisher.",
    source="data guide, section 3.4",
)
DETENTION_NOTES = (ROUNDED_COUNTS, ACUTE_COUNTED_IN_ENGLAND, POPULATION_BASE, RESTORED_LABELS)
GROUPS = ("age", "sex", "ethnicity", "ethnicity_detail", "deprivation")
CHECKED = "England 2023/24: Black or Black British 5,693 detentions, 242.3 per 100,000 (half-width 6.9) in the publisher's file"

DETENTIONS = Measure(
    id="detentions",
    title="Detentions under the Mental Health Act",
    question="How often are people detained under the Mental Health Act?",
    why="Detention is the strongest thing that services can do to a person. Fewer are needed where help comes early.",
    sentence="there were {figure}",
    kind="count",
    unit="count",
    better="neutral",
    topic=TOPIC,
    witnesses=(Published(series=("mha_annual.all_detentions.count",)),),
    place_pooling="sum",
    period_pooling="sum",
    breakdowns=GROUPS,
    notes=DETENTION_NOTES,
    checked_against=CHECKED,
    plain_unit="detentions",
    national_ids=("All detentions",),
)
DETENTION_RATE = Measure(
    id="detention-rate",
    title="Detentions per 100,000 people",
    question="How many detentions are there for every 100,000 people?",
    why="Set against the number of residents, places and groups can be compared. " + FAIR,
    sentence="there were {figure}",
    kind="rate",
    unit="rate_per_100000",
    better="neutral",
    topic=TOPIC,
    witnesses=(Published(series=("mha_annual.all_detentions.crude_rate",), numerator="mha_annual.all_detentions.count"),),
    interval="byar",
    multiplier=100000,
    breakdowns=GROUPS,
    decimals=1,
    notes=DETENTION_NOTES,
    checked_against=CHECKED,
    plain_unit="detentions",
    national_ids=("All detentions, crude rate",),
)
DETENTION_STANDARDISED = Measure(
    id="detention-standardised-rate",
    title="Detentions per 100,000, standardised for age and sex",
    question="If every group had the same ages, how many detentions would there be for every 100,000 people?",
    why=FAIR + " Taking out the effect of age and sex makes the comparison fair.",
    sentence="there were {figure}, standardised",
    kind="rate",
    unit="rate_per_100000",
    better="neutral",
    topic=TOPIC,
    witnesses=(Published(series=("mha_annual.all_detentions.standardised_rate",)),),
    interval="published",
    multiplier=100000,
    breakdowns=("ethnicity", "ethnicity_detail"),
    decimals=1,
    notes=(Note("Published for England by ethnic group only."), POPULATION_BASE),
    checked_against=CHECKED,
    plain_unit="detentions",
    national_ids=("All detentions, standardised rate",),
)


def _count(
    id: str, title: str, question: str, why: str, series: str, unit: str, *more: Note, by: tuple[str, ...] = (), flow: bool = True
) -> Measure:
    """A count of the yearly statistics; `flow` False for one taken on a single day."""
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence="there were {figure}",
        kind="count",
        unit="count",
        better="neutral",
        topic=TOPIC,
        witnesses=(Published(series=(f"mha_annual.{series}.count",)),),
        place_pooling="sum",
        period_pooling="sum" if flow else "none",
        breakdowns=by,
        notes=(ROUNDED_COUNTS, ACUTE_COUNTED_IN_ENGLAND, *more),
        checked_against="Oxleas 2023/24: section 136 used 175 times, in the publisher's file",
        plain_unit=unit,
        national_ids=(title,),
    )


SECTION_136 = _count(
    "section-136-uses",
    "Section 136: taken to a place of safety",
    "How often do the police take a person in crisis to a place of safety?",
    "Street triage and crisis lines should make this rarer, and the place should be a safe one.",
    "short_term_orders.section_136",
    "uses of section 136",
    SECTION_136_UNDER_RECORDED,
    by=("age", "sex", "ethnicity", "ethnicity_detail"),
)
PLACE_OF_SAFETY_DETENTIONS = _count(
    "detentions-after-place-of-safety",
    "Detentions after a place of safety",
    "How often is a person detained in hospital after being taken to a place of safety?",
    "Set beside all uses, it shows how many of the people taken there needed a hospital bed.",
    "detentions_following_use_of_place_of_safety_order",
    "detentions",
    SECTION_136_UNDER_RECORDED,
    by=("ethnicity",),
)
COMMUNITY_ORDERS = _count(
    "community-treatment-orders",
    "Community treatment orders used",
    "How often are community treatment orders used?",
    "These orders follow people home. They are used most unequally of all.",
    "uses_of_ctos",
    "uses",
    by=("age", "sex", "ethnicity", "ethnicity_detail"),
)

DETAINED_ON_31_MARCH = _count(
    "people-detained-31-march",
    "People detained on 31 March",
    "How many people are detained in hospital on 31 March?",
    "It shows how many people are held on one day, whenever their detention began.",
    "people_detained_in_hospital_on_31st_march",
    "people detained",
    RESTORED_LABELS,
    flow=False,
)
ON_ORDERS_31_MARCH = _count(
    "people-on-community-treatment-orders-31-march",
    "People on community treatment orders on 31 March",
    "How many people live under a community treatment order on 31 March?",
    "These orders follow people home. They are used most unequally of all.",
    "people_subject_to_community_treatment_orders_ctos_on_31st_march",
    "people under an order",
    flow=False,
)
RECALLS = _count(
    "community-treatment-order-recalls",
    "Recalls from community treatment orders",
    "How often are people under a community treatment order called back to hospital?",
    "A recall is a crisis that care at home did not prevent.",
    "cto_recalls_to_hospital",
    "recalls",
)
DISCHARGES = _count(
    "discharges-after-detention",
    "Discharges after detention",
    "How often is a person discharged after a detention?",
    "The first days after it are dangerous: each one needs a plan.",
    "discharges_following_detention",
    "discharges",
    by=("age", "sex", "ethnicity", "ethnicity_detail"),
)

CHANGED_MEANING = Note(
    "January to May 2022 hold everyone subject to the Act, a wider group, and are not part of this line: the rise in the file is no surge.",
    start=date(2022, 1, 1),
    end=date(2022, 5, 31),
    source="data guide, section 3.6",
)


def _monthly(id: str, title: str, question: str, why: str, sentence: str, series: str, **more) -> Measure:
    settings = {"notes": (ROUNDED_COUNTS,), "better": "lower"} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        kind="count",
        unit="count",
        topic=TOPIC,
        witnesses=(Published(series=(f"mhsds_provider.{series}",)),),
        place_pooling="sum",
        checked_against="Essex Partnership, September 2021: 16,020 bed days in the publisher's file",
        **settings,
    )


DETAINED = _monthly(
    "people-detained-month-end",
    "People detained at the end of the month",
    "How many people are detained in the provider's hospitals at the end of the month?",
    "It shows how many people are held on any one day.",
    "{figure} were detained at the end of the month",
    "detained",
    plain_unit="people",
    better="neutral",
    notes=(CHANGED_MEANING, ROUNDED_COUNTS),
)
BED_DAYS = _monthly(
    "hospital-bed-days",
    "Days in mental health beds",
    "How many days do people spend in the provider's mental health beds?",
    "Fewer bed days, with good care at home, is what the strategies ask for.",
    "people spent {figure} in mental health beds",
    "bed_days",
    plain_unit="bed days",
    period_pooling="sum",
)
SUBJECT_TO_ACT = _monthly(
    "people-subject-to-act-month-end",
    "People subject to the Mental Health Act at the end of the month",
    "How many people are subject to the Mental Health Act at the end of the month, in hospital or at home?",
    "It shows how many people live under the law's compulsion on any one day.",
    "{figure} were subject to the Act at the end of the month",
    "subject_to_act",
    plain_unit="people",
    better="neutral",
    notes=(
        ROUNDED_COUNTS,
        Note(
            "January to May 2022 alone: before and after, the file holds people detained, a narrower group.",
            source="data guide, section 3.6",
        ),
    ),
)
RESTRAINED = _monthly(
    "people-restrained",
    "People restrained",
    "How many people were restrained in the month?",
    "Restraint frightens and harms. Good wards need very little of it.",
    "{figure} were restrained",
    "restrained",
    plain_unit="people",
    notes=(
        ROUNDED_COUNTS,
        Note("Many providers report no restraint for a whole year, Oxleas among them from October 2021: missing is not none."),
    ),
)


def _england(id: str, title: str, question: str, why: str, sentence: str, code: str, **more) -> Measure:
    settings = {"kind": "count", "unit": "count", "better": "lower"} | more
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
        notes=(Note("Published for England only."), *settings.pop("notes", ())),
        **settings,
    )


FORCES = Note("Local figures are published by the Home Office by police force, and are not held here.", source="data guide, section 5")
POLICE_CELLS = _england(
    "police-cells",
    "Police cells used as a place of safety",
    "How often is a person in a mental health crisis held in a police cell?",
    "A cell is for suspects. A person in crisis needs a safe and caring place.",
    "there were {figure} in police cells",
    "CR(v_a)",
    plain_unit="detentions",
    notes=(FORCES,),
)
POLICE_CELLS_CHILDREN = _england(
    "police-cells-under-18",
    "Police cells used for under-18s",
    "How often is a child in a mental health crisis held in a police cell?",
    "The law has forbidden it since December 2017.",
    "there were {figure} of under-18s in police cells",
    "CR(v_b)",
    plain_unit="detentions",
    notes=(FORCES,),
)
YEARS = Note(
    "Up to 2020/21 only, and on population figures of the 2011 census: no line to the 2023/24 figures.", source="data guide, section 3.4"
)
DETENTIONS_BEFORE = _england(
    "detentions-to-2020-21",
    "Detentions in England up to 2020/21",
    "How did detentions under the Mental Health Act change up to 2020/21?",
    "It is the background against which the first years of the strategies are read.",
    "there were {figure}",
    "CR(iv_a)",
    plain_unit="detentions",
    better="neutral",
    notes=(YEARS,),
)
SECTION_136_BEFORE = _england(
    "section-136-to-hospital-to-2020-21",
    "Section 136: taken to hospital as a place of safety, up to 2020/21",
    "How often did the police take a person in crisis to a hospital as a place of safety, up to 2020/21?",
    "Beside the use of police cells it shows where people in a crisis were taken.",
    "there were {figure}",
    "CR(iv_d)",
    plain_unit="uses of section 136",
    better="neutral",
    notes=(
        Note(
            "Only orders whose place of safety was a hospital. The title in the sheet is a copy of another's.",
            source="data guide, section 3.1",
        ),
        YEARS,
    ),
)
RATE = {"kind": "rate", "unit": "rate_per_100000", "multiplier": 100000, "decimals": 1, "better": "lower", "plain_unit": "detentions"}
RATE_WHITE_BRITISH = _england(
    "detention-rate-white-british-to-2020-21",
    "Detention rate, White British, up to 2020/21",
    "How many detentions were there for every 100,000 White British people up to 2020/21?",
    FAIR,
    "there were {figure}, standardised",
    "CR(iv_b)",
    **RATE | {"notes": (YEARS,)},
)
RATE_BLACK = _england(
    "detention-rate-black-to-2020-21",
    "Detention rate, Black or Black British, up to 2020/21",
    "How many detentions were there for every 100,000 Black or Black British people up to 2020/21?",
    FAIR,
    "there were {figure}, standardised",
    "CR(iv_c)",
    **RATE | {"notes": (YEARS,)},
)

MEASURES = (
    DETENTIONS,
    DETENTION_RATE,
    DETENTION_STANDARDISED,
    SECTION_136,
    PLACE_OF_SAFETY_DETENTIONS,
    COMMUNITY_ORDERS,
    ON_ORDERS_31_MARCH,
    RECALLS,
    DISCHARGES,
    DETAINED_ON_31_MARCH,
    DETAINED,
    SUBJECT_TO_ACT,
    BED_DAYS,
    RESTRAINED,
    POLICE_CELLS,
    POLICE_CELLS_CHILDREN,
    DETENTIONS_BEFORE,
    SECTION_136_BEFORE,
    RATE_WHITE_BRITISH,
    RATE_BLACK,
)
