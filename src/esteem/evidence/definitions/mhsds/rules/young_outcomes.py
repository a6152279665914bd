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


def _of_scales(work: Workbench, columns: dict[str, str], rows) -> ir.Table:
    """What the file says as a table, a row for each of `rows` (tuples in the order of the columns). Eighty branches of a case cost more."""
    return work.extract.engine.rows(columns, [dict(zip(columns, row, strict=True)) for row in rows])


def _concepts(work: Workbench) -> ir.Table:
    """concept, scale (its place in the file), lowest and highest valid score."""
    columns = {"concept": "string", "scale": "int64", "lowest": "float64", "highest": "float64"}
    of = ((concept, place, *map(float, scale["valid"])) for place, scale in enumerate(scales()) for concept in scale["concepts"])
    return _of_scales(work, columns, of)


def _facts(work: Workbench) -> ir.Table:
    """scale, rater, high_is_good, least (the change that is reliable, null where the file has none)."""
    columns = {"scale": "int64", "rater": "string", "high_is_good": "boolean", "least": "float64"}
    change = (float(scale["change"]) if "change" in scale else None for scale in scales())
    of = ((place, s["rater"], s.get("high_is_good", False), least) for (place, s), least in zip(enumerate(scales()), change, strict=True))
    return _of_scales(work, columns, of)


def _norms(work: Workbench) -> ir.Table:
    """scale, sex, first_age, last_age, norm_mean, norm_deviation."""
    columns = {"scale": "int64", "sex": "string", "first_age": "int64", "last_age": "int64", "norm_mean": "float64"}
    columns |= {"norm_deviation": "float64"}
    of = ((place, *norm[:3], *map(float, norm[3:])) for place, scale in enumerate(scales()) for norm in scale.get("norms", ()))
    return _of_scales(work, columns, of)


@prepared
def valid_scores(work: Workbench) -> ir.Table:
    """Person_ID, UniqServReqID, day, scale (its place in the file), score: each valid score of a day once, with the lowest id."""
    on_referrals = work.t.MHS606CodedScoreAssessmentRefer
    on_referrals = on_referrals.select(
        *_KEYS, "PersScore", concept="CodedAssToolType", day=on_referrals.AssToolCompTimestamp.date(), score_id="MHS606UniqID"
    )
    keys = ["RecordNumber", "UniqServReqID", "UniqCareContID"]
    contacts = work.t.MHS201CareContact.select(*keys, day="CareContDate")
    on_contacts = work.t.MHS607CodedScoreAssessmentAct.inner_join(contacts, keys)
    on_contacts = on_contacts.select(*_KEYS, "PersScore", concept="CodedAssToolType", day="day", score_id="MHS607UniqID")
    rows = ibis.union(on_referrals, on_contacts, _of_clusters(work))
    rows = rows.inner_join(_concepts(work), "concept")
    rows = rows.mutate(score=rows.PersScore.try_cast("float64"))
    rows = rows.filter(rows.score.between(rows.lowest, rows.highest))
    return rows.group_by(*_KEYS, "day", "scale", "score").aggregate(score_id=_.score_id.min())


def _of_clusters(work: Workbench) -> ir.Table:
    """Scores of cluster assessments. They name no referral: each belongs to the referrals of its record that were open that day."""
    tools = work.t.MHS801ClusterTool.select("RecordNumber", "UniqClustID", day="AssToolCompDate")
    scores = work.t.MHS802ClusterAssess.select(
        "RecordNumber", "UniqClustID", "PersScore", concept="CodedAssToolType", score_id="MHS802UniqID"
    )
    headers = work.t.MHS000Header.select("UniqMonthID", month_end="ReportingPeriodEndDate").distinct()
    referrals = work.t.MHS101Referral.select(
        *_KEYS, "RecordNumber", "UniqMonthID", received="ReferralRequestReceivedDate", discharged="ServDischDate"
    )
    rows = referrals.inner_join(headers, "UniqMonthID").inner_join(tools, "RecordNumber")
    rows = rows.inner_join(scores, ["RecordNumber", "UniqClustID"])
    rows = rows.filter(rows.day.between(rows.received, ibis.coalesce(rows.discharged, rows.month_end)))
    return rows.select(*_KEYS, "PersScore", "concept", "day", "score_id")


def _with_t_score(work: Workbench, rows: ir.Table) -> ir.Table:
    """Adds `value`: the score against the mean of the sex and age, where the scale has norms for them; else the score itself."""
    norms = _norms(work)
    same = [rows.scale == norms.scale, rows.sex == norms.sex, rows.age.between(norms.first_age, norms.last_age)]
    joined = rows.left_join(norms, same)
    against = (joined.score - joined.norm_mean) / joined.norm_deviation * T_DEVIATION + T_MEAN
    return joined.mutate(value=ibis.coalesce(against, joined.score)).select(*rows.columns, "value")


def outcomes_by_rater(work: Workbench, referrals: ir.Table) -> ir.Table:
    """Person_ID, UniqServReqID, rater, and whether it assessed, paired two scores, and saw improvement, deterioration or no change.

    `referrals`: keys, closed, contact_1, contact_2, sex (M, F or null), age. A scale's first score is that on or after the first contact;
    its last, another one on or after the second. One scale that got worse outweighs others that got better.
    """
    rows = valid_scores(work).inner_join(referrals, _KEYS)
    rows = _with_t_score(work, rows.filter(rows.day.between(rows.contact_1, rows.closed)))
    order = [rows.day, rows.score_id]
    rows = rows.mutate(place=ibis.row_number().over(group_by=[*_KEYS, "scale"], order_by=order))
    second = (rows.place > 0) & (rows.day >= rows.contact_2)
    pairs = rows.group_by(*_KEYS, "scale").aggregate(
        first=rows.value.min(where=rows.place == 0),
        last=rows.value.argmax(rows.place, where=second),
        is_seen_twice=rows.contact_2.notnull().any(),
    )
    pairs = pairs.inner_join(_facts(work), "scale")
    change, limit = pairs["last"] - pairs["first"], pairs.least
    better = ibis.ifelse(pairs.high_is_good, change, -change)
    pairs = pairs.mutate(
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
