"""M17: how each episode under the Mental Health Act came about, as a table of rules. The first rule that fits gives the category.

A rule reads one row: an episode, the hospital spell it is linked to, the episode before it in that spell, and the community treatment
order revoked at the admission. Dates are compared in whole days; a comparison with a missing date fails. Columns:

- `status`, `previous_status`: legal status codes; `previous_status` is null without an episode before
- `method`: how the person was admitted; `previous_destination`: where the spell before this one was discharged to
- `into_spell`: days from the start of the spell to that of the episode; negative when the episode came first
- `time`, `spell_time`: time of day of the two starts
- `after_previous`, `after_previous_start`: days from the end (start) of the episode before to the start of this one
- `spell_after_previous`, `spell_after_previous_start`: the same to the start of the spell
- `ends_in_spell`: days from the start of the spell to the end of the episode; `outlasts_previous`: from the end of the episode before
- `has_order`; `order_ended`; `after_order`, `spell_after_order`, `spell_after_order_start`: the revoked order, and days since
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.common.deferred import Deferred

from esteem.evidence.records.workbench import Workbench

INFORMAL = "01"
ASSESSMENT, TREATMENT = "02", "03"  # sections 2 and 3
CIVIL = (ASSESSMENT, TREATMENT)
EMERGENCY, DOCTORS_HOLDING, NURSES_HOLDING = "04", "05", "06"  # sections 4, 5(2) and 5(4)
HOLDING = (EMERGENCY, DOCTORS_HOLDING, NURSES_HOLDING)
WARRANT, PUBLIC_PLACE = "19", "20"  # sections 135 and 136
PLACE_OF_SAFETY = (WARRANT, PUBLIC_PLACE)
REMAND_REPORT, HOSPITAL_ORDER = "07", "10"  # sections 35 and 37
COURT = ("07", "08", "09", "10", "12", "13", "14", "15", "16", "17", "18", "31", "32", "34")
RENEWABLE = ("03", "07", "08", "09", "10", "12", "15", "16", "17", "18")
RECALLABLE = ("03", "09", "10", "15", "16")
GUARDIANSHIP = ("35", "36")

FROM_EMERGENCY_DEPARTMENT = "2A"  # of another provider
PLANNED = ("11", "12", "13")
TRANSFERRED = ("81", "2B", *PLANNED)
OTHER_HOSPITALS = ("49", "50", "51", "52", "53", "87")

WITHOUT_SPELL = "no spell"


@dataclass(frozen=True)
class Category:
    code: str
    meaning: str
    rule: Deferred


_first = _.previous_status.isnull()
_first_or_informal = _first | (_.previous_status == INFORMAL)
_previous_ends_now = _.after_previous.between(0, 1)
_previous_open_or_ends_now = _.previous_end.isnull() | _previous_ends_now
_order_out_of_the_way = ~_.has_order | (_.after_order > 1)
_time_missing = _.time.isnull() | _.spell_time.isnull()

_on_admission = (
    _.status.isin(CIVIL)
    & (_.into_spell == 0)
    & ((_.time <= _.spell_time) | _time_missing)
    & (_first_or_informal | (_.spell_after_previous > 1))
)
_from_emergency_department = (_.status == ASSESSMENT) & _.into_spell.between(0, 5) & (_.method == FROM_EMERGENCY_DEPARTMENT)
_after_admission = (_.into_spell > 0) | ((_.into_spell == 0) & ((_.time > _.spell_time) | _time_missing))
_follows = _first | (_.after_previous > 0) | (_.previous_status.isin(HOLDING) & _previous_ends_now)
_order_revoked = _.status.isin(RECALLABLE) & (~_.order_ended | (_.after_order >= -1))
_order_revoked &= (_.into_spell == 0) | (_.spell_after_order_start >= 0)
_order_revoked_by_admission = (_.status == TREATMENT) & (_.into_spell < 0) & _.spell_after_order.between(-2, 1)
_held = (_.status.isin(HOLDING) & (_.into_spell == 0)) | (_.status.isin((DOCTORS_HOLDING, NURSES_HOLDING)) & (_.into_spell >= 0))

_DOCTOR_AFTER_NURSE = Category(
    "J",
    "doctor's holding power after a nurse's",
    (_.status == DOCTORS_HOLDING)
    & (_.into_spell >= 0)
    & (_.previous_status == NURSES_HOLDING)
    & (_.after_previous_start >= 0)
    & (_.previous_end.isnull() | _.end.isnull() | (_.outlasts_previous >= 0)),
)

CATEGORIES = (
    Category("A", "detained on admission", _on_admission | _from_emergency_department),
    Category("B", "detained after admission", _.status.isin(CIVIL) & _after_admission & _follows & _order_out_of_the_way),
    Category(
        "C",
        "detained after a place of safety",
        _.status.isin(CIVIL)
        & _.previous_status.isin(PLACE_OF_SAFETY)
        & (_previous_ends_now | (_.after_previous_start == 0))
        & ((_.into_spell == 0) | (_.spell_after_previous_start >= 0) | (_.after_previous == 0)),
    ),
    Category("D", "community treatment order revoked", _.has_order & (_order_revoked | _order_revoked_by_admission)),
    Category("E", "place of safety", _.status.isin(PLACE_OF_SAFETY) & (_first_or_informal | (_.after_previous > 0))),
    Category("F", "other short-term order", _held & (_first_or_informal | (_.after_previous >= 0))),
    Category(
        "G",
        "renewal",
        _.status.isin(RENEWABLE) & (_.into_spell > 0) & (_.status == _.previous_status) & _previous_open_or_ends_now,
    ),
    Category(
        "H",
        "transfer while detained",
        _.status.isin((*CIVIL, *COURT)) & (_.into_spell < 0) & (_.method.isin(TRANSFERRED) | _.previous_destination.isin(OTHER_HOSPITALS)),
    ),
    _DOCTOR_AFTER_NURSE,
    Category(
        "K",
        "hospital order after remand",
        (_.status == HOSPITAL_ORDER) & (_.into_spell >= 0) & (_.previous_status == REMAND_REPORT) & _previous_open_or_ends_now,
    ),
    Category(
        "L",
        "section 3 after section 2",
        (_.status == TREATMENT) & (_.into_spell >= 0) & (_.previous_status == ASSESSMENT) & _previous_open_or_ends_now,
    ),
    Category("M", "guardianship", _.status.isin(GUARDIANSHIP)),
    Category(
        "P",
        "criminal justice",
        _.status.isin(COURT)
        & (_.into_spell <= 0)
        & (_.end.isnull() | (_.ends_in_spell >= 0))
        & _.method.isin(PLANNED)
        & (_first | (_.previous_status.isin((INFORMAL, *CIVIL, *HOLDING)) & (_.previous_end.isnull() | (_.after_previous >= 0))))
        & _order_out_of_the_way,
    ),
)
INCONSISTENT = "N"

DETENTIONS = ("A", "B", "C", "D", "P", WITHOUT_SPELL)
CIVIL_DETENTIONS = ("A", "B", "C", "L", WITHOUT_SPELL)
SHORT_TERM_ORDERS = ("E", "F")
IN_DETENTION = ("A", "B", "C", "D", "G", "H", "K", "L", "P")


def categories(work: Workbench) -> tuple[Category, ...]:
    """The rules in the order in which they are tried, with the quirks that the workbench puts right."""
    rules = CATEGORIES
    if not work.as_published("quirk:mha-j-behind-f"):
        rest = [rule for rule in rules if rule is not _DOCTOR_AFTER_NURSE]
        before = next(place for place, rule in enumerate(rest) if rule.code == "F")
        rules = (*rest[:before], _DOCTOR_AFTER_NURSE, *rest[before:])
    if not work.as_published("quirk:mha-detention-needs-spell"):
        no_spell = _.into_spell.isnull() & _.status.isin((*CIVIL, *COURT))
        rules = (Category(WITHOUT_SPELL, "detained without a linked hospital spell", no_spell), *rules)
    return rules


def category(work: Workbench, rows: ir.Table) -> ir.StringValue:
    """The category of each row; null for an informal stay, N where no rule fits."""
    rules = [(rule.rule.resolve(rows), rule.code) for rule in categories(work)]
    return ibis.cases((rows.status == INFORMAL, ibis.null("string")), *rules, else_=INCONSISTENT)
