"""How well the crisis detector hears sets of phrases: rates alone, never a phrase, so that a look teaches nothing of the set.

Run: python benchmarks/crisis_phrases.py FILE...    (CSV with columns label and phrase, or text with [level] headings)
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

from esteem.directory.crisis.detector import level
from esteem.directory.crisis.model import LEVELS

# name -> (label of the phrases, answers that count)
MEASURES = {
    "shown": ("crisis", LEVELS[1:]),
    "full": ("crisis", LEVELS[2:]),
    "false alarm": ("none", LEVELS[1:]),
    "false full alarm": ("none", LEVELS[2:]),
    "signpost shown": ("signpost", LEVELS[1:]),
    "signpost overdone": ("signpost", LEVELS[2:]),
}


def phrases(path: Path) -> list[tuple[str, str]]:
    """(label, phrase)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        return [(row["label"], row["phrase"]) for row in csv.DictReader(text.splitlines())]
    found, label = [], ""
    for line in text.splitlines():
        if line.startswith("["):
            label = line.strip("[]").split()[0]
        elif line and not line.startswith("#"):
            found.append((label, line))
    return found


def main() -> None:
    level("warm up")
    for name in sys.argv[1:]:
        said: dict[str, list[str]] = {one: [] for one in LEVELS}
        spent = []
        for label, phrase in phrases(Path(name)):
            start = time.process_time()
            said[label].append(level(phrase))
            spent.append(time.process_time() - start)
        print(f"{Path(name).name}: {len(spent)} phrases, p95 {sorted(spent)[int(len(spent) * 0.95)] * 1000:.1f} ms of processor")
        for measure, (label, answers) in MEASURES.items():
            share, many = sum(one in answers for one in said[label]) / len(said[label]), len(said[label])
            print(f"  {measure:18} {share:6.1%} +- {1.96 * (share * (1 - share) / many) ** 0.5:.1%} of {many}")


if __name__ == "__main__":
    main()
