"""Tables about referrals and what is done in them: referrals, other teams, onward referrals, contacts, activities, scores."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa

from esteem.evidence.invented import contacts as care
from esteem.evidence.invented import providers
from esteem.evidence.invented.chunk import own_provider
from esteem.evidence.invented.columns import NONE, coded, days, numbered, same, times, whole
from esteem.evidence.invented.hospital import PLACED
from esteem.evidence.invented.recording import Columns, Recording
from esteem.evidence.invented.referrals import PRIORITIES, REASONS, SOURCES, TEAMS, WAYS

_SECOND_TEAM, _ONWARD = 0.05, 0.03  # shares of referrals of adults in the community; assumed
TEAM_CODES = tuple(f"{code}{team}" for code in providers.CODES for team in TEAMS)


class ReferralTables:
    """The tables of one chunk. `own` columns of each referral are made once and taken for each month."""

    def __init__(self, made: Recording):
        self.made, self.chunk, self.referrals = made, made.chunk, made.chunk.referrals

    def tables(self) -> dict[str, Columns]:
        contacts = self.chunk.contacts
        return {
            "MHS101Referral": self._referrals(),
            "MHS102OtherServiceType": self._second_teams(),
            "MHS105OnwardReferral": self._onward(),
            "MHS201CareContact": self._contacts(contacts),
            "MHS202CareActivity": self._activities(contacts),
            "MHS204IndirectActivity": self._indirect(),
            "MHS606CodedScoreAssessmentRefer": self._scores(),
        }

    @cached_property
    def _names(self) -> pa.Array:
        return self.made.named("R", np.arange(len(self.referrals)))

    def _name(self, referral: np.ndarray) -> pa.Array:
        return self._names.take(pa.array(referral))

    def team(self, referral: np.ndarray) -> np.ndarray:
        """Place in TEAM_CODES of each referral's team."""
        return self.referrals.provider[referral].astype(np.int32) * len(TEAMS) + self.referrals.team[referral]

    def _shared(self, referral: np.ndarray, month: np.ndarray, number: str = "") -> Columns:
        one = self.referrals
        return self.made.rows(one.person[referral], month, one.provider[referral], number) | {"UniqServReqID": self._name(referral)}

    def _referrals(self) -> Columns:
        one, made, people = self.referrals, self.made, self.chunk.people
        place, month, goes_on = made.referral_months
        person = one.person[place]
        closed = made.known(one.closed[place], month)
        received = one.received[place]
        placed = one.provider[place] == _DISTANT
        home = own_provider(made.world, people.area[person])
        age = people.age_on(person, received)
        return {
            **self._shared(place, month, "MHS101UniqID"),
            **made.valid(month, goes_on),
            "LocalPatientId": numbered("L", people.index[person], 8),
            "ServiceRequestId": self._name(place),
            "OrgIDComm": coded(people.area[person], [area.sub_icb for area in made.world.areas]),
            "OrgIDReferringOrg": coded(np.where(placed, home, -1), providers.CODES),
            "SourceOfReferralMH": coded(one.source[place], SOURCES),
            "ClinRespPriorityType": coded(one.priority[place], PRIORITIES),
            "PrimReasonReferralMH": coded(one.reason[place], REASONS),
            "ReasonOAT": coded(np.where(placed, 0, -1), ("10",)),
            "UniqCareProfTeamLocalID": coded(self.team(place), TEAM_CODES),
            "ServTeamType": coded(one.team[place], TEAMS),
            "ServTeamIntAgeGroup": coded(np.where(age < 18, 1, 0), ("01", "02")),
            "ReferralRequestReceivedDate": days(received),
            "ReferralRequestReceivedTime": times(one.minute[place]),
            "AgeServReferRecDate": whole(age),
            "AgeServReferDischDate": whole(np.where(closed == NONE, NONE, people.age_on(person, np.maximum(closed, 0)))),
            "ServDischDate": days(closed),
        }

    def _second_teams(self) -> Columns:
        one, made, chance = self.referrals, self.made, self.chunk.seed_of_rest
        adults = one.strand == 0
        rows = np.flatnonzero(adults & (chance.random(len(one)) < _SECOND_TEAM))
        team = chance.choice([TEAMS.index(code) for code in ("A12", "A13", "A16")], len(rows)).astype(np.int8)
        place, month, goes_on = made.months_of(one.received[rows], one.closed[rows])
        referral = rows[place]
        code = one.provider[referral].astype(np.int32) * len(TEAMS) + team[place]
        return {
            **self._shared(referral, month, "MHS102UniqID"),
            **made.valid(month, goes_on),
            "UniqOtherCareProfTeamLocalID": coded(code, TEAM_CODES),
            "ServTeamTypeRefToMH": coded(team[place], TEAMS),
            "ReferClosureDate": days(made.known(one.closed[referral], month)),
        }

    def _onward(self) -> Columns:
        """To a voluntary partner when care ends; home from a placement out of area."""
        one, chance, spells = self.referrals, self.chunk.seed_of_rest, self.chunk.spells
        window = self.made.window
        rows = np.flatnonzero((one.strand == 0) & window.holds(one.closed) & (chance.random(len(one)) < _ONWARD))
        home = np.flatnonzero((spells.kind == PLACED) & window.holds(spells.discharged))
        referral = np.concatenate([rows, spells.referral[home]])
        day = np.concatenate([one.closed[rows], spells.discharged[home]])
        receiving = np.concatenate([np.full(len(rows), _VOLUNTARY), one.provider[spells.followed_on[home]]])
        return {
            **self._shared(referral, window.month_of(day)),
            "OnwardReferDate": days(day),
            "OrgIDReceiving": coded(receiving, providers.CODES),
            "OnwardReferReason": same("01", len(referral)),
        }

    def _contacts(self, contacts: care.Contacts) -> Columns:
        one, made, people = self.referrals, self.made, self.chunk.people
        referral, count = contacts.referral, len(contacts)
        month = made.window.month_of(contacts.day)
        minutes = self.chunk.seed_of_rest.integers(2, 9, count) * 10
        return {
            **self._shared(referral, month, "MHS201UniqID"),
            "UniqCareContID": made.named("C", np.arange(count)),
            "OrgIDComm": coded(people.area[one.person[referral]], [area.sub_icb for area in made.world.areas]),
            "AttendStatus": coded(contacts.status, care.STATUSES),
            "ConsMechanismMH": coded(contacts.way, WAYS),
            "CareContDate": days(contacts.day),
            "CareContTime": times(contacts.minute),
            "ClinContDurOfCareCont": whole(minutes),
            "AgeCareContDate": whole(people.age_on(one.person[referral], contacts.day)),
        }

    def _activities(self, contacts: care.Contacts) -> Columns:
        first = np.flatnonzero(contacts.done != care.NOTHING)
        second = np.flatnonzero(contacts.also_assessed)
        rows = np.concatenate([first, second])
        done = np.concatenate([contacts.done[first], np.full(len(second), care.ASSESSMENT)])
        month = self.made.window.month_of(contacts.day[rows])
        return {
            **self._shared(contacts.referral[rows], month, "MHS202UniqID"),
            "UniqCareContID": self.made.named("C", rows),
            "UniqCareActID": self.made.named("A", np.arange(len(rows))),
            "Procedure": coded(done, care.PROCEDURES),
        }

    def _indirect(self) -> Columns:
        work = self.chunk.indirect
        month, rows = self.made.window.month_of(work.day), len(work.referral)
        return {
            **self._shared(work.referral, month, "MHS204UniqID"),
            "UniqCareProfTeamLocalID": coded(self.team(work.referral), TEAM_CODES),
            "IndirectActDate": days(work.day),
            "IndirectActTime": times(self.chunk.seed_of_rest.integers(32, 68, rows) * 15),
            "DurationIndirectAct": whole(np.full(rows, 20)),
        }

    def _scores(self) -> Columns:
        scores = self.chunk.scores
        person = self.referrals.person[scores.referral]
        return {
            **self._shared(scores.referral, self.made.window.month_of(scores.day), "MHS606UniqID"),
            "CodedAssToolType": coded(scores.tool, care.TOOLS),
            "PersScore": pa.array(scores.score).cast(pa.string()),
            "AssToolCompTimestamp": times(np.full(len(scores.day), 570), scores.day),
            "AgeAssessToolReferCompDate": whole(self.chunk.people.age_on(person, scores.day)),
        }


_DISTANT = next(n for n, p in enumerate(providers.PROVIDERS) if providers.DISTANT in p.kinds)
_VOLUNTARY = next(n for n, p in enumerate(providers.PROVIDERS) if providers.VOLUNTARY in p.kinds)
