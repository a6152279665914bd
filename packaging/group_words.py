"""Writes which words mean alike (src/esteem/directory/crisis/word_kinds.npz), from the public sentence model all-MiniLM-L6-v2 (Apache-2.0).

Run, seldom: in an environment of its own with numpy, safetensors and tokenizers, and the files of the model in FOLDER
    python packaging/group_words.py FOLDER WORDS.txt
WORDS.txt: one word a line: those of the training sentences as `crisis/reading.py` gives them, then the commonest words of English. Each
word is heard by the model by itself; what it answers is made shorter and the words are put into 80 wide and 300 narrow groups.
Neither the model nor what it answers is passed on, only the numbers of the groups.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

KEPT = Path(__file__).parents[1] / "src/esteem/directory/crisis/word_kinds.npz"
HEADS, LENGTH, WIDE, NARROW = 12, 128, 80, 300


def normal(x: np.ndarray, weight: np.ndarray, shift: np.ndarray) -> np.ndarray:
    apart = x - x.mean(-1, keepdims=True)
    return apart / np.sqrt((apart**2).mean(-1, keepdims=True) + 1e-12) * weight + shift


def heard(w: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """The model's answer to one word: the mean over its pieces, of length one."""
    from scipy.special import erf

    def line(x: np.ndarray, name: str) -> np.ndarray:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def level(x: np.ndarray, name: str) -> np.ndarray:
        return normal(x, w[f"{name}.weight"], w[f"{name}.bias"])

    start = "embeddings."
    x = w[start + "word_embeddings.weight"][ids] + w[start + "position_embeddings.weight"][: len(ids)]
    x = level(x + w[start + "token_type_embeddings.weight"][0], start + "LayerNorm")
    for number in range(6):
        at = f"encoder.layer.{number}."
        query, key, value = (
            line(x, f"{at}attention.self.{part}").reshape(len(ids), HEADS, -1).transpose(1, 0, 2) for part in ("query", "key", "value")
        )
        score = query @ key.transpose(0, 2, 1) / query.shape[-1] ** 0.5
        score = np.exp(score - score.max(-1, keepdims=True))
        seen = (score / score.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        x = level(x + line(seen, at + "attention.output.dense"), at + "attention.output.LayerNorm")
        inner = line(x, at + "intermediate.dense")
        x = level(x + line(inner * (1 + erf(inner / 2**0.5)) / 2, at + "output.dense"), at + "output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def groups(vectors: np.ndarray, many: int, chance: np.random.Generator) -> np.ndarray:
    """k-means on the sphere, twelve rounds; an empty group starts again at a word."""
    centres = vectors[chance.choice(len(vectors), many, replace=False)]
    for _ in range(12):
        nearest = (vectors @ centres.T).argmax(1)
        centres = np.zeros_like(centres)
        np.add.at(centres, nearest, vectors)
        length = np.linalg.norm(centres, axis=1, keepdims=True)
        centres = np.where(length > 0, centres / np.maximum(length, 1e-9), vectors[chance.choice(len(vectors), many)])
    return nearest


def main(folder: Path, words: list[str]) -> None:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    weights = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces.no_padding()
    vectors = np.array([heard(weights, pieces.encode(word).ids) for word in words], np.float32)
    vectors -= vectors.mean(0)
    shorter = vectors @ np.linalg.svd(vectors[::3], full_matrices=False)[2][:LENGTH].T
    shorter /= np.linalg.norm(shorter, axis=1, keepdims=True)
    chance = np.random.default_rng(0)
    both = np.stack([groups(shorter, WIDE, chance), groups(shorter, NARROW, chance)], 1).astype(np.int16)
    order = np.argsort(words)
    text = "\n".join(words[at] for at in order).encode("ascii")
    np.savez_compressed(KEPT, words=np.frombuffer(text, np.uint8), groups=both[order])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8").split())
