"""What was left out or doubted of each provider's records, counted by table and reason."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from esteem.evidence.records.quarantine import OUT
from esteem.evidence.records.record_store import LoadedRecords
from esteem.evidence.records.row_checks import literal
from esteem.evidence.records.scorecard import NO_PROVIDER


@dataclass(frozen=True)
class Faults:
    """`outcome` as in quarantine.py; `faults`: one row may have several."""

    provider: str
    table: str
    outcome: str
    reason: str
    faults: int


def provider_faults(loaded: LoadedRecords) -> list[Faults]:
    """By provider, then what was left out before what was kept with a warning, the most first."""
    asked = f"""SELECT coalesce(nullif(provider, ''), '{NO_PROVIDER}'), "table", outcome, any_value(reason), count(*)
        FROM read_parquet({literal(loaded.quarantine)}) GROUP BY 1, 2, 3, rule ORDER BY 1, outcome <> '{OUT}', 5 DESC, 2, 4"""
    return [Faults(*row) for row in duckdb.sql(asked).fetchall()]


def provider_names(loaded: LoadedRecords) -> dict[str, str]:
    """Code -> name, of the organisations that the reference table of the records names; nothing where it has none."""
    table = loaded.folder / "reference_data" / "ORG_DAILY.parquet"
    if not table.is_file():
        return {}
    return dict(duckdb.sql(f"SELECT ORG_CODE, max(NAME) FROM read_parquet({literal(table)}) WHERE NAME <> '' GROUP BY 1").fetchall())
