"""The place a new installation starts with: loaded once, marked as invented, and never beside real records."""

from __future__ import annotations

from datetime import UTC, datetime

from esteem.evidence.invented import starting
from esteem.evidence.records.record_store import RecordStore

NOW = datetime(2025, 6, 20, 9, 30, tzinfo=UTC)


def test_the_first_start_loads_an_invented_place_and_the_second_does_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(starting, "PEOPLE", 1_500)
    monkeypatch.setattr(starting, "MONTHS", 4)
    heard = []
    loaded = starting.start_place(at=NOW, by="a test", home=tmp_path, told=heard.append)
    assert loaded[0].invented and loaded[0].data_set == "mhsds"
    assert loaded[0].manifest.loaded_by == "a test"
    assert loaded[0].months == (1499, 1500, 1501, 1502)
    assert heard[0] == "making 1,500 invented people"
    assert [path.name for path in tmp_path.iterdir()] == ["records"]  # nothing of the making is left
    assert starting.data_sets_without_records(tmp_path) == []
    assert starting.start_place(at=NOW, by="a test", home=tmp_path) == []
    assert RecordStore(tmp_path).current("mhsds").id == loaded[0].id
