"""Words as people type them, made even: case, accents, apostrophes, emoji, repeated letters, text-speak. Pure; nothing is kept.

Crisis detection, the thesaurus and the search all read the same even form, so that "I can't go on 😭😭" and "i cant go onnn" are one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# The longest text that is looked at; what comes after is left unread (a query of 10,000 characters is no question).
LONGEST = 1000

# What the pictures say that people use in place of words.
PICTURES = {
    "🔪": " knife ",
    "🗡": " knife ",
    "💊": " pills ",
    "🩸": " blood ",
    "🔫": " gun ",
    "⚰": " coffin ",
    "🪦": " grave ",
    "💀": " skull ",
    "☠": " skull ",
    "😭": " crying ",
    "😢": " crying ",
    "🥺": " pleading ",
    "💔": " heartbroken ",
    "🆘": " sos ",
    "🚑": " ambulance ",
    "🍺": " beer ",
    "🍷": " wine ",
    "🎰": " slots ",
}
# Text-speak and run-together words; whole words only, after apostrophes are gone.
SHORT = {
    "u": "you",
    "ur": "your",
    "r": "are",
    "im": "i am",
    "ive": "i have",
    "id": "i would",
    "wanna": "want to",
    "gonna": "going to",
    "gunna": "going to",
    "gotta": "got to",
    "dunno": "dont know",
    "dnt": "dont",
    "cnt": "cant",
    "cannot": "cant",
    "plz": "please",
    "pls": "please",
    "thx": "thanks",
    "b4": "before",
    "2nite": "tonight",
    "tonite": "tonight",
    "2night": "tonight",
    "2moro": "tomorrow",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "ppl": "people",
    "sumone": "someone",
    "sum1": "someone",
    "some1": "someone",
    "ne1": "anyone",
    "no1": "no one",
    "noone": "no one",
    "any1": "anyone",
    "every1": "everyone",
    "m8": "mate",
    "bf": "boyfriend",
    "gf": "girlfriend",
    "hubby": "husband",
    "missus": "wife",
    "mrs": "wife",
    "hes": "he is",
    "shes": "she is",
    "theyre": "they are",
    "youre": "you are",
    "thats": "that is",
    "theres": "there is",
    "whats": "what is",
    "n": "and",
    "wiv": "with",
    "wid": "with",
    "bout": "about",
    "cos": "because",
    "coz": "because",
    "cuz": "because",
    "bc": "because",
    "tho": "though",
    "thru": "through",
    "anymore": "any more",
    "rn": "right now",
    "idk": "i dont know",
    "imma": "i am going to",
    "finna": "going to",
    "tryna": "trying to",
    "luv": "love",
    "da": "the",
    "dat": "that",
    "dis": "this",
    "alot": "a lot",
    "eachother": "each other",
    "msg": "message",
    "appt": "appointment",
    "ae": "a and e",
}
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_AND = re.compile(r"\s*&\s*")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
# What _APOSTROPHES and _WORD do to ASCII in small letters: an apostrophe is nothing, whatever else is no letter or number is a space.
_PLAIN = {code: None if chr(code) in "'`" else chr(code) if chr(code).isalnum() else " " for code in range(128)}
_SPELT_OUT = re.compile(r"\b(?:[a-z][ .\-*_]+){3,}[a-z]\b")


def cut(text: str) -> str:
    """The part of a text that is looked at: its first LONGEST characters, without control characters."""
    if text.isascii() and text[:LONGEST].isprintable():
        return text[:LONGEST]
    return "".join(c if c.isprintable() or c in "‍️" else " " for c in text[:LONGEST])


@lru_cache(maxsize=1)
def _pictures() -> re.Pattern:
    return re.compile("|".join(re.escape(p) for p in PICTURES))


def even(text: str) -> str:
    """Lower case, one space between words, no punctuation, text-speak written out. Letters repeated three times or more become one or two.

    "I can't go onnn!!" gives "i cant go on". At most LONGEST characters of `text` are read.
    """
    text = cut(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _pictures().sub(lambda m: PICTURES[m.group()], text))
    text = text.casefold()
    text = _APOSTROPHES.sub("", text)
    text = _AND.sub(" and ", text)
    text = _SPELT_OUT.sub(lambda m: re.sub(r"[ .\-*_]", "", m.group()), text)
    text = re.sub(r"(?<=[a-z])\*(?=[a-z])", "", text)
    text = _REPEATED.sub(r"\1\1", text)
    return " ".join(SHORT.get(word, word) for word in _WORD.findall(text))


def words_of(text: str) -> list[str]:
    """Words of a longer, well-kept text (a description), in the same even form; much quicker than `even`, which expects slips."""
    if text.isascii():
        return text.lower().translate(_PLAIN).split()
    return _WORD.findall(_APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold()))


def without_accents(text: str) -> str:
    """Latin letters without their accents; other scripts as they are."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def stem(word: str) -> str:
    """A light English stem: plurals and -ing, -ed, so that "walks", "walking" and "walked" meet. Never shorter than three letters."""
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            short = word[: -len(ending)] + instead
            return short[:-1] if len(short) > 3 and short[-1] == short[-2] and short[-1] not in "lsze" else short.rstrip("e") or short
    return word.rstrip("e") if len(word) > 3 else word
