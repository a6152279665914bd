"""Home: what needs attention on each sheet, and the ways in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from esteem.web import reading
from esteem.web.pages.sheets import view_of


def home(request: HttpRequest) -> HttpResponse:
    views = [view_of(name, request.as_at) for name in reading.strategies()]
    return render(request, "home.jinja", {"title": "Is the strategy working?", "section": "home", "views": views})


routes = [path("", home, name="home")]
