"""The only exit for figures: what may be shown, how it is rounded, and how it reads.

`release` applies the release policy of each figure's source for an audience; `as_rows`, `text` and `sentence` take released answers
only. A figure that the publisher hid stays hidden together with its counts, limits and comparisons, and nothing made of it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from esteem.evidence.answers import Answer
from esteem.evidence.missing_words import why_missing
from esteem.evidence.model import Measure
from esteem.evidence.own_release import as_own_figure, as_own_rows, in_company
from esteem.evidence.release import rows as released
from esteem.evidence.release.cells import Cells
from esteem.evidence.release.deciding import Decided, decide
from esteem.evidence.release.policies import check_role, find_policy
from esteem.evidence.release.relations import Nesting
from esteem.evidence.release.splits import Split
from esteem.terms import flags as flag
from esteem.terms.actors import Actor
from esteem.terms.problems import Problem

AUDIENCES = ("public",)


@dataclass(frozen=True)
class Policy:
    """A release policy; `words` say it to a reader. Rates on fewer than `fewest_events` are hidden, below `doubtful_events` flagged.

    `own`: the figures are counted here, so that hiding and rounding are ours (evidence/own_release.py).
    """

    name: str
    words: str
    fewest_events: int = 0
    doubtful_events: int = 0
    own: bool = False


POLICIES = {
    policy.name: policy
    for policy in (
        Policy("published", "Shown as published. What the publisher hid stays hidden, and so does every sum that holds it."),
        Policy(
            "mhsds", "Counts under 5 are hidden and others rounded to 5 by NHS England below England; nothing is taken from its totals."
        ),
        Policy(
            "ons_deaths",
            "No age-standardised rate on fewer than 10 deaths; a rate on fewer than 20 deaths is marked as unreliable.",
            fewest_events=10,
            doubtful_events=20,
        ),
        Policy(
            "mhsds_records",
            "Counted here from records. Counts under 5 are hidden; below England others are rounded to 5, shares to whole ones.",
            own=True,
        ),
        Policy("fingertips", "No standardised rate on fewer than 10 events.", fewest_events=10),
    )
}
__all__ = ["POLICIES", "Policy", "Released", "as_rows", "number_text", "release", "sentence", "text", "why_missing"]
_HIDDEN = {flag.SUPPRESSED, flag.SUPPRESSED_PART}
_COMPARISON = ("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper")
_CHART = ("centre", "lower_process_limit", "upper_process_limit", "label", "variation", "assurance")


@dataclass(frozen=True)
class Released(Answer):
    """An answer that may be shown to its audience."""

    audience: str = "public"
    policies: tuple[str, ...] = ()


def release(answers: Iterable[Answer], audience: str = "public", policy: str | None = None) -> list[Released]:
    """The answers as the audience may see them. `policy` overrides those of the sources with a named one.

    Raises Problems `audience-unknown` and `policy-unknown`.
    """
    if audience not in AUDIENCES:
        raise Problem("audience-unknown", f"Figures are released to one of: {', '.join(AUDIENCES)}.", audience)
    shown = [_released(answer, audience, _policies(answer, policy)) for answer in answers]
    if any(POLICIES[name].own for one in shown for name in one.policies):
        return [one if one.number is not None else _without_trace(one) for one in in_company(shown)]
    return shown


def _policies(answer: Answer, override: str | None) -> list[Policy]:
    names = [override] if override else sorted({file.policy for file in answer.files}) or ["published"]
    unknown = [name for name in names if name not in POLICIES]
    if unknown:
        raise Problem(
            "policy-unknown", f"A release policy is one of: {', '.join(POLICIES)}.", ", ".join(unknown), "Mend the source module."
        )
    return [POLICIES[name] for name in names]


def _released(answer: Answer, audience: str, policies: list[Policy]) -> Released:
    shown = Released(**vars(answer) | {"audience": audience, "policies": tuple(policy.name for policy in policies)})
    for policy in policies:
        shown = as_own_figure(shown) if policy.own else _by_events(shown, policy)
    if shown.number is None:
        return _without_trace(shown)
    return shown


def _by_events(answer: Released, policy: Policy) -> Released:
    """The rule on few events, for rates whose number of events is known. A published rate without counts passed it at the publisher."""
    if not policy.fewest_events or not answer.unit.startswith("rate") or answer.numerator is None or answer.number is None:
        return answer
    if answer.numerator < policy.fewest_events:
        return replace(answer.flagged(flag.TOO_FEW), number=None)
    return answer.flagged(flag.FEW_EVENTS) if answer.numerator < policy.doubtful_events else answer


def _without_trace(answer: Released) -> Released:
    """A figure that is not given takes its counts, limits and comparisons with it, so that it cannot be worked out from them."""
    answer = answer if set(answer.flags) & flag.MISSING else answer.flagged(flag.UNKNOWN)
    bare = dict.fromkeys(("lower", "upper", *_COMPARISON))
    if set(answer.flags) & (_HIDDEN | {flag.TOO_FEW}) and not _empty(answer):
        bare |= {"numerator": None, "denominator": None}
    return replace(answer, **bare)


def _empty(answer: Answer) -> bool:
    """True for none of none in an unrounded count: there is nothing to hide, and the reader should see why there is no share."""
    return answer.numerator == 0 and answer.denominator == 0 and not set(answer.flags) & _HIDDEN


@dataclass(frozen=True)
class ReleasedStep:
    """A line of a waterfall that may be shown. `rows` in words; `kind` and `words` as in computed_figures.Step."""

    kind: str
    words: str
    rows: str


def release_steps(steps) -> list[ReleasedStep]:
    """The steps of a cohort (computed_figures.Step) as anyone may see them: `1,204`, or `under 5`."""
    return [ReleasedStep(s.kind, s.words, rows_text(s.rows)) for s in steps]


def rows_text(rows: int) -> str:
    """How many rows of records, in words: `1,204`, `none`, or `under 5`."""
    return "none" if rows == 0 else "under 5" if as_own_rows(rows) is None else f"{rows:,}"


# ---------------------------------------------------------------- whole runs counted from records


def decide_counted(splits: list[Split], data_set: str, nesting: Nesting, earlier: Cells | None = None, audience: str = "public") -> Decided:
    """What of a run is hidden from an audience, over all its figures and those of earlier releases together (docs/suppression.md)."""
    return decide(splits, find_policy(data_set, audience), nesting, earlier)


def release_counted(decided: Decided, by: Actor | None = None, role: str = "", log: Path | None = None) -> list[released.ReleasedRow]:
    """The figures of a run as their audience may see them.

    An audience of named roles needs `by`, a `role` it is for and a `log`, to which one line is written. Problems `role-not-allowed`,
    `release-not-logged`.
    """
    policy = decided.policy
    check_role(policy, role)
    rows = released.released_rows(decided)
    if policy.roles:
        if by is None or log is None:
            rule = f"A release to the {policy.audience} audience names who asked and is logged."
            raise Problem("release-not-logged", rule, "no name or no log", "Pass the person and the log.")
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "by": str(by), "role": role, "figures": len(rows)}
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line | {"policy": f"{policy.data_set}.{policy.audience}"}) + "\n")
    return rows


def counted_as_published(splits: list[Split]) -> list[released.ReleasedRow]:
    """The figures of a run as the nation prints them, to compare with what it printed. Not for release: nothing further is hidden."""
    return released.nationally_printed(splits)


# ---------------------------------------------------------------- rows for machines


def as_rows(answers: Iterable[Released], spc: bool = False, against: bool = False) -> list[dict]:
    """One flat dictionary for each answer: the fields of JSON and CSV. Numbers are unrounded; proportions are fractions."""
    return [_row(answer, spc, against) for answer in _checked(answers)]


def _checked(answers: Iterable[Released]) -> list[Released]:
    answers = list(answers)
    if any(not isinstance(answer, Released) for answer in answers):
        raise Problem(
            "not-released", "Only released figures leave Esteem.", "an answer of ask()", "Pass the answers through publish.release."
        )
    return answers


def _row(answer: Released, spc: bool, against: bool) -> dict:
    row = {
        "measure": answer.measure,
        "place_code": answer.place,
        "place_name": answer.place_name,
        "period": answer.period.label,
        "period_start": answer.period.start.isoformat(),
        "period_end": answer.period.end.isoformat(),
        "breakdown": answer.category,
        "by": "" if answer.breakdown == "all" else answer.breakdown,
        "value": _whole(answer.number) if answer.unit in ("count", "pounds") else answer.number,
        "numerator": _whole(answer.numerator),
        "denominator": _whole(answer.denominator),
        "lower": answer.lower,
        "upper": answer.upper,
        "unit": answer.unit,
        "method": answer.method,
        "source": "; ".join(file.words for file in answer.files),
        "source_rows": "; ".join(dict.fromkeys(reference.split("#", 1)[-1] for reference in answer.sources)),
        "flags": list(answer.flags),
    }
    if spc:
        row |= {name: getattr(answer, name) for name in _CHART} | {"chart_notes": list(answer.chart)}
    if against:
        row |= {"against": answer.against} | {name: getattr(answer, name) for name in _COMPARISON}
        row["comparison_method"] = answer.comparison_method
    return row | {"notes": list(answer.words)}


def _whole(number: float | None) -> float | int | None:
    """222 rather than 222.0 where the number is whole."""
    return int(number) if number is not None and number == int(number) else number


# ---------------------------------------------------------------- words for people


def text(value, measure: Measure) -> str:
    """A figure in words, rounded as in a sentence: `76% (71 to 81)`, `4,720 bed days`, `suppressed`, `not collected`."""
    if value.number is None:
        return why_missing(value)
    figure = number_text(value.number, measure, extra=_extra(value, measure))
    if value.lower is None or value.upper is None:
        return figure
    return f"{figure} ({limits_text(value, measure)})"


def _extra(value, measure: Measure) -> int:
    """One more decimal where the two limits would read the same (`47%, 47 to 47`)."""
    if value.lower is None or value.upper is None or value.lower == value.upper:
        return 0
    return int(number_text(value.lower, measure) == number_text(value.upper, measure))


def number_text(number: float, measure: Measure, extra: int = 0, bare: bool = False) -> str:
    """A number with its unit, rounded to the measure's decimals plus `extra` (tables show one more). `bare` leaves the unit out."""
    # A count or a sum of money is exact as it stands: a decimal place would only pretend.
    places = measure.decimals + (0 if measure.unit in ("count", "pounds") else extra)
    if measure.unit == "proportion":
        return f"{_round(number * 100, places)}" + ("" if bare else "%")
    if measure.unit == "yes_no":
        return "yes" if number >= 0.5 else "no"
    if measure.unit == "pounds":
        return f"£{_round(number, places)}"
    if bare:
        return _round(number, places)
    return f"{_round(number, places)}{_unit_words(number, measure)}"


