"""Speed of the methods beside the R peers: `python benchmarks/methods.py` prints one table.

Peer seconds are CPU seconds of the R packages on 2 cores, from the project's statistics guide; they were not measured on this machine.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from esteem.methods import comparison, forecast, funnel, inequality, life_expectancy, proportions, rates, spc, standardise, trend

ROUNDS = 5


@dataclass(frozen=True)
class Task:
    """`peer` and `bar` in seconds; None where there is none."""

    name: str
    run: Callable[[], object]
    peer: float | None = None
    bar: float | None = None


def tasks() -> list[Task]:
    rng = np.random.default_rng(1)
    events, people = rng.integers(0, 40, (10_000, 19)), rng.integers(500, 9000, (10_000, 19))
    reference = events.sum(axis=0), people.sum(axis=0)
    n = rng.integers(1, 5000, 1_000_000)
    x = rng.binomial(n, 0.05)
    series = rng.normal(50, 5, (2000, 36))
    ratio = funnel.areas("ratio_isr", rng.integers(1, 90, 150), rng.uniform(5, 80, 150))
    deaths = rng.integers(5, 80, (1000, 20))
    deciles = {"value_type": "rate", "lower": np.linspace(180, 90, 10), "upper": np.linspace(240, 130, 10)}
    yearly = rng.uniform(0.2, 0.6, (1000, 10))
    inequality.index([1e4] * 10, np.linspace(210, 110, 10), **deciles)  # draws are made once
    return [
        Task("XmR with labels, 2,000 series x 36", lambda: _labelled(series), 5.0, 0.06),
        Task("XmR, one series of 36", lambda: spc.xmr(series[0]), 0.036, 0.001),
        Task("directly standardised rate, 10,000 x 19", lambda: standardise.direct(events, people), 2.97, 0.03),
        Task("indirectly standardised rate, 10,000 x 19", lambda: standardise.indirect_rate(events, people, *reference), 5.0, 0.05),
        Task("rate, 1,000,000 rows", lambda: rates.rate(x, n), 2.4, 0.5),
        Task("proportion, 1,000,000 rows", lambda: proportions.wilson(x, n), 0.25, 0.25),
        Task("funnel limits, ratio, 100 places", lambda: funnel.limits(ratio), 1.7, 0.005),
        Task("slope index, 10 deciles, rates", lambda: inequality.index([1e4] * 10, np.linspace(210, 110, 10), **deciles), 0.39, 0.005),
        Task("life expectancy, 1,000 areas", lambda: life_expectancy.expectancy(deaths, deaths * 40), 3.2, 0.05),
        Task("ratio of proportions, 10,000 pairs", lambda: comparison.proportion_ratio(x[:10_000], n[:10_000], x[-10_000:], n[-10_000:])),
        Task("trend of counts, 1,000 series x 10", lambda: trend.of_counts(np.arange(10), np.round(yearly * 500), 500)),
        Task("forecast with back-test, 1,000 series x 10", lambda: forecast.forecast(yearly, 3, scale="fraction")),
    ]


def _labelled(series: np.ndarray):
    chart = spc.xmr_many(series, improvement="increase", target=52)
    return chart.labels, chart.point_types, chart.variation, chart.assurance


def cpu_seconds(run: Callable[[], object]) -> float:
    """Median CPU seconds of several rounds, after one to warm up."""
    run()
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return sorted(spent)[ROUNDS // 2]


def main() -> None:
    print(f"{date.today()}, {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    print(f"{'task':44} {'ours CPU s':>10} {'peer CPU s':>10} {'ratio':>7} {'bar s':>6}")
    for task in tasks():
        ours = cpu_seconds(task.run)
        peer = f"{task.peer:.3f}" if task.peer else "-"
        ratio = f"{task.peer / ours:.0f}x" if task.peer else "-"
        bar = f"{task.bar:.3f}" if task.bar else "-"
        print(f"{task.name:44} {ours:10.4f} {peer:>10} {ratio:>7} {bar:>6}{'  over the bar' if task.bar and ours > task.bar else ''}")


if __name__ == "__main__":
    main()
