"""The shapes of the API's answers, as its OpenAPI document states them. Numbers are unrounded; a proportion is a fraction of one."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")


class Shape(BaseModel):
    """Fields that are not named here are refused by the document, so that nothing is served that it does not describe."""

    model_config = ConfigDict(extra="forbid")


class Page(Shape, Generic[Item]):
    snapshot: str = Field(description="The snapshot that was asked.")
    total: int = Field(description="Rows on all pages together.")
    next: str | None = Field(description="Address of the next page; null on the last.")
    items: list[Item]


class Fault(BaseModel):
    """One thing that is wrong, as the problem of RFC 9457 lists it."""

    model_config = ConfigDict(title="Fault")
    code: str
    rule: str
    found: str
    remedy: str
    file: str
    row: int | None
    column: str


class ProblemDetails(BaseModel):
    """RFC 9457, with our stable code, what was found and what to do."""

    model_config = ConfigDict(title="ProblemDetails")
    type: str
    title: str
    status: int
    detail: str
    code: str | None = None
    found: str | None = None
    remedy: str | None = None
    problems: list[Fault]


class Figure(Shape):
    measure: str
    place_code: str
    place_name: str
    period: str = Field(description="2018-09, 2021/22 Q4, 2018/19, 2018, 2018-2020 or start..end.")
    period_start: str
    period_end: str
    breakdown: str = Field(description="The group; `All` for everyone.")
    by: str = Field(description="The breakdown that the group belongs to; empty for everyone.")
    value: float | None = Field(description="Null when there is none: `flags` says why. A suppressed value is never zero.")
    numerator: float | None
    denominator: float | None
    lower: float | None = Field(description="Lower 95% limit.")
    upper: float | None = Field(description="Upper 95% limit.")
    unit: str
    method: str
    source: str
    source_rows: str
    flags: list[str]
    notes: list[str]
    centre: float | None = None
    lower_process_limit: float | None = None
    upper_process_limit: float | None = None
    label: str | None = None
    variation: str | None = None
    assurance: str | None = None
    chart_notes: list[str] = []
    against: str | None = None
    ratio: float | None = None
    ratio_lower: float | None = None
    ratio_upper: float | None = None
    difference: float | None = None
    difference_lower: float | None = None
    difference_upper: float | None = None
    comparison_method: str | None = None


class PromisePlace(Shape):
    place_code: str
    place_name: str
    value: float | None
    status: str
    rule: str


class Promise(Shape):
    row: str
    text: str
    status: str = Field(description="kept, on_course, at_risk, not_kept, cannot_tell or not_yet.")
    reason: str
    measures: list[str]
    value: float | None
    target: float | str | None
    status_words: str
    rule: str = Field(description="Id of the rule that gave the status; /statuses lists them.")
    section: str
    owner: str
    by: str | None
    measure: str | None
    value_text: str | None
    target_text: str | None
    months_old: int | None
    place_code: str | None
    place_name: str | None
    period: str | None
    period_end: str | None
    numerator: float | None
    denominator: float | None
    lower: float | None
    upper: float | None
    unit: str | None
    source: str | None
    flags: list[str] | None
    places: list[PromisePlace]
    missing: list[str]


class AttentionLine(Shape):
    row: str
    text: str
    points: int
    reasons: list[str]


class SheetAnswer(Shape):
    snapshot: str
    strategy: str
    title: str
    as_at: str | None
    figures_to: str | None
    counts: dict[str, int]
    attention: list[AttentionLine]
    promises: list[Promise]


class PlaceSet(Shape):
    name: str
    words: str
    codes: list[str]


class StrategyAnswer(Shape):
    id: str
    title: str
    short: str
    vision: list[str]
    starts: str
    ends: str | None
    places: list[PlaceSet]
    promises: int
    sheet: str = Field(description="Address of its sheet.")


class Standard(Shape):
    value: float
    words: str
    source: str
    since: str | None


class MeasureAnswer(Shape):
    id: str
    title: str
    topic: str
    question: str
    why: str
    unit: str
    kind: str
    better: str
    standard: Standard | None
    breakdowns: list[str]
    series: list[str]
    national_ids: list[str]
    figures: str = Field(description="Address of its figures for England.")


class Note(Shape):
    text: str
    start: str | None
    end: str | None
    places: list[str]
    author: str
    source: str
    rebase: bool
    exclude: bool


class MeasureDefinition(MeasureAnswer):
    interval: str
    multiplier: float
    place_pooling: str
    period_pooling: str
    control_limits: bool
    joined: str
    checked_against: str
    author: str
    review_date: str
    notes: list[Note]


class PlaceAnswer(Shape):
    code: str
    name: str
    kind: str
    valid_from: str | None
    valid_to: str | None
    note: str


class Related(Shape):
    relation: str
    code: str
    name: str


class PlaceDetails(PlaceAnswer):
    parts: list[str] = Field(description="Codes that are added together; empty for one place.")
    related: list[Related]
    comparators: list[Related]
    similar: list[PlaceAnswer]
    similarity_rule: str
    measures: list[str] = Field(description="Measures that have a figure for it.")


class Edition(Shape):
    edition: str
    source: str
    title: str
    publisher: str
    label: str
    file: str
    sha256: str
    bytes: int
    covers: str | None
    status: str | None
    published: str | None
    loaded: str | None
    rows_read: int
    rows_kept: int
    rejected: int
    licence: str
    attribution: str
    homepage: str
    release_policy: str


class SeriesAnswer(Shape):
    id: str
    title: str
    source: str
    unit: str
    published_as: str
    statistic: str
    rounding: str
    multiplier: float
    notes: list[str]
    first_period: str | None
    last_period: str | None
    checksum: str
    observations: int


class SnapshotAnswer(Shape):
    snapshot: str
    created: str
    editions: int
    series: int
    observations: int
    measures: int
    places: int
    version: str
