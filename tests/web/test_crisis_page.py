"""What the page of a crisis says of its own numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from esteem.directory.crisis.numbers import numbers
from esteem.web.pages import find_help_always

pytestmark = pytest.mark.django_db
LOOKED_UP, PUT_IN = "Numbers last looked up on", "Not all have been checked with the service yet."


def page() -> str:
    return Client().get("/find-help/crisis").content.decode()


@pytest.mark.parametrize("unsure", [True, False])
def test_numbers_count_as_looked_up_once_each_is_confirmed(monkeypatch, unsure):
    first, *others = [replace(one, confirmed=True) for one in numbers()]
    monkeypatch.setattr(find_help_always, "numbers", lambda: (replace(first, confirmed=not unsure), *others))
    assert (PUT_IN in page(), LOOKED_UP in page()) == (unsure, not unsure)
