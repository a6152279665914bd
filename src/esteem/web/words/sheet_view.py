"""What the sheet shows, in words ready to print: shared by the page, the PDF and the terminal's HTML twin. Holds no raw figure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spark:
    """Values of the small line (already released), with the target in the same unit; `sentence` is its text alternative."""

    values: tuple[float | None, ...]
    target: float | None
    sentence: str


@dataclass(frozen=True)
class PromiseLine:
    """One promise as the sheet shows it. `value` is "76% (71 to 81)" or "" when there is no figure; `freshness` "18 months old"."""

    row: str
    text: str
    status: str
    status_word: str
    reason: str
    address: str
    measure_title: str = ""
    value: str = ""
    value_address: str = ""
    target: str = ""
    period: str = ""
    place: str = ""
    freshness: str = ""
    missing: str = ""  # what it would take to tell, in a few words; the promise's page says the rest
    spark: Spark | None = None


@dataclass(frozen=True)
class SectionLines:
    id: str
    title: str
    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True)
class AttentionLine:
    text: str
    why: str
    address: str
    row: str = ""


@dataclass(frozen=True)
class ChangeLine:
    """A promise whose status or figure is another than on the earlier day: `status` is that of now, `sentence` what changed."""

    row: str
    text: str
    address: str
    status: str
    status_word: str
    sentence: str


@dataclass(frozen=True)
class Changes:
    """What changed since an earlier day. `span` is "month", "quarter" or "year"; `since` the day in words."""

    span: str
    since: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class SheetView:
    """`counts` is (status, word, number) in the fixed order of statuses; `judged` of `total` promises have a judgement."""

    id: str
    title: str
    vision: tuple[str, ...]
    figures_to: str
    as_at: str
    summary: str
    counts: tuple[tuple[str, str, int], ...]
    attention: tuple[AttentionLine, ...]
    sections: tuple[SectionLines, ...]
    sources: tuple[str, ...] = field(default=())
    changes: Changes | None = None
