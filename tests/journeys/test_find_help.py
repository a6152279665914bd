"""People who look for help: a teenager at night, a carer, a receptionist, a newly arrived family, a service that keeps its entry."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

import pytest
from tests.journeys.reading_age import reading_age

PHONE = {"width": 360, "height": 740}


class Seeker:
    """Somebody at a browser; each page on the way is looked at with axe."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def looks_around(self):
        assert self.visitor.barriers() == []
        assert self.visitor.overflow == 0

    def taps(self, words: str):
        self.page.locator("main").get_by_role("link", name=words, exact=True).first.click()

    def panel(self):
        return self.page.locator(".crisis-panel")


class Teenager(Seeker):
    def given_they_are_awake_at_night(self):
        self.visitor.goes_to("/find-help")
        self.looks_around()

    def when_they_type_what_they_cannot_say(self):
        self.page.locator("main #q").fill("im 15 and i dont want to be here anymore")
        self.page.locator("main").get_by_role("button", name="Find help").click()

    def then_help_in_a_crisis_stands_first_with_lines_for_the_young(self):
        self.looks_around()
        text = self.panel().inner_text()
        assert text.index("999") < text.index("Childline") < text.index("Samaritans")
        assert self.panel().locator("a[href='tel:08001111']").count() == 1
        assert self.panel().locator("a[href^='sms:85258']").count() == 1

    def then_results_are_there_all_the_same(self):
        assert self.page.locator(".find-result").count() >= 3
        assert "15-year-old" in self.visitor.reads

    def then_leaving_is_one_click_and_leaves_no_way_back_to_the_page(self):
        leave = self.page.locator("[data-leave]")
        assert leave.is_visible()
        assert leave.get_attribute("href").startswith("https://")


def test_a_frightened_teenager_at_night(site, visits):
    teenager = Teenager(visits(site, viewport=PHONE))
    teenager.given_they_are_awake_at_night()
    teenager.when_they_type_what_they_cannot_say()
    teenager.then_help_in_a_crisis_stands_first_with_lines_for_the_young()
    teenager.then_results_are_there_all_the_same()
    teenager.then_leaving_is_one_click_and_leaves_no_way_back_to_the_page()


class Carer(Seeker):
    def given_they_do_not_know_what_to_type(self):
        self.visitor.goes_to("/find-help")
        self.taps("Not sure what to type? Answer four short questions")

    def when_they_answer_four_questions_with_four_taps(self):
        for answer in ("Someone I care for", "A break from caring", "Southend-on-Sea", "At the weekend"):
            self.looks_around()
            self.taps(answer)

    def then_help_is_on_the_screen(self):
        self.looks_around()
        assert self.page.locator(".find-result").count() >= 1
        assert "who=carer" in self.visitor.address and "need=" in self.visitor.address

    def then_each_result_says_why_it_is_there_and_whether_it_is_open(self):
        self.page.reload()  # axe unfolded everything
        first = self.page.locator(".find-result").first
        first.locator("summary").click()
        assert first.locator(".nhsuk-details__text").inner_text().strip()
        assert re.search(r"Open now|Closed now|check", first.inner_text())

    def then_the_page_of_a_service_says_how_sure_it_is(self):
        self.page.locator(".find-result h3 a").first.click()
        self.looks_around()
        assert re.search(r"Checked by .+ on \d+ \w+ 20\d\d|check before you go", self.visitor.reads)
        assert "This service does not exist" in self.visitor.reads


def test_a_carer_looking_for_a_break(site, visits):
    carer = Carer(visits(site))
    carer.given_they_do_not_know_what_to_type()
    carer.when_they_answer_four_questions_with_four_taps()
    carer.then_help_is_on_the_screen()
    carer.then_each_result_says_why_it_is_there_and_whether_it_is_open()
    carer.then_the_page_of_a_service_says_how_sure_it_is()


