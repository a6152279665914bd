"""Tables about the person: master record, practice, home, work, disability, care plans, care coordinator."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from esteem.evidence.invented.columns import NONE, coded, days, numbered, same, whole
from esteem.evidence.invented.people import ETHNIC_CODES, GENDERS, STATUSES, nhs_numbers
from esteem.evidence.invented.recording import Columns, Recording
from esteem.evidence.invented.referrals import REASONS, TEAMS

ACCOMMODATION = (("01", "Y"), ("03", "Y"), ("05", "Y"), ("09", "N"), ("11", "N"))
WORK = ("01", "02", "03", "04", "06", "08", "ZZ")
_ASKED_HOME, _ASKED_WORK = 0.9, 0.9  # of adults, in the window; assumed
_HOMES, _JOBS = (0.3, 0.28, 0.17, 0.15, 0.1), (0.1, 0.18, 0.06, 0.42, 0.12, 0.06, 0.06)
_PLANNED = 0.35
PLANS = ("10", "11", "12")


def person_tables(made: Recording) -> dict[str, Columns]:
    keys = made.keys
    person, month, other = _unpacked(made, keys)
    provider = np.where(other, _other_provider(made)[person], made.chunk.home[person])
    shared = made.rows(person, month, provider)
    return {
        "MHS001MPI": _master(made, keys, person, month, provider, other),
        "MHS002GP": shared | _practice(made, person),
        "MHS005PatInd": shared | _statuses(made, person),
        "MHS003AccommStatus": _homes(made),
        "MHS004EmpStatus": _jobs(made),
        "MHS006MHCareCoord": _coordinators(made),
        **_plans(made),
    }


def _unpacked(made: Recording, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    person, month = np.divmod(keys // 2, made.world.months + 1)
    return person, month, keys % 2 == 1


def _other_provider(made: Recording) -> np.ndarray:
    """By person, a provider that is not the person's own."""
    referrals = made.chunk.referrals
    found = np.zeros(len(made.chunk.people.index), np.int8)
    others = referrals.provider != made.chunk.home[referrals.person]
    found[referrals.person[others]] = referrals.provider[others]
    return found


def _master(made: Recording, keys: np.ndarray, person: np.ndarray, month: np.ndarray, provider: np.ndarray, other: np.ndarray) -> Columns:
    people, world, rows = made.chunk.people, made.world, len(keys)
    starts = made.window.months
    goes_on = np.isin(keys + 2, keys, assume_unique=True) & (month + 1 < world.months)
    beside = np.zeros(rows, bool)
    beside[1:] = other[1:] & (keys[1:] - 1 == keys[:-1])
    areas = [area.sub_icb for area in world.areas]
    small = [code for area in world.areas for code in area.codes]
    districts = [code for area in world.areas for code in area.districts]
    known = sorted(set(districts))
    district = np.array([known.index(code) for code in districts])
    home = coded(people.area[person], areas)
    ethnic = coded(people.ethnicity[person], ETHNIC_CODES)
    return {
        **made.rows(person, month, provider, "MHS001UniqID"),
        **made.valid(month, goes_on),
        "LocalPatientId": numbered("L", people.index[person], 8),
        "NHSNumber": numbered("", nhs_numbers(people.index), 10).take(pa.array(person)),
        "NHSNumberStatus": same("01", rows),
        "PatMRecInRP": pa.array(~beside),
        "LDAFlag": pa.array(np.isin(people.learning_disability[person], (0, 1)) | np.isin(people.autism[person], (0, 1))),
        "AgeRepPeriodStart": whole(people.age_on(person, starts[month])),
        "AgeRepPeriodEnd": whole(people.age_on(person, starts[month + 1] - 1)),
        "Gender": coded(people.sex[person], ("1", "2")),
        "GenderIDCode": coded(people.gender[person], GENDERS),
        "GenderSameAtBirth": coded((people.gender[person] > 1).astype(np.int8), ("Y", "N")),
        "EthnicCategory": ethnic,
        "NHSDEthnicity": ethnic,
        "LADistrictAuth": coded(district[people.small_area[person]], known),
        "LSOA2011": coded(people.small_area[person], small),
        "OrgIDCCGRes": home,
        "OrgIDSubICBLocResidence": home,
    }


def _practice(made: Recording, person: np.ndarray) -> Columns:
    areas = [area.sub_icb for area in made.world.areas]
    of_area = made.chunk.people.area[person]
    code = coded(of_area, areas)
    return {
        "GMPReg": coded(of_area, [f"XIG{n:02d}" for n in range(1, len(areas) + 1)]),
        "OrgIDCCGGPPractice": code,
        "OrgIDSubICBLocGP": code,
    }


