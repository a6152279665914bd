"""The tables of a record-level data set as data: columns and their types, and the code lists their values come from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REFERENCE = "reference_data"
TYPES = ("string", "date", "timestamp", "int32", "int64", "boolean", "float64")


@dataclass(frozen=True)
class Schema:
    """`records` and `reference`: table name -> column -> one of TYPES. `codes`: list -> code -> label. `coded`: column -> list.

    `folder`: the folder of an extract that holds the tables of records, beside `reference_data`.
    """

    version: str
    first_month: int
    folder: str
    records: Mapping[str, Mapping[str, str]]
    reference: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, Mapping[str, str]]
    coded: Mapping[str, str]

    def folder_of(self, table: str) -> str:
        return self.folder if table in self.records else REFERENCE

    def columns(self, table: str) -> Mapping[str, str] | None:
        return self.records.get(table) or self.reference.get(table)

    @property
    def tables(self) -> list[str]:
        return [*self.records, *self.reference]


@cache
def mhsds_v6() -> Schema:
    """Mental Health Services Data Set, version 6 (from April 2024)."""
    return _read(Path(__file__).with_name("mhsds_v6.toml"))


@cache
def iapt_v21() -> Schema:
    """NHS Talking Therapies, for anxiety and depression (IAPT data set), version 2.1."""
    return _read(Path(__file__).with_name("iapt_v21.toml"))


def schema_of(data_set: str) -> Schema:
    """The schema of `mhsds` or `talking-therapies`."""
    return {"mhsds": mhsds_v6, "talking-therapies": iapt_v21}[data_set]()


def _read(path: Path) -> Schema:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if "shared" in raw:  # reference tables and code lists that another data set has too
        other = tomllib.loads(path.with_name(raw["shared"]).read_text(encoding="utf-8"))
        raw |= {part: other[part] | raw.get(part, {}) for part in ("reference", "codes")}
    return Schema(
        version=raw["version"],
        first_month=raw["first_month"],
        folder=raw["folder"],
        records={name: _columns(table) for name, table in raw["records"].items()},
        reference={name: _columns(table) for name, table in raw["reference"].items()},
        codes=raw["codes"],
        coded={column: codes for codes, columns in raw["coded"].items() for column in columns.split()},
    )


def _columns(table: Mapping[str, str]) -> dict[str, str]:
    return {column: kind for kind, columns in table.items() for column in columns.split()}
