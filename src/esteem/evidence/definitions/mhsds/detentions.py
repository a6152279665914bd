"""M17: detentions, short-term orders and community treatment orders under the Mental Health Act (pipeline menh_bbrb)."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.common.deferred import Deferred

from esteem.evidence.definitions.mhsds.breakdowns import (
    AGE_BAND,
    AREAS_BBRB,
    ENGLAND,
    GENDER,
    ICB,
    IMD_CORE20,
    IMD_DECILE,
    LD_STATUS,
    REGION,
    SUB_ICB,
    UPPER_ETHNICITY,
    WHITE_BRITISH,
)
from esteem.evidence.definitions.mhsds.populations import population
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.act_categories import (
    ASSESSMENT,
    CIVIL_DETENTIONS,
    COURT,
    DETENTIONS,
    IN_DETENTION,
    PUBLIC_PLACE,
    SHORT_TERM_ORDERS,
    TREATMENT,
    WARRANT,
    WITHOUT_SPELL,
)
from esteem.evidence.definitions.mhsds.rules.act_episodes import community_treatment_orders, episodes_under_the_act
from esteem.evidence.definitions.mhsds.rules.act_people import with_people
from esteem.evidence.definitions.mhsds.rules.demographics import FROM_18_FIVE_YEARS
from esteem.evidence.definitions.mhsds.rules.own_weights import OwnWeightRate
from esteem.evidence.definitions.mhsds.rules.release import HiddenWith, WholeNumber
from esteem.evidence.definitions.mhsds.rules.states import in_months, within
from esteem.evidence.definitions.mhsds.rules.true_rates import standardised
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, Value, distinct, mean, median
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

# The published list for court and prison detentions has 38, which the category never has, and lacks 31, 32 and 34 (quirk:mhs145-code-list).
_COURT_AS_PUBLISHED = ("02", "03", *(code for code in COURT if code not in ("31", "32", "34")), "38")


def _counts_as_detention(rows: ir.Table) -> ir.BooleanValue:
    """Rows of an episode's earliest linked spell; with the quirk put right also episodes without a spell."""
    return rows.in_earliest_spell | (rows.category == WITHOUT_SPELL).fill_null(False)


def started(work: Workbench, window: Window) -> ir.Table:
    """Episodes that started in the period, one row for each linked spell, with their people; `is_detention`, `is_court`."""
    rows = episodes_under_the_act(work)
    rows = work.step(rows, "episodes under the Act, once for each hospital spell they can belong to")
    rows = work.step(rows.filter(within(rows.start, window)), "that started in the period")
    codes = COURT if not work.as_published("quirk:mhs145-code-list") else _COURT_AS_PUBLISHED
    rows = rows.mutate(
        is_detention=_counts_as_detention(rows),
        is_court=_counts_as_detention(rows) & (rows.category == "P") & rows.status.isin(codes),
    )
    return with_people(work, window, rows)


def _orders(work: Workbench, window: Window) -> ir.Table:
    orders = community_treatment_orders(work)
    orders = work.step(orders.filter(within(orders.order_start, window)), "community treatment orders that started in the period")
    silent = ("gender", "ethnicity_group", "imd_decile") if window.kind == "M" else ("gender", "ethnicity_group")
    return with_people(work, window, orders, silent)


def _ended_or_active(work: Workbench, window: Window) -> ir.Table:
    """Detentions in force in the month: `days`, and `is_ended` or `is_active`. One submitted again in the month counts."""
    rows = episodes_under_the_act(work)
    month = in_months(work.t.MHS401MHActPeriod, window)
    rows = rows.filter(rows.in_earliest_spell & rows.category.isin(IN_DETENTION)).semi_join(month, rows.episode == month.UniqMHActEpisodeID)
    rows = work.step(rows, "detentions submitted in the month, at the earliest spell they belong to")
    after = window.end + timedelta(days=1)
    no_expiry = rows.expiry.isnull() | (rows.expiry < rows.start) | (rows.expiry > window.end)
    over = ibis.cases((rows.end <= window.end, rows.end), (no_expiry, ibis.literal(after)), else_=rows.expiry)
    rows = rows.mutate(over=over)
    rows = work.step(rows.filter(rows.over >= window.start), "that did not end before the month")
    began = (rows.category == "H").ifelse(rows.spell_start, rows.start)
    rows = rows.mutate(days=rows.over.delta(began, unit="day"), is_ended=rows.over <= window.end, is_active=rows.over > window.end)
    kept = ("Person_ID", "OrgIDProv", "episode", "status", "category", "days", "is_ended", "is_active")
    return with_people(work, window, rows.select(*kept).distinct())


_STARTED = Cohort("episodes under the Act that started", started)
_ORDERS = Cohort("community treatment orders that started", _orders)
_IN_FORCE = Cohort("detentions in force in the month", _ended_or_active)


def _episodes(where: str | Deferred) -> Counted:
    return Counted(_STARTED, distinct("episode"), where)


_DETAINED = _episodes(_.is_detention & _.category.isin(DETENTIONS))
_CTO = Counted(_ORDERS, distinct("episode"))
_RESIDENT = population(bands=FROM_18_FIVE_YEARS)

_RATE_SPLITS = (ENGLAND, SUB_ICB, ICB, REGION, AGE_BAND, GENDER, UPPER_ETHNICITY, IMD_DECILE)
_STRATA = (UPPER_ETHNICITY, WHITE_BRITISH, IMD_DECILE, IMD_CORE20)
_MONTHLY = (*AREAS_BBRB, AGE_BAND, GENDER, UPPER_ETHNICITY, IMD_DECILE, LD_STATUS)
_YEARLY = (*AREAS_BBRB, AGE_BAND, GENDER, UPPER_ETHNICITY, WHITE_BRITISH, IMD_DECILE, IMD_CORE20)