def _statuses(made: Recording, person: np.ndarray) -> Columns:
    people = made.chunk.people
    return {
        "LDStatus": coded(people.learning_disability[person], STATUSES),
        "AutismStatus": coded(people.autism[person], STATUSES),
    }


def _asked(made: Recording, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Adults of whom something was asked: person, month and day, in one of the months in which they were known."""
    chance, people = made.chunk.seed_of_rest, made.chunk.people
    keys = made.keys[made.keys % 2 == 0]
    person, month, _ = _unpacked(made, keys)
    first = np.flatnonzero(np.append(True, person[1:] != person[:-1])) if len(person) else np.zeros(0, np.int64)
    count = np.diff(np.append(first, len(person)))
    chosen = first + np.floor(chance.random(len(first)) * count).astype(np.int64)
    person, month = person[chosen], month[chosen]
    adult = people.age_on(person, np.full(len(person), made.window.start)) >= 18
    asked = adult & (chance.random(len(person)) < share)
    person, month = person[asked], month[asked]
    begins, ends = made.window.months[month], made.window.months[month + 1]
    return person, month, begins + np.floor(chance.random(len(person)) * (ends - begins)).astype(np.int64)


def _homes(made: Recording) -> Columns:
    person, month, day = _asked(made, _ASKED_HOME)
    kind = np.searchsorted(np.cumsum(_HOMES)[:-1], made.chunk.seed_of_rest.random(len(person)), side="right")
    return {
        **made.rows(person, month, made.chunk.home[person], "MHS003UniqID"),
        "AccommodationType": coded(kind, [code for code, _ in ACCOMMODATION]),
        "SettledAccommodationInd": coded(np.isin(kind, (3, 4)).astype(np.int8), ("Y", "N")),
        "AccommodationTypeDate": days(day),
    }


def _jobs(made: Recording) -> Columns:
    person, month, day = _asked(made, _ASKED_WORK)
    kind = np.searchsorted(np.cumsum(_JOBS)[:-1], made.chunk.seed_of_rest.random(len(person)), side="right")
    return {
        **made.rows(person, month, made.chunk.home[person], "MHS004UniqID"),
        "EmployStatus": coded(kind, WORK),
        "EmployStatusRecDate": days(day),
    }


def _coordinators(made: Recording) -> Columns:
    """A coordinator for each person with a first episode of psychosis, from the day on which care begins."""
    referrals = made.chunk.referrals
    rows = np.flatnonzero((referrals.reason == REASONS.index("01")) & (referrals.seen != NONE) & (referrals.seen < made.window.end))
    place, month, goes_on = made.months_of(referrals.seen[rows], referrals.closed[rows])
    referral = rows[place]
    start, closed = referrals.seen[referral], referrals.closed[referral]
    return {
        **made.rows(referrals.person[referral], month, referrals.provider[referral], "MHS006UniqID"),
        **made.valid(month, goes_on),
        "CareProfServOrTeamTypeAssoc": coded(referrals.team[referral], TEAMS),
        "StartDateAssCareCoord": days(start),
        "EndDateAssCareCoord": days(made.known(closed, month)),
    }


def _plans(made: Recording) -> dict[str, Columns]:
    """Care plans of people whose clock stops and of a share of the rest, agreed in the month in which they were last updated."""
    chance, referrals = made.chunk.seed_of_rest, made.chunk.referrals
    wanted = referrals.helped | (chance.random(len(referrals)) < _PLANNED)
    rows = np.flatnonzero(wanted & (referrals.seen != NONE) & (referrals.seen < made.window.end))
    begin = np.maximum(referrals.seen[rows], made.window.start)
    end = np.minimum(referrals.closed[rows], made.window.end - 1)
    day = begin + np.floor(chance.random(len(rows)) * np.minimum(np.maximum(end - begin, 0), 40)).astype(np.int64)
    month = made.window.month_of(day)
    kept = made.window.holds(day)
    rows, day, month, begin = rows[kept], day[kept], month[kept], begin[kept]
    shared = made.rows(referrals.person[rows], month, referrals.provider[rows])
    identity = {"UniqCarePlanID": made.named("K", rows)}
    kind = {"CarePlanTypeMH": coded(chance.integers(0, 3, len(rows)), PLANS)}
    dates = {"CarePlanCreatDate": days(begin), "CarePlanLastUpdateDate": days(day)}
    return {"MHS008CarePlanType": shared | identity | kind | dates, "MHS009CarePlanAgreement": shared | identity}
