"""Every text of find help that can be translated, gathered from templates and modules: what a complete catalogue holds.

python -m esteem.web.catalogue_texts cy        adds what is missing to the Welsh catalogue, untranslated, and keeps what is there
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from esteem.directory.crisis.numbers import numbers
from esteem.directory.needs import scheme
from esteem.web.languages import FOLDER

WEB = Path(__file__).parent
# Words that `say` meets as values of a table rather than as a text of the call.
_TABLES = {
    "words/find_help_state.py": ("WHO", "WHEN", "ACCESS", "GENDERS"),
    "words/find_help_choices.py": ("ELIGIBLE", "_TITLES"),
    "words/find_help_paper.py": ("AUDIENCES",),
    "words/service_view.py": ("CHANNELS", "_ROUTES", "_GENDERS", "_CAPACITY"),
    "../directory/weekdays.py": ("NAMES",),
    "words/opening_words.py": ("MONTHS", "FIXED", "_ORDINALS"),
    "words/directory_health.py": ("_WHAT",),
    "../directory/actions/reporting.py": ("REPORT_KINDS",),
}


def texts() -> list[str]:
    """Each text once, in the order of the alphabet."""
    found = {*_of_templates(), *_of_modules(), *_of_tables(), *_of_reasons(), *_of_panel()}
    found |= {one for number in numbers() for one in (number.label, number.hours, number.words)}
    found |= {group.label for group in scheme().groups} | {need.label for need in scheme().needs}
    return sorted(found)


def _of_templates() -> Iterator[str]:
    reader = Environment()
    for path in [*sorted((WEB / "templates" / "find_help").glob("*.jinja")), WEB / "templates" / "parts" / "crisis_strip.jinja"]:
        for call in reader.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                yield call.args[0].value


def _of_modules() -> Iterator[str]:
    for path in sorted(WEB.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "say"
            if named and call.args and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value


def _of_tables() -> Iterator[str]:
    for name, tables in _TABLES.items():
        tree = ast.parse((WEB / name).read_text(encoding="utf-8"))
        for made in tree.body:
            targets = [getattr(one, "id", "") for one in getattr(made, "targets", [])]
            if set(targets) & set(tables):
                yield from (one.value for one in getattr(made.value, "values", None) or made.value.elts)


def _of_reasons() -> Iterator[str]:
    """Patterns of the reasons for which somebody can use a service or not."""
    tree = ast.parse((WEB.parent / "directory" / "eligible.py").read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Reason" and isinstance(call.args[0], ast.Constant):
            yield call.args[0].value
    for start in ("It is for people", "it is for people"):
        yield from (
            f"{start} {ages}" for ages in ("aged {least} and over", "of any age", "aged {least} to {most}", "aged {most} and under")
        )
    yield from ("it is for people with: {needs}", "It is for people with: {needs}")


def _of_panel() -> Iterator[str]:
    """Headings and words of the panel for a crisis, for everybody it may speak to."""
    from esteem.directory.crisis.panel import About, panel

    for block in (*panel("crisis", About(15, True, True), (("1", "A place"),)).blocks, *panel("signpost").blocks):
        yield block.heading
        yield from block.words


def update(code: str) -> int:
    """Bring the catalogue of a language up to the texts there are; returns how many are not translated."""
    path = FOLDER / f"{code}.po"
    known: dict[str, str] = {}
    if path.is_file():
        with path.open("rb") as file:
            known = {one.id: one.string for one in read_po(file) if one.id}
    made = Catalog(locale=code, project="Esteem", fuzzy=False)
    for text in texts():
        made.add(text, known.get(text, ""))
    with path.open("wb") as file:
        write_po(file, made, width=140, omit_header=True)
    return sum(not known.get(text) for text in texts())


if __name__ == "__main__":
    for language in sys.argv[1:]:
        print(f"{language}: {update(language)} texts without a translation")