class Receptionist(Seeker):
    def given_they_search_for_a_patient(self):
        self.visitor.goes_to("/find-help/results?q=someone+to+talk+to&postcode=CM1&who=professional")

    def when_they_save_three_services(self):
        for _ in range(3):
            self.page.locator(".find-result-actions").get_by_role("link", name=re.compile("^Save ")).first.click()

    def then_the_list_can_be_printed_on_one_page(self):
        self.page.get_by_role("link", name="Your list (3)").click()
        self.looks_around()
        assert self.page.locator(".find-list-entry").count() == 3
        address = self.page.get_by_role("link", name="Print on one page (PDF)").get_attribute("href")
        body = self.page.request.get(self.visitor.site + address).body()
        assert body.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", body)) == 1

    def then_the_numbers_stand_on_paper_too(self):
        self.page.emulate_media(media="print")
        assert self.page.locator(".crisis-strip").is_visible()
        assert self.page.locator(".find-list-entry a[href^='tel:']").first.is_visible()
        self.page.emulate_media(media="screen")

    def then_no_cookie_was_set_on_the_way(self):
        assert self.visitor.context.cookies() == []


def test_a_receptionist_prints_a_list(site, visits):
    receptionist = Receptionist(visits(site))
    receptionist.given_they_search_for_a_patient()
    receptionist.when_they_save_three_services()
    receptionist.then_the_list_can_be_printed_on_one_page()
    receptionist.then_the_numbers_stand_on_paper_too()
    receptionist.then_no_cookie_was_set_on_the_way()


class Family(Seeker):
    def given_they_read_arabic(self):
        self.visitor.goes_to("/find-help/languages")
        self.looks_around()
        self.page.locator("a[hreflang=ar]").click()

    def then_the_page_runs_from_right_to_left(self):
        assert self.page.locator("html").get_attribute("dir") == "rtl"
        assert self.page.get_by_role("heading", level=1).inner_text() == "ابحث عن مساعدة"
        self.looks_around()

    def when_they_choose_help_for_those_who_have_just_arrived(self):
        self.visitor.goes_to("/find-help/results?need=refugee&language=ar&lang=ar")

    def then_services_speak_their_language(self):
        self.looks_around()
        assert self.page.locator(".find-result").count() >= 1
        self.page.locator(".find-result h3 a").first.click()
        assert "lang=ar" in self.visitor.address
        self.looks_around()

    def then_crisis_numbers_stay_in_reviewed_words(self):
        assert "Emergency" in self.page.locator(".crisis-strip").inner_text()


def test_a_newly_arrived_family_reads_from_right_to_left(site, visits):
    family = Family(visits(site, viewport=PHONE))
    family.given_they_read_arabic()
    family.then_the_page_runs_from_right_to_left()
    family.when_they_choose_help_for_those_who_have_just_arrived()
    family.then_services_speak_their_language()
    family.then_crisis_numbers_stay_in_reviewed_words()


class Owner(Seeker):
    """A voluntary service with the link of a reminder."""

    def given_a_link_of_their_own(self, home):
        self.visitor.goes_to("/find-help")
        listed = self.page.request.get(self.visitor.site + "/oruk/services?search=listening&per_page=1").json()["contents"][0]
        self.service, self.token = listed["id"], secrets.token_urlsafe(32)
        self.token = make_link(home, self.service, self.token)
        self.visitor.goes_to(f"/find-help/confirm/{self.token}")
        self.looks_around()

    def when_they_change_their_hours_and_say_the_rest_is_right(self):
        self.page.get_by_role("link", name="Something has changed: open the form").click()
        self.looks_around()
        self.page.locator("#hours").fill("Mon to nine")
        self.page.get_by_role("button", name="Save and confirm").click()
        assert "Write days and times like" in self.page.locator(".nhsuk-error-summary").inner_text()
        self.looks_around()
        self.page.locator("#hours").fill("Wed 10:00-12:30")
        self.page.get_by_role("button", name="Save and confirm").click()

    def then_the_entry_shows_it_at_once_and_is_checked_today(self):
        self.page.get_by_role("link", name="See the entry").click()
        today = datetime.now(UTC)
        assert "Wednesday, 10am to 12:30pm" in self.visitor.reads
        assert f"on {today.day} {today:%B %Y}" in self.visitor.reads

    def then_its_history_says_who_did_it(self):
        self.taps("What has changed here, and when")
        assert "the owner’s form" in self.visitor.reads or "the owner's form" in self.visitor.reads
        self.looks_around()

    def then_the_link_does_not_work_twice(self):
        assert self.page.request.get(f"{self.visitor.site}/find-help/confirm/{self.token}").status == 400


