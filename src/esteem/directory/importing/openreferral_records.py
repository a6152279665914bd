"""One service as a feed writes it, read into a `Service`: Open Referral UK 3, Open Referral UK 1, and HSDS 3 as files have it.

What cannot be read is left out, never guessed; a record without a name is a Problem. Names of version 1 stand beside those of version 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from esteem.directory.importing import texts
from esteem.directory.importing.areas import codes_of
from esteem.directory.needs import scheme, term_id
from esteem.directory.record import (
    CHANNELS,
    ROUTES_IN,
    STATUSES,
    Accessibility,
    Address,
    Assurance,
    Contact,
    CostOption,
    Eligibility,
    Language,
    Location,
    Organization,
    Phone,
    Provenance,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Wait,
)
from esteem.terms.problems import Problem

# From a postcode to (latitude, longitude, district); None where it is unknown.
Locate = Callable[[str], tuple[float, float, str] | None]
_DAYS = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
_MOST_PARTS = 200  # of one kind in one service; more is a fault of the feed


def read_service(data: dict, source: str, *, locate: Locate = lambda postcode: None, licence: str = "", attribution: str = "") -> Service:
    """The service of one record of `source`. Raises Problem `record-unreadable` when it has no name."""
    return _Reader(data, source, locate, licence, attribution).service()


class _Reader:
    def __init__(self, data: dict, source: str, locate: Locate, licence: str, attribution: str):
        self.data, self.source, self.locate, self.licence, self.attribution = data, source, locate, licence, attribution
        self.name = texts.short(data.get("name"))
        self.source_id = texts.short(data.get("id")) or self.name
        if not self.name:
            rule = "A service has a name."
            raise Problem("record-unreadable", rule, str(data)[:80], "Correct the record at its source.", source)

    def id(self, kind: str, part: dict | None, place: object) -> str:
        """Of the part's own id where it has one, else of where it stands in this service."""
        own = texts.short((part or {}).get("id"))
        return texts.own_id(self.source, kind, own or f"{self.source_id}/{place}")

    def parts(self, *names: str, of: dict | None = None) -> Iterator[tuple[int, dict]]:
        """Numbered parts under the first of the names that holds any; whatever is no object is passed over."""
        data = self.data if of is None else of
        held = next((data[name] for name in names if data.get(name)), [])
        if isinstance(held, dict):
            held = [held]
        if isinstance(held, list):
            yield from ((n, part) for n, part in enumerate(held[:_MOST_PARTS]) if isinstance(part, dict))

    def service(self) -> Service:
        data = self.data
        status = texts.short(data.get("status")).lower()
        wait = texts.short(data.get("wait_time"))
        terms = list(self.terms())
        return Service(
            id=texts.own_id(self.source, "service", self.source_id),
            name=self.name,
            organization=self.organization(),
            description=texts.plain(data.get("description")),
            status=status if status in STATUSES else "active",
            url=texts.web(data.get("url")),
            email=texts.email(data.get("email")),
            phones=tuple(self.phones(data)),
            contacts=tuple(self.contacts()),
            channels=self.channels(),
            needs=self.needs(terms),
            eligibility=self.eligibility(),
            costs=tuple(self.costs()),
            languages=tuple(self.languages()),
            coverage=tuple(self.coverage()),
            schedules=tuple(self.schedules(data, "service")),
            locations=tuple(self.locations()),
            wait=Wait(kind="said", words=wait) if wait else Wait(),
            application_process=texts.plain(data.get("application_process")),
            interpretation_services=texts.plain(data.get("interpretation_services")),
            alert=texts.plain(data.get("alert"), 1000),
            assurance=self.assurance(),
            provenance=(Provenance(self.source, self.source_id, self.licence, self.attribution),),
            invented=data.get("esteem_invented") is True,
        )

    def assurance(self) -> Assurance:
        on = texts.day(self.data.get("assured_date"))
        return Assurance(on, self.organization().name, "publisher") if on else Assurance()

    def organization(self) -> Organization:
        held = self.data.get("organization")
        data = held if isinstance(held, dict) else {}
        name = texts.short(data.get("name")) or "Organisation not named by the publisher"
        own = texts.short(data.get("id")) or texts.short(self.data.get("organization_id")) or name
        identifiers = tuple(
            (texts.short(part.get("identifier_type")), texts.short(part.get("identifier")))
            for _, part in self.parts("organization_identifiers", "identifiers", of=data)
            if part.get("identifier")
        )
        return Organization(
            texts.own_id(self.source, "organization", own),
            name,
            texts.plain(data.get("description")) or name,
            texts.web(data.get("website") or data.get("url") or data.get("uri")),
            texts.email(data.get("email")),
            identifiers,
        )

    def phones(self, data: dict) -> Iterator[Phone]:
        for n, part in self.parts("phones", of=data):
            number = texts.dialled(part.get("number"))
            kind = texts.short(part.get("type")).lower()
            if number:
                yield Phone(
                    self.id("phone", part, f"phone{n}{number}"),
                    number,
                    texts.short(part.get("description")),
                    texts.short(part.get("extension")),
                    {"sms": "text", "text": "text", "textphone": "textphone", "tty": "textphone"}.get(kind, "voice"),
                )

    def contacts(self) -> Iterator[Contact]:
        """Roles and teams. A contact with a title is kept by its title alone: names of staff are not published."""
        for n, part in self.parts("contacts"):
            phones = tuple(self.phones(part))
            title = texts.short(part.get("title"))
            name = title or texts.short(part.get("department")) or ""
            if phones or name:
                yield Contact(self.id("contact", part, n), name or "Contact", phones=phones)

    def channels(self) -> tuple[str, ...]:
        said = self.data.get("esteem_channels")
        if isinstance(said, list):
            return tuple(c for c in CHANNELS if c in said)
        words = " ".join(texts.short(self.data.get(n)).lower() for n in ("attending_type", "deliverable_type", "attending_access"))
        found = [c for c, w in (("phone", "phone"), ("online", "online"), ("home_visit", "home")) if w in words]
        physical = any(at.location.location_type == "physical" for at in self.locations())
        return tuple((["in_person"] if physical or "venue" in words or "person" in words else []) + found)

    def terms(self) -> Iterator[dict]:
        for _, part in self.parts("attributes", "service_taxonomys", "service_taxonomies"):
            term = part.get("taxonomy_term") or part.get("taxonomy") or {}
            if isinstance(term, dict):
                yield term
        yield from (term for _, term in self.parts("taxonomy_terms"))

    def needs(self, terms: list[dict]) -> tuple[str, ...]:
        said = self.data.get("esteem_needs")
        known = _need_ids()
        ids = [need for need in said if need in known] if isinstance(said, list) else []
        for term in terms:
            for text in (texts.short(term.get("id")), texts.short(term.get("name")).lower()):
                if text in _needs_by_term():
                    ids.append(_needs_by_term()[text])
        return tuple(dict.fromkeys(ids))[:4]

    def eligibility(self) -> Eligibility:
        data = self.data
        said = [part for _, part in self.parts("eligibilitys", "eligibilities")]  # version 1
        first = said[0] if said else {}
        routes, genders = data.get("esteem_routes"), data.get("esteem_genders")
        words = texts.plain(data.get("eligibility_description")) or "; ".join(
            text for part in said if (text := texts.short(part.get("eligibility")))
        )
        minimum, maximum = (texts.age(data.get(n, first.get(n))) for n in ("minimum_age", "maximum_age"))
        if minimum is not None and maximum is not None and minimum > maximum:
            minimum = maximum = None  # impossible: not said
        return Eligibility(
            minimum_age=minimum,
            maximum_age=maximum if maximum != 0 else None,
            genders=tuple(g for g in ("women", "men", "non_binary") if isinstance(genders, list) and g in genders),
            genders_said=isinstance(genders, list) and bool(genders),
            routes=tuple(r for r in ROUTES_IN if isinstance(routes, list) and r in routes),
            description=words,
        )

    def costs(self) -> Iterator[CostOption]:
        for n, part in self.parts("cost_options", "costoptions"):
            amount = texts.number(part.get("amount"))
            option, words = texts.short(part.get("option")), texts.plain(part.get("amount_description"))
            if amount is None and "free" in option.lower().split():
                amount = 0.0
            if option or words or amount is not None:
                yield CostOption(self.id("cost", part, n), option, amount if amount is None or amount >= 0 else None, words)

    def languages(self) -> Iterator[Language]:
        for n, part in self.parts("languages"):
            name = texts.short(part.get("name") or part.get("language"))
            code = texts.short(part.get("code")) or LANGUAGE_CODES.get(name.lower(), "")
            if code or name:
                yield Language(self.id("language", part, n), code, name or code)

    def coverage(self) -> Iterator[ServiceArea]:
        for n, part in self.parts("service_areas"):
            name = texts.short(part.get("name") or part.get("service_area"))
            kind = texts.short(part.get("extent_type"))
            extent = texts.plain(part.get("extent"), 200_000) if kind else ""
            codes = part.get("esteem_areas")
            areas = tuple(texts.short(c) for c in codes) if isinstance(codes, list) else tuple(codes_of(name))
            if name or extent:
                yield ServiceArea(self.id("area", part, n), name or "Area served", areas, extent, kind if extent else "")

    def schedules(self, data: dict, owner: str) -> Iterator[Schedule]:
        for n, part in self.parts("schedules", "regular_schedules", "regular_schedule", of=data):
            byday = _byday(part)
            opens, closes = texts.clock(part.get("opens_at")), texts.clock(part.get("closes_at"))
            words = texts.plain(part.get("description"), 1000)
            if not (byday or words or part.get("bymonthday")):
                continue
            monthly = texts.short(part.get("freq")).upper() == "MONTHLY" or any(d[:-2] for d in byday.split(",") if d)
            both = opens is not None and closes is not None and opens != closes
            yield Schedule(
                self.id("schedule", part, f"{owner}{n}"),
                "MONTHLY" if monthly else "WEEKLY",
                byday,
                opens if both else None,
                closes if both else None,
                interval=max(1, int(texts.number(part.get("interval")) or 1)),
                dtstart=texts.day(part.get("dtstart")),
                valid_from=texts.day(part.get("valid_from")),
                valid_to=texts.day(part.get("valid_to")),
                bymonthday=texts.short(part.get("bymonthday")),
                description=words,
                notes=texts.plain(part.get("notes"), 1000),
            )

    def locations(self) -> Iterator[ServiceAtLocation]:
        for n, part in self.parts("service_at_locations"):
            place = part.get("location")
            if isinstance(place, dict):
                location = self.location(place, n)
                yield ServiceAtLocation(
                    self.id("at", part, n),
                    location,
                    texts.plain(part.get("description"), 1000),
                    tuple(self.schedules(part, f"at{n}")),
                    tuple(self.phones(part)),
                )

    def location(self, data: dict, n: int) -> Location:
        address = next(self.addresses(data), None)
        latitude, longitude = texts.number(data.get("latitude")), texts.number(data.get("longitude"))
        if latitude is None or longitude is None or not (49 <= latitude <= 61 and -9 <= longitude <= 2.1):
            latitude = longitude = None  # outside the British Isles: Null Island, swapped axes
        found = self.locate(address.postal_code) if address else None
        if latitude is None and found:
            latitude, longitude = found[:2]
        kind = texts.short(data.get("location_type")).lower()
        access = (
            Accessibility(self.id("access", part, f"{n}access{m}"), words, texts.plain(part.get("details"), 1000), _access_kind(words))
            for m, part in self.parts("accessibility", "accessibility_for_disabilities", of=data)
            if (words := texts.short(part.get("description") or part.get("accessibility")))
        )
        return Location(
            self.id("location", data, f"location{n}"),
            texts.short(data.get("name")),
            kind if kind in ("physical", "postal", "virtual") else "physical" if address else "virtual",
            latitude,
            longitude,
            address,
            tuple(access),
            texts.short(data.get("external_identifier")),
            texts.short(data.get("external_identifier_type")),
            texts.plain(data.get("transportation"), 1000),
            found[2] if found else "",
            confidential=data.get("esteem_confidential") is True,
        )

    def addresses(self, data: dict) -> Iterator[Address]:
        for n, part in self.parts("addresses", "physical_addresses", of=data):
            line, postcode = texts.short(part.get("address_1")), texts.short(part.get("postal_code")).upper()
            city = texts.short(part.get("city"))
            county = texts.short(part.get("state_province") or part.get("region")) or city
            if line or postcode:
                kind = texts.short(part.get("address_type")) or "physical"
                yield Address(self.id("address", part, f"address{n}"), line, city or county, county, postcode, "GB", kind)


