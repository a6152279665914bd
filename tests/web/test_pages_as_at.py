"""Who looks back stays in the past: on every kind of page every link of our own keeps the day, and so does every form."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from tests.journeys.pages import kinds_with_a_past

DAY = "2021-03-31"
ADDRESSES = {name: address for name, address in kinds_with_a_past().items() if "as_at" not in address}


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_link_and_form_keeps_the_day(name):
    address = ADDRESSES[name]
    answer = Client(headers={"host": "127.0.0.1"}).get(f"{address}{'&' if '?' in address else '?'}as_at={DAY}")
    page = html.unescape(answer.content.decode())
    today = re.search(r'href="([^"]+)">See today’s figures', page)[1]
    links = {link for link in re.findall(r'href="(/[^"]*)"', page) if not link.startswith("/assets/")}
    assert {link for link in links if f"as_at={DAY}" not in link} == {today}
    forms = re.findall(r"<form.*?</form>", page, flags=re.S)
    assert [form for form in forms if 'name="as_at"' not in form] == []
