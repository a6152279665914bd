"""How dangerous words sound: none, signpost or crisis. Pure, local, fast; the words are not kept.

The words are made even and their spelling is repaired; patterns and a small model give their opinion. A last step, learned from how far
each was right about unheard sentences, adds the two up. The bounds lean towards showing help: a panel too many costs a line, one too few
may cost a life.
"""

from __future__ import annotations

from dataclasses import dataclass

from esteem.directory.crisis.model import LEVELS, chances
from esteem.directory.crisis.patterns import patterns, sums_of
from esteem.directory.crisis.reading import read
from esteem.directory.typed import cut

# Chances from which the full panel, and any panel, is shown.
FULL, SHOWN = 0.42, 0.5
# A long text is heard in pieces of so many words, half overlapping: one sentence of danger among many counts.
PIECE = 24


@dataclass(frozen=True)
class Heard:
    """`level`; `because`: ids of the patterns that spoke, or "model"; `chances`: of none, signpost, crisis."""

    level: str
    because: tuple[str, ...]
    chances: tuple[float, float, float]


def level(text: str) -> str:
    """ "crisis", "signpost" or "none". Never raises on any text."""
    return heard(text).level


def heard(text: str) -> Heard:
    """The level and what it rests on, so that the page can say why it shows the panel."""
    language = patterns().in_another_language(cut(text))
    if language:
        return Heard("crisis", (f"language-{language}",), (0.0, 0.0, 1.0))
    words = read(text).split()
    if not words:
        return Heard("none", (), (1.0, 0.0, 0.0))
    pieces = [words] if len(words) <= PIECE else [words[at : at + PIECE] for at in range(0, len(words) - PIECE // 2, PIECE // 2)]
    return max((_piece(" ".join(piece)) for piece in pieces), key=lambda one: LEVELS.index(one.level))


def _piece(repaired: str) -> Heard:
    speaking = patterns().speaking(repaired)
    found_chances = chances(repaired, sums_of(speaking))
    found = "crisis" if found_chances[2] >= FULL else "signpost" if found_chances[1] + found_chances[2] >= SHOWN else "none"
    because = tuple(pattern.id for pattern in speaking if pattern.level == found) or ("model",)
    return Heard(found, because if found != "none" else (), tuple(float(x) for x in found_chances))
