"""The computed witness: a measure, a place, a time and a breakdown in; figures counted from the loaded records out.

    answers = ask_records(Asked("EIP23i", where="QH8", over=parse("2025-03"), by="ethnicity"), geography=snapshot.geography)

Nothing here may be shown before `publish.release` has looked at it: numbers are as counted, small ones too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from esteem.evidence.answers import Answer, Cell, SourceFile
from esteem.evidence.computed_figures import MODES, Columns, Counting
from esteem.evidence.computed_places import WORDS as PLACE_WORDS
from esteem.evidence.computed_places import CountedPlace, places_asked
from esteem.evidence.computed_splits import columns_asked, group_name, placed
from esteem.evidence.control_charts import with_control_limits
from esteem.evidence.definitions import all_measures
from esteem.evidence.definitions.mhsds import Defined
from esteem.evidence.intervals import limits_of
from esteem.evidence.model import Measure
from esteem.evidence.own_release import as_own_figure
from esteem.evidence.record_measures import as_measure, counted_for, found_for, multiplier, published_for
from esteem.evidence.record_model import Figure, Levels
from esteem.evidence.records.record_store import LoadedRecords, RecordStore, months_in_words
from esteem.evidence.records.reporting import IN_WORDS, KINDS, Reporting, month_words
from esteem.evidence.released_runs import hidden_by_runs
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.home import home as esteem_home
from esteem.terms.periods import Period
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

DATA_SET = "mhsds"
POLICY = "mhsds_records"
INVENTED = "The records are of invented people: this figure says nothing about anybody, and nothing about the place."
NOT_ADDING_UP = "Each place counts a person once, at the first contact there: places do not add up to England."


@dataclass(frozen=True)
class Asked:
    """`measure`: id of a published measure or of a record measure. `over`: None for the newest month, a Period, or the first and last."""

    measure: str
    where: str = ENGLAND
    over: Period | tuple[Period, Period] | None = None
    by: str | None = None
    mode: str = MODES[0]
    spc: bool = False
    as_at: date | None = None


def records_in_use(home: Path | None = None, data_set: str = DATA_SET) -> LoadedRecords:
    """Problem `records-missing` says how to load."""
    return RecordStore(home).current(data_set)


def ask_records(asked: Asked, *, geography=None, home: Path | None = None, records: LoadedRecords | None = None) -> list[Answer]:
    """Answers in the order of place, category and time.

    Raises Problems `records-missing`, `records-month-missing`, `measure-unknown`, `witness-missing`, `place-not-in-records`,
    `place-not-counted`, `breakdown-not-possible`, `not-poolable`, `period-not-counted`, `mode-unknown`.
    """
    answers = []
    for counting in countings(asked, home=home, records=records):
        places = places_asked(counting, geography, asked.where)
        answers += [answer for place in places for answer in _of_place(asked, counting, place)]
    lines: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        lines.setdefault((answer.place, answer.category), []).append(answer)
    if not asked.spc:
        return answers
    # Limits are made of what may be shown, so that they give away nothing of what may not.
    shown = [[as_own_figure(answer) for answer in line] for line in lines.values()]
    return [answer for line in with_control_limits(measure_of(asked.measure), shown) for answer in line]


def countings(asked: Asked, *, home: Path | None = None, records: LoadedRecords | None = None) -> list[Counting]:
    """What is counted for a question, one for each month, in the order of time."""
    home, defined = Path(home) if home is not None else esteem_home(), found_for(asked.measure)
    records = records or records_in_use(home, defined[0].family.data_set)
    found, kind, months = _when(asked, defined, records)
    return [Counting(records, home, found, kind, month, asked.mode) for month in months]


def measure_of(name: str) -> Measure:
    """The measure that words a figure: the published one when its id was asked for and it has the same unit."""
    found = found_for(name)[0]
    own, published = as_measure(found), published_for(found)
    if published is None or published.id != name or published.unit != own.unit:
        return own
    return replace(published, interval=own.interval, multiplier=own.multiplier, independent_periods=own.independent_periods)


# ---------------------------------------------------------------- time


def _when(asked: Asked, found: list[Defined], records: LoadedRecords) -> tuple[Defined, str, list[Reporting]]:
    """(definition, kind of period, reporting months) for the time asked for."""
    kinds = [(kind, one) for kind in KINDS for one in found if kind in one.measure.periods]
    if isinstance(asked.over, tuple):
        first, last = asked.over
        kind, one = kinds[0]
        numbers = [n for n in records.months if first.start <= Reporting(n).end <= last.end]
        months = [Reporting(n) for n in numbers if _whole(records, Reporting(n), kind)]
        if not months:
            raise _no_month(f"{first.words} to {last.words}", records)
        return one, kind, _until(asked, months)
    if asked.over is None:
        for kind, one in kinds:
            months = [Reporting(n) for n in records.months if _whole(records, Reporting(n), kind)]
            if months := _until(asked, months):
                return one, kind, months if asked.spc else months[-1:]
        raise _no_month("a whole period", records)
    month = Reporting.of(asked.over.end)
    exact = [(kind, one) for kind, one in kinds if _covers(month.window(kind), asked.over)]
    loose = kinds if asked.over.kind == "month" else []
    if not exact and not loose:
        lengths = ", ".join(IN_WORDS[kind] for kind, _ in kinds)
        rule = f"{found[0].measure.id} is counted over {lengths}, ending with a month."
        raise Problem("period-not-counted", rule, asked.over.words, "Ask for the month in which the period ends.")
    kind, one = (exact or loose)[0]
    records.month(month)
    if not _whole(records, month, kind):
        window = month.window(kind)
        missing = [n for n in range(window.first_month, window.last_month + 1) if n not in records.months]
        raise Problem(
            "records-month-missing",
            f"{one.measure.id} is counted over {IN_WORDS[kind]}: each of its months is loaded.",
            f"not loaded: {months_in_words(tuple(missing))}",
            f"Load them: `esteem load {records.data_set} DIR`, or ask for a later month.",
        )
    return one, kind, [month]


def _covers(window, period: Period) -> bool:
    return (window.start, window.end) == (period.start, period.end)


def _whole(records: LoadedRecords, month: Reporting, kind: str) -> bool:
    window = month.window(kind)
    return set(range(window.first_month, window.last_month + 1)) <= set(records.months)


def _until(asked: Asked, months: list[Reporting]) -> list[Reporting]:
    return [month for month in months if asked.as_at is None or month.end <= asked.as_at]


def _no_month(found: str, records: LoadedRecords) -> Problem:
    loaded = f"Loaded: {months_in_words(records.months)}. Load more: `esteem load {records.data_set} DIR`."
    return Problem("records-month-missing", "A figure is counted over months that are all loaded.", found, loaded)


# ---------------------------------------------------------------- figures


def _of_place(asked: Asked, counting: Counting, place: CountedPlace) -> list[Answer]:
    by, columns = columns_asked(counting, asked.by, place.column)
    all_columns = placed(place.column, columns)
    wanted = [all_columns, (place.column,)] + ([columns] if columns else [])
    found = counting.levels(wanted)
    if all_columns not in found:
        raise Problem(
            "breakdown-not-possible",
            f"{counting.defined.measure.id} is counted for what its definition knows of each row.",
            f"{PLACE_WORDS[place.column]} by {asked.by or 'everyone'}",
            "Ask for another breakdown or another kind of place.",
        )
    levels = _levels(found, place, all_columns, columns)
    measure = measure_of(asked.measure)
    return list(_answers(asked, counting, measure, place, by, columns, levels))


def _levels(found: dict[Columns, Levels], place: CountedPlace, all_columns: Columns, columns: Columns) -> dict[str, Figure | None]:
    """Group -> figure, None where the place has no row of a group that England has: its absence must not say "none" where `*` says few."""
    if not columns:
        return {"": found[all_columns].get(place.level)}
    if place.column == "england":
        return dict(sorted(found[all_columns].items()))
    start = f"{place.level};"
    own = {level[len(start) :]: figure for level, figure in found[all_columns].items() if level.startswith(start)}
    groups = sorted({*found.get(columns, {}), *own})
    return {group: own.get(group) for group in groups}


def _answers(asked: Asked, counting: Counting, measure: Measure, place, by, columns, levels) -> Iterator[Answer]:
    kind, file = counting.defined.measure.value.kind, source_file(counting.records)
    cells = [_cell(counting, measure, place, by, columns, level, figure) for level, figure in levels.items()]
    cells = [_hidden_as_released(counting, place, columns, level, cell) for level, cell in zip(levels, cells, strict=True)]
    limits = limits_of(measure, cells, [False] * len(cells))
    how = "counted from records" + ("" if asked.mode == MODES[0] else ", corrected")
    for cell, (lower, upper, method) in zip(cells, limits, strict=True):
        interval = method.partition("; ")[2]
        yield Answer(
            measure=asked.measure,
            place=place.code,
            period=cell.period,
            breakdown=by,
            category=cell.category,
            number=cell.number,
            numerator=cell.numerator,
            denominator=cell.denominator,
            lower=lower if kind in ("percent", "rate") else None,
            upper=upper if kind in ("percent", "rate") else None,
            unit=measure.unit,
            method="; ".join(part for part in (how, interval) if part and "no interval" not in part),
            sources=(cell.reference,),
            flags=tuple(sorted(cell.flags)),
            place_name=place.name,
            cells=(cell,),
            files=(file,),
            words=tuple(_words(counting, place)),
        )


def _cell(counting: Counting, measure: Measure, place: CountedPlace, by: str, columns: Columns, level: str, figure: Figure | None) -> Cell:
    own, kind = counting.defined.measure, counting.defined.measure.value.kind
    number, numerator, denominator = _numbers(counting.defined, figure)
    flags = {flag.INVENTED} if counting.records.invented else set()
    if number is None:
        flags.add(flag.TOO_FEW if place.column == "england" or kind == "count" else flag.SUPPRESSED)
    return Cell(
        series=f"records.{own.id}",
        place=place.code,
        period=period_of(counting),
        breakdown=by,
        category=group_name(columns, level) if columns else "All",
        number=number,
        numerator=numerator,
        denominator=denominator,
        flags=frozenset(flags),
        edition=counting.records.id,
        source_row=f"{own.id} {counting.period} {place.column}={place.level}" + (f" {';'.join(columns)}={level}" if columns else ""),
    )


def _hidden_as_released(counting: Counting, place: CountedPlace, columns: Columns, level: str, cell: Cell) -> Cell:
    """The cell, without its number where a released run hides it."""
    hidden = hidden_by_runs(counting.home, counting.defined, counting.period, counting.month.end)
    own = level if place.column == "england" and columns else f"{place.level};{level}" if columns else place.level
    if (placed(place.column, columns), own) not in hidden:
        return cell
    return replace(cell, number=None, numerator=None, denominator=None, flags=cell.flags | {flag.SUPPRESSED})


def _numbers(found: Defined, figure: Figure | None) -> tuple[float | None, float | None, float | None]:
    """Number in the unit of the measure, numerator, denominator. No row is none counted, and no share."""
    kind = found.measure.value.kind
    if figure is None:
        return (0.0, None, None) if kind == "count" else (None, 0.0, None)
    number = figure.value / multiplier(found) if kind == "percent" else figure.value
    return number, figure.numerator, figure.denominator


def period_of(counting: Counting) -> Period:
    window = counting.month.window(counting.period)
    return periods.between(window.start, window.end)


def _words(counting: Counting, place: CountedPlace) -> Iterator[str]:
    if counting.records.invented:
        yield INVENTED
    if counting.defined.measure.value.kind in ("count", "rate") and any(cohort.counts_in for cohort in counting.cohorts()):
        yield NOT_ADDING_UP
    if counting.mode != MODES[0]:
        quirks = ", ".join(name.removeprefix("quirk:") for name in counting.defined.family.quirks)
        yield f"Corrected: not as the nation publishes it. Put right: {quirks or 'nothing, for this measure has no quirk'}."


def source_file(records: LoadedRecords) -> SourceFile:
    """Where a counted figure comes from: the edition of the records, with one checksum over all of its files."""
    digest = hashlib.sha256()
    for load in records.manifest.loads:
        for file in load.files:
            digest.update(f"{file.file} {file.sha256}\n".encode())
    months = months_in_words(records.months)
    return SourceFile(
        edition=records.id,
        source="mhsds_records",
        publisher="Counted here",
        title="invented records" if records.invented else "Mental Health Services Data Set records",
        label=f"edition {records.id}, {records.label}, {months}",
        sha256=digest.hexdigest() if any(load.files for load in records.manifest.loads) else "",
        attribution="Records of invented people." if records.invented else "Held by this installation; not a published statistic.",
        loaded=records.manifest.loaded_at[:10],
        policy=POLICY,
    )


def newest_month(records: LoadedRecords) -> str:
    return month_words(records.months[-1])


def latest(answers: Iterable[Answer]) -> list[Answer]:
    """Of each place and category the last answer."""
    return list({(answer.place, answer.category): answer for answer in answers}.values())


def countings_ahead(home: Path | None = None) -> Iterator[Counting]:
    """What the pages show first: every measure with a published counterpart, for its newest period, in both modes where they can differ.

    A measure whose data set is not loaded, or not for as many months as it is counted over, is left out.
    """
    for measure in all_measures().values():
        for found in counted_for(measure)[:1]:
            for mode in MODES if found.family.quirks else MODES[:1]:
                try:
                    yield countings(Asked(found.measure.id, mode=mode), home=home)[-1]
                except Problem:
                    continue
