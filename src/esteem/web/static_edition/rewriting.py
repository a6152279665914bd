"""A page as it stands in an edition: links lead to files; what is left out stands as plain words; forms need a server and are gone.

The pages are our own templates' (attributes in double quotes, `>` escaped), so their tags can be read with patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from esteem.web.static_edition.addresses import fragment, normal, relative

INDEX = "/a-to-z"
ABOUT = "/about-this-edition"
LARGEST_DRAWING = 60_000  # letters of a drawing inside a page; maps are larger

_LINKING = re.compile(r'<(?:a|link|img)\b[^>]*?\s(?:href|src)="([^"]*)"[^>]*>', re.S)
_HIDDEN = r'<span class="nhsuk-u-visually-hidden">[^<]*</span>'
_PIECES = re.compile(rf"<form\b.*?</form>|<svg\b.*?</svg>|<(?:a|link|img)\b[^>]*>|</a>|</main>|{_HIDDEN}", re.S)
_ATTRIBUTE = re.compile(r'(\s(?:href|src)=")([^"]*)"')

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.S)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.S)

# address -> file of the edition, or None
Files = Callable[[str], str | None]


def links(page: str) -> list[str]:
    """What a page links to or shows, in order, as written."""
    return [unescape(link) for link in _LINKING.findall(page) if link and not link.startswith("#")]


def large_drawings(page: str) -> frozenset[str]:
    """Titles of the maps on a page."""
    return frozenset(_title(drawing) for drawing in _DRAWING.findall(page) if len(drawing) > LARGEST_DRAWING)


def _title(drawing: str) -> str:
    found = _TITLE.search(drawing)
    return found[1] if found else ""


class Rewriting:
    """One page being rewritten. `address` and `file` are its own; `files` finds those of the others.

    `drawn_elsewhere`: titles of the maps that stand on the first page of the same measure, and need not stand here again.
    """

    def __init__(self, address: str, file: str, files: Files, drawn_elsewhere: frozenset[str] = frozenset()):
        self._address, self._file, self._files, self._drawn_elsewhere = address, file, files, drawn_elsewhere
        self._inside_left_out = False
        self._left_out = 0

    def page(self, text: str) -> str:
        return _PIECES.sub(self._piece, text)

    def _piece(self, found: re.Match) -> str:
        piece = found[0]
        if piece.startswith("<form"):
            return self._instead_of_form(piece)
        if piece.startswith("<svg"):
            return self._instead_of_drawing(piece) if len(piece) > LARGEST_DRAWING else piece
        if piece.startswith("<span"):  # words for those who hear a link; there is none where it is left out
            return "" if self._inside_left_out else piece
        if piece == "</a>":
            return self._closed(piece)
        if piece == "</main>":
            return self._note() + piece
        return self._link(piece)

    def _link(self, tag: str) -> str:
        written = _ATTRIBUTE.search(tag)
        if written is None or written[2].startswith("#"):
            return tag
        link = unescape(written[2])
        address = normal(link, self._address)
        if address is None:  # another site: it is there whether or not ours is
            return tag
        file = self._files(address)
        if file is not None:
            there = fragment(link) if file == self._file and fragment(link) else relative(file, self._file) + fragment(link)
            return tag[: written.start(2)] + escape(there) + tag[written.end(2) :]
        self._left_out += 1
        self._inside_left_out = tag.startswith("<a")
        return "<span>" if self._inside_left_out else ""

    def _closed(self, tag: str) -> str:
        if self._inside_left_out:
            self._inside_left_out = False
            return "</span>"
        return tag

    def _to(self, address: str) -> str:
        return escape(relative(self._files(address) or "index.html", self._file))

    def _instead_of_form(self, form: str) -> str:
        if 'action="/search"' in form:
            return f'<a class="nhsuk-header__service-name" href="{self._to(INDEX)}">Find in A to Z</a>'
        return (
            f'<p>Typing something in needs the live site. All that this edition holds is in the <a href="{self._to(INDEX)}">A to Z</a>.</p>'
        )

    def _instead_of_drawing(self, drawing: str) -> str:
        whole = self._files(self._address.partition("?")[0])
        if whole is None or _title(drawing) not in self._drawn_elsewhere:
            return drawing
        there = escape(relative(whole, self._file))
        return f'<p>{_title(drawing)}: see <a href="{there}">the page of this measure</a>.</p>'

    def _note(self) -> str:
        if not self._left_out:
            return ""
        return (
            '<p class="promise-quiet">Some words on this page are links on the live site. '
            f'They lead to <a href="{self._to(ABOUT)}">what this edition leaves out</a>.</p>\n'
        )
