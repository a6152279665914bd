"""Forms that anybody may send: so many an hour from one address, and no address kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from esteem.web import sending_limit

AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


def test_an_hour_holds_so_many_and_the_next_begins_anew():
    limit = sending_limit.Limit(most=3)
    assert [limit.allows("198.51.100.7", AT) for _ in range(5)] == [True, True, True, False, False]
    assert limit.allows("198.51.100.8", AT)
    assert limit.allows("198.51.100.7", AT + timedelta(minutes=30))


def test_no_address_is_kept_and_the_salt_goes_with_the_day():
    limit = sending_limit.Limit()
    limit.allows("198.51.100.7", AT)
    kept, salt = list(limit._counts), limit._salt
    assert all(b"198" not in one and len(one) == 8 for one in kept)
    limit.allows("198.51.100.7", AT + timedelta(days=1))
    assert limit._salt != salt and list(limit._counts) != kept


@pytest.mark.django_db
def test_too_many_forms_are_told_to_wait_and_reading_goes_on(monkeypatch):
    monkeypatch.setattr(sending_limit, "_limit", sending_limit.Limit(most=2))
    client = Client(headers={"host": "127.0.0.1"})
    answers = [client.post("/find-help/crisis/wrong") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert "Wait an hour, then send it again" in answers[2].content.decode()
    assert client.get("/find-help/crisis/wrong").status_code == 200
    assert client.post("/find-help/crisis/wrong", REMOTE_ADDR="198.51.100.9").status_code == 200


@pytest.mark.django_db
def test_only_our_own_proxy_is_believed(monkeypatch, settings):
    monkeypatch.setattr(sending_limit, "_limit", sending_limit.Limit(most=1))
    client = Client(headers={"host": "127.0.0.1"})
    sent = [client.post("/find-help/crisis/wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").status_code for n in range(2)]
    assert sent == [200, 429]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    sent = [client.post("/find-help/crisis/wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").status_code for n in range(2)]
    assert sent == [200, 200]
