"""M32: children and young people with an eating disorder: how soon treatment starts, and who still waits (pipeline menh_publications)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH, ENGLAND, ICB_DASH, PROVIDER, REGION, SUB_ICB_DASH
from esteem.evidence.definitions.mhsds.publication import PUBLICATIONS
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.eating_disorder_waits import EATING_DISORDER, eating_disorder_waits
from esteem.evidence.definitions.mhsds.rules.received_referrals import received_referrals
from esteem.evidence.record_model import (
    Aggregate,
    Breakdown,
    Cohort,
    Counted,
    Family,
    Levels,
    Ratio,
    Read,
    RecordMeasure,
    Value,
    distinct,
    median,
    percentile,
    stays_as_published,
    total,
)
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

DAYS = (7, 28, 84)  # bounds of the bands: one, four and twelve weeks
FOUR_WEEKS = DAYS[1]
LAST_AGE_RECEIVED = 18  # ED32 counts a year more of age than the waits do


def _referrals(work: Workbench, window: Window) -> ir.Table:
    waits = eating_disorder_waits(work, window)
    waits = waits.mutate(
        provider=waits.OrgIDProv,
        urgent=waits.priority == "Urgent",
        routine=waits.priority == "Routine",
        soon=(waits.days_to_start <= FOUR_WEEKS).cast("int64"),
    )
    lived = work.month.window("Q") if work.as_published("quirk:ed-year-takes-quarters-areas") else window
    return with_area(waits, sub_icb_of_window(work, lived))


def _received(work: Workbench, window: Window) -> ir.Table:
    referrals = received_referrals(work, window)
    return referrals.filter(
        (referrals.PrimReasonReferralMH == EATING_DISORDER) & referrals.AgeServReferRecDate.between(0, LAST_AGE_RECEIVED)
    )


RECEIVED = Cohort("referrals of the young for an eating disorder received in the quarter", _received)
REFERRALS = Cohort("children's referrals for an eating disorder", _referrals)


LARGER_STRING = "quirk:ed87e-larger-string"


@dataclass(frozen=True, eq=False)
class ShownWithLarger:
    """`value`, released where the larger of two counts can be (quirk:ed87e-larger-string): of the two texts the nation makes, a figure
    beats a star. The figure's numerator is then that larger count; corrected it is the count itself."""

    value: Value
    first: Value
    second: Value

    @property
    def kind(self) -> str:
        return self.value.kind

    def counts(self, breakdown: Breakdown) -> list[tuple[Counted, Breakdown]]:
        return [count for part in (self.value, self.first, self.second) for count in part.counts(breakdown)]

    def figures(self, breakdown: Breakdown, read: Read) -> Levels:
        found = self.value.figures(breakdown, read)
        if not stays_as_published(read, LARGER_STRING):
            return found
        tested = [part.figures(breakdown, read) for part in (self.first, self.second)]

        def larger(level: str) -> float:
            return max((counts[level].value for counts in tested if level in counts), default=0.0)

        return {level: replace(figure, numerator=larger(level)) for level, figure in found.items()}


def _counted(where, aggregate: Aggregate | None = None) -> Counted:
    return Counted(REFERRALS, aggregate or distinct("UniqServReqID"), where)


def _bands(where, days: str) -> list[Counted]:
    """The counts of `where` by length of wait: up to a week, to four weeks, to twelve weeks, over."""
    waited, (week, month, quarter) = _[days], DAYS
    bounds = (waited <= week, (waited > week) & (waited <= month), (waited > month) & (waited <= quarter), waited > quarter)
    return [_counted(where & bound) for bound in bounds]


_AREAS = (ENGLAND, PROVIDER, SUB_ICB_DASH, ICB_DASH, REGION)
_BAND_NAMES = ("within one week", "within one to four weeks", "within four to twelve weeks", "after more than twelve weeks")


def _measure(name: str, title: str, value: Value) -> RecordMeasure:
    return RecordMeasure(name, title, value, ("Q", "12M"), _AREAS)


# (id, title, rows counted, days of the bands, suffixes of the counts and of the shares)
_BANDED = (
    ("ED86", "Urgent referrals that started treatment", _.started & _.urgent, "days_to_start", "abcd", "efgh"),
    ("ED87", "Routine referrals that started treatment", _.started & _.routine, "days_to_start", "abcd", "fghi"),
    ("ED89", "Urgent referrals waiting for treatment at the end", _.waiting_as_child & _.urgent, "days_waited", "abcd", "efgh"),
    ("ED90", "Routine referrals waiting for treatment at the end", _.waiting_as_child & _.routine, "days_waited", "abcd", "efgh"),
)