def _rate(count: Counted) -> Ratio:
    return Ratio(count, _RESIDENT, 100_000, "rate", zero_without_denominator=True)


def _month(name: str, title: str, value: Value, splits=_MONTHLY) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("M",), splits)


def _civil(status: str) -> Counted:
    return _episodes(_.is_detention & _.category.isin(CIVIL_DETENTIONS) & (_.status == status))


def _place_of_safety(status: str) -> Counted:
    return _episodes((_.category == "E") & (_.status == status))


def _civil_in_force(status: str, state: str) -> Deferred:
    return _[state] & _.category.isin(CIVIL_DETENTIONS) & (_.status == status)


def _with_days(name: str, title: str, where: str | Deferred) -> tuple[RecordMeasure, ...]:
    """The count, and the mean and median days: whole, and hidden with the count."""
    count = Counted(_IN_FORCE, distinct("episode"), where)
    mean_days, median_days = (HiddenWith(WholeNumber(Counted(_IN_FORCE, aggregate("days"), where)), count) for aggregate in (mean, median))
    return (
        _month(name, title, count),
        _month(f"{name}a", f"{title}: mean days", mean_days),
        _month(f"{name}b", f"{title}: median days", median_days),
    )


def _year(name: str, title: str, count: Counted) -> tuple[RecordMeasure, ...]:
    """Twelve months: the count, its rate, and the rate over strata of age and sex with half its interval (R11)."""
    rate, half = OwnWeightRate(count, _RESIDENT), OwnWeightRate(count, _RESIDENT, half_width=True)
    return (
        RecordMeasure(name, title, count, ("12M",), _YEARLY),
        RecordMeasure(f"{name}a", f"{title}, per 100,000 resident", _rate(count), ("12M",), (*_RATE_SPLITS, WHITE_BRITISH, IMD_CORE20)),
        RecordMeasure(f"{name}b", f"{title}, per 100,000 over age and gender strata", rate, ("12M",), _STRATA),
        RecordMeasure(f"{name}c", f"{title}: half the width of the 95% interval of that rate", half, ("12M",), _STRATA),
        *standardised(name, title, count, _RESIDENT, ("12M",), _STRATA),
    )


FAMILY = Family(
    name="detentions",
    title="Detentions and orders under the Mental Health Act",
    question="How often is someone detained, held or placed on a community treatment order, and for how long?",
    why="Detention takes away a person's liberty; both strategies mean to make it rarer, shorter and fair between groups.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 10_mha (design page M17)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=(
        "quirk:mha-detention-needs-spell",
        "quirk:mha-no-master-row-null-area",
        "quirk:mha-j-behind-f",
        "quirk:mhs145-code-list",
        "quirk:england-filter-absent",
        "quirk:sub-icb-month-no-fallback",
        "quirk:dsr-own-weights",
        "quirk:float32-values",
    ),
    notes=(
        "A section 135 or 136 counts whether or not it led to a hospital spell; the place of safety indicator of contacts is not read.",
        "A detention that the spells do not place (no linked spell) is in no count of detentions as published.",
    ),
    counterparts={
        "MHS81": "detentions",
        "MHS157": "detentions",
        "MHS157a": "detention-rate",
        "MHS83": "section-136-uses",
        "MHS84": "community-treatment-orders",
        "MHS158": "community-treatment-orders",
    },
    measures=(
        _month("MHS81", "Detentions in the month", _DETAINED),
        _month("MHS81a", "Detentions in the month, per 100,000 resident", _rate(_DETAINED), _RATE_SPLITS),
        _month("MHS82", "Short-term orders in the month", _episodes(_.category.isin(SHORT_TERM_ORDERS))),
        _month("MHS83", "Uses of section 136 in the month", _place_of_safety(PUBLIC_PLACE)),
        _month("MHS84", "Community treatment orders in the month", _CTO),
        _month("MHS84a", "Community treatment orders in the month, per 100,000 resident", _rate(_CTO), _RATE_SPLITS),
        _month("MHS143", "Detentions under section 2 in the month", _civil(ASSESSMENT)),
        _month("MHS144", "Detentions under section 3 in the month", _civil(TREATMENT)),
        _month("MHS145", "Detentions by courts and prisons in the month", _episodes("is_court")),
        _month("MHS149", "Uses of section 135 in the month", _place_of_safety(WARRANT)),
        *_with_days("MHS150", "Detentions that ended in the month", "is_ended"),
        *_with_days("MHS151", "Detentions in force at the end of the month", "is_active"),
        *_with_days("MHS152", "Detentions under section 2 that ended in the month", _civil_in_force(ASSESSMENT, "is_ended")),
        *_with_days("MHS153", "Detentions under section 2 at the end of the month", _civil_in_force(ASSESSMENT, "is_active")),
        *_with_days("MHS154", "Detentions under section 3 that ended in the month", _civil_in_force(TREATMENT, "is_ended")),
        *_with_days("MHS155", "Detentions under section 3 at the end of the month", _civil_in_force(TREATMENT, "is_active")),
        *_year("MHS157", "Detentions in twelve months", _DETAINED),
        *_year("MHS158", "Community treatment orders in twelve months", _CTO),
    ),
)
