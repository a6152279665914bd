"""Real places from national lists in the pack: hospital sites of 2018 and public libraries of 2023.

They are places, not services: nothing about what happens there is made up from them. They stand in the layer `community`, are never
assured by us, stay out of the open feed until somebody confirms them, and never count as open: the lists give parts of the day, no times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from esteem.directory.importing.areas import codes_of
from esteem.directory.record import (
    Address,
    Location,
    Organization,
    Provenance,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from esteem.directory.served import NAMES, county_of
from esteem.evidence.snapshots import Snapshot
from esteem.evidence.sources.postcodes import written_postcode

HOSPITALS, LIBRARIES = "NHS website, hospital sites 2018", "Arts Council England, public libraries 2023"
NEIGHBOURS_WITHIN = 15.0  # kilometres from the place: for travel, and for the crisis panel once a trust confirms a site
# Trusts that have merged since the list was made; the old code is kept as a second identifier.
SUCCESSORS = {"RDD": "RAJ", "RQ8": "RAJ"}
_DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
_PARTS = {
    "all day (continuous)": "all day",
    "all day (with closure)": "all day, with a break",
    "am & pm (continuous)": "in the morning and the afternoon",
    "am & pm (with closure)": "in the morning and the afternoon, with a break",
    "am only": "in the morning",
    "pm only": "in the afternoon",
    "pm & eve (continuous)": "in the afternoon and the evening",
    "eve only": "in the evening",
    "varied by schedule": "at times that change",
    "appointment only": "by appointment",
}
_CLOSED = ("closed", "c", "temporary closure")


def _id(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))


# ---------------------------------------------------------------- hospital sites


def hospital_sites(snapshot: Snapshot) -> Iterator[Service]:
    """Sites inside the fifteen districts and within fifteen kilometres of them, each with the organisation that runs it today."""
    names = {row["code"]: row["name"] for row in snapshot.rows("select code, name from places where kind = 'trust'")}
    districts = _districts_of(snapshot, "hospital_sites")
    near = _nearness(snapshot)
    for row in snapshot.rows("select * from hospital_sites order by code, name"):
        district = districts.get(row["postcode"], "")
        if district in NAMES or near(row["latitude"], row["longitude"]) <= NEIGHBOURS_WITHIN:
            yield _hospital_site(row, district if district in NAMES else "", names)


def _hospital_site(row: dict, district: str, names: dict[str, str]) -> Service:
    name = _tidy_name(row["name"])
    place = NAMES.get(district, "")
    city = row["city"] or place or row["county"]
    county = county_of(district) if district else row["county"] or city
    key = row["code"] + row["name"]
    address = Address(_id("ods-site-address", key), row["address"] or name, city, county, row["postcode"])
    location = Location(
        _id("ods-site", key),
        name,
        "physical",
        row["latitude"],
        row["longitude"],
        address,
        external_identifier=row["code"],
        external_identifier_type="ODS site",
        district=district,
    )
    return Service(
        id=_id("ods-site-entry", key),
        name=name,
        organization=_trust(row, names),
        description="A hospital site. This entry says where it is. What happens there, and when, is not in the list it comes from.",
        summary="A hospital site. We know where it is, and not yet what happens there.",
        state="draft",
        layer="community",
        channels=("in_person",),
        locations=(ServiceAtLocation(_id("ods-site-at", key), location),),
        provenance=(
            Provenance(HOSPITALS, key, "Open Government Licence v3.0", "Source: NHS website. Contains public sector information."),
        ),
    )


def _trust(row: dict, names: dict[str, str]) -> Organization:
    """Who runs it today, by the register of trusts; others by the name in the list. `Sector` of the list is not believed."""
    now = SUCCESSORS.get(row["parent"], row["parent"])
    name = names.get(now) or _tidy_name(row["parent_name"])
    before = tuple(("ODS before the merger", old) for old, new in SUCCESSORS.items() if new == now)
    kind = "nhs" if now in names else "private"
    return Organization(_id("ods", now), name, f"{name} runs hospital sites.", identifiers=(("ODS", now), *before), kind=kind)


def _tidy_name(text: str) -> str:
    return " ".join(text.split()).replace(" Nhs ", " NHS ").strip(" ,")


# ---------------------------------------------------------------- public libraries


def public_libraries(snapshot: Snapshot) -> Iterator[Service]:
    """Open static libraries as places, mobile ones as areas; prison and closed ones are left out."""
    points = {row["postcode"]: row for row in _points(snapshot)}
    for row in snapshot.rows("select * from public_libraries order by reporting, name, postcode"):
        if row["operation"].lower() in _CLOSED or row["kind"] not in ("Static Library", "Mobile Library"):
            continue
        yield _library(row, points.get(row["postcode"]))


def _library(row: dict, point: dict | None) -> Service:
    key = row["reporting"] + row["name"] + row["postcode"]
    name = row["name"] if "librar" in row["name"].lower() else f"{row['name']} library"
    mobile = row["kind"] == "Mobile Library"
    council = row["reporting"]
    codes = codes_of(council)
    return Service(
        id=_id("library-entry", key),
        name=name,
        organization=_library_organization(row),
        description=_library_words(row, mobile),
        summary=f"A public library{' on wheels' if mobile else ''}. Days come from a national list of 2023. Check before you go.",
        layer="community",
        channels=("in_person",),
        coverage=(ServiceArea(_id("library-area", key), council, codes),) if codes else (),
        schedules=tuple(_library_days(row, key)),
        locations=(ServiceAtLocation(_id("library-at", key), _library_place(row, key, name, None if mobile else point)),),
        provenance=(
            Provenance(LIBRARIES, key, "Open Government Licence v3.0", "Source: Arts Council England. Contains public sector information."),
        ),
    )


def _library_organization(row: dict) -> Organization:
    """The council, or the group that runs the library for it."""
    if row["operation"] in ("CR", "ICL") and row["operator"]:
        name, kind = row["operator"], "voluntary"
    else:
        name, kind = f"{row['reporting']} libraries", "council"
    return Organization(_id("library-authority", row["reporting"], name), name, f"{name} runs public libraries.", kind=kind)


def _library_words(row: dict, mobile: bool) -> str:
    words = [f"A mobile library of {row['reporting']}." if mobile else "A public library."]
    if row["hours"]:
        words.append(f"It was open {row['hours']:g} hours a week in 2023.")
    if row["staffed_hours"] == 0 and not mobile:
        words.append("There are no staff on site.")
    words.append("These details come from a national list of 2023. Nobody here has checked them since.")
    return " ".join(words)


def _library_days(row: dict, key: str) -> Iterator[Schedule]:
    """One row for each open day, without times: the list gives parts of the day and does not say what they mean by the clock."""
    for column, letters in _DAYS.items():
        part = _PARTS.get(row[column].lower())
        if part:
            words = f"Open {part} on {column.capitalize()}s. Check times."
            yield Schedule(_id("library-day", key, letters), "WEEKLY", letters, description=words)


def _library_place(row: dict, key: str, name: str, point: dict | None) -> Location:
    if point is None:
        return Location(_id("library", key), f"{row['reporting']}, at stops on its round", "virtual")
    district = point["district"]
    county = county_of(district)
    address = Address(
        _id("library-address", key), row["address"] or name, row["town"] or NAMES[district], county, written_postcode(row["postcode"])
    )
    return Location(
        _id("library", key),
        name,
        "physical",
        point["latitude"],
        point["longitude"],
        address,
        external_identifier=row["uprn"],
        external_identifier_type="UPRN" if row["uprn"] else "",
        district=district,
    )


# ---------------------------------------------------------------- where they lie


def _points(snapshot: Snapshot) -> list[dict]:
    sql = "select distinct p.postcode, p.latitude, p.longitude, p.district from postcodes p join public_libraries using (postcode)"
    return snapshot.rows(sql)


def _districts_of(snapshot: Snapshot, table: str) -> dict[str, str]:
    rows = snapshot.rows(f"select distinct p.postcode, p.district from postcodes p join {table} using (postcode)")
    return {row["postcode"]: row["district"] or "" for row in rows}


def _nearness(snapshot: Snapshot) -> Callable[[float, float], float]:
    """Kilometres from a point to the nearest postcode of the fifteen districts."""
    codes = ", ".join(f"'{code}'" for code in NAMES)
    rows = snapshot.rows(f"select latitude, longitude from postcodes where district in ({codes})")
    north, east = (np.array([row[name] for row in rows]) for name in ("latitude", "longitude"))

    def near(latitude: float, longitude: float) -> float:
        flat = np.cos(np.radians(latitude))
        return float(np.sqrt(((north - latitude) ** 2 + ((east - longitude) * flat) ** 2).min()) * 111.2)

    return near
