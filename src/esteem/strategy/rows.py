"""The sheet as flat rows, for JSON, CSV and the API: one for each promise, in the order of the strategy."""

from __future__ import annotations

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.strategy import wording
from esteem.strategy.sheet import Sheet
from esteem.strategy.statuses import MeasureStatus, PromiseStatus

FIGURE_FIELDS = (
    "place_code",
    "place_name",
    "period",
    "period_end",
    "numerator",
    "denominator",
    "lower",
    "upper",
    "unit",
    "source",
    "flags",
)


def as_rows(sheet: Sheet) -> list[dict]:
    """`value` is the number shown (a proportion is a fraction, a parity promise gives the ratio), None where there is none; `target` is the
    number to reach, or the direction in words. `lower` and `upper` are the 95% limits of `value`, in its `unit`."""
    titles = {section.id: section.title for section in sheet.strategy.sections}
    return [row_of(found) | {"section": titles[found.promise.section]} for found in sheet.promises]


def row_of(found: PromiseStatus) -> dict:
    """The row of one promise; `section` is the id of its section."""
    shown = found.shown
    return {
        "row": found.promise.row,
        "text": found.promise.text,
        "status": found.status,
        "reason": found.reason,
        "measures": [m.measure.id for m in found.measures],
        "value": _value(shown),
        "target": _target(found.primary),
        "status_words": found.status_words,
        "rule": found.rule,
        "section": found.promise.section,
        "owner": found.promise.owner,
        "by": found.promise.by.isoformat() if found.promise.by else None,
        "measure": shown.measure.id if shown else None,
        "value_text": value_text(shown),
        "target_text": wording.target(found.primary.binding.target, found.primary.measure) if found.primary else None,
        "months_old": shown.decisive.weighed.finding.months_old if _value(shown) is not None else None,
        **_figure(shown),
        "places": _places(found.primary),
        "missing": list(found.missing),
    }


def _parity(shown: MeasureStatus) -> bool:
    target = shown.binding.target
    return target is not None and target.kind == "parity" and shown.headline.ratio is not None


def _value(shown: MeasureStatus | None) -> float | None:
    if shown is None or shown.headline is None:
        return None
    return shown.headline.ratio if _parity(shown) else shown.headline.number


def value_text(shown: MeasureStatus | None) -> str | None:
    """The figure in words, with its interval."""
    return None if shown is None or shown.headline is None else figure_text(shown, shown.headline)


def figure_text(bound: MeasureStatus, answer: Answer | None) -> str:
    """A figure of a bound measure in words: the ratio where two groups are compared."""
    target = bound.binding.target
    if answer is not None and answer.ratio is not None and target is not None and target.kind == "parity":
        return publish.ratio_text(answer)
    return wording.figure(answer, bound.measure)


def _target(primary: MeasureStatus | None) -> float | str | None:
    if primary is None:
        return None
    target = primary.binding.target
    if target.kind == "parity":
        return 1.0
    if target.value is None:
        return wording.target(target, primary.measure)
    return target.value_at(primary.decisive.weighed.series.code) if primary.decisive else target.value


def _figure(shown: MeasureStatus | None) -> dict:
    if shown is None or shown.headline is None:
        return dict.fromkeys(FIGURE_FIELDS)
    row = publish.as_rows([shown.headline], against=True)[0]
    if _parity(shown):
        row |= {"lower": row["ratio_lower"], "upper": row["ratio_upper"], "unit": "ratio"}
    return {name: row[name] for name in FIGURE_FIELDS}


def _places(primary: MeasureStatus | None) -> list[dict]:
    """Each place's own status, when places are judged one by one."""
    if primary is None or len(primary.places) < 2:
        return []
    return [
        {
            "place_code": p.weighed.series.code,
            "place_name": p.weighed.series.name,
            "value": p.weighed.headline.number if p.weighed.headline else None,
            "status": p.status,
            "rule": p.rule.id,
        }
        for p in primary.places
    ]
