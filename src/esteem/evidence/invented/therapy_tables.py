"""Tables of talking therapies (IAPT): referrals as they stood each month, sessions, and the flags and scores of finished courses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from esteem.evidence.invented.chunk import Chunk, own_provider
from esteem.evidence.invented.columns import NONE, coded, days, numbered, same, whole
from esteem.evidence.invented.people import ETHNIC_CODES, pseudonyms
from esteem.evidence.invented.providers import CODES, THERAPIES
from esteem.evidence.invented.recording import Columns, submission
from esteem.evidence.invented.talking_therapies import FINISHED, NOT_STARTED, ONCE
from esteem.evidence.invented.targets import Targets
from esteem.evidence.records.reporting import Reporting

SUBMISSIONS = "IsLatest_SubmissionID"
_TRUE_FALSE = ("True", "False")
_PROBLEMS = (
    ("Depression", "Depression"),
    ("Anxiety and stress related disorders (Total)", "Generalized anxiety disorder"),
    ("Anxiety and stress related disorders (Total)", "Mixed anxiety and depressive disorder"),
    ("Anxiety and stress related disorders (Total)", "Post-traumatic stress disorder"),
)
_END_CODES = ("46", "47", "50", "10")  # completed; dropped out; declined; not suitable
_SESSION_EVERY = 15.0  # days
_MOST_SESSIONS = 16
_FACE, _PHONE, _VIDEO = "01", "02", "11"
_LONG_TERM_CONDITION = 0.28  # share of people; assumed


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Of each person: first and last scores (NONE without), and what they mean once the course is finished."""

    phq_first: np.ndarray
    phq_last: np.ndarray
    gad_first: np.ndarray
    gad_last: np.ndarray
    not_caseness: np.ndarray
    recovered: np.ndarray
    reliably_recovered: np.ndarray
    improved: np.ndarray
    deteriorated: np.ndarray


