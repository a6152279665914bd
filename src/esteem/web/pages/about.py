"""Pages about the site itself: the glossary and the accessibility statement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.terms.glossary import GROUPS

_HOME = [("Home", "/")]


def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "glossary.jinja", {"title": "Glossary", "section": "glossary", "breadcrumbs": _HOME, "groups": GROUPS})


def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"title": "Accessibility statement", "section": "accessibility", "breadcrumbs": _HOME}
    return render(request, "accessibility.jinja", context)


routes = [path("glossary", glossary, name="glossary"), path("accessibility", accessibility, name="accessibility")]