def make_link(home, service: str, token: str) -> str:
    """The signed token that a reminder would carry, made in the site's own database by another process of ours."""
    import os
    import subprocess
    import sys

    made = f"""
from datetime import UTC, datetime
from esteem.web.databases import prepare
prepare()
from esteem.directory import actions
from esteem.terms.actors import CLOCK
actions.make_link({service!r}, {token!r}, by=CLOCK, at=datetime.now(UTC))
from esteem.web.mail import signed
print(signed({token!r}))
"""
    told = subprocess.run(
        [sys.executable, "-c", made], check=True, capture_output=True, text=True, env=os.environ | {"ESTEEM_HOME": str(home)}
    )
    return told.stdout.strip()


@pytest.fixture
def own_site(tmp_path):
    from tests.serving import served

    with served(tmp_path) as address:
        yield address, tmp_path


def test_a_voluntary_service_confirms_its_entry(own_site, visits):
    address, home = own_site
    owner = Owner(visits(address))
    owner.given_a_link_of_their_own(home)
    owner.when_they_change_their_hours_and_say_the_rest_is_right()
    owner.then_the_entry_shows_it_at_once_and_is_checked_today()
    owner.then_its_history_says_who_did_it()
    owner.then_the_link_does_not_work_twice()


def test_help_is_found_without_scripts_and_by_keyboard_alone(site, visits):
    seeker = Seeker(visits(site, java_script_enabled=False))
    seeker.visitor.goes_to("/find-help")
    seeker.page.locator("main #q").focus()
    seeker.page.keyboard.type("cant sleep")
    with seeker.page.expect_navigation():
        seeker.page.keyboard.press("Enter")
    assert seeker.page.locator(".find-result").count() >= 1
    first = seeker.page.locator(".find-result h3 a").first
    first.focus()
    with seeker.page.expect_navigation():
        seeker.page.keyboard.press("Enter")
    assert "Get in touch" in seeker.visitor.reads


def test_the_crisis_page_opens_without_a_connection(site, visits):
    seeker = Seeker(visits(site))
    seeker.visitor.goes_to("/find-help/crisis")
    seeker.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    seeker.page.reload()
    seeker.visitor.context.set_offline(True)
    seeker.page.goto(f"{seeker.visitor.site}/find-help/crisis")
    assert "Samaritans" in seeker.page.locator("main").inner_text()
    seeker.page.goto(f"{seeker.visitor.site}/find-help?postcode=SS1")
    assert "You are not connected" in seeker.page.locator("main").inner_text()
    seeker.visitor.context.set_offline(False)
    seeker.visitor.told.clear()  # the browser itself says in its console that there is no connection


def test_the_words_of_find_help_read_easily(site, visits):
    visitor = visits(site)
    said = []
    for address in ("/find-help", "/find-help/questions/who", "/find-help/crisis", "/find-help/list", "/find-help/for-services"):
        visitor.goes_to(address)
        said += visitor.page.locator("main p, main li").all_inner_texts()
    assert reading_age("\n".join(one for one in said if len(one.split()) > 4)) <= 12  # age of about twelve: grade 7


def test_the_first_view_is_light(site, visits):
    visitor = visits(site)
    weights = []
    visitor.page.on("response", lambda answer: weights.append(int(answer.headers.get("content-length") or 0)))
    visitor.goes_to("/find-help")
    visitor.page.wait_for_load_state("networkidle")
    assert 0 < sum(weights) <= 100_000
