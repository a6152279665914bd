"""Where the figures come from: every file read, with dates, licences, checksums, what was left out and why."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.terms.problems import Problem
from esteem.web import reading

_MOST_REJECTED = 200


def source_list(request: HttpRequest) -> HttpResponse:
    snapshot = reading.snapshot()
    files = snapshot.rows("SELECT * FROM editions ORDER BY publisher, title, label")
    context = {
        "title": "Where the figures come from",
        "section": "sources",
        "files": files,
        "publishers": [(name, list(own)) for name, own in groupby(files, key=itemgetter("publisher"))],
        "snapshot": snapshot,
        "breadcrumbs": [("Home", "/")],
    }
    return render(request, "sources.jinja", context)


def one_file(request: HttpRequest, edition: str) -> HttpResponse:
    snapshot = reading.snapshot()
    rows = snapshot.rows("SELECT * FROM editions WHERE edition = ?", (edition,))
    if not rows:
        raise Problem("edition-unknown", "No file of this name was read.", edition, "Choose a file from the list of sources.")
    series = snapshot.rows("SELECT * FROM series WHERE source = ? ORDER BY id", (rows[0]["source"],))
    rejected = snapshot.rows("SELECT * FROM rejected WHERE edition = ? LIMIT ?", (edition, _MOST_REJECTED))
    context = {
        "title": rows[0]["title"],
        "section": "sources",
        "file": rows[0],
        "series": series,
        "rejected": rejected,
        "breadcrumbs": [("Home", "/"), ("Sources", "/sources")],
    }
    return render(request, "source.jinja", context)


routes = [path("sources", source_list, name="sources"), path("sources/<str:edition>", one_file, name="source")]
