"""What the page of a measure counted from records shows: the figure, both witnesses and why they differ, groups, places, waterfall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from esteem.evidence import publish
from esteem.evidence.ask import ask
from esteem.evidence.computed_figures import MODES, Counting
from esteem.evidence.computed_places import EVERY_OF
from esteem.evidence.computed_places import WORDS as PLACE_WORDS
from esteem.evidence.computed_splits import WORDS as SPLIT_WORDS
from esteem.evidence.computed_splits import columns_asked, placed, splits_possible
from esteem.evidence.computed_witness import INVENTED, Asked, ask_records, countings, measure_of, period_of, places_asked
from esteem.evidence.definitions.mhsds import Defined
from esteem.evidence.definitions.mhsds.quirks import find_quirk
from esteem.evidence.model import Measure
from esteem.evidence.record_measures import found_for, published_for, slug
from esteem.evidence.records.record_store import LoadedRecords
from esteem.evidence.records.reporting import Reporting, month_words
from esteem.terms import flags as flag
from esteem.terms.problems import Problem
from esteem.web.words import addresses, place_names
from esteem.web.words.figures import FigureLine, by_latest, limits
from esteem.web.words.witnesses import Witness, differences

_MOST_SPLITS = 12


@dataclass(frozen=True)
class CountedFor:
    """State of the page, all of it from the address. `name` is a record measure's id."""

    name: str
    place: str
    over: str = ""
    by: str = ""
    mode: str = MODES[0]


@dataclass(frozen=True)
class Waterfall:
    name: str
    steps: tuple[publish.ReleasedStep, ...]


@dataclass(frozen=True)
class ComputedView:
    """`answers` are the released rows behind the tables: of the place first, then its groups, then every place."""

    measure: Measure
    asked: CountedFor
    place_name: str
    period: str
    sentence: str
    words: tuple[str, ...]
    witnesses: tuple[Witness, ...]
    differences: tuple[str, ...]
    by: str
    groups: tuple[FigureLine, ...]
    splits: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, tuple[FigureLine, ...]], ...]
    waterfalls: tuple[Waterfall, ...]
    answers: tuple[publish.Released, ...]
    source: str
    policy: str


def computed_view(snapshot, records: LoadedRecords, asked: CountedFor) -> ComputedView:
    """Raises the Problems of `ask_records` when the records cannot give the figure."""
    measure, found = measure_of(asked.name), found_for(asked.name)[0]
    question = Asked(asked.name, asked.place, _month(asked.over), None, asked.mode)
    counting = countings(question, records=records)[-1]
    [place] = places_asked(counting, snapshot.geography, asked.place)
    fixed = replace(question, over=period_of(counting), where=place.level if place.column != "england" else asked.place)
    if not counting.is_quick and counting.kept((place.column,)) is None:
        remedy = "Count it ahead: `esteem records count`, or ask on the command line: `esteem ask --witness computed`."
        found_rows = f"{records.manifest.kept:,} rows"
        raise Problem("records-too-many", "So many records are not counted while a reader waits.", found_rows, remedy)
    _count_together(counting, place.column, asked.by)
    own = _released(snapshot, records, fixed)
    # Without a quirk there is nothing to put right: the corrected figure is the published one.
    other = _released(snapshot, records, replace(fixed, mode=_other(asked.mode))) if found.family.quirks else own
    splits = splits_possible(counting, place.column)
    by = asked.by or next((name for name in splits if name not in EVERY_OF.values()), "")
    groups = _released(snapshot, records, replace(fixed, by=by)) if by else []
    places = list(_every_place(snapshot, records, fixed, counting))
    published = published_answer(snapshot, published_for(found), asked.place, own[-1]) if published_for(found) else None
    return ComputedView(
        measure=measure,
        asked=asked,
        place_name=own[-1].place_name,
        period=own[-1].period.words,
        sentence=publish.sentence(own[-1], measure),
        words=tuple(words for words in own[-1].words if words != INVENTED),  # the banner of the page says it
        witnesses=tuple(_witnesses(measure, found, published, own[-1], other[-1], asked.mode)),
        differences=tuple(differences(found, counting, place, published, own[-1], _different(own[-1], other[-1]))),
        by=by,
        groups=tuple(computed_line(answer, measure, asked) for answer in groups),
        splits=tuple((name, SPLIT_WORDS.get(name, name.replace("_", " "))) for name in splits),
        places=tuple((words, tuple(computed_line(a, measure, asked) for a in answers)) for words, answers in places),
        waterfalls=tuple(Waterfall(name, tuple(publish.release_steps(steps))) for name, steps in counting.waterfall()),
        answers=(*own, *groups, *(answer for _, answers in places for answer in answers)),
        source="; ".join(file.words for file in own[-1].files),
        policy=" ".join(publish.POLICIES[name].words for name in own[-1].policies),
    )


