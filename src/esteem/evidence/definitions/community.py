"""Adult community services: who is in touch, who waits, and how long."""

from __future__ import annotations

from esteem.evidence.annotations import CLOCK_STOP_CHANGE, CONTROL_TOTAL, PANDEMIC, ROUNDED_COUNTS, SUBMISSION_STEPS
from esteem.evidence.model import Measure, Note, Published

TOPIC = "Community services"
ROLLING_QUARTER = Note("Each figure covers three months, and neighbours share two of them.")

IN_CONTACT = Measure(
    id="people-in-contact",
    title="People in contact with services",
    question="How many people are in contact with mental health, learning disability and autism services?",
    why="It is the number of people who count on these services today.",
    sentence="{figure} were in contact with services at the end of the month",
    kind="count",
    unit="count",
    better="neutral",
    topic=TOPIC,
    witnesses=(Published(series=("mhsds_time_series.in_contact",)),),
    notes=(Note("Published for England only in this set."), PANDEMIC),
    checked_against="England, April 2016: 1,168,537; April 2024: 1,905,302 in the publisher's file",
    plain_unit="people",
    national_ids=("MHS01",),
)


def _community(id: str, title: str, question: str, why: str, sentence: str, series: Published, **more) -> Measure:
    settings = {"kind": "count", "unit": "count", "better": "lower", "place_pooling": "sum"} | more
    notes = (ROUNDED_COUNTS, SUBMISSION_STEPS, *settings.pop("notes", ()))
    return Measure(
        id=id,
        title=title,
        question=question,
        why=why,
        sentence=sentence,
        topic=TOPIC,
        witnesses=(series,),
        notes=notes,
        checked_against="England, July to September 2024: 13,706 clock stops, 192,658 starts in the publisher's file",
        plain_unit="referrals",
        national_ids=tuple(name.split(".")[1] for name in series.series),
        **settings,
    )


SHARE = {"kind": "proportion", "unit": "proportion", "interval": "wilson"}


def _series(share: str, part: str = "", whole: str = "") -> Published:
    return Published(
        series=(f"mhsds_monthly.{share}",),
        numerator=f"mhsds_monthly.{part}" if part else "",
        denominator=f"mhsds_monthly.{whole}" if whole else "",
    )


STARTED = _community(
    "community-referrals-started",
    "Adult community services: new referrals",
    "How many adults are newly referred to community mental health services?",
    "It is the demand that everything else has to meet.",
    "{figure} began",
    _series("MRS04"),
    better="neutral",
    independent_periods=False,
    notes=(ROLLING_QUARTER,),
)
CLOCK_STOPS = _community(
    "community-waits-ended",
    "Adult community services: waits that ended in help",
    "How many adults got the first real help from community services?",
    "It counts the people for whom the waiting is over.",
    "{figure} ended in help",
    _series("MRS01"),
    better="higher",
    independent_periods=False,
    notes=(CLOCK_STOP_CHANGE, ROLLING_QUARTER),
)
WITHIN_FOUR_WEEKS = _community(
    "community-help-within-four-weeks",
    "Adult community services: help within four weeks",
    "Of the adults whose wait ended, how many waited less than four weeks?",
    "Four weeks is the wait that the NHS wants no adult to exceed.",
    "{share} that ended in help took less than four weeks",
    _series("MRS01b", "MRS01a", "MRS01"),
    **SHARE | {"better": "higher"},
    independent_periods=False,
    notes=(CLOCK_STOP_CHANGE, ROLLING_QUARTER),
)
WAITING = _community(
    "community-still-waiting",
    "Adult community services: still waiting",
    "How many adults wait for help from community mental health services?",
    "Behind each one is a person who asked for help.",
    "{figure} were waiting at the end of the month",
    _series("MRS02"),
    notes=(CLOCK_STOP_CHANGE,),
)
WAITING_OVER_A_YEAR = _community(
    "community-waiting-over-a-year",
    "Adult community services: waiting more than a year",
    "Of the adults who still wait, how many have waited more than a year?",
    "A wait of a year is no help at all.",
    "{share} still waiting had waited more than a year",
    _series("MRS02f", "MRS02e", "MRS02"),
    **SHARE,
    notes=(CLOCK_STOP_CHANGE,),
)
MEDIAN_SECOND_CONTACT = _community(
    "community-median-wait-second-contact",
    "Adult community services: typical wait for the second contact",
    "How long have adults who wait for a second contact waited so far?",
    "Treatment usually begins with the second contact.",
    "half of them had waited {figure} or more",
    _series("MRS03a"),
    kind="mean",
    unit="days",
    place_pooling="none",
)
ENDED = _community(
    "community-referrals-closed",
    "Adult community services: referrals closed",
    "How many referrals of adults to community mental health services are closed?",
    "Beside new referrals it shows whether the work in hand grows or shrinks.",
    "{figure} were closed",
    _series("MRS05"),
    better="neutral",
    independent_periods=False,
    notes=(ROLLING_QUARTER,),
)
OPEN = _community(
    "community-referrals-open",
    "Adult community services: referrals still open",
    "How many referrals of adults to community mental health services are open at the end of the month?",
    "It is the work that community teams have in hand.",
    "{figure} were open at the end of the month",
    _series("MRS06"),
    better="neutral",
)

BACKLOG = Measure(
    id="referrals-waiting-second-contact",
    title="Referrals waiting for the second contact",
    question="How many referrals to community services wait for a second contact?",
    why="It shows the queue that the pandemic left behind.",
    sentence="{figure} were waiting",
    kind="count",
    unit="count",
    better="lower",
    topic=TOPIC,
    witnesses=(Published(series=("dashboard.MHSB(i)",)),),
    notes=(Note("An experimental analysis, for England and the regions only, at the end of three quarters."),),
    checked_against=CONTROL_TOTAL,
    plain_unit="referrals",
    national_ids=("MHSB(i)",),
)
CHECKS_WAITING = Measure(
    id="physical-health-checks-waiting",
    title="Waiting for a physical health check",
    question="How many people with severe mental illness wait for a full physical health check?",
    why="Each of them may have an illness that nobody has looked for.",
    sentence="{figure} were waiting for a full check",
    kind="count",
    unit="count",
    better="lower",
    topic="Body and mind",
    witnesses=(Published(series=("dashboard.MHSB(ii)",)),),
    notes=(Note("For England and the regions only. The title in the file is a copy of another sheet's."),),
    checked_against=CONTROL_TOTAL,
    plain_unit="people",
    national_ids=("MHSB(ii)",),
)
MEASURES = (
    IN_CONTACT,
    STARTED,
    ENDED,
    OPEN,
    CLOCK_STOPS,
    WITHIN_FOUR_WEEKS,
    WAITING,
    WAITING_OVER_A_YEAR,
    MEDIAN_SECOND_CONTACT,
    BACKLOG,
    CHECKS_WAITING,
)