def _banded() -> dict[str, RecordMeasure]:
    """Each total of _BANDED, its four bands and their shares of it."""
    made = {}
    for name, title, where, days, counts, shares in _BANDED:
        whole = _counted(where)
        made[name] = _measure(name, title, whole)
        for count, share, words, value in zip(counts, shares, _BAND_NAMES, _bands(where, days), strict=True):
            made[name + count] = _measure(name + count, f"{title}, {words}", value)
            made[name + share] = _measure(name + share, f"{title}: share {words}", Ratio(value, whole))
    return made


def _within_four_weeks(banded: dict[str, RecordMeasure]) -> list[RecordMeasure]:
    """ED87j and ED87e: figures (of none, too) wherever a routine referral started treatment."""
    soon, whole = _counted(_.started & _.routine, total("soon")), banded["ED87"].value
    share = ShownWithLarger(Ratio(soon, whole), banded["ED87a"].value, banded["ED87b"].value)
    title = "Routine referrals that started treatment"
    return [
        _measure("ED87j", f"{title}, within four weeks", soon),
        _measure("ED87e", f"{title}: share within four weeks", share),
    ]


# (ids of routine and urgent median, of 90th percentile, title, rows, days)
_WAITS = (
    ("ED91", "ED92", "ED93", "ED94", "Days from referral to first contact", _.started, "days_to_start"),
    ("ED95", "ED96", "ED97", "ED98", "Days waited at the end", _.waiting_as_child, "days_waited"),
    ("ED101", "ED102", "ED103", "ED104", "Days from first to second contact", _.seen_twice, "days_between"),
)


def _waits() -> list[RecordMeasure]:
    """Medians and 90th percentiles, routine and urgent."""
    return [
        _measure(name, f"{title}, {words}, {priority}", _counted(where & _[priority], aggregate))
        for *names, title, where, days in _WAITS
        for name, (words, aggregate), priority in zip(
            names,
            [("median", median(days))] * 2 + [("90th percentile", percentile(days, 0.9))] * 2,
            ("routine", "urgent") * 2,
            strict=True,
        )
    ]


_BANDED_MEASURES = _banded()

FAMILY = Family(
    name="eating-disorders",
    title="Children and young people with an eating disorder",
    question="How soon do children and young people with an eating disorder start treatment?",
    why="Anorexia kills more often than any other mental illness; the standard is one week when urgent, four weeks when not.",
    source="NHSDigital/mental-health-monthly-statistics, menh_publications 04a_CYP_ED_WaitingTimes (design page M32)",
    checked_against="the national code's own figures for an invented extract",
    publication=PUBLICATIONS,
    quirks=(
        "quirk:ed-inpatients-not-excluded",
        "quirk:ed-mechanism-04-late",
        "quirk:ed-second-activity-is-second-contact",
        "quirk:ed-year-takes-quarters-areas",
    ),
    notes=(
        "ED87e is released where ED87a or ED87b can be (quirk:ed87e-larger-string).",
        "The national run inserts the quarter's proportions twice; the rows are the same (quirk:ed-proportions-inserted-twice).",
        "ED32 counts referrals received up to the age of 18, the others up to 17.",
    ),
    counterparts={"ED86e": "children-eating-disorder-urgent", "ED87e": "children-eating-disorder-routine"},
    measures=(
        RecordMeasure("ED32", "Referrals received", Counted(RECEIVED, distinct("UniqServReqID")), ("Q",), AREAS_DASH),
        _measure("ED85", "Referrals that started treatment", _counted("started")),
        *_BANDED_MEASURES.values(),
        *_within_four_weeks(_BANDED_MEASURES),
        _measure("ED88", "Referrals waiting for treatment at the end", _counted("waiting_as_child")),
        *_waits(),
        _measure("ED99", "Routine referrals with a second contact", _counted(_.seen_twice & _.routine)),
        _measure("ED100", "Urgent referrals with a second contact", _counted(_.seen_twice & _.urgent)),
        _measure("ED105", "People who turned 18 while waiting", _counted("waiting_as_adult", distinct("Person_ID"))),
        _measure("ED106", "Days waited by those who turned 18, median", _counted("waiting_as_adult", median("days_waited"))),
        _measure(
            "ED107", "Days waited by those who turned 18, 90th percentile", _counted("waiting_as_adult", percentile("days_waited", 0.9))
        ),
    ),
)
