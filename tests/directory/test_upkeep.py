"""Keeping it true: assurance, the ladder of reminders, one-time links, reports, tasks, merging, tallies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from esteem.directory import actions, queries
from esteem.directory.freshness import state_on
from esteem.directory.record import Assurance, Provenance
from esteem.directory.seeding import wants_seeding
from esteem.directory.working_days import working_days_after
from esteem.store import directory as kept
from esteem.terms.actors import CLOCK, Actor
from esteem.terms.problems import Problem

from .made_up import AT, EDITOR, made_service, organization

pytestmark = pytest.mark.django_db
TOKEN = "t" * 43


@pytest.fixture
def service():
    return actions.keep_service(made_service(), by=EDITOR, at=AT)


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "published"), (29, "published"), (30, "due"), (91, "due"), (92, "stale"), (182, "stale"), (183, "hidden"), (4000, "hidden")],
)
def test_the_state_on_each_side_of_each_rung(days, state):
    day = date(2026, 5, 11)
    assert state_on(day - timedelta(days=days), day) == state


def test_time_moves_no_draft_and_opens_no_closed_entry():
    day = date(2026, 5, 11)
    assert state_on(day, day, "draft") == "draft"
    assert state_on(day, day, "closed") == "closed"
    assert state_on(None, day, "published") == "published"


def test_time_demotes_and_hides_and_a_confirmation_brings_back(service):
    at = AT + timedelta(days=100)
    assert [(m.before, m.after) for m in actions.move_by_time(by=CLOCK, at=at)] == [("published", "stale")]
    assert actions.move_by_time(by=CLOCK, at=at) == []
    actions.move_by_time(by=CLOCK, at=AT + timedelta(days=200))
    assert list(queries.services()) == []
    back = actions.confirm(service.id, how="phone call", by=EDITOR, at=AT + timedelta(days=201))
    assert (back.state, back.assurance) == ("published", Assurance((AT + timedelta(days=201)).date(), "directory team", "phone call"))
    assert [h.what for h in queries.history(service.id)] == ["assured", "moved", "moved", "added"]


def test_a_link_works_once_and_names_the_owner(service):
    actions.make_link(service.id, TOKEN, by=CLOCK, at=AT)
    assert queries.link(TOKEN, AT).service_id == service.id
    later = AT + timedelta(days=40)
    assert actions.answer_by_link(TOKEN, "right", at=later).assurance.assured_on == later.date()
    assert queries.history(service.id)[0].actor == "Tidewell Trust"
    with pytest.raises(Problem) as again:
        actions.answer_by_link(TOKEN, "right", at=later)
    assert again.value.code == "link-used"


def test_a_link_ends_and_a_forged_one_does_nothing(service):
    actions.make_link(service.id, TOKEN, by=CLOCK, at=AT, days=10)
    with pytest.raises(Problem) as late:
        actions.answer_by_link(TOKEN, "right", at=AT + timedelta(days=11))
    with pytest.raises(Problem) as forged:
        actions.answer_by_link("x" * 43, "closed", at=AT)
    assert (late.value.code, forged.value.code) == ("link-expired", "link-unknown")
    assert queries.service(service.id).state == "published"
    assert TOKEN not in str(list(kept.OneTimeLink.objects.values()))


def test_the_owner_says_that_it_closed(service):
    actions.make_link(service.id, TOKEN, by=CLOCK, at=AT)
    assert actions.answer_by_link(TOKEN, "closed", at=AT).state == "closed"
    assert list(queries.services()) == []


def test_working_days_leave_out_weekends_and_bank_holidays():
    # Early May bank holiday 2026 is Monday 4 May; Christmas Day 2026 a Friday, Boxing Day moved to Monday 28 December.
    assert working_days_after(date(2026, 5, 1), 1) == date(2026, 5, 5)
    assert working_days_after(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert working_days_after(date(2026, 5, 11), 5) == date(2026, 5, 18)


def test_a_report_is_followed_by_its_code(service):
    code = actions.tracking_code(bytes(range(8)))
    made = actions.report_wrong(service.id, "hours", "shut on tuesday", code=code, at=AT)
    assert (made.due_on, queries.report(f" {code.lower()} ").words) == (date(2026, 5, 18), "shut on tuesday")
    assert [r.code for r in queries.reports()] == [code]
    actions.settle_report(code, "Hours corrected.", by=EDITOR, at=AT)
    assert (queries.reports(), queries.report(code).answer) == ([], "Hours corrected.")
    assert [h.actor_kind for h in queries.history(service.id)][:2] == ["person", "public"]


def test_a_report_of_danger_is_due_the_next_working_day(service):
    assert actions.report_wrong(service.id, "unsafe", "", code="BCDFGHJK", at=AT).due_on == date(2026, 5, 12)


def test_one_cause_opens_one_task_and_again_when_it_comes_back(service):
    def opened():
        return actions.open_task("phone:1", "phone", service.id, "dead", "Ring it.", by=CLOCK, at=AT)

    assert (opened(), opened()) == (True, False)
    [task] = queries.tasks()
    actions.finish_task(task.id, by=EDITOR, at=AT)
    assert (queries.tasks(), opened()) == ([], True)


def test_merging_keeps_what_both_say(service):
    other = made_service("Evening drop-in", url="", phones=(), organization=organization("Elsewhere"), provenance=(Provenance("feed b"),))
    actions.keep_service(replace(service, email="", provenance=(Provenance("feed a"),)), by=EDITOR, at=AT)
    actions.keep_service(other, by=EDITOR, at=AT)
    assert actions.propose_merge(service.id, other.id, 0.8, ["name"], by=CLOCK, at=AT)
    assert not actions.propose_merge(other.id, service.id, 0.8, ["name"], by=CLOCK, at=AT)
    [proposal] = queries.merge_proposals()
    actions.decide_merge(proposal.id, "merged", by=EDITOR, at=AT)
    left = queries.service(proposal.kept_id)
    assert {p.source for p in left.provenance} == {"feed a", "feed b"}
    assert left.email == "hello@tidewell.example.org"
    assert queries.service(proposal.other_id).state == "closed"
    assert queries.merge_proposals() == []


def test_searches_are_counted_only_where_there_are_ten():
    for number in range(9):
        actions.count_search(("sleep", "anxiety"), "E06000033", found=number > 0, at=AT)
    assert queries.searches(AT.date(), AT.date()) == []
    actions.count_search(("sleep",), "E06000033", found=True, at=AT)
    [tally] = queries.searches(AT.date(), AT.date())
    # One of the ten found nothing: neither that one nor the other nine may be told.
    assert (tally.need, tally.searches, tally.found_nothing) == ("sleep", 10, None)
    assert kept.Event.objects.count() == 0


@pytest.mark.parametrize(("yes", "no", "shown"), [(10, 0, (10, 10)), (12, 11, (12, 23)), (12, 3, None), (4, 5, None)])
def test_answers_hide_small_groups(yes, no, shown):
    for found in [True] * yes + [False] * no:
        actions.count_help("sleep", "", found=found, at=AT)
    assert queries.helped(AT.date(), AT.date()).get(("sleep", "")) == shown


def test_freshness_counts_each_district_and_need():
    day = AT.date()
    for name, age in (("A", 10), ("B", 91), ("C", 92), ("D", 183)):
        assured = Assurance(day - timedelta(days=age), "x", "owner")
        actions.keep_service(made_service(name, assurance=assured), by=EDITOR, at=AT)
    actions.keep_service(made_service("E", assurance=Assurance()), by=EDITOR, at=AT)
    actions.keep_service(made_service("F", state="draft"), by=EDITOR, at=AT)
    [district] = queries.freshness_by_district(day)
    assert (district.key, district.fresh, district.stale, district.hidden, district.never) == ("E06000033", 2, 1, 1, 1)
    assert district.share_fresh == pytest.approx(0.4)
    assert [f.key for f in queries.freshness_by_need(day)] == ["loneliness", "peer-support"]


def test_nobody_acts_without_a_name():
    with pytest.raises(ValueError, match="name"):
        Actor("person")


def test_an_empty_directory_and_an_old_demonstration_want_seeding():
    day = AT.date()
    assert wants_seeding(day)
    actions.keep_service(made_service(invented=True, assurance=Assurance(day, "x", "owner")), by=EDITOR, at=AT)
    assert not wants_seeding(day + timedelta(days=30))
    assert wants_seeding(day + timedelta(days=31))
    actions.close(made_service().id, by=EDITOR, at=AT, why="no demonstration here")
    assert not wants_seeding(day + timedelta(days=31))
