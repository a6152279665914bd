"""A measure is a value; it names no place, period or breakdown. `ask` supplies them. A wrong measure cannot be built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from esteem.terms.problems import Problem, Problems
from esteem.terms.values import UNITS

KINDS = ("proportion", "rate", "mean", "count", "ratio", "score", "pounds", "yes_no", "difference")
# sum: numerators and denominators (or counts) of several places or periods may be added. sum_of_shares (periods only): the shares
# are parts of one unchanged whole, so that four quarters of a year's need add up to the year's share.
PLACE_POOLING = ("sum", "none")
PERIOD_POOLING = ("sum", "sum_of_shares", "none")
INTERVALS = ("none", "published", "wilson", "byar", "poisson_count")


@dataclass(frozen=True)
class Standard:
    """A national standard or ambition the measure is held to, whoever the strategy is. `value` in the measure's unit.

    `places` limits it to some places (a total for England is no standard for a town); empty = every place.
    """

    value: float
    words: str  # "at least half start treatment within two weeks"
    source: str
    since: date | None = None
    places: tuple[str, ...] = ()

    def holds_for(self, place: str) -> bool:
        return not self.places or place in self.places


@dataclass(frozen=True)
class Published:
    """The witness that says: these published series answer the question.

    `series` in order of preference: for a period that several of them hold, the first speaks (they never mix in one period). Value,
    numerator, denominator and limits are the observation's own, unless `numerator` / `denominator` name other series to join by place,
    period and category. `minus` (kind "difference") names the series taken away. `joined` says in words why the series may stand in one
    line, "" when there is one series. `breakdown` and `category` choose the published row that speaks for everyone asked about: a
    measure of people with a long-term condition reads the category "Long term condition" of `long_term_condition`. `period_kinds`: where
    one series holds years and their quarters, the lengths that make the line (others are given when asked for by name).
    """

    series: tuple[str, ...]
    numerator: str = ""
    denominator: str = ""
    minus: str = ""
    joined: str = ""
    breakdown: str = "all"
    category: str = "All"
    period_kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Computed:
    """The witness from records: id of the definition that counts it (definitions/mhsds)."""

    definition: str


@dataclass(frozen=True)
class Note:
    """A quality note or an event on the chart. `rebase` starts new XmR limits here and needs the reason in `text` and who said so.

    `exclude` keeps the periods from `start` to `end` out of the XmR limits (run-in months, a doubtful month); they stay on the chart.
    """

    text: str
    start: date | None = None
    places: tuple[str, ...] = ()  # empty = everywhere
    author: str = "Esteem"
    rebase: bool = False
    source: str = ""
    exclude: bool = False
    end: date | None = None

    def about(self, place: str) -> bool:
        return not self.places or place in self.places


def _explained(note: Note) -> bool:
    return bool(note.text and note.author and note.start) if note.rebase or note.exclude else bool(note.text)


@dataclass(frozen=True)
class Measure:
    """Definition of one measure. Raises Problems naming every field that is wrong."""

    id: str  # kebab-case: "psychosis-treated-within-two-weeks"
    title: str  # a noun phrase for lists: "Psychosis: treated within two weeks"
    question: str  # plain English, ends with "?"
    why: str  # why it matters, one or two sentences
    sentence: str  # "{numerator} of {denominator} people started treatment within two weeks" (fields optional; see web/words)
    kind: str
    unit: str
    better: str  # "higher", "lower", "neutral"
    topic: str  # heading in the list of measures: "Crisis and hospital"
    witnesses: tuple[Published | Computed, ...]
    interval: str = "none"
    multiplier: float = 1  # numerator / denominator x multiplier = number (100000 for a rate)
    place_pooling: str = "none"
    period_pooling: str = "none"  # not "none" only for flows: never for stocks, rolling or overlapping periods
    breakdowns: tuple[str, ...] = ()
    standard: Standard | None = None
    decimals: int = 0  # in sentences; tables show one more
    notes: tuple[Note, ...] = ()
    independent_periods: bool = True  # False for rolling or overlapping periods: no XmR, no trend test on neighbours
    checked_against: str = ""  # what the figures were checked against
    author: str = "Esteem developers"
    review_date: date = date(2027, 11, 1)
    plain_unit: str = ""  # "people", "bed days", "women": what numerator counts
    national_ids: tuple[str, ...] = ()  # publishers' own ids: "EIP(i)", "MHS32", "1F"

    def __post_init__(self):
        wrong = [
            Problem("measure-invalid", f"Measure {self.id!r}: {rule}", found)
            for rule, found, ok in (
                ("the id is lower-case words joined by hyphens", self.id, re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.id)),
                ("the question ends with a question mark", self.question, self.question.strip().endswith("?")),
                ("it says why it matters", self.why, self.why.strip()),
                (f"the kind is one of {', '.join(KINDS)}", self.kind, self.kind in KINDS),
                (f"the unit is one of {', '.join(UNITS)}", self.unit, self.unit in UNITS),
                ("better is higher, lower or neutral", self.better, self.better in ("higher", "lower", "neutral")),
                ("it has at least one witness", "none", self.witnesses),
                (f"the interval is one of {', '.join(INTERVALS)}", self.interval, self.interval in INTERVALS),
                (
                    "places are pooled by sum or none, periods by sum, sum_of_shares or none",
                    f"{self.place_pooling}, {self.period_pooling}",
                    self.place_pooling in PLACE_POOLING and self.period_pooling in PERIOD_POOLING,
                ),
                (
                    "places are not pooled where periods are sums of shares",
                    self.place_pooling,
                    (self.place_pooling, self.period_pooling) != ("sum", "sum_of_shares"),
                ),
                ("the multiplier is above zero", str(self.multiplier), self.multiplier > 0),
                ("a difference names what is taken away", "", self.kind != "difference" or self._published_minus()),
                ("a rebase gives its reason, its author and its first day", "", all(map(_explained, self.notes))),
                ("it says what it was checked against", "", self.checked_against),
            )
            if not ok
        ]
        if wrong:
            raise Problems(wrong)

    def _published_minus(self) -> bool:
        return any(isinstance(w, Published) and w.minus for w in self.witnesses)

    @property
    def published(self) -> Published | None:
        return next((w for w in self.witnesses if isinstance(w, Published)), None)

    @property
    def computed_id(self) -> str:
        """The name by which the computed witness is asked: the definition's own where the measure has no published series."""
        return next((w.definition for w in self.witnesses if isinstance(w, Computed)), self.id)
