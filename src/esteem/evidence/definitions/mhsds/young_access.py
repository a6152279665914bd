"""M13: children and young people (MHS95) and young adults (MHS109) who had at least one contact in twelve months (pipeline menh_bbrb)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import (
    AGE_BAND,
    AREAS_BBRB,
    ENGLAND,
    GAP_MOST_DEPRIVED,
    GAP_WHITE_BRITISH,
    GENDER,
    ICB,
    IMD_CORE20,
    REGION,
    UPPER_ETHNICITY,
    WHITE_BRITISH,
)
from esteem.evidence.definitions.mhsds.populations import population
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_record, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import ANONYMOUS_SERVICES, attended_direct
from esteem.evidence.definitions.mhsds.rules.counted_once import GEOGRAPHIES, first_in_each
from esteem.evidence.definitions.mhsds.rules.demographics import (
    CHILDREN,
    MOST_DEPRIVED,
    OTHER_QUINTILES,
    age_band,
    with_demographics,
)
from esteem.evidence.definitions.mhsds.rules.own_weights import Gap, OwnWeightRate
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england
from esteem.evidence.definitions.mhsds.rules.true_rates import standardised
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

YOUNG = (0, 17)
YOUNG_ADULTS = (18, 24)
_CONTACT = ("RecordNumber", "UniqServReqID", "date", "contact_id", "age_at_contact")


_REFERRAL = ("RecordNumber", "UniqServReqID", "LocalPatientId", "AgeServReferRecDate")


@prepared
def contacts_and_activities(work: Workbench, window: Window) -> ir.Table:
    """Attended direct contacts (R4) and every indirect activity of the months, one row each: keys of the record, date, id, age."""
    contacts = in_months(work.t.MHS201CareContact, window)
    contacts = contacts.filter(attended_direct(contacts))
    contacts = contacts.mutate(date=contacts.CareContDate, contact_id=contacts.UniqCareContID, age_at_contact=contacts.AgeCareContDate)
    indirect = in_months(work.t.MHS204IndirectActivity, window)
    indirect = indirect.mutate(
        date=indirect.IndirectActDate, contact_id=indirect.MHS204UniqID.cast("string"), age_at_contact=ibis.null("int64")
    )
    return ibis.union(contacts.select(*_CONTACT), indirect.select(*_CONTACT))


def _contacts_of(ages: tuple[int, int]):
    def rows(work: Workbench, window: Window) -> ir.Table:
        people = in_months(work.t.MHS001MPI, window)
        people = with_demographics(work, people.filter(lives_in_england(people)))
        referrals = in_months(work.t.MHS101Referral, window)
        referrals = referrals.filter(referrals.AgeServReferRecDate.between(*ages)).select(*_REFERRAL)
        work.step(referrals, f"referrals of the months, aged {ages[0]} to {ages[1]} when referred")
        seen = referrals.inner_join(people, "RecordNumber").inner_join(
            contacts_and_activities(work, window), ["RecordNumber", "UniqServReqID"]
        )
        age = ibis.coalesce(seen.age_at_contact, seen.AgeRepPeriodEnd)
        anonymous = seen.OrgIDProv.isin(ANONYMOUS_SERVICES)
        seen = seen.mutate(age=age, provider=seen.OrgIDProv, person=anonymous.ifelse(seen.OrgIDProv + seen.LocalPatientId, seen.Person_ID))
        seen = work.step(
            seen.filter(seen.age.between(*ages)), f"contacts of residents of England, aged {ages[0]} to {ages[1]} at the contact"
        )
        seen = seen.mutate(
            age_band=age_band(seen.AgeServReferRecDate, CHILDREN),
            stratum_age=age_band(seen.AgeServReferRecDate, CHILDREN, None),
            stratum_sex=seen.gender.isin(("1", "2")).ifelse(seen.gender, None),
        )
        return first_in_each(with_area(seen, sub_icb_of_record(work)), "person", ("date", "contact_id"))

    return rows


_SEEN = Counted(Cohort("contacts of children and young people", _contacts_of(YOUNG), GEOGRAPHIES), distinct("person"))
_SEEN_YOUNG_ADULTS = Counted(Cohort("contacts of young adults", _contacts_of(YOUNG_ADULTS), GEOGRAPHIES), distinct("person"))
_RESIDENT = population(*YOUNG, bands=CHILDREN)
_RATE, _HALF_WIDTH = OwnWeightRate(_SEEN, _RESIDENT), OwnWeightRate(_SEEN, _RESIDENT, half_width=True)

_GROUPS = (UPPER_ETHNICITY, WHITE_BRITISH, IMD_CORE20)
_PEOPLE = (AGE_BAND, GENDER, *_GROUPS)
_YEAR = ("12M",)

FAMILY = Family(
    name="young-access",
    title="Access for children, young people and young adults",
    question="How many children and young people had at least one contact in the last twelve months?",
    why="Most mental illness starts before adulthood; the national plan promises help to a growing number of the young.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 04_cyp_perinatal (design page M13)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=("quirk:dsr-own-weights", "quirk:float32-values"),
    counterparts={"MHS95": "children-in-contact"},
    measures=(
        RecordMeasure("MHS95", "Children and young people with a contact", _SEEN, _YEAR, (*AREAS_BBRB, *_PEOPLE)),
        RecordMeasure(
            "MHS95a",
            "Children and young people with a contact, per 100,000 resident",
            Ratio(_SEEN, _RESIDENT, 100_000, "rate", zero_without_denominator=True),
            _YEAR,
            (ENGLAND, ICB, REGION, *_PEOPLE),
        ),
        RecordMeasure("MHS95b", "The same over age and gender strata", _RATE, _YEAR, _GROUPS),
        *standardised("MHS95", "Children and young people with a contact", _SEEN, _RESIDENT, _YEAR, _GROUPS),
        RecordMeasure("MHS95c", "Half the width of its 95% interval", _HALF_WIDTH, _YEAR, _GROUPS),
        RecordMeasure(
            "MHS95f",
            "Gap between White British and other ethnic groups",
            Gap(_RATE, WHITE_BRITISH, "White British", "Non-white British"),
            _YEAR,
            (GAP_WHITE_BRITISH,),
        ),
        RecordMeasure(
            "MHS95g",
            "Gap between the most deprived fifth and the others",
            Gap(_RATE, IMD_CORE20, MOST_DEPRIVED, OTHER_QUINTILES),
            _YEAR,
            (GAP_MOST_DEPRIVED,),
        ),
        RecordMeasure("MHS109", "Young adults with a contact", _SEEN_YOUNG_ADULTS, _YEAR, AREAS_BBRB),
    ),
)
