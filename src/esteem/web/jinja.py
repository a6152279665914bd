"""Jinja2 as Esteem uses it: own templates, then the NHS.UK components; everything escaped; links that keep the day looked back to."""

from __future__ import annotations

from datetime import date

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, pass_context
from markupsafe import Markup, escape

from esteem import __version__
from esteem.web import as_at, assets, languages
from esteem.web.charts import marks, spark
from esteem.web.charts.svg import Chart
from esteem.web.navigation import FOOTER, SECTIONS
from esteem.web.words import crisis_numbers
from esteem.web.words.sheet_view import Spark

TEMPLATES = assets.FOLDER.parent / "templates"


def environment(**options) -> Environment:
    """The environment for Django's Jinja2 backend. Chainable undefined values are what the NHS.UK components need of it."""
    options["loader"] = ChoiceLoader([FileSystemLoader(TEMPLATES), PackageLoader("nhsuk_frontend_jinja")])
    jinja = Environment(**options | {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True})
    jinja.globals.update(asset=assets.address, style_sheets=assets.STYLE_SHEETS, link=_link)
    jinja.globals.update(sections=SECTIONS, footer_links=FOOTER, version=__version__)
    jinja.globals.update(svg=_drawn, status_mark=lambda status: _drawn(marks.status_mark(status)), sparkline=_sparkline)
    jinja.globals.update(_=languages.say, crisis_strip=crisis_numbers.strip)
    jinja.filters.update(day=day, coded=coded)
    return jinja


def day(value: date) -> str:
    """`1 June 2021`"""
    return f"{value.day} {value:%B %Y}"


def coded(words: str) -> Markup:
    """What stands between backticks, as a command to type; everything is escaped."""
    plain = words.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(plain))


def _drawn(chart: Chart) -> Markup:
    """A chart in the page. Its words were escaped when it was drawn."""
    return Markup(chart.svg)


def _sparkline(line: Spark) -> Markup:
    return _drawn(spark.sparkline(line.values, line.target))


@pass_context
def _link(context, address: str, **parameters) -> str:
    """`link("/measures", place="99G")` in a template: the address with these parameters, and `as_at` when the reader looks back."""
    request = context.get("request")
    return as_at.link(address, getattr(request, "as_at", None), **parameters)
