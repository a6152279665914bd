"""How hard a text is to read: the Flesch-Kincaid school grade, with syllables counted by their vowels.

Interface words should stay at 7 or below; the text of a service above 9 is flagged to its editor. The grade of a short text is rough: it is
a hint to look again, not a verdict. (The packaged counters fetch a dictionary from the web at run time, which a server here may not.)
"""

from __future__ import annotations

import re

SERVICE_TEXT_AT_MOST = 9
INTERFACE_AT_MOST = 7
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SENTENCE_END = re.compile(r"[.!?:;]+(?:\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """The grade of a text; 0 for one without words. British reading age is about five more."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part)))
    return round(0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59, 1)


def syllables(word: str) -> int:
    """About how many syllables an English word has; at least one."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(_VOWELS.findall(plain))
    if plain.endswith(("e", "es", "ed")) and not plain.endswith(
        ("le", "les", "ted", "ded", "ses", "ces", "ges", "ches", "shes", "xes", "zes")
    ):
        groups -= 1  # the last e is silent: time, times, helped
    if re.search(r"(ia|io(?!u|n\b)|eo|ua(?!l\b)|iu)", plain) and not re.search(r"(tia|cia|tio|sio|cio|gio|gua|qua)", plain):
        groups += 1  # two vowels spoken apart: media, radio, video
    return max(1, groups)
