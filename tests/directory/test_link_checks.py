"""Whether web addresses answer: asked over HTTP, each once, and a finding is a task until its cause is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esteem.directory import actions, queries
from esteem.web.directory_checks import run_checks

from .made_up import AT, EDITOR, made_service
from .web_server import serving

pytestmark = pytest.mark.django_db
PAGES = {"/well": (200, b"<h1>Open on Tuesdays</h1>"), "/parked": (200, b"This domain is parked. Buy this domain."), "/gone": (404, b"")}


def kept(name: str, url: str) -> str:
    return actions.keep_service(made_service(name, url=url), by=EDITOR, at=AT).id


def links_found(at=AT) -> dict[str, str]:
    found, _ = run_checks(at=at, links=True, private=True)
    return {one.service_id: one.found for one in found if one.kind == "link answers"}


def test_pages_that_are_gone_or_parked_become_tasks_and_end_when_mended():
    asked, pages = [], dict(PAGES)

    def answer(path, _query):
        asked.append(path)
        status, body = pages[path]
        return status, {"Content-Type": "text/html"}, body

    with serving(answer) as site:
        names = {name: kept(name, f"{site}/{name}") for name in ("well", "parked", "gone")}
        kept("gone twice", f"{site}/gone")
        found = links_found()
        assert names["well"] not in found and len(found) == 3
        assert "404" in found[names["gone"]] and "parked" in found[names["parked"]]
        assert sorted(asked) == ["/gone", "/parked", "/well"], "one address is asked once, however many entries name it"
        pages |= {"/gone": PAGES["/well"]}
        assert set(links_found(AT + timedelta(days=1))) == {names["parked"]}
    assert {task.service_id for task in queries.tasks() if task.kind == "link answers"} == {names["parked"]}


def test_a_server_that_is_down_is_a_finding_and_an_example_is_never_asked():
    with serving(lambda path, query: (200, {}, b"")) as site:
        pass
    down, example = kept("down", f"{site}/well"), kept("example", "https://tidewell.example.org/")
    found = links_found()
    assert down in found and example not in found