@cache
def _need_ids() -> frozenset[str]:
    return frozenset(need.id for need in scheme().needs)


@cache
def _needs_by_term() -> dict[str, str]:
    """Identifier, name or formal name of a term -> need id; what two needs share belongs to neither."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for need in scheme().needs:
        for text in dict.fromkeys((term_id(need.id), need.id, need.label.lower(), *(f.lower() for f in need.formal))):
            if found.setdefault(text, need.id) != need.id:
                shared.add(text)
    return {text: need for text, need in found.items() if text not in shared}


def _byday(part: dict) -> str:
    """Days in the standard's own letters: from `byday` or version 1's `weekday` (letters, or 1 for Monday)."""
    said = texts.short(part.get("byday") or part.get("weekday")).upper().replace(" ", "")
    if said.isdigit() and 1 <= int(said) <= 7:
        return ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[int(said) - 1]
    days = [day for day in said.split(",") if day[-2:] in _DAYS and (day[:-2] or "1").lstrip("-").isdigit()]
    return ",".join(days) if days else said[:2] if said[:2] in _DAYS and said.endswith("DAY") else ""


def _access_kind(words: str) -> str:
    """Which of our kinds the words name plainly; empty where they do not."""
    low = words.lower()
    if any(no in low for no in ("no ", "not ", "without", "limited")):
        return ""
    for kind, signs in _ACCESS_SIGNS.items():
        if any(sign in low for sign in signs):
            return kind
    return ""


_ACCESS_SIGNS = {
    "step_free": ("step-free", "step free", "wheelchair access", "wheelchair accessible", "level access"),
    "hearing_loop": ("hearing loop", "induction loop"),
    "accessible_toilet": ("accessible toilet", "disabled toilet"),
    "easy_read": ("easy read",),
    "british_sign_language": ("sign language",),
    "quiet_space": ("quiet",),
    "parking": ("parking", "blue badge"),
}
LANGUAGE_CODES = {
    "english": "en",
    "punjabi": "pa",
    "bengali": "bn",
    "polish": "pl",
    "ukrainian": "uk",
    "romanian": "ro",
    "turkish": "tr",
    "urdu": "ur",
    "arabic": "ar",
    "somali": "so",
    "lithuanian": "lt",
    "portuguese": "pt",
    "british sign language": "bfi",
    "gujarati": "gu",
    "hindi": "hi",
    "tamil": "ta",
    "yoruba": "yo",
    "farsi": "fa",
    "pashto": "ps",
    "welsh": "cy",
    "russian": "ru",
    "chinese": "zh",
    "spanish": "es",
    "french": "fr",
    "kurdish": "ku",
    "tigrinya": "ti",
    "bsl": "bfi",
}
