"""A small edition, made once, read as a browser would read it from disk: every link leads to a file, every form is gone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlencode, urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from esteem.cli import application_for
from esteem.terms.problems import Problem
from esteem.web.static_edition import edition, folder
from esteem.web.static_edition.addresses import file_of, normal, relative
from esteem.web.static_edition.rewriting import Rewriting
from esteem.web.static_edition.scope import Scope

STRATEGY = "bexley-2023"
SCOPE = Scope((STRATEGY,), frozenset({"E92000001", "QKK", "E09000004"}), {"x": "E92000001"})


class Page(HTMLParser):
    """Links, ids, tags and words of one page, read by a parser of its own."""

    def __init__(self, text: str):
        super().__init__()
        self.links, self.ids, self.tags, self.words = [], set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.tags.append(tag)
        self.ids.add(named.get("id"))
        if tag in ("a", "link", "img", "script", "use", "iframe", "object"):
            self.links += [named[name] for name in ("href", "src", "data") if named.get(name)]

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="session")
def small(tmp_path_factory, django_db_setup, django_db_blocker) -> Path:
    """The small edition of one strategy. Each visit closes what an earlier test left open of the store, which needs leave to touch it."""
    target = tmp_path_factory.mktemp("edition") / "site"
    with django_db_blocker.unblock():
        edition.publish(target, lambda done, known: None, [STRATEGY], small=True)  # in this process; the command shares the work out
    return target


@pytest.fixture(scope="session")
def pages(small) -> dict[str, Page]:
    return {path.relative_to(small).as_posix(): Page(path.read_text(encoding="utf-8")) for path in small.rglob("*.html")}


def leads_somewhere(small: Path, pages: dict[str, Page], name: str, link: str) -> bool:
    """Whether a link of page `name` leads to another site, or to a file of the edition and a place that is on it."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    path = (small / name).parent.joinpath(unquote(parts.path)).resolve() if parts.path else (small / name).resolve()
    if parts.query or link.startswith("/") or not path.is_file() or small.resolve() not in path.parents:
        return False
    there = pages.get(path.relative_to(small.resolve()).as_posix())
    return not parts.fragment or there is None or unquote(parts.fragment) in there.ids


# ---------------------------------------------------------------- the edition


def test_every_link_leads_to_a_file_and_every_fragment_to_a_place_on_it(small, pages):
    dead = [(name, link) for name, page in pages.items() for link in page.links if not leads_somewhere(small, pages, name, link)]
    assert pages and dead == []


def test_a_page_needs_no_server_and_no_other_site(pages):
    for name, page in pages.items():
        assert not {"form", "iframe", "object"} & set(page.tags), name
        assert [link for link in page.links if urlsplit(link).netloc] == [], name
        assert page.tags.count("script") == (name == "a-to-z.html"), name


def test_each_file_can_be_reached_from_the_first_page(small, pages):
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        name = waiting.pop()
        for link in pages[name].links:
            if urlsplit(link).path and not urlsplit(link).netloc:
                found = (small / name).parent.joinpath(unquote(urlsplit(link).path)).resolve().relative_to(small.resolve()).as_posix()
                if found not in reached:
                    reached.add(found)
                    waiting += [found] if found in pages else []
    assert {path.relative_to(small).as_posix() for path in small.rglob("*") if path.is_file()} - reached == {folder.MANIFEST}


def test_it_holds_the_sheet_its_promises_files_and_measures(small, pages):
    held = {path.relative_to(small).as_posix() for path in small.rglob("*") if path.is_file()}
    assert {f"sheets/{STRATEGY}.{extension}" for extension in ("html", "pdf", "csv", "xlsx", "ods", "json")} <= held
    assert {f"sheets/{STRATEGY}/b{n:02}.html" for n in range(1, 16)} <= held
    assert {"sources.html", "glossary.html", "statuses.html", "accessibility.html", "a-to-z.html", "about-this-edition.html"} <= held
    assert not any("southend" in name for name in held if name.startswith("sheets/"))
    for extension in ("csv", "xlsx", "ods", "json"):
        assert f"measures/detention-rate/figures--place-qkk.{extension}" in held
    assert "measures/detention-rate--place-qkk.html" in held


