"""The numbers for a crisis as pages show them: the strip of every page, the panel above results, the page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.directory.crisis.numbers import CrisisNumber, numbers
from esteem.directory.crisis.panel import Block, Panel
from esteem.web.languages import say_reviewed as say
from esteem.web.words.opening_words import day


@dataclass(frozen=True)
class Line:
    label: str
    text: str
    address: str
    hours: str = ""
    words: str = ""
    reviewed: str = ""


@dataclass(frozen=True)
class BlockView:
    id: str
    heading: str
    words: tuple[str, ...]
    lines: tuple[Line, ...]
    places: tuple[tuple[str, str], ...]  # (address, name)


@dataclass(frozen=True)
class PanelView:
    level: str
    blocks: tuple[BlockView, ...]


def strip() -> tuple[Line, ...]:
    """What stands first on every page."""
    return tuple(line(one) for one in numbers() if one.strip)


def line(one: CrisisNumber) -> Line:
    act = {"call": say("Call"), "text": say("Text"), "chat": say("Chat")}[one.kind]
    reviewed = day(one.reviewed_on)
    return Line(say(one.label), f"{act} {one.number}", one.address, say(one.hours), say(one.words), reviewed)


def view(panel: Panel) -> PanelView:
    return PanelView(panel.level, tuple(_block(block) for block in panel.blocks))


def _block(block: Block) -> BlockView:
    places = tuple((f"/find-help/services/{identifier}", name) for identifier, name in block.places)
    return BlockView(
        block.id, say(block.heading), tuple(say(one) for one in block.words), tuple(line(one) for one in block.numbers), places
    )
