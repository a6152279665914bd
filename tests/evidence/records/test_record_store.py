import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.evidence.records.small_extract import person, rows, write_extract

from esteem.evidence.records.edition import EditionManifest, LoadedFolder, TableCount
from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.record_store import RecordStore, months_in_words
from esteem.evidence.records.schema import mhsds_v6
from esteem.terms.problems import Problem


def manifest(edition: str, label: str = "first", months=(1499, 1500), at: str = "2025-05-01T09:00:00+00:00") -> EditionManifest:
    load = LoadedFolder(label, "/in", at, "a person", months, (), (TableCount("MHS001MPI", 3, 2, 1, 0),))
    return EditionManifest("mhsds", edition, label, "/in", "v6", False, at, "a person", months, (load,))


def fill(folder: Path, kept: EditionManifest) -> EditionManifest:
    write_extract(folder, {"MHS001MPI": [person(1, 11)]})
    return kept


def keep(store: RecordStore, edition: str, **fields):
    with store.writing():
        kept = store.keep("mhsds", edition, lambda folder: fill(folder, manifest(edition, **fields)))
        store.point_to(kept)
    return kept


def test_nothing_loaded_is_a_problem_that_says_how_to_load(tmp_path):
    store = RecordStore(tmp_path)
    assert store.current_or_none("mhsds") is None
    with pytest.raises(Problem) as found:
        store.current("mhsds")
    assert found.value.code == "records-missing"
    assert "esteem load mhsds DIR" in found.value.remedy


def test_an_edition_is_kept_whole_and_opens_as_an_extract(tmp_path):
    keep(RecordStore(tmp_path), "one")
    loaded = RecordStore(tmp_path).current("mhsds")
    assert (loaded.id, loaded.label, loaded.months, loaded.invented) == ("one", "first", (1499, 1500), False)
    assert loaded.manifest == manifest("one")
    extract = loaded.extract()
    assert len(rows(extract, extract.table("MHS001MPI"))) == 1


def test_a_month_that_is_not_loaded_is_a_problem(tmp_path):
    loaded = keep(RecordStore(tmp_path), "one")
    assert loaded.month().month_id == 1500
    assert loaded.month(1499).month_id == 1499
    with pytest.raises(Problem) as found:
        loaded.month(1502)
    assert found.value.code == "records-month-missing"
    assert found.value.found == "May 2025 is not loaded; loaded: February 2025 to March 2025"


def test_earlier_editions_are_kept_and_can_be_used_again(tmp_path):
    store = RecordStore(tmp_path)
    first = keep(store, "one")
    keep(store, "two", label="second", at="2025-06-01T09:00:00+00:00")
    assert [kept.id for kept in store.editions("mhsds")] == ["one", "two"]
    assert store.current("mhsds").id == "two"
    store.point_to(store.find("mhsds", "first"))
    assert store.current("mhsds") == first
    with pytest.raises(Problem) as found:
        store.find("mhsds", "third")
    assert found.value.code == "records-edition-unknown"


def test_a_load_that_fails_leaves_the_edition_before(tmp_path):
    store = RecordStore(tmp_path)
    first = keep(store, "one")

    def break_off(folder: Path):
        fill(folder, manifest("two"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.writing():
        store.keep("mhsds", "two", break_off)
    assert store.current("mhsds") == first
    assert [path.name for path in (tmp_path / "records" / "mhsds").iterdir() if path.is_dir()] == ["one"]


def test_what_a_killed_load_left_is_swept_away_by_the_next(tmp_path):
    store = RecordStore(tmp_path)
    first = keep(store, "one")
    shutil.copytree(first.folder, first.folder.with_name(".unfinished-two"))
    assert [kept.id for kept in store.editions("mhsds")] == ["one"]
    with store.writing():
        assert {path.name for path in first.folder.parent.iterdir()} == {"one", "current"}


def test_one_load_runs_at_a_time(tmp_path):
    with RecordStore(tmp_path).writing(), pytest.raises(Problem) as found, RecordStore(tmp_path).writing():
        pass
    assert found.value.code == "store-busy"


def test_a_damaged_manifest_is_a_problem(tmp_path):
    kept = keep(RecordStore(tmp_path), "one")
    (kept.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(Problem) as found:
        RecordStore(tmp_path).current("mhsds")
    assert found.value.code == "records-damaged"


def test_a_table_that_was_loaded_and_is_gone_is_a_problem_not_an_empty_table(tmp_path):
    kept = keep(RecordStore(tmp_path), "one")
    (kept.folder / "mhsds" / "MHS001MPI.csv").rename(kept.folder / "mhsds" / "MHS002GP.csv")
    (kept.folder / "mhsds" / "MHS002GP.csv").write_text(",".join(mhsds_v6().columns("MHS002GP")) + "\n", encoding="utf-8")
    with pytest.raises(Problem) as found:
        kept.extract()
    assert (found.value.code, found.value.found) == ("records-damaged", "no MHS001MPI")


def test_counts_that_do_not_add_up_cannot_be_written():
    with pytest.raises(Problem) as found:
        TableCount("MHS001MPI", 3, 1, 1, 0)
    assert found.value.code == "records-rows-lost"


def test_a_table_may_come_as_a_folder_of_parts(tmp_path):
    read = open_extract(write_extract(tmp_path / "csv", {"MHS001MPI": [person(1, 11), person(2, 12)]}))
    table: pa.Table = read.engine.run(read.table("MHS001MPI"))
    parts = tmp_path / "parts" / "mhsds" / "MHS001MPI"
    parts.mkdir(parents=True)
    for number in (0, 1):
        pq.write_table(table.slice(number, 1), parts / f"{number}.parquet")
    again = open_extract(tmp_path / "parts")
    assert again.engine.run(again.table("MHS001MPI").order_by("RecordNumber")) == table.sort_by("RecordNumber")


def test_months_are_told_in_words():
    assert months_in_words((1489, 1490, 1491, 1493)) == "April 2024 to June 2024, August 2024"
    assert months_in_words(()) == "none"
