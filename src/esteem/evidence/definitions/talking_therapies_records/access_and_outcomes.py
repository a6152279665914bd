"""M3 to M6: starting talking therapies, waiting for them, finishing and recovering, also with a long-term condition."""

from __future__ import annotations

from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import ENGLAND, ICB, REGION, SUB_ICB
from esteem.evidence.definitions.mhsds.populations import population
from esteem.evidence.definitions.talking_therapies_records.pathways import (
    EIGHTEEN_WEEKS,
    MINORITIES,
    MISSING_COMMA,
    NINETY_DAYS,
    PATHWAYS,
    PERIODS,
    SIX_WEEKS,
    SPLITS,
    TALKING_THERAPIES,
    WAITING,
    WHITE_BRITISH,
)
from esteem.evidence.record_model import Counted, Family, Ratio, RecordMeasure, Value, distinct

ADULT = 18


def _count(where) -> Counted:
    return Counted(PATHWAYS, distinct("PathwayID"), where)


def _share(part, whole) -> Ratio:
    """In %; none of a whole is 0, as the national code gives it."""
    return Ratio(_count(part), _count(whole), zero_without_numerator=True)


def _measure(name: str, title: str, value: Value, splits=SPLITS, periods=PERIODS) -> RecordMeasure:
    return RecordMeasure(name, title, value, periods, splits)


_SOON = "Share who started within"
_LONG_TERM = _.long_term_condition == "Yes"
_MINORITY, _WHITE = _.minority_ethnic == MINORITIES, _.minority_ethnic == WHITE_BRITISH
_SOURCE = "nhsengland/MHSDS, Core Data Pack, and nhsengland/Talking-Therapies, Key Metrics (design page M3 to M6), over IAPT v2.1"
_PROOF = (
    "worked cases by hand only: the national code and an extract with its figures are not public, so that no official figure "
    "counted from records has been compared with these"
)

ACCESS = Family(
    name="talking-therapies-access",
    title="Talking therapies: access and waits",
    question="How many people are referred to talking therapies, how many start, and how soon?",
    why="Depression and anxiety are common and treatable; most people who would benefit are never offered help, or wait too long for it.",
    source=_SOURCE,
    checked_against=_PROOF,
    publication=TALKING_THERAPIES,
    data_set="talking-therapies",
    counterparts={
        "TT_REFERRED": "talking-therapies-referrals-monthly",
        "CDP_B04": "talking-therapies-people-starting-monthly",
        "CDP_B01": "talking-therapies-within-eighteen-weeks",
        "CDP_B02": "talking-therapies-within-six-weeks",
        "CDP_B03": "talking-therapies-second-appointment-over-90-days",
    },
    notes=(
        "The share of need that is met divides the people who start by an estimate of how many have depression or anxiety; that estimate "
        "is not in the records. TT_ACCESS_RATE divides them by residents of 18 and over instead.",
        "Waits of six and eighteen weeks are those of people who finished in the period, as the national standard is worded.",
        "The commissioner of the referral gives the sub-ICB, its successor where the code has ended.",
    ),
    measures=(
        _measure("TT_REFERRED", "Referrals received", _count("referred")),
        _measure("CDP_B04", "People who started: first session in the period", _count("started")),
        _measure(
            "TT_ACCESS_RATE",
            "People who started, per 100,000 residents of 18 and over",
            Ratio(_count("started"), population(ADULT), 100_000, "rate"),
            (ENGLAND, SUB_ICB, ICB, REGION),
        ),
        _measure("CDP_B01", f"{_SOON} 18 weeks, of those who finished", _share(_.finished & (_.waited <= EIGHTEEN_WEEKS), "finished")),
        _measure("CDP_B02", f"{_SOON} 6 weeks, of those who finished", _share(_.finished & (_.waited <= SIX_WEEKS), "finished")),
        _measure(
            "CDP_B03",
            "Share of second sessions more than 90 days after the first",
            _share(_.seen_twice & (_.gap > NINETY_DAYS), "seen_twice"),
        ),
        _measure("TT_SECOND", "Second sessions in the period", _count("seen_twice")),
        _measure("TT_WAITING", "Still waiting for a first session at the end", Counted(WAITING, distinct("PathwayID")), periods=("M",)),
        _measure(
            "TT_WAITING_6_WEEKS",
            "Still waiting after more than six weeks",
            Counted(WAITING, distinct("PathwayID"), _.days_waiting > SIX_WEEKS),
            periods=("M",),
        ),
        _measure("TT_LTC_STARTED", "People with a long-term condition who started", _count(_.started & _LONG_TERM)),
    ),
)