class TherapyTables:
    """The tables of one chunk."""

    def __init__(self, chunk: Chunk):
        self.chunk, self.world, self.window, self.people = chunk, chunk.world, chunk.world.window, chunk.therapy
        self.chance, courses = chunk.seed_of_rest, chunk.courses
        self.course = courses.course
        arrived = self.people.arrived
        self.received = np.floor(arrived).astype(np.int64)
        started = self.course != NOT_STARTED
        self.first = np.where(started, np.floor(arrived + courses.waited), NONE).astype(np.int64)
        late = self.chance.random(len(arrived)) < chunk.world.targets.of("therapies.second_over_90_days")[self.people.area]
        gap = np.where(late, 91 + self.chance.exponential(25, len(arrived)), 7 + self.chance.random(len(arrived)) * 60)
        self.second = np.where(self.course == FINISHED, self.first + np.floor(gap).astype(np.int64), NONE)
        ended = np.floor(arrived + courses.waited + courses.treated).astype(np.int64)
        self.ended = np.maximum(np.maximum(ended, np.where(self.course == FINISHED, self.second + 7, ended)), self.window.start)
        self.provider = own_provider(self.world, self.people.area, THERAPIES)
        self.outcomes = outcomes_of(self.chance, self.course == FINISHED, self.people.area, self.world.targets)
        self.sessions = self._sessions()

    def tables(self) -> dict[str, Columns]:
        place, month = self._months()
        referrals = self._referrals(place, month)
        contacts, activities = self._contacts()
        return {
            "IDS001mpi": self._people(place, month),
            "IDS101referral": referrals,
            "IDS201carecontact": contacts,
            "IDS202careactivity": activities,
            "IDS004empstatus": self._work(place, month),
            "IDS602longtermphyscondition": self._conditions(place, month),
        }

    def _months(self) -> tuple[np.ndarray, np.ndarray]:
        begin = np.maximum(self.window.month_of(self.received), 0)
        end = np.minimum(self.window.month_of(self.ended), self.world.months - 1)
        count = np.maximum(end - begin + 1, 0)
        place = np.repeat(np.arange(len(begin)), count)
        return place, begin[place] + np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)

    def _record(self, place: np.ndarray, month: np.ndarray) -> np.ndarray:
        return self.people.index[place].astype(np.int64) * (self.world.months + 1) + month + 5_000_000_000

    def _person_ids(self, place: np.ndarray) -> pa.Array:
        return numbered("INV", pseudonyms(self.people.index, self.world.seed), 10).take(pa.array(place))

    def _pathway(self, place: np.ndarray) -> pa.Array:
        return numbered("INVP", self.people.index, 10).take(pa.array(place))

    def _submission(self, place: np.ndarray, month: np.ndarray) -> Columns:
        number = whole(submission(self.window.first_month + month, self.provider[place]))
        return {"UniqueSubmissionID": number, "AuditId": number, "Unique_MonthID": whole(self.window.first_month + month)}

    def _known(self, day: np.ndarray, month: np.ndarray) -> np.ndarray:
        return np.where(day < self.window.months[month + 1], day, NONE)

    def _sessions(self) -> tuple[np.ndarray, np.ndarray]:
        """Person and day of every session of every course, within the window or not, in order."""
        finished = np.flatnonzero(self.course == FINISHED)
        more = np.clip((self.ended - self.second)[finished] // _SESSION_EVERY, 0, _MOST_SESSIONS - 2).astype(np.int64)
        place = np.repeat(finished, more)
        step = np.arange(len(place)) - np.repeat(np.cumsum(more) - more, more) + 1
        span = (self.ended - self.second)[place] / (np.repeat(more, more) + 1)
        later = self.second[place] + np.floor(step * span).astype(np.int64)
        started = np.flatnonzero(self.course != NOT_STARTED)
        person = np.concatenate([started, finished, place])
        day = np.concatenate([self.first[started], self.second[finished], later])
        order = np.lexsort((day, person))
        return person[order], day[order]

    def _referrals(self, place: np.ndarray, month: np.ndarray) -> Columns:
        ended = self._known(self.ended[place], month)
        done = (self.course[place] == FINISHED) & (ended != NONE)
        out, rows = self.outcomes, len(place)
        person, day = self.sessions
        ends = self.window.months[month + 1]
        before = np.searchsorted(person * 100_000 + day, place * 100_000 + ends)  # sessions up to the month's end, the person's and others'
        count = before - np.searchsorted(person, place)
        last = np.where(count > 0, day[np.clip(before - 1, 0, max(len(day) - 1, 0))] if len(day) else NONE, NONE)
        problem = self.people.index[place] % len(_PROBLEMS)
        high, low = sorted({one for one, _ in _PROBLEMS}), [one for _, one in _PROBLEMS]
        why = np.where(self.course[place] == FINISHED, 0, np.where(self.course[place] == ONCE, 1, 2 + self.people.index[place] % 2))

        def flag(of: np.ndarray) -> pa.Array:
            return coded(np.where(done & of[place], 0, 1), _TRUE_FALSE)

        def score(of: np.ndarray, known: np.ndarray) -> pa.Array:
            return whole(np.where(known, of[place], NONE))

        begun = self._known(self.first[place], month) != NONE
        return {
            "PathwayID": self._pathway(place),
            "RecordNumber": whole(self._record(place, month)),
            **self._submission(place, month),
            "Unique_ServiceRequestID": self._pathway(place),
            "OrgIDComm": coded(self.people.area[place], [area.sub_icb for area in self.world.areas]),
            "OrgID_Provider": coded(self.provider[place], CODES),
            "ReferralRequestReceivedDate": days(self.received[place]),
            "ServDischDate": days(ended),
            "TherapySession_FirstDate": days(self._known(self.first[place], month)),
            "TherapySession_SecondDate": days(self._known(self.second[place], month)),
            "TherapySession_LastDate": days(last),
            "Assessment_FirstDate": days(self._known(self.first[place], month)),
            "TreatmentCareContact_Count": whole(count),
            "CompletedTreatment_Flag": coded(np.where(done, 0, 1), _TRUE_FALSE),
            "Recovery_Flag": flag(out.recovered),
            "NotCaseness_Flag": flag(out.not_caseness),
            "ReliableImprovement_Flag": flag(out.improved),
            "ReliableDeterioration_Flag": flag(out.deteriorated),
            "ReliableRecovery_Flag": flag(out.reliably_recovered),
            "UsePathway_Flag": same("True", rows),
            "PresentingComplaintHigherCategory": coded(np.array([high.index(one) for one, _ in _PROBLEMS])[problem], high),
            "PresentingComplaintLowerCategory": coded(problem, low),
            "PHQ9_FirstScore": score(out.phq_first, begun),
            "PHQ9_LastScore": score(out.phq_last, begun & done),
            "GAD_FirstScore": score(out.gad_first, begun),
            "GAD_LastScore": score(out.gad_last, begun & done),
            "EndCode": coded(np.where(ended == NONE, -1, why), _END_CODES),
        }

    def _people(self, place: np.ndarray, month: np.ndarray) -> Columns:
        people = self.people
        deciles = np.concatenate([area.deciles for area in self.world.areas])
        return {
            "RecordNumber": whole(self._record(place, month)),
            "Person_ID": self._person_ids(place),
            "Validated_EthnicCategory": coded(people.ethnicity[place], ETHNIC_CODES),
            "Gender": coded(people.sex[place], ("1", "2")),
            "IndicesOfDeprivationDecile": coded(deciles[people.small_area[place]] - 1, [str(n) for n in range(1, 11)]),
            "AgeRP_EndDate": whole(people.age_on(place, self.window.months[month + 1] - 1)),
        }

    def _contacts(self) -> tuple[Columns, Columns]:
        person, day = self.sessions
        kept = self.window.holds(day)
        person, day = person[kept], day[kept]
        month = self.window.month_of(day)
        chance, rows = self.chance, len(person)
        number = numbered("INVC", self.chunk.number * 100_000_000 + np.arange(rows), 13)
        way = np.searchsorted([0.15, 0.6], chance.random(rows), side="right")
        sent = self._submission(person, month)
        shared = {"PathwayID": self._pathway(person), "AuditId": sent["AuditId"]}
        contacts = {
            **shared,
            "Unique_CareContactID": number,
            "CareContactId": number,
            "CareContDate": days(day),
            "AttendOrDNACode": coded((chance.random(rows) < 0.05).astype(np.int8), ("5", "6")),
            "ConsMechanism": coded(way, (_FACE, _PHONE, _VIDEO)),
        }
        return contacts, shared | {
            "Unique_MonthID": sent["Unique_MonthID"],
            "CareContactId": number,
            "CodeProcAndProcStatus": same("304891004", rows),
        }

    def _work(self, place: np.ndarray, month: np.ndarray) -> Columns:
        """Work as told at the beginning, sent with the first record."""
        first = np.flatnonzero(np.append(True, place[1:] != place[:-1])) if len(place) else np.zeros(0, np.int64)
        place, month = place[first], month[first]
        kind = np.searchsorted([0.58, 0.68, 0.75, 0.86], self.chance.random(len(place)), side="right")
        return {
            "RecordNumber": whole(self._record(place, month)),
            "EmployStatus": coded(kind, ("01", "02", "03", "04", "08", "99")),
            "EmployStatusRecDate": days(np.maximum(self.received[place], self.window.months[month])),
        }

    def _conditions(self, place: np.ndarray, month: np.ndarray) -> Columns:
        has = self.chance.random(len(self.people.index)) < _LONG_TERM_CONDITION
        rows = np.flatnonzero(has[place])
        return {"RecordNumber": whole(self._record(place[rows], month[rows]))}


def outcomes_of(chance: np.random.Generator, finished: np.ndarray, area: np.ndarray, targets: Targets) -> Outcomes:
    """Outcomes in the published shares of the area, and scores that say the same by the rules of the data set: caseness from PHQ-9 10 or
    GAD-7 8; recovery when both are below at the end; reliable change from 6 (PHQ-9) or 4 (GAD-7)."""
    cases = (targets.of("therapies.at_caseness") / targets.of("therapies.finished"))[area]
    recovery, reliable = targets.of("therapies.recovery")[area], targets.of("therapies.reliable_recovery")[area]
    better, worse = targets.of("therapies.improvement")[area], targets.of("therapies.deterioration")[area]
    count = len(area)
    case = chance.random(count) < cases
    told = chance.random(count)
    reliably = finished & case & (told < reliable)
    barely = finished & case & (told >= reliable) & (told < recovery)
    share = np.clip((better - cases * reliable) / (1 - cases * np.maximum(reliable, recovery)), 0, 1)
    rest = finished & ~reliably & ~barely
    improved = rest & (chance.random(count) < share)
    deteriorated = rest & ~improved & (chance.random(count) < np.clip(worse / (1 - better), 0, 1))
    step = chance.integers(0, 3, count)
    phq = np.where(case, 12 + step * 2, 3 + step)
    gad = np.where(case, 10 + step * 2, 2 + step)
    phq, gad = np.where(improved & case, 18 + step, phq), np.where(improved & case, 14 + step, gad)
    phq, gad = np.where(improved & ~case, 7 + step, phq), np.where(improved & ~case, 5 + step, gad)
    phq, gad = np.where(barely, 10 + step % 2, phq), np.where(barely, 8, gad)
    phq_last = np.where(reliably, 4, np.where(barely, 8, np.where(improved, phq - 7, np.where(deteriorated, phq + 7, phq))))
    gad_last = np.where(reliably, 3, np.where(barely, 6, np.where(improved, gad - 5, np.where(deteriorated, gad + 4, gad))))
    return Outcomes(
        phq, phq_last, gad, gad_last, finished & ~case, reliably | barely, reliably, reliably | improved, deteriorated
    )  # fmt: skip


def header(submissions: list[tuple[int, int]]) -> Columns:
    """IsLatest_SubmissionID: one submission of each provider and month, the latest there is."""
    months = [Reporting(month) for month, _ in submissions]
    number = whole(np.array([int(submission(month, provider)) for month, provider in submissions]))
    return {
        "UniqueSubmissionID": number,
        "AuditId": number,
        "IsLatest": pa.array([True] * len(submissions)),
        "ReportingPeriodStartDate": pa.array([month.start for month in months]),
        "ReportingPeriodEndDate": pa.array([month.end for month in months]),
        "Unique_MonthID": whole(np.array([month.month_id for month in months])),
    }
