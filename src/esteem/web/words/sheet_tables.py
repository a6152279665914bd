"""The sheet as a table for downloads: one row a promise, released figures, reasons and sources."""

from __future__ import annotations

from esteem.evidence import publish
from esteem.strategy import rules, wording
from esteem.strategy.sheet import PromiseStatus, Sheet
from esteem.web.downloads.tables import Column, Table
from esteem.web.words.sheets import day_words, released, title_of

COLUMNS = (
    Column("row", "Promise"),
    Column("section", "Section"),
    Column("text", "What was promised"),
    Column("owner", "Owner"),
    Column("status", "Status"),
    Column("reason", "Reason"),
    Column("measure", "Measure"),
    Column("place", "Place"),
    Column("period", "Period"),
    Column("value", "Value", "number"),
    Column("lower", "Lower 95% limit", "number"),
    Column("upper", "Upper 95% limit", "number"),
    Column("numerator", "Numerator", "number"),
    Column("denominator", "Denominator", "number"),
    Column("unit", "Unit"),
    Column("target", "Target"),
    Column("flags", "Flags"),
    Column("needs", "What is needed"),
    Column("source", "Source"),
)


def sheet_table(sheet: Sheet) -> Table:
    titles = {section.id: section.title for section in sheet.strategy.sections}
    rows = [_row(found, titles) for found in sheet.promises]
    notes = [
        ("As at", day_words(sheet.as_at or sheet.day)),
        ("Snapshot", sheet.snapshot_id),
        ("Unit", "A value with the unit proportion is a share of one: 0.67 is 67%."),
        ("Status", "; ".join(f"{rules.WORDS[s]}: {n}" for s, n in sheet.counts.items())),
    ]
    return Table("Promises", f"{title_of(sheet.strategy)}: every promise and whether it is kept", COLUMNS, rows, notes)


def _row(found: PromiseStatus, titles: dict[str, str]) -> list:
    promise, shown = found.promise, found.shown
    start = [promise.row, titles.get(promise.section, ""), promise.text, promise.owner, found.status_words, found.reason]
    needs = " ".join(found.missing)
    if shown is None or shown.headline is None:
        return [*start, *[None] * 11, needs, None]
    answer = released(shown.headline)
    row = publish.as_rows([answer])[0]
    target = wording.target(shown.binding.target, shown.measure) if shown.binding.target else ""
    figures = [row[key] for key in ("value", "lower", "upper", "numerator", "denominator", "unit")]
    flags = " ".join(row["flags"])
    return [*start, shown.measure.id, answer.place_name, answer.period.label, *figures, target, flags, needs, row["source"]]