def _round(number: float, places: int) -> str:
    """Half away from zero, as people round; thousands with commas; never `-0`."""
    step = 10**places
    whole = int(abs(number) * step + 0.5 + 1e-9)
    rounded = whole / step
    return f"{'-' if number < 0 and whole else ''}{rounded:,.{places}f}"


def _unit_words(number: float, measure: Measure) -> str:
    people = f" {measure.plain_unit}" if measure.plain_unit else ""
    return {
        "percentage_points": " percentage points",
        "rate_per_100000": f"{people} per 100,000 people" if measure.plain_unit != "people" else " per 100,000 people",
        "rate_per_10000": f"{people} per 10,000 people" if measure.plain_unit != "people" else " per 10,000 people",
        "days": " days",
        "years": " years",
        "score": "",
        "ratio": "",
        "mean": people,
    }.get(measure.unit, people)


def limits_text(value, measure: Measure) -> str:
    """`71 to 81`."""
    extra = _extra(value, measure)
    return f"{number_text(value.lower, measure, extra, bare=True)} to {number_text(value.upper, measure, extra, bare=True)}"


def ratio_text(answer: Answer) -> str:
    """`3.4 times (3.1 to 3.7)`: the figure as a multiple of its reference; `not compared` when there is no ratio."""
    if answer.ratio is None:
        return "not compared"
    interval = f" ({_multiple(answer.ratio_lower)} to {_multiple(answer.ratio_upper)})" if answer.ratio_lower is not None else ""
    return f"{_multiple(answer.ratio)} times{interval}"


