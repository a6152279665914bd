"""What would it take to keep a promise: the gap in people, not per cent, and where the figures are heading."""

from __future__ import annotations

import math

from esteem.evidence import publish
from esteem.evidence.answers import Answer
from esteem.evidence.model import Measure
from esteem.strategy.finding import Finding
from esteem.strategy.statuses import MeasureStatus
from esteem.terms import flags as flag


def what_it_takes(found: MeasureStatus) -> str:
    """Sentences; empty when there is no level to reach or no figure. Rounded counts give "about"."""
    decisive, aim = found.decisive, found.binding.target
    if decisive is None or aim is None or aim.kind not in ("level", "ambition") or aim.value is None:
        return ""
    finding, answer = decisive.weighed.finding, decisive.weighed.headline
    if answer is None or answer.is_missing:
        return ""
    target = aim.value_at(decisive.weighed.series.code)
    parts = [_gap(answer, found.measure, target, finding), _heading(finding, found.measure)]
    return " ".join(part for part in parts if part)


def _gap(answer: Answer, measure: Measure, target: float, finding: Finding) -> str:
    if finding.sign * (answer.number - target) >= 0:
        return "The figure has reached the target: it takes no less than now."
    unit = measure.plain_unit or "people"
    if measure.unit == "proportion" and answer.denominator and answer.numerator is not None:
        needed = finding.sign * (target * answer.denominator - answer.numerator)
        about = "About " if flag.ROUNDED in answer.flags else ""
        more = "more" if finding.sign > 0 else "fewer"
        said = f"{about}{math.ceil(needed - 1e-9):,} {more} {unit} in {answer.period.words}"
        return f"{said[0].upper()}{said[1:]} would have reached the target of {publish.number_text(target, measure)}."
    gap = publish.number_text(abs(target - answer.number), measure, bare=measure.unit == "proportion")
    points = " percentage points" if measure.unit == "proportion" else ""
    counts = " The publisher gives no counts, so the gap in people cannot be said." if measure.unit == "proportion" else ""
    return f"The figure is {gap}{points} from the target of {publish.number_text(target, measure)}.{counts}"


def _heading(finding: Finding, measure: Measure) -> str:
    if finding.forecast is None or finding.due is None:
        return ""
    value, low, high = (publish.number_text(v, measure, bare=measure.unit != "proportion") for v in finding.forecast)
    return f"If nothing changes, the forecast for {finding.due:%B %Y} is {value} ({low} to {high})."
