"""The rules that give a promise its status: data a reader can see, tried in order; the first that fits gives the status.

`esteem strategy rules` prints them and the page "How statuses are given" shows them. The words of a rule are the words of the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from esteem.strategy.finding import Finding

KEPT, ON_COURSE, AT_RISK, NOT_KEPT, CANNOT_TELL, NOT_YET = STATUSES = (
    "kept",
    "on_course",
    "at_risk",
    "not_kept",
    "cannot_tell",
    "not_yet",
)
WORDS = {
    KEPT: "kept",
    ON_COURSE: "on course",
    AT_RISK: "at risk",
    NOT_KEPT: "not kept",
    CANNOT_TELL: "cannot tell",
    NOT_YET: "not yet in Esteem",
}
JUDGED = (KEPT, ON_COURSE, AT_RISK, NOT_KEPT)


@dataclass(frozen=True)
class Rule:
    """`words` say when the rule applies, in a sentence that ends with the status it gives."""

    id: str
    status: str
    words: str
    applies: Callable[[Finding], bool]


def _figure(f: Finding) -> bool:
    return f.value is not None or f.ratio is not None


FIGURE = (
    Rule(
        "figure-suppressed",
        CANNOT_TELL,
        "The latest figure is suppressed, so nobody outside can tell.",
        lambda f: not _figure(f) and f.suppressed,
    ),
    Rule("figure-missing", CANNOT_TELL, "There is no figure for this place.", lambda f: not _figure(f)),
    Rule("figure-before-start", CANNOT_TELL, "The latest figure is from before the strategy began.", lambda f: f.before_start),
    Rule(
        "figure-too-old",
        CANNOT_TELL,
        "The latest figure is more than 24 months old and is not from the time that the promise was made for.",
        lambda f: f.is_stale and not f.covers_due,
    ),
)

LEVEL = (
    Rule(
        "level-met-worsening",
        AT_RISK,
        "The target is met, but the control chart shows a change for the worse that is unlikely to be chance.",
        lambda f: f.meets and f.variation == "concern" and f.assurance != "pass",
    ),
    Rule(
        "level-passing-worsening",
        ON_COURSE,
        "The control chart's limits meet the target, but its last points change for the worse beyond chance.",
        lambda f: f.meets and f.variation == "concern",
    ),
    Rule(
        "level-surely-met",
        KEPT,
        "The latest figure meets the target by more than chance: so does its whole interval or control chart, or everyone was counted.",
        lambda f: f.surely_meets,
    ),
    Rule(
        "level-met",
        ON_COURSE,
        "The latest figure meets the target, but nothing rules out that this is chance.",
        lambda f: f.meets,
    ),
    Rule(
        "level-missed-when-due",
        NOT_KEPT,
        "The promise has fallen due, and the latest figure misses the target by more than chance could explain.",
        lambda f: f.covers_due and not f.standing and f.surely_misses,
    ),
    Rule(
        "level-missed-no-interval",
        AT_RISK,
        "The latest figure misses the target. It is published without the counts behind it, so chance cannot be ruled out.",
        lambda f: (f.covers_due or f.standing) and not f.chance_known,
    ),
    Rule(
        "level-near-when-due",
        AT_RISK,
        "The promise has fallen due and the latest figure misses the target, but by no more than chance could explain.",
        lambda f: f.covers_due and not f.standing,
    ),
    Rule(
        "level-missed-standing",
        NOT_KEPT,
        "The target stands at all times, and the latest figure misses it by more than chance could explain.",
        lambda f: f.standing and f.surely_misses,
    ),
    Rule(
        "level-near-standing",
        AT_RISK,
        "The latest figure misses the target, but by no more than chance could explain.",
        lambda f: f.standing,
    ),
    Rule(
        "level-on-trajectory",
        ON_COURSE,
        "The promise is not due yet and the latest figure is on its planned path.",
        lambda f: f.on_trajectory,
    ),
    Rule(
        "level-forecast-met",
        ON_COURSE,
        "The promise is not due yet, and the whole forecast for the due day meets the target.",
        lambda f: f.expected is None and f.forecast_meets() == "all",
    ),
    Rule(
        "level-forecast-unsure",
        AT_RISK,
        "The promise is not due yet, and the forecast for the due day may meet the target or miss it.",
        lambda f: f.forecast_meets() == "part",
    ),
    Rule(
        "level-forecast-missed",
        AT_RISK,
        "The promise is not due yet; if nothing changes, the forecast for the due day misses the target.",
        lambda f: f.forecast_meets() == "none",
    ),
    Rule(
        "level-not-there-yet",
        AT_RISK,
        "The promise is not due yet, the latest figure misses the target, and nothing shows that it will be met in time.",
        lambda f: True,
    ),
)

DIRECTION = (
    Rule("direction-too-short", CANNOT_TELL, "There are fewer than two years of figures to compare.", lambda f: not f.steps),
    Rule(
        "direction-every-year",
        KEPT,
        "Every year went the promised way, and the change over the years is unlikely to be chance.",
        lambda f: f.every_year and min(f.steps) > 0 and (f.trend == "better" or (not f.trend and f.sure_last_step)),
    ),
    Rule(
        "direction-overall",
        KEPT,
        "Over the years the figure went the promised way, by more than chance could explain.",
        lambda f: not f.every_year and (f.trend == "better" or (not f.trend and f.sure_last_step)),
    ),
    Rule(
        "direction-wrong",
        NOT_KEPT,
        "Over the years the figure went the wrong way, by more than chance could explain.",
        lambda f: f.trend == "worse",
    ),
    Rule(
        "direction-broken-year",
        NOT_KEPT,
        "The promise is for every year, and in at least one year the figure went the wrong way by more than chance could explain.",
        lambda f: f.every_year and f.sure_step_against,
    ),
    Rule(
        "direction-mostly",
        ON_COURSE,
        "Over the years the figure went the promised way, though not in every year; the odd year may be chance.",
        lambda f: f.trend == "better",
    ),
    Rule(
        "direction-likely",
        ON_COURSE,
        "The figure went the promised way over the years and in the last year, but chance is not ruled out.",
        lambda f: sum(f.steps) > 0 and f.steps[-1] > 0,
    ),
    Rule(
        "direction-unsure",
        AT_RISK,
        "The figure did not go the promised way in the last year or over the years; this may be chance.",
        lambda f: True,
    ),
)

PARITY = (
    Rule("parity-missing", CANNOT_TELL, "There is no published figure that compares the two groups.", lambda f: f.ratio is None),
    Rule(
        "parity-unsure",
        CANNOT_TELL,
        "The two groups can be compared, but without an interval, so chance cannot be ruled out.",
        lambda f: f.ratio_lower is None or f.ratio_upper is None,
    ),
    Rule(
        "parity-gap",
        NOT_KEPT,
        "One group fares worse than the other by more than chance could explain.",
        lambda f: f.ratio_lower > 1 if f.sign < 0 else f.ratio_upper < 1,
    ),
    Rule(
        "parity-better",
        KEPT,
        "The group fares no worse than the other, and chance is ruled out.",
        lambda f: f.ratio_upper <= 1 if f.sign < 0 else f.ratio_lower >= 1,
    ),
    Rule("parity-no-sure-gap", ON_COURSE, "The groups differ by no more than chance could explain.", lambda f: True),
)

BY_KIND = {
    "level": (*FIGURE, *LEVEL),
    "direction": (*FIGURE, *DIRECTION),
    "ambition": (*FIGURE, *DIRECTION),
    "parity": (*FIGURE, *PARITY),
}

COMBINING = (
    ("places", "Where figures of several places cannot be added up, each place is judged by itself and the least good counts."),
    (
        "places-unknown",
        "A place that cannot be judged leaves the promise at most on course; with fewer than half of the places judged, we cannot tell.",
    ),
    ("measures", "The primary measure, an outcome where there is one, decides."),
    (
        "measures-lower",
        "Another judged measure that is at risk or not kept turns kept into on course, or on course into at risk. None raises a status.",
    ),
    ("context", "Measures marked as context are shown and never judged."),
    (
        "not-yet",
        "A promise without a public figure, whose records a later part of Esteem will hold, is not yet in Esteem: it says what is needed.",
    ),
    (
        "at-last-count",
        "A figure older than 24 months is still judged, as at last count, when it is from the time the promise was made for.",
    ),
    (
        "time-of-promise",
        "That time is: the day the promise falls due or later; without such a day, the strategy's last year or later; "
        "while a strategy has no end, the last 36 months (yearly figures come out up to a year late, and two may be missing).",
    ),
)


def judge(finding: Finding) -> Rule:
    """The first rule that fits. Every finding of a known kind meets one: the last rule of each list always applies."""
    return next(rule for rule in BY_KIND[finding.kind] if rule.applies(finding))


def severity(status: str) -> int:
    """0 = kept ... 3 = not kept; statuses that are not judged have none (raises ValueError)."""
    return JUDGED.index(status)


def combine_places(statuses: list[str]) -> tuple[str, str]:
    """(status, rule id) of one measure from its statuses at several places."""
    judged = [s for s in statuses if s in JUDGED]
    if not judged or 2 * len(judged) < len(statuses):
        return CANNOT_TELL, "places-unknown"
    worst = max(judged, key=severity)
    if len(judged) < len(statuses) and worst == KEPT:
        return ON_COURSE, "places-unknown"
    return worst, "places"


def combine_measures(primary: str, others: list[str]) -> tuple[str, str]:
    """(status, rule id) of a promise from its primary measure and its other judged measures: these can only lower it by one step."""
    if primary in (KEPT, ON_COURSE) and any(s in (AT_RISK, NOT_KEPT) for s in others):
        return JUDGED[severity(primary) + 1], "measures-lower"
    return primary, "measures"
