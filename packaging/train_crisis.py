"""Learns the weights of the crisis detector from `training/*.txt`, `sentences.txt` and the needs scheme; always the same ones.

Run: python packaging/train_crisis.py    (writes src/esteem/directory/crisis/weights.npz; some minutes on one core)
First the sentences written one by one are heard by models that did not learn from them (three folds, a line never in two): from what these
say, together with the patterns, the last step is learned and the measures are printed. Then one model learns from everything and is kept.
Sentences that are nearly a judged or held-out phrase are left out (packaging/leave_out.py says which).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from esteem.directory.crisis.detector import FULL, SHOWN
from esteem.directory.crisis.features import PLACES, features
from esteem.directory.crisis.model import FILE, LEVELS, softmax
from esteem.directory.crisis.patterns import patterns
from esteem.directory.crisis.reading import read
from esteem.directory.needs import scheme
from esteem.directory.search.learned import examples, fingerprint, phrasings
from esteem.directory.typed import even

SENTENCES = FILE.with_name("sentences.txt")
TRAINING = FILE.with_name("training")
WORDS = TRAINING / "words.txt"
# Checksums of sentences that are too like a judged phrase to be learned from (packaging/leave_out.py).
LEFT_OUT_SENTENCES = FILE.with_name("left_out.txt")
MOST_OF_A_LINE = {"crisis": 12, "signpost": 16, "none": 18}  # variants drawn of one line
LESS_OF_MANY = 0.6  # a line of n variants weighs n ** (1 - this)
STRENGTH, ROUNDS, FOLDS = 4e-6, 60, 3  # of the pull towards zero; steps of the search for the best weights; parts of the check
# Needs whose phrases lie between the levels teach nothing clear.
LEFT_OUT = {"crisis-now", "suicidal-thoughts"}
AS_SIGNPOST = {"suicide-loss", "self-harm", "psychosis", "domestic-abuse", "sexual-harm", "safe-place"}
# Needs that border on distress: what people say of them may be no danger or plain distress, but is no word of danger.
BORDERING = {
    *("low-mood", "complex-emotions", "child-feelings", "parenting", "carer", "trauma", "pregnancy-baby"),
    *("anger", "alcohol", "drugs", "eating", "rights-advocacy"),
}
CHOICE = re.compile(r"(\{[^}]*\})")


class Row(NamedTuple):
    level: str
    line: str  # the line it was made of; lines never lie in two folds
    sentence: str
    worth: float
    alone: bool  # written by hand as one sentence: such rows stand for what people type


def lists() -> dict[str, list[str]]:
    """name -> words, which a line names as <name>."""
    lines = (line.split(" = ", 1) for line in WORDS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return {name: words.split("|") for name, words in lines}


def drawn(line: str, most: int, chance: random.Random, named: dict[str, list[str]]) -> list[str]:
    """At most `most` different sentences that a line with {a|b} and <list> stands for."""
    made: dict[str, None] = {}
    for _ in range(most * 3):
        text = "".join(chance.choice(part[1:-1].split("|")) if part.startswith("{") else part for part in CHOICE.split(line))
        while "<" in text:
            text = re.sub(r"<(\w+)>", lambda found: chance.choice(named[found[1]]), text)
        made[" ".join(text.split())] = None
        if len(made) == most:
            break
    return list(made)


def every_sentence() -> list[Row]:
    """What the files stand for, before anything is left out; always the same."""
    chance, named, rows = random.Random(1), lists(), []
    for path in (SENTENCES, *sorted(TRAINING.glob("*.txt"))):
        level = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path != WORDS else ()):
            if line.startswith("["):
                level = line.strip("[]").split()[0]
            elif line and not line.startswith("#"):
                made = drawn(line, MOST_OF_A_LINE[level], chance, named)
                alone = path.stem.startswith(("single", "more")) and len(made) == 1
                rows += [Row(level, f"{path.stem} {number}", one, len(made) ** -LESS_OF_MANY, alone) for one in made]
    return rows


def from_scheme() -> list[Row]:
    rows = []
    for need in scheme().needs:
        if need.id not in LEFT_OUT:
            level = "signpost" if need.id in AS_SIGNPOST else "none"
            rows += [Row(level, f"need {need.id}", phrase, 0.5, False) for phrase in need.says]
    levels = {need.id: "none" if need.crisis == "none" else "signpost" for need in scheme().needs}
    taught = [(needs, sentence) for needs, sentence, weight in examples() if weight > 1 and not LEFT_OUT.intersection(needs)]
    return rows + [Row(levels[needs[0]], f"example {at}", sentence, 0.7, False) for at, (needs, sentence) in enumerate(taught)]


def from_phrasings() -> list[Row]:
    """What people say of ordinary needs is no danger; where a pattern speaks of one, nothing is taken for granted."""
    ordinary = {need.id for need in scheme().needs if need.crisis == "none"} - BORDERING
    rows = []
    for at, (needs, sentence) in enumerate(phrasings()):
        heard = {pattern.level for pattern in patterns().speaking(read(sentence))}
        if set(needs) <= ordinary and heard <= {"none"}:
            rows.append(Row("none", f"phrasing {at}", sentence, 0.7, True))
        elif set(needs) <= ordinary | BORDERING and "crisis" not in heard:
            rows.append(Row("none", f"phrasing {at}", sentence, 0.35, False))
            rows.append(Row("signpost", f"phrasing {at}", sentence, 0.2, False))
        elif needs[0] in AS_SIGNPOST and "crisis" not in heard:
            rows.append(Row("signpost", f"phrasing {at}", sentence, 0.4, False))
    return rows


def with_context(rows: list[Row]) -> list[Row]:
    """Danger stays danger when something ordinary stands before or after it."""
    chance = random.Random(2)
    ordinary = [row.sentence for row in rows if row.level == "none"]
    graver = [row for row in rows if row.level != "none"]
    mixed = []
    for row in chance.sample(graver, len(graver) // 6):
        other = chance.choice(ordinary)
        text = f"{other} and {row.sentence}" if chance.random() < 0.6 else f"{row.sentence} {other}"
        mixed.append(row._replace(sentence=text, worth=0.1, alone=False))
    return mixed


def with_slips(rows: list[Row]) -> list[Row]:
    """Some sentences once more as hurried fingers type them: a letter lost, doubled, swapped, or a space lost."""
    chance = random.Random(3)
    return [row._replace(sentence=slip(row.sentence, chance), worth=row.worth * 0.3, alone=False) for row in rows if chance.random() < 0.25]


def slip(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(1, max(2, len(text) - 1))
        before, letter, after = text[:at], text[at : at + 1], text[at + 1 :]
        text = chance.choice((before + after, before + letter * 2 + after, before[:-1] + letter + before[-1:] + after))
    return text


def rows_to_learn() -> list[Row]:
    left_out = set(LEFT_OUT_SENTENCES.read_text(encoding="utf-8").split())
    every = (*every_sentence(), *from_scheme(), *from_phrasings())
    rows = [row for row in every if fingerprint(even(row.sentence)) not in left_out]
    return rows + with_context(rows) + with_slips(rows)


def table_of(repaired: list[str]) -> csr_matrix:
    on = [features(one) for one in repaired]
    lengths = np.array([len(one) for one in on])
    data = np.repeat(1 / np.sqrt(lengths), lengths)
    return csr_matrix((data, np.concatenate(on), np.concatenate([[0], np.cumsum(lengths)])), shape=(len(on), PLACES))


def met_often(table: csr_matrix) -> np.ndarray:
    """Places that at least two sentences turn on; what only one has says nothing of the next."""
    return np.flatnonzero(np.bincount(table.indices, minlength=PLACES) >= 2)


def learn(table, answer: np.ndarray, worth: np.ndarray, strength: float, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """(weights, constant) of the multinomial model; the three levels weigh alike."""
    size, worth = table.shape[1], worth.copy()
    for level in range(3):
        worth[answer == level] *= len(worth) / 3 / worth[answer == level].sum()
    right, turned = np.eye(3)[answer], table.T if isinstance(table, np.ndarray) else table.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        matrix, constant = flat[:-3].reshape(size, 3), flat[-3:]
        chance = softmax(table @ matrix + constant)
        slope = (chance - right) * worth[:, None] / len(worth)
        value = -(worth * np.log(chance[np.arange(len(worth)), answer] + 1e-12)).sum() / len(worth)
        gradient = turned @ slope + 2 * strength * matrix
        return value + strength * (matrix**2).sum(), np.concatenate([gradient.ravel(), slope.sum(0)])

    found = minimize(loss, np.zeros(3 * size + 3), jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    return found.x[:-3].reshape(size, 3), found.x[-3:]


def unheard(rows: list[Row], table: csr_matrix, answer: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(where, fold, logarithm of chances) of the sentences written one by one, each from a model that learned from none of its fold."""
    lines = sorted({row.line for row in rows if row.alone})
    shuffled = dict(zip(lines, np.random.default_rng(1).permutation(len(lines)) % FOLDS, strict=True))
    fold = np.array([shuffled.get(row.line, -1) for row in rows])
    alone = np.array([row.alone for row in rows])
    # The third helping was written after reading which of the others were missed: it has no part in the check.
    later = np.array([row.line.startswith("third") for row in rows])
    said = np.zeros((len(rows), 3))
    for part in range(FOLDS):
        asked, taught = alone & (fold == part), (fold != part) & ~later
        some = table[taught]
        used = met_often(some)
        weights, constant = learn(some[:, used], answer[taught], worth[taught], STRENGTH, ROUNDS)
        said[asked] = np.log(softmax(table[asked][:, used] @ weights + constant) + 1e-6)
    where = np.flatnonzero(alone)
    return where, fold[where], said[where]


