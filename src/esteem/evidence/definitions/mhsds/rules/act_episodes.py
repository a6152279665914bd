"""M17: episodes under the Mental Health Act, linked to hospital spells, to the episode before and to a revoked community treatment order.

Every table is read as it stands at the end of the month, from records that began within the twelve months before (`recent`).
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.act_categories import category
from esteem.evidence.definitions.mhsds.rules.states import live
from esteem.evidence.records.workbench import Workbench, prepared

REVOKED = "02"  # reason why a community treatment order ended


def recent(work: Workbench, table: ir.Table) -> ir.Table:
    """R1, and the record began no more than twelve months before the end of the month."""
    return table.filter(live(table, work.rp_end) & (table.RecordStartDate >= _year_before(work.rp_end)))


def _year_before(day: date) -> date:
    """The same day a year earlier; 28 February for a leap day."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year - 1, day.month, 28 if leap else day.day)


def _first_of(table: ir.Table, keys: list[str], order: list) -> ir.Table:
    """The first row of each key by the order, with its equals: a repeated submission counts once."""
    ranked = table.mutate(place=ibis.dense_rank().over(group_by=keys, order_by=order))
    return ranked.filter(ranked.place == 0).drop("place")


def _newest(column: ir.Column) -> ir.Column:
    return column.desc(nulls_first=False)


def _oldest(column: ir.Column) -> ir.Column:
    """Ascending, an empty value first."""
    return column.asc(nulls_first=True)


@prepared
def _spells(work: Workbench) -> ir.Table:
    """Hospital spells, each once, numbered in the person's order (any provider)."""
    rows = recent(work, work.t.MHS501HospProvSpell)
    rows = rows.select(
        "Person_ID",
        "OrgIDProv",
        "UniqMonthID",
        "UniqHospProvSpellID",
        spell_start=rows.StartDateHospProvSpell,
        spell_time=rows.StartTimeHospProvSpell,
        spell_end=rows.DischDateHospProvSpell,
        spell_end_time=rows.DischTimeHospProvSpell,
        method=rows.MethAdmMHHospProvSpell,
        destination=rows.DestOfDischHospProvSpell,
    )
    keys = ["Person_ID", "OrgIDProv", "spell_start", "spell_end"]
    rows = _first_of(rows, keys, [_newest(rows.UniqMonthID), _newest(rows.UniqHospProvSpellID)])
    order = [
        _oldest(rows.spell_start),
        _oldest(rows.spell_time),
        rows.spell_end.isnull().asc(),
        _oldest(rows.spell_end),
        _oldest(rows.spell_end_time),
        _newest(rows.UniqMonthID),
    ]
    return rows.mutate(number=ibis.dense_rank().over(group_by="Person_ID", order_by=order))


def _spells_with_previous(work: Workbench) -> ir.Table:
    spells = _spells(work)
    before = spells.select("Person_ID", number=spells.number + 1, previous_destination=spells.destination)
    return spells.left_join(before, ["Person_ID", "number"]).select(*spells.columns, "previous_destination")


def _episodes(work: Workbench) -> ir.Table:
    rows = recent(work, work.t.MHS401MHActPeriod)
    rows = rows.select(
        "Person_ID",
        "OrgIDProv",
        "RecordStartDate",
        episode=rows.UniqMHActEpisodeID,
        status=rows.LegalStatusCode,
        start=rows.StartDateMHActLegalStatusClass,
        time=rows.StartTimeMHActLegalStatusClass,
        expiry=rows.ExpiryDateMHActLegalStatusClass,
        end=rows.EndDateMHActLegalStatusClass,
        end_time=rows.EndTimeMHActLegalStatusClass,
    )
    order = [_newest(rows.RecordStartDate), _newest(rows.expiry), _newest(rows.end), _newest(rows.episode)]
    return _first_of(rows, ["Person_ID", "OrgIDProv", "start", "status"], order).drop("RecordStartDate")


@prepared
def _linked(work: Workbench) -> ir.Table:
    """Episodes beside each spell of the same person and provider that they can belong to; one row without spell where there is none."""
    episodes, spells = _episodes(work), _spells_with_previous(work).drop("UniqMonthID", "destination", "number")
    apart = [
        spells.spell_start > episodes.end,
        spells.spell_start > episodes.expiry,
        spells.spell_end < episodes.start,
        (spells.spell_end == episodes.start) & (episodes.time > spells.spell_end_time),
    ]
    together = [~condition.fill_null(False) for condition in apart]
    same = [episodes.Person_ID == spells.Person_ID, episodes.OrgIDProv == spells.OrgIDProv]
    joined = episodes.left_join(spells, [*same, *together])
    joined = joined.select(*episodes.columns, *(c for c in spells.columns if c not in ("Person_ID", "OrgIDProv")))
    order = [_oldest(joined.start), _oldest(joined.time), joined.end.notnull().asc(), _oldest(joined.end), _oldest(joined.end_time)]
    return joined.mutate(number=ibis.dense_rank().over(group_by=["Person_ID", "UniqHospProvSpellID"], order_by=order))


