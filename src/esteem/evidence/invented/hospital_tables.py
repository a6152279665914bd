"""Tables about hospital stays and the Mental Health Act."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from esteem.evidence.invented import providers
from esteem.evidence.invented.columns import NONE, coded, days, times, whole
from esteem.evidence.invented.hospital import BEDS, DESTINATIONS, METHODS, OLDER, PLACED, SECURE, SOURCES_OF_ADMISSION, YOUNG
from esteem.evidence.invented.mental_health_act import S3741, STATUSES
from esteem.evidence.invented.recording import Columns, Recording

WARDS = tuple(f"{code}W{bed}" for code in providers.CODES for bed in BEDS)
SITES = tuple(f"{code}01" for code in providers.CODES)
_READY, _READY_DAYS = 0.14, 18.0  # share of spells ready for discharge before it, and for how long; assumed
_RESTRAINT_EVERY = 70.0  # days on a ward
_RESTRAINTS = ("01", "04", "05", "10", "08")
_RESTRAINT_REASONS = ("10", "11", "13", "16", "17")
_LEAVE, _AWAY = 0.1, 0.03  # shares of ward stays with home leave, and with an absence without leave


class HospitalTables:
    """The tables of one chunk about spells, wards, legal statuses and orders."""

    def __init__(self, made: Recording):
        self.made, self.chunk, self.spells = made, made.chunk, made.chunk.spells
        self._names = made.named("R", np.arange(len(made.chunk.referrals)))
        self._provider = made.chunk.referrals.provider[self.spells.referral]

    def tables(self) -> dict[str, Columns]:
        wards = self._ward_stays()
        return {
            "MHS501HospProvSpell": self._spells(),
            "MHS502WardStay": wards,
            "MHS503AssignedCareProf": self._professionals(),
            "MHS518ClinReadyForDischarge": self._ready(),
            **self._restraints(),
            **self._leave(),
            "MHS401MHActPeriod": self._periods(),
            **self._orders(),
        }

    def _shared(self, spell: np.ndarray, month: np.ndarray, number: str = "") -> Columns:
        one = self.spells
        named = {"UniqHospProvSpellID": self.made.named("H", spell)}
        return self.made.rows(one.person[spell], month, self._provider[spell], number) | named

    def _referral(self, spell: np.ndarray) -> Columns:
        return {"UniqServReqID": self._names.take(pa.array(self.spells.referral[spell]))}

    def _spells(self) -> Columns:
        one, made = self.spells, self.made
        spell, month, goes_on = made.months_of(one.admitted, one.discharged)
        ended = made.known(one.discharged[spell], month)
        gone = ended != NONE
        return {
            **self._shared(spell, month, "MHS501UniqID"),
            **self._referral(spell),
            **made.valid(month, goes_on),
            "StartDateHospProvSpell": days(one.admitted[spell]),
            "StartTimeHospProvSpell": times(one.admitted_minute[spell]),
            "SourceAdmMHHospProvSpell": coded(one.source[spell], SOURCES_OF_ADMISSION),
            "MethAdmMHHospProvSpell": coded(one.method[spell], METHODS),
            "DischDateHospProvSpell": days(ended),
            "DischTimeHospProvSpell": times(np.where(gone, one.discharged_minute[spell], NONE)),
            "MethOfDischMHHospProvSpell": coded(np.where(gone, 0, -1), ("1",)),
            "DestOfDischHospProvSpell": coded(np.where(gone, one.destination[spell], -1), DESTINATIONS),
        }

    def _stays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Ward stays: spell, start, end, and whether it is the second of the spell."""
        one = self.spells
        every, moved = np.arange(len(one)), np.flatnonzero(one.moved != NONE)
        start = np.concatenate([one.admitted, one.moved[moved]])
        end = np.concatenate([np.where(one.moved != NONE, one.moved, one.discharged), one.discharged[moved]])
        return np.concatenate([every, moved]), start, end, np.arange(len(start)) >= len(every)

    def _ward_stays(self) -> Columns:
        made, one = self.made, self.spells
        of_spell, start, end, second = self._stays()
        stay, month, goes_on = made.months_of(start, end)
        spell = of_spell[stay]
        kind, ended = one.kind[spell], made.known(end[stay], month)
        gone = ended != NONE
        ward = self._provider[spell].astype(np.int32) * len(BEDS) + one.bed[spell]
        distance = np.floor(self.chunk.seed_of_rest.exponential(1.0, len(of_spell)) * np.where(one.kind[of_spell] == PLACED, 110, 16))
        return {
            **self._shared(spell, month, "MHS502UniqID"),
            **self._referral(spell),
            **made.valid(month, goes_on),
            "UniqWardStayID": made.named("W", stay),
            "UniqWardCode": coded(ward, WARDS),
            "WardCode": coded(ward, WARDS),
            "MHAdmittedPatientClass": coded(one.bed[spell], BEDS),
            "WardType": coded(np.where(kind == YOUNG, 0, np.where(kind == OLDER, 2, 1)), ("01", "03", "06")),
            "WardAge": coded(np.where(kind == YOUNG, 0, np.where(kind == OLDER, 2, 1)), ("11", "14", "15")),
            "WardSecLevel": coded(np.where(kind == SECURE, 1, 0), ("0", "1")),
            "WardIntendedClinCareMH": coded(np.where(kind == SECURE, 1, 0), ("51", "52")),
            "WardIntendedSex": coded((second[stay]).astype(np.int8), ("3", "9")),
            "SiteIDOfTreat": coded(self._provider[spell], SITES),
            "WardLocDistanceHome": whole(distance[stay]),
            "StartDateWardStay": days(start[stay]),
            "StartTimeWardStay": times(np.where(second[stay], 840, one.admitted_minute[spell])),
            "EndDateWardStay": days(ended),
            "EndTimeWardStay": times(np.where(gone, one.discharged_minute[spell], NONE)),
        }

    def _professionals(self) -> Columns:
        one = self.spells
        spell, month, _ = self.made.months_of(one.admitted, one.discharged)
        kind = one.kind[spell]
        return {
            **self._shared(spell, month, "MHS503UniqID"),
            **self._referral(spell),
            "TreatFuncCodeMH": coded(np.where(kind == YOUNG, 1, np.where(kind == OLDER, 2, np.where(kind == SECURE, 3, 0))), _FUNCTIONS),
            "StartDateAssCareProf": days(one.admitted[spell]),
            "EndDateAssCareProf": days(self.made.known(one.discharged[spell], month)),
        }

    def _ready(self) -> Columns:
        one, chance = self.spells, self.chunk.seed_of_rest
        wait = np.floor(chance.exponential(_READY_DAYS, len(one))).astype(np.int64)
        rows = np.flatnonzero((chance.random(len(one)) < _READY) & (one.discharged - one.admitted > 10) & (wait > 0))
        start = np.maximum(one.discharged[rows] - wait[rows], one.admitted[rows] + 5)
        place, month, goes_on = self.made.months_of(start, one.discharged[rows])
        spell = rows[place]
        reason = chance.integers(0, len(_DELAYS), len(rows))[place]
        return {
            **self._shared(spell, month, "MHS518UniqID"),
            **self.made.valid(month, goes_on),
            "StartDateClinReadyforDisch": days(start[place]),
            "EndDateClinReadyforDisch": days(self.made.known(one.discharged[spell], month)),
            "ClinReadyforDischDelayReason": coded(reason, _DELAYS),
            "AttribToIndic": coded(reason % 3, ("04", "05", "06")),
        }

    def _days_on_wards(self, every: float) -> tuple[np.ndarray, np.ndarray]:
        """Spell and day of things that happen once in `every` days on a ward, in the window."""
        one, window, chance = self.spells, self.made.window, self.chunk.seed_of_rest
        begin, end = np.maximum(one.admitted, window.start), np.minimum(one.discharged, window.end - 1)
        span = np.maximum(end - begin, 0)
        spell = np.repeat(np.arange(len(one)), chance.poisson(span / every))
        return spell, begin[spell] + np.floor(chance.random(len(spell)) * span[spell]).astype(np.int64)

    def _restraints(self) -> dict[str, Columns]:
        chance = self.chunk.seed_of_rest
        spell, day = self._days_on_wards(_RESTRAINT_EVERY)
        month, rows = self.made.window.month_of(day), len(spell)
        minute, incident = chance.integers(0, 1380, rows), self.made.named("I", np.arange(rows))
        shared = self._shared(spell, month, "MHS505UniqID") | self._referral(spell)
        incidents = {
            **shared,
            "RestrictiveIntIncID": incident,
            "UniqRestrictiveIntIncID": incident,
            "RestrictiveIntReason": coded(chance.integers(0, len(_RESTRAINT_REASONS), rows), _RESTRAINT_REASONS),
            "StartDateRestrictiveIntInc": days(day),
            "EndDateRestrictiveIntInc": days(day),
            "StartTimeRestrictiveIntInc": times(minute),
            "EndTimeRestrictiveIntInc": times(minute + 30),
        }
        kinds = {
            **self._shared(spell, month, "MHS515UniqID"),
            "UniqRestrictiveIntIncID": incident,
            "UniqRestrictiveIntTypeID": self.made.named("T", np.arange(rows)),
            "RestrictiveIntType": coded(chance.integers(0, len(_RESTRAINTS), rows), _RESTRAINTS),
            "StartDateRestrictiveIntType": days(day),
            "EndDateRestrictiveIntType": days(day),
            "StartTimeRestrictiveIntType": times(minute),
            "EndTimeRestrictiveIntType": times(minute + 20),
        }
        kinds.pop("RecordNumber")
        return {"MHS505RestrictiveInterventInc": incidents, "MHS515RestrictiveInterventType": kinds}

    def _leave(self) -> dict[str, Columns]:
        chance, made = self.chunk.seed_of_rest, self.made
        of_spell, start, end, _ = self._stays()
        within = (end - start > 10) & made.window.holds(start + 5) & made.window.holds(end)
        found = {}
        for table, share, names in (
            ("MHS509HomeLeave", _LEAVE, ("StartDateHomeLeave", "EndDateHomeLeave")),
            ("MHS510LeaveOfAbsence", _LEAVE, ("StartDateMHLeaveAbs", "EndDateMHLeaveAbs")),
            ("MHS511AbsenceWithoutLeave", _AWAY * 3, ("StartDateMHAbsWOLeave", "EndDateMHAbsWOLeave")),
        ):
            stay = np.flatnonzero(within & (chance.random(len(start)) < share))
            away = start[stay] + 5
            month = made.window.month_of(away)
            back = np.minimum(away + 2, made.window.months[month + 1] - 1)
            rows = made.rows(self.spells.person[of_spell[stay]], month, self._provider[of_spell[stay]], "MHS511UniqID")
            for column in ("RecordNumber", "UniqSubmissionID"):
                rows.pop(column)
            if table != "MHS511AbsenceWithoutLeave":
                rows = rows | {"UniqWardStayID": made.named("W", stay)}
                rows.pop("MHS511UniqID")
            found[table] = rows | {names[0]: days(away), names[1]: days(back)}
        return found

    def _act_shared(self, person: np.ndarray, referral: np.ndarray, month: np.ndarray, number: str, episode: np.ndarray) -> Columns:
        rows = self.made.rows(person, month, self.chunk.referrals.provider[referral], number)
        return rows | {"UniqMHActEpisodeID": self.made.named("E", episode)}

    def _act_months(self, person_referral: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Months of a span that the referral has a record in."""
        received = self.chunk.referrals.received[person_referral]
        place, month, goes_on = self.made.months_of(np.maximum(first, received), np.maximum(last, received))
        return place, month, goes_on

    def _periods(self) -> Columns:
        one, start = self.chunk.periods, self.made.window.start
        last = one.end.copy()
        followed = self.chunk.orders.period[self.chunk.orders.end >= start]
        last[followed] = np.maximum(last[followed], start)  # sent once more, as what the order in the community came from
        place, month, goes_on = self._act_months(one.referral, one.start, last)
        ended = self.made.known(one.end[place], month)
        status = coded(one.status[place], STATUSES)
        return {
            **self._act_shared(one.person[place], one.referral[place], month, "MHS401UniqID", place),
            **self.made.valid(month, goes_on),
            "LegalStatusCode": status,
            "NHSDLegalStatus": status,
            "StartDateMHActLegalStatusClass": days(one.start[place]),
            "StartTimeMHActLegalStatusClass": times(one.minute[place]),
            "ExpiryDateMHActLegalStatusClass": days(one.expiry[place]),
            "EndDateMHActLegalStatusClass": days(ended),
            "EndTimeMHActLegalStatusClass": times(np.where(ended == NONE, NONE, 1430)),
        }

    def _orders(self) -> dict[str, Columns]:
        one, made = self.chunk.orders, self.made
        place, month, goes_on = self._act_months(one.referral, one.start, one.end)
        ended = made.known(one.end[place], month)
        orders = {
            **self._act_shared(one.person[place], one.referral[place], month, "MHS404UniqID", one.period[place]),
            **made.valid(month, goes_on),
            "StartDateCommTreatOrd": days(one.start[place]),
            "ExpiryDateCommTreatOrd": days(one.start[place] + 182),
            "EndDateCommTreatOrd": days(ended),
            "CommTreatOrdEndReason": coded(np.where(ended == NONE, -1, 0), ("01",)),
        }
        orders.pop("UniqSubmissionID")
        rows = np.flatnonzero((one.recalled != NONE) & made.window.holds(one.recalled))
        month = made.window.month_of(one.recalled[rows])
        recalls = {
            **self._act_shared(one.person[rows], one.referral[rows], month, "MHS405UniqID", one.period[rows]),
            **made.valid(month, np.zeros(len(rows), bool)),
            "StartDateCommTreatOrdRecall": days(one.recalled[rows]),
            "EndDateCommTreatOrdRecall": days(np.minimum(one.recalled[rows] + 2, made.window.months[month + 1] - 1)),
        }
        return {"MHS404CommTreatOrder": orders, "MHS405CommTreatOrderRecall": recalls, "MHS403ConditionalDischarge": self._conditional()}

    def _conditional(self) -> Columns:
        """People of restricted hospital orders who are let go on conditions: from the end of the order, for as long as records go."""
        one = self.chunk.periods
        rows = np.flatnonzero((one.status == S3741) & (one.end < self.made.window.end) & (one.referral >= 0))
        closed = self.chunk.referrals.closed[one.referral[rows]]
        place, month, goes_on = self._act_months(one.referral[rows], one.end[rows], closed)
        period = rows[place]
        return {
            **self._act_shared(one.person[period], one.referral[period], month, "MHS403UniqID", period),
            **self.made.valid(month, goes_on),
            "StartDateMHCondDisch": days(one.end[period]),
            "EndDateMHCondDisch": days(self.made.known(closed[place], month)),
        }


_FUNCTIONS = ("710", "711", "715", "712")
_DELAYS = ("01", "04", "13", "22", "35")