def _multiple(ratio: float) -> str:
    """Two decimals below 1, one from there on: about two digits that mean something."""
    return _round(ratio, 2 if ratio < 1 else 1)


def counts_text(answer: Answer) -> str:
    """`222 of 291`; empty where the publisher gives no counts."""
    if answer.numerator is None or answer.denominator is None:
        return ""
    return f"{_count(answer.numerator)} of {_count(answer.denominator)}"


def whole(number: float) -> str:
    """A count on an axis: `1,500`."""
    return _round(number, 0)


def sentence(answer: Released, measure: Measure) -> str:
    """The finding in one sentence, for a heading, a table caption or the text alternative of a chart."""
    start = f"{_when(answer)}, {answer.place_name or answer.place}{_group(answer)}: "
    if answer.number is None:
        return f"{start}{measure.title}: {why_missing(answer)}."
    fields = {
        "share": _share(answer, measure),
        "figure": text(answer, measure),
        "numerator": _count(answer.numerator),
        "denominator": _count(answer.denominator),
        "place": answer.place_name,
        "period": answer.period.words,
    }
    return f"{start}{measure.sentence.format_map(fields)}."


def _when(answer: Answer) -> str:
    return answer.period.words[0].upper() + answer.period.words[1:]


def _group(answer: Answer) -> str:
    return "" if answer.category == "All" else f", {answer.category}"


def _count(number: float | None) -> str:
    return "an unknown number" if number is None else _round(number, 0)


def _share(answer: Answer, measure: Measure) -> str:
    """`222 of 291 people (76%, 71 to 81)` with counts, `67% of people` without."""
    unit = measure.plain_unit or "people"
    if answer.numerator is None or not answer.denominator:
        return f"{text(answer, measure)} of {unit}"
    interval = f", {limits_text(answer, measure)}" if answer.lower is not None and answer.upper is not None else ""
    counts = f"{_count(answer.numerator)} of {_count(answer.denominator)} {unit}"
    return f"{counts} ({number_text(answer.number, measure, _extra(answer, measure))}{interval})"