def test_the_figures_are_those_of_the_live_site(small):
    live = Client(headers={"host": "127.0.0.1"}).get("/measures/detention-rate/figures.csv?place=QKK").content
    kept = (small / "measures/detention-rate/figures--place-qkk.csv").read_bytes()
    assert kept == live
    assert next(csv.DictReader(io.StringIO(kept.decode("utf-8-sig"))))["place_code"] == "QKK"


def test_what_is_left_out_stands_as_words_with_a_note(pages):
    page = pages["measures/detention-rate--place-qkk.html"]
    assert "links on the live site" in page.words and any(link.endswith("about-this-edition.html") for link in page.links)


def test_the_a_to_z_names_every_measure_place_and_promise(pages):
    named = {unquote(urlsplit(link).path) for link in pages["a-to-z.html"].links}
    wanted = {name for name in pages if re.match(rf"(measures/[^/]+|places/[^/]+|sheets/{STRATEGY}/[^/]+)\.html$", name)}
    assert len(wanted) > 30 and wanted <= named


def test_the_list_of_files_has_their_checksums(small):
    manifest = json.loads((small / folder.MANIFEST).read_text())
    held = {path.relative_to(small).as_posix() for path in small.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == held - {folder.MANIFEST}
    assert manifest["files"]["index.html"] == hashlib.sha256((small / "index.html").read_bytes()).hexdigest()
    assert manifest["strategies"] == [STRATEGY]


@pytest.mark.slow
def test_the_same_figures_give_the_same_bytes(small, tmp_path):
    words = [sys.executable, "-m", "esteem.cli", "publish", str(tmp_path / "again"), "--only-strategy", STRATEGY, "--small"]
    done = subprocess.run(words, env=os.environ | {"PYTHONHASHSEED": "7"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, again = (json.loads((one / folder.MANIFEST).read_text()) for one in (small, tmp_path / "again"))
    assert again == first


# ---------------------------------------------------------------- the folder


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(application_for(["publish"]), ["publish", str(tmp_path)])
    assert isinstance(done.exception, Problem) and done.exception.code == "folder-not-ours"
    assert "Name another folder" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_earlier_edition_is_replaced_whole(tmp_path):
    target = tmp_path / "site"
    for words in ("first", "second"):
        with folder.replaced(target) as beside:
            (beside / f"{words}.html").write_text(words)
            (beside / folder.MANIFEST).write_text(json.dumps({"made_by": folder.MADE_BY}))
    assert sorted(path.name for path in target.iterdir()) == [folder.MANIFEST, "second.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_fails_half_way_leaves_the_earlier_edition(tmp_path):
    target = tmp_path / "site"
    with folder.replaced(target) as beside:
        (beside / folder.MANIFEST).write_text(json.dumps({"made_by": folder.MADE_BY}))
    with pytest.raises(RuntimeError), folder.replaced(target) as beside:
        (beside / "half.html").write_text("half")
        raise RuntimeError
    assert [path.name for path in target.iterdir()] == [folder.MANIFEST]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_unknown_strategy_is_told(tmp_path):
    with pytest.raises(Problem) as wrong:
        edition.publish(tmp_path / "site", lambda done, known: None, ["none"])
    assert wrong.value.code == "strategy-unknown" and not (tmp_path / "site").exists()


# ---------------------------------------------------------------- addresses, scope, rewriting


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/measures", "measures.html"),
        ("/measures/x?place=99G", "measures/x--place-99g.html"),
        ("/measures/x/figures.csv?place=99G", "measures/x/figures--place-99g.csv"),
        ("/assets/esteem/shell.0a1b.css", "assets/esteem/shell.0a1b.css"),
    ],
)
def test_a_file_is_named_after_its_address(address, file):
    assert file_of(address) == file


codes = st.text("ABCab01+:/ é?&=#%", min_size=1, max_size=8)


@given(st.lists(st.tuples(st.sampled_from(["place", "over", "by"]), codes), max_size=3, unique_by=lambda pair: pair[0]))
def test_a_file_name_can_be_written_anywhere(query):
    address = normal(f"/measures/x/how?{urlencode(query)}", "/")
    assert re.fullmatch(r"measures/x/how[a-z0-9._-]*\.html", file_of(address))
    assert normal(address, "/measures") == address


@given(codes, codes)
def test_two_addresses_share_no_file_unless_they_differ_in_capitals_alone(one, other):
    first, second = (normal(f"/measures/x?{urlencode({'place': code})}", "/") for code in (one, other))
    if first.lower() != second.lower():
        assert file_of(first) != file_of(second)


def test_links_between_files_are_relative():
    assert relative("assets/a.css", "measures/x/how.html") == "../../assets/a.css"
    assert relative("index.html", "index.html") == "index.html"


@pytest.mark.parametrize(
    ("address", "found_on", "admitted"),
    [
        ("/measures/x", "/measures", True),
        ("/measures/x?place=QKK", "/places/QKK", True),
        ("/measures/x?place=72Q", "/places/72Q", False),
        ("/measures/x?place=72Q", "/sheets/bexley-2023/B04", True),
        ("/measures/x?by=age&place=E92000001", "/measures/x", True),
        ("/measures/x?by=age&place=QKK", "/measures/x?place=QKK", False),
        ("/measures/x/map.png?place=E92000001", "/measures/x", True),
        ("/measures/x/map.png?place=QKK", "/measures/x?place=QKK", False),
        ("/measures/x/figures.ods?place=QKK", "/measures/x?place=QKK", True),
        ("/sheets/bexley-2023?as_at=2021-03-31", "/sheets/bexley-2023", False),
        ("/sheets/southend-essex-thurrock-2017", "/sheets", False),
        ("/api/v1/figures", "/api", False),
        ("/places/99G", "/places/E92000001", False),
        ("/places/72Q", "/places/QKK", True),
        ("/search?q=a", "/", False),
    ],
)
def test_the_scope_admits_what_it_says(address, found_on, admitted):
    assert SCOPE.admits(normal(address, "/"), found_on) is admitted


FILES = {"/": "index.html", "/measures/x": "measures/x.html", "/about-this-edition": "about-this-edition.html", "/a-to-z": "a-to-z.html"}


def rewritten(page: str) -> str:
    return Rewriting("/measures/x?place=QKK", "measures/x--place-qkk.html", FILES.get, frozenset({"Rates by area"})).page(page)


def test_a_page_is_rewritten_link_by_link():
    assert rewritten('<a class="b" href="/measures/x#map">all</a>') == '<a class="b" href="x.html#map">all</a>'
    assert rewritten('<a href="#here">here</a>') == '<a href="#here">here</a>'
    assert rewritten('<a href="https://other.example/?a=1&amp;b=2">there</a>') == '<a href="https://other.example/?a=1&amp;b=2">there</a>'
    left_out = rewritten('<main><a href="/places/99G">Southend<span class="nhsuk-u-visually-hidden">: more</span></a></main>')
    assert left_out.startswith("<main><span>Southend</span><p") and 'href="../about-this-edition.html"' in left_out


def test_a_form_is_replaced_by_the_way_to_the_a_to_z():
    assert rewritten('<form action="/places"><input name="q"></form>').count('href="../a-to-z.html"') == 1
    assert "<form" not in rewritten('<form action="/search" method="get">\n<input></form>')


def test_a_large_drawing_stands_on_the_page_of_the_measure_alone():
    drawing = f'<svg><title id="t">Rates by area</title>{"<path/>" * 20_000}</svg>'
    assert rewritten(drawing) == '<p>Rates by area: see <a href="x.html">the page of this measure</a>.</p>'
    assert rewritten(drawing.replace("area", "council")) == drawing.replace("area", "council")
    assert rewritten("<svg><title>Rates by area</title></svg>") == "<svg><title>Rates by area</title></svg>"
