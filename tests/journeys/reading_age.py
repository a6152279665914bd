"""How hard a text is to read: the grade formula of Kincaid and others (1975) on words, sentences and syllables, as years of age."""

from __future__ import annotations

import re

_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end; at least one."""
    plain = word.lower()
    shorn = re.sub(r"(?<=[^aeiouyl])e(s|d)?$", "", plain) if len(plain) > 3 else plain
    return max(1, len(_VOWELS.findall(shorn)))


def reading_age(text: str) -> float:
    """Years of age at which a pupil reads `text` with ease. Raises ValueError for a text without words."""
    sentences = [s for s in re.split(r"[.!?:;]+\s|\n+", text) if re.search(r"[A-Za-z]", s)]
    words = re.findall(r"[A-Za-z][A-Za-z'’]*", text)
    if not words:
        raise ValueError("a text has words")
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5  # the first grade is for children of six
