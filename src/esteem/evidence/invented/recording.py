"""What every table shares: who, by whom, in which month, under which number. Rows of a month stand as they were sent at its end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa

from esteem.evidence.invented import providers
from esteem.evidence.invented.chunk import Chunk
from esteem.evidence.invented.columns import NONE, coded, days, numbered, same, whole
from esteem.evidence.invented.people import pseudonyms

Columns = dict[str, pa.Array]
_A_CHUNK = 100_000_000  # more rows than a table has in a chunk


class Recording:
    """A chunk seen as submissions. `rows(...)` gives the columns that every table has."""

    def __init__(self, chunk: Chunk):
        self.chunk, self.world, self.window = chunk, chunk.world, chunk.world.window
        self._person_ids = numbered("INV", pseudonyms(chunk.people.index, chunk.world.seed), 10)

    def months_of(self, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For spans of days (`last` NONE = no end): the span's place, each of its months in the window, whether another follows in it."""
        last = np.where(last == NONE, self.window.end, last)
        begin = np.maximum(self.window.month_of(first), 0)
        end = np.minimum(self.window.month_of(last), self.world.months - 1)
        count = np.maximum(end - begin + 1, 0)
        place = np.repeat(np.arange(len(first)), count)
        month = begin[place] + np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
        return place, month, month < end[place]

    @cached_property
    def referral_months(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        referrals = self.chunk.referrals
        return self.months_of(referrals.received, referrals.closed)

    @cached_property
    def keys(self) -> np.ndarray:
        """A number for each person, month and provider with a referral, in order."""
        place, month, _ = self.referral_months
        referrals = self.chunk.referrals
        return np.unique(self.key(referrals.person[place], month, referrals.provider[place]))

    def key(self, person: np.ndarray, month: np.ndarray, provider: np.ndarray) -> np.ndarray:
        """Odd where the provider is not the person's own."""
        return (person.astype(np.int64) * (self.world.months + 1) + month) * 2 + (provider != self.chunk.home[person])

    def record_number(self, person: np.ndarray, month: np.ndarray, provider: np.ndarray) -> np.ndarray:
        """The same for every row of a person, month and provider; higher in a later month."""
        other = provider != self.chunk.home[person]
        return (self.chunk.people.index[person].astype(np.int64) * (self.world.months + 1) + month) * 2 + other + 1_000_000_000

    def person_id(self, person: np.ndarray) -> pa.Array:
        return self._person_ids.take(pa.array(person))

    def rows(self, person: np.ndarray, month: np.ndarray, provider: np.ndarray, number: str = "") -> Columns:
        """Person_ID, OrgIDProv, UniqMonthID, RecordNumber, UniqSubmissionID; and the table's own number of the row under a name."""
        columns = {
            "Person_ID": self.person_id(person),
            "OrgIDProv": coded(provider, providers.CODES),
            "UniqMonthID": whole(self.window.first_month + month),
            "RecordNumber": whole(self.record_number(person, month, provider)),
            "UniqSubmissionID": whole(submission(self.window.first_month + month, provider)),
        }
        if number:
            columns[number] = whole(self.chunk.number * _A_CHUNK + np.arange(1, len(person) + 1))
        return columns

    def valid(self, month: np.ndarray, goes_on: np.ndarray) -> Columns:
        """From the first day of the month, and to its last where a later month's row takes over."""
        starts = self.window.months
        return {
            "RecordStartDate": days(starts[month]),
            "RecordEndDate": days(np.where(goes_on, starts[month + 1] - 1, NONE)),
        }

    def known(self, day: np.ndarray, month: np.ndarray) -> np.ndarray:
        """A day that had come by the end of the row's month, else NONE."""
        return np.where(day < self.window.months[month + 1], day, NONE)

    def named(self, prefix: str, place: np.ndarray) -> pa.Array:
        """An identifier of the chunk's own things by their place: no two alike in the whole extract."""
        return numbered(prefix, self.chunk.number * _A_CHUNK + np.asarray(place, np.int64), 13)

    def text(self, text: str | None, rows: int) -> pa.Array:
        return same(text, rows)


def submission(month_id: np.ndarray, provider: np.ndarray | int) -> np.ndarray:
    return np.asarray(month_id, np.int64) * 100 + provider


def codes(index: np.ndarray, labels: Sequence[str]) -> pa.Array:
    return coded(index, labels)