def measures(answer: np.ndarray, chances: np.ndarray, full: float, shown: float) -> dict[str, tuple[float, int]]:
    """name -> (share, of how many), as the design names them."""
    level = np.where(chances[:, 2] >= full, 2, np.where(chances[:, 1] + chances[:, 2] >= shown, 1, 0))
    wanted = {"shown": (2, 1), "full": (2, 2), "false alarm": (0, 1), "false full": (0, 2), "signpost shown": (1, 1), "overdone": (1, 2)}
    return {name: (float((level[answer == of] >= least).mean()), int((answer == of).sum())) for name, (of, least) in wanted.items()}


def printed(found: dict[str, tuple[float, int]]) -> str:
    return ", ".join(f"{name} {share:.1%} +- {1.96 * (share * (1 - share) / count) ** 0.5:.1%}" for name, (share, count) in found.items())


def main() -> None:
    rows = rows_to_learn()
    texts = [read(row.sentence) for row in rows]
    rows, texts = zip(*((row, text) for row, text in zip(rows, texts, strict=True) if text), strict=True)
    table, answer = table_of(list(texts)), np.array([LEVELS.index(row.level) for row in rows])
    worth = np.array([row.worth for row in rows])
    where, fold, said = unheard(list(rows), table, answer, worth)
    both = np.hstack([said, np.array([patterns().sums(texts[at]) for at in where])])
    ones, right, heard = np.ones(len(where)), answer[where], np.zeros((len(where), 3))
    for part in range(FOLDS):
        weights, constant = learn(both[fold != part], right[fold != part], ones[fold != part], 1e-4, 300)
        heard[fold == part] = softmax(both[fold == part] @ weights + constant)
    print("unheard sentences:", printed(measures(right, heard, FULL, SHOWN)))
    written = np.array([not rows[at].line.startswith("phrasing") for at in where])
    print("without the phrasings of needs:", printed(measures(right[written], heard[written], FULL, SHOWN)))
    last, last_constant = learn(both, right, ones, 1e-4, 300)
    used = met_often(table)
    matrix, constant = learn(table[:, used], answer, worth, STRENGTH, ROUNDS)
    kept = np.abs(matrix).max(1) > 0.02
    parts = {"places": PLACES, "rows": used[kept].astype(np.int32), "weights": matrix[kept].astype(np.float16), "constant": constant}
    np.savez_compressed(FILE, **parts, last=last, last_constant=last_constant)
    print(f"{len(rows):,} sentences {dict(Counter(row.level for row in rows))}; {kept.sum():,} places; {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
