"""NHS Talking Therapies, annual measures: what happened to referrals, by organisation and by group of people, 2017-18 on.

The file has 4.5 million rows; DuckDB reads it in place. Kept are the groups of `talking_therapies_groups` for England, regions, ICBs (STPs
before July 2022), CCGs and providers; problems only for England and ICBs or STPs. What is left out is counted in `notes` with its reason.
`source_row` is the key of the row, since rows of a Parquet file have no fixed order: organisation and variable; series, period and
category say the rest.
"""

from __future__ import annotations

import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import OBSERVATION, Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.delimited import read_cell
from esteem.evidence.sources.parquet_tables import (
    REMEDY,
    UNREADABLE,
    attach,
    column_names,
    damaged,
    first_row,
    near_columns,
    open_engine,
    table_of,
)
from esteem.evidence.sources.talking_therapies_groups import LEFT_OUT, group_of
from esteem.evidence.sources.talking_therapies_places import register_organisations, register_periods
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

COLUMNS = (
    *("reporting_period", "start_date", "end_date", "org_type", "org_code", "org_name"),
    *("variable_type", "variable_a", "variable_b", "measure_name", "measure_statistic", "value"),
)

# measure: (words, measure that divides its percentage)
MEASURES = {
    "referrals_received": ("Referrals received", ""),
    "finished_course_treatment": ("Referrals that finished a course of treatment", ""),
    "at_caseness": ("Finished courses that began at caseness", ""),
    "not_at_caseness": ("Finished courses that began below caseness", ""),
    "recovery": ("Moved to recovery", "at_caseness"),
    "reliable_recovery": ("Reliable recovery", "at_caseness"),
    "improvement": ("Reliable improvement", "finished_course_treatment"),
    "deterioration": ("Reliable deterioration", "finished_course_treatment"),
    "no_reliable_change": ("No reliable change", "finished_course_treatment"),
}
_WITH_PROBLEMS = ("England", "ICB", "STP")
_RECOVERY_NOTE = (
    "The publisher divides by finished courses less those below caseness, which leaves in a few whose first scores are missing; the "
    "denominator here is the published count at caseness. For England the two differ by less than 0.15 percentage points."
)


def _series() -> list[Series]:
    found = []
    for measure, (words, divisor) in MEASURES.items():
        notes = ["Age bands changed in 2021-22.", "Problems: problem descriptor to 2019-20, presenting complaint from 2020-21."]
        rounding = "England exact; elsewhere counts to the nearest 5"
        found.append(Series(f"tt_annual.{measure}.count", words, "count", f"{measure} / count", "count", rounding, notes=tuple(notes)))
        if divisor:
            notes += [_RECOVERY_NOTE] if divisor == "at_caseness" else []
            found.append(
                Series(
                    f"tt_annual.{measure}.percentage",
                    f"{words}, share of {MEASURES[divisor][0][0].lower()}{MEASURES[divisor][0][1:]}",
                    "proportion",
                    f"{measure} / percentage",
                    "proportion",
                    "England per cent to one decimal; elsewhere whole per cents and counts to the nearest 5",
                    0.01,
                    tuple(notes),
                )
            )
    return found


