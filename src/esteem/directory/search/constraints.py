"""Constraints read out of the words: age, who, gender, cost, channel, language, access, time. Each is shown and can be undone.

reading = read("free counselling for my 14 year old in polish")    # .understood: age 14-14, who parent, cost free, language pl
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from esteem.directory.search import languages
from esteem.directory.search.query import Query, Reading, Understood

_AGE_OF = r"(?:year ?olds?|yr ?olds?|yrs? old|years old|yo|y o)"
_CHILD = r"(?:son|daughter|child|kid|kids|children|boy|girl|toddler|lad|lads|teen|teenager|stepson|stepdaughter|grandson|granddaughter|grandkids)"
_PARENT = re.compile(rf"\b(?:my|our) (?:\w+ ){{0,3}}?{_CHILD}\b|\bas a (?:parent|mum|dad)\b|\bparents? of\b|\bhe is \d+ and\b")
_PARTNER = re.compile(r"\b(?:my|our) (?:\w+ )?(?:husband|wife|partner|boyfriend|girlfriend|fiance|other half)\b")
_FAMILY = re.compile(
    r"\b(?:my|our) (?:\w+ )?(?:mum|dad|mother|father|nan|gran|grandma|grandad|grandmother|grandfather|brother|sister|aunt|auntie|uncle|cousin|parents|inlaws|family|relative)\b|^auntie\b"
)
_FRIEND = re.compile(r"\b(?:my|a) (?:\w+ )?(?:friend|mate|neighbour|flatmate|housemate|colleague)\b|\bnext door\b")
_PROFESSIONAL = re.compile(
    r"\b(?:my|a|our) (?:patient|patients|client|clients|pupil|pupils|student|students|tenant|tenants|staff|team|employee|employees|workers|caseload|resident|residents)\b"
    r"|\bfor (?:staff|managers|teachers|professionals|employers|workplaces)\b|\brefer (?:a|my|someone|patients)\b|\bi am a (?:gp|teacher|nurse|social worker|senco|manager)\b"
)
_CARER = re.compile(r"\b(?:carers?|look after|looking after|care for|caring for|caring)\b")
_SCHOOL_YEARS = {**{n: (n + 4, n + 5) for n in range(1, 14)}}

_CHANNELS_SAID = {
    "phone": r"\b(?:by phone|over the phone|on the phone|phone call|phone calls|telephone|helpline|help line|phone line|ring someone|number to (?:call|ring)|call someone|someone to (?:ring|call)|can i (?:ring|call)|phone number|by telephone|speak on the phone)\b",
    "text": r"\b(?:by text|live chat|by message|message not|text (?:line|chat|message|messaging|service|someone|support|a)|texting|via text|whatsapp|webchat|web chat|text not|can i text|message someone|without (?:talking|speaking)|dont (?:want|like) to (?:talk|speak|ring|phone)|cant talk out loud|typing instead)\b",
    "online": r"\b(?:online|on line|by video|video (?:calls?|counselling|therapy|chat|appointments?)|on my (?:laptop|computer|tablet)|zoom|virtual|an app|apps|website|forum|from my sofa|on the internet|internet)\b",
    "in_person": r"\b(?:face to face|in person|drop in|dropin|walk in|somewhere (?:to|i can|calm|quiet|warm|safe)|meet (?:up|people|others)|a place to|cafe|in the same room|group that meets|someone to sit with)\b",
    "home_visit": r"\b(?:home visits?|visit\w*(?: \w+){0,3} at home|come to (?:my|the|our|her|his) (?:house|home|flat)|comes? to (?:us|you|me|the house)|come round|deliver\w*|visit (?:my |our )?(?:\w+ )?(?:at home|in (?:his|her|their) home)|housebound|house bound|visit at home|at home visits|in my own home|cant leave the house)\b",
}
_CHANNELS = {name: re.compile(pattern) for name, pattern in _CHANNELS_SAID.items()}
_HATES_PHONE = re.compile(
    r"\b(?:not|hate|no|dont like|cant do|without|scared of|rather than|instead of) (?:the |a |by |on the |talking on the |using the |making )?(?:phone|phones|phone calls|calls|calling|ringing)\b"
)
_FREE = re.compile(
    r"\b(?:free|no cost|no charge|no fee|costs nothing|(?:doesnt|does not|wont) cost (?:anything|money|a penny|me)|without paying|no money|cant afford|cannot afford|skint|on benefits|on the nhs|nhs|cheap as|for nothing|dont have any money|broke and)\b"
)
_NOT_FREE = re.compile(
    r"\b(?:(?:drug|sugar|smoke|alcohol|gluten|pain|debt|carefree|symptom|stress|hands|barrier|jargon) free|free (?:time|range|school|will|from|running|up)|free of (?!charge)|broke up|nhs (?:app|111|option|job|jobs|staff|number))\b"
)
_MEN = re.compile(
    r"\b(?:for (?:men|blokes|lads|dads|guys|fellas|fathers|males?)|mens|male|men only|blokes|lads group|andys man|bloke|men who|gay men|black men|group of men|other men|other dads|dads (?:group|club|cafe)|lads (?:group|club))\b"
)
_WOMEN = re.compile(
    r"\b(?:for (?:women|ladies|girls|mums|mothers|females?)|womens|ladies|female (?:only|therapist|counsellor|group)|women only|asian women|muslim women|girls only|other mums|other women|women who|mums (?:group|club|cafe))\b"
)
_STEP_FREE = re.compile(
    r"\b(?:wheelchair|wheel chair|step free|no steps|no stairs|cant (?:do|manage|climb|use) (?:the )?(?:stairs|steps)|lift access|ramp|mobility scooter|walking frame|zimmer|disabled access|level access|accessible)\b"
)
_EASY_READ = re.compile(
    r"\b(?:easy read|easyread|picture|pictures|simple words|plain words|cant read (?:well|much|very well)|finds reading hard|large print)\b"
)
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_PART = r"(?:mornings?|afternoons?|evenings?|nights?|eve)"
_WHEN: tuple[tuple[re.Pattern, Callable[[re.Match], str]], ...] = (
    (re.compile(rf"\b({_DAYS})s? (evening|night|eve)s?\b"), lambda m: f"{m.group(1)}-evening"),
    (re.compile(rf"\b({_DAYS})s? (morning|afternoon)s?\b"), lambda m: f"{m.group(1)}-{m.group(2)}"),
    (re.compile(rf"\b({_DAYS})s?\b"), lambda m: m.group(1)),
    (
        re.compile(
            r"\b(?:right now|open now|now|tonight|this minute|immediately|at the moment|at this hour|still open|2am|3am|middle of the night)\b"
        ),
        lambda m: "now",
    ),
    (re.compile(r"\bweekends?\b"), lambda m: "weekend"),
    (
        re.compile(r"\b(?:evenings?|after work|out of work hours|after six|after 6|at night|outside office hours|when i finish work)\b"),
        lambda m: "evening",
    ),
    (re.compile(r"\btoday\b"), lambda m: "today"),
)
_NOT_WHEN = re.compile(
    r"\b(?:(?:every|all|each|one|last|of a|at|for a|in the|up all|awake all|sunday night|worse at|wake up at|up at|wakes at|until|since|cries every|drink every) (?:night|nights|saturday|sunday|monday|friday|weekend|evening)|"
    r"(?:mondays?) (?:at|dread|morning (?:dread|feeling))|dread (?:of )?(?:monday|sunday)|up (?:at|to) (?:2am|3am|4am)|(?:awake|wake|wakes|waking|up|wide awake) (?:\w+ )?(?:at )?[234] ?am|and now|but now|are now|is now|now i|now he|now she|now we|now and|by now|until now|now that|now its|home now|from now|even now|gone now|old now|alone now)\b"
)


def read(text: str, query: Query, places: Callable[[str], tuple[str, str] | None] | None = None) -> Reading:
    """What the even, repaired `text` says beside its subject. What the query already says, or asks to undo, is not read."""
    reading = Reading(text.split())
    for kind, find in _READERS:
        if kind not in query.undo and not _already(kind, query):
            reading.understood += find(text)
    if places and "place" not in query.undo and not query.point and not query.place_name:
        if named := places(text):
            reading.understood.append(Understood("place", named[0], f"Near {named[1]}"))
            _mask(reading, text, named[0])
    return reading


def _mask(reading: Reading, text: str, phrase: str) -> None:
    words, sought = text.split(), phrase.split()
    for at in range(len(words) - len(sought) + 1):
        if words[at : at + len(sought)] == sought:
            reading.masked.update(range(at, at + len(sought)))


def _already(kind: str, query: Query) -> bool:
    said = {"age": query.ages, "who": query.who, "gender": query.genders, "cost": query.free, "channel": query.channels}
    said |= {"language": query.languages, "access": query.access, "when": query.when or query.open_now}
    return bool(said.get(kind))


def _age(text: str) -> Iterable[Understood]:
    found = age_in(text)
    if found:
        low, high = found
        value = f"{'' if low is None else low}-{'' if high is None else high}"
        if low == high:
            words = f"For a {low}-year-old"
        elif high is None:
            words = f"For people aged {low} and over"
        elif low is None:
            words = f"For people under {high + 1}"
        else:
            words = f"For ages {low} to {high}"
        yield Understood("age", value, words)


# Ages in words; smaller numbers are more often something else.
_NUMBERS = {
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "thirteen": "13",
    "fourteen": "14",
    "fifteen": "15",
    "sixteen": "16",
    "seventeen": "17",
    "eighteen": "18",
    "nineteen": "19",
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
}
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")


def age_in(text: str) -> tuple[int | None, int | None] | None:
    """Possible ages (lowest, highest) of the person the help is for, where the words say so."""
    text = _NUMBER.sub(lambda match: _NUMBERS[match.group()], text)
    for pattern, make in _AGES:
        if match := pattern.search(text):
            made = make(match)
            if made and all(x is None or 0 < x <= 110 for x in made):
                return made
    return None


def _one(match: re.Match) -> tuple[int, int]:
    return (int(match.group(1)), int(match.group(1)))


def _year(match: re.Match) -> tuple[int, int] | None:
    return _SCHOOL_YEARS.get(int(match.group(1)))


_NOT_TIME = (
    r"(?! (?:years?|months?|weeks?|days?|hours?|times?|minutes?|people|stone|pounds?|kids|children|tablets|pills|of|yrs (?:ago|sober)))"
)
_AGES_SAID: tuple[tuple[str, Callable[[re.Match], tuple[int | None, int | None] | None]], ...] = (
    (rf"\bi am (?:only |just |nearly |now |a )?(\d{{1,3}})\b{_NOT_TIME}", _one),
    (rf"\bi am (?:a )?(\d{{1,3}}) ?{_AGE_OF}\b", _one),
    (r"\b(?:ages?|aged|between|from)? ?(\d{1,2}) ?(?:to|and) ?(\d{2})(?: ?year ?olds?| year olds?|s)?\b(?! (?:hours|days|weeks|months|years|pm|am|minutes))", lambda m: (int(m.group(1)), int(m.group(2))) if int(m.group(1)) < int(m.group(2)) else None),
    (rf"\b(\d{{1,2}}) ?{_AGE_OF}\b", _one),
    (rf"\b(?:{_CHILD}|man|woman|student) of (\d{{1,3}})\b{_NOT_TIME}", _one),
    (rf"\b(?:aged?|age of|turned|turning|is|who is|hes|shes) (\d{{1,3}})\b{_NOT_TIME}", _one),
    (rf"\b(?:son|daughter|boy|girl|child|grandson|granddaughter|brother|sister|niece|nephew|mum|dad|nan|gran|grandad|husband|wife|lad) (?:is )?(\d{{1,2}})\b{_NOT_TIME}", _one),
    (r"\bover (\d{2})s?\b", lambda m: (int(m.group(1)), None)),
    (r"\b(\d{2}) (?:plus|and over|or over|upwards)\b", lambda m: (int(m.group(1)), None)),
    (r"\bunder (\d{1,2})s?\b", lambda m: (None, int(m.group(1)) - 1)),
    (r"\byear (\d{1,2})\b(?! (?:old|anniversary|ago))", _year),
    (r"\bin (?:my|his|her) (?:early |late |mid )?(\d)0s\b", lambda m: (int(m.group(1)) * 10, int(m.group(1)) * 10 + 9)),
    (r"\b(?:pensioners?|older peoples?|older persons?|older adults?|old people|the elderly|elderly|retired|oap|oaps|old age|senior|seniors|old folk)\b", lambda m: (65, None)),
    (r"\b(?:my|our) (?:\w+ )?(?:nan|gran|grandma|grandad|granny|grandmother|grandfather|grandpa|nana)\b", lambda m: (65, None)),
    (r"\b(?:teens|teenagers?|teenage|adolescents?|teen)\b", lambda m: (13, 17)),
    (r"\b(?:gcses?|secondary school|high school|big school)\b", lambda m: (11, 16)),
    (r"\b(?:a levels?|sixth form|6th form)\b", lambda m: (16, 18)),
    (r"\b(?:primary school|reception class|infants)\b", lambda m: (4, 11)),
    (r"\b(?:toddlers?)\b(?! tantrum)", lambda m: (1, 4)),
    (r"\b(?:young (?:people|person|adults?)|youth|youngsters?)\b", lambda m: (11, 25)),
    (r"\b(?:fresher|freshers|uni|university|undergraduate)\b", lambda m: (18, 25)),
)  # fmt: skip
_AGES = tuple((re.compile(pattern), make) for pattern, make in _AGES_SAID)


def _who(text: str) -> Iterable[Understood]:
    words = {
        "professional": "You are asking as a professional",
        "parent": "You are asking as a parent",
        "carer": "You look after someone",
        "partner": "You are asking about your partner",
        "family": "You are asking about someone in your family",
        "friend": "You are asking about someone you know",
    }
    who = who_in(text)
    if who != "self":
        yield Understood("who", who, words[who])


def who_in(text: str) -> str:
    """Who types: self unless the words speak about somebody else."""
    tests = (
        ("professional", _PROFESSIONAL),
        ("carer", _CARER),
        ("parent", _PARENT),
        ("partner", _PARTNER),
        ("family", _FAMILY),
        ("friend", _FRIEND),
    )
    return next((who for who, pattern in tests if pattern.search(text)), "self")


def _gender(text: str) -> Iterable[Understood]:
    men, women = bool(_MEN.search(text)), bool(_WOMEN.search(text))
    if men != women:
        yield Understood("gender", "men" if men else "women", f"Open to {'men' if men else 'women'}")


def _cost(text: str) -> Iterable[Understood]:
    if _FREE.search(_NOT_FREE.sub(" ", text)):
        yield Understood("cost", "free", "Free help")


def _channel(text: str) -> Iterable[Understood]:
    said = [name for name, pattern in _CHANNELS.items() if pattern.search(text)]
    if _HATES_PHONE.search(text):
        said = [name for name in said if name != "phone"] or ["text", "online"]
    words = {"phone": "By phone", "text": "By text or chat", "online": "Online", "in_person": "In person", "home_visit": "At your home"}
    for name in said:
        yield Understood("channel", name, words[name])


_ANY_LANGUAGE = re.compile(rf"\b(?:{'|'.join(languages.SAID)})\b")
_LANGUAGES = tuple(
    (
        re.compile(rf"\b{said}\b"),
        re.compile(
            rf"\b(?:in|speak|speaks|speaking|talk|talks|spoken|translat\w+|interpret\w+|only) (?:\w+ )?{said}\b|\b{said} (?:speak\w*|language|interpret\w*|translat\w*|counsell\w+|therap\w+|helpline|only)\b|^{said}$"
        ),
        said in languages.ALONE,
        its,
    )
    for said, its in languages.SAID.items()
)


def _language(text: str) -> Iterable[Understood]:
    code = languages.of_script(text)
    if not code and _ANY_LANGUAGE.search(text):
        named = (its for pattern, speaks, alone, its in _LANGUAGES if pattern.search(text) and (alone or speaks.search(text)))
        code = next(named, "")
    if code in languages.NAMES:
        yield Understood("language", code, f"In {languages.NAMES[code]}")


def _access(text: str) -> Iterable[Understood]:
    if _STEP_FREE.search(text):
        yield Understood("access", "step_free", "Step-free")
    if _EASY_READ.search(text):
        yield Understood("access", "easy_read", "With Easy Read")


def _when(text: str) -> Iterable[Understood]:
    left = _NOT_WHEN.sub(" ", text)
    for pattern, value in _WHEN:
        if match := pattern.search(left):
            when = value(match)
            words = {"now": "Open now", "today": "Open today", "evening": "Open in the evening", "weekend": "Open at the weekend"}
            day, _, part = when.partition("-")
            said = words.get(when) or f"Open on {day.capitalize()}{' ' + part if part else ''}s"
            yield Understood("when", when, said)
            return


_READERS = (
    ("age", _age),
    ("who", _who),
    ("gender", _gender),
    ("cost", _cost),
    ("channel", _channel),
    ("language", _language),
    ("access", _access),
    ("when", _when),
)
