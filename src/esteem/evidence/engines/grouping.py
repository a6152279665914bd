"""What an engine works out over a cohort's rows: one group-by for each breakdown; and its SQL, alike for DuckDB and Spark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Total:
    """An aggregate over a column (none for rows) of the rows where a boolean column is true. `kind` is one of record_model.AGGREGATES."""

    kind: str
    of: str | None
    where: str | None
    share: float = 0.5


@dataclass(frozen=True)
class Grouping:
    """One breakdown: group by `columns` the rows where `only` (a boolean column, or none) is true. `totals` by place in the answer."""

    columns: tuple[str, ...]
    only: str | None
    totals: dict[int, Total]


@dataclass(frozen=True)
class Level:
    """One line of an answer: the grouping's number, the level (values of its columns, joined by ;), the totals by their place."""

    grouping: int
    level: str
    totals: dict[int, float]


@dataclass(frozen=True)
class Dialect:
    """How an engine writes names and what differs in its aggregates. `gathered` sorts the values that are not null into an array
    counted from `first`."""

    quote: str
    text: str
    gathered: str
    length: str
    first: int


DUCKDB = Dialect('"', "VARCHAR", "list_sort(list({value}) FILTER (WHERE {value} IS NOT NULL))", "len({array})", 1)
SPARK = Dialect("`", "STRING", "sort_array(collect_list({value}))", "size({array})", 0)


def grouping_sql(kept: str, groupings: Sequence[Grouping], dialect: Dialect) -> str:
    """One query over the table `kept`: columns number, level, value_0, value_1 ...; a level that is null belongs to no breakdown."""
    places = sorted({place for grouping in groupings for place in grouping.totals})
    return "\nUNION ALL\n".join(_one(kept, number, grouping, places, dialect) for number, grouping in enumerate(groupings))


def levels_of(rows: Sequence[dict], groupings: Sequence[Grouping]) -> list[Level]:
    """The rows of that query as levels: null totals are left out."""
    levels = []
    for row in rows:
        if row["level"] is not None:
            places = groupings[row["number"]].totals
            totals = {place: value for place in places if (value := row[f"value_{place}"]) is not None}
            levels.append(Level(row["number"], row["level"], totals))
    return levels


def _one(kept: str, number: int, grouping: Grouping, places: Sequence[int], dialect: Dialect) -> str:
    names = [_quoted(column, dialect) for column in grouping.columns]
    level = " || ';' || ".join(f"CAST({name} AS {dialect.text})" for name in names)
    values = (_value(grouping.totals[place], dialect) if place in grouping.totals else "NULL" for place in places)
    columns = ", ".join(f"CAST({value} AS DOUBLE) AS value_{place}" for place, value in zip(places, values, strict=True))
    where = f" WHERE {_quoted(grouping.only, dialect)}" if grouping.only else ""
    return f"SELECT {number} AS number, {level} AS level, {columns} FROM {kept}{where} GROUP BY {', '.join(names)}"


def _value(total: Total, dialect: Dialect) -> str:
    counted = "1" if total.of is None else _quoted(total.of, dialect)
    value = f"CASE WHEN {_quoted(total.where, dialect)} THEN {counted} END" if total.where else counted
    if total.kind == "percentile":
        return _percentile(value, total.share, dialect)
    return _SQL[total.kind].format(value)


_SQL = {"distinct": "count(DISTINCT {})", "rows": "count({})", "sum": "sum({})", "mean": "avg({})", "median": "median({})"}


def _percentile(value: str, share: float, dialect: Dialect) -> str:
    """Between the two nearest rows, each weighed by its distance: the order of the sums is that of the national engine, whose result
    may lie a hair under a half (R9). `CAST` because a bare 0.9 would be a decimal, whose result is exact."""
    array = dialect.gathered.format(value=value)
    position = f"((CAST({dialect.length.format(array=array)} AS DOUBLE) - 1) * CAST({share!r} AS DOUBLE))"
    low, high = f"CAST(floor({position}) AS INT)", f"CAST(ceil({position}) AS INT)"
    at_low, at_high = (f"CAST({array}[{place} + {dialect.first}] AS DOUBLE)" for place in (low, high))
    between = f"({high} - {position}) * {at_low} + ({position} - {low}) * {at_high}"
    return f"CASE WHEN count({value}) = 0 THEN NULL WHEN {low} = {high} THEN {at_low} ELSE {between} END"


def _quoted(name: str, dialect: Dialect) -> str:
    return f"{dialect.quote}{name}{dialect.quote}"
