"""NHS Talking Therapies, patient-reported outcome measures: PHQ-9, GAD-7 and WSAS at the start and end of each therapy, by year.

9.3 million rows, 84% of them empty: DuckDB reads the file in place. The file divides every figure by therapy and by problem; it has no row
for all therapies together, and the same people stand under several therapies, so Esteem adds none. Kept: all problems together, by
therapy, for every organisation. What is left out is counted in `notes`.
"""

from __future__ import annotations

import pyarrow as pa

from esteem.evidence.sources.contract import OBSERVATION, Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.parquet_tables import (
    UNREADABLE,
    attach,
    column_names,
    damaged,
    near_columns,
    open_engine,
    table_of,
)
from esteem.evidence.sources.talking_therapies_places import register_organisations, register_periods
from esteem.terms.places import ENGLAND

COLUMNS = (
    *("reporting_period", "start_date", "end_date", "org_type", "org_code", "org_name"),
    *("variable_type", "variable_a", "variable_b", "measure_name", "measure_statistic", "measure_time", "value"),
)
_SCALES = {"phq": "Depression score (PHQ-9)", "gad": "Anxiety score (GAD-7)", "wsas": "Work and social adjustment score (WSAS)"}
# The largest score of each scale: 9 questions of 0-3, 7 of 0-3, 5 of 0-8.
_LARGEST = {"phq": 27, "gad": 21, "wsas": 40}
_OUTCOMES = {
    "courses_of_therapy": ("courses", "Courses of this therapy"),
    "total_finishing_course_treatment": ("finished", "Referrals that finished treatment and had this therapy"),
    "not_caseness": ("not_at_caseness", "Courses that began below caseness"),
    "ther_recovery": ("recovery", "Moved to recovery in this therapy"),
    "ther_rel_recovery": ("reliable_recovery", "Reliable recovery in this therapy"),
    "ther_improvement": ("reliable_improvement", "Reliable improvement in this therapy"),
    "ther_deterioration": ("reliable_deterioration", "Reliable deterioration in this therapy"),
    "ther_no_change": ("no_reliable_change", "No reliable change in this therapy"),
}
_LEFT_OUT_SHARE = "the per cent of a count that is kept"


def _series() -> dict[tuple[str, str, str], Series]:
    """(measure, statistic, time) of the file to its series; times are "" where the file has none."""
    found = {}
    scores = "means and standard deviations to one decimal"
    for scale, words in _SCALES.items():
        for statistic, name in (("mean", "mean"), ("sd", "standard deviation")):
            for time in ("start", "end"):
                published = f"{scale} / {statistic} / {time}"
                title = f"{words}, {name} at the {time} of treatment"
                found[scale, statistic, time] = Series(f"tt_proms.{scale}.{statistic}.{time}", title, "score", published, "mean", scores)
        title = f"{words}, effect size: fall of the mean in standard deviations"
        effect = Series(f"tt_proms.{scale}.effect_size", title, "score", f"{scale} / effect_size", "value", "to one decimal")
        found[scale, "effect_size", ""] = effect
    for measure, (name, words) in _OUTCOMES.items():
        rounding = "England exact; elsewhere to the nearest 5"
        found[measure, "count", ""] = Series(f"tt_proms.{name}.count", words, "count", f"{measure} / count", "count", rounding)
    return found


