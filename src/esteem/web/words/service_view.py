"""A service in words for a person who looks for help: what it is, who may come, how to reach it, when, where, what then, how sure we are.

What nobody has said is left out or said to be unknown; it is never filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from esteem.directory import record
from esteem.web.languages import say
from esteem.web.words.opening_words import day, hours, listed

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
        channels=tuple(say(CHANNELS[channel]) for channel in service.channels if channel in CHANNELS),
        reach=reach(service),
        hours=tuple(hours(one) for one in service.schedules),
        places=tuple(_place(one) for one in service.locations),
        cost=cost(service),
        languages=languages(service),
        access=tuple(dict.fromkeys(one.description or one.kind.replace("_", " ") for one in service.accessibility)),
        area=", ".join(area.name for area in service.coverage),
        next=service.what_happens_next or service.application_process,
        wait=wait(service.wait, today),
        capacity=say(_CAPACITY[service.capacity]) if service.capacity in _CAPACITY else "",
        sure=how_sure(service, today),
        sources=tuple(dict.fromkeys(one.attribution or one.source for one in service.provenance)),
        community=service.layer == "community",
        invented=service.invented,
        sensitive=service.sensitive,
    )


# ---------------------------------------------------------------- who and how


def who(eligibility: record.Eligibility) -> tuple[str, ...]:
    """Lines such as `For people aged 18 to 65`. Empty when nobody has said."""
    people = listed([say(_GENDERS[one]) for one in eligibility.genders if one in _GENDERS])
    aged = ages(eligibility)
    said = [aged, say("Only for {people}").format(people=people) if people else ""]
    if eligibility.for_carers:
        said.append(say("For people who look after someone"))
    return tuple(line for line in [*said, eligibility.description] if line)


def ages(eligibility: record.Eligibility) -> str:
    least, most = eligibility.minimum_age, eligibility.maximum_age
    if eligibility.all_ages:
        return say("For people of any age")
    if least and most is not None:
        return say("For people aged {least} to {most}").format(least=least, most=most)
    if least:
        return say("For people aged {least} and over").format(least=least)
    return say("For people aged {most} and under").format(most=most) if most is not None else ""


def ways_in(service: record.Service) -> tuple[str, ...]:
    return tuple(say(_ROUTES[route]) for route in service.eligibility.routes if route in _ROUTES)


def reach(service: record.Service) -> tuple[Reach, ...]:
    """Every public way to get in touch, numbers first."""
    phones = [*service.phones, *(phone for contact in service.contacts for phone in contact.phones)]
    found = [phone_link(phone) for phone in phones]
    emails = dict.fromkeys(email for email in (service.email, *(contact.email for contact in service.contacts)) if email)
    found += [Reach(say("Email"), email, f"mailto:{email}") for email in emails]
    if service.url.startswith(("https://", "http://")):
        found.append(Reach(say("Website"), re.sub(r"^https?://", "", service.url).rstrip("/"), service.url))
    return tuple({one.address: one for one in reversed(found)}.values())[::-1]


def phone_link(phone: record.Phone) -> Reach:
    dialled = re.sub(r"[^\d+]", "", phone.number)
    text = phone.kind == "text"
    label = phone.description or (say("Text") if text else say("Phone"))
    return Reach(label, phone.number, f"{'sms' if text else 'tel'}:{dialled}")


def cost(service: record.Service) -> str:
    said = [one.amount_description or one.option for one in service.costs if one.amount_description or one.option]
    if said:
        return "; ".join(dict.fromkeys(said))
    return say("Free") if service.free else say("Ask what it costs")


def languages(service: record.Service) -> str:
    told = [_language(one) for one in service.languages]
    return ", ".join([*told, service.interpretation_services] if service.interpretation_services else told)


def _language(one: record.Language) -> str:
    return say("{language} (through an interpreter)").format(language=say(one.name)) if one.interpreter else say(one.name)


def wait(found: record.Wait, today: date) -> str:
    """What is observed counts; what the provider said expires after 30 days."""
    if found.kind == "observed" and found.days is not None:
        words = say("About {span} until the first meeting (the middle of {number} people’s waits).")
        return words.format(span=_span(found.days), number=found.referrals)
    if found.kind == "said" and found.said_on and (today - found.said_on).days <= 30:
        said = found.words or (say("About {span}").format(span=_span(found.days)) if found.days is not None else "")
        return say("{words} (the service said so on {day}).").format(words=said.rstrip("."), day=day(found.said_on)) if said else ""
    return ""


def _span(days: int) -> str:
    if days < 14:
        return say("1 day") if days == 1 else say("{number} days").format(number=days)
    if days < 120:
        return say("{number} weeks").format(number=round(days / 7))
    return say("{number} months").format(number=round(days / 30.4))


def how_sure(service: record.Service, today: date) -> str:
    """When somebody last said that the entry is right, and who."""
    checked = service.assurance.assured_on
    if checked is None and service.layer == "community":
        return say("This place is from a national list. Nobody here has checked it since: check before you go.")
    if checked is None:
        return say("Nobody has checked this entry yet: check before you go.")
    if (today - checked).days > 92:
        return say("Not checked since {day}: check before you go.").format(day=day(checked))
    if service.assurance.by:
        return say("Checked by {who} on {day}.").format(who=service.assurance.by, day=day(checked))
    return say("Checked on {day}.").format(day=day(checked))


# ---------------------------------------------------------------- when and where


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
