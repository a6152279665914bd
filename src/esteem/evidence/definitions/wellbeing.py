"""Wellbeing and what shapes it: work, money, health, schooling, deprivation."""

from __future__ import annotations

from esteem.evidence.annotations import PANDEMIC
from esteem.evidence.model import Measure, Note, Published

TOPIC = "Wellbeing and what shapes it"
SURVEY = Note("From a sample survey: small differences between places or years are often chance. Read the interval.", source="ONS")
STOPS_2023 = Note("Official statistics in development since 2023, when too few people answered the labour survey.", source="ONS")
CHECKED_WELLBEING = "Southend 2022/23: anxiety 3.24 (2.90 to 3.57) in the publisher's file"


def _feeling(slug: str, title: str, question: str, better: str) -> Measure:
    return Measure(
        id=f"wellbeing-{title.split(':')[1].strip().lower().replace(' ', '-')}",
        title=title,
        question=question,
        why="How people feel about their own lives is the plainest test of a wellbeing strategy.",
        sentence="the average answer was {figure} out of 10",
        kind="mean",
        unit="score",
        better=better,
        topic=TOPIC,
        witnesses=(Published(series=(f"ons_local.{slug}",)),),
        interval="published",
        decimals=2,
        notes=(SURVEY, PANDEMIC),
        checked_against=CHECKED_WELLBEING,
        plain_unit="points",
        national_ids=(f"Personal well-being: {slug}",),
    )


def _share(id: str, title: str, question: str, why: str, sentence: str, series: str, **more) -> Measure:
    settings = {"better": "lower", "interval": "none", "decimals": 1, "notes": ()} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        kind="proportion",
        unit="proportion",
        topic=TOPIC,
        witnesses=(Published(series=(series,)),),
        checked_against="values of Southend and Bexley quoted in the data guide, sections 3.8, 3.12 and 3.21",
        plain_unit="people",
        national_ids=(series.split(".")[1],),
        **settings,
    )


WORK = "Work, and enough money to live on, protect mental health more than most treatments do."
PUBLISHED = {"interval": "published", "notes": (SURVEY, STOPS_2023)}

MEASURES = (
    _feeling("anxiety", "Wellbeing: anxiety", "How anxious did people feel yesterday, from 0 to 10?", "lower"),
    _feeling("happiness", "Wellbeing: happiness", "How happy did people feel yesterday, from 0 to 10?", "higher"),
    _feeling("satisfaction", "Wellbeing: life satisfaction", "How satisfied are people with their lives, from 0 to 10?", "higher"),
    _feeling("worthwhile", "Wellbeing: worthwhile", "How worthwhile do people find what they do, from 0 to 10?", "higher"),
    _share(
        "employment-rate",
        "Employment rate",
        "How many residents aged 16 to 64 have a job?",
        WORK,
        "{figure} of residents aged 16 to 64 had a job",
        "ons_local.employment_rate",
        better="higher",
        **PUBLISHED,
    ),
    _share(
        "unemployment-rate",
        "Unemployment rate",
        "How many people who want to work have no job?",
        WORK,
        "{figure} were unemployed",
        "ons_local.modelled_unemployment",
        **PUBLISHED,
    ),
    _share(
        "claimant-count",
        "People who claim benefits for being out of work",
        "How many residents claim benefits because they are out of work?",
        WORK,
        "{figure} claimed benefits for being out of work",
        "ons_local.claimant_count",
        notes=(PANDEMIC,),
    ),
    _share(
        "child-poverty",
        "Children in poverty",
        "How many children live in a family with a low income?",
        "Poverty in childhood doubles and trebles the risk of mental illness later.",
        "{figure} of children lived in relative poverty, after housing costs",
        "ons_local.children_in_relative_poverty_after_housing_costs",
    ),
    _share(
        "school-absence",
        "Pupils often absent from school",
        "How many pupils miss a tenth or more of their lessons?",
        "Staying away is often the first sign that a child is unwell or unhappy.",
        "{figure} of pupils missed a tenth or more of their lessons",
        "ons_local.persistent_absences_for_all_pupils",
        notes=(PANDEMIC,),
    ),
    _share(
        "adult-obesity",
        "Adults with obesity",
        "How many adults are obese?",
        "Body and mind go together, and some medicines make people gain weight.",
        "{figure} of adults were obese",
        "ons_local.adult_obesity_prevalence",
        interval="published",
        notes=(SURVEY,),
    ),
    _share(
        "smoking",
        "Adults who smoke",
        "How many adults smoke?",
        "Smoking takes years from the lives of people with mental illness, who smoke most.",
        "{figure} of adults smoked",
        "ons_local.cigarette_smokers",
        interval="published",
        independent_periods=False,
        notes=(SURVEY, Note("Each figure covers five years, and neighbours share four of them.")),
    ),
    _share(
        "depression-recorded",
        "Depression known to the GP",
        "How many adults have depression on their GP's records?",
        "It shows how many people live with depression and have asked for help.",
        "{figure} of adults had depression on record",
        "fingertips.depression",
        better="neutral",
        notes=(Note("A higher figure can mean more illness or better recording. 2023/24 is not in this set."),),
    ),
    _share(
        "severe-mental-illness-recorded",
        "Severe mental illness known to the GP",
        "How many people have a severe mental illness on their GP's records?",
        "It is the number of people for whom checks, crisis plans and community teams are there.",
        "{figure} of registered patients had a severe mental illness on record",
        "qof.MH",
        better="neutral",
        decimals=2,
        notes=(Note("Modelled from practices to council areas, so the counts are not whole numbers."),),
    ),
    Measure(
        id="healthy-life-expectancy-men",
        title="Healthy life expectancy: men",
        question="For how many years can a boy born today expect to be in good health?",
        why="It sums up everything that a place does for health in one number.",
        sentence="men could expect {figure} in good health",
        kind="mean",
        unit="years",
        better="higher",
        topic=TOPIC,
        witnesses=(Published(series=("ons_local.male_healthy_life_expectancy",)),),
        interval="published",
        decimals=1,
        independent_periods=False,
        notes=(Note("Each figure covers three years, and neighbours share two of them.", source="ONS"),),
        checked_against="Southend 2022 to 2024: 61.3 (58.1 to 64.6) in the publisher's file",
        plain_unit="years",
    ),
    Measure(
        id="healthy-life-expectancy-women",
        title="Healthy life expectancy: women",
        question="For how many years can a girl born today expect to be in good health?",
        why="It sums up everything that a place does for health in one number.",
        sentence="women could expect {figure} in good health",
        kind="mean",
        unit="years",
        better="higher",
        topic=TOPIC,
        witnesses=(Published(series=("ons_local.female_healthy_life_expectancy",)),),
        interval="published",
        decimals=1,
        independent_periods=False,
        notes=(Note("Each figure covers three years, and neighbours share two of them.", source="ONS"),),
        checked_against="Bexley 2015 to 2017: 64.9 in the publisher's file",
        plain_unit="years",
    ),
    Measure(
        id="deprivation-score",
        title="Deprivation score",
        question="How deprived is the area?",
        why="Poor places carry most of the mental illness. Fair shares of help must follow need.",
        sentence="the average score of deprivation was {figure}",
        kind="score",
        unit="score",
        better="lower",
        topic=TOPIC,
        witnesses=(Published(series=("imd_2025.average_score",)),),
        decimals=1,
        notes=(Note("A high score means more deprivation. The score compares places in one year: it is no trend."),),
        checked_against="Southend 2025: 24.027, Bexley 2025: 15.302 in the publisher's file",
        national_ids=("IMD 2025 average score",),
    ),
)