def recognise(raw: RawFile) -> Edition | None:
    if (column_names(raw) or delimited.header(raw)) != COLUMNS:
        return None
    first = first_row(raw, "measure_name")  # the therapy position file has the same columns
    return Edition("NHS Talking Therapies annual measures", status="final") if first and first[0] in MEASURES else None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    engine = open_engine()
    attach(engine, raw)
    out = Tidy(series=_series())
    try:
        out.rows_read = engine.execute("select count(*) from published").fetchone()[0]
        progress(0, out.rows_read)
        register_periods(engine, raw)
        register_organisations(engine, canonical, out)
        _register_groups(engine, out.rejected)
        _register_kinds(engine)
        _register_marks(engine, out.rejected)
        _select_cells(engine, out)
        progress(out.rows_read // 2, out.rows_read)
        _settle_repeats(engine, out.rejected)
        _quarantine_impossible(engine, out.rejected)
        out.rows_kept = engine.execute("select count(*) from cells").fetchone()[0]
        out.observations = engine.execute(_OBSERVATIONS).to_arrow_table().cast(OBSERVATION)
    except UNREADABLE as error:
        raise damaged(raw, error) from error
    progress(out.rows_read, out.rows_read)
    return out


def _register_kinds(engine) -> None:
    """Table `kinds`: measure and statistic of each series."""
    series = [s.id.split(".")[1:] for s in _series()]
    columns = {"series": list(range(len(series))), "measure_name": [m for m, _ in series], "measure_statistic": [s for _, s in series]}
    engine.register("kinds", table_of(columns, series=pa.uint8()))


def _register_groups(engine, rejected: list[Rejected]) -> None:
    """Table `variables`: breakdown and category of each variable, or the reason why it is left out. One `grouping` is one category."""
    columns = {
        name: [] for name in ("variable", "variable_type", "variable_a", "variable_b", "grouping", "breakdown", "category", "reason")
    }
    groupings: dict[tuple, int] = {}
    counted = "select variable_type, variable_a, variable_b, count(*), min(file_row) from published group by all order by all"
    for number, (kind, a, b, count, first) in enumerate(engine.execute(counted).fetchall()):
        group = group_of(kind, a, b) if kind not in LEFT_OUT else None
        reason = f"{kind}: {LEFT_OUT[kind]}" if kind in LEFT_OUT else None if group else "a variable that Esteem does not know"
        if not group and kind not in LEFT_OUT:
            found = f"{kind}, {a}, {b} ({count:,} rows)"
            rejected.append(Rejected(f"row {first}", "variable_type", "Variables are those of the published definitions.", found, REMEDY))
        grouping = groupings.setdefault(group, len(groupings))
        for name, item in zip(columns, (number, kind, a, b, grouping, *(group or (None, None)), reason), strict=True):
            columns[name].append(item)
    engine.register("variables", table_of(columns, variable=pa.uint16(), grouping=pa.uint16()))


def _register_marks(engine, rejected: list[Rejected]) -> None:
    """Table `marks`: what each text that is not a plain number means."""
    columns = {"value": [], "number": [], "flag": []}
    texts = "select value, min(file_row) from published where try_cast(value as double) is null group by 1 order by 2"
    for text, first in engine.execute(texts).fetchall():
        number, why = read_cell(text, f"row {first}", "value", rejected)
        for name, item in zip(columns, (text, number, why), strict=True):
            columns[name].append(item)
    engine.register("marks", table_of(columns, number=pa.float64()))


def _select_cells(engine, out: Tidy) -> None:
    """Table `cells` of all that is kept, small numbers instead of words; `notes` says how many rows are not, and why."""
    engine.execute(_UNPUBLISHED)
    engine.execute(_JUDGED)
    counts = engine.execute("select reason, count(*) from judged where reason is not null group by 1 order by 2 desc, 1").fetchall()
    out.notes.extend(f"{count:,} rows not kept: {reason}." for reason, count in counts)
    engine.execute("create temp table cells as select * exclude (reason) from judged where reason is null")


def _settle_repeats(engine, rejected: list[Rejected]) -> None:
    """The same figure twice is kept once and reported for each organisation; different figures for one cell are all quarantined."""
    engine.execute(_REPEATS)
    for place, year, extra, first in engine.execute(_SAME_IN_WORDS).fetchall():
        rule = "Each figure stands once in a file. These rows repeat others with the same figures and are kept once."
        found = f"{place} {year}: {extra:,} repeated rows"
        rejected.append(Rejected(f"row {first}", "", rule, found, "Nothing, if the publisher repeated the rows.", "repeated"))
    engine.execute(f"delete from cells using repeats r where {_SAME_CELL} and r.figures = 1 and cells.file_row > r.first_row")
    rule = "Each figure stands once in a file. This cell has different figures in other rows: none is used."
    unlike = f"select cells.file_row from cells, repeats r where {_SAME_CELL} and r.figures > 1"
    _quarantine(engine, unlike, rule, "Ask the publisher which row is right.", rejected)


def _quarantine_impossible(engine, rejected: list[Rejected]) -> None:
    rule = "A per cent lies between 0 and 100; a count is a whole number, not negative."
    _quarantine(engine, _IMPOSSIBLE, rule, "Ask the publisher for the right figure.", rejected)


def _quarantine(engine, rows: str, rule: str, remedy: str, rejected: list[Rejected]) -> None:
    """Takes the cells whose `file_row` the query gives out of `cells`, each with its place, measure and figure."""
    engine.execute(f"create or replace temp table doubtful as {rows}")
    for row, *found in engine.execute(_DOUBTFUL_IN_WORDS).fetchall():
        rejected.append(Rejected(f"row {row}", "value", rule, ", ".join(map(str, found)), remedy))
    engine.execute("delete from cells using doubtful where cells.file_row = doubtful.file_row")


# Some groups never have some measures (no referrals by waiting time): the file then says NULL for every organisation.
_UNPUBLISHED = """
create temp table unpublished as
select year, variable, series
from published join periods using (reporting_period) join kinds using (measure_name, measure_statistic)
join variables using (variable_type, variable_a, variable_b) left join marks using (value)
group by all having bool_and(coalesce(marks.flag, '') = 'not_collected')
"""

_JUDGED = f"""
create temp view judged as
select
    p.file_row, periods.year, o.organisation, o.place_number, v.variable, v.grouping, k.series,
    coalesce(marks.number, try_cast(p.value as double)) as number,
    coalesce(marks.flag, '') as flag,
    case when v.reason is not null then v.reason
         when o.reason is not null then o.reason
         when v.breakdown = 'problem' and p.org_type not in {_WITH_PROBLEMS} then 'problems are kept for England and ICBs or STPs'
         when k.series is null then 'a measure that Esteem does not know: ' || p.measure_name || ' ' || p.measure_statistic
         when u.series is not null then 'not published for this group of any organisation (the file says NULL)'
    end as reason
from published p
join periods using (reporting_period)
join variables v using (variable_type, variable_a, variable_b)
join organisations o using (org_type, org_code)
left join kinds k using (measure_name, measure_statistic)
left join marks on marks.value = p.value
left join unpublished u on u.year = periods.year and u.variable = v.variable and u.series = k.series
"""

_KEY = ("place_number", "year", "grouping", "series")
_SAME_CELL = " and ".join(f"cells.{name} = r.{name}" for name in _KEY)
_REPEATS = f"""
create temp table repeats as
select {", ".join(_KEY)}, count(*) as times, min(file_row) as first_row, count(distinct coalesce(number::varchar, flag)) as figures
from cells group by all having count(*) > 1
"""
_SAME_IN_WORDS = """
select place, reporting_period, sum(times) - count(*), min(first_row)
from repeats join periods using (year) join (select distinct place_number, place from organisations) using (place_number)
where figures = 1 group by all order by all
"""
_IMPOSSIBLE = """
select file_row from cells join kinds using (series)
where number < 0 or not isfinite(number) or (measure_statistic = 'percentage' and number > 100)
    or (measure_statistic = 'count' and number <> floor(number))
"""
_DOUBTFUL_IN_WORDS = """
select file_row, org_type || ' ' || org_code, category, measure_name, measure_statistic, coalesce(number::varchar, flag)
from cells semi join doubtful using (file_row) join kinds using (series)
join organisations using (organisation) join variables using (variable)
order by file_row
"""

# One row for each organisation, year and group with its counts side by side; the per cents then find both of theirs by one join.
_DIVIDED = {measure: divisor for measure, (_, divisor) in MEASURES.items() if divisor}
_COUNTS = ", ".join(f"max(number) filter (measure_name = '{name}') as {name}" for name in (*_DIVIDED, *dict.fromkeys(_DIVIDED.values())))
_NUMERATOR = " ".join(f"when '{measure}' then n.{measure}" for measure in _DIVIDED)
_DENOMINATOR = " ".join(f"when '{measure}' then n.{divisor}" for measure, divisor in _DIVIDED.items())
_OBSERVATIONS = f"""
with counts as (
    select place_number, year, grouping, {_COUNTS}
    from cells join kinds using (series) where measure_statistic = 'count' group by all
), percentages as (
    select c.*, case measure_name {_NUMERATOR} end as numerator, case measure_name {_DENOMINATOR} end as denominator
    from cells c join kinds using (series) left join counts n using (place_number, year, grouping)
    where measure_statistic = 'percentage'
), everything as (
    select cells.*, null::double as numerator, null::double as denominator
    from cells join kinds using (series) where measure_statistic <> 'percentage'
    union all by name
    select * replace (round(number / 100, 6) as number) from percentages
)
select
    'tt_annual.' || measure_name || '.' || measure_statistic as series, place,
    case when org_type = 'ICB' then '2022-07'
         when org_type in ('STP', 'CCG', 'SubICB') then strftime(starts, '%Y-%m') else '' end as vintage,
    starts as period_start, ends as period_end, 'financial_year' as period_kind, breakdown, category, number as value,
    numerator, denominator, null::double as lower, null::double as upper,
    case when number is null then flag when place = '{ENGLAND}' then 'exact' else 'rounded' end as flags,
    org_type || ' ' || org_code || ', ' || variable_type as source_row
from everything join periods using (year) join kinds using (series) join organisations using (organisation) join variables using (variable)
order by everything.series, everything.place_number, everything.year, everything.grouping
"""


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """England's groups add to its totals, and published per cents follow from published counts."""
    engine = open_engine()
    engine.register("observations", tidy.observations)
    return [_ethnic_groups_add_up(engine), _percentages_follow(engine)]


def _ethnic_groups_add_up(engine) -> Check:
    parts = engine.execute(
        """select t.period_start, t.value, sum(g.value) from observations t join observations g using (series, place, period_start)
        where t.series = 'tt_annual.referrals_received.count' and t.place = ? and t.breakdown = 'all' and g.breakdown = 'ethnicity'
        group by all order by all""",
        [ENGLAND],
    ).fetchall()
    wrong = [f"{start}: {total:,.0f} in all, {added:,.0f} added up" for start, total, added in parts if total != added]
    name = "England: referrals of the ethnic groups add to all referrals"
    return Check(name, not wrong, "; ".join(wrong) or f"{len(parts)} years agree")


def _percentages_follow(engine) -> Check:
    """Rounding of both counts to 5 and of the per cent explains at most 1 point for at least 1,000 people; a few lack first scores."""
    compared, off = engine.execute(
        """select count(*), count(*) filter (abs(numerator / denominator - value) > 0.01) from observations
        where series like '%.percentage' and breakdown = 'all' and denominator >= 1000 and value is not null and numerator is not null"""
    ).fetchone()
    name = "Percentages agree with their counts to one point (totals, 1,000 people or more)"
    return Check(name, off <= 0.01 * compared, f"{off:,} of {compared:,} differ by more")


def near(raw: RawFile) -> Problem | None:
    return near_columns(raw, COLUMNS) or delimited.near_header(raw, COLUMNS)


SOURCE = Source(
    id="talking_therapies_annual",
    title="NHS Talking Therapies, for anxiety and depression: annual measures",
    publisher="NHS England (NHS Digital); tidied by the Bennett Institute, University of Oxford",
    licence="Open Government Licence v3.0 (data), MIT (repository)",
    attribution=(
        "Source: NHS England, NHS Talking Therapies (IAPT) statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2025 nhstt authors."
    ),
    homepage="NHS England, NHS Talking Therapies annual reports; bennettoxford/nhstt",
    layout=", ".join(COLUMNS) + " (Parquet, or CSV with the same columns)",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)