def recognise(raw: RawFile) -> Edition | None:
    return Edition("NHS Talking Therapies annual PROMs", status="final") if column_names(raw) == COLUMNS else None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    engine = open_engine()
    attach(engine, raw)
    known = _series()
    out = Tidy(series=list(known.values()))
    try:
        out.rows_read = engine.execute("select count(*) from published").fetchone()[0]
        progress(0, out.rows_read)
        _register(engine, raw, known, canonical, out)
        counts = engine.execute(_REASONS).fetchall()
        out.notes = [f"{count:,} rows not kept: {reason}." for reason, count in counts if reason]
        progress(out.rows_read // 2, out.rows_read)
        _quarantine(engine, out.rejected)
        out.observations = engine.execute(_OBSERVATIONS).to_arrow_table().cast(OBSERVATION)
    except UNREADABLE as error:
        raise damaged(raw, error) from error
    out.rows_kept = len(out.observations)
    progress(out.rows_read, out.rows_read)
    return out


def _register(engine, raw: RawFile, known: dict, canonical, out: Tidy) -> None:
    """Tables `periods`, `organisations` and `names` (series of each measure), then the view `judged`."""
    register_periods(engine, raw)
    register_organisations(engine, canonical, out)
    keys = zip(*known, strict=True)
    names = dict(zip(("measure_name", "measure_statistic", "measure_time"), map(list, keys), strict=True))
    most = [_LARGEST.get(measure) if statistic == "mean" else None for measure, statistic, _ in known]
    engine.register("names", table_of({**names, "series": [s.id for s in known.values()], "most": most}, most=pa.float64()))
    engine.execute(_JUDGED)


def _quarantine(engine, rejected: list[Rejected]) -> None:
    """Means beyond the scale and counts below zero; a cell that stands twice with different figures is quarantined whole."""
    found = "select file_row, series, place, value from judged where reason is null and impossible order by file_row"
    for row, series, place, value in engine.execute(found).fetchall():
        rule = "A mean score lies within its scale, and a count is not negative."
        rejected.append(Rejected(f"row {row}", "value", rule, f"{series}, {place}: {value}", "Ask the publisher for the right figure."))
    for row, series, place, figures in engine.execute(_REPEATS).fetchall():
        rule = "Each figure stands once in a file."
        rejected.append(Rejected(f"row {row}", "value", rule, f"{series}, {place}: {figures}", "Ask the publisher which row is right."))


_JUDGED = f"""
create or replace view judged as
select p.file_row, p.org_type, p.org_code, p.variable_b as therapy, p.value, n.series, o.place, periods.starts, periods.ends,
    coalesce(p.measure_statistic = 'count' and p.value < 0 or p.value > n.most or not isfinite(p.value), false) as impossible,
    case when p.value is null then 'empty in the file: too few people, or nobody had this therapy for this problem'
         when p.variable_a <> 'Total' then 'by problem: the sheets ask for all problems together'
         when p.measure_statistic = 'percentage' then '{_LEFT_OUT_SHARE}'
         when o.reason is not null then o.reason
         when n.series is null then 'a measure that Esteem does not know'
    end as reason
from published p
join periods using (reporting_period)
join organisations o using (org_type, org_code)
left join names n on n.measure_name = p.measure_name and n.measure_statistic = p.measure_statistic
    and n.measure_time = coalesce(p.measure_time, '')
"""
_REASONS = "select reason, count(*) from judged group by 1 order by 2 desc, 1"
_REPEATS = """
select min(file_row), series, place, string_agg(distinct value::varchar, ' and ') from judged
where reason is null and not impossible group by series, place, starts, therapy having count(*) > 1 order by 1
"""
_OBSERVATIONS = f"""
select series, place, case when org_type in ('CCG', 'SubICB', 'ICB') then strftime(starts, '%Y-%m') else '' end as vintage,
    starts as period_start, ends as period_end, 'financial_year' as period_kind, 'therapy' as breakdown, therapy as category,
    value, null::double as numerator, null::double as denominator, null::double as lower, null::double as upper,
    case when place = '{ENGLAND}' then 'exact' else 'rounded' end as flags,
    org_type || ' ' || org_code || ', Total' as source_row
from judged where reason is null and not impossible
qualify count(*) over (partition by series, place, starts, therapy) = 1
order by series, place, starts, therapy
"""


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """England: outcomes of a therapy are not more than its courses; effect sizes have the sign of the fall."""
    engine = open_engine()
    engine.register("observations", tidy.observations)
    parts, off = engine.execute(_PARTS_OFF, [ENGLAND]).fetchone()
    sizes, unlike = engine.execute(_EFFECTS_OFF).fetchone()
    return [
        Check("England: outcomes of each therapy are not more than its courses", not off, f"{parts} compared, {off} differ"),
        Check("PHQ-9: effect sizes have the sign of the fall of the mean", not unlike, f"{unlike} of {sizes} differ"),
    ]


_PARTS_OFF = """
with wide as (
    select category, period_start,
        max(value) filter (series = 'tt_proms.courses.count') as whole,
        sum(value) filter (series in ('tt_proms.reliable_improvement.count', 'tt_proms.reliable_deterioration.count',
                                      'tt_proms.no_reliable_change.count')) as parts
    from observations where place = ? group by all
)
select count(*), count(*) filter (parts > whole) from wide where whole is not null and parts is not null
"""
_EFFECTS_OFF = """
with wide as (
    select place, category, period_start,
        max(value) filter (series = 'tt_proms.phq.mean.start') - max(value) filter (series = 'tt_proms.phq.mean.end') as fall,
        max(value) filter (series = 'tt_proms.phq.effect_size') as size
    from observations group by all
)
select count(*), count(*) filter (sign(fall) <> sign(size)) from wide where abs(fall) >= 1 and size is not null
"""

SOURCE = Source(
    id="talking_therapies_proms",
    title="NHS Talking Therapies, for anxiety and depression: annual patient-reported outcomes by therapy",
    publisher="NHS England (NHS Digital); tidied by the Bennett Institute, University of Oxford",
    licence="Open Government Licence v3.0 (data), MIT (repository)",
    attribution=(
        "Source: NHS England, NHS Talking Therapies (IAPT) statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2025 nhstt authors."
    ),
    homepage="NHS England, NHS Talking Therapies annual reports; bennettoxford/nhstt",
    layout=", ".join(COLUMNS) + " (Parquet)",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: near_columns(raw, COLUMNS),
    frequency="yearly",
)
