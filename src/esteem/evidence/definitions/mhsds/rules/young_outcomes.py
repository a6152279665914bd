"""M30: scores of children and young people on scales of outcome, and what the first and the last say about the change."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.records.workbench import Workbench, prepared

RATERS = ("self", "parent", "clinician")
_KEYS = ["Person_ID", "UniqServReqID"]
T_MEAN, T_DEVIATION = 50, 10  # of a T-score


@cache
def scales() -> tuple[dict, ...]:
    """The scales of young_outcome_scales.toml, in the order of the file."""
    raw = tomllib.loads(Path(__file__).parents[1].joinpath("young_outcome_scales.toml").read_text(encoding="utf-8"))
    return tuple(raw["scale"])


def _fact(number: ir.IntegerValue, name: str, absent=None) -> ir.Value:
    """What the file says of each row's scale."""
    said = [(number == place, scale[name]) for place, scale in enumerate(scales()) if name in scale]
    return ibis.cases(*said, else_=absent)


@prepared
def valid_scores(work: Workbench) -> ir.Table:
    """Person_ID, UniqServReqID, day, scale (its place in the file), score: each valid score of a day once, with the lowest id.

    Cluster assessments, of which version 6 has none, are not read.
    """
    on_referrals = work.t.MHS606CodedScoreAssessmentRefer
    on_referrals = on_referrals.select(
        *_KEYS, "PersScore", concept="CodedAssToolType", day=on_referrals.AssToolCompTimestamp.date(), score_id="MHS606UniqID"
    )
    keys = ["RecordNumber", "UniqServReqID", "UniqCareContID"]
    contacts = work.t.MHS201CareContact.select(*keys, day="CareContDate")
    on_contacts = work.t.MHS607CodedScoreAssessmentAct.inner_join(contacts, keys)
    on_contacts = on_contacts.select(*_KEYS, "PersScore", concept="CodedAssToolType", day="day", score_id="MHS607UniqID")
    rows = ibis.union(on_referrals, on_contacts)
    number = ibis.cases(*((rows.concept.isin(scale["concepts"]), place) for place, scale in enumerate(scales())), else_=None)
    rows = rows.mutate(scale=number, score=rows.PersScore.try_cast("float64")).filter(_.scale.notnull())
    valid = [(rows.scale == place) & rows.score.between(*scale["valid"]) for place, scale in enumerate(scales())]
    rows = rows.filter(ibis.or_(*valid))
    return rows.group_by(*_KEYS, "day", "scale", "score").aggregate(score_id=_.score_id.min())


def _t_score(rows: ir.Table) -> ir.FloatingValue:
    """The score against the mean of the sex and age, where the scale has norms for them; else the score itself."""
    branches = [
        (
            (rows.scale == place) & (rows.sex == sex) & rows.age.between(first, last),
            (rows.score - mean) / deviation * T_DEVIATION + T_MEAN,
        )
        for place, scale in enumerate(scales())
        for sex, first, last, mean, deviation in scale.get("norms", ())
    ]
    return ibis.cases(*branches, else_=rows.score)


def outcomes_by_rater(work: Workbench, referrals: ir.Table) -> ir.Table:
    """Person_ID, UniqServReqID, rater, and whether it assessed, paired two scores, and saw improvement, deterioration or no change.

    `referrals`: keys, closed, contact_1, contact_2, sex (M, F or null), age. A scale's first score is that on or after the first contact;
    its last, another one on or after the second. One scale that got worse outweighs others that got better.
    """
    rows = valid_scores(work).inner_join(referrals, _KEYS)
    rows = rows.filter(rows.day.between(rows.contact_1, rows.closed)).mutate(value=_t_score)
    order = [rows.day, rows.score_id]
    rows = rows.mutate(place=ibis.row_number().over(group_by=[*_KEYS, "scale"], order_by=order))
    second = (rows.place > 0) & (rows.day >= rows.contact_2)
    pairs = rows.group_by(*_KEYS, "scale").aggregate(
        first=rows.value.min(where=rows.place == 0),
        last=rows.value.argmax(rows.place, where=second),
        is_seen_twice=rows.contact_2.notnull().any(),
    )
    change = pairs["last"] - pairs["first"]
    better = ibis.ifelse(_fact(pairs.scale, "high_is_good", False), change, -change)
    limit = _fact(pairs.scale, "change")
    pairs = pairs.mutate(
        rater=_fact(pairs.scale, "rater"),
        is_paired=pairs["last"].notnull(),
        improved=(better > 0) & (change.abs() >= limit),
        deteriorated=(better < 0) & (change.abs() >= limit),
        unchanged=change.abs() < limit,
    )
    pairs = pairs.filter(pairs.is_seen_twice)
    found = pairs.group_by(*_KEYS, "rater").aggregate(
        paired=pairs.is_paired.any(),
        **{f"any_{kind}": pairs[kind].fill_null(False).any() for kind in ("improved", "deteriorated", "unchanged")},
    )
    return found.select(
        *_KEYS,
        "rater",
        "paired",
        assessed=ibis.literal(True),
        improved=found.any_improved & ~found.any_deteriorated,
        deteriorated=found.any_deteriorated,
        unchanged=found.any_unchanged & ~found.any_improved & ~found.any_deteriorated,
    )