OUTCOMES = Family(
    name="talking-therapies-outcomes",
    title="Talking therapies: recovery and improvement",
    question="Of those who finish a course of talking therapy, how many have recovered or reliably improved?",
    why="A course of therapy is worth its time when people leave it well; both strategies hold services to a recovery rate of half.",
    source=_SOURCE,
    checked_against=_PROOF,
    publication=TALKING_THERAPIES,
    data_set="talking-therapies",
    quirks=(MISSING_COMMA,),
    counterparts={
        "CDP_B05": "talking-therapies-recovery-monthly",
        "CDP_B06": "talking-therapies-reliable-recovery",
        "CDP_B07": "talking-therapies-improvement",
        "TT_DETERIORATION": "talking-therapies-deterioration",
        "CDP_B08": "talking-therapies-finished",
        "TT_RECOVERY_EM": "talking-therapies-recovery-ethnic-minorities",
        "TT_LTC_RECOVERY": "talking-therapies-recovery-long-term-condition",
        "TT_LTC_FINISHED": "talking-therapies-finished-long-term-condition",
    },
    notes=(
        "Finished: discharged in the period after two or more sessions. CDP_B08 goes by the flag of completed treatment instead.",
        "Caseness, recovery and reliable change are flags that come with the records; they are not worked out from the scores here.",
        "quirk:tt-ethnic-list-missing-comma moves the split by ethnic minority and TT_RECOVERY_EM only.",
    ),
    measures=(
        _measure("CDP_B08", "People who completed treatment", _count("completed")),
        _measure("TT_FINISHED", "People who finished a course of treatment", _count("finished")),
        _measure("TT_AT_CASENESS", "People who finished and were a clinical case at the start", _count("at_caseness")),
        _measure("TT_RECOVERED", "People who finished and recovered", _count("recovered")),
        _measure("CDP_B05", "Share who recovered, of those who were a clinical case", _share("recovered", "at_caseness")),
        _measure("CDP_B06", "Share who reliably recovered, of those who were a clinical case", _share("reliably_recovered", "at_caseness")),
        _measure("CDP_B07", "Share who reliably improved, of those who finished", _share("improved", "finished")),
        _measure("TT_DETERIORATION", "Share who got reliably worse, of those who finished", _share("deteriorated", "finished")),
        _measure(
            "TT_RECOVERY_EM",
            "Share who recovered, ethnic minorities",
            _share(_.recovered & _MINORITY, _.at_caseness & _MINORITY),
        ),
        _measure("TT_RECOVERY_WB", "Share who recovered, White British", _share(_.recovered & _WHITE, _.at_caseness & _WHITE)),
        _measure("TT_LTC_FINISHED", "People with a long-term condition who finished", _count(_.finished & _LONG_TERM)),
        _measure(
            "TT_LTC_RECOVERY",
            "Share who recovered, people with a long-term condition",
            _share(_.recovered & _LONG_TERM, _.at_caseness & _LONG_TERM),
        ),
        _measure(
            "TT_LTC_RELIABLE_RECOVERY",
            "Share who reliably recovered, people with a long-term condition",
            _share(_.reliably_recovered & _LONG_TERM, _.at_caseness & _LONG_TERM),
        ),
    ),
)
FAMILIES = (ACCESS, OUTCOMES)