def _count_together(counting: Counting, column: str, by: str) -> None:
    """Everything that the page needs of a mode in one go, which costs little more than one figure."""
    splits = [name for name in splits_possible(counting, column) if name not in EVERY_OF.values()]
    _, columns = columns_asked(counting, by or next(iter(splits), None), column)
    areas = [("england",), *((kind,) for kind in ("provider", "icb", "sub_icb", "local_authority"))]
    counting.levels([*areas, (column,), *([placed(column, columns), columns] if columns else [])])


def _month(over: str):
    from esteem.terms.periods import parse

    return parse(over) if over else None


def _other(mode: str) -> str:
    return MODES[1 - MODES.index(mode)] if mode in MODES else mode


def _released(snapshot, records: LoadedRecords, question: Asked) -> list[publish.Released]:
    told = place_names.told(snapshot.geography)
    answers = publish.release(ask_records(question, geography=snapshot.geography, records=records))
    return [replace(answer, place_name=told(answer.place_name)) for answer in answers]


def _every_place(snapshot, records, question: Asked, counting: Counting) -> Iterator[tuple[str, list[publish.Released]]]:
    for kind, column in (("provider", "provider"), ("icb", "icb"), ("sub_icb", "sub_icb"), ("council", "local_authority")):
        if counting.possible((column,)):
            yield PLACE_WORDS[column], _released(snapshot, records, replace(question, where=f"all:{kind}"))


def published_answer(snapshot, measure: Measure, place: str, own: publish.Released) -> publish.Released | None:
    """What was published for the place: of the same period where there is one, else the latest; nothing for a place nobody publishes."""
    if not snapshot.geography.knows(place):
        return None
    try:
        answers = publish.release(ask(snapshot, measure, [place]))
    except Problem:
        return None
    same = next((a for a in answers if (a.period.start, a.period.end) == (own.period.start, own.period.end)), None)
    return same or by_latest(answers)


def _different(one: publish.Released, other: publish.Released) -> bool:
    return (one.number, set(one.flags) & flag.MISSING) != (other.number, set(other.flags) & flag.MISSING)


def _witnesses(measure: Measure, found: Defined, published, own, other, mode: str) -> Iterator[Witness]:
    counterpart = published_for(found)
    if counterpart is not None:
        if published is None:
            yield Witness("Published", "no figure of this place", "", "", "", counterpart.title, addresses.measure(counterpart.id))
        else:
            address = addresses.measure(counterpart.id, place=published.place)
            yield _witness("Published", published, counterpart, address)
    both = {mode: own, _other(mode): other}
    names = {MODES[0]: "Counted from records, as the nation publishes it", MODES[1]: "Counted from records, corrected"}
    for name in MODES:
        yield _witness(names[name], both[name], measure, address_of(found.measure.id, own.place, both[name], mode=name))


def _witness(name: str, answer: publish.Released, measure: Measure, address: str) -> Witness:
    missing = answer.number is None
    value = publish.why_missing(answer) if missing else publish.number_text(answer.number, measure, extra=1)
    interval = "" if missing or answer.lower is None or answer.upper is None else limits(answer, measure)
    source = "; ".join(file.words for file in answer.files)
    return Witness(name, value, interval, publish.counts_text(answer), answer.period.words, source, address)


def computed_line(answer: publish.Released, measure: Measure, asked: CountedFor) -> FigureLine:
    """A row of a table; its value leads to the page that shows how it was counted."""
    missing = answer.number is None
    return FigureLine(
        period=answer.period.words,
        place=answer.place_name or answer.place,
        place_address=address_of(asked.name, answer.place, answer, mode=asked.mode),
        category=answer.category,
        value=publish.why_missing(answer) if missing else publish.number_text(answer.number, measure, extra=1),
        interval="" if missing or answer.lower is None or answer.upper is None else limits(answer, measure),
        counts=publish.counts_text(answer),
        flags=", ".join(flag.WORDS[name] for name in answer.flags if name in flag.WORDS and name not in flag.MISSING),
        address=address_of(asked.name, answer.place, answer, mode=asked.mode) + "#counted",
    )


def address_of(name: str, place: str, answer: publish.Released | None = None, **state) -> str:
    over = f"{answer.period.end:%Y-%m}" if answer else None
    mode = state.pop("mode", MODES[0])
    return addresses.computed_measure(slug(name), place=place, over=over, mode=None if mode == MODES[0] else mode, **state)


def months_of(records: LoadedRecords) -> tuple[tuple[str, str], ...]:
    """(address form, words) of the loaded months, latest first."""
    return tuple((f"{Reporting(n).end:%Y-%m}", month_words(n)) for n in reversed(records.months))


def quirk_lines(found: Defined) -> list:
    return [find_quirk(name) for name in found.family.quirks]
