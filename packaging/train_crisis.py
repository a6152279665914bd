"""Learns the weights of the crisis detector's small model from `sentences.txt` and the needs scheme. The same input gives the same weights.

Run: python packaging/train_crisis.py    (writes src/esteem/directory/crisis/weights.npz; about half a minute)
Sentences that are nearly a judged or held-out phrase are left out (packaging/leave_out.py says which).
"""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from esteem.directory.crisis.features import PLACES, features
from esteem.directory.crisis.model import FILE, LEVELS
from esteem.directory.needs import scheme
from esteem.directory.search.learned import examples, fingerprint, left_out
from esteem.directory.spelling import speller
from esteem.directory.typed import even

SENTENCES = FILE.with_name("sentences.txt")
MOST_OF_A_LINE = 40  # variants taken of one line
STRENGTH = 1e-5  # of the pull towards zero
# Needs whose phrases lie between the levels teach nothing clear.
LEFT_OUT = {"crisis-now", "suicidal-thoughts"}
AS_SIGNPOST = {"suicide-loss", "self-harm", "psychosis", "domestic-abuse", "sexual-harm", "safe-place"}


def every_variant(line: str) -> list[str]:
    parts = [part[1:-1].split("|") if part.startswith("{") else [part] for part in re.split(r"(\{[^}]*\})", line) if part]
    return ["".join(choice) for choice in itertools.islice(itertools.product(*parts), 5000)]


def variants(line: str, chance: random.Random) -> list[str]:
    """What a line with {a|b} stands for; at most MOST_OF_A_LINE, drawn evenly."""
    every = [sentence for sentence in every_variant(line) if fingerprint(even(sentence)) not in left_out()]
    return every if len(every) <= MOST_OF_A_LINE else chance.sample(every, MOST_OF_A_LINE)


def read(path: Path) -> list[tuple[str, str, float]]:
    """(level, sentence, weight). A line weighs the fourth root cubed of its variants, so that no long line rules."""
    chance = random.Random(1)
    rows, level = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            level = line.strip("[]")
        elif line and not line.startswith("#"):
            made = variants(line, chance)
            rows += [(level, sentence, len(made) ** -0.3) for sentence in made]
    return rows


def from_scheme() -> list[tuple[str, str, float]]:
    rows = []
    for need in scheme().needs:
        if need.id not in LEFT_OUT:
            level = "signpost" if need.id in AS_SIGNPOST else "none"
            rows += [(level, phrase, 0.6) for phrase in need.says if fingerprint(even(phrase)) not in left_out()]
    levels = {need.id: "none" if need.crisis == "none" else "signpost" for need in scheme().needs}
    taught = [(needs, sentence) for needs, sentence, weight in examples() if weight > 1 and not LEFT_OUT.intersection(needs)]
    return rows + [(levels[needs[0]], sentence, 1.2) for needs, sentence in taught]


def with_context(rows: list[tuple[str, str, float]]) -> list[tuple[str, str, float]]:
    """Danger stays danger when something ordinary stands before or after it."""
    chance = random.Random(2)
    ordinary = [sentence for level, sentence, _ in rows if level == "none"]
    graver = [row for row in rows if row[0] != "none"]
    mixed = []
    for level, sentence, _ in chance.sample(graver, len(graver) // 3):
        other = chance.choice(ordinary)
        mixed.append((level, f"{other} and {sentence}" if chance.random() < 0.6 else f"{sentence} {other}", 0.15))
    return mixed


def main() -> None:
    rows = read(SENTENCES)
    rows += from_scheme()
    rows += with_context(rows)
    repair = speller().text
    on = [features(repair(even(sentence))) for _, sentence, _ in rows]
    lengths = np.array([len(one) for one in on])
    data = np.repeat(1 / np.sqrt(lengths), lengths)
    table = csr_matrix((data, np.concatenate(on), np.concatenate([[0], np.cumsum(lengths)])), shape=(len(rows), PLACES))
    used = np.unique(table.indices)
    table = table[:, used]
    answer = np.array([LEVELS.index(level) for level, _, _ in rows])
    weight = np.array([weight for _, _, weight in rows])
    for level in range(3):  # the three levels weigh alike
        weight[answer == level] *= len(rows) / 3 / weight[answer == level].sum()
    right = np.eye(3)[answer]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        matrix, constant = flat[:-3].reshape(-1, 3), flat[-3:]
        score = table @ matrix + constant
        score -= score.max(1, keepdims=True)
        chance = np.exp(score)
        chance /= chance.sum(1, keepdims=True)
        value = -(weight * np.log(chance[np.arange(len(rows)), answer] + 1e-12)).sum() / len(rows)
        slope = (chance - right) * weight[:, None] / len(rows)
        gradient = table.T @ slope + 2 * STRENGTH * matrix
        return value + STRENGTH * (matrix**2).sum(), np.concatenate([gradient.ravel(), slope.sum(0)])

    found = minimize(loss, np.zeros(3 * len(used) + 3), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    matrix = found.x[:-3].reshape(-1, 3)
    worth = np.abs(matrix).max(1) > 0.02
    parts = {"places": PLACES, "rows": used[worth].astype(np.int32), "weights": matrix[worth].astype(np.float16), "constant": found.x[-3:]}
    np.savez_compressed(FILE, **parts)
    counts = {level: int((answer == i).sum()) for i, level in enumerate(LEVELS)}
    print(f"{len(rows):,} sentences {counts}; {worth.sum():,} places; loss {found.fun:.4f}; {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
