"""How good each provider's records are, as the pages of data quality show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from esteem.evidence import publish
from esteem.evidence.records.provider_faults import provider_faults
from esteem.evidence.records.quarantine import OUT
from esteem.evidence.records.record_store import LoadedRecords
from esteem.evidence.records.scorecard import ASPECTS, ScoreRow, scorecard_of

ASPECT_WORDS = {
    "coverage": "Months with rows",
    "completeness": "Values filled in",
    "validity": "Rows with valid values",
    "consistency": "Rows that agree with others",
    "timeliness": "Months up to the newest sent",
}
_POOR, _FAIR = 0.8, 0.95


@dataclass(frozen=True)
class Score:
    """A share in words, with how it reads: good, fair, poor or nothing to score."""

    share: str
    of: str
    reads: str
    words: str = ""


@dataclass(frozen=True)
class ProviderLine:
    code: str
    name: str
    scores: tuple[Score, ...]  # in the order of ASPECTS
    left_out: str


@dataclass(frozen=True)
class TableLine:
    table: str
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class ReasonLine:
    table: str
    outcome: str
    reason: str
    rows: str


@dataclass(frozen=True)
class ProviderView:
    code: str
    name: str
    line: ProviderLine
    tables: tuple[TableLine, ...]
    columns: tuple[tuple[str, str, Score], ...]  # (table, column, score), least complete first
    reasons: tuple[ReasonLine, ...]


def provider_lines(loaded: LoadedRecords) -> list[ProviderLine]:
    """One line for each provider, by code: its shares over all tables together."""
    rows = scorecard_of(loaded)
    out = _left_out(loaded)
    codes = list(dict.fromkeys(row.provider for row in rows))
    return [_line(code, code, [row for row in rows if row.provider == code], out.get(code, 0)) for code in codes]


def provider_view(loaded: LoadedRecords, code: str, name: str) -> ProviderView | None:
    """Everything about one provider; None when the records have nothing of it."""
    rows = scorecard_of(loaded, code)
    if not rows:
        return None
    tables = [
        TableLine(table, tuple(_score([row for row in rows if row.table == table], aspect) for aspect in ASPECTS))
        for table in dict.fromkeys(row.table for row in rows)
    ]
    poor = sorted((row for row in rows if row.column and row.share is not None and row.share < 1), key=lambda row: row.share)
    columns = tuple((row.table, row.column, _score([row], row.aspect, columns=True)) for row in poor)
    return ProviderView(code, name, _line(code, name, rows, _left_out(loaded).get(code, 0)), tuple(tables), columns, _reasons(loaded, code))


def _line(code: str, name: str, rows: list[ScoreRow], left_out: int) -> ProviderLine:
    return ProviderLine(code, name or code, tuple(_score(rows, aspect) for aspect in ASPECTS), publish.rows_text(left_out))


def _score(rows: Iterable[ScoreRow], aspect: str, columns: bool = False) -> Score:
    own = [row for row in rows if row.aspect == aspect and bool(row.column) == columns]
    above, below = sum(row.numerator for row in own), sum(row.denominator for row in own)
    if not below:
        return Score("", "", "nothing to score")
    share = above / below
    reads = "poor" if share < _POOR else "fair" if share < _FAIR else "good"
    # A share that is not whole never reads 100%: one fault in a million rows is a fault.
    shown = "over 99.9%" if 0.999 < share < 1 else f"{share:.1%}"
    return Score(shown, f"{publish.rows_text(above)} of {publish.rows_text(below)}", reads, own[0].words if len(own) == 1 else "")


def _left_out(loaded: LoadedRecords) -> dict[str, int]:
    counts: dict[str, int] = {}
    for fault in provider_faults(loaded):
        if fault.outcome == OUT:
            counts[fault.provider] = counts.get(fault.provider, 0) + fault.faults
    return counts


def _reasons(loaded: LoadedRecords, code: str) -> tuple[ReasonLine, ...]:
    own = [fault for fault in provider_faults(loaded) if fault.provider == code]
    return tuple(ReasonLine(fault.table, fault.outcome, fault.reason, publish.rows_text(fault.faults)) for fault in own)
