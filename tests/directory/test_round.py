"""The daily round by mail, the commands' work from end to end, and the database addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection

from esteem.directory import actions, queries
from esteem.directory.checking import check, hours_problem, page_problem, phone_problem
from esteem.directory.record import Phone, Schedule
from esteem.terms.problems import Problem
from esteem.web.databases import database
from esteem.web.directory_reminders import remind
from esteem.web.mail import mail_settings, send, signed, unsigned

from .made_up import AT, EDITOR, made_service, organization, place

SITE = "https://esteem.example"


@pytest.fixture
def owned(db):
    service = actions.keep_service(made_service(assurance=replace(made_service().assurance, assured_on=AT.date())), by=EDITOR, at=AT)
    actions.name_owner(service.id, "owner@example.org", by=EDITOR, at=AT)
    actions.name_owner(service.id, "council@example.org", fallback=True, by=EDITOR, at=AT)
    return service


def go_round(days: int):
    tokens = iter(f"{days:03d}-{n}-" + "t" * 40 for n in range(100))
    return remind(at=AT + timedelta(days=days), site=SITE, send=send, token=lambda: next(tokens))


def test_each_rung_is_climbed_once_and_by_the_right_people(owned):
    asked = {}
    for day in (29, 30, 31, 60, 75, 85, 92, 183, 184):
        go_round(day)
        asked[day] = [m.to[0] for m in mail.outbox]
        mail.outbox.clear()
    assert asked == {
        29: [],
        30: ["owner@example.org"],
        31: [],
        60: ["owner@example.org"],
        75: ["owner@example.org", "council@example.org"],
        85: [],
        92: [],
        183: [],
        184: [],
    }
    assert [t.kind for t in queries.tasks()] == ["unassured"]
    assert queries.service(owned.id).state == "hidden"


def test_the_link_in_the_mail_confirms_and_the_ladder_begins_anew(owned):
    go_round(30)
    [message] = mail.outbox
    token = unsigned(next(line for line in message.body.splitlines() if "/confirm/" in line).rsplit("/", 1)[1])
    actions.answer_by_link(token, "right", at=AT + timedelta(days=31))
    mail.outbox.clear()
    go_round(32)
    assert (mail.outbox, queries.service(owned.id).state) == ([], "published")
    go_round(31 + 30)
    assert len(mail.outbox) == 1


def test_the_mail_says_what_people_see_and_nothing_private(owned):
    go_round(30)
    body = mail.outbox[0].body
    assert "01632 960001" in body
    assert f"{SITE}/find-help/confirm/" in body
    assert "council@example.org" not in body


def test_an_entry_without_an_owner_is_a_task(db):
    actions.keep_service(made_service(), by=EDITOR, at=AT)
    done = go_round(31)
    assert (done.asked, done.tasks) == (0, 1)


def test_nobody_is_asked_about_invented_entries(db):
    service = actions.keep_service(made_service(invented=True), by=EDITOR, at=AT)
    actions.name_owner(service.id, "owner@example.org", by=EDITOR, at=AT)
    go_round(60)
    assert mail.outbox == []


def test_mail_that_fails_is_tried_again_in_the_next_round(owned):
    def broken(subject, text, recipients):
        raise Problem("mail-failed", "The mail server takes the message.")

    tokens = iter(("a" * 40, "b" * 40))
    with pytest.raises(Problem):
        remind(at=AT + timedelta(days=30), site=SITE, send=broken, token=lambda: next(tokens))
    go_round(31)
    assert len(mail.outbox) == 1


def test_a_cut_link_is_refused():
    assert unsigned(signed("token")) == "token"
    with pytest.raises(Problem) as refused:
        unsigned(signed("token")[:-2])
    assert refused.value.code == "link-unknown"


@pytest.mark.parametrize(
    ("address", "settings"),
    [
        ("", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        (
            "smtp://u:p%40@mail.example.org",
            {"EMAIL_HOST": "mail.example.org", "EMAIL_PORT": 587, "EMAIL_HOST_PASSWORD": "p@", "EMAIL_USE_TLS": True},
        ),
        ("smtp://localhost:25", {"EMAIL_PORT": 25, "EMAIL_USE_TLS": False}),
        ("smtps://mail.example.org", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
    ],
)
def test_mail_settings(address, settings):
    found = mail_settings({"ESTEEM_MAIL": address})
    assert {name: found[name] for name in settings} == settings


def test_a_wrong_mail_or_database_address_names_no_password():
    for make in (
        lambda: mail_settings({"ESTEEM_MAIL": "http://u:secret@x"}),
        lambda: database({"ESTEEM_DATABASE_URL": "mysql://u:secret@x/y"}, Path()),
    ):
        with pytest.raises(Problem) as refused:
            make()
        assert "secret" not in str(refused.value)


def test_the_database_is_the_one_that_the_environment_names(db):
    import os

    assert connection.vendor == ("postgresql" if os.environ.get("ESTEEM_DATABASE_URL") else "sqlite")
    found = database({"ESTEEM_DATABASE_URL": "postgresql:///esteem?host=/run/pg&user=u"}, Path())
    assert (found["NAME"], found["HOST"], found["USER"], found["OPTIONS"]) == ("esteem", "/run/pg", "u", {})


@pytest.mark.parametrize(
    ("number", "invented", "fine"),
    [
        ("01702 123456", False, True),
        ("116 123", False, True),
        ("01632 960001", False, False),
        ("01632 960001", True, True),
        ("0800 1111", False, True),
        ("01702", False, True),
        ("not a number", False, False),
        ("099999 999999", False, False),
    ],
)
def test_numbers(number, invented, fine):
    assert (phone_problem(number, invented) == "") is fine


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule("x", byday="MO"), ""),
        (Schedule("x", byday="MO", opens_at=AT.time(), closes_at=AT.time()), "same minute"),
        (Schedule("x", byday="MO", opens_at=AT.time()), "missing"),
        (Schedule("x"), "no day"),
        (Schedule("x", byday="MO", interval=2), "no first day"),
        (Schedule("x", byday="2MO"), "monthly"),
        (Schedule("x", byday="MO", valid_from=AT.date(), valid_to=AT.date() - timedelta(days=1)), "ends before"),
    ],
)
def test_hours_that_never_open(schedule, words):
    found = hours_problem(schedule)
    assert words in found if words else found == ""


def test_checks_find_what_is_wrong_and_name_it():
    wrong = made_service(
        phones=(Phone("p", "01702 123456"),), locations=(replace(made_service().locations[0], location=place(postcode="SS9 9ZZ")),)
    )
    other = made_service("Other", organization=organization("Elsewhere"), phones=(Phone("q", "01702123456"),), locations=())
    kinds = sorted(f.kind for f in check([wrong, other], known_postcode=lambda postcode: postcode == "SS1 1AA"))
    assert kinds == ["claimed twice", "postcode"]


def test_a_parked_page_is_no_answer():
    assert page_problem("<h1>This domain is for sale</h1> ... Buy this domain") != ""
    assert page_problem("<h1>Tidewell</h1>") == ""
