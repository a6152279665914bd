"""M30: what scores of outcome say of closed referrals of children and young people (MHS110-115, pipeline menh_bbrb)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AGE_BAND, ENGLAND, GENDER, ICB, IMD_DECILE, PROVIDER, REGION, UPPER_ETHNICITY
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_month, with_area
from esteem.evidence.definitions.mhsds.rules.contacts import attended_direct
from esteem.evidence.definitions.mhsds.rules.demographics import CHILDREN, age_band, people_of_month
from esteem.evidence.definitions.mhsds.rules.states import in_months, live, lives_in_england, within
from esteem.evidence.definitions.mhsds.rules.teams import service_teams
from esteem.evidence.definitions.mhsds.rules.young_outcomes import RATERS, outcomes_by_rater
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Family, Levels, Ratio, Read, RecordMeasure, Value, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

YOUNG = (0, 17)
RECEIVED_SINCE = date(2016, 1, 1)
OTHER_TEAMS = ("B02", "E01", "E02", "E03", "E04", "A14")  # learning disability, forensic and early psychosis teams
_KEYS = ["Person_ID", "UniqServReqID"]
_ATTRIBUTES = ("gender", "ethnicity_group", "imd_decile")
FINDINGS = ("assessed", "paired", "improved", "deteriorated", "unchanged")


def _closed(work: Workbench, window: Window) -> ir.Table:
    """Referrals of the month closed in it, of people aged 0 to 17 in England, with a team in scope and no hospital spell."""
    rows = in_months(work.t.MHS101Referral, window)
    in_scope = rows.AgeServReferRecDate.between(*YOUNG) & (rows.ReferralRequestReceivedDate >= ibis.literal(RECEIVED_SINCE))
    rows = rows.filter(in_scope & within(rows.ServDischDate, window))
    people = work.t.MHS001MPI
    people = people.filter(lives_in_england(people)).select("RecordNumber", registered="Gender")
    rows = rows.inner_join(people, "RecordNumber")
    teams, keys = service_teams(work), ["RecordNumber", "UniqServReqID"]
    specialist = teams.team_type.isin(OTHER_TEAMS).fill_null(False)
    accepting = rows.semi_join(teams.filter(teams.ReferRejectionDate.isnull() & ~specialist), keys)
    rows = ibis.union(accepting, rows.anti_join(teams, keys)).anti_join(work.t.MHS501HospProvSpell, _KEYS)
    return rows.select(
        *_KEYS,
        "OrgIDProv",
        closed="ServDischDate",
        age="AgeServReferRecDate",
        sex=ibis.cases((rows.registered == "1", "M"), (rows.registered == "2", "F"), else_=None),
    )


def _with_contacts(work: Workbench, referrals: ir.Table) -> ir.Table:
    """Adds contact_1 and contact_2: days of the first two contacts or indirect activities up to the day of closing."""
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended_direct(contacts)).select(*_KEYS, day="CareContDate")
    indirect = work.t.MHS204IndirectActivity.select(*_KEYS, day="IndirectActDate", time="IndirectActTime").distinct().drop("time")
    days = ibis.union(contacts, indirect)
    place = ibis.row_number().over(group_by=_KEYS, order_by=days.day)
    days = days.mutate(place=place).inner_join(referrals.select(*_KEYS, "closed"), _KEYS)
    days = days.filter((days.place <= 1) & (days.day <= days.closed))
    seen = days.group_by(*_KEYS).aggregate(
        contact_1=days.day.min(where=days.place == 0),
        contact_2=days.day.min(where=days.place == 1),
    )
    return referrals.left_join(seen, _KEYS).select(*referrals.columns, "contact_1", "contact_2")


def _with_people(work: Workbench, rows: ir.Table) -> ir.Table:
    """Adds attributes of the master row of the month (one that began before its last day, as published) and areas."""
    people = people_of_month(work)
    people = people.filter(live(people, work.rp_end) & (people.RecordStartDate < work.rp_end)).select("Person_ID", *_ATTRIBUTES)
    joined = rows.left_join(people, "Person_ID").select(*rows.columns, *_ATTRIBUTES)
    joined = joined.mutate(
        **{name: joined[name].fill_null(UNKNOWN) for name in _ATTRIBUTES},
        provider=joined.OrgIDProv,
        age_band=age_band(joined.age, CHILDREN),
    )
    return with_area(joined, sub_icb_of_month(work))


def _referrals(work: Workbench, window: Window) -> ir.Table:
    """One row for each closed referral, with <finding>_<rater> for every rater and seen_twice."""
    rows = _with_contacts(work, _closed(work, window))
    found = outcomes_by_rater(work, rows)
    columns = {
        f"{finding}_{rater}": (found[finding] & (found.rater == rater)).any().fill_null(False) for finding in FINDINGS for rater in RATERS
    }
    found = found.group_by(*_KEYS).aggregate(**columns)
    joined = rows.left_join(found, _KEYS).select(*rows.columns, *columns)
    joined = joined.mutate(seen_twice=joined.contact_2.notnull(), **{name: joined[name].fill_null(False) for name in columns})
    any_of = {f"{finding}_any": ibis.or_(*(joined[f"{finding}_{rater}"] for rater in RATERS)) for finding in FINDINGS}
    return _with_people(work, joined.mutate(**any_of))


@dataclass(frozen=True, eq=False)
class OneDecimal:
    """`value` to one decimal, halves up, as it is kept before release."""

    value: Value

    @property
    def kind(self) -> str:
        return self.value.kind

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return self.value.counts(breakdown)

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        found = self.value.figures(breakdown, read)
        return {level: replace(figure, value=math.floor(figure.value * 10 + 0.5) / 10) for level, figure in found.items()}


_REFERRALS = Cohort("referrals of children and young people closed in the month", _referrals)
_LEVELS = (ENGLAND, PROVIDER, ICB, REGION, AGE_BAND, GENDER, UPPER_ETHNICITY, IMD_DECILE)
_BY = {"any": "any view", "self": "their own view", "parent": "a parent's view", "clinician": "a clinician's view"}
_SHOWN = {"improved": "improvement", "deteriorated": "deterioration", "unchanged": "no change"}


def _count(where: str) -> Counted:
    return Counted(_REFERRALS, distinct("UniqServReqID"), where)


_SEEN_TWICE = _count("seen_twice")


def _pair(names: tuple[str, str], title: str, part: Counted, whole: Counted) -> list[RecordMeasure]:
    """A count and its share of the whole, in percent."""
    values = ((title, part), (f"{title}, in %", OneDecimal(Ratio(part, whole))))
    return [RecordMeasure(name, words, value, ("M",), _LEVELS) for name, (words, value) in zip(names, values, strict=True)]


def _measures() -> tuple[RecordMeasure, ...]:
    title = "Closed referrals of the young with two contacts"
    found = [RecordMeasure("MHS110", title, _SEEN_TWICE, ("M",), _LEVELS)]
    paired = {rater: _count(f"paired_{rater}") for rater in _BY}
    letters = (("", "a"), ("b", "c"), ("d", "e"), ("f", "g"))
    for (first, second), (rater, words) in zip(letters, _BY.items(), strict=True):
        for root, what, part in (("MHS111", "an assessment", _count(f"assessed_{rater}")), ("MHS112", "a paired score", paired[rater])):
            found += _pair((root + first, root + second), f"{title} and {what} in {words}", part, _SEEN_TWICE)
    for root, rater in zip(("MHS113", "MHS114", "MHS115"), RATERS, strict=True):
        for (first, second), (finding, words) in zip(("ab", "cd", "ef"), _SHOWN.items(), strict=True):
            part = _count(f"{finding}_{rater}")
            found += _pair((root + first, root + second), f"Paired scores in {_BY[rater]} that show {words}", part, paired[rater])
    return tuple(found)


FAMILY = Family(
    name="young-outcomes",
    title="Outcomes of children and young people",
    question="Are children and young people better when they leave a service, as they, their parents and clinicians see it?",
    why="Contacts say what was done; only scores at the start and at the end say whether it helped.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 05_cyp_outcomes (design page M30)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=("quirk:sub-icb-month-no-fallback",),
    notes=("The direction of each scale is kept as published, even where the instrument's own manual says otherwise.",),
    measures=_measures(),
)
