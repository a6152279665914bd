"""M29: adults in contact with mental health services who live in settled homes or have paid work (pipeline menh_publications, ASCOF)."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import (
    COUNCIL,
    COUNCIL_GENDER,
    COUNCIL_PROVIDER,
    COUNCIL_PROVIDER_GENDER,
    ENGLAND,
    ENGLAND_GENDER_TIGHT,
    PROVIDER,
    PROVIDER_GENDER,
)
from esteem.evidence.definitions.mhsds.publication import ASCOF
from esteem.evidence.definitions.mhsds.rules.adult_referrals import adult_referrals
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN
from esteem.evidence.definitions.mhsds.rules.councils import with_council, with_listed_gender
from esteem.evidence.definitions.mhsds.rules.demographics import people_of_month
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Family, Figure, Levels, Read, RecordMeasure, Value, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

AGES = (18, 69)
SETTLED = ("Y",)
EMPLOYED = ("01", "1")


def _latest(work: Workbench, rows: ir.Table, day: str, filled: str, answer: str, codes: tuple[str, ...], name: str) -> ir.Table:
    """Person_ID and `name`: whether the newest row of the last twelve months has one of the codes; of tied rows any will do."""
    year = work.month.window("12M")
    rows = rows.filter(rows[filled].notnull() & rows[day].between(year.start, year.end))
    order = [ibis.desc(day), ibis.desc("UniqMonthID"), ibis.desc("RecordNumber")]
    rows = rows.mutate(place=ibis.dense_rank().over(group_by="Person_ID", order_by=order))
    rows = rows.filter(rows.place == 0)
    return rows.group_by("Person_ID").aggregate(**{name: rows[answer].isin(codes).fill_null(False).any()})


def _adults(work: Workbench, window: Window) -> ir.Table:
    people = people_of_month(work).select("Person_ID", "registered_gender", "LADistrictAuth", "AgeRepPeriodEnd", provider="OrgIDProv")
    people = work.step(people.filter(people.AgeRepPeriodEnd.between(*AGES)), "people of the month aged 18 to 69")
    people = people.semi_join(adult_referrals(work), "Person_ID")
    people = work.step(people, "with an open referral to adult mental health services")
    people = with_listed_gender(work, with_council(work, people))
    homes = _latest(
        work, work.t.MHS003AccommStatus, "AccommodationTypeDate", "AccommodationType", "SettledAccommodationInd", SETTLED, "settled"
    )
    jobs = _latest(work, work.t.MHS004EmpStatus, "EmployStatusRecDate", "EmployStatus", "EmployStatus", EMPLOYED, "employed")
    people = people.left_join(homes, "Person_ID").drop("Person_ID_right").left_join(jobs, "Person_ID").drop("Person_ID_right")
    settled, employed = people.settled.fill_null(False), people.employed.fill_null(False)
    placed = people.council.notnull() if work.as_published("quirk:ascof-unknown-council-no-share") else ibis.literal(True)
    return people.mutate(
        local_authority=people.council.fill_null(UNKNOWN),
        settled=settled,
        employed=employed,
        settled_of_council=settled & placed,
        employed_of_council=employed & placed,
    )


ADULTS = Cohort("adults in contact with mental health services at the end of the month", _adults)
PEOPLE = Counted(ADULTS, distinct("Person_ID"))


@dataclass(frozen=True, eq=False)
class ShareOfAdults:
    """Percentage of PEOPLE, a figure of 0 where nobody qualifies. By council the people of `of_council` are divided, yet the release
    rule tests `count` (quirk:ascof-unknown-council-no-share)."""

    count: Counted
    of_council: Counted
    kind: str = "percent"

    def _divided(self, breakdown: Breakdown) -> Counted:
        return self.of_council if "local_authority" in breakdown.columns else self.count

    def parts_of_share(self, breakdown: Breakdown) -> tuple[Counted, Counted, float]:
        """Numerator, denominator and multiplier, for the release audit."""
        return self._divided(breakdown), PEOPLE, 100.0

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [(value, breakdown) for value in (self.count, self._divided(breakdown), PEOPLE)]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        counted, divided = read(self.count, breakdown), read(self._divided(breakdown), breakdown)
        nobody = Figure(0.0)

        def share(level: str, people: float) -> Figure:
            return Figure(100 * divided.get(level, nobody).value / people, counted.get(level, nobody).value, people)

        return {level: share(level, people.value) for level, people in read(PEOPLE, breakdown).items()}


_BREAKDOWNS = (
    ENGLAND,
    PROVIDER,
    COUNCIL,
    COUNCIL_PROVIDER,
    COUNCIL_GENDER,
    COUNCIL_PROVIDER_GENDER,
    ENGLAND_GENDER_TIGHT,
    PROVIDER_GENDER,
)


def _count_and_share(name: str, words: str, where: str) -> tuple[RecordMeasure, RecordMeasure]:
    count = Counted(ADULTS, distinct("Person_ID"), where)
    share = ShareOfAdults(count, Counted(ADULTS, distinct("Person_ID"), f"{where}_of_council"))
    return (
        _measure(name, f"Adults of 18 to 69 in contact who {words}", count),
        _measure(f"{name}%", f"Share of adults of 18 to 69 in contact who {words}", share),
    )


def _measure(name: str, title: str, value: Value) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("M",), _BREAKDOWNS)


FAMILY = Family(
    name="social-care-outcomes",
    title="Homes and work of adults in contact with mental health services",
    question="How many adults in contact with mental health services have a settled home, and how many a job?",
    why="A home and a job keep people well; councils and services answer for both together (ASCOF 1H and 1F).",
    source="NHSDigital/mental-health-monthly-statistics, menh_publications 08_ASCOF (design page M29)",
    checked_against="the national code's own figures for an invented extract",
    publication=ASCOF,
    quirks=("quirk:ascof-any-row-enough", "quirk:ascof-null-team-is-adult", "quirk:ascof-unknown-council-no-share"),
    notes=("England by gender is hidden and rounded as an area is (quirk:ascof-england-gender-suppressed).",),
    counterparts={"AMH17e%": "employment-in-services", "AMH14e%": "living-independently"},
    measures=(
        _measure("AMH03e", "Adults of 18 to 69 in contact with mental health services", PEOPLE),
        *_count_and_share("AMH14e", "live in settled accommodation", "settled"),
        *_count_and_share("AMH17e", "are employed", "employed"),
    ),
)
