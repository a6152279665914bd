"""M14: waits for help in the community, of adults (MRS01-07, 15, 20-22) and of the young (MRS08-14, 16-19) (pipeline menh_bbrb)."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_BBRB, IMD_CORE20
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.demographics import deprivation
from esteem.evidence.definitions.mhsds.rules.referral_spells import Pathway
from esteem.evidence.definitions.mhsds.rules.release import HiddenWith
from esteem.evidence.definitions.mhsds.rules.spell_events import NO_HELP, spells_with_events
from esteem.evidence.definitions.mhsds.rules.states import live, within
from esteem.evidence.definitions.mhsds.rules.wait_measures import wait_measures
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, Value, distinct
from esteem.evidence.records.reporting import Reporting, Window
from esteem.evidence.records.workbench import Workbench, prepared

ADULT_TEAMS = ("A05", "A06", "A08", "A09", "A12", "A13", "A16", "C10")  # C03 is read as C10
URGENT = ("1", "2", "4")
OTHER_TEAMS = ("A02", "A03", "A04", "A11", "A19", "A20", "A21", "A22", "A23", "A24", "A25", "C05", "E02", "E03", "E04")
AUTISM_AND_ADHD_ASSESSMENTS = ("1085671000000109", "1914891000000100")
ASSESSMENT_NEEDED_FROM = date(2024, 4, 1)
FOUR_WEEKS = 28  # days
LONG_WAITS = (104, 78, 52)  # weeks


def _adults_in_scope(rows: ir.Table) -> ir.BooleanValue:
    return (rows.AgeServReferRecDate >= 18) & rows.team_type.isin(ADULT_TEAMS)


def _young_in_scope(rows: ir.Table) -> ir.BooleanValue:
    """Aged 0 to 17, and none of: urgent single point of access, eating disorder, first episode of psychosis, crisis, other services."""
    team, reason = rows.team_type, rows.PrimReasonReferralMH
    urgent = (team == "A18") & rows.ClinRespPriorityType.isin(URGENT)
    eating_disorder = (reason == "12") & (team.notin(("A18", "F01")) | team.isnull())
    psychosis = (reason == "01") & (team == "A14")
    left_out = [flag.fill_null(False) for flag in (urgent, eating_disorder, psychosis, team.isin(OTHER_TEAMS))]
    return rows.AgeServReferRecDate.between(0, 17) & ~ibis.or_(*left_out)


ADULTS = Pathway("adults in community services", _adults_in_scope, left_out=NO_HELP)
YOUNG = Pathway("children and young people", _young_in_scope, assessments_that_help=AUTISM_AND_ADHD_ASSESSMENTS, indirect_contacts=True)


def _clock_stop(rows: ir.Table, pathway: Pathway) -> ir.DateValue:
    """The latest of the events that are needed, once all have happened."""
    basic = (rows.first_contact, rows.first_outcome, rows.first_help)
    stop = _latest(*basic)
    if pathway is YOUNG:
        return stop
    needs_assessment = (rows.start >= ASSESSMENT_NEEDED_FROM) | (rows.first_contact >= ASSESSMENT_NEEDED_FROM)
    return ibis.ifelse(needs_assessment, _latest(*basic, rows.first_assessment), stop)


def _latest(*days: ir.DateValue) -> ir.DateValue:
    """The latest day; null when one is missing (engines differ on that)."""
    return ibis.ifelse(ibis.and_(*(day.notnull() for day in days)), ibis.greatest(*days), ibis.null("date"))


@prepared
def _spells_of(work: Workbench, pathway: Pathway) -> ir.Table:
    """Spells that touch the quarter with everything the measures ask of them, a row for each; the same for month and quarter."""
    quarter = work.month.window("Q")
    spells = spells_with_events(work, pathway)
    spells = spells.mutate(stop=_clock_stop(spells, pathway), provider=spells.OrgIDProv)
    spells = spells.mutate(
        stopped=spells.stop.notnull(),
        stopped_now=within(spells.stop, quarter),
        days_to_stop=spells.stop.delta(spells.start, unit="day"),
        waited=ibis.literal(quarter.end).delta(spells.start, unit="day"),
        started=within(spells.start, quarter),
        first_contact_now=within(spells.first_contact, quarter),
        second_contact_now=within(spells.second_contact, quarter),
    )
    spells = spells.left_join(_deprivation(work), "Person_ID").drop("Person_ID_right")
    spells = spells.mutate(imd_core20=spells.imd_core20.fill_null(UNKNOWN))
    return with_area(spells, sub_icb_of_window(work, quarter))


def _cohort(pathway: Pathway) -> Cohort:
    def rows(work: Workbench, window: Window) -> ir.Table:
        return _spells_of(work, pathway)

    return Cohort(f"referral spells of {pathway.name}", rows)


@prepared
def _deprivation(work: Workbench) -> ir.Table:
    """Person_ID, imd_core20 by the newest master row that is valid at the end of the month and began in the three months before."""
    people = work.t.MHS001MPI
    people = people.filter(people.PatMRecInRP & live(people, work.rp_end) & (people.RecordStartDate >= _three_months_before(work.rp_end)))
    newest = people.group_by("Person_ID").aggregate(LSOA2011=people.LSOA2011.argmax(people.UniqMonthID))
    return newest.left_join(deprivation(work), "LSOA2011").select("Person_ID", "imd_core20")


def _three_months_before(day: date) -> date:
    """The same day three months earlier, or the last of that month."""
    earlier = Reporting(Reporting.of(day).month_id - 3)
    return min(earlier.end, earlier.end.replace(day=min(day.day, earlier.end.day)))


OF_ADULTS, OF_YOUNG = _cohort(ADULTS), _cohort(YOUNG)
_PLACES = (*AREAS_BBRB, IMD_CORE20)
_OPEN, _WAITING = _.is_open, _.is_open & ~_.stopped
_NO_SECOND, _NO_FIRST = _.is_open & _.second_contact.isnull(), _.is_open & _.first_contact.isnull()


def _measure(number: str, title: str, value: Value, period: str) -> RecordMeasure:
    return RecordMeasure(f"MRS{number}", title, value, (period,), _PLACES)


def _spells(cohort: Cohort, where) -> Counted:
    return Counted(cohort, distinct("spell_id"), where)


def _long_waits(number: str, title: str, cohort: Cohort, where, hidden_with: dict[str, str] | None = None) -> list[RecordMeasure]:
    """Spells that have waited more than 104, 78 and 52 weeks (a, c, e) and their share of all (b, d, f).

    `hidden_with`: share -> count by which it is hidden, where that is not its own numerator.
    """
    every = _spells(cohort, where)
    counts = {letter: _spells(cohort, where & (_.waited > 7 * weeks)) for letter, weeks in zip("ace", LONG_WAITS, strict=True)}
    found = []
    for (letter, count), share, weeks in zip(counts.items(), "bdf", LONG_WAITS, strict=True):
        ratio: Value = Ratio(count, every)
        if hidden_with and share in hidden_with:
            ratio = HiddenWith(ratio, counts[hidden_with[share]])
        words = f"{title}, for more than {weeks} weeks"
        found += [_measure(number + letter, words, count, "M"), _measure(number + share, f"{words}: share", ratio, "M")]
    return found


def _stops(number: str, title: str, cohort: Cohort) -> list[RecordMeasure]:
    stopped, in_time = _spells(cohort, "stopped_now"), _spells(cohort, _.stopped_now & (_.days_to_stop <= FOUR_WEEKS))
    return [
        _measure(number, title, stopped, "Q"),
        _measure(f"{number}a", f"{title}, within four weeks", in_time, "Q"),
        _measure(f"{number}b", f"{title}, within four weeks: share", Ratio(in_time, stopped), "Q"),
    ]


def _waits(number: str, title: str, cohort: Cohort, where) -> list[RecordMeasure]:
    numbers = (f"MRS{number}", f"MRS{number}a", f"MRS{number}b")
    return wait_measures(numbers, title, cohort, "spell_id", "waited", "M", _PLACES, where)


def _stock_and_flow(numbers: tuple[str, str, str], who: str, cohort: Cohort) -> list[RecordMeasure]:
    return [
        _measure(numbers[0], f"Referral spells of {who} that began", _spells(cohort, "started"), "Q"),
        _measure(numbers[1], f"Referral spells of {who} that closed", _spells(cohort, "is_closed"), "Q"),
        _measure(numbers[2], f"Open referral spells of {who}", _spells(cohort, _OPEN), "M"),
    ]


def _adults() -> list[RecordMeasure]:
    helped, seen_twice = _spells(OF_ADULTS, _.is_open & _.stopped), _spells(OF_ADULTS, _.is_open & _.second_contact.notnull())
    return [
        *_stops("01", "Adults: clock stops", OF_ADULTS),
        _measure("02", "Adults waiting for a clock stop", _spells(OF_ADULTS, _WAITING), "M"),
        *_long_waits("02", "Adults waiting for a clock stop", OF_ADULTS, _WAITING, {"f": "a"}),
        *_waits("03", "Adults waiting for a second contact", OF_ADULTS, _NO_SECOND),
        *_stock_and_flow(("04", "05", "06"), "adults", OF_ADULTS),
        *_long_waits("07", "Adults waiting for a second contact", OF_ADULTS, _NO_SECOND),
        _measure("15", "Adults: second contacts", _spells(OF_ADULTS, "second_contact_now"), "Q"),
        _measure("20", "Adults: open spells with a clock stop", helped, "M"),
        _measure("21", "Adults: open spells with two contacts", seen_twice, "Q"),
        _measure("22", "Adults: clock stops as a share of open spells with two contacts", Ratio(helped, seen_twice), "M"),
    ]


def _young() -> list[RecordMeasure]:
    helped, seen = _spells(OF_YOUNG, _.is_open & _.stopped), _spells(OF_YOUNG, _.is_open & _.first_contact.notnull())
    return [
        *_stops("08", "Young: clock stops", OF_YOUNG),
        _measure("09", "Young waiting for a clock stop", _spells(OF_YOUNG, _WAITING), "M"),
        *_long_waits("09", "Young waiting for a clock stop", OF_YOUNG, _WAITING),
        *_waits("10", "Young waiting for a first contact", OF_YOUNG, _NO_FIRST),
        *_stock_and_flow(("11", "12", "13"), "the young", OF_YOUNG),
        *_long_waits("14", "Young waiting for a first contact", OF_YOUNG, _NO_FIRST),
        _measure("16", "Young: first contacts", _spells(OF_YOUNG, "first_contact_now"), "Q"),
        _measure("17", "Young: open spells with a clock stop", helped, "M"),
        _measure("18", "Young: open spells with a contact", seen, "M"),
        _measure("19", "Young: clock stops as a share of open spells with a contact", Ratio(helped, seen), "M"),
    ]


FAMILY = Family(
    name="four-week-waits",
    title="Waits for help in the community",
    question="How long do adults and young people wait for real help, and how many still wait after a year?",
    why="Being seen is not being helped: the clock stops only when there was a contact, a measured start and a plan or a treatment.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 02_4w_waits (design page M14)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=(
        "quirk:mrs-care-plan-null-update",
        "quirk:mrs-coded-dna-counts",
        "quirk:mrs-cyp-indirect-as-contact",
        "quirk:mrs-codes-left-out-cmh-only",
        "quirk:mrs-contact-repeated-per-team",
        "quirk:mrs-stale-referral-ends",
        "quirk:mrs-open-within-5-days",
        "quirk:mrs02f-hidden-with-mrs02a",
    ),
    counterparts={
        "MRS01": "community-waits-ended",
        "MRS01b": "community-help-within-four-weeks",
        "MRS02": "community-still-waiting",
        "MRS02f": "community-waiting-over-a-year",
        "MRS03a": "community-median-wait-second-contact",
        "MRS04": "community-referrals-started",
        "MRS05": "community-referrals-closed",
        "MRS06": "community-referrals-open",
        "MRS08b": "children-clock-stop-within-four-weeks",
        "MRS09f": "children-waiting-over-a-year",
        "MRS10a": "children-median-wait-first-contact",
        "MRS11": "children-referrals-started",
        "MRS13": "children-referrals-open",
    },
    measures=(*_adults(), *_young()),
)