@prepared
def community_treatment_orders(work: Workbench) -> ir.Table:
    """Community treatment orders, each once: Person_ID, OrgIDProv, order_id, episode, order_start, order_end, reason."""
    rows = recent(work, work.t.MHS404CommTreatOrder)
    rows = rows.select(
        "Person_ID",
        "OrgIDProv",
        "RecordStartDate",
        order_id=rows.MHS404UniqID,
        episode=rows.UniqMHActEpisodeID,
        order_start=rows.StartDateCommTreatOrd,
        order_end=rows.EndDateCommTreatOrd,
        reason=rows.CommTreatOrdEndReason,
    )
    order = [_newest(rows.RecordStartDate), rows.order_end.isnull().asc(), _newest(rows.order_end), _newest(rows.order_id)]
    return _first_of(rows, ["Person_ID", "OrgIDProv", "order_start"], order).drop("RecordStartDate")


_ORDER = ("order_id", "order_start", "order_end")


def _with_revoked_order(work: Workbench, rows: ir.Table, episode: str, kept: str) -> ir.Table:
    """Adds the revoked order of the episode in column `episode`, in force when the spell began; its columns get the prefix `kept`."""
    orders = community_treatment_orders(work)
    orders = orders.filter(orders.reason == REVOKED)
    orders = orders.select(key=orders.episode, **{f"{kept}_{column}": orders[column] for column in _ORDER})
    start, end = orders[f"{kept}_order_start"], orders[f"{kept}_order_end"]
    in_force = (start < rows.spell_start) & (end.isnull() | (end > rows.spell_start))
    return rows.left_join(orders, [rows[episode] == orders.key, in_force]).drop("key")


def _with_previous(work: Workbench) -> ir.Table:
    rows = _linked(work)
    before = rows.select(
        "Person_ID",
        "UniqHospProvSpellID",
        number=rows.number + 1,
        previous_episode=rows.episode,
        previous_status=rows.status,
        previous_start=rows.start,
        previous_end=rows.end,
    )
    joined = rows.left_join(before, ["Person_ID", "UniqHospProvSpellID", "number"])
    return joined.select(*rows.columns, "previous_episode", "previous_status", "previous_start", "previous_end")


@prepared
def episodes_under_the_act(work: Workbench) -> ir.Table:
    """One row for each episode and linked spell, with its category (act_categories).

    Person_ID, OrgIDProv, episode, status, start, end, expiry, spell_start (null without a spell), category, and in_earliest_spell.
    """
    rows = _with_previous(work)
    rows = _with_revoked_order(work, rows, "previous_episode", "before")
    rows = _with_revoked_order(work, rows, "episode", "own")
    rows = rows.mutate(**{column: ibis.coalesce(rows[f"before_{column}"], rows[f"own_{column}"]) for column in _ORDER})
    rows = _with_days(rows)
    first = rows.spell_start.min().over(group_by="episode")
    rows = rows.mutate(category=category(work, rows), in_earliest_spell=(rows.spell_start == first).fill_null(False))
    kept = ("Person_ID", "OrgIDProv", "episode", "status", "start", "end", "expiry", "spell_start", "category", "in_earliest_spell")
    return rows.select(*kept).distinct()


def _with_days(rows: ir.Table) -> ir.Table:
    """The days between dates that the rules of the categories read."""

    def days(until: ir.DateValue, since: ir.DateValue) -> ir.IntegerValue:
        return until.delta(since, unit="day")

    return rows.mutate(
        into_spell=days(rows.start, rows.spell_start),
        ends_in_spell=days(rows.end, rows.spell_start),
        after_previous=days(rows.start, rows.previous_end),
        after_previous_start=days(rows.start, rows.previous_start),
        spell_after_previous=days(rows.spell_start, rows.previous_end),
        spell_after_previous_start=days(rows.spell_start, rows.previous_start),
        outlasts_previous=days(rows.end, rows.previous_end),
        has_order=rows.order_id.notnull(),
        order_ended=rows.order_end.notnull(),
        after_order=days(rows.start, rows.order_end),
        spell_after_order=days(rows.spell_start, rows.order_end),
        spell_after_order_start=days(rows.spell_start, rows.order_start),
    )
