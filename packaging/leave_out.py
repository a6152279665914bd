"""Writes which training sentences are left out because they are, or nearly are, a phrase of a judged or held-out set.

Run: python packaging/leave_out.py CSV_OR_TXT...             (what the search learns from)
     python packaging/leave_out.py --danger CSV_OR_TXT...    (what the crisis detector learns from)
The files are the judged sets of the design and those of tests/directory.
What is written are checksums, so that training needs no judged set and a measure never rests on phrases that were learned.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from rapidfuzz import fuzz, process
from train_crisis import LEFT_OUT_SENTENCES, every_sentence

from esteem.directory.needs import scheme
from esteem.directory.search.learned import EXAMPLES, LEFT_OUT, fingerprint, phrasings
from esteem.directory.typed import even

TOO_LIKE = 80  # of 100, by letters
LEAST_WORDS = 3  # shorter phrases are the vocabulary itself


def phrases(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        return [row.get("phrase") or row["query"] for row in csv.DictReader(text.splitlines())]
    return [line for line in text.splitlines() if line and line[0] not in "#["]


def main() -> None:
    danger, names = "--danger" in sys.argv, [name for name in sys.argv[1:] if name != "--danger"]
    judged = [p for name in names for p in map(even, phrases(Path(name))) if len(p.split()) >= LEAST_WORDS]
    taught = {even(row.sentence) for row in every_sentence()} if danger else set()
    taught |= {even(line.split("|", 1)[1]) for line in EXAMPLES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"}
    taught |= {even(phrase) for need in scheme().needs for phrase in (*need.says, *need.formal, need.label)}
    taught |= {even(phrase) for _, phrase in phrasings()}
    order = sorted(sentence for sentence in taught if len(sentence.split()) >= LEAST_WORDS)
    near: set[str] = set()
    for at in range(0, len(order), 4000):
        some = order[at : at + 4000]
        likeness = process.cdist(some, judged, scorer=fuzz.ratio, score_cutoff=TOO_LIKE)
        near |= {some[row] for row in set(likeness.nonzero()[0].tolist())}
    kept = LEFT_OUT_SENTENCES if danger else LEFT_OUT
    kept.write_text("".join(f"{one}\n" for one in sorted(map(fingerprint, near))), encoding="utf-8")
    print(f"{len(near)} of {len(order)} sentences are too like {len(judged)} judged phrases")


if __name__ == "__main__":
    main()
