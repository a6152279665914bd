"""Build the style sheet of the NHS.UK front end as Esteem serves it. Standard library only: runs before anything is installed.

    python packaging/front_end.py packaging/front-end/node_modules

From the package's own minified sheet (MIT licence): fonts and every other file of another site are taken out (Frutiger is licensed to the
NHS; Arial stands in), its few icons are put in the sheet, and each colour becomes a variable named after what it does and what it was
(`--ground-005eb8`), so that `static/theme.css` can give Esteem its own neutral colours and its dark mode.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import quote

TARGET = Path(__file__).parent.parent / "src" / "esteem" / "web" / "static" / "vendor"
NOTICE = "/* NHS.UK frontend, copyright NHS England, MIT licence (docs/third-party.md); colours and fonts changed by Esteem. */\n"
FOCUS = "#ffeb3b"  # rules that show the focus keep their colours in every theme: black on yellow always passes
PRINT_BLACK = "#000"
ROLES = {"color": "text", "fill": "text", "background": "ground", "background-color": "ground"}
LINES = ("border", "outline", "box-shadow")

_CHARSET = '@charset "UTF-8";'  # must come first in a sheet; the header of the answer says it instead
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
_ICON = re.compile(r"url\(\"?/assets/images/([\w-]+\.svg)\"?\)")
_BLOCK = re.compile(r"([^{}]*)\{([^{}]*)\}")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b")
_ELSEWHERE = re.compile(r"(?:https?:)?//[\w.-]+\.\w+")


def build(sheet: str, icons: dict[str, str]) -> str:
    """The sheet as served. `icons`: file name -> SVG text. Raises ValueError when an address of another site is left in it."""
    sheet = _SOURCE_MAP.sub("", _FONT_FACE.sub("", sheet.removeprefix(_CHARSET))).replace("Frutiger W01,", "")
    sheet = _BLOCK.sub(_with_variables, sheet)
    left = _ELSEWHERE.search(sheet)
    if left:
        raise ValueError(f"the sheet still names another site: {sheet[max(0, left.start() - 60) : left.end()]}")
    return _ICON.sub(lambda found: f'url("data:image/svg+xml,{quote(icons[found[1]])}")', sheet)


def _with_variables(block: re.Match) -> str:
    selector, body = block[1], block[2]
    if FOCUS in body or ":root" in selector:
        return block[0]
    return f"{selector}{{{';'.join(_declaration(part) for part in body.split(';'))}}}"


def _declaration(text: str) -> str:
    name, colon, value = text.partition(":")
    role = ROLES.get(name, "line" if name.startswith(LINES) else "")
    if not role:
        return text
    return name + colon + _COLOUR.sub(lambda found: _variable(role, found[0]), value)


def _variable(role: str, colour: str) -> str:
    return colour if colour == PRINT_BLACK else f"var(--{role}-{colour[1:]},{colour})"


def main(modules: Path) -> None:
    package = modules / "nhsuk-frontend"
    icons = {path.name: path.read_text() for path in (package / "dist" / "nhsuk" / "assets" / "images").glob("*.svg")}
    sheet = build((package / "dist" / "nhsuk" / "nhsuk-frontend.min.css").read_text(encoding="utf-8"), icons)
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "nhsuk.css").write_text(NOTICE + sheet, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
