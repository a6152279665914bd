"""Treatment instead of punishment: health and justice. Published for England only."""

from __future__ import annotations

from esteem.evidence.annotations import CONTROL_TOTAL
from esteem.evidence.model import Measure, Note, Published, Standard

TOPIC = "Justice"
ENGLAND_ONLY = Note("Published for England only.", source="NHS Mental Health Dashboard, Q4 2021/22")


def _justice(id: str, title: str, question: str, why: str, sentence: str, code: str, counted: str, **more) -> Measure:
    settings = {"kind": "count", "unit": "count", "better": "higher", "period_pooling": "sum"} | more
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        topic=TOPIC,
        witnesses=(Published(series=(f"dashboard.{code}",)),),
        notes=(ENGLAND_ONLY,),
        checked_against=CONTROL_TOTAL,
        plain_unit=counted,
        national_ids=(code,),
        **settings,
    )


MEASURES = (
    _justice(
        "prison-transfers-within-two-weeks",
        "Prison to hospital within two weeks",
        "How many people were moved from prison to a secure hospital within two weeks?",
        "A person too ill for prison should be in hospital, quickly.",
        "there were {figure} within two weeks",
        "HJ(i)",
        "transfers",
    ),
    _justice(
        "justice-assessments",
        "Justice: mental health assessments",
        "How many people in the justice system had their mental health assessed?",
        "Many offenders are ill, and few have ever been asked.",
        "there were {figure}",
        "HJ(ii_c)",
        "assessments",
    ),
    _justice(
        "justice-treatments",
        "Justice: treatments",
        "How many treatments for mental health did people in the justice system have?",
        "Treatment begun in custody is the first step away from it.",
        "there were {figure}",
        "HJ(ii_d)",
        "treatments",
    ),
    _justice(
        "liaison-and-diversion-cover",
        "People who live where offenders are diverted into treatment",
        "What share of the population lives where liaison and diversion services work?",
        "These teams find ill people at the police station and in court, and open the way into treatment.",
        "{figure} of the population was covered",
        "HJ(iii)",
        "people",
        kind="proportion",
        unit="proportion",
        period_pooling="none",
        standard=Standard(1, "everyone by 2020/21", "NHS England, Five Year Forward View for Mental Health"),
    ),
)
