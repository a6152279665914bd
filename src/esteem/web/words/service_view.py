"""A service in words for a person who looks for help: what it is, who may come, how to reach it, when, where, what then, how sure we are.

What nobody has said is left out or said to be unknown; it is never filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from esteem.directory import record

_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
CHANNELS = {
    "in_person": "In person",
    "phone": "By phone",
    "text": "By text or chat",
    "online": "Online",
    "home_visit": "At your home",
}
_ROUTES = {
    "self": "You can ask for help yourself.",
    "drop_in": "You can just turn up.",
    "gp": "A GP can refer you.",
    "professional": "A worker who knows you can refer you.",
    "school": "A school or college can refer you.",
    "social_care": "A social worker can refer you.",
    "any": "Anyone can refer you, or you can ask yourself.",
}
_GENDERS = {"women": "women", "men": "men", "non_binary": "non-binary people"}
_CAPACITY = {
    "open": "Has room for new people now.",
    "few": "Has a few places left.",
    "full": "Is full now. You can ask to wait.",
    "closed_to_new": "Is not taking new people now.",
}


@dataclass(frozen=True)
class Reach:
    """One way to get in touch: words, and the address of a link (`tel:`, `sms:`, `mailto:`, `https:`)."""

    label: str
    text: str
    address: str


@dataclass(frozen=True)
class PlaceView:
    name: str
    lines: tuple[str, ...]
    hours: tuple[str, ...]
    access: tuple[str, ...]
    travel: str
    phones: tuple[Reach, ...]
    confidential: bool


@dataclass(frozen=True)
class ServiceView:
    id: str
    name: str
    organization: str
    summary: str
    description: tuple[str, ...]
    alert: str
    who: tuple[str, ...]
    ways_in: tuple[str, ...]
    channels: tuple[str, ...]
    reach: tuple[Reach, ...]
    hours: tuple[str, ...]
    places: tuple[PlaceView, ...]
    cost: str
    languages: str
    access: tuple[str, ...]
    area: str
    next: str
    wait: str
    capacity: str
    sure: str
    sources: tuple[str, ...]
    community: bool
    invented: bool
    sensitive: bool


def service_view(service: record.Service, today: date) -> ServiceView:
    return ServiceView(
        id=service.id,
        name=service.name,
        organization=service.organization.name,
        summary=service.summary or _first_sentences(service.description),
        description=_paragraphs(service.description) if service.summary else (),
        alert=service.alert,
        who=who(service.eligibility),
        ways_in=ways_in(service),
        channels=tuple(CHANNELS[channel] for channel in service.channels if channel in CHANNELS),
        reach=reach(service),
        hours=tuple(hours(one) for one in service.schedules),
        places=tuple(_place(one) for one in service.locations),
        cost=cost(service),
        languages=languages(service),
        access=tuple(dict.fromkeys(one.description or one.kind.replace("_", " ") for one in service.accessibility)),
        area=", ".join(area.name for area in service.coverage),
        next=service.what_happens_next or service.application_process,
        wait=wait(service.wait, today),
        capacity=_CAPACITY.get(service.capacity, ""),
        sure=how_sure(service, today),
        sources=tuple(dict.fromkeys(one.attribution or one.source for one in service.provenance)),
        community=service.layer == "community",
        invented=service.invented,
        sensitive=service.sensitive,
    )


# ---------------------------------------------------------------- who and how


def who(eligibility: record.Eligibility) -> tuple[str, ...]:
    """Lines such as `People aged 18 to 65`. Empty when nobody has said."""
    people = " and ".join(_GENDERS[one] for one in eligibility.genders if one in _GENDERS) or "people"
    said = [f"For {people} {ages(eligibility)}".rstrip() if ages(eligibility) else f"For {people} only" if eligibility.genders else ""]
    if eligibility.for_carers:
        said.append("For people who look after someone")
    return tuple(line for line in [*said, eligibility.description] if line)


def ages(eligibility: record.Eligibility) -> str:
    least, most = eligibility.minimum_age, eligibility.maximum_age
    if eligibility.all_ages:
        return "of any age"
    if least and most is not None:
        return f"aged {least} to {most}"
    if least:
        return f"aged {least} and over"
    return f"aged {most} and under" if most is not None else ""


def ways_in(service: record.Service) -> tuple[str, ...]:
    return tuple(_ROUTES[route] for route in service.eligibility.routes if route in _ROUTES)


def reach(service: record.Service) -> tuple[Reach, ...]:
    """Every public way to get in touch, numbers first."""
    phones = [*service.phones, *(phone for contact in service.contacts for phone in contact.phones)]
    found = [phone_link(phone) for phone in phones]
    emails = dict.fromkeys(email for email in (service.email, *(contact.email for contact in service.contacts)) if email)
    found += [Reach("Email", email, f"mailto:{email}") for email in emails]
    if service.url.startswith(("https://", "http://")):
        found.append(Reach("Website", re.sub(r"^https?://", "", service.url).rstrip("/"), service.url))
    return tuple({one.address: one for one in reversed(found)}.values())[::-1]


def phone_link(phone: record.Phone) -> Reach:
    dialled = re.sub(r"[^\d+]", "", phone.number)
    text = phone.kind == "text"
    label = phone.description or ("Text" if text else "Phone")
    return Reach(label, phone.number, f"{'sms' if text else 'tel'}:{dialled}")


def cost(service: record.Service) -> str:
    said = [one.amount_description or one.option for one in service.costs if one.amount_description or one.option]
    if said:
        return "; ".join(dict.fromkeys(said))
    return "Free" if service.free else "Ask what it costs"


def languages(service: record.Service) -> str:
    spoken = [f"{one.name} (through an interpreter)" if one.interpreter else one.name for one in service.languages]
    return ", ".join([*spoken, service.interpretation_services] if service.interpretation_services else spoken)


def wait(found: record.Wait, today: date) -> str:
    """What is observed counts; what the provider said expires after 30 days."""
    if found.kind == "observed" and found.days is not None:
        return f"About {_span(found.days)} until the first meeting (the middle of {found.referrals} people’s waits)."
    if found.kind == "said" and found.said_on and (today - found.said_on).days <= 30:
        words = found.words or (f"About {_span(found.days)}" if found.days is not None else "")
        return f"{words.rstrip('.')} (the service said so on {_day(found.said_on)})." if words else ""
    return ""


def _span(days: int) -> str:
    if days < 14:
        return "1 day" if days == 1 else f"{days} days"
    return f"{round(days / 7)} weeks" if days < 120 else f"{round(days / 30.4)} months"


def how_sure(service: record.Service, today: date) -> str:
    """When somebody last said that the entry is right, and who."""
    if service.layer == "community" and service.assurance.assured_on is None:
        return "This place is from a national list. Nobody here has checked it since: check before you go."
    checked = service.assurance.assured_on
    if checked is None:
        return "Nobody has checked this entry yet: check before you go."
    by = f" by {service.assurance.by}" if service.assurance.by else ""
    if (today - checked).days > 92:
        return f"Not checked since {_day(checked)}: check before you go."
    return f"Checked{by} on {_day(checked)}."


# ---------------------------------------------------------------- when and where


def hours(schedule: record.Schedule) -> str:
    """`Tuesday and Thursday, 6pm to 8:30pm`; the words of the record where it gives no times."""
    days = days_in_words(schedule)
    if schedule.opens_at is None or schedule.closes_at is None:
        return schedule.description or days
    if schedule.opens_at == time(0) and schedule.closes_at >= time(23, 59):
        span = "all day and all night"
    else:
        late = " (after midnight)" if schedule.closes_at <= schedule.opens_at else ""
        span = f"{clock(schedule.opens_at)} to {clock(schedule.closes_at)}{late}"
    ends = f", until {_day(schedule.valid_to)}" if schedule.valid_to else ""
    return f"{days or 'Days not said'}, {span}{ends}"


def days_in_words(schedule: record.Schedule) -> str:
    parts = [part.strip() for part in schedule.byday.split(",") if part.strip()]
    plain = [part for part in parts if part in _DAYS]
    if schedule.freq == "WEEKLY" and set(plain) == set(_DAYS):
        return "Every day"
    if schedule.freq == "WEEKLY" and plain == ["MO", "TU", "WE", "TH", "FR"]:
        return "Monday to Friday"
    named = [_ordinal(part) for part in parts]
    every = "Every other " if schedule.interval == 2 and schedule.freq == "WEEKLY" else ""
    return f"{every}{_listed(named)}" if named else ""


def _ordinal(part: str) -> str:
    found = re.fullmatch(r"(-?\d)?(MO|TU|WE|TH|FR|SA|SU)", part)
    if not found:
        return part
    day = _DAYS[found[2]]
    return f"The {_ORDINALS.get(found[1], found[1])} {day} of the month" if found[1] else day


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def clock(at: time) -> str:
    """`9am`, `8:30pm`, `midday`, `midnight`."""
    if at == time(12):
        return "midday"
    if at in (time(0), time(23, 59)):
        return "midnight"
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    return f"{hour}:{at.minute:02}{half}" if at.minute else f"{hour}{half}"


def _place(at: record.ServiceAtLocation) -> PlaceView:
    location, address = at.location, at.location.address
    hidden = location.confidential
    lines = () if hidden or not address else (address.address_1, address.city, address.postal_code)
    return PlaceView(
        name=location.name,
        lines=tuple(line for line in lines if line),
        hours=tuple(hours(one) for one in at.schedules),
        access=tuple(dict.fromkeys(one.description or one.kind.replace("_", " ") for one in location.accessibility)),
        travel="" if hidden else location.transportation,
        phones=tuple(phone_link(phone) for phone in at.phones),
        confidential=hidden,
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n|\r\n\r\n", text) if part.strip())


def _first_sentences(text: str, most: int = 300) -> str:
    """As many whole sentences as fit; the text itself when it is short."""
    if len(text) <= most:
        return text
    kept = ""
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if kept and len(kept) + len(sentence) > most:
            break
        kept = f"{kept} {sentence}".strip()
    return kept
