"""One contract for every engine of the search: tantivy, and PostgreSQL where it is installed (started here on a socket of its own)."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from esteem.directory.search.backend import Document
from esteem.directory.search.postgresql_backend import PostgresqlBackend
from esteem.directory.search.tantivy_backend import TantivyBackend
from esteem.terms.problems import Problem
from esteem.web import directory_search
from esteem.web.databases import search_engine

DOCUMENTS = [
    Document(0, ("walk", "group"), ("active",), ("tidewell",), ("fresh", "air", "and", "company")),
    Document(1, ("sleep", "clinic"), ("sleep",), ("harbour",), ("walk", "through", "bad", "night")),
    Document(2, ("choir",), ("creativ",), ("tidewell",), ("sing", "walk", "o'clock", "группа")),
]


def _server(folder: Path):
    """Address of a PostgreSQL in `folder`, or why there is none. PostgreSQL refuses to run as root, so it runs as nobody then."""
    if not all(shutil.which(tool) for tool in ("initdb", "pg_ctl")):
        pytest.skip("PostgreSQL is not installed: initdb and pg_ctl are not on the path")
    before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    if before and not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and setpriv is not here to leave it")
    if before:
        os.chown(folder, 65534, 65534)
    user = "tester" if before else getpass.getuser()
    data = folder / "data"
    steps = (
        ["initdb", "-D", str(data), "-U", user, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
        ["pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "start"],
    )
    for step in steps:
        done = subprocess.run([*before, *step], capture_output=True, text=True, env={**os.environ, "HOME": str(folder)}, check=False)
        if done.returncode:
            pytest.skip(f"PostgreSQL could not be started: {done.stderr.strip()[-200:]}")
    return f"host={folder} user={user} dbname=postgres", [*before, "pg_ctl", "-D", str(data), "-m", "immediate", "stop"]


@pytest.fixture(scope="module")
def postgresql():
    folder = Path(tempfile.mkdtemp(prefix="esteem-search-"))
    address, stop = _server(folder)
    yield address
    subprocess.run(stop, capture_output=True, check=False)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["tantivy", "postgresql"])
def engine(request):
    made = TantivyBackend() if request.param == "tantivy" else PostgresqlBackend(request.getfixturevalue("postgresql"))
    made.build(DOCUMENTS)
    yield made
    made.close()


def test_a_name_counts_more_than_a_text(engine):
    found = engine.match(["walk"], limit=10)
    assert found[0][0] == 0
    assert {number for number, _ in found} == {0, 1, 2}
    assert all(score > 0 for _, score in found)


def test_any_word_or_every_word(engine):
    assert {number for number, _ in engine.match(["choir", "clinic"], limit=10)} == {1, 2}
    assert engine.match(["choir", "clinic"], limit=10, every=True) == []
    assert [number for number, _ in engine.match(["choir", "walk"], limit=10, every=True)] == [2]


def test_no_more_than_asked_for(engine):
    assert len(engine.match(["walk"], limit=2)) == 2


def test_nothing_asked_or_nothing_known_finds_nothing(engine):
    assert engine.match([], limit=10) == []
    assert engine.match(["zebra"], limit=10) == []


def test_odd_words_are_words(engine):
    assert [number for number, _ in engine.match(["группа"], limit=10)] == [2]
    assert [number for number, _ in engine.match(["o'clock"], limit=10)] == [2]
    assert engine.match(["');drop", "table\\", ":*", "&|!"], limit=10) == []


def test_a_new_index_leaves_readers_of_the_old_one_alone(postgresql):
    for make in (TantivyBackend, lambda: PostgresqlBackend(postgresql)):
        old, new = make(), make()
        old.build(DOCUMENTS)
        new.build(DOCUMENTS[:1])
        assert len(old.match(["walk"], limit=10)) == 3
        assert len(new.match(["walk"], limit=10)) == 1
        old.close()
        assert len(new.match(["walk"], limit=10)) == 1
        new.close()


def test_a_server_that_does_not_answer_is_a_problem():
    with pytest.raises(Problem) as wrong:
        PostgresqlBackend("host=/nowhere dbname=none connect_timeout=1")
    assert wrong.value.code == "search-backend"


def test_the_setting_chooses_the_engine_and_says_what_is_wrong_with_it(postgresql, settings):
    assert search_engine({}) == "tantivy"
    assert search_engine({"ESTEEM_SEARCH_BACKEND": "postgresql", "ESTEEM_DATABASE_URL": "postgresql:///esteem"}) == "postgresql"
    for wrong in ({"ESTEEM_SEARCH_BACKEND": "lucene"}, {"ESTEEM_SEARCH_BACKEND": "postgresql"}):
        with pytest.raises(Problem) as told:
            search_engine(wrong)
        assert told.value.code == "search-backend"
    settings.SEARCH_BACKEND, settings.SEARCH_SERVER = "postgresql", postgresql
    engine = directory_search.engine()
    engine.build(DOCUMENTS)
    assert (engine.name, [number for number, _ in engine.match(["clinic"], limit=10)]) == ("postgresql", [1])
    engine.close()
    settings.SEARCH_BACKEND = "tantivy"
    assert directory_search.engine().name == "tantivy"
