"""What `ask` gives back: a figure with its interval, its chart point, its comparison and the published cells it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field

from esteem.terms.periods import Period
from esteem.terms.values import Value


@dataclass(frozen=True)
class SourceFile:
    """The file a cell was read from. `policy` names the release policy of its source (evidence/publish.py)."""

    edition: str
    source: str
    publisher: str
    title: str
    label: str
    sha256: str
    licence: str = ""
    attribution: str = ""
    homepage: str = ""
    loaded: str = ""
    policy: str = "published"

    @property
    def words(self) -> str:
        """Publisher, title, edition and the first twelve characters of the checksum, for the `source` field of a row."""
        parts = [self.publisher, self.title]
        if self.label and self.label != self.title:
            parts.append(self.label)
        return ", ".join(part for part in parts if part) + (f" (sha256 {self.sha256[:12]})" if self.sha256 else "")


@dataclass(frozen=True)
class Cell:
    """One published cell, with its counts joined where the measure names them. `own` holds the cells it was made of, itself included.

    `rank` is the position of its series in the witness: a figure never mixes ranks, and control limits start anew where it changes.
    """

    series: str
    place: str
    period: Period
    breakdown: str
    category: str
    number: float | None
    numerator: float | None = None
    denominator: float | None = None
    lower: float | None = None
    upper: float | None = None
    flags: frozenset[str] = frozenset()
    edition: str = ""
    source_row: str = ""
    rank: int = 0
    own: tuple[Cell, ...] = ()

    @property
    def reference(self) -> str:
        return f"{self.edition}#{self.source_row}"

    @property
    def published(self) -> tuple[Cell, ...]:
        """The published cells behind this one."""
        return self.own or (self,)


@dataclass(frozen=True)
class Answer(Value):
    """A Value with everything a page, a chart or a file needs of it.

    spc: `centre`, process limits and `label` are None when no control chart was asked for or none is possible (`words` says why);
    `variation` and `assurance` are those of the stretch of points the figure belongs to. comparison: `ratio` and `difference` of this
    figure against `against`. `words` are sentences a reader must see beside the figure.
    """

    place_name: str = ""
    parts: tuple[str, ...] = ()  # codes added up; empty for one place
    rank: int = 0
    cells: tuple[Cell, ...] = field(default=(), repr=False)
    files: tuple[SourceFile, ...] = field(default=(), repr=False)
    words: tuple[str, ...] = ()
    centre: float | None = None
    lower_process_limit: float | None = None
    upper_process_limit: float | None = None
    label: str | None = None
    variation: str | None = None
    assurance: str | None = None
    limit_points: int = 0  # points behind the limits; 12 or fewer are too few to lean on
    chart: tuple[str, ...] = ()  # what to know of the limits: "run-in", "rebased: ...", "fewer than 13 points"
    against: str = ""
    ratio: float | None = None
    ratio_lower: float | None = None
    ratio_upper: float | None = None
    difference: float | None = None
    difference_lower: float | None = None
    difference_upper: float | None = None
    comparison_method: str = ""
